"""A claim: one thing that a briefing may say, of what, by which figures, and by which test; or why it is left unsaid.

What belongs here: the types. A value of a claim says what it is (a rate, points, units, a month, a place …), so that it is written in one
way everywhere and in either language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from data.figures import Figure
from transforms import citation


@dataclass(frozen=True)
class Quoted:
    """A published figure as it is quoted: which cell of which release it is. `key`: the table's key without period, in its card's order.
    `unit`: rate, ratio, or count (then `figure.value` is None and `count` holds the number)."""

    period: str
    revision: str
    table: str
    key: tuple[str, ...]
    column: str | None
    figure: Figure
    unit: str = "rate"
    count: int | None = None

    @property
    def code(self) -> str:
        """What `liangxin explain` opens it by."""
        return citation.code(self.period, self.revision, self.table, self.key, self.column)


@dataclass(frozen=True)
class Points:
    """A difference of two rates; written in percentage points, without its sign (the sentence says rose or fell) unless `signed`."""

    difference: Fraction
    signed: bool = False


@dataclass(frozen=True)
class Rate:
    """A share that is no published figure: a target, a part of a whole. Written in percent."""

    exact: Fraction


@dataclass(frozen=True)
class Times:
    """How many times as much; `goal` is never reached by rounding."""

    ratio: Fraction
    goal: int = 2


@dataclass(frozen=True)
class Month:
    period: str


@dataclass(frozen=True)
class Day:
    date: date


@dataclass(frozen=True)
class Place:
    """A city, district or park, named as the period's release names it."""

    kind: str
    code: str


@dataclass(frozen=True)
class Named:
    """A coded value, by its words: `Named("sector", "enterprise")`, `Named("metric", "org_coverage")`, `Named("source", "tax")`."""

    section: str
    name: str


@dataclass(frozen=True)
class Band:
    """Between which ranks a place lies; written as one rank where both ends are the same."""

    low: int
    high: int


Value = int | str | Quoted | Points | Rate | Times | Month | Day | Place | Band | Named | tuple["Value", ...]


@dataclass(frozen=True)
class Subject:
    """What a claim is about. Empty where something does not apply (findings have no metric, organisations no basis)."""

    metric: str
    sector: str
    basis: str
    kind: str
    code: str
    period: str
    revision: str


@dataclass(frozen=True)
class Claim:
    """`name`: of its sentence (`claim.<name>` of the catalogue). `test`: what it passed (`claim_test.<test>`): published, moved, apart,
    within, holds, counted. `values`: what the sentence is filled with, by name."""

    name: str
    subject: Subject
    test: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def quoted(self) -> tuple[Quoted, ...]:
        """Every figure that it quotes, in the order of its values."""
        return tuple(_quoted(self.values.values()))


@dataclass(frozen=True)
class LeftOut:
    """A claim that is not made. `reason` (`left_out.<kind>` of the catalogue, and after a colon what it is about): missing:<why the figure
    has no value>, suppressed, small, noise, contradicted:<basis or metric>, unpublished:<period>, carried:<source>, base, casework; and
    where there is nothing to speak of, a word for what is not there (no_places, no_ledger, no_base, no_targets, …)."""

    name: str
    subject: Subject
    reason: str
    quoted: tuple[Quoted, ...] = ()


Said = Claim | LeftOut


def _quoted(values) -> list[Quoted]:
    found = []
    for value in values:
        if isinstance(value, Quoted):
            found.append(value)
        elif isinstance(value, tuple):
            found += _quoted(value)
    return found
