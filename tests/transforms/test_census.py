"""The unit census, column by column (definitions.md, 'The unit census'). D is 2017-12-31 unless a test says otherwise."""

import pytest

from tests.cities import city, same
from transforms.census import census

# --- who is in it ---


def test_sector_is_by_class_of_the_type_code():
    found = census(
        city(
            registration="""
                uscc type_code
                E1   1130
                E2   1100
                P1   1110
                B1   2151
                C1   9100
                I1   9500
            """,
            social_org="uscc \n S1",
        )
    )
    same(
        found,
        """
        uscc type_code sector        assumed registered
        E1   1130      enterprise    no      yes
        E2   1100      enterprise    yes     yes
        P1   1110      .             no      no
        B1   2151      .             no      no
        C1   9100      .             no      no
        I1   9500      self_employed no      yes
        S1   .         social_org    no      yes
        """,
    )


def test_a_code_in_both_registers_counts_once_as_the_social_organisation():
    found = census(
        city(
            registration="""
                uscc name   type_code status founded_on ended_on district_code park_code
                X1   公司   1130      active 2001-01-01 .        980102        P1
            """,
            social_org="""
                uscc name   status    founded_on ended_on   district_code park_code
                X1   协会   cancelled 2005-05-05 2016-01-01 980103        .
            """,
            park="park_code \n P1",
        )
    )
    same(
        found,
        """
        uscc name type_code sector     active founded_on district_code park_code
        X1   协会 .         social_org no     2005-05-05 980103        .
        """,
    )


# --- active and registered ---


def test_active_at_the_edges_of_the_day():
    found = census(
        city(
            registration="""
                uscc status    founded_on ended_on
                E1   active    2017-12-31 .
                E2   active    2018-01-01 .
                E3   active    2010-01-01 2017-12-31
                E4   active    2010-01-01 2018-01-01
                E5   active    2010-01-01 2017-12-30
                E6   suspended 2010-01-01 .
                E7   revoked   2010-01-01 .
                E8   cancelled 2010-01-01 .
                E9   moved_out 2010-01-01 .
            """
        )
    )
    same(
        found,
        """
        uscc active registered
        E1   yes    yes
        E2   no     no
        E3   no     no
        E4   yes    yes
        E5   no     no
        E6   no     no
        E7   no     no
        E8   no     no
        E9   no     no
        """,
    )


def test_the_day_is_the_last_of_the_month_in_leap_years_too():
    text = "uscc founded_on \n E1 2016-02-29 \n E2 2016-03-01"
    same(census(city("2016-02", registration=text)), "uscc active \n E1 yes \n E2 no")
    same(census(city("2016-03", registration=text)), "uscc active \n E1 yes \n E2 yes")


# --- district and park ---

RENUMBERED = """
    code    name    valid_from  valid_to    successor
    980102  东屏区  2000-01-01  .           .
    980112  望海东  2000-01-01  2017-11-20  980111
    980111  望海市  2000-01-01  .           .
    980120  更旧    1990-01-01  2004-06-30  980121
    980121  旧      1990-01-01  2010-06-30  980102
    980190  撤销    1990-01-01  2009-12-31  .
    980191  也撤销  1990-01-01  2009-12-31  980190
    980192  去无处  1990-01-01  2009-12-31  999999
    980150  圈甲    1990-01-01  2009-12-31  980151
    980151  圈乙    1990-01-01  2009-12-31  980150
    980160  自指    1990-01-01  2009-12-31  980160
    130602  新市区  1990-01-01  2015-05-31  .
    130602  竞秀区  2015-06-01  .           .
    980170  将设区  2018-01-01  .           .
"""
PLACED = """
    uscc district_code
    E1   980102
    E2   980121
    E3   980120
    E4   980190
    E5   980191
    E6   980192
    E7   980150
    E8   980160
    E9   130602
    F1   980170
    F2   777777
    F3   .
    F4   000000
    F5   980112
"""


def test_a_district_is_followed_to_the_code_valid_at_the_day():
    found = census(city(registration=PLACED, districts=RENUMBERED))
    same(
        found,
        """
        uscc district_code
        E1   980102
        E2   980102
        E3   980102
        E4   000000
        E5   000000
        E6   000000
        E7   000000
        E8   000000
        E9   130602
        F1   000000
        F2   000000
        F3   000000
        F4   000000
        F5   980111
        """,
    )


@pytest.mark.parametrize(("period", "code"), [("2017-10", "980112"), ("2017-11", "980111")])
def test_a_district_is_its_own_through_its_last_valid_day(period, code):
    text = "uscc district_code \n E1 980112"
    same(census(city(period, registration=text, districts=RENUMBERED)), f"uscc district_code \n E1 {code}")


def test_a_code_that_kept_its_number_under_a_new_name_stays():
    text = "uscc district_code \n E1 130602"
    for period in ("2015-04", "2015-05", "2015-06", "2017-12"):
        same(census(city(period, registration=text, districts=RENUMBERED)), "uscc district_code \n E1 130602")


def test_a_park_that_is_not_in_the_list_is_none():
    found = census(city(registration="uscc park_code \n E1 P1 \n E2 P9 \n E3 .", park="park_code \n P1"))
    same(found, "uscc park_code \n E1 P1 \n E2 . \n E3 .")


# --- the lists of tax and social insurance ---


def test_a_taxpayer_has_a_normal_row_and_a_sum_above_nothing():
    found = census(
        city(
            registration="uscc \n E1 \n E2 \n E3 \n E4 \n E5 \n E6 \n E7",
            tax="""
                taxpayer_id status    paid_yuan
                E1          normal    0.01
                E2          normal    0
                E3          normal    0
                E3          normal    5
                E4          abnormal  900
                E5          normal    0
                E5          abnormal  900
                E6          cancelled 10
                E6          suspended 10
                N1          normal    10
            """,
        )
    )
    same(found, "uscc taxpayer \n E1 yes \n E2 no \n E3 yes \n E4 no \n E5 no \n E6 no \n E7 no")


def test_insured_and_employees():
    found = census(city(registration="uscc \n E1 \n E2 \n E3", social_insurance="uscc insured \n E1 1 \n E2 0 \n N1 7"))
    same(found, "uscc insured employees \n E1 yes 1 \n E2 no 0 \n E3 no .")


def test_the_bases_take_one_list_or_both_and_a_social_organisation_needs_none():
    found = census(
        city(
            registration="""
                uscc type_code status
                E1   1130      active
                E2   1130      active
                E3   1130      active
                E4   1130      active
                E5   1130      cancelled
                P1   1110      active
                I1   9500      active
            """,
            social_org="uscc status \n S1 active \n S2 cancelled",
            tax="taxpayer_id \n E1 \n E2 \n E5 \n P1 \n I1",
            social_insurance="uscc \n E1 \n E3 \n E5 \n P1 \n I1",
        )
    )
    same(
        found,
        """
        uscc registered corroborated verified
        E1   yes        yes          yes
        E2   yes        yes          no
        E3   yes        yes          no
        E4   yes        no           no
        E5   no         no           no
        P1   no         no           no
        I1   yes        yes          yes
        S1   yes        yes          yes
        S2   no         no           no
        """,
    )
