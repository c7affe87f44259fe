"""Organisation metrics: shares of the organisations active at D, for the city, districts and parks, by the sector of their units."""

from data.contracts import metrics
from tests.cities import cards, city, figures, same
from transforms.census import census
from transforms.inputs import LINKS, REGISTERS
from transforms.measures.organisation import organisation_metrics
from transforms.measures.units import units
from transforms.organisations import organisations

CITY = {
    "registration": """
        uscc district_code park_code
        E1   980102        P1
        E2   980102        P1
        E3   980103        .
        E4   980103        .
    """,
    "social_org": "uscc district_code park_code \n S1 980102 P1 \n S2 980103 .",
    "party_org": """
        org_code mode       ended_on   secretary secretary_trained_on term_ends_on stars eight_haves managed_by
        B1       single     .          yes       2017-03-01           2019-01-01   5     8           park
        B2       single     .          yes       2016-12-31           2017-12-31   3     7           park
        B3       single     .          no        .                    .            2     .           township
        J1       joint      .          yes       2018-01-01           2018-01-01   .     8           park
        J2       joint      .          no        .                    2015-06-30   0     0           .
        D1       dispatched .          yes       2017-12-31           .            .     .           organ
        B9       single     2017-12-31 yes       2017-03-01           2015-01-01   5     8           park
    """,
    # B1, B2, J1 in park P1 of 02; B3 and J2 in 03 (J2 with a social organisation: mixed); D1 covers a unit in no register.
    "org_link": """
        org_code uscc
        B1       E1
        B2       S1
        J1       E1
        J1       E2
        J1       E3
        B3       E3
        J2       E4
        J2       S2
        D1       N1
        B9       E1
    """,
    "park": "park_code \n P1 \n P2",
}


def table(*names: str, missing: str = "", **delivered: str):
    here = {name: text for name, text in CITY.items() if name not in missing.split()} | delivered
    inputs = city(missing=missing, **here)
    complete = inputs.has(*LINKS, *REGISTERS)
    active = organisations(inputs, census(inputs)) if complete else None
    return figures(organisation_metrics(inputs, active, cards(*names), units(inputs)))


def of_city(*names: str, sector: str | None = "all", **delivered: str):
    found = table(*names, **delivered)
    found = found.filter(found["unit_kind"] == "city")
    return found if sector is None else found.filter(found["sector"] == sector)


def test_each_definition():
    same(
        of_city(*(name for name, card in metrics().items() if card.family == "organisation")),
        """
        metric             numerator denominator value basis
        single_org_share   3         6           1/2   -
        joint_load         5         2           5/2   -
        secretary_in_post  4         6           2/3   -
        secretary_trained  2         6           1/3   -
        term_overdue       2         6           1/3   -
        eight_haves_met    2         4           1/2   -
        star_share         2         4           1/2   -
        park_managed_share 3         3           1     -
        """,
    )


def test_a_mixed_organisation_and_one_of_a_unit_in_no_register_count_in_all_alone():
    same(
        of_city("single_org_share", sector=None),
        "sector numerator denominator \n enterprise 2 3 \n social_org 1 1 \n all 3 6",
    )


def test_units_are_city_districts_and_parks():
    found = table("single_org_share")
    same(
        found.filter(found["sector"] == "all"),
        """
        unit_kind unit_code numerator denominator value reason
        city      000001    3         6           1/2   .
        district  980102    2         3           2/3   .
        district  980103    1         2           1/2   .
        district  980107    0         0           .     no_denominator
        district  000000    0         1           0     .
        park      P1        2         3           2/3   .
        park      P2        0         0           .     no_denominator
        """,
    )


def test_the_load_of_joint_organisations_counts_links_of_units_in_no_register_too():
    same(
        of_city("joint_load", org_link="org_code uscc \n J1 E1 \n J1 N1 \n J1 N2 \n B1 E2"),
        "numerator denominator value \n 3 2 3/2",
    )


def test_only_organisations_whose_value_is_known_are_in_the_denominator():
    nobody = "org_code mode stars eight_haves managed_by \n B1 single . . . \n B2 single . . ."
    same(
        of_city("star_share", "eight_haves_met", "park_managed_share", party_org=nobody),
        """
        metric             numerator denominator value reason
        star_share         0         0           .     no_denominator
        eight_haves_met    0         0           .     no_denominator
        park_managed_share 0         0           .     no_denominator
        """,
    )


def test_park_management_is_asked_of_organisations_in_a_park():
    # B3 is managed by a township, but lies in no park; D1 by an organ.
    found = table("park_managed_share")
    same(
        found.filter((found["sector"] == "all") & (found["unit_kind"] != "park")),
        """
        unit_code numerator denominator reason
        000001    3         3           .
        980102    3         3           .
        980103    0         0           no_denominator
        980107    0         0           no_denominator
        000000    0         0           no_denominator
        """,
    )


def test_all_four_sources_are_needed_for_every_sector():
    for source in ("org_link", "party_org", "registration", "social_org"):
        found = table("single_org_share", missing=source)
        assert set(found["reason"]) == {f"source_missing:{source}"}
        assert found["numerator"].is_null().all() and found["denominator"].is_null().all() and found["value"].is_null().all()
    assert set(table("single_org_share", missing="org_link party_org social_org")["reason"]) == {"source_missing:social_org"}


def test_without_the_park_list_only_the_figures_of_parks_are_gone():
    found = table("single_org_share", "park_managed_share", missing="park")
    same(
        found.filter(found["sector"] == "all"),
        """
        metric             unit_code numerator denominator reason
        single_org_share   000001    3         6           .
        single_org_share   980102    2         3           .
        single_org_share   980103    1         2           .
        single_org_share   980107    0         0           no_denominator
        single_org_share   000000    0         1           .
        park_managed_share 000001    .         .           source_missing:park
        park_managed_share 980102    .         .           source_missing:park
        park_managed_share 980103    .         .           source_missing:park
        park_managed_share 980107    .         .           source_missing:park
        park_managed_share 000000    .         .           source_missing:park
        """,
    )
