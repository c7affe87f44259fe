"""Releases, written: tables into a draft, the draft into a revision, CURRENT.json in one atomic step (spec: outputs.md, 'Releases').

A reader sees the former state or the new one, whole, whenever this program is killed: a revision counts only once CURRENT.json names it.
"""

import json
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import narwhals as nw
import polars as pl

from data.contracts import TableCard, definitions_of, definitions_version, tables
from data.home import Home, HomeUnfit
from data.language import words
from data.periods import is_period
from data.releases import REPORTS, NoSuchRelease, Release, current, digest, open_release, revisions
from pipelines.engines.base import Engine
from pipelines.lookback import signatures
from transforms.differences import reference_files

DTYPES = {
    "text": pl.String,
    "date": pl.Date,
    "bigint": pl.Int64,
    "double": pl.Float64,
    "boolean": pl.Boolean,
    "list": pl.List(pl.String),
    "json": pl.String,
}


def schema(card: TableCard) -> dict[str, pl.DataType]:
    """The published columns of a table."""
    return {column.name: DTYPES[column.type] for column in card.published}


def frame_of(card: TableCard, rows: Iterable[tuple]) -> pl.DataFrame:
    """A table from rows in the order of its columns."""
    return pl.DataFrame(list(rows), schema=schema(card), orient="row")


def draft_root(home: Home) -> Path:
    """Where drafts lie: hidden, and on the file system of the releases, so that each moves in one step."""
    return home.releases / ".draft"


def draft_folder(home: Home, period: str) -> Path:
    """Where a period is put together."""
    return draft_root(home) / period


def write_draft(home: Home, period: str, card: TableCard, rows: pl.DataFrame | nw.LazyFrame, engine: Engine) -> tuple[Path, int]:
    """One table into the draft, its columns and types as its card has them, sorted by its key: (the file, how many rows)."""
    path = draft_folder(home, period) / f"{card.name}.parquet"
    key = card.key or tuple(column.name for column in card.published)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(rows, pl.DataFrame):
            return path, engine.write(rows, path, schema(card), key)
        rows = rows.select(pl.col(name).cast(dtype) for name, dtype in schema(card).items()).sort(key)
        rows.write_parquet(path, compression="zstd", compression_level=1)
    except OSError as error:
        raise _disk(error) from None
    return path, rows.height


def publish(home: Home, period: str, facts: dict, reports: dict | None = None) -> str:
    """Turn the draft into the next revision, current from then on; its name. `facts`: what the manifest states besides; `reports`: what
    the checks said, expectation by expectation."""
    try:
        return _publish(home, period, facts, reports or {})
    except OSError as error:
        raise _disk(error) from None


def _publish(home: Home, period: str, facts: dict, reports: dict) -> str:
    if not (home.releases / "CURRENT.json").exists():
        _write_current(home, _newest_on_disk(home))
    published = current(home)
    former = open_release(home, period) if period in published else None
    revision = _next_revision(home, period, former)
    draft = draft_folder(home, period)
    parts = {name: draft / f"{name}.parquet" for name in tables()}
    manifest = {"period": period, "revision": revision, "created_at": _after(former)}
    manifest |= {"program": version("liangxin"), "definitions": definitions_version(), "definitions_of": definitions_of()} | facts
    manifest["tables"] = {
        name: {"sha256": digest(path), "rows": pl.scan_parquet(path).select(pl.len()).collect().item()} for name, path in parts.items()
    }
    manifest["signatures"] = signatures(draft, facts["basis"])
    manifest["changes"] = changes(home, former, draft, facts)
    (draft / REPORTS).write_text(json.dumps(reports, ensure_ascii=False, indent=1), encoding="utf-8")
    manifest["reports"] = {"sha256": digest(draft / REPORTS)}
    (draft / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in [*parts.values(), draft / REPORTS, draft / "manifest.json", draft]:
        _sync(path)
    target = home.releases / period / revision
    # A revision that CURRENT.json never named is what a killed run left: it was never published.
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(exist_ok=True)
    os.rename(draft, target)
    _sync(target.parent)
    _write_current(home, current(home) | {period: revision})
    return revision


def _after(former: Release | None) -> str:
    """Now; but never before the revision that this one follows, should the machine's clock have been set back."""
    now = datetime.now(UTC)
    if former is not None:
        now = max(now, datetime.fromisoformat(former.manifest["created_at"]))
    return now.isoformat(timespec="seconds")


def _newest_on_disk(home: Home) -> dict[str, str]:
    """The list as it was, where it was lost: it is written before the first revision is, so revisions without it were published."""
    periods = (path.name for path in home.releases.glob("[0-9]*") if is_period(path.name))
    return {period: found[-1] for period in periods if (found := revisions(home, period))}


def _next_revision(home: Home, period: str, former: Release | None) -> str:
    number = int(former.revision[1:]) + 1 if former is not None else 1
    on_disk = [int(name[1:]) for name in revisions(home, period)]
    # One above the current may be what a killed run left. More than that were published, and CURRENT.json is an older copy.
    return f"r{max(on_disk) + 1 if on_disk and max(on_disk) > number else number:02d}"


# Table -> what of a figure is compared between two revisions.
FIGURES = {
    "metrics": ("numerator", "denominator", "value"),
    "base_numbers": ("registered", "corroborated", "verified", "estimate"),
    "doubling": ("n0", "d0", "n1", "d1"),
    "targets": ("value", "units_missing", "pace_recent"),
}


# Of these alone a figure may be moved by what an earlier period's files say.
LOOKING_BACK = ("doubling", "targets")


def changes(home: Home, former: Release | None, draft: Path, facts: dict) -> list[dict]:
    """The figures that moved against the former revision, with old and new value, and the files that moved them (reference/ ones too)."""
    if former is None:
        return []
    found = []
    for table, shown in FIGURES.items():
        files = moved_files(home, former.manifest, facts, looked_back=table in LOOKING_BACK)
        if table in former.manifest["tables"]:
            key = list(tables()[table].key)
            old = former.table(table).select(*key, *shown)
            new = pl.read_parquet(draft / f"{table}.parquet").select(*key, *shown)
            both = old.join(new, on=key, how="full", suffix="_new", coalesce=True)
            moved = both.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in shown)).sort(key)
            found += [
                {"table": table}
                | {name: row[name] for name in key[1:]}
                | {"old": [row[name] for name in shown], "new": [row[f"{name}_new"] for name in shown], "files": files}
                for row in moved.iter_rows(named=True)
            ]
    return found


def moved_files(home: Home, before: dict, after: dict, looked_back: bool) -> list[str]:
    """Paths whose content differs between two states of a period; with `looked_back` those of the earlier periods, too, that both
    states look back to in different revisions."""
    old, new = _files(before), _files(after)
    if looked_back:
        revisions = before.get("looked_back", {}), after.get("looked_back", {})
        for period in revisions[0].keys() & revisions[1].keys():
            for found, revision in zip((old, new), (of[period] for of in revisions), strict=True):
                for path, sha256 in _files_of(home, period, revision).items():
                    found.setdefault(path, sha256)
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def _files_of(home: Home, period: str, revision: str) -> dict[str, str]:
    """What a revision was made from; nothing where the office has removed it."""
    try:
        return _files(open_release(home, period, revision).manifest)
    except NoSuchRelease:
        return {}


def _files(facts: dict) -> dict[str, str]:
    return facts["inputs"] | {f"reference/{name}": sha256 for name, sha256 in reference_files(facts).items()}


def _write_current(home: Home, published: dict[str, str]) -> None:
    home.releases.mkdir(parents=True, exist_ok=True)
    draft = home.releases / ".CURRENT.json"
    draft.write_text(json.dumps(dict(sorted(published.items())), indent=1), encoding="utf-8")
    _sync(draft)
    os.replace(draft, home.releases / "CURRENT.json")
    _sync(home.releases)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _disk(error: OSError) -> HomeUnfit:
    return HomeUnfit(
        words(
            f"发布版本无法写入（{error.strerror or error}）。请清理磁盘空间后再运行，已发布的内容不受影响。",
            f"the release cannot be written ({error.strerror or error}). Free some disk space and run again: what was published stays.",
        )
    )
