"""Months as text: the arithmetic that every period rests on."""

from datetime import date

import pytest

from data.periods import add_months, is_period, last_day, months_between, twelve_months_to


@pytest.mark.parametrize("text", ["2017-12", "2016-01", "0001-01", "9999-12"])
def test_a_month(text):
    assert is_period(text)


@pytest.mark.parametrize(
    "text",
    [
        "2017-13",
        "2017-00",
        "2017-1",
        "201712",
        "2017/12",
        "17-12",
        "0000-01",
        " 2017-12",
        "2017-12 ",
        "2017-12\n",
        "2017-12-01",
        "",
        "２０１７-12",
        "２017-1２",
    ],
)
def test_no_month(text):
    assert not is_period(text)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2017-12", date(2017, 12, 31)),
        ("2017-04", date(2017, 4, 30)),
        ("2016-02", date(2016, 2, 29)),
        ("2017-02", date(2017, 2, 28)),
        ("2000-02", date(2000, 2, 29)),
        ("1900-02", date(1900, 2, 28)),
    ],
)
def test_the_last_day(period, day):
    assert last_day(period) == day


@pytest.mark.parametrize(
    ("period", "months", "result"),
    [
        ("2017-12", 0, "2017-12"),
        ("2017-12", 1, "2018-01"),
        ("2018-01", -1, "2017-12"),
        ("2017-12", -11, "2017-01"),
        ("2017-12", -12, "2016-12"),
        ("2017-01", 23, "2018-12"),
        ("2017-06", -18, "2015-12"),
    ],
)
def test_adding_months(period, months, result):
    assert add_months(period, months) == result
    assert months_between(period, result) == months


@pytest.mark.parametrize(
    ("period", "first"), [("2017-12", date(2017, 1, 1)), ("2017-11", date(2016, 12, 1)), ("2018-01", date(2017, 2, 1))]
)
def test_the_twelve_months_to_a_day_end_with_its_own(period, first):
    assert twelve_months_to(period) == first
