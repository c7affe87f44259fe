"""A table that is drawn on a page and written into a file from the same cells, so that neither says more than the other.

What belongs here: the cells that such a table may hold, their HTML, and their columns in a sheet. What stands in them is the pages' own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import Any

from dashboards import parts, reporting
from dashboards.export import Column, Sheet
from dashboards.parts import text
from dashboards.shell import View
from data.contracts import metrics
from data.figures import Figure
from transforms import show


@dataclass(frozen=True)
class Known:
    """A published figure: drawn as its value with n/N, which opens it; in a sheet its value, n, N and code."""

    metric: str
    kind: str
    code: str
    sector: str
    basis: str


@dataclass(frozen=True)
class Linked:
    """Words or a count that lead to another page, with what is chosen there."""

    shown: str | int | None
    page: str
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """A change of a rate in points, or of a ratio, by which way is better."""

    by: Fraction | None
    direction: str = "up"
    unit: str = "rate"


Cell = str | int | None | Known | Linked | Moved | Figure


@dataclass(frozen=True)
class Head:
    """A column: its name, its look in a table (n, w, t, l), and what a sheet makes of it: text, count, rate or ratio (with n and N)."""

    name: str
    look: str = "n"
    kind: str = "count"


@dataclass(frozen=True)
class Grid:
    """A section's table: its name, its columns and rows, the rows' marks, and what is said with it."""

    name: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    marks: Sequence[str] = ()
    said: Sequence[str] = ()


def draw(view: View, grid: Grid) -> None:
    rows = [[html(view, cell) for cell in row] for row in grid.rows]
    parts.table(grid.name, [(head.name, head.look) for head in grid.heads], rows, list(grid.marks) or None)
    for line in grid.said:
        parts.note(line)


def html(view: View, cell: Cell) -> str:
    if isinstance(cell, Known):
        figure = view.picture.figure(cell.metric, cell.kind, cell.code, cell.sector, cell.basis)
        opens = parts.cite_figure(view.words, view.picture, cell.metric, cell.kind, cell.code, cell.sector, cell.basis, show.n_of_n(figure))
        if figure.reason == "absent":
            return show.NOT_APPLICABLE
        return f"{show.figure(figure, metrics()[cell.metric].unit)} <small>{opens}</small>"
    if isinstance(cell, Linked):
        shown = show.count(cell.shown) if isinstance(cell.shown, int) or cell.shown is None else cell.shown
        return reporting.page_link(view, cell.page, shown, **cell.chosen)
    if isinstance(cell, Moved):
        if cell.by is None:
            return show.NOT_AVAILABLE
        said = f"{show.arrow(cell.by, cell.direction)} {show.points(cell.by, cell.unit)}"
        return f'<span class="{show.tone(cell.by, cell.direction)}">{escape(said)}</span>'
    if isinstance(cell, Figure):
        return f"{show.figure(cell)} <small>{show.n_of_n(cell)}</small>"
    return show.count(cell) if cell is None or isinstance(cell, int) else text(cell)


def sheet(view: View, name: str, grid: Grid) -> Sheet:
    columns: list[Column] = []
    for head in grid.heads:
        columns.append(Column(head.name, head.kind))
        if head.kind in ("rate", "ratio"):
            columns += [Column(f"{head.name} n", "count"), Column(f"{head.name} N", "count")]
            columns.append(Column(f"{head.name} {view.words('code.name')}"))
    return Sheet(name, columns, [_line(view, grid.heads, row) for row in grid.rows])


def _line(view: View, heads: Sequence[Head], row: Sequence[Cell]) -> list[Any]:
    line: list[Any] = []
    for head, cell in zip(heads, row, strict=True):
        if head.kind in ("rate", "ratio"):
            line += _sides(view, cell)
        elif isinstance(cell, Moved):
            line.append(None if cell.by is None else float(cell.by * (100 if cell.unit == "rate" else 1)))
        else:
            line.append(cell.shown if isinstance(cell, Linked) else cell)
    return line


def _sides(view: View, cell: Cell) -> list[Any]:
    """Value, n, N and code; a cell that is no figure stands where the value would."""
    if isinstance(cell, Known):
        picture = view.picture
        figure = picture.figure(cell.metric, cell.kind, cell.code, cell.sector, cell.basis)
        key = picture.metric_key(cell.metric, cell.kind, cell.code, cell.sector, cell.basis)
        return [*show.sides_value(figure), parts.code_of(picture, "metrics", key) if key else None]
    if isinstance(cell, Figure):
        return [*show.sides_value(cell), None]
    return [cell, None, None, None]
