"""Findings in claims: what came and went, what is overdue, and where it lies only if it lies somewhere."""

from dataclasses import replace
from datetime import date

import pytest

from tests.transforms.claims.made import case, facts, picture, plain
from transforms.claims.certainty import certainty
from transforms.claims.claim import Claim, Day, LeftOut, Month, Place
from transforms.claims.findings import casework_unread, concentrated, findings, tally, to_put_right
from transforms.claims.steps import steps
from transforms.claims.visits import Ground, signs_of


def severe(number: int, severity: str = "H", **row) -> dict:
    return case(number, severity=severity, **row)


def named(made) -> dict:
    return {each.name: each for each in made}


def test_what_came_and_went_is_counted_against_the_last_month_that_was_looked_at():
    rows = [
        severe(1),
        severe(2, "S", moved="again", rounds=2),
        severe(3, "S", moved="stayed", stood=True, opened="2017-10"),
        severe(4, "I", moved="gone", stood=True, status="closed", closed="2017-12", opened="2017-10"),
        severe(5, moved="unchecked", stood=True, opened="2017-10"),
        severe(6, moved="passed", status="closed", closed="2017-12"),
        severe(7, moved=None, status="closed", closed="2017-11", opened="2017-10"),
        severe(8, "S", moved="stayed", stood=True, opened="2017-10", status="explained"),
    ]
    made = named(findings(facts(cases=rows, released=[picture("2017-10")])))
    assert plain(made["findings_moved"]) == {"month": Month("2017-10"), "new": 1, "again": 1, "gone": 1, "here": 4}
    assert made["findings_unchecked"].values == {"n": 1}
    assert made["findings_explained"].values == {"n": 1}
    assert plain(made["findings_severity"]) == {"must": 1, "explain": 3, "look": 0}
    assert made["findings_moved"].subject.metric == "" and made["findings_moved"].subject.basis == ""


def test_in_the_first_month_nothing_is_new():
    made = named(findings(facts(cases=[severe(1), severe(2)])))
    assert plain(made["findings_first"]) == {"here": 2}
    assert "findings_moved" not in made


def test_without_findings_nothing_is_said_and_without_any_found_it_is_said_so():
    assert findings(facts(cases=None)) == [LeftOut("findings_moved", facts().subject(sector="", basis=""), "missing:absent")]
    none_ran = facts(cases=[], manifest={"checks": {"not_run": {}, "ran": []}})
    assert isinstance(findings(none_ran)[0], LeftOut)
    assert findings(facts(cases=[]))[0].name == "findings_none"
    assert isinstance(findings(facts(cases=[], manifest={"checks": {"not_run": {}}}))[0], LeftOut), "of how many rules is not known"


def test_overdue_is_what_was_given_a_day_and_nothing_else():
    late = severe(1, status="assigned", due=date(2017, 12, 1), overdue=True)
    in_time = severe(2, status="assigned", due=date(2018, 1, 5))
    explained = severe(3, status="explained", due=date(2017, 11, 1))
    made = named(findings(facts(cases=[late, in_time, explained], due_on=date(2017, 12, 31))))
    assert made["findings_overdue"].values == {"n": 1, "must": 1, "day": Day(date(2017, 12, 1))}
    assert named(findings(facts(cases=[in_time, explained])))["findings_in_time"].values == {"n": 1}
    assert named(findings(facts(cases=[severe(1)])))["findings_overdue"] == LeftOut(
        "findings_overdue", facts().subject(sector="", basis=""), "no_days_set"
    )


def test_the_same_is_said_of_what_is_overdue_on_every_day_that_passes():
    rows = [severe(1, status="assigned", due=date(2017, 12, 1), overdue=True)]
    one, other = (findings(facts(cases=rows, due_on=day)) for day in (date(2018, 1, 20), date(2018, 1, 21)))
    assert one == other


def test_what_needs_a_casework_that_cannot_be_read_is_left_out():
    rows = [severe(1), severe(2, "S", moved="stayed", stood=True)]
    known = replace(facts(cases=rows), casework="unread")
    made = named(findings(known))
    assert {name for name, each in made.items() if isinstance(each, LeftOut)} == {
        "findings_explained",
        "findings_overdue",
        "findings_places",
    }
    assert {each.reason for each in made.values() if isinstance(each, LeftOut)} == {"casework"}
    assert plain(made["findings_severity"]) == {"must": 1, "explain": 1, "look": 0}
    assert [(each.name, plain(each)) for each in casework_unread(known)] == [("casework_unread", {"here": 2})]
    assert "casework_unread" in named(certainty(known)) and "casework_unread" not in named(certainty(facts(cases=rows)))
    assert [(each.name, each.reason) for each in steps(known)] == [("step_overdue", "casework")]
    signs = {(each.name, each.reason) for each in signs_of(Ground(known), "district", "980101") if isinstance(each, LeftOut)}
    assert signs >= {("visit_overdue", "casework"), ("visit_leads", "casework")}


def spread(*counts: int) -> list[dict]:
    """So many findings in one district after the other."""
    places = [code for code, count in zip(("980101", "980102", "980103", "000000"), counts, strict=False) for _ in range(count)]
    return [severe(number, district_code=code) for number, code in enumerate(places)]


@pytest.mark.parametrize(
    ("counts", "leading"),
    [
        ((5, 1, 1), {"980101": 5}),
        ((2, 2, 1), {}),  # two of three are most of the districts
        ((2, 2, 2), {}),
        ((3, 0, 0, 3), {}),  # half is not more than half, and nobody knows where the others lie
        ((), {}),
    ],
)
def test_a_place_is_named_only_where_a_few_hold_more_than_half(counts, leading):
    known = facts(cases=spread(*counts))
    assert concentrated(to_put_right(known.cases), 3) == leading


def test_districts_with_as_many_stand_together_or_not_at_all():
    # 3 + 2 would be more than half of nine: but there is a second one with two.
    known = facts(cases=spread(3, 2, 2) + [severe(100 + n, district_code=f"98020{n}") for n in range(2)])
    assert concentrated(to_put_right(known.cases), 20) == {"980101": 3, "980102": 2, "980103": 2}
    assert concentrated(to_put_right(known.cases), 6) == {}


def test_where_most_lies_is_said_of_open_ones_that_must_be_put_right():
    rows = [*spread(4, 1), severe(50, district_code="980102", status="explained"), severe(51, "S", district_code="980102")]
    claim = named(findings(facts(cases=rows)))["findings_places"]
    assert claim.values == {"all": 5, "n": 4, "places": (Place("district", "980101"),)}
    left_out = named(findings(facts(cases=spread(2, 2, 2))))["findings_places"]
    assert isinstance(left_out, LeftOut) and left_out.reason == "spread"
    assert named(findings(facts(cases=[case(1, severity="I")])))["findings_places"].reason == "none_open"


def test_every_claim_of_findings_is_counted():
    rows = [*spread(4, 1), severe(9, status="assigned", due=date(2017, 12, 1), overdue=True)]
    assert {each.test for each in findings(facts(cases=rows)) if isinstance(each, Claim)} == {"counted"}
    assert tally(facts(cases=rows).cases).must == 6
