"""Where releases are opened for the pages, which have no other way to one (the command line has seen.at_the_machine).

What belongs here: what a reader sees of a release, kept in memory as long as it is published. Who may see what is settled in
`picture`, once: it asks who is reading, and pages, downloads and drill-downs all read through what it gives (seen.py). A release never
changes, so what is kept never goes stale; which revision is current is read anew at every interaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache
from time import monotonic
from typing import Any

from dashboards import access
from dashboards.seen import Seen, Sight, Small, sight_of, small_of
from data import picture as picture_of
from data import releases
from data.home import Home
from data.periods import add_months, last_day
from data.releases import NoSuchRelease
from transforms.inputs import valid_codes
from transforms.marks import Place
from transforms.marks import marks as marks_of
from transforms.show import beijing

UNKNOWN = "000000"


@dataclass(frozen=True, eq=False)
class Picture(picture_of.Picture):
    """What may be seen of one release."""

    release: Seen

    @property
    def published_at(self) -> str:
        """In Beijing time, which is what the offices' clocks show."""
        return beijing(self.manifest.get("created_at", ""))

    def ready(self) -> None:
        """Reads now what nearly every page of it asks for."""
        _ = self.city, self.units, self._figures, self.legs, self.targets, self.worklist

    @cached_property
    def marks(self) -> dict[str, list[Place]]:
        """mark of a code -> the figure of this release that it means."""
        return marks_of(self.release)

    @cached_property
    def beside(self) -> dict["Picture", Any]:
        """What a page has worked out of this release and another one, for the last that it was compared with."""
        return {}

    @cached_property
    def file_districts(self) -> dict[str, str]:
        """path -> the district, of the files that speak of one district alone; empty where this release has no origins."""
        return {path: code for path, code in self.release.district_files.items() if ("district", code) in self.units}

    def lies_within(self, kind: str, code: str) -> bool:
        """Whether all that lies in a place may be seen, and not its figures alone."""
        return self.release.lies_within(kind, code)


# What one run of a page has read already: which revisions are current, and the pictures that it was given.
_RUN: ContextVar[dict | None] = ContextVar("what one run has read", default=None)


@contextmanager
def one_state() -> Iterator[None]:
    """For the run of a page: all of it is of one state of the releases, whatever is published meanwhile, and each is asked for once."""
    before = _RUN.set({})
    try:
        yield
    finally:
        _RUN.reset(before)


def _once(key: tuple, find: Callable[[], Any]) -> Any:
    """What a run has found under this key; outside of a run it is looked for each time."""
    read = _RUN.get()
    if read is None:
        return find()
    if key not in read:
        read[key] = find()
    return read[key]


# What the pages of a server are given until a newer state has been made ready for them (warm.py), and how long at most: after that,
# whatever became of its making, they see what is published.
_HELD: dict[str, tuple[dict[str, str], float]] = {}


def hold(home: Home, state: dict[str, str], seconds: float) -> None:
    _HELD[str(home.path)] = (state, monotonic() + seconds)


def let_go(home: Home) -> None:
    _HELD.pop(str(home.path), None)


@contextmanager
def seen_as(home: Home, sight: Sight, state: dict[str, str]) -> Iterator[None]:
    """As one_state, of a state and for a reader that are told and not asked for."""
    with one_state():
        _RUN.get().update({(home.path,): state, (home.path, "sight"): sight})
        yield


def published(home: Home) -> dict[str, str]:
    """period -> current revision, as the run found it."""
    return _once((home.path,), lambda: _published(home))


def _published(home: Home) -> dict[str, str]:
    state, until = _HELD.get(str(home.path), ({}, 0.0))
    return state if monotonic() < until else releases.current(home)


def revisions(home: Home, period: str) -> list[str]:
    return releases.revisions(home, period)


def picture(home: Home, period: str, revision: str) -> Picture:
    """Opens a release for whoever is reading, or gives the picture that is already open. Raises NoSuchRelease, and access.NoEntry for
    somebody who may not read at all."""
    return _once((home.path, period, revision), lambda: _picture(home, period, revision))


def _picture(home: Home, period: str, revision: str) -> Picture:
    sight = _once((home.path, "sight"), lambda: sight_of(access.reader(home)))
    release = releases.open_release(home, period, revision)
    newest = last_day(max(published(home), default=period))
    leads_to = () if sight.whole else _once((home.path, newest), lambda: tuple(sorted(valid_codes(home.districts, newest).items())))
    written = (release.path / "manifest.json").stat().st_mtime_ns
    return _open(str(home.path), period, revision, written, sight, small_of(home.settings), leads_to)


# The manifest's own time is part of the key: a home that was deleted and made anew may reuse a revision's name. So is the reader's
# sight: what is kept for one is never given to another who sees less. A year of months for as many sights as a city has districts and
# parks finds room; those of an area are small.
@lru_cache(maxsize=1024)
def _open(
    home: str, period: str, revision: str, written: int, sight: Sight, small: Small, leads_to: tuple[tuple[str, str], ...]
) -> Picture:
    release = releases.open_release(Home(home), period, revision)
    return Picture(Seen(period, revision, release.path, sight=sight, small=small, leads_to=dict(leads_to)))


def earlier(home: Home, now: Picture, period: str) -> Picture | None:
    """The current release of another period; None where it is not published."""
    if period == now.period:
        return now
    revision = published(home).get(period)
    try:
        return picture(home, period, revision) if revision else None
    except NoSuchRelease:
        return None


def looked_back(home: Home, now: Picture, period: str) -> Picture | None:
    """The release of an earlier period that this one was computed from; where its manifest names none, the current one."""
    revision = now.manifest.get("looked_back", {}).get(period)
    try:
        return picture(home, period, revision) if revision else earlier(home, now, period)
    except NoSuchRelease:
        return None


def thirteen_months(home: Home, now: Picture) -> list[tuple[str, Picture | None]]:
    """The picture's month and the twelve before it; None for a month that is not published."""
    months = [add_months(now.period, step) for step in range(-12, 1)]
    return [(month, earlier(home, now, month)) for month in months]


def last_before(home: Home, now: Picture) -> Picture | None:
    """The last release published for an earlier period."""
    before = [period for period in published(home) if period < now.period]
    return earlier(home, now, max(before)) if before else None


def compared_with(home: Home, now: Picture) -> tuple[Picture | None, bool]:
    """The release that changes are measured against: a year ago (then True), else the last one published before; None without any."""
    year = earlier(home, now, add_months(now.period, -12))
    return (year, True) if year else (last_before(home, now), False)


def followed(home: Home, code: str, period: str) -> str:
    """A district code of an earlier period, followed to the one valid at this period's end (districts merge)."""
    return valid_codes(home.districts, last_day(period)).get(code, UNKNOWN)


def first_seen(home: Home, now: Picture) -> dict[str, str]:
    """path -> when the file, as it is in this release, was first published (Beijing time)."""
    wanted = now.manifest.get("inputs", {})
    found: dict[str, str] = {}
    for name in revisions(home, now.period):
        one = _former(home, now.period, name)
        if one is None:
            continue
        manifest = one.manifest
        stamp = manifest.get("created_at", "")
        for path, digest in manifest.get("inputs", {}).items():
            if wanted.get(path) == digest and path not in found:
                found[path] = f"{beijing(stamp)} · {name}"
        if name == now.revision:
            break
    return found


def until(home: Home, now: Picture) -> tuple[list[Picture], list[str]]:
    """Every published revision up to this one, the oldest first; what a broken run left behind the current one does not count. And the
    names of those whose findings can't be read any more, which are left out: a damaged former revision is no reason to show nothing."""
    sound, lost = [], []
    for period, name in releases.until(home, now.period, now.revision, published(home))[:-1]:
        one = _sound(home, period, name)
        if one is None:
            lost.append(f"{period} {name}")
        else:
            sound.append(one)
    return [*sound, now], lost


def _sound(home: Home, period: str, revision: str) -> Picture | None:
    """A release whose findings are there and can be opened, if it ever had some."""
    found = _former(home, period, revision)
    return found if found and found.is_sound else None


def _former(home: Home, period: str, revision: str) -> Picture | None:
    """A revision that may not be the current one; None where it is gone, or its manifest can't be read."""
    try:
        found = picture(home, period, revision)
        return found if "tables" in found.manifest else None
    except (NoSuchRelease, OSError, ValueError):
        return None


def first_of(home: Home, now: Picture) -> Picture | None:
    """The month's first release, r01; None where it is gone."""
    return now if now.revision == "r01" else _former(home, now.period, "r01")


def restated(home: Home, now: Picture) -> tuple[str | None, list[str], list[str]]:
    """Against the revision before, as far as it can be read: (its name, paths that vanished, paths whose content changed). Only the
    period's own files."""
    gone = set(now.manifest.get("withdrawn", ()))
    names = revisions(home, now.period)
    place = names.index(now.revision) if now.revision in names else 0
    before = next((one for name in reversed(names[:place]) if (one := _former(home, now.period, name))), None)
    if before is None:
        return None, sorted(gone), []
    old = before.manifest.get("inputs", {})
    new = now.manifest.get("inputs", {})
    mine = [path for path in old if path.startswith(f"{now.period}/")]
    gone |= {path for path in mine if path not in new}
    return before.revision, sorted(gone), sorted(path for path in mine if path in new and new[path] != old[path])
