"""Work lists: who is on each, since when, and which are not run."""

import narwhals as nw
import pytest

from data.contracts import worklists
from data.home import Settings
from tests.cities import city, computed, on_duckdb, same
from transforms.census import census
from transforms.measures.worklists import lacks, worklist

UNITS = {
    "registration": """
        uscc founded_on type_code
        E1   2010-01-01 1130
        E2   2010-01-01 1130
        E3   2010-01-01 1130
        E4   2017-01-01 1130
        E5   2016-12-31 1130
        E6   2017-06-01 1130
        I1   2017-06-01 9500
    """,
    "social_org": "uscc founded_on \n S1 2017-12-31",
    "tax": "taxpayer_id \n E1 \n E2 \n E3 \n E4 \n E5 \n I1",
    "social_insurance": "uscc insured \n E1 50 \n E2 100 \n E3 49 \n E6 200",
    "party_org": "org_code mode \n B1 single \n B2 joint",
    "org_link": "org_code uscc \n B1 E1 \n B2 E3",
    "member": "member_id uscc kind \n M1 E1 formal \n M2 E3 formal \n M3 E3 formal \n M4 E3 formal \n M5 S1 formal",
    "instructor": "instructor_id uscc \n Z1 E6",
}


def made(inputs, previous=None):
    return worklist(inputs, census(inputs), worklists().values(), previous)


def test_who_is_on_which_list():
    # E3 has three formal members in a joint organisation; E2 has a hundred employees and nothing; E4 was founded on the first day of the
    # twelve months and E5 a day too early; E6 has an instructor, so work reached it; the self-employed I1 is on no list.
    same(
        made(city(**UNITS)),
        """
        list              uscc sector     employees members since
        due_single        E3   enterprise 49        3       2017-12
        members_uncovered S1   social_org .         1       2017-12
        large50_no_member E2   enterprise 100       0       2017-12
        large50_no_member E6   enterprise 200       0       2017-12
        large100_no_org   E2   enterprise 100       0       2017-12
        large100_no_org   E6   enterprise 200       0       2017-12
        new_unit          E4   enterprise .         0       2017-12
        new_unit          S1   social_org .         1       2017-12
        """,
    )


def test_only_the_signed_basis_is_worked_on():
    registered = made(city(**UNITS | {"tax": "", "social_insurance": ""}, settings=Settings(basis="registered")))
    assert set(computed(registered).filter(list="new_unit")["uscc"]) == {"E4", "S1"}
    assert set(computed(made(city(**UNITS | {"tax": "", "social_insurance": ""})))["uscc"]) == {"S1"}


def test_since_is_kept_as_long_as_the_unit_stays_on_that_list():
    earlier = computed(made(city("2017-11", **UNITS))).lazy()
    now = city(**UNITS | {"member": "member_id uscc kind \n M2 E3 formal \n M3 E3 formal \n M4 E3 formal \n M6 E4 formal"})
    same(
        made(now, nw.from_native(earlier)),
        """
        list              uscc since
        due_single        E3   2017-11
        members_uncovered E4   2017-12
        large50_no_member E1   2017-12
        large50_no_member E2   2017-11
        large50_no_member E6   2017-11
        large100_no_org   E2   2017-11
        large100_no_org   E6   2017-11
        new_unit          E4   2017-11
        new_unit          S1   2017-12
        """,
    )


@pytest.mark.parametrize(
    ("missing", "run"),
    [
        ("", {"due_single", "members_uncovered", "large50_no_member", "large100_no_org", "new_unit"}),
        ("member", {"large100_no_org", "new_unit"}),
        ("mass_org", {"due_single", "members_uncovered", "large50_no_member", "large100_no_org"}),
        ("org_link", {"large50_no_member"}),
        ("tax", set()),
        ("social_org", set()),
    ],
)
def test_a_list_that_lacks_a_source_is_not_run(missing, run):
    inputs = city(**{name: text for name, text in UNITS.items() if name not in missing.split()}, missing=missing)
    found = made(inputs)
    assert (set() if found is None else set(computed(found)["list"])) <= run
    assert {name for name, card in worklists().items() if not lacks(inputs.rows, card)} == run


def test_what_a_list_lacks_is_named_in_the_order_of_the_sources():
    assert lacks({"registration", "social_org", "social_insurance"}, worklists()["due_single"]) == [
        "tax",
        "party_org",
        "org_link",
        "member",
    ]


def test_the_same_on_duckdb():
    inputs = city(**UNITS)
    key = ["list", "uscc"]
    assert computed(made(inputs)).sort(key).equals(computed(made(on_duckdb(inputs))).sort(key))
