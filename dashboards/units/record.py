"""One unit of a release: what every register says of it and where, which figures count it, its lists, organisations, findings, history.

What belongs here: reading, by its code and no further: few columns of few rows, so that a city of hundreds of thousands opens at once.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import narwhals as nw
import polars as pl

from dashboards import casebook, opened, store
from dashboards.casebook import Casebook
from dashboards.shell import View
from dashboards.store import Picture
from dashboards.units.history import COLUMNS, Month
from data.contracts import MetricCard, Side, metrics, registration_types, tables
from data.releases import Release
from transforms.opening import looked_at
from transforms.predicates import predicate

AT_MOST = 50
SIDES = ("numerator", "denominator")
LEAST = 2  # letters to look for: one would find half the city


@dataclass(frozen=True)
class Counted:
    """A metric and whether it counts the unit above and below its line; None: not known, for a source is missing."""

    card: MetricCard
    above: bool | None
    below: bool | None


def search(picture: Picture, asked: str) -> tuple[pl.DataFrame, int]:
    """(the first units whose code or name holds what was typed, how many there are)."""
    wanted = unicodedata.normalize("NFKC", asked).strip()
    if len(wanted) < LEAST:
        return pl.DataFrame(schema={"uscc": pl.String, "name": pl.String}), 0
    named = pl.col("name").str.contains(wanted, literal=True).fill_null(False)
    if wanted.isascii():
        named |= pl.col("uscc").str.contains(wanted.upper(), literal=True)
    codes = picture.census().select("uscc", "name").filter(named).collect()
    shown = codes.head(AT_MOST).select("uscc").lazy()
    kept = ("uscc", "name", "sector", "active", "district_code")
    return picture.census().select(kept).join(shown, on="uscc", how="semi").sort("uscc").collect(), codes.height


@dataclass(frozen=True)
class Record:
    """A unit by its code. `row` is None where this release has none such for this reader: not there, no more, or not in their area."""

    view: View
    uscc: str

    @property
    def picture(self) -> Picture:
        return self.view.picture

    @property
    def release(self) -> Release:
        return self.picture.release

    @cached_property
    def row(self) -> dict | None:
        found = self.picture.census().filter(pl.col("uscc") == self.uscc).collect().to_dicts()
        return found[0] if found else None

    @cached_property
    def months(self) -> list[Month]:
        """The published months of the thirteen, each with the unit's row."""
        published = [(month, picture) for month, picture in store.thirteen_months(self.view.home, self.picture) if picture is not None]
        scans = [picture.census().filter(pl.col("uscc") == self.uscc).select(COLUMNS) for _, picture in published]
        found = pl.collect_all(scans)
        return [Month(month, rows.row(0, named=True) if rows.height else None) for (month, _), rows in zip(published, found, strict=True)]

    @cached_property
    def last(self) -> tuple[str, str | None] | None:
        """(month, name) of the last of the months that has it; None where none has."""
        month = next((each.period for each in reversed(self.months) if each.row), None)
        if month is None:
            return None
        picture = dict(store.thirteen_months(self.view.home, self.picture))[month]
        return month, picture.census().filter(pl.col("uscc") == self.uscc).select("name").collect().item()

    @property
    def few_members(self) -> bool:
        """Whether the count of its members is hidden: then nothing else may say between which numbers it lies."""
        return 0 < (self.row["members"] or 0) < self.view.least

    @cached_property
    def files(self) -> dict[str, dict[str, list[int]]]:
        """source -> file -> the lines that speak of it, in the deliveries in effect."""
        found: dict[str, dict[str, list[int]]] = {}
        for _, source, path, line in opened.source_rows(self.release, "unit", [self.uscc]).iter_rows():
            found.setdefault(source, {}).setdefault(path, []).append(line)
        return found

    @cached_property
    def survey(self) -> bool | None:
        """Whether it is clear on all five, of a unit that was surveyed within the year; None where it was not."""
        if "surveyed" not in self.picture.manifest["tables"]:
            return None
        found = self.release.scan("surveyed").filter(pl.col("uscc") == self.uscc).select("five_clear").collect()
        return bool(found.item()) if found.height == 1 else None

    @cached_property
    def organisations(self) -> list[dict]:
        """The organisations that it is linked to, with their rows of the ledger; of one that is not active, its code alone."""
        tables = self.picture.manifest["tables"]
        if "origins" not in tables:
            return []
        # A line of the links names a unit and an organisation: it stands under both.
        links = self.release.scan("origins").filter(pl.col("source") == "org_link")
        own = links.filter((pl.col("subject_kind") == "unit") & (pl.col("subject") == self.uscc)).select("path", "line")
        codes = links.filter(pl.col("subject_kind") == "organisation").join(own, on=["path", "line"], how="semi")
        named = codes.select(org_code="subject").unique().sort("org_code").collect()["org_code"].to_list()
        if not named:
            return []
        rows = []
        if "organisations" in tables:
            kept = ("org_code", "name", "mode", "links", "term_over", "stars", "eight_haves")
            rows = self.release.scan("organisations").filter(pl.col("org_code").is_in(named)).select(kept).collect().to_dicts()
        known = {row["org_code"]: row for row in rows}
        return [known.get(code, {"org_code": code}) for code in named]

    @cached_property
    def lists(self) -> list[dict]:
        found = self.picture.worklist
        return [] if found is None else found.filter(pl.col("uscc") == self.uscc).to_dicts()

    @cached_property
    def book(self) -> Casebook | None:
        return casebook.open_casebook(self.view.home, self.picture)

    @cached_property
    def findings(self) -> list[dict]:
        """The cases of the month about the unit or one of its links, with their evidence; those about members name no unit."""
        if self.book is None:
            return []
        about = (pl.col("subject_kind") == "unit") & (pl.col("subject") == self.uscc)
        about |= (pl.col("subject_kind") == "link") & pl.col("subject").str.ends_with(f"|{self.uscc}")
        return self.book.with_evidence(self.book.cases.filter(about).sort("severity", "order"))

    @cached_property
    def type_kind(self) -> tuple[str, str] | None:
        """(name, class) of its registration type."""
        code = self.row and self.row["type_code"]
        return next(((name, kind) for each, name, kind in registration_types() if each == code), None)

    def counted(self, basis: str) -> list[Counted]:
        """Every metric of units, and on which of its sides it counts this one."""
        told = nw.from_native(self._asked).select(*_questions(basis)).to_native().row(0, named=True)
        return [
            Counted(card, *(None if self._lacks(getattr(card, side), basis) else told[f"{card.name} {side}"] for side in SIDES))
            for card in _cards()
        ]

    def _lacks(self, side: Side, basis: str) -> bool:
        """Whether a source is missing that a side asks about: what it would say of the unit is then not known."""
        within = "registered" if side.within == "registered" else basis
        missing = self.picture.manifest.get("missing", ())
        return self.row[within] is None or any(source in missing for source in _needs(side))

    @property
    def _asked(self) -> pl.DataFrame:
        """Its row as the predicates of the cards ask of it."""
        schema = self.picture.census().collect_schema()
        survey = {"surveyed": self.survey is not None, "five_clear": bool(self.survey)}
        return pl.DataFrame([self.row], schema=schema).with_columns(**{name: pl.lit(value) for name, value in survey.items()})


def _cards() -> list[MetricCard]:
    return [card for card in metrics().values() if card.family == "entity"]


@cache
def _needs(side: Side) -> frozenset[str]:
    """The sources that a side asks about."""
    needs = {column.name: column.needs for column in tables()["census"].columns}
    return frozenset(source for name in looked_at(side) for source in needs.get(name, ()))


@cache
def _questions(basis: str) -> tuple[nw.Expr, ...]:
    """Whether each side of each metric counts a row, as the figures do (transforms/opening.py)."""
    return tuple(_holds(getattr(card, side), basis).alias(f"{card.name} {side}") for card in _cards() for side in SIDES)


def _holds(side: Side, basis: str) -> nw.Expr:
    found = nw.col("registered") & nw.col("registered" if side.within == "registered" else basis)
    if side.where != "true":
        found = found & predicate(side.where)
    return (found & (nw.col(side.sum) > 0) if side.sum else found).fill_null(False)


def why_not(row: Mapping, basis: str, type_kind: tuple[str, str] | None, day: date) -> str:
    """Why a unit is no work object under a basis, or `in` where it is one; a key of section `unit_base`."""
    if row[basis]:
        return "in"
    if not row["active"]:
        return "not_yet" if row["founded_on"] > day else "inactive"
    if row["sector"] is None:
        return "other_type" if type_kind else "no_type"
    if row[basis] is None:
        return "unknown"
    if basis == "corroborated":
        return "no_trace"
    return "no_tax" if row["insured"] else "no_insurance" if row["taxpayer"] else "no_trace"
