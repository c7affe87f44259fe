"""The unit census: members, coverage and its mode, instructors, mass organisations, the survey. D is 2017-12-31."""

from tests.cities import city, same
from transforms.census import census

# --- members ---


def test_members_are_persons_whatever_the_number_of_their_organisations():
    found = census(
        city(
            registration="uscc \n E1 \n E2",
            member="""
                member_id org_code uscc relation
                M1        B1       E1   in_place
                M1        B2       E1   mobile
                M2        B1       E1   mobile
                M3        B1       .    in_place
                M4        B1       N1   in_place
            """,
        )
    )
    same(found, "uscc members formal_members irregular_members \n E1 2 2 0 \n E2 0 0 0")


def test_formal_members_are_formal_by_the_day():
    found = census(
        city(
            registration="uscc \n E1 \n E2 \n E3 \n E4 \n E5",
            member="""
                member_id uscc kind         formal_on
                M1        E1   formal       .
                M2        E2   formal       2017-12-31
                M3        E3   formal       2018-01-01
                M4        E4   probationary .
                M5        E5   probationary 2016-01-01
            """,
        )
    )
    same(found, "uscc members formal_members \n E1 1 1 \n E2 1 1 \n E3 1 0 \n E4 1 0 \n E5 1 0")


def test_irregular_relations_are_counted_apart():
    found = census(
        city(
            registration="uscc \n E1 \n E2",
            member="""
                member_id org_code uscc relation
                M1        B1       E1   pocket
                M2        B1       E1   nominal
                M3        B1       E1   lost
                M3        B2       E1   lost
                M4        B1       E1   in_place
                M5        B1       E2   lost
                M5        B2       E2   in_place
            """,
        )
    )
    same(found, "uscc members formal_members irregular_members \n E1 1 1 3 \n E2 1 1 1")


# --- coverage ---


def test_covered_at_the_edges_of_the_link():
    found = census(
        city(
            registration="uscc \n E1 \n E2 \n E3 \n E4 \n E5",
            party_org="org_code \n B1",
            org_link="""
                org_code uscc starts_on  ends_on
                B1       E1   2017-12-31 .
                B1       E2   2018-01-01 .
                B1       E3   2010-01-01 2017-12-31
                B1       E4   2010-01-01 2018-01-01
            """,
        )
    )
    same(found, "uscc covered mode \n E1 yes single \n E2 no . \n E3 no . \n E4 yes single \n E5 no .")


def test_covered_at_the_edges_of_the_organisation():
    found = census(
        city(
            registration="uscc \n E1 \n E2 \n E3 \n E4 \n E5",
            party_org="""
                org_code founded_on ended_on
                B1       2017-12-31 .
                B2       2018-01-01 .
                B3       2010-01-01 2017-12-31
                B4       2010-01-01 2018-01-01
            """,
            org_link="org_code uscc \n B1 E1 \n B2 E2 \n B3 E3 \n B4 E4 \n B9 E5",
        )
    )
    same(found, "uscc covered \n E1 yes \n E2 no \n E3 no \n E4 yes \n E5 no")


def test_mode_is_the_first_of_single_joint_dispatched_among_the_active_ones():
    found = census(
        city(
            registration="uscc \n E1 \n E2 \n E3 \n E4",
            party_org="""
                org_code mode       ended_on
                S1       single     .
                J1       joint      .
                D1       dispatched .
                S9       single     2016-01-01
            """,
            org_link="""
                org_code uscc
                D1       E1
                J1       E1
                S1       E1
                D1       E2
                J1       E2
                D1       E3
                S9       E4
                D1       E4
            """,
        )
    )
    same(found, "uscc covered mode \n E1 yes single \n E2 yes joint \n E3 yes dispatched \n E4 yes dispatched")


def test_a_link_holds_whatever_the_state_of_the_unit():
    found = census(city(registration="uscc status \n E1 cancelled", party_org="org_code \n B1", org_link="org_code uscc \n B1 E1"))
    same(found, "uscc active covered mode \n E1 no yes single")


def test_instructed_at_the_edges_full_time_or_not():
    found = census(
        city(
            registration="uscc \n E1 \n E2 \n E3 \n E4 \n E5",
            instructor="""
                instructor_id uscc full_time starts_on  ends_on
                I1            E1   no        2017-12-31 .
                I1            E2   yes       2018-01-01 .
                I1            E3   yes       2010-01-01 2017-12-31
                I1            E4   yes       2010-01-01 2018-01-01
            """,
        )
    )
    same(found, "uscc instructed \n E1 yes \n E2 no \n E3 no \n E4 yes \n E5 no")


def test_mass_organisations_by_kind_at_the_edges():
    found = census(
        city(
            registration="uscc \n E1 \n E2 \n E3 \n E4 \n E5",
            mass_org="""
                uscc kind         founded_on ended_on
                E1   union        2017-12-31 .
                E2   youth_league 2018-01-01 .
                E3   women        2010-01-01 2017-12-31
                E4   women        2010-01-01 2018-01-01
                E4   youth_league 2010-01-01 .
            """,
        )
    )
    same(found, "uscc union youth_league women \n E1 yes no no \n E2 no no no \n E3 no no no \n E4 no yes yes \n E5 no no no")


def test_any_piece_makes_work_coverage():
    found = census(
        city(
            registration="uscc \n E1 \n E2 \n E3 \n E4 \n E5 \n E6",
            party_org="org_code \n B1",
            org_link="org_code uscc \n B1 E1",
            instructor="instructor_id uscc \n I1 E2",
            mass_org="uscc kind \n E3 union \n E4 youth_league \n E5 women",
        )
    )
    same(found, "uscc covered work_covered \n E1 yes yes \n E2 no yes \n E3 no yes \n E4 no yes \n E5 no yes \n E6 no no")


# --- the survey ---


def test_surveyed_within_the_twelve_months():
    text = "uscc surveyed_on \n E1 2016-12-31 \n E2 2017-01-01 \n E3 2017-12-31 \n E4 2018-01-01"
    found = census(city(registration="uscc \n E1 \n E2 \n E3 \n E4 \n E5", survey=text))
    same(found, "uscc surveyed \n E1 no \n E2 yes \n E3 yes \n E4 no \n E5 no")


def test_five_clears_needs_all_five():
    found = census(
        city(
            registration="uscc \n E1 \n E2 \n E3 \n E4 \n E5 \n E6 \n E7 \n E8",
            survey="""
                uscc surveyed_on operating employees members has_org investor_known
                E1   2017-06-30  shell     0         0       no      yes
                E2   2017-06-30  .         9         1       yes     yes
                E3   2017-06-30  operating .         1       yes     yes
                E4   2017-06-30  operating 9         .       yes     yes
                E5   2017-06-30  operating 9         1       .       yes
                E6   2017-06-30  operating 9         1       yes     no
                E7   2017-06-30  operating 9         1       yes     .
                E8   2016-06-30  operating 9         1       yes     yes
            """,
        )
    )
    same(found, "uscc five_clear \n E1 yes \n E2 no \n E3 no \n E4 no \n E5 no \n E6 no \n E7 no \n E8 no")
