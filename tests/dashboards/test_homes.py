"""The first page: small pictures that say what stands beside them, who is behind and who moved, what next, and whose home is whose."""

import re
from base64 import b64decode
from copy import copy
from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import access, addresses, comparison, offered, quality_desk
from dashboards.homes import analyst, drawn, links, standing, steps, why
from dashboards.homes.drawn import Row
from dashboards.screens import overview, quality
from dashboards.store import UNKNOWN
from data.access import ROLES, Area, Reader
from data.figures import ABSENT, Figure
from tests.dashboards.views import view_of
from transforms import look_at
from transforms.compare import Place, ranked
from transforms.growth import Rise
from transforms.measures.doubling import LEGS

LINE = Figure(500, 1000, 0.5)
CITY = (Area("city"),)


def place(code: str, n: int, d: int, before: tuple[int, int] | None = None) -> Place:
    old = Figure(*before, before[0] / before[1]) if before else ABSENT
    return Place(code, code, None, Figure(n, d, n / d), old)


def in_order(*places: Place) -> list[Place]:
    return ranked(list(places), "up", 20)


def path_of(image: str) -> str:
    drawing = b64decode(re.search(r"base64,([^\"]+)", image)[1]).decode()
    return re.search(r'd="([^"]*)"', drawing)[1]


def test_a_gap_in_a_small_line_is_a_gap():
    half, third = Fraction(1, 2), Fraction(1, 3)
    assert path_of(drawn.spark([third, half, None, half, half], "")).count("M") == 2
    assert path_of(drawn.spark([third, half, half], "")).count("M") == 1
    assert drawn.spark([None, half], "") == ""


def test_what_is_said_of_a_small_line_is_text():
    assert 'alt="&quot;&gt;&lt;b&gt;"' in drawn.spark([Fraction(1), Fraction(2)], '"><b>')


@settings(max_examples=30)
@given(st.lists(st.fractions(0, 1), min_size=2, max_size=13))
def test_a_small_line_stays_in_its_frame(values):
    points = re.findall(r"([\d.]+) ([\d.]+)", path_of(drawn.spark(values, "")))
    assert len(points) == len(values)
    assert all(0 <= float(x) <= drawn.WIDE and 0 <= float(y) <= drawn.HIGH for x, y in points)
    highest = max(range(len(values)), key=values.__getitem__)
    assert float(points[highest][1]) == min(float(y) for _, y in points)


def test_a_ledgers_bars_are_shares_of_the_longest():
    made = drawn.ledger("x", [Row("a", "100", 0, 100, "total"), Row("b", "+100", 100, 100, "plus"), Row("c", "200", 0, 200, "total")])
    assert re.findall(r"margin-left:([\d.]+)%;width:([\d.]+)%", made) == [("0.00", "50.00"), ("50.00", "50.00"), ("0.00", "100.00")]
    assert drawn.ledger("x", [Row("a", "0", 0, 0, "total")]).count("width:0.00%") == 1


def test_behind_beyond_chance_stands_before_what_may_be_chance():
    found = in_order(place("near", 9, 20), place("far", 300, 1000), place("above", 60, 100), place("small", 1, 10), place("000000", 0, 50))
    assert [(each.code, surely) for each, surely in look_at.lagging(found, LINE, "up")] == [("far", True), ("near", False)]
    assert [each.code for each, _ in look_at.lagging(found, LINE, "down")] == ["above"]
    assert look_at.lagging(found, ABSENT, "up") == []


def test_a_reader_of_one_district_has_no_ranks_and_still_sees_who_is_behind_and_what_moved():
    found = ranked([place("a", 30, 100, (20, 100))], "up", 20, whole=False)
    assert found[0].rank is None
    assert [(each.code, surely) for each, surely in look_at.lagging(found, LINE, "up")] == [("a", True)]
    assert [each.change for each in look_at.movers(found)] == [Fraction(1, 10)]


def test_movers_from_the_largest_rise_to_the_largest_fall():
    found = in_order(
        place("up", 60, 100, (20, 100)), place("down", 40, 100, (50, 100)), place("still", 50, 100, (50, 100)), place("new", 50, 100)
    )
    assert [each.code for each in look_at.movers(found)] == ["up", "still", "down"]


def test_outliers_by_what_their_size_allows():
    found = in_order(place("a", 58, 100), place("b", 580, 1000), place("c", 650, 1000), place("d", 3, 20), place("e", 0, 5))
    assert [(each.place.code, each.level, each.above) for each in look_at.outliers(found, LINE)] == [
        ("c", "outer", True),
        ("b", "outer", True),
        ("d", "outer", False),
    ]
    assert look_at.outliers(found, Figure(1, 1, 1.0)) == []


def test_a_rank_band_moves_only_where_both_its_ends_do():
    now = in_order(place("a", 900, 1000, (100, 1000)), place("b", 500, 1000, (500, 1000)), place("c", 100, 1000, (900, 1000)))
    moved = look_at.rank_moves(now, "up", 20, True)
    assert [(old.band, new.band, new.code) for old, new in moved] == [((3, 3), (1, 1), "a"), ((1, 1), (3, 3), "c")]
    assert look_at.shift(*moved[0]) > 0 > look_at.shift(*moved[1])
    close = in_order(place("a", 51, 100, (50, 100)), place("b", 50, 100, (51, 100)))
    assert look_at.rank_moves(close, "up", 20, True) == []


def test_the_ledger_of_the_first_page_adds_up(example_home):
    view = view_of(example_home, overview.PAGE, "2017-12")
    rows = why.rows(view, Rise(view.picture.legs[("org_coverage", "city", view.picture.city)]))
    at = rows[0].size
    for row in rows[1:-1]:
        assert row.start == (at if row.look == "plus" else at - row.size)
        at += row.size if row.look == "plus" else -row.size
    assert at == rows[-1].size
    assert all("figure?code=" in row.number for row in rows)


@pytest.mark.parametrize("sector", why.LEGS)
def test_the_way_to_the_ledger_names_the_pair_that_its_leg_belongs_to(sector):
    chosen = why.ledger_of(sector)
    assert any((leg.pair, leg.name) == (chosen["pair"], chosen["leg"]) and leg.sector == sector for leg in LEGS)


def test_the_ways_on_keep_what_is_chosen(example_home, monkeypatch):
    said = []
    monkeypatch.setattr("streamlit.html", said.append)
    view = view_of(example_home, overview.PAGE, "2017-12", sector="enterprise", basis="verified", metric="work_coverage")
    analyst._spread(view, {})
    analyst._spread(view, {"work_coverage": comparison.places(view, "district", None)})
    links_on = re.findall(r'href="([^"]*)"', said[-1])
    assert len(links_on) > 5
    assert all("sector=enterprise" in each and "basis=verified" in each and "metric=work_coverage" in each for each in links_on)
    assert any(each.startswith("doubling?") and "pair=sectors" in each and "leg=enterprise" in each for each in links_on)


def test_with_one_sector_its_objects_have_no_parts_and_members_are_said_to_be_of_both(example_home):
    both, one = (standing._strip(view_of(example_home, overview.PAGE, "2017-12", sector=sector), None) for sector in ("all", "enterprise"))
    assert "社会组织" in both and "两新合计" not in both
    assert "社会组织" not in one and "两新合计" in one


def test_neither_the_city_nor_an_unknown_district_has_a_page_of_its_own(example_home):
    view = view_of(example_home, overview.PAGE, "2017-12")
    assert 'href="place?unit=district-980102' in links.place_link(view, "district", "980102", "x")
    assert "href" not in links.place_link(view, "district", UNKNOWN, "x")
    assert "href" not in links.place_link(view, "city", view.picture.city, "x")


def test_of_an_unknown_district_no_target_is_asked(example_home):
    view = view_of(example_home, overview.PAGE, "2017-12")
    rows = view.picture.targets.filter(pl.col("unit_kind") == "district")
    extra = rows.head(1).with_columns(unit_code=pl.lit(UNKNOWN), value=pl.lit(0.0), units_missing=pl.lit(10, dtype=pl.Int64))
    told = [[step.said for step in steps._targets(with_targets(view, each))] for each in (rows, pl.concat([rows, extra]))]
    assert told[0] == told[1] != []


def test_a_target_of_districts_of_which_one_has_no_figure_is_not_asked_for_nor_one_of_a_zone(example_home):
    """As in the briefings: what the others lack would look like what all do."""
    view = view_of(example_home, overview.PAGE, "2017-12")
    rows = view.picture.targets.filter((pl.col("unit_kind") == "district") & (pl.col("unit_code") != UNKNOWN))
    first = pl.col("unit_code") == rows["unit_code"][0]
    lacking = rows.with_columns(pl.when(~first).then(pl.col(name)).alias(name) for name in ("value", "units_missing"))
    assert [*steps._targets(with_targets(view, rows))] and not [*steps._targets(with_targets(view, lacking))]
    zones = rows.head(1).with_columns(unit_kind=pl.lit("zone"), unit_code=pl.lit("in_park"))
    assert not [*steps._targets(with_targets(view, zones))]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_next_step_has_its_number_and_a_way(example_home, lang):
    found = steps.steps(view_of(example_home, overview.PAGE, "2017-12", lang=lang), None)
    assert 1 <= len(found) <= steps.AT_MOST
    for step in found:
        assert re.search(r"\d", step.said)
        assert step.page in addresses.PAGES


def test_what_is_missing_from_the_deliveries_is_asked_for_first(example_home):
    view = view_of(example_home, overview.PAGE, "2017-12")
    manifest = {"missing": ["tax"], "carried": {"member": "2017-11", "park": "2017-06"}}
    parts = {"manifest": manifest, "period": "2017-12", "targets": None, "worklist": None, "weak_orgs": None}
    said = steps.steps(replace(view, picture=type("Picture", (), parts)()), None)
    assert [step.page for step in said] == ["deliveries"]
    asked = [name for name in ("tax", "member", "park") if view.words.source(name) in said[0].said]
    assert asked == ["tax", "member"], "a list that comes once a year is not asked for each month"


def test_each_role_has_its_home_and_a_leader_no_other():
    assert overview.OFFERED.keys() == {*ROLES, "local"}
    assert overview.OFFERED["leader"] == overview.OFFERED["administrator"] == ("leader",)
    assert overview.OFFERED["analyst"][0] == "analyst" and "auditor" not in overview.OFFERED["analyst"]
    assert overview.OFFERED["auditor"][0] == "auditor" and "analyst" not in overview.OFFERED["auditor"]
    assert set(overview.OFFERED["local"]) == overview.HOMES.keys()


AREAS = ((Area("city"),), (Area("district", "980102"),))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("areas", AREAS, ids=("city", "district"))
def test_a_home_is_whole_for_every_role_and_area(example_home, monkeypatch, role, areas):
    """What a reader may not see is not there at all; nothing of a home may hang on its being there."""
    reader = Reader("a@b", "A", role, areas)
    monkeypatch.setattr(access, "reader", lambda home: reader)
    said = []
    monkeypatch.setattr("streamlit.html", said.append)
    view = view_of(example_home, overview.PAGE, "2017-12", reader=reader)
    for name in overview.OFFERED[role]:
        said.clear()
        monkeypatch.setattr(overview, "_home", lambda view, name=name: name)
        overview.render(view)
        shown = "".join(said)
        assert shown.count('class="lx-h2"') >= 2
        assert reader.whole or "unit=district-980102" in shown  # their own place, one click away


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_led_to_a_page_that_they_may_not_open(example_home, monkeypatch, role):
    """The session's own pages hold every address, so that a link of a colleague's is answered; they say nothing of who may open it."""
    monkeypatch.setattr("streamlit.session_state", {"pages": dict.fromkeys(addresses.PAGES)})
    reader = Reader("a@b", "A", role, CITY)
    view = view_of(example_home, overview.PAGE, "2017-12", reader=reader)
    for page in ("worklist", "findings", "weak_orgs", "unit"):
        assert ("href" in offered.way(view, page, "x")) == reader.sees_units, page
    assert ("href" in offered.way(view, "audit_log", "x")) == reader.watches
    assert "href" in offered.way(view, "districts", "x")
    desk = view_of(example_home, quality.PAGE, "2017-12", reader=reader)
    assert ("href" in quality_desk.findings_link(desk, "3", "980102")) == reader.sees_units
    said = []
    monkeypatch.setattr("streamlit.html", said.append)
    steps.render(view, None)
    shown = "".join(said)
    assert view.words("overview.to_targets") in shown
    assert (view.words("overview.to_list") in shown) == ("worklist?" in shown) == reader.sees_units


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_target_that_is_still_to_come_stands_before_one_that_is_overdue(example_home, lang):
    """What was missed long ago stays missed, and must not take the place of what can still be reached."""
    view = view_of(example_home, overview.PAGE, "2017-12", lang=lang)
    said = [step.said for step in steps.steps(view, None) if step.page == "targets"]
    passed, coming = view.words.month("2017-11"), view.words.month("2018-12")
    dues = set(view.picture.targets["due"])
    assert min(dues) < "2017-12" < max(dues), "the example holds both"
    assert not any(passed in each for each in said[:1]), said
    only_late = view.picture.targets.filter(pl.col("due") == "2017-11")
    late = [step.said for step in steps._targets(with_targets(view, only_late))]
    assert late and all(passed in each and ("已逾期" if lang == "zh" else "overdue") in each for each in late)
    assert coming not in late[0]


def with_targets(view, rows):
    picture = copy(view.picture)
    picture.__dict__["targets"] = rows
    return replace(view, picture=picture)


def test_who_reads_a_part_of_the_city_is_told_nothing_of_ranks_by_basis(example_home, monkeypatch):
    for areas, told in ((CITY, True), ((Area("district", "980102"),), False)):
        said = []
        monkeypatch.setattr("streamlit.html", said.append)
        view = view_of(example_home, overview.PAGE, "2017-12", reader=Reader("a@b", "A", "analyst", areas))
        analyst._bases(view)
        assert (view.words("overview.bases_said", metric=view.words.metric(view.metric)) in "".join(said)) == told
