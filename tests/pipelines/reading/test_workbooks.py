"""XLSX and XLS to text cells: each kind of cell, sheets and their row numbers, renamed and damaged files."""

from datetime import date, datetime, time

import pytest

from pipelines.reading.workbooks import is_workbook, read_sheets
from tests.pipelines.reading.files import Wrong, counts, csv_text, loaded, read, reasons, table, uscc, xls, xlsx

CELLS = [
    ("文字", "文字"),
    (" a\nb ", " a\nb "),
    (1, "1"),
    (1.0, "1"),
    (-2.5, "-2.5"),
    (0.1, "0.1"),
    (0.00000015, "0.00000015"),
    (42794, "42794"),
    (123456789012345, "123456789012345"),
    (1e15, "1000000000000000"),
    (1e21, "1000000000000000000000"),
    (date(2017, 2, 28), "2017-02-28"),
    (datetime(2017, 2, 28, 8, 30, 15), "2017-02-28 08:30:15"),
    (datetime(2017, 2, 28), "2017-02-28"),
    (date(9999, 12, 31), "9999-12-31"),
    (time(8, 30), "08:30:00"),
    (True, "true"),
    (False, "false"),
]


@pytest.mark.parametrize("make", [xlsx, xls])
@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_a_cell_as_its_plain_writing(make, cell, text):
    (sheet,) = read_sheets(make([["a", cell]]))
    assert sheet.head == [(1, ["a", text])]


@pytest.mark.parametrize("written", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_an_error_is_no_empty_cell(written):
    (sheet,) = read_sheets(xlsx([[], ["a", "b"], ["c", Wrong(written)], [Wrong(written), "d"]]))
    assert sheet.head == [(1, ["", ""]), (2, ["a", "b"]), (3, ["c", written]), (4, [written, "d"])]


@pytest.mark.parametrize("make", [xlsx, xls])
def test_rows_are_numbered_as_the_sheet_numbers_them(make):
    (sheet,) = read_sheets(make([[], [], ["标题"], [], ["a", "b"], ["1"], [], ["", "2"], []]))
    assert sheet.head == [
        (1, ["", ""]), (2, ["", ""]), (3, ["标题", ""]), (4, ["", ""]), (5, ["a", "b"]), (6, ["1", ""]), (7, ["", ""]), (8, ["", "2"]),
    ]  # fmt: skip
    (block,) = sheet.blocks(4, 2)
    assert block.rows() == [(6, "1", None, ""), (7, None, None, ""), (8, None, "2", "")]
    (block,) = sheet.blocks(4, 1)
    assert block.rows() == [(6, "1", ""), (7, None, ""), (8, None, "2")]


@pytest.mark.parametrize("make", [xlsx, xls])
def test_empty_sheets_are_none(make):
    assert [sheet.head for sheet in read_sheets(make([], [["a"]], [], [["b"]]))] == [[(1, ["a"])], [(1, ["b"])]]


INSURED = table("social_insurance", {}, {"uscc": uscc(2), "insured": "30"})


@pytest.mark.parametrize("make", [xlsx, xls])
@pytest.mark.parametrize("name", ["a.xlsx", "a.XLS", "a.csv"])
def test_a_workbook_is_known_by_its_content(tmp_path, make, name):
    assert loaded(read(tmp_path, "social_insurance", {name: make(INSURED)}), "uscc", "insured") == [(uscc(1), 12), (uscc(2), 30)]


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_a_text_file_is_known_by_its_content(tmp_path, name):
    assert loaded(read(tmp_path, "social_insurance", {name: csv_text(INSURED)}), "insured") == [12, 30]
    assert not is_workbook(csv_text(INSURED).encode())


@pytest.mark.parametrize("make", [xlsx, xls])
def test_the_first_sheet_that_holds_the_header_and_no_other(tmp_path, make):
    other = table("social_insurance", {"uscc": uscc(9)})
    notes = [["填表说明"], ["统一社会信用代码", "不是参保"]]
    delivery = read(tmp_path, "social_insurance", {"a.xlsx": make(notes, [[], ["2017年12月"], *INSURED], other)})
    assert delivery.rows.select("line", "uscc", "insured").rows() == [(4, uscc(1), 12), (5, uscc(2), 30)]
    assert counts(delivery) == (4, 2, 0, 2)


@pytest.mark.parametrize("make", [xlsx, xls])
def test_blank_rows_of_a_sheet(tmp_path, make):
    header, one, two = INSURED
    delivery = read(tmp_path, "social_insurance", {"a.xlsx": make([[], header, [], one, ["", " ", "\u3000"], two, ["", " "], []])})
    assert delivery.rows["line"].to_list() == [4, 6]
    assert counts(delivery) == (5, 2, 0, 3)


@pytest.mark.parametrize("make", [xlsx, xls])
def test_typed_cells_make_the_row_that_text_makes(tmp_path, make):
    written = table(
        "registration", {"founded_on": "2017-02-28", "district_code": "440303", "park_code": "7", "industry_code": "2017-02-28"}
    )
    typed = [
        written[0],
        [{"440303": 440303.0, "7": 7, "1130": 1130, "2017-02-28": date(2017, 2, 28)}.get(cell, cell) for cell in written[1]],
    ]
    assert typed[1] != written[1]
    as_text = read(tmp_path / "text", "registration", csv_text(written))
    as_cells = read(tmp_path / "cells", "registration", {"a.csv": make(typed)})
    assert as_cells.rows.equals(as_text.rows)
    assert as_cells.rows.select("founded_on", "district_code", "park_code", "industry_code").row(0) == (
        date(2017, 2, 28), "440303", "7", "2017-02-28",
    )  # fmt: skip


def test_cells_of_a_wrong_kind_reject_their_rows(tmp_path):
    header = ["社会信用代码", "参保人数"]
    body = [
        [uscc(1), 12.0],
        [uscc(2), Wrong("#N/A")],
        [uscc(3), True],
        [uscc(4), date(2017, 2, 28)],
        [uscc(5), -1],
        [uscc(6), 1.5],
        [Wrong("#REF!"), 3],
    ]
    delivery = read(tmp_path, "social_insurance", {"a.xlsx": xlsx([header, *body])})
    assert loaded(delivery, "uscc", "insured") == [(uscc(1), 12)]
    assert reasons(delivery) == [*[(line, "number:insured") for line in range(3, 8)], (8, "uscc_length")]


@pytest.mark.parametrize("make", [xlsx, xls])
def test_a_workbook_that_is_cut_short_is_refused_and_says_nothing_else(tmp_path, capfd, make):
    whole = make(INSURED)
    for part in range(20):
        cut = whole[: max(8, len(whole) * part // 20)]
        delivery = read(tmp_path, "social_insurance", {"a.xlsx": cut})
        assert delivery.loads["refused"].to_list() == [["统一社会信用代码", "月参保总人数"]]
        assert counts(delivery) == (0, 0, 0, 0)
    assert capfd.readouterr() == ("", "")
    assert len(read(tmp_path, "social_insurance", {"a.xlsx": whole}).rows) == 2


def test_what_is_no_workbook_inside_is_refused(tmp_path):
    for data in (b"PK\x03\x04" + b"\0" * 200, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600):
        assert read(tmp_path, "social_insurance", {"a.xlsx": data}).loads["refused"].to_list() == [["统一社会信用代码", "月参保总人数"]]
