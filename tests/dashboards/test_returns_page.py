"""申报与核算: every return beside the published figures, what leads nowhere said, and a district over thirteen months."""

import fastexcel
import polars as pl
import pytest

from dashboards import cells, charts, export, reporting, store
from dashboards.returns import book as books
from dashboards.returns import desk as desks
from dashboards.returns import months as over_months
from dashboards.screens import returns
from data.access import Area, Reader
from data.home import Home
from expectations.rules.returns import FIGURES, SECTORS
from tests.browser import DESK, PHONE
from tests.dashboards.releases_fixture import make_home, publish
from tests.dashboards.returns_fixture import AT_ODDS, FILE, MISSING, TOO_MANY, findings, returns_home
from tests.dashboards.test_browser import arrive, in_url, rows_of
from tests.dashboards.views import view_of
from transforms.returns import COUNTED, permitted


@pytest.fixture(scope="module")
def reported(tmp_path_factory) -> Home:
    return returns_home(tmp_path_factory.mktemp("returns") / "home")


def desk(home: Home, sector: str = "enterprise", period: str = "2017-12", lang: str = "zh") -> desks.Desk:
    view = view_of(home, returns.PAGE, period, lang=lang)
    return desks.desk_of(view, sector, reporting.returns_of(view.picture))


def test_what_is_counted_is_what_is_published(reported):
    for sector in SECTORS:
        found = desk(reported, sector)
        for each in found.returns:
            if each.place is None:
                continue
            figure = lambda metric, each=each: found.view.picture.figure(metric, "district", each.place, each.sector, "corroborated")  # noqa: E731, B023
            assert each.counted["units"] == figure("org_coverage").denominator
            assert each.counted["covered"] == figure("org_coverage").numerator
            assert each.counted["work_covered"] == figure("work_coverage").numerator
            assert sum(each.counted[name] for name in ("single", "joint", "dispatched")) == each.counted["covered"]
        # Districts and what lies nowhere make up the city.
        everywhere = [*found.districts, "000000"]
        numerators = [found.view.picture.figure("org_coverage", "district", code, sector, "corroborated").numerator for code in everywhere]
        assert found.of_city("covered") == sum(numerators)


def test_only_what_was_planted_is_outside(reported):
    found = desk(reported)
    assert [each.code for each in found.returns if each.outside and each.own_code] == [TOO_MANY[1]]
    assert [desk(reported, "social_org").returns, desk(reported, "social_org").missing][1] == [MISSING[1]]


def test_what_leads_nowhere_or_elsewhere_is_said(reported):
    said = "".join(desks.sentences(desk(reported)))
    for words in (
        "979999（月报.xlsx，第 23 行）不在区县表里",
        "980190（",
        "已撤销，又没有后继区县",
        "980121（",
        "980102、980121都对应东屏区",
    ):
        assert words in said
    assert desks.sentences(desk(reported, "social_org")) == []


def test_the_city_is_added_up_where_every_district_reported(reported):
    whole = desk(reported)
    assert whole.total["covered"] == sum(each.reported["covered"] for each in whole.returns if each.own_code)
    assert desk(reported, "social_org").total is None


def test_thirteen_months_say_why_there_is_nothing(reported):
    view = view_of(reported, returns.PAGE, "2017-12")
    months = reporting.months(reported, view.picture, desks.MONTHS)
    found = {each.period: each for each in over_months.points(view, months, "980111", "enterprise", "covered")}
    assert len(found) == 13
    assert (found["2016-12"].said, found["2017-05"].said) == ("发布时没有保存月报", "没有发布")
    # 980112 was merged into 980111 on 2017-11-20: the month before is both together, and says so.
    october = months[-3].picture
    both = [october.figure("org_coverage", "district", code, "enterprise", "corroborated").numerator for code in ("980111", "980112")]
    assert (found["2017-10"].reported, found["2017-10"].counted) == (sum(both), sum(both))
    assert found["2017-10"].said == "由望海市、望海东县合计"
    assert found["2017-12"].said == ""
    missing = over_months.points(view, months, MISSING[1], MISSING[2], "covered")[-1]
    assert (missing.reported, missing.apart, missing.said) == (None, None, "没有申报")


def test_dots_outside_have_a_form_of_their_own(reported):
    rows = [charts.Dot("A", 10, 3.0, True, "◆ <b>+10</b>"), charts.Dot("B", -2, 3.0, False, "● <b>−2</b>")]
    band, within, outside = charts.dots(rows, ("within", "outside", "band"))["data"]
    assert (band["base"], band["x"]) == ([-3.0, -3.0], [6.0, 6.0])
    assert (within["x"], within["y"], within["marker"]["symbol"]) == ([-2], ["1"], "circle")
    assert (outside["x"], outside["y"], outside["marker"]["symbol"]) == ([10], ["0"], "diamond")


def test_the_book_holds_every_return_with_its_row(reported, tmp_path):
    found = desk(reported)
    path = tmp_path / "returns.xlsx"
    path.write_bytes(export.book_bytes(books.book(found)))
    sheet = fastexcel.read_excel(path).load_sheet("数据").to_polars()
    assert sheet.height == len(found.returns) + 1
    assert sheet["行号"].to_list()[:-1] == [each.line for each in found.returns]
    covered = found.view.words.field("district_return", "covered")
    assert sheet[f"{covered} 申报"].to_list() == [*(each.reported["covered"] for each in found.returns), found.total["covered"]]
    assert sheet[f"{covered} 台账核算"].to_list()[-1] == found.of_city("covered")
    assert sheet["申报的代码"].to_list()[:-1] == [each.code for each in found.returns]
    assert sheet["区县"].to_list()[-1] == "全市"
    months = fastexcel.read_excel(path).load_sheet("逐月").to_polars()
    assert months.height == 13 * len(found.districts)


def test_who_sent_none_has_a_row_in_the_book_and_the_city_is_not_added_up(reported, tmp_path):
    found, path = desk(reported, "social_org"), tmp_path / "returns.xlsx"
    path.write_bytes(export.book_bytes(books.book(found)))
    sheet = fastexcel.read_excel(path).load_sheet("数据").to_polars()
    none, city = sheet.rows(named=True)[-2:]
    covered = found.view.words.field("district_return", "covered")
    figure = found.view.picture.figure("org_coverage", "district", MISSING[1], "social_org", "corroborated")
    assert (none["申报的代码"], none["允许范围"], none[f"{covered} 申报"]) == (MISSING[1], "没有申报", None)
    assert none[f"{covered} 台账核算"] == figure.numerator
    assert (city["区县"], city[f"{covered} 申报"], city[f"{covered} 台账核算"]) == ("全市", None, found.of_city("covered"))


def test_what_needs_attention_is_named_by_district(reported):
    said = dict(desks.apart(desk(reported)))
    assert said["与台账相差超出允许范围（2 份）："] == "东屏区、东屏区（按 980121 申报）"
    assert "南岭区" in next(names for head, names in said.items() if head.startswith("表内数据不符"))
    # The district's own return alone is in the card's n and N.
    assert (len(desk(reported).own), len(desk(reported).returns)) == (10, 13)


def of_one_district(monkeypatch, home: Home, code: str, sector: str = "enterprise", role: str = "auditor", period="2017-12") -> desks.Desk:
    reader = Reader("a@b.example", "甲", role, (Area("district", code),))
    monkeypatch.setattr(store.access, "reader", lambda home: reader)
    view = view_of(home, returns.PAGE, period, reader=reader)
    return desks.desk_of(view, sector, reporting.returns_of(view.picture))


def test_the_returns_of_one_district_are_not_held_against_the_city(reported, monkeypatch):
    said = []
    monkeypatch.setattr("streamlit.html", said.append)
    for code, sector, told in ((MISSING[1], "enterprise", "本范围内应报的区县都已申报"), (*MISSING[1:], "本范围内还有 1 个没有申报")):
        found = of_one_district(monkeypatch, reported, code, sector)
        assert found.total is None and found.of_city("covered") > 0
        returns._standing(found)
        returns._table(found)
        assert told in "".join(said) and "全市" not in "".join(said)
        book = books.book(found)
        assert [row[1] for row in book.rows] == [code]
        assert "其他区县" in "".join(value for _, value in book.notes)
        said.clear()


def test_who_sent_none_where_others_did_is_told_so_though_the_others_are_not_seen(reported, tmp_path, monkeypatch):
    home, rows = make_home(tmp_path / "home", ("2017-11",)), pl.DataFrame(view_of(reported, returns.PAGE, "2017-12").picture.returned)
    publish(home, "2017-12", returned=rows.filter(pl.col("district_code") != "980105"), findings=findings("2017-12"))
    found = of_one_district(monkeypatch, home, "980105")
    assert (found.returns, found.missing, found.month.state) == ([], ["980105"], "there")
    tally = found.month.tallies["980105"]
    assert (tally.received, tally.expected) == (0, 2)


def test_of_the_district_that_a_park_lies_in_no_return_is_expected_of_the_parks_reader(reported, monkeypatch):
    units = view_of(reported, returns.PAGE, "2017-11").picture.units.values()
    park = next(row["unit_code"] for row in units if row["unit_kind"] == "park")
    reader = Reader("a@b.example", "甲", "auditor", (Area("park", park),))
    monkeypatch.setattr(store.access, "reader", lambda home: reader)
    said = []
    monkeypatch.setattr("streamlit.html", said.append)
    returns.render(view_of(reported, returns.PAGE, "2017-11", reader=reader))
    assert len(said) == 1 and "本范围内没有完整的区县" in said[0]


def test_readers_of_figures_are_not_led_to_a_finding(reported):
    row = desk(reported).leads[0]
    for role, led in (("leader", False), ("administrator", False), ("analyst", True)):
        link = reporting.lead_link(view_of(reported, returns.PAGE, "2017-12", reader=Reader("a@b.example", "甲", role)), row)
        assert ("href" in link, row["fingerprint"] in link) == (led, led)
        assert desk(reported).view.words.rule(row["rule"]) in link


@pytest.mark.parametrize(("period", "key"), [("2016-12", None), ("2017-12", "returns")])
def test_a_release_without_returns_says_so(reported, period, key):
    assert (reporting.returns_of(view_of(reported, returns.PAGE, period).picture) is None) == (key is None)


def test_every_figure_says_what_it_is_compared_with(reported):
    for lang in ("zh", "en"):
        said = desks.definitions(view_of(reported, returns.PAGE, "2017-12", lang=lang))
        assert len(said) == len(FIGURES) + 1
        assert all(name and words for name, words in said)
    assert set(COUNTED) == set(FIGURES) - {"members"}


@pytest.mark.browser
def test_both_pages_open_quietly_with_the_releases_figures(visit, serve, reported):
    server, found = serve(reported), desk(reported)
    seen = visit(f"{server.url}/returns?period=2017-12", DESK)
    arrive(seen.page, "申报与核算")
    in_url(seen.page, "filed=enterprise", f"district={TOO_MANY[1]}", "item=covered")
    assert seen.page.locator('[data-returns="received"] .lx-value').inner_text().startswith("10/10")
    rows = rows_of(seen.page, "逐项对照")
    of = {row[0].split("\n")[0]: row for row in rows}
    for each in found.returns:
        row = of[desks.label(found.view, each)]
        there = "…" if each.place is None else f"{each.counted['covered']:,}"
        assert row[2].split("\n")[0] == f"{each.reported['covered']:,} / {there}"
        assert row[8] == str(each.line)
        assert ("◆ 超出允许范围" in row[0]) == bool(each.outside)
    assert FILE.format("2017-12").rsplit("/", 1)[1] in seen.page.get_by_text("都出自文件").inner_text()
    _fits(seen.page)
    seen.page.get_by_role("link", name="区县质量").click()
    arrive(seen.page, "区县质量")
    in_url(seen.page, "period=2017-12", "order=code")
    rows = {row[0]: row for row in rows_of(seen.page, "各区县一览")}
    assert rows["全市"][1].split("\n")[0] == "19/20"
    assert rows[cells.place_name(found.view, "district", MISSING[1])][1].split("\n")[0] == "◆ 1/2"
    assert rows[cells.place_name(found.view, "district", AT_ODDS[1])][5].split("\n")[0] == "◆ 1/2"
    _fits(seen.page)
    seen.page.get_by_role("link", name=cells.place_name(found.view, "district", MISSING[1]), exact=True).click()
    seen.page.locator('[data-quality="card_complete"][data-n="1"]').wait_for(timeout=60_000)
    arrive(seen.page, "区县质量")
    in_url(seen.page, f"district={MISSING[1]}")
    seen.page.get_by_text("补报：2017年12月 北泽区 社会组织").wait_for()
    seen.assert_quiet()


def _fits(page) -> None:
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        page.wait_for_timeout(300)
        main = "document.querySelector('[data-testid=stMain]')"
        assert page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 0, size
    assert page.locator("[data-testid=stException]").count() == 0


def test_the_band_is_drawn_as_the_rule_has_it():
    assert [float(permitted(counted)) for counted in (0, 59, 60, 61, 200)] == [3, 3, 3, 3.05, 10]
