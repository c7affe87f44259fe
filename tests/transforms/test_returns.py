"""What districts report beside what the ledgers count: one by one, with the band of the rule, and never added up in silence."""

from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.rules import returns as rules
from transforms.returns import FIGURES, beside, by_difference, counted, joined, permitted, shared, total, unreported

# metric -> numerator and denominator of district 1, enterprises.
LEDGERS = {"org_coverage": (60, 100), "resident_coverage": (50, 100), "single_rate": (20, 100), "work_coverage": (70, 100)}


def find(metric, sector, district):
    return LEDGERS[metric] if (sector, district) == ("enterprise", "1") else (None, None)


def row(code, covered=60, leads_to="=", sector="enterprise", line=2, **figures):
    known = {"units": 100, "covered": covered, "single": 20, "joint": 30, "dispatched": 10, "work_covered": 70, "members": 200} | figures
    return {
        "district_code": code,
        "sector": sector,
        "leads_to": code if leads_to == "=" else leads_to,
        "path": "a.xlsx",
        "line": line,
    } | known


def test_six_of_the_seven_figures_have_a_counterpart_in_the_ledgers():
    assert counted(find, "enterprise", "1") == {
        "units": 100, "covered": 60, "single": 20, "joint": 30, "dispatched": 10, "work_covered": 70
    }  # fmt: skip
    assert set(counted(find, "enterprise", "2").values()) == {None}


def test_differences_are_reported_less_counted_and_shares_are_exact():
    (found,) = beside([row("1", covered=67, single=0)], find)
    assert [found.difference(name) for name in FIGURES] == [0, 7, -20, 0, 0, 0, None]
    assert found.share("covered") == Fraction(7, 60)
    assert (found.outside, found.own_code) == (True, True)


@pytest.mark.parametrize(("leads_to", "listed"), [(None, False), ("000000", True)])
def test_a_code_that_leads_nowhere_is_compared_with_nothing(leads_to, listed):
    (found,) = beside([row("9", leads_to=leads_to)], find)
    assert (found.place, found.listed, found.outside, found.difference("covered")) == (None, listed, None, None)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_band_is_that_of_the_rule(reported, there):
    month = SimpleNamespace(
        returns=[row("1", covered=reported)], valid={"1": "1"}, figures={("org_coverage", "enterprise", "district", "1"): (there, 1000)}
    )
    (found,) = beside(month.returns, lambda *_: (there, 1000))
    assert found.outside == bool(list(rules.return_differs(month)))
    assert found.outside == (abs(reported - there) > permitted(there))


def test_dots_go_from_over_to_under_reported_and_leave_out_what_cannot_be_compared():
    found = beside([row("1", covered=55), row("9", leads_to=None), row("0", covered=64, leads_to="1"), row("2")], find)
    assert [(each.code, each.difference("covered")) for each in by_difference(found)] == [("0", 4), ("1", -5)]


def test_a_district_that_reported_under_an_earlier_code_alone_has_not_reported():
    found = beside([row("0", leads_to="1"), row("2", sector="social_org")], find)
    assert unreported(found, ["1", "2"], "enterprise") == ["1", "2"]
    assert unreported(found, ["1", "2"], "social_org") == ["1"]


def test_codes_that_lead_to_one_district_are_named_and_not_added_up():
    found = beside([row("1", covered=60), row("0", covered=5, leads_to="1"), row("2", covered=7)], find)
    assert shared(found) == {("1", "enterprise"): ["0", "1"]}
    assert total(found, ["1", "2"], "enterprise")["covered"] == 67
    assert shared(found[:1]) == {}


def test_the_city_is_added_up_only_where_every_district_reported():
    found = beside([row("1"), row("9", leads_to=None)], find)
    assert total(found, ["1"], "enterprise") == {name: found[0].reported[name] for name in FIGURES}
    assert total(found, ["1", "2"], "enterprise") is None
    assert total(found, [], "enterprise") is None


def test_districts_that_merged_are_added_up_for_the_months_before():
    found = beside([row("1", covered=60), row("2", covered=5)], lambda *_: (10, 20))
    reported, there = joined(found, ["1", "2"], "enterprise")
    assert (reported["covered"], there["covered"], there["joint"]) == (65, 20, 0)
    assert joined(found, ["1", "3"], "enterprise") is None
    assert joined(beside([row("1"), row("2")], find), ["1", "2"], "enterprise")[1]["covered"] is None
