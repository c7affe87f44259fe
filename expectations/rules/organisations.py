"""Rules on party organisations: how many units and members there must be for what they are."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

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
    single = month.organisations.filter(nw.col("mode") == "single").select("org_code", "founded_on", "district_code", "park_code")
    linked = active(month).join(single, on="org_code", how="inner").join(founded, on="uscc", how="inner")
    younger = linked.filter(nw.col("founded_on") < nw.col("unit_founded_on")).sort("org_code", "uscc")
    columns = ("org_code", "district_code", "park_code", "founded_on", "unit_founded_on", "uscc")
    for (org, district, park, day), rows in groupby(younger.select(columns).collect().rows(), key=itemgetter(0, 1, 2, 3)):
        units = [row[4:] for row in rows]
        facts = {"founded_on": day, "unit_founded_on": max(day for day, _ in units)}
        yield Lead(org, district, park, facts, {"uscc": tuple(unit for _, unit in units)})


def _leads(month: Month, where: nw.Expr, *facts: str) -> Iterator[Lead]:
    return month.leads(month.organisations.filter(where), *facts, subject="org_code")
