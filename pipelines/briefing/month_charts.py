"""The two charts of a month: the coverages over thirteen months, and where the covered units came from.

What belongs here: the numbers of the charts. They are drawn in chart.typ.
"""

from itertools import groupby

from data.figures import Figure
from data.periods import add_months
from data.words import Words
from pipelines.briefing.document import Beside, Block, Ledger, Lines, Series, Step
from transforms import show
from transforms.claims.doubling import city_row
from transforms.claims.facts import Facts

COVERAGES = ("org_coverage", "work_coverage")
FLOWS = (("gained", 1), ("entered_covered", 1), ("lost", -1), ("exited_covered", -1))


def pair(facts: Facts, words: Words) -> tuple[Block, ...]:
    """Both beside each other; what has nothing to show is left out."""
    made = [chart for chart in (_lines(facts, words), _ledger(facts, words)) if chart]
    return (Beside(*made),) if len(made) == 2 else tuple(made)


def _lines(facts: Facts, words: Words) -> Lines | None:
    series, ends, holes = [], [], []
    for metric in COVERAGES:
        figures = [facts.city(metric, of=picture).figure if picture else None for _, picture in facts.months]
        holes.append({month: why for (month, _), figure in zip(facts.months, figures, strict=True) if (why := _why_none(words, figure))})
        series.append(
            Series(words.metric(metric), tuple(None if each is None or each.exact is None else float(each.exact) for each in figures))
        )
        ends.append([each for each in figures if each is not None and each.exact is not None])
    if any(len(known) < 2 for known in ends):
        return None
    months = [month for month, _ in facts.months]
    (one, two), shown = (words.metric(metric) for metric in COVERAGES), [(show.figure(known[0]), show.figure(known[-1])) for known in ends]
    alt = words(
        "briefing.lines_alt",
        first=words.month(months[0]),
        last=words.month(months[-1]),
        one=one,
        two=two,
        one_first=shown[0][0],
        one_last=shown[0][1],
        two_first=shown[1][0],
        two_last=shown[1][1],
    )
    # A line that is broken says by itself neither where nor why.
    without = _without(words, holes)
    title = words("briefing.lines_holes", months=without) if without else words("briefing.lines")
    alt += words.gap + words("briefing.lines_holes_alt", months=without) if without else ""
    return Lines("lines", title, alt, tuple(map(_axis, months)), tuple(series))


def _why_none(words: Words, figure: Figure | None) -> str | None:
    """Why a month has no figure; None where it has one."""
    if figure is None:
        return words("briefing.unpublished")
    return words.reason(figure.reason or "absent") if figure.exact is None else None


def _without(words: Words, holes: list[dict[str, str]]) -> str:
    """The months without a figure and why, months that follow each other together: `17-03至17-05没有发布`; what only one of the lines
    lacks with its name."""
    both = {month: why for month, why in holes[0].items() if holes[1].get(month) == why}
    found = [_runs(words, both)]
    for metric, own in zip(COVERAGES, holes, strict=True):
        alone = {month: why for month, why in own.items() if month not in both}
        found.append([f"{words.metric(metric)}{words('mark.colon')}{each}" for each in _runs(words, alone)])
    return words("mark.stop").join(each for group in found for each in group)


def _runs(words: Words, holes: dict[str, str]) -> list[str]:
    runs: list[list[str]] = []
    for month in sorted(holes):
        if runs and month == add_months(runs[-1][-1], 1) and holes[month] == holes[runs[-1][-1]]:
            runs[-1].append(month)
        else:
            runs.append([month])
    said = []
    for why, group in groupby(runs, key=lambda run: holes[run[0]]):
        spans = (_axis(run[0]) if len(run) == 1 else words("briefing.months", first=_axis(run[0]), last=_axis(run[-1])) for run in group)
        said.append(words("briefing.month_none", months=words("mark.list").join(spans), why=why))
    return said


def _axis(month: str) -> str:
    """As it stands below the axis."""
    return f"{month[2:4]}-{month[5:]}"


def _ledger(facts: Facts, words: Words) -> Ledger | None:
    row = city_row(facts, "org_coverage")
    if row is None:
        return None
    made, at = [Step(words("briefing.step_before"), 0, row["n0"], "total", show.count(row["n0"]))], row["n0"]
    for name, way in FLOWS:
        size = row[name]
        start = at if way > 0 else at - size
        made.append(Step(words(f"briefing.step_{name}"), start, size, "plus" if way > 0 else "minus", show.signed(way * size)))
        at += way * size
    made.append(Step(words("briefing.step_now"), 0, row["n1"], "total", show.count(row["n1"])))
    alt = words("briefing.ledger_alt", **{name: show.count(row[name]) for name in ("n0", "n1", *(flow for flow, _ in FLOWS))})
    return Ledger("ledger", words("briefing.ledger"), alt, tuple(made))
