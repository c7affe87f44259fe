"""Work lists as a reader looks at them: filtered, counted, and against the list of the period published before.

What belongs here: pure functions over the rows of table worklist (with the units' names), and which sentence says why a unit left.
Counts add up: what was on the list before, less what left, and what is new, is what is on it now; under every filter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from data.periods import add_months, months_between

ALL, NEW, OUTSIDE = "all", "new", "outside"
SINCE = (ALL, NEW, "3", "6", "12")
AT_MOST = 200
# The figure whose denominator without its numerator is the list: n/N stands beside a count.
METRIC = {
    "due_single": "single_due_rate",
    "members_uncovered": "member_unit_coverage",
    "large50_no_member": "large50_member_rate",
    "large100_no_org": "large100_org_rate",
}


@dataclass(frozen=True)
class Choice:
    """What of a list is looked at. `since`: all, new, or at least so many months on the list."""

    name: str
    district: str = ALL
    park: str = ALL
    sector: str = ALL
    since: str = ALL


def on_list(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.filter(pl.col("list") == name)


def placed(rows: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """The rows of the chosen district, park and sector, whenever they came."""
    kept = [pl.lit(True)]
    if choice.district != ALL:
        kept.append(pl.col("district_code") == choice.district)
    if choice.park == OUTSIDE:
        kept.append(pl.col("park_code").is_null())
    elif choice.park != ALL:
        kept.append(pl.col("park_code") == choice.park)
    if choice.sector != ALL:
        kept.append(pl.col("sector") == choice.sector)
    return rows.filter(pl.all_horizontal(kept))


def waited(rows: pl.DataFrame, since: str, period: str) -> pl.DataFrame:
    """The rows that came in this period, or that have been on the list for so many months."""
    if since == ALL:
        return rows
    if since == NEW:
        return rows.filter(pl.col("since") == period)
    return rows.filter(pl.col("since") <= add_months(period, -int(since)))


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """The longest on the list first, of these the largest."""
    return rows.sort("since", "employees", "uscc", descending=[False, True, False], nulls_last=True)


def months_on(since: str, period: str) -> int:
    """Whole months from the first period on the list to this one; 0: it came with this one."""
    return months_between(since, period)


def followed(rows: pl.DataFrame, follow: Callable[[str], str]) -> pl.DataFrame:
    """Rows of an earlier period under today's district codes."""
    codes = {code: follow(code) for code in rows["district_code"].unique()}
    return rows.with_columns(pl.col("district_code").replace(codes))


def came_and_left(now: pl.DataFrame, before: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is on the list now and was not, and what was and is not (as it stood before); both sides filtered alike."""
    return now.join(before, on="uscc", how="anti"), before.join(now, on="uscc", how="anti")


def counts(rows: pl.DataFrame, by: str = "district_code") -> dict[str, int]:
    return dict(rows.group_by(by).len().rows())


def why_left(name: str, unit: Mapping[str, Any] | None, basis: str, still: bool) -> str:
    """Why a unit is off the list, from what the registers say of it now: a key of section `left`."""
    if still:
        return "moved"
    if unit is None or not unit["active"]:
        return "ended"
    if not unit[basis]:
        return "no_object"
    reasons = {
        "due_single": ("single" if unit["mode"] == "single" else "fewer_members"),
        "members_uncovered": ("covered" if unit["covered"] else "no_members"),
        "large50_no_member": ("has_members" if (unit["members"] or 0) >= 1 else "fewer_employees"),
        "large100_no_org": ("covered" if unit["covered"] else "fewer_employees"),
        "new_unit": ("reached" if unit["work_covered"] else "no_longer_new"),
    }
    return reasons.get(name, "otherwise")
