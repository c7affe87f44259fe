"""Bars of places: ranked, and what moved.

What belongs here: bars from the left, a row a place, with the numbers beside them. Ranks are compare.py's.
"""

from dashboards.charts import frame, palette
from dashboards.charts.frame import Picture
from data.figures import Figure
from data.words import Words
from transforms import show
from transforms.compare import Place


def bars(words: Words, places: list[Place], line: Figure, unit: str, direction: str) -> Picture:
    """Ranked bars from the left, with the city's line; what is not ranked is hatched."""
    shown = [place for place in places if place.figure.value is not None]
    heights = [frame.height(place.figure, unit) for place in shown]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": heights,
        "y": [place.code for place in shown],
        "marker": {
            "color": [palette.GREY if place.set_aside else _bar_colour(place.figure, line, direction) for place in shown],
            "pattern": {"shape": ["/" if place.set_aside else "" for place in shown], "fgcolor": palette.PAPER, "size": 6},
        },
        "error_x": _whiskers(shown, heights),
        "hovertext": [f"{frame.plain(place.name)}<br>{frame.with_n(place.figure, unit)}" for place in shown],
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
        at, said = frame.height(line, unit), words("compare.city_line", value=show.figure(line, unit))
        shapes.append(
            {
                "type": "line",
                "x0": at,
                "x1": at,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": palette.RED, "width": 2, "dash": "dash"},
            }
        )
        notes.append(
            {"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, "font": {"color": palette.RED}, "text": said}
        )
    whiskers = [height + (up or 0) for height, up in zip(heights, bar["error_x"]["array"], strict=True)]
    top = max([*whiskers, frame.height(line, unit) or 0, 0.01])
    across = {"range": [0, top * 1.02], "showticklabels": False, "showgrid": False, "zeroline": True}
    margin = {"t": 30, "r": 26 + 8 * max((len(text) - len("<b></b>") for text in beside), default=0)}
    return frame.framed([bar], across, frame.names(shown), 64 + 29 * max(len(shown), 2), margin, annotations=notes, shapes=shapes)


def changes(words: Words, places: list[Place], unit: str, direction: str) -> Picture:
    """Bars to the right for a rise and to the left for a fall, each with its signed number."""
    heights = [float(place.change * (100 if unit == "rate" else 1)) for place in places]
    colours = {"better": palette.GREEN, "worse": palette.RED, "even": palette.GREY}
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
        "hovertext": [
            f"{frame.plain(place.name)}<br>{frame.with_n(place.before, unit)} → {frame.with_n(place.figure, unit)}" for place in places
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    low, high = min([*heights, 0]), max([*heights, 0])
    room = max(high - low, 0.1) * 0.22
    across = {"range": [low - (room if low < 0 else 0), high + room]}
    across |= {"showticklabels": False, "showgrid": False, "zeroline": True, "zerolinewidth": 1.5}
    return frame.framed([bar], across, frame.names(places, ranked=False), 30 + 29 * max(len(places), 2))


def _whiskers(places: list[Place], heights: list[float]) -> dict:
    """What chance leaves of each ranked figure, to both sides of the end of its bar."""
    ends = [place.interval if place.rank else None for place in places]
    up = [100 * float(end[1]) - height if end else None for end, height in zip(ends, heights, strict=True)]
    down = [height - 100 * float(end[0]) if end else None for end, height in zip(ends, heights, strict=True)]
    look = {"visible": any(ends), "color": palette.INK, "thickness": 1.3, "width": 4}
    return {"type": "data", "symmetric": False, "array": up, "arrayminus": down} | look


def _bar_colour(figure: Figure, line: Figure, direction: str) -> str:
    if line.exact is None or direction == "none":
        return palette.BLUE
    good = figure.exact >= line.exact if direction == "up" else figure.exact <= line.exact
    return palette.BLUE if good else palette.PALE
