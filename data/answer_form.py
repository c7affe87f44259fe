"""The answer form (核查线索答复表): the workbook in which a district answers its findings. Its headings, and what a cell of it may say.

What belongs here: what the writing side (dashboards/answer_book.py) and the reading side (pipelines/answers.py) must agree on, and
nothing else: it travels by USB stick, through other people's spreadsheet programs.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from data.acts import DISPOSITIONS

HEAD_ROWS = 20  # the heading is looked for in so many rows: people put titles above it
LIST_LENGTH = 255  # of a list to choose from, with its commas: spreadsheet programs keep no longer one in a cell


@dataclass(frozen=True)
class FormColumn:
    """A column: its name, its heading in both languages, whether it is the district's to fill in, and the field of an act that it fills."""

    name: str
    zh: str
    en: str
    answer: bool = False
    required: bool = False  # a workbook without it is no answer form


COLUMNS = (
    FormColumn("fingerprint", "线索编号", "Finding", required=True),
    FormColumn("period", "期别", "Period", required=True),
    FormColumn("severity", "级别", "Severity"),
    FormColumn("rule", "核查规则", "Rule"),
    FormColumn("subject", "核查对象", "Subject"),
    FormColumn("sentence", "问题描述", "What was found"),
    FormColumn("facts", "数据情况", "Figures compared"),
    FormColumn("since", "起始期别", "Since"),
    FormColumn("status", "办理状态", "Status"),
    FormColumn("remedy", "办理建议", "What to do"),
    FormColumn("disposition", "核查结论", "Conclusion", answer=True, required=True),
    FormColumn("note", "情况说明", "Note", answer=True, required=True),
    FormColumn("who", "答复人", "Answered by", answer=True, required=True),
    FormColumn("due", "完成期限", "Due", answer=True),
    FormColumn("until", "说明有效期至", "Explained until", answer=True),
    FormColumn("fact", "限定数据项", "Bound on", answer=True),
    FormColumn("low", "下限", "At least", answer=True),
    FormColumn("high", "上限", "At most", answer=True),
)
DISPOSITION_WORDS = {
    "true": ("属实", "Confirmed"),  # no "True": a spreadsheet program makes a truth value of it
    "lag": ("时滞", "Time lag"),
    "definition": ("口径差异", "Definition"),
    "entry": ("录入错误", "Entry error"),
    "link": ("关联错误", "Link error"),
    "pending": ("待核", "Pending"),
}
assert tuple(DISPOSITION_WORDS) == DISPOSITIONS


def plain(cell: str | None) -> str:
    """A cell's text as it is compared: folded, trimmed."""
    return unicodedata.normalize("NFKC", cell or "").strip()


def column_of(heading: str | None) -> FormColumn | None:
    """The column whose heading this is, in either language; a mark that it must be filled in does not count."""
    asked = re.sub(r"[\s*]", "", plain(heading)).casefold()
    return next((one for one in COLUMNS if asked in (one.zh, re.sub(r"\s", "", one.en).casefold())), None)


def disposition_of(cell: str) -> str | None:
    """The code of a conclusion, written in either language."""
    asked = plain(cell).casefold()
    return next((code for code, said in DISPOSITION_WORDS.items() if asked in (said[0], said[1].casefold())), None)


def fact_cell(name: str, said: str) -> str:
    """A figure that a bound can be set on, for people and for the program: `参保人数 [employees]`. Without commas: they part a list."""
    return f"{said.replace(',', '')} [{name}]"


def fact_cells(said: Mapping[str, str]) -> list[str]:
    """Such figures as a list to choose from; by their names alone where it would be too long."""
    cells = [fact_cell(name, words) for name, words in said.items()]
    return cells if len(",".join(cells)) <= LIST_LENGTH else list(said)


def fact_of(cell: str) -> str:
    """The name of a figure as `fact_cell` wrote it, or as somebody typed it."""
    found = re.search(r"\[([a-z][a-z0-9_]*)\]\s*$", plain(cell))
    return found[1] if found else plain(cell)
