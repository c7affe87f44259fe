"""A figure: numerator over denominator, or the reason why there is none. How rows of table metrics are made, for every family."""

from collections.abc import Iterable
from dataclasses import dataclass

NO_BASIS = "-"


@dataclass(frozen=True)
class Unit:
    """A row of table units: a city, district, park or zone."""

    kind: str
    code: str
    name: str
    level: str | None = None
    parent: str | None = None
    tile_x: int | None = None
    tile_y: int | None = None


def figure(
    inputs, basis: str, unit: Unit, sector: str, metric: str, needs: Iterable[str], numerator: int | None, denominator: int | None
) -> tuple:
    """A row of table metrics (its columns in order). A missing source hides numerator and value, never the reason."""
    missing = inputs.missing(needs)
    reason = f"source_missing:{missing}" if missing else None if denominator else "no_denominator"
    value = numerator / denominator if reason is None else None
    return (inputs.period, basis, unit.kind, unit.code, sector, metric, None if missing else numerator, denominator, value, reason)


def registers_of(sector: str) -> tuple[str, ...]:
    """The registers in which the units of a sector stand."""
    return {
        "enterprise": ("registration",),
        "self_employed": ("registration",),
        "social_org": ("social_org",),
        "all": ("registration", "social_org"),
    }[sector]
