"""查看数字: one figure by its code, opened down to the file and line. Not in the side bar: codes beside figures lead here."""

from html import escape

import polars as pl
import streamlit as st

from dashboards import cells, choices, export, figure_words, opened, store
from dashboards.explain import EXAMPLE, NoSuchFigure, code_of, find, newer, newer_said, said
from dashboards.export import Book, Column
from dashboards.opened import Opened, Part, Side
from dashboards.parts import card, cards, code_link, empty, heading, note, table, text
from dashboards.shell import Page, View
from dashboards.units.link import unit_link
from data.releases import NoSuchRelease, Release
from transforms import citation, show

SHOWN = 200
BOX = "code_box"
NAMED = ("unit", "organisation")  # the kinds of rows that are somebody's name


def render(view: View) -> None:
    asked = (choices.kept("code") or "")[:40]
    figure = _figure(view, asked)
    st.session_state[BOX] = figure.code if figure else asked
    st.text_input(view.words("figure.box"), key=BOX, max_chars=40, on_change=_take_box, help=view.words("figure.box_help", example=EXAMPLE))
    if figure is None:
        _why_not(view, asked)
        return
    choices.keep("code", figure.code)
    _head(view, figure)
    _definition(view, figure)
    for name, parts in (("figure.bases", figure.bases), ("figure.parts", figure.parts)):
        if parts:
            _parts(view, figure, name, parts)
    _sides(view, figure)


def _take_box() -> None:
    """What was typed: its release is opened with it, where it has the form of a code."""
    typed = st.session_state[BOX].strip()
    choices.drop("period", "release", "side", "subject")
    choices.keep("code", typed)
    choices.follow_code(typed)


def _figure(view: View, asked: str) -> Opened | None:
    """The figure of the open release that a code's mark means: whoever chooses another month sees the same figure there."""
    try:
        _release(view, *_named(asked))
        place = find(view.words, asked, view.picture.release, view.picture.marks)
    except (citation.NotACode, NoSuchRelease, NoSuchFigure):
        return None
    return opened.open_figure(view.home, view.picture.release, place, lambda *named: _release(view, *named))


def _named(asked: str) -> tuple[str, str]:
    found = citation.read(asked)
    return found.period, found.revision


def _release(view: View, period: str, revision: str | None) -> Release:
    return store.picture(view.home, period, revision or store.published(view.home).get(period, "")).release


def _why_not(view: View, asked: str) -> None:
    words = view.words
    if not asked:
        empty(words, "figure.none")
        return
    try:
        named = _named(asked)
    except citation.NotACode:
        empty(words, "figure.malformed", code=asked, example=EXAMPLE)
        return
    try:
        _release(view, *named)
    except NoSuchRelease:
        empty(words, "figure.no_release", name=" ".join(named))
        return
    several = len(view.picture.marks.get(citation.read(asked).mark, ())) > 1
    empty(words, "figure.several" if several else "figure.unknown", code=asked, name=view.picture.release.name)


def _head(view: View, figure: Opened) -> None:
    words, of = view.words, figure.figure
    heading(figure_words.title(words, figure))
    colon = words("mark.colon")
    parts = [f"{escape(name)}{colon}<b>{text(value)}</b>" for name, value in figure_words.standing(words, figure)]
    st.html(f'<p class="lx-filters">{" · ".join(parts)}</p>')
    lines = [("", escape(words.reason(of.reason)))] if of.reason else []
    value = figure_words.value(words, figure.table, figure.row, figure.column, of)
    data = {"numerator": of.numerator, "denominator": of.denominator}
    cards([card(figure_words.place(words, figure), value, figure_words.n_of_n(of), lines, data, f"{words('code.name')} {figure.code}")])
    newest = newer(view.home, figure, lambda *named: _release(view, *named))
    if newest is not None:
        link = f" {code_link(words, code_of(*newest))}" if newest[1] else ""
        st.html(f'<p class="lx-note">{escape(newer_said(words, newest))}{link}</p>')
    for line in figure_words.lacking(words, figure):
        note(line)


def _definition(view: View, figure: Opened) -> None:
    with st.expander(view.words("figure.definition"), expanded=True):
        lines = figure_words.definition(view.words, figure)
        st.html(
            f'<dl class="lx-definition lx-two">{"".join(f"<dt>{escape(name)}</dt><dd>{text(value)}</dd>" for name, value in lines)}</dl>'
        )


def _parts(view: View, figure: Opened, name: str, parts: tuple[Part, ...]) -> None:
    words = view.words
    heading(words(name))
    heads = [
        (words("choose.basis" if name == "figure.bases" else "figure.what"), "t"),
        (words("compare.value"), "n"),
        (words("code.name"), "w"),
    ]
    rows = []
    for part in parts:
        what = figure_words.basis(words, figure, part.key[0]) if name == "figure.bases" else figure_words.beside(words, figure, part)
        rows.append([text(what), escape(said(words, part)), code_link(words, code_of(figure.release, part))])
    table(words(name), heads, rows)


def _sides(view: View, figure: Opened) -> None:
    words = view.words
    heading(words("figure.rows"))
    listed = {side.name: side for side in figure.sides if side.rows is not None}
    for side in figure.sides:
        if side.rows is None:
            for line in figure_words.side_said(words, side):
                note(line)
    if not listed:
        return
    first = next(iter(listed))
    if len(listed) > 1:
        name = choices.choose(words("figure.which"), "side", list(listed), first, lambda name: figure_words.side_name(words, listed[name]))
    else:
        name = first
    side = listed[name]
    if _goes_beyond(view, figure) and figure_words.side_counts_members(figure, side):
        # The rows of one area would add up to a figure that may be hidden from everybody.
        note(words("unlisted.beyond"))
        return
    for line in figure_words.side_said(words, side, _goes_beyond(view, figure)):
        note(line)
    if not view.reader.sees_units and side.kind in NAMED:
        note(words("access.no_units"))
        return
    rows = side.head(SHOWN)
    if side.counted[0] > rows.height:
        note(words("figure.first_rows", shown=rows.height, rows=f"{side.counted[0]:,}"))
    cells.download(view, lambda: _book(view, figure, side), f"_{figure.code}_{side.name}")
    if not rows.height:
        empty(words, "figure.no_rows")
        return
    if side.kind == "line":
        _lines(view, rows.select("subject", "source", "path", "line").rows(), subjects=True)
    else:
        _rows(view, figure, side, rows)


def _goes_beyond(view: View, figure: Opened) -> bool:
    """Whether units count for the figure that lie outside the reader's area: the city's, beside those of a district."""
    return not view.picture.lies_within(figure.row["unit_kind"], figure.row["unit_code"])


def _rows(view: View, figure: Opened, side: Side, rows: pl.DataFrame) -> None:
    words = view.words
    columns = _columns(figure, side, rows)
    heads = [
        (words("figure.subject"), "w"),
        *((_head_of(view, side, name), "n" if rows[name].dtype.is_integer() else "w" if name != "name" else "l") for name in columns),
    ]
    cells = [
        [_subject(view, side, row["subject"]), *(text(figure_words.cell(words, figure, name, row[name], view.least)) for name in columns)]
        for row in rows.to_dicts()
    ]
    table(words("figure.rows"), heads, cells)
    heading(words("figure.source_rows"))
    names = dict(rows.select("subject", "name").rows())
    subject = choices.choose(
        words("figure.choose_row"), "subject", list(names), next(iter(names)), lambda code: f"{code} {names[code] or ''}".strip()
    )
    found = []
    for release in side.releases:
        period = words.month(release.period) if len(side.releases) > 1 else ""
        lines = opened.source_rows(release, side.kind, [subject]).rows()
        found += [(period, *line[1:]) for line in lines] if period else lines
    if found:
        _lines(view, found, subjects=False, periods=len(side.releases) > 1)
    else:
        empty(words, "figure.no_source_rows")


def _subject(view: View, side: Side, code: str) -> str:
    """A row's code; a unit's leads to its own page."""
    return unit_link(view, code, code) if side.kind == "unit" else text(code)


def _lines(view: View, lines: list[tuple], subjects: bool, periods: bool = False) -> None:
    """Source rows, those of one file drawn together."""
    words = view.words
    files: dict[tuple, list[int]] = {}
    for first, source, path, number in lines:
        files.setdefault((first if subjects or periods else "", source, path), []).append(number)
    lead = [(words("figure.subject"), "w")] if subjects else [(words("figure.period"), "w")] if periods else []
    heads = [*lead, (words("choose.source"), "w"), (words("figure.file"), "l"), (words("figure.line"), "t")]
    rows = [
        [
            *([text(first)] if lead else []),
            text(words.source(source)),
            text(path),
            text(figure_words.source_lines(words, source, numbers, view.least)),
        ]
        for (first, source, path), numbers in files.items()
    ]
    table(words("figure.source_rows"), heads, rows)


def _columns(figure: Opened, side: Side, rows: pl.DataFrame) -> list[str]:
    """The columns of opened rows that are shown: none that is empty, and what a row adds only where no other column says it. Beside a sum
    of members no unit's own are told: the others would give away the one that is hidden."""
    said = [pl.lit(1), *(pl.col(name).fill_null(0) for name, kind in rows.schema.items() if kind.is_integer() and name != "adds")]
    plain = side.counted[1] is None or any(rows.select((pl.col("adds") == each).all()).item() for each in said)
    members = {name for name in rows.columns if figure_words.counts_members(figure, name)}
    summed = members if figure_words.side_counts_members(figure, side) else set()
    hidden = {"subject", *summed, *(["adds"] if plain else []), *(name for name in rows.columns if rows[name].null_count() == rows.height)}
    return [name for name in rows.columns if name not in hidden]


def _head_of(view: View, side: Side, name: str) -> str:
    if name in ("name", "adds"):
        return view.words(f"figure.{name}")
    return figure_words.column(view.words, name, "organisations" if side.kind == "organisation" else "census")


def _book(view: View, figure: Opened, side: Side) -> Book:
    """All rows of a side, each with its source rows."""
    words = view.words
    rows = side.head(None)
    if side.kind == "line":
        columns = [Column(words(f"figure.{name}")) for name in ("subject", "source", "file")] + [Column(words("figure.line"), "count")]
        body = [
            (code, words.source(source), path, number)
            for code, source, path, number in rows.select("subject", "source", "path", "line").rows()
        ]
    else:
        names = _columns(figure, side, rows)
        where = _where(view, side, rows["subject"])
        columns = [
            Column(words("figure.subject")),
            *(Column(_head_of(view, side, name), "count" if rows[name].dtype.is_integer() else "text") for name in names),
        ]
        columns.append(Column(words("figure.source_rows")))
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
        (words("figure.which"), " ".join(figure_words.side_said(words, side, _goes_beyond(view, figure)))),
        (words("export.legend"), words("foot.legend")),
    ]
    sheets = tuple(words(f"export.sheet_{name}") for name in ("data", "notes", "definitions", "version"))
    return Book(columns, body, notes, figure_words.definition(words, figure), export.version_lines(words, figure.release), sheets)


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


PAGE = Page("figure", ":material/pin:", render, ("code", "side", "subject"), hidden=True, lists=True)
