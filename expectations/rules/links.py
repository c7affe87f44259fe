"""Rules on links between organisations and units: both ends must be there, and active."""

from collections.abc import Iterator

import narwhals as nw

from expectations.findings import Lead, Month


def link_org_unknown(month: Month) -> Iterator[Lead]:
    return _leads(month, month.links.join(month.rows["party_org"].select("org_code"), on="org_code", how="anti"))


def link_org_inactive(month: Month) -> Iterator[Lead]:
    known = month.links.join(month.rows["party_org"].select("org_code"), on="org_code", how="inner")
    return _leads(month, known.join(month.organisations.select("org_code"), on="org_code", how="anti"))


def link_unit_unknown(month: Month) -> Iterator[Lead]:
    return _leads(month, active(month).join(month.census.select("uscc"), on="uscc", how="anti"))


def link_unit_inactive(month: Month) -> Iterator[Lead]:
    gone = month.census.filter(~nw.col("active")).select("uscc")
    return _leads(month, active(month).join(gone, on="uscc", how="inner"))


def unit_many_orgs(month: Month) -> Iterator[Lead]:
    counts = active(month).group_by("uscc").agg(organisations=nw.len().cast(nw.Int64)).filter(nw.col("organisations") >= 2)
    return month.leads(month.placed(counts), "organisations")


def active(month: Month) -> nw.LazyFrame:
    """Links in force of organisations that are active: org_code, uscc."""
    return month.links.join(month.organisations.select("org_code"), on="org_code", how="inner")


def _leads(month: Month, links: nw.LazyFrame) -> Iterator[Lead]:
    for org, unit, district, park in month.placed(links).select("org_code", "uscc", "district_code", "park_code").collect().rows():
        yield Lead(f"{org}|{unit}", district, park)
