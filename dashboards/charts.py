"""The pictures: Plotly figures made from figures and places. Everything is drawn here, nothing is fetched (no map tiles, no locale).

What belongs here: bars, lines and tiles in one look. Colours are told apart by colour-blind eyes too, and never stand alone:
a line has its dash and mark, a bar its number, a tile its text. What is published is written by show.py.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboards import show
from dashboards.compare import Place
from dashboards.show import Figure
from dashboards.words import Words

BLUE, PALE, RED, GREEN, GREY = "#2b6ca3", "#8fb4d6", "#b8392f", "#0b7a5c", "#8a9199"
# Blue, orange, green, purple of Okabe and Ito: told apart under every common colour blindness.
SERIES = (
    ("#0072b2", "solid", "circle"),
    ("#d55e00", "dash", "square"),
    ("#009e73", "dot", "diamond"),
    ("#aa4499", "dashdot", "triangle-up"),
)
SHADES = ("#dce9f5", "#b0cfe8", "#74abd5", "#3a7fb8", "#154f86")
# No mode bar: its names are English, and what it saves has no notes. No tips, for they are English as well.
CONFIG = {"displayModeBar": False, "displaylogo": False, "showTips": False, "scrollZoom": False, "doubleClick": False}


Picture = dict[str, Any]  # a Plotly figure as plain data


@dataclass(frozen=True)
class Tile:
    """A district on the tile map. `figure` has no value where there is none to colour."""

    x: int
    y: int
    name: str
    figure: Figure


def draw(picture: Picture, key: str, alt: str) -> None:
    # Streamlit's own ink for charts is too pale to read numbers by.
    ink = {"color": "#e8eaf0" if st.context.theme.type == "dark" else "#26303a"}
    layout = picture["layout"]
    inked = {axis: layout[axis] | {"tickfont": layout[axis]["tickfont"] | ink} for axis in ("xaxis", "yaxis")}
    layout = layout | inked | {"font": {"size": 13} | ink, "legend": layout["legend"] | {"font": ink}}
    st.plotly_chart(go.Figure(picture | {"layout": layout}), key=key, config=CONFIG, alt=alt, theme="streamlit")


def lines(words: Words, months: list[str], series: list[tuple[str, str, list[Figure]]]) -> Picture:
    """Rates over months: (name, unit, figures). A month without a figure is a gap."""
    data = []
    for place, (name, unit, figures) in enumerate(series):
        colour, dash, symbol = SERIES[place % len(SERIES)]
        data.append(
            {
                "type": "scatter",
                "x": months,
                "y": [_height(figure, unit) for figure in figures],
                "name": _plain(name),
                "mode": "lines+markers",
                "connectgaps": False,
                "line": {"color": colour, "dash": dash, "width": 2.5},
                "marker": {"symbol": symbol, "size": 8, "color": colour},
                "text": [f"{words.month(month)} {_with_n(figure, unit)}" for month, figure in zip(months, figures, strict=True)],
                "hovertemplate": "%{fullData.name}<br>%{text}<extra></extra>",
            }
        )
    shown = months[::-1][::2][::-1]
    across = {"type": "category", "categoryarray": months, "range": [-0.4, len(months) - 0.6]}
    across |= {"tickvals": shown, "ticktext": _month_marks(words, shown)}
    return _picture(data, across, {"rangemode": "tozero", "ticksuffix": "%", "nticks": 6}, height=330, showlegend=True)


def bars(words: Words, places: list[Place], line: Figure, unit: str, direction: str) -> Picture:
    """Ranked bars from the left, with the city's line; what is not ranked is hatched."""
    shown = [place for place in places if place.figure.value is not None]
    heights = [_height(place.figure, unit) for place in shown]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": heights,
        "y": [place.code for place in shown],
        "marker": {
            "color": [GREY if place.why_unranked else _bar_colour(place.figure, line, direction) for place in shown],
            "pattern": {"shape": ["/" if place.why_unranked else "" for place in shown], "fgcolor": "#ffffff", "size": 6},
        },
        "hovertext": [f"{_plain(place.name)}<br>{_with_n(place.figure, unit)}" for place in shown],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    # The numbers stand in a column of their own: the city's line can't cross them, and they keep their room on a phone.
    beside = [f"<b>{show.figure(place.figure, unit)}</b>  {show.n_of_n(place.figure)}" for place in shown]
    # By its place and not by its code: a code made of digits would be taken for a place.
    notes = [
        {"x": 1, "xref": "paper", "y": at, "xanchor": "left", "xshift": 8, "showarrow": False, "align": "left", "text": text}
        for at, text in enumerate(beside)
    ]
    shapes = []
    if line.exact is not None:
        at, said = _height(line, unit), words("compare.city_line", value=show.figure(line, unit))
        shapes.append(
            {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": RED, "width": 2, "dash": "dash"}}
        )
        notes.append({"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, "font": {"color": RED}, "text": said})
    top = max([*heights, _height(line, unit) or 0, 0.01])
    across = {"range": [0, top * 1.02], "showticklabels": False, "showgrid": False, "zeroline": True}
    margin = {"t": 30, "r": 26 + 8 * max((len(text) - len("<b></b>") for text in beside), default=0)}
    return _picture([bar], across, _names(shown), 64 + 29 * max(len(shown), 2), margin, annotations=notes, shapes=shapes)


def changes(words: Words, places: list[Place], unit: str, direction: str) -> Picture:
    """Bars to the right for a rise and to the left for a fall, each with its signed number."""
    heights = [float(place.change * (100 if unit == "rate" else 1)) for place in places]
    colours = {"better": GREEN, "worse": RED, "even": GREY}
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": heights,
        "y": [place.code for place in places],
        "marker": {"color": [colours[show.tone(place.change, direction)] for place in places]},
        "text": [show.points(place.change, unit) for place in places],
        "textposition": "outside",
        "cliponaxis": False,
        "textangle": 0,
        "hovertext": [f"{_plain(place.name)}<br>{_with_n(place.before, unit)} → {_with_n(place.figure, unit)}" for place in places],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    low, high = min([*heights, 0]), max([*heights, 0])
    room = max(high - low, 0.1) * 0.22
    across = {"range": [low - (room if low < 0 else 0), high + room]}
    across |= {"showticklabels": False, "showgrid": False, "zeroline": True, "zerolinewidth": 1.5}
    return _picture([bar], across, _names(places), 30 + 29 * max(len(places), 2))


def tiles(found: list[Tile], unit: str) -> Picture:
    """A tile a district: plain rectangles with their name, figure and n/N; darker is higher."""
    left, top = min(tile.x for tile in found), min(tile.y for tile in found)
    columns, rows = max(tile.x for tile in found) - left + 1, max(tile.y for tile in found) - top + 1
    scale = steps([tile.figure for tile in found])
    shades = [_shade(tile.figure, scale) for tile in found]
    shapes = []
    for tile, shade in zip(found, shades, strict=True):
        x, y = tile.x - left, tile.y - top
        fill = "rgba(128,128,128,0.12)" if shade is None else SHADES[shade]
        edge = {"width": 1, "color": GREY, "dash": "dot" if shade is None else "solid"}
        place = {"x0": x + 0.03, "x1": x + 0.97, "y0": y + 0.03, "y1": y + 0.97}
        shapes.append({"type": "rect", "layer": "below", "fillcolor": fill, "line": edge} | place)
    text = {
        "type": "scatter",
        "x": [tile.x - left + 0.5 for tile in found],
        "y": [tile.y - top + 0.5 for tile in found],
        "mode": "text",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "text": [f"{_plain(tile.name)}<br><b>{show.figure(tile.figure, unit)}</b><br>{show.n_of_n(tile.figure)}" for tile in found],
        "textfont": {"size": 12.5 if columns < 5 else 11, "color": [_ink(shade) for shade in shades]},
    }
    across, down = {"visible": False, "range": [0, columns]}, {"visible": False, "range": [rows, 0]}
    return _picture([text], across, down, max(80 * rows, 120) + 8, shapes=shapes)


def steps(figures: list[Figure]) -> list[float]:
    """The upper ends of five equal steps from the lowest to the highest figure."""
    values = [figure.value for figure in figures if figure.value is not None]
    if not values:
        return []
    low, high = min(values), max(values)
    return [low + (high - low) * step / len(SHADES) for step in range(1, len(SHADES) + 1)] if high > low else [high]


def _shade(figure: Figure, scale: list[float]) -> int | None:
    if figure.value is None or not scale:
        return None
    return next((step for step, end in enumerate(scale) if figure.value <= end), len(scale) - 1)


def _ink(shade: int | None) -> str:
    if shade is None:
        return GREY
    return "#ffffff" if shade >= 3 else "#1b2733"


def legend(figures: list[Figure], unit: str) -> str:
    """The steps of the tile map in words and colours, as HTML."""
    scale = steps(figures)
    if len(scale) < 2:
        return ""
    ends = [min(figure.value for figure in figures if figure.value is not None), *scale]
    boxes = ""
    for step, shade in enumerate(SHADES[: len(scale)]):
        low, high = (show.figure(Figure(value=end), unit) for end in ends[step : step + 2])
        boxes += f'<span class="lx-step"><i style="background:{shade}"></i> {low}–{high}</span>'
    return f'<p class="lx-note">{boxes}</p>'


def _bar_colour(figure: Figure, line: Figure, direction: str) -> str:
    if line.exact is None or direction == "none":
        return BLUE
    good = figure.exact >= line.exact if direction == "up" else figure.exact <= line.exact
    return BLUE if good else PALE


def _names(places: list[Place]) -> dict:
    """The axis of places: in their order, rank before name."""
    codes = [place.code for place in places]
    names = [f"{place.rank}  {_plain(place.name)}" if place.rank else _plain(place.name) for place in places]
    order = {"type": "category", "categoryarray": codes, "autorange": "reversed"}
    return order | {"tickvals": codes, "ticktext": names, "automargin": True, "showgrid": False}


def _height(figure: Figure, unit: str) -> float | None:
    if figure.value is None:
        return None
    return figure.value * (100 if unit == "rate" else 1)


def _month_marks(words: Words, months: list[str]) -> list[str]:
    marks, year = [], ""
    for month in months:
        number = f"{int(month[5:])}月" if words.lang == "zh" else month[5:]
        label = f"{month[:4]}年" if words.lang == "zh" else month[:4]
        marks.append(f"{number}<br>{label}" if month[:4] != year else number)
        year = month[:4]
    return marks


def _with_n(figure: Figure, unit: str) -> str:
    return f"{show.figure(figure, unit)} ({show.n_of_n(figure)})"


def _plain(name: str) -> str:
    """A name from data: Plotly reads some markup, so none is let through."""
    return escape("".join(letter for letter in name if letter.isprintable()), quote=False)


def _picture(data: list[dict], across: dict, down: dict, height: int, margin: dict | None = None, **layout) -> Picture:
    """The one look. Plain dictionaries all the way: a Plotly figure that grows piece by piece is checked anew at every piece."""
    return {
        "data": data,
        "layout": {
            "height": height,
            "margin": {"l": 4, "r": 8, "t": 6, "b": 4} | (margin or {}),
            "xaxis": {"fixedrange": True, "tickfont": {"size": 12.5}} | across,
            "yaxis": {"fixedrange": True, "tickfont": {"size": 13}} | down,
            "showlegend": False,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            "dragmode": False,
            "bargap": 0.3,
            "hovermode": "closest",
            "separators": ".,",
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
        }
        | layout,
    }
