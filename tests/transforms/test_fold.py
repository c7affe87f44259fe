"""Folding against its definition: NFKC, trimming, the words that mean 'no value'; codes without white space, upper-cased."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fold import NO_VALUE, fold, fold_code

WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
NOTHING = {"", "无", "空", "—", "——", "-", "--", "/", "n/a", "null", "\\n"}

# Text with much of what offices write, and anything else that Unicode knew when Python's tables were made.
written = st.text(
    st.one_of(
        st.sampled_from("AaZz019 \t\u3000\xa0ＡａＺｚ０９（），－／＼．：无空—-/Nn\\LlUu①㈱ﬁ\u0301中文"),
        st.characters(exclude_categories=("Cs", "Cn")),
    ),
    max_size=12,
)
columns = st.lists(st.none() | written | st.sampled_from(sorted(NOTHING)), max_size=12)


def slow_fold(cell: str | None) -> str | None:
    if cell is None:
        return None
    folded = unicodedata.normalize("NFKC", cell).strip(WHITE)
    return None if folded.lower() in NOTHING else folded


def slow_fold_code(cell: str | None) -> str | None:
    folded = slow_fold(cell)
    return None if folded is None else "".join(character for character in folded if character not in WHITE).upper()


def folded(*cells: str | None) -> list[str | None]:
    return fold(pl.Series("cell", cells, dtype=pl.String)).to_list()


def code(*cells: str | None) -> list[str | None]:
    return fold_code(pl.Series("cell", cells, dtype=pl.String)).to_list()


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("博达科技", "博达科技"),
        (" 博达科技\u3000", "博达科技"),
        ("博达 科技", "博达 科技"),
        ("ＡＢ１２（三）", "AB12(三)"),
        ("吊销，未注销", "吊销,未注销"),
        ("\xa0Ａ\t", "A"),
        ("①", "1"),
        ("0", "0"),
        ("无锡", "无锡"),
        ("---", "---"),
        ("———", "———"),
        ("//", "//"),
        ("NA", "NA"),
        ("null值", "null值"),
    ],
)
def test_text(cell, read):
    assert folded(cell) == [read]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "\u3000\t",
        "无",
        " 无 ",
        "空",
        "—",
        "——",
        "-",
        "--",
        "/",
        "N/A",
        "n/a",
        "Ｎ／Ａ",
        "NULL",
        "null",
        "Null",
        "\\N",
        "－",
        "－－",
        "／",
    ],
)
def test_no_value(cell):
    assert folded(cell) == [None]
    assert code(cell) == [None]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("d01", "D01"),
        (" d 0 1 ", "D01"),
        ("Ｄ０１", "D01"),
        ("914403 0001", "9144030001"),
        ("4403001990010112 3x", "44030019900101123X"),
        ("44030019900101123X", "44030019900101123X"),
        ("a\u3000b\tc", "ABC"),
        ("d-01", "D-01"),
        ("党01", "党01"),
        ("914403001234567890", "914403001234567890"),
    ],
)
def test_code(cell, read):
    assert code(cell) == [read]


def test_the_words_for_no_value_are_these():
    assert set(NO_VALUE) == NOTHING


def test_the_place_of_a_cell_is_kept_whatever_is_done_to_its_neighbours():
    cells = ["Ａ", "b", None, "无", " c ", "d", "——", "ｅ", ""]
    assert folded(*cells) == ["A", "b", None, None, "c", "d", None, "e", None]
    assert code(*cells) == ["A", "B", None, None, "C", "D", None, "E", None]


def test_the_name_of_the_column_is_kept():
    cells = pl.Series("name", ["Ａ", "bcdefgh"])
    assert (fold(cells).name, fold_code(cells).name) == ("name", "name")


@given(columns)
@settings(max_examples=100, deadline=None)
def test_folding_is_its_definition(cells):
    assert folded(*cells) == [slow_fold(cell) for cell in cells]


@given(columns)
@settings(max_examples=100, deadline=None)
def test_folding_a_code_is_its_definition(cells):
    assert code(*cells) == [slow_fold_code(cell) for cell in cells]


@given(columns)
@settings(max_examples=100, deadline=None)
def test_folding_twice_changes_nothing(cells):
    once = folded(*cells)
    assert folded(*once) == once
