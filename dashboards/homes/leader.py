"""The leaders' home: where we stand, what moved, why, who is behind, what next; pictures first, few words."""

import streamlit as st

from dashboards import casebook, comparison
from dashboards.homes import behind, months, moved, standing, steps, why
from dashboards.shell import View


def render(view: View) -> None:
    standing.render(view)
    before, said = comparison.compared(view)
    found = comparison.places(view, "district", before)
    left, right = st.columns(2, gap="medium")
    with left:
        moved.render(view, found, before, said)
    with right:
        why.render(view)
    left, right = st.columns(2, gap="medium")
    with left:
        behind.render(view, found)
    with right:
        steps.render(view, casebook.open_casebook(view.home, view.picture))
    months.folded(view)
