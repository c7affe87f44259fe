"""An answer form read: the rows of a district's workbook as text by column, whatever program saved it (data/answer_form.py).

What belongs here: which sheets are forms, and where their columns stand. What a line means is in pipelines/answers.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data.answer_form import COLUMNS, HEAD_ROWS, FormColumn, column_of, plain
from data.language import words
from pipelines.reading import csv_files, workbooks
from pipelines.reading.tables import TextTable

ANSWER = tuple(column.name for column in COLUMNS if column.answer)
_LARGEST = 50_000_000  # a form of a thousand lines has a tenth of a megabyte


class NoAnswerForm(Exception):
    """The file can't be read as an answer form. The message is one plain line."""


@dataclass(frozen=True)
class _Sheet:
    """A sheet that is an answer form: the place of its heading row, and the place of each column."""

    name: str
    table: TextTable
    place: int
    columns: dict[str, int]


def _sheets(path: Path) -> Iterator[_Sheet]:
    """All that are answer forms: offices put the forms of several districts, or months, into one workbook."""
    try:
        if path.stat().st_size > _LARGEST:
            raise NoAnswerForm(words(f"{path.name} 过大，不是答复表。", f"{path.name} is too large to be an answer form."))
        data = path.read_bytes()
    except OSError as error:
        raise NoAnswerForm(words(f"{path} 无法读取（{error.strerror}）。", f"{path} can't be read ({error.strerror}).")) from None
    lacking: list[FormColumn] = [column for column in COLUMNS if column.required]
    found = False
    for name, table in _tables(data):
        for place, (_, cells) in enumerate(table.head[:HEAD_ROWS]):
            columns: dict[str, int] = {}
            for at, cell in enumerate(cells):
                column = column_of(cell)
                if column is not None:
                    columns.setdefault(column.name, at)
            missing = [column for column in COLUMNS if column.required and column.name not in columns]
            if not missing:
                found = True
                yield _Sheet(name, table, place, columns)
                break
            lacking = min(lacking, missing, key=len)
    if found:
        return
    zh, en = "、".join(column.zh for column in lacking), ", ".join(column.en for column in lacking)
    raise NoAnswerForm(
        words(
            f"{path.name} 不是核查线索答复表，缺少：{zh}。请用“区县质量”页下载的表填写。",
            f"{path.name} is no answer form: it lacks {en}. Take the form from the page District quality.",
        )
    )


def _tables(data: bytes) -> Iterator[tuple[str, TextTable]]:
    """The sheets by name; a text file has none."""
    return workbooks.named_sheets(data) if workbooks.is_workbook(data) else iter([("", csv_files.read_text(data))])


def form_rows(path: Path) -> Iterator[tuple[str, int, dict[str, str]]]:
    """(sheet, row of it, column -> its text, '' where there is none) of each row with a finding or an answer in it. Raises NoAnswerForm."""
    for sheet in _sheets(path):
        width = max(sheet.columns.values()) + 1
        for block in sheet.table.blocks(sheet.place, width):
            for row in block.iter_rows(named=True):
                cells = {column.name: _cell(row, column.name, sheet.columns) for column in COLUMNS}
                cells["fingerprint"] = cells["fingerprint"].lower()
                if cells["fingerprint"] or any(cells[name] for name in ANSWER):
                    yield sheet.name, row["line"], cells


def _cell(row: dict, name: str, columns: dict[str, int]) -> str:
    """A cell's text; what people say in words keeps the marks that they wrote."""
    written = row[f"c{columns[name]}"] if name in columns else None
    return (written or "").strip() if name in ("note", "who") else plain(written)
