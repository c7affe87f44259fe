"""Where releases are opened for the pages, which have no other way to one (the command line has seen.at_the_machine).

What belongs here: what a reader sees of a release, kept in memory as long as it is published. Who may see what is settled in
`picture`, once: it asks who is reading, and pages, downloads and drill-downs all read through what it gives (seen.py). A release never
changes, so what is kept never goes stale; which revision is current is read anew at every interaction.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache
from time import monotonic
from typing import Any

import polars as pl

from dashboards import access, opened
from dashboards.plain_text import in_line
from dashboards.seen import Seen, Sight, Small, sight_of, small_of
from dashboards.show import ABSENT, Figure, beijing
from data import releases
from data.contracts import rules
from data.home import Home
from data.periods import add_months, last_day
from data.releases import NoSuchRelease
from transforms.inputs import valid_codes

UNKNOWN = "000000"


@dataclass(frozen=True, eq=False)
class Picture:
    """What may be seen of one release."""

    release: Seen

    @property
    def period(self) -> str:
        return self.release.period

    @property
    def revision(self) -> str:
        return self.release.revision

    @property
    def manifest(self) -> dict:
        return self.release.manifest

    @property
    def published_at(self) -> str:
        """In Beijing time, which is what the offices' clocks show."""
        return beijing(self.manifest.get("created_at", ""))

    @cached_property
    def metrics(self) -> pl.DataFrame:
        return self.release.table("metrics")

    @cached_property
    def loads(self) -> pl.DataFrame:
        return self.release.table("loads")

    @cached_property
    def city(self) -> str:
        found = self.release.table("units").filter(pl.col("unit_kind") == "city")
        return found["unit_code"][0] if found.height else ""

    @cached_property
    def units(self) -> dict[tuple[str, str], dict]:
        """(kind, code) -> its row, with a name that is told apart from others of its kind."""
        rows = [row | {"name": row["name"] and in_line(row["name"])} for row in self.release.table("units").to_dicts()]
        names = [(row["unit_kind"], row["name"]) for row in rows]
        return {
            (row["unit_kind"], row["unit_code"]): row
            | {
                "name": f"{row['name']} ({row['unit_code']})"
                if names.count((row["unit_kind"], row["name"])) > 1
                else row["name"] or row["unit_code"]
            }
            for row in rows
        }

    def ready(self) -> None:
        """Reads now what nearly every page of it asks for."""
        _ = self.city, self.units, self._figures, self.legs, self.targets, self.worklist

    @cached_property
    def marks(self) -> dict[str, list[opened.Place]]:
        """mark of a code -> the figure of this release that it means."""
        return opened.marks(self.release)

    @cached_property
    def beside(self) -> dict["Picture", Any]:
        """What a page has worked out of this release and another one, for the last that it was compared with."""
        return {}

    def base_numbers(self, kind: str, code: str) -> dict | None:
        if "base_numbers" not in self.manifest["tables"]:
            return None
        rows = self._base.filter((pl.col("unit_kind") == kind) & (pl.col("unit_code") == code)).to_dicts()
        return rows[0] if rows else None

    @cached_property
    def _base(self) -> pl.DataFrame:
        return self.release.table("base_numbers")

    @cached_property
    def legs(self) -> dict[tuple[str, str, str], dict]:
        """(leg, unit kind, code) -> its row of the doubling; empty where the release has none."""
        if "doubling" not in self.manifest["tables"]:
            return {}
        return {(row["leg"], row["unit_kind"], row["unit_code"]): row for row in self.release.table("doubling").to_dicts()}

    def census(self) -> pl.LazyFrame:
        """The units behind the figures, with what every register says of each."""
        return self.release.scan("census")

    def optional(self, table: str) -> pl.DataFrame | None:
        """A table that an earlier version of the program did not publish; None where this release lacks it."""
        return self.release.table(table) if table in self.manifest["tables"] else None

    @cached_property
    def targets(self) -> pl.DataFrame | None:
        return self.optional("targets")

    @cached_property
    def worklist(self) -> pl.DataFrame | None:
        """The work lists, with the units' names as the census of this release has them."""
        rows = self.optional("worklist")
        if rows is None:
            return None
        names = self.census().select("uscc", "name").join(rows.lazy().select("uscc").unique(), on="uscc", how="semi").collect()
        return rows.join(names, on="uscc", how="left")

    @property
    def has_findings(self) -> bool:
        return "findings" in self.manifest["tables"]

    @cached_property
    def sightings(self) -> pl.DataFrame | None:
        """The findings without their evidence, which is the most of them."""
        if not self.has_findings:
            return None
        return self.release.scan("findings").drop("evidence").collect()

    @cached_property
    def ran(self) -> frozenset[str]:
        """The rules that were run for it. Of a release whose manifest does not say so yet, today's are taken, but for those that lacked a
        source; and whatever found something was run, though it be in no card any more."""
        if not self.has_findings:
            return frozenset()
        checks = self.manifest.get("checks", {})
        named = checks["ran"] if "ran" in checks else rules().keys() - checks.get("not_run", {}).keys()
        return frozenset(named) | frozenset(self.sightings["rule"])

    def evidence(self, fingerprints: Collection[str]) -> dict[str, str]:
        """fingerprint -> its evidence as published, of those that this release has."""
        if not self.has_findings or not fingerprints:
            return {}
        rows = self.release.scan("findings").filter(pl.col("fingerprint").is_in(list(fingerprints)))
        return dict(rows.select("fingerprint", "evidence").collect().rows())

    def district_of(self, fingerprint: str) -> str | None:
        """Where a finding lies by this release: the code of then, which may lead to another one by now."""
        if not self.has_findings:
            return None
        found = self.release.scan("findings").filter(pl.col("fingerprint") == fingerprint).select("district_code").collect()
        return found.item() if found.height == 1 else None

    @cached_property
    def organisation_names(self) -> dict[str, str]:
        """org_code -> name, of the organisations that this release publishes."""
        known = self.optional("organisations")
        return {} if known is None else {code: name for code, name in known.select("org_code", "name").rows() if name}

    def unit_names(self, codes: Iterable[str]) -> dict[str, str]:
        """USCC -> name, of those of these units that are in the census."""
        wanted = pl.LazyFrame({"uscc": list(codes)}, schema={"uscc": pl.String})
        found = self.census().select("uscc", "name").join(wanted, on="uscc", how="semi").collect()
        return {code: name for code, name in found.rows() if name}

    @cached_property
    def weak_orgs(self) -> pl.DataFrame | None:
        """The organisations on the list in its order, with their names and the dates and numbers behind their signs."""
        rows, known = self.optional("weak_orgs"), self.optional("organisations")
        if rows is None:
            return None
        types = {"org_code": pl.String, "name": pl.String, "term_ends_on": pl.Date, "eight_haves": pl.Int64}
        behind = pl.DataFrame(schema=types) if known is None else known.select(*types)
        return rows.join(behind, on="org_code", how="left").sort("rank")

    @cached_property
    def returned(self) -> list[dict] | None:
        """The districts' own returns of the period, as reported; None where this release did not keep them."""
        rows = self.optional("returned")
        return None if rows is None else rows.to_dicts()

    @cached_property
    def file_districts(self) -> dict[str, str]:
        """path -> the district, of the files that speak of one district alone; empty where this release has no origins."""
        return {path: code for path, code in self.release.district_files.items() if ("district", code) in self.units}

    def lies_within(self, kind: str, code: str) -> bool:
        """Whether all that lies in a place may be seen, and not its figures alone."""
        return self.release.reach is None or self.release.reach.lies_within(kind, code)

    def units_in_census(self, codes: pl.Series) -> dict[str, dict]:
        """USCC -> what the census says of it now; a unit that has left the registers is not there."""
        wanted = pl.LazyFrame({"uscc": codes.unique()}, schema={"uscc": pl.String})
        return {row["uscc"]: row for row in self.census().join(wanted, on="uscc", how="semi").collect().to_dicts()}

    @cached_property
    def _figures(self) -> dict[tuple, Figure]:
        rows = self.metrics.select(
            "metric", "unit_kind", "unit_code", "sector", "basis", "numerator", "denominator", "value", "reason"
        ).rows()
        return {row[:5]: Figure(*row[5:]) for row in rows}

    def figure(self, metric: str, kind: str, code: str, sector: str, basis: str) -> Figure:
        """One published figure; a metric that has no basis is found under any."""
        found = self._figures.get((metric, kind, code, sector, basis)) or self._figures.get((metric, kind, code, sector, "-"))
        return found or ABSENT

    def metric_key(self, metric: str, kind: str, code: str, sector: str, basis: str) -> dict[str, str] | None:
        """The key of the row that `figure` finds; None where there is none."""
        on = next((each for each in (basis, "-") if (metric, kind, code, sector, each) in self._figures), None)
        return on and {"basis": on, "unit_kind": kind, "unit_code": code, "sector": sector, "metric": metric}

    @cached_property
    def _bases(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for metric, _, _, _, basis in self._figures:
            found.setdefault(metric, set()).add(basis)
        return found

    def bases(self, metric: str) -> set[str]:
        """The bases that a metric is computed under; `-` where it has none."""
        return self._bases.get(metric, set())

    @cached_property
    def _sectors(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], dict[str, None]] = {}
        for metric, kind, _, sector, _ in self._figures:
            found.setdefault((metric, kind), {})[sector] = None
        return {key: tuple(value) for key, value in found.items()}

    def sectors(self, metric: str, kind: str) -> tuple[str, ...]:
        """The sectors that a metric has for units of a kind; empty where it has none."""
        return self._sectors.get((metric, kind), ())

    @cached_property
    def rejections(self) -> pl.DataFrame:
        """source, reason -> how many rows, in how many files."""
        return (
            self.release.scan("rejected")
            .group_by("source", "reason")
            .agg(pl.len().alias("rows"), pl.col("path").n_unique().alias("files"))
            .sort("rows", "reason", descending=[True, False])
            .collect()
        )

    def rejected(self, source: str, reason: str | None = None, path: str | None = None) -> pl.LazyFrame:
        rows = self.release.scan("rejected").filter(pl.col("source") == source)
        rows = rows.filter(pl.col("reason") == reason) if reason else rows
        return rows.filter(pl.col("path") == path) if path else rows


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
    current, found, lost = published(home) | {now.period: now.revision}, [], []
    for period in sorted(period for period in current if period < now.period):
        names = revisions(home, period)
        names = names[: names.index(current[period]) + 1] if current[period] in names else [current[period]]
        found += [(period, name) for name in names]
    names = revisions(home, now.period)
    found += [(now.period, name) for name in names[: names.index(now.revision)]] if now.revision in names else []
    sound = []
    for period, name in found:
        one = _sound(home, period, name)
        if one is None:
            lost.append(f"{period} {name}")
        else:
            sound.append(one)
    return [*sound, now], lost


def _sound(home: Home, period: str, revision: str) -> Picture | None:
    """A release whose findings are there and can be opened, if it ever had some."""
    found = _former(home, period, revision)
    try:
        if found:
            _ = found.sightings
    except (OSError, pl.exceptions.PolarsError):
        return None
    return found


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
