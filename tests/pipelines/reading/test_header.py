"""Which row is the header, which column is which field, what is left out, and what a refused file is told."""

import pytest

from data.contracts import sources
from data.home import Headings
from pipelines.reading.csv_files import read_text
from pipelines.reading.header import Header, find_header
from tests.pipelines.reading.files import counts, csv_text, loaded, read, reasons, table, uscc, xlsx

SOURCES = list(sources())


@pytest.mark.parametrize("source", SOURCES)
def test_the_good_row_of_each_source_loads(tmp_path, source):
    delivery = read(tmp_path, source, csv_text(table(source, {})))
    assert counts(delivery) == (1, 1, 0, 0)
    assert delivery.rejected.is_empty()


def header_of(source: str, headings: list[str]) -> Header | tuple[str, ...]:
    return find_header(read_text(csv_text([headings]).encode()), sources()[source])


FIELDS = [(card.name, field) for card in sources().values() for field in card.fields]


@pytest.mark.parametrize(("source", "field"), FIELDS, ids=lambda entry: getattr(entry, "name", entry))
def test_every_heading_of_every_field_is_known(source, field):
    headings = table(source, {field.name: ""})[0]
    place = headings.index(field.headings[0])
    for heading in field.headings:
        for spelling in (heading, f" {heading[:1]} {heading[1:]}\u3000", heading.replace("(", "（").replace(")", "）")):
            header = header_of(source, [*headings[:place], spelling, *headings[place + 1 :]])
            assert (header.columns[field.name], header.left_out) == (place, ())
            assert (field.name in header.times_10_000) == heading.endswith("(万元)")
    lonely = header_of(source, [*headings[:place], "别的", *headings[place + 1 :]])
    assert lonely == (field.headings[0],) if field.required else lonely.left_out == ("别的",)


def insured(*heading: str, cells: tuple[str, ...]) -> str:
    return csv_text([[*heading], [*cells]])


@pytest.mark.parametrize(
    ("headings", "cells", "left_out"),
    [
        (["社会信用代码", "参保人数", "月参保总人数"], [uscc(1), "5", "12"], ["参保人数"]),
        (["社会信用代码", "月参保总人数", "参保人数"], [uscc(1), "12", "5"], ["参保人数"]),
        (["社会信用代码", "参保职工人数", "参保人数"], [uscc(1), "5", "12"], ["参保职工人数"]),
        (["社会信用代码", "参保人数", "参保人数"], [uscc(1), "12", "5"], ["参保人数"]),
        (["社会信用代码", "统一社会信用代码", "参保人数"], ["x", uscc(1), "12"], ["社会信用代码"]),
        (
            ["序号", "统一社会信用代码", " 单 位 ", "", "参保人数", "（备注）"],
            ["1", uscc(1), "某", "某", "12", "某"],
            ["序号", " 单 位 ", "（备注）"],
        ),
    ],
)
def test_two_columns_for_one_field_and_columns_for_none(tmp_path, headings, cells, left_out):
    for content in (csv_text([headings, cells]), xlsx([headings, cells])):
        delivery = read(tmp_path, "social_insurance", content)
        assert loaded(delivery, "uscc", "insured") == [(uscc(1), 12)]
        assert delivery.loads["columns_left_out"].to_list() == [left_out]


@pytest.mark.parametrize("titles", [0, 1, 5, 19])
def test_the_header_stands_within_the_first_twenty_rows(tmp_path, titles):
    rows = [["2017年12月"], [], ["单位:人", "", "", "多出一格"], *[[f"说明{n}"] for n in range(16)]][:titles]
    for name, content in {
        "a.csv": csv_text(rows + table("social_insurance", {})),
        "b.xlsx": xlsx(rows + table("social_insurance", {})),
    }.items():
        delivery = read(tmp_path / name, "social_insurance", {name: content})
        assert delivery.rows["line"].to_list() == [titles + 2]
        assert counts(delivery) == (titles + 1, 1, 0, titles)


def test_a_header_in_row_twenty_one_is_none(tmp_path):
    rows = [[f"说明{n}"] for n in range(20)] + table("social_insurance", {})
    for content in (csv_text(rows), xlsx(rows)):
        delivery = read(tmp_path, "social_insurance", content)
        assert delivery.loads["refused"].to_list() == [["统一社会信用代码", "月参保总人数"]]


def test_the_first_row_with_all_required_headings_is_the_header(tmp_path):
    near = ["统一社会信用代码", "单位名称"]
    header, row = table("social_insurance", {})
    assert counts(read(tmp_path, "social_insurance", csv_text([near, header, row, header]))) == (3, 1, 1, 1)


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([], ["纳税人识别号", "纳税人状态", "实缴金额"]),
        ([["a", "b"]], ["纳税人识别号", "纳税人状态", "实缴金额"]),
        ([["登记状态", "b"], ["x", "y"]], ["纳税人识别号", "实缴金额"]),
        ([["登记状态"], ["登记状态", "入库税额(万元)"], ["入库税额"]], ["纳税人识别号"]),
        ([["纳税人识别号,纳税人状态,实缴金额"]], ["纳税人识别号", "纳税人状态", "实缴金额"]),
    ],
)
def test_a_file_without_a_header_is_refused_with_what_the_nearest_row_lacks(tmp_path, rows, missing):
    delivery = read(tmp_path, "tax", xlsx(rows) if rows else "")
    assert delivery.loads.drop("sha256").rows() == [("2017-12/tax/a.csv", 0, 0, 0, 0, [], 0, [], missing)]
    assert delivery.rows.is_empty()
    assert delivery.rejected.is_empty()


def test_of_several_sheets_the_nearest_says_what_is_missing(tmp_path):
    delivery = read(tmp_path, "tax", {"a.xlsx": xlsx([["说明"]], [["纳税人识别号", "登记状态"]], [["登记状态"]])})
    assert delivery.loads["refused"].to_list() == [["实缴金额"]]


def test_a_refused_file_does_not_touch_the_others(tmp_path):
    good = csv_text(table("social_insurance", {}))
    delivery = read(tmp_path, "social_insurance", {"a.csv": "x,y\n1,2\n", "b.csv": good})
    assert delivery.loads.select("path", "rows_loaded", "refused").rows() == [
        ("2017-12/social_insurance/a.csv", 0, ["统一社会信用代码", "月参保总人数"]),
        ("2017-12/social_insurance/b.csv", 1, None),
    ]


def test_a_header_alone_loads_nothing_and_is_not_refused(tmp_path):
    delivery = read(tmp_path, "social_insurance", csv_text(table("social_insurance")))
    assert delivery.loads.select("rows_read", "refused").rows() == [(0, None)]


@pytest.mark.parametrize(
    ("heading", "cell", "yuan"),
    [
        ("实缴金额", "1.5", 1.5),
        ("实缴金额(元)", "1.5", 1.5),
        ("实缴金额(万元)", "1.5", 15000),
        ("实缴金额（万元）", "1.5", 15000),
        ("入 库 税 额 (万元)", "1.5", 15000),
        ("入库税额(万元)", "1.5万", 15000),
        ("入库税额(元)", "1.5万", 15000),
        ("入库税额(万元)", "1.5元", 15000),
    ],
)
def test_headings_in_ten_thousands(tmp_path, heading, cell, yuan):
    rows = table("tax", {"paid_yuan": cell})
    rows[0][2] = heading
    assert [float(value) for value in loaded(read(tmp_path, "tax", csv_text(rows)), "paid_yuan")] == [yuan]


def test_each_file_of_a_delivery_has_headings_of_its_own(tmp_path):
    header, row = table("tax", {"paid_yuan": "2"})
    files = {
        "a.csv": csv_text([header, row]),
        "b.csv": csv_text([[*header[:2], "实缴金额(万元)"], row]),
        "c.csv": csv_text([[*header[1::-1], "入库税额"], [*row[1::-1], row[2]]]),
    }
    assert [int(yuan) for yuan in loaded(read(tmp_path, "tax", files), "paid_yuan")] == [2, 20000, 2]


def test_headings_of_the_office_come_after_the_cards(tmp_path):
    own = Headings({"insured": ("在保人数", "在 保")}, {})
    assert read(tmp_path, "social_insurance", insured("社会信用代码", "在保", cells=(uscc(1), "5"))).loads["refused"].to_list() == [
        ["月参保总人数"]
    ]
    for headings, cells in [(("在保", "社会信用代码"), ("5", uscc(1))), (("社会信用代码", "在保", "在保人数"), (uscc(1), "7", "5"))]:
        assert loaded(read(tmp_path, "social_insurance", insured(*headings, cells=cells), own), "insured") == [5]
    known = read(tmp_path, "social_insurance", insured("社会信用代码", "在保人数", "参保职工人数", cells=(uscc(1), "7", "5")), own)
    assert loaded(known, "insured") == [5]
    assert known.loads["columns_left_out"].to_list() == [["在保人数"]]


DEFAULTS = Headings({}, {"status": "存续", "district_code": "440303"})


def test_a_value_to_take_where_a_column_is_absent(tmp_path):
    rows = [[cell for place, cell in enumerate(row) if place != 3] for row in table("registration", {})]
    assert read(tmp_path / "without", "registration", csv_text(rows)).loads["refused"].to_list() == [["登记状态"]]
    delivery = read(tmp_path, "registration", csv_text(rows), DEFAULTS)
    assert loaded(delivery, "status", "district_code") == [("active", "440303")]
    assert delivery.loads["defaults_used"].to_list() == [["status", "district_code"]]


def test_a_value_to_take_where_a_cell_is_empty(tmp_path):
    rows = table("registration", {"status": "注销"}, {"uscc": uscc(2), "status": " — "}, {"uscc": uscc(3), "status": "不知道"})
    delivery = read(
        tmp_path, "registration", {"a.csv": csv_text(rows), "b.csv": csv_text(table("registration", {"uscc": uscc(4)}))}, DEFAULTS
    )
    assert loaded(delivery, "uscc", "status") == [(uscc(1), "cancelled"), (uscc(2), "active"), (uscc(4), "active")]
    assert reasons(delivery) == [(4, "value:status")]
    assert delivery.loads["defaults_used"].to_list() == [["status", "district_code"], ["district_code"]]


def test_a_default_counts_as_used_only_in_a_row_that_loads(tmp_path):
    rows = table("registration", {"status": "", "founded_on": "从前", "district_code": "440303"})
    delivery = read(tmp_path, "registration", csv_text(rows), DEFAULTS)
    assert reasons(delivery) == [(2, "date:founded_on")]
    assert delivery.loads["defaults_used"].to_list() == [[]]


def test_a_default_of_a_wrong_form_is_no_better_than_a_cell_of_one(tmp_path):
    delivery = read(
        tmp_path, "registration", csv_text(table("registration", {})), Headings({}, {"district_code": "罗湖", "ended_on": "从前"})
    )
    assert reasons(delivery) == [(2, "date:ended_on")]
