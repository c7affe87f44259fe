"""What a reader of an area is given of a release: small tables, every table with its way."""

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contracts import tables
from transforms import reach
from transforms.reach import Reach, reach_of, within

# The city, two districts with a park each, a third that has merged into the second since, and a park in no known district.
UNITS = [
    {"unit_kind": "city", "unit_code": "C", "parent_code": None},
    {"unit_kind": "zone", "unit_code": "in_park", "parent_code": "C"},
    {"unit_kind": "district", "unit_code": "000000", "parent_code": "C"},
    {"unit_kind": "district", "unit_code": "A", "parent_code": "C"},
    {"unit_kind": "district", "unit_code": "B", "parent_code": "C"},
    {"unit_kind": "district", "unit_code": "old", "parent_code": "C"},
    {"unit_kind": "park", "unit_code": "PA", "parent_code": "A"},
    {"unit_kind": "park", "unit_code": "PB", "parent_code": "B"},
    {"unit_kind": "park", "unit_code": "P0", "parent_code": "000000"},
]
LEADS_TO = {"A": "A", "B": "B", "old": "B"}
FILES = {"2017-12/tax/a.csv": "A", "2017-12/tax/b.csv": "B"}
TAX_B = "tax|2017-12/tax/b.csv"


def of(*areas: tuple[str, str]) -> Reach:
    return reach_of(areas, UNITS, LEADS_TO, FILES)


def kept(table: str, areas: tuple[tuple[str, str], ...], rows: list[dict], **others: list[dict]) -> list[dict]:
    known = {name: nw.from_native(pl.LazyFrame(each)) for name, each in others.items()}
    return within(table, nw.from_native(pl.LazyFrame(rows)), of(*areas), known).to_native().collect().to_dicts()


@pytest.mark.parametrize(
    ("areas", "districts", "parks", "above"),
    [
        ([("district", "A")], {"A"}, {"PA"}, {("city", "C"), ("zone", "in_park")}),
        ([("district", "B")], {"B", "old"}, {"PB"}, {("city", "C"), ("zone", "in_park")}),
        ([("park", "PB")], set(), {"PB"}, {("city", "C"), ("zone", "in_park"), ("district", "B")}),
        ([("district", "A"), ("park", "PB")], {"A"}, {"PA", "PB"}, {("city", "C"), ("zone", "in_park"), ("district", "B")}),
        ([("district", "000000")], set(), set(), {("city", "C"), ("zone", "in_park")}),
        ([("district", "gone")], set(), set(), {("city", "C"), ("zone", "in_park")}),
    ],
)
def test_an_area_holds_its_parks_its_former_codes_and_the_lines_above_it(areas, districts, parks, above):
    found = of(*areas)
    assert (found.districts, found.parks, found.above) == (districts, parks, above)


@pytest.mark.parametrize("table", sorted(reach.FIGURES))
def test_of_figures_the_own_and_those_above_are_given(table):
    rows = [{"unit_kind": row["unit_kind"], "unit_code": row["unit_code"]} for row in UNITS]
    found = [(row["unit_kind"], row["unit_code"]) for row in kept(table, (("district", "A"),), rows)]
    assert found == [("city", "C"), ("zone", "in_park"), ("district", "A"), ("park", "PA")]


@pytest.mark.parametrize("table", sorted(reach.PLACED))
def test_rows_lie_in_the_district_or_in_its_parks(table):
    rows = [
        {"uscc": "1", "district_code": "A", "park_code": None},
        {"uscc": "2", "district_code": "B", "park_code": "PA"},
        {"uscc": "3", "district_code": "B", "park_code": "PB"},
        {"uscc": "4", "district_code": "000000", "park_code": None},
        {"uscc": "5", "district_code": None, "park_code": None},
    ]
    assert [row["uscc"] for row in kept(table, (("district", "A"),), rows)] == ["1", "2"]
    assert [row["uscc"] for row in kept(table, (("park", "PB"),), rows)] == ["3"]


def test_leads_on_a_file_are_given_where_the_file_is_the_districts_own():
    rows = [
        {"subject_kind": "unit", "subject": "1", "district_code": "B", "park_code": None},
        {"subject_kind": "unit", "subject": "2", "district_code": "A", "park_code": None},
        {"subject_kind": "delivery", "subject": TAX_B, "district_code": None, "park_code": None},
        {"subject_kind": "delivery", "subject": "tax|2017-12/tax/all.csv", "district_code": None, "park_code": None},
    ]
    assert [row["subject"] for row in kept("findings", (("district", "B"),), rows)] == ["1", TAX_B]
    assert [row["subject"] for row in kept("findings", (("park", "PB"),), rows)] == []


def test_files_of_other_districts_are_not_named_and_of_rejected_rows_only_the_own_files_are_shown():
    rows = [{"path": path, "fields": '{"name": "甲"}'} for path in ("2017-12/tax/a.csv", "2017-12/tax/all.csv", "2017-12/tax/b.csv")]
    assert [row["path"] for row in kept("loads", (("district", "A"),), rows)] == ["2017-12/tax/a.csv", "2017-12/tax/all.csv"]
    assert kept("rejected", (("district", "A"),), rows) == [{"path": "2017-12/tax/a.csv", "fields": "{}"}]


def test_source_lines_go_with_their_subjects():
    census = [{"uscc": "1", "district_code": "A", "park_code": None}, {"uscc": "2", "district_code": "B", "park_code": None}]
    organisations = [
        {"org_code": "O1", "district_code": "A", "park_code": None},
        {"org_code": "O2", "district_code": "B", "park_code": None},
    ]
    rows = [
        {"subject_kind": kind, "subject": subject}
        for kind, subject in [
            ("unit", "1"), ("unit", "2"), ("organisation", "O1"), ("organisation", "O2"),
            ("area", "A"), ("area", "B"), ("area", "PA"), ("area", "C"), ("park", "PA"), ("park", "PB"),
        ]
    ]  # fmt: skip
    found = kept("origins", (("district", "A"),), rows, census=census, organisations=organisations)
    assert {(row["subject_kind"], row["subject"]) for row in found} == {
        ("unit", "1"), ("organisation", "O1"), ("area", "A"), ("area", "PA"), ("park", "PA"),
    }  # fmt: skip
    surveyed = [{"uscc": "1", "five_clear": True}, {"uscc": "2", "five_clear": True}]
    assert [row["uscc"] for row in kept("surveyed", (("district", "A"),), surveyed, census=census)] == ["1"]


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_table_has_its_way_and_none_is_given_to_a_reader_of_nothing(name):
    """A reader whose area is nowhere is given no row but of the city; a new table without a way is given to nobody."""
    columns = [column.name for column in tables()[name].columns]
    row = (
        dict.fromkeys(columns, "x") | {"unit_kind": "district", "unit_code": "B"} if "unit_kind" in columns else dict.fromkeys(columns, "x")
    )
    row |= {"path": "2017-12/tax/b.csv"} if "path" in columns else {}
    others = {name: [{"uscc": "x", "org_code": "x", "district_code": "B", "park_code": None}] for name in ("census", "organisations")}
    assert kept(name, (("district", "gone"),), [row], **others) == []


def test_a_table_that_is_not_known_is_given_to_nobody():
    assert kept("of_tomorrow", (("district", "A"),), [{"district_code": "A"}]) == []


def test_the_manifest_names_no_file_and_no_move_of_another_district():
    whole = {
        "inputs": dict.fromkeys(["2017-12/tax/a.csv", "2017-12/tax/b.csv", "2017-12/tax/all.csv"], "0"),
        "withdrawn": ["2017-12/tax/b.csv"],
        "target_documents": [{"unit_kind": "district", "unit_code": code} for code in ("", "A", "B")],
        "changes": [
            {"unit_kind": "district", "unit_code": "A", "files": ["2017-12/tax/b.csv", "2017-12/tax/all.csv"]},
            {"unit_kind": "district", "unit_code": "B", "files": ["2017-12/tax/b.csv"]},
        ],
    }
    seen = reach.manifest(whole, of(("district", "A")))
    assert list(seen["inputs"]) == ["2017-12/tax/a.csv", "2017-12/tax/all.csv"]
    assert seen["withdrawn"] == []
    assert [row["unit_code"] for row in seen["target_documents"]] == ["", "A"]
    assert seen["changes"] == [{"unit_kind": "district", "unit_code": "A", "files": ["2017-12/tax/all.csv"]}]


CODES = st.sampled_from(["A", "B", "old", "000000"])
PARKS = st.sampled_from([None, "PA", "PB", "P0"])


@given(st.lists(st.tuples(CODES, PARKS), max_size=30))
def test_the_districts_part_the_city_and_nothing_is_given_twice_or_to_another(places):
    """Every row of a known district is given to that district's reader; to another's only where it lies in a park of theirs."""
    rows = [{"uscc": str(number), "district_code": code, "park_code": park} for number, (code, park) in enumerate(places)]
    if not rows:
        return
    given_to = {name: {row["uscc"] for row in kept("census", (("district", name),), rows)} for name in ("A", "B")}
    for row in rows:
        owner = LEADS_TO.get(row["district_code"])
        for name, found in given_to.items():
            own_park = {"PA": "A", "PB": "B"}.get(row["park_code"]) == name
            assert (row["uscc"] in found) == (owner == name or own_park)
