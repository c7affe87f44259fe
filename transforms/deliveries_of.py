"""Which sources a figure counts, and whether they were delivered often enough for what it did to be a pace.

What belongs here: a figure that lives on one delivery stands still until the next one, and then leaps: neither is a pace
(docs/methods/pace.md).
"""

from collections.abc import Callable, Mapping
from functools import cache

from data.contracts import metrics, sources, tables
from transforms.inputs import LINKS
from transforms.measures.cube import needs_of
from transforms.measures.entity import basis_needs
from transforms.measures.figures import Unit
from transforms.measures.organisation import COLUMNS
from transforms.measures.targets import PACE_PERIODS

# Of places, posts and money no card names the register; what is asked for (a quota, a minimum) moves no numerator.
COUNTED = {
    "centre_rate": {"park"},
    "instructor_staffing": {"instructor"},
    "recruit_rate": {"member"},
    "irregular_member_share": {"member"},
    "activity_funding": {"funding"},
    "allowance_funding": {"funding"},
}
LEAST = 2  # deliveries within a pace: one is a leap


@cache
def counted_from(metric: str, basis: str, sector: str) -> frozenset[str]:
    """The sources whose rows make a metric's numerator. The list of parks counts where parks are counted; else it only says where a unit
    lies."""
    card = metrics().get(metric)
    if card is None or metric in COUNTED:
        return frozenset(COUNTED.get(metric, ()))
    if card.family == "organisation":
        return frozenset({*LINKS, *needs_of(card.numerator, COLUMNS)} - {"park"})
    columns = {column.name: column.needs for column in tables()["census"].columns}
    return frozenset((needs_of(card.numerator, columns) | basis_needs(basis, Unit("city", "", ""), sector)) - {"park"})


def leaping(metric: str, basis: str, sector: str, now: Mapping, look: Callable[[str, str], Mapping | None]) -> str | None:
    """The first of these sources that came less than twice in the months of the recent pace; None where all came, or where the months of
    the pace can't be told. now: the release's manifest; look: (period, revision) -> that of a release it looked back to."""
    before = sorted((period, name) for period, name in now.get("looked_back", {}).items() if period < now["period"])
    manifests = [look(*each) for each in before[1 - PACE_PERIODS :]]
    if len(manifests) < PACE_PERIODS - 1 or None in manifests:
        return None
    counted = counted_from(metric, basis, sector)
    return next((name for name in sources() if name in counted and _came(name, [*manifests, now]) < LEAST), None)


def _came(source: str, manifests: list[Mapping]) -> int:
    """How many deliveries of a source speak of a month within the span."""
    there = [each for each in manifests if source not in each.get("missing", ())]
    months = {each.get("carried", {}).get(source, each["period"]) for each in there}
    return sum(month >= manifests[0]["period"] for month in months)
