"""Numbers into text: rounding, signs, marks. Small tables that a statistician can read."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.figures import Figure
from transforms import show


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (1, 16, "6.3%"),  # 6.25: half to even would say 6.2
        (3, 16, "18.8%"),  # 18.75
        (1, 8, "12.5%"),
        (280, 479, "58.5%"),
        (0, 10, "0.0%"),
        (10, 10, "100.0%"),
        (2, 3, "66.7%"),
        (1, 2000, "0.1%"),  # 0.05
        (24, 10, "240.0%"),
        (5799, 5800, "100.0%"),  # 99.98…
    ],
)
def test_rates_round_half_up_from_whole_numbers(numerator, denominator, shown):
    assert show.figure(Figure(numerator, denominator, numerator / denominator)) == shown


def test_a_ratio_has_one_decimal():
    assert show.figure(Figure(23, 4, 5.75), "ratio") == "5.8"


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(5, 2), 0, "3"),
        (0.35, 1, "0.4"),
        (0.25, 1, "0.3"),
        (2.675, 2, "2.68"),
        (-0.04, 1, "0.0"),
    ],
)
def test_half_goes_away_from_zero(number, places, rounded):
    assert show.half_up(number, places) == Decimal(rounded)


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_what_is_shown_is_within_half_a_step_of_the_exact_rate(numerator, denominator):
    shown = Fraction(show.figure(Figure(numerator, denominator, numerator / denominator)).rstrip("%").replace(",", ""))
    error = shown - Fraction(100 * numerator, denominator)
    assert -Fraction(1, 20) < error <= Fraction(1, 20)


@pytest.mark.parametrize(
    ("reason", "mark"), [("no_denominator", "—"), ("source_missing:park", "…"), ("suppressed", "x"), ("absent", "…"), (None, "…")]
)
def test_what_has_no_value_has_a_mark(reason, mark):
    assert show.figure(Figure(reason=reason)) == mark


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure(1280, 4790, 0.26), "1,280/4,790"),
        (Figure(None, 479, None, "source_missing:party_org"), "…/479"),
        (Figure(0, 0, None, "no_denominator"), "0/0"),
        (Figure(None, None, None, "suppressed"), "x/x"),
    ],
)
def test_n_of_n(figure, shown):
    assert show.n_of_n(figure) == shown


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (10_000, "1.0万", "10,000"),
        (196_000, "19.6万", "196,000"),
        (13_582, "1.4万", "13,582"),
        (99_950_000, "9,995.0万", "99,950,000"),
        (99_999_999, "1.0亿", "99,999,999"),
        (123_450_000, "1.2亿", "123,450,000"),
        (None, "…", "…"),
    ],
)
def test_headlines_count_in_ten_thousands(number, zh, en):
    assert show.headline(number) == zh
    assert show.headline(number, "en") == en


def test_changes_are_points_from_unrounded_figures():
    now, before = Figure(280, 479, 280 / 479), Figure(177, 479, 177 / 479)
    assert show.points(show.change(now, before)) == "+21.5"
    assert show.points(show.change(before, now)) == "−21.5"
    assert show.points(show.change(now, now)) == "0.0"
    assert show.points(show.change(now, Figure(reason="absent"))) == "…"


@pytest.mark.parametrize(
    ("direction", "difference", "tone", "arrow"),
    [
        ("up", Fraction(1), "better", "▲"),
        ("up", Fraction(-1), "worse", "▼"),
        ("down", Fraction(1), "worse", "▲"),
        ("none", Fraction(1), "even", ""),
        ("up", Fraction(0), "even", ""),
    ],
)
def test_tone_follows_which_way_is_better(direction, difference, tone, arrow):
    assert (show.tone(difference, direction), show.arrow(difference, direction)) == (tone, arrow)


@pytest.mark.parametrize(
    ("now", "goal", "missing"),
    [((9, 35), (280, 479), 12), ((25, 44), (280, 479), 1), ((28, 46), (280, 479), 0), ((1, 2), (1, 2), 0), ((0, 3), (1, 3), 1)],
)
def test_units_missing_is_the_smallest_number_that_reaches(now, goal, missing):
    figure = lambda pair: Figure(*pair, pair[0] / pair[1])  # noqa: E731
    found = show.missing_to_reach(figure(now), figure(goal))
    assert found == missing
    assert Fraction(now[0] + found, now[1]) >= Fraction(*goal)
    assert found == 0 or Fraction(now[0] + found - 1, now[1]) < Fraction(*goal)


def test_times_are_shown_in_beijing():
    assert show.beijing("2018-01-05T01:05:00+00:00") == "2018-01-05 09:05"
    assert show.beijing("2017-12-31T23:30:00Z") == "2018-01-01 07:30"
    assert show.beijing("unknown") == "unknown"


def test_both_sides_in_a_headline():
    money = Figure(2_338_700, 9_999, 233.9)
    assert show.n_of_n_headline(money) == "233.9万/9,999"
    assert show.n_of_n_headline(money, "en") == "2,338,700/9,999"
    assert show.n_of_n_headline(Figure(None, None, None, "suppressed")) == "x/x"


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure(3, 4, 0.75), (0.75, 3, 4)),
        (Figure(None, 41, None, "suppressed"), ("x", "x", 41)),
        (Figure(None, None, None, "suppressed"), ("x", "x", "x")),
        (Figure(0, 0, None, "no_denominator"), (None, 0, 0)),
        (Figure(None, 9, None, "source_missing:tax"), (None, None, 9)),
    ],
)
def test_a_sheet_says_x_where_a_figure_is_hidden_and_leaves_blank_what_is_not_there(figure, shown):
    assert show.sides_value(figure) == shown
