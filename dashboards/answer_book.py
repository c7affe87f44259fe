"""The answer form of a district (核查线索答复表): a workbook of its findings with the rows to mend, and columns to answer.

What belongs here: writing the form; what may stand in it is in data/answer_form.py, and pipelines/answers.py reads it back. It works
by USB stick: lists to choose from are in the workbook, nothing in it is a formula or a link. A member is never in it, by no pseudonym:
a row of the member list is named by its file and line.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import xlsxwriter

from dashboards import evidence_words
from dashboards.casebook import Casebook
from dashboards.evidence_words import Names
from dashboards.export import SAFE, sheet_names, version_lines
from data.acts import DISPOSITIONS, boundable
from data.answer_form import COLUMNS, FormColumn, fact_cells
from data.contracts import rules
from data.periods import last_day
from data.plain_text import in_cell
from data.words import Words
from transforms import evidence

# Findings on files are of no district: the offices that sent them answer.
FILES, UNKNOWN = "files", "000000"
SEVERITIES = "HSI"
NAME_LETTERS = 40  # of a district's name in the name of a file, which has 255 bytes
WIDTHS = {
    "fingerprint": 27, "period": 9, "severity": 8, "rule": 22, "subject": 34, "sentence": 34, "facts": 30, "since": 9, "status": 10,
    "remedy": 34, "disposition": 12, "note": 40, "who": 14, "due": 12, "until": 13, "fact": 24, "low": 9, "high": 9,
}  # fmt: skip
# What a member's row may say of itself outside the office: where it stands, and no more.
WITHHELD = {"member"}


@dataclass(frozen=True)
class Form:
    """What goes into a district's form: its findings, the worst first, with their evidence and what people call their subjects."""

    words: Words
    casebook: Casebook
    district: str
    findings: Sequence[Mapping]
    shown: Mapping[str, str]
    names: Names

    @property
    def language(self) -> str:
        return self.words.lang


def districts(casebook: Casebook) -> list[str]:
    """The districts that have findings in this release, 000000 behind them, and the last `files` for those of no district."""
    found = [FILES if code is None else code for code in casebook.here["district_code"].unique()]
    return sorted(found, key=lambda code: (code == FILES, code == UNKNOWN, code))


def form_of(words: Words, casebook: Casebook, district: str) -> Form:
    order = pl.col("severity").replace_strict({name: place for place, name in enumerate(SEVERITIES)}, default=9, return_dtype=pl.Int64)
    of_it = pl.col("district_code").is_null() if district == FILES else pl.col("district_code") == district
    mine = casebook.here.filter(of_it).sort(order, "opened", "rule", "subject").to_dicts()
    shown = casebook.picture.evidence([row["fingerprint"] for row in mine])
    names = evidence_words.names_of(casebook.picture, [row | {"evidence": shown.get(row["fingerprint"])} for row in mine])
    return Form(words, casebook, district, mine, shown, names)


def book_bytes(form: Form) -> bytes:
    """The workbook: the findings with the columns to answer, the rows to mend, and how to fill it in."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, SAFE | {"in_memory": True}) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#EEF1F4"}),
            "ask": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#FFF3D6"}),
            "text": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            "fill": book.add_format(
                {"text_wrap": True, "valign": "top", "num_format": "@", "bg_color": "#FFFBEF", "border": 1, "border_color": "#D9D3C3"}
            ),
        }
        first, second, third = sheet_names(form.words(f"answers.sheet_{name}") for name in ("findings", "rows", "help"))
        _findings(book.add_worksheet(first), form, formats)
        _rows_to_mend(book.add_worksheet(second), form, formats)
        _help(book.add_worksheet(third), form, formats)
    return target.getvalue()


def all_books(words: Words, casebook: Casebook) -> bytes:
    """A form for every district that has findings, in one ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as folder:
        for district in districts(casebook):
            folder.writestr(f"{file_stem(words, casebook, district)}.xlsx", book_bytes(form_of(words, casebook, district)))
    return target.getvalue()


def file_stem(words: Words, casebook: Casebook, district: str) -> str:
    name = _place(words, casebook, district)
    clean = "".join(letter for letter in name if letter.isalnum())[:NAME_LETTERS]
    return words("answers.file", period=casebook.picture.period, district=clean, code=district)


def _place(words: Words, casebook: Casebook, district: str) -> str:
    return words("findings.no_district") if district == FILES else evidence_words.district(words, casebook.picture, district)


def _findings(sheet: Any, form: Form, formats: Mapping[str, Any]) -> None:
    words, picture = form.words, form.casebook.picture
    place = _place(words, form.casebook, form.district)
    title = words("answers.book_title", district=place, month=words.month(picture.period))
    sheet.write_string(0, 0, in_cell(title), formats["title"])
    sheet.write_string(1, 0, words("answers.book_said", n=len(form.findings)))
    top = 3
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, WIDTHS[column.name])
        head = getattr(column, form.language) + (" *" if column.answer and column.required else "")
        sheet.write_string(top, at, head, formats["ask" if column.answer else "head"])
    places = {column.name: at for at, column in enumerate(COLUMNS)}
    for number, row in enumerate(form.findings, start=top + 1):
        facts, _ = evidence.read(form.shown.get(row["fingerprint"]))
        for column in COLUMNS:
            value = "" if column.answer else _cell(form, row, facts, column)
            sheet.write_string(number, places[column.name], in_cell(value), formats["fill" if column.answer else "text"])
        bounds = fact_cells({name: evidence_words.fact_name(words, row["rule"], name) for name in boundable(facts)})
        if bounds:
            sheet.data_validation(number, places["fact"], number, places["fact"], {"validate": "list", "source": bounds})
    last = top + max(len(form.findings), 1)
    said = [form.words.conclusion(code) for code in DISPOSITIONS]
    sheet.data_validation(top + 1, places["disposition"], last, places["disposition"], {"validate": "list", "source": said})
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, last, len(COLUMNS) - 1)


def _cell(form: Form, row: Mapping, facts: Mapping, column: FormColumn) -> str:
    words, card = form.words, rules().get(row["rule"])
    zh = form.language == "zh"
    if column.name == "fingerprint":
        return row["fingerprint"]
    if column.name == "period":
        return form.casebook.picture.period
    if column.name == "severity":
        return words.severity(row["severity"])
    if column.name == "rule":
        return words.rule(row["rule"])
    if column.name == "subject":
        return str(
            evidence_words.subject(
                words, form.casebook.picture, form.names, row | {"evidence": form.shown.get(row["fingerprint"])}, digits=False
            )
        )
    if column.name == "sentence":
        return (card.sentence_zh if zh else card.sentence_en) if card else ""
    if column.name == "facts":
        return words("mark.stop").join(_facts(form, row["rule"], facts))
    if column.name == "since":
        return row["opened"]
    if column.name == "status":
        return words.of("standing", row["status"])
    return (card.remedy_zh if zh else card.remedy_en) if card else ""


def _facts(form: Form, rule: str, facts: Mapping) -> Iterator[str]:
    words = form.words
    for name, value in facts.items():
        said = evidence_words.fact(words, form.casebook.picture, form.names, name, value)
        yield f"{evidence_words.fact_name(words, rule, name)}{words('mark.colon')}{said}"


def _rows_to_mend(sheet: Any, form: Form, formats: Mapping[str, Any]) -> None:
    """A row a row of a file: where it stands, and what it says."""
    words = form.words
    heads = ("fingerprint", "rule", "source", "path", "line", "values")
    for at, (name, width) in enumerate(zip(heads, (27, 22, 16, 44, 8, 70), strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, words(f"answers.{name}"), formats["head"])
    number = 1
    for row in form.findings:
        for each in evidence.read(form.shown.get(row["fingerprint"]))[1]:
            source = each["source"]
            if "more" in each:
                cells = ["", "", words("answers.more", n=each["more"])]
            else:
                values = {} if source in WITHHELD else each["values"]
                said = words("mark.stop").join(_value(form, source, *pair) for pair in values.items())
                cells = [each["path"], str(each["line"]), said or words("answers.see_file")]
            for at, cell in enumerate((row["fingerprint"], words.rule(row["rule"]), words.source(source), *cells)):
                sheet.write_string(number, at, in_cell(cell), formats["text"])
            number += 1
    sheet.freeze_panes(1, 0)


def _value(form: Form, source: str, name: str, value: object) -> str:
    words = form.words
    said = evidence_words.value(words, form.casebook.picture, form.names, source, name, value)
    return f"{words.field(source, name)}{words('mark.colon')}{said}"


def _help(sheet: Any, form: Form, formats: Mapping[str, Any]) -> None:
    words = form.words
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    lines = [(words(f"answers.help_{name}"), words(f"answers.help_{name}_said")) for name in ("fill", "explain", "back", "lead")]
    lines += [(words.conclusion(code), words(f"answers.means_{code}")) for code in DISPOSITIONS]
    day = last_day(form.casebook.picture.period)
    lines += [(words("answers.as_of"), day.isoformat()), *version_lines(words, form.casebook.picture.release)]
    for number, (name, said) in enumerate(lines):
        sheet.write_string(number, 0, name, formats["head"])
        sheet.write_string(number, 1, said, formats["text"])
