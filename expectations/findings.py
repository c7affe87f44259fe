"""Findings (核查线索): what rules look at, what they give, and which of them can be run (spec: findings.md).

What belongs here: the month as rules see it, and a lead. The rules themselves lie in rules/, a file a family, each a function of the
name of its card in data/contracts/rules. A finding is a lead to check, never a verdict.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from importlib import import_module

import narwhals as nw

from data.contracts import RuleCard, rules, sources

UNKNOWN = "000000"
OWN = "district_return"  # returns are looked at as they came for t, never carried
FAMILIES = ("deliveries", "units", "links", "organisations", "members", "returns", "trends", "surveys")
Figure = tuple[int | None, int | None]


@dataclass(frozen=True)
class Lead:
    """What a rule found: the subject, where it belongs, and the figures that were compared (name -> value).

    beside: codes that the subject does not hold, and whose rows are evidence too, by the part of a subject that they would be.
    """

    subject: str
    district_code: str | None = None
    park_code: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Before:
    """The calendar month before, where it is published. census: its published census. figures: (metric, sector, unit kind, code) ->
    (numerator, denominator) on the default basis, under today's district codes. returns: (code, sector) -> its seven figures."""

    census: nw.LazyFrame
    figures: Mapping[tuple, Figure]
    returns: Mapping[tuple[str, str], tuple[int, ...]] | None
    missing: frozenset[str]


@dataclass(frozen=True)
class Month:
    """A month as rules see it. What a rule does not need may be missing; `lacks` says whether it can be run.

    rows: source -> rows in effect. returns: rows of t's own returns, None where there are none. census: columns as published.
    links: in force at D: org_code, uscc. organisations: those active, as in table organisations. loads: rows of table loads of t.
    withdrawn: paths that loaded before and are gone. valid: listed district code -> the one it leads to at D. districts: valid at D,
    without 000000.
    """

    day: date
    year_start: date
    rows: Mapping[str, nw.LazyFrame]
    returns: list[dict] | None
    census: nw.LazyFrame | None
    links: nw.LazyFrame | None
    organisations: nw.LazyFrame | None
    loads: list[dict]
    withdrawn: list[str]
    valid: Mapping[str, str]
    districts: tuple[str, ...]
    figures: Mapping[tuple, Figure]
    before: Before | None

    @property
    def registers(self) -> nw.LazyFrame:
        """Each unit of the registers with the row that counts: uscc, park_as_written."""
        parts = [self.rows["social_org"].select("uscc", park_as_written="park_code")]
        market = self.rows["registration"].join(self.rows["social_org"].select("uscc"), on="uscc", how="anti")
        return nw.concat([*parts, market.select("uscc", park_as_written="park_code")], how="vertical")

    def leads(self, frame: nw.LazyFrame, *facts: str, subject: str = "uscc") -> Iterator[Lead]:
        """Each row of a frame (subject, district_code, park_code and the facts) as a lead."""
        for row in frame.select(subject, "district_code", "park_code", *facts).collect().rows():
            yield Lead(row[0], row[1], row[2], dict(zip(facts, row[3:], strict=True)))

    def placed(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Rows of units (uscc) with the district and park of each; a unit in no register is in 000000."""
        if self.census is None:
            return frame.with_columns(district_code=nw.lit(UNKNOWN), park_code=nw.lit(None, dtype=nw.String))
        places = self.census.select("uscc", "district_code", "park_code")
        return frame.join(places, on="uscc", how="left").with_columns(nw.col("district_code").fill_null(UNKNOWN))


Rule = Callable[[Month], Iterable[Lead]]


def function_of(card: RuleCard) -> Rule:
    """The function of a rule: the one of its name, in its family's module."""
    return getattr(import_module(f"expectations.rules.{card.family}"), card.name)


def lacks(card: RuleCard, month: Month) -> list[str] | None:
    """The sources without which the rule is not run, in the order of sources.md; None where it can be run."""
    here = {name for name in month.rows if name != OWN} | ({OWN} if month.returns is not None else set())
    missing = {name for name in card.needs if name not in here}
    if card.looks_back and not missing:
        if month.before is None:
            missing = set(card.looks_back)
        else:
            then = {name for name in card.looks_back if name in month.before.missing and name != OWN}
            missing = then | ({OWN} if OWN in card.looks_back and month.before.returns is None else set())
    return [name for name in sources() if name in missing] or None


def fingerprint(rule: str, subject: str) -> str:
    """The same in every period, so that a case keeps its history."""
    return sha256(f"{rule}\0{subject}".encode()).hexdigest()[:24]


def found(month: Month) -> tuple[list[tuple[RuleCard, Lead]], dict[str, list[str]]]:
    """(every lead with its rule, one a subject; rule -> the sources for want of which it was not run)."""
    leads, not_run = [], {}
    for card in rules().values():
        missing = lacks(card, month)
        if missing:
            not_run[card.name] = missing
        else:
            by_subject = {}
            for lead in function_of(card)(month):
                by_subject.setdefault(lead.subject, lead)
            leads += [(card, lead) for _, lead in sorted(by_subject.items())]
    return leads, not_run
