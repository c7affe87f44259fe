"""A unit's months on its page: a line of its employees, a strip of how it stood, and what changed with each month.

What belongs here: drawing and writing the history. What a change is, is settled in units/history.py.
"""

from html import escape

import streamlit as st

from dashboards import charts, evidence_words, parts, pictures
from dashboards.charts import Trend
from dashboards.grid import Grid, Head
from dashboards.parts import heading, note, text
from dashboards.units.history import Change, Month, changes, covered_since
from dashboards.units.record import Record
from data.periods import last_day
from transforms import show
from transforms.inputs import valid_codes

MODES = {"single": "●", "joint": "◐", "dispatched": "△"}


def draw(record: Record) -> None:
    view, words, months = record.view, record.view.words, record.months
    heading(words("unit.history"))
    view.said(record.uscc)
    if not any(month.row for month in months):
        note(words("unit.no_history"))
        return
    if sum(month.row is not None and month.row["employees"] is not None for month in months) > 1:
        _employees(record)
    heads = [(words("unit.month"), "w"), *((f"{month.period[2:4]}-{month.period[5:]}", "n") for month in months)]
    parts.table(words("unit.history"), heads, [[escape(name), *map(text, cells)] for name, cells in strip(record)])
    note(words("unit.strip_said"))
    since = covered_since(months)
    if since:
        note(words("unit.covered_since_first" if since == months[0].period else "unit.covered_since", month=words.month(since)))
    lines = said(record)
    if lines:
        st.html("".join(f'<p class="lx-said" data-change="{each.what}">· {text(line)}</p>' for each, line in lines))
    else:
        note(words("unit.no_changes" if len(months) > 1 else "unit.one_month"))


def _employees(record: Record) -> None:
    words, months = record.view.words, record.months
    numbers = [month.row["employees"] if month.row else None for month in months]
    told = [f"{words.month(month.period)} {show.count(number)}" for month, number in zip(months, numbers, strict=True)]
    trend = Trend(words("worklist.employees"), numbers, told)
    picture = charts.trends(words, [month.period for month in months], [trend])
    saved = pictures.saved(record.view, words("unit.history"), f"{record.uscc}_employees", record.uscc)
    charts.draw(picture, f"employees_{record.uscc}", words("unit.employees_alt"), saved=saved)


def strip(record: Record) -> list[tuple[str, list[str]]]:
    """A line a question, a sign a month."""
    words, months, basis = record.view.words, record.months, record.view.signed
    lines = [
        ("unit.strip_there", lambda row: "●" if row["active"] else "○"),
        ("unit.strip_object", lambda row: _sign(row[basis])),
        ("unit.strip_covered", lambda row: MODES.get(row["mode"], "○") if row["covered"] is not None else show.NOT_AVAILABLE),
        ("unit.strip_reached", lambda row: _sign(row["work_covered"])),
        ("unit.strip_employees", lambda row: show.count(row["employees"])),
    ]
    return [(words(key), [say(month.row) if month.row else "" for month in months]) for key, say in lines]


def _sign(holds: bool | None) -> str:
    return show.NOT_AVAILABLE if holds is None else "●" if holds else "○"


def said(record: Record) -> list[tuple[Change, str]]:
    """What changed with each month, in words, the newest first. Employees change in most months: of them, from where to where."""
    view, words = record.view, record.view.words
    follow = valid_codes(view.home.districts, last_day(view.picture.period))
    found = changes(record.months, view.signed, follow)
    lines = [(each, f"{words.month(each.period)}{words('mark.colon')}{_words_of(record, each)}") for each in reversed(found)]
    staff = [each for each in found if each.what == "employees"]
    if len(staff) > 1:
        lines = [line for line in lines if line[0].what != "employees"]
        lines.append((staff[-1], _employees_said(record)))
    return lines


def _employees_said(record: Record) -> str:
    """`参保职工：2016年12月26人，最少23人，最多26人，2017年12月25人`."""
    words = record.view.words
    known = [(month.period, month.row["employees"]) for month in record.months if month.row and month.row["employees"] is not None]
    numbers = [number for _, number in known]
    (first, then), (last, now) = known[0], known[-1]
    values = {"first": words.month(first), "then": show.count(then), "last": words.month(last), "now": show.count(now)}
    return words("unit.employees_said", low=show.count(min(numbers)), high=show.count(max(numbers)), **values)


def _words_of(record: Record, change: Change) -> str:
    words, picture = record.view.words, record.picture
    values = []
    for value in (change.before, change.now):
        if change.what in ("district", "park"):
            values.append(evidence_words.place(words, picture, change.what, value) if value else words("unit.no_park"))
        elif change.what in ("mode", "covered", "uncovered"):
            values.append(words.of("mode", value) if value else "")
        elif change.what == "sector":
            values.append(words.of("sector", value) if value else words("unit.no_sector"))
        else:
            values.append(show.count(value) if isinstance(value, int) else show.NOT_APPLICABLE)
    return words(f"unit_change.{change.what}", before=values[0], now=values[1])


def history(record: Record) -> Grid:
    """The months as rows, for the workbook."""
    words, view = record.view.words, record.view
    heads = [
        Head(words("unit.month"), "w", "text"),
        Head(words("worklist.district"), "w", "text"),
        Head(words("worklist.park"), "w", "text"),
    ]
    lines = strip(record)
    heads += [Head(name, "w", "text") for name, _ in lines[:-1]] + [Head(lines[-1][0])]
    rows = []
    for place, month in enumerate(record.months):
        row = month.row or {}
        names = [_place(record, month, kind) for kind in ("district", "park")]
        rows.append([month.period, *names, *(cells[place] for _, cells in lines[:-1]), row.get("employees")])
    return Grid(
        words("unit.history"),
        heads,
        rows,
        said=[words("unit.strip_said"), words("choose.basis") + words("mark.colon") + words.of("basis", view.signed)],
    )


def _place(record: Record, month: Month, kind: str) -> str:
    code = month.row and month.row[f"{kind}_code"]
    return evidence_words.place(record.view.words, record.picture, kind, code) if code else ""
