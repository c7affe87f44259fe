"""Small counts of members that may not be seen, and the counts that would give them away (docs/methods/small-cells.md).

What belongs here: which figures of table metrics count members (by their cards), the sums that they stand in, and what remains of the
tables once they are hidden. The choice of the further cells is `small_cell_shifts.py`'s. It is made over the whole city's figures, before
the reader's area is cut out of them: two readers may lay what they see side by side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from data.contracts import MetricCard
from transforms.small_cell_shifts import Cell, Table
from transforms.small_cell_shifts import hidden as cells_to_hide

SUPPRESSED = "suppressed"
SIDES = ("numerator", "denominator")
FIGURE = ("metric", "sector", "unit_kind", "unit_code")
_HIDDEN = dict.fromkeys(FIGURE, pl.String) | dict.fromkeys(SIDES, pl.Boolean)
_STANDING = ("value", "gap_points", "units_missing", "pace_needed", "pace_recent")

# Groups of members that add up: innermost one -> the total that it is counted in (definitions.md: 两新 is enterprise and social_org; a
# member is regular or irregular). What stands alone is in no total.
_COLUMNS = (
    ("employed", {("employed", "enterprise"): (("employed", "all"),), ("employed", "social_org"): (("employed", "all"),)}),
    ("employed", {("employed", "self_employed"): ()}),
    ("person", {("irregular", "all"): (("all", "all"),), ("regular", "all"): (("all", "all"),)}),
    ("person", {("recruited", "all"): ()}),
)
_IN, _OUT = ("zone", "in_park"), ("zone", "out_park")
# What hiding a figure costs the reader: totals are read most. Where few are irregular, that share is gone with them, and all members may go
# with it rather than the regular ones, which would take the rate of activity funding along.
_WEIGHT = {"park": 1, "district": 4, "zone": 4, "city": 100}
_TIMES = {("employed", "all"): 2, ("regular", "all"): 3}


@dataclass
class _Counts:
    """Counts of members by cell, a number a basis, and the figures that show them."""

    numbers: dict[Cell, list[int]] = field(default_factory=dict)
    shown_by: dict[Cell, list[tuple]] = field(default_factory=dict)  # (metric, sector, unit kind, unit code, side)


def hidden(metrics: pl.DataFrame, units: pl.DataFrame, cards: Iterable[MetricCard], least: int, per_member_yuan: int) -> pl.DataFrame:
    """A row a figure of which something is hidden: metric, sector, unit_kind, unit_code, and whether its numerator and its denominator are.

    A figure is hidden under all bases or under none, since they lie inside one another. `least`: settings' protection.smallest_member_cell;
    with 0 or 1 nothing is hidden.
    """
    sides: dict[tuple, set[str]] = {}
    if least > 1:
        counts = _counted(metrics, cards, per_member_yuan)
        for kind, columns in _COLUMNS:
            for cell in cells_to_hide(_table(counts, _rows(units, kind), columns), least):
                for *figure, side in counts.shown_by[cell]:
                    sides.setdefault(tuple(figure), set()).add(side)
    rows = [(*figure, *(side in found for side in SIDES)) for figure, found in sorted(sides.items())]
    return pl.DataFrame(rows, schema=_HIDDEN, orient="row")


def apply(metrics: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    """Table metrics as it may be seen. With a side goes the value: value and the other side would give it back."""
    shut = {side: _matching(hidden.filter(pl.col(side))) for side in SIDES}
    either = shut["numerator"] | shut["denominator"]
    return metrics.with_columns(
        **{side: pl.when(~shut[side]).then(pl.col(side)) for side in SIDES},
        value=pl.when(~either).then(pl.col("value")),
        reason=pl.when(either).then(pl.lit(SUPPRESSED)).otherwise(pl.col("reason")),
    )


def apply_targets(
    targets: pl.DataFrame, hidden: pl.DataFrame, earlier: Iterable[pl.DataFrame], cards: Iterable[MetricCard]
) -> pl.DataFrame:
    """Table targets as it may be seen. `earlier`: what is hidden in the published months that pace_recent looks back to.

    The recent pace is a difference of two months' counts: with one of them shown it gives the other. So a metric whose numerator counts
    members keeps it only for kinds of unit of which no month hides such a figure; merged districts have other codes there.
    """
    counting = [card.name for card in cards if "numerator" in card.members]
    pairs = pl.concat([hidden, *earlier]).filter(pl.col("numerator") & pl.col("metric").is_in(counting)).select("metric", "unit_kind")
    paced = _among(pairs.unique(), ("metric", "unit_kind"))
    shut = _matching(hidden)
    return targets.with_columns(
        pl.when(~(shut | paced if name == "pace_recent" else shut)).then(pl.col(name)).alias(name) for name in _STANDING
    )


def _matching(hidden: pl.DataFrame) -> pl.Expr:
    return _among(hidden, FIGURE)


def _among(rows: pl.DataFrame, key: Iterable[str]) -> pl.Expr:
    wanted = rows.select(pl.struct(key)).to_series()
    return pl.struct(key).is_in(wanted.implode()) if rows.height else pl.lit(False)


def _counted(metrics: pl.DataFrame, cards: Iterable[MetricCard], per_member_yuan: int) -> _Counts:
    counts = _Counts()
    for card in cards:
        rows = metrics.filter(pl.col("metric") == card.name) if card.members else metrics.clear()
        for kind, code, sector, *numbers in rows.sort("basis").select("unit_kind", "unit_code", "sector", *SIDES).rows():
            for side, group in card.members.items():
                number = numbers[SIDES.index(side)]
                each = per_member_yuan if card.members_in_yuan else 1
                if number is not None and each:
                    cell, figure = ((kind, code), (group, sector)), (card.name, sector, kind, code, side)
                    counts.numbers.setdefault(cell, []).append(number // each)
                    shown_by = counts.shown_by.setdefault(cell, [])
                    if figure not in shown_by:
                        shown_by.append(figure)
    return counts


def _rows(units: pl.DataFrame, kind: str) -> dict[tuple, tuple]:
    """Innermost place -> the units that it is counted in. Figures of persons know districts alone; the others, for each district, its parks
    and the rest of it, which is published nowhere and follows from them."""
    listed = units.select("unit_kind", "unit_code", "parent_code").sort("unit_kind", "unit_code").rows()
    city = tuple((each, code) for each, code, _ in listed if each == "city")
    districts = [code for each, code, _ in listed if each == "district"]
    if kind == "person":
        return {("district", code): city for code in districts}
    rest = {("rest", code): (("district", code), _OUT, *city) for code in districts}
    return rest | {("park", code): (("district", parent), _IN, *city) for each, code, parent in listed if each == "park"}


def _table(counts: _Counts, rows: Mapping[tuple, tuple], columns: Mapping[tuple, tuple]) -> Table:
    wanted_rows, wanted_columns = ({*totals, *(each for above in totals.values() for each in above)} for totals in (rows, columns))
    found = {
        (row, column): tuple(counts.numbers[row, column])
        for row in wanted_rows
        for column in wanted_columns
        if (row, column) in counts.numbers
    }
    found |= _regular(found, wanted_rows, columns)
    found |= _rest_of_districts(found, rows, wanted_columns)
    weight = {(row, column): _WEIGHT.get(row[0], 0) * _TIMES.get(column, 1) for row, column in found}
    return Table(rows, columns, found, frozenset(found.keys() - counts.shown_by.keys()), weight)


def _rest_of_districts(found: Mapping[Cell, tuple], rows: Mapping[tuple, tuple], columns: Iterable[tuple]) -> dict[Cell, tuple]:
    """A district less its parks: anyone can work it out."""
    derived = {}
    for place, totals in rows.items():
        if place[0] == "rest":
            parts = [row for row, above in rows.items() if row[0] == "park" and above[0] == totals[0]]
            for column in columns:
                known = [found.get((row, column)) for row in (totals[0], *parts)]
                if None not in known and len({len(numbers) for numbers in known}) == 1:
                    derived[place, column] = tuple(total - sum(others) for total, *others in zip(*known, strict=True))
    return derived


def _regular(found: Mapping[Cell, tuple], rows: Iterable[tuple], columns: Mapping[tuple, tuple]) -> dict[Cell, tuple]:
    """The regular members by the money for them, and all less the irregular: who is both, in two units, is in the one and not in the other;
    and the money may be of another rate than today's. Each of the two numbers is to be protected."""
    regular, irregular, everyone = (("regular", "all"), ("irregular", "all"), ("all", "all"))
    if regular not in columns:
        return {}
    both = [row for row in rows if (row, irregular) in found and (row, everyone) in found]
    return {(row, regular): (*found.get((row, regular), ()), found[row, everyone][0] - found[row, irregular][0]) for row in both}
