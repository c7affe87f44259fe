"""What a finding speaks of is called alike wherever it stands; of a member at most the end of the pseudonym."""

from datetime import date

import pytest

from data.words import Words
from transforms.case_history import due_day
from transforms.subjects import Names, subject

ZH = Words("zh")
NAMES = Names({"U1": "甲公司", "U2": "乙\u202e公司\n"}, {"Z1": "第一党支部"})


def told(kind, code, **more):
    found = subject(ZH, NAMES, lambda kind, code: f"<{kind} {code}>", {"subject_kind": kind, "subject": code}, **more)
    return found.name, found.below


@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [
        ("unit", "U1", ("甲公司", "U1")),
        ("unit", "U9", ("（名称不详的单位）", "U9")),
        ("unit", "U2", ("乙\ufffd公司\ufffd", "U2")),
        ("org", "Z1", ("第一党支部", "Z1")),
        ("link", "Z1|U1", ("第一党支部 → 甲公司", "Z1 → U1")),
        ("link", "Z9|U9", ("（名称不详的党组织） → （名称不详的单位）", "Z9 → U9")),
        ("return", "980101|enterprise", ("<district 980101> · 非公企业", "980101")),
        ("district", "980101", ("<district 980101>", "980101")),
        ("district", "980101|2017-05-31", ("<district 980101>", "2017年5月31日")),
        ("park", "P01", ("<park P01>", "P01")),
        ("delivery", "tax|2017-11", (ZH.source("tax"), "2017-11")),
        ("member", "9f2c6b7d0a1e4f58", ("党员", "")),
    ],
)
def test_a_subject_by_its_name_and_code(kind, code, said):
    assert told(kind, code) == said


def test_the_end_of_a_pseudonym_stands_only_where_it_is_asked_for():
    assert told("member", "9f2c6b7d0a1e4f58", digits=True) == ("党员（标识末四位 4f58）", "")


def test_cases_are_overdue_by_today_while_their_month_is_the_newest():
    today = date(2018, 1, 20)
    assert due_day("2017-12", "2017-12", today) == today
    assert due_day("2017-11", "2017-12", today) == date(2017, 11, 30)
    assert due_day("2018-01", "", today) == today
