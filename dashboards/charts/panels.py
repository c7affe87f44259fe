"""Many places over months: a small panel each, on the same axes; and a line each from a baseline to now.

What belongs here: both, drawn as a few traces on one pair of axes, so that a hundred panels cost no more than one picture.
"""

from dataclasses import dataclass

from dashboards.charts import frame, palette
from dashboards.charts.frame import Picture
from data.figures import Figure
from data.words import Words
from transforms import show

COLUMNS = 3  # wide enough on a desk, and still to be read on a phone
ROW = 104  # pixels
GAP, HEAD = 0.22, 0.34  # between two panels, and for the name above a line; of a panel's width and height
LETTERS = 13
LABEL = 17  # pixels that a name takes
TIE = 24  # pixels from a point to its name
TIED = {"showarrow": True, "arrowhead": 0, "arrowwidth": 0.8, "arrowcolor": palette.RULE, "standoff": 5, "borderpad": 0}


@dataclass(frozen=True)
class Panel:
    """A place: its name and its figure in each month."""

    name: str
    figures: list[Figure]


@dataclass(frozen=True)
class Slope:
    """A place's figure at the baseline and now, and whether the way between them is better, worse or even."""

    name: str
    before: Figure
    now: Figure
    tone: str


def panels(words: Words, months: list[str], found: list[Panel], city: Panel, unit: str) -> Picture:
    """A panel a place, the city's line in grey behind each; all on the same scale, which is written at the left."""
    low, high = _ends([*found, city], unit)
    lines = {"x": [], "y": [], "hovertext": []}
    grey = {"x": [], "y": []}
    ends = {"x": [], "y": []}
    notes, shapes = [], []
    rows = -(-len(found) // COLUMNS)
    across = len(months) - 1 or 1
    for number, panel in enumerate(found):
        row, column = divmod(number, COLUMNS)
        at = lambda step, column=column: column * (1 + GAP) + step / across  # noqa: E731
        up = lambda figure, row=row: _within(frame.height(figure, unit), low, high, row)  # noqa: E731
        for step, (month, figure) in enumerate(zip(months, panel.figures, strict=True)):
            lines["x"].append(at(step))
            lines["y"].append(up(figure))
            lines["hovertext"].append(f"{frame.plain(panel.name)}<br>{words.month(month)} {frame.with_n(figure, unit)}")
            grey["x"].append(at(step))
            grey["y"].append(up(city.figures[step]))
        for trace in (lines, grey):
            for values in trace.values():
                values.append(None)
        ends["x"].append(at(across))
        ends["y"].append(up(panel.figures[-1]))
        base = {"x0": at(0), "x1": at(across), "line": {"color": palette.GRID, "width": 1}, "type": "line", "layer": "below"}
        shapes += [base | {"y0": y, "y1": y} for y in (_within(low, low, high, row), _within(high, low, high, row))]
        name = panel.name if len(panel.name) <= LETTERS else panel.name[: LETTERS - 1] + "…"
        said = f"{frame.plain(name)} <b>{show.figure(panel.figures[-1], unit)}</b>"
        notes.append({"x": at(0), "y": -row - 0.02, "xanchor": "left", "yanchor": "top", "showarrow": False, "text": said, "align": "left"})
        notes[-1] |= {"font": {"size": 12}}
    data = [
        {"type": "scatter", "mode": "lines", "line": {"color": palette.GREY, "width": 1.5, "dash": "dot"}, "hoverinfo": "skip"}
        | {"connectgaps": False, "name": frame.plain(city.name)}
        | grey,
        {"type": "scatter", "mode": "lines+markers", "line": {"color": palette.BLUE, "width": 2}, "connectgaps": False}
        | {"marker": {"size": 4, "color": palette.BLUE}, "hovertemplate": "%{hovertext}<extra></extra>"}
        | lines,
        {"type": "scatter", "mode": "markers", "marker": {"size": 8, "color": palette.BLUE}, "hoverinfo": "skip", "cliponaxis": False}
        | ends,
    ]
    columns = min(COLUMNS, len(found))
    left = [column * (1 + GAP) for column in range(columns)]
    across_axis = {
        "range": [-0.02, columns * (1 + GAP) - GAP + 0.02],
        "tickvals": [x for start in left for x in (start + 0.14, start + 0.86)],
        "ticktext": [frame.short_month(month) for _ in left for month in (months[0], months[-1])],
        "showgrid": False,
        "tickangle": 0,
    }
    marks = [show.figure(Figure(value=end / (100 if unit == "rate" else 1)), unit).replace(".0", "") for end in (low, high)]
    down = {
        "range": [-rows, 0.02],
        "tickvals": [y for row in range(rows) for y in (_within(low, low, high, row), _within(high, low, high, row))],
        "ticktext": [mark for _ in range(rows) for mark in marks],
        "showgrid": False,
        "tickfont": {"size": 11, "color": palette.SOFT},
    }
    return frame.framed(data, across_axis, down, rows * ROW + 40, {"l": 40, "b": 34}, annotations=notes, shapes=shapes)


def _ends(found: list[Panel], unit: str) -> tuple[float, float]:
    """The scale of all the panels: from the lowest to the highest figure, in round steps, and never of no height."""
    heights = [height for panel in found for figure in panel.figures if (height := frame.height(figure, unit)) is not None]
    step = 10 if unit == "rate" else 1
    low = int(min(heights, default=0) // step) * step
    high = -int(-max(heights, default=1) // step) * step
    return low, high if high > low else low + step


def _within(height: float | None, low: float, high: float, row: int) -> float | None:
    return None if height is None else -row - 1 + (1 - HEAD) * (height - low) / (high - low) + 0.06


def slopes(words: Words, months: tuple[str, str], found: list[Slope], city: Slope, unit: str) -> Picture:
    """A line a place from then to now: rising to the better in full, to the worse dashed; names at the right, moved apart."""
    known = [slope for slope in [*found, city] if slope.before.value is not None and slope.now.value is not None]
    looks = {"better": (palette.BLUE, "solid"), "worse": (palette.RED, "dash"), "even": (palette.GREY, "dot")}
    data, notes = [], []
    heights = [[frame.height(figure, unit) for figure in (slope.before, slope.now)] for slope in known]
    top, bottom = max(map(max, heights), default=1), min(map(min, heights), default=0)
    size = max(360, 24 * len(known) + 80)
    room, spread = 0.0, [[height[side] for height in heights] for side in (0, 1)]
    for _ in range(4):  # names moved apart need a longer axis, on which they may need more room
        whole = max([top, *spread[0], *spread[1]]) - min([bottom, *spread[0], *spread[1]]) or 1
        room = (whole + 2 * room) * LABEL / (size - 50)
        spread = [apart([height[side] for height in heights], room) for side in (0, 1)]
    for slope, height, left, right in zip(known, heights, *spread, strict=True):
        colour, dash = (palette.INK, "dot") if slope is city else looks[slope.tone]
        moved = show.points(show.change(slope.now, slope.before), unit)
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [0, 1],
                "y": height,
                "line": {"color": colour, "dash": dash, "width": 3 if slope is city else 2},
                "marker": {"color": colour, "size": 7, "symbol": "square" if slope is city else "circle"},
                "hovertext": [f"{frame.plain(slope.name)}<br>{frame.with_n(each, unit)}" for each in (slope.before, slope.now)],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )
        bold = ("<b>", "</b>") if slope is city else ("", "")
        said = f"{bold[0]}{show.figure(slope.now, unit)} {frame.plain(slope.name)}{bold[1]} {moved}"
        # A name that was moved away from its point stays tied to it by a thin line.
        ties = ((0, height[0], left, "right", -TIE, show.figure(slope.before, unit)), (1, height[1], right, "left", TIE, said))
        for x, y, beside, anchor, tie, text in ties:
            notes.append({"x": x, "y": y, "ax": tie, "ay": beside, "axref": "pixel", "ayref": "y", "xanchor": anchor, "yanchor": "middle"})
            notes[-1] |= {"text": text, "font": {"size": 12}} | TIED
    widest = max((frame.width(f"100.0% {slope.name} +10.0") for slope in known), default=60)
    across = {"range": [-0.02, 1.02], "tickvals": [0, 1], "ticktext": [words.month(month) for month in months], "showgrid": False}
    ends = [y for each in spread for y in each] or [0, 1]
    down = {"visible": False, "range": [min(ends) - room, max(ends) + room]}
    margin = {"l": 56 + TIE, "r": min(widest, 250) + 6 + TIE, "b": 26}
    return frame.framed(data, across, down, size, margin, annotations=notes)


def apart(heights: list[float], room: float) -> list[float]:
    """Where names stand beside their points: in the order of the points, at least `room` from each other, and as near as that allows."""
    order = sorted(range(len(heights)), key=lambda place: (heights[place], place))
    blocks: list[list] = []  # [sum of wished starts, number, places]
    for place in order:
        blocks.append([heights[place], 1, [place]])
        while len(blocks) > 1 and _start(blocks[-2], room) + blocks[-2][1] * room > _start(blocks[-1], room):
            wished, number, places = blocks.pop()
            blocks[-1] = [blocks[-1][0] + wished, blocks[-1][1] + number, blocks[-1][2] + places]
    found = [0.0] * len(heights)
    for block in blocks:
        for step, place in enumerate(block[2]):
            found[place] = _start(block, room) + step * room
    return found


def _start(block: list, room: float) -> float:
    """Where a row of names begins, so that its middle is the mean of where they would like to stand."""
    return block[0] / block[1] - (block[1] - 1) * room / 2
