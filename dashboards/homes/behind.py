"""Who is behind: the districts below the city beyond what chance leaves, and apart from them those whose distance may be chance.

What belongs here: the fourth of the five questions. Bands and intervals are compare.py's.
"""

from html import escape

import streamlit as st

from dashboards import comparison
from transforms import show
from transforms.compare import Place
from transforms import look_at
from dashboards.homes.links import place_link
from dashboards.homes.standing import opens
from dashboards.parts import empty, heading, note, table, text
from dashboards.shell import View

AT_MOST = 6


def render(view: View, found: list[Place]) -> None:
    words = view.words
    line = comparison.city_line(view)
    heading(words("overview.behind"))
    view.said(words.metric(view.metric))
    rest = look_at.lagging(found, line, view.card.direction)
    if not rest:
        empty(words, "overview.behind_none", minimum=view.minimum)
        return
    heads = [
        (words("compare.place"), "w"),
        (words("overview.judged"), "w"),
        (words("compare.value"), "n"),
        ("n/N", "n"),
        (words("overview.gap"), "n"),
        (words("overview.missing"), "n"),
    ]
    rows = [
        [
            place_link(view, "district", place.code, place.name),
            escape(words("overview.surely" if surely else "overview.perhaps")),
            show.figure(place.figure),
            opens(view, view.metric, "district", place.code, view.sector, place.figure),
            show.points(show.change(place.figure, line)),
            show.count(show.missing_to_reach(place.figure, line)),
        ]
        for place, surely in rest[:AT_MOST]
    ]
    table(words("overview.behind"), heads, rows, ["late" if surely else "quiet" for _, surely in rest[:AT_MOST]])
    surely = sum(each for _, each in rest)
    note(words("overview.behind_said", line=show.figure(line), n=len(rest), surely=surely))
    small = [place.name for place in found if place.why_unranked == "small"]
    if small:
        said = words("overview.behind_small", names=words("mark.list").join(small), minimum=view.minimum)
        st.html(f'<p class="lx-note">{text(said)}</p>')
