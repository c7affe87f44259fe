"""How sure the figures are: what was delivered, what other definitions say, what did not load. (Revisions are in revised.py.)

What belongs here: claims on the ground that the month's figures stand on.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from data.contracts import metrics, tables
from data.figures import Figure
from transforms import rank_bands
from transforms.claims import judging
from transforms.claims.claim import Claim, LeftOut, Month, Named, Quoted, Rate, Said
from transforms.claims.claim import Place as Where
from transforms.claims.facts import Facts
from transforms.claims.findings import casework_unread
from transforms.claims.revised import revised_claims
from transforms.claims.standing import HEADLINE
from transforms.claims.tallied import tallied
from transforms.compare import Place, ranked
from transforms.measures import organisation
from transforms.measures.cube import needs_of
from transforms.measures.entity import basis_needs
from transforms.measures.figures import NO_BASIS, Unit
from transforms.tallies import ALL
from transforms.what_next import absent, late

METRIC = "org_coverage"
MOST = 3  # names in one sentence
FEW = 10  # rejected rows: of fewer no bell curve says whether they are many
CITY_WIDE = ("city", "district")


def certainty(facts: Facts, kind: str = "month") -> list[Said]:
    """Deliveries, definitions, rejected rows, revisions. kind: of the briefing, whose last one is looked at for what was revised since."""
    return [*deliveries(facts), *bases(facts), *rejected(facts), *casework_unread(facts), *revised_claims(facts, kind)]


def deliveries(facts: Facts) -> list[Said]:
    """What is missing and what was carried, with the figures that rest on it; what could not be read; what could not be checked."""
    subject, missing = facts.subject(sector="", basis=""), late(facts.now.manifest)
    made: list[Said] = []
    if not absent(facts.now.manifest) and not missing:
        made.append(Claim("delivered_all", subject, "counted", {"n": tallied(facts.now, "sources_count", "sources", "delivered")}))
    made += [*_missing(facts), *_carried(facts)]
    refused = tallied(facts.now, "loads_count", "refused", ALL)
    if refused.count:
        made.append(Claim("files_refused", subject, "counted", {"n": refused}))
    not_run = tallied(facts.now, "rules_count", "not_run")
    if not_run.count:
        made.append(Claim("rules_not_run", subject, "counted", {"n": not_run, "all": tallied(facts.now, "rules_count", "known")}))
    return made


def _missing(facts: Facts) -> Iterator[Said]:
    names = absent(facts.now.manifest)
    if not names:
        return
    subject = facts.subject(sector="", basis="")
    n = tallied(facts.now, "sources_count", "sources", "missing")
    yield Claim("sources_missing", subject, "counted", {"n": n, "names": _named("source", names)})
    lacking = {kinds: _lacking(facts, kinds) for kinds in (CITY_WIDE, ("park", "zone"))}
    whole, parks = lacking.values()
    if whole:
        more = "_more" if len(whole) > MOST else ""
        yield Claim(f"figures_missing{more}", subject, "counted", {"n": len(whole), "names": _named("metric", whole[:MOST])})
    if parks and set(parks) - set(whole):
        yield Claim("figures_missing_parks", subject, "counted", {"n": len(set(parks) - set(whole))})


def _lacking(facts: Facts, kinds: Collection[str]) -> list[str]:
    """The metrics that lack a source for every place of these kinds, on the signed basis, in the order of their cards."""
    rows = facts.now.metrics.filter(pl.col("unit_kind").is_in(kinds) & pl.col("basis").is_in([facts.basis, NO_BASIS]))
    rows = rows.filter(pl.col("sector") == "all").with_columns(lacks=pl.col("reason").str.starts_with("source_missing").fill_null(False))
    found = set(rows.group_by("metric").agg(pl.col("lacks").all()).filter("lacks")["metric"])
    return _headline_first(found)


def _carried(facts: Facts) -> Iterator[Said]:
    """By the month that they are of; of what rests on them the headline figures are named first."""
    subject, carried = facts.subject(sector="", basis=""), late(facts.now.manifest)
    for month in sorted(set(carried.values())):
        names = [name for name, of in carried.items() if of == month]
        values = {"n": len(names), "names": _named("source", names), "month": Month(month)}
        resting = _headline_first(metric for metric in metrics() if resting_on(metric, facts.basis) & set(names))
        values |= {"all": len(resting), "metrics": _named("metric", resting[:MOST])}
        name = "sources_carried_more" if len(resting) > MOST else "sources_carried" if resting else "sources_carried_apart"
        yield Claim(name, subject, "counted", values)


def _headline_first(names: Iterable[str]) -> list[str]:
    """The headline figures first, then as the cards have them."""
    found = set(names)
    return [name for name in (*HEADLINE, *(each for each in metrics() if each not in HEADLINE)) if name in found]


def resting_on(metric: str, basis: str) -> set[str]:
    """The sources that a figure of the whole city touches; of places, posts and money they are not told by the card."""
    card = metrics()[metric]
    sides = [side for side in (card.numerator, card.denominator) if side is not None]
    if card.family == "entity":
        columns = {column.name: column.needs for column in tables()["census"].columns}
        within = {basis if side.within == "basis" else "registered" for side in sides}
        needs = set().union(*(basis_needs(each, Unit("city", "", ""), "all") for each in within))
        return needs.union(*(needs_of(side, columns) for side in sides))
    if card.family == "organisation":
        return organisation.NEEDS.union(*(needs_of(side, organisation.COLUMNS) for side in sides))
    return set()


def bases(facts: Facts) -> list[Said]:
    """The city's coverage on the other bases; whether a district's side of the city and its rank hang on which one is signed."""
    others = [basis for basis in judging.BASES if basis != facts.basis]
    subject, now = facts.subject(METRIC), facts.city(METRIC)
    quoted = [facts.city(METRIC, basis=basis) for basis in others]
    why = judging.published(now, *quoted)
    if why:
        return [LeftOut("other_bases", subject, why, (now, *quoted))]
    values = {"metric": Named("metric", METRIC), "basis": Named("basis", facts.basis), "rate": now}
    for place, basis, rate in zip(("first", "second"), others, quoted, strict=True):
        values |= {place: Named("basis", basis), f"{place}_rate": rate}
    stood = {basis: _districts(facts, basis) for basis in judging.BASES}
    return [Claim("other_bases", subject, "published", values), _sides(facts, stood, now), *_ranks(facts, stood, now)]


@dataclass(frozen=True)
class Stood:
    """The districts on one basis, by code; `line`: the city's figure; `minimum`: the least denominator that is compared."""

    places: dict[str, Place]
    line: Figure
    minimum: int

    def side(self, code: str, z: Fraction | None = None) -> int | None:
        """Above the city or below it, however little; z: beyond what chance leaves."""
        return judging.side(self.places[code].figure, self.line, self.minimum, z)


def _districts(facts: Facts, basis: str) -> Stood:
    card, codes = metrics()[METRIC], [code for kind, code in facts.places if kind == "district"]
    none = Figure(reason="absent")
    found = [Place(code, "", None, facts.quote(METRIC, "district", code, basis=basis).figure, none) for code in codes]
    places = {place.code: place for place in ranked(found, card.direction, facts.minimum, card.within_one)}
    return Stood(places, facts.city(METRIC, basis=basis).figure, facts.minimum)


def _sides(facts: Facts, stood: dict[str, Stood], city: Quoted) -> Said:
    """Of the districts that lie clearly above or below the city: those that another basis puts on the other side."""
    subject, signed = facts.subject(METRIC, kind="district", code=""), stood[facts.basis]
    clear = {code: side for code in signed.places if (side := signed.side(code, judging.PICKED))}
    if not clear:
        return LeftOut("bases_sides", subject, "noise", (city,))
    turned = [code for code, side in clear.items() if any(each.side(code) == -side for each in stood.values())]
    values = {"all": len(clear), "metric": Named("metric", METRIC)}
    if not turned:
        return Claim("bases_hold", subject, "holds", values)
    return Claim("bases_turn", subject, "holds", values | {"n": len(turned), "places": _places(turned)})


def _ranks(facts: Facts, stood: dict[str, Stood], city: Quoted) -> Iterator[Said]:
    """The districts whose band of ranks on another basis has no rank in common with the one on the signed basis."""
    subject, signed = facts.subject(METRIC, kind="district", code=""), stood[facts.basis]
    compared = sorted(code for code in signed.places if all(each.places[code].band for each in stood.values()))
    if len(compared) < 2:
        yield LeftOut("bases_ranks", subject, "small", (city,))
        return
    moved = [code for code in compared if any(_apart(signed.places[code], each.places[code]) for each in stood.values())]
    values = {"all": len(compared), "metric": Named("metric", METRIC)}
    if moved:
        yield Claim("bases_ranks_turn", subject, "holds", values | {"n": len(moved), "places": _places(moved)})
    else:
        yield Claim("bases_ranks_hold", subject, "holds", values)
    for code in sorted(signed.places.keys() - set(compared)):  # the others have no band on some basis
        known = [facts.quote(METRIC, "district", code, basis=basis) for basis in judging.BASES]
        yield LeftOut("bases_ranks", facts.subject(METRIC, kind="district", code=code), judging.published(*known) or "small", (known[0],))


def _apart(one: Place, other: Place) -> bool:
    return one.high < other.low or other.high < one.low


def rejected(facts: Facts) -> list[Said]:
    """The rows of the month's files that did not load, and the source of which clearly more did not than of the others."""
    subject = facts.subject(sector="", basis="")
    sums = facts.now.loads.group_by("source").agg(pl.col("rows_read").sum(), pl.col("rows_rejected").sum()).sort("source").rows()
    read, lost = sum(row[1] for row in sums), sum(row[2] for row in sums)
    if not read:
        return [LeftOut("rows_rejected", subject, "nothing_read")]
    if not lost:
        return [Claim("rows_rejected_none", subject, "counted", {"read": tallied(facts.now, "loads_count", "read", ALL)})]
    share = Fraction(lost, read)
    made: list[Said] = [Claim("rows_rejected", subject, "counted", _rows(facts, ALL, share))]
    shares = {name: Fraction(n, d) for name, d, n in sums if n >= FEW and rank_bands.beyond(n, d, share, judging.PICKED) > 0}
    if not shares:
        return [*made, LeftOut("rows_rejected_most", subject, "noise")]
    most = max(shares, key=shares.get)
    values = {"source": Named("source", most)} | _rows(facts, most, shares[most])
    return [*made, Claim("rows_rejected_most", subject, "apart", values)]


def _rows(facts: Facts, source: str, share: Fraction) -> dict[str, Quoted | Rate]:
    """How many rows of a source were read, how many rejected, and which part that is."""
    read, rejected = (tallied(facts.now, "loads_count", cell, source) for cell in ("read", "rejected"))
    return {"read": read, "n": rejected, "share": Rate(share)}


def _named(section: str, names: Iterable[str]) -> tuple[Named, ...]:
    return tuple(Named(section, name) for name in names)


def _places(codes: Iterable[str]) -> tuple[Where, ...]:
    return tuple(Where("district", code) for code in codes)
