"""What an analyst looks at first: places too far from the city to be chance, and those whose band of ranks moved.

What belongs here: pure functions over places. What is drawn lies in analyst.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from data.figures import Figure
from transforms import rank_bands
from transforms.compare import Place, apart, ranked

# Of a hundred places as large, five lie outside the first by chance alone; of five hundred, one outside the second.
LEVELS = ((rank_bands.Z998, "outer"), (rank_bands.Z95, "inner"))


@dataclass(frozen=True)
class Outlier:
    """A place outside the funnel around the city's rate. `level`: of the limit that it is outside of; `above`: on which side."""

    place: Place
    level: str
    above: bool


def compared(places: Iterable[Place]) -> list[Place]:
    """Those whose figure says something: not too small, and of a known place."""
    return [place for place in places if place.is_compared]


def outliers(places: Iterable[Place], line: Figure) -> list[Outlier]:
    """Places outside the 95 % limits, the farthest beyond what their size allows first."""
    if line.exact is None or not 0 < line.exact < 1:
        return []
    found = []
    for place in compared(places):
        n, d = place.figure.numerator, place.figure.denominator
        level = next((name for z, name in LEVELS if rank_bands.beyond(n, d, line.exact, z)), None)
        if level:
            away = (place.figure.exact - line.exact) ** 2 * d
            found.append((away, Outlier(place, level, place.figure.exact > line.exact)))
    return [each for _, each in sorted(found, key=lambda pair: (-pair[0], pair[1].place.code))]


def rank_moves(places: list[Place], direction: str, minimum: int, proportion: bool) -> list[tuple[Place, Place]]:
    """(as it stood then, as it stands now), of those ranked at both ends whose band moved at both its ends, the farthest first."""
    then = {
        place.code: place for place in ranked([replace(place, figure=place.before) for place in places], direction, minimum, proportion)
    }
    pairs = [(then[place.code], place) for place in places if place.rank and then[place.code].rank]
    moved = [(old, now) for old, now in pairs if (old.low - now.low) * (old.high - now.high) > 0]
    return sorted(moved, key=lambda pair: (-abs(shift(*pair)), pair[1].rank, pair[1].code))


def shift(old: Place, now: Place) -> int:
    """How far a band moved forward, both its ends together; negative: back."""
    return old.low - now.low + old.high - now.high


def lagging(places: Iterable[Place], line: Figure, direction: str) -> list[tuple[Place, bool]]:
    """(place, whether it lies below beyond chance) of all on the wrong side of the line: those beyond chance first, the farthest first."""
    if line.exact is None or direction == "none":
        return []
    sign = 1 if direction == "up" else -1
    below = [place for place in compared(places) if sign * (place.figure.exact - line.exact) < 0]
    found = [(place, apart(place, line, direction) == "worse") for place in below]
    return sorted(found, key=lambda pair: (not pair[1], sign * pair[0].figure.exact, pair[0].code))


def ends(places: Iterable[Place]) -> tuple[Place, Place] | None:
    """The lowest and the highest; None where fewer than two can be compared."""
    fit = sorted(compared(places), key=lambda place: (place.figure.exact, place.code))
    return (fit[0], fit[-1]) if len(fit) > 1 else None


def movers(places: Iterable[Place]) -> list[Place]:
    """By the size of their change, the largest rise first."""
    return sorted((place for place in compared(places) if place.change is not None), key=lambda place: (-place.change, place.code))
