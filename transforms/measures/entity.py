"""Entity metrics: two predicates over the census, under three bases, for every unit and sector. Made from cards alone.

The bases lie inside one another (verified ⊂ corroborated ⊂ registered), so the census is counted once by
`corroborated` and `verified`, and each basis adds up the groups that belong to it.
"""

import narwhals as nw

from data.contracts import MetricCard, tables
from transforms.inputs import Inputs
from transforms.measures.cube import Cube, Key, count, needs_of
from transforms.measures.figures import Unit, figure, registers_of

BASES = ("registered", "corroborated", "verified")
BASIS_SOURCES = ("tax", "social_insurance")
SECTORS = {
    "enterprise": ("enterprise",),
    "social_org": ("social_org",),
    "all": ("enterprise", "social_org"),
    "self_employed": ("self_employed",),
}
UNIT_KINDS = ("city", "district", "park", "zone")


def entity_metrics(inputs: Inputs, census: nw.LazyFrame | None, cards: list[MetricCard], units: list[Unit]) -> list[tuple]:
    """Rows of table metrics. A card may name fewer unit kinds and sectors than all. `census` is None where no register is in effect."""
    cube = None if census is None else count_census(census, [side for card in cards for side in (card.numerator, card.denominator)])
    columns = {column.name: column.needs for column in tables()["census"].columns}
    by_basis = {basis: basis_totals(cube, inputs, basis) if cube else {} for basis in BASES}
    rows = []
    for card in cards:
        needs = (needs_of(card.numerator, columns), needs_of(card.denominator, columns))
        for basis in BASES:
            for unit in units:
                if unit.kind in (card.unit_kinds or UNIT_KINDS):
                    for sector in card.sectors or SECTORS:
                        rows.append(_row(inputs, card, cube, by_basis, basis, unit, sector, needs))
    return rows


def count_census(census: nw.LazyFrame, sides: list) -> Cube:
    """The census counted by district, park, sector and the two lists: what every figure of units is added up from."""
    return count(census.filter(nw.col("registered")), sides, ("corroborated", "verified"))


def basis_totals(cube: Cube, inputs: Inputs, basis: str) -> dict[Key, list[int]]:
    """(unit kind, code, sector) -> sums over the basis set."""
    only = {} if basis == "registered" else {basis: True}
    return cube.totals(inputs.settings.city.code, SECTORS, **only)


def basis_needs(basis: str, unit: Unit, sector: str) -> set[str]:
    """The sources that the basis set of a unit and sector touches, whatever is asked of it."""
    needs = set(registers_of(sector))
    if basis != "registered" and sector != "social_org":
        needs |= set(BASIS_SOURCES)
    if unit.kind in ("park", "zone"):
        needs.add("park")
    return needs


def _row(
    inputs: Inputs, card: MetricCard, cube: Cube | None, by_basis: dict, basis: str, unit: Unit, sector: str, needs: tuple[set, set]
) -> tuple:
    key = (unit.kind, unit.code, sector)

    def side(of, touched: set[str]) -> tuple[int | None, set[str]]:
        within = "registered" if of.within == "registered" else basis
        touched = touched | basis_needs(within, unit, sector)
        sums = by_basis[within].get(key)
        return (None if inputs.missing(touched) else 0 if sums is None else sums[cube.place(of)]), touched

    numerator, touched_above = side(card.numerator, needs[0])
    denominator, touched_below = side(card.denominator, needs[1])
    return figure(inputs, basis, unit, sector, card.name, touched_above | touched_below, numerator, denominator)
