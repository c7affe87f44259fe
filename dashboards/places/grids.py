"""The tables of one district or park: its parks or its units by kind and size, its lists, weak organisations, findings, means and survey.

What belongs here: what stands in each table, once, for the page and for the workbook. How sure the figures are is places/sure.py's.
"""

from collections import Counter
from collections.abc import Callable, Mapping

import polars as pl

from dashboards import cells, findings, lists
from dashboards.grid import Cell, Grid, Head, Known, Linked
from dashboards.places.desk import SECTORS, Spot, n_of, rest
from dashboards.screens.survey import unclear
from dashboards.screens.weak_orgs import SIGNS, signs_of
from data.contracts import worklists
from transforms import show

Maker = Callable[[Spot], Grid | None]
# Size classes by insured employees, as the lists draw their lines: name of the wording, from, below.
SIZES = (("hundred", 100, None), ("fifty", 50, 100), ("small", 1, 50), ("none", None, 1))
MEANS = ("centre_rate", "instructor_staffing", "activity_funding", "allowance_funding", "recruit_rate")
ORGANISATIONS = 20


def _known(spot: Spot, metric: str, sector: str = "all", basis: str | None = None) -> Known:
    return Known(metric, spot.kind, spot.code, sector, basis or spot.view.signed)


def _way(spot: Spot, number: int, page: str, chosen: Mapping[str, str]) -> Cell:
    """A count as the way to its list, for readers of units; nothing leads to an empty list."""
    return Linked(number, page, chosen) if number and spot.view.reader.sees_units else number


def parks(spot: Spot) -> Grid | None:
    """The parks of a district, each with its figures and as the way to its own page."""
    if not spot.parks:
        return None
    view, words = spot.view, spot.view.words
    opened = view.picture.optional("parks")
    centres = {} if opened is None else dict(opened.select("park_code", "centre_open").rows())
    heads = [Head(words("place.park"), "w", "text"), Head(words("compare.level"), "w", "text")]
    heads += [Head(words.metric(name), "n", "rate") for name in ("org_coverage", "work_coverage", "single_rate")]
    heads += [Head(words("place.listed")), Head(words("place.centre"), "w", "text"), Head(words.metric("instructor_staffing"), "n", "rate")]
    listed = view.picture.worklist
    counted = {} if listed is None else dict(listed.group_by("park_code").agg(pl.col("uscc").n_unique()).rows())
    rows = []
    for row in spot.parks:
        code = row["unit_code"]
        figures = [Known(name, "park", code, "all", view.signed) for name in ("org_coverage", "work_coverage", "single_rate")]
        centre = words("place.centre_open" if centres[code] else "place.centre_not") if code in centres else None
        level = words.of("level", row["level"]) if row["level"] else show.NOT_APPLICABLE
        number = None if listed is None else counted.get(code, 0)
        staffed = Known("instructor_staffing", "park", code, "all", "-")
        rows.append([Linked(row["name"], "place", {"unit": f"park-{code}"}), level, *figures, number, centre, staffed])
    return Grid(words("place.parks"), heads, rows, said=[words("place.listed_said")])


def sizes(spot: Spot) -> Grid | None:
    """The work objects by sector and by insured employees: how many there are, and how many are covered."""
    view, words = spot.view, spot.view.words
    if spot.figure("org_coverage").denominator is None:
        return None
    kept = ("sector", "employees", "covered", "work_covered")
    units = view.picture.census().filter(spot.there & pl.col(view.signed) & pl.col("sector").is_in(list(SECTORS))).select(kept).collect()
    heads = [Head(words("choose.sector"), "w", "text"), Head(words("place.size"), "w", "text"), Head(words("place.units"))]
    heads += [Head(words.metric(name), "n", "rate") for name in ("org_coverage", "work_coverage")]
    rows, marks = [], []
    for sector in SECTORS:
        own = units.filter(pl.col("sector") == sector)
        groups = [(words(f"sizes.{name}"), own.filter(_between(low, below))) for name, low, below in SIZES]
        filled = [[words.of("sector", sector), name, *_counts(group)] for name, group in groups if group.height]
        rows += filled
        marks += [""] * len(filled)
        figures = [_known(spot, metric, sector) for metric in ("org_coverage", "work_coverage")]
        rows.append([words.of("sector", sector), words("place.together"), spot.figure("org_coverage", sector).denominator, *figures])
        marks.append("line")
    return Grid(words("place.sizes"), heads, rows, marks, [words("place.sizes_said")])


def _between(low: int | None, below: int | None) -> pl.Expr:
    size = pl.col("employees").fill_null(0)
    return (size >= (low or 0)) & (pl.lit(True) if below is None else size < below)


def _counts(group: pl.DataFrame) -> list:
    sides = [group[name].sum() if group[name].null_count() == 0 else None for name in ("covered", "work_covered")]
    return [group.height, *(n_of(side, group.height) for side in sides)]


def work_lists(spot: Spot) -> Grid | None:
    if not spot.lists:
        return None
    view, words = spot.view, spot.view.words
    heads = [Head(words("choose.list"), "w", "text")]
    heads += [Head(words(f"worklist.{name}")) for name in ("on_it", "new", "left", "long")]
    heads += [Head(words("worklist.share"), "n", "rate"), Head(words("worklist.who"), "t", "text")]
    rows = []
    for name, desk in spot.lists.items():
        card = worklists()[name]
        who = card.who_zh if words.lang == "zh" else card.who_en
        share = _known(spot, lists.METRIC[name]) if name in lists.METRIC else show.NOT_APPLICABLE
        if desk is None:
            rows.append([words.card(card), *[None] * 4, share, words("place.not_made")])
            continue
        moved = desk.came_and_left
        came, left = (side.height for side in moved) if moved else (None, None)
        long = cells.waited(view, lists.waited(desk.now, str(findings.LONG), view.picture.period).height)
        opens = _way(spot, desk.now.height, "worklist", {"list": name} | spot.chosen)
        rows.append([words.card(card), opens, came, left, long, share, who])
    return Grid(words("place.lists"), heads, rows)


def weak(spot: Spot) -> Grid | None:
    """How many organisations show each sign, and what would mend it."""
    if spot.weak is None or not spot.weak.height:
        return None
    words = spot.view.words
    counted = Counter(sign for row in spot.weak.to_dicts() for sign in signs_of(row))
    heads = [Head(words("weak_orgs.sign"), "w", "text"), Head(words("weak_orgs.count"), "n", "rate")]
    heads.append(Head(words("weak_orgs.remedy"), "l", "text"))
    rows = [[words(f"sign.{sign}"), n_of(counted[sign], spot.weak.height), words(f"remedy.{sign}")] for sign in SIGNS if counted[sign]]
    return Grid(words("place.weak"), heads, rows)


def weak_named(spot: Spot) -> Grid | None:
    """The organisations on the list, for readers of names."""
    if spot.weak is None or not spot.weak.height or not spot.view.reader.sees_units:
        return None
    words = spot.view.words
    heads = [Head(words("weak_orgs.rank")), Head(words("weak_orgs.name"), "t", "text"), Head(words("weak_orgs.problems"), "l", "text")]
    heads.append(Head(words("weak_orgs.since"), "w", "text"))
    rows = [
        [row["rank"], row["name"] or row["org_code"], words("mark.list").join(words(f"sign.{sign}") for sign in signs_of(row))]
        + [words.month(row["since"])]
        for row in spot.weak.head(ORGANISATIONS).to_dicts()
    ]
    return Grid(words("weak_orgs.list"), heads, rows)


def leads(spot: Spot) -> Grid | None:
    """The findings that lie here, by severity."""
    if spot.findings is None:
        return None
    words = spot.view.words
    heads = [Head(words("choose.severity"), "w", "text")]
    heads += [Head(words(f"place.{name}")) for name in ("here", "open", "late", "came", "gone", "explained", "long")]
    tallies = findings.tally(spot.findings, "severity")
    rows = []
    for severity in findings.SEVERITIES:
        one = tallies.get(severity, {})
        way = {"severity": severity} | spot.chosen
        numbers = [one.get(name, 0) for name in ("came", "gone", "explained", "long")]
        late = _way(spot, one.get("late", 0), "findings", way | {"status": findings.OVERDUE})
        rows.append([words.severity(severity), _way(spot, one.get("here", 0), "findings", way), one.get("open", 0), late, *numbers])
    whole = findings.tally(spot.findings)[None]
    numbers = [whole[name] for name in ("open", "late", "came", "gone", "explained", "long")]
    rows.append([words("place.together"), _way(spot, whole["here"], "findings", spot.chosen), *numbers])
    return Grid(words("place.leads"), heads, rows, ["", "", "", "line"])


def means(spot: Spot) -> Grid | None:
    """Centres, instructors, money and recruits, as far as there is such a figure here; for a park its own centre."""
    words = spot.view.words
    heads = [Head(words("place.means_of"), "w", "text"), Head(words("compare.value"), "n", "ratio"), Head(words("place.short_by"))]
    heads.append(Head(words("compare.city"), "n", "ratio"))
    rows = []
    for metric in MEANS:
        figure = spot.figure(metric)
        if figure.reason == "absent":
            continue
        lacking = rest(figure)
        city = Known(metric, "city", spot.view.picture.city, "all", "-")
        rows.append([words.metric(metric), _known(spot, metric), None if lacking is None else max(0, lacking), city])
    return Grid(words("place.means"), heads, rows, said=[words("place.means_said")]) if rows else None


def survey(spot: Spot) -> Grid | None:
    words = spot.view.words
    if spot.figure("survey_rate").value is None:
        return None
    heads = [Head(words("choose.sector"), "w", "text")]
    heads += [Head(words.metric(name), "n", "rate") for name in ("survey_rate", "five_clears")]
    heads += [Head(words("survey.left")), Head(words("survey.unclear"))]
    rows = []
    for sector in (*SECTORS, "all"):
        rate, clear = spot.figure("survey_rate", sector), spot.figure("five_clears", sector)
        figures = [_known(spot, metric, sector) for metric in ("survey_rate", "five_clears")]
        rows.append([words.of("sector", sector), *figures, rest(rate), unclear(rate, clear)])
    return Grid(words("place.survey"), heads, rows, ["", "", "line"])
