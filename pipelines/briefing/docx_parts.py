"""What python-docx has no call for: East Asian fonts, language, lines of tables, fields, repeated heads.

What belongs here: elements of WordprocessingML, each put where its schema wants it; Word refuses a file in which one stands elsewhere.
"""

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

# The order of the schema (ECMA-376, CT_RPr, CT_PPr, CT_TcPr, CT_TblPr, CT_TrPr), as far as it is needed.
_ORDER = {
    "rPr": "rStyle rFonts b bCs i iCs caps color spacing w kern position sz szCs highlight u effect vertAlign rtl cs em lang".split(),
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens "
        "kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing "
        "mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ).split(),
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark".split(),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd "
        "tblLayout tblCellMar tblLook tblCaption tblDescription"
    ).split(),
}
_SIDES = ("top", "left", "bottom", "right")


_PROGRAM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"><Application>Liangxin</Application></Properties>'
)


def own_package(docx: Document, lang: str) -> None:
    """What python-docx's template says of itself: its picture and program, the version of Word that it was made for, its language."""
    package = docx.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[name]
        elif relation.reltype.endswith("/extended-properties"):
            relation.target_part._blob = _PROGRAM
    settings = docx.settings.element
    for made in settings.iter(qn("w:compatSetting")):
        if made.get(qn("w:name")) == "compatibilityMode":
            made.set(qn("w:val"), "15")
    for made in settings.iter(qn("w:themeFontLang")):
        made.set(qn("w:val"), "en-US" if lang == "zh" else "en-GB")
        made.set(qn("w:eastAsia"), "zh-CN")


def styled(made: Paragraph | Run, name: str) -> None:
    """Sets a style by its name. python-docx looks through all styles each time, which is most of the time of a long table."""
    element = made._p if isinstance(made, Paragraph) else made._r
    element.style = name.replace(" ", "")


def fonts(properties, latin: str, east_asian: str) -> None:
    """Fonts by script; those of the theme would win over them and are taken away."""
    made = OxmlElement("w:rFonts")
    for script, name in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asian), ("cs", latin)):
        made.set(qn(f"w:{script}"), name)
    _put(properties, made)


def language(styles, lang: str) -> None:
    """The language of all text, so that Word spells and breaks lines by it."""
    made = OxmlElement("w:lang")
    for side, value in (("val", "en-US" if lang == "zh" else "en-GB"), ("eastAsia", "zh-CN"), ("bidi", "ar-SA")):
        made.set(qn(f"w:{side}"), value)
    _put(styles.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr")), made)


def borders(properties, lines: dict[str, int]) -> None:
    """Lines around a paragraph or a cell, in eighths of a point; none where none is given."""
    name = {"pPr": "w:pBdr", "tcPr": "w:tcBorders"}[_name(properties)]
    made = OxmlElement(name)
    for side in (side for side in _SIDES if side in lines):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", lines[side]), ("space", 4 if name == "w:pBdr" else 0), ("color", "000000")):
            line.set(qn(f"w:{key}"), str(value))
        made.append(line)
    if lines:
        _put(properties, made)
    elif (old := properties.find(qn(name))) is not None:
        properties.remove(old)


def margins(table: Table) -> None:
    """Room within the cells, in twentieths of a point."""
    made = OxmlElement("w:tblCellMar")
    for side, width in (("top", 30), ("left", 70), ("bottom", 30), ("right", 70)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(width))
        edge.set(qn("w:type"), "dxa")
        made.append(edge)
    _put(table._tbl.tblPr, made)


def repeated(row: _Row) -> None:
    """A row that stands at the head of every page."""
    whole(row)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def whole(row: _Row) -> None:
    """A row that no page break divides."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def total_width(table: Table, width: int) -> None:
    """The width of a table as a whole, in EMU; WPS goes by it."""
    made = OxmlElement("w:tblW")
    made.set(qn("w:w"), str(round(width / Mm(1) * 1440 / 25.4)))
    made.set(qn("w:type"), "dxa")
    _put(table._tbl.tblPr, made)


def field(paragraph: Paragraph, instruction: str) -> None:
    """A field that Word works out: PAGE, NUMPAGES. What stands in it until then is 1."""
    for kind in ("begin", None, "separate", "1", "end"):
        run = paragraph.add_run()
        if kind is None:
            made = OxmlElement("w:instrText")
            made.set(qn("xml:space"), "preserve")
            made.text = f" {instruction} "
        elif kind == "1":
            run.text = "1"
            continue
        else:
            made = OxmlElement("w:fldChar")
            made.set(qn("w:fldCharType"), kind)
        run._r.append(made)


def _put(properties, made) -> None:
    """An element in its place among its siblings, instead of the one that was there."""
    old = properties.find(made.tag)
    if old is not None:
        properties.remove(old)
    order = _ORDER[_name(properties)]
    place = order.index(_name(made))
    for number, sibling in enumerate(properties):
        name = _name(sibling)
        if name in order and order.index(name) > place:
            properties.insert(number, made)
            return
    properties.append(made)


def _name(element) -> str:
    return element.tag.partition("}")[2]
