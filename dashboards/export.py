"""Files to take away: XLSX with data, notes, definitions and version; CSV with a byte order mark; Parquet as published.

What belongs here: writing files that say what they hold. Codes stay text, formulas are never formulas: whatever a name begins with,
a spreadsheet shows it and runs nothing. Knows no page and no Streamlit: the command line exports through it as well.
"""

import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from dashboards import opened
from data.contracts import MetricCard, metrics, tables
from data.plain_text import RISKY, SIGN, UNSEEN, in_cell, in_csv
from data.releases import Release
from data.words import Words
from transforms import protect, show
from transforms.marks import CODED
from transforms.small_cells import SUPPRESSED

# The only table that names members (pseudonyms), and tells of rows of the member list.
PROTECTED = ("findings",)
ENDINGS = ("xlsx", "csv", "parquet")
# The columns of a figure, which are not there where it is hidden for counting too few members.
FIGURES = ("numerator", "denominator", "value")
SHEET_ROWS = 1_048_575  # of a sheet's 1,048,576 the first holds the headings
SHEET_LETTERS = 31
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class ExportRefused(Exception):
    """The export can't be made as it was asked for. The message is one plain line."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, how its cells are written (text, count, rate, ratio, times, points), and what it holds."""

    head: str
    kind: str = "text"
    what: str = ""


@dataclass(frozen=True)
class Sheet:
    """A further sheet of data: its name (as `sheet_names` makes it), its columns and rows."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Book:
    """What goes into a file: the rows, and the pages that explain them as (name, value)."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[tuple[str, str]]
    definitions: Sequence[Sequence[str]]
    version: Sequence[tuple[str, str]]
    sheets: tuple[str, str, str, str] = ("数据", "说明", "口径", "版本")
    more: Sequence[Sheet] = ()


def sheet_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names that a spreadsheet takes for its sheets: 31 letters, without []:*?/\\, none twice (in large or small letters)."""
    used, found = {name.lower() for name in taken} | {"history"}, []
    for name in wanted:
        clean = "".join(letter if letter.isprintable() and letter not in "[]:*?/\\" else " " for letter in name)
        clean = " ".join(clean.split()).strip("'") or "-"
        number, fit = 1, _first_letters(clean, SHEET_LETTERS)
        while fit.lower() in used:
            number += 1
            fit = f"{_first_letters(clean, SHEET_LETTERS - len(f' {number}'))} {number}"
        used.add(fit.lower())
        found.append(fit)
    return found


def _first_letters(name: str, most: int) -> str:
    """The start of a name; a spreadsheet counts a letter beyond the basic plane as two."""
    while len(name.encode("utf-16-le")) > 2 * most:
        name = name[:-1]
    return name.strip(" '") or "-"


def export_table(release: Release, table: str, path: Path | str, leaving: Callable[[int], object] = lambda rows: None) -> int:
    """Writes one table of a release as .xlsx, .csv or .parquet; the number of its rows. The file appears whole or not at all; `leaving` is
    called with the rows just before it does, and may stop it."""
    path = Path(path)
    ending = path.suffix.lower().lstrip(".")
    if ending not in ENDINGS:
        raise ExportRefused(f"{path.name}: the file must end in .xlsx, .csv or .parquet.")
    if not path.parent.is_dir():
        raise ExportRefused(f"{path.parent}: there is no such folder. Make it first.")
    rows = release.scan(table).select(pl.len()).collect().item()
    try:
        with tempfile.TemporaryDirectory(prefix=".liangxin-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            if ending == "parquet":
                if table in PROTECTED:
                    _scan(release, table).sink_parquet(part)
                else:  # for programs, as it is published; small counts of members are hidden in what people read
                    shutil.copyfile(release.file(table), part)
            elif ending == "csv":
                _flat(_signed(_with_codes(release, table)), guard=True).sink_csv(part, include_bom=True, line_terminator="\r\n")
            else:
                write_book(part, _table_book(release, table))
            leaving(rows)
            os.replace(part, path)
    except PermissionError:
        raise ExportRefused(f"{path}: can't be written. Close the file where it is open, or choose another folder.") from None
    except OSError as error:
        raise ExportRefused(f"{path}: can't be written ({error.strerror or 'no reason given'}). Choose another folder.") from None
    return rows


def write_book(target: Path | io.BytesIO, book: Book) -> None:
    """An XLSX file with the sheets 数据, 说明, 口径 and 版本. Rows beyond what a sheet holds go on to a further one."""
    # Rows are written out as they come, so that a city's census needs no more memory than a district's.
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, SAFE | {"constant_memory": True}) as workbook:
        formats = _formats(workbook)
        for part in (Sheet(book.sheets[0], book.columns, book.rows), *book.more):
            rest = iter(part.rows)
            number, more = 1, True
            while more:
                name = part.name if number == 1 else f"{part.name}{number}"
                more = _data_sheet(workbook.add_worksheet(name), part.columns, rest, formats)
                number += 1
        notes = [*book.notes, *((column.head, column.what) for column in book.columns if column.what)]
        for name, lines in zip(book.sheets[1:], (notes, book.definitions, book.version), strict=True):
            sheet = workbook.add_worksheet(name)
            sheet.set_column(0, 0, 30)
            sheet.set_column(1, 8, 44, formats["wrap"])
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    _cell(sheet, row, column, value, formats["wrap"])


def book_bytes(book: Book) -> bytes:
    target = io.BytesIO()
    write_book(target, book)
    return target.getvalue()


def csv_bytes(book: Book, chosen: Sequence[tuple[str, str]] = ()) -> bytes:
    """The same rows as CSV; the byte order mark makes Excel read them as UTF-8. A CSV has no sheet of notes: what was `chosen`, as (name,
    value), stands in columns of its own at the end of every row."""
    lines = [",".join(_quoted(head) for head in [*(column.head for column in book.columns), *(name for name, _ in chosen)])]
    values = [value for _, value in chosen]
    lines += [",".join(_quoted(value) for value in [*row, *values]) for row in book.rows]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def version_lines(words: Words, release: Release) -> list[tuple[str, str]]:
    """What a figure must carry to be found again: release, definitions, program, inputs."""
    manifest = release.manifest
    lines = [
        (words("export.release"), release.name),
        (words("export.data_date"), words.day(release.period)),
        (words("export.published"), f"{show.beijing(manifest.get('created_at', ''))} {words('export.beijing')}"),
        (words("export.definitions"), str(manifest.get("definitions", ""))),
        (words("export.program"), str(manifest.get("program", ""))),
        (words("export.signed"), words.of("basis", manifest.get("basis", ""))),
        (words("export.inputs"), str(len(manifest.get("inputs", {})))),
    ]
    carried = manifest.get("carried", {})
    missing = manifest.get("missing", [])
    if carried:
        lines.append(
            (words("export.carried"), words("mark.list").join(f"{words.source(name)} {period}" for name, period in carried.items()))
        )
    if missing:
        lines.append((words("export.missing"), words("mark.list").join(words.source(name) for name in missing)))
    return lines


def definition_lines(words: Words, cards: Iterable[MetricCard]) -> list[list[str]]:
    """A heading and a line a metric: what is counted, after which document, since which version."""
    heads = [words(f"export.{name}") for name in ("metric", "code", "numerator", "denominator", "better", "document", "why", "log")]
    return [heads] + [
        [
            words.card(card),
            card.name,
            *words.sides(card),
            words(f"export.{card.direction}"),
            card.source_document,
            card.why,
            "\n".join(words.change_log(card)),
        ]
        for card in cards
    ]


def _table_book(release: Release, table: str) -> Book:
    """A table as it is published: headings as in the contract, their Chinese names among the notes."""
    words = Words("zh")
    frame = _flat(_with_codes(release, table), guard=False).collect()
    card = tables().get(table)
    names = {column.name: f"{column.zh} / {column.en}" for column in card.columns} if card else {}
    names["code"] = f"{words('code.name')} / {Words('en')('code.name')}"
    columns = [Column(name, what=names.get(name, "")) for name in frame.columns]
    notes = [
        (words("export.table"), f"{words.card(card)}（{table}）" if card else table),
        (words("export.rows"), show.count(frame.height)),
        (words("export.legend"), words("foot.legend")),
    ]
    wanted = [card for card in metrics().values() if "metric" not in frame.columns or card.name in set(frame["metric"].unique())]
    shut = [row == SUPPRESSED for row in frame["reason"]] if "reason" in frame.columns else [False] * frame.height
    figures = [name in FIGURES for name in frame.columns]
    rows = (
        [show.SUPPRESSED if cell is None and figure else cell for cell, figure in zip(row, figures, strict=True)] if small else row
        for row, small in zip(frame.iter_rows(), shut, strict=True)
    )
    return Book(columns, rows, notes, definition_lines(words, wanted), version_lines(words, release))


def _signed(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Figures that are not shown with their sign, as on the pages: a gap would say that there is none."""
    if not {"reason", *FIGURES} <= set(rows.collect_schema().names()):
        return rows
    hidden = pl.col("reason") == SUPPRESSED
    return rows.with_columns(
        pl.when(hidden & pl.col(name).is_null()).then(pl.lit(show.SUPPRESSED)).otherwise(pl.col(name).cast(pl.String)).alias(name)
        for name in FIGURES
    )


def _with_codes(release: Release, table: str) -> pl.LazyFrame:
    """A table with the code of each figure as its last column, where it holds figures."""
    if table not in CODED:
        return _scan(release, table)
    rows = release.table(table)
    return rows.with_columns(code=pl.Series(opened.row_codes(release, table, rows), dtype=pl.String)).lazy()


def _scan(release: Release, table: str) -> pl.LazyFrame:
    """A table without what must not leave the office in a file: no export has a row a member."""
    rows = release.scan(table)
    if table not in PROTECTED:
        return rows
    subject = pl.when(pl.col("subject_kind") == protect.MEMBERS).then(pl.lit(protect.WITHHELD)).otherwise("subject").alias("subject")
    return rows.with_columns(subject, pl.col("evidence").map_elements(protect.evidence, return_dtype=pl.String))


def _flat(rows: pl.LazyFrame, guard: bool) -> pl.LazyFrame:
    """Lists as JSON text; with `guard`, text that a spreadsheet would run is led by an apostrophe."""
    changed = []
    for name, kind in rows.collect_schema().items():
        if isinstance(kind, pl.List):
            text = pl.col(name).map_elements(lambda values: json.dumps(list(values), ensure_ascii=False), return_dtype=pl.String)
            changed.append(text.str.replace_all(UNSEEN, SIGN))
        elif guard and kind == pl.String:
            text = pl.col(name).str.replace_all(UNSEEN, SIGN)
            changed.append(pl.when(text.str.contains(RISKY)).then(pl.lit("'") + text).otherwise(text).alias(name))
    return rows.with_columns(changed)


def _formats(workbook: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "head": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "wrap": workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        "text": workbook.add_format({"num_format": "@"}),
        "count": workbook.add_format({"num_format": "#,##0"}),
        "rate": workbook.add_format({"num_format": "0.0%"}),
        "ratio": workbook.add_format({"num_format": "0.0"}),
        "times": workbook.add_format({"num_format": "0.00"}),
        "points": workbook.add_format({"num_format": "+0.0;-0.0;0.0"}),
        "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
    }


def _data_sheet(sheet: Any, columns: Sequence[Column], rows: Iterable[Sequence[Any]], formats: dict[str, Any]) -> bool:
    """Fills one sheet; true where rows are left for another."""
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 22 if column.kind == "text" else 13)
        sheet.write_string(0, place, column.head, formats["head"])
    kinds = [formats[column.kind] for column in columns]
    plain = [column.kind == "text" for column in columns]
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _cell(
                sheet,
                number,
                place,
                value,
                formats["date"] if isinstance(value, date) else None if plain[place] and not isinstance(value, str) else kinds[place],
            )
        if number == SHEET_ROWS:
            return True
    return False


def _cell(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, form)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, form)
    else:
        sheet.write_string(row, column, in_cell(str(value)), form)


def _quoted(value: Any) -> str:
    if value is None:
        return ""
    line = str(value).lower() if isinstance(value, bool) else in_csv(value) if isinstance(value, str) else str(value)
    return '"' + line.replace('"', '""') + '"' if any(mark in line for mark in ',"\r\n') else line
