"""Pieces of the page 修订: the moved rows of a table of figures, the code of a moved row, and the files.

What belongs here: what its sections share, and the section of each table of figures beside the metrics.
"""

from collections.abc import Sequence

import polars as pl

from dashboards import cells, export, revised_figures, revised_words
from dashboards.export import Book, Column
from dashboards.parts import cite, code_of, heading, note, table, text
from dashboards.revised import Difference
from dashboards.shell import View
from data.contracts import MetricCard, tables
from transforms import differences, show

FIGURES_SHOWN = 40


def further(view: View, difference: Difference, name: str, moved: pl.DataFrame) -> None:
    """What moved of a further table of figures, with what it was and what it is."""
    words, card = view.words, tables()[name]
    title = words("revisions.rows_of", table=words.card(card), count=show.count(len(moved)))
    heading(title)
    if len(moved) > FIGURES_SHOWN:
        note(words("revisions.shown", count=show.count(len(moved)), shown=FIGURES_SHOWN))
    named = lambda row: revised_figures.named(words, name, row, revised_words.place(view, difference, row))  # noqa: E731
    link = lambda row: "" if row["move"] == differences.REMOVED else cite(words, view.picture, name, row)  # noqa: E731
    heads = [(words("revisions.row"), "t"), (words("revisions.old_new"), "w"), (words("code.name"), "w")]
    rows = [
        [text(named(row)), "<br>".join(text(each) for each in revised_figures.moves_said(words, name, row)), link(row)]
        for row in moved.head(FIGURES_SHOWN).iter_rows(named=True)
    ]
    table(title, heads, rows)
    wanted = difference.columns(name)
    columns = [Column(words("revisions.row")), Column(words("compare.code")), Column(words("revisions.what"))]
    said = [f"{words.card(card.column(each))}{words('mark.colon')}" for each in wanted]
    columns += [Column(f"{head}{words(f'revisions.{end}')}") for head in said for end in ("old", "new")]
    columns.append(Column(words("code.name")))
    cell = lambda row, each, end: revised_figures.cell_in_file(words, name, each, row, end)  # noqa: E731
    lines = [
        [
            named(row), row["unit_code"], words.of("move", row["move"]),
            *(cell(row, each, end) if there(row, end) else None for each in wanted for end in ("_old", "")),
            code(view, name, row),
        ]
        for row in moved.iter_rows(named=True)
    ]  # fmt: skip
    download(view, difference, name, columns, lines)


def code(view: View, name: str, row: dict) -> str | None:
    """The code that opens the figure as it is now; none where it is gone."""
    return None if row["move"] == differences.REMOVED else code_of(view.picture, name, row)


def there(row: dict, end: str) -> bool:
    """Whether a row stands in the earlier (`_old`) or the later of the two revisions."""
    return row["move"] != (differences.ADDED if end else differences.REMOVED)


def download(
    view: View, difference: Difference, what: str, columns: list[Column], rows: list[list], wanted: Sequence[MetricCard] = ()
) -> None:
    words = view.words
    notes = [*view.filters, (words("revisions.against"), difference.old.revision), *(("", line) for line in difference.why(words))]

    version = export.version_lines(words, view.picture.release)
    book = Book(columns, rows, notes, export.definition_lines(words, wanted), version)
    cells.download(view, lambda: book, f"_{difference.old.revision}_{what}", key=f"download_{what}")
