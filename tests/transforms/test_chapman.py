"""The capture-recapture estimate against a direct count: its mean over every way in which two lists can fall on a population."""

import math
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.measures.base_numbers import chapman


def _expected(population: int, n1: int, n2: int) -> Fraction:
    """The mean of the estimate over all samples: two lists drawn by chance have m in common with the hypergeometric probability."""
    total = math.comb(population, n2)
    mean = Fraction(0)
    for m in range(max(0, n1 + n2 - population), min(n1, n2) + 1):
        ways = math.comb(n1, m) * math.comb(population - n1, n2 - m)
        mean += Fraction(ways, total) * (Fraction((n1 + 1) * (n2 + 1), m + 1) - 1)
    return mean


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(st.integers(1, 40).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size), st.integers(0, size))))
def test_on_average_it_is_the_population_and_never_more(case):
    population, n1, n2 = case
    mean = _expected(population, n1, n2)
    if n1 + n2 >= population:
        assert mean == population  # unbiased
    else:
        assert mean < population  # and where the lists are short, it says too little, not too much


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
def test_the_band_holds_the_estimate_and_what_the_lists_themselves_name(only1, only2, m):
    estimate, low, high = chapman(only1 + m, only2 + m, m)
    assert only1 + only2 + m <= low <= estimate * (1 + 1e-12) <= high * (1 + 1e-9)


def test_the_band_holds_the_truth_as_often_as_it_says():
    # Independent lists of a known population, drawn 4,000 times with a fixed seed: 95 % of the bands, within two points.
    chance = np.random.default_rng(20171231)
    population = 2_000
    held = 0
    for _ in range(4_000):
        first, second = chance.random(population) < 0.4, chance.random(population) < 0.3
        _, low, high = chapman(int(first.sum()), int(second.sum()), int((first & second).sum()))
        held += low <= population <= high
    assert abs(held / 4_000 - 0.95) < 0.02


def test_lists_that_depend_on_each_other_mislead_it():
    # Who pays tax is more likely to insure: the estimate is then too small, which is why it is a check and never ranks anybody.
    chance = np.random.default_rng(1)
    population = 20_000
    first = chance.random(population) < 0.4
    second = chance.random(population) < np.where(first, 0.5, 0.2)
    _, _, high = chapman(int(first.sum()), int(second.sum()), int((first & second).sum()))
    assert high < population
