"""Wilson intervals, the bands of ranks that they leave, and the limits of a funnel (docs/methods/rank-bands.md).

What belongs here: whole numbers in, exact fractions out. A square root is taken in whole numbers and rounded outwards, so that an interval
is never narrower than it is; nothing hangs on the last bit of a float.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

Z95 = Fraction("1.959963984540054")
Z998 = Fraction("3.090232306167813")
PLACES = 10**12  # to which a root is exact

Interval = tuple[Fraction, Fraction]


def wilson(n: int, d: int, z: Fraction = Z95) -> Interval:
    """Both ends for n of d: every rate p with |n/d − p| ≤ z·√(p(1−p)/d). Asks for 0 ≤ n ≤ d and d > 0."""
    if not 0 <= n <= d or d < 1:
        raise ValueError(f"{n} of {d} is no proportion")
    middle = n + z * z / 2
    spread = z * _root_up(Fraction(n * (d - n), d) + z * z / 4)
    whole = d + z * z
    low = Fraction(0) if n == 0 else max(Fraction(0), (middle - spread) / whole)
    high = Fraction(1) if n == d else min(Fraction(1), (middle + spread) / whole)
    return low, high


def limits(rate: Fraction, d: int, z: Fraction = Z95) -> Interval:
    """Between what rates a place of d units lies, were its units as those of the whole: rate ± z·√(rate(1−rate)/d), within 0..1."""
    spread = z * _root_up(rate * (1 - rate) / d)
    return max(Fraction(0), rate - spread), min(Fraction(1), rate + spread)


def beyond(n: int, d: int, rate: Fraction, z: Fraction = Z95) -> int:
    """1 where n/d lies above what chance leaves around the rate, −1 below, 0 within. Exact: both sides are squared."""
    apart = Fraction(n, d) - rate
    if apart * apart * d <= z * z * rate * (1 - rate):
        return 0
    return 1 if apart > 0 else -1


def bands(intervals: Sequence[Interval], highest_first: bool = True) -> list[tuple[int, int]]:
    """For each of the ranked, between which ranks it lies: 1 + those wholly before it, to N − those wholly behind it."""
    above = [[other[0] > one[1] for other in intervals] for one in intervals]
    below = [[other[1] < one[0] for other in intervals] for one in intervals]
    before, behind = (above, below) if highest_first else (below, above)
    return [(1 + sum(first), len(intervals) - sum(last)) for first, last in zip(before, behind, strict=True)]


def _root_up(number: Fraction) -> Fraction:
    """The square root, exact where it has one within the places kept, else rounded up."""
    scaled = -(-number.numerator * PLACES * PLACES // number.denominator)
    root = isqrt(scaled)
    return Fraction(root if root * root == scaled else root + 1, PLACES)
