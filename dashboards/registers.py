"""The three registers against each other: who is in which, cell by cell, and the units of a cell.

What belongs here: pure functions over a row of the base numbers and over the census. The estimate itself is computed in
transforms/measures/base_numbers.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from data.figures import Figure
from transforms.measures.base_numbers import SECTOR

LISTS = ("registration", "tax", "social_insurance")
# Cell -> whether its units stand in the tax list and in the insurance list; all of them are registered.
CELLS = {"both": (True, True), "tax_only": (True, False), "insured_only": (False, True), "registered_only": (False, False)}


@dataclass(frozen=True)
class Base:
    """One unit's row of the base numbers."""

    row: Mapping

    @property
    def sizes(self) -> tuple[int | None, int | None, int | None]:
        """How many units stand in each of the three lists."""
        return self.row["registered"], self.row["taxpayers"], self.row["insured"]

    @property
    def cells(self) -> dict[str, int | None]:
        """How many registered units stand in these lists and in no other; None where a list is missing."""
        registered, taxpayers, insured = self.sizes
        both = self.row["both_lists"]
        if None in (registered, taxpayers, insured, both):
            return dict.fromkeys(CELLS)
        alone = {"both": both, "tax_only": taxpayers - both, "insured_only": insured - both}
        return alone | {"registered_only": registered - sum(alone.values())}

    def of_registered(self, number: int | None) -> Figure:
        registered = self.row["registered"]
        if number is None or registered is None:
            return Figure(number, registered, None, "absent")
        return Figure(number, registered, number / registered) if registered else Figure(number, 0, None, "no_denominator")

    @property
    def measured(self) -> Figure:
        """The share of the registered that tax or insurance bear out."""
        return self.of_registered(self.row["corroborated"])

    @property
    def verified(self) -> Figure:
        return self.of_registered(self.row["verified"])

    def beside(self, ratio: Fraction) -> Fraction | None:
        """The measured rate less the ratio that the settings assume."""
        return None if self.measured.exact is None else self.measured.exact - ratio

    @property
    def on_neither(self) -> float | None:
        """Units that operate by the estimate and stand in neither list."""
        if self.row["estimate"] is None or self.row["corroborated"] is None:
            return None
        return self.row["estimate"] - self.row["corroborated"]


def units(census: pl.LazyFrame, kind: str, code: str, cell: str) -> pl.DataFrame:
    """The registered enterprises of one cell in one place."""
    taxpayer, insured = CELLS[cell]
    there = pl.lit(True) if kind == "city" else pl.col(f"{kind}_code") == code
    found = census.filter(
        pl.col("registered") & (pl.col("sector") == SECTOR) & there & (pl.col("taxpayer") == taxpayer) & (pl.col("insured") == insured)
    )
    return (
        found.select("uscc", "name", "district_code", "park_code", "founded_on", "employees", "covered")
        .sort("district_code", "uscc")
        .collect()
    )
