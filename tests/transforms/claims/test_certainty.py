"""How sure the figures are: what is said of deliveries, of other definitions and of rows that did not load."""

import pytest

from data.contracts import sources
from tests.transforms.claims.made import DISTRICTS, facts, plain
from transforms.claims.certainty import bases, certainty, deliveries, rejected, resting_on
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place, Rate
from transforms.claims.steps import steps

BASES = ("registered", "corroborated", "verified")


def named(made) -> dict:
    return {each.name: each for each in made}


def names(section: str, *found: str) -> tuple[Named, ...]:
    return tuple(Named(section, each) for each in found)


def test_what_is_due_and_there_is_said_to_be_there_and_annual_lists_are_not_due():
    known = facts(manifest={"carried": {"funding": "2017-01", "recruit_quota": "2017-01"}})
    assert [each.name for each in deliveries(known)] == ["delivered_all"]
    assert plain(deliveries(known)[0]) == {"n": len(sources()) - 2}


def test_a_missing_source_is_named_with_the_figures_that_lack_it():
    why = "source_missing:party_org"
    figures = {(metric, "city"): why for metric in ("single_share", "resident_coverage", "org_coverage", "work_coverage")}
    figures |= {(metric, "district", "980101"): why for metric in ("single_share", "org_coverage")}
    figures |= {("large50_member_rate", "city"): (3, 4), ("large50_member_rate", "district", "980101"): why}
    made = named(deliveries(facts(figures=figures, manifest={"missing": ["party_org"]})))
    assert plain(made["sources_missing"]) == {"n": 1, "names": names("source", "party_org")}
    # A figure that the city has is not missing, though a district lacks it; the headline comes first.
    headline = names("metric", "org_coverage", "work_coverage", "resident_coverage")
    assert made["figures_missing_more"].values == {"n": 4, "names": headline}
    assert "delivered_all" not in made


def test_without_parks_it_is_their_figures_that_are_missing():
    figures = {("org_coverage", "city"): (5, 9), ("org_coverage", "zone", "in_park"): "source_missing:park"}
    figures |= {("centre_rate", "city"): "source_missing:park"}
    made = named(deliveries(facts(figures=figures, manifest={"missing": ["park"]})))
    assert made["figures_missing"].values == {"n": 1, "names": names("metric", "centre_rate")}
    assert made["figures_missing_parks"].values == {"n": 1}


def test_what_is_carried_is_said_with_its_month_and_what_rests_on_it():
    carried = {"tax": "2017-10", "party_org": "2017-11", "org_link": "2017-11", "park": "2016-12", "district_return": "2017-11"}
    made = [each for each in deliveries(facts(manifest={"carried": carried})) if isinstance(each, Claim)]
    assert [(each.values["month"], each.values["names"]) for each in made] == [
        (Month("2017-10"), names("source", "tax")),
        (Month("2017-11"), names("source", "party_org", "org_link", "district_return")),
    ]
    assert made[0].values["metrics"][0] == Named("metric", "org_coverage")
    alone = deliveries(facts(manifest={"carried": {"district_return": "2017-11"}}))
    assert [each.name for each in alone] == ["sources_carried_apart"]


def test_figures_rest_on_the_sources_of_their_basis_and_of_what_they_look_at():
    assert {"registration", "tax", "social_insurance", "party_org", "org_link"} <= resting_on("org_coverage", "corroborated")
    assert not {"tax", "social_insurance", "member", "park"} & resting_on("org_coverage", "registered")
    assert "member" in resting_on("member_unit_coverage", "corroborated")
    assert "party_org" in resting_on("single_org_share", "corroborated")
    assert not resting_on("activity_funding", "corroborated")


def test_files_that_could_not_be_read_and_rules_that_did_not_run_are_counted():
    loads = [{"path": "a.csv", "source": "tax", "refused": ["统一社会信用代码"]}, {"path": "b.csv", "source": "tax", "rows_read": 3}]
    made = named(
        deliveries(facts(loads=loads, manifest={"checks": {"not_run": {"return_copied": ["district_return"]}, "ran": ["base_shrink"]}}))
    )
    assert plain(made["files_refused"]) == {"n": 1}
    assert plain(made["rules_not_run"])["n"] == plain(made["rules_not_run"])["all"] - 1


def on_bases(city: dict[str, tuple], **districts: dict[str, tuple]) -> dict:
    figures = {("org_coverage", "city", None, None, basis): figure for basis, figure in city.items()}
    codes = dict(zip(("east", "west", "south"), DISTRICTS, strict=True))
    return figures | {
        ("org_coverage", "district", codes[name], None, basis): figure
        for name, found in districts.items()
        for basis, figure in found.items()
    }


def test_the_other_bases_are_quoted_beside_the_signed_one():
    known = facts(figures=on_bases({"registered": (60, 200), "corroborated": (60, 100), "verified": (30, 40)}))
    claim = bases(known)[0]
    assert [each.figure.denominator for each in claim.quoted] == [100, 200, 40]
    assert [claim.values[name] for name in ("basis", "first", "second")] == [Named("basis", each) for each in ("corroborated", *BASES[::2])]


@pytest.mark.parametrize("why", ["suppressed", "source_missing:tax"])
def test_a_basis_without_a_figure_leaves_it_unsaid(why):
    known = facts(figures=on_bases({"registered": (60, 200), "corroborated": (60, 100), "verified": why}))
    assert bases(known) == [
        LeftOut("other_bases", bases(known)[0].subject, why if why == "suppressed" else f"missing:{why}", bases(known)[0].quoted)
    ]


def test_whose_side_of_the_city_hangs_on_the_basis_is_named():
    """East is clearly above on every basis, west clearly below on the signed one and above on another, south never clearly either."""
    city = {"registered": (450, 1000), "corroborated": (500, 1000), "verified": (500, 1000)}
    east, south = dict.fromkeys(BASES, (380, 500)), dict.fromkeys(BASES, (240, 500))
    west = {"registered": (240, 500), "corroborated": (150, 500), "verified": (150, 500)}
    made = named(bases(facts(figures=on_bases(city, east=east, west=west, south=south))))
    assert made["bases_turn"].values == {
        "all": 2,
        "n": 1,
        "metric": Named("metric", "org_coverage"),
        "places": (Place("district", "980102"),),
    }
    assert made["bases_turn"].test == "holds"
    # It is last on the signed basis, and on the other one last or last but one: that may be the same rank.
    assert made["bases_ranks_hold"].values["all"] == 3
    held = named(bases(facts(figures=on_bases(city, east=east, west=dict.fromkeys(BASES, (150, 500)), south=south))))
    assert held["bases_hold"].values["all"] == 2
    assert held["bases_ranks_hold"].values["all"] == 3


def test_ranks_turn_where_the_bands_have_no_rank_in_common():
    city = dict.fromkeys(BASES, (500, 1000))
    high, low = dict.fromkeys(BASES, (400, 500)), dict.fromkeys(BASES, (100, 500))
    first, last = high | {"registered": (100, 500)}, low | {"registered": (400, 500)}
    made = named(bases(facts(figures=on_bases(city, east=first, west=last, south=dict.fromkeys(BASES, (250, 500))))))
    assert made["bases_ranks_turn"].values["places"] == (Place("district", "980101"), Place("district", "980102"))
    assert made["bases_turn"].values["n"] == 2
    assert isinstance(named(bases(facts(figures=on_bases(city, east=high))))["bases_ranks"], LeftOut)


def test_a_district_too_small_on_one_basis_is_named_among_what_was_left_out():
    city = dict.fromkeys(BASES, (500, 1000))
    high, low = dict.fromkeys(BASES, (400, 500)), dict.fromkeys(BASES, (100, 500))
    said = bases(facts(figures=on_bases(city, east=high, west=low, south=low | {"verified": (3, 9)})))
    assert [each.values["all"] for each in said if each.name == "bases_ranks_hold"] == [2]
    assert [(each.subject.code, each.reason) for each in said if each.name == "bases_ranks"] == [("980103", "small")]


def test_places_too_small_to_compare_are_on_no_side():
    city = dict.fromkeys(BASES, (500, 1000))
    made = named(bases(facts(figures=on_bases(city, east=dict.fromkeys(BASES, (0, 10))))))
    assert made["bases_sides"].reason == "noise"


def load(source: str, read: int, lost: int) -> dict:
    return {
        "path": f"{source}.csv",
        "source": source,
        "rows_read": read,
        "rows_loaded": read - lost,
        "rows_rejected": lost,
        "rows_skipped": 0,
    }


def test_rejected_rows_are_a_share_of_all_that_were_read_and_the_worst_source_is_named():
    made = named(rejected(facts(loads=[load("tax", 9000, 9), load("member", 900, 1), load("district_return", 100, 40)])))
    assert plain(made["rows_rejected"]) == {"read": 10000, "n": 50, "share": Rate(made["rows_rejected"].values["share"].exact)}
    assert made["rows_rejected"].values["share"].exact * 200 == 1
    assert made["rows_rejected_most"].values["source"] == Named("source", "district_return")


def test_a_few_rejected_rows_of_a_small_file_are_no_sign():
    made = named(rejected(facts(loads=[load("tax", 9000, 20), load("district_return", 24, 2)])))
    assert made["rows_rejected_most"].reason == "noise"
    assert [each.name for each in rejected(facts(loads=[load("tax", 10, 0)]))] == ["rows_rejected_none"]
    assert rejected(facts())[0].reason == "nothing_read"


def test_a_city_where_everything_is_missing_is_told_so_and_nothing_else():
    figures = {("org_coverage", "city", None, None, basis): "source_missing:registration" for basis in BASES}
    nothing = {"missing": list(sources()), "checks": {"not_run": {}, "ran": []}}
    known = facts(figures=figures, manifest=nothing, cases=None, without=["findings", "worklist", "targets"])
    made = certainty(known)
    assert [each.name for each in made if isinstance(each, Claim)] == ["sources_missing", "figures_missing"]
    assert {each.name: each.reason for each in made if isinstance(each, LeftOut)} == {
        "other_bases": "missing:source_missing:registration",
        "rows_rejected": "nothing_read",
        "revised": "first_briefing",
    }
    assert [each.name for each in steps(known)] == ["step_deliveries"]
