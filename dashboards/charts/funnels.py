"""Size against rate: a mark a place, and the funnel in which it would lie by chance alone.

What belongs here: the scatter and its limits. Who lies outside is transforms/rank_bands.py's.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import log10, sqrt

from dashboards.charts import frame, palette
from dashboards.charts.frame import Picture
from data.figures import Figure
from data.words import Words
from transforms import rank_bands, show

STEPS = 60  # of each limit's line
WIDE, TALL = 960, 340  # pixels of the picture on a desk
LOOKS = (("circle", palette.BLUE, 9), ("diamond", palette.PALE, 11), ("star-diamond", palette.RED, 13))


@dataclass(frozen=True)
class Point:
    """A place: what is written beside its mark, its name, its figure, and how far out it lies: 0 within 95 %, 1 beyond, 2 beyond 99.8 %.
    `small`: not ranked."""

    label: str
    name: str
    figure: Figure
    out: int
    small: bool = False


def funnel(words: Words, found: list[Point], line: Figure, unit: str, names: dict[str, str], limited: bool) -> Picture:
    """`names`: of the marks (within, out95, out998), of the limits (limit95, limit998), of the city's line and of the axis."""
    sizes = [point.figure.denominator for point in found]
    low, high = max(1, min(sizes, default=1) * 0.8), max(sizes, default=1) * 1.25
    data = []
    heights = [frame.height(point.figure, unit) for point in found]
    if limited:
        for name, z, dash in (("limit998", rank_bands.Z998, "dot"), ("limit95", rank_bands.Z95, "dash")):
            at = [low * (high / low) ** (step / STEPS) for step in range(STEPS + 1)]
            # A line on the screen, at sizes that no place has: it need not be exact.
            spread = [float(z) * sqrt(float(line.exact * (1 - line.exact)) / size) for size in at]
            up, down = ([100 * min(max(float(line.exact) + way * each, 0), 1) for each in spread] for way in (1, -1))
            x, y = [*at, None, *at], [*up, None, *down]
            data.append({"type": "scatter", "mode": "lines", "x": x, "y": y, "name": names[name], "hoverinfo": "skip"})
            data[-1] |= {"line": {"color": palette.RULE, "width": 1.5, "dash": dash}, "connectgaps": False}
    shapes, notes = [], []
    if line.exact is not None:
        level = frame.height(line, unit)
        shapes.append({"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": level, "y1": level, "layer": "below"})
        shapes[-1] |= {"line": {"color": palette.RED, "width": 1.5}}
        notes.append({"x": 1, "xref": "paper", "y": level, "xanchor": "right", "yanchor": "bottom", "showarrow": False})
        notes[-1] |= {"text": names["line"], "font": {"color": palette.RED, "size": 12}}
    ends = [*(height for height in heights if height is not None), frame.height(line, unit) or 0]
    if limited and sizes:
        # At the smallest place the funnel is widest: its mouth is to be seen.
        ends += [100 * float(end) for end in rank_bands.limits(line.exact, max(1, min(sizes)), rank_bands.Z95)]
    spread = (max(ends) - min(ends)) * 0.12 or 5
    down = {"range": [max(min(ends) - spread, -4), min(max(ends) + spread, 104) if limited else max(ends) + spread], "nticks": 7}
    down |= {"ticksuffix": "%" if unit == "rate" else ""}
    across_range = (log10(low), log10(high))
    spots = [(log10(size), height) for size, height in zip(sizes, heights, strict=True)]
    placed = beside_marks(spots, [point.label for point in found], across_range, down["range"])
    beside = {id(point): place for point, place in zip(found, placed, strict=True)}
    for out, name in enumerate(("within", "out95", "out998")):
        chosen = [(point, height) for point, height in zip(found, heights, strict=True) if point.out == out]
        if not chosen:
            continue
        symbol, colour, size = LOOKS[out]
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text" if any(point.label for point, _ in chosen) else "markers",
                "name": names[name],
                "x": [point.figure.denominator for point, _ in chosen],
                "y": [height for _, height in chosen],
                "text": [frame.plain(point.label) for point, _ in chosen],
                "textposition": [beside[id(point)] for point, _ in chosen],
                "textfont": {"size": 12, "color": palette.INK if out else palette.SOFT},
                "marker": {"symbol": [f"{symbol}-open" if point.small else symbol for point, _ in chosen], "color": colour, "size": size}
                | {"line": {"width": 1.5, "color": colour}},
                "hovertext": [f"{frame.plain(point.name)}<br>{frame.with_n(point.figure, unit)}" for point, _ in chosen],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "cliponaxis": False,
            }
        )
    ticks = round_sizes(low, high)
    across = {"type": "log", "range": [log10(low), log10(high)], "tickvals": ticks, "showgrid": True}
    across |= {
        "ticktext": [show.headline(tick, words.lang).replace(".0", "") for tick in ticks],
        "title": {"text": names["axis"], "font": {"size": 12.5}, "standoff": 6},
    }
    margin = {"t": 34, "b": 44, "l": 10, "r": 14}
    return frame.framed(data, across, down, 430, margin, annotations=notes, shapes=shapes, showlegend=True)


def beside_marks(spots: list[tuple[float, float]], labels: list[str], across: tuple[float, float], up: tuple[float, float]) -> list[str]:
    """On which side of its mark each name stands, so that few names cover each other or a mark; reckoned for a desk."""
    at = [((x - across[0]) / (across[1] - across[0]) * WIDE, (y - up[0]) / (up[1] - up[0]) * TALL) for x, y in spots]
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in at]
    found = []
    for (x, y), label in zip(at, labels, strict=True):
        half = frame.width(label) / 2
        boxes = {
            "top center": (x - half, y + 8, x + half, y + 24),
            "bottom center": (x - half, y - 24, x + half, y - 8),
            "middle right": (x + 9, y - 8, x + 9 + 2 * half, y + 8),
            "middle left": (x - 9 - 2 * half, y - 8, x - 9, y + 8),
        }
        best = min(boxes, key=lambda side: sum(_cover(boxes[side], other) for other in taken) + _outside(boxes[side]))
        found.append(best)
        if label:
            taken.append(boxes[best])
    return found


def _cover(one: tuple, other: tuple) -> float:
    return max(0, min(one[2], other[2]) - max(one[0], other[0])) * max(0, min(one[3], other[3]) - max(one[1], other[1]))


def _outside(box: tuple) -> float:
    return 1000 * (box[0] < 0 or box[2] > WIDE or box[1] < 0 or box[3] > TALL)


def round_sizes(low: float, high: float) -> list[int]:
    """1, 2, 5, 10 and so on between two sizes, at most about six of them."""
    found = [step * 10**power for power in range(10) for step in (1, 2, 5) if low <= step * 10**power <= high]
    return found if len(found) <= 6 else [size for size in found if str(size)[0] == "1"]


def out(figure: Figure, line: Figure) -> int:
    """How far out a place lies: 0 within the limits of 95 %, 1 beyond them, 2 beyond those of 99.8 %."""
    if figure.exact is None or line.exact is None:
        return 0
    rate: Fraction = line.exact
    return sum(rank_bands.beyond(figure.numerator, figure.denominator, rate, z) != 0 for z in (rank_bands.Z95, rank_bands.Z998))
