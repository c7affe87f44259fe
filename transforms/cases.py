"""Cases (线索办理): the standing of a finding, derived from what the months show of it and from what people did about it. Never stored.

What belongs here: the course of one case, followed one moment after the other (`case_of`), and the same for all findings at once where
nobody did anything (`standing`). Moments are in the order of the months that they speak of, and within a month in that of time: a month
that is published anew changes the course from there on. A finding is opened by being seen and closed by a run of its rule that does not
see it. A rule that was not run says nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import Literal

import narwhals as nw

from data.acts import Event
from data.periods import last_day

Status = Literal["open", "assigned", "answered", "explained", "closed"]


@dataclass(frozen=True)
class Sighting:
    """A published revision of a month, looked at for one finding. seen: None where its rule was not run. facts: of its evidence."""

    period: str
    revision: str
    at: datetime
    seen: bool | None
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A moment that changed something. what: found, gone, not_run, back, lapsed, or the kind of the event."""

    period: str
    at: datetime
    what: str
    event: Event | None = None


@dataclass(frozen=True)
class Case:
    """A finding with what was done about it, as of a month.

    reopened: it had been closed, and came back. lapsed: an explanation ended or was left, so that it is open again. opened: the first
    month of the present round; closed: the month in which it was found gone. days: of age, from the report day of `opened` to that of
    `closed`, or of the month looked at. The rest is what the last acts said.
    """

    status: Status
    reopened: bool
    lapsed: bool
    rounds: int
    opened: str
    closed: str | None
    days: int
    assignee: str | None
    due: date | None
    disposition: str | None
    note: str | None
    until: str | None
    fact: str | None
    low: Decimal | None
    high: Decimal | None
    steps: tuple[Step, ...]

    def overdue(self, on: date) -> bool:
        """Whether somebody should have acted before this day. What is closed or explained waits for nobody."""
        return self.status in ("open", "assigned", "answered") and self.due is not None and self.due < on


def case_of(sightings: Sequence[Sighting], events: Sequence[Event], period: str) -> Case | None:
    """The case as of a month: what speaks of a later one does not count. None where the finding had not been seen until then."""
    course = reduce(follow, in_order(sightings, events, period), Course())
    return course.case(period) if course.rounds else None


def in_order(sightings: Iterable[Sighting], events: Iterable[Event], period: str) -> list[Sighting | Event]:
    """What happened until a month, in its order. Who acts has seen what was published in the same moment, so that comes first."""
    return sorted((moment for moment in (*sightings, *events) if moment.period <= period), key=_place)


def _place(moment: Sighting | Event) -> tuple:
    if isinstance(moment, Sighting):
        return (moment.period, moment.at, 0, len(moment.revision), moment.revision)
    return (moment.period, moment.at, 1, moment.id, "")


@dataclass(frozen=True)
class Course:
    """How far a case has come: all that is needed to go on from here. explanation: the answer by which it may stand as it is; held: the
    status that it was closed in, should the same month take that back."""

    stands: bool = False
    status: Status = "closed"
    held: Status = "open"
    held_lapsed: bool = False
    rounds: int = 0
    lapsed: bool = False
    opened: str = ""
    closed: str | None = None
    latest: Sighting | None = None
    run: bool = True
    assigned: Event | None = None
    last: Event | None = None
    due: date | None = None
    explanation: Event | None = None
    steps: tuple[Step, ...] = ()

    def case(self, period: str) -> Case:
        said, answered = self.last, self.last is not None and self.last.kind == "answered"
        return Case(
            status=self.status, reopened=self.rounds > 1, lapsed=self.lapsed, rounds=self.rounds, opened=self.opened, closed=self.closed,
            days=(last_day(self.closed or period) - last_day(self.opened)).days,
            assignee=self.assigned.assignee if self.assigned else None, due=self.due,
            note=said.note if said else None, disposition=said.disposition if answered else None, until=said.until if answered else None,
            fact=said.fact if answered else None, low=said.low if answered else None, high=said.high if answered else None,
            steps=self.steps,
        )  # fmt: skip

    def then(self, what: str, moment: Sighting | Event, **changes) -> "Course":
        step = Step(moment.period, moment.at, what, None if isinstance(moment, Sighting) else moment)
        return replace(self, steps=(*self.steps, step), **changes)


def follow(course: Course, moment: Sighting | Event) -> Course:
    """The course after one more moment. Moments must come in order."""
    if isinstance(moment, Sighting):
        return {True: _seen, False: _not_seen, None: _not_run}[moment.seen](course, moment)
    return {"assigned": _assigned, "answered": _answered, "returned": _returned}[moment.kind](course, moment)


def _seen(course: Course, sighting: Sighting) -> Course:
    course = replace(course, latest=sighting, run=True)
    explanation = course.explanation
    holds = explanation is not None and _holds(explanation, sighting)
    if not course.stands and course.rounds and course.closed == sighting.period:
        # A revision that another one of the same month took back: the month as it stands never lacked the finding, so nothing was closed.
        course = course.then("back", sighting, stands=True, status=course.held, closed=None, lapsed=course.held_lapsed)
    elif not course.stands:
        # A new round knows nothing of who had the finding before; only an explanation outlives it, for it speaks of what is so.
        course = course.then(
            "back" if course.rounds else "found", sighting,
            stands=True, status="explained" if holds else "open", rounds=course.rounds + 1, lapsed=False, opened=sighting.period,
            closed=None, assigned=None, due=None, last=explanation,
        )  # fmt: skip
    if explanation is not None and not holds:
        return course.then("lapsed", sighting, status="open", lapsed=True, explanation=None)
    return course


def _not_seen(course: Course, sighting: Sighting) -> Course:
    if not course.stands:
        return course
    return course.then(
        "gone", sighting, stands=False, status="closed", held=course.status, held_lapsed=course.lapsed, closed=sighting.period,
        lapsed=False, run=True,
    )  # fmt: skip


def _not_run(course: Course, sighting: Sighting) -> Course:
    return course.then("not_run", sighting, run=False) if course.stands and course.run else course


def _assigned(course: Course, event: Event) -> Course:
    """Whoever gives a case out again doubts what was said of it: an explanation ends with that."""
    return _acted(course, event, "assigned", assigned=event, due=event.due, explanation=None)


def _answered(course: Course, event: Event) -> Course:
    # 待核 is no answer yet: what was asked for stays due.
    due = event.due or (course.due if event.disposition == "pending" else None)
    explains = event.explains and (not course.stands or _holds(event, course.latest))
    return _acted(course, event, "explained" if explains else "answered", due=due, explanation=event if explains else None)


def _returned(course: Course, event: Event) -> Course:
    """Back to whom it was given, who has to act by the day that was set, unless a new one is."""
    assigned = course.assigned
    due = event.due or (assigned.due if assigned else None)
    return _acted(course, event, "assigned" if assigned else "open", due=due, explanation=None)


def _acted(course: Course, event: Event, status: Status, **changes) -> Course:
    """What is closed stays so, whatever is said of it: only the data open it again."""
    kept = {"status": status, "lapsed": False} if course.stands else {"held": status, "held_lapsed": False}
    return course.then(event.kind, event, last=event, **kept, **changes)


def _holds(explanation: Event, sighting: Sighting) -> bool:
    """Whether what is seen lies within what was explained: not after its last month, and the figure there and inside its bound."""
    if explanation.until is not None and sighting.period > explanation.until:
        return False
    if explanation.fact is None:
        return True
    figure = number(sighting.facts.get(explanation.fact))
    low, high = explanation.low, explanation.high
    return figure is not None and (low is None or low <= figure) and (high is None or figure <= high)


def number(fact: object) -> Decimal | None:
    """A figure of a finding's evidence as a number; amounts stand there as text. None where it is no number."""
    if isinstance(fact, bool) or not isinstance(fact, int | float | Decimal | str):
        return None
    try:
        found = Decimal(str(fact))
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def standing(sightings: nw.LazyFrame, runs: nw.LazyFrame, period: str) -> nw.LazyFrame:
    """Every finding seen until a month, by the data alone: fingerprint, rule, rounds, opened, closed (null: it stands), days.

    sightings: a row a finding and revision in which it was seen: fingerprint, rule, period, revision.
    runs: a row a rule and revision in which it was run, whether it saw anything or not: rule, period, revision, at.
    """
    until = nw.col("period") <= period
    runs, sightings = runs.filter(until), sightings.filter(until)
    # Runs of a rule are numbered, so that a finding is gone where a number is left out. r100 comes after r99.
    names = ("period", "at", "_length", "revision")
    runs = runs.with_columns(_length=nw.col("revision").str.len_chars(), _one=nw.lit(1).cast(nw.Int64))
    runs = runs.with_columns(_run=nw.col("_one").cum_sum().over("rule", order_by=names)).select("rule", "period", "revision", "_run")
    seen = sightings.select("fingerprint", "rule", "period", "revision").join(runs, on=["rule", "period", "revision"], how="inner")
    # Where it was not seen by a run of a month before this one: what a month says of itself is what its last revision says.
    seen = seen.with_columns(_lost=nw.col("_run").shift(1).over("fingerprint", order_by="_run") + 1)
    lost = runs.select("rule", _lost="_run", _gone="period")
    seen = seen.join(lost, on=["rule", "_lost"], how="left")
    anew = nw.col("_lost").is_null() | ((nw.col("_lost") < nw.col("_run")) & (nw.col("_gone") < nw.col("period")))
    seen = seen.with_columns(_begins=anew.cast(nw.Int64))
    seen = seen.with_columns(_round=nw.col("_begins").cum_sum().over("fingerprint", order_by="_run"))
    seen = seen.with_columns(rounds=nw.col("_round").max().over("fingerprint")).filter(nw.col("_round") == nw.col("rounds"))
    cases = seen.group_by("fingerprint", "rule", "rounds").agg(opened=nw.col("period").min(), _last=nw.col("_run").max())
    cases = cases.with_columns(_run=nw.col("_last") + 1)
    cases = cases.join(runs.select("rule", "_run", closed="period"), on=["rule", "_run"], how="left")
    cases = cases.with_columns(_until=nw.col("closed").fill_null(nw.lit(period)))
    cases = cases.with_columns(days=_last_day(nw.col("_until")) - _last_day(nw.col("opened")))
    return cases.select("fingerprint", "rule", "rounds", "opened", "closed", "days")


def _last_day(period: nw.Expr) -> nw.Expr:
    """The last day of a month as a number of days, by whole numbers alone: engines do not agree on how dates are counted."""
    # Years are taken from March on, so that the day that February has in some of them is the year's last.
    months = period.str.slice(0, 4).cast(nw.Int64) * 12 + period.str.slice(5, 2).cast(nw.Int64) - 2
    years, month = months // 12, months % 12
    return years * 365 + years // 4 - years // 100 + years // 400 + (month * 153 + 2) // 5
