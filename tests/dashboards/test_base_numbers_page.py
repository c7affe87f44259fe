"""底数核验: the cells add up to the registered, each list is as long as its cell, and what is missing stays unknown."""

from fractions import Fraction

import polars as pl
import pytest

from dashboards import charts, registers, store, unregistered
from dashboards.registers import CELLS, Base
from tests.browser import DESK
from tests.dashboards.releases_fixture import PERIODS, expected
from tests.dashboards.test_browser import WAIT, arrive, in_url, rows_of


@pytest.mark.parametrize("period", PERIODS)
def test_the_cells_add_up_and_their_lists_are_as_long(example_home, period):
    picture = store.picture(example_home, period, "r01")
    census = picture.census().collect().lazy()
    rows = expected("base_numbers").filter(pl.col("period") == period).to_dicts()
    for row in rows:
        base = Base(picture.base_numbers(row["unit_kind"], row["unit_code"]))
        assert sum(base.cells.values()) == row["registered"]
        assert base.cells["registered_only"] == row["registered"] - row["corroborated"]
        listed = {name: registers.units(census, row["unit_kind"], row["unit_code"], name) for name in CELLS}
        assert {name: found.height for name, found in listed.items()} == base.cells, row["unit_code"]


def row(**numbers) -> Base:
    plain = {"registered": 100, "taxpayers": 60, "insured": 50, "both_lists": 40, "corroborated": 70, "verified": 40, "estimate": 74.5}
    return Base(plain | numbers)


def test_the_measured_rate_beside_the_assumed_one():
    assert row().cells == {"both": 40, "tax_only": 20, "insured_only": 10, "registered_only": 30}
    assert row().beside(Fraction(1, 10)) == Fraction(6, 10)
    assert row().on_neither == pytest.approx(4.5)


def test_what_rests_on_a_missing_list_is_unknown():
    lacking = row(insured=None, both_lists=None, corroborated=None, verified=None, estimate=None)
    assert set(lacking.cells.values()) == {None}
    assert (lacking.measured.exact, lacking.verified.exact, lacking.on_neither) == (None, None, None)
    assert lacking.measured.denominator == 100
    nobody = row(registered=0, taxpayers=0, insured=0, both_lists=0, corroborated=0)
    assert nobody.measured.reason == "no_denominator"
    assert sum(nobody.cells.values()) == 0


def test_the_picture_says_who_is_in_which_list_by_its_dots():
    cells = [charts.Cell("both", "both", (True, True), 4, "4"), charts.Cell("one", "one", (True, False), 0, "0")]
    drawn = charts.memberships(["a", "b"], cells, "one")
    assert drawn["data"][1]["marker"]["symbol"] == ["circle", "circle", "circle", "circle-open"]
    assert drawn["data"][0]["x"] == [4, 0]
    ends = [(line["x0"], line["x1"]) for line in drawn["layout"]["shapes"]]
    assert ends[0][0] < ends[0][1] and ends[1][0] == ends[1][1]


def test_an_estimate_carries_its_band():
    from data.words import Words

    trend = charts.Trend("estimate", [10.0, None], ["10", "…"], [8.0, None], [13.0, None])
    error = charts.trends(Words("zh"), ["2017-11", "2017-12"], [trend])["data"][0]["error_y"]
    assert (error["array"], error["arrayminus"]) == ([3.0, 0], [2.0, 0])


@pytest.mark.browser
def test_a_click_on_a_cell_lists_its_units(visit, server):
    seen = visit(f"{server.url}/base_numbers?period=2017-12&unit=district-980105", DESK)
    arrive(seen.page, "底数核验")
    base = Base(expected("base_numbers").filter((pl.col("unit_code") == "980105") & (pl.col("period") == "2017-12")).to_dicts()[0])
    assert f"{base.row['corroborated']}/{base.row['registered']}" in seen.page.locator('[data-base="measured"]').inner_text()
    picture = seen.page.locator(".js-plotly-plot").first
    picture.scroll_into_view_if_needed()
    seen.page.wait_for_timeout(1000)
    box = picture.bounding_box()
    seen.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.9)
    in_url(seen.page, "cell=registered_only")
    seen.page.locator('[role=region][aria-label="只有登记"]').wait_for(timeout=WAIT)
    assert len(rows_of(seen.page, "只有登记")) == base.cells["registered_only"]
    assert "不排名" in seen.page.locator("body").inner_text()
    seen.assert_quiet()


def test_units_in_no_register_are_counted_from_the_findings_once_each(example_home):
    picture = store.picture(example_home, "2017-12", "r01")
    found = unregistered.unregistered(picture, "city", picture.city)
    rows = expected("findings").filter((pl.col("period") == "2017-12") & pl.col("rule").is_in(list(unregistered.RULES.values())))
    assert sum(found.sizes.values()) == rows["subject"].n_unique() == found.rows.height > 0
    for name, rule in unregistered.RULES.items():
        assert found.rows[name].sum() == rows.filter(pl.col("rule") == rule).height
    places = [unregistered.unregistered(picture, kind, code) for kind, code in picture.units if kind == "district"]
    assert sum(each.rows.height for each in places) == found.rows.height


def test_where_the_rules_were_not_run_no_number_stands(example_home, monkeypatch):
    picture = store.picture(example_home, "2017-12", "r01")
    monkeypatch.setitem(picture.__dict__, "ran", picture.ran - {"insured_unregistered"})
    found = unregistered.unregistered(picture, "city", picture.city)
    assert (found.why, set(found.sizes.values())) == ("not_run", {None})
