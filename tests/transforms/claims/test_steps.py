"""What to do next: in the order of what holds the others up, each with its number, and asked after later."""

import json

import pytest

from tests.transforms.claims.made import CITY, case, facts, plain
from transforms.claims import steps as module
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place
from transforms.claims.steps import asks, steps

GOAL = {"metric": "org_coverage", "sector": "all", "unit_kind": "city", "unit_code": CITY, "due": "2018-06", "target": 0.8}


def goal(n: int, d: int, missing: int, **row) -> dict:
    return GOAL | {"value": n / d, "units_missing": missing} | row


def listed(name: str, number: int, since: str = "2017-12") -> dict:
    return {"list": name, "uscc": f"91980101MA{number:08d}", "since": since, "sector": "enterprise"}


def names(known, most: int = 9) -> list[str]:
    return [each.name for each in steps(known, most) if isinstance(each, Claim)]


def whole(**more):
    """A month in which everything is to be done."""
    figures = {("org_coverage", "city"): (60, 100)}
    given = {"figures": figures, "targets": [goal(60, 100, 20)], "lists": [listed("due_single", 1)], "cases": [case(1, severity="H")]}
    given |= {"manifest": {"missing": ["tax"], "carried": {"member": "2017-11", "funding": "2017-01"}}}
    return facts(**(given | more))


def test_deliveries_come_first_then_findings_targets_and_lists():
    assert names(whole()) == ["step_deliveries", "step_must", "step_target", "step_list_new"]
    assert names(whole(), 3) == ["step_deliveries", "step_must", "step_target"]
    assert names(facts()) == []


def test_sources_that_are_missing_and_those_that_are_late_are_asked_for_and_annual_lists_are_not():
    (ask,) = asks(whole(), steps(whole())[0])
    assert ask == {"kind": "delivery", "period": "2017-12", "revision": "r01", "count": 2, "sources": ["tax", "member"]}


def test_what_is_overdue_stands_before_what_must_be_put_right():
    rows = [case(1, severity="H"), case(2, severity="S", overdue=True), case(3, severity="H", overdue=True)]
    known = facts(cases=rows)
    assert names(known) == ["step_overdue"]
    assert steps(known)[0].values == {"n": 2, "must": 1}
    (ask,) = asks(known, steps(known)[0])
    assert (ask["overdue"], ask["fingerprints"]) == (True, [rows[1]["fingerprint"], rows[2]["fingerprint"]])
    assert names(facts(cases=[case(1, severity="H", status="explained"), case(2, severity="S")])) == []


def test_the_target_due_next_is_asked_for_and_of_these_the_one_that_lacks_most():
    figures = {("org_coverage", "city"): (60, 100), ("work_coverage", "city"): (50, 100), ("single_rate", "city"): (1, 100)}
    rows = [goal(60, 100, 20), goal(50, 100, 30, metric="work_coverage"), goal(1, 100, 79, metric="single_rate", due="2018-12")]
    rows.append(goal(1, 100, 79, metric="single_rate", due="2017-06"))
    (claim,) = steps(facts(figures=figures, targets=rows))
    assert (claim.name, claim.values["metric"], claim.values["due"]) == ("step_target", Named("metric", "work_coverage"), Month("2018-06"))
    assert claim.values["place"] == Place("city", CITY)
    assert [each.unit for each in claim.quoted] == ["rate", "count"]
    assert claim.quoted[1].count == 30


def test_a_target_of_every_district_is_one_thing_to_do_and_nobodys_district_is_asked_for_nothing():
    figures = {("org_coverage", "district", code): n for code, n in (("980101", (3, 10)), ("980102", (9, 10)), ("000000", (0, 10)))}
    rows = [
        goal(3, 10, 5, unit_kind="district", unit_code="980101"),
        goal(9, 10, 0, unit_kind="district", unit_code="980102"),
        goal(0, 10, 8, unit_kind="district", unit_code="000000"),
    ]
    known = facts(figures=figures, targets=rows)
    (claim,) = steps(known)
    assert claim.name == "step_targets"
    assert {name: plain(claim)[name] for name in ("all", "n", "missing")} == {"all": 2, "n": 1, "missing": 5}
    assert asks(known, claim)[0]["unit_code"] == ""


@pytest.mark.parametrize(("due", "name"), [("2018-06", "step_targets_none"), ("2017-12", "step_targets_none_passed")])
def test_a_target_that_none_of_several_has_reached_says_so(due, name):
    figures = {("org_coverage", "district", code): (3, 10) for code in ("980101", "980102")}
    rows = [goal(3, 10, 5, unit_kind="district", unit_code=code, due=due) for code in ("980101", "980102")]
    assert names(facts(figures=figures, targets=rows)) == [name]


def test_what_was_due_is_said_to_be_over_and_what_should_fall_to_fall():
    passed = facts(figures={("org_coverage", "city"): (60, 100)}, targets=[goal(60, 100, 20, due="2017-12")])
    assert names(passed) == ["step_target_passed"]
    falling = goal(8, 10, 0, metric="no_member_share", target=0.5)
    known = facts(figures={("no_member_share", "city"): (8, 10)}, targets=[falling])
    (claim,) = steps(known)
    assert (claim.name, claim.values["missing"]) == ("step_target_down", 3)


def test_what_is_hidden_or_not_there_is_not_asked_for_and_not_added_up():
    figures = {("org_coverage", "district", "980101"): (3, 10), ("org_coverage", "district", "980102"): "suppressed"}
    rows = [goal(3, 10, 5, unit_kind="district", unit_code="980101"), GOAL | {"unit_kind": "district", "unit_code": "980102"}]
    (left,) = steps(facts(figures=figures, targets=rows))
    assert isinstance(left, LeftOut) and left.reason == "suppressed"
    (left,) = steps(facts(figures={("org_coverage", "city"): "source_missing:tax"}, targets=[GOAL]))
    assert left.reason == "missing:source_missing:tax"


def test_of_what_lies_in_parks_nobody_is_asked():
    zone = goal(3, 10, 5, unit_kind="zone", unit_code="in_park")
    assert steps(facts(figures={("org_coverage", "zone", "in_park"): (3, 10)}, targets=[zone])) == []


def test_a_reached_target_asks_for_nothing():
    assert steps(facts(figures={("org_coverage", "city"): (90, 100)}, targets=[goal(90, 100, 0)])) == []


def test_the_list_on_which_most_have_waited_long_comes_before_a_longer_one():
    rows = [listed("due_single", 1, "2017-06"), *(listed("new_unit", number) for number in range(5))]
    (claim,) = steps(facts(lists=rows))
    assert (claim.name, *(plain(claim)[name] for name in ("list", "n", "long"))) == ("step_list", Named("list", "due_single"), 1, 1)
    (claim,) = steps(facts(lists=rows[1:]))
    assert (claim.name, claim.values["n"].count) == ("step_list_new", 5)


def test_asks_are_plain_data():
    known = whole()
    made = [ask for each in steps(known, 9) if isinstance(each, Claim) for ask in asks(known, each)]
    assert json.loads(json.dumps(made)) == made
    assert [each["kind"] for each in made] == ["delivery", "findings", "target", "worklist"]
    assert all(each["period"] == "2017-12" and each["revision"] == "r01" and each["count"] for each in made)


def test_what_is_asked_for_is_worked_out_once(monkeypatch):
    known, worked = whole(), []
    real = module._steps
    monkeypatch.setattr(module, "_steps", lambda facts: worked.append(facts) or real(facts))
    made = [ask for each in steps(known, 9) for ask in asks(known, each)]
    assert len(made) == 4 and len(worked) == 1
