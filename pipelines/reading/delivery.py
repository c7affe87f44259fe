"""One delivery: all files of one source and period, read in the order of their paths, each key once (rules 12 to 16)."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.contracts import SourceCard
from data.home import Headings, HomeUnfit
from data.language import words
from pipelines.reading import csv_files, workbooks
from pipelines.reading.header import NO_HEADINGS, Header, find_header
from pipelines.reading.landing import LandedFile
from pipelines.reading.rows import FileText, ParsedRows, fields_of, parse_rows, row_schema, text_rows
from pipelines.reading.tables import TextTable
from transforms.parse import Lists

BATCH = 250_000
LOADS = {
    "path": pl.String, "sha256": pl.String,
    "rows_read": pl.Int64, "rows_loaded": pl.Int64, "rows_rejected": pl.Int64, "rows_skipped": pl.Int64,
    "columns_left_out": pl.List(pl.String), "values_dropped": pl.Int64, "defaults_used": pl.List(pl.String), "refused": pl.List(pl.String),
}  # fmt: skip
REJECTED = {"path": pl.String, "line": pl.Int64, "reason": pl.String, "fields": pl.String}


class RowsLost(AssertionError):
    """A file's rows do not add up: read ≠ loaded + rejected + skipped. A fault of this program, never of the file."""


@dataclass(frozen=True)
class Delivery:
    """What a delivery came to. rows: `path` and `row_schema`; loads: a row a file; rejected: a row a rejected row or dropped value."""

    rows: pl.DataFrame
    loads: pl.DataFrame
    rejected: pl.DataFrame


def read_delivery(landing: Path, card: SourceCard, files: tuple[LandedFile, ...], lists: Lists, own: Headings = NO_HEADINGS) -> Delivery:
    """Read every file. Raises RowsLost, and HomeUnfit where a file cannot be opened or changed since it was scanned."""
    headed: list[_Headed] = []
    parts: list[ParsedRows] = []
    waiting: dict[frozenset[str], list[pl.DataFrame]] = {}
    for file in sorted(files, key=lambda file: file.path):
        header, text = _read_file(landing, card, file, own)
        headed.append(_Headed(file, header, text.read, text.skipped))
        if isinstance(header, Header):
            waiting.setdefault(header.times_10_000, []).extend(text.rows)
        # Files are parsed together, for a file of ten rows costs as much as one of ten thousand; but not all of a province at once.
        if sum(len(rows) for group in waiting.values() for rows in group) > BATCH:
            parts += _parse(waiting, card, lists, own)
    parts += _parse(waiting, card, lists, own)
    loaded = pl.concat([part.loaded for part in parts], how="diagonal").sort("path", "line") if parts else _no_rows(card)
    rejected = [entry for part in parts for entry in part.rejected]
    dropped = [entry for part in parts for entry in part.dropped]
    if card.key:
        loaded, seconds = _first_of_each_key(loaded, card)
        rejected += seconds
        lost = {(path, line) for path, line, _, _ in seconds}
        dropped = [entry for entry in dropped if entry[:2] not in lost]
    return Delivery(
        rows=loaded.select("path", *row_schema(card)),
        loads=_loads(headed, loaded, rejected, dropped, own),
        rejected=_rejected_frame(rejected + dropped),
    )


@dataclass(frozen=True)
class _Headed:
    file: LandedFile
    header: Header | tuple[str, ...]
    read: int
    skipped: int


def _parse(waiting: dict[frozenset[str], list[pl.DataFrame]], card: SourceCard, lists: Lists, own: Headings) -> list[ParsedRows]:
    parts = [parse_rows(pl.concat(rows), card, lists, own, times) for times, rows in waiting.items() if rows]
    waiting.clear()
    return parts


def _read_file(landing: Path, card: SourceCard, file: LandedFile, own: Headings) -> tuple[Header | tuple[str, ...], FileText]:
    try:
        data = (landing / file.place).read_bytes()
    except OSError as error:
        raise HomeUnfit(
            words(
                f"landing/{file.path} 无法读取（{error.strerror}）。若正在复制，请待复制完成后再运行。",
                f"landing/{file.path} cannot be read ({error.strerror}). If it is being copied, run again when that is done.",
            )
        ) from None
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise HomeUnfit(
            words(
                f"landing/{file.path} 在读取时发生了变化。请待复制完成后再运行。",
                f"landing/{file.path} changed while it was being read. Run again when copying is done.",
            )
        )
    tables: Iterable[TextTable] = workbooks.read_sheets(data) if workbooks.is_workbook(data) else [csv_files.read_text(data)]
    nearest = tuple(field.headings[0] for field in card.fields if field.required and field.name not in own.defaults)
    for table in tables:
        header = find_header(table, card, own)
        if isinstance(header, Header):
            return header, text_rows(file.path, table, header, card)
        nearest = min(nearest, header, key=len)
    return nearest, FileText()


def _no_rows(card: SourceCard) -> pl.DataFrame:
    return pl.DataFrame(schema={"path": pl.String} | row_schema(card))


def _first_of_each_key(rows: pl.DataFrame, card: SourceCard) -> tuple[pl.DataFrame, list[tuple[str, int, str, dict]]]:
    """The first row of each key stays; a later one is `duplicate` when all its fields are equal, else `key_conflict` (rule 13)."""
    first = (
        rows.select(pl.struct(card.key).is_first_distinct())[card.key[0]] if len(card.key) > 1 else rows[card.key[0]].is_first_distinct()
    )
    if first.all():
        return rows, []
    kept = rows.filter(first)
    names = [field.name for field in card.fields]
    others = [name for name in names if name not in card.key]
    pairs = rows.filter(~first).join(kept.select(names), on=list(card.key), how="left", suffix=":first", maintain_order="left")
    same = pl.all_horizontal(pl.lit(True), *(pl.col(name).eq_missing(pl.col(f"{name}:first")) for name in others))
    pairs = pairs.with_columns(reason=pl.when(same).then(pl.lit("duplicate")).otherwise(pl.lit("key_conflict")))
    return kept, [(row["path"], row["line"], row["reason"], fields_of(card, row)) for row in pairs.iter_rows(named=True)]


def _loads(headed: list[_Headed], loaded: pl.DataFrame, rejected: list, dropped: list, own: Headings) -> pl.DataFrame:
    defaults = {name: f"default:{name}" for name in own.defaults if f"default:{name}" in loaded.columns}
    kept = {
        path: row
        for path, *row in loaded.group_by("path").agg(pl.len(), *(pl.col(column).any() for column in defaults.values())).iter_rows()
    }
    out, lost = Counter(path for path, *_ in rejected), Counter(path for path, *_ in dropped)
    return pl.DataFrame(
        [_load(entry, kept.get(entry.file.path, [0]), out[entry.file.path], lost[entry.file.path], list(defaults)) for entry in headed],
        schema=LOADS,
        orient="row",
    )


def _load(entry: _Headed, kept: list, rejected: int, dropped: int, defaults: list[str]) -> tuple:
    file, (loaded, *took) = entry.file, kept
    if not isinstance(entry.header, Header):
        return (file.path, file.sha256, 0, 0, 0, 0, [], 0, [], list(entry.header))
    if entry.read != loaded + rejected + entry.skipped:
        raise RowsLost(f"{file.path}: {entry.read} rows read, {loaded} loaded, {rejected} rejected, {entry.skipped} skipped")
    used = [name for name, any_row in zip(defaults, took, strict=False) if any_row]
    return (file.path, file.sha256, entry.read, loaded, rejected, entry.skipped, list(entry.header.left_out), dropped, used, None)


def _rejected_frame(entries: list[tuple[str, int, str, dict]]) -> pl.DataFrame:
    written = [(path, line, reason, json.dumps(fields, ensure_ascii=False)) for path, line, reason, fields in entries]
    return pl.DataFrame(written, schema=REJECTED, orient="row").sort("path", "line", "reason")
