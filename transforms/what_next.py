"""What is to be done next in the city, chosen: which sources to ask for, which targets first, which work list.

What belongs here: the choice alone, one for the page 总览 and for the briefings, which put their own words to it: what a leader reads there
and here must not differ. What is to be done in one place is chosen in dashboards/places/next_steps.py.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from data.contracts import sources, worklists
from data.periods import add_months

LONG = 6  # months: half a year on a list, or open, is long


def absent(manifest: Mapping[str, Any]) -> list[str]:
    """The sources without any delivery in effect, in their order."""
    return [name for name in sources() if name in manifest.get("missing", ())]


def late(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Monthly source -> the month whose delivery still counts. An annual list is carried as it should be."""
    carried = manifest.get("carried", {})
    return {name: carried[name] for name, card in sources().items() if name in carried and card.carry_over_months is None}


def by_due(due: str, period: str) -> tuple[bool, str]:
    """The order of targets: what is due in the period or after it, the next first; what has passed stands last, for it stays passed."""
    return due < period, due


def by_need(due: str, missing: int, period: str) -> tuple[bool, str, int]:
    """The order of targets that are not reached: of those due in the same month the one that lacks most first."""
    return (*by_due(due, period), -missing)


@dataclass(frozen=True)
class Listed:
    """A work list: how many units are on it, and how many of them for half a year or longer."""

    name: str
    count: int
    long: int


def longest(rows: pl.DataFrame | None, period: str) -> Listed | None:
    """The list on which most have waited for long; while too few months are published to tell, the longest. rows: table worklist."""
    if rows is None or rows.is_empty():
        return None
    on, long = Counter(rows["list"]), Counter(rows.filter(pl.col("since") <= add_months(period, -LONG))["list"])
    name = max((each for each in worklists() if on[each]), key=lambda each: (long[each], on[each]), default=None)
    return None if name is None else Listed(name, on[name], long[name])
