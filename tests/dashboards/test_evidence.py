"""Evidence laid out: what has no row where it was looked for is said, and only there."""

import pytest

from dashboards.finding_evidence import _file
from dashboards.screens import finding
from data.contracts import rules
from tests.dashboards.views import view_of
from transforms.evidence import Place, lay_out


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


def test_an_office_is_named_in_the_readers_language(example_home):
    place = Place("social_insurance", "2017-12/social_insurance/参保.xlsx", 3)
    named = {lang: _file(view_of(example_home, finding.PAGE, "2017-12", lang=lang), place) for lang in ("zh", "en")}
    assert "人社" in named["zh"] and "Social security" in named["en"] and "人社" not in named["en"]
    assert "参保.xlsx" in named["en"]
