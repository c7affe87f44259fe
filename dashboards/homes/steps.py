"""What next: at most five sentences of what to do, each from a figure of this release, with its number and the way to it.

What belongs here: the fifth of the five questions, in words. No sentence without a figure, and none that nobody can act on. What comes
first is settled in transforms/what_next.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
import streamlit as st

from dashboards import aims, findings
from dashboards.aims import Aim
from dashboards.casebook import Casebook
from dashboards.offered import is_offered, way
from dashboards.parts import empty, heading, text
from dashboards.shell import View
from data.contracts import worklists
from transforms import show, what_next
from transforms.pace import amount

AT_MOST = 5


@dataclass(frozen=True)
class Step:
    """One thing to do. `said` has the number in it; `more` is how the way is named, `page` where it leads, `chosen` what it shows there."""

    said: str
    more: str
    page: str
    chosen: tuple[tuple[str, str], ...] = ()


def render(view: View, book: Casebook | None) -> None:
    words = view.words
    heading(words("overview.next"))
    view.said()
    found = steps(view, book)
    if not found:
        empty(words, "overview.next_none")
        return
    made = "".join(f"<li>{text(step.said)}{_way(view, step)}</li>" for step in found)
    st.html(f'<ol class="lx-next">{made}</ol>')


def _way(view: View, step: Step) -> str:
    """Words that lead nowhere would say nothing: they are left out."""
    return f" {way(view, step.page, step.more, **dict(step.chosen))}" if is_offered(view, step.page) else ""


def steps(view: View, book: Casebook | None) -> list[Step]:
    """In the order of what holds the others up: data that are not there, what is overdue, targets by their day, lists, organisations."""
    made = [*_deliveries(view), *_findings(view, book), *_targets(view), *_lists(view), *_weak(view)]
    return made[:AT_MOST]


def _deliveries(view: View) -> Iterable[Step]:
    words, manifest = view.words, view.picture.manifest
    found = [*what_next.absent(manifest), *what_next.late(manifest)]
    if found:
        names = words("mark.list").join(words.source(name) for name in found)
        yield Step(words("overview.next_missing", n=len(found), names=names), words("overview.to_deliveries"), "deliveries")


def _findings(view: View, book: Casebook | None) -> Iterable[Step]:
    words = view.words
    if book is None:
        return
    late = book.here.filter(pl.col("overdue")).height
    if late:
        chosen = (("status", findings.OVERDUE),)
        yield Step(words("overview.next_overdue", n=show.count(late)), words("overview.to_findings"), "findings", chosen)
        return
    sums = findings.tally(book.cases.filter(pl.col("severity") == "H"))[None]
    if sums["open"]:
        said = words("overview.next_must", n=show.count(sums["open"]), new=show.count(sums["came"]))
        yield Step(said, words("overview.to_findings"), "findings", (("severity", "H"),))


def _targets(view: View) -> Iterable[Step]:
    """What is asked for and not there yet, the next due month first: of the city one by one, of the districts together."""
    rows = view.picture.targets
    if rows is None:
        return
    words, wanted = view.words, aims.wanted_of(view)
    aimed = (aims.aim_of(view, row, wanted)[1] for row in rows.to_dicts() if what_next.is_asked_for(row))
    for asked in [each for each in what_next.targets(aimed, view.picture.period) if each.lacks][:2]:
        due, _, _, kind, _ = asked.key
        found: list[Aim] = [aim for aim in asked.places if aim.standing.missing]
        first = found[0]
        missing = amount(words, first.card, asked.lacks)
        values = {"due": words.month(due), "what": aims.measure(view, first), "goal": aims.goal_words(first), "missing": missing}
        down = "_down" if first.standing.down else ""
        asks = "late" if first.standing.state == "overdue" else "target"
        if len(found) == 1:
            now = f"{show.figure(first.figure, first.card.unit)}{words('mark.open')}{show.n_of_n(first.figure)}{words('mark.close')}"
            said = words(f"overview.next_{asks}{down}", name=first.name, now=now, **values)
        else:
            said = words(f"overview.next_{asks}s{down}", n=len(found), kind=words.of("kind", kind), **values)
        yield Step(said, words("overview.to_targets"), "targets")


def _lists(view: View) -> Iterable[Step]:
    found, words = what_next.longest(view.picture.worklist, view.picture.period), view.words
    if found is None:
        return
    values = {"n": show.count(found.count), "long": show.count(found.long), "months": what_next.LONG}
    said = words("overview.next_list" if found.long else "overview.next_list_new", list=words.card(worklists()[found.name]), **values)
    yield Step(said, words("overview.to_list"), "worklist", (("list", found.name),))


def _weak(view: View) -> Iterable[Step]:
    rows, words = view.picture.weak_orgs, view.words
    if rows is not None and rows.height:
        new = rows.filter(pl.col("since") == view.picture.period).height
        yield Step(words("overview.next_weak", n=show.count(rows.height), new=show.count(new)), words("overview.to_weak"), "weak_orgs")
