"""Rules on the survey: what was found on the spot against what the registers say. `surveyed_on` within the twelve months."""

from collections.abc import Iterator

import narwhals as nw

from expectations.findings import Lead, Month

FACTS = {"employees": "survey_employees", "members": "survey_members", "has_org": "survey_has_org", "operating": "survey_operating"}


def survey_shell_active(month: Month) -> Iterator[Lead]:
    shell = nw.col("survey_operating").is_in(["shell", "suspended"])
    return month.leads(_surveyed(month).filter(nw.col("registered") & shell & (nw.col("taxpayer") | nw.col("insured"))), "survey_operating")


def survey_operating_unseen(month: Month) -> Iterator[Lead]:
    unseen = nw.col("registered") & (nw.col("sector") == "enterprise") & ~nw.col("taxpayer") & ~nw.col("insured")
    return month.leads(_surveyed(month).filter(unseen & (nw.col("survey_operating") == "operating")), "survey_operating")


def survey_employees_differ(month: Month) -> Iterator[Lead]:
    apart = _apart(nw.col("survey_employees"), nw.col("employees"))
    differ = (apart > 10) & (10 * apart > 3 * nw.col("employees"))
    return _differing(month, differ, "survey_employees", "employees")


def survey_members_differ(month: Month) -> Iterator[Lead]:
    known = nw.col("members") + nw.col("irregular_members")
    return _differing(month, _apart(nw.col("survey_members"), known) >= 2, "survey_members", "members", "irregular_members")


def survey_org_differs(month: Month) -> Iterator[Lead]:
    said, covered = nw.col("survey_has_org"), nw.col("covered")
    return _differing(month, (said & ~covered) | (~said & covered), "survey_has_org", "covered")


def survey_unit_unknown(month: Month) -> Iterator[Lead]:
    return month.leads(month.placed(_in_time(month).join(month.census.select("uscc"), on="uscc", how="anti")))


def _in_time(month: Month) -> nw.LazyFrame:
    days = (nw.col("surveyed_on") >= nw.lit(month.year_start)) & (nw.col("surveyed_on") <= nw.lit(month.day))
    return month.rows["survey"].filter(days).select("uscc", **{new: nw.col(old) for old, new in FACTS.items()})


def _surveyed(month: Month) -> nw.LazyFrame:
    return month.census.join(_in_time(month), on="uscc", how="inner")


def _differing(month: Month, where: nw.Expr, *facts: str) -> Iterator[Lead]:
    """Of rules that do not need the registers: where none is in effect there is no unit of the census, and so nothing that differs."""
    return iter(()) if month.census is None else month.leads(_surveyed(month).filter(where), *facts)


def _apart(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    return nw.when(one >= other).then(one - other).otherwise(other - one)
