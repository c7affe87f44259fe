"""The unified social credit code against GB 32100-2015, worked out digit by digit."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.uscc import ALPHABET, check_character, organisation_code, uscc_fault

# Of companies that everybody knows.
KNOWN = ["9144030071526726XG", "914403001922038216", "91330100799655058B"]
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

first17 = st.text(ALPHABET, min_size=17, max_size=17)


def slow_check(first: str) -> str:
    total = 0
    for character, weight in zip(first, WEIGHTS, strict=True):
        total += "0123456789ABCDEFGHJKLMNPQRTUWXY".index(character) * weight
    check = 31 - total % 31
    return "0" if check == 31 else "0123456789ABCDEFGHJKLMNPQRTUWXY"[check]


def slow_fault(code: str | None) -> str | None:
    if code is None:
        return None
    if len(code) != 18:
        return "uscc_length"
    if any(character not in "0123456789ABCDEFGHJKLMNPQRTUWXY" for character in code):
        return "uscc_charset"
    return None if code[17] == slow_check(code[:17]) else "uscc_check"


def faults(*codes: str | None) -> list[str | None]:
    return uscc_fault(pl.Series("code", codes, dtype=pl.String)).to_list()


@pytest.mark.parametrize("code", KNOWN)
def test_codes_in_use_are_codes(code):
    assert faults(code) == [None]
    assert check_character(code[:17]) == code[17]


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (None, None),
        ("9144030071526726X", "uscc_length"),
        ("9144030071526726XG0", "uscc_length"),
        ("9", "uscc_length"),
        ("91440300715267I6", "uscc_length"),
        ("中文", "uscc_length"),
        ("中文中文中文", "uscc_length"),
        ("9144030071526726中", "uscc_length"),
        ("9144030071526726XI", "uscc_charset"),
        ("9144030071526726XO", "uscc_charset"),
        ("9144030071526726XZ", "uscc_charset"),
        ("9144030071526726XS", "uscc_charset"),
        ("9144030071526726XV", "uscc_charset"),
        ("9144030071526726xg", "uscc_charset"),
        ("9144030071526726-G", "uscc_charset"),
        ("9144030071526726中G", "uscc_charset"),
        ("中" * 18, "uscc_charset"),
        ("9144030071526726XH", "uscc_check"),
        ("9144030071526726GX", "uscc_check"),
    ],
)
def test_why_a_code_is_none(code, fault):
    assert faults(code) == [fault]


def test_good_and_bad_ones_in_one_column_keep_their_places():
    codes = [KNOWN[0], None, "1", KNOWN[1], KNOWN[0][:-1] + "H", "中" * 6, KNOWN[2], "I" * 18]
    assert faults(*codes) == [None, None, "uscc_length", None, "uscc_check", "uscc_length", None, "uscc_charset"]


def test_a_column_of_none():
    assert faults() == []
    assert faults(None, None) == [None, None]


@given(st.lists(first17, min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_the_check_character_is_the_standards(firsts):
    assert [check_character(first) for first in firsts] == [slow_check(first) for first in firsts]
    assert faults(*(first + slow_check(first) for first in firsts)) == [None] * len(firsts)


@given(first17)
@settings(max_examples=15, deadline=None)
def test_every_change_of_one_character_is_seen(first):
    code = first + slow_check(first)
    changed = [code[:place] + other + code[place + 1 :] for place in range(18) for other in ALPHABET if other != code[place]]
    assert set(faults(*changed)) == {"uscc_check"}


@given(st.lists(st.none() | st.text(ALPHABET + "IOZ中a", min_size=16, max_size=19), max_size=30))
@settings(max_examples=60, deadline=None)
def test_reasons_of_arbitrary_codes(codes):
    assert faults(*codes) == [slow_fault(code) for code in codes]


def test_the_organisation_code():
    frame = pl.DataFrame({"uscc": KNOWN}).select(organisation_code(pl.col("uscc")))
    assert frame["uscc"].to_list() == ["71526726X", "192203821", "799655058"]
