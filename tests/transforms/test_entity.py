"""Entity metrics: every definition as a count that can be done by hand, the three bases, sectors and zones."""

import pytest

from data.contracts import metrics
from tests.cities import same
from tests.transforms.small_city import of_city, table
from transforms.measures.entity import BASES, SECTORS


def test_the_coverages():
    same(
        of_city(table("org_coverage", "resident_coverage", "work_coverage", "single_rate", "single_share")),
        """
        metric            numerator denominator value reason
        org_coverage      4         8           1/2   .
        resident_coverage 3         8           3/8   .
        work_coverage     6         8           3/4   .
        single_rate       1         8           1/8   .
        single_share      1         4           1/4   .
        """,
    )


def test_what_is_due():
    # E01 and E02 have three formal members; E03, E05 (a lost one does not count) fewer; E06 has an irregular one alone, so no member.
    same(
        of_city(table("single_due_rate", "joint_due_rate", "member_unit_coverage", "no_member_share")),
        """
        metric               numerator denominator value
        single_due_rate      1         2           1/2
        joint_due_rate       1         2           1/2
        member_unit_coverage 3         4           3/4
        no_member_share      4         8           1/2
        """,
    )


def test_a_probationary_member_does_not_make_three():
    text = "member_id uscc kind \n M1 E01 formal \n M2 E01 formal \n M3 E01 probationary"
    same(
        of_city(table("single_due_rate", "joint_due_rate", member=text)),
        "metric numerator denominator value reason \n single_due_rate 0 0 . no_denominator \n joint_due_rate 0 1 0 .",
    )


def test_large_units_from_fifty_and_from_a_hundred():
    same(
        of_city(table("large50_member_rate", "large100_org_rate")),
        "metric numerator denominator value \n large50_member_rate 2 4 1/2 \n large100_org_rate 2 2 1",
    )


def test_member_density_leaves_out_units_without_known_employees_on_both_sides():
    # E03's member is not counted, for nobody knows its employees; 4 + 3 + 1 members over 120 + 60 + 100 + 49 + 50.
    same(of_city(table("member_density")), "numerator denominator value \n 8 379 8/379")


def test_survey_and_irregular_units():
    same(
        of_city(table("survey_rate", "five_clears", "irregular_unit_share"), sector="all"),
        "metric numerator denominator value \n survey_rate 3 10 3/10 \n five_clears 2 10 1/5 \n irregular_unit_share 2 6 1/3",
    )


def test_recognition_is_the_basis_over_the_registered():
    same(
        of_city(table("recognition_rate"), basis="registered", sector=None),
        "sector numerator denominator \n enterprise 8 8 \n social_org 2 2 \n all 10 10 \n self_employed 1 1",
    )
    same(
        of_city(table("recognition_rate"), basis="corroborated", sector=None),
        "sector numerator denominator \n enterprise 6 8 \n social_org 2 2 \n all 8 10 \n self_employed 1 1",
    )
    same(
        of_city(table("recognition_rate"), basis="verified", sector=None),
        "sector numerator denominator \n enterprise 3 8 \n social_org 2 2 \n all 5 10 \n self_employed 1 1",
    )


def test_three_bases_and_four_sectors_of_one_rate():
    found = table("org_coverage")
    same(
        found.filter(found["unit_kind"] == "city"),
        """
        basis        sector        numerator denominator value reason
        registered   enterprise    4         8           1/2   .
        registered   social_org    1         2           1/2   .
        registered   all           5         10          1/2   .
        registered   self_employed 0         1           0     .
        corroborated enterprise    4         6           2/3   .
        corroborated social_org    1         2           1/2   .
        corroborated all           5         8           5/8   .
        corroborated self_employed 0         1           0     .
        verified     enterprise    3         3           1     .
        verified     social_org    1         2           1/2   .
        verified     all           4         5           4/5   .
        verified     self_employed 0         1           0     .
        """,
    )


def test_units_are_city_districts_parks_and_zones():
    found = table("org_coverage")
    found = found.filter((found["basis"] == "registered") & (found["sector"] == "all"))
    same(
        found,
        """
        unit_kind unit_code numerator denominator value reason
        city      000001    5         10          1/2   .
        district  980102    4         5           4/5   .
        district  980103    1         4           1/4   .
        district  980107    0         0           .     no_denominator
        district  000000    0         1           0     .
        park      P1        3         3           1     .
        park      P2        1         1           1     .
        zone      in_park   4         4           1     .
        zone      out_park  1         6           1/6   .
        """,
    )


def test_a_value_is_made_of_totals_never_of_values():
    # Districts at 4/5, 1/4 and 0/1: their mean is 7/20, the city stands at 5/10.
    found = table("org_coverage")
    found = found.filter((found["basis"] == "registered") & (found["sector"] == "all"))
    districts = found.filter(found["unit_kind"] == "district")
    city_row = found.filter(found["unit_kind"] == "city").row(0, named=True)
    assert city_row["value"] == districts["numerator"].sum() / districts["denominator"].sum() == 0.5
    assert districts["value"].mean() == pytest.approx(7 / 20)


def test_the_shares_of_parks_are_of_the_city_and_of_three_sectors():
    found = table("park_unit_share", "park_employee_share")
    assert set(found["unit_kind"]) == {"city"}
    same(
        found.filter(found["basis"] == "corroborated"),
        """
        metric              sector     numerator denominator value
        park_unit_share     enterprise 3         6           1/2
        park_unit_share     social_org 1         2           1/2
        park_unit_share     all        4         8           1/2
        park_employee_share enterprise 229       379         229/379
        park_employee_share social_org 8         8           1
        park_employee_share all        237       387         237/387
        """,
    )
    same(found.filter((found["basis"] == "verified") & (found["metric"] == "park_unit_share") & (found["sector"] == "all")), "value \n 4/5")


def test_every_figure_is_there_once():
    found = table(*(name for name, card in metrics().items() if card.family == "entity"))
    full = [card for card in metrics().values() if card.family == "entity" and not card.unit_kinds]
    shares = [card for card in metrics().values() if card.family == "entity" and card.unit_kinds]
    assert (len(full), len(shares)) == (16, 2)
    # city, three districts and 000000, two parks, two zones
    assert len(found) == len(BASES) * (16 * 9 * len(SECTORS) + 2 * 1 * 3)
    assert found.select("basis", "unit_kind", "unit_code", "sector", "metric").is_duplicated().sum() == 0
