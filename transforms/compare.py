"""Places beside each other: ranked, against the city, and against an earlier month.

What belongs here: pure functions over figures. Rates are compared as exact fractions; a rank needs a denominator worth one, and is said as
the band of ranks that chance leaves (transforms/rank_bands.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from data.contracts import MetricCard
from data.figures import ABSENT, Figure
from data.words import Words
from transforms import rank_bands
from transforms.rank_bands import Interval
from transforms.show import NOT_APPLICABLE, change

UNKNOWN = "000000"


@dataclass(frozen=True)
class Place:
    """A district or park in a comparison. `rank` is None where it is not ranked, `why_unranked` then says why. `low` to `high` is the band
    of its rank, both the rank itself where the figure is no proportion; `interval` is what chance leaves of its rate."""

    code: str
    name: str
    level: str | None
    figure: Figure
    before: Figure
    rank: int | None = None
    why_unranked: str | None = None
    low: int | None = None
    high: int | None = None
    interval: Interval | None = None

    @property
    def band(self) -> tuple[int, int] | None:
        return (self.low, self.high) if self.rank else None

    @property
    def set_aside(self) -> bool:
        """Too small, or of no known district: drawn apart from the others. That the reader sees no other place makes it neither."""
        return self.why_unranked in ("small", "unknown_place")

    @property
    def is_compared(self) -> bool:
        """Whether its figure says something beside the city's. Of a reader of one area nothing is ranked, and still it does."""
        return self.why_unranked in (None, "not_whole")

    @property
    def change(self) -> Fraction | None:
        return change(self.figure, self.before)


def ranked(places: list[Place], direction: str, minimum: int, proportion: bool = True, whole: bool = True) -> list[Place]:
    """In order, best first (highest first where neither way is better); equal figures share a rank; the unranked come last, by code.

    `proportion`: the numerator is a part of the denominator. Without `whole` the reader has some of the places alone, and none is ranked.
    """
    fit, rest = [], []
    for place in places:
        why = _unranked(place, minimum) or (None if whole else "not_whole")
        if proportion and place.figure.exact is not None and 0 <= place.figure.exact <= 1:
            place = replace(place, interval=rank_bands.wilson(place.figure.numerator, place.figure.denominator))
        (rest if why else fit).append(replace(place, why_unranked=why))
    sign = 1 if direction == "down" else -1
    fit.sort(key=lambda place: (sign * place.figure.exact, place.code))
    if direction != "none":
        values = [place.figure.exact for place in fit]
        first = {value: values.index(value) + 1 for value in set(values)}
        fit = [replace(place, rank=first[place.figure.exact]) for place in fit]
        fit = [replace(place, low=low, high=high) for place, (low, high) in zip(fit, _bands(fit, proportion), strict=True)]
    return fit + sorted(rest, key=lambda place: (place.code == UNKNOWN, place.figure.exact is None, place.code))


def _bands(fit: list[Place], proportion: bool) -> list[tuple[int, int]]:
    """Where there are no intervals, a rank is that one rank."""
    if not proportion:
        return [(place.rank, place.rank) for place in fit]
    # Ranks run in the order of the places, so that whether high or low is first is settled.
    ends = [place.interval or (place.figure.exact, place.figure.exact) for place in fit]
    return rank_bands.bands(ends, highest_first=fit[0].figure.exact >= fit[-1].figure.exact) if fit else []


def band_words(words: Words, place: Place) -> str:
    """`第3—7位`, or `第3位` where no other is possible; — where it is not ranked."""
    if place.band is None:
        return NOT_APPLICABLE
    return words("compare.rank_one", rank=place.low) if place.low == place.high else words("compare.band", low=place.low, high=place.high)


def band_short(place: Place) -> str:
    """The same where there is little room: `3–7`."""
    return f"{place.low}" if place.low == place.high else f"{place.low}–{place.high}"


def apart(place: Place, line: Figure, direction: str) -> str:
    """On which side of the line a place lies beyond what chance leaves: better, worse, else even. Without an interval: as its figure."""
    if place.figure.exact is None or line.exact is None or direction == "none":
        return "even"
    low, high = place.interval or (place.figure.exact, place.figure.exact)
    if low <= line.exact <= high:
        return "even"
    return "better" if (low > line.exact) == (direction == "up") else "worse"


def _unranked(place: Place, minimum: int) -> str | None:
    if place.code == UNKNOWN:
        return "unknown_place"
    if place.figure.exact is None:
        return "no_value"
    return "small" if place.figure.denominator < minimum else None


def behind(places: list[Place], line: Figure, direction: str) -> list[Place]:
    """Places on the wrong side of the line, the farthest first; those too small to be ranked, or of no known district, are none of them."""
    if line.exact is None or direction == "none":
        return []
    sign = 1 if direction == "up" else -1
    found = [place for place in places if place.is_compared and sign * (place.figure.exact - line.exact) < 0]
    return sorted(found, key=lambda place: (sign * place.figure.exact, place.code))


def earlier_figures(codes: dict[str, list[str]], find: Callable[[str], Figure], card: MetricCard) -> dict[str, Figure]:
    """code now -> its earlier figure, `codes` naming the earlier codes that lead to it.

    Where districts merged, whole units add up; what is counted per organisation, place or person does not, and has no earlier figure.
    """
    return {code: find(old[0]) if len(old) == 1 else _merged([find(each) for each in old], card) for code, old in codes.items()}


def _merged(figures: list[Figure], card: MetricCard) -> Figure:
    if card.family != "entity" or not figures:
        return ABSENT
    if any(figure.numerator is None or figure.denominator is None for figure in figures):
        return next(figure for figure in figures if figure.numerator is None or figure.denominator is None)
    numerator = sum(figure.numerator for figure in figures)
    denominator = sum(figure.denominator for figure in figures)
    if not denominator:
        return Figure(numerator, denominator, None, "no_denominator")
    return Figure(numerator, denominator, numerator / denominator)
