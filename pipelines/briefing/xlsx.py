"""The annex of a briefing as XLSX: its tables as numbers, what every sentence rests on, what was left unsaid and why, and notes.

What belongs here: the sheets. Text is never a formula, codes stay text, numbers stay numbers. The same document gives the same bytes.
"""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

import xlsxwriter

from data.contracts import metrics
from data.periods import last_day
from data.plain_text import in_cell, visible
from data.words import Words, known
from pipelines.briefing.document import Beside, Block, Cell, Document, Items, Paragraph, Sentence, Table
from pipelines.briefing.setting import author, rows
from transforms.claims.claim import Subject
from transforms.sector_words import sector_of

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LETTERS = 31  # of a sheet's name
FORMATS = {"text": "@", "count": "#,##0", "rate": "0.0%", "ratio": "0.00", "points": "+0.0;-0.0;0.0"}
ABOUT = ("metric", "sector", "basis", "kind", "area", "period", "release")


def set_xlsx(document: Document) -> bytes:
    words = Words(document.lang)
    tables = list(_tables(document))
    own = [words(f"setting.sheet_{name}") for name in ("sentences", "left_out", "notes")]
    names = sheet_names([short(table.sheet or table.title, words.gap) or table.name for table in tables], own)
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, SAFE | {"in_memory": True}) as book:
        _properties(book, document)
        forms = {name: book.add_format({"num_format": form, "valign": "top"}) for name, form in FORMATS.items()}
        forms["wrap"] = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        forms["head"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for name, table in zip(names, tables, strict=True):
            _table(book.add_worksheet(name), words, table, forms)
        _lines(book.add_worksheet(own[0]), *_sentences(words, document), forms)
        _lines(book.add_worksheet(own[1]), *_left_out(words, document), forms)
        _notes(book.add_worksheet(own[2]), words, document, zip(names, tables, strict=True), forms)
    return made.getvalue()


def sheet_names(wanted: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Names that a spreadsheet takes: 31 letters as UTF-16 counts them, without []:*?/\\, none twice in large or small letters."""
    used, found = {name.lower() for name in taken} | {"history"}, []
    for name in wanted:
        clean = "".join(" " if letter in "[]:*?/\\" else letter for letter in visible(name)).strip("' ") or "-"
        number, fit = 1, _first(clean, LETTERS)
        while fit.lower() in used:
            number += 1
            fit = f"{_first(clean, LETTERS - len(f' {number}'))} {number}"
        used.add(fit.lower())
        found.append(fit)
    return found


def short(title: str, gap: str) -> str:
    """A title that has room as a sheet's name: without what stands in brackets at its end; of words, no half one."""
    if len(title) > LETTERS:
        title = re.split(r"[（(；;:]", title, maxsplit=1)[0].strip()
    return title[: LETTERS + 1].rpartition(gap)[0] if gap and len(title) > LETTERS else title


def _first(name: str, most: int) -> str:
    while len(name.encode("utf-16-le")) > 2 * most:
        name = name[:-1]
    return name.strip(" '") or "-"


def _properties(book: xlsxwriter.Workbook, document: Document) -> None:
    day = datetime.combine(last_day(document.period), time())
    title, office, release = visible(document.title)[:255], author(document)[:255], visible(document.foot)[:255]
    book.set_properties({"title": title, "author": office, "subject": release, "created": day})


def _tables(document: Document) -> Iterable[Table]:
    for section in document.sections:
        for block in section.blocks:
            yield from (each for each in _halves(block) if isinstance(each, Table) and each.heads)
    yield from (table for table in document.sheets if table.heads)


def _halves(block: Block) -> tuple:
    return (block.left, block.right) if isinstance(block, Beside) else (block,)


def _table(sheet: Any, words: Words, table: Table, forms: dict) -> None:
    """A column as it is, and beside it what it is of and its code, where it has them."""
    lines = rows(table)
    heads, picks = [], []
    for place, head in enumerate(table.heads):
        heads.append(head)
        picks.append((place, "value"))
        for part, key in (("below", _lower_line(line[place] for line in lines)), ("code", "setting.code_of")):
            if any(getattr(line[place], part) for line in lines):
                heads.append(words(key, head="\0").replace("\0", head))
                picks.append((place, part))
    _heads(sheet, heads, forms)
    for number, line in enumerate(lines, 1):
        for column, (place, part) in enumerate(picks):
            cell = line[place]
            if part == "value" and cell.value is not None:
                sheet.write_number(number, column, cell.value, forms[cell.format if cell.format in FORMATS else "text"])
            else:
                _text(sheet, number, column, cell.text if part == "value" else getattr(cell, part), forms["text"])


def _lower_line(column: Iterable[Cell]) -> str:
    """The word for what stands beneath the cells of a column: n/N, a day, or where they differ a note."""
    found = {cell.beneath for cell in column if cell.below}
    return f"setting.{found.pop()}" if len(found) == 1 and "" not in found else "setting.below"


def _sentences(words: Words, document: Document) -> tuple[list[str], list[list[str]]]:
    heads = [words("setting.section_head"), words("setting.text"), *_about_heads(words), words("setting.test"), words("setting.codes")]
    return heads, [
        [
            section.title,
            sentence.text,
            *_about(words, sentence.claim.subject),
            _test(words, sentence.claim.test),
            " ".join(dict.fromkeys(run.code for run in sentence.runs if run.code)),
        ]
        for section in document.sections
        for block in section.blocks
        for sentence in _said(block)
    ]


def _test(words: Words, name: str) -> str:
    return words(f"claim_test.{name}") if known(f"claim_test.{name}") else name


def _said(block: Block) -> tuple[Sentence, ...]:
    return block.sentences if isinstance(block, Paragraph | Items) else ()


def _left_out(words: Words, document: Document) -> tuple[list[str], list[list[str]]]:
    heads = [words("setting.section_head"), words("setting.name"), words("setting.reason"), *_about_heads(words), words("setting.codes")]
    return heads, [
        [
            section.title,
            words.of("unsaid", left.name),
            words.left_out(left.reason),
            *_about(words, left.subject),
            " ".join(dict.fromkeys(quoted.code for quoted in left.quoted if quoted.unit != "count" or quoted.key)),
        ]
        for section in document.sections
        for left in section.left_out
    ]


def _about_heads(words: Words) -> list[str]:
    return [words(f"setting.{name}") for name in ABOUT]


def _about(words: Words, subject: Subject) -> list[str]:
    metric = words.metric(subject.metric) if subject.metric in metrics() else subject.metric
    basis = words.of("basis", subject.basis) if subject.basis not in ("", "-") else ""
    return [
        metric,
        words.of("sector", sector_of(subject.metric, subject.sector)) if subject.sector else "",
        basis,
        words.of("kind", subject.kind) if subject.kind else "",
        subject.code,
        subject.period,
        subject.revision,
    ]


def _notes(sheet: Any, words: Words, document: Document, tables: Iterable[tuple[str, Table]], forms: dict) -> None:
    lines = [
        (words("setting.note_title"), document.title),
        (words("setting.note_office"), document.over),
        (words("setting.note_classification"), document.classification),
        (words("setting.note_under"), document.under),
        (words("setting.note_release"), document.foot),
        *((words("setting.note_table", sheet="\0").replace("\0", name), _beneath(table)) for name, table in tables),
        *((words(f"setting.note_{name}"), words(f"setting.note_{name}_said")) for name in ("sentences", "left_out", "codes")),
        *(("", note) for note in document.notes),
    ]
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    for number, (name, said) in enumerate((name, said) for name, said in lines if said):
        _text(sheet, number, 0, name, forms["wrap"])
        _text(sheet, number, 1, said, forms["wrap"])


def _beneath(table: Table) -> str:
    return f"{table.title}\n{table.note}" if table.note else table.title


def _lines(sheet: Any, heads: Sequence[str], lines: Iterable[Sequence[str]], forms: dict) -> None:
    _heads(sheet, heads, forms)
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line):
            _text(sheet, number, column, text, forms["wrap"])
    for column, head in enumerate(heads):
        sheet.set_column(column, column, 60 if column == 1 and len(heads) > 10 else max(12, 2 * len(head) + 2))


def _heads(sheet: Any, heads: Sequence[str], forms: dict) -> None:
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.set_column(column, column, 20)
        _text(sheet, 0, column, head, forms["head"])


def _text(sheet: Any, row: int, column: int, text: str | None, form: Any) -> None:
    if text:
        sheet.write_string(row, column, in_cell(text), form)
