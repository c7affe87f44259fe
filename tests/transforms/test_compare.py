"""Ranks, places behind, and figures of districts that merged."""

from data.contracts import metrics
from data.figures import ABSENT, Figure
from data.words import Words
from transforms.compare import Place, apart, band_words, behind, earlier_figures, ranked


def place(code: str, numerator: int, denominator: int, before: Figure = ABSENT) -> Place:
    value = numerator / denominator if denominator else None
    return Place(code, code, None, Figure(numerator, denominator, value, None if denominator else "no_denominator"), before)


PLACES = [
    place("000000", 9, 30),
    place("a", 15, 30),
    place("b", 30, 60),
    place("c", 29, 30),
    place("d", 19, 19),
    place("e", 0, 0),
    place("f", 3, 30),
]


def test_equal_rates_share_a_rank_and_small_or_unknown_have_none():
    found = ranked(PLACES, "up", 20)
    assert [(each.code, each.rank) for each in found] == [
        ("c", 1),
        ("a", 2),
        ("b", 2),
        ("f", 4),
        ("d", None),
        ("e", None),
        ("000000", None),
    ]
    assert {each.code: each.why_unranked for each in found[4:]} == {"d": "small", "e": "no_value", "000000": "unknown_place"}


def test_lowest_is_first_where_lower_is_better():
    assert [each.code for each in ranked(PLACES, "down", 20)][:4] == ["f", "a", "b", "c"]


def test_no_rank_where_neither_way_is_better():
    assert all(each.rank is None for each in ranked(PLACES, "none", 20))


def test_behind_is_the_wrong_side_of_the_line_farthest_first():
    line = Figure(1, 2, 0.5)
    assert [each.code for each in behind(ranked([*PLACES, place("g", 14, 30)], "up", 20), line, "up")] == ["f", "g"]
    assert [each.code for each in behind(ranked(PLACES, "down", 20), line, "down")] == ["c"]
    assert behind(ranked(PLACES, "none", 20), line, "none") == []


def test_who_reads_one_district_is_told_that_it_is_behind_though_nothing_is_ranked():
    alone = ranked([place("f", 3, 30), place("h", 1, 5), place("000000", 1, 30)], "up", 20, whole=False)
    assert [each.code for each in behind(alone, Figure(1, 2, 0.5), "up")] == ["f"]


def test_merged_districts_add_up_where_units_are_counted():
    old = {"x": Figure(3, 10, 0.3), "y": Figure(1, 30, 1 / 30), "z": Figure(0, 0, None, "no_denominator")}
    codes = {"x": ["x", "y"], "z": ["z"]}
    found = earlier_figures(codes, old.__getitem__, metrics()["org_coverage"])
    assert (found["x"].numerator, found["x"].denominator, found["x"].value) == (4, 40, 0.1)
    assert found["z"] == old["z"]
    # An organisation belongs to one district only: two districts' organisations don't simply add up to the merged one's.
    assert earlier_figures(codes, old.__getitem__, metrics()["secretary_in_post"])["x"] == ABSENT


def test_a_merged_figure_that_lacks_a_part_has_no_value():
    lacking = Figure(None, 30, None, "source_missing:tax")
    found = earlier_figures({"x": ["x", "y"]}, {"x": Figure(3, 10, 0.3), "y": lacking}.__getitem__, metrics()["org_coverage"])
    assert found["x"] == lacking


def test_a_rank_is_the_band_that_chance_leaves():
    found = ranked([place("a", 90, 100), place("b", 50, 100), place("c", 52, 100), place("d", 5, 100), place("e", 1, 3)], "up", 20)
    assert [(each.code, each.band) for each in found] == [("a", (1, 1)), ("c", (2, 3)), ("b", (2, 3)), ("d", (4, 4)), ("e", None)]
    assert [band_words(Words("zh"), each) for each in found[1:]] == ["第2—3位", "第2—3位", "第4位", "—"]
    assert band_words(Words("en"), found[1]) == "2 to 3"
    turned = ranked([place("a", 90, 100), place("b", 50, 100), place("d", 5, 100)], "down", 20)
    assert [(each.code, each.band) for each in turned] == [("d", (1, 1)), ("b", (2, 2)), ("a", (3, 3))]


def test_what_is_no_proportion_has_single_ranks():
    found = ranked([place("a", 300, 100), place("b", 301, 100), place("c", 300, 100)], "up", 20, proportion=False)
    assert [(each.code, each.band, each.interval) for each in found] == [("b", (1, 1), None), ("a", (2, 2), None), ("c", (2, 2), None)]


def test_who_sees_a_part_of_the_city_is_shown_no_ranks():
    found = ranked([place("a", 90, 100), place("b", 50, 100)], "up", 20, whole=False)
    assert [(each.code, each.band, each.why_unranked) for each in found] == [("a", None, "not_whole"), ("b", None, "not_whole")]
    assert not any(each.set_aside for each in found)


def test_apart_from_the_city_is_where_the_interval_misses_its_line():
    line = Figure(3, 5, 0.6)
    sides = [apart(each, line, "up") for each in ranked([place("a", 90, 100), place("b", 55, 100), place("c", 30, 100)], "up", 20)]
    assert sides == ["better", "even", "worse"]
    assert apart(ranked([place("a", 90, 100)], "down", 20)[0], line, "down") == "worse"
