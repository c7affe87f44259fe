"""The auditors' home: what is new, overdue and gone among the findings, and where; deliveries with problems; what was revised."""

from data.figures import Figure
from dataclasses import replace
from html import escape

import polars as pl
import streamlit as st

from dashboards import casebook, cells, evidence_words, findings, store
from transforms import case_history
from transforms import show
from dashboards.casebook import Casebook
from dashboards.findings import OVERDUE, SEVERITIES
from dashboards.homes.links import way_at
from dashboards.offered import way
from dashboards.parts import card, cards, empty, heading, note, table, text
from dashboards.screens.deliveries import state
from dashboards.shell import View
from data.contracts import sources

AT_MOST = 6
# Of each source what a chaser asks after, the worst first.
TROUBLE = ("absent", "refused_all", "carried", "arrived")


def render(view: View) -> None:
    # Findings depend on neither sector nor basis: nothing is said of them here.
    view = replace(view, page=replace(view.page, needs=()))
    book = casebook.open_casebook(view.home, view.picture)
    if book is None:
        empty(view.words, "findings.not_here")
    else:
        if book.trouble:
            st.warning(view.words("findings.trouble", why=book.trouble), icon=":material/report:")
        _standing(view, book)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _districts(view, book)
        with right:
            _rules(view, book)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _deliveries(view)
    with right:
        _revised(view)


def _standing(view: View, book: Casebook) -> None:
    words, unit = view.words, view.words("findings.unit")
    heading(words("overview.chase"))
    view.said()
    sums, moved = findings.tally(book.cases)[None], findings.counts(book.cases, "moved")
    severities = findings.counts(book.here, "severity")
    parts = [_found(view, f"{words.severity(each)} {show.count(severities.get(each, 0))}", severity=each) for each in SEVERITIES]
    against = escape(words("findings.against", month=words.month(book.before)) if book.before else words("findings.first"))
    day = evidence_words.day(words, casebook.due_day(view.home, view.picture).isoformat())
    late = f"{escape(words('findings.late_on', day=day))} {_found(view, words('overview.look'), status=OVERDUE)}"
    came = gone = None
    new = left = [("", against)]
    if book.before:
        came, gone = sums["came"], sums["gone"]
        ways = [_found(view, f"{words(f'moved.{name}')} {show.count(moved.get(name, 0))}", moved=name) for name in ("new", "again")]
        new = [("", against), ("", " · ".join(ways))]
        left = [("", f"{against} {_found(view, words('overview.look'), moved=case_history.GONE)}")]
    cards(
        [
            card(words("findings.came"), show.count(came), unit, new, {"findings": "came"}),
            card(words("findings.late"), show.count(sums["late"]), unit, [("", late)], {"findings": "late"}),
            card(words("findings.gone"), show.count(gone), unit, left, {"findings": "gone"}),
            card(words("findings.here"), show.count(sums["here"]), unit, [("", " · ".join(parts))], {"findings": "here"}),
        ]
    )


def _found(view: View, shown: str, **chosen: str) -> str:
    return way(view, "findings", shown, **chosen)


def _districts(view: View, book: Casebook) -> None:
    """By district and severity, those with the most that must be put right first."""
    words = view.words
    heading(words("overview.chase_districts"))
    view.said()
    by = findings.tally(book.cases, "district_code")
    counted = {(code, level): n for code, level, n in book.here.group_by("district_code", "severity").len().rows()}
    new = findings.counts(book.cases.filter(pl.col("moved") == case_history.NEW), "district_code")
    order = sorted(by, key=lambda code: tuple(-counted.get((code, level), 0) for level in SEVERITIES) + (code or "~",))
    heads = [(words("choose.district"), "w"), *((words.severity(level), "n") for level in SEVERITIES)]
    heads += [(words("moved.new"), "n"), (words("findings.gone"), "n"), (words("findings.late"), "n")]
    rows = []
    for code in order:
        chosen = {"district": findings.NONE if code is None else code}
        row = [text(cells.district_name(view, code))]
        row += [_counted(view, counted.get((code, level), 0), severity=level, **chosen) for level in SEVERITIES]
        row.append(_counted(view, new.get(code, 0) if book.before else None, moved="new", **chosen))
        row.append(_counted(view, by[code]["gone"] if book.before else None, moved=case_history.GONE, **chosen))
        rows.append([*row, _counted(view, by[code]["late"], status=OVERDUE, **chosen)])
    table(words("overview.chase_districts"), heads, rows)


def _counted(view: View, number: int | None, **chosen: str) -> str:
    """A count as the way to what is counted; nothing leads to a zero."""
    return _found(view, show.count(number), **chosen) if number else show.count(number)


def _rules(view: View, book: Casebook) -> None:
    """The rules with the most that is new: what went wrong this month."""
    words = view.words
    heading(words("overview.chase_rules"))
    view.said()
    by, levels = findings.tally(book.cases, "rule"), findings.severities(book.cases)
    new = findings.counts(book.cases.filter(pl.col("moved") == case_history.NEW), "rule")
    order = sorted(by, key=lambda rule: (-new.get(rule, 0), SEVERITIES.index(levels[rule]), -by[rule]["here"], rule))
    shown = [rule for rule in order if by[rule]["here"]][:AT_MOST]
    if not shown:
        empty(words, "overview.chase_none")
        return
    heads = [(words("choose.rule"), "t"), (words("choose.severity"), "w"), (words("moved.new"), "n"), (words("findings.here"), "n")]
    rows = []
    for rule in shown:
        came = _counted(view, new.get(rule, 0) if book.before else None, rule=rule, moved="new")
        level = f'<span class="lx-severity {levels[rule]}">{escape(words.severity(levels[rule]))}</span>'
        rows.append([_found(view, words.rule(rule), rule=rule), level, came, show.count(by[rule]["here"])])
    table(words("overview.chase_rules"), heads, rows)


def _deliveries(view: View) -> None:
    """Sources that did not come, were refused, or lost rows on the way in."""
    words, picture = view.words, view.picture
    heading(words("overview.chase_deliveries"))
    view.said()
    loads = {row["source"]: row for row in picture.loads.group_by("source").agg(pl.col("rows_read", "rows_rejected").sum()).to_dicts()}
    found = []
    for name in sources():
        kind, month = state(picture, name)
        read, rejected = (loads.get(name, {}).get(column) for column in ("rows_read", "rows_rejected"))
        if kind != "arrived" or rejected:
            found.append((TROUBLE.index(kind), -(rejected or 0), name, kind, month, read, rejected))
    if not found:
        empty(words, "overview.chase_delivered")
        return
    heads = [(words("choose.source"), "t"), (words("deliveries.state"), "w"), (words("overview.rejected"), "n"), ("n/N", "n")]
    rows, marks = [], []
    for _, _, name, kind, month, read, rejected in sorted(found)[:AT_MOST]:
        said = words(f"deliveries.{kind}", **({"month": words.month(month)} if month else {}))
        share = Figure(rejected, read, rejected / read) if read and rejected is not None else Figure(reason="no_denominator")
        of = show.n_of_n(share) if read else show.NOT_APPLICABLE
        rows.append([way(view, "deliveries", words.source(name), source=name), escape(said), show.figure(share), of])
        marks.append("bad" if kind in ("absent", "refused_all") else "")
    table(words("overview.chase_deliveries"), heads, rows, marks)
    if len(found) > len(rows):
        note(words("overview.chase_more", n=len(found)))


def _revised(view: View) -> None:
    """Months until this one that were published more than once, the latest first."""
    words = view.words
    heading(words("overview.chase_revised"))
    view.said()
    found = []
    for period in sorted((each for each in store.published(view.home) if each <= view.picture.period), reverse=True):
        picture = view.picture if period == view.picture.period else store.earlier(view.home, view.picture, period)
        if picture and picture.revision != "r01":
            found.append(picture)
    if not found:
        empty(words, "overview.chase_unrevised")
        return
    heads = [
        (words("choose.period"), "w"),
        (words("choose.release"), "w"),
        (words("overview.published"), "w"),
        (words("overview.figures_moved"), "n"),
    ]
    rows = []
    for picture in found[:AT_MOST]:
        shown = way_at(view, "revisions", words.month(picture.period), picture)
        moved = picture.manifest.get("changes")
        rows.append([shown, escape(picture.revision), escape(picture.published_at), show.count(None if moved is None else len(moved))])
    table(words("overview.chase_revised"), heads, rows)
