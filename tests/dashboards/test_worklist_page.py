"""Work lists: filters, what came and left, and the workbook with a sheet a district."""

import json

import fastexcel
import polars as pl
import pytest

from dashboards import cells, charts, export, lists, store
from dashboards.lists import Choice
from dashboards.screens import worklist
from dashboards.screens.worklist import Desk
from data.contracts import worklists
from tests.dashboards.releases_fixture import PERIODS, expected, make_home, publish
from tests.dashboards.test_browser import arrive, in_url, rows_of
from tests.dashboards.views import view_of


def desk_of(home, choice: Choice, period: str = "2017-12") -> Desk:
    view = view_of(home, worklist.PAGE, period, sector=choice.sector)
    return Desk(view, worklist._before(view), choice)


def units(*rows: tuple) -> pl.DataFrame:
    names = ("uscc", "district_code", "park_code", "sector", "employees", "since")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String) | {"employees": pl.Int64}, orient="row")


LIST = units(
    ("A", "1", "P1", "enterprise", 10, "2017-12"),
    ("B", "1", None, "social_org", None, "2017-09"),
    ("C", "2", None, "enterprise", 90, "2016-12"),
    ("D", "2", "P2", "enterprise", 95, "2016-12"),
)


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        (Choice("x"), "DCBA"),
        (Choice("x", district="1"), "BA"),
        (Choice("x", park="P2"), "D"),
        (Choice("x", park="outside"), "CB"),
        (Choice("x", sector="enterprise", district="2"), "DC"),
        (Choice("x", since="new"), "A"),
        (Choice("x", since="3"), "DCB"),
        (Choice("x", since="6"), "DC"),
        (Choice("x", since="12"), "DC"),
    ],
)
def test_each_choice_keeps_its_rows_the_longest_first(choice, kept):
    rows = lists.in_order(lists.waited(lists.placed(LIST, choice), choice.since, "2017-12"))
    assert "".join(rows["uscc"]) == kept


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("sector", ["all", "enterprise", "social_org"])
@pytest.mark.parametrize("name", list(lists.METRIC))
def test_a_list_is_the_denominator_without_the_numerator(example_home, name, sector, period):
    desk = desk_of(example_home, Choice(name, sector=sector), period)
    counts = lists.counts(desk.now)
    for kind, code in desk.view.picture.units:
        figure = desk.view.picture.figure(lists.METRIC[name], kind, code, sector, "corroborated")
        if kind == "district":
            assert counts.get(code, 0) == figure.denominator - figure.numerator


@pytest.mark.parametrize("period", PERIODS[1:])
@pytest.mark.parametrize("place", [{}, {"district": "980102"}, {"sector": "social_org"}, {"park": "outside"}])
@pytest.mark.parametrize("name", list(worklists()))
def test_what_was_less_what_left_and_what_is_new_is_what_is(example_home, name, place, period):
    desk = desk_of(example_home, Choice(name, **place), period)
    came, left = desk.came_and_left
    assert desk.earlier.height - left.height + came.height == desk.now.height
    assert not set(left["uscc"]) & set(desk.now["uscc"])
    assert desk.gone["why"].null_count() == 0
    if not place:
        # On the list for the first time without a break is what was not on it a period ago.
        assert set(came["uscc"]) == set(desk.now.filter(pl.col("since") == period)["uscc"])


UNIT = {"active": True, "corroborated": True, "mode": None, "covered": False, "members": 1, "work_covered": False}


@pytest.mark.parametrize(
    ("name", "changed", "why"),
    [
        ("due_single", {"mode": "single"}, "single"),
        ("due_single", {"mode": "joint"}, "fewer_members"),
        ("members_uncovered", {"covered": True}, "covered"),
        ("members_uncovered", {"members": 0}, "no_members"),
        ("large50_no_member", {"members": 2}, "has_members"),
        ("large50_no_member", {"members": 0}, "fewer_employees"),
        ("large100_no_org", {"covered": True}, "covered"),
        ("new_unit", {"work_covered": True}, "reached"),
        ("new_unit", {}, "no_longer_new"),
        ("new_unit", {"corroborated": False}, "no_object"),
        ("new_unit", {"active": False, "corroborated": False}, "ended"),
    ],
)
def test_why_a_unit_left_is_read_from_the_registers(name, changed, why):
    assert lists.why_left(name, UNIT | changed, "corroborated", still=False) == why
    assert lists.why_left(name, UNIT | changed, "corroborated", still=True) == "moved"
    assert lists.why_left(name, None, "corroborated", still=False) == "ended"


def test_the_workbook_has_a_sheet_a_district_and_codes_as_text(example_home):
    desk = desk_of(example_home, Choice("due_single"))
    read = fastexcel.read_excel(export.book_bytes(worklist.book(desk)))
    codes = sorted(desk.now["district_code"].unique())
    names = [desk.view.picture.units[("district", code)]["name"] for code in codes]
    assert read.sheet_names == ["汇总", *names, "退出", "说明", "口径", "版本"]
    census = {row["uscc"]: row["name"] for row in expected("census").filter(pl.col("period") == "2017-12").to_dicts()}
    seen = []
    for code, name in zip(codes, names, strict=True):
        rows = read.load_sheet(name, dtypes={"统一社会信用代码": "string"}).to_polars().to_dicts()
        assert {row["区县"] for row in rows} == {name}
        assert all(row["单位名称"] == census[row["统一社会信用代码"]] for row in rows)
        assert len(rows) == desk.now.filter(pl.col("district_code") == code).height
        seen += [row["统一社会信用代码"] for row in rows]
    assert sorted(seen) == sorted(desk.now["uscc"])
    summary = read.load_sheet("汇总").to_polars().rows()
    assert summary[-1][0] == "全市"
    assert sum(row[2] for row in summary[:-1]) == summary[-1][2] == len(seen)
    gone = read.load_sheet("退出").to_polars()
    assert gone.height == desk.gone.height
    definition = read.load_sheet("口径", header_row=None).to_polars().rows()
    assert definition[0][0] == "应单独组建未组建"
    notes = dict(read.load_sheet("说明", header_row=None).to_polars().select(pl.nth(0, 1)).rows())
    assert notes["清单"] == "应单独组建未组建"
    assert ("发布版本", "2017-12 r01") in read.load_sheet("版本", header_row=None).to_polars().rows()


def test_a_filter_reaches_the_file(example_home):
    desk = desk_of(example_home, Choice("due_single", district="980110", since="12"))
    found = worklist.book(desk)
    assert [sheet.name for sheet in found.more] == ["青溪市", "退出"]
    assert {line[7] for line in found.more[0].rows} == {"2016-12"}
    assert len(found.more[0].rows) == desk.shown.height


def test_sheet_names_are_what_a_spreadsheet_takes():
    found = export.sheet_names(["经开区[一]:*?/\\", "数据", "x" * 40, "x" * 40, "X" * 40, "'", "", "𠮷" * 20], taken=["数据"])
    assert len({name.lower() for name in found}) == len(found)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 for name in found)
    assert not any(letter in name for name in found for letter in "[]:*?/\\")
    assert not any(name.startswith("'") or name.endswith("'") for name in found)
    assert found[1] == "数据 2"


def test_a_list_that_was_not_run_names_its_sources_and_is_not_compared_with(tmp_path):
    home = make_home(tmp_path / "home", ("2017-12",))
    folder = publish(home, "2017-11")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["checks"]["not_run"] = {"new_unit": ["mass_org"]}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert worklist.missing_sources(store.picture(home, "2017-11", "r01"), "new_unit") == ["mass_org"]
    assert desk_of(home, Choice("new_unit")).came_and_left is None
    assert desk_of(home, Choice("due_single")).came_and_left is not None


def test_the_bars_are_what_was_there_and_what_is_new_and_say_their_sum():
    picture = charts.piles([charts.Pile("东屏区", 7, 2), charts.Pile("西浦区", 0, 1)], ("以前已在列", "新增"))
    assert [bar["x"] for bar in picture["data"]] == [[7, 0], [2, 1]]
    assert [note["text"] for note in picture["layout"]["annotations"]] == ["<b>9</b>", "<b>1</b>"]
    assert picture["data"][0]["marker"]["pattern"]["shape"] != picture["data"][1]["marker"]["pattern"]["shape"]


@pytest.mark.browser
def test_a_link_opens_the_same_rows_and_the_file_follows_the_filter(visit, server, tmp_path):
    rows = expected("worklist").filter(pl.col("period") == "2017-12", pl.col("list") == "large50_no_member")
    rows = rows.filter(pl.col("district_code") == "980104", pl.col("since") <= "2017-06")
    seen = visit(f"{server.url}/worklist?period=2017-12&list=large50_no_member&district=980104&since=6")
    arrive(seen.page, "工作清单")
    in_url(seen.page, "list=large50_no_member", "district=980104", "since=6", "park=all", "sector=all")
    shown = rows_of(seen.page, "名单")
    assert sorted(cells[0].split("\n")[-1] for cells in shown) == sorted(rows["uscc"])
    assert {cells[1] for cells in shown} == {"南岭区"}
    with seen.page.expect_download() as caught:
        seen.page.get_by_role("button", name="下载 XLSX").click()
    caught.value.save_as(tmp_path / "list.xlsx")
    assert fastexcel.read_excel(tmp_path / "list.xlsx").sheet_names == ["汇总", "南岭区", "退出", "说明", "口径", "版本"]
    seen.assert_quiet()


@pytest.mark.parametrize(("followed", "said"), [(True, "本期新增"), (False, "是否新增不明")])
def test_who_came_is_not_known_where_the_list_before_was_not_made(example_home, followed, said):
    view = view_of(example_home, worklist.PAGE, "2017-12")
    assert said in cells.month_cell(view, "2017-12", 0, followed)
