"""What every picture has: its layout, its names and numbers as text, its axis of months.

What belongs here: the one look, as plain dictionaries. How a picture gets on a page is drawn.py's.
"""

from typing import Any

from dashboards.charts import palette
from data.figures import Figure
from data.plain_text import in_chart
from data.words import Words
from transforms import show
from transforms.compare import Place, band_short

Picture = dict[str, Any]  # a Plotly figure as plain data
AXIS = {"automargin": True, "gridcolor": palette.GRID, "zerolinecolor": palette.RULE, "zeroline": False, "ticks": ""}


def framed(data: list[dict], across: dict, down: dict, height: int, margin: dict | None = None, **layout) -> Picture:
    """The one look. Plain dictionaries all the way: a Plotly figure that grows piece by piece is checked anew at every piece."""
    return {
        "data": data,
        "layout": {
            "height": height,
            "margin": {"l": 4, "r": 8, "t": 6, "b": 4} | (margin or {}),
            "xaxis": {"fixedrange": True, "tickfont": {"size": 12.5}} | AXIS | across,
            "yaxis": {"fixedrange": True, "tickfont": {"size": 13}, "ticklabelstandoff": 5} | AXIS | down,
            "font": {"family": palette.FONT, "size": 13, "color": palette.INK},
            "hoverlabel": {"bgcolor": palette.PAPER, "bordercolor": palette.RULE, "font": {"color": palette.INK}, "align": "left"},
            "template": {},  # without one Plotly sends its own, larger than the picture
            "showlegend": False,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            "dragmode": False,
            "bargap": 0.3,
            "hovermode": "closest",
            "separators": ".,",
            "paper_bgcolor": palette.CLEAR,
            "plot_bgcolor": palette.CLEAR,
        }
        | layout,
    }


def names(places: list[Place], ranked: bool = True) -> dict:
    """The axis of places: in their order, with `ranked` the band of their rank before the name (where the
    order is another one it would mislead)."""
    codes = [place.code for place in places]
    names = [f"{band_short(place)}  {plain(place.name)}" if ranked and place.rank else plain(place.name) for place in places]
    order = {"type": "category", "categoryarray": codes, "autorange": "reversed"}
    return order | {"tickvals": codes, "ticktext": names, "automargin": True, "showgrid": False}


def month_marks(words: Words, months: list[str]) -> list[str]:
    marks, year = [], ""
    for month in months:
        number = f"{int(month[5:])}月" if words.lang == "zh" else month[5:]
        label = f"{month[:4]}年" if words.lang == "zh" else month[:4]
        marks.append(f"{number}<br>{label}" if month[:4] != year else number)
        year = month[:4]
    return marks


def short_month(month: str) -> str:
    """`17.12`: a month where there is little room, in either language."""
    return f"{month[2:4]}.{month[5:]}"


def height(figure: Figure, unit: str) -> float | None:
    if figure.value is None:
        return None
    return figure.value * (100 if unit == "rate" else 1)


def with_n(figure: Figure, unit: str) -> str:
    return f"{show.figure(figure, unit)} ({show.n_of_n(figure)})"


def width(text: str) -> int:
    """About how many pixels a text takes beside a chart: a Chinese letter is twice as wide as a digit."""
    return sum(13 if ord(letter) > 0x2E7F else 8 for letter in text)


def plain(name: str) -> str:
    """A name from data: Plotly reads some markup, so none is let through."""
    return in_chart(name)
