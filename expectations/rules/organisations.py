"""Rules on party organisations: how many units and members there must be for what they are."""

from collections.abc import Iterator

import narwhals as nw

from expectations.findings import Lead, Month
from expectations.rules.links import active

JOINT_MOST = 5
MEMBERS_LEAST = 3


def single_many_units(month: Month) -> Iterator[Lead]:
    return _leads(month, (nw.col("mode") == "single") & (nw.col("links") >= 2), "links")


def joint_one_unit(month: Month) -> Iterator[Lead]:
    return _leads(month, (nw.col("mode") == "joint") & (nw.col("links") == 1), "links")


def joint_overload(month: Month) -> Iterator[Lead]:
    return _leads(month, (nw.col("mode") == "joint") & (nw.col("links") > JOINT_MOST), "links")


def org_without_units(month: Month) -> Iterator[Lead]:
    return _leads(month, (nw.col("kind") == "branch") & (nw.col("links") == 0))


def single_below_three(month: Month) -> Iterator[Lead]:
    return _leads(month, (nw.col("mode") == "single") & (nw.col("formal_members") < MEMBERS_LEAST), "formal_members")


def joint_below_three(month: Month) -> Iterator[Lead]:
    return _leads(month, (nw.col("mode") == "joint") & (nw.col("formal_members") < MEMBERS_LEAST), "formal_members")


def org_before_unit(month: Month) -> Iterator[Lead]:
    founded = month.census.select("uscc", unit_founded_on="founded_on")
    youngest = active(month).join(founded, on="uscc", how="inner").group_by("org_code").agg(nw.col("unit_founded_on").max())
    single = month.organisations.filter(nw.col("mode") == "single").join(youngest, on="org_code", how="inner")
    return month.leads(single.filter(nw.col("founded_on") < nw.col("unit_founded_on")), "founded_on", "unit_founded_on", subject="org_code")


def _leads(month: Month, where: nw.Expr, *facts: str) -> Iterator[Lead]:
    return month.leads(month.organisations.filter(where), *facts, subject="org_code")
