"""A district that moved because rows of its own files were lost is not said to have moved."""

import pytest

from tests.transforms.claims.made import facts, picture
from transforms.claims import movers
from transforms.claims.claim import Claim, LeftOut
from transforms.claims.lost_rows import lost_rows, rests_on

EAST, WEST = "980101", "980102"
# 100 of 200 covered; 60 uncovered units went: 100 of 140, a rise of 21 points by the base alone.
SHRUNK = {"n0": 100, "d0": 200, "n1": 100, "d1": 140, "exited": 60}
WON = {"n0": 100, "d0": 200, "n1": 140, "d1": 140, "gained": 40, "exited": 60}


def release(period, own=(), shared=0, west=0, **more):
    """A release with files of the east: (source, rows loaded, rows rejected) each; `shared`: files of both districts, of the register;
    `west`: rows of the file of the west."""
    loads, origins = [], []
    for number, (source, loaded, rejected) in enumerate(own):
        path = f"{period}/{source}/{number}.csv"
        loads.append({"source": source, "path": path, "rows_loaded": loaded, "rows_rejected": rejected})
        if loaded:  # a row that was rejected is of nobody
            origins.append({"subject_kind": "area", "subject": EAST, "source": source, "path": path, "line": 2})
    if west:
        path = f"{period}/registration/west.csv"
        loads.append({"source": "registration", "path": path, "rows_loaded": west, "rows_rejected": 0})
        origins.append({"subject_kind": "area", "subject": WEST, "source": "registration", "path": path, "line": 2})
    for number in range(shared):
        path = f"{period}/registration/both{number}.csv"
        loads.append({"source": "registration", "path": path, "rows_loaded": 500, "rows_rejected": 0})
        origins += [{"subject_kind": "area", "subject": code, "source": "registration", "path": path, "line": 2} for code in (EAST, WEST)]
    return picture(period, loads=loads, origins=origins, **more)


def found(now, then, row=SHRUNK, manifest=None, followed=None):
    figures = {("org_coverage", "district", EAST): (row["n1"], row["d1"])}
    here = release("2017-12", now, figures=figures, manifest=manifest) if isinstance(now, list) else now
    before = release("2017-11", then) if isinstance(then, list) else then
    return facts(now=here, back={1: before}, moves={1: {("org_coverage", "district", EAST): row}}, followed=followed)


def why(known):
    return next(each.why for each in movers.movers(known, 1) if each.code == EAST)


FULL = [("registration", 500, 1)]


@pytest.mark.parametrize(
    ("now", "then", "reason"),
    [
        (FULL, FULL, None),  # its units went: the rise is one
        ([("registration", 440, 61)], FULL, "base"),
        ([("registration", 498, 3)], FULL, None),  # no more than chance leaves
        ([("registration", 490, 12)], FULL, None),  # more, but too few to make the rise
        ([], FULL, "base"),
        ([("registration", 0, 200)], [("registration", 200, 0)], "base"),  # all of its rows: as if it were not there
        ([("registration", 440, 0), ("registration", 0, 60)], [("registration", 440, 0), ("registration", 60, 0)], "base"),
        ([("registration", 440, 0)], [("registration", 440, 0), ("registration", 60, 0)], "base"),  # one of its two files
        ([("registration", 500, 0)], [("registration", 440, 0), ("registration", 60, 0)], None),  # both in one
        ([*FULL, ("tax", 300, 80)], [*FULL, ("tax", 380, 0)], "base"),
        ([*FULL, ("member", 300, 80)], [*FULL, ("member", 380, 0)], None),  # members make no work object
    ],
)
def test_a_rise_from_a_base_whose_rows_were_lost_is_left_out(now, then, reason):
    assert why(found(now, then)) == reason


def test_a_rise_that_stands_without_those_that_went_is_said():
    known = found([("registration", 440, 61)], FULL, WON)
    assert why(known) is None
    _, rose, beside = (each for each in movers.by_month(known) if isinstance(each, Claim))
    assert (rose.name, beside.name, beside.test) == ("month_place_rose", "place_rows_lost", "counted")
    assert (beside.values["n"], beside.values["exited"]) == (60, 60), "one is rejected as ever"
    assert [each.name for each in movers.by_month(found(FULL, FULL, WON)) if isinstance(each, Claim)][1:] == ["month_place_rose"]


def test_it_is_neither_risen_nor_judged_and_its_reason_stands_there():
    said = movers.by_month(found([("registration", 440, 61)], FULL))
    assert [(each.name, each.reason) for each in said if isinstance(each, LeftOut) and each.subject.code == EAST] == [
        ("month_place_moved", "base")
    ]
    assert not [each for each in said if each.name == "month_place_rose"]


def test_what_comes_in_a_file_of_several_districts_is_not_missing():
    figures = {("org_coverage", "district", EAST): (100, 140)}
    assert why(found(release("2017-12", shared=1, figures=figures), FULL)) is None
    assert why(found(release("2017-12", shared=1, figures=figures), release("2017-11", FULL, shared=1))) == "base"


def test_of_a_source_that_was_carried_no_row_was_lost():
    known = found([], FULL, manifest={"carried": {"registration": "2017-11"}})
    assert lost_rows(known, EAST, known.back[1]) == 0


@pytest.mark.parametrize(("now", "lost"), [((495,), 0), ((476,), 0), ((474,), 26), ((440,), 60), ((200, 50), 0)])
def test_files_put_together_lost_no_rows_but_where_many_are_not_there(now, lost):
    known = found([("registration", rows, 0) for rows in now], [("registration", 250, 0), ("registration", 250, 0)])
    assert lost_rows(known, EAST, known.back[1]) == lost


@pytest.mark.parametrize(("now", "lost"), [(495, 0), (440, 60)])
def test_nor_did_districts_that_were_put_together(now, lost):
    then = release("2017-11", [("registration", 250, 0)], west=250)
    known = found([("registration", now, 0)], then, followed={WEST: EAST})
    assert lost_rows(known, EAST, then) == lost


def test_of_rejected_rows_those_beyond_the_share_of_then_are_lost():
    known = found([("registration", 350, 150)], [("registration", 800, 200)])
    assert lost_rows(known, EAST, known.back[1]) == 50


def test_a_fall_rests_on_the_covered_units_that_went():
    fell = {"gained": 0, "lost": 0, "entered": 0, "entered_covered": 0, "n0": 100, "d0": 200, "n1": 40, "d1": 140}
    fell |= {"exited": 60, "exited_covered": 60}
    assert rests_on(fell, 60)
    assert not rests_on(fell, 5)
    assert not rests_on(fell, 0)
