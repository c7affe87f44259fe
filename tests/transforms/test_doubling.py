"""Double doubling: the ledger worked by hand, what has no row, and on random histories the ledger against sets counted one by one."""

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts import tables
from data.home import Settings
from pipelines.publishing import frame_of
from tests.cities import city, on_duckdb, parted, same, value
from transforms.census import census
from transforms.measures.doubling import LEGS, Baseline, Ledger, doubling
from transforms.measures.units import units

COLUMNS = {
    "uscc": pl.String, "sector": pl.String, "district_code": pl.String, "park_code": pl.String, "registered": pl.Boolean,
    "corroborated": pl.Boolean, "verified": pl.Boolean, "covered": pl.Boolean, "work_covered": pl.Boolean, "mode": pl.String,
}  # fmt: skip
PARKS = "park_code name level district_code \n P1 园 national 980102 \n P2 园 municipal 980103"


def census_of(text: str) -> nw.LazyFrame:
    """A census from a text table; units that it names are in the default basis set, of sector enterprise, unless it says else."""
    header, lines = parted(text)
    plain = {"sector": "enterprise", "district_code": "980102", "corroborated": "yes", "registered": "yes", "work_covered": "no"}
    cells = [{name: plain.get(name, ".") for name in COLUMNS} | dict(zip(header, line, strict=True)) for line in lines]
    for row in cells:
        row["covered"] = "no" if row["mode"] == "." else "yes"
        row["work_covered"] = "yes" if row["covered"] == "yes" else row["work_covered"]
    rows = [[value(row[name], dtype) for name, dtype in COLUMNS.items()] for row in cells]
    return nw.from_native(pl.DataFrame(rows, schema=COLUMNS, orient="row").lazy())


def table(before: str, now: str, inputs=None, missing: str = "", at: Settings | None = None) -> pl.DataFrame:
    inputs = inputs or city(park=PARKS, settings=at)
    baseline = Baseline("2016-12", census_of(before), frozenset(missing.split()))
    return frame_of(tables()["doubling"], doubling(inputs, census_of(now), units(inputs), baseline))


BEFORE = """
    uscc mode    district_code park_code
    A    single  980102        P1
    B    joint   980102        .
    C    .       980102        P1
    D    .       980103        .
    E    single  980103        .
"""
NOW = """
    uscc mode       district_code park_code work_covered
    A    single     980102        P1        .
    B    .          980102        .         no
    C    dispatched 980102        P1        .
    D    .          980103        .         yes
    F    joint      980103        P1        .
    E    single     980102        .         .
"""


def test_the_ledger_of_the_city():
    # A stayed covered, B was lost, C gained by dispatch, E moved (the city does not see that), F came and is covered. D: work alone.
    rows = table(BEFORE, NOW).filter(unit_kind="city")
    same(
        rows,
        """
        pair      leg           n0 d0 n1 d1 gained lost entered_covered exited_covered entered exited
        sectors   enterprise    3  5  4  6  1      1    1               0              1       0
        sectors   social_org    0  0  0  0  0      0    0               0              0       0
        coverages org_coverage  3  5  4  6  1      1    1               0              1       0
        coverages work_coverage 3  5  5  6  2      1    1               0              1       0
        """,
    )
    same(
        rows,
        """
        leg           new_single new_joint new_dispatched new_work_only count_ratio rate_ratio doubled_count doubled_rate ceiling
        enterprise    0          1         1              0             4/3         10/9       no            no           yes
        social_org    0          0         0              0             .           .          no            no           no
        org_coverage  0          1         1              0             4/3         10/9       no            no           yes
        work_coverage 0          1         1              1             5/3         25/18      no            no           yes
        """,
    )


def test_who_moved_exits_one_district_and_enters_the_other():
    same(
        table(BEFORE, NOW).filter(leg="org_coverage"),
        """
        unit_kind unit_code n0 d0 n1 d1 gained lost entered_covered exited_covered entered exited
        city      000001    3  5  4  6  1      1    1               0              1       0
        district  000000    0  0  0  0  0      0    0               0              0       0
        district  980102    2  3  3  4  1      1    1               0              1       0
        district  980103    1  2  1  2  0      0    1               1              1       1
        district  980107    0  0  0  0  0      0    0               0              0       0
        park      P1        1  2  3  3  1      0    1               0              1       0
        park      P2        0  0  0  0  0      0    0               0              0       0
        """,
    )


def test_a_merged_district_is_followed():
    # 980121 was merged into 980102, 980190 leads nowhere: neither unit moved, and both stay where their districts went.
    rows = table(
        "uscc mode district_code \n A . 980121 \n B single 980190",
        "uscc mode district_code \n A single 980102 \n B single 000000",
    ).filter(leg="org_coverage")
    same(
        rows.filter(pl.col("d0") > 0),
        "unit_code n0 d0 n1 d1 gained entered exited \n 000001 1 2 2 2 1 0 0 \n 980102 0 1 1 1 1 0 0 \n 000000 1 1 1 1 0 0 0",
    )


def test_who_changed_the_sector_exits_one_leg_and_enters_the_other():
    rows = table("uscc mode \n A single", "uscc mode sector \n A single social_org").filter(unit_kind="city")
    same(
        rows,
        """
        leg           n0 n1 exited_covered entered_covered
        enterprise    1  0  1              0
        social_org    0  1  0              1
        org_coverage  1  1  0              0
        work_coverage 1  1  0              0
        """,
    )


@pytest.mark.parametrize(
    ("ledger", "by_count", "by_rate", "ceiling"),
    [
        (Ledger(n0=1, d0=4, n1=2, d1=4), True, True, False),
        (Ledger(n0=1, d0=4, n1=1, d1=2), False, True, False),  # the base halved
        (Ledger(n0=1, d0=4, n1=2, d1=8), True, False, False),
        (Ledger(n0=0, d0=4, n1=2, d1=4), False, False, False),  # nothing to double
        (Ledger(n0=2, d0=4, n1=4, d1=4), True, True, False),  # one half exactly can double
        (Ledger(n0=3, d0=4, n1=4, d1=4), False, False, True),
        (Ledger(n0=1, d0=4, n1=0, d1=0), False, False, False),
    ],
)
def test_what_counts_as_doubled(ledger, by_count, by_rate, ceiling):
    assert (*ledger.doubled, ledger.ceiling) == (by_count, by_rate, ceiling)


def test_without_a_baseline_there_is_no_row():
    inputs = city()
    assert doubling(inputs, census_of(NOW), units(inputs), None) == []


@pytest.mark.parametrize(
    ("missing", "legs"),
    [
        ("", {"enterprise", "social_org", "org_coverage", "work_coverage"}),
        ("mass_org", {"enterprise", "social_org", "org_coverage"}),
        ("tax", {"social_org"}),
        ("social_org", {"enterprise"}),
        ("org_link", set()),
        ("member funding", {"enterprise", "social_org", "org_coverage", "work_coverage"}),
    ],
)
def test_a_leg_that_lacks_a_source_at_either_end_has_no_row(missing, legs):
    then = table(BEFORE, NOW, missing=missing).filter(unit_kind="city")
    now = table(BEFORE, NOW, inputs=city(missing=missing)).filter(unit_kind="city")
    assert set(then["leg"]) == set(now["leg"]) == legs


def test_parks_need_the_park_list_at_both_ends():
    assert set(table(BEFORE, NOW, missing="park")["unit_kind"]) == {"city", "district"}
    assert set(table(BEFORE, NOW, inputs=city(missing="park"))["unit_kind"]) == {"city", "district"}


def test_the_signed_basis_decides():
    text = "uscc mode registered corroborated verified \n A single yes no no \n B single yes yes no"
    found = {
        basis: table(text, text, at=Settings(basis=basis)).filter(unit_kind="city", leg="org_coverage")["d1"].item()
        for basis in ("registered", "corroborated", "verified")
    }
    assert found == {"registered": 2, "corroborated": 1, "verified": 0}


def test_the_same_on_duckdb():
    inputs = city(registration="uscc \n A \n B", org_link="org_code uscc \n O1 A", party_org="org_code \n O1", tax="taxpayer_id \n A \n B")
    other = on_duckdb(inputs)
    made = [
        doubling(each, census(each), units(each), Baseline("2016-12", census(each), frozenset())) for each in (inputs, other)
    ]  # fmt: skip
    assert sorted(made[0], key=str) == sorted(made[1], key=str) != []


end = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "sector": st.sampled_from(["enterprise", "social_org"]),
            "district_code": st.sampled_from(["980102", "980103", "980121", "000000"]),
            "park_code": st.sampled_from([None, "P1", "P2"]),
            "mode": st.sampled_from([None, None, "single", "joint", "dispatched"]),
            "worked": st.booleans(),
        }
    ),
)


def _frame(ends: list[dict | None]) -> nw.LazyFrame:
    rows = [
        (
            f"U{number}", unit["sector"], unit["district_code"], unit["park_code"], True, True, True,
            unit["mode"] is not None, unit["mode"] is not None or unit["worked"], unit["mode"],
        )
        for number, unit in enumerate(ends)
        if unit is not None
    ]  # fmt: skip
    return nw.from_native(pl.DataFrame(rows, schema=COLUMNS, orient="row").lazy())


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(end, end), max_size=14))
def test_on_any_history_the_ledger_adds_up_and_is_that_of_the_sets(history):
    inputs = city(park=PARKS)
    baseline = Baseline("2016-12", _frame([first for first, _ in history]), frozenset())
    found = frame_of(tables()["doubling"], doubling(inputs, _frame([last for _, last in history]), units(inputs), baseline))
    for row in found.iter_rows(named=True):
        leg = next(leg for leg in LEGS if leg.name == row["leg"])
        sets = [_sets(history, index, leg, row["unit_kind"], row["unit_code"]) for index in (0, 1)]
        (all0, in0), (all1, in1) = sets
        both = all0 & all1
        assert (row["n0"], row["d0"], row["n1"], row["d1"]) == (len(in0), len(all0), len(in1), len(all1))
        assert row["gained"] == len((in1 - in0) & both) and row["lost"] == len((in0 - in1) & both)
        assert row["entered"] == len(all1 - all0) and row["exited"] == len(all0 - all1)
        assert row["entered_covered"] == len(in1 - all0) and row["exited_covered"] == len(in0 - all1)
        assert row["n1"] - row["n0"] == row["gained"] - row["lost"] + row["entered_covered"] - row["exited_covered"]
        assert row["d1"] - row["d0"] == row["entered"] - row["exited"]
        new = sum(row[f"new_{mode}"] for mode in ("single", "joint", "dispatched", "work_only"))
        assert row["gained"] + row["entered_covered"] == new
        assert row["new_work_only"] == 0 or leg.name == "work_coverage"


def _sets(history, index: int, leg, kind: str, code: str) -> tuple[set, set]:
    """(the basis set of a leg in a unit, those covered) at one end, counted unit by unit."""
    inside, covered = set(), set()
    for number, ends in enumerate(history):
        unit = ends[index]
        if unit is None or unit["sector"] not in leg.sectors:
            continue
        # At t no unit stands under a code that is gone: the census has followed it.
        district = "980102" if unit["district_code"] == "980121" and index == 0 else unit["district_code"]
        if kind == "city" or code == (district if kind == "district" else unit["park_code"]):
            inside.add(number)
            if unit["mode"] or (leg.name == "work_coverage" and unit["worked"]):
                covered.add(number)
    return inside, covered
