"""The tests that a claim has to pass: the figure is there, it moved by more than its units' coming and going, no definition denies it.

What belongs here: exact tests in whole numbers and fractions (docs/methods/claims.md). Each gives the reason why a claim is left out,
or None.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

from data.figures import Figure
from transforms.claims.claim import Quoted
from transforms.claims.facts import Facts
from transforms.rank_bands import Z95, Z998, beyond

BASES = ("registered", "corroborated", "verified")
# A second definition of the same thing: a rise that one of them shows and the other denies is not said.
SIBLINGS = {"org_coverage": "resident_coverage", "resident_coverage": "org_coverage"}
# Of one figure that was looked for, and of one picked out of many because it moved most.
ONE, PICKED = Z95, Z998
NO_PLACES = "no_places"  # the reason, where a city has no place of a kind, or none that can be compared
# Why a move can't be judged at all: no month has both ends' units, or at one end there are none.
NO_LEDGER, NO_BASE = "no_ledger", "no_base"


def published(*quoted: Quoted) -> str | None:
    """Whether all figures have a value."""
    for each in quoted:
        if each.unit == "count":
            if each.count is None:
                return "missing"
        elif each.figure.reason == "suppressed":
            return "suppressed"
        elif each.figure.value is None:
            return f"missing:{each.figure.reason or 'absent'}"
    return None


def large_enough(figure: Figure, minimum: int) -> str | None:
    """Whether a place has a denominator worth comparing."""
    return None if (figure.denominator or 0) >= minimum else "small"


def moved(row: Mapping | None, z: Fraction = ONE) -> str | None:
    """Whether a rate's move is more than the coming and going of its units; row: a ledger as table doubling has it.

    Each unit that was won, lost, came or went moved the rate its own way: with r the rate before, a unit won weighs 1, one that came 1 − r
    where it is covered and −r where it is not. Had each gone either way by the toss of a coin, the sum of their weights would stay within
    z times the root of the sum of their squares, nineteen times in twenty for z = 1.96. One is taken off first, half the step from one
    possible sum to the next: without that, few units would be believed too soon.
    """
    if row is None:
        return NO_LEDGER
    n0, d0 = row["n0"], row["d0"]
    if not d0 or not row["d1"]:
        return NO_BASE
    rate = Fraction(n0, d0)
    came, went = row["entered_covered"], row["exited_covered"]
    total = row["gained"] - row["lost"] + came - went - rate * (row["entered"] - row["exited"])
    squares = row["gained"] + row["lost"] + (came + went) * (1 - rate) ** 2 + (row["entered"] - came + row["exited"] - went) * rate**2
    beyond = abs(total) - 1
    return None if beyond > 0 and beyond * beyond > z * z * squares else "noise"


def undenied(facts: Facts, side: Callable[[str, str], int | None], metric: str) -> str | None:
    """Whether every definition agrees. side: (metric, basis) -> 1, −1 or 0 for which way its figure goes, None where it can't be told."""
    said = side(metric, facts.basis)
    for basis in BASES:
        if basis != facts.basis and said and side(metric, basis) == -said:
            return f"contradicted:{basis}"
    sibling = SIBLINGS.get(metric)
    if sibling and said and side(sibling, facts.basis) == -said:
        return f"contradicted:{sibling}"
    return None


def sign(number: Fraction | int | None) -> int | None:
    return None if number is None else (number > 0) - (number < 0)


def change(now: Figure, then: Figure) -> Fraction | None:
    return None if now.exact is None or then.exact is None else now.exact - then.exact


def side(place: Figure, city: Figure, minimum: int, z: Fraction | None = None) -> int | None:
    """On which side of the city's rate a place lies: 1 above, −1 below, 0 where both are the same. z: 0 as well where the difference is
    within what chance leaves. None where nothing can be said: a figure without a value, a denominator under the minimum."""
    apart = change(place, city)
    if apart is None or large_enough(place, minimum):
        return None
    return sign(apart) if z is None else beyond(place.numerator, place.denominator, city.exact, z)
