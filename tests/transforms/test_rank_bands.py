"""Wilson intervals, bands of ranks and the limits of a funnel."""

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from transforms.rank_bands import Z95, Z998, bands, beyond, limits, wilson

# R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
PUBLISHED = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)]
COUNTS = some.integers(1, 5000).flatmap(lambda d: some.tuples(some.integers(0, d), some.just(d)))
FEW = settings(max_examples=40)
RATES = some.fractions(0, 1, max_denominator=10_000)


@pytest.mark.parametrize(("n", "d", "low", "high"), PUBLISHED)
def test_intervals_are_those_of_the_literature(n, d, low, high):
    assert [round(float(end), 4) for end in wilson(n, d)] == [low, high]


@given(COUNTS)
def test_intervals_are_the_roots_of_the_score_equation(counts):
    n, d = counts
    # (p − n/d)² = z²·p(1−p)/d, solved as a quadratic in p.
    z2, p = float(Z95) ** 2, n / d
    a, b, c = 1 + z2 / d, -(2 * p + z2 / d), p * p
    root = sqrt(max(0.0, b * b - 4 * a * c))
    assert [float(end) for end in wilson(n, d)] == pytest.approx([(-b - root) / (2 * a), (-b + root) / (2 * a)], abs=1e-9)


@given(COUNTS)
def test_a_rate_lies_in_its_own_interval_and_mirrors(counts):
    n, d = counts
    low, high = wilson(n, d)
    assert 0 <= low <= Fraction(n, d) <= high <= 1
    assert (low == 0) == (n == 0)
    assert (high == 1) == (n == d)
    other = wilson(d - n, d)
    assert (1 - other[1], 1 - other[0]) == (low, high)


@pytest.mark.parametrize(("n", "d"), [(-1, 3), (4, 3), (0, 0)])
def test_what_is_no_proportion_has_no_interval(n, d):
    with pytest.raises(ValueError, match="no proportion"):
        wilson(n, d)


@FEW
@given(COUNTS, RATES)
def test_outside_the_funnel_is_where_the_interval_misses_the_rate(counts, rate):
    n, d = counts
    low, high = wilson(n, d)
    out = beyond(n, d, rate)
    edge = Fraction(1, 10**9)
    if low + edge < rate < high - edge:
        assert out == 0
    elif rate < low - edge:
        assert out == 1
    elif rate > high + edge:
        assert out == -1
    inside = limits(rate, d)
    if out == 0:
        assert inside[0] <= Fraction(n, d) <= inside[1]
    else:
        assert not inside[0] + edge < Fraction(n, d) < inside[1] - edge


def test_the_funnel_has_its_known_limits():
    low, high = limits(Fraction(1, 2), 100)
    assert (round(float(low), 4), round(float(high), 4)) == (0.4020, 0.5980)
    low, high = limits(Fraction(1, 2), 100, Z998)
    assert (round(float(low), 4), round(float(high), 4)) == (0.3455, 0.6545)
    assert limits(Fraction(1, 10), 5) == (0, limits(Fraction(1, 10), 5)[1])
    assert limits(Fraction(0), 7) == (0, 0)


def exact_ranks(rates: list[Fraction], highest_first: bool) -> list[int]:
    return [1 + sum(other > rate if highest_first else other < rate for other in rates) for rate in rates]


PLACES = some.lists(COUNTS, min_size=1, max_size=8)


@FEW
@given(PLACES, some.booleans())
def test_the_exact_rank_lies_in_its_band(places, highest_first):
    ranks = exact_ranks([Fraction(n, d) for n, d in places], highest_first)
    found = bands([wilson(n, d) for n, d in places], highest_first)
    for rank, (low, high) in zip(ranks, found, strict=True):
        assert 1 <= low <= rank <= high <= len(places)


@given(COUNTS, some.integers(1, 12))
def test_equal_figures_have_the_whole_band(counts, number):
    assert set(bands([wilson(*counts)] * number)) == {(1, number)}


@FEW
@given(PLACES, some.data())
def test_one_more_on_the_numerator_never_makes_a_band_worse(places, data):
    at = data.draw(some.integers(0, len(places) - 1))
    n, d = places[at]
    more = [*places[:at], (min(n + 1, d), d), *places[at + 1 :]]
    before, after = (bands([wilson(*each) for each in found])[at] for found in (places, more))
    assert after[0] <= before[0]
    assert after[1] <= before[1]


@FEW
@given(PLACES)
def test_a_wider_interval_makes_a_wider_band(places):
    narrow, wide = (bands([wilson(n, d, z) for n, d in places]) for z in (Z95, Z998))
    assert all(two[0] <= one[0] and one[1] <= two[1] for one, two in zip(narrow, wide, strict=True))


def test_far_apart_places_have_their_ranks():
    assert bands([wilson(90, 100), wilson(50, 100), wilson(52, 100), wilson(5, 100)]) == [(1, 1), (2, 3), (2, 3), (4, 4)]
    assert bands([wilson(90, 100), wilson(50, 100), wilson(5, 100)], highest_first=False) == [(3, 3), (2, 2), (1, 1)]
