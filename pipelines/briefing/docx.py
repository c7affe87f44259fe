"""A briefing as DOCX for Word and WPS: real styles, headings, tables and pictures, in the fonts that offices set documents in.

What belongs here: the document in python-docx, and what that leaves to the XML: East Asian fonts, fields, repeated heads, alternative text.
The same document gives the same bytes: no clock is asked.
"""

import io
import zipfile
from datetime import UTC, datetime, time
from importlib.resources import files

from docx import Document as open_docx
from docx.document import Document as Docx
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Emu, Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from data.periods import last_day
from data.words import Words
from pipelines.briefing.charts import chart_png
from pipelines.briefing.document import Beside, Block, Cell, Chart, Document, Items, Paragraph, Section, Sentence, Table
from pipelines.briefing.docx_parts import borders, field, margins, own_package, repeated, styled, total_width, whole
from pipelines.briefing.docx_styles import ALIGNS, write_styles
from pipelines.briefing.setting import (
    Sizes,
    after,
    aligns,
    author,
    head_parts,
    item_number,
    leads,
    on_pages,
    rows,
    section_number,
    shown,
    widths,
)

WIDTH = Mm(156)  # of 210, between margins of 28 and 26
HALF = Mm(75)
STAMP = (1980, 1, 1, 0, 0, 0)


def set_docx(document: Document) -> bytes:
    """The document as a file that Word and WPS open."""
    words = Words(document.lang)
    docx = open_docx(io.BytesIO((files("docx") / "templates" / "default.docx").read_bytes()))
    own_package(docx, words.lang)
    _properties(docx, document)
    write_styles(docx, words)
    _page(docx, words, document)
    _head(docx, document)
    for number, section in enumerate(document.sections, 1):
        _section(docx, words, number, section)
    for note in document.notes:
        _line(docx, shown(note), "Note")
    return _steady(docx)


def _properties(docx: Docx, document: Document) -> None:
    day = datetime.combine(last_day(document.period), time(), UTC).replace(tzinfo=None)
    found = docx.core_properties
    # Word takes 255 letters a property.
    found.title, found.author = shown(document.title)[:255], author(document)[:255]
    found.last_modified_by, found.comments, found.keywords = author(document)[:255], "", ""
    found.subject = shown(document.foot)[:255]
    found.language = "zh-CN" if document.lang == "zh" else "en-GB"
    found.created = found.modified = day
    found.revision = 1


def _page(docx: Docx, words: Words, document: Document) -> None:
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    foot = section.footer.paragraphs[0]
    foot.paragraph_format.tab_stops.clear_all()
    stops = docx.styles["Footer"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(shown(document.foot) + "\t")
    before, between, after = words("setting.page", page="\0", pages="\0").split("\0")
    foot.add_run(before)
    field(foot, "PAGE")
    foot.add_run(between)
    field(foot, "NUMPAGES")
    foot.add_run(after)


def _head(docx: Docx, document: Document) -> None:
    if document.classification:
        _line(docx, shown(document.classification), "Classification")
    if document.over:
        _line(docx, shown(document.over), "Office")
    _line(docx, shown(document.title), "Title")
    under = _line(docx, shown(document.under), "Under Title")
    under.paragraph_format.space_after = Pt(6)
    borders(under._p.get_or_add_pPr(), {"bottom": 8})


def _section(docx: Docx, words: Words, number: int, section: Section) -> None:
    _line(docx, section_number(words, number) + shown(section.title), "Heading 1")
    if section.empty:
        _line(docx, shown(section.empty), "Body")
    led = leads(words, section)
    for place, block in enumerate(section.blocks):
        if on_pages(block):
            _block(docx, words, block, led.get(place, ""))


def _block(docx: Docx, words: Words, block: Block, lead: str = "") -> None:
    if isinstance(block, Paragraph):
        paragraph = _line(docx, "", "Body")
        if lead:
            styled(paragraph.add_run(shown(lead) + words.gap), "Lead")
        for number, sentence in enumerate(block.sentences):
            _say(paragraph, sentence, words.gap if number else "")
    elif isinstance(block, Items):
        for number, sentence in enumerate(block.sentences, 1):
            _say(_line(docx, item_number(words, number), "Body"), sentence)
    elif isinstance(block, Beside):
        sides = (block.left, block.right)
        if any(isinstance(side, Table) for side in sides):  # a table in a table is what Word and WPS set differently
            for side in sides:
                _block(docx, words, side)
        else:
            _side_by_side(docx, words, sides)
    elif isinstance(block, Table):
        _table(docx, block)
    else:
        _caption(docx.add_paragraph(), block.title)
        _picture(_line(docx, "", "Picture"), block, words, WIDTH)


def _say(paragraph: DocxParagraph, sentence: Sentence, gap: str = "") -> None:
    if gap:
        paragraph.add_run(gap)
    for place, run in enumerate(sentence.runs):
        paragraph.add_run(shown(run.text))
        if run.code:
            styled(paragraph.add_run("\N{NO-BREAK SPACE}" + shown(run.code) + " " * after(sentence.runs, place)), "Figure Code")


def _side_by_side(docx: Docx, words: Words, charts: tuple[Chart, ...]) -> None:
    """Two pictures in one row, each with its caption: a table without lines."""
    frame = _grid(docx, 2, len(charts), [WIDTH // len(charts)] * len(charts))
    for place, chart in enumerate(charts):
        _caption(frame.cell(0, place).paragraphs[0], chart.title)
        paragraph = frame.cell(1, place).paragraphs[0]
        styled(paragraph, "Picture")
        _picture(paragraph, chart, words, HALF)
    for row in frame.rows:
        whole(row)
    _line(docx, "", "Note")


def _caption(paragraph: DocxParagraph, title: str) -> None:
    styled(paragraph, "Caption")
    paragraph.add_run(shown(title))


def _picture(paragraph: DocxParagraph, chart: Chart, words: Words, width: int) -> None:
    png = chart_png(chart, words.lang, round(width / Mm(1)))
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Emu(width))
    name = shape._inline.docPr
    name.set("descr", shown(chart.alt) or shown(chart.title))
    name.set("title", shown(chart.title))


def _table(docx: Docx, table: Table) -> None:
    """Three lines: above, under the headings, below. The headings are repeated on every page."""
    if not table.heads:
        return
    if table.title:
        _caption(docx.add_paragraph(), table.title)
    sizes = Sizes()
    shares, sides, lines = widths(table, sizes), aligns(table), rows(table)
    made = _grid(docx, len(lines) + 1, len(table.heads), [int(WIDTH * share / max(sizes.letters, sum(shares))) for share in shares])
    margins(made)
    grid = _cells(made)
    all_rows = list(made.rows)
    for place, head in enumerate(table.heads):
        paragraph = grid[0][place].paragraphs[0]
        styled(paragraph, "Table Head")
        paragraph.alignment = ALIGNS[sides[place]]
        paragraph.paragraph_format.keep_with_next = True
        for number, (piece, _) in enumerate(head_parts(head)):
            if number:
                paragraph.add_run().add_break()
            paragraph.add_run(piece)
        grid[0][place].vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        borders(grid[0][place]._tc.get_or_add_tcPr(), {"top": 8, "bottom": 4})
    repeated(all_rows[0])
    for number, line in enumerate(lines, 1):
        whole(all_rows[number])
        for place, cell in enumerate(line):
            _cell(grid[number][place], cell, ALIGNS[sides[place]])
    for cell in grid[-1]:
        borders(cell._tc.get_or_add_tcPr(), {"bottom": 8} | ({"top": 8} if not lines else {}))
    _line(docx, shown(table.note), "Note")


def _cell(made: _Cell, cell: Cell, align) -> None:
    made.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = made.paragraphs[0]
    styled(paragraph, "Table Text")
    paragraph.alignment = align
    paragraph.add_run(shown(cell.text))
    for text, style in ((cell.below, "Below"), (cell.code, "Figure Code")):
        if text:
            paragraph.add_run().add_break()
            styled(paragraph.add_run(shown(text)), style)


def _grid(docx: Docx, height: int, width: int, sizes: list[int]) -> DocxTable:
    """A table without lines, as wide as the text, its columns as wide as they are told to be."""
    made = docx.add_table(height, width)
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    total_width(made, sum(sizes))
    for column, size in zip(made.columns, sizes, strict=True):
        column.width = Emu(size)
    for row in _cells(made):
        for cell, size in zip(row, sizes, strict=True):
            cell.width = Emu(size)
    return made


def _cells(made: DocxTable) -> list[list[_Cell]]:
    """Every cell, row by row; python-docx looks for each anew, which in a long table takes its square."""
    return [[_Cell(cell, made) for cell in row.tc_lst] for row in made._tbl.tr_lst]


def _line(docx: Docx, text: str, style: str) -> DocxParagraph:
    paragraph = docx.add_paragraph(text)
    styled(paragraph, style)
    return paragraph


def _steady(docx: Docx) -> bytes:
    """The file with one stamp for all its parts: a zip else notes when it was made."""
    draft, made = io.BytesIO(), io.BytesIO()
    docx.save(draft)
    with zipfile.ZipFile(draft) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as steady:
        for part in parts.infolist():
            steady.writestr(zipfile.ZipInfo(part.filename, STAMP), parts.read(part), zipfile.ZIP_DEFLATED)
    return made.getvalue()
