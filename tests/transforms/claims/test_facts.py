"""Facts: how figures are quoted, with their codes, and which places there are."""

from data.figures import ABSENT, Figure
from tests.transforms.claims.made import CITY, case, facts, move, picture
from transforms import citation


def test_a_figure_is_quoted_with_the_code_that_opens_it():
    known = facts(figures={("org_coverage", "city"): (60, 100), ("org_coverage", "district", "980101"): (30, 40)})
    quoted = known.quote("org_coverage", "district", "980101")
    assert quoted.figure == Figure(30, 40, 0.75)
    assert quoted.key == ("corroborated", "district", "980101", "all", "org_coverage")
    assert quoted.code == citation.code("2017-12", "r01", "metrics", quoted.key, None)


def test_a_metric_without_bases_is_found_under_any():
    known = facts(figures={("eight_haves_met", "city"): (36, 280)})
    assert known.city("eight_haves_met").key[0] == "-"
    assert known.city("eight_haves_met").figure.numerator == 36


def test_a_ratio_is_quoted_as_a_ratio():
    known = facts(figures={("joint_load", "city"): (29, 5)})
    assert known.city("joint_load").unit == "ratio"


def test_what_is_not_published_is_absent_and_still_named():
    quoted = facts().city("org_coverage")
    assert quoted.figure == ABSENT
    assert quoted.key == ("corroborated", "city", CITY, "all", "org_coverage")


def test_a_figure_of_an_earlier_month_names_its_release():
    known = facts(figures={("org_coverage", "city"): (60, 100)}, back={1: {("org_coverage", "city"): (50, 100)}})
    quoted = known.city("org_coverage", of=known.back[1])
    assert (quoted.period, quoted.figure.numerator) == ("2017-11", 50)


def test_the_unknown_district_is_no_place():
    assert facts().places == [("district", "980101"), ("district", "980102"), ("district", "980103"), ("park", "P01"), ("park", "P02")]


def test_made_facts_are_whole():
    key = ("org_coverage", "city", CITY)
    known = facts(
        moves={1: {key: {"n0": 50, "d0": 100, "n1": 60, "d1": 110, "gained": 6, "entered": 10, "entered_covered": 4}}},
        cases=[case(1), case(2, moved="gone", status="closed", closed="2017-12")],
        targets=[{"metric": "org_coverage", "sector": "all", "unit_kind": "city", "unit_code": CITY, "due": "2018-12", "target": 0.8}],
        lists=[{"list": "large_uncovered", "uscc": "91980101MA00000001"}],
        released=[picture("2017-11", "r02")],
    )
    assert known.moves[1][key] == move("2017-12", 1, key, n0=50, d0=100, n1=60, d1=110, gained=6, entered=10, entered_covered=4)
    assert known.moves[1][key]["count_ratio"] == 1.2
    assert known.cases.height == 2
    assert known.now.targets["target"].to_list() == [0.8]
    assert known.now.worklist["uscc"].to_list() == ["91980101MA00000001"]
    assert known.current("2017-11").revision == "r02"
    assert known.revision("2017-11", "r01") is None
    assert [month for month, one in known.months if one] == ["2017-11", "2017-12"]
