"""Park centres, and instructors against the minimum (definitions.md, 'Park and staffing metrics')."""

import polars as pl

from data.home import Settings, Staffing
from tests.cities import city, figures, same
from transforms.measures.places import centre_rate, instructor_staffing
from transforms.measures.units import units

# --- centres ---

PARKS = """
    park_code level      district_code centre_opened_on
    N1        national   980102        2017-12-31
    N2        national   980103        2018-01-01
    V1        provincial 980121        2016-05-01
    M1        municipal  980103        .
    M2        municipal  .             2010-01-01
"""


def centres(**options: str):
    inputs = city(**options)
    return figures(centre_rate(inputs, units(inputs)))


def test_centres_open_by_the_day_by_level_and_district():
    same(
        centres(park=PARKS).filter(unit_kind="city"),
        """
        sector     numerator denominator value basis
        all        3         5           3/5   -
        national   1         2           1/2   -
        provincial 1         1           1     -
        municipal  1         2           1/2   -
        """,
    )
    same(
        centres(park=PARKS).filter(unit_kind="district", sector="all"),
        """
        unit_code numerator denominator value reason
        980102    2         2           1     .
        980103    0         2           0     .
        980107    0         0           .     no_denominator
        000000    1         1           1     .
        """,
    )
    same(centres(park=PARKS).filter(unit_code="980103", sector="provincial"), "numerator denominator reason \n 0 0 no_denominator")


def test_no_park_list_is_not_no_parks():
    assert set(centres(missing="park")["reason"]) == {"source_missing:park"}
    assert set(centres()["reason"]) == {"no_denominator"}


# --- instructors ---


def staffing(settings: Settings | None = None, **options: str):
    inputs = city(settings=settings, **options)
    return figures(instructor_staffing(inputs, units(inputs)))


INSTRUCTORS = """
    instructor_id uscc posting_code full_time starts_on  ends_on
    I1            E1   980102       yes       2017-12-31 .
    I1            E2   980102       yes       2010-01-01 .
    I2            E3   980121       yes       2010-01-01 2018-01-01
    I3            E4   980102       no        2010-01-01 .
    I4            E5   980102       yes       2018-01-01 .
    I5            E6   980102       yes       2010-01-01 2017-12-31
    I6            E7   N1           yes       2010-01-01 .
    I6            E8   V1           yes       2010-01-01 .
    I7            E9   980190       yes       2010-01-01 .
    I8            F1   .            yes       2010-01-01 .
    I9            F2   X9           yes       2010-01-01 .
"""


def test_full_time_instructors_active_and_posted_to_that_very_place():
    # I1 stands in two rows and is one person; I2 is posted to a code that became 980102; one of a park is not one of its district.
    same(
        staffing(instructor=INSTRUCTORS, park=PARKS),
        """
        unit_kind unit_code sector basis numerator denominator value reason
        district  980102    all    -     2         10          1/5   .
        district  980103    all    -     0         10          0     .
        district  980107    all    -     0         10          0     .
        park      N1        all    -     1         10          1/10  .
        park      N2        all    -     0         10          0     .
        park      V1        all    -     1         5           1/5   .
        park      M1        all    -     0         0           .     no_denominator
        park      M2        all    -     0         0           .     no_denominator
        """,
    )


def test_the_minima_are_settings():
    found = staffing(Settings(staffing=Staffing(district=3, national=4, provincial=1, municipal=2)), instructor=INSTRUCTORS, park=PARKS)
    same(
        found.filter(pl.col("unit_code").is_in(["980102", "N1", "V1", "M1"])),
        "unit_code numerator denominator value \n 980102 2 3 2/3 \n N1 1 4 1/4 \n V1 1 1 1 \n M1 0 2 0",
    )


def test_without_instructors_the_minimum_is_known():
    same(
        staffing(missing="instructor", park="park_code level \n V1 provincial").filter(pl.col("unit_code").is_in(["980102", "V1"])),
        "unit_code numerator denominator value reason \n 980102 . 10 . source_missing:instructor \n V1 . 5 . source_missing:instructor",
    )
