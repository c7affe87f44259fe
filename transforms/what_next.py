"""What is to be done next in the city, chosen: which sources to ask for, which targets first, which work list.

What belongs here: the choice alone, one for the page 总览 and for the briefings, which put their own words to it: what a leader reads there
and here must not differ. What is to be done in one place is chosen in dashboards/places/next_steps.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from data.contracts import metrics, sources, worklists
from data.periods import add_months
from transforms.inputs import UNKNOWN
from transforms.pace import Standing

LONG = 6  # months: half a year on a list, or open, is long
# Whose targets are asked for. What lies in parks and what does not is no place that anybody answers for.
KINDS = ("city", "district", "park")
TARGET = ("due", "metric", "sector", "unit_kind", "target")


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


class Aimed(Protocol):
    """A row of table targets, and how it stands."""

    @property
    def row(self) -> Mapping[str, Any]: ...

    @property
    def standing(self) -> Standing: ...


@dataclass(frozen=True)
class Asked:
    """A target with all places that have it; `key` as in TARGET. `lacks`: what they lack together; None where one of them has no figure:
    the sum over the others would look like that of all."""

    key: tuple
    places: tuple[Any, ...]
    lacks: int | None


def is_asked_for(row: Mapping[str, Any]) -> bool:
    """Whether somebody can be asked to reach a row of table targets: not a district nobody knows."""
    return row["unit_kind"] in KINDS and row["unit_code"] != UNKNOWN and row["metric"] in metrics()


def targets(found: Iterable[Aimed], period: str) -> list[Asked]:
    """What is asked for and not reached, the most urgent first; then what can't be told. found: each a row that is_asked_for."""
    groups: dict[tuple, list[Aimed]] = {}
    for each in found:
        groups.setdefault(tuple(each.row[name] for name in TARGET), []).append(each)
    asked = [Asked(key, tuple(places), _lacks(places)) for key, places in groups.items()]
    short = sorted((each for each in asked if each.lacks), key=lambda each: (by_need(each.key[0], each.lacks, period), each.key))
    return short + [each for each in asked if each.lacks is None]


def _lacks(places: Iterable[Aimed]) -> int | None:
    found = [each.standing.missing for each in places]
    return None if None in found else sum(found)


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
