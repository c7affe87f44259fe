"""The cases of a picture: each finding of its month with where it came from, how long it has stood, and what people did about it.

What belongs here: findings of all months and revisions put together with the casework, which the dashboards open here alone. How a status
follows from both is settled in transforms/cases.py. What is kept goes stale with the next release and the next event, and not before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Lock

import polars as pl
import streamlit as st

from dashboards import access, store
from dashboards.store import Picture
from data.casework import Act, Casework, Event, open_casework
from data.contracts import rules
from data.home import Home, HomeUnfit
from transforms import case_history, show
from transforms.case_history import HERE, History, acted_on, cases_of, history_of, with_acts
from transforms.cases import Case, Sighting, case_of

STATUSES = ("open", "assigned", "answered", "explained", "closed")


@dataclass(frozen=True, eq=False)
class Casebook:
    """The cases as of a picture's month.

    every: a row a finding that was seen until then: its columns as last published, with rounds, opened, closed, days, age (whole months),
    moved (null: closed before this month), stood (open at the end of the month before), and what was done: status, lapsed, assignee, due,
    disposition, overdue. Codes of districts are today's. before: the month looked at before, None where there is none. lost: the releases
    that can't be read any more.
    """

    picture: Picture
    history: History
    before: str | None
    every: pl.DataFrame
    events: Mapping[str, Sequence[Event]]
    trouble: str | None = None
    lost: Sequence[str] = ()

    @cached_property
    def cases(self) -> pl.DataFrame:
        """Those that this month has to do with."""
        return self.every.filter(pl.col("moved").is_not_null())

    @cached_property
    def here(self) -> pl.DataFrame:
        """Those that stand in the release itself."""
        return self.every.filter(pl.col("moved").is_in(HERE))

    @property
    def first(self) -> str:
        """The first month that anybody looked at."""
        return min(self.history.months, default=self.picture.period)

    @property
    def not_run(self) -> dict[str, list[str]]:
        """Rule -> the sources for want of which it was not run; none where there was no such rule yet."""
        lacking = self.picture.manifest.get("checks", {}).get("not_run", {})
        return {name: lacking.get(name, []) for name in rules() if name not in self.picture.ran}

    def lacks_before(self, name: str) -> bool:
        """Whether a rule was not run because the month before, to which it looks back, is not published or lacks a source."""
        lacking, missing = self.not_run.get(name), self.picture.manifest.get("missing", ())
        return bool(lacking) and name in rules() and rules()[name].looks_back and not set(lacking) & set(missing)

    def row(self, fingerprint: str) -> dict | None:
        found = self.every.filter(pl.col("fingerprint") == fingerprint).to_dicts()
        return found[0] if found else None

    def with_evidence(self, rows: pl.DataFrame) -> list[dict]:
        """Some of the cases with their evidence, from the release that last saw each."""
        wanted: dict[str, list[str]] = {}
        for fingerprint, period in rows.select("fingerprint", "last_period").rows():
            wanted.setdefault(period, []).append(fingerprint)
        shown: dict[str, str] = {}
        for picture in self.history.pictures:  # what a later revision of a month says stands above what an earlier one said
            shown |= picture.evidence(wanted.get(picture.period, ()))
        return [row | {"evidence": shown.get(row["fingerprint"])} for row in rows.to_dicts()]

    @cached_property
    def _looked_up(self) -> dict[str, list[Sighting]]:
        return {}

    def sightings(self, fingerprint: str) -> list[Sighting]:
        """What each revision saw of a finding; read once, for it is in many files."""
        if fingerprint not in self._looked_up:
            self._looked_up[fingerprint] = self.history.of([fingerprint]).get(fingerprint, [])
        return self._looked_up[fingerprint]

    def case(self, fingerprint: str) -> Case | None:
        return case_of(self.sightings(fingerprint), self.events.get(fingerprint, ()), self.picture.period)

    def last_seen(self, fingerprint: str) -> Picture | None:
        """The newest release until here that has the finding."""
        seen = {(each.period, each.revision) for each in self.sightings(fingerprint) if each.seen}
        return next((one for one in reversed(self.history.pictures) if (one.period, one.revision) in seen), None)


def open_casebook(home: Home, picture: Picture, today: date | None = None) -> Casebook | None:
    """The cases as of a picture; None where its release has no findings. Where the casework can't be read, they stand as the data have
    them, and `trouble` says why. today: against which the days that were set are overdue (for a month that is not the newest: its last)."""
    if not picture.has_findings:
        return None
    pictures, lost = store.until(home, picture)
    # What one reader may see is kept apart from what another may.
    key = (picture.release.sight, *((one.period, one.revision, one.manifest.get("created_at", "")) for one in pictures))
    history, before, bare = _by_data(str(home.path), key, pictures)
    try:
        casework = open_casework(home)
        done = _done(str(home.path), casework.name, key, due_day(home, picture, today))
        every, events = done.read(casework, history, bare)
    except HomeUnfit as error:
        return Casebook(picture, history, before, bare, {}, str(error), lost)
    return Casebook(picture, history, before, every, events, lost=lost)


def due_day(home: Home, picture: Picture, today: date | None = None) -> date:
    """The day against which a case of a picture is overdue; today by the offices' clocks."""
    return case_history.due_day(picture.period, max(store.published(home), default=""), today or datetime.now(show.BEIJING).date())


def act(home: Home, picture: Picture, done: Act, drawn: int) -> list[Event]:
    """Stores an act; what others did about the same finding since the page was drawn (`drawn`: the last event then) is given back.

    Raises access.NoEntry for a reader who does not act, and for a finding that is none of what they may see.
    """
    book = open_casebook(home, picture)
    if not access.reader(home).acts or book is None or book.row(done.fingerprint) is None:
        raise access.NoEntry("unknown")
    casework = open_casework(home)
    stored = casework.add([done])
    return [event for event in casework.events([done.fingerprint]) if drawn < event.id < stored[0].id]


@st.cache_resource(max_entries=48, show_spinner=False)
def _by_data(home: str, key: tuple, _pictures: list[Picture]) -> tuple[History, str | None, pl.DataFrame]:
    history = history_of(_pictures)
    now = _pictures[-1].period
    before = max((period for period in history.months if period < now), default=None)
    return history, before, cases_of(history, now, before, lambda code: store.followed(Home.from_option(home), code, now))


class Done:
    """What was done about the findings of a month, brought up to date: only what was acted on since is followed anew, for after some years
    tens of thousands were."""

    def __init__(self, day: date):
        self._day = day
        self._lock = Lock()
        self._clear()

    def _clear(self) -> None:
        self._last: Event | None = None
        self._every: pl.DataFrame | None = None
        self._events: dict[str, list[Event]] = {}
        self._cases: dict[str, tuple] = {}

    def read(self, casework: Casework, history: History, bare: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, list[Event]]]:
        """The cases, and the events of each, with all that is stored by now."""
        with self._lock:
            new = casework.events(after=self._last.id - 1 if self._last else 0)
            if self._last and new[:1] != [self._last]:  # the store is another one, put back from a copy
                self._clear()
                new = casework.events()
            elif self._last:
                new = new[1:]
            if new:
                for event in new:
                    self._events[event.fingerprint] = [*self._events.get(event.fingerprint, ()), event]
                acted = {event.fingerprint for event in new}
                self._cases |= acted_on(acted, history, self._events, self._day)
                self._every, self._last = with_acts(bare, self._cases.values()), new[-1]
            return bare if self._every is None else self._every, dict(self._events)


@st.cache_resource(max_entries=48, show_spinner=False)
def _done(home: str, store: str, key: tuple, day: date) -> Done:
    return Done(day)
