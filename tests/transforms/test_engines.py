"""The transforms are written once: on DuckDB relations they give what they give on Polars frames."""

import pytest

from tests.cities import city, computed, on_duckdb
from tests.transforms.small_city import UNITS
from tests.transforms.test_properties import build
from transforms.census import census
from transforms.organisations import organisations

CITY = UNITS | {
    "party_org": """
        org_code mode       secretary secretary_trained_on term_ends_on stars eight_haves managed_by
        B1       single     yes       2017-03-01           2019-01-01   5     8           park
        J1       joint      yes       2016-12-31           2017-12-31   3     7           .
        D1       dispatched no        .                    .            .     .           organ
    """,
    "instructor": "instructor_id uscc posting_code \n X1 E03 980121 \n X1 E01 P1",
    "funding": "area_code item amount_yuan \n 980102 activity 0.5 \n P1 allowance 12345.678",
    "recruit_quota": "area_code quota \n 980102 5",
}


@pytest.mark.parametrize("missing", ["", "park tax survey", "social_org member", "org_link mass_org social_insurance instructor"])
def test_duckdb_gives_the_same_tables(missing):
    inputs = city(missing=missing, **{name: text for name, text in CITY.items() if name not in missing.split()})
    polars, duckdb = build(inputs), build(on_duckdb(inputs))
    assert duckdb.census.equals(polars.census)
    assert duckdb.figures.equals(polars.figures)
    assert duckdb.base.equals(polars.base)


def test_duckdb_gives_the_same_organisations():
    inputs = city(**CITY)
    relations = on_duckdb(inputs)
    polars = computed(organisations(inputs, census(inputs))).sort("org_code")
    duckdb = computed(organisations(relations, census(relations))).sort("org_code")
    assert duckdb.select(sorted(duckdb.columns)).equals(polars.select(sorted(polars.columns)))
