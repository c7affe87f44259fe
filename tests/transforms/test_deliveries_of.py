"""Whether a figure has a pace: each source that its numerator counts came at least twice within the months of it."""

import pytest

from transforms.deliveries_of import counted_from, leaping

NOW = {"period": "2017-12", "looked_back": {"2016-12": "r01", "2017-10": "r02", "2017-11": "r01"}}
PARK = {"2017-10": {"park": "2016-12"}, "2017-11": {"park": "2016-12"}}


def look(carried=None, missing=None):
    """The releases of the months before."""
    return lambda period, _: {"period": period, "carried": (carried or {}).get(period, {}), "missing": (missing or {}).get(period, [])}


def found(metric, carried, missing=None, sector="all"):
    now = NOW | {"carried": carried.get("2017-12", {}), "missing": (missing or {}).get("2017-12", [])}
    return leaping(metric, "corroborated", sector, now, look(carried, missing))


def test_an_annual_list_that_came_once_is_no_pace_of_what_it_counts():
    assert found("centre_rate", PARK) == "park"
    assert found("centre_rate", PARK | {"2017-12": {"park": "2016-12"}}) == "park"
    assert found("centre_rate", {}) is None
    # Units lie in parks of that list; it does not count them.
    assert found("org_coverage", PARK) is None


@pytest.mark.parametrize(
    ("carried", "why"),
    [
        ({}, None),
        ({"2017-11": {"tax": "2017-10"}}, None),  # both ends were delivered
        ({"2017-12": {"tax": "2017-11"}}, None),  # two of three were
        ({"2017-10": {"tax": "2017-09"}}, None),
        ({"2017-11": {"tax": "2017-10"}, "2017-12": {"tax": "2017-10"}}, "tax"),
        ({"2017-10": {"tax": "2017-09"}, "2017-11": {"tax": "2017-09"}}, "tax"),
        ({"2017-10": {"tax": "2017-09"}, "2017-12": {"tax": "2017-11"}}, "tax"),
        ({"2017-11": {"survey": "2017-06"}, "2017-12": {"survey": "2017-06"}}, None),  # it counts no coverage
    ],
)
def test_a_monthly_source_has_to_come_twice(carried, why):
    assert found("org_coverage", carried) == why


def test_a_source_that_was_missing_did_not_come():
    assert found("work_coverage", {}, {"2017-10": ["mass_org"]}) is None
    assert found("work_coverage", {}, {"2017-10": ["mass_org"], "2017-11": ["mass_org"]}) == "mass_org"


def test_of_a_sector_only_its_own_register_counts():
    late = {"2017-11": {"social_org": "2017-10"}, "2017-12": {"social_org": "2017-10"}}
    assert [found("org_coverage", late, sector=sector) for sector in ("all", "social_org", "enterprise")] == ["social_org"] * 2 + [None]


def test_where_the_months_can_not_be_told_nothing_is_denied():
    assert leaping("centre_rate", "corroborated", "all", {"period": "2017-12"}, look(PARK)) is None
    assert leaping("centre_rate", "corroborated", "all", NOW, lambda *_: None) is None


def test_money_is_counted_from_its_own_list_and_an_unknown_metric_from_none():
    assert counted_from("activity_funding", "corroborated", "all") == {"funding"}
    assert counted_from("of_a_later_program", "corroborated", "all") == frozenset()
    assert {"tax", "social_insurance"} & counted_from("org_coverage", "registered", "all") == set()
