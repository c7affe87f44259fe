"""Targets: whether they will be reached in time, by the way that is better, and in a plain sentence."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from dashboards import aims, charts
from dashboards.screens import targets
from dashboards.store import UNKNOWN
from data.contracts import metrics
from data.figures import Figure
from data.home import Target
from data.releases import digest
from data.targets import STATED, stated
from data.words import Words
from tests.dashboards.releases_fixture import PERIODS
from tests.dashboards.views import view_of
from transforms import pace


def row(n: int, d: int, target: float, due: str, recent: float | None, missing: int | None = None) -> dict:
    return {
        "period": "2017-12",
        "due": due,
        "target": target,
        "value": n / d,
        "units_missing": missing,
        "pace_recent": recent,
    }


def standing(found: dict, n: int, d: int, direction: str = "up") -> pace.Standing:
    return pace.judged(found, Figure(n, d, n / d), direction)


@pytest.mark.parametrize(
    ("missing", "due", "recent", "state", "expected"),
    [
        (104, "2018-12", 14.5, "on_course", "2018-08"),
        (12, "2018-12", 1.0, "on_course", "2018-12"),
        (13, "2018-12", 1.0, "late", "2019-01"),
        (14, "2018-03", 14 / 3, "on_course", "2018-03"),  # three months exactly, whatever a float makes of 14/3
        (1000, "2018-12", 0.5, "late", None),
        (5, "2018-12", 0.0, "stalled", None),
        (5, "2018-12", -1.5, "stalled", None),
        (5, "2018-12", None, "unclear", None),
        (5, "2017-12", 5.0, "overdue", "2018-01"),
        (5, "2017-11", None, "overdue", None),
        (0, "2017-11", None, "reached", None),
        (0, "2018-12", -1.0, "reached", None),
    ],
)
def test_the_present_pace_says_whether_a_target_is_reached_in_time(missing, due, recent, state, expected):
    found = standing(row(280, 479, 0.8, due, recent, missing), 280, 479)
    assert (found.state, found.expected) == (state, expected)


def test_a_figure_that_is_better_when_lower_is_passed_from_above():
    # 30 of 100 are overdue, at most 10 are allowed: the table's literal numbers would call that passed.
    literal = row(30, 100, 0.1, "2018-06", -5.0, missing=0)
    found = standing(literal, 30, 100, "down")
    assert (found.state, found.missing, found.recent, found.expected) == ("on_course", 20, 5, "2018-04")
    assert found.gap == Fraction(1, 5)
    growing = standing(row(30, 100, 0.1, "2018-06", 2.0, missing=0), 30, 100, "down")
    assert growing.state == "stalled"
    assert "每月增加2.0个党组织" in pace.sentence(Words("zh"), literal, growing, metrics()["term_overdue"])
    below = standing(row(9, 100, 0.1, "2018-06", 0.0, missing=1), 9, 100, "down")
    assert (below.state, below.missing) == ("reached", 0)
    # 10 % of 95 is 9.5: nine are allowed, ten are one too many.
    assert standing(row(10, 95, 0.1, "2018-06", 0.0), 10, 95, "down").missing == 1


def test_what_rests_on_one_delivery_is_no_pace():
    found = row(20, 21, 1.0, "2018-12", 3.5, 1)
    leaping = pace.judged(found, Figure(20, 21, 20 / 21), "up", "park")
    assert (leaping.state, leaping.recent, leaping.expected, leaping.missing) == ("unclear", None, None, 1)
    said = pace.sentence(Words("zh"), found, leaping, metrics()["centre_rate"])
    assert said == "园区名录在近三期中报送不足两次，其间的变化不足以推算进度，不能判断。"
    # Without a number there was no pace before; what is over or reached needs none.
    assert pace.judged(found | {"pace_recent": None}, Figure(20, 21, 20 / 21), "up", "park").leaps is None
    assert pace.judged(found | {"due": "2017-12"}, Figure(20, 21, 20 / 21), "up", "park").state == "overdue"
    assert pace.judged(found | {"units_missing": 0}, Figure(21, 21, 1.0), "up", "park").state == "reached"


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_an_earlier_release_that_is_damaged_or_gone_takes_no_page_down(home, harm):
    """The pace is then taken as it stands."""
    folder = home.path / "releases" / "2017-12" / "r01"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["looked_back"] = {"2017-10": "r01", "2017-11": "r01" if harm == "cut" else "r07"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if harm == "cut":
        earlier = home.path / "releases" / "2017-11" / "r01" / "manifest.json"
        earlier.write_text(earlier.read_text(encoding="utf-8")[:300], encoding="utf-8")
    view = view_of(home, targets.PAGE, "2017-12")
    assert aims._manifest(view, "2017-11") is None
    made = [aim for group in targets._groups(view, view.picture.targets.to_dicts(), view.home.targets) for aim in group.aims]
    assert made and not any(aim.standing.leaps for aim in made)


def test_no_figure_is_no_judgement():
    found = row(0, 1, 0.8, "2018-12", None) | {"value": None}
    assert pace.judged(found, Figure(None, 479, None, "source_missing:park"), "up").state == "unknown"


def test_the_sentence_names_pace_month_and_delay():
    late = row(28, 40, 0.9, "2018-12", 0.5, 8)
    said = pace.sentence(Words("zh"), late, standing(late, 28, 40), metrics()["work_coverage"])
    assert said == "按近三期每月0.5家，预计2019年4月才能完成，晚4个月，不能按期。"
    due = row(193, 211, 0.99, "2017-12", 4.5, 16)
    said = pace.sentence(Words("zh"), due, standing(due, 193, 211), metrics()["secretary_in_post"])
    assert said == "期限（2017年12月）已到，没有完成，还差16个党组织。按近三期每月4.5个党组织，预计2018年4月补齐。"


def test_gaps_are_in_points_and_a_passed_target_says_so():
    words = Words("zh")
    assert pace.gap_words(words, standing(row(28, 40, 0.9, "2018-12", 1.0, 8), 28, 40), "rate") == "差20.0 个百分点"
    assert pace.gap_words(words, standing(row(39, 40, 0.9, "2018-12", 1.0, 0), 39, 40), "rate") == "超出7.5 个百分点"
    assert pace.gap_words(words, standing(row(36, 40, 0.9, "2018-12", 1.0, 0), 36, 40), "rate") == "正好达到"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("period", PERIODS)
def test_every_published_target_stands_with_its_document(example_home, period, lang):
    view = view_of(example_home, targets.PAGE, period, lang=lang)
    groups = targets._groups(view, view.picture.targets.to_dicts(), view.home.targets)
    aims = [aim for group in groups for aim in group.aims]
    assert len(aims) == view.picture.targets.height
    assert all(aim.document for aim in aims)
    for aim in aims:
        said = pace.sentence(view.words, aim.row, aim.standing, aim.card)
        assert said and "{" not in said
        assert (aim.standing.state == "reached") == (aim.row["units_missing"] == 0)
        assert aim.figure.value == aim.row["value"] or aim.figure.value == pytest.approx(aim.row["value"])
    # One line of the office's file that means every district is one group; the office's own order is kept.
    assert [len(group.aims) > 1 for group in groups] == [False, True, False, False, False, False]
    assert groups[0].first.document == "九八市委办公室文件1号"


def test_an_old_release_names_what_was_asked_for_then_and_whose_file_it_was(example_home):
    view = view_of(example_home, targets.PAGE, "2017-12")
    (row,) = (row for row in view.picture.targets.to_dicts() if row["metric"] == "secretary_in_post")
    asked = Target(*(row[name] for name in ("metric", "sector", "unit_kind", "unit_code", "due")), Decimal("0.99"), "当时的文件")

    def of_manifest(**changed) -> SimpleNamespace:
        manifest = {name: value for name, value in view.picture.manifest.items() if name not in ("own_reference", STATED)} | changed
        return SimpleNamespace(home=view.home, picture=SimpleNamespace(manifest=manifest))

    then = of_manifest(**{STATED: json.loads(json.dumps(stated([asked]))), "own_reference": []})
    assert aims._document(row, aims.wanted_of(then)) == (0, "当时的文件")
    assert targets._whose_file(then) == "own_file"
    assert targets._whose_file(of_manifest(own_reference=["targets.csv"])) is None
    # Of before that was kept: the file of today, and whether it is still the same.
    before = of_manifest(reference={"targets.csv": digest(view.home.reference / "targets.csv")})
    assert aims.wanted_of(before) == view.home.targets and targets._whose_file(before) is None
    assert targets._whose_file(of_manifest(reference={"targets.csv": "0"})) == "file_changed"


def test_an_unknown_district_is_none_of_those_that_must_reach_a_target(example_home):
    view = view_of(example_home, targets.PAGE, "2017-12")
    group = next(each for each in targets._groups(view, view.picture.targets.to_dicts(), view.home.targets) if len(each.aims) > 1)
    nowhere = replace(group.first, row=group.first.row | {"unit_code": UNKNOWN})
    assert targets.Group((*group.known, nowhere)).known == group.known


def test_the_book_has_a_line_a_target(example_home):
    view = view_of(example_home, targets.PAGE, "2017-12")
    groups = targets._groups(view, view.picture.targets.to_dicts(), view.home.targets)
    found = targets._book(view, groups)
    assert len(found.rows) == 16
    assert all(len(line) == len(found.columns) for line in found.rows)
    # All of them are rates: numbers, which a spreadsheet can sort.
    goal = [column.kind for column in found.columns].index("rate")
    assert {type(line[goal]) for line in found.rows} == {float}


def test_the_picture_has_a_bar_and_a_line_a_target_and_words_beside_it():
    rows = [
        charts.Bullet(("组织覆盖率", "<b>甲</b>市"), Figure(280, 479, 280 / 479), Figure(value=0.8), "进度偏慢", "worse"),
        charts.Bullet(("书记配备率", "乙区"), Figure(99, 100, 0.99), Figure(value=0.9), "已达到", "better"),
    ]
    picture = charts.bullets(rows, "rate")
    assert [shape["x0"] for shape in picture["layout"]["shapes"]] == [80, 90]
    assert picture["data"][0]["x"] == pytest.approx([100 * 280 / 479, 99])
    assert [note["text"] for note in picture["layout"]["annotations"]] == [
        "<b>58.5% / 80.0%</b><br>进度偏慢",
        "<b>99.0% / 90.0%</b><br>已达到",
    ]
    assert picture["layout"]["yaxis"]["ticktext"][0] == "组织覆盖率<br>&lt;b&gt;甲&lt;/b&gt;市"


def test_a_document_stands_as_text_from_data_in_either_language(example_home, monkeypatch):
    view = view_of(example_home, targets.PAGE, "2017-12", lang="en")
    groups = targets._groups(view, view.picture.targets.to_dicts(), view.home.targets)
    said = []
    monkeypatch.setattr("streamlit.html", said.append)
    monkeypatch.setattr(targets, "_chart", lambda *rest, **more: None)
    targets._several(view, next(group for group in groups if len(group.aims) > 1), 0)
    drawn = [*(targets._card(view, group.first) for group in groups), *said]
    document = re.compile("九八市委[^<、]*号")
    assert any(document.search(each) for each in drawn)
    for each in drawn:
        assert not document.search(re.sub("<bdi>.*?</bdi>", "", each))
