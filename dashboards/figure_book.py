"""The rows behind a figure as a file: all of a side, each with the lines of deliveries that speak of it.

What belongs here: which columns of opened rows are shown, on the page and in its file alike, and what stands in the file.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboards import counted_rows, definition_words, export, figure_words, opened
from dashboards.export import Book, Column
from dashboards.opened_parts import Opened, Side
from dashboards.shell import View
from transforms import show


def book(view: View, figure: Opened, side: Side) -> Book:
    """All rows of a side, each with its source rows."""
    words = view.words
    rows = side.head(None)
    if side.kind in counted_rows.COLUMNS:
        names = counted_rows.COLUMNS[side.kind]
        kinds = ["count" if name in counted_rows.NUMBERS else "text" for name in names]
        heads = [Column(head, kind) for head, kind in zip(counted_rows.heads(words, side.kind, names), kinds, strict=True)]
        body = [_counted(view, figure, side, names, row) for row in rows.to_dicts()]
    elif side.kind == "line":
        heads = [Column(words(f"figure.{name}")) for name in ("subject", "source", "file")] + [Column(words("figure.line"), "count")]
        body = [
            (code, words.source(source), path, number)
            for code, source, path, number in rows.select("subject", "source", "path", "line").rows()
        ]
    else:
        names = columns(figure, side, rows)
        where = _where(view, side, rows["subject"])
        heads = [
            Column(words("figure.subject")),
            *(Column(head_of(view, side, name), "count" if rows[name].dtype.is_integer() else "text") for name in names),
        ]
        heads.append(Column(words("figure.source_rows")))
        body = [
            (
                row["subject"],
                *(_value(view, figure, name, row[name]) for name in names),
                where.get(row["subject"], ""),
            )
            for row in rows.iter_rows(named=True)
        ]
    notes = [
        (words("code.name"), figure.code),
        (words("figure.what"), figure_words.title(words, figure)),
        (
            words("compare.value"),
            f"{figure_words.value(words, figure.table, figure.row, figure.column, figure.figure)} {figure_words.n_of_n(figure.figure)}",
        ),
        *figure_words.standing(words, figure),
        (words("figure.which"), " ".join(figure_words.side_said(words, side, goes_beyond(view, figure)))),
        (words("export.legend"), words("foot.legend")),
    ]
    sheets = tuple(words(f"export.sheet_{name}") for name in ("data", "notes", "definitions", "version"))
    return Book(heads, body, notes, figure_words.definition(words, figure), export.version_lines(words, figure.release), sheets)


def _counted(view: View, figure: Opened, side: Side, names: Sequence[str], row: Mapping) -> tuple:
    """A row that a tally counts; numbers stay numbers."""
    told = counted_rows.told(view.words, figure, side.kind, names, row)
    return tuple(row[name] if name in counted_rows.NUMBERS else text for name, text in zip(names, told, strict=True))


def columns(figure: Opened, side: Side, rows: pl.DataFrame) -> list[str]:
    """The columns of opened rows that are shown: none that is empty, and what a row adds only where no other column says it. Beside a sum
    of members no unit's own are told: the others would give away the one that is hidden."""
    said = [pl.lit(1), *(pl.col(name).fill_null(0) for name, kind in rows.schema.items() if kind.is_integer() and name != "adds")]
    plain = side.counted[1] is None or any(rows.select((pl.col("adds") == each).all()).item() for each in said)
    members = {name for name in rows.columns if figure_words.counts_members(figure, name)}
    summed = members if figure_words.side_counts_members(figure, side) else set()
    hidden = {"subject", *summed, *(["adds"] if plain else []), *(name for name in rows.columns if rows[name].null_count() == rows.height)}
    return [name for name in rows.columns if name not in hidden]


def head_of(view: View, side: Side, name: str) -> str:
    if name in ("name", "adds"):
        return view.words(f"figure.{name}")
    return definition_words.column(view.words, name, "organisations" if side.kind == "organisation" else "census")


def goes_beyond(view: View, figure: Opened) -> bool:
    """Whether units count for the figure that lie outside the reader's area: the city's, beside those of a district."""
    return not view.picture.lies_within(*figure.unit)


def _value(view: View, figure: Opened, name: str, value: object) -> object:
    """A cell of the file: numbers stay numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        return show.small_value(value, view.least) if figure_words.counts_members(figure, name) else value
    return figure_words.cell(view.words, figure, name, value)


def _where(view: View, side: Side, subjects: pl.Series) -> dict[str, str]:
    """subject -> its files and lines, as text."""
    found: dict[str, dict[tuple, list[int]]] = {}
    for release in side.releases:
        for subject, source, path, number in opened.source_rows(release, side.kind, subjects).iter_rows():
            found.setdefault(subject, {}).setdefault((source, path), []).append(number)
    said = lambda source, numbers: figure_words.source_lines(view.words, source, numbers, view.least)  # noqa: E731
    line = lambda source, path, numbers: f"{view.words.source(source)} {path} {said(source, numbers)}"  # noqa: E731
    return {
        subject: view.words("mark.stop").join(line(*file, numbers) for file, numbers in files.items()) for subject, files in found.items()
    }
