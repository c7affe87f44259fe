"""The first page: small pictures that say what stands beside them, who is behind and who moved, what next, and whose home is whose."""

import re
from base64 import b64decode
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import access, addresses
from dashboards.compare import Place, ranked
from dashboards.growth import Rise
from dashboards.homes import drawn, look_at, steps, why
from dashboards.homes.drawn import Row
from dashboards.screens import overview
from dashboards.show import ABSENT, Figure
from data.access import ROLES, Area, Reader
from tests.dashboards.views import view_of

LINE = Figure(500, 1000, 0.5)


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
    assert [(each.code, surely) for each, surely in look_at.behind(found, LINE, "up")] == [("far", True), ("near", False)]
    assert [each.code for each, _ in look_at.behind(found, LINE, "down")] == ["above"]
    assert look_at.behind(found, ABSENT, "up") == []


def test_a_reader_of_one_district_has_no_ranks_and_still_sees_who_is_behind_and_what_moved():
    found = ranked([place("a", 30, 100, (20, 100))], "up", 20, whole=False)
    assert found[0].rank is None
    assert [(each.code, surely) for each, surely in look_at.behind(found, LINE, "up")] == [("a", True)]
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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_next_step_has_its_number_and_a_way(example_home, lang):
    found = steps.steps(view_of(example_home, overview.PAGE, "2017-12", lang=lang), None)
    assert 1 <= len(found) <= steps.AT_MOST
    for step in found:
        assert re.search(r"\d", step.said)
        assert step.page in addresses.PAGES


def test_what_is_missing_from_the_deliveries_is_asked_for_first(example_home):
    view = view_of(example_home, overview.PAGE, "2017-12")
    picture = type("Picture", (), {"manifest": {"missing": ["tax"]}, "targets": None, "worklist": None, "weak_orgs": None})()
    said = steps.steps(replace(view, picture=picture), None)
    assert [step.page for step in said] == ["deliveries"]
    assert view.words.source("tax") in said[0].said


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
