"""The program's rules against the oracle (bench/oracle.py), a second reading of findings.md in plain loops: no finding more, none fewer."""

import csv
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from bench import oracle
from bench.oracle_home import months_of, since
from data.contracts import metrics, rules, sources
from data.home import Home
from expectations.findings import Before, found
from pipelines.leads import month_of
from pipelines.steps import Session
from tests.cities import districts_of, inputs_of
from tests.expectations.random_city import DISTRICTS, FIGURES, MONTHS, City, random_city
from transforms.census import census
from transforms.inputs import REGISTERS, valid_codes
from transforms.measures.entity import entity_metrics
from transforms.measures.targets import followed, standings
from transforms.measures.units import units
from transforms.organisations import organisations_known

SEEDS = range(16)
OLD = date(2010, 1, 1)
OPEN = "*"  # not compared
EXAMPLE = Path(__file__).parents[1] / "example"
Answer = tuple[set[tuple], dict[str, set[str]]]


def by_program(city: City) -> Answer:
    """What pipelines/leads.py does, from frames and not from a home."""
    inputs, people, figures = _month(city, 1)
    organisations = organisations_known(inputs, people) if "party_org" in inputs.rows else None
    before = None
    if city.published_before:
        earlier, census_before, figures_before = _month(city, 0)
        pairs = {(row["district_code"], row["sector"]): tuple(row[name] for name in FIGURES) for row in city.returns_before or ()}
        before = Before(
            census=census_before,
            figures=_pairs(followed(valid_codes(inputs.districts, inputs.day), figures_before)),
            returns=None if city.returns_before is None else pairs,
            missing=frozenset(name for name in oracle_sources() if name not in earlier.rows),
        )
    month = month_of(inputs, people, organisations, _pairs(figures), city.returns, city.loads, city.withdrawn, before)
    leads, not_run = found(month)
    return {(card.name, lead.subject, lead.district_code, lead.park_code) for card, lead in leads}, {
        rule: set(lacks) for rule, lacks in not_run.items()
    }


def oracle_sources() -> set[str]:
    return {source for needs in oracle.NEEDS.values() for source in needs}


def _month(city: City, place: int) -> tuple:
    inputs = inputs_of(MONTHS[place], city.frames(place), districts_of(DISTRICTS), city.settings)
    people = census(inputs).collect("polars").lazy() if any(name in inputs.rows for name in REGISTERS) else None
    rows = entity_metrics(inputs, people, [metrics()["org_coverage"]], units(inputs))
    return inputs, people, standings(rows, city.basis)


def _pairs(figures: dict) -> dict[tuple, tuple]:
    return {key: (figure.numerator, figure.denominator) for key, figure in figures.items()}


@cache
def both(seed: int) -> tuple[Answer, Answer]:
    city = random_city(seed)
    return oracle.findings(city.seen()), by_program(city)


def test_the_oracle_finds_in_the_example_what_other_hands_found(tmp_path):
    """The program is held to the same table in tests/pipelines/test_example.py."""
    home = Home(shutil.copytree(EXAMPLE / "home", tmp_path / "home"))
    with Session(home) as session:
        periods = session.periods()
        for period in periods:
            for source in sources():
                session.load(source, period)
    months = months_of(home, periods)
    begun = since(months)
    got = {
        (period, rule, subject): (district or "", park or "", begun[period, rule, subject])
        for period, month in months.items()
        for rule, subject, district, park in oracle.findings(month)[0]
    }
    with (EXAMPLE / "expected" / "findings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert got.keys() == {(row["period"], row["rule"], row["subject"]) for row in rows}
    for row in rows:
        found = got[row["period"], row["rule"], row["subject"]]
        expected = (row["district_code"], row["park_code"], row["since"])
        assert all(cell in (OPEN, value) for cell, value in zip(expected, found, strict=True)), row


@pytest.mark.parametrize("seed", SEEDS)
def test_program_and_oracle_agree_on_a_random_city(seed):
    expected, got = both(seed)
    assert got[0] - expected[0] == set()
    assert expected[0] - got[0] == set()
    assert got[1].keys() == expected[1].keys()


def test_program_and_oracle_agree_where_neither_register_came():
    city = random_city(2)
    kept = {"survey", "social_insurance", "member", "party_org", "org_link"}
    bare = replace(city, rows=tuple({name: rows for name, rows in month.items() if name in kept} for month in city.rows))
    assert by_program(bare)[0] == oracle.findings(bare.seen())[0]


# Numbers that tiny cities do not have: (covered, units) of a district in both months, what it reports as covered, what is founded when.
BASES = [
    ((45, 100), (45, 90), True),
    ((44, 100), (41, 84), False),
    ((45, 100), (45, 91), False),
    ((45, 100), (44, 90), False),
    ((9, 20), (9, 18), True),
]
REPORTED = [(40, 43, False), (40, 44, True), (80, 84, False), (80, 85, True), (80, 76, False), (80, 75, True)]
FIRST, BEFORE_IT = date(2017, 1, 1), date(2016, 12, 31)  # of the twelve months
FOUNDED = [(10, 33, FIRST, True), (10, 34, FIRST, False), (12, 40, FIRST, True), (9, 20, FIRST, False), (10, 10, BEFORE_IT, False)]


def large(before: tuple[int, int], now: tuple[int, int], **more) -> City:
    """A district of so many taxed enterprises, so many of them covered, in both months."""
    rows = []
    for covered, count in (before, now):
        codes = [f"U{number:03d}" for number in range(count)]
        rows.append({
            "registration": [
                {"uscc": code, "status": "active", "type_code": "1130", "founded_on": OLD, "district_code": "980102"} for code in codes
            ],
            "social_org": [], "social_insurance": [], "tax": [{"taxpayer_id": code, "status": "normal", "paid_yuan": 1} for code in codes],
            "party_org": [{"org_code": "O", "kind": "branch", "mode": "dispatched", "founded_on": OLD}],
            "org_link": [{"org_code": "O", "uscc": code, "starts_on": OLD} for code in codes[:covered]],
        })  # fmt: skip
    return City(tuple(rows), None, more.get("returns"), [], [], True, "corroborated")


def agreed(city: City, rule: str) -> set[str]:
    """The subjects of a rule, on which both must agree."""
    expected, got = oracle.findings(city.seen())[0], by_program(city)[0]
    assert got == expected
    return {subject for name, subject, *_ in got if name == rule}


@pytest.mark.parametrize(("before", "now", "fires"), BASES)
def test_both_hold_base_shrink_to_exact_fractions(before, now, fires):
    assert agreed(large(before, now), "base_shrink") == ({"980102"} if fires else set())


@pytest.mark.parametrize(("counted", "reported", "fires"), REPORTED)
def test_both_hold_return_differs_to_three_and_to_a_twentieth(counted, reported, fires):
    row = {"district_code": "980102", "sector": "enterprise", **dict.fromkeys(FIGURES, 0), "covered": reported, "units": 100}
    found = agreed(large((counted, 100), (counted, 100), returns=[row]), "return_differs")
    assert found == ({"980102|enterprise"} if fires else set())


@pytest.mark.parametrize(("together", "of", "day", "fires"), FOUNDED)
def test_both_hold_founding_burst_to_three_tenths_of_the_year(together, of, day, fires):
    city = large((1, of), (1, of))
    for month in city.rows:
        days = [day] * together + [date(2017, 2, 1) + timedelta(days=number) for number in range(of - together)]
        month["party_org"] = [
            {"org_code": f"O{number:02d}", "kind": "branch", "mode": "single", "founded_on": on} for number, on in enumerate(days)
        ]
        month["org_link"] = [{"org_code": f"O{number:02d}", "uscc": f"U{number:03d}", "starts_on": OLD} for number in range(of)]
    assert agreed(city, "founding_burst") == ({f"980102|{day}"} if fires else set())


def test_the_random_cities_put_every_rule_to_the_test():
    fired, silent = Counter(), Counter()
    for seed in SEEDS:
        (findings, not_run), _ = both(seed)
        fired.update({rule for rule, *_ in findings})
        silent.update(not_run.keys())
    assert set(fired) == set(rules())
    assert set(silent) == {name for name, card in rules().items() if card.needs}
