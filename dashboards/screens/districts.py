"""区县比较: where each district stands on one figure, against the city, on a tile map and in a table."""

import streamlit as st

from dashboards import basis_moves, charts, comparison, comparison_table, pictures
from dashboards.charts import Tile
from dashboards.parts import empty, heading, note
from dashboards.shell import Page, View
from transforms.compare import Place


def render(view: View) -> None:
    before, said = comparison.compared(view)
    found = comparison.places(view, "district", before)
    line = comparison.city_line(view)
    lines = [comparison.line_of(view, "city", view.picture.city, view.words("compare.city"), before)]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        comparison.draw_bars(view, found, line)
    with right:
        _tile_map(view, found)
    basis_moves.draw_basis_moves(view, found)
    comparison_table.draw_table(view, found, lines, before, said)
    comparison_table.downloads(view, found, lines, before)
    comparison.definition(view)


def _tile_map(view: View, found: list[Place]) -> None:
    words = view.words
    heading(words("compare.map"))
    view.said()
    tiles = []
    for place in found:
        row = view.picture.units[("district", place.code)]
        if row.get("tile_x") is not None and row.get("tile_y") is not None:
            tiles.append(Tile(row["tile_x"], row["tile_y"], place.name, place.figure))
    if not tiles:
        empty(words, "compare.map_none")
        return
    note(words("compare.map_said"))
    saved = pictures.saved(view, words("compare.map"), "map")
    charts.draw(charts.tiles(tiles, view.card.unit), "tiles", words("compare.map_alt", metric=words.metric(view.metric)), saved=saved)
    st.html(charts.legend([tile.figure for tile in tiles], view.card.unit) or "<span></span>")


PAGE = Page("districts", ":material/leaderboard:", render, ("metric", "sector", "basis"), kind="district")
