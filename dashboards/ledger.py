"""The units behind a ledger of the doubling: which they are, and how each stood at the baseline and stands now.

What belongs here: pure functions, the censuses of the two releases in, a list of units out. Who belongs to a number is said in
transforms/opening.py, once for this page and for codes of figures.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from data.home import District, Settings
from transforms import comparing
from transforms.inputs import UNKNOWN
from transforms.measures.doubling import LEGS, MOVES, SECTORS, Baseline, Leg, members
from transforms.opening import moved

SETS = ("n0", "d0", "n1", "d1")
LISTS = (*SETS, *MOVES)
# What is said of a unit at one end: from "in no register" to "covered by an organisation of its own".
STATES = (
    "absent", "inactive", "other_kind", "unrecognised", "other_sector", "elsewhere",
    "uncovered", "work_only", "single", "joint", "dispatched",
)  # fmt: skip
SAID = ("uscc", "name", "sector", "active", "district_code", "park_code", "covered", "work_covered", "mode")


@dataclass(frozen=True)
class Ends:
    """The two censuses as published, and what they were computed by."""

    period: str
    baseline: str
    before: pl.LazyFrame
    now: pl.LazyFrame
    districts: tuple[District, ...]
    settings: Settings
    basis: str

    @property
    def codes(self) -> pl.LazyFrame:
        return comparing.district_map(self.districts, self.period)

    def members(self) -> pl.LazyFrame:
        """One row a unit in the basis set at either end (transforms/measures/doubling.py)."""
        inputs = comparing.inputs(self.period, self.districts, self.settings, self.basis)
        baseline = Baseline(self.baseline, nw.from_native(self.before), frozenset())
        return members(inputs, nw.from_native(self.now), baseline).to_native()


def leg_named(name: str) -> Leg:
    return next(leg for leg in LEGS if leg.name == name)


def units(ends: Ends, leg: Leg, kind: str, code: str, name: str) -> pl.DataFrame:
    """The units of one number: uscc, name, sector, district_code, park_code, and of both ends (0, 1) the state and the district."""
    wanted = moved(nw.from_native(ends.members()), leg, kind, code, name).select("uscc").to_native()
    # The baseline's districts are followed to those valid now, as the ledger does it.
    followed = ends.before.join(ends.codes, left_on="district_code", right_on="code", how="left")
    before = followed.with_columns(district_code=pl.col("valid_code").fill_null(UNKNOWN))
    found = wanted
    for end, census in (("0", before), ("1", ends.now)):
        said = census.select(*SAID, pl.col(ends.basis).alias("recognised"))
        said = said.with_columns(state=_state(leg, kind, code)).rename(lambda column, end=end: f"{column}{end}")
        found = found.join(said, left_on="uscc", right_on=f"uscc{end}", how="left")
    states = [pl.col(f"state{end}").fill_null("absent") for end in "01"]
    later = [pl.coalesce(f"{column}1", f"{column}0").alias(column) for column in ("name", "sector", "district_code", "park_code")]
    places = [pl.col(f"district_code{end}").alias(f"district{end}") for end in "01"]
    return found.select("uscc", *later, *states, *places).sort("district_code", "uscc").collect()


def _state(leg: Leg, kind: str, code: str) -> pl.Expr:
    """How a unit of one census stands to this leg in this place; the first that holds."""
    return _first(
        (
            (~pl.col("active"), "inactive"),
            (~pl.col("sector").is_in(list(SECTORS)).fill_null(False), "other_kind"),
            (~pl.col("recognised").fill_null(False), "unrecognised"),
            (~pl.col("sector").is_in(list(leg.sectors)), "other_sector"),
            (pl.lit(False) if kind == "city" else pl.col(f"{kind}_code").ne_missing(pl.lit(code)), "elsewhere"),
            (~pl.col(leg.covered).fill_null(False), "uncovered"),
            (pl.col("mode").is_null(), "work_only"),
        )
    )


def _first(cases: Iterable[tuple[pl.Expr, str]]) -> pl.Expr:
    found = None
    for holds, name in cases:
        found = pl.when(holds).then(pl.lit(name)) if found is None else found.when(holds).then(pl.lit(name))
    return found.otherwise(pl.col("mode"))
