"""What a briefing rests on: its sentences with the codes of their figures, what it left unsaid and why, and what it quoted that is
different by now. Part of screens/briefings.py.

What belongs here: the rows of a slip, as tables. Whether a quoted figure is still so is settled in transforms/claims/revised.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import streamlit as st

from dashboards import cells, store
from dashboards.briefings import Edition
from dashboards.findings import address
from dashboards.parts import code_link, empty, heading, note, table, text
from dashboards.shell import View
from data.contracts import metrics, tables
from data.plain_text import in_markup
from data.releases import NoSuchRelease
from data.words import known
from transforms import citation, show, tally_words
from transforms.claims.claim import Quoted
from transforms.claims.quoted import quoted_now, quoted_then, written
from transforms.marks import coded
from transforms.tallies import TALLIES

AT_MOST = 400
# Kind of briefing -> the part of the catalogue that has its sections' titles.
TITLES = {"month": "briefing", "quarter": "quarter", "half_year": "half_year"}


def sentences(view: View, edition: Edition) -> None:
    words, rows = view.words, edition.slip.sentences
    heading(words("briefings.sentences"))
    if not rows:
        empty(words, "briefings.sentences_none")
        return
    note(words("briefings.sentences_said", n=show.count(len(rows))))
    _more(view, rows)
    heads = [(words("briefings.section"), "w"), (words("briefings.sentence"), "f"), (words("code.name"), "w"),
             (words("briefings.test"), "w"), (words("choose.release"), "w")]  # fmt: skip
    made = [
        [
            section,
            text(row.get("text", "")),
            _codes(view, row),
            text(words.of("claim_test", str(row.get("test", "")))),
            text(f"{row.get('period', '')} {row.get('revision', '')}"),
        ]
        for section, row in zip(_sections(view, edition, rows), rows[:AT_MOST], strict=False)
    ]
    table(words("briefings.sentences"), heads, made)


def left_out(view: View, edition: Edition) -> None:
    words, rows = view.words, edition.slip.left_out
    heading(words("briefings.left_out"))
    if not rows:
        note(words("briefings.left_out_none"))
        return
    note(words("briefings.left_out_said", n=show.count(len(rows))))
    _more(view, rows)
    heads = [
        (words("briefings.section"), "w"),
        (words("briefings.about"), "t"),
        (words("briefings.reason"), "l"),
        (words("code.name"), "w"),
    ]
    made = [
        [section, text(_about(view, row)), text(view.words.left_out(str(row.get("reason", "")))), _codes(view, row)]
        for section, row in zip(_sections(view, edition, rows), rows[:AT_MOST], strict=False)
    ]
    with st.expander(words("briefings.left_out_list", n=show.count(len(rows)))):
        table(words("briefings.left_out"), heads, made)


def _more(view: View, rows: Sequence) -> None:
    if len(rows) > AT_MOST:
        note(view.words("briefings.at_most", shown=AT_MOST, count=show.count(len(rows))))


def _sections(view: View, edition: Edition, rows: Iterable[Mapping]) -> Iterable[str]:
    """The section's title at its first row, and nothing at those that follow."""
    before = None
    for row in rows:
        name = str(row.get("section", ""))
        yield "" if name == before else text(title(view, edition, name))
        before = name


def title(view: View, edition: Edition, section: str) -> str:
    """Of a section, of whichever kind of briefing it is; what has none is a sheet of the annex."""
    parts = (TITLES[edition.slip.kind], *TITLES.values())
    found = next((f"{part}.{section}" for part in parts if known(f"{part}.{section}")), "briefings.annex")
    return view.words(found)


def code(view: View, value: str) -> str:
    """A figure's code as the way to it; what has not its form is a text like any other."""
    try:
        citation.read(value)
    except citation.NotACode:
        return text(value)
    return code_link(view.words, value)


def _codes(view: View, row: Mapping) -> str:
    found = row.get("codes")
    return "<br>".join(code(view, each) for each in found if isinstance(each, str)) if isinstance(found, list) else ""


def _about(view: View, row: Mapping) -> str:
    """What would have been said, of which figure of which place: `区县较上月升降 · 组织覆盖率 · 白湉县 · 非公企业`."""
    words, found = view.words, []
    found += [words.of("unsaid", str(row["name"]))] if row.get("name") else []
    metric, sector = str(row.get("metric") or ""), str(row.get("sector") or "")
    found += [words.metric(metric)] if metric else []
    found += [cells.place_name(view, str(row.get("kind") or ""), str(row["code"]))] if row.get("code") else []
    found += [words.of("sector", sector)] if metric and sector and sector != "all" else []
    return " · ".join(found)


def quoted(view: View, edition: Edition) -> None:
    """The ledger of quoted figures: those that are different by now, beside what was quoted."""
    words, slip = view.words, edition.slip
    heading(words("briefings.quoted"))
    then = [(row, was) for row in slip.quoted if (was := _then(row)) is not None]
    if not then:
        note(words("briefings.quoted_none"))
        return
    moved = _moved(view, then)
    count = len({(was.code, was.period) for _, was in then})
    note(words("briefings.quoted_said", n=show.count(count), moved=show.count(len(moved))))
    if not moved:
        return
    _more(view, moved)
    heads = [(words("briefings.figure"), "t"), (words("briefings.section"), "w"), (words("briefings.then"), "n"),
             (words("briefings.now"), "n"), (words("revisions.difference"), "n"), (words("briefings.way"), "w")]  # fmt: skip
    made = [_line(view, edition, *each) for each in moved[:AT_MOST]]
    table(words("briefings.quoted"), heads, made)


def _then(row: Mapping) -> Quoted | None:
    """A row as a figure; None where it is none that could be looked up."""
    was = quoted_then(row)
    try:
        return was if was and citation.read(was.code) else None
    except citation.NotACode:
        return None


def _moved(view: View, then: Iterable[tuple[dict, Quoted]]) -> list[tuple[dict, Quoted, Quoted | None]]:
    """What was quoted, beside the same figure in the current release of its month where that is another one; each figure once. What is
    hidden by now is not set beside what was shown of it before."""
    found: dict[tuple, tuple[dict, Quoted, Quoted | None]] = {}
    current = store.published(view.home)
    for row, was in then:
        revision = current.get(was.period)
        if revision == was.revision:
            continue
        now = _now(view, was, revision)
        if now is not None and now.figure.reason == "suppressed":
            continue
        if now is None or (now.figure, now.count) != (was.figure, was.count):
            found.setdefault((was.period, was.table, was.key, was.column), (row, was, now))
    return list(found.values())


def _now(view: View, was: Quoted, revision: str | None) -> Quoted | None:
    try:
        return quoted_now(store.picture(view.home, was.period, revision), was) if revision else None
    except NoSuchRelease:
        return None


def _line(view: View, edition: Edition, row: Mapping, was: Quoted, now: Quoted | None) -> list[str]:
    words = view.words
    change = show.change(now.figure, was.figure) if now and was.unit != "count" else None
    moved = show.points(change, was.unit) if now and was.unit != "count" else show.NOT_AVAILABLE
    if now and was.unit == "count" and None not in (now.count, was.count):
        moved = show.signed(now.count - was.count)
    if change and moved == "0.0":
        moved = words("revisions.less")
    return [
        text(_name(view, was)),
        text(title(view, edition, str(row.get("where", "")))),
        _cell(view, was),
        _cell(view, now) if now else escape(words("briefings.unpublished")),
        escape(moved),
        _way(view, was, now),
    ]


def _cell(view: View, one: Quoted) -> str:
    """The figure with its n/N, and its code as the way to it."""
    sides = "" if one.unit == "count" or one.figure.numerator is None else f" <small>{show.n_of_n(one.figure)}</small>"
    return f"{escape(written(one))}{sides}<br>{code_link(view.words, one.code)}"


def _way(view: View, was: Quoted, now: Quoted | None) -> str:
    if now is None:
        return ""
    where = address("revisions", was.period, now.revision, view.words.lang, against=was.revision)
    return f'<a class="lx-opens" href="{in_markup(where)}" target="_self">{escape(view.words("revisions.title"))}</a>'


def _count_name(view: View, one: Quoted) -> str:
    """What a quoted count is: `核查线索 · 在列 · 白湉县 · 强制`."""
    key = dict(zip(coded(one.table), one.key, strict=True))
    place = [cells.place_name(view, key["unit_kind"], key["unit_code"])] if "unit_code" in key else []
    parts = [part for _, part in tally_words.parts(view.words, key)]
    return " · ".join([tally_words.title(view.words, one.table, one.column), *place, *parts])


def _name(view: View, one: Quoted) -> str:
    """What a quoted figure is: `组织覆盖率 · 白湉县 · 非公企业`, and of tables with several cells a row which cell."""
    words = view.words
    if one.table in TALLIES:
        return _count_name(view, one)
    card = tables()[one.table]
    key, found = dict(zip(card.key[1:], one.key, strict=True)), []
    for name, value in key.items():
        if name == "unit_code":
            found.append(cells.place_name(view, key.get("unit_kind", ""), value))
        elif name == "metric":
            found.insert(0, words.card(metrics()[value]) if value in metrics() else value)
        elif name == "basis":
            found += [words.of("basis", value)] if value not in ("-", view.signed) else []
        elif name == "sector":
            found += [words.of("sector", value)] if value != "all" else []
        elif name == "leg":
            found.insert(0, words.of("legs", value))
        elif name == "due":
            found.append(words.month(value))
    found += [words.card(card.column(one.column))] if one.column else []
    return " · ".join(found)
