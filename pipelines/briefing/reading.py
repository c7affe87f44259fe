"""What a briefing of a month looks at, gathered: the releases, what moved between them, the cases, the briefings before.

What belongs here: reading, and nothing that is said. Of all modules of the briefings this one alone opens releases and the casework. It
reads the whole city, for that is what a briefing speaks of, but never a small count of members (transforms/shown.py).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import narwhals as nw
import polars as pl

from data.casework import open_casework
from data.contracts import tables
from data.home import Home, HomeUnfit, Target
from data.language import english
from data.outbox import Slip, slips
from data.periods import add_months, last_day
from data.picture import Picture
from data.releases import NoSuchRelease, Release, current, open_release, until
from data.targets import asked_for
from data.words import Words
from transforms import comparing
from transforms.case_history import acted_on, cases_of, due_day, history_of, with_acts
from transforms.claims.facts import Facts
from transforms.inputs import UNKNOWN, valid_codes
from transforms.measures.doubling import Baseline, doubling
from transforms.measures.figures import Unit
from transforms.shown import Small, manifest_shown, protected, small_of

BACK = (1, 3, 6, 12)  # months ago
MOVED = (1, 3, 12)
SMALL = ("units", "metrics", "base_numbers", "doubling", "targets", "worklist", "loads")
Move = tuple[str, str, str]  # leg, unit kind, code


@dataclass(frozen=True)
class Shown(Release):
    """A release of the whole city without its small counts of members."""

    small: Small = field(kw_only=True)

    @cached_property
    def _whole(self) -> Release:
        return Release(self.period, self.revision, self.path)

    @cached_property
    def manifest(self) -> dict:
        return manifest_shown(self._whole, self.small)

    def scan(self, table: str) -> pl.LazyFrame:
        return protected(self._whole, table, self.small)

    def table(self, table: str) -> pl.DataFrame:
        return self.scan(table).collect()


@dataclass(frozen=True, eq=False)
class Shelf:
    """The releases of a home, each opened once. published: period -> current revision, of one moment."""

    home: Home
    published: Mapping[str, str]
    _open: dict[tuple[str, str], Picture | None] = field(default_factory=dict)

    def current(self, period: str) -> Picture | None:
        return self.revision(period, self.published[period]) if period in self.published else None

    def revision(self, period: str, revision: str) -> Picture | None:
        """A release; None where it is gone or can't be read: it then counts as one that is not published, and `verify` names it."""
        if (period, revision) not in self._open:
            self._open[period, revision] = self._opened(period, revision)
        return self._open[period, revision]

    def _opened(self, period: str, revision: str) -> Picture | None:
        try:
            found = open_release(self.home, period, revision)
            if not _is_readable(found):
                return None
            return Picture(Shown(found.period, found.revision, found.path, small=small_of(self.home.settings)))
        except NoSuchRelease:
            return None

    def until(self, now: Picture) -> list[Picture]:
        """Every published revision up to this one that can still be read, the oldest first."""
        found = [self.revision(*name) for name in until(self.home, now.period, now.revision, self.published)[:-1]]
        return [one for one in found if one is not None and one.is_sound] + [now]


def _is_readable(release: Release) -> bool:
    """Whether its manifest and its tables can be read. Those that are small are read whole; of the others what stands at their end, which
    a file that was cut short lacks."""
    try:
        for name in release.manifest["tables"]:
            path = release.file(name)
            pl.read_parquet(path) if name in SMALL else pl.read_parquet_schema(path)
        return release.manifest["period"] == release.period
    except (OSError, ValueError, LookupError, TypeError, pl.exceptions.PolarsError):
        return False


def due_on(home: Home, period: str, kind: str, today: date, lang: str) -> date:
    """Against which day a briefing counts what is overdue (docs/decisions/0029): today, while its month is the newest. After that days that
    pass are no news of that month: the day that its last edition went by stays, and one written only then counts by the month's end."""
    published = current(home)
    last = max(published, default=period)
    if period in published and period < last:
        alike = (kind, lang, published[period])
        written = [slip for slip in slips(home, period) if (slip.kind, slip.lang, slip.revision) == alike]
        newest = max(written, key=lambda slip: slip.edition, default=None)
        if newest is not None and newest.due_on:
            return date.fromisoformat(newest.due_on)
    return due_day(period, last, today)


def facts(home: Home, period: str, today: date, lang: str = "zh", day: date | None = None) -> Facts:
    """The facts of a published month. today: against which days set are overdue while the month is the newest; day: the same, whichever
    month it is. lang: of the briefings before this one. Raises NoSuchRelease, and HomeUnfit where its release is damaged."""
    named = open_release(home, period)
    shelf = Shelf(home, current(home))
    now = shelf.revision(named.period, named.revision)
    if now is None:
        raise HomeUnfit(Words("en" if english() else "zh")("outbox.damaged", release=named.name))
    valid = valid_codes(home.districts, last_day(period))
    back = {months: one for months in BACK if (one := shelf.current(add_months(period, -months)))}
    day = day or due_day(period, max(shelf.published), today)
    cases, casework = _cases(home, shelf, now, valid, day)
    return Facts(
        now=now,
        back=back,
        months=[(month, shelf.current(month)) for month in (add_months(period, step) for step in range(-12, 1))],
        moves={0: now.legs} | {months: moved(home, back[months], now) for months in MOVED if months in back},
        cases=cases,
        wanted=_wanted(home, now),
        minimum=home.settings.protection.minimum_denominator,
        earlier=_earlier(home, now, lang),
        followed=lambda code: valid.get(code, UNKNOWN),
        current=shelf.current,
        revision=shelf.revision,
        due_on=day,
        office=home.settings.briefing.office,
        classification=home.settings.briefing.classification,
        casework=casework,
    )


def moved(home: Home, before: Picture, now: Picture) -> dict[Move, dict]:
    """What became of the units between two published months, as table doubling has it, under the basis of the later one. What lacks a
    source at either end has no row."""
    settings = home.settings.model_copy(update={"city": home.settings.city.model_copy(update={"code": now.city})})
    inputs = comparing.inputs(now.period, home.districts, settings, now.manifest["basis"], now.manifest.get("missing", ()))
    baseline = Baseline(before.period, nw.from_native(before.census()), frozenset(before.manifest.get("missing", ())))
    places = [Unit(kind, code, row["name"], row["level"]) for (kind, code), row in now.units.items()]
    columns = [column.name for column in tables()["doubling"].published]
    rows = doubling(inputs, nw.from_native(now.census()), places, baseline)
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return {(row["leg"], row["unit_kind"], row["unit_code"]): row for row in found}


def _cases(home: Home, shelf: Shelf, now: Picture, valid: Mapping[str, str], day: date) -> tuple[pl.DataFrame | None, str | None]:
    """A row a finding until this month, with what people did about it; by the data alone where the casework can't be read, and why it
    can't."""
    if not now.has_findings:
        return None, None
    history = history_of(shelf.until(now))
    before = max((period for period in history.months if period < now.period), default=None)
    bare = cases_of(history, now.period, before, lambda code: valid.get(code, UNKNOWN))
    try:
        events = open_casework(home).events()
    except HomeUnfit as unfit:
        return bare, str(unfit)
    of: dict[str, list] = {}
    for event in events:
        of.setdefault(event.fingerprint, []).append(event)
    return with_acts(bare, acted_on(of, history, of, day).values()) if of else bare, None


def _wanted(home: Home, now: Picture) -> Collection[Target]:
    """What the release was asked for; of one of before that was kept in it, what the file asks for today."""
    asked = asked_for(now.manifest)
    if asked is not None:
        return asked
    try:
        return home.targets
    except HomeUnfit:  # the file was broken after this release: its figures stand
        return ()


def _earlier(home: Home, now: Picture, lang: str) -> list[Slip]:
    """The briefings that came before this one: of earlier months, and of earlier revisions of this month. Not of this very release, so that
    the same facts say the same however often they are written."""
    here = (now.period, int(now.revision[1:]))
    return [slip for slip in slips(home) if slip.lang == lang and (slip.period, int(slip.revision[1:])) < here]
