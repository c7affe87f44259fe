"""What a document says, as its slip keeps it: each sentence with what it rests on, what was left out and why, every figure quoted.

What belongs here: a document into rows, and into the digest by which a new one is told from the last. Writing is in writing.py.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from fractions import Fraction

from data.figures import ABSENT
from pipelines.briefing.document import Beside, Block, Document, Items, Paragraph, Sentence, Table
from transforms import citation
from transforms.claims.claim import LeftOut, Quoted
from transforms.claims.facts import Facts
from transforms.claims.quoted import quoted_now, unit_of, written
from transforms.marks import keys, marks


def digest(document: Document) -> str:
    """Of all that it says. No time is in it, so that what is said again is known again."""
    return hashlib.sha256(json.dumps(_plain(document), ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def sentences(document: Document) -> list[dict]:
    return [_sentence(section.name, sentence) for section in document.sections for sentence in _said(section.blocks)]


def left_out(document: Document) -> list[dict]:
    return [_left_out(section.name, each) for section in document.sections for each in section.left_out]


def quoted(document: Document, facts: Facts) -> list[dict]:
    """A row a figure and section or sheet: of sentences, and of cells with a code."""
    found = {(row["code"], row["where"]): row for row in _quoted(document, Codes(facts))}
    return list(found.values())


@dataclass(frozen=True, eq=False)
class Codes:
    """Which figures the codes of cells mean, looked up in the releases that they name."""

    facts: Facts
    _known: dict[tuple[str, str], tuple[dict, dict]] = field(default_factory=dict)

    def figure(self, code: str) -> Quoted | None:
        """None for a code that no release at hand knows."""
        try:
            asked = citation.read(code)
        except citation.NotACode:
            return None
        picture = self.facts.revision(asked.period, asked.revision)
        if picture is None:
            return None
        if (asked.period, asked.revision) not in self._known:
            self._known[asked.period, asked.revision] = (marks(picture.release), {})
        known, rows = self._known[asked.period, asked.revision]
        table, number, column = next(iter(known.get(asked.mark, ())), (None, None, None))
        if table is None:
            return None
        if table not in rows:
            rows[table] = keys(picture.release, table)
        key = tuple(str(part) for part in rows[table][number])
        unit = unit_of(table, key, column)
        return quoted_now(picture, Quoted(picture.period, picture.revision, table, key, column, ABSENT, unit)) if unit else None


def _quoted(document: Document, codes: Codes) -> Iterator[dict]:
    known: dict[str, Quoted] = {}
    for section in document.sections:
        for each in (each for sentence in _said(section.blocks) for each in sentence.claim.quoted):
            known[each.code] = each
            yield _figure(each, section.name)
    held = [(section.name, table) for section in document.sections for table in _tables(section.blocks)]
    for where, table in [*held, *((table.name, table) for table in document.sheets)]:
        for code in (cell.code for row in table.rows for cell in row if cell.code):
            if code not in known:
                known[code] = codes.figure(code)
            if known[code] is not None:
                yield _figure(known[code], where)


def _said(blocks: tuple[Block, ...]) -> Iterator[Sentence]:
    for block in blocks:
        if isinstance(block, Paragraph | Items):
            yield from block.sentences


def _tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    for block in blocks:
        for each in (block.left, block.right) if isinstance(block, Beside) else (block,):
            if isinstance(each, Table):
                yield each


def _sentence(section: str, sentence: Sentence) -> dict:
    claim = sentence.claim
    about = {"section": section, "text": sentence.text, "name": claim.name} | asdict(claim.subject)
    return about | {"test": claim.test, "codes": [each.code for each in claim.quoted]}


def _left_out(section: str, each: LeftOut) -> dict:
    subject = asdict(each.subject)
    return {"section": section, "name": each.name} | subject | {"reason": each.reason, "codes": [one.code for one in each.quoted]}


def _figure(each: Quoted, where: str) -> dict:
    return {
        "code": each.code,
        "table": each.table,
        "key": list(each.key),
        "column": each.column,
        "period": each.period,
        "revision": each.revision,
        **asdict(each.figure),
        "unit": each.unit,
        "count": each.count,
        "shown": written(each),
        "where": where,
    }


def _plain(value: object) -> object:
    """As JSON can hold it, with the name of what it is, so that two things that differ never look the same."""
    if is_dataclass(value):
        return {"": type(value).__name__} | {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
