"""一区一策、一园一策: one district or park with everything about it: where it stands, what it lacks, what to do next, how sure that is."""

from html import escape

import streamlit as st

from dashboards import cells, grid, quality_card, reporting, unit_choice
from dashboards.parts import empty, heading, note, text
from dashboards.places import grids as place_grids
from dashboards.places import standing as place_standing
from dashboards.places import sure as place_sure
from dashboards.places import todo as place_todo
from dashboards.places.book import book
from dashboards.places.desk import Spot, opens_all
from dashboards.places.grids import Maker
from dashboards.places.tasks import next_steps
from dashboards.shell import Page, View
from dashboards.store import UNKNOWN
from transforms import show


def render(view: View) -> None:
    words = view.words
    # Of what lies above a reader's area, there are figures and no lists: such a page would be half a page.
    offered = [unit for unit in unit_choice.all_units(view, ("district", "park")) if opens_all(view, unit)]
    if not offered:
        empty(words, "place.none")
        return
    with st.container(width=420):
        spot = Spot(view, unit_choice.choose_from(view, offered))
    steps = next_steps(spot)
    _about(spot)
    place_standing.draw_cards(spot)
    left, right = st.columns(2, gap="medium")
    with left:
        place_standing.draw_lines(spot)
    with right:
        place_todo.draw_steps(spot, steps)
    cells.download(view, lambda: book(spot, steps), f"_{spot.code}")
    place_todo.draw_targets(spot)
    place_todo.draw_doubling(spot)
    _section(spot, place_grids.parks, "place.no_parks" if spot.is_district else "")
    _section(spot, place_grids.sizes, "place.no_sizes")
    _section(spot, place_grids.work_lists, "worklist.not_here")
    _weak(spot)
    _section(spot, place_grids.leads, "place.no_leads")
    _owed(spot)
    _section(spot, place_grids.means, "place.no_means")
    _section(spot, place_grids.survey, "place.no_survey")
    _sure(spot)


def _about(spot: Spot) -> None:
    """What it is, and what lies above it."""
    words, row, said = spot.view.words, spot.row, []
    if spot.is_district:
        said.append(escape(words("place.has_parks", n=len(spot.parks))))
        if spot.code == UNKNOWN:
            said.append(escape(words("place.unknown")))
    else:
        said.append(escape(words.of("level", row["level"]) if row["level"] else words("place.no_level")))
        parent = row["parent_code"]
        if parent:
            name = cells.place_name(spot.view, "district", parent)
            way = reporting.page_link(spot.view, "place", name, unit=f"district-{parent}")
            within = spot.view.picture.lies_within("district", parent)
            said.append(escape(words("place.lies_in")) + (way if within else text(name)))
    st.html(f'<p class="lx-said"><b>{text(spot.unit.name)}</b> <small>{escape(spot.code)}</small> · {" · ".join(said)}</p>')


def _section(spot: Spot, make: Maker, none: str) -> None:
    found = make(spot)
    if found is not None:
        heading(found.name)
        spot.view.said(spot.unit.name)
        grid.draw(spot.view, found)
    elif none:
        note(spot.view.words(none))


def _weak(spot: Spot) -> None:
    words = spot.view.words
    found = place_grids.weak(spot)
    if found is None:
        note(words("place.no_weak"))
        return
    heading(words("place.weak"))
    spot.view.said(spot.unit.name)
    active = spot.figure("term_overdue").denominator
    way = spot.chosen if spot.is_district else {}
    link = reporting.page_link(spot.view, "weak_orgs", words("place.to_list"), **way) if spot.view.reader.sees_units else ""
    st.html(f'<p class="lx-said">{escape(words("place.weak_said", n=spot.weak.height, active=show.count(active)))} {link}</p>')
    grid.draw(spot.view, found)
    named = place_grids.weak_named(spot)
    if named is not None:
        with st.expander(words("place.weak_named", shown=len(named.rows), n=spot.weak.height)):
            grid.draw(spot.view, named)


def _owed(spot: Spot) -> None:
    """What the district owes: returns, rows to mend, findings; as its card of data quality says it."""
    if not spot.is_district or spot.code == UNKNOWN:
        return
    words, desk = spot.view.words, spot.quality
    card = next((one for one in desk.cards if one.code == spot.code), None)
    if card is None:
        return
    heading(words("place.owed"))
    spot.view.said(spot.unit.name)
    lines = quality_card.steps(desk, card) or [escape(words("quality.next_none"))]
    link = reporting.page_link(spot.view, "quality", words("place.to_quality"), district=spot.code)
    st.html("".join(f'<p class="lx-said">· {line}</p>' for line in lines) + f'<p class="lx-note">{link}</p>')


def _sure(spot: Spot) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        _section(spot, place_sure.bases, "")
    with right:
        _section(spot, place_sure.returns, "place.no_returns" if spot.is_district else "")
        _section(spot, place_sure.deliveries, "place.all_delivered")


PAGE = Page("place", ":material/location_city:", render, ("unit",), lists=True)
