"""What a row of the doubling says: how many times as much, what is missing, at what pace, and what the rise is made of.

What belongs here: pure arithmetic over one published row, in whole numbers and exact fractions. The row itself is computed in
transforms/measures/doubling.py; words are put to it on the page.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from data.figures import Figure
from data.periods import add_months, months_between

GOAL = 2
YEAR = 12  # months in which it is to double (一年双翻番, seed 002)
MODES = ("new_single", "new_joint", "new_dispatched", "new_work_only")


@dataclass(frozen=True)
class Share:
    """What numerator and denominator did to the rate. `case` names what happened; the shares are of the whole, or of what was offset."""

    case: str
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class Rise:
    """One leg in one place, from the baseline to the period."""

    row: Mapping

    @property
    def before(self) -> Figure:
        return _rate(self.row["n0"], self.row["d0"])

    @property
    def now(self) -> Figure:
        return _rate(self.row["n1"], self.row["d1"])

    @property
    def by_count(self) -> Fraction | None:
        return Fraction(self.row["n1"], self.row["n0"]) if self.row["n0"] else None

    @property
    def by_rate(self) -> Fraction | None:
        n0, d0, n1, d1 = (self.row[name] for name in ("n0", "d0", "n1", "d1"))
        return Fraction(n1 * d0, d1 * n0) if n0 and d0 and d1 else None

    @property
    def by_base(self) -> Fraction | None:
        """What the denominator alone made of the rate: d0/d1."""
        return Fraction(self.row["d0"], self.row["d1"]) if self.row["d0"] and self.row["d1"] else None

    @property
    def missing_by_count(self) -> int | None:
        """Covered units still missing to twice the baseline's; None where there was none to double."""
        return max(0, GOAL * self.row["n0"] - self.row["n1"]) if self.row["n0"] else None

    @property
    def missing_by_rate(self) -> int | None:
        """Units still to be covered, of those there are now, until the rate is doubled; None where it can't be."""
        n0, d0, n1, d1 = (self.row[name] for name in ("n0", "d0", "n1", "d1"))
        if not n0 or not d1 or self.row["ceiling"]:
            return None
        return max(0, -(-GOAL * n0 * d1 // d0) - n1)

    @property
    def beyond_the_base(self) -> bool:
        """Twice the baseline's covered units are more than there are units now."""
        return GOAL * self.row["n0"] > self.row["d1"]

    @property
    def pace(self) -> Fraction:
        """Covered units won a month since the baseline, what was lost taken off."""
        return Fraction(self.row["n1"] - self.row["n0"], months_between(self.row["baseline"], self.row["period"]))

    def months_at_this_pace(self, missing: int | None) -> int | None:
        """Whole months until `missing` are won; None where this pace never gets there."""
        if missing is None or (missing and self.pace <= 0):
            return None
        return math.ceil(missing / self.pace) if missing else 0

    @property
    def due(self) -> str:
        """The month in which the year that began at the baseline is over."""
        return add_months(self.row["baseline"], YEAR)

    @property
    def months_left(self) -> int:
        """Whole months until the year is over; 0 when it is."""
        return max(0, months_between(self.row["period"], self.due))

    def needed(self, missing: int | None) -> int | None:
        """Units a month, rounded up, to have doubled when the year is over; None where it is over, or where no number would do."""
        return None if missing is None or not self.months_left else math.ceil(Fraction(missing, self.months_left))

    @property
    def newly_covered(self) -> int:
        return self.row["gained"] + self.row["entered_covered"]

    def new_by(self, mode: str) -> Figure:
        return _rate(self.row[mode], self.newly_covered)

    @property
    def share(self) -> Share:
        """ln(rate1/rate0) = ln(n1/n0) − ln(d1/d0), told by which of the two did it."""
        if not self.by_count or not self.by_base:
            return Share("none")
        whole = _order(self.by_count * self.by_base)
        up = (_order(self.by_count), _order(self.by_base))  # which way each of them moved the rate
        if whole == 0:
            return Share("still" if up == (0, 0) else "even")
        a, b = math.log(self.by_count), math.log(self.by_base)
        name = "rise" if whole > 0 else "fall"
        if up == (whole, whole):
            return Share(f"{name}_both", a / (a + b), b / (a + b))
        if up[0] == whole:
            return Share(f"{name}_numerator") if up[1] == 0 else Share(f"{name}_numerator_despite", denominator=-b / a)
        return Share(f"{name}_denominator") if up[0] == 0 else Share(f"{name}_denominator_despite", numerator=-a / b)


def _order(ratio: Fraction) -> int:
    return (ratio > 1) - (ratio < 1)


def _rate(n: int, d: int) -> Figure:
    return Figure(n, d, n / d) if d else Figure(n, d, None, "no_denominator")
