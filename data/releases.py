"""Published releases, read: which is current, what it holds, whether it is what its manifest says. (Written by pipelines/publishing.py.)

A release is `<home>/releases/<YYYY-MM>/r<NN>/`: Parquet files, one a table, and manifest.json. Nothing in it ever changes,
so whatever was opened stays whole, however often a newer one is published beside it.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from data.home import Home, HomeUnfit
from data.periods import is_period

_REVISION = re.compile(r"r[0-9]{2,}")


class NoSuchRelease(LookupError):
    """The period or revision asked for is not published. The message is one plain line."""


@dataclass(frozen=True)
class Release:
    """One published release. `period` is `YYYY-MM`, `revision` `r01`, `r02`, …"""

    period: str
    revision: str
    path: Path

    @cached_property
    def manifest(self) -> dict:
        return json.loads((self.path / "manifest.json").read_text(encoding="utf-8"))

    @property
    def name(self) -> str:
        return f"{self.period} {self.revision}"

    def file(self, table: str) -> Path:
        if table not in self.manifest["tables"]:
            raise NoSuchRelease(f"release {self.name} has no table {table}. Tables: {', '.join(self.manifest['tables'])}.")
        return self.path / f"{table}.parquet"

    def scan(self, table: str) -> pl.LazyFrame:
        return pl.scan_parquet(self.file(table))

    def table(self, table: str) -> pl.DataFrame:
        return pl.read_parquet(self.file(table))


def current(home: Home) -> dict[str, str]:
    """period -> revision, as CURRENT.json has it; empty before the first release."""
    path = home.releases / "CURRENT.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise HomeUnfit("releases/CURRENT.json cannot be read. Restore it from a copy, or delete it and run `liangxin run`.") from None
    return dict(sorted(found.items()))


def open_release(home: Home, period: str | None = None, revision: str | None = None) -> Release:
    """The named release; without a period the newest, without a revision the current one. Raises NoSuchRelease."""
    published = current(home)
    if period is None:
        if not published:
            raise NoSuchRelease("nothing is published yet. Run `liangxin run`.")
        period = max(published)
    if revision is None:
        if period not in published:
            raise NoSuchRelease(f"{period} is not published. Published: {', '.join(published) or 'nothing'}.")
        revision = published[period]
    path = home.releases / period / revision
    if not (is_period(period) and _REVISION.fullmatch(revision) and (path / "manifest.json").is_file()):
        raise NoSuchRelease(f"{period} has no revision {revision}.")
    return Release(period, revision, path)


def history(home: Home) -> Iterator[Release]:
    """The current release of every published period, oldest first."""
    for period in current(home):
        yield open_release(home, period)


def revisions(home: Home, period: str) -> list[str]:
    """Every revision of a period that lies on disk, oldest first."""
    folder = home.releases / period
    return (
        sorted((path.name for path in folder.glob("r*") if _REVISION.fullmatch(path.name)), key=lambda name: int(name[1:]))
        if folder.is_dir()
        else []
    )


@dataclass(frozen=True)
class Problem:
    """Something that `verify` found: where, and what, in one plain sentence."""

    period: str
    revision: str
    what: str


def verify(home: Home) -> list[Problem]:
    """Every release on disk against its manifest: files there, digests and row counts right, CURRENT.json pointing at one that exists."""
    problems = []
    published = current(home)
    for period, revision in published.items():
        if not (home.releases / period / revision / "manifest.json").is_file():
            problems.append(Problem(period, revision, "CURRENT.json names it, but it is not there"))
    for folder in sorted(home.releases.glob("[0-9]*")) if home.releases.is_dir() else []:
        if is_period(folder.name):
            for revision in revisions(home, folder.name):
                problems += [Problem(folder.name, revision, what) for what in _faults(Release(folder.name, revision, folder / revision))]
    return problems


def _faults(release: Release) -> Iterator[str]:
    try:
        tables = release.manifest["tables"]
    except (OSError, ValueError, KeyError):
        yield "manifest.json is missing or cannot be read"
        return
    for name, stated in tables.items():
        path = release.path / f"{name}.parquet"
        if not path.is_file():
            yield f"table {name} is missing"
        elif digest(path) != stated["sha256"]:
            yield f"table {name} is not the one that was published (its digest differs)"
        elif pl.scan_parquet(path).select(pl.len()).collect().item() != stated["rows"]:
            yield f"table {name} does not have the {stated['rows']} rows that the manifest states"
    strays = {path.name for path in release.path.iterdir()} - {f"{name}.parquet" for name in tables} - {"manifest.json"}
    yield from (f"{name} does not belong to it" for name in sorted(strays))


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
