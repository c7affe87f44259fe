"""Small pictures in HTML: a line the size of a word, a bar in a cell, a ledger in rows.

What belongs here: pictures that stand among words and numbers, and say nothing that does not stand beside them as text. They cost no chart
on a page that must be read in ten seconds, follow light, dark and paper by the style sheet, and print. Larger ones are in charts.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

WIDE, HIGH, EDGE = 190, 30, 3
INK = "#3f7fb8"


@dataclass(frozen=True)
class Row:
    """A row of a ledger: its name, its number as text (HTML, with its way down), where its bar begins and how long it is, and its look:
    total, plus or minus."""

    name: str
    number: str
    start: int
    size: int
    look: str


def spark(values: Sequence[Fraction | None], said: str) -> str:
    """A line over months, from its lowest to its highest; a month without a figure is a gap."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, span = min(known), max(known) - min(known)
    step = Fraction(WIDE - 2 * EDGE, max(len(values) - 1, 1))
    points = []
    for place, value in enumerate(values):
        height = Fraction(1, 2) if not span or value is None else (value - low) / span
        points.append(None if value is None else (float(EDGE + step * place), float(HIGH - EDGE - height * (HIGH - 2 * EDGE))))
    path, pen = "", "M"
    for point in points:
        if point is not None:
            path += f"{pen}{point[0]:.1f} {point[1]:.1f}"
        pen = "L" if point is not None else "M"
    end = f'<circle cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="2.6" fill="{INK}"/>' if points[-1] else ""
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}">'
        f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.6"/>{end}</svg>'
    )
    # As an image, for a page's own HTML may hold no SVG; so its colour is one that reads on light and on dark.
    return f'<img class="lx-spark" src="data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}" alt="{escape(said)}">'


def bar(share: Fraction | float, tone: str) -> str:
    """A bar in a cell, as long as its share of the longest; its number stands beside it."""
    return f'<i class="lx-bar {tone}" style="width:{100 * min(abs(float(share)), 1):.1f}%"></i>'


def ledger(name: str, rows: Sequence[Row]) -> str:
    """From one total to the next, a row a move; where one bar ends the next begins."""
    top = max((row.start + row.size for row in rows), default=0) or 1
    made = ""
    for row in rows:
        place = f"margin-left:{100 * row.start / top:.2f}%;width:{100 * row.size / top:.2f}%"
        made += (
            f'<div class="{row.look}" role="row"><span role="rowheader">{escape(row.name)}</span>'
            f'<span class="lx-run" role="presentation"><i style="{place}"></i></span><b role="cell">{row.number}</b></div>'
        )
    return f'<div class="lx-ledger" role="table" aria-label="{escape(name)}">{made}</div>'


def span(low: Fraction, line: Fraction, high: Fraction) -> str:
    """From the lowest to the highest rate on a scale of 0 to 100 %, with the city's between."""
    left, wide, at = (f"{100 * float(value):.1f}%" for value in (low, high - low, line))
    return f'<span class="lx-span"><i style="left:{left};width:{wide}"></i><b style="left:{at}"></b></span>'
