"""Lines over months: rates, and counts with what an estimate spans.

What belongs here: one picture of a few lines. Many small ones are panels.py's.
"""

from dataclasses import dataclass

from dashboards.charts import frame, palette
from dashboards.charts.frame import Picture
from data.figures import Figure
from data.words import Words


@dataclass(frozen=True)
class Trend:
    """A line over months: its heights, what is said of each, and for an estimate how far it reaches down and up."""

    name: str
    heights: list[float | None]
    said: list[str]
    low: list[float | None] | None = None
    high: list[float | None] | None = None


def lines(words: Words, months: list[str], series: list[tuple[str, str, list[Figure]]]) -> Picture:
    """Rates over months: (name, unit, figures). A month without a figure is a gap."""
    data = []
    for place, (name, unit, figures) in enumerate(series):
        colour, dash, symbol = palette.SERIES[place % len(palette.SERIES)]
        data.append(
            {
                "type": "scatter",
                "x": months,
                "y": [frame.height(figure, unit) for figure in figures],
                "name": frame.plain(name),
                "mode": "lines+markers",
                "connectgaps": False,
                "line": {"color": colour, "dash": dash, "width": 2.5},
                "marker": {"symbol": symbol, "size": 8, "color": colour},
                "text": [f"{words.month(month)} {frame.with_n(figure, unit)}" for month, figure in zip(months, figures, strict=True)],
                "hovertemplate": "%{fullData.name}<br>%{text}<extra></extra>",
            }
        )
    shown = months[::-1][::2][::-1]
    across = {"type": "category", "categoryarray": months, "range": [-0.4, len(months) - 0.6]}
    across |= {"tickvals": shown, "ticktext": frame.month_marks(words, shown)}
    return frame.framed(data, across, {"rangemode": "tozero", "ticksuffix": "%", "nticks": 6}, height=330, showlegend=True)


def trends(words: Words, months: list[str], found: list[Trend], suffix: str = "") -> Picture:
    """Lines over months, an estimate with its band as a bar at each month; a month without a figure is a gap."""
    data = []
    for place, trend in enumerate(found):
        colour, dash, symbol = palette.SERIES[place % len(palette.SERIES)]
        line = {
            "type": "scatter",
            "x": months,
            "y": trend.heights,
            "name": frame.plain(trend.name),
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
    across |= {"tickvals": shown, "ticktext": frame.month_marks(words, shown)}
    # Whole numbers in full: Plotly's own short form (10k) is English.
    down = {"rangemode": "tozero", "ticksuffix": suffix, "nticks": 6, "tickformat": "" if suffix else ","}
    return frame.framed(data, across, down, height=330, showlegend=True)
