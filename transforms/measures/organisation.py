"""Organisation metrics: two predicates over the organisations active at D, for the city, districts and parks. Made from cards alone."""

import narwhals as nw

from data.contracts import MetricCard
from transforms.inputs import LINKS, REGISTERS, Inputs
from transforms.measures.cube import count, needs_of
from transforms.measures.figures import NO_BASIS, Unit, figure

NEEDS = {*LINKS, *REGISTERS}
# A mixed organisation, or one with a unit in no register, counts in `all` alone; `all` counts every one.
SECTORS = {"enterprise": ("enterprise",), "social_org": ("social_org",), "all": ("enterprise", "social_org", None)}
COLUMNS = {"park_code": ("park",)}


def organisation_metrics(inputs: Inputs, organisations: nw.LazyFrame | None, cards: list[MetricCard], units: list[Unit]) -> list[tuple]:
    """Rows of table metrics. `organisations` is None where one of the sources that they are made of is missing."""
    cube = totals = None
    if organisations is not None:
        cube = count(organisations, [side for card in cards for side in (card.numerator, card.denominator)])
        totals = cube.totals(inputs.settings.city.code, SECTORS)
    rows = []
    for card in cards:
        sides = (card.numerator, card.denominator)
        needs = [NEEDS | needs_of(side, COLUMNS) for side in sides]
        for unit in units:
            if unit.kind == "zone":
                continue
            further = {"park"} if unit.kind == "park" else set()
            for sector in SECTORS:
                values = [
                    None
                    if inputs.missing(need | further)
                    else (totals.get((unit.kind, unit.code, sector)) or [0] * len(cube.sides))[cube.place(side)]
                    for side, need in zip(sides, needs, strict=True)
                ]
                rows.append(figure(inputs, NO_BASIS, unit, sector, card.name, needs[0] | needs[1] | further, *values))
    return rows
