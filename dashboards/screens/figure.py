"""查看数字: one figure by its code, opened down to the file and line. Not in the side bar: codes beside figures lead here."""

from html import escape

import polars as pl
import streamlit as st

from dashboards import cells, choices, counted_rows, figure_book, figure_words, opened, reporting, store
from dashboards.explain import EXAMPLE, NoSuchFigure, called, code_of, find, newer, newer_said, others, said
from dashboards.opened_parts import Opened, Part, Side
from dashboards.parts import card, cards, code_link, empty, heading, note, table, text
from dashboards.shell import Page, View
from dashboards.units.link import unit_link
from data.releases import NoSuchRelease, Release
from transforms import citation

SHOWN = 200
BOX = "code_box"
SOUGHT = ("unit", "organisation")  # rows with a code and a name
NAMED = ("unit", "organisation", "finding", "rejected")  # the kinds of rows that are somebody's name, or lead to one


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
    for name, parts in others(figure):
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
    what = {"figure.bases": "choose.basis", "figure.made_of": "figure.place"}.get(name, "figure.what")
    heads = [
        (words(what), "t"),
        (words("compare.value"), "n"),
        (words("code.name"), "w"),
    ]
    rows = []
    for part in parts:
        rows.append([text(called(words, figure, name, part)), escape(said(words, part)), code_link(words, code_of(figure.release, part))])
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
    if figure_book.goes_beyond(view, figure) and figure_words.side_counts_members(figure, side):
        # The rows of one area would add up to a figure that may be hidden from everybody.
        note(words("unlisted.beyond"))
        return
    for line in figure_words.side_said(words, side, figure_book.goes_beyond(view, figure)):
        note(line)
    if not view.reader.sees_units and side.kind in NAMED:
        note(words("access.no_units"))
        return
    rows = side.head(SHOWN)
    if side.counted[0] > rows.height:
        first = "figure.first_of" if side.kind in counted_rows.COLUMNS else "figure.first_rows"
        note(words(first, shown=rows.height, rows=f"{side.counted[0]:,}"))
        if side.kind in SOUGHT and (asked := st.text_input(words("figure.find"), key=f"find_{figure.code}_{side.name}", max_chars=40)):
            rows = sought(side.rows, asked)
    cells.download(view, lambda: figure_book.book(view, figure, side), f"_{figure.code}_{side.name}")
    if not rows.height:
        empty(words, "figure.no_rows")
        return
    if side.kind in counted_rows.COLUMNS:
        _counted(view, figure, side, rows)
    elif side.kind == "line":
        _lines(view, rows.select("subject", "source", "path", "line").rows(), subjects=True)
    else:
        _rows(view, figure, side, rows)


def sought(rows: pl.LazyFrame, asked: str) -> pl.DataFrame:
    """The first rows whose code or name holds what was typed: an organisation or unit that is not among those shown."""
    wanted = asked.strip()
    named = pl.col("name").str.contains(wanted, literal=True).fill_null(False)
    return rows.filter(named | pl.col("subject").str.contains(wanted.upper(), literal=True)).sort("subject").head(SHOWN).collect()


def _counted(view: View, figure: Opened, side: Side, rows: pl.DataFrame) -> None:
    """Rows that a tally counts; a finding leads to its own page."""
    names, body = counted_rows.columns(side.kind, rows.to_dicts()), []
    looks = ["n" if name in counted_rows.NUMBERS else "l" if name == "subject" else "w" for name in names]
    for row in rows.to_dicts():
        told = [text(each) for each in counted_rows.told(view.words, figure, side.kind, names, row)]
        if side.kind == "finding":
            told[0] = reporting.lead_link(view, {"rule": row["rule"], "fingerprint": row["subject"]})
        body.append(told)
    table(view.words("figure.rows"), list(zip(counted_rows.heads(view.words, side.kind, names), looks, strict=True)), body)


def _rows(view: View, figure: Opened, side: Side, rows: pl.DataFrame) -> None:
    words = view.words
    columns = figure_book.columns(figure, side, rows)
    heads = [
        (words("figure.subject"), "w"),
        *(
            (figure_book.head_of(view, side, name), "n" if rows[name].dtype.is_integer() else "w" if name != "name" else "l")
            for name in columns
        ),
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


PAGE = Page("figure", ":material/pin:", render, ("code", "side", "subject"), hidden=True, lists=True)
