"""The two charts of a month: the coverages over thirteen months, and where the covered units came from.

What belongs here: the numbers of the charts. They are drawn in chart.typ.
"""

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
    series, ends = [], []
    for metric in COVERAGES:
        figures = [facts.city(metric, of=picture).figure if picture else None for _, picture in facts.months]
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
    return Lines("lines", words("briefing.lines"), alt, tuple(f"{month[2:4]}-{month[5:]}" for month in months), tuple(series))


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
