"""A month as rules see it, from the text tables of tests/cities.py, and what a rule finds in it."""

from data.contracts import rules
from expectations.findings import Before, Month, function_of, lacks
from pipelines.leads import month_of
from tests.cities import city, computed, rows_of
from transforms.census import census
from transforms.inputs import REGISTERS
from transforms.organisations import organisations_known


def month(returns: str | None = None, loads: list | None = None, withdrawn: list | None = None, figures: dict | None = None,
          before: Before | None = None, inputs=None, **delivered) -> Month:  # fmt: skip
    inputs = inputs or city(**delivered)
    units = census(inputs) if any(name in inputs.rows for name in REGISTERS) else None
    organisations = organisations_known(inputs, units) if "party_org" in inputs.rows else None
    reported = None if returns is None else rows_of("district_return", returns).to_dicts()
    return month_of(inputs, units, organisations, figures or {}, reported, loads or [], withdrawn or [], before)


def before(employees: str | None = None, figures: dict | None = None, returns: dict | None = None, missing: str = "") -> Before:
    """The month before: `employees` is a table of social_insurance over the units that it names."""
    units = "uscc" if employees is None else "uscc" + "".join(f" \n {line.split()[0]}" for line in employees.split("\n")[1:])
    inputs = city("2017-11", registration=units, social_insurance=employees or "")
    return Before(census(inputs), figures or {}, returns, frozenset(missing.split()))


def leads(rule: str, seen: Month) -> dict[str, tuple]:
    """subject -> (district, park) of what a rule finds; the rule must be fit to run."""
    card = rules()[rule]
    assert lacks(card, seen) is None, lacks(card, seen)
    return {lead.subject: (lead.district_code, lead.park_code) for lead in function_of(card)(seen)}


def subjects(rule: str, seen: Month) -> list[str]:
    return sorted(leads(rule, seen))


__all__ = ["before", "computed", "leads", "month", "subjects"]
