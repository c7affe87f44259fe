"""Rules on members, who are pseudonyms: one person, one organisation, and that one known."""

from collections.abc import Iterator

import narwhals as nw

from expectations.findings import UNKNOWN, Lead, Month
from expectations.rules.links import active

REGULAR = ("in_place", "mobile")


def member_two_orgs(month: Month) -> Iterator[Lead]:
    # All rows: an irregular relation is one, too.
    rows = month.rows["member"].select("member_id", "org_code").unique()
    inside = rows.join(_places(month), on="org_code", how="inner")
    several = inside.group_by("member_id").agg(organisations=nw.len().cast(nw.Int64), org_code=nw.col("org_code").min())
    several = several.filter(nw.col("organisations") >= 2).join(_places(month), on="org_code", how="inner")
    return month.leads(several, "organisations", subject="member_id")


def member_org_unknown(month: Month) -> Iterator[Lead]:
    lost = _regular(month).join(month.rows["party_org"].select("org_code"), on="org_code", how="anti").select("member_id").unique()
    for (member,) in lost.collect().rows():
        yield Lead(member, UNKNOWN)


def member_outside_org(month: Month) -> Iterator[Lead]:
    settled = month.organisations.filter(nw.col("mode") != "dispatched").select("org_code", "district_code", "park_code")
    rows = _regular(month).filter(~nw.col("uscc").is_null()).join(settled, on="org_code", how="inner")
    outside = rows.join(active(month), on=["org_code", "uscc"], how="anti")
    first = outside.group_by("member_id").agg(org_code=nw.col("org_code").min()).join(_places(month), on="org_code", how="inner")
    return month.leads(first, subject="member_id")


def _regular(month: Month) -> nw.LazyFrame:
    return month.rows["member"].filter(nw.col("relation").is_in(REGULAR))


def _places(month: Month) -> nw.LazyFrame:
    return month.organisations.select("org_code", "district_code", "park_code")
