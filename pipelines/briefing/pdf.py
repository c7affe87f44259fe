"""A briefing as a PDF of A4 pages, set by Typst (briefing.typ) in the form of official documents.

What belongs here: the document as data for Typst, and how tight a month's two pages may be set. The same document gives the same bytes.
"""

import json
from dataclasses import replace
from functools import partial

from data.words import Words
from pipelines.briefing import typesetter
from pipelines.briefing.charts import prepared
from pipelines.briefing.document import Beside, Block, Document, Items, Paragraph, Section, Sentence, Table
from pipelines.briefing.setting import (
    Sizes,
    after,
    aligns,
    author,
    breakable,
    head_parts,
    item_number,
    leads,
    marks,
    on_pages,
    rows,
    section_number,
    shown,
    widths,
)

PAGES = 2  # of a month; what is longer by its nature runs on
# In points, charts in mm: from what reads best to what still reads well.
# `joined`: the notes at the end follow each other in one paragraph. `float`: the pair of charts may stand at the end of a page or at the
# head of the next, and the text goes on where it would have stood.
FIT_NAMES = ("body", "leading", "table", "small", "code", "chart", "gap", "inset", "title", "joined")
# top, bottom, left, right, in mm: those of GB/T 9704, and those that a full month takes rather than letters too small to read.
STANDARD, NARROW = (37, 35, 28, 26), (25, 24, 22, 22)


def _fits(margins: tuple[int, ...], *fits: tuple) -> tuple[dict, ...]:
    return tuple(dict(zip(FIT_NAMES, fit, strict=True)) | {"margins": margins, "float": False} for fit in fits)


WIDE = _fits(
    STANDARD,
    (12, 0.62, 10, 7.5, 6, 50, 8, 3, 22, False),
    (11.5, 0.6, 10, 7.5, 6, 48, 7, 2.8, 22, False),
    (11, 0.56, 9.5, 7.5, 6, 46, 6, 2.4, 22, False),
    (11, 0.5, 9.5, 7.5, 6, 44, 5, 2.1, 22, False),
    (10.5, 0.5, 9.5, 7, 6, 42, 4.5, 1.9, 22, False),
    (10.5, 0.46, 9, 7, 6, 39, 4, 1.7, 22, False),
    (10.5, 0.42, 9, 7, 6, 36, 3.5, 1.4, 21, False),
)
TIGHT = _fits(
    NARROW,
    (11, 0.5, 9.5, 7.5, 6, 42, 5, 2.1, 22, True),
    (10.5, 0.46, 9, 7, 6, 39, 4, 1.9, 22, True),
    (10.5, 0.42, 9, 7, 6, 36, 3, 1.7, 21, True),
    (10.5, 0.4, 9, 7, 6, 33, 2.5, 1.6, 21, True),
    (10, 0.4, 9, 7, 6, 33, 2.5, 1.6, 21, True),
    (10, 0.36, 9, 6.5, 6, 31, 2, 1.4, 20, True),
    (10, 0.32, 8.5, 6.5, 6, 28, 1.5, 1.2, 20, True),
    (9.5, 0.32, 8.5, 6.5, 6, 28, 1.2, 1.1, 19, True),
    (9.5, 0.28, 8.5, 6.5, 6, 25, 0.8, 0.9, 19, True),
    (9, 0.28, 8.5, 6.5, 6, 24, 0.8, 0.8, 18, True),
    (9, 0.24, 8, 6.5, 5.5, 22, 0.6, 0.5, 18, True),
)
ROOMY = WIDE[2:6]  # of what runs on
LATIN_TITLE = 0.75
BETWEEN = 6  # mm between two blocks side by side
A4, POINTS = 210, 72 / 25.4  # mm, and points in one


def set_pdf(document: Document) -> bytes:
    """The pages of a briefing. A month is set tighter until it stands on two; the last try stands, however many pages it takes."""
    if document.kind != "month":
        return typesetter.shortest([partial(_data, document, fit) for fit in ROOMY])
    floating = [fit | {"float": True} for fit in TIGHT]
    ways = [[partial(_data, document, fit) for fit in way] for way in (WIDE, floating)]
    # Charts between two blocks read better than at the end of a page in the midst of a sentence.
    return typesetter.fitted(ways, PAGES, rather=[partial(_data, document, fit) for fit in TIGHT])


def _data(document: Document, fit: dict) -> str:
    return json.dumps(_given(document, fit))


def _given(document: Document, fit: dict) -> dict:
    words = Words(document.lang)
    sizes = Sizes(fit["table"], fit["small"], fit["code"], POINTS * (A4 - fit["margins"][2] - fit["margins"][3]))
    first, between, last = words("setting.page", page="\0", pages="\0").split("\0")
    return {
        # Words of Latin letters are longer than Chinese ones: their title is smaller.
        "fit": fit | {"between": BETWEEN, "title": fit["title"] * (1 if document.lang == "zh" else LATIN_TITLE)},
        "lang": document.lang,
        "region": "cn" if document.lang == "zh" else "gb",
        "indent": 2 if document.lang == "zh" else 1.5,
        "gap": words.gap,
        "page": {"before": first, "between": between, "after": last},
        "author": author(document),
        "classification": breakable(document.classification),
        "over": breakable(document.over),
        "title": breakable(document.title),
        "under": breakable(document.under),
        "foot": breakable(document.foot),
        "sections": [_section(words, sizes, number, section) for number, section in enumerate(document.sections, 1)],
        "notes": [breakable(note) for note in document.notes],
    }


def _section(words: Words, sizes: Sizes, number: int, section: Section) -> dict:
    led = leads(words, section)
    return {
        "number": section_number(words, number),
        "title": breakable(section.title),
        "empty": breakable(section.empty),
        "blocks": [_block(words, sizes, block, led.get(place, "")) for place, block in enumerate(section.blocks) if on_pages(block)],
    }


def _block(words: Words, sizes: Sizes, block: Block, lead: str = "") -> dict:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "lead": breakable(lead), "sentences": [_runs(sentence) for sentence in block.sentences]}
    if isinstance(block, Items):
        numbers = [item_number(words, number) for number in range(1, len(block.sentences) + 1)]
        return {"kind": "items", "numbers": numbers, "sentences": [_runs(sentence) for sentence in block.sentences]}
    if isinstance(block, Beside):
        half = replace(sizes, width=(sizes.width - POINTS * BETWEEN) / 2)
        return {"kind": "beside", "left": _block(words, half, block.left), "right": _block(words, half, block.right)}
    if isinstance(block, Table):
        return _table(block, sizes)
    return prepared(block, words)


def _runs(sentence: Sentence) -> list[dict]:
    """Its pieces; the marks behind a code go with the code and not with the piece that they begin."""
    runs, behind = sentence.runs, ["", *(marks(sentence.runs, place) for place in range(len(sentence.runs)))]
    return [
        {
            "text": breakable(run.text[len(behind[place]) :]),
            "code": shown(run.code or ""),
            "mark": behind[place + 1],
            "room": after(runs, place),
        }
        for place, run in enumerate(runs)
    ]


def _table(table: Table, sizes: Sizes) -> dict:
    columns = widths(table, sizes)
    return {
        "kind": "table",
        "title": breakable(table.title),
        "note": breakable(table.note),
        "heads": [[{"text": text, "whole": whole} for text, whole in head_parts(head)] for head in table.heads],
        "aligns": list(aligns(table)),
        "widths": columns,
        "share": min(1.0, sum(columns) / sizes.letters),
        "rows": [
            [{"text": breakable(cell.text), "below": breakable(cell.below), "code": shown(cell.code or "")} for cell in row]
            for row in rows(table)
        ],
    }
