"""Districts by metrics as squares: the same as the table of the page, for a PNG.

What belongs here: squares in five tones with their text. What tone a figure has is compare.py's.
"""

from dataclasses import dataclass

from dashboards.charts import frame, palette
from dashboards.charts.frame import Picture

# far worse, worse, near, better, far better: orange against blue, told apart by colour-blind eyes; each with its sign in the text.
TONES = ("#f2a25c", "#fbdcbd", "#f3f5f7", "#cfe3f5", "#86b9e3")


@dataclass(frozen=True)
class Square:
    """A figure, its sign and distance in words, and its tone: −2 to 2."""

    text: str
    tone: int


def heat(rows: list[str], columns: list[str], squares: list[list[Square]]) -> Picture:
    """Drawn as one trace: its tones are steps of a scale, and its text is written into the squares."""
    scale = [[edge, colour] for step, colour in enumerate(TONES) for edge in (step / len(TONES), (step + 1) / len(TONES))]
    trace = {
        "type": "heatmap",
        "z": [[square.tone for square in row] for row in squares],
        "text": [[square.text for square in row] for row in squares],
        "texttemplate": "%{text}",
        "textfont": {"size": 11, "color": palette.ON_PALE},
        "colorscale": scale,
        "zmin": -2.5,
        "zmax": 2.5,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverinfo": "skip",
    }
    tall = 16 * max(square.text.count("<br>") + 1 for row in squares for square in row) + 2
    across = {"tickvals": list(range(len(columns))), "ticktext": [frame.plain(name) for name in columns], "side": "top", "showgrid": False}
    down = {
        "tickvals": list(range(len(rows))),
        "ticktext": [frame.plain(name) for name in rows],
        "autorange": "reversed",
        "showgrid": False,
    }
    return frame.framed([trace], across | {"automargin": True}, down | {"automargin": True}, 60 + tall * len(rows), {"t": 30})
