"""Codes of figures: short, the same for the same figure, different for every other, and read back however they were typed."""

import csv
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contracts import metrics, tables
from transforms.citation import NotACode, code, codes, mark, read

EXPECTED = Path(__file__).parents[1] / "example" / "expected"
KEY = ("corroborated", "district", "980102", "all", "org_coverage")
CODED = ("metrics", "base_numbers", "doubling", "targets")


def test_a_code_holds_its_period_and_revision_and_the_mark_is_of_the_figure_alone():
    one, other = code("2017-12", "r01", "metrics", KEY), code("2016-12", "r12", "metrics", KEY)
    assert one == f"201712.1-{mark('metrics', KEY)}"
    assert other == f"201612.12-{mark('metrics', KEY)}"
    assert codes("2017-12", "r01", "metrics", [KEY]) == [one]


def test_a_code_of_a_figure_never_changes():
    # What stands in a printed briefing must open years later.
    assert code("2017-12", "r01", "metrics", KEY) == "201712.1-FC7EDA1N"


def test_tables_cells_and_the_bounds_of_key_values_are_told_apart():
    marks = {
        mark("metrics", KEY),
        mark("targets", KEY),
        mark("metrics", KEY, "numerator"),
        mark("base_numbers", ("city", "1")),
        mark("base_numbers", ("city", "1"), "registered"),
        mark("base_numbers", ("cit", "y1")),
    }
    assert len(marks) == 6


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 250), st.text(), st.sampled_from([None, "n0"]))
def test_what_is_written_is_read_back(year, month, revision, unit, column):
    written = code(f"{year:04d}-{month:02d}", f"r{revision:02d}", "doubling", ("sectors", "enterprise", "city", unit), column)
    found = read(written)
    assert (found.period, found.revision) == (f"{year:04d}-{month:02d}", f"r{revision:02d}")
    assert str(found) == written
    assert read(f" {written.lower()} ") == found
    assert read(written.replace("1", "l").replace("0", "o")) == found
    assert read(written.replace("1", "I").replace("-", "")) == found
    # As an input method for Chinese types it.
    assert read(written.translate({ord(letter): ord(letter) + 0xFEE0 for letter in written})) == found


@pytest.mark.parametrize(
    "text", ["", "201712.1", "7KQM2X9P", "201713.1-7KQM2X9P", "201712.0-7KQM2X9P", "201712.1-7KQM2X9U", "201712.1-7KQM2X9PP"]
)
def test_what_has_another_form_is_no_code(text):
    with pytest.raises(NotACode):
        read(text)


def test_no_two_figures_of_the_example_have_one_code():
    wanted, marks = 0, set()
    for name in CODED:
        key = [column for column in tables()[name].key if column != "period"]
        cells = [None, *(column.name for column in tables()[name].columns if column.name not in tables()[name].key)]
        with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            keys = {tuple(row[column] for column in key) for row in csv.DictReader(file)}
        wanted += len(keys) * len(cells)
        marks |= {mark(name, values, cell) for values, cell in product(keys, cells)}
    assert len(marks) == wanted > 10_000


def test_no_two_figures_of_a_large_city_have_one_code():
    bases, sectors = ("registered", "corroborated", "verified"), ("all", "enterprise", "social_org", "self_employed")
    places = [("city", "980100"), *(("district", f"98{place:04d}") for place in range(30)), *(("park", f"P98-{n:03d}") for n in range(60))]
    keys = [(basis, *place, sector, metric) for basis, place, sector, metric in product(bases, places, sectors, metrics())]
    assert len(set(codes("2017-12", "r01", "metrics", keys))) == len(keys) > 30_000
