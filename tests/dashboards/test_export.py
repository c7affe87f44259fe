"""Files to take away: whole, exact, and with nothing in them that a spreadsheet would run."""

import csv
import io
import json
import zipfile

import fastexcel
import polars as pl
import pytest

from dashboards import export
from dashboards.export import Book, Column, ExportRefused
from data import releases
from data.plain_text import in_cell, in_csv
from data.releases import NoSuchRelease
from tests.dashboards.releases_fixture import expected, make_home, publish
from transforms.marks import CODED

NASTY = [
    "=1+1",
    "+86",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "http://a.b",
    "<b>粗</b>",
    'quo"te',
    "两,新",
    "51980102MA9523CP8Q",
    "000000",
    "\u202eabc",
    "-",
    "0012",
]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    home = make_home(tmp_path_factory.mktemp("export") / "home", ())
    units = expected("units").filter(pl.col("period") == "2017-12")
    names = pl.Series("name", [NASTY[place % len(NASTY)] for place in range(units.height)])
    publish(home, "2017-12", units=units.with_columns(names))
    return releases.open_release(home)


@pytest.mark.parametrize("table", ["metrics", "census", "loads", "rejected", "units", "base_numbers"])
def test_a_table_comes_back_from_xlsx_as_published(release, table, tmp_path):
    target = tmp_path / "t.xlsx"
    frame = release.table(table)
    assert export.export_table(release, table, target) == frame.height
    book = fastexcel.read_excel(target)
    assert book.sheet_names == ["数据", "说明", "口径", "版本"]
    back = book.load_sheet("数据").to_polars()
    assert back.columns == [*frame.columns, *(["code"] if table in CODED else [])]
    assert back.height == frame.height
    for name, kind in frame.schema.items():
        if kind == pl.String and frame[name].null_count() < frame.height:
            assert back[name].to_list() == [value and in_cell(value) or None for value in frame[name].to_list()], name


def test_nothing_in_an_xlsx_is_a_formula_or_a_link(release, tmp_path):
    export.export_table(release, "units", tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels")))
    assert "<f>" not in text
    assert "<hyperlink " not in text
    assert "=1+1" in text


def test_codes_stay_text_in_csv_and_nothing_runs(release, tmp_path):
    export.export_table(release, "units", tmp_path / "t.csv")
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    frame = release.table("units")
    assert [row["unit_code"] for row in rows] == frame["unit_code"].to_list()
    for row, name in zip(rows, frame["name"].to_list(), strict=True):
        assert row["name"] == in_csv(name)
        assert row["name"].startswith("'") is (name[0] in "=+@\t" or name == "-2")


def test_csv_of_metrics_is_the_table(release, tmp_path):
    export.export_table(release, "metrics", tmp_path / "m.csv")
    back = pl.read_csv(tmp_path / "m.csv", schema_overrides={"unit_code": pl.String, "numerator": pl.Int64, "denominator": pl.Int64})
    assert back.select(pl.exclude("reason", "code")).equals(release.table("metrics").select(pl.exclude("reason")))


def test_parquet_is_the_published_file(release, tmp_path):
    export.export_table(release, "metrics", tmp_path / "m.parquet")
    assert (tmp_path / "m.parquet").read_bytes() == (release.path / "metrics.parquet").read_bytes()


@pytest.mark.parametrize("ending", export.ENDINGS)
def test_no_file_of_findings_has_a_row_a_member(tmp_path, ending):
    pseudonym = "ab" * 32
    rows = [{"source": "member", "path": "2017-12/member/a.csv", "line": 7, "values": {"org_code": "B1", "kind": "formal"}}]
    rows += [
        {"source": "member", "more": 3},
        {"source": "party_org", "path": "2017-12/party_org/a.csv", "line": 2, "values": {"mode": "single"}},
    ]
    evidence = json.dumps({"facts": {"organisations": 2}, "rows": rows})
    kinds = [("member_two_orgs", "member", pseudonym), ("single_below_three", "org", "B1")]
    found = pl.DataFrame(
        [{"period": "2017-12", "rule": rule, "subject_kind": kind, "subject": of, "evidence": evidence} for rule, kind, of in kinds]
    )
    home = make_home(tmp_path / "home", ())
    publish(home, "2017-12", findings=found)
    target = tmp_path / f"f.{ending}"
    assert export.export_table(releases.open_release(home), "findings", target) == 2
    if ending == "xlsx":
        written = fastexcel.read_excel(target).load_sheet(0, dtypes="string").to_polars()
    else:
        written = pl.read_csv(target) if ending == "csv" else pl.read_parquet(target)
    assert written["subject"].to_list() == ["x", "B1"]
    text = " ".join(str(row) for row in written.rows())
    assert pseudonym not in text and "formal" not in text
    assert "2017-12/member/a.csv" in text and "single" in text  # where it stands may be said


def test_lists_are_json(release, tmp_path):
    export.export_table(release, "loads", tmp_path / "l.csv")
    with (tmp_path / "l.csv").open(encoding="utf-8-sig", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["columns_left_out"].startswith('["')
    assert first["refused"] == ""


@pytest.mark.parametrize(("name", "says"), [("t.docx", "must end in"), ("nowhere/t.csv", "no such folder")])
def test_what_can_not_be_written_is_one_plain_line(release, name, says, tmp_path):
    with pytest.raises(ExportRefused, match=says) as refused:
        export.export_table(release, "metrics", tmp_path / name)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_table_is_named(release, tmp_path):
    with pytest.raises(NoSuchRelease, match="no table worklists"):
        export.export_table(release, "worklists", tmp_path / "t.csv")


def test_a_book_has_its_notes_and_rates_as_numbers():
    book = Book(
        [Column("名称"), Column("数值", "rate", "组织覆盖率"), Column("n", "count")],
        [["甲", 0.585, 280], [NASTY[0], None, 0]],
        [("期别", "2017年12月")],
        [["指标"]],
        [("发布版本", "2017-12 r01")],
    )
    read = fastexcel.read_excel(export.book_bytes(book))
    assert read.load_sheet("数据").to_polars().rows() == [("甲", 0.585, 280.0), ("=1+1", None, 0.0)]
    assert read.load_sheet("说明", header_row=None).to_polars().rows() == [("期别", "2017年12月"), ("数值", "组织覆盖率")]
    text = export.csv_bytes(book).decode("utf-8-sig")
    assert text == "名称,数值,n\r\n甲,0.585,280\r\n'=1+1,,0\r\n"


def test_more_rows_than_a_sheet_holds_go_on_to_the_next(monkeypatch):
    monkeypatch.setattr(export, "SHEET_ROWS", 2)
    book = Book([Column("n", "count")], [[number] for number in range(5)], [], [], [])
    assert fastexcel.read_excel(export.book_bytes(book)).sheet_names[:3] == ["数据", "数据2", "数据3"]
