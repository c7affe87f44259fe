"""More than its share: the exact test against the sum written out, and what it must never say."""

from fractions import Fraction
from math import comb

from hypothesis import given
from hypothesis import strategies as st

from transforms.claims.chance import PICKED, more_than_its_share

counts = st.integers(1, 40).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
sizes = st.integers(2, 60).flatmap(lambda whole: st.tuples(st.integers(1, whole - 1), st.just(whole)))


@given(counts, sizes)
def test_it_is_the_tail_of_the_binomial(count, place):
    (n, total), (size, whole) = count, place
    share = Fraction(size, whole)
    tail = sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(n, total + 1))
    assert more_than_its_share(n, total, size, whole) == (n > 0 and tail < PICKED)


@given(counts, sizes)
def test_one_more_never_makes_it_less(count, place):
    (n, total), sized = count, place
    if n < total and more_than_its_share(n, total, *sized):
        assert more_than_its_share(n + 1, total, *sized)


def test_one_finding_in_a_small_place_is_no_sign_while_findings_are_many():
    assert not more_than_its_share(1, 200, 1, 1000)
    assert not more_than_its_share(0, 0, 1, 10)
    assert not more_than_its_share(5, 5, 10, 10)  # all of it lies there: nothing to compare with
    assert more_than_its_share(8, 40, 20, 1000)


def test_many_findings_are_no_burden():
    assert more_than_its_share(900, 6000, 400, 8430)
    # Of a tenth of 40,000 the line lies at 4,188; only terms near it have to be added.
    assert [more_than_its_share(n, 40_000, 19_600, 196_000) for n in (4_000, 4_187, 4_188, 4_300)] == [False, False, True, True]


def test_up_to_its_share_nothing_is_computed():
    assert not more_than_its_share(10**8, 10**9, 10**8, 10**9)
