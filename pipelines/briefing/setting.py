"""What the settings of a briefing share: numbers of headings, text made to show as itself, how wide a column of a table is.

What belongs here: what PDF, DOCX and XLSX have in common. How each is made stands in its own module.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from data.plain_text import SIGN, visible
from data.words import Words
from pipelines.briefing.document import Block, Cell, Document, Paragraph, Run, Section, Table

# Letters that are written from right to left carry the figures behind them along; the mark ends that.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+")
_LEFT_TO_RIGHT_MARK = "\u200e"
_UNBROKEN = re.compile("[!-~\u00a1-\u024f]{25,}")
_UNBROKEN_LABEL = re.compile("[!-~\u00a1-\u024f]{16,}")  # no word of ours is so long
_MAY_BREAK = "\u200b"
_BRACKET = re.compile("(?=\N{FULLWIDTH LEFT PARENTHESIS}|(?<= )[(])")
_TOKEN = re.compile("[!-~\u2212\u2014\u2026]+")
_MARKS = re.compile("[，。；：、）！？”》.,;:)!?]*")
PAGE = 156 / 25.4 * 72  # the width of the text, in points
# In letters of a table's text, of which a Chinese one counts two: what a cell is given at most, and so on.
_WIDEST, _LONGEST, _WHOLE, _SHORT, _MARGINS, _ROOMIER, _CAPITAL, _LATIN = 34, 22, 14, 8, 1.7, 1.8, 1.22, 1.12


def shown(text: str) -> str:
    """One line that holds nothing unseen, and whose right-to-left letters keep to themselves."""
    return _RIGHT_TO_LEFT.sub(lambda found: found[0] + _LEFT_TO_RIGHT_MARK, visible(text))


def breakable(text: str) -> str:
    """The same where a line must not grow: what has no place to break is given some. Codes (18 letters) stay whole."""
    return _UNBROKEN.sub(lambda found: re.sub("(.{12})(?=.)", r"\1" + _MAY_BREAK, found[0]), shown(text))


def cut(text: str, letters: int) -> str:
    """A name in a chart, where a Chinese letter counts as two; the table beside it has it whole."""
    clean, used = visible(text), 0
    for place, letter in enumerate(clean):
        used += wide(letter)
        if used > letters:
            clean = clean[:place].rstrip() + "…"
            break
    return _UNBROKEN_LABEL.sub(lambda found: re.sub("(.{8})(?=.)", r"\1" + _MAY_BREAK, found[0]), shown(clean))


def wide(text: str) -> int:
    """How wide a text is, in Latin letters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def section_number(words: Words, number: int) -> str:
    """`一、` before the title of the first section."""
    return words("setting.section", number=_figure(words, number))


def leads(words: Words, section: Section) -> dict[int, str]:
    """The first words of a section's paragraphs, by the paragraph's place among the blocks: `（一）` and so on where there are several."""
    led = [place for place, block in enumerate(section.blocks) if isinstance(block, Paragraph) and block.lead]
    if len(led) == 1:
        return {led[0]: words("setting.lead_alone", lead=section.blocks[led[0]].lead)}
    return {
        place: words("setting.lead", number=_figure(words, number), lead=section.blocks[place].lead) for number, place in enumerate(led, 1)
    }


def item_number(words: Words, number: int) -> str:
    return words("setting.item", number=number)


def on_pages(block: Block) -> bool:
    """Whether a block stands on the pages, and not in the annex alone; a table without columns is none."""
    return not (isinstance(block, Table) and (block.only_annex or not block.heads))


@dataclass(frozen=True)
class Sizes:
    """Of a table, in points: its text, what is small in it, its codes, and how wide it may be."""

    text: float = 9.5
    small: float = 7.5
    code: float = 6
    width: float = PAGE

    @property
    def letters(self) -> float:
        """How many Latin letters of the text stand in its width."""
        return 2 * self.width / self.text


def widths(table: Table, sizes: Sizes) -> list[float]:
    """The widths of a table's columns, in letters of its text: each first what it can't do without (a number, a code, a short heading),
    then of what is left as it is told to, or as there stands in it. A table of few short columns stays narrower than the page."""
    letters = sizes.letters
    lines = rows(table)
    columns = [[row[place] for row in lines] for place in range(len(table.heads))]
    least = [_least(head, cells, sizes) for head, cells in zip(table.heads, columns, strict=True)]
    if sum(least) > letters:  # then headings may break as they can, figures and codes still not
        least = [_least(head, cells, sizes, tight=True) for head, cells in zip(table.heads, columns, strict=True)]
    if len(table.widths) == len(table.heads) and all(width > 0 for width in table.widths):
        wanted = [letters * width / sum(table.widths) for width in table.widths]
    else:
        wanted = [_wanted(head, cells, sizes) for head, cells in zip(table.heads, columns, strict=True)]
    more = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
    free = max(0.0, letters - sum(least))
    if sum(more) > free:
        return [need + extra * free / sum(more) for need, extra in zip(least, more, strict=True)]
    # There is room for all: what is over goes to each by its size.
    full = [max(want, need) for want, need in zip(wanted, least, strict=True)]
    grown = min(_ROOMIER, letters / sum(full)) if sum(full) < letters else 1.0
    return [width * grown for width in full]


def aligns(table: Table) -> str:
    """A letter a column, whatever was given."""
    given = "".join(letter if letter in "lcr" else "l" for letter in table.aligns)
    return (given + "l" * len(table.heads))[: len(table.heads)]


def rows(table: Table) -> list[tuple[Cell, ...]]:
    """Rows with as many cells as there are headings."""
    number = len(table.heads)
    return [(*row, *(Cell("") for _ in range(number)))[:number] for row in table.rows]


def author(document: Document) -> str:
    """Who issues it: the line above the title."""
    return shown(document.over) or SIGN


def head_parts(head: str) -> list[tuple[str, bool]]:
    """The pieces of a heading, and whether each is short enough to stay on one line: a unit in brackets stands beneath."""
    return [(breakable(piece), _is_whole(piece)) for piece in _pieces(head)]


def marks(runs: tuple[Run, ...], place: int) -> str:
    """The marks that follow the code of a run: no line may begin with them."""
    rest = runs[place + 1].text if runs[place].code and place + 1 < len(runs) else ""
    return _MARKS.match(rest)[0]


def after(runs: tuple[Run, ...], place: int) -> bool:
    """Whether a little room belongs between the code of a run and what follows it: not before a mark."""
    rest = "".join(run.text for run in runs[place + 1 :])[:1]
    return bool(runs[place].code and rest) and unicodedata.category(rest)[0] not in "PZ"


def _wanted(head: str, cells: list[Cell], sizes: Sizes) -> float:
    """All of it on one line, up to a sentence."""
    return _MARGINS + min(_WIDEST, max(max(map(_piece, _pieces(head))), _most(cells, sizes, wide)))


def _least(head: str, cells: list[Cell], sizes: Sizes, tight: bool = False) -> float:
    """What has no place to break: figures and codes, and a heading or a name that is short."""
    pieces = max(map(_longest if tight else _piece, _pieces(head)))
    return _MARGINS + min(_LONGEST, max(pieces, _most(cells, sizes, _token)))


def _most(cells: list[Cell], sizes: Sizes, measure: Callable[[str], float]) -> float:
    """The widest of a column's cells; what is set small needs less, but a code's capitals are wider than other letters."""
    small, code = sizes.small / sizes.text, _CAPITAL * sizes.code / sizes.text
    said = (max(measure(cell.text), small * measure(cell.below), code * wide(cell.code or "")) for cell in cells)
    return max(said, default=0)


def _piece(piece: str) -> float:
    return wide(piece) if _is_whole(piece) else max(_longest(piece), min(wide(piece), _WHOLE) / 2)


def _is_whole(piece: str) -> bool:
    """Words of Latin letters break where they should by themselves."""
    return wide(piece) <= _WHOLE and " " not in piece.strip()


def _token(text: str) -> float:
    return max(wide(text) if wide(text) <= _SHORT else 0, _longest(text))


def _longest(text: str) -> float:
    """The longest word or number; Latin letters are a little wider than half a Chinese one."""
    return max((_LATIN * len(word) for word in _TOKEN.findall(text)), default=2)


def _pieces(head: str) -> list[str]:
    return [piece for piece in _BRACKET.split(head) if piece] or [""]


def _figure(words: Words, number: int) -> str:
    figures = words("setting.figures").split()
    return figures[number - 1] if number <= len(figures) else str(number)
