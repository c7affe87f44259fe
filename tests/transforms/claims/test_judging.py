"""What a claim has to pass: a value, a denominator, a move beyond its units' coming and going, and no definition that denies it."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.figures import ABSENT, Figure
from tests.transforms.claims.made import facts
from transforms.claims import judging
from transforms.claims.claim import Quoted


def quoted(figure: Figure = ABSENT, **more) -> Quoted:
    return Quoted("2017-12", "r01", "metrics", (), None, figure, **more)


def ledger(n0: int, d0: int, gained=0, lost=0, entered=0, entered_covered=0, exited=0, exited_covered=0) -> dict:
    n1, d1 = n0 + gained - lost + entered_covered - exited_covered, d0 + entered - exited
    found = {"n0": n0, "d0": d0, "n1": n1, "d1": d1, "gained": gained, "lost": lost, "entered": entered, "exited": exited}
    return found | {"entered_covered": entered_covered, "exited_covered": exited_covered}


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (Figure(1, 2, 0.5), None),
        (Figure(0, 2, 0.0), None),
        (Figure(0, 0, None, "no_denominator"), "missing:no_denominator"),
        (Figure(None, 9, None, "source_missing:tax"), "missing:source_missing:tax"),
        (Figure(None, None, None, "suppressed"), "suppressed"),
        (Figure(), "missing:absent"),
    ],
)
def test_a_figure_without_a_value_says_nothing(figure, reason):
    assert judging.published(quoted(figure)) == reason


def test_a_count_is_there_or_not():
    assert judging.published(quoted(unit="count", count=0)) is None
    assert judging.published(quoted(unit="count")) == "missing"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ledger(50, 100, gained=5), "noise"),  # five of five: one in sixteen times by chance, both ways counted
        (ledger(50, 100, gained=6), None),  # (6 − 1)² > 1.96² · 6
        (ledger(50, 100, gained=10, lost=4), "noise"),  # (6 − 1)² < 1.96² · 14
        (ledger(50, 100, gained=14, lost=4), None),  # (10 − 1)² > 1.96² · 18
        (ledger(50, 100), "noise"),  # nothing moved at all
        (ledger(50, 100, exited=20), None),  # a rate that rises by a smaller base did move
        (ledger(50, 100, entered=10, entered_covered=5), "noise"),  # those that came are as the others
        (ledger(0, 0, entered=5, entered_covered=5), "no_base"),
        (None, "no_ledger"),
    ],
)
def test_a_move_is_more_than_coming_and_going(row, reason):
    assert judging.moved(row) == reason


def test_of_one_picked_out_of_many_more_is_asked():
    row = ledger(50, 100, gained=8)
    assert judging.moved(row) is None
    assert judging.moved(row, judging.PICKED) == "noise"


numbers = st.integers(0, 40)


@st.composite
def ledgers(draw) -> dict:
    d0 = draw(st.integers(1, 200))
    n0 = draw(st.integers(0, d0))
    lost, gained = draw(st.integers(0, n0)), draw(st.integers(0, d0 - n0))
    exited_covered, left = draw(st.integers(0, n0 - lost)), draw(st.integers(0, d0 - n0 - gained))
    entered = draw(numbers)
    return ledger(n0, d0, gained, lost, entered, draw(st.integers(0, entered)), exited_covered + left, exited_covered)


@given(ledgers())
def test_what_is_weighed_is_the_change_of_the_rate(row):
    """The sum of the weights is the change of the rate times the later denominator: the sign of what is said is that of the rates."""
    if not row["d1"] or judging.moved(row) is not None:
        return
    change = Fraction(row["n1"], row["d1"]) - Fraction(row["n0"], row["d0"])
    rate = Fraction(row["n0"], row["d0"])
    net = row["gained"] - row["lost"] + row["entered_covered"] - row["exited_covered"]
    assert change * row["d1"] == net - rate * (row["entered"] - row["exited"])
    assert change != 0


@given(ledgers())
def test_what_is_said_of_one_picked_is_said_of_one_alone(row):
    if judging.moved(row, judging.PICKED) is None:
        assert judging.moved(row) is None


@pytest.mark.parametrize(("z", "share"), [(judging.ONE, 0.05), (judging.PICKED, 0.002)])
def test_by_the_toss_of_a_coin_it_is_said_no_oftener_than_promised(z, share):
    """All ways in which so many units could have gone, counted."""
    for units in range(1, 80):
        said = sum(comb(units, won) for won in range(units + 1) if judging.moved(ledger(100, 200, won, units - won), z) is None)
        assert said / 2**units <= share, units


@pytest.mark.parametrize(
    ("sides", "reason"),
    [
        ({("org_coverage", "corroborated"): 1, ("org_coverage", "registered"): -1}, "contradicted:registered"),
        ({("org_coverage", "corroborated"): 1, ("org_coverage", "registered"): 0}, None),
        ({("org_coverage", "corroborated"): 1}, None),
        ({("org_coverage", "corroborated"): 0, ("org_coverage", "verified"): -1}, None),
        ({("org_coverage", "corroborated"): 1, ("resident_coverage", "corroborated"): -1}, "contradicted:resident_coverage"),
        ({("org_coverage", "corroborated"): -1, ("org_coverage", "verified"): 1}, "contradicted:verified"),
    ],
)
def test_no_other_definition_may_deny_it(sides, reason):
    assert judging.undenied(facts(), lambda metric, basis: sides.get((metric, basis)), "org_coverage") == reason


def test_a_place_that_is_too_small_says_nothing():
    assert judging.large_enough(Figure(19, 19, 1.0), 20) == "small"
    assert judging.large_enough(Figure(20, 20, 1.0), 20) is None
    assert judging.large_enough(Figure(), 20) == "small"


@pytest.mark.parametrize(
    ("place", "some", "clear"),
    [
        (Figure(66, 100, 0.66), 1, 1),
        (Figure(65, 100, 0.65), 1, 0),
        (Figure(50, 100, 0.5), 0, 0),
        (Figure(34, 100, 0.34), -1, -1),
        (Figure(19, 19, 1.0), None, None),
        (Figure(None, 100, None, "source_missing:tax"), None, None),
    ],
)
def test_the_side_of_the_city_is_told_in_one_way(place, some, clear):
    city = Figure(500, 1000, 0.5)
    assert judging.side(place, city, 20) == some
    assert judging.side(place, city, 20, judging.PICKED) == clear
    assert judging.side(place, ABSENT, 20) is None
