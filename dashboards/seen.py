"""A release as one kind of reader sees it: what store.py opens, and all that any page, download or drill-down is ever given.

What belongs here: small counts of members hidden for everybody (transforms/small_cells.py), over the whole city and before any area is
cut out; then the reach of transforms/reach.py laid over tables, manifest and reports, and names of units taken away from readers of
figures. The same class reads for everybody: a reader of the whole city has a reach without bounds.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock

import narwhals as nw
import polars as pl

from data.access import ANYBODY_HERE, Area, Reader
from data.home import Home
from data.releases import Release, open_release
from transforms import reach
from transforms.own_files import districts_by_file
from transforms.shown import Small, manifest_shown, protected, small_of

# Codes of units that a reader of figures is given stand for the same unit in every release, and say nothing of which: drawn anew at
# every start, so that nothing of them can be kept.
_SEED = secrets.randbits(63)


@dataclass(frozen=True)
class Sight:
    """What sets the eyes of one reader apart from another's: a key of everything that is kept for both."""

    areas: tuple[Area, ...]
    names: bool

    @property
    def whole(self) -> bool:
        return any(area.kind == "city" for area in self.areas)


def sight_of(reader: Reader) -> Sight:
    return Sight(reader.areas, reader.sees_units)


@dataclass(frozen=True)
class Seen(Release):
    """`leads_to`: district code of the release's month -> today's."""

    sight: Sight = field(kw_only=True)
    small: Small = field(kw_only=True)
    at_the_machine: bool = field(kw_only=True, default=False)
    leads_to: Mapping[str, str] = field(kw_only=True, default_factory=dict, hash=False)

    @cached_property
    def _all(self) -> Release:
        return Release(self.period, self.revision, self.path)

    @cached_property
    def reach(self) -> reach.Reach | None:
        """None: without bounds."""
        if self.sight.whole:
            return None
        areas = [(area.kind, area.code) for area in self.sight.areas]
        return reach.reach_of(areas, self._all.table("units").to_dicts(), self.leads_to, self.district_files)

    @cached_property
    def district_files(self) -> dict[str, str]:
        """path -> the district, of the files that speak of one district alone; from the whole release, whoever reads."""
        with _ONE_AT_A_TIME:
            return _known_files(self.period, self.revision, self.path, (self.path / "manifest.json").stat().st_mtime_ns)

    def lies_within(self, kind: str, code: str) -> bool:
        return self.reach is None or self.reach.lies_within(kind, code)

    @cached_property
    def manifest(self) -> dict:
        whole = manifest_shown(self._all, self.small)
        return whole if self.reach is None else reach.manifest(whole, self.reach)

    @cached_property
    def reports(self) -> dict[str, dict]:
        """What the checks said is said of whole deliveries: it is for readers of the whole city."""
        return self._all.reports if self.reach is None else {}

    def file(self, table: str) -> Path:
        """The file itself, for whoever sits at the machine and has it anyway; else PermissionError: it is read through `scan` alone."""
        if not self.at_the_machine:
            raise PermissionError(f"{self.name}: {table} is read through scan")
        return self._all.file(table)

    def scan(self, table: str) -> pl.LazyFrame:
        rows = protected(self._all, table, self.small)
        if self.reach is not None:
            known = self._all.manifest["tables"]
            others = {name: nw.from_native(self._all.scan(name)) for name in ("census", "organisations") if name in known}
            rows = reach.within(table, nw.from_native(rows), self.reach, others).to_native()
        return rows if self.sight.names else _without_names(table, rows)

    def table(self, table: str) -> pl.DataFrame:
        return self.scan(table).collect()


def at_the_machine(home: Home, period: str | None = None, revision: str | None = None) -> Seen:
    """A release as whoever sits at the machine is given it, for the command line: all of it, but for small counts of members."""
    found = open_release(home, period, revision)
    return Seen(found.period, found.revision, found.path, sight=sight_of(ANYBODY_HERE), small=small_of(home.settings), at_the_machine=True)


def _without_names(table: str, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Units stay apart, so that they can be counted and followed over months, and nobody can tell which they are."""
    changed = []
    for name in reach.NAMED.get(table, ()):
        coded = pl.format("x{}", pl.col(name).hash(_SEED))
        if table in ("findings", "origins"):
            coded = pl.when(pl.col("subject_kind").is_in(reach.PUBLIC_SUBJECTS)).then(pl.col(name)).otherwise(coded)
        changed.append(pl.when(pl.col(name).is_null()).then(None).otherwise(coded).alias(name))
    changed += [pl.lit(value, pl.String).alias(name) for name, value in reach.TOLD.get(table, {}).items()]
    return rows.with_columns(changed)


# It looks at every line of a release that a figure rests on, and is the same for every reader: kept for all of them, and when a release
# is new made by the first who asks.
_ONE_AT_A_TIME = Lock()


@lru_cache(maxsize=64)
def _known_files(period: str, revision: str, path: Path, written: int) -> dict[str, str]:
    return districts_by_file(Release(period, revision, path))
