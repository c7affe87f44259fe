"""XLSX files with several sheets, number cells and date cells.

What belongs here: bytes. The writer works on whole columns (a cell-by-cell one would take minutes for a city), and writes no
clock into the file, so that the same city is the same bytes.
"""

import zipfile
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import numpy as np
import polars as pl

from .forms import DATE, DATE_TIME, NUMBER

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_LINKS = f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_TYPES = f"""{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_KIND}sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_KIND}styles+xml"/>"""
# Cell formats: 0 general, 1 a date, 2 a date in Chinese.
_FORMAT = '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
_STYLES = f"""{_HEAD}<styleSheet {_NS}>
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>
<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="3">{"".join(_FORMAT.format(number) for number in (0, 14, 164))}</cellXfs></styleSheet>"""


@dataclass
class Sheet:
    """Rows above, the body by columns, the kinds of its cells, and the rows of it that the file leaves out because they are blank."""

    name: str
    top: list[list[str | None]]
    body: pl.DataFrame | None = None
    kinds: dict[str, np.ndarray] = field(default_factory=dict)
    absent: np.ndarray | None = None


def column_letters(place: int) -> str:
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)


def write_xlsx(
    path: Path,
    sheets: list[Sheet],
    shared: bool,
) -> None:
    """`shared`: text lies in one table of the workbook, as spreadsheet programs write it; else in the cells, as exports do."""
    strings: list[pl.Series] = []
    parts = [_sheet(sheet, strings if shared else None) for sheet in sheets]
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:

        def put(name: str, text: str) -> None:
            entry = zipfile.ZipInfo(name, date_time=(2018, 1, 2, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(entry, text.encode(), compresslevel=1)

        sheet = f'ContentType="{_KIND}worksheet+xml"/>'
        overrides = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" {sheet}' for n in range(1, len(sheets) + 1))
        extra = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}sharedStrings+xml"/>' if shared else ""
        put("[Content_Types].xml", f"{_TYPES}{overrides}{extra}</Types>")
        put("_rels/.rels", f'{_LINKS}<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        listed = "".join(f'<sheet name="{escape(one.name)}" sheetId="{n}" r:id="rId{n}"/>' for n, one in enumerate(sheets, 1))
        put("xl/workbook.xml", f'{_HEAD}<workbook {_NS} xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>')
        target = f'Type="{_REL}/worksheet" Target="worksheets'
        links = "".join(f'<Relationship Id="rId{n}" {target}/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1))
        links += f'<Relationship Id="rId98" Type="{_REL}/styles" Target="styles.xml"/>'
        links += f'<Relationship Id="rId99" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/>' if shared else ""
        put("xl/_rels/workbook.xml.rels", f"{_LINKS}{links}</Relationships>")
        put("xl/styles.xml", _STYLES)
        if shared:
            put("xl/sharedStrings.xml", _shared(strings))
        for number, text in enumerate(parts, 1):
            put(f"xl/worksheets/sheet{number}.xml", text)


_INLINE = ('" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>")


def _sheet(sheet: Sheet, strings: list[pl.Series] | None) -> str:
    rows = []
    for number, cells in enumerate(sheet.top, 1):
        written = "".join(
            f'<c r="{column_letters(place)}{number}{_INLINE[0]}{escape(cell)}{_INLINE[1]}' for place, cell in enumerate(cells) if cell
        )
        rows.append(f'<row r="{number}">{written}</row>')
    text = "".join(rows)
    if sheet.body is not None and len(sheet.body):
        text += _body(sheet, sheet.body, strings)
    return f"{_HEAD}<worksheet {_NS}><sheetData>{text}</sheetData></worksheet>"


def _body(sheet: Sheet, body: pl.DataFrame, strings: list[pl.Series] | None) -> str:
    """Whole columns into cells. The city's texts hold no mark that XML would have to escape."""
    first = len(sheet.top) + 1
    number = pl.Series("#", np.arange(first, first + len(body))).cast(pl.String)
    cells = []
    for place, name in enumerate(body.columns):
        start, column = pl.lit(f'<c r="{column_letters(place)}'), pl.col(name)
        if strings is None:
            as_text = pl.concat_str(start, pl.col("#"), pl.lit(_INLINE[0]), column, pl.lit(_INLINE[1]))
        else:
            values = body[name].unique(maintain_order=True).drop_nulls()
            base = sum(len(part) for part in strings)
            strings.append(values)
            index = pl.Series(np.arange(base, base + len(values))).cast(pl.String)
            table = column.replace_strict(values, index, default=None, return_dtype=pl.String)
            as_text = pl.concat_str(start, pl.col("#"), pl.lit('" t="s"><v>'), table, pl.lit("</v></c>"))
        if name in sheet.kinds:
            kind = pl.lit(pl.Series(sheet.kinds[name]))
            plain = pl.concat_str(start, pl.col("#"), pl.lit('"><v>'), column, pl.lit("</v></c>"))
            first = pl.concat_str(start, pl.col("#"), pl.lit('" s="1"><v>'), column, pl.lit("</v></c>"))
            second = pl.concat_str(start, pl.col("#"), pl.lit('" s="2"><v>'), column, pl.lit("</v></c>"))
            as_text = (
                pl.when(kind == NUMBER).then(plain).when(kind == DATE).then(first).when(kind == DATE_TIME).then(second).otherwise(as_text)
            )
        cells.append(pl.coalesce(as_text, pl.lit("")))
    row = pl.concat_str(pl.lit('<row r="'), pl.col("#"), pl.lit('">'), *cells, pl.lit("</row>"))
    lines = body.with_columns(number).select(row.alias("row"))["row"]
    if sheet.absent is not None and sheet.absent.any():
        lines = lines.filter(pl.Series(~sheet.absent))
    return "".join(lines.to_list())


def _shared(strings: list[pl.Series]) -> str:
    items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for part in strings for text in part.to_list())
    count = sum(len(part) for part in strings)
    return f'{_HEAD}<sst {_NS} count="{count}" uniqueCount="{count}">{items}</sst>'
