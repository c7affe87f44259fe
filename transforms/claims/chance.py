"""Whether a place holds more of something than its size explains.

What belongs here: an exact test in whole numbers. Findings are few, so that the bell curve of the funnel (rank_bands.py) would be wrong of
them: one finding in a tiny park would already lie far outside it.
"""

from fractions import Fraction

# One out of many places, looked at because it has most: as the outer limit of the funnel, one in a thousand on this side.
PICKED = Fraction(1, 1000)


def more_than_its_share(n: int, total: int, size: int, whole: int, level: Fraction = PICKED) -> bool:
    """Whether n or more of `total` would fall to a place of `size` among `whole` in less than `level` of all cases, each by lot.

    P(X ≥ n) = 1 − Σ k<n C(total, k)·size^k·(whole − size)^(total − k) / whole^total; both sides are whole numbers.
    """
    if n < 1 or not 0 < size < whole or n > total:
        return False
    rest = whole - size
    term, below = rest**total, 0
    for k in range(n):
        below += term
        term = term * (total - k) * size // ((k + 1) * rest)  # without a remainder: the next term of the sum
    every = whole**total
    return (every - below) * level.denominator < every * level.numerator
