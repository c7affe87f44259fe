"""The closed sums of the source documents, through the same code that counts a city: small cities are built from their numbers and counted.

The numbers are those of tests/facts/seed_numbers.csv (every number of the five documents); nothing here is typed in but what parts a sum.
"""

import csv
from pathlib import Path

import polars as pl
import pytest

from data.contracts import sources
from data.figures import Figure
from data.home import Settings
from tests.cities import DISTRICTS, PERIOD, cards, computed, districts_of, figures, inputs_of, rows_of
from transforms import show
from transforms.census import census
from transforms.inputs import Inputs
from transforms.measures.entity import entity_metrics
from transforms.measures.organisation import organisation_metrics
from transforms.measures.units import of_kind, units
from transforms.organisations import organisations

FACTS = Path(__file__).parent / "facts" / "seed_numbers.csv"


def fact(file: str, part: str, indicator: str) -> dict[str, str]:
    with FACTS.open(encoding="utf-8", newline="") as lines:
        found = [row for row in csv.DictReader(lines) if (row["file"], row["part"], row["indicator"]) == (file, part, indicator)]
    assert len(found) == 1, f"{indicator}: {len(found)} rows"
    return found[0]


def number(file: str, part: str, indicator: str) -> int:
    return int(fact(file, part, indicator)["value"])


def listed(source: str, header: str, lines: list[str]) -> pl.DataFrame:
    return rows_of(source, "\n".join([header, *lines]))


def built(**rows: pl.DataFrame) -> Inputs:
    """A city of these rows; every other source is delivered, but empty."""
    complete = {name: rows.get(name, rows_of(name, "")) for name in sources()}
    return inputs_of(PERIOD, complete, districts_of(DISTRICTS), Settings())


def entity(inputs: Inputs, name: str, sector: str = "enterprise") -> tuple[int, int, float]:
    """(numerator, denominator, value) of the city, all registered."""
    rows = figures(entity_metrics(inputs, census(inputs), cards(name), of_kind(units(inputs), "city")))
    return rows.filter(basis="registered", sector=sector).select("numerator", "denominator", "value").row(0)


def shown(numerator: int, denominator: int, unit: str = "rate") -> str:
    return show.figure(Figure(numerator, denominator, numerator / denominator), unit)


def test_the_facts_are_all_there():
    with FACTS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 92
    assert {row["file"] for row in rows} == {"000", "001", "002", "003", "004"}


def test_41_organisations_are_two_committees_37_branches_of_their_own_and_two_joint_ones():
    total = number("001", "4", "已建党组织")
    parts = {"committee single": 2, "branch single": 37, "branch joint": 2}
    assert sum(parts.values()) == total == 41
    kinds = [kind for kind, count in parts.items() for _ in range(count)]
    inputs = built(
        registration=listed("registration", "uscc", [f"E{place}" for place in range(total)]),
        party_org=listed("party_org", "org_code kind mode", [f"B{place} {kind}" for place, kind in enumerate(kinds)]),
        org_link=listed("org_link", "org_code uscc", [f"B{place} E{place}" for place in range(total)]),
    )
    active = organisations(inputs, census(inputs))
    assert (
        dict(
            computed(active)
            .group_by("kind", "mode")
            .len()
            .sort("kind", "mode")
            .select(pl.concat_str("kind", pl.lit(" "), "mode"), "len")
            .rows()
        )
        == parts
    )
    city = of_kind(units(inputs), "city")
    counted = figures(organisation_metrics(inputs, active, cards("single_org_share", "joint_load"), city)).filter(sector="all")
    assert counted.select("metric", "numerator", "denominator").rows() == [("single_org_share", 39, 41), ("joint_load", 2, 2)]
    assert entity(inputs, "org_coverage")[:2] == (41, 41)
    assert entity(inputs, "single_share")[:2] == (39, 41)


def test_301_are_20_branches_240_unions_26_youth_leagues_and_15_of_women():
    total = number("001", "4", "共建党群组织")
    parts = {"branch": 20, "union": 240, "youth_league": 26, "women": 15}
    assert sum(parts.values()) == total == 301
    enterprises = number("001", "4", "注册并经营的非公企业")
    kinds = [kind for kind, count in parts.items() for _ in range(count)]
    mass = [f"E{place} {kind}" for place, kind in enumerate(kinds) if kind != "branch"]
    inputs = built(
        registration=listed("registration", "uscc", [f"E{place}" for place in range(enterprises)]),
        party_org=listed("party_org", "org_code", [f"B{place}" for place in range(parts["branch"])]),
        org_link=listed("org_link", "org_code uscc", [f"B{place} E{place}" for place in range(parts["branch"])]),
        mass_org=listed("mass_org", "uscc kind", mass),
    )
    units_found = computed(census(inputs))
    found = {"branch": units_found["covered"].sum()} | {kind: units_found[kind].sum() for kind in ("union", "youth_league", "women")}
    assert found == parts
    assert entity(inputs, "work_coverage")[:2] == (301, 423)
    assert entity(inputs, "org_coverage")[:2] == (20, 423)


def test_16313_are_357_private_enterprises_and_15956_self_employed():
    total = number("001", "5", "非公经济组织")
    private, self_employed = 357, 15_956
    assert private + self_employed == total == 16_313
    with_members, with_branch = number("001", "5", "有党员的企业"), number("001", "5", "符合条件并建党支部的企业")
    lines = [f"E{place} 1130" for place in range(private)] + [f"I{place} 9500" for place in range(self_employed)]
    inputs = built(
        registration=listed("registration", "uscc type_code", lines),
        member=listed("member", "member_id uscc", [f"M{place} E{place}" for place in range(with_members)]),
        party_org=listed("party_org", "org_code", [f"B{place}" for place in range(with_branch)]),
        org_link=listed("org_link", "org_code uscc", [f"B{place} E{place}" for place in range(with_branch)]),
    )
    assert computed(census(inputs))["registered"].sum() == total
    of_sector = {sector: entity(inputs, "recognition_rate", sector)[1] for sector in ("enterprise", "self_employed", "all", "social_org")}
    # The self-employed have figures of their own, and are in no total.
    assert of_sector == {"enterprise": private, "self_employed": self_employed, "all": private, "social_org": 0}
    # The document's own two rates of the seven branches: 2.0 % of the enterprises, 3.9 % of those with members.
    assert shown(*entity(inputs, "org_coverage")[:2]) == "2.0%"
    assert shown(*entity(inputs, "member_unit_coverage")[:2]) == "3.9%"


def test_894_of_1320_problems_solved_is_67_7_percent():
    solved, found = number("001", "1", "已解决突出问题"), number("001", "1", "查找问题")
    assert (solved, found) == (894, 1320)
    assert "67.7%" in fact("001", "1", "已解决突出问题")["note"]
    assert shown(solved, found) == "67.7%"


def test_675_members_among_12031_employees():
    employees, members = number("001", "4", "从业人员"), number("001", "4", "党员职工")
    enterprises = number("001", "4", "注册并经营的非公企业")
    # The first enterprise takes what does not divide.
    each = employees // enterprises
    insured = [f"E{place} {each + (employees - each * enterprises if place == 0 else 0)}" for place in range(enterprises)]
    inputs = built(
        registration=listed("registration", "uscc", [f"E{place}" for place in range(enterprises)]),
        social_insurance=listed("social_insurance", "uscc insured", insured),
        member=listed("member", "member_id uscc", [f"M{place} E{place % enterprises}" for place in range(members)]),
    )
    assert entity(inputs, "member_density")[:2] == (675, 12031)
    assert shown(675, 12031) == "5.6%"
    assert shown(employees, enterprises, "ratio") == "28.4"


def test_a_third_of_the_enterprises_in_parks_holds_52_7_percent_of_the_employees():
    assert (fact("004", "", "园区非公职工占全市非公职工")["value"], fact("004", "", "非公企业分布在园区外")["value"]) == ("52.7", "66.7")
    # A hundred in parks, two hundred outside; of a thousand employees 527 in parks.
    inside = [5] * 73 + [6] * 27
    outside = [2] * 127 + [3] * 73
    places = [("P1", count) for count in inside] + [(".", count) for count in outside]
    inputs = built(
        registration=listed("registration", "uscc park_code", [f"E{place} {park}" for place, (park, _) in enumerate(places)]),
        social_insurance=listed("social_insurance", "uscc insured", [f"E{place} {count}" for place, (_, count) in enumerate(places)]),
        park=listed("park", "park_code", ["P1"]),
    )
    assert shown(*entity(inputs, "park_unit_share")[:2]) == "33.3%"
    assert shown(*entity(inputs, "park_employee_share")[:2]) == "52.7%"
    of_zone = figures(entity_metrics(inputs, census(inputs), cards("member_density"), of_kind(units(inputs), "zone")))
    employees = dict(of_zone.filter(basis="registered", sector="enterprise").select("unit_code", "denominator").rows())
    assert employees["in_park"] / 100 / (employees["out_park"] / 200) == pytest.approx(2.23, abs=0.005)


def test_703_organisations_of_9905_members_under_a_rate_of_6_5_percent():
    organisations_found, members = number("001", "1", "参加第三批学习实践活动的非公企业党组织"), number("001", "1", "上述党员")
    assert shown(members, organisations_found, "ratio") == "14.1"
    # 'Under 6.5 %' with 703 covered: the base is of 10,816 enterprises or more.
    assert shown(organisations_found, 10_816) == "6.5%" and organisations_found / 10_816 < 0.065 < organisations_found / 10_815


@pytest.mark.parametrize(("part", "whole"), [("培训工作骨干", 3), ("调研指导", 9)])
def test_exact_multiples_that_should_make_an_auditor_ask(part, whole):
    assert number("001", "1", part) == whole * number("001", "1", "参加第三批学习实践活动的非公企业党组织")
