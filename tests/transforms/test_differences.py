"""What moved between two states: rows, columns, values, and the reasons that the manifests give."""

import polars as pl

from transforms.differences import Causes, causes, columns_moved, moves, rows_moved, spoken_of, values_moved

OLD = pl.LazyFrame({"uscc": ["A", "B", "C", "D"], "covered": [True, False, None, True], "name": ["甲", "乙", None, "丁"]})
NEW = pl.LazyFrame({"uscc": ["A", "B", "C", "E"], "covered": [True, True, False, True], "name": ["甲", "乙", None, "戊"]})


def test_only_what_differs_is_a_move():
    moved = rows_moved(OLD, NEW, ["uscc"], ["covered", "name"])
    assert moved.rows() == [
        ("B", "changed", False, True, "乙", "乙"),
        ("C", "changed", None, False, None, None),
        ("D", "removed", True, None, "丁", None),
        ("E", "added", None, True, None, "戊"),
    ]
    assert moves(moved) == {"added": 1, "removed": 1, "changed": 2}
    assert columns_moved(moved, ["covered", "name"]) == [("covered", 2)]
    assert sorted(values_moved(moved, "covered"), key=str) == [(False, True, 1), (None, False, 1)]


def test_keys_without_a_value_are_keys():
    frame = pl.LazyFrame({"park": [None, "P1"], "units": [1, 2]}, schema={"park": pl.String, "units": pl.Int64})
    assert rows_moved(frame, frame, ["park"], ["units"]).is_empty()


def test_reasons():
    old = {"inputs": {"a": "1", "b": "1"}, "reference": {"districts.csv": "1"}, "definitions": "1.a", "program": "1", "basis": "registered"}
    new = {"inputs": {"b": "2", "c": "1"}, "reference": {}, "looked_back": {"2016-12": "r02"}} | {
        name: old[name] for name in ("definitions", "program")
    }
    assert causes(old, new | {"basis": "verified"}) == Causes(
        files={"a": "removed", "b": "changed", "c": "added"},
        reference={"districts.csv": "removed"},
        looked_back={"2016-12": (None, "r02")},
        basis=("registered", "verified"),
    )
    assert not causes(old, old).any


def test_the_cards_that_differ_are_named_where_both_states_tell_their_cards():
    state = {"inputs": {}, "definitions": "1.a", "definitions_of": {"metrics/a": "1", "metrics/b": "1", "rules/c": "1"}}
    later = state | {"definitions": "1.b", "definitions_of": {"metrics/a": "1", "metrics/b": "2", "rules/d": "1"}}
    assert causes(state, later).cards == ("metrics/b", "rules/c", "rules/d")
    assert causes(state, state).cards == causes({"inputs": {}, "definitions": "1.0"}, later).cards == ()


def test_a_unit_counts_once_a_file():
    rows = pl.LazyFrame({"subject": ["A", "A", "B", "C"], "path": ["x", "x", "x", "y"]})
    assert spoken_of(["A", "B", "Z"], [rows, rows], ["x"]) == {"x": 2}
    assert spoken_of([], [rows, rows], ["x", "y"]) == {}
