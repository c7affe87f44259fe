"""Base numbers (工作对象底数): the registers against each other, and the capture-recapture estimate (definitions.md, 'Base numbers')."""

import math
from decimal import ROUND_HALF_UP, Decimal

import narwhals as nw

from data.contracts import Side
from transforms.inputs import Inputs
from transforms.measures.entity import basis_totals, count_census
from transforms.measures.figures import Unit

SECTOR = "enterprise"
SIDES = {
    "registered": Side(where="registered"),
    "taxpayers": Side(where="taxpayer"),
    "insured": Side(where="insured"),
    "both": Side(where="taxpayer and insured"),
    "corroborated": Side(where="corroborated"),
    "verified": Side(where="verified"),
}


def base_numbers(inputs: Inputs, census: nw.LazyFrame | None, units: list[Unit]) -> list[tuple]:
    """Rows of table base_numbers: city, districts, parks. What is made of a missing list is null."""
    cube = totals = None
    if census is not None:
        cube = count_census(census, list(SIDES.values()))
        totals = basis_totals(cube, inputs, "registered")
    rows = []
    for unit in units:
        if unit.kind != "zone":
            needs = {"registration", "park"} if unit.kind == "park" else {"registration"}
            sums = (totals or {}).get((unit.kind, unit.code, SECTOR), [0] * len(SIDES))
            counts = {name: sums[cube.place(side)] if cube and inputs.has(*needs) else None for name, side in SIDES.items()}
            rows.append((inputs.period, unit.kind, unit.code, *_numbers(inputs, counts)))
    return rows


def _numbers(inputs: Inputs, counts: dict[str, int | None]) -> tuple:
    registered = counts["registered"]
    taxpayers = counts["taxpayers"] if inputs.has("tax") else None
    insured = counts["insured"] if inputs.has("social_insurance") else None
    both, corroborated, verified = (
        counts[name] if inputs.has("tax", "social_insurance") else None for name in ("both", "corroborated", "verified")
    )
    ratio_base = None if registered is None else int((registered * inputs.settings.recognition_ratio).quantize(Decimal(1), ROUND_HALF_UP))
    measured = corroborated / registered if registered and corroborated is not None else None
    band = (None, None, None) if None in (taxpayers, insured, both) else chapman(taxpayers, insured, both)
    return (registered, taxpayers, insured, both, corroborated, verified, ratio_base, measured, *band)


def chapman(n1: int, n2: int, m: int) -> tuple[float, float, float]:
    """(estimate, low, high) of truly operating units from two lists of n1 and n2 units with m in common, after Chapman (1951).

    Whole numbers are multiplied as such: a million units on either list are far beyond what a double holds exactly.
    """
    estimate = (n1 + 1) * (n2 + 1) / (m + 1) - 1
    variance = (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) ** 2 * (m + 2))
    half = 1.96 * math.sqrt(variance)
    return estimate, max(estimate - half, float(n1 + n2 - m)), estimate + half
