"""Places beside each other: said only beyond chance, on every basis alike, and never of places too small."""

from tests.transforms.claims.made import facts
from transforms.claims.claim import Band, Claim, LeftOut, Place
from transforms.claims.ranks import band_moves, beside_city, ranks, standings

EAST, WEST, SOUTH = "980101", "980102", "980103"


def coverage(east, west, south, basis=None, metric="org_coverage"):
    """Figures of the districts and of the city that they make up."""
    given = {EAST: east, WEST: west, SOUTH: south}
    on = {} if basis is None else {"basis": basis}
    found = {(metric, "district", code, "all", *on.values()): figure for code, figure in given.items()}
    return found | {(metric, "city", None, "all", *on.values()): tuple(map(sum, zip(*given.values(), strict=True)))}


def by_name(said, name):
    return [each for each in said if each.name == name]


def test_those_beyond_chance_are_named_each_with_its_figure():
    said = beside_city(facts(figures=coverage((90, 100), (50, 100), (10, 100))), "district", "org_coverage")
    summed = said[0]
    assert (summed.name, summed.test) == ("rank_sides", "apart")
    assert [summed.values[name] for name in ("n", "above", "below", "within")] == [3, 1, 1, 1]
    above, below = by_name(said, "rank_above"), by_name(said, "rank_below")
    assert [each.values["place"] for each in (*above, *below)] == [Place("district", EAST), Place("district", SOUTH)]
    assert above[0].values["rate"].figure.numerator == 90
    assert above[0].values["points"].difference * 100 == 40


def test_what_chance_leaves_is_not_told_apart():
    said = beside_city(facts(figures=coverage((52, 100), (50, 100), (48, 100))), "district", "org_coverage")
    assert [(each.name, each.test) for each in said] == [("rank_sides_none", "within")]
    assert said[0].values["within"] == 3


def test_what_another_basis_denies_is_left_out_and_counted_apart():
    other = coverage((10, 100), (50, 100), (60, 100), basis="registered")
    said = beside_city(facts(figures=coverage((90, 100), (50, 100), (10, 100)) | other), "district", "org_coverage")
    assert said[0].name == "rank_sides_denied"
    assert [said[0].values[name] for name in ("above", "below", "within", "denied")] == [0, 0, 1, 2]
    assert {each.reason for each in said[1:]} == {"contradicted:registered"}
    assert all(isinstance(each, LeftOut) and len(each.quoted) == 2 for each in said[1:])


def test_a_basis_on_which_a_place_is_too_small_denies_nothing():
    other = coverage((5, 19), (50, 100), (10, 100), basis="registered")
    said = beside_city(facts(figures=coverage((90, 100), (50, 100), (10, 100)) | other), "district", "org_coverage")
    assert by_name(said, "rank_above")[0].values["place"] == Place("district", EAST)


def test_small_places_are_neither_compared_nor_ranked():
    known = facts(figures=coverage((19, 19), (50, 100), (10, 100)))
    said = beside_city(known, "district", "org_coverage")
    assert said[0].values["n"] == 2
    assert [(each.subject.code, each.reason) for each in by_name(said, "rank_side")] == [(EAST, "small")]
    assert next(each for each in standings(known, "district", "org_coverage") if each.code == EAST).place.band is None
    small = facts(figures=coverage((19, 19), (5, 10), (1, 10)))
    assert beside_city(small, "district", "org_coverage")[0].name == "rank_all_small"
    assert [
        each.reason for each in band_moves(facts(figures=coverage((9, 9), (5, 9), (1, 9)), back={3: {}}), "district", "org_coverage")
    ] == ["small"]


def test_what_is_not_there_is_left_out_with_its_reason():
    gone = {("org_coverage", "city"): "source_missing:org_link", ("org_coverage", "district", EAST): "source_missing:org_link"}
    assert beside_city(facts(figures=gone), "district", "org_coverage")[0].reason == "missing:source_missing:org_link"
    assert beside_city(facts(figures={("org_coverage", "city"): "suppressed"}), "district", "org_coverage")[0].reason == "suppressed"
    assert {each.reason for each in ranks(facts())} == {"missing:absent", "unpublished:2017-09"}
    assert all(isinstance(each, LeftOut) for each in ranks(facts()))


def test_a_district_that_nobody_knows_has_no_place():
    known = facts(figures=coverage((90, 100), (50, 100), (10, 100)) | {("org_coverage", "district", "000000"): (1, 100)})
    said = beside_city(known, "district", "org_coverage")
    assert said[0].values["n"] == 3
    assert "000000" not in {each.subject.code for each in said}


def test_a_band_moved_where_no_rank_is_in_common():
    then = coverage((10, 200), (100, 200), (190, 200))
    said = band_moves(facts(figures=coverage((190, 200), (100, 200), (10, 200)), back={3: then}), "district", "org_coverage")
    assert (said[0].name, said[0].values["n"], said[0].values["moved"]) == ("rank_moves", 3, 2)
    forward, back = by_name(said, "rank_forward"), by_name(said, "rank_back")
    assert [each.subject.code for each in (*forward, *back)] == [EAST, SOUTH]
    assert (forward[0].values["old_band"], forward[0].values["new_band"]) == (Band(3, 3), Band(1, 1))
    assert [quoted.period for quoted in forward[0].quoted] == ["2017-09", "2017-12"]


def test_bands_with_a_rank_in_common_are_noise():
    then = coverage((10, 200), (100, 200), (190, 200))
    said = band_moves(facts(figures=coverage((60, 200), (70, 200), (190, 200)), back={3: then}), "district", "org_coverage")
    assert (said[0].name, said[0].test) == ("rank_moves_none", "within")
    assert {(each.subject.code, each.reason) for each in said[1:]} == {(EAST, "noise"), (WEST, "noise")}


def test_a_move_that_goes_the_other_way_on_another_basis_is_left_out():
    now, then = coverage((190, 200), (100, 200), (10, 200)), coverage((10, 200), (100, 200), (190, 200))
    now |= coverage((10, 200), (100, 200), (190, 200), basis="registered")
    then |= coverage((190, 200), (100, 200), (10, 200), basis="registered")
    said = band_moves(facts(figures=now, back={3: then}), "district", "org_coverage")
    assert {each.reason for each in said if isinstance(each, LeftOut)} == {"contradicted:registered"}


def test_districts_that_became_one_have_no_figure_of_then_to_quote():
    then = {("org_coverage", "district", code): (5, 200) for code in (EAST, WEST)} | {("org_coverage", "district", SOUTH): (190, 200)}
    now = {
        ("org_coverage", "district", EAST): (390, 400),
        ("org_coverage", "district", SOUTH): (10, 200),
        ("org_coverage", "city"): (400, 600),
    }
    known = facts(figures=now, back={3: then}, followed={WEST: EAST})
    east = next(each for each in standings(known, "district", "org_coverage") if each.code == EAST)
    assert (east.place.before.numerator, east.place.before.denominator, east.before) == (10, 400, None)
    said = band_moves(known, "district", "org_coverage")
    assert [each.reason for each in said if each.subject.code == EAST] == ["missing:absent"]
    assert isinstance(by_name(said, "rank_back")[0], Claim)


def test_without_the_quarter_before_nothing_moved():
    assert [each.reason for each in band_moves(facts(figures=coverage((90, 100), (50, 100), (10, 100))), "park", "org_coverage")] == [
        "unpublished:2017-09"
    ]
