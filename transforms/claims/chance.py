"""Whether a place holds more of something than its size explains.

What belongs here: an exact test in whole numbers. Findings are few, so that the bell curve of the funnel (rank_bands.py) would be wrong of
them: one finding in a tiny park would already lie far outside it.
"""

from fractions import Fraction
from math import comb

# One out of many places, looked at because it has most: as the outer limit of the funnel, one in a thousand on this side.
PICKED = Fraction(1, 1000)


def more_than_its_share(n: int, total: int, size: int, whole: int, level: Fraction = PICKED) -> bool:
    """Whether n or more of `total` would fall to a place of `size` among `whole` in less than `level` of all cases, each by lot; level: a
    half at most.

    P(X ≥ n) = Σ k≥n C(total, k)·size^k·(whole − size)^(total − k) / whole^total; all in whole numbers. Above its mean each term is to the
    one before as (total − k)·size / ((k + 1)·(whole − size)), less than one and ever less. So what is left of the sum lies below a
    geometric series, and the terms are added only until the answer is settled.
    """
    # Up to the mean at least half of all cases lie above: the median is no smaller than the mean without its fraction.
    if not 0 < size < whole or n > total or n * whole <= total * size:
        return False
    rest = whole - size
    line = -(-(whole**total * level.numerator) // level.denominator)  # under it: a sum of whole numbers is below the line or is not
    term, found = comb(total, n) * size**n * rest ** (total - n), 0
    for k in range(n, total + 1):
        found += term
        if found >= line:
            return False
        up, down = (total - k) * size, (k + 1) * rest
        term = term * up // down  # without a remainder: the next term of the sum
        # All that is left: at most the next term · 1/(1 − up/down).
        if term * down < (line - found) * (down - up):
            return True
    return True
