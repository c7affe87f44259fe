"""Party organisations active at D: where each belongs and of which sector (definitions.md, 'Organisation metrics')."""

from tests.cities import city, computed, same
from transforms.census import census
from transforms.organisations import organisations

# Units to link to: three of district 02 (two of them in park P1, one in P2), two of 03 (one in P1), a market one of every class.
UNITS = {
    "registration": """
        uscc type_code status    district_code park_code
        E1   1130      active    980102        P1
        E2   1130      active    980102        P1
        E3   1130      active    980102        P2
        E4   1130      active    980103        P1
        E5   1130      active    980103        .
        E6   1130      cancelled 980107        .
        G1   1110      active    980107        .
        I1   9500      active    980107        .
    """,
    "social_org": "uscc district_code park_code \n S1 980103 . \n S2 980103 P2",
    "park": "park_code \n P1 \n P2",
}


def found(**delivered: str):
    inputs = city(**(UNITS | delivered))
    return organisations(inputs, census(inputs))


def test_only_the_active_ones():
    same(
        found(
            party_org="""
                org_code founded_on ended_on
                B1       2017-12-31 .
                B2       2018-01-01 .
                B3       2010-01-01 2017-12-31
                B4       2010-01-01 2018-01-01
            """
        ),
        "org_code links district_code park_code sector \n B1 0 000000 . . \n B4 0 000000 . .",
    )


def test_links_count_while_in_force():
    same(
        found(
            party_org="org_code mode \n J1 joint",
            org_link="""
                org_code uscc starts_on  ends_on
                J1       E1   2017-12-31 .
                J1       E2   2018-01-01 .
                J1       E3   2010-01-01 2017-12-31
                J1       E4   2010-01-01 2018-01-01
                J9       E5   2010-01-01 .
            """,
        ),
        "org_code links \n J1 2",
    )


def test_district_is_that_of_most_links_and_of_several_the_smallest():
    same(
        found(
            party_org="org_code mode \n J1 joint \n J2 joint \n J3 joint \n J4 joint \n J5 joint \n J6 joint",
            org_link="""
                org_code uscc
                J1       E4
                J1       E5
                J1       E1
                J2       E4
                J2       E1
                J3       N1
                J3       E1
                J4       N1
                J4       N2
                J4       E1
                J5       N1
                J6       E6
            """,
        ),
        """
        org_code links district_code
        J1       3     980103
        J2       2     980102
        J3       2     000000
        J4       3     000000
        J5       1     000000
        J6       1     980107
        """,
    )


def test_park_needs_more_than_half_of_the_links():
    same(
        found(
            party_org="org_code mode \n J1 joint \n J2 joint \n J3 joint \n J4 joint \n J5 joint \n J6 joint",
            org_link="""
                org_code uscc
                J1       E1
                J2       E1
                J2       E3
                J3       E1
                J3       E2
                J3       E3
                J4       E1
                J4       E2
                J4       E5
                J4       N1
                J5       E4
                J5       E1
                J5       N1
                J6       E5
            """,
        ),
        "org_code park_code \n J1 P1 \n J2 . \n J3 P1 \n J4 . \n J5 P1 \n J6 .",
    )


def test_sector_is_that_of_all_linked_units():
    same(
        found(
            party_org="org_code mode \n J1 joint \n J2 joint \n J3 joint \n J4 joint \n J5 joint \n J6 joint \n J7 joint \n J8 joint",
            org_link="""
                org_code uscc
                J1       E1
                J1       E6
                J2       S1
                J2       S2
                J3       E1
                J3       S1
                J4       E1
                J4       N1
                J5       E1
                J5       I1
                J6       E1
                J6       G1
                J7       N1
            """,
        ),
        """
        org_code sector
        J1       enterprise
        J2       social_org
        J3       .
        J4       .
        J5       .
        J6       .
        J7       .
        J8       .
        """,
    )


def test_training_and_term_at_the_edges():
    same(
        found(
            party_org="""
                org_code secretary_trained_on term_ends_on
                B1       2016-12-31           2017-12-30
                B2       2017-01-01           2017-12-31
                B3       2017-12-31           2018-01-01
                B4       2018-01-01           .
                B5       .                    .
            """
        ),
        "org_code trained_this_year term_over \n B1 no yes \n B2 yes yes \n B3 yes no \n B4 no no \n B5 no no",
    )


def test_without_the_park_list_no_organisation_is_in_a_park():
    units = {name: text for name, text in UNITS.items() if name != "park"}
    inputs = city(missing="park", party_org="org_code \n B1", org_link="org_code uscc \n B1 E1", **units)
    same(organisations(inputs, census(inputs)), "org_code district_code park_code \n B1 980102 .")


def test_one_row_an_organisation():
    links = "org_code uscc \n" + "\n".join(f"J1 {unit}" for unit in ("E1", "E2", "E3", "E4", "E5", "S1", "N1"))
    assert len(computed(found(party_org="org_code \n J1 \n J2", org_link=links))) == 2
