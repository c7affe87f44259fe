"""A figure beside what it should be: targets, and how far something lies from where it may lie.

What belongs here: bullets and dots.
"""

from dataclasses import dataclass

from dashboards.charts import frame, palette
from dashboards.charts.frame import Picture
from data.figures import Figure
from transforms import show


@dataclass(frozen=True)
class Bullet:
    """A figure beside its target: name of the row (in one or two lines), both figures, the standing in words, and its tone."""

    name: tuple[str, ...]
    figure: Figure
    goal: Figure
    said: str
    tone: str


@dataclass(frozen=True)
class Dot:
    """How far something lies from where it should, how far it may (`band`, both ways), and what stands beside it."""

    name: str
    apart: int
    band: float
    outside: bool
    text: str


def bullets(rows: list[Bullet], unit: str) -> Picture:
    """A bar a target, with an upright line where it should end; the standing in words beside it, never by colour alone."""
    heights, goals = [frame.height(row.figure, unit) for row in rows], [frame.height(row.goal, unit) for row in rows]
    places = [str(place) for place in range(len(rows))]
    colours = {"better": palette.BLUE, "worse": palette.PALE, "even": palette.GREY}
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": heights,
        "y": places,
        "marker": {"color": [colours[row.tone] for row in rows]},
        "hovertext": [
            f"{frame.plain(' '.join(row.name))}<br>{frame.with_n(row.figure, unit)} → {show.figure(row.goal, unit)}<br>{row.said}"
            for row in rows
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    ends = [
        {"type": "line", "x0": goal, "x1": goal, "y0": at - 0.42, "y1": at + 0.42, "line": {"color": palette.RED, "width": 4}}
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
    down |= {"ticktext": ["<br>".join(map(frame.plain, row.name)) for row in rows], "automargin": True, "showgrid": False}
    margin = {"r": 18 + max(max(frame.width(figures), frame.width(said)) for figures, said in beside)}
    return frame.framed([bar], across, down, 20 + 42 * max(len(rows), 2), margin, annotations=notes, shapes=ends)


def dots(rows: list[Dot], names: tuple[str, str, str]) -> Picture:
    """A dot a row, to the right of zero for more and to the left for less, over the band that is permitted: round within it, a diamond
    outside. `names`: of the dots within, of those outside, of the band."""
    places = [str(place) for place in range(len(rows))]
    band = {
        "type": "bar",
        "orientation": "h",
        "name": frame.plain(names[2]),
        "base": [-row.band for row in rows],
        "x": [2 * row.band for row in rows],
        "y": places,
        "marker": {"color": palette.BAND, "line": {"color": palette.GREY, "width": 1}},
        "hoverinfo": "skip",
    }
    data = [band]
    for name, outside, colour, symbol, size in (
        (names[0], False, palette.BLUE, "circle", 11),
        (names[1], True, palette.RED, "diamond", 13),
    ):
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": frame.plain(name),
                "x": [row.apart for row in rows if row.outside == outside],
                "y": [place for place, row in zip(places, rows, strict=True) if row.outside == outside],
                "marker": {"color": colour, "symbol": symbol, "size": size},
                "hovertext": [f"{frame.plain(row.name)}<br>{row.text}" for row in rows if row.outside == outside],
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
    down |= {"ticktext": [frame.plain(row.name) for row in rows], "automargin": True, "showgrid": False}
    margin = {"t": 30, "r": 18 + max(frame.width(row.text.replace("<b>", "").replace("</b>", "")) for row in rows)}
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    return frame.framed(data, across, down, 70 + 27 * max(len(rows), 2), margin, annotations=beside, showlegend=True, legend=legend)
