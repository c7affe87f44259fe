"""Where one figure stands against the city's: better or worse, how far, and whether by more than chance.

What belongs here: pure functions over figures, for the table of all metrics.
"""

from dataclasses import dataclass
from fractions import Fraction

from data.contracts import MetricCard
from data.figures import Figure
from data.words import Words
from transforms import rank_bands, show

FAR = Fraction(1, 10)  # ten points
# Where the numerator is no part of the denominator: shares of the city's own figure.
APART, FAR_APART = Fraction(1, 10), Fraction(1, 4)
NAMES = {2: "best", 1: "better", 0: "near", -1: "worse", -2: "worst"}
SIGNS = {2: "＋＋", 1: "＋", 0: "", -1: "－", -2: "－－"}  # noqa: RUF001


@dataclass(frozen=True)
class Standing:
    """`tone`: 2 far better, 1 better, 0 no different, −1 worse, −2 far worse. None where it is not judged."""

    apart: Fraction | None
    tone: int | None

    @property
    def sign(self) -> str:
        return SIGNS.get(self.tone, "")


def judged(figure: Figure, line: Figure, card: MetricCard, minimum: int) -> Standing:
    """Only what lies beyond what chance leaves around the city's rate is better or worse; below the minimum nothing is judged."""
    apart = show.change(figure, line)
    if apart is None or card.direction == "none" or (figure.denominator or 0) < minimum:
        return Standing(apart, None)
    way = 1 if (apart > 0) == (card.direction == "up") else -1
    if card.within_one:
        if not 0 <= figure.exact <= 1 or not 0 <= line.exact <= 1:
            return Standing(apart, None)
        beyond = rank_bands.beyond(figure.numerator, figure.denominator, line.exact) != 0
        far = abs(apart) >= FAR
    else:
        if not line.exact:
            return Standing(apart, None)
        beyond, far = (abs(apart) / line.exact >= share for share in (APART, FAR_APART))
    return Standing(apart, way * (2 if far else 1) if beyond else 0)


def label(words: Words, tone: int, within_one: bool) -> str:
    """A tone in words. What is judged by shares of the city's own figure is not said in points."""
    return words(f"heat.tone_{NAMES[tone]}") if within_one else words(f"heat.share_{NAMES[tone]}")
