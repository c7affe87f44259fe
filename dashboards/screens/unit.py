"""一企一策: one unit by its code: what every register says of it, what counts it, its lists and findings, its months, what to do next."""

import re
from html import escape

import streamlit as st

from dashboards import audit, cells, choices, evidence_words, grid, reporting
from dashboards.export import Book, Column, Sheet, sheet_names
from dashboards.findings import address
from dashboards.grid import Grid
from dashboards.parts import card, cards, empty, heading, note, table, text
from dashboards.shell import Page, View
from dashboards.units import months as unit_months
from dashboards.units import record as unit_record
from dashboards.units import registers as unit_registers
from dashboards.units.history import covered_since
from dashboards.units.link import unit_link
from dashboards.units.record import AT_MOST, LEAST, Record
from transforms import show

BOX, LETTERS = "unit_box", 60
CODE = re.compile(r"[0-9A-Z]{18}")
GRIDS = (
    unit_registers.registers,
    unit_registers.bases,
    unit_registers.counted,
    unit_registers.on_lists,
    unit_registers.findings,
    unit_months.history,
)


def render(view: View) -> None:
    words = view.words
    asked, typed = (choices.kept("uscc") or "")[:LETTERS].strip(), (choices.kept("find") or "")[:LETTERS].strip()
    st.session_state[BOX] = typed or asked
    with st.container(width=520):
        st.text_input(words("unit.box"), key=BOX, max_chars=LETTERS, on_change=_take_box, help=words("unit.box_help", n=AT_MOST))
    if typed:
        asked = _search(view, typed)
    if asked:
        _unit(view, asked)
    elif not typed:
        empty(words, "unit.none")


def _take_box() -> None:
    choices.drop("uscc", "find")
    choices.keep("find", st.session_state[BOX].strip())


def _search(view: View, typed: str) -> str:
    """The units that fit what was typed, as links; the code of the only one."""
    words = view.words
    found, total = unit_record.search(view.picture, typed)
    if total == 1:
        return found["uscc"][0]
    if not total and CODE.fullmatch(typed.upper()):
        return typed.upper()  # a whole code, of a unit of earlier months perhaps
    if len(typed) < LEAST:
        empty(words, "unit.too_short", n=LEAST)
        return ""
    audit.shown(view, {"find": typed}, found.height)
    if not total:
        # As for a unit that lies elsewhere: whether there is one, this reader is not told.
        empty(words, "unit.not_here")
    else:
        note(words("unit.hits_cut" if total > found.height else "unit.hits", n=show.count(total), shown=found.height))
        heads = [(words("units.name"), "l"), (words("units.uscc"), "w"), (words("units.district"), "w"), (words("units.sector"), "w")]
        heads.append((words("unit.state"), "w"))
        rows = [
            [
                unit_link(view, row["uscc"], row["name"] or words("subject.unit_unnamed")),
                text(row["uscc"]),
                text(cells.place_name(view, "district", row["district_code"])),
                escape(words.of("sector", row["sector"]) if row["sector"] else words("unit.no_sector")),
                escape(words("unit.active" if row["active"] else "unit.inactive")),
            ]
            for row in found.to_dicts()
        ]
        table(words("unit.box"), heads, rows)
    return ""


def _unit(view: View, uscc: str) -> None:
    record = Record(view, uscc.upper())
    choices.keep("uscc", record.uscc)
    audit.shown(view, audit.asked(view))
    if record.row is None and record.last is None:
        empty(view.words, "unit.not_here")
        return
    if record.row is None:
        _left(record)
        return
    _head(record)
    _steps(record)
    for make in GRIDS[:3]:
        _section(record, make(record))
    _section(record, unit_registers.on_lists(record), "unit.no_lists")
    _section(record, unit_registers.findings(record), "unit.no_findings" if record.book else "place.no_leads")
    unit_months.draw(record)
    cells.download(view, lambda: book(record), f"_{record.uscc}")


def _left(record: Record) -> None:
    """A unit of earlier months: its name as it last was, the way to that month, and its months."""
    view, words = record.view, record.view.words
    month, name = record.last
    st.html(f'<h2 class="lx-h2">{text(name or words("subject.unit_unnamed"))}</h2>')
    view.said(record.uscc)
    way = address("unit", month, None, words.lang, uscc=record.uscc)
    link = f'<a class="lx-opens" href="{escape(way)}" target="_self">{escape(words("unit.last_seen", month=words.month(month)))}</a>'
    st.html(f'<p class="lx-said" data-left="{month}">{escape(_gone(record))}{words.gap}{link}</p>')
    unit_months.draw(record)
    cells.download(view, lambda: book(record), f"_{record.uscc}")


def _gone(record: Record) -> str:
    return record.view.words("unit.left", month=record.view.words.month(record.picture.period))


def _head(record: Record) -> None:
    view, words, row = record.view, record.view.words, record.row
    st.html(f'<h2 class="lx-h2">{text(row["name"] or words("subject.unit_unnamed"))}</h2>')
    place = evidence_words.place(words, view.picture, "district", row["district_code"])
    within = view.picture.lies_within("district", row["district_code"])
    way = reporting.page_link(view, "place", place, unit=f"district-{row['district_code']}") if within else text(place)
    sector = words.of("sector", row["sector"]) if row["sector"] else words("unit.no_sector")
    view.said(record.uscc)
    st.html(f'<p class="lx-said">{escape(sector)} · {way} · {escape(words("unit.active" if row["active"] else "unit.inactive"))}</p>')
    cards(_cards(record))


def _cards(record: Record) -> list[str]:
    words, row = record.view.words, record.row
    least = record.view.least
    since = covered_since(record.months)
    covered = {True: words.of("mode", row["mode"]) if row["mode"] else "", False: words("units.no"), None: show.NOT_AVAILABLE}[
        row["covered"]
    ]
    basis = words("basis.signed", name=words.of("basis", record.view.signed))
    counted = show.NOT_AVAILABLE if row[record.view.signed] is None else words("figure.yes" if row[record.view.signed] else "figure.no")
    lines = [("", escape(words("unit.since_month", month=words.month(since))))] if since else []
    open_leads = sum(each["status"] not in ("explained", "closed") for each in record.findings)
    return [
        card(words("unit.coverage"), covered, "", lines, {"unit": "covered"}),
        card(words("unit.object"), counted, "", [("", escape(basis))], {"unit": "object"}),
        card(words("worklist.employees"), show.count(row["employees"]), words("unit.people"), [], {"unit": "employees"}),
        card(words("worklist.members"), show.small(row["members"], least), words("unit.people"), [], {"unit": "members"}),
        card(words("unit.on_lists"), show.count(len(record.lists)), "", [], {"unit": "lists"}),
        card(words("unit.open_findings"), show.count(open_leads if record.book else None), "", [], {"unit": "findings"}),
    ]


def _steps(record: Record) -> None:
    words = record.view.words
    heading(words("place.next"))
    lines = unit_registers.steps(record)
    if lines:
        st.html(f'<ol class="lx-steps">{"".join(f"<li>{text(line)}</li>" for line in lines)}</ol>')
    else:
        note(unit_registers.why_no_steps(record))


def _section(record: Record, found: Grid | None, none: str = "") -> None:
    if found is not None:
        heading(found.name)
        record.view.said(record.uscc)
        grid.draw(record.view, found)
    elif none:
        note(record.view.words(none))


def book(record: Record) -> Book:
    """A sheet a section of the page; of a unit of earlier months, its months."""
    view, words = record.view, record.view.words
    makes = GRIDS if record.row else (unit_months.history,)
    grids = [found for found in (make(record) for make in makes) if found is not None]
    columns = [Column(words("place.means_of")), Column(words("place.said"))]
    about = [
        [words("units.uscc"), record.uscc],
        *(_about(record) if record.row else _about_left(record)),
        *([words("unit.history"), line] for _, line in unit_months.said(record)),
    ]
    first = words("unit.summary")
    taken = [first, *(words(f"export.sheet_{name}") for name in ("notes", "definitions", "version"))]
    more: list[Sheet] = [
        grid.sheet(view, name, found) for name, found in zip(sheet_names([each.name for each in grids], taken), grids, strict=True)
    ]
    notes = [(found.name, line) for found in grids for line in found.said]
    return cells.book(view, columns, about, notes, [[words("choose.basis"), words.of("basis", view.signed)]], more, first)


def _about_left(record: Record) -> list[list[str | None]]:
    words = record.view.words
    month, name = record.last
    return [[words("units.name"), name], [words("unit.state"), _gone(record)], [words("unit.last_month"), words.month(month)]]


def _about(record: Record) -> list[list[str | None]]:
    view, words, row = record.view, record.view.words, record.row
    steps = unit_registers.steps(record) or [unit_registers.why_no_steps(record)]
    return [
        [words("units.name"), row["name"]],
        [words("units.district"), cells.place_name(view, "district", row["district_code"])],
        [words("units.park"), cells.place_name(view, "park", row["park_code"])],
        [words("units.sector"), words.of("sector", row["sector"]) if row["sector"] else words("unit.no_sector")],
        [words("worklist.employees"), show.count(row["employees"])],
        [words("worklist.members"), show.small(row["members"], view.least)],
        *([words("place.next"), line] for line in steps),
    ]


PAGE = Page("unit", ":material/domain:", render, ("uscc", "find"), rows=True)
