"""The unit census: one row a unit and period, with what every register says of it (spec: definitions.md, 'The unit census')."""

import narwhals as nw

from data.contracts import tables
from data.periods import twelve_months_to
from transforms.inputs import LINKS, UNKNOWN, Inputs, in_force

OK_RELATIONS = ("in_place", "mobile")
IRREGULAR_RELATIONS = ("pocket", "nominal", "lost")
MODES = ("single", "joint", "dispatched")
_TYPES = {"text": nw.String, "boolean": nw.Boolean, "bigint": nw.Int64, "date": nw.Date}
_REGISTER = ("uscc", "name", "founded_on", "ended_on", "status", "type_code", "kind", "district_code", "park_code")


def census(inputs: Inputs) -> nw.LazyFrame:
    """One row a USCC of the registers in effect; columns as in data/contracts/tables/census.toml, internal ones too.

    A column whose sources are not all there is null. At least one of the two registers must be in effect.
    """
    units = _places(_status(_universe(inputs), inputs), inputs)
    for add in (_taxes, _insurance, _members, _coverage, _instructors, _mass_organisations, _survey):
        units = add(units, inputs)
    units = units.with_columns(
        corroborated=_basis(inputs, nw.col("taxpayer") | nw.col("insured")), verified=_basis(inputs, nw.col("taxpayer") & nw.col("insured"))
    )
    units = units.with_columns(work_covered=_work_covered(inputs), period=nw.lit(inputs.period))
    return units.select(column.name for column in tables()["census"].columns)


def active_links(inputs: Inputs) -> nw.LazyFrame:
    """Links in force at D of organisations active at D: org_code, uscc, mode, founded_on (the organisation's)."""
    links = inputs.rows["org_link"].filter(in_force(inputs.day, "starts_on", "ends_on")).select("org_code", "uscc")
    return links.join(active_organisations(inputs).select("org_code", "mode", "founded_on"), on="org_code", how="inner")


def active_organisations(inputs: Inputs) -> nw.LazyFrame:
    """Party organisations founded on or before D and not ended by then, with all fields of their card."""
    return inputs.rows["party_org"].filter(in_force(inputs.day, "founded_on", "ended_on"))


def _universe(inputs: Inputs) -> nw.LazyFrame:
    """Both registers as one list. A code in both counts once, as the social organisation."""
    parts = []
    if "registration" in inputs.rows:
        market = inputs.rows["registration"].join(inputs.types, left_on="type_code", right_on="code", how="left")
        if "social_org" in inputs.rows:
            market = market.join(inputs.rows["social_org"].select("uscc"), on="uscc", how="anti")
        parts.append(market.select(*_REGISTER))
    if "social_org" in inputs.rows:
        social = inputs.rows["social_org"].with_columns(type_code=nw.lit(None, dtype=nw.String), kind=nw.lit("social_org"))
        parts.append(social.select(*_REGISTER))
    return nw.concat(parts, how="vertical")


def _status(units: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    sector = (
        nw.when(nw.col("kind").is_in(["social_org", "self_employed"])).then(nw.col("kind"))
        .otherwise(nw.when(nw.col("kind").is_in(["non_public", "assumed_non_public"])).then(nw.lit("enterprise")))
    )  # fmt: skip
    units = units.with_columns(
        sector=sector,
        assumed=(nw.col("kind") == "assumed_non_public").fill_null(False),
        active=((nw.col("status") == "active") & in_force(inputs.day, "founded_on", "ended_on")).fill_null(False),
    )
    return units.with_columns(registered=nw.col("active") & ~nw.col("sector").is_null())


def _places(units: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    units = units.join(inputs.district_map, left_on="district_code", right_on="code", how="left")
    units = units.with_columns(district_code=nw.col("valid_code").fill_null(UNKNOWN)).drop("valid_code")
    if "park" not in inputs.rows:
        return units.with_columns(_null("park_code"))
    listed = inputs.rows["park"].select("park_code", listed=nw.lit(True))
    return (
        units.join(listed, on="park_code", how="left")
        .with_columns(park_code=nw.when(~nw.col("listed").is_null()).then(nw.col("park_code")))
        .drop("listed")
    )


def _taxes(units: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    if "tax" not in inputs.rows:
        return units.with_columns(_null("taxpayer"))
    # Amounts are never negative, so the sum is above 0 where one of them is.
    paying = inputs.rows["tax"].filter((nw.col("status") == "normal") & (nw.col("paid_yuan") > 0))
    return _flag(units, paying.select(uscc=nw.col("taxpayer_id")), "taxpayer")


def _insurance(units: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    if "social_insurance" not in inputs.rows:
        return units.with_columns(_null("insured"), _null("employees"))
    counts = inputs.rows["social_insurance"].select("uscc", employees=nw.col("insured"))
    return units.join(counts, on="uscc", how="left").with_columns(insured=(nw.col("employees") >= 1).fill_null(False))


def _members(units: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    columns = ("members", "formal_members", "irregular_members")
    if "member" not in inputs.rows:
        return units.with_columns(*(_null(name) for name in columns))
    regular = nw.col("relation").is_in(OK_RELATIONS)
    since = nw.col("formal_on").is_null() | (nw.col("formal_on") <= nw.lit(inputs.day))
    rows = inputs.rows["member"].filter(~nw.col("uscc").is_null()).select(
        "uscc", "member_id",
        members=regular.cast(nw.Int64),
        formal_members=(regular & (nw.col("kind") == "formal") & since).cast(nw.Int64),
        irregular_members=nw.col("relation").is_in(IRREGULAR_RELATIONS).cast(nw.Int64),
    )  # fmt: skip
    # A member may stand in two organisations with one work unit: one person, counted once.
    persons = rows.group_by("uscc", "member_id").agg(*(nw.col(name).max() for name in columns))
    counts = persons.group_by("uscc").agg(*(nw.col(name).sum().cast(nw.Int64) for name in columns))
    return units.join(counts, on="uscc", how="left").with_columns(nw.col(*columns).fill_null(0))


def _coverage(units: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    if not inputs.has(*LINKS):
        return units.with_columns(_null("covered"), _null("mode"))
    rank = (
        nw.when(nw.col("mode") == "single")
        .then(nw.lit(0))
        .otherwise(nw.when(nw.col("mode") == "joint").then(nw.lit(1)).otherwise(nw.lit(2)))
    )
    best = active_links(inputs).select("uscc", rank=rank).group_by("uscc").agg(nw.col("rank").min())
    mode = nw.when(nw.col("rank") == 0).then(nw.lit(MODES[0])).otherwise(
        nw.when(nw.col("rank") == 1).then(nw.lit(MODES[1])).otherwise(nw.when(nw.col("rank") == 2).then(nw.lit(MODES[2]))))  # fmt: skip
    return units.join(best, on="uscc", how="left").with_columns(covered=~nw.col("rank").is_null(), mode=mode).drop("rank")


def _instructors(units: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    if "instructor" not in inputs.rows:
        return units.with_columns(_null("instructed"))
    return _flag(units, inputs.rows["instructor"].filter(in_force(inputs.day, "starts_on", "ends_on")).select("uscc"), "instructed")


def _mass_organisations(units: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    for kind in ("union", "youth_league", "women"):
        if "mass_org" not in inputs.rows:
            units = units.with_columns(_null(kind))
        else:
            of_kind = inputs.rows["mass_org"].filter((nw.col("kind") == kind) & in_force(inputs.day, "founded_on", "ended_on"))
            units = _flag(units, of_kind.select("uscc"), kind)
    return units


def _survey(units: nw.LazyFrame, inputs: Inputs) -> nw.LazyFrame:
    if "survey" not in inputs.rows:
        return units.with_columns(_null("surveyed"), _null("five_clear"))
    known = nw.all_horizontal(*(~nw.col(name).is_null() for name in ("operating", "employees", "members", "has_org")), ignore_nulls=False)
    rows = inputs.rows["survey"].filter(
        (nw.col("surveyed_on") >= nw.lit(twelve_months_to(inputs.period))) & (nw.col("surveyed_on") <= nw.lit(inputs.day))
    )
    rows = rows.select("uscc", surveyed=nw.lit(True), five_clear=known & nw.col("investor_known").fill_null(False))
    return units.join(rows, on="uscc", how="left").with_columns(nw.col("surveyed", "five_clear").fill_null(False))


def _basis(inputs: Inputs, evidence: nw.Expr) -> nw.Expr:
    """A social organisation is what its register says; an enterprise needs the two lists, and without one of them nobody knows."""
    others = nw.col("registered") & evidence if inputs.has("tax", "social_insurance") else nw.lit(None, dtype=nw.Boolean)
    return nw.when((nw.col("sector") == "social_org").fill_null(False)).then(nw.col("registered")).otherwise(others)


def _work_covered(inputs: Inputs) -> nw.Expr:
    if not inputs.has(*LINKS, "instructor", "mass_org"):
        return nw.lit(None, dtype=nw.Boolean)
    return nw.col("covered") | nw.col("instructed") | nw.col("union") | nw.col("youth_league") | nw.col("women")


def _flag(units: nw.LazyFrame, listed: nw.LazyFrame, name: str) -> nw.LazyFrame:
    return units.join(listed.unique().with_columns(nw.lit(True).alias(name)), on="uscc", how="left").with_columns(
        nw.col(name).fill_null(False)
    )


def _null(name: str) -> nw.Expr:
    return nw.lit(None, dtype=_TYPES[tables()["census"].column(name).type]).alias(name)
