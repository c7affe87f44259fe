"""Where to go and see: each sign by itself, in which order places stand, and which findings are looked at there."""

import pytest

from tests.transforms.claims.made import case, facts, picture
from transforms.claims.claim import Claim, LeftOut, Month
from transforms.claims.visits import LEADS, Ground, leads_of, not_shown, sign_of, signs_of, visits

EAST, WEST, SOUTH = "980101", "980102", "980103"
PLAIN = {("org_coverage", "city"): (200, 400)} | {("org_coverage", "district", code): (50, 100) for code in (EAST, WEST)}
PLAIN |= {("org_coverage", "district", SOUTH): (100, 200)}


def signs(known, kind="district", code=EAST):
    return [sign_of(each) for each in signs_of(Ground(known), kind, code) if isinstance(each, Claim)]


def test_a_place_without_any_sign_is_not_listed():
    assert visits(Ground(facts(figures=PLAIN)), "district") == []
    assert signs(facts(figures=PLAIN)) == []


def test_the_side_that_hangs_on_the_basis():
    figures = PLAIN | {("org_coverage", "district", EAST): (70, 100)}
    figures |= {("org_coverage", "city", None, "all", "verified"): (100, 200)}
    other = ("org_coverage", "district", EAST, "all", "verified")
    assert signs(facts(figures=figures | {other: (10, 50)})) == ["bases"]
    said = next(signs_of(Ground(facts(figures=figures | {other: (10, 50)})), "district", EAST))
    assert (said.name, said.test) == ("visit_bases_above", "apart")
    assert [each.code[:8] for each in said.quoted] == ["201712.1"] * 4
    assert signs(facts(figures=figures | {other: (30, 50)})) == []  # above on both
    assert signs(facts(figures=figures | {other: (5, 15)})) == []  # too small to say


@pytest.mark.parametrize(
    ("own", "there", "why"),
    [
        ((60, 100), (10, 50), "noise"),  # 2 of its widths above the city: as one of many places is by chance
        ((70, 100), (20, 50), "noise"),
        ((70, 100), (26, 50), "not_shown"),
        ((50, 100), (10, 50), "not_shown"),
    ],
)
def test_a_side_that_chance_may_have_turned_is_no_sign(own, there, why):
    figures = PLAIN | {("org_coverage", "city", None, "all", "verified"): (100, 200), ("org_coverage", "district", EAST): own}
    said = next(signs_of(Ground(facts(figures=figures | {("org_coverage", "district", EAST, "all", "verified"): there})), "district", EAST))
    assert (said.name, said.reason) == ("visit_bases", why)


def test_more_findings_to_put_right_than_chance_leaves():
    one, many = [case(number, "link_unit_unknown") for number in (1,)], [case(number, "link_unit_unknown") for number in range(9)]
    elsewhere = [case(100 + number, "link_unit_unknown", district_code=SOUTH) for number in range(3)]
    assert signs(facts(figures=PLAIN, cases=one + elsewhere)) == []
    assert signs(facts(figures=PLAIN, cases=many + elsewhere)) == ["leads"]
    said = next(
        each for each in signs_of(Ground(facts(figures=PLAIN, cases=many + elsewhere)), "district", EAST) if isinstance(each, Claim)
    )
    assert (said.values["n"], said.values["per"], said.values["city_per"]) == (9, "9.0", "3.0")
    settled = [row | {"status": "explained"} for row in many]
    assert signs(facts(figures=PLAIN, cases=settled + elsewhere)) == []
    soft = [row | {"severity": "S"} for row in many]
    assert signs(facts(figures=PLAIN, cases=soft + elsewhere)) == []


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"rule": "return_differs", "subject_kind": "return", "subject": f"{EAST}|all"}, ["returns"]),
        ({"rule": "large_untaxed", "overdue": True, "status": "assigned"}, ["overdue"]),
        ({"rule": "large_untaxed"}, []),
        ({"rule": "large_untaxed", "overdue": True, "moved": "gone", "status": "closed"}, []),
        ({"rule": "large_untaxed", "overdue": True, "moved": "unchecked"}, []),
        ({"rule": "large_untaxed", "overdue": True, "district_code": "000000"}, []),
    ],
)
def test_findings_on_returns_and_overdue_ones(row, found):
    assert signs(facts(figures=PLAIN, cases=[case(1, **row)])) == found


def test_what_was_revised_after_it_was_published():
    moved = {"table": "metrics", "basis": "corroborated", "unit_kind": "district", "unit_code": EAST, "sector": "all"}
    moved |= {"metric": "org_coverage", "old": [1, 2, 0.5], "new": [2, 2, 1.0], "files": ["2017-11/tax/a.csv"]}
    revised = [picture("2017-11", "r01"), picture("2017-11", "r02", manifest={"changes": [moved]})]
    known = facts(figures=PLAIN, released=revised)
    assert signs(known) == ["revised"]
    assert signs(known, code=WEST) == []
    said = next(each for each in signs_of(Ground(known), "district", EAST) if isinstance(each, Claim))
    assert said.values["months"] == (Month("2017-11"),)
    # Under a code of before it is the same district; on a trial basis, of another figure, and long ago it says nothing.
    assert signs(facts(figures=PLAIN, released=revised, followed={EAST: WEST}), code=WEST) == ["revised"]
    for other in ({"basis": "registered"}, {"metric": "single_rate"}, {"table": "doubling"}):
        late = picture("2017-11", "r02", manifest={"changes": [moved | other]})
        assert signs(facts(figures=PLAIN, released=[late])) == []
    old = picture("2017-06", "r02", manifest={"changes": [moved]})
    assert signs(facts(figures=PLAIN, released=[old])) == []


@pytest.mark.parametrize(("rejected", "found"), [(1, []), (2, ["rejected"])])
def test_rows_sent_back_of_its_own_files(rejected, found):
    origins = [{"subject_kind": "area", "subject": EAST, "source": "district_return", "path": "own.csv", "line": 2}]
    origins += [{"subject_kind": "area", "subject": code, "source": "tax", "path": "both.csv", "line": 2} for code in (EAST, WEST)]
    loads = [{"source": "tax", "path": "own.csv", "rows_loaded": 100 - rejected, "rows_rejected": rejected}]
    loads += [{"source": "tax", "path": "both.csv", "rows_loaded": 1, "rows_rejected": 99}]
    assert signs(facts(figures=PLAIN, origins=origins, loads=loads)) == found
    assert signs(facts(figures=PLAIN, origins=origins, loads=loads), code=WEST) == []


def test_the_most_signs_come_first_then_findings_to_put_right_then_the_code():
    cases = [case(1, "return_differs", subject_kind="return", district_code=code) for code in (EAST, WEST, SOUTH)]
    cases += [case(2, "link_unit_unknown", district_code=WEST)]
    cases += [case(3, "large_untaxed", district_code=SOUTH, overdue=True)]
    found = visits(Ground(facts(figures=PLAIN, cases=cases)), "district")
    assert [(each.code, len(each.signs), each.must) for each in found] == [(SOUTH, 2, 0), (WEST, 1, 1), (EAST, 1, 0)]


def test_at_most_eight_findings_the_worst_first_then_the_oldest():
    cases = [case(number, "large_untaxed", since=f"2017-{12 - number:02d}", overdue=True) for number in range(8)]
    cases += [case(20, "link_unit_unknown", since="2017-12"), case(21, "unit_many_orgs", since="2016-12")]
    ground = Ground(facts(figures=PLAIN, cases=cases))
    visit = visits(ground, "district")[0]
    assert (len(visit.leads), visit.open, visit.must) == (LEADS, 10, 1)
    assert [row["since"] for row in visit.leads[:3]] == ["2017-12", "2017-05", "2017-06"]
    assert [row["severity"] for row in leads_of(ground, "district", EAST)] == ["H", *"S" * 8, "I"]


def test_a_park_is_asked_for_what_a_park_has():
    cases = [case(1, "return_differs", subject_kind="return", park_code="P01"), case(2, "large_untaxed", park_code="P01", overdue=True)]
    known = facts(figures=PLAIN, cases=cases)
    assert signs(known, "park", "P01") == ["overdue"]
    assert [each.code for each in visits(Ground(known), "park")] == ["P01"]


def test_a_release_without_findings_or_figures_leaves_everything_out():
    ground = Ground(facts(cases=None))
    assert visits(ground, "district") == [] == visits(ground, "park")
    said = [each for kind, code in ground.facts.places for each in signs_of(ground, kind, code)]
    assert said and all(isinstance(each, LeftOut) for each in said)
    assert {each.reason for each in not_shown(ground, "district")} == {"missing:absent", "no_findings", "no_own_files"}
