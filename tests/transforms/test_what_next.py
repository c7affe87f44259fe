"""What comes first: sources by their order, targets by day and need, the list on which most have waited."""

from types import SimpleNamespace

import polars as pl
import pytest

from transforms import what_next
from transforms.what_next import Listed

PERIOD = "2017-12"


def rows(*found: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(found, schema=["list", "since"], orient="row")


@pytest.mark.parametrize(
    ("on", "listed"),
    [
        ((), None),
        ((("large50_no_member", "2017-12"),), Listed("large50_no_member", 1, 0)),
        # Half a year to the month is long; more that wait long come before more that are on the list.
        ((("large50_no_member", "2017-06"), *[("large100_no_org", "2017-07")] * 3), Listed("large50_no_member", 1, 1)),
        ((*[("large100_no_org", "2017-07")] * 3, ("large50_no_member", "2017-07")), Listed("large100_no_org", 3, 0)),
        ((("of_a_later_version", "2016-12"),), None),
    ],
)
def test_the_list_on_which_most_have_waited(on, listed):
    assert what_next.longest(rows(*on), PERIOD) == listed


def test_without_lists_there_is_none():
    assert what_next.longest(None, PERIOD) is None


def aimed(missing: int | None, code: str = "980101", kind: str = "district", due: str = "2018-06", metric: str = "org_coverage"):
    row = {"due": due, "metric": metric, "sector": "all", "unit_kind": kind, "unit_code": code, "target": 0.8}
    return SimpleNamespace(row=row, standing=SimpleNamespace(missing=missing))


def test_a_target_of_many_places_is_one_and_none_of_it_is_added_up_where_a_place_has_no_figure():
    whole = [aimed(5), aimed(0, "980102"), aimed(7, "980103")]
    (asked,) = what_next.targets(whole, PERIOD)
    assert (asked.lacks, len(asked.places)) == (12, 3)
    lacking = [aimed(90, due="2018-03"), aimed(None, "980102", due="2018-03")]
    found = what_next.targets([*lacking, *whole, aimed(0, "980100", "city")], PERIOD)
    assert [(each.key[0], each.lacks) for each in found] == [("2018-06", 12), ("2018-03", None)]


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({}, True),
        ({"unit_kind": "park", "unit_code": "P01"}, True),
        ({"unit_kind": "zone", "unit_code": "in_park"}, False),
        ({"unit_code": "000000"}, False),
        ({"metric": "of_a_later_version"}, False),
    ],
)
def test_who_can_be_asked_to_reach_a_target(changed, asked):
    assert what_next.is_asked_for(aimed(1).row | changed) is asked


def test_targets_stand_by_their_day_and_then_by_what_they_lack():
    asked = [("2017-11", 90), ("2018-12", 5), ("2017-12", 1), ("2018-12", 50)]
    found = sorted(asked, key=lambda each: what_next.by_need(*each, PERIOD))
    assert found == [("2017-12", 1), ("2018-12", 50), ("2018-12", 5), ("2017-11", 90)]
