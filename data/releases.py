"""Published releases, read: which is current, what it holds, whether it is what its manifest says. (Written by pipelines/publishing.py.)

A release is `<home>/releases/<YYYY-MM>/r<NN>/`: Parquet files, one a table, manifest.json and checks.json. Nothing in it ever changes,
so whatever was opened stays whole, however often a newer one is published beside it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from data.home import Home, HomeUnfit
from data.language import words
from data.periods import is_period

# What the checks said of each delivery and table, expectation by expectation. A release of before there was such a file has none.
REPORTS = "checks.json"
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
        found = json.loads((self.path / "manifest.json").read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError(f"the manifest of {self.name} is no object")
        return found

    @cached_property
    def reports(self) -> dict[str, dict]:
        """`raw.<source>` or `release.<table>` -> rows, and each expectation as it was put with what came of it."""
        if "reports" not in self.manifest:
            return {}
        try:
            return json.loads((self.path / REPORTS).read_text(encoding="utf-8"))
        except (OSError, ValueError):  # what is gone can't be said any more; `verify` names it
            return {}

    @property
    def name(self) -> str:
        return f"{self.period} {self.revision}"

    def file(self, table: str) -> Path:
        if table not in self.manifest["tables"]:
            raise NoSuchRelease(
                words(
                    f"发布版本 {self.name} 没有表 {table}。可用的表：{'、'.join(self.manifest['tables'])}。",
                    f"release {self.name} has no table {table}. Tables: {', '.join(self.manifest['tables'])}.",
                )
            )
        return self.path / f"{table}.parquet"

    def sibling(self, period: str, revision: str) -> "Release | None":
        """Another release of the same home; None where it is gone."""
        found = Release(period, revision, self.path.parents[1] / period / revision)
        return found if (found.path / "manifest.json").is_file() else None

    def lies_within(self, kind: str, code: str) -> bool:
        """Whether all that lies in a place is given here, and not its figures alone: here it is; a reader may be given a part."""
        return True

    def scan(self, table: str) -> pl.LazyFrame:
        return pl.scan_parquet(self.file(table))

    def table(self, table: str) -> pl.DataFrame:
        return pl.read_parquet(self.file(table))


def current(home: Home) -> dict[str, str]:
    """period -> revision, as CURRENT.json has it; empty before the first release."""
    path = home.releases / "CURRENT.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not (isinstance(found, dict) and all(isinstance(revision, str) for revision in found.values())):
            raise ValueError("not an object of revisions")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise HomeUnfit(
            words(
                "releases/CURRENT.json 无法读取。请从备份恢复，或删除后运行 liangxin run。",
                "releases/CURRENT.json cannot be read. Restore it from a copy, or delete it and run `liangxin run`.",
            )
        ) from None
    return dict(sorted(found.items()))


def open_release(home: Home, period: str | None = None, revision: str | None = None) -> Release:
    """The named release; without a period the newest, without a revision the current one. Raises NoSuchRelease."""
    published = {} if period and revision else current(home)
    if period is None:
        if not published:
            raise NoSuchRelease(words("尚未发布任何一期。请先运行 liangxin run。", "nothing is published yet. Run `liangxin run`."))
        period = max(published)
    if revision is None:
        if period not in published:
            raise NoSuchRelease(
                words(
                    f"{period} 尚未发布。已发布：{'、'.join(published) or '无'}。",
                    f"{period} is not published. Published: {', '.join(published) or 'nothing'}.",
                )
            )
        revision = published[period]
    path = home.releases / period / revision
    if not (is_period(period) and _REVISION.fullmatch(revision) and (path / "manifest.json").is_file()):
        raise NoSuchRelease(words(f"{period} 没有版本 {revision}。", f"{period} has no revision {revision}."))
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


def until(home: Home, period: str, revision: str, published: Mapping[str, str]) -> list[tuple[str, str]]:
    """(period, revision) of all that was published up to a release, the oldest first and itself the last; what a broken run left behind a
    current one does not count. published: period -> current revision."""
    found = []
    for earlier in sorted(name for name in published if name < period):
        names, newest = revisions(home, earlier), published[earlier]
        found += [(earlier, name) for name in (names[: names.index(newest) + 1] if newest in names else [newest])]
    names = revisions(home, period)
    found += [(period, name) for name in (names[: names.index(revision)] if revision in names else [])]
    return [*found, (period, revision)]


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
            problems.append(
                Problem(period, revision, words("CURRENT.json 指向它，但它不存在", "CURRENT.json names it, but it is not there"))
            )
    for folder in sorted(home.releases.glob("[0-9]*")) if home.releases.is_dir() else []:
        if is_period(folder.name):
            for revision in revisions(home, folder.name):
                problems += [Problem(folder.name, revision, what) for what in _faults(Release(folder.name, revision, folder / revision))]
    return problems


def _faults(release: Release) -> Iterator[str]:
    try:
        tables = release.manifest["tables"]
    except (OSError, ValueError, KeyError):
        yield words("manifest.json 缺失或无法读取", "manifest.json is missing or cannot be read")
        return
    for name, stated in tables.items():
        path = release.path / f"{name}.parquet"
        if not path.is_file():
            yield words(f"缺少表 {name}", f"table {name} is missing")
        elif digest(path) != stated["sha256"]:
            yield words(f"表 {name} 已不是发布时的内容（指纹不符）", f"table {name} is not the one that was published (its digest differs)")
        elif pl.scan_parquet(path).select(pl.len()).collect().item() != stated["rows"]:
            yield words(
                f"表 {name} 的行数与清单所载 {stated['rows']} 行不符",
                f"table {name} does not have the {stated['rows']} rows that the manifest states",
            )
    belongs = {f"{name}.parquet" for name in tables} | {"manifest.json"}
    if "reports" in release.manifest:
        belongs.add(REPORTS)
        path = release.path / REPORTS
        if not path.is_file():
            yield words(f"缺少 {REPORTS}", f"{REPORTS} is missing")
        elif digest(path) != release.manifest["reports"]["sha256"]:
            yield words(f"{REPORTS} 已不是发布时的内容（指纹不符）", f"{REPORTS} is not the one that was published (its digest differs)")
    strays = {path.name for path in release.path.iterdir()} - belongs
    yield from (words(f"{name} 不属于该版本", f"{name} does not belong to it") for name in sorted(strays))


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
