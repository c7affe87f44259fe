"""Recruitment, irregular members and money of the city and its districts (definitions.md, 'Area metrics')."""

import polars as pl
import pytest

from data.home import Funding, Settings
from tests.cities import city, computed, figures, same
from transforms.census import census
from transforms.inputs import LINKS, REGISTERS
from transforms.measures.places import area_metrics
from transforms.measures.units import units
from transforms.organisations import organisations

AREA = {
    "registration": """
        uscc type_code status    district_code
        E1   1130      active    980102
        E2   1130      active    980103
        E3   1130      cancelled 980107
        E4   1130      active    .
        G1   1110      active    980102
        I1   9500      active    980102
    """,
    "social_org": "uscc district_code \n S1 980102",
    "park": "park_code district_code \n P1 980102 \n P2 980121 \n P3 .",
}


def areas(missing: str = "", settings: Settings | None = None, **delivered: str):
    here = {name: text for name, text in AREA.items() if name not in missing.split()} | delivered
    inputs = city(missing=missing, settings=settings, **here)
    listed = census(inputs) if inputs.has("registration") or inputs.has("social_org") else None
    active = organisations(inputs, listed) if inputs.has(*LINKS, *REGISTERS) else None
    return figures(area_metrics(inputs, listed, active, units(inputs)))


def of(found: pl.DataFrame, metric: str) -> pl.DataFrame:
    return found.filter(metric=metric)


def test_recruits_of_the_year_by_the_district_of_their_work_unit():
    found = areas(
        member="""
            member_id org_code uscc relation joined_on
            M1        B1       E1   in_place 2017-01-01
            M2        B1       E1   mobile   2017-12-31
            M3        B1       E1   in_place 2016-12-31
            M4        B1       E1   in_place 2018-01-01
            M5        B1       E1   in_place .
            M6        B1       E1   lost     2017-06-01
            M7        B1       S1   in_place 2017-06-01
            M7        B2       E2   in_place 2017-06-01
            M8        B1       E3   in_place 2017-06-01
            M9        B1       E4   in_place 2017-06-01
            MA        B1       G1   in_place 2017-06-01
            MB        B1       I1   in_place 2017-06-01
            MC        B1       N1   in_place 2017-06-01
            MD        B1       .    in_place 2017-06-01
        """,
        recruit_quota="area_code year quota \n 980102 2017 8 \n 980103 2017 4 \n 980103 2016 99",
    )
    # M7 works in two districts: one person of each, and one of the city.
    same(
        of(found, "recruit_rate"),
        """
        unit_kind unit_code sector basis numerator denominator value reason
        city      000001    all    -     6         12          1/2   .
        district  980102    all    -     4         8           1/2   .
        district  980103    all    -     1         4           1/4   .
        district  980107    all    -     1         0           .     no_denominator
        district  000000    all    -     1         0           .     no_denominator
        """,
    )


def test_irregular_members_are_those_with_any_irregular_row():
    found = areas(
        member="""
            member_id org_code uscc relation
            M1        B1       E1   pocket
            M2        B1       E1   nominal
            M3        B1       E1   lost
            M3        B2       E1   in_place
            M4        B1       E1   in_place
            M5        B1       E2   mobile
            M6        B1       I1   lost
        """
    )
    same(
        of(found, "irregular_member_share").filter(pl.col("denominator") != 0),
        "unit_code numerator denominator value \n 000001 3 5 3/5 \n 980102 3 4 3/4 \n 980103 0 1 0",
    )


def test_codes_of_quotas_and_money_lead_to_their_place():
    found = areas(
        funding="""
            area_code amount_yuan
            980102    1
            980121    10
            P1        100
            P2        1000
            000001    10000
            P3        100000
            X9        1000000
            980190    10000000
        """,
        recruit_quota="""
            area_code quota
            980102    1
            980121    10
            000001    1000
            980190    10000
            777777    100000
        """,
    )
    same(
        of(found, "activity_funding"),
        "unit_code numerator \n 000001 11111111 \n 980102 1111 \n 980103 0 \n 980107 0 \n 000000 11100000",
    )
    same(
        of(found, "recruit_rate"),
        "unit_code denominator \n 000001 111011 \n 980102 11 \n 980103 0 \n 980107 0 \n 000000 110000",
    )


def test_only_the_year_and_the_item_count():
    found = areas(
        funding="""
            area_code year item       amount_yuan
            980102    2017 activity   300
            980102    2017 operation  5
            980102    2017 instructor 7
            980102    2017 allowance  11
            980102    2016 activity   13
            980102    2018 activity   17
        """
    )
    same(of(found, "activity_funding").filter(unit_code="980102"), "numerator \n 300")
    same(of(found, "allowance_funding").filter(unit_code="980102"), "numerator \n 11")


@pytest.mark.parametrize(
    ("amounts", "yuan"),
    [
        ("0.5", 1),
        ("1.5", 2),
        ("2.5", 3),
        ("2.4999999999", 2),
        ("0.25 0.25", 1),
        ("0.4 0.4 0.4", 1),
        ("0.1 0.2 0.2", 1),
        ("12345678901234567.5", 12345678901234568),
    ],
)
def test_yuan_are_rounded_half_up_once_from_the_exact_sum(amounts, yuan):
    rows = "\n".join(f"{code} {amount}" for code, amount in zip(("980102", "980121", "P1"), amounts.split(), strict=False))
    found = areas(funding=f"area_code amount_yuan \n {rows}")
    same(of(found, "activity_funding").filter(unit_code="980102"), f"numerator \n {yuan}")


def test_the_city_is_rounded_from_its_own_sum():
    # Half a yuan in each of three districts: 1 + 1 + 1 in the districts, but 1.5 in the city.
    found = areas(funding="area_code amount_yuan \n 980102 0.5 \n 980103 0.5 \n 980107 0.5")
    same(of(found, "activity_funding"), "unit_code numerator \n 000001 2 \n 980102 1 \n 980103 1 \n 980107 1 \n 000000 0")


def test_activity_funding_is_against_three_hundred_yuan_a_member():
    found = areas(
        member="""
            member_id org_code uscc relation
            M1        B1       E1   in_place
            M1        B2       E1   mobile
            M2        B1       E1   mobile
            M3        B1       E1   lost
            M4        B1       E3   in_place
            M5        B1       I1   in_place
        """,
        funding="area_code amount_yuan \n 980102 150",
    )
    same(
        of(found, "activity_funding"),
        """
        unit_code numerator denominator value reason
        000001    150       900         1/6   .
        980102    150       600         1/4   .
        980103    0         0           .     no_denominator
        980107    0         300         0     .
        000000    0         0           .     no_denominator
        """,
    )


ORGANISED = {
    "party_org": """
        org_code secretary ended_on
        B1       yes       .
        B2       yes       .
        B3       no        .
        B4       yes       .
        B5       yes       .
        B6       yes       2017-12-31
    """,
    "org_link": "org_code uscc \n B1 E1 \n B2 S1 \n B3 E1 \n B4 E3 \n B6 E1",
}


def test_allowance_funding_is_urban_or_not():
    # 02 is urban: two organisations at 400 a month; 07 is a county and B5 lies nowhere: 200 each.
    found = areas(funding="area_code item amount_yuan \n 980102 allowance 4800", **ORGANISED)
    same(
        of(found, "allowance_funding"),
        """
        unit_code numerator denominator value reason
        000001    4800      14400       1/3   .
        980102    4800      9600        1/2   .
        980103    0         0           .     no_denominator
        980107    0         2400        0     .
        000000    0         2400        0     .
        """,
    )


def test_the_rates_are_settings():
    money = Settings(funding=Funding(per_member_yuan=100, secretary_month_yuan_urban=10, secretary_month_yuan_rural=1))
    found = areas(settings=money, member="member_id uscc \n M1 E1", **ORGANISED)
    same(of(found, "activity_funding").filter(unit_kind="city"), "denominator \n 100")
    same(of(found, "allowance_funding").filter(unit_kind="city"), "denominator \n 264")


@pytest.mark.parametrize(
    ("missing", "metric", "numerator", "denominator", "reason"),
    [
        ("", "recruit_rate", 1, 2, "."),
        ("recruit_quota", "recruit_rate", ".", ".", "source_missing:recruit_quota"),
        ("member", "recruit_rate", ".", 2, "source_missing:member"),
        ("member recruit_quota", "recruit_rate", ".", ".", "source_missing:member"),
        ("social_org", "recruit_rate", ".", 2, "source_missing:social_org"),
        ("registration", "irregular_member_share", ".", ".", "source_missing:registration"),
        ("member", "irregular_member_share", ".", ".", "source_missing:member"),
        ("funding", "activity_funding", ".", 300, "source_missing:funding"),
        ("member", "activity_funding", ".", ".", "source_missing:member"),
        ("member funding", "activity_funding", ".", ".", "source_missing:member"),
        ("member", "allowance_funding", 7, 9600, "."),
        ("funding", "allowance_funding", ".", 9600, "source_missing:funding"),
        ("org_link", "allowance_funding", ".", ".", "source_missing:org_link"),
        ("registration social_org", "allowance_funding", ".", ".", "source_missing:registration"),
    ],
)
def test_what_each_figure_needs(missing, metric, numerator, denominator, reason):
    delivered = ORGANISED | {
        "org_link": "org_code uscc \n B1 E1 \n B2 E1",
        "party_org": "org_code \n B1 \n B2",
        "member": "member_id uscc joined_on \n M1 E1 2017-06-01",
        "recruit_quota": "area_code quota \n 980102 2",
        "funding": "area_code item amount_yuan \n 980102 allowance 7 \n 980102 activity 5",
    }
    found = areas(missing, **{name: text for name, text in delivered.items() if name not in missing.split()})
    same(
        of(found, metric).filter(unit_kind="city"),
        f"numerator denominator reason \n {numerator} {denominator} {reason}",
    )


def test_without_the_park_list_money_of_parks_is_of_no_known_district():
    # A code that leads nowhere counts for 000000: without the list a park's code leads nowhere.
    found = areas("park", funding="area_code amount_yuan \n P1 100 \n 980102 1")
    same(of(found, "activity_funding").filter(pl.col("numerator") > 0), "unit_code numerator \n 000001 101 \n 980102 1 \n 000000 100")


def test_city_and_districts_only():
    assert set(areas()["unit_kind"]) == {"city", "district"}
    assert computed(areas())["metric"].n_unique() == 4
