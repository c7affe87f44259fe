"""Base numbers: the registers against each other, and Chapman's estimate from two lists (definitions.md, 'Base numbers')."""

import math
from decimal import Decimal

import pytest

from data.contracts import tables
from data.home import Settings
from pipelines.publishing import frame_of
from tests.cities import city, same
from transforms.census import census
from transforms.measures.base_numbers import base_numbers, chapman
from transforms.measures.units import units

CITY = {
    "registration": """
        uscc type_code district_code park_code
        E1   1130      980102        P1
        E2   1130      980102        P1
        E3   1130      980102        .
        E4   1130      980103        .
        E5   1130      980103        .
        E6   1130      980103        .
        I1   9500      980102        P1
        G1   1110      980102        P1
    """,
    "social_org": "uscc park_code \n S1 P1",
    "tax": "taxpayer_id \n E1 \n E2 \n E4 \n I1 \n G1 \n S1 \n N1",
    "social_insurance": "uscc \n E1 \n E3 \n E4 \n I1 \n G1 \n S1 \n N1",
    "park": "park_code \n P1",
}


def table(missing: str = "", settings: Settings | None = None, **delivered: str):
    here = {name: text for name, text in CITY.items() if name not in missing.split()} | delivered
    inputs = city(missing=missing, settings=settings, **here)
    registers = inputs.has("registration") or inputs.has("social_org")
    return frame_of(tables()["base_numbers"], base_numbers(inputs, census(inputs) if registers else None, units(inputs)))


def test_counts_are_of_enterprises_alone():
    same(
        table(),
        """
        unit_kind unit_code registered taxpayers insured both_lists corroborated verified ratio_base measured_ratio
        city      000001    6          3         3       2          4            2        1          2/3
        district  980102    3          2         2       1          3            1        0          1
        district  980103    3          1         1       1          1            1        0          1/3
        district  980107    0          0         0       0          0            0        0          .
        district  000000    0          0         0       0          0            0        0          .
        park      P1        2          2         1       1          2            1        0          1
        """,
    )


def test_the_estimate_of_a_unit():
    # n1 = n2 = 3, m = 2: 4·4/3 − 1; variance 4·4·1·1 / (9·4).
    half = 1.96 * math.sqrt(16 / 36)
    row = table().filter(unit_kind="city").row(0, named=True)
    assert row["estimate"] == pytest.approx(13 / 3, abs=1e-12)
    assert row["high"] == pytest.approx(13 / 3 + half, abs=1e-12)
    # 13/3 − 1.31 would be 3.03: but four units are on the lists.
    assert row["low"] == 4.0


@pytest.mark.parametrize(
    ("n1", "n2", "m", "estimate", "low", "high"),
    [
        (0, 0, 0, 0, 0, 0),
        (5, 0, 0, 5, 5, 5),
        (0, 7, 0, 7, 7, 7),
        (4, 4, 4, 4, 4, 4),
        (10, 4, 4, 10, 10, 10),
        # by hand: 101·81/41 − 1; variance 101·81·60·40 / (41²·42)
        (
            100,
            80,
            40,
            8181 / 41 - 1,
            8181 / 41 - 1 - 1.96 * math.sqrt(8181 * 2400 / (1681 * 42)),
            8181 / 41 - 1 + 1.96 * math.sqrt(8181 * 2400 / (1681 * 42)),
        ),
        # nothing in common: the band is wide, and its low end is what the lists hold
        (3, 2, 0, 11, 5, 11 + 1.96 * math.sqrt(12 * 6 / 2)),
    ],
)
def test_chapman(n1, n2, m, estimate, low, high):
    assert chapman(n1, n2, m) == pytest.approx((estimate, low, high), abs=1e-9)


def test_chapman_is_exact_on_lists_of_a_province():
    n1, n2, m = 2_000_003, 1_500_007, 900_001
    exact = Decimal(n1 + 1) * (n2 + 1) / (m + 1) - 1
    assert chapman(n1, n2, m)[0] == float(exact)


@pytest.mark.parametrize(
    ("registered", "ratio", "base"),
    [
        (4, "0.10", 0),
        (5, "0.10", 1),
        (6, "0.10", 1),
        (15, "0.10", 2),
        (25, "0.10", 3),
        (14, "0.10", 1),
        (10, "0.35", 4),
        (30, "0.15", 5),
        (7, "0", 0),
        (7, "1", 7),
    ],
)
def test_the_ratio_base_rounds_half_up(registered, ratio, base):
    units_listed = "uscc \n" + "\n".join(f"E{number}" for number in range(registered))
    found = table(settings=Settings(recognition_ratio=Decimal(ratio)), registration=units_listed)
    assert found.filter(unit_kind="city")["ratio_base"].item() == base


def city_row(missing: str):
    return table(missing).filter(unit_kind="city")


HEADER = "registered taxpayers insured both_lists corroborated verified ratio_base measured_ratio estimate low high"


def test_what_is_made_of_a_missing_list_is_null():
    same(city_row("tax"), f"{HEADER} \n 6 . 3 . . . 1 . . . .")
    same(city_row("social_insurance"), f"{HEADER} \n 6 3 . . . . 1 . . . .")
    same(city_row("tax social_insurance"), f"{HEADER} \n 6 . . . . . 1 . . . .")
    same(city_row("registration"), f"{HEADER} \n . . . . . . . . . . .")
    same(city_row("registration social_org"), f"{HEADER} \n . . . . . . . . . . .")
    same(city_row("social_org").select("registered", "corroborated"), "registered corroborated \n 6 4")


def test_there_are_no_zones_and_without_the_list_no_parks():
    assert set(table()["unit_kind"]) == {"city", "district", "park"}
    assert set(table("park")["unit_kind"]) == {"city", "district"}
