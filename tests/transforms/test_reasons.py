"""Why an entity figure has no value: no denominator, or a source that is missing, the first in the order of the sources; never 0."""

import pytest

from tests.cities import same
from tests.transforms.small_city import table


def reasons(missing: str, *names: str, basis: str = "corroborated", unit: str = "000001", sector: str | None = "enterprise"):
    found = table(*names, missing=missing)
    found = found.filter((found["basis"] == basis) & (found["unit_code"] == unit))
    return found if sector is None else found.filter(found["sector"] == sector)


def test_an_empty_set_has_no_denominator_but_its_numerator():
    same(
        reasons("", "large100_org_rate", "member_density", unit="P2"),
        "metric numerator denominator value reason \n large100_org_rate 0 0 . no_denominator \n member_density 1 49 1/49 .",
    )
    same(reasons("", "single_share", unit="980107"), "numerator denominator value reason \n 0 0 . no_denominator")


def test_the_denominator_stays_where_its_own_sources_are_there():
    same(
        reasons("org_link", "org_coverage", "single_share", "member_unit_coverage", "recognition_rate"),
        """
        metric               numerator denominator value reason
        org_coverage         .         6           .     source_missing:org_link
        single_share         .         .           .     source_missing:org_link
        member_unit_coverage .         4           .     source_missing:org_link
        recognition_rate     6         8           3/4   .
        """,
    )


def test_a_denominator_of_nothing_is_a_missing_source_all_the_same():
    same(
        reasons("org_link", "org_coverage", unit="980107"),
        "numerator denominator value reason \n . 0 . source_missing:org_link",
    )


def test_a_known_numerator_is_hidden_when_the_denominator_is_not_known():
    same(
        reasons("tax", "recognition_rate", basis="corroborated"),
        "numerator denominator value reason \n . 8 . source_missing:tax",
    )


def test_the_first_missing_source_in_the_order_of_the_sources_is_named():
    same(
        reasons("member instructor social_insurance org_link tax", "work_coverage", "member_unit_coverage", "large50_member_rate"),
        """
        metric               reason
        work_coverage        source_missing:tax
        member_unit_coverage source_missing:tax
        large50_member_rate  source_missing:tax
        """,
    )
    same(
        reasons("mass_org instructor org_link", "work_coverage", "org_coverage", basis="registered"),
        "metric reason \n work_coverage source_missing:org_link \n org_coverage source_missing:org_link",
    )
    same(
        reasons("mass_org instructor", "work_coverage", "org_coverage", basis="registered"),
        "metric reason \n work_coverage source_missing:instructor \n org_coverage .",
    )


@pytest.mark.parametrize("source", ["tax", "social_insurance"])
def test_social_organisations_need_no_lists_for_their_basis(source):
    for basis in ("corroborated", "verified"):
        same(
            reasons(source, "org_coverage", basis=basis, sector=None),
            f"""
            sector        numerator denominator value reason
            enterprise    .         .           .     source_missing:{source}
            social_org    1         2           1/2   .
            all           .         .           .     source_missing:{source}
            self_employed .         .           .     source_missing:{source}
            """,
        )
    same(
        reasons(source, "org_coverage", basis="registered", sector=None),
        "sector numerator denominator \n enterprise 4 8 \n social_org 1 2 \n all 5 10 \n self_employed 0 1",
    )


def test_employees_of_social_organisations_need_the_list_itself():
    same(
        reasons("social_insurance", "member_density", "large50_member_rate", sector="social_org"),
        """
        metric              numerator denominator reason
        member_density      .         .           source_missing:social_insurance
        large50_member_rate .         .           source_missing:social_insurance
        """,
    )


def test_a_missing_register_hides_its_own_sectors():
    same(
        reasons("social_org", "org_coverage", basis="registered", sector=None),
        """
        sector        numerator denominator reason
        enterprise    4         8           .
        social_org    .         .           source_missing:social_org
        all           .         .           source_missing:social_org
        self_employed 0         1           .
        """,
    )
    same(
        reasons("registration", "org_coverage", basis="registered", sector=None),
        """
        sector        numerator denominator reason
        enterprise    .         .           source_missing:registration
        social_org    1         2           .
        all           .         .           source_missing:registration
        self_employed .         .           source_missing:registration
        """,
    )


def test_without_any_register_every_figure_says_so():
    same(
        reasons("registration social_org", "org_coverage", sector=None),
        """
        sector        numerator denominator value reason
        enterprise    .         .           .     source_missing:registration
        social_org    .         .           .     source_missing:social_org
        all           .         .           .     source_missing:registration
        self_employed .         .           .     source_missing:registration
        """,
    )


def test_without_the_park_list_zones_and_shares_have_no_figures():
    found = table("org_coverage", "park_unit_share", missing="park")
    found = found.filter((found["basis"] == "registered") & (found["sector"] == "all") & (found["unit_kind"] != "district"))
    same(
        found,
        """
        metric          unit_kind unit_code numerator denominator value reason
        org_coverage    city      000001    5         10          1/2   .
        org_coverage    zone      in_park   .         .           .     source_missing:park
        org_coverage    zone      out_park  .         .           .     source_missing:park
        park_unit_share city      000001    .         10          .     source_missing:park
        """,
    )


@pytest.mark.parametrize(
    ("metric", "source", "denominator"),
    [
        ("org_coverage", "party_org", 8),
        ("resident_coverage", "org_link", 8),
        ("work_coverage", "instructor", 8),
        ("work_coverage", "mass_org", 8),
        ("single_rate", "party_org", 8),
        ("single_share", "party_org", None),
        ("single_due_rate", "org_link", 2),
        ("single_due_rate", "member", None),
        ("member_unit_coverage", "member", None),
        ("joint_due_rate", "org_link", 2),
        ("large50_member_rate", "member", 4),
        ("large50_member_rate", "social_insurance", None),
        ("large100_org_rate", "party_org", 2),
        ("no_member_share", "member", 8),
        ("member_density", "member", 379),
        ("member_density", "social_insurance", None),
        ("survey_rate", "survey", 8),
        ("five_clears", "survey", 8),
        ("irregular_unit_share", "member", None),
        ("park_unit_share", "park", 8),
        ("park_employee_share", "park", 379),
        ("park_employee_share", "social_insurance", None),
    ],
)
def test_what_each_figure_needs(metric, source, denominator):
    shown = "." if denominator is None else denominator
    same(
        reasons(source, metric, basis="registered"),
        f"numerator denominator value reason \n . {shown} . source_missing:{source}",
    )
