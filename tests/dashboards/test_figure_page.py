"""A figure behind its code: opened from a release, said in words, on its page; and the page of all definitions."""

from itertools import cycle

import fastexcel
import polars as pl
import pytest

from dashboards import explain, export, figure_book, figure_words, opened
from dashboards.explain import NoSuchFigure
from dashboards.screens import definitions, figure
from dashboards.screens import figure as figure_screen
from data import releases
from data.contracts import metrics, tables
from data.releases import NoSuchRelease
from data.words import Words
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.test_browser import WAIT, arrive, in_url, rows_of
from tests.dashboards.views import view_of
from transforms import show
from transforms.citation import code
from transforms.marks import CODED, cells, coded, marks
from transforms.tallies import TALLIES

PERIOD = "2017-12"
CITY = ("corroborated", "city", "980100", "all", "org_coverage")
DISTRICT = ("corroborated", "district", "980104", "all", "org_coverage")


def origins_of(period: str) -> pl.DataFrame:
    """A line of the register for every unit of the census."""
    census = expected("census").filter(pl.col("period") == period).sort("uscc")
    source = pl.when(pl.col("sector") == "social_org").then(pl.lit("social_org")).otherwise(pl.lit("registration"))
    return census.select(
        "period",
        subject_kind=pl.lit("unit"),
        subject="uscc",
        source=source,
        path=pl.lit(f"{period}/registration/甲.csv"),
        line=pl.int_range(2, pl.len() + 2),
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """December with source rows and a second revision in which the city gained a unit; November as an earlier version left it."""
    made = make_home(tmp_path_factory.mktemp("figure") / "home", ("2016-12", "2017-11"))
    publish(made, PERIOD, origins=origins_of(PERIOD))
    moved = pl.when((pl.col("unit_kind") == "city") & (pl.col("metric") == "org_coverage")).then(pl.col("numerator") + 1)
    rows = expected("metrics").filter(pl.col("period") == PERIOD).with_columns(numerator=moved.otherwise("numerator"))
    publish(made, PERIOD, "r02", origins=origins_of(PERIOD), metrics=rows)
    return made


def explained(home, asked: str, lang: str = "zh", limit: int | None = 2) -> tuple[dict, list[str]]:
    return explain.explain(home, asked, limit, Words(lang), lambda *named: releases.open_release(home, *named))


def test_every_kind_of_figure_and_every_cell_opens(home):
    release = releases.open_release(home, PERIOD, "r01")
    seen = {}
    names = release.table("metrics")["metric"]
    for found in marks(release).values():
        table, number, column = found[0]
        seen.setdefault((table, names[number] if table == "metrics" else column), found[0])
    tallied = sum(len(tally.cells) for tally in TALLIES.values())
    assert len(seen) == len(metrics()) + sum(1 + len(cells(table)) for table in ("base_numbers", "doubling", "targets")) + tallied
    for lang, place in zip(cycle(("zh", "en")), seen.values(), strict=False):
        one = opened.open_figure(home, release, place, lambda *named: releases.open_release(home, *named))
        facts, lines = explained(home, one.code, lang, 1)
        assert facts["title"] and lines[0].startswith(one.code)
        assert facts["definition"] and all(entry["name"] for entry in facts["definition"])
        assert all(side["said"] for side in facts["sides"]) and facts["sides"]
        for side in facts["sides"]:
            assert None in (side["total"], side["published"]) or side["total"] == side["published"]


def test_a_cell_of_a_target_has_its_own_number_for_other_programs(home):
    row = expected("targets").filter((pl.col("period") == PERIOD) & (pl.col("unit_kind") == "city") & (pl.col("units_missing") > 0))
    row = row.row(0, named=True)
    for column in cells("targets"):
        asked = code(PERIOD, "r01", "targets", tuple(row[name] for name in coded("targets")), column)
        facts, _ = explained(home, asked)
        assert facts["value"] == row[column]
        assert facts["numerator"] / facts["denominator"] == pytest.approx(row["value"])


@pytest.mark.parametrize(("metric", "shown"), [("no_member_share", show.NOT_APPLICABLE), ("org_coverage", show.NOT_AVAILABLE)])
def test_what_is_missing_to_a_target_that_should_fall_does_not_apply(metric, shown):
    row = {"metric": metric, "missing": None, "places": 2}
    assert figure_words.shown(Words("zh"), "targets_count", "missing", row) == shown
    assert figure_words.shown(Words("zh"), "targets_count", "places", row) == "2"


def test_members_are_counted_and_never_listed(home):
    facts, lines = explained(home, code(PERIOD, "r01", "metrics", ("-", "city", "980100", "all", "irregular_member_share")))
    assert facts["sides"][0]["listed"] == []
    assert any("党员只计数、不列名" in line for line in lines)


@pytest.fixture(scope="module")
def with_members(tmp_path_factory):
    """December with a line of the member list for every member of a unit."""
    made = make_home(tmp_path_factory.mktemp("members") / "home", ())
    units = expected("census").filter(pl.col("period") == PERIOD, pl.col("members") > 0).sort("uscc")
    lines = units.select(
        "period",
        subject_kind=pl.lit("unit"),
        subject="uscc",
        source=pl.lit("member"),
        path=pl.lit(f"{PERIOD}/member/甲.csv"),
        line=pl.int_ranges(pl.col("members")),
    )
    publish(made, PERIOD, origins=pl.concat([origins_of(PERIOD), lines.explode("line").with_columns(pl.col("line") + 2)]))
    return made, dict(units.select("uscc", "members").rows())


def test_explain_does_not_tell_how_few_members_a_unit_has(with_members):
    home, members = with_members
    facts, lines = explained(home, code(PERIOD, "r01", "metrics", (*CITY[:4], "member_unit_coverage")), limit=None)
    few = many = 0
    for row in facts["sides"][0]["listed"]:
        number = members.get(row["subject"], 0)
        told = [origin["line"] for origin in row["origins"] if origin["source"] == "member"]
        said = next(at for at, line in enumerate(lines) if line.startswith(f"  {row['subject']} "))
        if 0 < number < 5:
            few += 1
            assert (row["members"], told) == ("x", ["x"])
            assert "党员数：x" in lines[said] and "行号不列" in " ".join(lines[said : said + 3])
        else:
            many += number > 0
            assert row["members"] == number == len(told)
    assert few and many
    assert all(isinstance(row["adds"], int) for row in facts["sides"][0]["listed"]), "what a unit adds to a count of units is no secret"


def test_beside_a_sum_of_members_explain_tells_no_units_own(with_members):
    home, members = with_members
    asked = ("corroborated", "district", "980108", "all", "member_density")
    facts, lines = explained(home, code(PERIOD, "r01", "metrics", asked), limit=None)
    listed = facts["sides"][0]["listed"]
    counted = [row for row in listed if members.get(row["subject"])]
    assert max(members[row["subject"]] for row in counted) >= 5
    assert {(row["members"], row["adds"]) for row in counted} == {("x", "x")}
    assert {origin["line"] for row in counted for origin in row["origins"] if origin["source"] == "member"} == {"x"}
    whole = next(at for at, line in enumerate(lines) if any(line.startswith(f"  {code} ") for code, n in members.items() if n >= 5))
    assert any(line.endswith("/member/甲.csv") for line in lines[whole : whole + 3])


def test_a_release_from_before_there_were_source_rows_says_so(home):
    facts, lines = explained(home, code("2017-11", "r01", "metrics", CITY))
    assert facts["not_in_this_release"] == ["origins"]
    assert any("还没有“来源行”" in line for line in lines)
    assert facts["sides"][0]["total"] == facts["numerator"]
    facts, lines = explained(home, code("2017-11", "r01", "metrics", ("-", "city", "980100", "all", "term_overdue")))
    assert facts["not_in_this_release"] == ["organisations"]
    assert [side["rows"] for side in facts["sides"]] == [None, None]


def test_the_figure_of_the_current_revision_stands_beside_an_older_one(home):
    facts, lines = explained(home, code(PERIOD, "r01", "metrics", CITY))
    assert facts["current"]["revision"] == "r02"
    assert facts["current"]["numerator"] == facts["numerator"] + 1
    assert facts["current"]["code"].split("-")[1] == facts["code"].split("-")[1]
    assert any("现行的 r02" in line for line in lines)
    assert explained(home, code(PERIOD, "r02", "metrics", CITY))[0]["current"] is None


def test_rows_that_no_longer_add_up_are_not_passed_over(home):
    facts, lines = explained(home, code(PERIOD, "r02", "metrics", CITY))
    assert facts["sides"][0]["total"] == facts["numerator"] - 1
    assert any("参考文件" in line for line in lines)


@pytest.mark.parametrize(("asked", "says"), [("组织覆盖率", "不是数字编号"), ("201712.1-00000000", "没有编号")])
def test_what_is_no_figure_is_said_with_the_way_out(home, asked, says):
    with pytest.raises(NoSuchFigure, match=says) as refused:
        explained(home, asked)
    assert "\n" not in str(refused.value) and "请" in str(refused.value)


def test_a_code_of_a_release_that_is_not_there(home):
    with pytest.raises(NoSuchRelease):
        explained(home, "201701.1-00000000")


def test_lines_that_follow_each_other_are_drawn_together():
    assert figure_words.rows_line([9, 3, 7, 8, 3]) == "3, 7–9"  # noqa: RUF001


def test_the_download_has_every_row_with_its_lines(home):
    view = view_of(home, figure.PAGE, PERIOD, "r01")
    release = view.picture.release
    place = view.picture.marks[code(PERIOD, "r01", "metrics", DISTRICT).split("-")[1]][0]
    one = opened.open_figure(home, release, place, lambda *named: releases.open_release(home, *named))
    read = fastexcel.read_excel(export.book_bytes(figure_book.book(view, one, one.sides[1])))
    rows = read.load_sheet("数据").to_polars()
    assert rows.height == one.figure.denominator
    lines = dict(origins_of(PERIOD).select("subject", "line").rows())
    for row in rows.to_dicts():
        assert row["来源行"].endswith(f"甲.csv {lines[row['代码']]}")
    assert one.code in [row[1] for row in read.load_sheet("说明", header_row=None).to_polars().rows()]


def test_every_card_stands_on_the_page_of_definitions(home):
    view = view_of(home, definitions.PAGE, PERIOD, "r01")
    for card in metrics().values():
        said = definitions._metric(view, card, False)
        assert card.source_document in said and "1：首版" in said and "/ first version" not in said
        for side in (card.numerator, card.denominator):
            assert side is None or side.where == "true" or side.where.split()[0] in said
    assert code(PERIOD, "r01", "metrics", CITY) in definitions._metric(view, metrics()["org_coverage"], False)


def test_exports_end_with_the_code_of_each_row(home, tmp_path):
    release = releases.open_release(home, PERIOD, "r01")
    for table in CODED:
        frame = release.table(table)
        for ending in ("csv", "xlsx"):
            export.export_table(release, table, tmp_path / f"t.{ending}")
        back = pl.read_csv(tmp_path / "t.csv", infer_schema=False)
        sheet = fastexcel.read_excel(tmp_path / "t.xlsx").load_sheet("数据", dtypes="string").to_polars()
        assert back.columns == sheet.columns == [*frame.columns, "code"]
        assert back["code"].to_list() == sheet["code"].to_list() == opened.row_codes(release, table, frame)
        for number, asked in enumerate(back["code"].head(3)):
            assert marks(release)[asked.split("-")[1]] == [(table, number, None)]
    assert "code" not in tables()["metrics"].key


@pytest.mark.browser
def test_a_figure_opens_from_its_code_down_to_the_line(visit, serve, home):
    server = serve(home)
    seen = visit(f"{server.url}/districts?period=2017-12&release=r01")
    arrive(seen.page, "区县比较")
    asked = code(PERIOD, "r01", "metrics", DISTRICT)
    seen.page.get_by_role("link", name=asked).click()
    arrive(seen.page, "查看数字")
    row = expected("metrics").filter(period=PERIOD, basis="corroborated", unit_code="980104", sector="all", metric="org_coverage")
    n, total = row.select("numerator", "denominator").row(0)
    assert f"{n}/{total}" in seen.page.locator(".lx-card").inner_text()
    assert len(rows_of(seen.page, "由哪些行组成")) == n
    box = seen.page.locator(".st-key-choose_side").get_by_role("combobox")
    box.click()
    box.fill("不在分子")
    seen.page.get_by_role("option", name="在分母、不在分子").click()
    seen.page.wait_for_function(f"document.querySelectorAll('[aria-label=\"由哪些行组成\"] tbody tr').length === {total - n}", timeout=WAIT)
    in_url(seen.page, f"code={asked}", "side=rest", "release=r01")
    first = rows_of(seen.page, "由哪些行组成")[0][0]
    line = origins_of(PERIOD).filter(subject=first)["line"][0]
    assert rows_of(seen.page, "来源行")[0][1:] == ["2017-12/registration/甲.csv", str(line)]
    # The same figure in the revision that is current now, by the code in the box.
    box = seen.page.get_by_label("数字编号", exact=True)
    box.fill(code(PERIOD, "r02", "metrics", CITY).lower())
    box.press("Enter")
    seen.page.locator(".lx-card", has_text="九八市").wait_for(timeout=WAIT)
    in_url(seen.page, f"code={code(PERIOD, 'r02', 'metrics', CITY)}", "release=r02")
    box.fill("xx")
    box.press("Enter")
    seen.page.locator(".lx-empty", has_text="不是数字编号").wait_for(timeout=WAIT)
    seen.page.locator("[data-testid=stSidebarNavLink]", has_text="口径").click()
    arrive(seen.page, "口径")
    search = seen.page.get_by_label("查找", exact=True)
    search.fill("single_due_rate")
    search.press("Enter")
    seen.page.locator("details.lx-details").nth(1).wait_for(state="detached", timeout=WAIT)
    assert "formal_members >= 3 and mode = 'single'" in seen.page.locator("details.lx-details").inner_text()
    in_url(seen.page, "asked=single_due_rate")
    # A page whose tables know one basis says which in the box.
    seen.page.get_by_role("link", name="双翻番").click()
    arrive(seen.page, "双翻番")
    box = seen.page.locator(".st-key-basis_doubling_zh").get_by_role("combobox")
    assert box.is_disabled() and "印证口径（签批）" in seen.page.locator(".st-key-basis_doubling_zh").inner_html()
    seen.assert_quiet()


def test_a_row_after_those_shown_is_found_by_code_or_name():
    rows = pl.LazyFrame({"subject": ["91A", "91B"], "name": ["甲公司", None]})
    assert [figure_screen.sought(rows, asked)["subject"].to_list() for asked in ("甲", "91b ", "(")] == [["91A"], ["91B"], []]
