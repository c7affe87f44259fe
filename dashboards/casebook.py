"""The cases of a picture: each finding of its month with where it came from, how long it has stood, and what people did about it.

What belongs here: findings of all months and revisions put together with the casework, which the dashboards open here alone. How a status
follows from both is settled in transforms/cases.py. What is kept goes stale with the next release and the next event, and not before.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from threading import Lock

import narwhals as nw
import polars as pl
import streamlit as st

from dashboards import access, evidence, show, store
from dashboards.store import Picture
from data.casework import Act, Casework, Event, open_casework
from data.contracts import rules
from data.home import Home, HomeUnfit
from data.periods import last_day
from transforms.cases import Case, Sighting, case_of, standing

NEW, AGAIN, STAYED, UNCHECKED, GONE = "new", "again", "stayed", "unchecked", "gone"
PASSED = "passed"  # came and went within the month, by its revisions: neither new nor gone
HERE = (NEW, AGAIN, STAYED)  # in this release; the others are not, but belong to its month
STATUSES = ("open", "assigned", "answered", "explained", "closed")
DONE = {"status": pl.String, "lapsed": pl.Boolean, "assignee": pl.String, "due": pl.Date, "disposition": pl.String, "overdue": pl.Boolean}


@dataclass(frozen=True, eq=False)
class History:
    """What every revision until a picture saw. looks: (period, revision, time, rules that were run) of each, the oldest first."""

    pictures: tuple[Picture, ...]
    looks: tuple[tuple[str, str, datetime, frozenset[str]], ...]
    sightings: pl.DataFrame

    @cached_property
    def months(self) -> list[str]:
        """Those in which anybody looked, the oldest first: a release of before there were rules saw nothing, and says nothing."""
        return sorted({period for period, _, _, ran in self.looks if ran})

    @cached_property
    def runs(self) -> pl.DataFrame:
        rows = [(rule, period, revision, at) for period, revision, at, ran in self.looks for rule in sorted(ran)]
        columns = {"rule": pl.String, "period": pl.String, "revision": pl.String, "at": pl.Datetime(time_zone="UTC")}
        return pl.DataFrame(rows, schema=columns, orient="row")

    @cached_property
    def kept(self) -> dict:
        """What pages have worked out of it."""
        return {}

    def standing(self, period: str) -> pl.DataFrame:
        """Every finding seen until a month, by the data alone."""
        return _stood(tuple(picture for picture in self.pictures if picture.period <= period), period)

    def of(self, fingerprints: Collection[str], facts: bool = True) -> dict[str, list[Sighting]]:
        """fingerprint -> what each revision saw of it."""
        mine = self.sightings.filter(pl.col("fingerprint").is_in(list(fingerprints)))
        rule = dict(mine.select("fingerprint", "rule").rows())
        seen = set(mine.select("fingerprint", "period", "revision").rows())
        found: dict[str, list[Sighting]] = {name: [] for name in rule}
        for picture, (period, revision, at, ran) in zip(self.pictures, self.looks, strict=True):
            here = [name for name in rule if (name, period, revision) in seen]
            shown = picture.evidence(here) if facts else {}
            for name in rule:
                there = (name, period, revision) in seen if rule[name] in ran else None
                said = evidence.read(shown[name])[0] if name in shown else {}
                found[name].append(Sighting(period, revision, at, there, said))
        return found


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
    """The day against which a case is overdue: today while the month is the newest, else the month's last day."""
    if picture.period < max(store.published(home), default=""):
        return last_day(picture.period)
    return today or datetime.now(show.BEIJING).date()


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
    history = _history(_pictures)
    now = _pictures[-1].period
    before = max((period for period in history.months if period < now), default=None)
    return history, before, _standing(history, now, before, Home.from_option(home))


# What was seen until a month stays as it is when later months come: only what is new is worked out anew.
@lru_cache(maxsize=512)
def _stood(pictures: tuple[Picture, ...], period: str) -> pl.DataFrame:
    history = _history(pictures)
    found = standing(nw.from_native(history.sightings.lazy()), nw.from_native(history.runs.lazy()), period)
    return found.to_native().collect()


def _history(pictures: Sequence[Picture]) -> History:
    looks, seen = [], []
    for picture in pictures:
        rows = picture.sightings
        looks.append((picture.period, picture.revision, _time(picture), picture.ran))
        if rows is not None:
            seen.append(rows.with_columns(revision=pl.lit(picture.revision), look=pl.lit(len(looks))))
    return History(tuple(pictures), tuple(looks), pl.concat(seen))


def _time(picture: Picture) -> datetime:
    at = datetime.fromisoformat(picture.manifest["created_at"])
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _standing(history: History, now: str, before: str | None, home: Home) -> pl.DataFrame:
    """Every finding until a month without what people did: status open or closed."""
    cases = history.standing(now)
    then = history.standing(before).filter(pl.col("closed").is_null()).select("fingerprint", stood=pl.lit(True)) if before else None
    cases = cases.join(then, on="fingerprint", how="left") if then is not None else cases.with_columns(stood=pl.lit(None, pl.Boolean))
    last = history.sightings.sort("look").unique("fingerprint", keep="last").drop("rule", "revision").rename({"period": "last_period"})
    latest = len(history.looks)
    cases = cases.join(last, on="fingerprint").with_columns(pl.col("stood").fill_null(False), here=pl.col("look") == latest)
    stands = pl.col("closed").is_null()
    moved = (
        pl.when(stands & ~pl.col("here"))
        .then(pl.lit(UNCHECKED))
        .when(stands & pl.col("stood"))
        .then(pl.lit(STAYED))
        .when(stands)
        .then(pl.when(pl.col("rounds") == 1).then(pl.lit(NEW)).otherwise(pl.lit(AGAIN)))
        .when(pl.col("closed") == now)
        .then(pl.when(pl.col("stood")).then(pl.lit(GONE)).otherwise(pl.lit(PASSED)))
    )
    months = lambda year, month: year * 12 + month  # noqa: E731
    opened = months(pl.col("opened").str.head(4).cast(pl.Int64), pl.col("opened").str.tail(2).cast(pl.Int64))
    codes = {code: store.followed(home, code, now) for code in cases.filter(~pl.col("here"))["district_code"].drop_nulls().unique()}
    order = {name: card.order for name, card in rules().items()}
    return cases.with_columns(
        moved=moved,
        age=pl.lit(months(int(now[:4]), int(now[5:]))) - opened,
        order=pl.col("rule").replace_strict(order, default=len(order) + 1, return_dtype=pl.Int64),
        district_code=pl.when(pl.col("here")).then("district_code").otherwise(pl.col("district_code").replace(codes)),
        status=pl.when(stands).then(pl.lit("open")).otherwise(pl.lit("closed")),
        lapsed=pl.lit(False),
        assignee=pl.lit(None, pl.String),
        due=pl.lit(None, pl.Date),
        disposition=pl.lit(None, pl.String),
        overdue=pl.lit(False),
    ).drop("look", "here", "period", strict=False)


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
                self._follow({event.fingerprint for event in new}, history)
                found = pl.DataFrame(list(self._cases.values()), schema={"fingerprint": pl.String} | DONE, orient="row")
                self._every, self._last = bare.update(found, on="fingerprint"), new[-1]
            return bare if self._every is None else self._every, dict(self._events)

    def _follow(self, names: set[str], history: History) -> None:
        # Only a bound on a figure looks at figures, and reading evidence is the most of the work.
        bound = {name for name in names if any(event.fact for event in self._events[name])}
        for name, seen in (history.of(names - bound, facts=False) | history.of(bound)).items():
            case = case_of(seen, self._events[name], history.looks[-1][0])
            if case is not None:
                late = case.overdue(self._day)
                self._cases[name] = (name, case.status, case.lapsed, case.assignee, case.due, case.disposition, late)


@st.cache_resource(max_entries=48, show_spinner=False)
def _done(home: str, store: str, key: tuple, day: date) -> Done:
    return Done(day)
