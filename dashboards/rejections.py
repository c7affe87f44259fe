"""Rows that did not load: how many for which reason, and each with its file and line. Part of screens/deliveries.py.

What belongs here: the way down from a number of rejected rows to the rows, and the file that goes back to their office.
"""

from html import escape
from typing import Any

import polars as pl
import streamlit as st

from dashboards import choices, downloads, export
from dashboards.export import Book, Column
from dashboards.parts import empty, heading, note, table, text
from dashboards.shell import View
from data.plain_text import read_json
from transforms import show

PAGE_ROWS = 20
ALL = "all"


def render(view: View, source: str) -> None:
    words = view.words
    heading(words("deliveries.reasons"))
    counts = view.picture.rejections.filter(pl.col("source") == source)
    if not counts.height:
        empty(words, "deliveries.none_rejected")
        return
    view.said(words.source(source))
    if any(reason.startswith("dropped:") for reason in counts["reason"]):
        note(words("deliveries.reasons_said"))
    heads = [(words("deliveries.reason"), "l"), (words("deliveries.rows"), "n"), (words("deliveries.files"), "n")]
    rows = [[text(words.rejection(source, row["reason"])), show.count(row["rows"]), show.count(row["files"])] for row in counts.to_dicts()]
    table(words("deliveries.reasons"), heads, rows)
    if view.reader.sees_units:
        _rows(view, source, counts)
    else:
        note(words("access.no_units"))


def _rows(view: View, source: str, counts: pl.DataFrame) -> None:
    words = view.words
    say = lambda code: words("deliveries.all_reasons") if code == ALL else words.rejection(source, code)  # noqa: E731
    heading(words("deliveries.rejected_rows"))
    left, right = st.columns([2, 1], gap="medium")
    with left:
        reason = choices.choose(words("deliveries.choose_reason"), "reason", [ALL, *counts["reason"]], ALL, say)
    total = counts["rows"].sum() if reason == ALL else counts.filter(pl.col("reason") == reason)["rows"][0]
    pages = [str(number) for number in range(1, -(-total // PAGE_ROWS) + 1)]
    with right:
        at = int(choices.choose(words("deliveries.page_number"), "at", pages, "1", str)) if len(pages) > 1 else 1
    wanted = view.picture.rejected(source, None if reason == ALL else reason)
    shown = wanted.sort("path", "line", "reason").slice((at - 1) * PAGE_ROWS, PAGE_ROWS).collect().to_dicts()
    first = (at - 1) * PAGE_ROWS + 1
    note(words("deliveries.page_of", first=first, last=first + len(shown) - 1, total=show.count(total)))
    downloads.xlsx(view, lambda: _book(view, source, reason), f"_{source}_rejected")
    heads = [
        (words("deliveries.path"), "l"),
        (words("deliveries.line"), "n"),
        (words("deliveries.reason"), "l"),
        (words("deliveries.fields"), "f"),
    ]
    lead = f"{view.picture.period}/{source}/"
    rows = [
        [
            text(row["path"].removeprefix(lead)),
            str(row["line"]),
            text(words.rejection(source, row["reason"])),
            _fields(view, source, row["fields"]),
        ]
        for row in shown
    ]
    table(words("deliveries.rejected_rows"), heads, rows)


def _read(fields: Any) -> dict[str, Any]:
    try:
        found = read_json(fields) if isinstance(fields, str) else fields
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _fields(view: View, source: str, fields: Any) -> str:
    colon = view.words("mark.colon")
    return " · ".join(
        f"{escape(view.words.field(source, name))}{colon}{text(value)}" for name, value in _read(fields).items() if value not in (None, "")
    )


def _book(view: View, source: str, reason: str) -> Book:
    """All rows of the choice, with a column a field: what an office needs to mend its file."""
    words = view.words
    rows = view.picture.rejected(source, None if reason == ALL else reason).sort("path", "line", "reason").collect().to_dicts()
    read = [_read(row["fields"]) for row in rows]
    names = list(dict.fromkeys(name for fields in read for name in fields))
    columns = [
        Column(words("deliveries.path")),
        Column(words("deliveries.line"), "count"),
        Column(words("deliveries.reason")),
        Column(words("export.code")),
    ]
    columns += [Column(words.field(source, name), what=name) for name in names]
    body = [
        [
            row["path"],
            row["line"],
            words.rejection(source, row["reason"]),
            row["reason"],
            *(None if fields.get(name) is None else str(fields[name]) for name in names),
        ]
        for row, fields in zip(rows, read, strict=True)
    ]
    chosen = words("deliveries.all_reasons") if reason == ALL else words.rejection(source, reason)
    notes = [
        (words("deliveries.source"), words.source(source)),
        (words("choose.reason"), chosen),
        *view.filters,
        (words("export.rows"), show.count(len(body))),
    ]
    sheets = tuple(words(f"export.sheet_{name}") for name in ("data", "notes", "definitions", "version"))
    reasons = [[words("deliveries.reason"), words("export.code")]] + [
        [words.rejection(source, code), code] for code in dict.fromkeys(row["reason"] for row in rows)
    ]
    return Book(columns, body, notes, reasons, export.version_lines(words, view.picture.release), sheets)
