"""What becomes of a row: skipped and counted, rejected with the first reason that applies, loaded without a value that was dropped."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts import sources
from pipelines.reading import csv_files
from tests.pipelines.reading.files import GOOD, counts, csv_text, loaded, read, reasons, table, uscc, xlsx


def outcome(tmp_path, source: str, rows: list[list[str]], make=csv_text) -> tuple[list[int], list[tuple[int, str]], int]:
    """Lines that loaded, lines and reasons that did not, rows skipped."""
    delivery = read(tmp_path, source, make(rows))
    assert counts(delivery)[0] == counts(delivery)[1] + counts(delivery)[2] + counts(delivery)[3]
    return delivery.rows["line"].to_list(), reasons(delivery), counts(delivery)[3]


HEADER = ["序号", "统一社会信用代码", "企业名称", "企业类型", "登记状态", "成立日期"]
ROW = ["1", uscc(1), "博达", "1130", "存续", "2017-02-28"]


@pytest.mark.parametrize("make", [csv_text, xlsx])
@pytest.mark.parametrize(
    ("row", "skipped"),
    [
        (["合计", "", "", "", "", ""], True),
        (["合计", " ", "", "1130", "存续", "2017-02-28"], True),
        (["小计:3户"], True),
        (["总 计", "", "3"], True),
        (["\u3000合\u3000计"], True),
        (["注:本表截至月末"], True),
        (["注：本表截至月末"], True),
        (["", "合计", "3"], True),
        (["", "总计3户"], True),
        (["", "", "合计", "1130"], True),
        (["", "", "", "", "", "合计"], True),
        (["合计", uscc(1), "博达", "1130", "存续", "2017-02-28"], False),
        (["合计", "—"], False),
        (["合计", "无"], False),
        (["1", "", "合计"], False),
        (["累计"], False),
        (["备注:合计"], False),
        (["注解"], False),
    ],
)
def test_total_rows(tmp_path, make, row, skipped):
    loads, rejected, skips = outcome(tmp_path, "registration", [HEADER, ["1", uscc(2), *ROW[2:]], row], make)
    assert skips == skipped
    assert len(loads) + len(rejected) == 2 - skipped


def test_a_unit_whose_name_begins_as_a_total_does_is_a_unit(tmp_path):
    header = ["企业名称", "统一社会信用代码", "企业类型", "登记状态", "成立日期"]
    rows = [[f"{mark}博达科技有限公司", uscc(n), *ROW[3:]] for n, mark in enumerate(("总计", "合计", "小计", "注:"))]
    delivery = read(tmp_path, "registration", csv_text([header, *rows, ["总计博达科技有限公司", "", "1130"]]))
    assert loaded(delivery, "name") == ["总计博达科技有限公司", "合计博达科技有限公司", "小计博达科技有限公司", "注:博达科技有限公司"]
    assert counts(delivery) == (5, 4, 0, 1)


@pytest.mark.parametrize(
    ("source", "row", "skipped"),
    [
        ("tax", {"taxpayer_id": "合计"}, True),
        ("tax", {"taxpayer_id": ""}, False),
        ("member", {"member_id": "合计", "org_code": ""}, True),
        ("member", {"member_id": "合计", "org_code": "D1"}, False),
        ("funding", {"area_code": "合计", "year": "", "item": ""}, True),
        ("funding", {"area_code": "合计", "year": "2017", "item": ""}, False),
        ("funding", {"area_code": "合计", "year": "", "item": "—"}, False),
        ("district_return", {"district_code": "合计", "sector": "\u3000"}, True),
        ("district_return", {"district_code": "合计", "sector": "非公企业"}, False),
    ],
)
def test_a_total_row_has_no_key_but_the_mark(tmp_path, source, row, skipped):
    loads, rejected, skips = outcome(tmp_path, source, table(source, row))
    assert skips == skipped
    assert len(loads) + len(rejected) == 1 - skipped


@pytest.mark.parametrize("make", [csv_text, xlsx])
def test_blank_rows_inside_are_skipped_and_those_at_the_end_are_no_rows(tmp_path, make):
    blanks = [[], ["", "", ""], [" ", "\u3000", "\t", "", "", "", "", "\xa0"]]
    rows = [["标题"], [], HEADER, *blanks, ROW, *blanks, ["合计"], [], ["2", uscc(2), *ROW[2:]], *blanks]
    delivery = read(tmp_path, "registration", make(rows))
    assert delivery.rows["line"].to_list() == [7, 13]
    assert counts(delivery) == (12, 2, 0, 10)


@pytest.mark.parametrize("chunk", [1, 5, 40, 1 << 24])
@pytest.mark.parametrize("quote", ["", '"'])
def test_blank_rows_where_a_piece_of_the_file_ends(tmp_path, monkeypatch, chunk, quote):
    """Whether blank rows stand at the end is known only when the last piece is read."""
    monkeypatch.setattr(csv_files, "CHUNK", chunk)
    monkeypatch.setattr(csv_files, "RECORDS", 1)
    text = f"统一社会信用代码,{quote}月参保总人数{quote}\n{uscc(1)},1\n\n \n\n{uscc(2)},2\n\n合计\n,\n\n"
    delivery = read(tmp_path, "social_insurance", text)
    assert delivery.rows["line"].to_list() == [2, 6]
    assert counts(delivery) == (7, 2, 0, 5)


@pytest.mark.parametrize("make", [csv_text, xlsx])
def test_a_total_at_the_end_is_a_row_and_blank_rows_behind_it_are_none(tmp_path, make):
    assert counts(read(tmp_path, "registration", make([HEADER, ROW, ["合计"], [], [" "]]))) == (2, 1, 0, 1)


@pytest.mark.parametrize("make", [csv_text, xlsx])
def test_a_row_with_cells_right_of_the_header_only_is_not_blank(tmp_path, make):
    header = ["统一社会信用代码", "月参保总人数"]
    delivery = read(tmp_path, "social_insurance", make([header, [uscc(1), "3"], ["", "", "", "x"], [], ["", "", "合计"], ["", " ", " "]]))
    assert reasons(delivery) == [(3, "missing:uscc")]
    assert counts(delivery) == (4, 1, 1, 2)


@pytest.mark.parametrize("mark", ["—", "/", "无", "N/A"])
def test_a_row_of_marks_is_not_blank(tmp_path, mark):
    assert outcome(tmp_path, "social_insurance", table("social_insurance", {"uscc": mark, "insured": mark})) == (
        [],
        [(2, "missing:uscc")],
        0,
    )


def test_short_and_long_rows(tmp_path):
    rows = [HEADER, ROW[:2], [*ROW, "多", "余"], ROW[:5], ["1", uscc(2), *ROW[2:]]]
    assert outcome(tmp_path, "registration", rows) == ([3, 5], [(2, "missing:name"), (4, "missing:founded_on")], 0)


REQUIRED = [(card.name, field) for card in sources().values() for field in card.fields if field.required]
ALL = [(card.name, field) for card in sources().values() for field in card.fields]
WRONG = {
    "uscc": ("123", "uscc_length"),
    "taxpayer": ("123", "uscc_length"),
    "type": ("公司", "value:{}"),
    "district": ("罗湖", "value:{}"),
    "date": ("从前", "date:{}"),
    "number": ("-1", "number:{}"),
    "whole": ("1.5", "number:{}"),
    "coded": ("别的", "value:{}"),
    "yes_no": ("别的", "value:{}"),
}


@pytest.mark.parametrize(("source", "field"), REQUIRED, ids=lambda entry: getattr(entry, "name", entry))
def test_a_required_value_that_is_missing(tmp_path, source, field):
    for written in ("", "——"):
        row = GOOD[source] | {field.name: written}
        assert outcome(tmp_path, source, table(source, row)) == ([], [(2, f"missing:{field.name}")], 0)


@pytest.mark.parametrize(
    ("source", "field"), [entry for entry in ALL if entry[1].form in WRONG], ids=lambda entry: getattr(entry, "name", entry)
)
def test_a_value_of_a_wrong_form(tmp_path, source, field):
    written, reason = WRONG[field.form]
    delivery = read(tmp_path, source, csv_text(table(source, {field.name: written})))
    dropped = not field.required and field.form in ("uscc", "district")
    assert reasons(delivery) == [(2, f"dropped:{field.name}" if dropped else reason.format(field.name))]
    assert counts(delivery) == ((1, 1, 0, 0) if dropped else (1, 0, 1, 0))
    assert delivery.loads["values_dropped"].to_list() == [int(dropped)]
    if dropped:
        assert loaded(delivery, field.name) == [None]
        assert json.loads(delivery.rejected["fields"][0]) == {field.name: written}


@pytest.mark.parametrize(
    ("source", "field"), [entry for entry in ALL if not entry[1].required], ids=lambda entry: getattr(entry, "name", entry)
)
def test_an_optional_value_that_is_missing_costs_nothing(tmp_path, source, field):
    absent = {"in_place": "in_place", "yes": True, "no": False, None: None}[field.no_value]
    for rows in (table(source, {field.name: "—"}), table(source, {})):
        assert loaded(read(tmp_path, source, csv_text(rows)), field.name) == [absent]


@pytest.mark.parametrize(
    ("source", "row", "reason"),
    [
        ("registration", {"uscc": "1", "name": ""}, "uscc_length"),
        ("registration", {"name": "", "type_code": "x"}, "missing:name"),
        ("registration", {"type_code": "x", "status": ""}, "value:type_code"),
        ("registration", {"status": "", "founded_on": "x"}, "missing:status"),
        ("registration", {"founded_on": "9999-12-31", "ended_on": "x"}, "missing:founded_on"),
        ("registration", {"ended_on": "x", "district_code": "x"}, "date:ended_on"),
        ("party_org", {"secretary": "x", "stars": "9"}, "value:secretary"),
        ("party_org", {"stars": "9", "eight_haves": "9", "managed_by": "x"}, "number:stars"),
        ("party_org", {"secretary_trained_on": "x", "stars": "9"}, "date:secretary_trained_on"),
        ("party_org", {"eight_haves": "9", "meetings": "x", "managed_by": "x"}, "number:eight_haves"),
        ("member", {"member_id": "", "org_code": ""}, "missing:member_id"),
        ("member", {"uscc": "1", "kind": ""}, "missing:kind"),
        ("survey", {"surveyed_on": "x", "employees": "x"}, "date:surveyed_on"),
    ],
)
def test_a_row_has_the_first_reason_that_applies(tmp_path, source, row, reason):
    assert outcome(tmp_path, source, table(source, row)) == ([], [(2, reason)], 0)


def test_a_rejected_row_keeps_the_fields_of_the_card_and_no_others(tmp_path):
    header, row = table("registration", {"founded_on": "从前", "district_code": " ４４０３０３ ", "park_code": "—"})
    rows = [[*header, "法定代表人", "联系电话"], [*row, "张三", "13900001234"]]
    fields = json.loads(read(tmp_path, "registration", csv_text(rows)).rejected["fields"][0])
    assert fields == {**GOOD["registration"], "founded_on": "从前", "district_code": "440303"}


cell = st.sampled_from(
    ["", " ", "—", "无", "12", "1,200", "-1", "x", "合计", "总 计", "注:见下", uscc(1), uscc(2), uscc(3), uscc(1)[:17], "#N/A"]
)
some_rows = st.lists(st.lists(cell, max_size=4), max_size=14)


@given(some_rows, st.booleans(), st.sampled_from(["", '"']))
@settings(max_examples=60, deadline=None)
def test_rows_add_up_whatever_the_file(tmp_path_factory, rows, as_workbook, quote):
    """Read = loaded + rejected + skipped, each counted here by hand; every row that is not skipped has its line."""
    header = ["统一社会信用代码", "月参保总人数", "备注"]
    written = [[f"{quote}{value}{quote}" for value in row] for row in rows]
    content = xlsx([header, *rows]) if as_workbook else csv_text([header, *written])
    delivery = read(tmp_path_factory.mktemp("home"), "social_insurance", content)
    kept = list(rows)
    while kept and not any(value.strip() for value in kept[-1]):
        kept.pop()
    skips = [line for line, row in enumerate(kept, 2) if slow_is_skipped(row)]
    assert counts(delivery)[0] == len(kept)
    assert counts(delivery)[3] == len(skips)
    lines = delivery.rows["line"].to_list() + delivery.rejected["line"].to_list()
    assert sorted(lines) == [line for line in range(2, len(kept) + 2) if line not in skips]


def slow_is_skipped(row: list[str]) -> bool:
    filled = [(place, value) for place, value in enumerate(row) if value.strip()]
    if not filled:
        return True
    place, first = filled[0]
    key_is_free = place == 0 or not row[0].strip()
    return key_is_free and "".join(first.split())[:2] in ("合计", "小计", "总计", "注:")
