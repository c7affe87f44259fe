"""Charts: axes that say what they show, lines with gaps, ledgers whose bars add up, everything in grey."""

import io
import zlib
from fractions import Fraction

import numpy
import pypdfium2
import pytest
from PIL import Image

from data.words import Words
from pipelines.briefing import charts
from pipelines.briefing.document import Bar, Bars, Ledger, Lines, Series, Step
from tests.pipelines.briefing import made_document

ZH = Words("zh")


def prepared(chart) -> dict:
    return charts.prepared(chart, ZH)


@pytest.mark.parametrize(
    ("values", "low", "high", "step"),
    [
        ([0.412, 0.9538], "0.4", "1", "0.2"),
        ([0.7085, 0.7501], "0.7", "0.76", "0.02"),
        ([0.5], "0.5", "0.51", "0.01"),
        ([0, 0], "0", "0.01", "0.01"),
        ([], "0", "1", "0.25"),
        ([0.2, 3.7], "0", "4", "1"),
    ],
)
def test_an_axis_is_round_and_holds_all_values(values, low, high, step):
    assert charts.axis(values) == tuple(map(Fraction, (low, high, step)))


def test_ticks_are_few_and_written_as_they_are():
    found = prepared(made_document.lines())["ticks"]
    assert [tick["shown"] for tick in found] == ["40%", "60%", "80%", "100%"]
    assert [tick["at"] for tick in found] == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_a_line_says_where_it_begins_and_ends_and_leaves_a_gap_open():
    work, org, alone = prepared(made_document.lines())["series"]
    assert (org["first"], org["last"], org["label"]) == ("70.9%", "75.0%", "组织覆盖率")
    assert [len(run) for run in org["runs"]] == [6, 6]
    assert [len(run) for run in work["runs"]] == [13]
    assert org["runs"][0][0][0] == 0
    assert org["runs"][1][-1][0] == 1
    assert alone["first_at"] < org["first_at"] < work["first_at"]


def test_a_line_that_has_no_value_now_does_not_end_with_an_old_one():
    chart = Lines("n", "t", "a", ("1", "2", "3"), (Series("甲", (0.5, 0.6, None)), Series("乙", (None, None, None))))
    ended, nothing = prepared(chart)["series"]
    assert ended["last"] == "…"
    assert (nothing["first"], nothing["runs"]) == ("…", [])


def test_shown_values_round_half_up():
    assert charts.percent(0.0625) == "6.3%"
    assert charts.percent(0.7085) == "70.9%"


def test_a_ledger_stands_on_its_running_total():
    made = prepared(made_document.ledger())
    assert made["cut"] == "横轴不从零起"
    for before, step in zip(made["steps"], made["steps"][1:], strict=False):
        if step["look"] != "total":
            assert before["level"] in (step["low"], step["high"])
    assert made["steps"][-2]["level"] == made["steps"][-1]["high"]
    assert all(0 <= step["low"] <= step["high"] <= 1 for step in made["steps"])


def test_a_ledger_that_grew_from_little_starts_at_zero():
    made = prepared(Ledger("l", "t", "a", (Step("甲", 0, 228, "total", "228"), Step("乙", 228, 297, "plus", "+297"))))
    assert made["cut"] == ""
    assert made["steps"][0]["low"] == 0


def test_a_place_without_a_figure_has_a_row_and_no_dot():
    made = prepared(made_document.bars())
    assert made["bars"][-1] == {"label": "生态岛", "shown": "…", "value": None, "low": None, "high": None}
    assert all(bar["low"] < bar["value"] < bar["high"] for bar in made["bars"][:-1])
    assert 0 < made["line"] < 1


@pytest.mark.parametrize(
    "chart",
    [
        Lines("n", "t", "a", (), ()),
        Lines("n", "t", "a", ("1",), (Series("甲", (None,)),)),
        Ledger("n", "t", "a", ()),
        Bars("n", "t", "a", (), None, ""),
    ],
)
def test_nothing_to_draw_is_said(chart):
    assert prepared(chart)["empty"] == "没有可画的数字。"
    assert charts.chart_png(chart, "zh")


@pytest.mark.parametrize(
    "chart",
    [
        Lines("n", "t", "a", ("1",), (Series("甲", (0.5,)),)),
        Lines("n", "t", "a", ("1", "2"), (Series("长" * 90, (0.5, float("nan"))), Series("乙", (0.5, 0.5)), Series("丙", (0.5, 0.5)))),
        Ledger("n", "t", "a", (Step("甲", 0, 0, "total", "0"), Step("乙", 0, -5, "minus", "−5"))),
        Bars("n", "t", "a", (Bar("甲", None, None, None, "…"),), None, ""),
        Bars("n", "t", "a", (Bar("甲", 0.5, None, None, "50.0%"),), 0.5, "全市"),
    ],
)
def test_little_is_drawn_too(chart):
    assert charts.chart_png(chart, "zh").startswith(b"\x89PNG")


@pytest.mark.parametrize("make", [made_document.lines, made_document.ledger, made_document.bars])
def test_a_picture_is_grey_sharp_and_always_the_same(make):
    png = charts.chart_png(make(), "zh")
    assert png == charts.chart_png(make(), "zh")
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    assert picture.width == pytest.approx(79 / 25.4 * charts.typesetter.PIXELS_PER_INCH, abs=3)
    dots = numpy.asarray(picture).astype(int)
    assert abs(dots[..., 0] - dots[..., 1]).max() <= 1
    assert abs(dots[..., 1] - dots[..., 2]).max() <= 1
    assert 0.02 < (dots[..., 0] < 128).mean() < 0.4
    edge = numpy.concatenate([dots[:5].ravel(), dots[-5:].ravel(), dots[:, :5].ravel(), dots[:, -5:].ravel()])
    assert edge.min() == 255, "nothing is cut off at the edge"


def test_hostile_labels_are_cut_and_shown():
    for chart in [block for section in made_document.hostile().sections[:1] for block in section.blocks]:
        for each in (chart, getattr(chart, "left", None)):
            if isinstance(each, Lines | Ledger | Bars):
                assert zlib.crc32(charts.chart_png(each, "zh"))
    made = prepared(made_document.hostile().sections[0].blocks[3].left)
    assert all(len(bar["label"]) <= charts.LABEL + 3 for bar in made["bars"])
    assert "\u202e" not in str(made)


def test_charts_stand_side_by_side_on_the_first_page():
    """Two pictures of one row: ink left and right of the gap between them, none in it."""
    from pipelines.briefing.pdf import set_pdf

    page = pypdfium2.PdfDocument(set_pdf(made_document.month()))[0]
    boxes = [(text, box) for text, box in _lines_of(page) if text in ("近十三个月的三项率", "覆盖单位一年来的增减（家）")]
    assert len(boxes) == 2
    (left, right) = (box for _, box in sorted(boxes, key=lambda each: each[1][0]))
    assert left[1] == pytest.approx(right[1], abs=2)
    assert right[0] - left[0] == pytest.approx(81 / 25.4 * 72, abs=4)
    dots = page.render(scale=4 * 25.4 / 72, grayscale=True).to_numpy()
    dots = dots.reshape(dots.shape[:2]) < 200
    top = int((297 - left[1] * 25.4 / 72) * 4) + 8
    rows = dots[top : top + 30 * 4]
    assert rows[:, 28 * 4 : 103 * 4].mean() > 0.01
    assert rows[:, 109 * 4 : 184 * 4].mean() > 0.02
    assert not rows[:, 104 * 4 : 108 * 4].any()


def _lines_of(page) -> list[tuple[str, tuple]]:
    found = page.get_textpage()
    made = []
    for number in range(found.count_rects()):
        box = found.get_rect(number)
        made.append(("".join(found.get_text_bounded(*box).split()), box))
    return made
