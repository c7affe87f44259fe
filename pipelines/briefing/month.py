"""月统计: the two pages of a month.

What belongs here: which claims, tables and charts stand in which section, in which order. What may be said is settled in
transforms/claims/.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from data.contracts import metrics
from data.words import Words
from pipelines.briefing import cells, month_charts
from pipelines.briefing.document import Block, Cell, Document, Items, Paragraph, Section, Table
from pipelines.briefing.frame import framed, unsaid
from pipelines.briefing.revised_table import revised_table
from pipelines.briefing.sentences import place_name, said
from transforms import show
from transforms.claims import certainty, findings, movers, steps
from transforms.claims.claim import Claim, LeftOut, Place, Said
from transforms.claims.doubling import METRICS, cell, city_row, denied_on, doubling
from transforms.claims.facts import Facts
from transforms.claims.goals import Goal, city_goals, district_goals, goals
from transforms.claims.movers import LEG, Mover, ledger_cell
from transforms.claims.standing import HEADLINE, moved, standing
from transforms.claims.standing import LEGS as CITY_LEGS
from transforms.growth import GOAL, Rise
from transforms.measures.doubling import LEGS
from transforms.sector_words import sector_of

SHOWN_GOALS = 6  # rows on the page; all of them stand in the annex
ENDS = 2  # districts of each end
MOVES = ("gained", "lost", "entered", "entered_covered", "exited", "exited_covered")
# Why a change in a table is no rise or fall that could be said.
NOT_SAID = ("noise", "contradicted", "small", "base")


def compose(facts: Facts, words: Words) -> Document:
    """The document of the period."""
    todo = steps.steps(facts)
    sections = (
        _standing(facts, words),
        _doubling(facts, words),
        _movers(facts, words),
        _goals(facts, words),
        _section(facts, words, "findings", findings.findings(facts)),
        _certainty(facts, words),
        _section(facts, words, "steps", todo, listed=True),
    )
    every = [*goals(facts), *goals(facts, "district"), *goals(facts, "park")]
    sheets = (_all_movers(facts, words), _goal_table(facts, words, "all_goals", every), revised_table(facts, words, "month"))
    asks = tuple(ask for step in todo if isinstance(step, Claim) for ask in steps.asks(facts, step))
    return framed(facts, words, "month", sections, sheets, asks)


def _section(facts: Facts, words: Words, name: str, claims: Iterable[Said], *blocks: Block, listed: bool = False) -> Section:
    claims = list(claims)
    sentences = said(words, facts, claims)
    text: tuple[Block, ...] = ((Items(sentences) if listed else Paragraph(sentences)),) if sentences else ()
    empty = "" if sentences or blocks else words(f"briefing.none_{name}")
    return Section(name, words(f"briefing.{name}"), (*text, *blocks), unsaid(claims), empty)


def _standing(facts: Facts, words: Words) -> Section:
    claims = standing(facts)
    if not any(isinstance(each, Claim) for each in claims):
        why = words.reason(facts.city("org_coverage").figure.reason or "absent")
        return Section(
            "standing", words("briefing.standing"), (_headline(facts, words),), unsaid(claims), words("briefing.none_standing", why=why)
        )
    return _section(facts, words, "standing", claims, _headline(facts, words))


def _headline(facts: Facts, words: Words) -> Table:
    heads = ("metric", "now", "against_month", "against_year", "goal", "missing")
    aims = {goal.row["metric"]: goal for goal in reversed([goal for goal in goals(facts) if goal.row["sector"] == "all"])}
    rows = []
    for metric in HEADLINE:
        now, goal = facts.city(metric), aims.get(metric)
        changes = (_city_change(facts, words, metric, back) for back in (1, 12))
        rows.append((cells.text(words.metric(metric)), cells.rate(now), *changes, *_aim(facts, words, metric, goal)))
    return Table("headline", words("briefing.headline"), tuple(words(f"briefing.{head}") for head in heads), tuple(rows), "lrrrrr")


def _city_change(facts: Facts, words: Words, metric: str, back: int) -> Cell:
    """Against an earlier month; of a figure with a ledger also whether the change says anything."""
    then = facts.back.get(back)
    if then is None:
        return cells.points(None)
    now, old = facts.city(metric), facts.city(metric, of=then)
    why = None
    if (metric, "all") in CITY_LEGS:
        said = moved(facts, "change", metric, back, now, old)
        why = said.reason if isinstance(said, LeftOut) else None
    return _judged(words, show.change(now.figure, old.figure), why)


def _aim(facts: Facts, words: Words, metric: str, goal: Goal | None) -> tuple[Cell, Cell]:
    if goal is None:
        # Some targets are set for each kind of organisation, or for districts: they stand further below.
        elsewhere = facts.now.targets is not None and metric in set(facts.now.targets["metric"])
        return cells.text(words("briefing.goal_below") if elsewhere else show.NOT_APPLICABLE), cells.text(show.NOT_APPLICABLE)
    return _target(words, goal), cells.left(words, facts, goal)


def _target(words: Words, goal: Goal) -> Cell:
    due = words.month(goal.row["due"])
    shape = "rate" if goal.card.unit == "rate" else "ratio"
    return Cell(show.figure(goal.target, goal.card.unit), due, value=goal.row["target"], format=shape, beneath="due")


def _doubling(facts: Facts, words: Words) -> Section:
    claims = doubling(facts)
    if not any(isinstance(each, Claim) for each in claims):
        return Section("doubling", words("briefing.doubling"), (), unsaid(claims), words("briefing.none_doubling"))
    charts = month_charts.pair(facts, words)
    return _section(facts, words, "doubling", claims, _legs(facts, words), *charts)


def _legs(facts: Facts, words: Words) -> Table:
    heads = ("leg", "before", "now", "times_count", "missing_count", "times_rate", "missing_rate")
    found = [(leg.name, row) for leg in LEGS if (row := city_row(facts, leg.name))]
    denied = {leg: denied_on(facts, leg, row) for leg, row in found}
    rows = [_leg(facts, words, leg, row, denied[leg]) for leg, row in found]
    notes = [words("briefing.denied", leg=words.of("legs", leg), basis=words.of("basis", basis)) for leg, basis in denied.items() if basis]
    titles = tuple(words(f"briefing.{head}") for head in heads)
    return Table("legs", words("briefing.legs"), titles, tuple(rows), "lrrrrrr", words.gap.join(notes))


def _leg(facts: Facts, words: Words, leg: str, row: dict, denied: str | None) -> tuple[Cell, ...]:
    metric, sector = METRICS[leg]
    rise, then = Rise(row), facts.current(row["baseline"])
    before = Cell(show.figure(rise.before), show.n_of_n(rise.before), None, row["n0"] / row["d0"] if row["d0"] else None, "rate", "n_of_n")
    by_count = Cell(show.times(rise.by_count, GOAL), "", cell(facts, leg, row, "count_ratio").code, row["count_ratio"], "ratio")
    by_rate = Cell(show.times(rise.by_rate, GOAL), "", cell(facts, leg, row, "rate_ratio").code, row["rate_ratio"], "ratio")
    left_count = words("briefing.beyond") if rise.beyond_the_base and not row["doubled_count"] else None
    left_rate = words("briefing.ceiling") if row["ceiling"] else None
    # Twice the rate on one basis and not on another is no doubling that can be said without a sign.
    by_rate_left = _doubled(words, rise.missing_by_rate, "*" if denied else "")
    return (
        cells.text(words.of("legs", leg)),
        cells.rate(facts.city(metric, sector, of=then)) if then else before,
        cells.rate(facts.city(metric, sector)),
        by_count,
        cells.text(left_count) if left_count else _doubled(words, rise.missing_by_count),
        by_rate,
        cells.text(left_rate) if left_rate else by_rate_left,
    )


def _doubled(words: Words, number: int | None, sign: str = "") -> Cell:
    return Cell(words("briefing.doubled") + sign, value=0, format="count") if number == 0 else cells.count(number)


def _movers(facts: Facts, words: Words) -> Section:
    by_month, since = movers.by_month(facts), movers.since_baseline(facts)
    # Where nobody moved in the month beyond coming and going, those are named who did since the baseline.
    told = by_month if any(_names_place(each) for each in by_month) else since
    said_of = {each.subject.code for each in told if _names_place(each)}
    claims = [*by_month, *(each for each in since if told is since or isinstance(each, LeftOut))]
    found = [each for each in movers.movers(facts, 0) if each.difference is not None and each.why != "small"]
    ends = found if len(found) <= 2 * ENDS else found[:ENDS] + found[-ENDS:]
    shown = [each for each in found if each in ends or each.code in said_of]
    table = (_mover_table(facts, words, "movers_table", shown),) if shown else ()
    return _section(facts, words, "movers", claims, *table)


def _names_place(said: Said) -> bool:
    return isinstance(said, Claim) and said.name.endswith(("_place_rose", "_place_fell"))


def _mover_table(facts: Facts, words: Words, name: str, found: list[Mover], annex: bool = False) -> Table:
    # On the page what came and went stands in the sentences; the annex has it of every district.
    flows = MOVES if annex else MOVES[:2]
    heads = ("place", "now", "since_month", "since_baseline", *flows)
    last = {each.code: each for each in movers.movers(facts, 1)}
    rows = [_mover(facts, words, each, last.get(each.code), flows) for each in found]
    titles = tuple(words(f"briefing.{head}") for head in heads)
    return Table(name, words(f"briefing.{name}"), titles, tuple(rows), "l" + "r" * (len(heads) - 1), only_annex=annex)


def _mover(facts: Facts, words: Words, each: Mover, last: Mover | None, flows: Sequence[str]) -> tuple[Cell, ...]:
    name = place_name(words, facts, Place("district", each.code))
    changes = (_judged(words, last.difference if last else None, last and last.why), _judged(words, each.difference, each.why))
    if each.row is None:
        return (cells.text(name), cells.rate(each.now), *changes, *([cells.count(None)] * len(flows)))
    counted = (cells.counted(ledger_cell(facts, "district", each.code, flow, each.row, LEG)) for flow in flows)
    return (cells.text(name), cells.rate(each.now), *changes, *counted)


def _judged(words: Words, difference: Fraction | None, why: str | None) -> Cell:
    """A change, and beneath one that says nothing that it doesn't, so that no one reads more out of it."""
    cell = cells.points(difference)
    kind = (why or "").partition(":")[0]
    return replace(cell, below=words(f"briefing.not_{kind}")) if difference is not None and kind in NOT_SAID else cell


def _all_movers(facts: Facts, words: Words) -> Table:
    return _mover_table(facts, words, "all_movers", movers.movers(facts, 0), annex=True)


def _goals(facts: Facts, words: Words) -> Section:
    claims, every = [*city_goals(facts), *district_goals(facts)], goals(facts)
    short = [goal for goal in every if goal.standing.state != "reached"]
    shown = (short + [goal for goal in every if goal.standing.state == "reached"])[:SHOWN_GOALS]
    table = (_goal_table(facts, words, "goals_table", shown),) if shown else ()
    # What is missing stands in the table, row by row; the sentences tell of the districts.
    made = [each for each in claims if each.name.startswith("district_goals") or not isinstance(each, Claim)]
    return _section(facts, words, "goals", made, *table)


def _goal_table(facts: Facts, words: Words, name: str, found: list[Goal]) -> Table:
    annex = name == "all_goals"
    heads = (
        ("metric", "sector", "now", "target", "missing", "state")
        if not annex
        else ("place", "metric", "sector", "now", "target", "missing", "state", "document")
    )
    rows = []
    for goal in found:
        row = goal.row
        place = (cells.text(place_name(words, facts, Place(row["unit_kind"], row["unit_code"]))),) if annex else ()
        document = (cells.text(goal.document),) if annex else ()
        state = words("briefing.state_suppressed" if goal.now.figure.reason == "suppressed" else f"briefing.state_{goal.standing.state}")
        named = (cells.text(words.card(metrics()[row["metric"]])), cells.text(words.of("sector", sector_of(row["metric"], row["sector"]))))
        rows.append(
            (*place, *named, cells.rate(goal.now), _target(words, goal), cells.left(words, facts, goal), cells.text(state), *document)
        )
    aligns = "lllrrrll" if annex else "llrrrl"
    titles = tuple(words(f"briefing.{head}") for head in heads)
    widths = () if annex else (0.21, 0.13, 0.17, 0.17, 0.16, 0.16)
    return Table(name, words(f"briefing.{name}"), titles, tuple(rows), aligns, widths=widths, only_annex=annex)


def _certainty(facts: Facts, words: Words) -> Section:
    return _section(facts, words, "certainty", certainty.certainty(facts))
