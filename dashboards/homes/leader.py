"""The leaders' home: where we stand, what moved, why, who is behind, what next; pictures first, few words."""

from html import escape

import streamlit as st

from dashboards import briefings, casebook, comparison
from dashboards.homes import behind, months, moved, standing, steps, why
from dashboards.offered import way
from dashboards.shell import View
from data.outbox import KINDS


def render(view: View) -> None:
    _briefings(view)
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


def _briefings(view: View) -> None:
    """The way to the month's briefings, to the newest of each kind; nothing where none was written."""
    words, found = view.words, [each for each in briefings.editions(view.home, view.picture.period) if not each.newer]
    kinds = [briefings.first(alike, words.lang) for kind in KINDS if (alike := [each for each in found if each.slip.kind == kind])]
    if kinds:
        mark = lambda each: f"{words('mark.open')}{words('briefings.revised')}{words('mark.close')}" if each.revised else ""  # noqa: E731
        ways = [way(view, "briefings", f"{words(f'briefings.kind_{each.slip.kind}')}{mark(each)}", edition=each.code) for each in kinds]
        said = words("mark.list").join(ways)
        st.html(f'<p class="lx-said">{escape(words("briefings.of_period"))}{escape(words("mark.colon"))}{said}</p>')
