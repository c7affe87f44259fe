"""A briefing as a document, before it is set: headings, sentences with the codes of their figures, tables, charts.

What belongs here: the types that composing (month.py, quarter.py, half_year.py) and setting (pdf.py, docx.py, xlsx.py) share.
"""

from dataclasses import dataclass, field

from transforms.claims.claim import Claim, LeftOut


@dataclass(frozen=True)
class Run:
    """A piece of a line. `code`: of the figure that this piece quotes, set small behind it."""

    text: str
    code: str | None = None


@dataclass(frozen=True)
class Sentence:
    """One claim in words."""

    claim: Claim
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """Without codes."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Paragraph:
    """Sentences that stand together; `lead`: their first words, set off (`（一）` of official documents is made by the setting)."""

    sentences: tuple[Sentence, ...]
    lead: str = ""


@dataclass(frozen=True)
class Items:
    """A numbered list, an item a sentence (1. 2. 3.)."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a table: what is shown, beneath it (small) what it is of, and the code of its figure. `value`: for a sheet, where a number
    stays a number (a rate as a fraction of one, a change in points as points); `format`: rate, points, count, ratio or text. `beneath`:
    what the line beneath is, n_of_n or due, empty for a note."""

    text: str
    below: str = ""
    code: str | None = None
    value: float | int | None = None
    format: str = "text"
    beneath: str = ""


@dataclass(frozen=True)
class Table:
    """`aligns`: l, c or r a column. `widths`: shares of the width, empty: by content. `only_annex`: too long for the pages.
    `sheet`: its name in the annex, where the title is too long for one."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    aligns: str
    note: str = ""
    widths: tuple[float, ...] = ()
    only_annex: bool = False
    sheet: str = ""


@dataclass(frozen=True)
class Series:
    """A line: values as fractions of one, None where there is none. `label` stands at its end."""

    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Lines:
    """Some rates over months. `months`: what stands below the axis."""

    name: str
    title: str
    alt: str
    months: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Step:
    """A bar of a ledger: from `start`, by `size`; look: total, plus, minus. `shown`: its number as written."""

    label: str
    start: int
    size: int
    look: str
    shown: str


@dataclass(frozen=True)
class Ledger:
    """A waterfall in whole units."""

    name: str
    title: str
    alt: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Bar:
    """A place: its rate, the interval that chance leaves of it, and what stands at its end."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    shown: str


@dataclass(frozen=True)
class Bars:
    """Places beside a line (the city's rate). `line_shown`: what stands at it."""

    name: str
    title: str
    alt: str
    bars: tuple[Bar, ...]
    line: float | None
    line_shown: str


Chart = Lines | Ledger | Bars


@dataclass(frozen=True)
class Beside:
    """Two blocks in one row."""

    left: "Table | Chart"
    right: "Table | Chart"


Block = Paragraph | Items | Table | Chart | Beside


@dataclass(frozen=True)
class Section:
    """`name`: for the slip and the annex. `title`: without its number, which the setting makes (`一、`). `empty`: the plain line that
    stands where it has nothing to say, and why."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    left_out: tuple[LeftOut, ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class Document:
    """A briefing. `kind` as in data/outbox.py. `over`: the office's line above the title; `under`: the one below it (the data's day, the
    release). `classification`: 密级, empty where none is set. `foot`: names the release on every page. `notes`: signs and codes.
    `sheets`: further tables for the annex alone. `units`: whether units are named."""

    kind: str
    period: str
    revision: str
    lang: str
    over: str
    title: str
    under: str
    foot: str
    classification: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    sheets: tuple[Table, ...] = ()
    asks: tuple[dict, ...] = field(default=())
    units: bool = False
