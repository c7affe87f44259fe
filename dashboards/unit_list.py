"""A list of units behind a number: the first rows on the screen, all of them in a file.

What belongs here: drawing and exporting such a list. Which units are on it is said by ledger.py and registers.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import polars as pl
import streamlit as st

from dashboards import cells, export
from dashboards.export import Book, Column
from dashboards.parts import note, table, text
from dashboards.shell import View
from dashboards.units.link import unit_link
from transforms import show

AT_MOST = 200


@dataclass(frozen=True)
class Field:
    """A column of the list: its heading, its look in a table (n, w, l), its kind in a sheet, and what stands in it."""

    head: str
    look: str
    kind: str
    cell: Callable[[dict], object]


def draw(view: View, name: str, rows: pl.DataFrame, fields: Sequence[Field], about: Sequence[tuple[str, str]], stem: str) -> None:
    """`about`: what was chosen, in words, for the notes of the file; `stem`: the end of its name."""
    words = view.words
    if not view.reader.sees_units:
        note(words("access.no_units"))
        return
    shown = rows.head(AT_MOST).to_dicts()
    note(words("units.shown" if rows.height > AT_MOST else "units.all", n=show.count(rows.height), shown=AT_MOST))
    cells.download(view, lambda: book(view, rows, fields, about), f"_{stem}", key="xlsx_units")
    # In a frame of its own height, so that what follows on the page is not two hundred rows away.
    with st.container(key="units_listed"):
        table(name, [(field.head, field.look) for field in fields], [_cells(view, fields, row) for row in shown])


def _cells(view: View, fields: Sequence[Field], row: dict) -> list[str]:
    """A row's cells; its first, the name, is the way to the unit's own page."""
    name, *rest = (_written(field.cell(row)) for field in fields)
    first = fields[0].cell(row) if fields else None
    if isinstance(first, str) and first and row.get("uscc"):
        name = unit_link(view, row["uscc"], first)
    return [name, *rest]


def book(view: View, rows: pl.DataFrame, fields: Sequence[Field], about: Sequence[tuple[str, str]]) -> Book:
    """The whole list as a file; codes stay text."""
    words = view.words
    columns = [Column(field.head, field.kind) for field in fields]
    body = ([field.cell(row) for field in fields] for row in rows.iter_rows(named=True))
    notes = [*view.filters, *about, (words("export.rows"), show.count(rows.height))]
    sheets = tuple(words(f"export.sheet_{each}") for each in ("data", "notes", "definitions", "version"))
    lines = [[words("export.basis"), words.of("basis", view.signed)]]
    return Book(columns, body, notes, lines, export.version_lines(words, view.picture.release), sheets)


def _written(value: object) -> str:
    if value is None:
        return show.NOT_AVAILABLE
    return show.count(value) if isinstance(value, int) else text(value) if isinstance(value, str) else escape(str(value))
