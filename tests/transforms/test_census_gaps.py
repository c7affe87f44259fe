"""The unit census where a source is missing: its columns are null, and no others."""

from data.contracts import tables
from tests.cities import city, computed, same
from transforms.census import census

# One unit with everything, so that a column that is null is null for its missing source alone.
FULL = {
    "registration": "uscc park_code \n E1 P1",
    "social_org": "uscc park_code \n S1 P1",
    "tax": "taxpayer_id \n E1 \n S1",
    "social_insurance": "uscc insured \n E1 60 \n S1 5",
    "party_org": "org_code mode \n B1 single",
    "org_link": "org_code uscc \n B1 E1",
    "member": "member_id uscc \n M1 E1",
    "instructor": "instructor_id uscc \n I1 E1",
    "mass_org": "uscc kind \n E1 union",
    "park": "park_code \n P1",
}


def without(*missing: str):
    delivered = {name: text for name, text in FULL.items() if name not in missing}
    return census(city(missing=" ".join(missing), **delivered))


def test_columns_are_those_of_the_card_in_their_order():
    assert without().collect_schema().names() == [column.name for column in tables()["census"].columns]
    assert computed(without())["period"].unique().to_list() == ["2017-12"]


def test_without_a_list_its_columns_are_null_and_no_others():
    complete = computed(without())
    for source in FULL:
        if source in ("registration", "social_org"):
            continue
        found = computed(without(source))
        hidden = {column.name for column in tables()["census"].columns if source in column.needs}
        assert hidden, source
        for name in found.columns:
            if name not in hidden:
                assert found.sort("uscc")[name].equals(complete.sort("uscc")[name]), (source, name)
            elif name in ("corroborated", "verified"):
                same(found, f"uscc {name} \n E1 . \n S1 yes")
            else:
                assert found[name].is_null().all(), (source, name)


def test_without_one_register_the_census_is_the_other():
    same(without("registration"), "uscc sector registered taxpayer \n S1 social_org yes yes")
    same(without("social_org"), "uscc sector registered covered \n E1 enterprise yes yes")


def test_with_registers_alone():
    missing = tuple(name for name in FULL if name not in ("registration", "social_org"))
    same(
        without(*missing, "survey"),
        """
        uscc registered park_code taxpayer insured employees corroborated members covered mode work_covered surveyed
        E1   yes        .         .        .       .         .            .       .       .    .            .
        S1   yes        .         .        .       .         yes          .       .       .    .            .
        """,
    )


def test_an_empty_delivery_is_a_delivery():
    found = census(city(registration="uscc \n E1"))
    same(
        found,
        """
        uscc park_code taxpayer insured employees corroborated members irregular_members covered mode instructed union work_covered surveyed
        E1   .         no       no      .         no           0       0                 no      .    no         no    no           no
        """,
    )
    assert computed(census(city())).is_empty()
