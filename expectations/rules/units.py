"""Rules on units: what one register says against another."""

from collections.abc import Iterator

import narwhals as nw

from expectations.findings import Lead, Month

JUMP_FROM, JUMP_TIMES = 50, 3


def unit_code_conflict(month: Month) -> Iterator[Lead]:
    both = month.rows["registration"].select("uscc").join(month.rows["social_org"].select("uscc"), on="uscc", how="inner")
    return month.leads(month.placed(both))


def district_unknown(month: Month) -> Iterator[Lead]:
    return month.leads(month.census.filter(nw.col("registered") & (nw.col("district_code") == "000000")))


def park_unknown(month: Month) -> Iterator[Lead]:
    units = month.census.filter(nw.col("registered") & nw.col("park_code").is_null()).join(month.registers, on="uscc", how="inner")
    # A park that is listed is in the census: what is left of those written down is in no list.
    return month.leads(units.filter(~nw.col("park_as_written").is_null()), "park_as_written")


def taxed_after_exit(month: Month) -> Iterator[Lead]:
    return month.leads(month.census.filter(nw.col("taxpayer") & ~nw.col("active")))


def insured_after_exit(month: Month) -> Iterator[Lead]:
    return month.leads(month.census.filter(nw.col("insured") & ~nw.col("active")), "employees")


def insured_unregistered(month: Month) -> Iterator[Lead]:
    insured = month.rows["social_insurance"].filter(nw.col("insured") >= 1)
    return month.leads(month.placed(_in_no_register(month, insured.select("uscc", employees="insured"))), "employees")


def taxpayer_unregistered(month: Month) -> Iterator[Lead]:
    paying = month.rows["tax"].filter((nw.col("status") == "normal") & (nw.col("paid_yuan") > 0)).select(uscc="taxpayer_id").unique()
    return month.leads(month.placed(_in_no_register(month, paying)))


def large_untaxed(month: Month) -> Iterator[Lead]:
    large = nw.col("registered") & (nw.col("sector") == "enterprise") & (nw.col("employees") >= 50) & ~nw.col("taxpayer")
    return month.leads(month.census.filter(large), "employees")


def headcount_jump(month: Month) -> Iterator[Lead]:
    before = month.before.census.filter(~nw.col("employees").is_null()).select("uscc", employees_before="employees")
    both = month.census.filter(~nw.col("employees").is_null()).join(before, on="uscc", how="inner")
    now, then = nw.col("employees"), nw.col("employees_before")
    more, less = ((now >= JUMP_FROM) & (now >= JUMP_TIMES * then)), ((then >= JUMP_FROM) & (then >= JUMP_TIMES * now))
    return month.leads(both.filter(more | less), "employees_before", "employees")


def _in_no_register(month: Month, units: nw.LazyFrame) -> nw.LazyFrame:
    return units.join(month.census.select("uscc"), on="uscc", how="anti")
