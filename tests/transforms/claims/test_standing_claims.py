"""What is said of where the city and its districts stand and move, and what is left unsaid."""

from fractions import Fraction

from data.picture import Picture
from data.words import Words
from tests.transforms.claims.made import CITY, facts, picture, plain, target
from tests.transforms.claims.made import units as made_units
from transforms.claims import movers
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place, Points, Rate
from transforms.claims.doubling import doubling
from transforms.claims.goals import city_goals, district_goals, goals
from transforms.claims.standing import standing

NOW = {("org_coverage", "city"): (600, 1000), ("work_coverage", "city"): (800, 1000), ("resident_coverage", "city"): (500, 1000)}
ROSE = {"n0": 550, "d0": 1000, "n1": 600, "d1": 1000, "gained": 60, "lost": 10}


def by_name(claims) -> dict:
    """Those on organisation coverage."""
    return {claim.name: claim for claim in claims if claim.subject.metric in ("org_coverage", "resident_coverage")}


def city_leg(leg: str = "org_coverage", **row) -> dict:
    return {(leg, "city", CITY): row}


def test_levels_are_said_with_their_figures():
    level = standing(facts(figures=NOW))[0]
    assert isinstance(level, Claim)
    assert (level.subject.metric, level.test) == ("org_coverage", "published")
    assert level.quoted[0].figure.exact == Fraction(3, 5)
    assert level.quoted[0].code.startswith("201712.1-")


def test_without_the_month_before_no_change_is_said():
    left = by_name(standing(facts(figures=NOW)))["month_moved"]
    assert left.reason == "unpublished:2017-11"


def test_a_rise_is_said_with_both_figures():
    before = {("org_coverage", "city"): (550, 1000), ("resident_coverage", "city"): (490, 1000)}
    said = by_name(standing(facts(figures=NOW, back={1: before}, moves={1: city_leg(**ROSE)})))
    rose = said["month_moved_rose"]
    assert rose.values["points"] == Points(Fraction(1, 20))
    assert rose.values["month"] == Month("2017-11")
    assert rose.quoted[0].period == "2017-11"


def test_a_rise_within_noise_is_left_out_and_says_so():
    before = {("org_coverage", "city"): (597, 1000)}
    row = {"n0": 597, "d0": 1000, "n1": 600, "d1": 1000, "gained": 23, "lost": 20}
    assert by_name(standing(facts(figures=NOW, back={1: before}, moves={1: city_leg(**row)})))["month_moved"].reason == "noise"


def test_a_rise_that_the_narrower_definition_denies_is_left_out():
    """Those sent in rose, the organisations that live there fell."""
    before = {("org_coverage", "city"): (550, 1000), ("resident_coverage", "city"): (520, 1000)}
    left = by_name(standing(facts(figures=NOW, back={1: before}, moves={1: city_leg(**ROSE)})))["month_moved"]
    assert left.reason == "contradicted:resident_coverage"


def test_a_rise_that_another_basis_denies_is_left_out():
    both = {("org_coverage", "city", None, "all", "registered"): (600, 1200)}
    before = {("org_coverage", "city"): (550, 1000), ("org_coverage", "city", None, "all", "registered"): (590, 1100)}
    left = by_name(standing(facts(figures=NOW | both, back={1: before}, moves={1: city_leg(**ROSE)})))["month_moved"]
    assert left.reason == "contradicted:registered"


def test_a_missing_source_is_named_and_nothing_is_said():
    said = standing(facts(figures={("org_coverage", "city"): "source_missing:party_org"}))
    assert {type(each) for each in said} == {LeftOut}
    assert said[0].reason == "missing:source_missing:party_org"


EAST = {"n0": 100, "d0": 200, "n1": 140, "d1": 200, "gained": 45, "lost": 5}
WEST = {"n0": 100, "d0": 200, "n1": 102, "d1": 200, "gained": 12, "lost": 10}
SOUTH = {"n0": 5, "d0": 10, "n1": 10, "d1": 10, "gained": 5}
DISTRICTS = {
    ("org_coverage", "district", "980101"): (140, 200),
    ("org_coverage", "district", "980102"): (102, 200),
    ("org_coverage", "district", "980103"): (10, 10),
}


def districts(**more):
    rows = {("org_coverage", "district", code): row for code, row in {"980101": EAST, "980102": WEST, "980103": SOUTH}.items()}
    return facts(figures=DISTRICTS, back={1: {}}, moves={1: rows}, **more)


def test_districts_that_moved_are_named_and_the_others_have_their_reason():
    said = movers.by_month(districts())
    claims = {(each.name, each.subject.code) for each in said if isinstance(each, Claim)}
    assert claims == {("month_movers_of_some", ""), ("month_place_rose", "980101")}
    assert {each.subject.code: each.reason for each in said if isinstance(each, LeftOut)} == {"980102": "noise", "980103": "small"}
    counts = by_name(said)["month_movers_of_some"].values
    assert [counts[name] for name in ("n", "up", "down", "others")] == [2, 1, 0, 1]


def test_districts_that_became_one_are_one_at_both_ends():
    """The east took in a district of 100 units, all covered: by the ledger it lost; by its own old figure alone it would have risen."""
    then = [*made_units(), {"unit_kind": "district", "unit_code": "980109", "name": "并区", "parent_code": CITY}]
    old = {("org_coverage", "district", "980101"): (40, 100), ("org_coverage", "district", "980109"): (100, 100)}
    row = {"n0": 140, "d0": 200, "n1": 110, "d1": 200, "lost": 30}
    found = facts(
        figures={("org_coverage", "district", "980101"): (110, 200)},
        back={1: picture("2017-11", figures=old, units=then)},
        moves={1: {("org_coverage", "district", "980101"): row}},
        followed={"980109": "980101"},
    )
    mover = next(each for each in movers.movers(found, 1) if each.code == "980101")
    assert (mover.difference, mover.why, mover.then) == (Fraction(-3, 20), None, None)


def test_the_reasons_of_a_mover_are_its_ledger():
    rose = by_name(movers.by_month(districts()))["month_place_rose"]
    assert (rose.values["gained"], rose.values["lost"]) == (45, 5)
    assert rose.values["points"] == Points(Fraction(1, 5))
    # What it says adds up: those that came with an organisation, and those that went with one, are in it.
    now, then = rose.values["rate"].figure.numerator, EAST["n0"]
    said = rose.values
    assert now - then == said["gained"] - said["lost"] + said["entered_covered"] - said["exited_covered"]


def test_where_no_district_moved_that_is_said_without_counting_none():
    still = EAST | {"n0": 100, "d0": 200, "n1": 100, "d1": 200, "gained": 0, "lost": 0}
    rows = {("org_coverage", "district", code): still for code in ("980101", "980102", "980103")}
    figures = {("org_coverage", "district", code): (100, 200) for code in ("980101", "980102", "980103")}
    said = movers.by_month(facts(figures=figures, back={1: {}}, moves={1: rows}))
    assert (said[0].name, said[0].values["n"]) == ("month_movers_none", 3)


def legs(**row) -> list[dict]:
    """A row of table doubling of the city."""
    plain = {"baseline": "2016-12", "pair": "coverages", "leg": "org_coverage", "unit_kind": "city", "unit_code": CITY}
    plain |= {"n0": 100, "d0": 1000, "n1": 250, "d1": 1000, "gained": 150, "new_single": 100, "new_joint": 40, "new_dispatched": 10}
    plain |= {"count_ratio": 2.5, "rate_ratio": 2.5, "doubled_count": True, "doubled_rate": True}
    return [plain | row]


def then(figures: dict | None = None) -> Picture:
    return picture("2016-12", figures={("org_coverage", "city"): (100, 1000)} | (figures or {}))


def test_a_doubling_is_said_by_count_and_by_rate():
    said = by_name(doubling(facts(figures={("org_coverage", "city"): (250, 1000)}, doubling=legs(), released=[then()])))
    assert {"leg_count_doubled", "leg_rate_doubled", "modes"} <= said.keys()
    assert said["modes"].values["n"] == 150
    assert said["modes"].values["single"].count == 100


def test_a_doubling_that_another_basis_denies_is_left_out():
    now = {("org_coverage", "city"): (250, 1000), ("org_coverage", "city", None, "all", "registered"): (250, 4000)}
    before = then({("org_coverage", "city", None, "all", "registered"): (100, 2000)})
    said = by_name(doubling(facts(figures=now, doubling=legs(), released=[before])))
    assert said["leg_rate_doubled"].reason == "contradicted:registered"


def test_a_rise_made_by_a_smaller_base_is_called_so():
    row = legs(n0=400, d0=1000, n1=400, d1=700, gained=0, exited=300, new_single=0, new_joint=0, new_dispatched=0, doubled_count=False)
    row[0] |= {"doubled_rate": False, "count_ratio": 1.0, "rate_ratio": 10 / 7}
    said = by_name(doubling(facts(figures={("org_coverage", "city"): (400, 700)}, doubling=row, released=[then()])))
    assert said["base_made_rise"].values["part"] == Rate(Fraction(1))
    assert said["modes"].reason == "nothing_new"


def test_over_one_half_the_rate_can_not_double():
    row = legs(n0=600, n1=700, gained=100, count_ratio=7 / 6, rate_ratio=7 / 6, doubled_count=False, doubled_rate=False, ceiling=True)
    said = by_name(doubling(facts(figures={("org_coverage", "city"): (700, 1000)}, doubling=row, released=[then()])))
    assert "leg_rate_ceiling" in said
    assert "leg_count_beyond" in said  # 1200 of 1000


def goal(goal: float, code: str = CITY, kind: str = "city", **row) -> dict:
    plain = {"metric": "org_coverage", "sector": "all", "unit_kind": kind, "unit_code": code, "due": "2018-12", "target": goal}
    return plain | row


def test_what_is_missing_to_a_target_is_said_in_whole_units():
    said = city_goals(facts(figures=NOW, targets=[goal(0.9, value=0.6, units_missing=300, gap_points=30.0)], wanted=[target("0.9")]))
    assert said[0].name == "goal_missing"
    assert said[0].values["missing"].count == 300
    assert said[0].values["target"] == Rate(Fraction(9, 10))


def test_what_rests_on_one_delivery_has_no_pace():
    """13 of 20 parks had a centre by the list of last year, 20 of 21 by that of this month."""
    back = {
        1: picture("2017-11", manifest={"carried": {"park": "2016-12"}}),
        2: picture("2017-10", manifest={"carried": {"park": "2016-12"}}),
    }
    row = goal(1.0, value=20 / 21, units_missing=1, gap_points=4.8, pace_recent=3.5, metric="centre_rate")
    given = {
        "figures": {("centre_rate", "city"): (20, 21)},
        "targets": [row],
        "manifest": {"looked_back": {"2017-10": "r01", "2017-11": "r01"}},
    }
    said = city_goals(facts(**given, back=back))
    assert [(each.name, each.reason) for each in said if isinstance(each, LeftOut)] == [("goal_pace", "carried:park")]
    assert Words("zh").left_out("carried:park") == "推算进度所依的来源在近三期内报送不足两次（园区名录）"
    (only,) = goals(facts(**given, back=back))
    assert (only.standing.state, only.standing.recent, only.standing.leaps) == ("unclear", None, "park")
    delivered = {1: picture("2017-11"), 2: picture("2017-10")}
    (only,) = goals(facts(**given, back=delivered))
    assert (only.standing.state, only.standing.recent) == ("on_course", Fraction(7, 2))
    # The release that it looked back to is gone: what the one of now says was delivered does not stand for it.
    (only,) = goals(facts(**given, back=back | {1: picture("2017-11", "r02", manifest={"carried": {"park": "2016-12"}})}))
    assert (only.standing.state, only.standing.leaps) == ("on_course", None)


def test_a_target_reached_on_one_basis_alone_is_not_called_reached():
    other = {("org_coverage", "city", None, "all", "registered"): (600, 2000)}
    row = goal(0.5, value=0.6, units_missing=0, gap_points=-10.0)
    assert city_goals(facts(figures=NOW, targets=[row]))[0].name == "goal_reached"
    assert city_goals(facts(figures=NOW | other, targets=[row]))[0].reason == "contradicted:registered"


def test_districts_without_a_figure_are_not_counted():
    rows = [goal(0.6, code, "district", value=value, units_missing=left) for code, value, left in
            [("980101", 0.7, 0), ("980102", 0.51, 18), ("980103", None, None)]]  # fmt: skip
    figures = {key: value for key, value in DISTRICTS.items() if key[2] != "980103"}
    said = next(iter(district_goals(facts(figures=figures, targets=rows))))
    assert tuple(plain(said)[name] for name in ("n", "there", "missing")) == (2, 1, 18)


def test_a_target_that_districts_have_missed_is_said_to_be_missed():
    row = {"due": "2017-11", "units_missing": 18, "value": 0.51}
    rows = [goal(0.6, code, "district", **row) for code in ("980101", "980102")]
    figures = {("org_coverage", "district", code): (102, 200) for code in ("980101", "980102")}
    name = lambda targets: next(iter(district_goals(facts(figures=figures, targets=targets)))).name  # noqa: E731
    assert name(rows) == "district_goals_none_overdue"
    assert name([rows[0], rows[1] | {"value": 0.7, "units_missing": 0}]) == "district_goals_overdue"
    only = next(iter(district_goals(facts(figures=figures, targets=rows[:1]))))
    assert (only.name, only.values["place"], only.values["missing"].count) == (
        "district_goals_one_overdue",
        Place("district", "980101"),
        18,
    )
    assert name([rows[0] | {"due": "2018-06"}]) == "district_goals_one"


def test_a_target_of_service_centres_is_one_of_all_parks():
    row = goal(1.0, value=20 / 21, units_missing=1, metric="centre_rate")
    (said,) = [each for each in city_goals(facts(figures={("centre_rate", "city"): (20, 21)}, targets=[row])) if isinstance(each, Claim)]
    assert said.values["sector"] == Named("sector", "all_parks")


def test_a_month_that_was_mended_since_says_so_beside_the_comparison():
    first = picture("2017-11", "r01", figures={("org_coverage", "city"): (500, 1000)})
    now = picture("2017-11", "r02", figures={("org_coverage", "city"): (550, 1000)})
    said = by_name(standing(facts(figures=NOW, back={1: now}, released=[first], moves={1: city_leg(**ROSE)})))
    assert [each.revision for each in said["month_restated"].quoted] == ["r01", "r02"]
    assert "month_restated" not in by_name(standing(facts(figures=NOW, back={1: first})))
