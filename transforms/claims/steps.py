"""What to do next: a few things, each with its number, in the order of what holds the others up (docs/methods/next-steps.md).

What belongs here: the choice as claims. Data that are not there come first, for all else rests on them; then findings, the targets by their
day, and the lists (what_next.py). Each is a claim and an ask, so that a later briefing can say what came of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from transforms.case_history import HERE
from transforms.claims.asks import lacking, of_delivery, of_findings, of_target, of_worklist
from transforms.claims.claim import Claim, LeftOut, Named, Place, Said
from transforms.claims.facts import Facts
from transforms.claims.findings import UNREAD, subject, tally, to_put_right
from transforms.claims.goals import Goal, about, goals, missing, missing_together, of_places
from transforms.claims.tallied import tallied
from transforms.what_next import KINDS, LONG, absent, late, longest, targets

MOST = 3


@dataclass(frozen=True)
class Step:
    """A thing to do: what is said, and what a later briefing asks after (Slip.asks)."""

    claim: Claim
    ask: dict


def steps(facts: Facts, most: int = MOST) -> list[Said]:
    """At most so many, the most urgent first; behind them what could not be asked for."""
    found = _all(facts)
    return [each.claim for each in found if isinstance(each, Step)][:most] + [each for each in found if isinstance(each, LeftOut)]


def asks(facts: Facts, step: Claim) -> list[dict]:
    """What a later briefing asks after, where this step was one of those written."""
    return [each.ask for each in _all(facts) if isinstance(each, Step) and each.claim == step]


# Asked for once by what is said, and once by each step that is written.
@lru_cache(maxsize=1)
def _all(facts: Facts) -> tuple[Step | LeftOut, ...]:
    return tuple(_steps(facts))


def _steps(facts: Facts) -> Iterator[Step | LeftOut]:
    yield from _deliveries(facts)
    yield from _findings(facts)
    yield from _targets(facts)
    yield from _lists(facts)


def _deliveries(facts: Facts) -> Iterator[Step]:
    """Sources that have no delivery at all, and monthly ones that live on an earlier month's."""
    sources = [*absent(facts.now.manifest), *late(facts.now.manifest)]
    if sources:
        values = {"n": tallied(facts.now, "sources_count", "sources", "owed"), "names": tuple(Named("source", each) for each in sources)}
        yield Step(Claim("step_deliveries", subject(facts), "counted", values), of_delivery(facts, sources))


def _findings(facts: Facts) -> Iterator[Step | LeftOut]:
    """What is overdue; while nothing is, what must be put right."""
    if facts.cases is None:
        return
    counts = tally(facts.cases)
    if facts.casework:
        if counts.here:  # what is overdue or explained nobody knows
            yield LeftOut("step_overdue", subject(facts), UNREAD)
        return
    if counts.overdue:
        rows = facts.cases.filter(pl.col("moved").is_in(HERE) & pl.col("overdue"))
        values = {"n": counts.overdue, "must": counts.must_overdue}
        yield Step(Claim("step_overdue", subject(facts), "counted", values), of_findings(facts, rows, overdue=True))
    elif counts.must:
        rows = to_put_right(facts.cases)
        values = {"n": counts.must, "new": counts.must_new}
        yield Step(Claim("step_must", subject(facts), "counted", values), of_findings(facts, rows, overdue=False))


def _targets(facts: Facts) -> Iterator[Step | LeftOut]:
    """Of the targets that are due next the one with most units missing; what has passed stands last, for it stays passed."""
    every = targets((goal for kind in KINDS for goal in goals(facts, kind)), facts.now.period)
    for asked in every:
        if asked.lacks is None:
            _, metric, sector, kind, _ = asked.key
            code = asked.places[0].row["unit_code"] if len(asked.places) == 1 else ""
            quoted = tuple(goal.now for goal in asked.places)
            yield LeftOut("step_target", facts.subject(metric, kind, code, sector), lacking(asked.places), quoted)
    for asked in [each for each in every if each.lacks][:1]:
        yield Step(_target(facts, asked.key, [*asked.places]), of_target(facts, [*asked.places]))


def _target(facts: Facts, key: tuple, found: list[Goal]) -> Claim:
    due, metric, sector, kind, _ = key
    first = found[0]
    passed = "_passed" if due <= facts.now.period else ""
    down = "_down" if first.standing.down else ""
    if len(found) == 1:
        values = about(first) | {"place": Place(kind, first.row["unit_code"]), "rate": first.now, "missing": missing(facts, first)}
        return Claim(f"step_target{passed}{down}", facts.subject(metric, kind, first.row["unit_code"], sector), "published", values)
    values = about(first) | {"kind": Named("kind", kind), "all": of_places(facts, first, "places"), "n": of_places(facts, first, "short")}
    values["missing"] = missing_together(facts, found)
    none = "_none" if values["n"].count == values["all"].count else ""
    return Claim(f"step_targets{none}{passed}{down}", facts.subject(metric, kind, "", sector), "counted", values)


def _lists(facts: Facts) -> Iterator[Step]:
    found = longest(facts.now.optional("worklist"), facts.now.period)
    if found is None:
        return
    of_list = lambda cell: tallied(facts.now, "worklist_count", cell, "city", facts.now.city, found.name)  # noqa: E731
    values = {"list": Named("list", found.name), "n": of_list("listed")}
    if found.long:
        values |= {"long": of_list("long"), "months": LONG}
    claim = Claim("step_list" if found.long else "step_list_new", facts.subject(sector=""), "counted", values)
    yield Step(claim, of_worklist(facts, found.name, found.count))
