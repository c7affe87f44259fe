"""Tiles: a plain rectangle a district, placed roughly, darker where the figure is higher.

What belongs here: the tile map and its legend.
"""

from dataclasses import dataclass

from dashboards.charts import frame, palette
from dashboards.charts.frame import Picture
from data.figures import Figure
from data.plain_text import in_chart
from transforms import show

TILE_LETTERS = 7  # as many as a tile is wide


@dataclass(frozen=True)
class Tile:
    """A district on the tile map. `figure` has no value where there is none to colour."""

    x: int
    y: int
    name: str
    figure: Figure


def tiles(found: list[Tile], unit: str) -> Picture:
    """A tile a district: plain rectangles with their name, figure and n/N; darker is higher."""
    left, top = min(tile.x for tile in found), min(tile.y for tile in found)
    columns, rows = max(tile.x for tile in found) - left + 1, max(tile.y for tile in found) - top + 1
    scale = steps([tile.figure for tile in found])
    shades = [_shade(tile.figure, scale) for tile in found]
    shapes = []
    for tile, shade in zip(found, shades, strict=True):
        x, y = tile.x - left, tile.y - top
        fill = palette.HAZE if shade is None else palette.SHADES[shade]
        edge = {"width": 1, "color": palette.GREY, "dash": "dot" if shade is None else "solid"}
        place = {"x0": x + 0.03, "x1": x + 0.97, "y0": y + 0.03, "y1": y + 0.97}
        shapes.append({"type": "rect", "layer": "below", "fillcolor": fill, "line": edge} | place)
    text = {
        "type": "scatter",
        "x": [tile.x - left + 0.5 for tile in found],
        "y": [tile.y - top + 0.5 for tile in found],
        "mode": "text",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "text": [_said(tile, unit) for tile in found],
        "textfont": {"size": 12.5 if columns < 5 else 11, "color": [_ink(shade) for shade in shades]},
    }
    across, down = {"visible": False, "range": [0, columns]}, {"visible": False, "range": [rows, 0]}
    return frame.framed([text], across, down, max(80 * rows, 120) + 8, shapes=shapes)


def _said(tile: Tile, unit: str) -> str:
    name = in_chart(tile.name, TILE_LETTERS)
    return f"{name}<br><b>{show.figure(tile.figure, unit)}</b><br>{show.n_of_n(tile.figure)}"


def steps(figures: list[Figure]) -> list[float]:
    """The upper ends of five equal steps from the lowest to the highest figure."""
    values = [figure.value for figure in figures if figure.value is not None]
    if not values:
        return []
    low, high = min(values), max(values)
    return [low + (high - low) * step / len(palette.SHADES) for step in range(1, len(palette.SHADES) + 1)] if high > low else [high]


def _shade(figure: Figure, scale: list[float]) -> int | None:
    if figure.value is None or not scale:
        return None
    return next((step for step, end in enumerate(scale) if figure.value <= end), len(scale) - 1)


def _ink(shade: int | None) -> str:
    if shade is None:
        return palette.INK
    return palette.ON_DEEP if shade >= 3 else palette.ON_PALE


def legend(figures: list[Figure], unit: str) -> str:
    """The steps of the tile map in words and colours, as HTML."""
    scale = steps(figures)
    if len(scale) < 2:
        return ""
    ends = [min(figure.value for figure in figures if figure.value is not None), *scale]
    boxes = ""
    for step, shade in enumerate(palette.SHADES[: len(scale)]):
        low, high = (show.figure(Figure(value=end), unit) for end in ends[step : step + 2])
        boxes += f'<span class="lx-step"><i style="background:{shade}"></i> {low}–{high}</span>'
    return f'<p class="lx-note">{boxes}</p>'
