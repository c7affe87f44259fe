"""总览: the first page, a home for each of its readers: leaders read, analysts compare, auditors chase.

What belongs here: whose home is shown. What stands in them lies in homes/.
"""

from html import escape

import streamlit as st

from dashboards import cells, choices
from dashboards.homes import analyst, auditor, leader
from dashboards.homes.links import place_link
from dashboards.shell import Page, View

HOMES = {"leader": leader, "analyst": analyst, "auditor": auditor}
# Whose homes a role may look at, its own first. Whoever sits at the machine itself takes the one they want.
OFFERED = {
    "leader": ("leader",),
    "analyst": ("analyst", "leader"),
    "auditor": ("auditor", "leader"),
    "administrator": ("leader",),
    "local": ("leader", "analyst", "auditor"),
}


def render(view: View) -> None:
    home = _home(view)
    if not view.reader.whole:
        _yours(view)
    HOMES[home].render(view)


def _yours(view: View) -> None:
    """Whoever reads a district or a park is sent to its page: the first one shows the city, and of the districts theirs alone."""
    words = view.words
    named = [(area, cells.place_name(view, area.kind, area.code)) for area in view.reader.areas]
    ways = words("mark.list").join(place_link(view, area.kind, area.code, name) for area, name in named)
    st.html(f'<p class="lx-said">{escape(words("overview.yours"))}{escape(words("mark.colon"))}{ways}</p>')


def _home(view: View) -> str:
    offered = OFFERED.get(view.reader.role, ("leader",))
    chosen = choices.settle("home", offered, offered[0])
    if len(offered) > 1:
        st.session_state["choose_home"] = chosen
        say = lambda name: view.words(f"homes.{name}")  # noqa: E731
        label = view.words("choose.home")
        chosen = st.radio(label, offered, key="choose_home", format_func=say, horizontal=True, label_visibility="collapsed")
    return choices.keep("home", chosen)


PAGE = Page("overview", ":material/space_dashboard:", render, ("sector", "basis", "home"))
