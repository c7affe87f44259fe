"""One delivery of many files: each key once, in the order of paths and lines; what a file came to; the same rows in any parts."""

import csv
import hashlib
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts import sources
from data.home import HomeUnfit
from pipelines.reading import csv_files
from pipelines.reading import delivery as delivery_module
from pipelines.reading.delivery import RowsLost, read_delivery
from pipelines.reading.landing import LandedFile
from pipelines.reading.rows import FileText
from tests.pipelines.reading.files import GOOD, PERIOD, counts, csv_text, land, lists, loaded, read, reasons, table, uscc, xls, xlsx


def name_of(path: str) -> str:
    return path.removeprefix(f"{PERIOD}/").partition("/")[2]


def where(delivery) -> list[tuple[str, int, str]]:
    return [(name_of(path), line, reason) for path, line, reason in delivery.rejected.select("path", "line", "reason").rows()]


def test_the_first_row_of_a_key_stays(tmp_path):
    rows = [{"insured": "5"}, {"insured": "5.0"}, {"insured": "7"}, {"uscc": uscc(2), "insured": "7"}, {"insured": "5"}]
    delivery = read(tmp_path, "social_insurance", csv_text(table("social_insurance", *rows)))
    assert loaded(delivery, "uscc", "insured") == [(uscc(1), 5), (uscc(2), 7)]
    assert reasons(delivery) == [(3, "duplicate"), (4, "key_conflict"), (6, "duplicate")]
    assert counts(delivery) == (5, 2, 3, 0)


def test_rows_are_compared_with_the_one_that_stays(tmp_path):
    rows = [{"insured": "5"}, {"insured": "7"}, {"insured": "7"}]
    assert reasons(read(tmp_path, "social_insurance", csv_text(table("social_insurance", *rows)))) == [
        (3, "key_conflict"),
        (4, "key_conflict"),
    ]


def test_a_row_that_did_not_load_holds_no_key(tmp_path):
    rows = [{"insured": "x"}, {"insured": "7"}, {"insured": "x"}]
    delivery = read(tmp_path, "social_insurance", csv_text(table("social_insurance", *rows)))
    assert loaded(delivery, "insured") == [7]
    assert reasons(delivery) == [(2, "number:insured"), (4, "number:insured")]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"founded_on": "2017-02-01"}, {"founded_on": "2017年2月"}, "duplicate"),
        ({"type_code": "1100"}, {"type_code": "有限责任公司"}, "duplicate"),
        ({"status": "存续"}, {"status": "在业"}, "duplicate"),
        ({"name": "博达"}, {"name": " 博达 "}, "duplicate"),
        ({"name": "博达"}, {"name": "远见"}, "key_conflict"),
        ({"district_code": "440303"}, {"district_code": "440303001"}, "duplicate"),
        ({"district_code": "—"}, {"district_code": "罗湖"}, "duplicate"),
        ({"district_code": "440303"}, {"district_code": "罗湖"}, "key_conflict"),
        ({"type_code": "9500", "name": "张三面馆"}, {"type_code": "9500", "name": "李四面馆"}, "duplicate"),
        ({"type_code": "9500", "name": "张三面馆"}, {"type_code": "1130", "name": "张三面馆"}, "key_conflict"),
        ({"ended_on": "—"}, {"ended_on": "9999-12-31"}, "duplicate"),
        ({"ended_on": "—"}, {"ended_on": "2017-02-28"}, "key_conflict"),
    ],
)
def test_equal_after_reading(tmp_path, first, second, reason):
    delivery = read(tmp_path, "registration", csv_text(table("registration", first, second)))
    assert reasons(delivery) == [(3, reason)]
    assert delivery.loads["values_dropped"].to_list() == [0]


@pytest.mark.parametrize("source", [name for name, card in sources().items() if card.key])
def test_keys_of_every_source(tmp_path, source):
    """A row is one with the first while its key is; with another value in any part of the key it is a row of its own."""
    card = sources()[source]
    other = {"uscc": uscc(2), "year": "2018", "district_code": "440304", "area_code": "440304", "sector": "社会组织", "item": "书记津贴"}
    other["kind"] = "妇联"
    rows = [{}, {}, *({name: other.get(name, "Z9")} for name in card.key)]
    delivery = read(tmp_path, source, csv_text(table(source, *rows)))
    assert reasons(delivery) == [(3, "duplicate")]
    assert len(delivery.rows) == len(card.key) + 1


def test_taxpayers_have_several_rows(tmp_path):
    delivery = read(tmp_path, "tax", csv_text(table("tax", {}, {}, {"paid_yuan": "3"})))
    assert counts(delivery) == (3, 3, 0, 0)


def test_files_are_read_in_the_order_of_their_paths_code_point_by_code_point(tmp_path):
    names = ["B.csv", "a.csv", "a/b.csv", "a1.csv", "乙.csv", "甲/1.csv", "甲.csv", "𠮷.csv", "\uff21.csv"]
    files = {name: csv_text(table("social_insurance", {"insured": str(place)})) for place, name in enumerate(names)}
    delivery = read(tmp_path, "social_insurance", files)
    in_order = sorted(names)
    assert [name_of(path) for path in delivery.loads["path"]] == in_order
    assert in_order[0] == "B.csv"
    assert in_order[-1] == "𠮷.csv"
    assert loaded(delivery, "insured") == [names.index("B.csv")]
    assert where(delivery) == [(name, 2, "key_conflict") for name in in_order[1:]]


def test_headings_in_ten_thousands_do_not_change_the_order(tmp_path):
    """Files of one heading are parsed together; which row of a key stays is still a matter of paths."""
    header, row = table("funding", {"amount_yuan": "3"})
    in_ten_thousands = [*header[:3], "金额(万元)"]
    files = {
        "a.csv": csv_text(table("funding", {"year": "2016"})),
        "b.csv": csv_text([in_ten_thousands, row]),
        "c.csv": csv_text([header, row]),
        "d.csv": csv_text([header, [*row[:3], "3万"]]),
    }
    delivery = read(tmp_path, "funding", files)
    assert [(year, int(yuan)) for year, yuan in loaded(delivery, "year", "amount_yuan")] == [(2016, 5000), (2017, 30000)]
    assert where(delivery) == [("c.csv", 2, "key_conflict"), ("d.csv", 2, "duplicate")]


def test_a_later_file_repeats_an_earlier_one_of_another_format(tmp_path):
    rows = table("social_insurance", {}, {"uscc": uscc(2), "insured": "8"})
    files = {"1.xlsx": xlsx(rows), "2.csv": csv_text(rows).encode("gb18030"), "3.xls": xls([[], *rows])}
    delivery = read(tmp_path, "social_insurance", files)
    assert where(delivery) == [("2.csv", 2, "duplicate"), ("2.csv", 3, "duplicate"), ("3.xls", 3, "duplicate"), ("3.xls", 4, "duplicate")]
    assert delivery.loads["rows_loaded"].to_list() == [2, 0, 0]


def test_what_is_said_of_each_file(tmp_path):
    header, row = table("registration", {"district_code": "罗湖"})
    files = {
        "a.csv": csv_text([["标题"], [*header, "电话", ""], row, [], ["合计"], row[:2]]),
        "b.csv": csv_text(table("registration", {"uscc": uscc(2)}, {"uscc": "1"})),
    }
    delivery = read(tmp_path, "registration", files)
    assert delivery.loads.rows() == [
        (f"{PERIOD}/registration/a.csv", hashlib.sha256(files["a.csv"].encode()).hexdigest(), 5, 1, 1, 3, ["电话"], 1, [], None),
        (f"{PERIOD}/registration/b.csv", hashlib.sha256(files["b.csv"].encode()).hexdigest(), 2, 1, 1, 0, [], 0, [], None),
    ]
    assert where(delivery) == [("a.csv", 3, "dropped:district_code"), ("a.csv", 6, "missing:type_code"), ("b.csv", 3, "uscc_length")]


def test_a_dropped_value_stands_only_where_its_row_loaded(tmp_path):
    rows = [{"uscc": "x"}, {"uscc": "x"}, {"member_id": "Z2", "uscc": "x", "kind": "x"}, {"member_id": "Z3", "uscc": uscc(2)}]
    delivery = read(tmp_path, "member", csv_text(table("member", *rows)))
    assert reasons(delivery) == [(2, "dropped:uscc"), (3, "duplicate"), (4, "value:kind")]
    assert delivery.loads["values_dropped"].to_list() == [1]
    assert counts(delivery) == (4, 2, 2, 0)


def test_fields_of_second_rows_are_written_out(tmp_path):
    row = {"centre_area_m2": "120.5", "approved_on": "2017年2月", "district_code": "440303"}
    fields = json.loads(read(tmp_path, "park", csv_text(table("park", row, row))).rejected["fields"][0])
    assert fields == {
        "park_code": "Y1", "name": "高新园", "level": "national", "district_code": "440303", "approved_on": "2017-02-01",
        "centre_area_m2": "120.5000000000",
    }  # fmt: skip


def test_lines_are_those_at_which_records_start(tmp_path):
    text = 'a\r\n"统一社会信用代码","月参\n保总人数"\r\n' + f'{uscc(1)},"1\n2"\r{uscc(2)},x\n\n"{uscc(3)}",3\r\n'
    delivery = read(tmp_path, "social_insurance", text)
    assert delivery.rows.select("line", "insured").rows() == [(4, 12), (8, 3)]
    assert reasons(delivery) == [(6, "number:insured")]
    assert counts(delivery) == (5, 2, 1, 2)


def test_rows_that_do_not_add_up_stop_everything(tmp_path, monkeypatch):
    monkeypatch.setattr(delivery_module, "text_rows", lambda path, table, header, card: FileText(read=3, skipped=1))
    with pytest.raises(RowsLost, match="3 rows read, 0 loaded, 0 rejected, 1 skipped"):
        read(tmp_path, "social_insurance", csv_text(table("social_insurance", {})))


def test_a_file_that_changed_since_it_was_seen_is_not_read(tmp_path):
    land(tmp_path, "tax", {"a.csv": csv_text(table("tax", {}))})
    path = f"{PERIOD}/tax/a.csv"
    with pytest.raises(HomeUnfit, match="tax/a.csv changed"):
        read_delivery(tmp_path / "landing", sources()["tax"], (LandedFile(PERIOD, "tax", path, "0" * 64),), lists())
    with pytest.raises(HomeUnfit, match=r"tax/b\.csv cannot be read"):
        read_delivery(tmp_path / "landing", sources()["tax"], (LandedFile(PERIOD, "tax", f"{PERIOD}/tax/b.csv", "0" * 64),), lists())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("quote", ["", '"', '"\n'])
def test_a_file_of_many_pieces_is_the_delivery_of_one(tmp_path, monkeypatch, encoding, quote):
    rows = [
        ["标题"],
        *table(
            "registration",
            *(
                {"uscc": uscc(n), "name": f"{quote}博达{n}{quote and quote[0]}", "status": "存续，" if n == 7 else "存续"}
                for n in range(30)
            ),
        ),
        [],
        ["合计"],
        [],
    ]
    data = csv_text(rows, "\r\n").encode(encoding)
    whole = read(tmp_path, "registration", data)
    assert counts(whole) == (33, 29, 1, 3)
    monkeypatch.setattr(csv_files, "CHUNK", len(data) // 3 + 1)
    monkeypatch.setattr(csv_files, "RECORDS", 7)
    monkeypatch.setattr(delivery_module, "BATCH", 5)
    pieces = read(tmp_path, "registration", data)
    assert pieces.rows.equals(whole.rows)
    assert pieces.loads.equals(whole.loads)
    assert pieces.rejected.equals(whole.rejected)


written = st.fixed_dictionaries(
    {
        "uscc": st.sampled_from([uscc(1), uscc(2), uscc(3), uscc(4), "", "x"]),
        "name": st.sampled_from(["博达", "远见,集团", '张"三', "合计博达", ""]),
        "type_code": st.sampled_from(["1130", "9500", "个体工商户", "x"]),
        "founded_on": st.sampled_from(["2017-02-28", "2017年2月28日", "从前"]),
        "district_code": st.sampled_from(["440303", "罗湖", "—", ""]),
    }
)


@given(st.lists(written, max_size=12), st.data())
@settings(max_examples=25, deadline=None)
def test_a_delivery_parted_into_files_is_the_same_delivery(tmp_path_factory, rows, data):
    """Rows and reasons do not depend on how many files the rows came in, nor in which batches they were parsed."""
    home = tmp_path_factory.mktemp("home")
    header, *body = table("registration", *rows)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=3)))
    parts = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    one = read(home / "one", "registration", quoted([header, *body]))
    many = read(home / "many", "registration", {f"{n}.csv": quoted([header, *part]) for n, part in enumerate(parts)})
    starts = [0, *cuts]
    names = list(GOOD["registration"])
    assert many.rows.select(names).equals(one.rows.select(names))
    place = {f"{PERIOD}/registration/{n}.csv": start for n, start in enumerate(starts)}
    moved = [(line + place[path], reason, fields) for path, line, reason, fields in many.rejected.rows()]
    assert moved == [row[1:] for row in one.rejected.rows()]
    assert counts(many)[1:3] == counts(one)[1:3]


def quoted(rows: list[list[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
