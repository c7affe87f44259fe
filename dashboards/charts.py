"""The pictures: Plotly figures made from figures and places. Everything is drawn here, nothing is fetched (no map tiles, no locale).

What belongs here: bars, lines and tiles in one look. Colours are told apart by colour-blind eyes too, and never stand alone:
a line has its dash and mark, a bar its number, a tile its text. What is published is written by show.py.
"""

from collections.abc import Callable
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
DOTS = 0.3  # how wide a column of dots is, measured in longest bars: wide enough for its heading on a phone
CONFIG = {"displayModeBar": False, "displaylogo": False, "showTips": False, "scrollZoom": False, "doubleClick": False}


Picture = dict[str, Any]  # a Plotly figure as plain data


@dataclass(frozen=True)
class Pile:
    """A count in two parts: how many were there before, and how many are new."""

    name: str
    older: int
    new: int


@dataclass(frozen=True)
class Bullet:
    """A figure beside its target: name of the row (in one or two lines), both figures, the standing in words, and its tone."""

    name: tuple[str, ...]
    figure: Figure
    goal: Figure
    said: str
    tone: str


@dataclass(frozen=True)
class Tile:
    """A district on the tile map. `figure` has no value where there is none to colour."""

    x: int
    y: int
    name: str
    figure: Figure


@dataclass(frozen=True)
class Step:
    """A row of a ledger: a total, or what was added to it (`plus`), taken from it (`minus`), or a part of what was added (`part`)."""

    code: str
    name: str
    start: int
    size: int
    look: str
    text: str


@dataclass(frozen=True)
class Cell:
    """Units that stand in exactly these lists (`within`, in the order of the lists)."""

    code: str
    name: str
    within: tuple[bool, ...]
    size: int
    text: str


@dataclass(frozen=True)
class Dot:
    """How far something lies from where it should, how far it may (`band`, both ways), and what stands beside it."""

    name: str
    apart: int
    band: float
    outside: bool
    text: str


@dataclass(frozen=True)
class Trend:
    """A line over months: its heights, what is said of each, and for an estimate how far it reaches down and up."""

    name: str
    heights: list[float | None]
    said: list[str]
    low: list[float | None] | None = None
    high: list[float | None] | None = None


def draw(picture: Picture, key: str, alt: str, on_pick: Callable[[str], None] | None = None) -> None:
    """Draws it; with `on_pick`, a click on a bar calls it with what stands in the bar's customdata."""
    # Streamlit's own ink for charts is too pale to read numbers by.
    ink = {"color": "#e8eaf0" if st.context.theme.type == "dark" else "#26303a"}
    layout = picture["layout"]
    inked = {axis: layout[axis] | {"tickfont": layout[axis]["tickfont"] | ink} for axis in ("xaxis", "yaxis")}
    layout = layout | inked | {"font": {"size": 13} | ink, "legend": layout["legend"] | {"font": ink}}
    # Drawn anew under a key of its own after each pick, so that no bar stays pressed.
    picks = {"on_select": lambda: _picked(key, on_pick), "selection_mode": "points"} if on_pick else {}
    st.plotly_chart(go.Figure(picture | {"layout": layout}), key=key, config=CONFIG, alt=alt, theme="streamlit", **picks)


def _picked(key: str, on_pick: Callable[[str], None]) -> None:
    for point in st.session_state[key]["selection"]["points"][:1]:
        found = point.get("customdata")
        on_pick(found[0] if isinstance(found, list) else found)


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
    return _picture([bar], across, _names(places, ranked=False), 30 + 29 * max(len(places), 2))


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


def ledger(rows: list[Step], chosen: str | None = None) -> Picture:
    """From one total to the next, a row a move, each with its number; where one bar ends the next begins. A row is picked anywhere."""
    looks = {"total": (BLUE, ""), "plus": (GREEN, ""), "minus": (RED, "/"), "part": (PALE, "")}
    colours, patterns = zip(*(looks[row.look] for row in rows), strict=True)
    top = max([row.start + row.size for row in rows] + [1])
    codes = [row.code for row in rows]
    said = [f"{_plain(row.name)}<br>{row.text}" for row in rows]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": [row.size for row in rows],
        "base": [row.start for row in rows],
        "y": codes,
        "customdata": codes,
        "marker": {"color": colours, "pattern": {"shape": patterns, "fgcolor": "#ffffff", "size": 6}},
        "text": [row.text for row in rows],
        "textposition": "none",
        "hoverinfo": "skip",
    }
    names = [f"<b>▸ {_plain(row.name)}</b>" if row.code == chosen else _plain(row.name) for row in rows]
    notes = [
        {"x": row.start + row.size, "y": at, "xanchor": "left", "xshift": 4, "showarrow": False, "text": f"<b>{row.text}</b>"}
        for at, row in enumerate(rows)
    ]
    joints = [
        {"type": "line", "x0": end, "x1": end, "y0": at, "y1": at + 1, "layer": "below", "line": {"color": GREY, "width": 1, "dash": "dot"}}
        for at, end in enumerate(_ends(rows))
    ]
    down = {"type": "category", "categoryarray": codes, "autorange": "reversed", "tickvals": codes, "ticktext": names}
    down |= {"automargin": True, "showgrid": False}
    across = {"range": [0, top], "showticklabels": False, "showgrid": False, "zeroline": True}
    # Room for the number beside the longest bar, as wide on a phone as on a desk.
    margin = {"r": 14 + 8 * max(len(row.text) for row in rows)}
    data = [bar, _whole_rows(codes, said, 0, top)]
    return _picture(data, across, down, 24 + 30 * len(rows), margin, barmode="overlay", annotations=notes, shapes=joints)


def _ends(rows: list[Step]) -> list[int]:
    """Where each row of a ledger ends and the next begins; parts of a whole have no such joints."""
    if any(row.look == "part" for row in rows):
        return []
    return [row.start if row.look == "minus" else row.start + row.size for row in rows[:-1]]


def _whole_rows(codes: list[str], said: list[str], start: float, end: float) -> dict:
    """An unseen bar over the whole of each row, so that a small number is as easy to hit as a large one."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": [end - start] * len(codes),
        "base": [start] * len(codes),
        "y": codes,
        "customdata": codes,
        "marker": {"color": "rgba(0,0,0,0)"},
        "hovertext": said,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "unselected": {"marker": {"opacity": 1}},
    }


def memberships(lists: list[str], cells: list[Cell], chosen: str | None = None) -> Picture:
    """Who stands in which lists: a row a combination, full dots for the lists it is in, and a bar for its size (an UpSet picture)."""
    top = max([cell.size for cell in cells] + [1])
    # The dots stand left of the axis, a column a list.
    columns = [-top * DOTS * (len(lists) - place - 0.4) for place in range(len(lists))]
    codes = [cell.code for cell in cells]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": [cell.size for cell in cells],
        "y": codes,
        "customdata": codes,
        "marker": {"color": [BLUE if any(cell.within[1:]) else GREY for cell in cells]},
        "hoverinfo": "skip",
    }
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [x for _ in cells for x in columns],
        "y": [cell.code for cell in cells for _ in columns],
        "marker": {
            "size": 14,
            "color": BLUE,
            "symbol": ["circle" if there else "circle-open" for cell in cells for there in cell.within],
            "opacity": [1 if there else 0.45 for cell in cells for there in cell.within],
        },
        "hoverinfo": "skip",
    }
    joints = []
    for at, cell in enumerate(cells):
        full = [x for x, there in zip(columns, cell.within, strict=True) if there]
        line = {"type": "line", "y0": at, "y1": at, "layer": "below", "line": {"color": BLUE, "width": 3}}
        joints.append(line | {"x0": min(full, default=0), "x1": max(full, default=0)})
    heads = [
        {"x": x, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, "text": head, "font": {"size": 12}}
        for x, head in zip(columns, lists, strict=True)
    ]
    notes = [
        {"x": cell.size, "y": at, "xanchor": "left", "xshift": 4, "showarrow": False, "text": f"<b>{cell.text}</b>"}
        for at, cell in enumerate(cells)
    ]
    names = [f"<b>▸ {_plain(cell.name)}</b>" if cell.code == chosen else _plain(cell.name) for cell in cells]
    start = -top * DOTS * (len(lists) + 0.1)
    down = {"type": "category", "categoryarray": codes, "autorange": "reversed", "tickvals": codes, "ticktext": names}
    down |= {"automargin": True, "showgrid": False}
    across = {"range": [start, top], "showticklabels": False, "showgrid": False, "zeroline": True}
    said = [f"{_plain(cell.name)}<br>{cell.text}" for cell in cells]
    data = [bar, dots, _whole_rows(codes, said, start, top)]
    margin = {"t": 26, "r": 14 + 8 * max(len(cell.text) for cell in cells)}
    return _picture(data, across, down, 40 + 36 * len(cells), margin, barmode="overlay", annotations=heads + notes, shapes=joints)


def trends(words: Words, months: list[str], found: list[Trend], suffix: str = "") -> Picture:
    """Lines over months, an estimate with its band as a bar at each month; a month without a figure is a gap."""
    data = []
    for place, trend in enumerate(found):
        colour, dash, symbol = SERIES[place % len(SERIES)]
        line = {
            "type": "scatter",
            "x": months,
            "y": trend.heights,
            "name": _plain(trend.name),
            "mode": "lines+markers",
            "connectgaps": False,
            "line": {"color": colour, "dash": dash, "width": 2.5},
            "marker": {"symbol": symbol, "size": 8, "color": colour},
            "text": trend.said,
            "hovertemplate": "%{fullData.name}<br>%{text}<extra></extra>",
        }
        if trend.low and trend.high:
            up, down = (
                [abs(end - mid) if None not in (end, mid) else 0 for end, mid in zip(ends, trend.heights, strict=True)]
                for ends in (trend.high, trend.low)
            )
            line["error_y"] = {
                "type": "data",
                "symmetric": False,
                "array": up,
                "arrayminus": down,
                "color": colour,
                "thickness": 1.5,
                "width": 5,
            }
        data.append(line)
    shown = months[::-1][::2][::-1]
    across = {"type": "category", "categoryarray": months, "range": [-0.4, len(months) - 0.6]}
    across |= {"tickvals": shown, "ticktext": _month_marks(words, shown)}
    # Whole numbers in full: Plotly's own short form (10k) is English.
    down = {"rangemode": "tozero", "ticksuffix": suffix, "nticks": 6, "tickformat": "" if suffix else ","}
    return _picture(data, across, down, height=330, showlegend=True)


def piles(rows: list[Pile], names: tuple[str, str]) -> Picture:
    """Counts as bars from the left, in two parts told apart by colour and hatching, the whole beside each."""
    places = [str(place) for place in range(len(rows))]
    look = ((BLUE, ""), (PALE, "/"))
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": _plain(name),
            "x": sizes,
            "y": places,
            "marker": {"color": colour, "pattern": {"shape": shape, "fgcolor": BLUE, "bgcolor": PALE, "size": 6}},
            "hovertext": [f"{_plain(row.name)}<br>{_plain(name)} {show.count(size)}" for row, size in zip(rows, sizes, strict=True)],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        for name, sizes, (colour, shape) in zip(names, ([row.older for row in rows], [row.new for row in rows]), look, strict=True)
    ]
    notes = [
        {"x": row.older + row.new, "y": at, "xanchor": "left", "xshift": 5, "showarrow": False}
        | {"text": f"<b>{show.count(row.older + row.new)}</b>"}
        for at, row in enumerate(rows)
    ]
    top = max([row.older + row.new for row in rows] + [1])
    across = {"range": [0, top * 1.1], "showticklabels": False, "showgrid": False, "zeroline": True}
    down = {"type": "category", "categoryarray": places, "autorange": "reversed", "tickvals": places}
    down |= {"ticktext": [_plain(row.name) for row in rows], "automargin": True, "showgrid": False}
    height = 54 + 28 * max(len(rows), 2)
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    return _picture(bars, across, down, height, {"t": 30}, barmode="stack", annotations=notes, showlegend=True, legend=legend)


def bullets(rows: list[Bullet], unit: str) -> Picture:
    """A bar a target, with an upright line where it should end; the standing in words beside it, never by colour alone."""
    heights, goals = [_height(row.figure, unit) for row in rows], [_height(row.goal, unit) for row in rows]
    places = [str(place) for place in range(len(rows))]
    colours = {"better": BLUE, "worse": PALE, "even": GREY}
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": heights,
        "y": places,
        "marker": {"color": [colours[row.tone] for row in rows]},
        "hovertext": [
            f"{_plain(' '.join(row.name))}<br>{_with_n(row.figure, unit)} → {show.figure(row.goal, unit)}<br>{row.said}" for row in rows
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    ends = [
        {"type": "line", "x0": goal, "x1": goal, "y0": at - 0.42, "y1": at + 0.42, "line": {"color": RED, "width": 4}}
        for at, goal in enumerate(goals)
    ]
    # In two lines, so that a phone has room for the bar.
    beside = [(f"{show.figure(row.figure, unit)} / {show.figure(row.goal, unit)}", row.said) for row in rows]
    notes = [
        {"x": 1, "xref": "paper", "y": at, "xanchor": "left", "xshift": 10, "showarrow": False, "align": "left"}
        | {"text": f"<b>{figures}</b><br>{said}"}
        for at, (figures, said) in enumerate(beside)
    ]
    across = {"range": [0, max([*heights, *goals, 0.01]) * 1.02], "showticklabels": False, "showgrid": False, "zeroline": True}
    down = {"type": "category", "categoryarray": places, "autorange": "reversed", "tickvals": places}
    down |= {"ticktext": ["<br>".join(map(_plain, row.name)) for row in rows], "automargin": True, "showgrid": False}
    margin = {"r": 18 + max(max(_width(figures), _width(said)) for figures, said in beside)}
    return _picture([bar], across, down, 20 + 42 * max(len(rows), 2), margin, annotations=notes, shapes=ends)


def dots(rows: list[Dot], names: tuple[str, str, str]) -> Picture:
    """A dot a row, to the right of zero for more and to the left for less, over the band that is permitted: round within it, a diamond
    outside. `names`: of the dots within, of those outside, of the band."""
    places = [str(place) for place in range(len(rows))]
    band = {
        "type": "bar",
        "orientation": "h",
        "name": _plain(names[2]),
        "base": [-row.band for row in rows],
        "x": [2 * row.band for row in rows],
        "y": places,
        "marker": {"color": "rgba(138,145,153,0.28)", "line": {"color": GREY, "width": 1}},
        "hoverinfo": "skip",
    }
    data = [band]
    for name, outside, colour, symbol, size in ((names[0], False, BLUE, "circle", 11), (names[1], True, RED, "diamond", 13)):
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": _plain(name),
                "x": [row.apart for row in rows if row.outside == outside],
                "y": [place for place, row in zip(places, rows, strict=True) if row.outside == outside],
                "marker": {"color": colour, "symbol": symbol, "size": size},
                "hovertext": [f"{_plain(row.name)}<br>{row.text}" for row in rows if row.outside == outside],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "cliponaxis": False,
            }
        )
    beside = [
        {"x": 1, "xref": "paper", "y": at, "xanchor": "left", "xshift": 10, "showarrow": False, "align": "left", "text": row.text}
        for at, row in enumerate(rows)
    ]
    ends = [end for row in rows for end in (row.apart, row.band, -row.band)]
    room = (max(ends) - min(ends)) * 0.04
    across = {"range": [min(ends) - room, max(ends) + room], "zeroline": True, "zerolinewidth": 1.5, "nticks": 6, "tickformat": ",d"}
    down = {"type": "category", "categoryarray": places, "autorange": "reversed", "tickvals": places}
    down |= {"ticktext": [_plain(row.name) for row in rows], "automargin": True, "showgrid": False}
    margin = {"t": 30, "r": 18 + max(_width(row.text.replace("<b>", "").replace("</b>", "")) for row in rows)}
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    return _picture(data, across, down, 70 + 27 * max(len(rows), 2), margin, annotations=beside, showlegend=True, legend=legend)


def _width(text: str) -> int:
    """About how many pixels a text takes beside a chart: a Chinese letter is twice as wide as a digit."""
    return sum(13 if ord(letter) > 0x2E7F else 8 for letter in text)


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


def _names(places: list[Place], ranked: bool = True) -> dict:
    """The axis of places: in their order, with `ranked` their rank before the name (where the order is another one it would mislead)."""
    codes = [place.code for place in places]
    names = [f"{place.rank}  {_plain(place.name)}" if ranked and place.rank else _plain(place.name) for place in places]
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
