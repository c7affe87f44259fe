"""What comes first: sources by their order, targets by day and need, the list on which most have waited."""

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


def test_targets_stand_by_their_day_and_then_by_what_they_lack():
    asked = [("2017-11", 90), ("2018-12", 5), ("2017-12", 1), ("2018-12", 50)]
    found = sorted(asked, key=lambda each: what_next.by_need(*each, PERIOD))
    assert found == [("2017-12", 1), ("2018-12", 50), ("2018-12", 5), ("2017-11", 90)]
