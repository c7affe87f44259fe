"""The pictures hold the published figures, in order, and nothing that would be fetched."""

import plotly.graph_objects as go
import pytest

from dashboards import charts, comparison_table
from dashboards.charts import Tile
from data.figures import ABSENT, Figure
from data.words import Words
from tests.transforms.test_compare import place
from transforms.compare import Place, ranked
from transforms.rank_bands import wilson

ZH = Words("zh")
LINE = Figure(1, 2, 0.5)
PLACES = ranked([place("990101", 15, 30), place("990102", 29, 30), place("990103", 3, 10), place("000000", 1, 30)], "up", 20)


def test_bars_stand_in_rank_order_with_their_numbers_beside_them():
    drawn = go.Figure(charts.bars(ZH, PLACES, LINE, "rate", "up"))
    assert list(drawn.layout.yaxis.categoryarray) == ["990102", "990101", "990103", "000000"]
    assert list(drawn.layout.yaxis.ticktext)[:3] == ["1  990102", "2  990101", "990103"]
    assert list(drawn.data[0].x) == pytest.approx([29 / 30 * 100, 50, 30, 100 / 30])
    beside = [each for each in drawn.layout.annotations if each.xref == "paper"]
    # By its place, for a code of digits would be read as a position.
    assert [each.y for each in beside] == [0, 1, 2, 3]
    assert [each.text for each in beside][:2] == ["<b>96.7%</b>  29/30", "<b>50.0%</b>  15/30"]
    assert list(drawn.data[0].marker.pattern.shape) == ["", "", "/", "/"]
    assert drawn.layout.shapes[0].x0 == 50
    # Whiskers end where the interval does; what is not ranked has none.
    low, high = wilson(29, 30)
    assert drawn.data[0].x[0] + drawn.data[0].error_x.array[0] == pytest.approx(100 * float(high))
    assert drawn.data[0].x[0] - drawn.data[0].error_x.arrayminus[0] == pytest.approx(100 * float(low))
    assert list(drawn.data[0].error_x.array)[2:] == [None, None]


def test_lines_have_gaps_and_are_told_apart_without_colour():
    series = [("甲", "rate", [LINE, ABSENT, LINE]), ("乙", "rate", [LINE, LINE, LINE])]
    drawn = go.Figure(charts.lines(ZH, ["2017-10", "2017-11", "2017-12"], series))
    assert list(drawn.data[0].y) == [50, None, 50]
    assert not drawn.data[0].connectgaps
    assert drawn.data[0].line.dash != drawn.data[1].line.dash
    assert drawn.data[0].marker.symbol != drawn.data[1].marker.symbol


def test_tiles_are_plain_rectangles_and_names_are_text():
    drawn = go.Figure(charts.tiles([Tile(0, 0, "<b>甲", LINE), Tile(1, 0, "乙", Figure(reason="no_denominator"))], "rate"))
    assert [shape.type for shape in drawn.layout.shapes] == ["rect", "rect"]
    assert drawn.data[0].text[0].startswith("&lt;b&gt;甲<br><b>50.0%</b><br>1/2")
    assert "—" in drawn.data[0].text[1]


def test_nothing_drawn_needs_a_map_from_elsewhere():
    moved = [Place("a", "甲", None, LINE, Figure(1, 4, 0.25), 1)]
    for drawn in (
        charts.bars(ZH, PLACES, LINE, "rate", "up"),
        charts.changes(ZH, moved, "rate", "up"),
        charts.tiles([Tile(0, 0, "甲", LINE)], "rate"),
    ):
        assert {trace.type for trace in go.Figure(drawn).data} <= {"bar", "scatter"}


def test_the_legend_names_its_steps():
    figures = [Figure(0, 10, 0.0), Figure(5, 10, 0.5)]
    assert charts.legend(figures, "rate").count("<i ") == 5
    assert "40.0%–50.0%" in charts.legend(figures, "rate")
    assert charts.legend([LINE, LINE], "rate") == ""


def test_differences_of_counts_need_both():
    assert comparison_table._less(5, 3) == 2
    assert comparison_table._less(None, 3) is None
