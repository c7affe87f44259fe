"""Evidence laid out: what has no row where it was looked for is said, and only there."""

import pytest

from dashboards.evidence import lay_out
from data.contracts import rules


def row(source: str, **values) -> dict:
    return {"source": source, "path": f"2017-12/{source}/a.csv", "line": 2, "values": values}


@pytest.mark.parametrize(
    ("rule", "there", "absent"),
    [
        ("insured_unregistered", [row("social_insurance", insured=5)], ("registration", "social_org")),
        ("link_org_unknown", [row("org_link", org_code="X", uscc="A")], ("party_org",)),
        ("large_untaxed", [row("registration", status="active"), row("social_insurance", insured=50)], ("tax",)),
        # A unit of one register lacks nothing in the other.
        ("taxed_after_exit", [row("social_org", status="cancelled"), row("tax", paid_yuan="1")], ()),
        # The survey's rule can do without the registers, which may not have been delivered at all.
        ("survey_employees_differ", [row("survey", employees=9), row("social_insurance", insured=50)], ()),
    ],
)
def test_what_has_no_row_where_it_was_looked_for_is_said(rule, there, absent):
    assert lay_out(rules()[rule], {}, there).absent == absent
