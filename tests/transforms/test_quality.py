"""Completeness, timeliness and consistency of the districts' returns, and whose file it is that has rows rejected."""

from datetime import date
from types import SimpleNamespace

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.rules import returns as rules
from tests.transforms.test_returns import row
from transforms.quality import Month, Rows, Tally, contradicts, copies, districts_of_files, gathered, judged, middle, rejected_rows, tallies
from transforms.returns import FIGURES, beside


def month(*rows, districts=("1", "2"), first="same", before=None, ledgers=(60, 100), in_time=True) -> Month:
    found = beside(rows, lambda *_: ledgers)
    early = {(each.code, each.sector) for each in found} if first == "same" else first
    return Month("2017-12", districts, found, early, before, in_time)


def test_a_return_of_each_sector_is_expected_of_each_district():
    found = tallies(month(row("1"), row("1", sector="social_org"), row("2")))
    assert [(tally.received, tally.expected) for tally in found.values()] == [(2, 2), (1, 2)]


def test_a_return_that_first_stands_in_a_later_revision_is_late():
    found = tallies(month(row("1"), row("2"), first={("1", "enterprise"), ("2", "social_org")}))
    assert (found["1"].on_time, found["1"].late, found["1"].timed) == (1, 0, 2)
    # What was there first and is withdrawn has not been received, on time or late.
    assert (found["2"].on_time, found["2"].late, found["2"].received) == (0, 1, 1)


def test_without_the_first_release_nobody_knows_what_came_on_time():
    (tally,) = tallies(month(row("1"), districts=("1",), first=None)).values()
    assert (tally.received, tally.timed, tally.on_time, tally.late) == (1, 0, 0, 0)


def test_a_first_release_long_after_the_month_tells_nothing_of_who_kept_the_day():
    found = tallies(month(row("1"), row("2"), first={("1", "enterprise")}, in_time=False))
    assert [(tally.received, tally.timed, tally.on_time) for tally in found.values()] == [(1, 0, 0), (1, 0, 0)]
    # What came after it was late whoever judges.
    assert [tally.late for tally in found.values()] == [0, 1]
    days = [judged("2017-12", day) for day in (date(2018, 1, 5), date(2018, 2, 14), date(2018, 2, 15), date(2026, 11, 22))]
    assert days == [True, True, False, False]


def test_where_nobody_reported_nothing_was_expected():
    assert tallies(month()) == {"1": Tally(), "2": Tally()}


def test_a_district_under_two_codes_has_one_return():
    (alone,) = tallies(month(row("0", covered=90, leads_to="1"), row("9", leads_to=None), districts=("1",))).values()
    assert alone == Tally(expected=2, timed=2, other_codes=1)
    (tally,) = tallies(month(row("1"), row("0", covered=90, leads_to="1"), districts=("1",))).values()
    assert tally == Tally(expected=2, received=1, timed=2, on_time=1, compared=1, returns=1, other_codes=1)


def test_what_cannot_be_compared_is_not_in_the_denominator():
    (tally,) = tallies(month(row("1"), districts=("1",), ledgers=(None, None))).values()
    assert (tally.compared, tally.outside) == (0, 0)


def test_months_and_merged_districts_add_up():
    november = {"1": Tally(expected=2, received=2), "3": Tally(expected=2, received=1)}
    december = {"1": Tally(expected=2, received=2)}
    found = gathered([(november, {"1": "1", "3": "1"}), (december, {"1": "1"})])
    assert found == {"1": Tally(expected=6, received=5)}


figures = st.fixed_dictionaries({name: st.integers(0, 6) for name in FIGURES})


@given(figures, figures)
def test_consistency_is_that_of_the_rules(now, then):
    reported, key = row("1") | now, ("1", "enterprise")
    before = {key: tuple(then[name] for name in FIGURES)}
    seen = SimpleNamespace(returns=[reported], valid={"1": "1"}, before=SimpleNamespace(returns=before))
    (tally,) = tallies(month(reported, districts=("1",), before=before)).values()
    assert tally.same == len(list(rules.return_copied(seen)))
    assert bool(copies(beside([reported], lambda *_: (None, None))[0], before)) == tally.same
    assert contradicts(now) == bool([*rules.return_parts(seen), *rules.return_exceeds(seen)])
    # n never exceeds its N.
    shares = (("received", "expected"), ("on_time", "timed"), ("outside", "compared"), ("same", "followed"), ("contradicting", "returns"))
    for n, of in shares:
        assert getattr(tally, n) <= getattr(tally, of) <= tally.expected


ORIGINS = [
    ("unit", "A", "own.csv"),
    ("unit", "B", "own.csv"),
    ("unit", "U", "own.csv"),
    ("unit", "A", "city.csv"),
    ("unit", "C", "city.csv"),
]
ORIGINS += [("area", "2", "return.xlsx"), ("organisation", "Z", "orgs.csv"), ("unit", "X", "strangers.csv"), ("unit", "U", "strangers.csv")]
PLACES = [("unit", "A", "1"), ("unit", "B", "1"), ("unit", "C", "2"), ("unit", "U", "000000"), ("area", "2", "2"), ("area", "A", "2")]
PLACES += [("organisation", "Z", None)]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_file_is_a_districts_where_all_that_is_placed_lies_there(engine):
    origins = pl.DataFrame(ORIGINS, schema=["subject_kind", "subject", "path"], orient="row")
    places = pl.DataFrame(PLACES, schema=["subject_kind", "subject", "district_code"], orient="row")
    frames = [frame.lazy() if engine == "polars" else duckdb.from_arrow(frame.to_arrow()) for frame in (origins, places)]
    found = districts_of_files(*map(nw.from_native, frames)).collect()
    # city.csv speaks of two districts; of orgs.csv and strangers.csv nobody knows where anything lies.
    assert sorted(found.rows()) == [("own.csv", "1"), ("return.xlsx", "2")]


def test_rows_rejected_are_counted_by_district_and_none_is_left_out():
    loads = [
        {"path": "own.csv", "rows_rejected": 2, "rows_loaded": 8},
        {"path": "more.csv", "rows_rejected": 0, "rows_loaded": 5},
        {"path": "city.csv", "rows_rejected": 3, "rows_loaded": None},
    ]
    found = rejected_rows(loads, {"own.csv": "1", "more.csv": "1"})
    assert found == {"1": Rows(2, 15, 2), None: Rows(3, 3, 1)}
    assert sum(found.values(), Rows()).rejected == 5


def test_the_days_to_close_are_the_median():
    assert [middle(days) for days in ([], [31], [0, 31], [1, 2, 90])] == [None, 31, 15.5, 2]
