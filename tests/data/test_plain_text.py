"""Text from data shows as itself: in a page, a label, a chart, a cell and a file's name."""

import csv
import io
import re
import zipfile

import fastexcel
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import answer_book, export
from dashboards.export import Book, Column
from data import plain_text, releases
from data.words import Words
from tests.dashboards.findings_fixture import book_of
from tests.dashboards.hostile import NAMES, UNSEEN, hostile_home


@given(st.text(st.characters(), max_size=60))
def test_no_text_is_markup_in_a_page_or_a_chart(value):
    for made in (plain_text.in_html(value).removeprefix("<bdi>").removesuffix("</bdi>"), plain_text.in_chart(value)):
        assert not set("<>") & set(made)
        assert all(letter.isprintable() or letter.isspace() for letter in made)
        made.encode()


@given(st.text(st.characters(), max_size=60))
def test_no_text_runs_in_a_spreadsheet_or_hides_in_one(value):
    made = plain_text.in_csv(value)
    assert made[:1] not in ("=", "+", "@", "\t", "\r", "＝", "＋", "＠")  # noqa: RUF001
    assert made[:1] not in ("-", "－") or len(made) == 1  # noqa: RUF001
    assert not set(UNSEEN) & set(plain_text.in_cell(value))
    plain_text.in_cell(value).encode()


@given(st.text(st.characters(), max_size=300))
def test_no_text_leaves_its_folder_as_a_files_name(value):
    made = plain_text.in_file_name(value)
    assert re.fullmatch(r"[^\\/:*?\"<>|\s\x00-\x1f]*", made) and not made.startswith(".")
    assert len(made.encode()) <= 255 or len(made) <= 80


@pytest.mark.parametrize("value", ["91980102MA13GXF47G", "某某（集团）有限公司", "甲　乙", "-", "A·B", "", "𠮷野家", "\ue000字"])
def test_what_is_no_mischief_stays_as_it_is(value):
    assert plain_text.in_cell(value) == plain_text.in_csv(value) == value
    assert plain_text.in_file_name("某区_P01") == "某区_P01"


def test_the_same_in_whole_tables_as_in_single_cells(tmp_path):
    """Tables are written by Polars, lists of the pages cell by cell: one rule."""
    home = hostile_home(tmp_path / "home")
    release = releases.open_release(home)
    names = release.table("census")["name"].to_list()
    export.export_table(release, "census", tmp_path / "c.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "c.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert [row["name"] for row in rows] == ["" if name is None else plain_text.in_csv(name) for name in names]
    export.export_table(release, "units", tmp_path / "u.xlsx")
    read = fastexcel.read_excel(tmp_path / "u.xlsx").load_sheet("数据", dtypes="string").to_polars()
    lines = lambda name: name.replace("\r\n", "\n").replace("\r", "\n")  # noqa: E731
    assert [lines(name) for name in read["name"]] == [lines(plain_text.in_cell(name)) for name in release.table("units")["name"]]
    for table in ("rejected", "findings", "loads"):
        for ending in ("csv", "xlsx"):
            export.export_table(release, table, tmp_path / f"{table}.{ending}")
    assert not set(UNSEEN) & set((tmp_path / "loads.csv").read_text(encoding="utf-8-sig"))


def test_a_list_of_a_page_as_csv_comes_back_whole():
    book = Book([Column("名称")], [[name] for name in NAMES], [], [], [])
    back = list(csv.reader(io.StringIO(export.csv_bytes(book).decode("utf-8-sig"), newline="")))
    assert back == [["名称"], *([plain_text.in_csv(name)] for name in NAMES)]
    assert pl.read_csv(export.csv_bytes(book)).height == len(NAMES)


def test_answer_forms_hold_hostile_names_as_text(tmp_path):
    home = hostile_home(tmp_path / "home")
    with zipfile.ZipFile(io.BytesIO(answer_book.all_books(Words("zh"), book_of(home)))) as forms:
        assert len(forms.namelist()) > 5
        for name in forms.namelist():
            assert name == plain_text.in_file_name(name) and len(name.encode()) <= 255
            with zipfile.ZipFile(io.BytesIO(forms.read(name))) as parts:
                cells = "".join(parts.read(part).decode() for part in parts.namelist() if part.startswith("xl/"))
            assert "<f>" not in cells and "<hyperlink " not in cells
            assert not set(UNSEEN) & set(cells)
