"""Double doubling (双翻番): two pairs of legs against a baseline, each with its ledger of whole units (definitions.md, 'Double doubling').

The two censuses are joined once and counted by where each unit stood and stands; from there on everything is whole numbers, so that
a ledger adds up exactly. A unit that moved between two places exits one and enters the other; for the city it stayed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import narwhals as nw

from data.contracts import tables
from transforms.inputs import UNKNOWN, Inputs
from transforms.measures.entity import basis_needs
from transforms.measures.figures import Unit

UNIT_KINDS = ("city", "district", "park")
SECTORS = ("enterprise", "social_org")
# Of a unit in the basis set: where it belongs, and whether it is covered. `mode` is asked at t alone.
LOOKED_AT = ("uscc", "sector", "district_code", "park_code", "covered", "work_covered")


@dataclass(frozen=True)
class Leg:
    """One of the four: whose coverage (`sector`), and by what (`covered`: a column of the census)."""

    pair: str
    name: str
    sector: str
    covered: str

    @property
    def sectors(self) -> tuple[str, ...]:
        return SECTORS if self.sector == "all" else (self.sector,)


LEGS = (
    Leg("sectors", "enterprise", "enterprise", "covered"),
    Leg("sectors", "social_org", "social_org", "covered"),
    Leg("coverages", "org_coverage", "all", "covered"),
    Leg("coverages", "work_coverage", "all", "work_covered"),
)


@dataclass(frozen=True)
class Baseline:
    """The published period that a rise is measured from: its census, and the sources that it lacked."""

    period: str
    census: nw.LazyFrame
    missing: frozenset[str]


@dataclass
class Ledger:
    """A leg's whole units in one place. n1 − n0 = gained − lost + entered_covered − exited_covered; d1 − d0 = entered − exited."""

    n0: int = 0
    d0: int = 0
    n1: int = 0
    d1: int = 0
    gained: int = 0
    lost: int = 0
    entered_covered: int = 0
    exited_covered: int = 0
    entered: int = 0
    exited: int = 0
    new_single: int = 0
    new_joint: int = 0
    new_dispatched: int = 0
    new_work_only: int = 0

    @property
    def ratios(self) -> tuple[float | None, float | None]:
        """n1/n0 and (n1/d1)/(n0/d0); null where something is divided by nothing."""
        by_count = self.n1 / self.n0 if self.n0 else None
        by_rate = self.n1 * self.d0 / (self.d1 * self.n0) if self.n0 and self.d0 and self.d1 else None
        return by_count, by_rate

    @property
    def doubled(self) -> tuple[bool, bool]:
        """By count, by rate."""
        return self.n0 > 0 and self.n1 >= 2 * self.n0, self.n0 > 0 and self.d1 > 0 and self.n1 * self.d0 >= 2 * self.n0 * self.d1

    @property
    def ceiling(self) -> bool:
        """The rate was over one half at the baseline: it cannot double."""
        return 2 * self.n0 > self.d0

    def add(self, units: int, before: bool | None, now: bool | None, mode: str | None) -> None:
        """Count units that are alike. before, now: whether they are covered, None where they are not in the set of this place."""
        if before is not None:
            self.d0 += units
            self.n0 += units * before
        if now is not None:
            self.d1 += units
            self.n1 += units * now
        if before is None:
            self.entered += units
            self.entered_covered += units * bool(now)
        elif now is None:
            self.exited += units
            self.exited_covered += units * before
        else:
            self.gained += units * (now and not before)
            self.lost += units * (before and not now)
        if now and not before:
            name = f"new_{mode or 'work_only'}"
            setattr(self, name, getattr(self, name) + units)


MOVES = tuple(entry.name for entry in fields(Ledger))[4:]


def doubling(inputs: Inputs, census: nw.LazyFrame | None, units: list[Unit], baseline: Baseline | None) -> list[tuple]:
    """Rows of table doubling. Without a baseline there are none; a leg that lacks a source at either end has none."""
    if census is None or baseline is None:
        return []
    groups = moves(inputs, census, baseline)
    rows = []
    for leg in LEGS:
        ledgers = _ledgers(groups, leg, inputs.settings.city.code)
        for unit in units:
            if unit.kind in UNIT_KINDS and _known(inputs, leg, unit, baseline):
                ledger = ledgers.get((unit.kind, unit.code), Ledger())
                values = (ledger.n0, ledger.d0, ledger.n1, ledger.d1, *ledger.ratios, *ledger.doubled, ledger.ceiling)
                found = (getattr(ledger, name) for name in MOVES)
                rows.append((inputs.period, baseline.period, leg.pair, leg.name, unit.kind, unit.code, *values, *found))
    return rows


def needs(leg: Leg, basis: str, unit: Unit) -> set[str]:
    """The sources that a leg rests on, at either end."""
    return basis_needs(basis, unit, leg.sector) | set(tables()["census"].column(leg.covered).needs)


def members(inputs: Inputs, census: nw.LazyFrame, baseline: Baseline) -> nw.LazyFrame:
    """One row a unit in the basis set at either end: uscc, and sector, district_code, park_code, covered, work_covered of both ends
    (ending in 0 and 1), mode1. Where it was not in the set, that end is null. The baseline's districts are those that they lead to at t."""
    before = _set(baseline.census, inputs.settings.basis, LOOKED_AT).join(
        inputs.district_map, left_on="district_code", right_on="code", how="left"
    )
    before = before.with_columns(district_code=nw.col("valid_code").fill_null(UNKNOWN)).drop("valid_code")
    now = _set(census, inputs.settings.basis, (*LOOKED_AT, "mode"))
    ends = (_ending(before, LOOKED_AT, "0"), _ending(now, (*LOOKED_AT, "mode"), "1"))
    both = ends[0].join(ends[1], left_on="uscc0", right_on="uscc1", how="full")
    return both.with_columns(uscc=nw.coalesce("uscc0", "uscc1")).drop("uscc0", "uscc1")


def moves(inputs: Inputs, census: nw.LazyFrame, baseline: Baseline) -> list[tuple[dict, int]]:
    """Units by where they stood and stand: (column -> value, how many)."""
    names = [f"{name}{end}" for end in "01" for name in LOOKED_AT[1:]] + ["mode1"]
    counted = members(inputs, census, baseline).group_by(*names).agg(units=nw.len().cast(nw.Int64)).collect()
    return [(dict(zip(names, row, strict=False)), row[-1]) for row in counted.select(*names, "units").rows()]


def _set(census: nw.LazyFrame, basis: str, columns: tuple[str, ...]) -> nw.LazyFrame:
    in_set = nw.col(basis).fill_null(False) & nw.col("sector").is_in(SECTORS)
    return census.filter(in_set).select(*columns)


def _ending(frame: nw.LazyFrame, columns: tuple[str, ...], end: str) -> nw.LazyFrame:
    return frame.select(nw.col(name).alias(f"{name}{end}") for name in columns)


def _ledgers(groups: list[tuple[dict, int]], leg: Leg, city: str) -> dict[tuple[str, str], Ledger]:
    """(unit kind, code) -> the leg's ledger there."""
    found: dict[tuple[str, str], Ledger] = {}
    for group, units in groups:
        before = bool(group[f"{leg.covered}0"]) if group["sector0"] in leg.sectors else None
        now = bool(group[f"{leg.covered}1"]) if group["sector1"] in leg.sectors else None
        for kind, stood, stands in _places(group, city):
            was, is_now = before if stood is not None else None, now if stands is not None else None
            ends = ((stood, was, is_now),) if stood == stands else ((stood, was, None), (stands, None, is_now))
            for place, first, last in ends:
                if place is not None and (first is not None or last is not None):
                    found.setdefault((kind, place), Ledger()).add(units, first, last, group["mode1"])
    return found


def _places(group: dict, city: str) -> Iterator[tuple[str, str | None, str | None]]:
    """(unit kind, where the unit stood, where it stands)."""
    yield "city", city, city
    yield "district", group["district_code0"], group["district_code1"]
    yield "park", group["park_code0"], group["park_code1"]


def _known(inputs: Inputs, leg: Leg, unit: Unit, baseline: Baseline) -> bool:
    needed = needs(leg, inputs.settings.basis, unit)
    return inputs.has(*needed) and not needed & baseline.missing
