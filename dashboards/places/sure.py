"""How sure the figures of a place are: its base number under three definitions, the district's own returns, what was not delivered.

What belongs here: the tables that say so, for the page and for the workbook. Nothing of it is a rank.
"""

from dashboards import reporting
from dashboards.grid import Grid, Head, Known, Linked
from dashboards.places.desk import Spot
from dashboards.registers import Base
from dashboards.shell import BASES, basis_words
from transforms import show
from transforms.returns import permitted


def bases(spot: Spot) -> Grid:
    """The same place under each basis of recognition."""
    view, words = spot.view, spot.view.words
    heads = [Head(words("choose.basis"), "w", "text"), Head(words("place.objects"))]
    heads += [Head(words.metric(name), "n", "rate") for name in ("org_coverage", "work_coverage")]
    rows = []
    for basis in BASES:
        figures = [Known(metric, spot.kind, spot.code, "all", basis) for metric in ("org_coverage", "work_coverage")]
        rows.append([basis_words(words, basis, view.signed), spot.figure("org_coverage", "all", basis).denominator, *figures])
    marks = ["line" if basis == view.signed else "" for basis in BASES]
    return Grid(words("place.bases"), heads, rows, marks, [line for line in (estimate_line(spot),) if line])


def estimate_line(spot: Spot) -> str:
    """How many enterprises truly operate, by capture and recapture; empty where a list is missing."""
    words, row = spot.view.words, spot.view.picture.base_numbers(spot.kind, spot.code)
    base = Base(row) if row else None
    if base is None or row["estimate"] is None:
        return words("place.no_estimate")
    whole = {name: show.count(int(show.half_up(row[name]))) for name in ("estimate", "low", "high")}
    return words("place.estimate", **whole, known=show.count(row["corroborated"]), registered=show.count(row["registered"]))


def returns(spot: Spot) -> Grid | None:
    """The district's own returns of the month beside what the ledgers count."""
    found = reporting.returns_of(spot.view.picture) if spot.is_district else None
    mine = [each for each in found or () if each.place == spot.code]
    if not mine:
        return None
    words = spot.view.words
    heads = [Head(words("choose.sector"), "w", "text"), Head(words("place.reported")), Head(words("place.counted"))]
    heads += [Head(words("place.apart")), Head(words("place.permitted")), Head(words("place.verdict"), "w", "text")]
    rows = []
    for each in mine:
        counted = each.counted["covered"]
        band = None if counted is None else int(permitted(counted))
        verdict = None if each.outside is None else words("place.outside" if each.outside else "place.inside")
        opens = Linked(each.reported["covered"], "returns", {"filed": each.sector, "district": spot.code})
        rows.append([words.of("sector", each.sector), opens, counted, each.difference("covered"), band, verdict])
    return Grid(words("place.returns"), heads, rows, said=[words("place.returns_said")])


def deliveries(spot: Spot) -> Grid | None:
    """Sources that were carried over from an earlier month, or that are missing."""
    words, manifest = spot.view.words, spot.view.picture.manifest
    heads = [Head(words("choose.source"), "w", "text"), Head(words("place.delivered"), "l", "text")]
    rows = [
        [Linked(words.source(name), "deliveries", {"source": name}), words("place.carried", month=words.month(month))]
        for name, month in manifest.get("carried", {}).items()
    ]
    rows += [[Linked(words.source(name), "deliveries", {}), words("place.not_there")] for name in manifest.get("missing", ())]
    return Grid(words("place.deliveries"), heads, rows) if rows else None
