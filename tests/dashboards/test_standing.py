"""Where a figure stands against the city's, and over months: mergers, the funnel, the table of all metrics."""

from fractions import Fraction
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from dashboards import charts, comparison, comparison_table, over_months, standing, store
from dashboards.charts import Panel, Point, Saved, Slope
from dashboards.charts.draw import head
from dashboards.charts.panels import apart
from dashboards.grid import Grid, Head, sheet
from dashboards.places import book as place_book
from dashboards.places.desk import Spot
from dashboards.screens import districts, funnel, heat, trends
from dashboards.unit_choice import Chosen
from data.access import Area, Reader
from data.contracts import metrics
from data.figures import ABSENT, Figure
from data.words import Words
from tests.dashboards.views import view_of
from transforms import show
from transforms.compare import Place, ranked

ZH = Words("zh")
LINE = Figure(600, 1000, 0.6)


def rate(n: int, d: int) -> Figure:
    return Figure(n, d, n / d)


def test_what_is_judged_by_shares_is_not_said_in_points():
    assert [standing.label(ZH, tone, True) for tone in (2, -2)] == ["好10个百分点以上", "差10个百分点以上"]
    assert [standing.label(ZH, tone, False) for tone in standing.NAMES] == [
        "比全市好25%以上",
        "比全市好10%以上",
        "与全市相差不到10%",
        "比全市差10%以上",
        "比全市差25%以上",
    ]


@pytest.mark.parametrize(
    ("metric", "figure", "line", "tone", "sign"),
    [
        ("org_coverage", rate(80, 100), LINE, 2, "＋＋"),
        ("org_coverage", rate(660, 1000), LINE, 1, "＋"),
        ("org_coverage", rate(64, 100), LINE, 0, ""),  # four points, but chance makes as much among a hundred
        ("org_coverage", rate(400, 1000), LINE, -2, "－－"),
        ("org_coverage", rate(19, 19), LINE, None, ""),
        ("no_member_share", rate(80, 100), LINE, -2, "－－"),  # lower is better
        ("recognition_rate", rate(80, 100), LINE, None, ""),  # neither way is better
        ("joint_load", rate(440, 100), rate(4000, 1000), -1, "－"),  # a ratio: by a tenth and a quarter of the city's
        ("joint_load", rate(420, 100), rate(4000, 1000), 0, ""),
        ("org_coverage", ABSENT, LINE, None, ""),
    ],
)
def test_only_what_is_beyond_chance_is_better_or_worse(metric, figure, line, tone, sign):
    found = standing.judged(figure, line, metrics()[metric], 20)
    assert (found.tone, found.sign) == (tone, sign)


def test_all_figures_of_the_table_are_those_of_the_release(example_home):
    view = view_of(example_home, heat.PAGE, "2017-12")
    codes = [code for kind, code in view.picture.units if kind == "district"]
    rows = heat._rows(view, "district", codes)
    assert len(rows) > 20
    assert all(row.card.direction != "none" for row in rows)
    for row in rows:
        for box in row.boxes:
            assert box.figure == view.picture.figure(row.card.name, "district", box.code, "all", view.basis)
    book = heat._book(view, rows, [(code, view.picture.units[("district", code)]["name"]) for code in codes])
    lines = list(book.rows)
    assert len(lines) == len(rows) * (len(codes) + 1)
    assert {len(line) for line in lines} == {len(book.columns)}
    # The distance is a number, in points where it is of rates; what is judged by shares says so.
    gap, said = [column.kind for column in book.columns].index("points"), 7
    boxes = [(row.card, box) for row in rows for box in (row.city, *row.boxes)]
    for line, (card, box) in zip(lines, boxes, strict=True):
        apart = box.stands.apart
        assert line[gap] == (None if apart is None else pytest.approx(float(apart) * (100 if card.unit == "rate" else 1)))
        assert "个百分点" not in line[said] or card.within_one
    assert any("25%" in line[said] for line in lines)
    go.Figure(heat._picture(view, rows, [(code, code) for code in codes]))


def test_merged_districts_are_one_line_over_the_months(example_home, monkeypatch):
    view = view_of(example_home, trends.PAGE, "2017-12")
    # 980102 is what became of 980102 and 980103.
    monkeypatch.setattr(store, "followed", lambda home, code, period: "980102" if code == "980103" else code)
    months = over_months.thirteen(view, "district")
    assert [month.period for month in months][::12] == ["2016-12", "2017-12"]
    places = [place for place in comparison.places(view, "district", None) if place.code == "980102"]
    course = over_months.courses(view, "district", places, months)[0]
    for month, figure in zip(months, course.figures, strict=True):
        if month.picture is None:
            assert figure == ABSENT
            continue
        parts = [month.picture.figure("org_coverage", "district", code, "all", view.basis) for code in ("980102", "980103")]
        assert (figure.numerator, figure.denominator) == (sum(part.numerator for part in parts), sum(part.denominator for part in parts))
        assert month.code_of("980102") is None  # no published figure to open


def test_months_without_a_release_are_gaps(example_home):
    view = view_of(example_home, trends.PAGE, "2017-12")
    months = over_months.thirteen(view, "district")
    city = over_months.city_course(view, months)
    assert [figure.value is None for figure in city] == [month.picture is None for month in months]
    assert sum(month.picture is None for month in months) == 9


def test_the_largest_are_drawn_in_their_order():
    found = [
        over_months.Course(Place(code, code, None, rate(1, size), ABSENT), [rate(1, size)])
        for code, size in zip("abcd", (5, 9, 7, 8), strict=True)
    ]
    found.append(over_months.Course(Place("e", "e", None, ABSENT, ABSENT), [ABSENT]))
    assert [each.place.code for each in over_months.largest(found, 3)] == ["b", "c", "d"]
    assert len(over_months.largest(found, 9)) == 4


def test_panels_share_one_scale_and_have_gaps():
    found = [Panel("甲", [rate(1, 10), ABSENT, rate(5, 10)]), Panel("<b>乙</b>", [rate(5, 10)] * 3)]
    drawn = go.Figure(charts.panels(ZH, ["2017-10", "2017-11", "2017-12"], found, Panel("全市", [rate(3, 10)] * 3), "rate"))
    grey, lines, _ = drawn.data
    first, second = list(lines.y)[:4], list(lines.y)[4:]
    assert first[1] is None and first[3] is None
    assert first[2] == second[0] == second[2]  # one scale: equal figures at equal heights
    assert grey.line.color != lines.line.color
    assert any("&lt;b&gt;乙" in note.text for note in drawn.layout.annotations)
    assert list(drawn.layout.yaxis.ticktext) == ["10%", "50%"]


def test_slopes_are_told_apart_without_colour_and_lack_no_end():
    found = [
        Slope("甲", rate(1, 10), rate(5, 10), "better"),
        Slope("乙", rate(5, 10), rate(4, 10), "worse"),
        Slope("丙", ABSENT, LINE, "even"),
    ]
    drawn = go.Figure(charts.slopes(ZH, ("2016-12", "2017-12"), found, Slope("全市", rate(2, 10), rate(3, 10), "even"), "rate"))
    assert [trace.line.dash for trace in drawn.data] == ["solid", "dash", "dot"]
    said = [note.text for note in drawn.layout.annotations if note.x == 1]
    assert said == ["50.0% 甲 +40.0", "40.0% 乙 −10.0", "<b>30.0% 全市</b> +10.0"]
    # A line leads from each name to its point.
    assert [(note.y, note.showarrow) for note in drawn.layout.annotations if note.x == 1] == [(50, True), (40, True), (30, True)]


def test_names_are_moved_apart_in_their_order():
    placed = apart([5.0, 5.0, 5.5, 20.0], 2)
    assert all(two - one >= 2 - 1e-9 for one, two in pairwise(sorted(placed)))
    assert placed[3] == 20
    assert sum(placed[:3]) == pytest.approx(15.5)


def test_the_funnel_names_who_lies_outside(example_home):
    figures = [rate(60, 100), rate(75, 100), rate(90, 100), rate(2, 3)]
    outs = [charts.out(figure, LINE) for figure in figures]
    assert outs == [0, 1, 2, 0]
    points = [Point("b" if out else "", name, figure, out) for name, figure, out in zip("abcd", figures, outs, strict=True)]
    names = {name: name for name in ("within", "out95", "out998", "limit95", "limit998", "line", "axis")}
    drawn = go.Figure(charts.funnel(ZH, points, LINE, "rate", names, True))
    traces = {trace.name: trace for trace in drawn.data}
    assert set(traces) == {"limit998", "limit95", "within", "out95", "out998"}
    assert len({str(traces[name].marker.symbol) for name in ("within", "out95", "out998")}) == 3
    assert drawn.layout.xaxis.type == "log"
    # Where the limit of 95 % stands for a hundred units: as rank_bands has it.
    limit = traces["limit95"]
    near = min(range(61), key=lambda at: abs(limit.x[at] - 100))
    assert limit.y[near] == pytest.approx(100 * (0.6 + 1.96 * (0.24 / limit.x[near]) ** 0.5), abs=0.01)


def test_the_funnel_says_its_place_in_words(example_home):
    view = view_of(example_home, funnel.PAGE, "2017-12")
    low, high = (ranked([Place("a", "a", None, figure, ABSENT)], "up", 20)[0] for figure in (rate(20, 100), rate(72, 100)))
    assert funnel.position(view, low, LINE, True) == "低于99.8%范围"
    assert funnel.position(view, high, LINE, True) == "高于95%范围"
    assert funnel.position(view, high, LINE, False) == show.NOT_APPLICABLE
    # Below the minimum nothing is judged, as in the table of all metrics.
    small = ranked([Place("a", "a", None, rate(1, 19), ABSENT)], "up", 20)[0]
    assert charts.out(small.figure, LINE) and funnel._out(small, LINE, True) == 0
    assert funnel.position(view, small, LINE, True) == show.NOT_APPLICABLE
    assert not funnel.has_limits(view_of(example_home, funnel.PAGE, "2017-12", metric="joint_load"), LINE)


def test_a_book_of_the_funnel_has_the_limits_of_each_place(example_home):
    view = view_of(example_home, funnel.PAGE, "2017-12")
    line = comparison.city_line(view)
    found = [place for place in comparison.places(view, "district", None) if place.figure.exact is not None]
    book = funnel._book(view, "district", found, line, True)
    for row, place in zip(book.rows, found, strict=True):
        low, high = row[5], row[6]
        assert (low <= place.figure.value <= high) == (charts.out(place.figure, line) == 0)
        assert Fraction(row[3], row[4]) == place.figure.exact


def test_a_png_says_where_it_comes_from():
    filters = " · ".join(f"名{n}：{'值' * 12}" for n in range(9))
    said = head(Saved("示例市 · 走势", filters, "数据截至2017年12月31日 · 发布版本 2017-12 r01", "file", "label", "failed"))
    assert said[0] == "<b>示例市 · 走势</b>"
    assert len(said) > 3  # the filters are longer than the picture is wide
    whole = "".join(said)
    assert all(f"名{n}：" in whole for n in range(9))
    assert "2017年12月31日" in said[-1]
    assert "2017-12 r01" in said[-1]
    assert "&lt;img&gt;" in head(Saved("<img>", "", "", "file", "label", "failed"))[0]


def test_a_reader_of_one_district_is_shown_its_figures_and_no_rank(example_home):
    reader = Reader("x", "x", "analyst", (Area("district", "980102"),))
    view = view_of(example_home, districts.PAGE, "2017-12", reader=reader)
    found = comparison.places(view, "district", None)
    assert {place.rank for place in found} == {None}
    bars = charts.bars(ZH, found, comparison.city_line(view), "rate", "up")["data"][0]
    hatched = {code for code, shape in zip(bars["y"], bars["marker"]["pattern"]["shape"], strict=True) if shape}
    assert "980102" not in hatched


HIDDEN = Figure(None, 4141, None, "suppressed")


def test_no_file_leaves_a_hidden_figure_blank(example_home, monkeypatch):
    """A blank cell says that there is nothing; x says that there are few."""
    code = "980102"
    figure = store.Picture.figure
    monkeypatch.setattr(
        store.Picture, "figure", lambda self, metric, kind, *rest: HIDDEN if rest[0] == code else figure(self, metric, kind, *rest)
    )
    view = view_of(example_home, districts.PAGE, "2017-12")
    months = over_months.thirteen(view, "district")
    places = comparison.places(view, "district", None)
    line = comparison.line_of(view, "city", view.picture.city, "city", None)
    spot = Spot(view, Chosen("district", code, "name"))
    hidden = Grid("x", [Head("x", "n", "rate")], [[HIDDEN]])
    books = {
        "comparison": comparison_table._book(view, places, [line], None).rows,
        "trends": trends._book(view, "district", months, over_months.courses(view, "district", places, months), [HIDDEN] * 13).rows,
        "heat": heat._book(view, heat._rows(view, "district", [code, "980104"]), [(code, code)]).rows,
        "funnel": funnel._book(view, "district", places, line.figure, True).rows,
        "place": place_book._rows(spot),
        "grid": sheet(view, "x", hidden).rows,
    }
    for name, rows in books.items():
        found = [row[at : at + 3] for row in rows for at in range(len(row) - 2) if row[at + 2] == 4141]
        assert found and all(each == ["x", "x", 4141] for each in found), (name, found[:3])


def test_the_funnel_says_whom_it_leaves_out(example_home, monkeypatch):
    few = Place("a", "甲", None, HIDDEN, ABSENT, why_unranked="no_value")
    shown = ranked([Place("b", "乙", None, rate(30, 100), ABSENT)], "up", 20)
    monkeypatch.setattr(comparison, "places", lambda *rest: [*shown, few])
    monkeypatch.setattr(funnel.place_kinds, "chosen", lambda view: "district")
    monkeypatch.setattr(funnel.charts, "draw", lambda *rest, **more: None)
    said = []
    monkeypatch.setattr("streamlit.html", said.append)
    funnel.render(view_of(example_home, funnel.PAGE, "2017-12"))
    left = [each for each in said if ZH.reason("suppressed") in each and "lx-note" in each]
    assert left and "甲" in left[0]
    table = next(each for each in said if "<table" in each)
    assert "x/4,141" in table
