"""What came of what was asked for: counted from the releases of then and of now."""

from dataclasses import replace

import pytest

from tests.transforms.claims.made import CITY, case, facts, picture, plain
from tests.transforms.claims.test_steps import goal, listed, whole
from transforms.claims.asks import came
from transforms.claims.claim import Claim, LeftOut, Month, Named
from transforms.claims.steps import asks, steps

THEN = {"period": "2017-09", "revision": "r01"}


def test_sources_have_come_where_they_are_of_a_later_month_than_the_one_they_were_asked_in():
    ask = THEN | {"kind": "delivery", "count": 4, "sources": ["tax", "survey", "member", "park"]}
    known = facts(manifest={"missing": ["park"], "carried": {"survey": "2017-10", "member": "2017-09"}})
    claim = came(ask, known)
    assert claim.values == {
        "month": Month("2017-09"),
        "n": 4,
        "came": 2,
        "names": (Named("source", "member"), Named("source", "park")),
    }
    assert came(ask | {"sources": ["tax", "survey"]}, facts()).name == "came_delivery_all"
    only = came(ask | {"sources": ["tax"]}, facts())  # one is named and not counted
    assert (only.name, only.values["names"]) == ("came_delivery_all_one", (Named("source", "tax"),))


def test_findings_are_followed_by_what_they_were_and_not_by_what_is_open_now():
    rows = [case(1, status="closed", moved="gone"), case(2, status="explained"), case(3), case(4, status="assigned"), case(5)]
    ask = THEN | {"kind": "findings", "count": 4, "overdue": False, "fingerprints": [row["fingerprint"] for row in rows[:4]]}
    assert came(ask, facts(cases=rows)).values == {"month": Month("2017-09"), "n": 4, "closed": 1, "explained": 1, "open": 2}
    assert came(ask | {"overdue": True}, facts(cases=rows)).name == "came_overdue"
    assert came(ask, facts(cases=None)).reason == "missing:absent"
    # What no release knows any more is asked about no less: it is gone.
    more = came(ask | {"fingerprints": [*ask["fingerprints"], "unheard of"]}, facts(cases=rows))
    assert more.values == {"month": Month("2017-09"), "n": 5, "closed": 2, "explained": 1, "open": 2}
    unread = replace(facts(cases=rows), casework="unread")
    assert came(ask, unread) == LeftOut("came_findings", facts().subject(sector="", basis=""), "casework")


def worklist_then(*numbers: int, **more):
    return picture("2017-09", "r01", worklist=[listed("due_single", number) for number in numbers], **more)


def in_register(*numbers: int) -> list[dict]:
    return [{"uscc": f"91980101MA{number:08d}"} for number in numbers]


ASKED = THEN | {"kind": "worklist", "count": 4, "list": "due_single"}


def test_a_list_is_compared_unit_by_unit():
    now = [listed("due_single", number) for number in (3, 4, 5)] + [listed("new_unit", 1)]
    known = facts(lists=now, census=in_register(1, 2, 3, 4, 5), released=[worklist_then(1, 2, 3, 4)])
    claim = came(ASKED, known)
    assert (claim.name, claim.values["list"]) == ("came_worklist", Named("list", "due_single"))
    assert {name: plain(claim)[name] for name in ("then", "left", "gone", "still", "new")} == {
        "then": 4,
        "left": 2,
        "gone": 0,
        "still": 2,
        "new": 1,
    }


def test_a_unit_that_left_the_registers_is_off_the_list_and_said_to_be_gone():
    known = facts(lists=[listed("due_single", 3)], census=in_register(1, 3), released=[worklist_then(1, 2, 3)])
    claim = came(ASKED, known)
    assert (claim.name, claim.values["left"], claim.values["gone"]) == ("came_worklist_gone", 2, 1)


def test_a_list_that_was_not_run_or_whose_release_is_gone_says_nothing():
    assert came(ASKED, facts()).reason == "unpublished:2017-09"
    lacking = {"missing": ["member"], "checks": {"not_run": {"due_single": ["member"]}, "ran": []}}
    not_run = facts(manifest=lacking, released=[worklist_then(1)])
    assert came(ASKED, not_run).reason == "missing:source_missing:member"
    then = worklist_then(manifest={"checks": {"not_run": {"due_single": ["member"]}}})
    assert came(ASKED, facts(released=[then])).reason == "unpublished:2017-09"


TARGET = THEN | {"kind": "target", "count": 30, "metric": "org_coverage", "sector": "all", "due": "2018-06", "target": 0.8, "places": 1}


def test_a_target_of_the_city_quotes_what_is_missing_now():
    ask = TARGET | {"unit_kind": "city", "unit_code": CITY}
    known = facts(figures={("org_coverage", "city"): (60, 100)}, targets=[goal(60, 100, 20)])
    claim = came(ask, known)
    assert (claim.name, claim.values["then"], claim.values["now"].count) == ("came_target", 30, 20)
    reached = facts(figures={("org_coverage", "city"): (80, 100)}, targets=[goal(80, 100, 0)])
    assert came(ask, reached).name == "came_target_reached"


def test_a_target_of_every_district_is_added_up():
    ask = TARGET | {"unit_kind": "district", "unit_code": "", "places": 2}
    figures = {("org_coverage", "district", "980101"): (3, 10), ("org_coverage", "district", "980102"): (9, 10)}
    rows = [goal(n, 10, left, unit_kind="district", unit_code=code) for code, n, left in (("980101", 3, 5), ("980102", 9, 0))]
    claim = came(ask, facts(figures=figures, targets=rows))
    assert (claim.name, *(plain(claim)[name] for name in ("was", "n", "now"))) == ("came_targets", 2, 1, 5)
    assert (claim.values["was"], claim.values["then"]) == (2, ask["count"])  # the release of then is gone: no code opens them


def test_the_counts_of_then_are_quoted_from_the_release_of_then():
    ask = TARGET | {"unit_kind": "district", "unit_code": "", "places": 2, "count": 12}
    codes = ("980101", "980102")
    figures = {("org_coverage", "district", code): (3, 10) for code in codes}
    rows = [goal(3, 10, 6, unit_kind="district", unit_code=code) for code in codes]
    then = picture("2017-09", figures=figures, targets=rows)
    claim = came(ask, facts(figures=figures, targets=rows, released=[then]))
    assert [(each.period, each.column, each.count) for each in (claim.values["was"], claim.values["then"])] == [
        ("2017-09", "short", 2),
        ("2017-09", "missing", 12),
    ]
    # What that release does not say as the briefing told it is not given its code.
    assert came(ask | {"count": 11}, facts(figures=figures, targets=rows, released=[then])).values["then"] == 11
    figures[("org_coverage", "district", "980102")] = "suppressed"
    rows[1] |= {"value": None, "units_missing": None}
    assert came(ask, facts(figures=figures, targets=rows)).reason == "suppressed"


def test_a_target_that_is_asked_for_no_more_says_nothing():
    ask = TARGET | {"unit_kind": "city", "unit_code": CITY}
    known = facts(figures={("org_coverage", "city"): (60, 100)}, targets=[goal(60, 100, 20, target=0.9)])
    assert came(ask, known).reason == "missing:absent"


@pytest.mark.parametrize("ask", [{}, {"kind": "unheard of"}, {"kind": "worklist"}, THEN | {"kind": "target"}])
def test_an_ask_of_another_program_says_nothing(ask):
    assert isinstance(came(ask, facts()), LeftOut)


def test_whatever_is_asked_can_be_asked_after_in_the_same_month():
    known = whole()
    made = [came(ask, known) for step in steps(known, 9) if isinstance(step, Claim) for ask in asks(known, step)]
    assert [each.name for each in made] == ["came_delivery", "came_findings", "came_target", "came_worklist"]


@pytest.mark.parametrize(
    "touched",
    [
        {},
        {"kind": ["findings"]},
        {"period": 5},
        {"revision": None},
        {"revision": "zzz"},
        {"count": "many"},
        {"kind": "delivery", "sources": 5},
        {"kind": "delivery", "sources": [["tax"]]},
        {"kind": "delivery", "sources": ["unheard of"]},
        {"kind": "findings", "fingerprints": None},
        {"kind": "findings", "fingerprints": [5]},
        {"kind": "findings", "fingerprints": ["a"], "overdue": "yes"},
        {"kind": "worklist", "list": ["due_single"]},
        {"kind": "worklist", "list": "unheard of"},
        {"kind": "target", "metric": 5},
        {"kind": "target", "metric": "unheard of"},
        {"kind": "target", "due": "never"},
        {"kind": "target", "target": "0.8"},
        {"kind": "target", "places": None},
    ],
)
def test_an_ask_that_somebody_touched_says_nothing_and_stops_nothing(touched):
    whole = TARGET | {"unit_kind": "city", "unit_code": CITY}
    ask = (whole | touched) if touched else {}
    assert came(ask, facts(cases=[case(1)])) == LeftOut("came", facts().subject(sector="", basis=""), "missing:absent")
