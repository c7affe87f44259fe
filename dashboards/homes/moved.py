"""What moved: the districts whose figure rose and fell most, in points and in whole units, each with its n/N.

What belongs here: the second of the five questions. The comparison itself is comparison.py's.
"""

from fractions import Fraction

import streamlit as st

from dashboards import comparison, store
from transforms import show
from transforms.compare import Place
from dashboards.homes import drawn
from transforms import look_at
from dashboards.homes.links import place_link
from dashboards.homes.standing import opens
from dashboards.parts import empty, heading, note, table
from dashboards.shell import View
from dashboards.store import Picture

ENDS = 3  # of each end, the largest rises and the smallest


def render(view: View, found: list[Place], before: Picture | None, said: str) -> None:
    words = view.words
    heading(words("overview.moved"))
    movers = look_at.movers(found)
    recent = _recent(view, before) if before else {}
    month = store.last_before(view.home, view.picture)
    against = [words("compare.change_from", month=words.month(before.period))] if before else []
    against += [words("overview.moved_recent", month=words.month(month.period))] if recent else []
    view.said(words.metric(view.metric), *against)
    if said:
        note(said)
    if before is None or not movers:
        empty(words, "overview.moved_none")
        return
    shown = ends(movers)
    longest = max(abs(place.change) for place in movers) or Fraction(1)
    heads = [(words("compare.place"), "w"), (words("overview.moved_points"), "t"), (words("overview.moved_units"), "n")]
    heads += [(words("overview.against_previous"), "n")] if recent else []
    heads.append(("n/N", "n"))
    rows = []
    for place in shown:
        points = show.points(place.change, view.card.unit)
        tone = show.tone(place.change, view.card.direction)
        cells = [place_link(view, "district", place.code, place.name)]
        cells.append(f'<span class="lx-move"><span>{drawn.bar(place.change / longest, tone)}</span><b>{points}</b></span>')
        cells.append(show.signed(_units(place)))
        cells += [show.points(recent.get(place.code), view.card.unit)] if recent else []
        rows.append([*cells, opens(view, view.metric, "district", place.code, view.sector, place.figure)])
    with st.container(key="home_moved"):
        table(words("overview.moved"), heads, rows)
    note(sentence(view, movers, len(shown) < len(movers)))


def ends(movers: list[Place]) -> list[Place]:
    """The largest rises and the smallest (or the falls), without naming anybody twice."""
    return movers if len(movers) <= 2 * ENDS else movers[:ENDS] + movers[-ENDS:]


def sentence(view: View, movers: list[Place], cut: bool) -> str:
    """How many rose and how many fell: what a list of the ends alone does not say."""
    words = view.words
    rose = sum(place.change > 0 for place in movers)
    fell = sum(place.change < 0 for place in movers)
    said = words("overview.moved_counts", n=len(movers), rose=rose, fell=fell, even=len(movers) - rose - fell)
    return said + words.gap + words("overview.moved_of", top=ENDS) if cut else said


def _units(place: Place) -> int | None:
    now, old = place.figure.numerator, place.before.numerator
    return None if now is None or old is None else now - old


def _recent(view: View, before: Picture) -> dict[str, Fraction | None]:
    """code -> the change against the release before, where that is not the one compared with anyhow."""
    previous = store.last_before(view.home, view.picture)
    if previous is None or previous.period == before.period:
        return {}
    return {place.code: place.change for place in comparison.places(view, "district", previous)}
