"""The pictures: Plotly figures made from figures and places. Everything is drawn here, nothing is fetched (no map tiles, no locale).

What belongs here: one module a kind of picture, in one look (frame.py) and the same colours (palette.py). Colours are told apart by
colour-blind eyes too, and never stand alone: a line has its dash and mark, a bar its number, a tile its text. What is published is written
by show.py.
"""

from dashboards.charts.bars import bars, changes
from dashboards.charts.draw import Saved, draw, save_button
from dashboards.charts.frame import Picture
from dashboards.charts.funnels import Point, funnel, out
from dashboards.charts.goals import Bullet, Dot, bullets, dots
from dashboards.charts.heat import Square, heat
from dashboards.charts.ledgers import Cell, Pile, Step, ledger, memberships, piles
from dashboards.charts.months import Trend, lines, trends
from dashboards.charts.panels import Panel, Slope, panels, slopes
from dashboards.charts.tile_map import Tile, legend, steps, tiles

__all__ = [
    "Bullet",
    "Cell",
    "Dot",
    "Panel",
    "Picture",
    "Pile",
    "Point",
    "Saved",
    "Slope",
    "Square",
    "Step",
    "Tile",
    "Trend",
    "bars",
    "bullets",
    "changes",
    "dots",
    "draw",
    "funnel",
    "heat",
    "ledger",
    "legend",
    "lines",
    "memberships",
    "out",
    "panels",
    "piles",
    "save_button",
    "slopes",
    "steps",
    "tiles",
    "trends",
]
