"""下一步: which tasks come first, and by how much each brings the nearest target nearer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.places.next_steps import MOST, MOVES, Goal, Task, claims
from data.words import Words


def task(name: str, everywhere: int, **by_sector: int) -> Task:
    return Task(name, {"all": everywhere} | by_sector, 100, "worklist")


def goal(metric: str, missing: int, due: str = "2018-06", sector: str = "all", own: bool = True) -> Goal:
    return Goal(metric, sector, due, 0.6, missing, own)


def named(found) -> list[tuple[str, int]]:
    return [(claim.task.name, claim.brings) for claim in found]


def test_what_brings_more_units_to_the_target_comes_first():
    tasks = [task("members_uncovered", 4), task("work_only", 17), task("large_uncovered", 1)]
    assert named(claims(tasks, [goal("org_coverage", 10)])) == [("work_only", 10), ("members_uncovered", 4), ("large_uncovered", 1)]


def test_no_task_brings_more_than_is_missing_nor_more_than_it_has_of_that_sector():
    tasks = [task("members_uncovered", 40, enterprise=30, social_org=10)]
    assert named(claims(tasks, [goal("org_coverage", 12, sector="enterprise")])) == [("members_uncovered", 12)]
    assert named(claims(tasks, [goal("org_coverage", 12, sector="social_org")])) == [("members_uncovered", 10)]


def test_a_place_is_measured_by_its_own_target_and_only_without_one_by_the_citys():
    own, citys = goal("org_coverage", 5, "2018-12"), goal("org_coverage", 50, "2018-06", own=False)
    (found,) = claims([task("members_uncovered", 30)], [citys, own])
    assert (found.goal, found.brings) == (own, 5)
    (found,) = claims([task("members_uncovered", 30)], [citys])
    assert (found.goal, found.brings) == (citys, 30)


def test_of_two_targets_the_one_due_first_is_the_nearest():
    first, later = goal("org_coverage", 20, "2018-06"), goal("org_coverage", 3, "2018-12")
    assert claims([task("members_uncovered", 30)], [later, first])[0].goal is first


def test_what_no_target_asks_for_comes_last_and_nothing_to_do_is_no_step():
    tasks = [task("findings_must", 9), task("due_single", 50), task("returns", 0), task("new_unit", 1)]
    found = claims(tasks, [goal("work_coverage", 1)])
    assert named(found) == [("new_unit", 1), ("due_single", 0), ("findings_must", 0)]


numbers = st.integers(0, 60)
tasks_of = st.lists(st.builds(task, st.sampled_from(sorted(MOVES)), numbers, enterprise=numbers), unique_by=lambda each: each.name)
metrics_of = st.sampled_from(sorted({metric for moved in MOVES.values() for metric in moved}))
dues, sectors = st.sampled_from(("2018-06", "2018-12")), st.sampled_from(("all", "enterprise"))
goals_of = st.lists(st.builds(goal, metrics_of, numbers, dues, sectors, st.booleans()))


@given(tasks_of, goals_of)
def test_never_more_than_five_in_order_each_with_its_number(tasks, goals):
    found = claims(tasks, goals)
    assert len(found) == min(MOST, sum(each.whole > 0 for each in tasks))
    assert [claim.brings for claim in found] == sorted((claim.brings for claim in found), reverse=True)
    assert all(claim.task.whole > 0 for claim in found)
    assert all((claim.goal is None) == (claim.brings == 0) for claim in found)
    assert claims(tasks[::-1], goals[::-1]) == found or len({(each.metric, each.sector, each.due, each.own) for each in goals}) < len(goals)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_task_has_its_sentence_with_its_number(lang):
    for name in MOVES:
        assert "1,234" in Words(lang)(f"steps.{name}", n="1,234")
