"""季通报: where districts and parks stand, what is missing to the targets, what last quarter asked for and what came of it, what is asked.

What belongs here: which claims, tables and charts stand in which section. What may be said is settled in transforms/claims/.
"""

from collections.abc import Iterable
from dataclasses import replace

from data.contracts import metrics
from data.outbox import Slip
from data.periods import add_months
from data.words import Words
from pipelines.briefing import cells
from pipelines.briefing.document import Bar, Bars, Beside, Block, Cell, Document, Items, Paragraph, Section, Table
from pipelines.briefing.frame import framed, unsaid
from pipelines.briefing.sentences import place_name, said
from transforms import show
from transforms.claims import asks, goals, ranks, steps
from transforms.claims.claim import Claim, LeftOut, Place, Said
from transforms.claims.facts import Facts
from transforms.claims.goals import Goal
from transforms.claims.ranks import Standing
from transforms.compare import UNKNOWN, band_words
from transforms.sector_words import sector_of

QUARTERS = ("first", "second", "third", "fourth")
ROWS = 25  # of a table or chart on the pages; all places stand in the annex
TARGETS = 4  # columns of a table
SHORT = 8  # letters of a name beside half a page's chart
ASKED = 5  # things that a quarter asks for
SIDES = {1: "above", -1: "below", 0: "within"}


def compose(facts: Facts, words: Words) -> Document:
    """The document of the quarter that ends with the period."""
    todo = steps.steps(facts, ASKED)
    asked = [ask for each in todo if isinstance(each, Claim) for ask in steps.asks(facts, each)]
    sections = (_ranks(facts, words), _goals(facts, words), _came(facts, words), _asks(facts, words, todo))
    row = facts.now.units.get(("city", facts.now.city))
    title = words("quarter.title", city=row["name"] if row else facts.now.city)
    sheets = [_rank_table(facts, words, kind, metric, annex=True) for kind in ranks.KINDS for metric in ranks.METRICS]
    made = framed(facts, words, "quarter", sections, (each for each in sheets if each.rows), asked, title)
    return replace(made, under=under(facts, words, quarter_words(words, facts.now.period)))


def under(facts: Facts, words: Words, span: str) -> str:
    """The line below the title: the months that it speaks of, the data's day, the basis."""
    return words("quarter.under", span=span, day=words.day(facts.now.period), basis=words.of("basis", facts.basis))


def quarter_words(words: Words, period: str) -> str:
    """`2017年第四季度`."""
    which = words(f"quarter.period_{QUARTERS[(int(period[5:]) - 1) // 3]}")
    return words("quarter.period", year=period[:4], quarter=which)


def _section(facts: Facts, words: Words, name: str, claims: Iterable[Said], blocks: Iterable[Block], empty: str = "") -> Section:
    blocks = tuple(blocks)
    return Section(name, words(f"quarter.{name}"), blocks, unsaid(claims), "" if blocks else empty or words(f"quarter.none_{name}"))


def _ranks(facts: Facts, words: Words) -> Section:
    claims, blocks = [], []
    for kind in ranks.KINDS:
        tables = []
        for metric in ranks.METRICS:
            made = ranks.of_kind(facts, kind, metric)
            claims += made
            sentences = said(words, facts, made)
            if sentences:
                lead = words("quarter.lead", kind=words.of("kind", kind), metric=words.metric(metric))
                blocks.append(Paragraph(sentences, lead))
            # Places that chance does not tell from the city would look like an order here: they stand in the annex.
            if ranks.apart(_places(facts, kind, metric)):
                tables.append(_rank_table(facts, words, kind, metric))
        charts = [chart for metric in ranks.METRICS if (chart := _bars(facts, words, kind, metric))]
        blocks += [Beside(*charts)] if _fit(charts) else charts
        blocks += tables
    return _section(facts, words, "ranks", claims, blocks)


def _fit(charts: list[Bars]) -> bool:
    """Whether both find room beside each other: long names do not."""
    return len(charts) == 2 and all(len(bar.label) <= SHORT for chart in charts for bar in chart.bars)


def _places(facts: Facts, kind: str, metric: str) -> list[Standing]:
    return [each for each in ranks.standings(facts, kind, metric) if each.code != UNKNOWN]


def _rank_table(facts: Facts, words: Words, kind: str, metric: str, annex: bool = False) -> Table:
    every, then = _places(facts, kind, metric), facts.back.get(ranks.QUARTER)
    found = every if annex else ranks.apart(every)[:ROWS]
    names = {"kind": words.of("kind", kind), "metric": words.metric(metric)}
    heads = (
        names["kind"],
        words("quarter.band"),
        words("quarter.band_then"),
        names["metric"],
        words("quarter.change"),
        words("quarter.side"),
    )
    notes = [words("quarter.band_note")]
    if any(each.place.why_unranked == "small" for each in found):
        notes.append(words("quarter.small_note", minimum=show.count(facts.minimum)))
    if then is None:
        notes.append(words("quarter.no_then", month=words.month(add_months(facts.now.period, -ranks.QUARTER))))
    if len(found) < len(every):
        notes.append(words("quarter.cut", n=show.count(len(every) - len(found))))
    rows = [_rank_row(facts, words, kind, each) for each in found]
    name = f"ranks_{kind}_{metric}" + ("_all" if annex else "")
    title = words("quarter.rank_table_all" if annex else "quarter.rank_table", **names)
    return Table(
        name,
        title,
        heads,
        tuple(rows),
        "lccrrl",
        words.gap.join(notes),
        (24, 16, 16, 20, 13, 15),
        annex,
        words("quarter.rank_sheet", **names),
    )


def _rank_row(facts: Facts, words: Words, kind: str, each: Standing) -> tuple[Cell, ...]:
    then = each.then if each.then and each.then.rank else None
    side = words("quarter.denied") if each.denied else "" if each.side is None else words(f"quarter.{SIDES[each.side]}")
    return (
        cells.text(place_name(words, facts, Place(kind, each.code))),
        cells.text(band_words(words, each.place)),
        cells.text(band_words(words, then) if then else show.NOT_APPLICABLE if each.then else show.NOT_AVAILABLE),
        cells.rate(each.now),
        cells.change(each.place.figure, each.place.before),
        cells.text(side or show.NOT_APPLICABLE),
    )


def _bars(facts: Facts, words: Words, kind: str, metric: str) -> Bars | None:
    """The places that are compared, with what chance leaves of each, beside the city. One alone is no comparison."""
    city = facts.city(metric).figure
    every = [each.place for each in _places(facts, kind, metric) if each.place.is_compared and each.place.interval]
    found = every[:ROWS]
    if city.exact is None or len(found) < 2:
        return None
    bars = [
        Bar(
            place_name(words, facts, Place(kind, place.code)),
            float(place.figure.exact),
            *map(float, place.interval),
            f"{show.figure(place.figure)} {show.n_of_n(place.figure)}",
        )
        for place in found
    ]
    names = {"kind": words.of("kind", kind), "metric": words.metric(metric)}
    line = words("compare.city_line", value=show.figure(city))
    values = {"n": show.count(len(bars)), "line": show.figure(city), "first": bars[0].label, "last": bars[-1].label}
    alt = words("quarter.chart_alt", **names, **values)
    title = words("quarter.chart", **names)
    if len(found) < len(every):
        title = words("quarter.chart_cut", chart=title, n=show.count(len(found)), all=show.count(len(every)))
    return Bars(f"bars_{kind}_{metric}", title, alt, tuple(bars), float(city.exact), line)


def _goals(facts: Facts, words: Words) -> Section:
    claims = [*goals.city_goals(facts), *goals.district_goals(facts)]
    sentences = said(words, facts, claims)
    text = [Items(sentences)] if sentences else []
    return _section(facts, words, "goals", claims, [*text, *_goal_tables(facts, words)])


def _goal_tables(facts: Facts, words: Words) -> list[Table]:
    """What each district lacks: a column a target, those due next first; as many tables as the width asks for."""
    groups: dict[tuple, dict[str, Goal]] = {}
    for goal in goals.goals(facts, "district"):
        row = goal.row
        groups.setdefault((row["due"], row["metric"], row["sector"], row["target"]), {})[row["unit_code"]] = goal
    columns = list(groups.values())
    return [_goal_table(facts, words, at, columns[at : at + TARGETS]) for at in range(0, len(columns), TARGETS)]


def _goal_table(facts: Facts, words: Words, at: int, columns: list[dict[str, Goal]]) -> Table:
    codes = sorted({code for column in columns for code in column})
    heads = (words.of("kind", "district"), *(_target_words(words, next(iter(column.values()))) for column in columns))
    rows = [
        (cells.text(place_name(words, facts, Place("district", code))), *(_lacks(facts, words, column.get(code)) for column in columns))
        for code in codes
    ]
    name = "goals_district" if not at else f"goals_district_{at // TARGETS + 1}"
    return Table(name, words("quarter.goal_table"), heads, tuple(rows), "l" + "r" * len(columns), words("quarter.goal_note"))


def _target_words(words: Words, goal: Goal) -> str:
    """`组织覆盖率（非公企业）2018年6月达到60.0%`."""
    row, card = goal.row, metrics()[goal.row["metric"]]
    what = words.card(card)
    sector = sector_of(row["metric"], row["sector"])
    if sector != "all":
        what += f"{words('mark.open')}{words.of('sector', sector)}{words('mark.close')}"
    key = "quarter.target_down" if goal.standing.down else "quarter.target"
    return words(key, what=what, due=words.month(row["due"]), goal=show.figure(goal.target, card.unit))


def _lacks(facts: Facts, words: Words, goal: Goal | None) -> Cell:
    return cells.left(words, facts, goal, beneath=True) if goal else cells.text(show.NOT_APPLICABLE)


def last_of(facts: Facts) -> Slip | None:
    """The quarter before as it was sent out: its newest edition."""
    month = add_months(facts.now.period, -ranks.QUARTER)
    return next((slip for slip in reversed(facts.earlier) if slip.kind == "quarter" and slip.period == month), None)


def _came(facts: Facts, words: Words) -> Section:
    last, month = last_of(facts), add_months(facts.now.period, -ranks.QUARTER)
    if last is None or not last.asks:
        why = "quarter.none_before" if last is None else "quarter.none_asked"
        left = LeftOut("came", facts.subject(sector="", basis=""), f"no_briefing:{month}" if last is None else "no_asks")
        return _section(facts, words, "came", [left], (), words(why, quarter=quarter_words(words, month)))
    claims = [asks.came(ask, facts) for ask in last.asks]
    sentences = said(words, facts, claims)
    # What can no longer be told is not passed over: the reader is told how much of it there is.
    lost = sum(isinstance(each, LeftOut) for each in claims)
    blocks = [Items(sentences)] if sentences else []
    return _section(facts, words, "came", claims, blocks, words("quarter.none_told", n=show.count(lost)))


def _asks(facts: Facts, words: Words, claims: list[Said]) -> Section:
    sentences = said(words, facts, claims)
    return _section(facts, words, "asks", claims, [Items(sentences)] if sentences else [])
