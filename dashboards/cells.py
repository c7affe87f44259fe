"""What the pages of goals and of work share: a figure with its n/N and code, a place's name, the book that is taken away.

What belongs here: small pieces over a `View`. What is drawn lies in the pages themselves, markup in parts.py.
"""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboards import downloads, export, parts, store
from dashboards.export import Book, Column, Sheet
from dashboards.parts import text
from dashboards.shell import View
from data.contracts import metrics
from data.figures import Figure
from data.periods import add_months
from transforms import show
from transforms.what_next import LONG


def place_name(view: View, kind: str, code: str | None) -> str:
    """A unit's name in this release; its code where the release does not know it."""
    if not code:
        return ""
    row = view.picture.units.get((kind, code))
    return view.words.place(code, row["name"]) if row else code


def employees(view: View, count: int | None) -> int | str:
    """The insured employees of a unit, for a page or a file; of a unit that is not in the insurance list in words, for that is not 0."""
    if count is not None:
        return count
    lacking = "social_insurance" in view.picture.manifest.get("missing", ())
    return show.NOT_AVAILABLE if lacking else view.words("units.not_insured")


def district_name(view: View, code: str | None) -> str:
    """As `place_name`, where a finding or file may lie in no known district, or in no single one."""
    if code is None:
        return view.words("findings.no_district")
    return view.words("quality.nowhere") if code == store.UNKNOWN else place_name(view, "district", code)


def code_of(view: View, metric: str, kind: str, unit: str, sector: str, basis: str) -> str:
    """The code of one published figure, as a link."""
    known = "-" if "-" in view.picture.bases(metric) else basis
    key = {"basis": known, "unit_kind": kind, "unit_code": unit, "sector": sector, "metric": metric}
    return parts.cite(view.words, view.picture, "metrics", key)


def figure_cell(view: View, metric: str, kind: str, unit: str, sector: str, basis: str, code: bool = True) -> str:
    """`58.5%` and n/N, below it the code: a cell of a table of several figures."""
    found = view.picture.figure(metric, kind, unit, sector, basis)
    if found.reason == "absent":
        return show.NOT_AVAILABLE
    below = f"<br>{code_of(view, metric, kind, unit, sector, basis)}" if code else ""
    return f"{show.figure(found, metrics()[metric].unit)} <small>{show.n_of_n(found)}</small>{below}"


def why_none(view: View, figures: Sequence[Figure]) -> str:
    """The reasons why figures have no value, in words, each once."""
    reasons = dict.fromkeys(figure.reason for figure in figures if figure.reason)
    return view.words("mark.list").join(view.words.reason(reason) for reason in reasons)


def named(view: View, key: str, value: str) -> str:
    """An active filter in words: `清单：应单独组建未组建`."""
    return f"{view.words(key)}{view.words('mark.colon')}{value}"


def waited(view: View, count: int) -> int | None:
    """How many have been on a list for long; not known (and not 0) while fewer months than that are published."""
    return count if min(store.published(view.home)) <= add_months(view.picture.period, -LONG) else None


def places_table(view: View, name: str, heads: Sequence[tuple[str, str]], found: Sequence[tuple[Any, Sequence[str]]]) -> None:
    """The city and its districts at sight, the parks folded below: there are many of them. `found`: (unit, the cells of its row)."""
    parks = [row for unit, row in found if unit.kind == "park"]
    rest = [(unit, row) for unit, row in found if unit.kind != "park"]
    if rest:
        parts.table(name, heads, [row for _, row in rest], ["line" if unit.kind == "city" else "" for unit, _ in rest])
    if parks:
        with st.expander(view.words("compare.fold_parks", n=len(parks)), expanded=not rest):
            parts.table(view.words("kind.park"), heads, parks)


def month_cell(view: View, since: str, months: int, followed: bool = True) -> str:
    """Since when something has been on a list, and for how many months. `followed`: whether the list before is there to compare with."""
    stay = view.words("stay.new") if months == 0 else view.words("stay.months", n=months)
    if min(store.published(view.home)) == view.picture.period:  # nothing is published before it: who came with it can't be known
        stay = view.words("stay.first")
    elif months == 0 and not followed:
        stay = view.words("stay.unfollowed")
    return f"{text(view.words.month(since))}<br><small>{text(stay)}</small>"


def book(
    view: View,
    columns: Sequence[Column],
    rows: Sequence[Sequence],
    notes: Sequence[tuple[str, str]],
    definitions: Sequence[Sequence[str]],
    more: Sequence[Sheet] = (),
    first: str | None = None,
) -> Book:
    """A workbook with the active filters among its notes, the definitions, and the version of the release."""
    words = view.words
    lead = [(words(f"{view.page.name}.title"), words(f"{view.page.name}.lead")), *view.filters, *notes]
    lead.append((words("export.legend"), words("foot.legend")))
    sheets = tuple(words(f"export.sheet_{name}") for name in ("data", "notes", "definitions", "version"))
    sheets = (first or sheets[0], *sheets[1:])
    return Book(columns, rows, lead, definitions, export.version_lines(words, view.picture.release), sheets, more)


def download(view: View, made: Callable[[], Book], name: str = "", key: str = "xlsx") -> None:
    """A button that makes the workbook when it is pressed, so that a page that is only read costs nothing. `name`: the end of the file's
    name; `key`: the button's own, where a page has several."""
    downloads.xlsx(view, made, name, key)
