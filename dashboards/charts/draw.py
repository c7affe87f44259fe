"""Pictures on a page, and what lets a reader take one away as a PNG.

What belongs here: the only call of Streamlit's charts, in the colours of the reader's theme, and the button that png.js answers. A PNG is
made by Plotly in the reader's browser, from the picture that is on the screen, and always looks like paper: a title, the filters in words,
the release and the date of its data above it, for a picture is passed on without its page.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go
import streamlit as st

from dashboards.charts import palette
from dashboards.charts.frame import Picture, width
from data.plain_text import in_chart

# No mode bar: its names are English, and what it saves says nothing of the page. No tips, for they are English as well.
CONFIG = {"displayModeBar": False, "displaylogo": False, "showTips": False, "scrollZoom": False, "doubleClick": False}
PNG_WIDTH = 1100
HEAD_LETTERS = PNG_WIDTH - 40  # what a line of a PNG's head may take, in pixels


@dataclass(frozen=True)
class Saved:
    """What a PNG says above the picture: its title, the filters in words, the release and the data's date; the file's name without its
    ending; the button's words, and what it says where the picture could not be made."""

    title: str
    filters: str
    source: str
    file: str
    label: str
    failed: str


class _Whole(go.Figure):
    """A picture as the figure that Streamlit asks for. Plotly would look at each of its properties again, which took a quarter of the
    server's time; that pictures are what Plotly knows is held by tests."""

    def __init__(self, picture: Picture):
        object.__setattr__(self, "_picture", picture)

    def to_dict(self) -> Picture:
        return self._picture


def draw(picture: Picture, key: str, alt: str, on_pick: Callable[[str], None] | None = None, saved: Saved | None = None) -> None:
    """Draws it; with `on_pick`, a click on a bar calls it with what stands in the bar's customdata; with `saved`, it can be taken away."""
    shown = palette.at_night(picture) if st.context.theme.type == "dark" else picture
    # Drawn anew under a key of its own after each pick, so that no bar stays pressed.
    picks = {"on_select": lambda: _picked(key, on_pick), "selection_mode": "points"} if on_pick else {}
    st.plotly_chart(_Whole(shown), key=key, config=CONFIG, alt=alt, theme=None, **picks)
    if saved:
        save_button(saved, key)


def save_button(saved: Saved, key: str, picture: Picture | None = None) -> None:
    """The button below a picture. `picture`: where what is on the screen is a table, the same as a picture."""
    told = {"key": "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", key), "file": saved.file, "width": PNG_WIDTH, "head": head(saved)}
    if picture:
        told["picture"] = picture
    elif st.context.theme.type == "dark":
        told["paper"] = {night: paper for paper, night in palette.TWINS.items()}
    asked = escape(json.dumps(told, ensure_ascii=False, separators=(",", ":")))
    button = f'<button type="button" class="lx-png" data-png="{asked}" data-failed="{escape(saved.failed)}">{escape(saved.label)}</button>'
    st.html(f'<p class="lx-save">{button}</p>')


def head(saved: Saved) -> list[str]:
    """The lines above the picture of a PNG, as Plotly writes them: each as long as the picture is wide."""
    small = [line for words in (saved.filters, saved.source) for line in _broken(words, HEAD_LETTERS)]
    title = [f"<b>{in_chart(line, 400)}</b>" for line in _broken(saved.title, HEAD_LETTERS * 13 // 18)]
    return title + [f'<span style="font-size:12px">{in_chart(line, 400)}</span>' for line in small]


def _broken(words: str, room: int) -> list[str]:
    lines, line = [], ""
    for part in re.split(r"(?<= · )", words):
        if line and width(line + part) > room:
            lines.append(line.removesuffix(" · "))
            line = ""
        line += part
    return [*lines, line.removesuffix(" · ")]


def _picked(key: str, on_pick: Callable[[str], None]) -> None:
    for point in st.session_state[key]["selection"]["points"][:1]:
        found = point.get("customdata")
        on_pick(found[0] if isinstance(found, list) else found)
