"""A published figure: n over N, its value, or the reason why it has none.

What belongs here: the figure itself. How it is written is settled in transforms/show.py.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Figure:
    """A published figure: n over N, its value, or the reason why it has none."""

    numerator: int | None = None
    denominator: int | None = None
    value: float | None = None
    reason: str | None = None

    @property
    def exact(self) -> Fraction | None:
        """The value from the whole numbers behind it; None where the figure has none."""
        if self.value is None or self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator)


ABSENT = Figure(reason="absent")
