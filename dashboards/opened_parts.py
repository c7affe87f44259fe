"""What an opened figure is: the figure, its two sides with their rows, and the figures that stand beside it.

What belongs here: the types, and finding a row of a release by its key. Opening is in opened.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from data.contracts import MetricCard
from data.figures import Figure
from data.releases import Release
from transforms import citation, tallies
from transforms.marks import coded
from transforms.tallies import TALLIES

# Kinds of rows whose subjects lead on to lines of deliveries.
TRACED = ("unit", "organisation", "park")
# (period, revision or None for the current one) -> the release.
Open = Callable[[str, str | None], Release]
SORTED = {
    "line": ("subject", "source", "path", "line"),
    "rejected": ("subject", "line"),
    "finding": ("rule", "district_code", "park_code", "subject"),
}


@dataclass(frozen=True)
class Side:
    """Rows behind a figure. name: numerator, denominator, rest (below the line and not above it) or rows (a count that stands alone).
    kind: what a row is (unit, organisation, park, line; of a tally as in transforms/tallies.py). published: what the rows must add up to.
    why: why there are none. note: what must be said of them. releases: where their source rows are looked up."""

    name: str
    kind: str
    rows: pl.LazyFrame | None
    published: int | None = None
    why: str | None = None
    note: str | None = None
    releases: tuple[Release, ...] = ()

    @cached_property
    def counted(self) -> tuple[int, int | None]:
        """How many rows, and what they add up to; None where a row is a place to look and no count."""
        number, total = self.rows.select(rows=pl.len(), total=pl.col("adds").sum()).collect().row(0)
        return number, None if self.kind == "line" or self.note == "members" else total

    @property
    def agrees(self) -> bool:
        """Whether the rows add up to what was published. They do not where reference files were changed since."""
        total = self.counted[1]
        return self.published is None or total is None or total == self.published

    def head(self, limit: int | None) -> pl.DataFrame:
        rows = self.rows.sort(*SORTED.get(self.kind, ("subject",)))
        return (rows if limit is None else rows.head(limit)).collect()


@dataclass(frozen=True)
class Part:
    """Another published figure beside this one: a cell of the same row, or the figure that it is made of."""

    table: str
    key: tuple
    column: str | None
    row: dict


@dataclass(frozen=True)
class Opened:
    """A figure, opened. `parts`: the other figures of its row; `bases`: it under other definitions; `made_of`: the figures that a tally
    counts."""

    release: Release
    table: str
    row: dict
    column: str | None
    figure: Figure
    card: MetricCard | None
    sides: tuple[Side, ...]
    parts: tuple[Part, ...] = ()
    bases: tuple[Part, ...] = ()
    lacks: tuple[str, ...] = ()
    made_of: tuple[Part, ...] = ()

    @property
    def key(self) -> tuple:
        return tuple(self.row[name] for name in coded(self.table))

    @property
    def code(self) -> str:
        return citation.code(self.release.period, self.release.revision, self.table, self.key, self.column)

    @property
    def unit(self) -> tuple[str, str]:
        """What it is a figure of; where no place is named, the city."""
        if "unit_code" in self.row:
            return self.row["unit_kind"], self.row["unit_code"]
        return next((unit for unit in self.names if unit[0] == "city"), ("city", ""))

    @cached_property
    def names(self) -> dict[tuple[str, str], str]:
        """(unit kind, code) -> its name."""
        rows = self.release.table("units").select("unit_kind", "unit_code", "name").rows()
        return {(kind, code): name or code for kind, code, name in rows}

    @property
    def signed(self) -> str:
        return self.release.manifest["basis"]


def row_of(release: Release, table: str, key: tuple) -> dict | None:
    """A row of a table by its key (without period), or a tally; None where the release has no such figure."""
    if table in TALLIES:
        return tallies.row_of(release, table, key)
    if table not in release.manifest["tables"]:
        return None
    same = [pl.col(name) == value for name, value in zip(coded(table), key, strict=True)]
    found = release.scan(table).filter(*same).head(1).collect().to_dicts()
    return found[0] if found else None


def figure_of(table: str, row: dict, column: str | None) -> Figure:
    """A row or a cell as a figure: n, N and value where it has them."""
    if table == "metrics":
        return Figure(row["numerator"], row["denominator"], row["value"], row["reason"])
    if table == "base_numbers" and column in (None, "measured_ratio"):
        return Figure(row["corroborated"], row["registered"], row["measured_ratio"])
    if table == "doubling" and column is None:
        return Figure(row["n1"], row["d1"], row["n1"] / row["d1"] if row["d1"] else None, None if row["d1"] else "no_denominator")
    if table == "doubling" and column == "count_ratio":
        return Figure(row["n1"], row["n0"], row[column], None if row["n0"] else "no_denominator")
    return Figure(value=row[column or "value"])


def why_not(row: dict) -> str:
    """Why a side has no number. What is hidden does not open: the units' own counts would give it back."""
    return "suppressed" if row["reason"] == "suppressed" else "source_missing"
