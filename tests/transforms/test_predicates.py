"""Predicates of cards: boolean SQL, three-valued inside, two-valued outside, and nothing but what the grammar knows."""

import narwhals as nw
import polars as pl
import pytest

from tests.cities import city, on_duckdb
from transforms.predicates import NotAPredicate, columns_of, predicate

FRAME = pl.DataFrame(
    {
        "unit": ["A", "B", "C", "D"],
        "covered": [True, False, None, True],
        "members": [3, 0, None, 2],
        "irregular_members": [0, 1, 1, None],
        "mode": ["single", None, None, "joint"],
    }
)


@pytest.mark.parametrize(
    ("sql", "units"),
    [
        ("true", "ABCD"),
        ("false", ""),
        ("covered", "AD"),
        ("not covered", "B"),
        ("not (covered and members >= 3)", "BD"),
        ("covered and members >= 3", "A"),
        ("covered or members = 0", "ABD"),
        ("members = 0", "B"),
        ("members <> 0", "AD"),
        ("members != 3", "BD"),
        ("members < 3", "BD"),
        ("members <= 3", "ABD"),
        ("members > 2", "A"),
        ("members + irregular_members >= 1", "AB"),
        ("members - irregular_members >= 1", "A"),
        ("mode = 'single'", "A"),
        ("mode in ('single', 'joint')", "AD"),
        ("members in (0, 2)", "BD"),
        ("mode is null", "BC"),
        ("mode is not null", "AD"),
        ("covered is null or mode = 'joint'", "CD"),
        # and binds closer than or
        ("mode = 'joint' or covered and members >= 3", "AD"),
    ],
)
def test_rows_without_an_answer_are_not_in_the_set(sql, units):
    found = nw.from_native(FRAME.lazy()).select("unit", hit=predicate(sql)).collect("polars").to_native().sort("unit")
    assert found["hit"].null_count() == 0
    assert "".join(found.filter("hit")["unit"]) == units


@pytest.mark.parametrize(
    "sql",
    [
        "upper(mode) = 'SINGLE'",
        "members >= (select 1)",
        "mode in (select mode from census)",
        "mode like 's%'",
        "members between 1 and 3",
        "members * 2 > 3",
        "case when covered then 1 end = 1",
        "covered; drop table census",
        "members >= 1.5",
        "members >=",
        "(covered",
        "__import__('os').system('true')",
        "",
    ],
)
def test_what_the_grammar_does_not_know_is_refused(sql):
    with pytest.raises(NotAPredicate):
        predicate(sql)


def test_columns_of_a_predicate():
    assert columns_of("members + irregular_members >= 1 and mode in ('single')") == {"members", "irregular_members", "mode"}
    assert columns_of("true") == set()


def test_duckdb_agrees_on_what_has_no_answer():
    units = on_duckdb(city(registration="uscc industry_code \n E1 A \n E2 . \n E3 B")).rows["registration"]
    for sql, expected in (
        ("industry_code = 'A'", ["E1"]),
        ("not (industry_code = 'A')", ["E3"]),
        ("industry_code in ('A', 'B')", ["E1", "E3"]),
    ):
        assert sorted(units.filter(predicate(sql)).collect("polars").to_native()["uscc"]) == expected
