"""XLSX and XLS as text: every sheet, each cell as its plain writing (sources.md rule 10), rows numbered as the sheet numbers them."""

from collections.abc import Iterator

import fastexcel
import polars as pl

from pipelines.reading.tables import HEAD_ROWS, TextTable

SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
# As Excel writes its errors; a cell that holds one is no empty cell.
_ERRORS = {"Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!"}


def is_workbook(data: bytes) -> bool:
    """By content, not by ending: offices rename exports."""
    return data.startswith(SIGNATURES)


def read_sheets(data: bytes) -> Iterator[TextTable]:
    """The sheets in their order. A file that is no workbook after all has none."""
    try:
        workbook = fastexcel.read_excel(data)
        names = workbook.sheet_names
    except fastexcel.FastExcelError:
        return
    for name in names:
        try:
            # skip_rows=0: else blank rows at the top are dropped, and every line number is off by them.
            sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        except fastexcel.FastExcelError:
            continue
        if sheet.width:
            yield _table(_cells(sheet))


def _cells(sheet: fastexcel.ExcelSheet) -> pl.DataFrame:
    batch, errors = sheet.to_arrow_with_errors()
    cells = pl.from_arrow(batch)
    cells.columns = [f"c{place}" for place in range(cells.width)]
    for error in errors.errors if errors else ():
        row, column = error.offset_position
        kind = error.detail.rpartition("Error(")[2].rstrip(")'")
        cells[row, column] = _ERRORS.get(kind, f"#{kind}")
    return cells.with_columns(line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))


def _table(cells: pl.DataFrame) -> TextTable:
    def blocks(index: int, width: int) -> Iterator[pl.DataFrame]:
        columns = [name for name in cells.columns if name != "line"]
        wide = cells[index + 1 :]
        missing = [pl.lit(None, dtype=pl.String).alias(f"c{place}") for place in range(len(columns), width)]
        rest = pl.concat_str(columns[width:], ignore_nulls=True) if columns[width:] else pl.lit("")
        yield wide.with_columns(*missing, rest=rest).select("line", *(f"c{place}" for place in range(width)), "rest")

    head = [(row[-1], [cell or "" for cell in row[:-1]]) for row in cells.head(HEAD_ROWS).iter_rows()]
    return TextTable(head, blocks)
