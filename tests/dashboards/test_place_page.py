"""一区一策、一园一策: what stands on the page of a place is what the release has, and what is next follows from it."""

import io

import fastexcel
import polars as pl
import pytest

from dashboards import export, lists, store, unit_choice
from dashboards.grid import Known, Linked, html
from dashboards.places import book as place_book
from dashboards.places import desk as place_desk
from dashboards.places import grids as place_grids
from dashboards.places import sure as place_sure
from dashboards.places import tasks as place_tasks
from dashboards.places import todo as place_todo
from dashboards.places.desk import Spot, short_of
from dashboards.screens import place
from dashboards.unit_choice import Chosen
from data.access import Area, Reader
from data.figures import Figure
from tests.browser import DESK, PHONE
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.test_browser import arrive, in_url, rows_of
from tests.dashboards.views import view_of
from transforms import show

LEADER = Reader("a@b.example", "甲", "leader", (Area("city"),))
# In December 2017 the example has no list of parks: theirs are looked at a month earlier.
PLACES = [("district", "980102", "2017-12"), ("district", "980110", "2017-12"), ("district", "000000", "2017-12")]
PLACES += [("district", "980104", "2017-11"), ("park", "P98-01", "2017-11"), ("park", "P98-03", "2017-10")]


def spot_of(home, kind: str, code: str, period: str = "2017-12", **choices) -> Spot:
    view = view_of(home, place.PAGE, period, **choices)
    return Spot(view, Chosen(kind, code, view.picture.units[kind, code]["name"]))


def published(period: str, kind: str, code: str, metric: str, sector: str = "all", basis: str = "corroborated") -> Figure:
    wanted = {"period": period, "unit_kind": kind, "unit_code": code, "metric": metric, "sector": sector, "basis": basis}
    row = expected("metrics").filter([pl.col(name) == value for name, value in wanted.items()]).to_dicts()[0]
    return Figure(row["numerator"], row["denominator"], row["value"], row["reason"])


@pytest.mark.parametrize(("kind", "code", "period"), PLACES)
def test_every_place_has_the_releases_lists_and_figures(example_home, kind, code, period):
    spot = spot_of(example_home, kind, code, period)
    rows = expected("worklist").filter((pl.col("period") == period) & (pl.col(f"{kind}_code") == code))
    assert {name: desk.now.height for name, desk in spot.lists.items()} == {name: rows.filter(list=name).height for name in spot.lists}
    weak = expected("weak_orgs").filter((pl.col("period") == period) & (pl.col(f"{kind}_code") == code))
    assert spot.weak.height == weak.height
    assert spot.figure("org_coverage") == published(period, kind, code, "org_coverage")
    sizes = place_grids.sizes(spot)
    parts = [row for row, mark in zip(sizes.rows, sizes.marks, strict=True) if mark == ""]
    covered = sum(row[3].numerator for row in parts)
    assert (covered, sum(row[2] for row in parts)) == (spot.figure("org_coverage").numerator, spot.figure("org_coverage").denominator)


@pytest.mark.parametrize(("kind", "code", "period"), PLACES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_step_is_made_from_a_figure_and_has_its_list(example_home, kind, code, period, lang):
    spot = spot_of(example_home, kind, code, period, lang=lang)
    steps = place_tasks.next_steps(spot)
    assert len(steps) <= 5
    for step in steps:
        assert show.count(step.task.whole) in place_todo.sentence(spot, step)
        assert step.task.of is not None
        name = place_tasks.LISTS.get(step.task.name)
        if name:
            # The list that the step leads to has as many units as the step says.
            assert spot.lists[name].now.height == step.task.whole
            figure = published(period, kind, code, lists.METRIC[name])
            assert figure.denominator - figure.numerator == step.task.whole


def test_a_places_own_target_is_told_with_what_is_missing(example_home):
    rows = expected("targets").filter((pl.col("period") == "2017-12") & (pl.col("unit_kind") == "district")).to_dicts()
    assert rows
    for row in rows:
        spot = spot_of(example_home, "district", row["unit_code"])
        aim = next(
            aim for aim in spot.aims if (aim.card.name, aim.row["sector"], aim.row["due"]) == (row["metric"], row["sector"], row["due"])
        )
        assert aim.standing.missing == row["units_missing"]
        told = [
            goal.missing
            for goal in spot.goals
            if goal.own and (goal.metric, goal.sector, goal.due) == (row["metric"], row["sector"], row["due"])
        ]
        assert told == ([row["units_missing"]] if row["units_missing"] else [])
        assert len(place_todo.target_lines(spot)) >= len(spot.aims)


@pytest.mark.parametrize(
    ("n", "of", "target", "missing"), [(59, 100, 0.6, 1), (60, 100, 0.6, 0), (0, 7, 0.35, 3), (0, 20, 0.35, 7), (0, 0, 0.6, None)]
)
def test_what_is_missing_to_a_target_is_counted_exactly(n, of, target, missing):
    assert short_of(Figure(n, of, n / of if of else None), target) == missing


def test_a_year_ago_counts_the_districts_that_have_merged_since(example_home):
    spot = spot_of(example_home, "district", "980104")
    before = spot.year_ago
    codes = [code for kind, code in before.units if kind == "district" and spot._leads_to.get(code, code) == "980104"]
    then = [before.figure("org_coverage", "district", code, "all", "corroborated") for code in codes]
    found = spot.then(before, "org_coverage")
    assert (found.numerator, found.denominator) == (sum(each.numerator for each in then), sum(each.denominator for each in then))


def test_the_workbook_has_a_sheet_a_section(example_home):
    spot = spot_of(example_home, "district", "980102", "2017-11")
    read = fastexcel.read_excel(export.book_bytes(place_book.book(spot, place_tasks.next_steps(spot))))
    for name in (
        "目前水平",
        "下一步",
        "与目标的差距",
        "双翻番及台账",
        "所辖园区",
        "单位构成：类别和规模",
        "工作清单",
        "阵地、经费、人员",
        "底数可靠程度：三种口径",
        "说明",
        "口径",
        "版本",
    ):
        assert name in read.sheet_names
    rows = read.load_sheet("目前水平").to_polars().to_dicts()
    own = published("2017-11", "district", "980102", "org_coverage", "enterprise")
    first = next(row for row in rows if (row["指标"], row["类别"]) == ("组织覆盖率", "非公企业"))
    assert (first["分子 n"], first["分母 N"]) == (own.numerator, own.denominator)
    base = read.load_sheet("底数可靠程度：三种口径").to_polars().to_dicts()
    bases = [
        published("2017-11", "district", "980102", "org_coverage", basis=name).denominator
        for name in ("registered", "corroborated", "verified")
    ]
    assert [row["工作对象（家）"] for row in base] == bases


def test_a_leader_gets_counts_and_no_names_of_units_or_organisations(example_home):
    spot = spot_of(example_home, "district", "980102", reader=LEADER)
    assert place_grids.weak_named(spot) is None
    cells = [cell for make in place_book.GRIDS if (grid := make(spot)) for row in grid.rows for cell in row]
    assert not [cell for cell in cells if isinstance(cell, Linked) and cell.page in ("worklist", "findings", "weak_orgs", "unit")]
    assert any(isinstance(cell, Known) for cell in cells)
    steps = place_tasks.next_steps(spot)
    assert steps
    assert not any("worklist?" in place_todo._way(spot, step) for step in steps)


def test_a_reader_of_one_district_has_its_page_and_its_parks_pages_with_the_same_figures(example_home, monkeypatch):
    area = Reader("a@b.example", "甲", "leader", (Area("district", "980102"),))
    whole = spot_of(example_home, "district", "980102", "2017-11")
    by_city = [make(whole) for make in place_book.GRIDS[1:4]]
    monkeypatch.setattr(store.access, "reader", lambda home: area)
    spot = spot_of(example_home, "district", "980102", "2017-11", reader=area)
    offered = {(unit.kind, unit.code) for unit in unit_choice.all_units(spot.view) if place_desk.opens_all(spot.view, unit)}
    parks = {("park", row["unit_code"]) for row in whole.parks}
    assert offered == {("district", "980102"), *parks} and parks
    for make, theirs in zip(place_book.GRIDS[1:], by_city, strict=False):
        # But for the names in the first column: a park of another district's name has its code beside it, where that park is seen.
        plain = lambda grid: [[cell.shown if isinstance(cell, Linked) else cell for cell in row[1:]] for row in grid.rows]  # noqa: E731
        assert plain(make(spot)) == plain(theirs)
    assert place_book.book(spot, place_tasks.next_steps(spot)).more


def test_of_what_lies_above_a_readers_area_there_is_no_page(example_home, monkeypatch):
    view = view_of(example_home, place.PAGE, "2017-11")
    park, parent = next((row["unit_code"], row["parent_code"]) for row in view.picture.units.values() if row["unit_kind"] == "park")
    monkeypatch.setattr(store.access, "reader", lambda home: Reader("a@b.example", "甲", "auditor", (Area("park", park),)))
    view = view_of(example_home, place.PAGE, "2017-11")
    assert ("district", parent) in view.picture.units
    assert [unit.code for unit in unit_choice.all_units(view) if place_desk.opens_all(view, unit)] == [park]


def test_names_from_data_are_text(tmp_path):
    home = make_home(tmp_path / "home", ("2016-12",))
    units = expected("units").filter(pl.col("period") == "2017-11")
    hostile = "<img src=x onerror=alert(1)>=1+1"
    publish(home, "2017-11", units=units.with_columns(name=pl.when(pl.col("unit_kind") == "park").then(pl.lit(hostile)).otherwise("name")))
    spot = spot_of(home, "district", "980102", "2017-11")
    drawn = "".join(html(spot.view, cell) for row in place_grids.parks(spot).rows for cell in row)
    assert "<img" not in drawn and "&lt;img" in drawn
    read = fastexcel.read_excel(export.book_bytes(place_book.book(spot, [])))
    assert read.load_sheet("所辖园区").to_polars()["园区"][0].startswith("<img")


def test_a_place_without_a_baseline_or_lists_still_has_its_page(tmp_path):
    home = make_home(tmp_path / "home", ("2017-10",))
    for kind, code in (("district", "980102"), ("park", "P98-01")):
        spot = spot_of(home, kind, code, "2017-10")
        place_tasks.next_steps(spot)
        assert all(make(spot) is None or make(spot).rows is not None for make in place_book.GRIDS)
        assert io.BytesIO(export.book_bytes(place_book.book(spot, []))).getbuffer().nbytes > 0
    assert place_sure.bases(spot).rows


@pytest.mark.browser
def test_a_place_opens_from_its_link_and_fits_a_phone(visit, server):
    seen = visit(f"{server.url}/place?unit=district-980102&period=2017-12", DESK)
    arrive(seen.page, "一区（园）一策")
    in_url(seen.page, "unit=district-980102", "period=2017-12")
    figure = published("2017-12", "district", "980102", "org_coverage")
    told = seen.page.locator('[data-metric="org_coverage"]').inner_text()
    assert show.figure(figure) in told and show.n_of_n(figure) in told
    on_list = {row[0]: row[1] for row in rows_of(seen.page, "工作清单")}
    rows = expected("worklist").filter((pl.col("period") == "2017-12") & (pl.col("district_code") == "980102"))
    assert on_list["应单独组建未组建"] == str(rows.filter(list="due_single").height)
    for size in (DESK, PHONE):
        seen.page.set_viewport_size(size)
        seen.page.wait_for_timeout(300)
        main = "document.querySelector('[data-testid=stMain]')"
        assert seen.page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 0
    seen.page.goto(f"{server.url}/place?unit=park-XX&lang=en")
    arrive(seen.page, "One place")
    assert any("park-XX" in each for each in seen.page.locator("[data-testid=stAlert]").all_inner_texts())
    seen.assert_quiet()
