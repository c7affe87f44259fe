"""A unit over the published months: how it stood in each, and what changed from one to the next.

What belongs here: pure functions over the unit's rows of the months. Reading them is units/record.py's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Of the census, what a history looks at. No counts of members: over months their changes would tell of persons.
COLUMNS = ("sector", "active", "registered", "corroborated", "verified", "district_code", "park_code", "covered", "mode", "work_covered")
COLUMNS += ("employees",)


@dataclass(frozen=True)
class Month:
    """A published month and the unit's row in it; None where it is not there (or not within what the reader may see)."""

    period: str
    row: Mapping | None

    @property
    def there(self) -> bool:
        return self.row is not None and bool(self.row["active"])


@dataclass(frozen=True)
class Change:
    """What changed with a month. `what`: a key of section `unit_change`; before and now: the values, where it has some."""

    period: str
    what: str
    before: object = None
    now: object = None


def changes(months: Sequence[Month], basis: str, follow: Mapping[str, str]) -> list[Change]:
    """The changes of the months, oldest first. follow: district code of then -> today's, for a merger moves nobody."""
    found: list[Change] = []
    for before, now in zip(months, months[1:], strict=False):
        found += _between(before, now, basis, follow)
    return found


def _between(before: Month, now: Month, basis: str, follow: Mapping[str, str]) -> list[Change]:
    if before.there != now.there:
        gone = "ended" if now.row is not None else "left"
        return [Change(now.period, ("entered" if before.row is None else "revived") if now.there else gone)]
    if not now.there:
        return []
    found = []
    old, new = before.row, now.row
    for column, what in (("district_code", "district"), ("park_code", "park"), ("sector", "sector")):
        pair = (old[column], new[column])
        if column == "district_code":
            pair = tuple(follow.get(code, code) for code in pair)
        if pair[0] != pair[1]:
            found.append(Change(now.period, what, old[column], new[column]))
    for column, yes, no in (
        (basis, "recognised", "unrecognised"),
        ("covered", "covered", "uncovered"),
        ("work_covered", "reached", "unreached"),
    ):
        if None not in (old[column], new[column]) and old[column] != new[column]:
            found.append(Change(now.period, yes if new[column] else no, old["mode"], new["mode"]))
    if old["covered"] and new["covered"] and old["mode"] != new["mode"]:
        found.append(Change(now.period, "mode", old["mode"], new["mode"]))
    if old["employees"] != new["employees"]:
        found.append(Change(now.period, "employees", old["employees"], new["employees"]))
    return found


def covered_since(months: Sequence[Month]) -> str | None:
    """The first of the months without a break in which it was covered until now; None where it is not covered."""
    since = None
    for month in reversed(months):
        if not (month.there and month.row["covered"]):
            break
        since = month.period
    return since
