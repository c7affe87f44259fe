"""Party organisations active at D, one row each, with where they belong and of which sector (definitions.md, 'Organisation metrics')."""

import narwhals as nw

from transforms.census import IRREGULAR_RELATIONS, OK_RELATIONS, active_links, active_organisations
from transforms.inputs import UNKNOWN, Inputs


def organisations(inputs: Inputs, census: nw.LazyFrame) -> nw.LazyFrame:
    """Columns: the fields of party_org; links (active ones); district_code; park_code (null: in none); sector (enterprise, social_org,
    or null: counts in `all` only); trained_this_year; term_over; formal_members and irregular_members (null without the member list).
    Needs party_org, org_link and both registers."""
    links = active_links(inputs).select("org_code", "uscc")
    placed = links.join(census.select("uscc", "district_code", "park_code", "sector"), on="uscc", how="left")
    placed = placed.with_columns(
        nw.col("district_code").fill_null(UNKNOWN), enterprise=_is("enterprise"), social_org=_is("social_org"), one=nw.lit(1)
    )
    counts = placed.group_by("org_code").agg(
        links=nw.col("one").sum(), enterprises=nw.col("enterprise").sum(), social_orgs=nw.col("social_org").sum()
    )
    found = (
        active_organisations(inputs)
        .join(counts, on="org_code", how="left")
        .with_columns(nw.col("links", "enterprises", "social_orgs").fill_null(0).cast(nw.Int64))
    )
    found = found.join(_most(placed), on="org_code", how="left").join(_park(placed, counts), on="org_code", how="left")
    found = _with_members(found, inputs)
    year = inputs.day.replace(month=1, day=1)
    return found.with_columns(
        nw.col("district_code").fill_null(UNKNOWN),
        sector=nw.when((nw.col("links") > 0) & (nw.col("enterprises") == nw.col("links"))).then(nw.lit("enterprise")).otherwise(
            nw.when((nw.col("links") > 0) & (nw.col("social_orgs") == nw.col("links"))).then(nw.lit("social_org"))),
        trained_this_year=nw.col("secretary_trained_on").is_between(nw.lit(year), nw.lit(inputs.day)).fill_null(False),
        term_over=(nw.col("term_ends_on") <= nw.lit(inputs.day)).fill_null(False),
    )  # fmt: skip


def organisations_known(inputs: Inputs, census: nw.LazyFrame | None) -> nw.LazyFrame:
    """The same from whatever is there besides party_org: without links or registers nothing is known of where an organisation belongs."""
    nothing = {name: nw.lit(None, dtype=nw.String) for name in ("park_code", "sector")}
    if "org_link" not in inputs.rows:
        return _with_members(active_organisations(inputs), inputs).with_columns(district_code=nw.lit(UNKNOWN), **nothing)
    if census is None:  # no unit is in a register
        census = inputs.rows["org_link"].filter(nw.col("uscc") == "").select("uscc", district_code=nw.lit(UNKNOWN), **nothing)
    return organisations(inputs, census)


def _with_members(organisations: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    """The members that an organisation's own list names, as the census counts those of a unit: each person once."""
    columns = ("formal_members", "irregular_members")
    if "member" not in inputs.rows:
        return organisations.with_columns(nw.lit(None, dtype=nw.Int64).alias(name) for name in columns)
    since = nw.col("formal_on").is_null() | (nw.col("formal_on") <= nw.lit(inputs.day))
    persons = inputs.rows["member"].select(
        "org_code",
        "member_id",
        formal_members=(nw.col("relation").is_in(OK_RELATIONS) & (nw.col("kind") == "formal") & since).cast(nw.Int64),
        irregular_members=nw.col("relation").is_in(IRREGULAR_RELATIONS).cast(nw.Int64),
    )
    persons = persons.group_by("org_code", "member_id").agg(*(nw.col(name).max() for name in columns))
    counts = persons.group_by("org_code").agg(*(nw.col(name).sum().cast(nw.Int64) for name in columns))
    return organisations.join(counts, on="org_code", how="left").with_columns(nw.col(*columns).fill_null(0))


def _is(sector: str) -> nw.Expr:
    return (nw.col("sector") == sector).fill_null(False).cast(nw.Int64)


def _most(placed: nw.LazyFrame) -> nw.LazyFrame:
    """The district in which most links lie; of several, the smallest code."""
    by_district = placed.group_by("org_code", "district_code").agg(count=nw.col("one").sum())
    largest = by_district.group_by("org_code").agg(largest=nw.col("count").max())
    tied = by_district.join(largest, on="org_code", how="inner").filter(nw.col("count") == nw.col("largest"))
    return tied.group_by("org_code").agg(nw.col("district_code").min())


def _park(placed: nw.LazyFrame, counts: nw.LazyFrame) -> nw.LazyFrame:
    """The park in which more than half of the links lie: there can be one only."""
    by_park = placed.filter(~nw.col("park_code").is_null()).group_by("org_code", "park_code").agg(count=nw.col("one").sum())
    return (
        by_park.join(counts.select("org_code", "links"), on="org_code", how="inner")
        .filter(nw.col("count") * 2 > nw.col("links"))
        .select("org_code", "park_code")
    )
