"""The rows of one file under its header: skipped and counted, rejected with the first reason that applies, or loaded (rules 3 to 12).

Duplicates are a matter of the whole delivery: delivery.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from data.contracts import FieldCard, SourceCard, registration_types
from data.home import Headings, fold_name
from data.personal_numbers import MASK, mask_numbers
from pipelines.reading.header import NO_HEADINGS, Header
from pipelines.reading.tables import TextTable
from transforms.fold import TOTAL_MARKS, fold, fold_code
from transforms.parse import AMOUNT, Lists, Parsed, parse, written_anew

DTYPES = {"number": AMOUNT, "whole": pl.Int64, "date": pl.Date, "yes_no": pl.Boolean}
# An optional code of a wrong form costs its value, not the row (rule 11).
DROPPABLE = ("uscc", "district")
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
# What a telephone or ID number needs at least: cells without it are not asked.
_ELEVEN_DIGITS = r"(?:[0-9][\s-]?){11}"


def row_schema(card: SourceCard) -> dict[str, pl.DataType]:
    """Columns of a source's typed rows: the line, then the fields of its card."""
    return {"line": pl.Int64} | {entry.name: DTYPES.get(entry.form, pl.String) for entry in card.fields}


@dataclass
class FileText:
    """The rows of one file that are to be parsed (`path`, `line`, then each field's text as written); how many were read and skipped."""

    read: int = 0
    skipped: int = 0
    rows: list[pl.DataFrame] = field(default_factory=list)


@dataclass(frozen=True)
class ParsedRows:
    """loaded: `path`, `row_schema`, and `default:<field>` where a field took a default. rejected, dropped: (path, line, reason, fields)."""

    loaded: pl.DataFrame
    rejected: list[tuple[str, int, str, dict]]
    dropped: list[tuple[str, int, str, dict]]


def text_rows(path: str, table: TextTable, header: Header, card: SourceCard) -> FileText:
    """Every row below the header. Title rows above it count as read and skipped; blank rows at the end are no rows."""
    text = FileText(read=header.index, skipped=header.index)
    columns = [pl.lit(path).alias("path"), pl.col("line")]
    columns += [
        (pl.col(f"c{header.columns[entry.name]}") if entry.name in header.columns else pl.lit(None, dtype=pl.String)).alias(entry.name)
        for entry in card.fields
    ]
    trailing_blank = 0
    for cells in table.blocks(header.index, header.width):
        kinds = _kinds(cells, header, card)
        last = _last(kinds != "blank")
        if last is None:
            trailing_blank += len(cells)
            continue
        rows = cells.filter(kinds == "row").select(columns)
        seen = trailing_blank + last + 1
        text.read += seen
        text.skipped += seen - len(rows)
        trailing_blank = len(cells) - last - 1
        if not rows.is_empty():
            text.rows.append(rows)
    return text


def _last(mask: pl.Series) -> int | None:
    places = mask.arg_true()
    return None if places.is_empty() else places[-1]


def _kinds(cells: pl.DataFrame, header: Header, card: SourceCard) -> pl.Series:
    """`row`, `blank` or `total` for each row. Only rows whose key cells are blank, or begin as a total does, are looked at closely."""
    places = [header.columns[name] for name in card.row_key if name in header.columns]
    suspect = pl.lit(True)
    for place in places:
        start = pl.col(f"c{place}").str.strip_chars_start()
        suspect &= start.fill_null("").eq("") | start.str.contains("^[合小总注]")
    blank = pl.all_horizontal(pl.exclude("place", "line").fill_null("").str.strip_chars() == "")
    frame = cells.with_row_index("place").filter(suspect).with_columns(blank=blank)
    filled = frame.filter(~pl.col("blank")).drop("blank", "line")
    found = {place: _kind(row, places) for place, *row in filled.iter_rows()}
    kinds = pl.Series([found.get(place, "blank") for place in frame["place"]], dtype=pl.String)
    return (
        cells.with_row_index("place")
        .select("place")
        .join(frame.select("place", kind=kinds), on="place", how="left", maintain_order="left")["kind"]
        .fill_null("row")
    )


def _kind(cells: list[str | None], key_places: list[int]) -> str:
    first = next((place for place, cell in enumerate(cells) if cell and not cell.isspace()), None)
    if first is None:
        return "blank"
    key_is_blank = all(place == first or not cells[place] or cells[place].isspace() for place in key_places)
    return "total" if key_is_blank and fold_name(cells[first]).startswith(TOTAL_MARKS) else "row"


def parse_rows(
    text: pl.DataFrame, card: SourceCard, lists: Lists, own: Headings = NO_HEADINGS, times_10_000: frozenset[str] = frozenset()
) -> ParsedRows:
    """Type every row, or say why not. `times_10_000`: the fields whose heading ends in (万元)."""
    columns = [text["path"], text["line"]]
    parsed: dict[str, Parsed] = {}
    for entry in card.fields:
        if entry.name in own.defaults:
            absent = fold(text[entry.name]).is_null()
            text = text.with_columns(pl.when(~absent).then(entry.name).otherwise(pl.lit(own.defaults[entry.name])).alias(entry.name))
            columns.append(absent.alias(f"default:{entry.name}"))
        parsed[entry.name] = parse(entry, text[entry.name], lists, times_10_000=entry.name in times_10_000)
        if entry.form == "text":
            parsed[entry.name] = _without_numbers(parsed[entry.name])
    reason = pl.DataFrame({entry.name: _reason(entry, parsed[entry.name]) for entry in card.fields}).select(reason=pl.coalesce(pl.all()))[
        "reason"
    ]
    loads = reason.is_null()
    dropped = [
        entry
        for field_card in card.fields
        if not field_card.required and field_card.form in DROPPABLE
        for entry in _dropped(field_card, text, parsed[field_card.name], loads)
    ]
    schema = row_schema(card)
    columns += [parsed[entry.name].value.cast(schema[entry.name]).alias(entry.name) for entry in card.fields]
    loaded = pl.DataFrame(columns).filter(loads)
    rejected = [] if loads.all() else list(_rejected(card, text, reason, parsed))
    return ParsedRows(_without_names(loaded) if card.name == "registration" else loaded, rejected, dropped)


def _without_numbers(read: Parsed) -> Parsed:
    """Telephone and ID numbers are never stored, in a name neither."""
    suspect = read.value.str.contains(_ELEVEN_DIGITS).fill_null(False)
    if not suspect.any():
        return read
    return Parsed(
        pl.Series([mask_numbers(text) if odd else text for text, odd in zip(read.value, suspect, strict=True)], dtype=pl.String), read.fault
    )


def _dropped(entry: FieldCard, text: pl.DataFrame, read: Parsed, loads: pl.Series) -> Iterator[tuple[str, int, str, dict]]:
    lost = text.filter(loads & read.fault.is_not_null()).select("path", "line", entry.name)
    for path, line, value in lost.with_columns(fold_code(lost[entry.name])).iter_rows():
        yield path, line, f"dropped:{entry.name}", {entry.name: _without_persons(entry, value)}


def _reason(entry: FieldCard, read: Parsed) -> pl.Series:
    if entry.required:
        missing = read.value.is_null() & read.fault.is_null()
        return read.fault.zip_with(~missing, pl.repeat(f"missing:{entry.name}", len(missing), eager=True)) if missing.any() else read.fault
    if entry.form in DROPPABLE:
        return pl.repeat(None, len(read.fault), dtype=pl.String, eager=True)
    return read.fault


@cache
def self_employed_types() -> tuple[str, ...]:
    return tuple(code for code, _, kind in registration_types() if kind == "self_employed")


def _without_names(rows: pl.DataFrame) -> pl.DataFrame:
    """A self-employed unit's name is a person's: it is not stored."""
    return rows.with_columns(name=written_anew(pl.when(~pl.col("type_code").is_in(self_employed_types())).then("name")))


def _rejected(card: SourceCard, text: pl.DataFrame, reason: pl.Series, parsed: dict[str, Parsed]) -> Iterator[tuple[str, int, str, dict]]:
    places = reason.is_not_null().arg_true()
    kept = text[places].with_columns(fold(text[entry.name].gather(places)) for entry in card.fields)
    persons = [entry.name for entry in card.fields if entry.form == "person"]
    kept = kept.with_columns(parsed[name].value.gather(places).alias(name) for name in persons)
    if card.name == "registration":
        # Where the type can't be told, the unit may be self-employed, and its name a person's.
        types = parsed["type_code"].value.gather(places)
        tellable = types.is_not_null() & ~types.is_in(self_employed_types())
        kept = kept.with_columns(pl.when(tellable | pl.col("name").is_null()).then("name").otherwise(pl.lit(MASK)).alias("name"))
    for why, (path, line, *values) in zip(reason.gather(places), kept.iter_rows(), strict=True):
        named = {entry.name: value for entry, value in zip(card.fields, values, strict=True) if value is not None}
        yield path, line, why, {name: _without_persons(card.field(name), value) for name, value in named.items()}


def _without_persons(entry: FieldCard, value: str) -> str:
    """What may be kept of a cell that did not load: in a shifted row a person's name or number can stand in any column."""
    if entry.form == "person":
        return value  # a pseudonym by now
    if entry.form in ("uscc", "taxpayer") and _IDEOGRAPH.search(value):
        return MASK
    return mask_numbers(value)


def fields_of(card: SourceCard, row: dict) -> dict:
    """The named fields of a row that was read well but is not kept (a second one of its key)."""
    return {entry.name: _without_persons(entry, str(row[entry.name])) for entry in card.fields if row[entry.name] is not None}
