"""The styles of a DOCX: 小标宋 for the title, 黑体 for headings, 楷体 for what leads a paragraph, 仿宋 for text, as GB/T 9704 has them.

What belongs here: fonts, sizes and distances by style. Their names come from the catalogue, for English editions know the fonts by others.
"""

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Pt, RGBColor

from data.words import Words
from pipelines.briefing.docx_parts import borders, fonts, language

LATIN = "Times New Roman"
GREY = RGBColor(0x69, 0x69, 0x69)
ALIGNS = {"l": WD_ALIGN_PARAGRAPH.LEFT, "c": WD_ALIGN_PARAGRAPH.CENTER, "r": WD_ALIGN_PARAGRAPH.RIGHT}


def write_styles(docx: Docx, words: Words) -> None:
    """Sets those that the template has, and adds ours."""
    title, heading, lead, body = (words(f"setting.font_{name}") for name in ("title", "heading", "lead", "body"))
    styles = docx.styles
    language(styles.element, words.lang)
    normal = styles["Normal"]
    _font(normal, body, 12)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing_rule, normal.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(20)
    _shape(_font(styles["Title"], title, 22, bold=False), ALIGNS["c"], Pt(30), before=6, after=6)
    _shape(_font(styles["Heading 1"], heading, 13, bold=words.lang != "zh"), ALIGNS["l"], Pt(20), before=6, indent=24, keep=True)
    _shape(_font(styles["Heading 2"], lead, 12, bold=False), ALIGNS["l"], Pt(20), indent=24, keep=True)
    _shape(_font(styles["Caption"], heading, 10.5, bold=words.lang != "zh"), ALIGNS["c"], Pt(16), before=6, after=2, keep=True)
    for name, base, font, size, align, spacing, indent in (
        ("Body", "Normal", body, 12, WD_ALIGN_PARAGRAPH.JUSTIFY, 20, 24),
        ("Office", "Normal", body, 14, ALIGNS["c"], 22, 0),
        ("Classification", "Normal", heading, 14, ALIGNS["l"], 22, 0),
        ("Under Title", "Normal", lead, 10.5, ALIGNS["c"], 18, 0),
        ("Table Text", "Normal", body, 9.5, ALIGNS["l"], None, 0),
        ("Table Head", "Table Text", heading, 9.5, ALIGNS["l"], None, 0),
        ("Picture", "Normal", body, 10.5, ALIGNS["c"], None, 0),
        ("Note", "Normal", body, 9, ALIGNS["l"], 13, 0),
    ):
        style = styles.add_style(name, 1)
        style.base_style = styles[base]
        _shape(_font(style, font, size), align, Pt(spacing) if spacing else None, indent=indent)
    _font(styles.add_style("Lead", 2), lead, 12)
    for name, size in (("Figure Code", 6), ("Below", 7.5)):
        _font(styles.add_style(name, 2), body, size)
    styles["Figure Code"].font.color.rgb = GREY
    _font(styles["Footer"], body, 9)


def _font(style, east_asian: str, size: float, bold: bool | None = None):
    fonts(style.element.get_or_add_rPr(), LATIN, east_asian)
    style.font.size = Pt(size)
    if bold is not None:
        style.font.bold = bold
        style.font.color.rgb = RGBColor(0, 0, 0)
    return style


def _shape(style, align, spacing, before: float = 0, after: float = 0, indent: float = 0, keep: bool = False) -> None:
    form = style.paragraph_format
    form.alignment, form.space_before, form.space_after, form.keep_with_next = align, Pt(before), Pt(after), keep
    form.first_line_indent = Pt(indent)
    if spacing is None:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.SINGLE, 1.0
    else:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, spacing
    borders(style.element.get_or_add_pPr(), {})
