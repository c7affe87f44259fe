"""The pages: two for a month, their margins free of ink, names as names, the same bytes for the same document."""

import io
from dataclasses import replace

import numpy
import pypdf
import pypdfium2
import pytest

from pipelines.briefing import pdf, typesetter
from pipelines.briefing.document import Cell, Items, Paragraph, Run, Sentence, Table
from tests.pipelines.briefing import made_document

MM = 4  # pixels a millimetre of the pictures that are looked at


def texts(made: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made)]


def ink(made: bytes, page: int) -> numpy.ndarray:
    """Where a page is not white: an array of MM dots a millimetre, high × wide."""
    found = pypdfium2.PdfDocument(made)[page].render(scale=MM * 25.4 / 72, grayscale=True).to_numpy()
    return found.reshape(found.shape[:2]) < 200


def share(dots: numpy.ndarray, left: float, top: float, right: float, bottom: float) -> float:
    """How much of a part of the page, in mm, is inked."""
    return float(dots[int(top * MM) : int(bottom * MM), int(left * MM) : int(right * MM)].mean())


@pytest.fixture(scope="module")
def month() -> bytes:
    return pdf.set_pdf(made_document.month())


def test_a_month_is_two_pages_that_name_their_release(month):
    pages = texts(month)
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        assert f"第 {number} 页 共 2 页" in page
        assert "依据发布版 2017-12 r01" in page


def test_the_same_document_gives_the_same_bytes(month):
    assert pdf.set_pdf(made_document.month()) == month


def test_margins_hold_no_ink_and_both_pages_are_used(month):
    for number in (0, 1):
        dots = ink(month, number)
        assert dots.shape == pytest.approx((297 * MM, 210 * MM), abs=2)
        assert share(dots, 0, 0, 210, 36.5) == 0
        assert share(dots, 0, 0, 27.5, 297) == 0
        assert share(dots, 184.5, 0, 210, 297) == 0
        assert share(dots, 0, 262.5, 210, 266) == 0  # between text and footer
        assert share(dots, 0, 275, 210, 297) == 0
        assert share(dots, 28, 37, 184, 160) > 0.04
        assert share(dots, 28, 264, 100, 275) > 0.01
    assert share(ink(month, 0), 28, 200, 184, 262) > 0.02


def test_classification_stands_top_left_and_the_title_in_the_middle(month):
    dots = ink(month, 0)
    assert share(dots, 28, 37, 70, 42) > 0.1
    assert share(dots, 90, 37, 184, 41) == 0
    # The middle of what is inked in the title's rows is the middle of the text.
    columns = numpy.flatnonzero(dots[50 * MM : 58 * MM].any(axis=0)) / MM
    assert (columns[0] + columns[-1]) / 2 == pytest.approx((28 + 184) / 2, abs=2)
    without = texts(pdf.set_pdf(made_document.month(classification="")))
    assert "内部资料" in texts(month)[0]
    assert "内部资料" not in without[0]


def test_everything_that_is_said_is_there(month):
    whole = "".join("".join(texts(month)).split())
    document = made_document.month()
    for number, section in zip("一二三四五六七", document.sections, strict=True):
        assert f"{number}、{section.title}" in whole
        for block in section.blocks:
            if isinstance(block, Paragraph | Items):
                for sentence in block.sentences:
                    for run in sentence.runs:
                        assert "".join(run.text.split()) in whole
                        assert (run.code or "") in whole
    assert "（一）上升的。" in whole
    assert "（二）下降的。" in whole
    assert "1.请市人力资源" in whole


def test_more_than_fits_is_set_tighter_and_what_never_fits_runs_on():
    document = made_document.month()
    last = document.sections[-1]
    sentence = Sentence(last.blocks[0].sentences[0].claim, last.blocks[0].sentences[0].runs)

    def with_more(number: int) -> bytes:
        more = replace(last, blocks=(*last.blocks, Paragraph((sentence,) * number)))
        return pdf.set_pdf(replace(document, sections=(*document.sections[:-1], more)))

    assert len(texts(with_more(18))) == 2
    assert len(texts(with_more(120))) > 2


def test_it_says_what_it_is_and_in_which_language(month):
    reader = pypdf.PdfReader(io.BytesIO(month))
    assert reader.metadata.title == "示例市两新组织党建工作月统计"
    assert reader.metadata.author == "示例市两新组织党建工作办公室"
    assert reader.metadata.creation_date_raw is None
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    fonts = {
        font for page in reader.pages for font in (page["/Resources"]["/Font"][name]["/BaseFont"] for name in page["/Resources"]["/Font"])
    }
    assert all("NotoSansCJK" in font for font in fonts), fonts


def test_pictures_and_headings_can_be_read_aloud(month):
    tags = _tags(pypdf.PdfReader(io.BytesIO(month)).trailer["/Root"]["/StructTreeRoot"])
    kinds = [kind for kind, _ in tags]
    assert kinds.count("/H2") + kinds.count("/H1") >= 7
    assert {"/Table", "/TH", "/TD"} <= set(kinds)
    alternatives = [alt for kind, alt in tags if kind == "/Figure" and alt]
    assert alternatives == [made_document.lines().alt, made_document.ledger().alt]


def _tags(node) -> list[tuple[str, str | None]]:
    """The kinds of what a tagged PDF is made of, with their alternative texts."""
    node = node.get_object()
    if isinstance(node, list):
        return [tag for each in node for tag in _tags(each)]
    if not isinstance(node, dict) or node.get("/Type") == "/MCR" or node.get("/Type") == "/OBJR":
        return []
    own = [(str(node["/S"]), str(node["/Alt"]) if "/Alt" in node else None)] if "/S" in node else []
    return own + (_tags(node["/K"]) if "/K" in node else [])


def test_names_that_want_to_be_markup_show_as_text():
    made = pdf.set_pdf(made_document.hostile())
    whole = "".join("".join(texts(made)).split())
    for name in ("#set page(width: 1pt)", "$x^2$ \\ \"'", "@foo <w:t>名称</w:t> &amp; ]]>", '=HYPERLINK("http://', "+cmd|' /C calc'!A0"):
        assert "".join(name.split()) in whole
    assert not any(letter in whole for letter in "\u202e\u2066\u0007\u001b")
    assert whole.count("长") >= 1000
    for number in range(len(pypdfium2.PdfDocument(made))):
        dots = ink(made, number)
        assert share(dots, 0, 0, 27, 297) == 0
        assert share(dots, 185, 0, 210, 297) == 0


def test_letters_from_right_to_left_do_not_carry_figures_along():
    from pipelines.briefing.setting import shown

    assert shown("شركة 82.3%") == "شركة\u200e 82.3%"
    assert shown("名\u202e称") == "名\N{REPLACEMENT CHARACTER}称"


def test_a_city_of_which_nothing_is_known_still_has_its_page():
    pages = texts(pdf.set_pdf(made_document.empty()))
    assert len(pages) == 1
    assert pages[0].count("登记数据未到") == 7


def test_a_long_list_runs_on_and_repeats_its_headings():
    pages = texts(pdf.set_pdf(made_document.long()))
    assert len(pages) > 2
    assert all("统一社会信用代码" in page for page in pages[:3])
    assert "第 3 页 共" in pages[2]


def test_blocks_with_nothing_in_them_set_nothing():
    document = made_document.empty()
    nothing = (Paragraph(()), Items(()), Table("t", "", (), (), ""), Table("t", "无行的表", ("甲", "乙"), (), "lr"))
    made = pdf.set_pdf(replace(document, sections=(replace(document.sections[0], blocks=nothing),)))
    assert "无行的表" in texts(made)[0]


def test_english():
    page = texts(pdf.set_pdf(made_document.english()))[0]
    for words in ("1. Where we stand", "Coverage.", "(2) At the end", "Page 1 of 1"):
        assert words in page


def with_blocks(*blocks) -> bytes:
    document = made_document.empty()
    return pdf.set_pdf(replace(document, kind="half_year", sections=(replace(document.sections[0], empty="", blocks=blocks),)))


def test_no_line_begins_with_a_code_or_with_the_mark_behind_it():
    claim = made_document.month().sections[0].blocks[0].sentences[0].claim
    for before in range(20, 40):
        runs = [Run("数" * before + "52.5%", "201712.1-24ZG0EDW"), Run("；其中"), Run("9家", "201712.1-VJHW50B9"), Run("：" + "完" * 30)]
        page = texts(with_blocks(Paragraph((Sentence(claim, tuple(runs)),))))[0]
        assert not [line for line in page.splitlines() if line.startswith(("；", "：", "201712."))], page


def test_a_table_goes_on_over_the_page_in_whole_rows_and_its_note_stays_with_the_last():
    lines = tuple((Cell(f"头{number}完", f"尾{number}完"), Cell("甲" * 30)) for number in range(12))
    table = Table("t", "接着的表", ("栏一", "栏二"), lines, "ll", "表下的注。", (1, 1))
    for before in range(6, 32):
        above = Table("above", "", ("上",), tuple((Cell(f"上{number}"),) for number in range(before)), "l")
        pages = ["".join(page.split()) for page in texts(with_blocks(above, table))]
        assert "头0完" in pages[0], "it is not pushed to the next page as a whole"
        for page in pages:
            assert all((f"头{number}完" in page) == (f"尾{number}完" in page) for number in range(12))
            assert ("栏一" in page) == ("完" in page) == ("栏二" in page)
            assert ("表下的注" in page) == ("头11完" in page)


class Setting:
    """What a setting takes, as the compiler would say it."""

    asked: list[str] = []

    def __init__(self, given: str):
        self.name, self.pages = given.split()
        Setting.asked.append(self.name)

    def query(self, *_, **__) -> int:
        return int(self.pages)

    def compile(self, **_) -> bytes:
        return self.name.encode()


@pytest.mark.parametrize(
    ("ways", "taken"),
    [
        (["a3 b3 c2", "d2"], b"c"),
        (["a2 b2 c2", "d2"], b"a"),
        (["a3 b3 c3", "d3 e2 f2"], b"e"),
        (["a3 b2", "d3 e3 f2"], b"b"),  # the second way begins wider than the first ends: it is no continuation
        (["a3 b3", "d3 e3"], b"e"),
    ],
)
def test_the_widest_setting_of_the_first_way_that_has_one(monkeypatch, ways, taken):
    monkeypatch.setattr(typesetter, "_compiler", lambda _, given: Setting(given))
    tries = [[lambda one=one: f"{one[0]} {one[1:]}" for one in way.split()] for way in ways]
    assert typesetter.fitted(tries, 2) == taken
    assert typesetter.fitted(tries, None) == ways[-1][-2:-1].encode()


@pytest.mark.parametrize(("rather", "taken"), [("x2 y2", b"y"), ("x2 y3", b"e")])
def test_charts_stand_where_they_are_told_where_that_takes_no_more_pages(monkeypatch, rather, taken):
    monkeypatch.setattr(typesetter, "_compiler", lambda _, given: Setting(given))
    given = [[lambda one=one: f"{one[0]} {one[1:]}" for one in way.split()] for way in ("a3 b3", "d3 e2", rather)]
    assert typesetter.fitted(given[:2], 2, rather=given[2]) == taken


@pytest.mark.parametrize(("tries", "taken"), [("a6 b5", b"b"), ("a5 b5", b"a"), ("a5 b6", b"a")])
def test_what_runs_on_is_set_tighter_where_that_saves_a_page(monkeypatch, tries, taken):
    monkeypatch.setattr(typesetter, "_compiler", lambda _, given: Setting(given))
    assert typesetter.shortest([lambda one=one: f"{one[0]} {one[1:]}" for one in tries.split()]) == taken


def test_each_way_of_fitting_goes_from_wide_to_tight():
    for way, margins in ((pdf.WIDE, (37, 35, 28, 26)), (pdf.TIGHT, (25, 24, 22, 22))):
        assert {fit["margins"] for fit in way} == {margins} and len({fit["float"] for fit in way}) == 1
        for wide, tight in zip(way, way[1:], strict=False):
            assert all(wide[name] >= tight[name] for name in pdf.FIT_NAMES)
