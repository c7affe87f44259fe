"""Places beside each other: ranked, against the city, and against an earlier month.

What belongs here: pure functions over figures. Rates are compared as exact fractions; a rank needs a denominator worth one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from dashboards.show import ABSENT, Figure, change
from data.contracts import MetricCard

UNKNOWN = "000000"


@dataclass(frozen=True)
class Place:
    """A district or park in a comparison. `rank` is None where it is not ranked, `why_unranked` then says why."""

    code: str
    name: str
    level: str | None
    figure: Figure
    before: Figure
    rank: int | None = None
    why_unranked: str | None = None

    @property
    def change(self) -> Fraction | None:
        return change(self.figure, self.before)


def ranked(places: list[Place], direction: str, minimum: int) -> list[Place]:
    """In order, best first (highest first where neither way is better); equal figures share a rank; the unranked come last, by code."""
    fit, rest = [], []
    for place in places:
        why = _unranked(place, minimum)
        (rest if why else fit).append(replace(place, why_unranked=why))
    sign = 1 if direction == "down" else -1
    fit.sort(key=lambda place: (sign * place.figure.exact, place.code))
    if direction != "none":
        values = [place.figure.exact for place in fit]
        fit = [replace(place, rank=values.index(place.figure.exact) + 1) for place in fit]
    return fit + sorted(rest, key=lambda place: (place.code == UNKNOWN, place.figure.exact is None, place.code))


def _unranked(place: Place, minimum: int) -> str | None:
    if place.code == UNKNOWN:
        return "unknown_place"
    if place.figure.exact is None:
        return "no_value"
    return "small" if place.figure.denominator < minimum else None


def behind(places: list[Place], line: Figure, direction: str) -> list[Place]:
    """Ranked places on the wrong side of the line, the farthest first."""
    if line.exact is None or direction == "none":
        return []
    sign = 1 if direction == "up" else -1
    found = [place for place in places if place.rank and sign * (place.figure.exact - line.exact) < 0]
    return sorted(found, key=lambda place: (sign * place.figure.exact, place.code))


def moved(places: list[Place]) -> list[Place]:
    """Ranked places by the size of their change, the largest rise first."""
    return sorted((place for place in places if place.rank and place.change is not None), key=lambda place: (-place.change, place.code))


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
