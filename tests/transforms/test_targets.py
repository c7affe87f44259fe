"""Targets: the gap, the whole units that are missing, the pace, and what a merged district did before."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts import tables
from data.home import Target
from pipelines.publishing import frame_of
from tests.cities import DISTRICTS, city, districts_of, same
from transforms.inputs import valid_codes
from transforms.measures.targets import Standing, followed, standings, targets
from transforms.measures.units import units

# The code of each listed district at the end of 2017.
VALID = valid_codes(districts_of(DISTRICTS), date(2017, 12, 31))
KEY = ("org_coverage", "all", "city", "000001")


def target(value: str = "0.8", due: str = "2018-06", metric: str = "org_coverage", kind: str = "city", code: str = "") -> Target:
    return Target(metric, "all", kind, code, due, Decimal(value), "文件")


def standing(wanted, now: Standing | dict, *before: tuple[str, Standing | None]) -> pl.DataFrame:
    inputs = city()
    figures = now if isinstance(now, dict) else {KEY: now}
    earlier = [(period, {KEY: figure} if figure else {}) for period, figure in before]
    wanted = wanted if isinstance(wanted, list) else [wanted]
    return frame_of(tables()["targets"], targets(inputs, wanted, units(inputs), figures, earlier))


def test_a_target_ahead():
    same(
        standing(target(), Standing(3, 7)),
        "due target value gap_points units_missing pace_needed pace_recent \n 2018-06 4/5 3/7 260/7 3 1/2 .",
    )


def test_a_target_reached():
    same(standing(target("0.4"), Standing(3, 7)), "gap_points units_missing pace_needed \n -20/7 0 0")


@pytest.mark.parametrize("due", ["2017-12", "2016-01"])
def test_a_target_whose_month_is_here_has_no_pace_left(due):
    same(standing(target(due=due), Standing(3, 7)), "units_missing pace_needed \n 3 .")


def test_a_figure_without_a_value_has_no_standing():
    empty = "value gap_points units_missing pace_needed pace_recent \n . . . . ."
    same(standing(target(), Standing(None, 7)), empty)
    same(standing(target(), Standing(0, 0)), empty)
    same(standing(target(), Standing(0, 7)), "value units_missing \n 0 6")


def test_the_decimal_is_the_one_that_was_written():
    # 0.07 of 100 is 7, though no double is 0.07.
    same(standing(target("0.07"), Standing(7, 100)), "gap_points units_missing \n 0 0")


@pytest.mark.parametrize(
    ("before", "pace"),
    [
        ((), "."),
        ((("2017-11", Standing(1, 7)),), "."),
        ((("2017-02", Standing(1, 7)), ("2017-11", Standing(9, 7))), "1/5"),  # ten months from first to last
        ((("2016-12", Standing(9, 9)), ("2017-10", Standing(5, 7)), ("2017-11", Standing(4, 7))), "-1"),
        ((("2017-10", Standing(1, 7)), ("2017-11", Standing(None, 7))), "."),
        ((("2017-10", Standing(0, 0)), ("2017-11", Standing(1, 7))), "."),
        ((("2017-10", None), ("2017-11", Standing(1, 7))), "."),
    ],
)
def test_the_recent_pace_is_of_the_last_three_published(before, pace):
    same(standing(target(), Standing(3, 7), *before), f"pace_recent \n {pace}")


def test_an_empty_code_means_every_unit_of_the_kind_and_a_unit_that_is_not_there_has_no_row():
    figures = {("org_coverage", "all", "district", code): Standing(1, 2) for code in ("980102", "980103", "000000", "980121")}
    every = standing(target(kind="district"), figures)
    assert set(every["unit_code"]) == {"980102", "980103", "000000"}
    assert standing([target(kind="district", code="980103")], figures)["unit_code"].to_list() == ["980103"]
    assert standing([target(kind="district", code="980121")], figures).is_empty()
    assert standing([target(), target()], Standing(1, 2)).height == 1


def test_only_the_default_basis_and_figures_without_one():
    row = ("2017-12", "verified", "city", "1", "all", "org_coverage", 1, 2, 0.5, None)
    rows = [row, ("2017-12", "-", "city", "1", "all", "centre_rate", 3, 4, 0.75, None)]
    assert standings(rows, "verified") == {
        ("org_coverage", "all", "city", "1"): Standing(1, 2),
        ("centre_rate", "all", "city", "1"): Standing(3, 4),
    }
    assert list(standings(rows, "registered")) == [("centre_rate", "all", "city", "1")]


def test_what_merged_districts_had_before_is_added_up():
    earlier = {
        ("org_coverage", "all", "district", code): figure
        for code, figure in {"980102": Standing(2, 5), "980121": Standing(1, 3), "980190": Standing(1, 1), "000000": Standing(0, 2)}.items()
    }
    assert followed(VALID, earlier) == {
        ("org_coverage", "all", "district", "980102"): Standing(3, 8),
        ("org_coverage", "all", "district", "000000"): Standing(1, 3),
    }
    earlier["org_coverage", "all", "district", "980121"] = Standing(None, 3)
    assert not followed(VALID, earlier)["org_coverage", "all", "district", "980102"].known


@settings(deadline=None, derandomize=True, database=None)
@given(st.decimals(0, 2, places=3), st.integers(0, 500), st.integers(1, 400))
def test_the_missing_units_are_the_fewest_that_reach_the_target(value, numerator, denominator):
    missing = standing(target(str(value)), Standing(numerator, denominator))["units_missing"].item()
    assert (numerator + missing) >= value * denominator
    assert missing == 0 or (numerator + missing - 1) < value * denominator
