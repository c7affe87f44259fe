"""Targets (目标): how far each figure is from what was asked of it, and at what pace (definitions.md, 'Targets').

Target values are decimals as written, figures are whole numbers over whole numbers: nothing is rounded before the last division.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from data.home import Target
from data.periods import months_between
from transforms.inputs import UNKNOWN, Inputs
from transforms.measures.figures import NO_BASIS, Unit

PACE_PERIODS = 3
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Standing:
    """A published figure: n over N; `known` where it has a value."""

    numerator: int | None
    denominator: int | None

    @property
    def known(self) -> bool:
        return self.numerator is not None and bool(self.denominator)

    def __add__(self, other: "Standing") -> "Standing":
        if None in (self.numerator, other.numerator, self.denominator, other.denominator):
            return Standing(None, None)
        return Standing(self.numerator + other.numerator, self.denominator + other.denominator)


def standings(rows: Sequence[tuple], basis: str) -> dict[Key, Standing]:
    """(metric, sector, unit kind, unit code) -> figure, on the default basis, from rows of table metrics in the order of its columns."""
    return {
        (metric, sector, kind, code): Standing(numerator, denominator)
        for _, on, kind, code, sector, metric, numerator, denominator, *_ in rows
        if on in (basis, NO_BASIS)
    }


def followed(valid: Mapping[str, str], earlier: Mapping[Key, Standing]) -> dict[Key, Standing]:
    """Figures of an earlier period under the district codes of this one (`valid`: listed code -> the one it leads to now): where
    districts merged, their units are added up."""
    found: dict[Key, Standing] = {}
    for (metric, sector, kind, code), figure in earlier.items():
        place = (metric, sector, kind, valid.get(code, UNKNOWN) if kind == "district" else code)
        found[place] = found[place] + figure if place in found else figure
    return found


def targets(
    inputs: Inputs, wanted: Sequence[Target], units: list[Unit], now: Mapping[Key, Standing], before: Sequence[tuple[str, Mapping]]
) -> list[tuple]:
    """Rows of table targets. `before`: (period, its figures under today's codes) of the published periods before this one, oldest first."""
    rows = {}
    for target in wanted:
        for unit in units:
            key = (target.metric, target.sector, unit.kind, unit.code)
            if unit.kind == target.unit_kind and target.unit_code in ("", unit.code) and key in now:
                row = _row(inputs.period, target, key, now[key], [(period, figures.get(key)) for period, figures in before])
                rows.setdefault((*key, target.due, target.value), row)
    return list(rows.values())


def _row(period: str, target: Target, key: Key, now: Standing, before: list[tuple[str, Standing | None]]) -> tuple:
    metric, sector, kind, code = key
    head = (period, metric, sector, kind, code, target.due, float(target.value))
    if not now.known:
        return (*head, None, None, None, None, None)
    goal = Fraction(target.value)
    gap = (goal - Fraction(now.numerator, now.denominator)) * 100
    needed = goal * now.denominator - now.numerator
    missing = max(0, -(-needed.numerator // needed.denominator))
    months = months_between(period, target.due)
    pace = missing / months if months > 0 else None
    return (*head, now.numerator / now.denominator, float(gap), missing, pace, _recent(period, now, before))


def _recent(period: str, now: Standing, before: list[tuple[str, Standing | None]]) -> float | None:
    """Whole units a month over the last three published periods, this one among them."""
    last = before[-(PACE_PERIODS - 1) :]
    if len(last) < PACE_PERIODS - 1 or not all(figure is not None and figure.known for _, figure in last):
        return None
    first_period, first = last[0]
    return (now.numerator - first.numerator) / months_between(first_period, period)
