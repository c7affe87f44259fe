"""XLSX and XLS as text: every sheet, each cell as its plain writing (sources.md rule 10), rows numbered as the sheet numbers them."""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import fastexcel
import polars as pl

from pipelines.reading.tables import HEAD_ROWS, TextTable

SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
# As Excel writes its errors; a cell that holds one is no empty cell.
_ERRORS = {"Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!"}
_MIDNIGHT = " 00:00:00"
_NO_DAY = "1899-12-3"


def is_workbook(data: bytes) -> bool:
    """By content, not by ending: offices rename exports."""
    return data.startswith(SIGNATURES)


def read_sheets(data: bytes) -> Iterator[TextTable]:
    """The sheets in their order. A file that is no workbook after all has none; a sheet that is damaged is left out."""
    return (table for _, table in named_sheets(data))


def named_sheets(data: bytes) -> Iterator[tuple[str, TextTable]]:
    """The same sheets, each with its name."""
    workbook = _if_sound(lambda: fastexcel.read_excel(data))
    for name in workbook.sheet_names if workbook else ():
        cells = _if_sound(lambda name=name: _cells(workbook, name))
        if cells is not None:
            yield name, _table(cells)


def _if_sound(read: Callable[[], Any]) -> Any:
    """What `read` gives; None where the file is damaged."""
    # A damaged XLS makes the library panic, which is no Exception, and tell standard error about it in words that are no user's.
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        return read()
    except fastexcel.FastExcelError:
        return None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return None
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _cells(workbook: fastexcel.ExcelReader, name: str) -> pl.DataFrame | None:
    # skip_rows=0: else blank rows at the top are dropped, and every line number is off by them.
    sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    if not sheet.width:
        return None
    batch, errors = sheet.to_arrow_with_errors()
    columns = [column.alias(f"c{place}") for place, column in enumerate(pl.from_arrow(batch))]
    for place, written in _error_cells(errors).items():
        columns[place] = columns[place].scatter(list(written), list(written.values()))
    columns = [_as_written(column) for column in columns]
    return pl.DataFrame(columns).with_columns(line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))


def _as_written(column: pl.Series) -> pl.Series:
    # A date cell is read as its date; a time alone has none, for the sheet's days begin in 1900.
    if column.str.ends_with(_MIDNIGHT).any():
        column = column.str.replace(rf"^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){_MIDNIGHT}$", "$1")
    if column.str.starts_with(_NO_DAY).any():
        column = column.str.replace(rf"^{_NO_DAY}[01] ", "")
    return column


def _error_cells(errors: fastexcel.CellErrors | None) -> dict[int, dict[int, str]]:
    """Column -> row -> what stands there."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for error in errors.errors if errors else ():
        row, column = error.offset_position
        kind = error.detail.rpartition("Error(")[2].rstrip(")'")
        found[column][row] = _ERRORS.get(kind, f"#{kind}")
    return found


def _table(cells: pl.DataFrame) -> TextTable:
    def blocks(index: int, width: int) -> Iterator[pl.DataFrame]:
        columns = [name for name in cells.columns if name != "line"]
        wide = cells[index + 1 :]
        missing = [pl.lit(None, dtype=pl.String).alias(f"c{place}") for place in range(len(columns), width)]
        rest = pl.concat_str(columns[width:], ignore_nulls=True) if columns[width:] else pl.lit("")
        yield wide.with_columns(*missing, rest=rest).select("line", *(f"c{place}" for place in range(width)), "rest")

    head = [(row[-1], [cell or "" for cell in row[:-1]]) for row in cells.head(HEAD_ROWS).iter_rows()]
    return TextTable(head, blocks)
