"""DOCX: real headings, tables and pictures, elements in the order that Word insists on, nothing of who or when made it."""

import io
import zipfile
from datetime import datetime

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from pipelines.briefing import docx_parts
from pipelines.briefing.docx import set_docx
from pipelines.briefing.setting import shown
from tests.pipelines.briefing import made_document


@pytest.fixture(scope="module")
def month() -> bytes:
    return set_docx(made_document.month())


def opened(made: bytes):
    return docx.Document(io.BytesIO(made))


def part(made: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        return parts.read(name)


def said(made: bytes) -> list[str]:
    """The text of everything, in order."""
    return ["".join(each.itertext(qn("w:t"))) for each in opened(made).element.body.iter(qn("w:p"))]


def test_headings_are_headings(month):
    found = [(each.style.name, each.text) for each in opened(month).paragraphs]
    assert ("Title", "示例市两新组织党建工作月统计") in found
    assert found[0] == ("Classification", "内部资料　注意保存")
    assert [text for style, text in found if style == "Heading 1"] == [
        f"{number}、{section.title}" for number, section in zip("一二三四五六七", made_document.month().sections, strict=True)
    ]


def test_fonts_are_those_of_official_documents(month):
    styles = opened(month).styles
    for name, font in (("Title", "方正小标宋简体"), ("Heading 1", "黑体"), ("Heading 2", "楷体"), ("Normal", "仿宋"), ("Body", "仿宋")):
        fonts = styles[name].element.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) == font
        assert fonts.get(qn("w:ascii")) == "Times New Roman"
        assert fonts.get(qn("w:asciiTheme")) is None
    assert b'w:eastAsia="zh-CN"' in part(month, "word/styles.xml")


def test_tables_are_tables_with_repeated_headings(month):
    tables = [
        table
        for table in opened(month).tables
        if table.rows[0]._tr.trPr is not None and table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    ]
    assert [len(table.rows) for table in tables] == [5, 7, 4]
    first = tables[0]
    assert first.cell(0, 1).text == "本月"
    assert first.cell(1, 1).text.split("\n") == ["75.0%", "11,876/15,833", "201712.1-24ZG0EDW"]
    widths = [column.width.mm for column in first.columns]
    assert sum(widths) == pytest.approx(156, abs=1)
    assert min(widths) > 8


def test_pictures_have_a_caption_and_an_alternative_text(month):
    document = opened(month)
    names = [shape._inline.docPr for shape in document.inline_shapes]
    assert [name.get("descr") for name in names] == [made_document.lines().alt, made_document.ledger().alt]
    captions = [each.text for table in document.tables for cell in table._cells for each in cell.paragraphs if each.style.name == "Caption"]
    assert captions == ["近十三个月的三项率", "覆盖单位一年来的增减（家）"]
    assert all(shape.width.mm == pytest.approx(75, abs=0.1) for shape in document.inline_shapes)


def test_page_and_footer(month):
    section = opened(month).sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
    foot = section.footer._element
    assert [each.text.strip() for each in foot.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    assert "".join(foot.itertext(qn("w:t"))).startswith("依据发布版 2017-12 r01")


def test_codes_are_small_and_grey(month):
    runs = [run for each in opened(month).paragraphs for run in each.runs if run.style.name == "Figure Code"]
    assert runs[0].text.strip() == "201712.1-24ZG0EDW"
    assert runs[0].style.font.size.pt == 6
    assert str(runs[0].style.font.color.rgb) == "696969"


def test_nothing_says_who_or_when_made_it(month):
    found = opened(month).core_properties
    assert found.author == found.last_modified_by == "示例市两新组织党建工作办公室"
    assert found.created == found.modified == datetime(2017, 12, 31, tzinfo=found.created.tzinfo)
    assert b"python-docx" not in b"".join(
        part(month, name) for name in zipfile.ZipFile(io.BytesIO(month)).namelist() if name.endswith(".xml")
    )
    assert {each.date_time for each in zipfile.ZipFile(io.BytesIO(month)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert set_docx(made_document.month()) == month


def test_every_part_that_is_spoken_of_is_there(month):
    """Word calls a file damaged whose relationships lead nowhere."""
    parts = zipfile.ZipFile(io.BytesIO(month))
    names = set(parts.namelist())
    for name in [name for name in names if name.endswith(".rels")]:
        folder = name.replace("_rels/", "").rpartition("/")[0]
        for relation in etree.fromstring(parts.read(name)):
            target = relation.get("Target")
            whole = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            steps: list[str] = []
            for step in whole.split("/"):
                steps = steps[:-1] if step == ".." else [*steps, step]
            assert relation.get("TargetMode") == "External" or "/".join(steps) in names, (name, target)


@pytest.mark.parametrize("make", [made_document.month, made_document.hostile, made_document.empty, made_document.english])
def test_elements_stand_in_the_order_of_the_schema(make):
    made = set_docx(make())
    for name in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
        tree = etree.fromstring(part(made, name))
        for kind, order in docx_parts._ORDER.items():
            for properties in tree.iter(qn(f"w:{kind}")):
                children = [etree.QName(child).localname for child in properties]
                known = [order.index(child) for child in children if child in order]
                assert known == sorted(known), (name, kind, children)
                assert len(children) == len(set(children)), (name, kind, children)
        for cell in tree.iter(qn("w:tc")):
            assert etree.QName(cell[-1]).localname == "p", "a cell ends with a paragraph"


def test_names_that_want_to_be_markup_show_as_text():
    document = made_document.hostile()
    made = set_docx(document)
    whole = said(made)
    for name in made_document.HOSTILE:
        assert any(shown(name) in line for line in whole), name[:20]
    assert "\u202e" not in "".join(whole)
    assert opened(made).core_properties.title == shown(document.title)[:255]


def test_a_city_of_which_nothing_is_known_and_a_long_list():
    assert said(set_docx(made_document.empty())).count("登记数据未到，本节没有可以引用的数字。") == 7
    table = opened(set_docx(made_document.long())).tables[0]
    assert len(table.rows) == 121
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)
