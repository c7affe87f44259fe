"""A published figure, opened: the rows that its numerator and its denominator count, taken from the tables of the same release.

What belongs here: which rows of the published census, organisations, parks and source rows a figure is made of; the same predicates
that it was computed by (transforms/measures), without counting. Members and instructors are persons and never rows: of what
counts them, the rows are units or source rows. Each row has `subject` (its code) and `adds` (what it adds to the side; null where
a person and not the row is counted).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import narwhals as nw

from data.contracts import Side
from transforms.inputs import UNKNOWN
from transforms.measures import base_numbers, doubling, entity
from transforms.predicates import columns_of, predicate

# Any Narwhals frame: lazy over a release's files, or in memory.
Frame = Any

SURVEY = ("surveyed", "five_clear")
UNIT_COLUMNS = ("name", "sector", "district_code", "park_code")
ORGANISATION_COLUMNS = ("name", "mode", "sector", "district_code", "park_code")
MOVED_COLUMNS = ("name", "sector0", "sector1", "district_code0", "district_code1", "park_code0", "park_code1", "mode1")
# Column of table base_numbers -> the side that it counts; the others are computed from these.
BASE_SIDES = {"both_lists" if name == "both" else name: side for name, side in base_numbers.SIDES.items()}
# Column of table doubling that counts units.
LEDGER = ("n0", "d0", "n1", "d1", *doubling.MOVES)


def units_of(census: Frame, surveyed: Frame | None, side: Side, basis: str, sector: str) -> Frame:
    """The units that one side of an entity metric counts, of the whole city. `surveyed`: the published table, or None without one."""
    within = "registered" if side.within == "registered" else basis
    members = entity.SECTORS[sector]
    columns = looked_at(side)
    if surveyed is not None and columns & set(SURVEY):
        census = _with_survey(census, surveyed)
    rows = census.filter(nw.col("registered") & nw.col(within).fill_null(False) & nw.col("sector").is_in(members))
    return _opened(rows, "uscc", UNIT_COLUMNS, side)


def looked_at(side: Side) -> set[str]:
    """The columns that a side asks about."""
    return set(columns_of(side.where)) | ({side.sum} if side.sum else set())


def organisations_of(organisations: Frame, side: Side, sector: str) -> Frame:
    """The party organisations that one side of an organisation metric counts, of the whole city; in `all` every one of them."""
    if sector != "all":
        organisations = organisations.filter((nw.col("sector") == sector).fill_null(False))
    return _opened(organisations, "org_code", ORGANISATION_COLUMNS, side)


def base_units(census: Frame, column: str) -> Frame:
    """The enterprises that a cell of table base_numbers counts, of the whole city."""
    return units_of(census, None, BASE_SIDES[column], "registered", base_numbers.SECTOR)


def of_place(rows: Frame, kind: str, code: str) -> Frame:
    """Of rows with district_code and park_code, those that lie in a city, district, park or zone."""
    if kind == "city":
        return rows
    if kind == "zone":
        outside = nw.col("park_code").is_null()
        return rows.filter(outside if code == "out_park" else ~outside)
    return rows.filter((nw.col(f"{kind}_code") == code).fill_null(False))


def named_moves(members: Frame, now: Frame, before: Frame) -> Frame:
    """Units in the basis set at either end (`doubling.members`), named as at t, or else at the baseline. `now`, `before`: censuses."""
    names = now.select("uscc", name1=nw.col("name"))
    older = before.select("uscc", name0=nw.col("name"))
    found = members.join(names, on="uscc", how="left").join(older, on="uscc", how="left")
    return found.with_columns(name=nw.coalesce("name1", "name0"))


def moved_units(members: Frame, leg: doubling.Leg, kind: str, code: str, column: str) -> Frame:
    """The units that a cell of table doubling counts: `column` is one of LEDGER, `members` as `named_moves` has them."""
    rows = moved(members, leg, kind, code, column)
    return rows.select(nw.col("uscc").alias("subject"), *MOVED_COLUMNS, adds=nw.lit(1, dtype=nw.Int64))


def moved(members: Frame, leg: doubling.Leg, kind: str, code: str, column: str) -> Frame:
    """Of `doubling.members`, those that a cell of table doubling counts."""
    first, last = (_stood(leg, kind, code, end) for end in "01")
    was, is_now = first & _covered(leg, "0"), last & _covered(leg, "1")
    cells = {
        "n0": was,
        "d0": first,
        "n1": is_now,
        "d1": last,
        "gained": first & ~was & is_now,
        "lost": was & last & ~is_now,
        "entered_covered": ~first & is_now,
        "exited_covered": was & ~last,
        "entered": ~first & last,
        "exited": first & ~last,
        "new_work_only": is_now & ~was & nw.col("mode1").is_null(),
    }
    cells |= {f"new_{mode}": is_now & ~was & (nw.col("mode1") == mode).fill_null(False) for mode in ("single", "joint", "dispatched")}
    return members.filter(cells[column])


def parks_of(units: Frame, kind: str, code: str, level: str) -> Frame:
    """The parks of a city or district, of one level or (`all`) of every one. `units`: the published table."""
    parks = units.filter(nw.col("unit_kind") == "park")
    if kind == "district":
        parks = parks.filter((nw.col("parent_code") == code).fill_null(False))
    if level != "all":
        parks = parks.filter((nw.col("level") == level).fill_null(False))
    return parks.select("name", "level", subject=nw.col("unit_code"), district_code=nw.col("parent_code"), adds=nw.lit(1, dtype=nw.Int64))


def centres_of(units: Frame, parks: Frame, kind: str, code: str, level: str) -> Frame:
    """Of these parks, those whose centre is open. `parks`: the published table."""
    opened = parks.filter(nw.col("centre_open")).select("park_code", "centre_opened_on")
    return parks_of(units, kind, code, level).join(opened, left_on="subject", right_on="park_code", how="inner")


def secretaries_of(organisations: Frame, yearly_yuan: Mapping[str, int], otherwise: int) -> Frame:
    """Organisations with a secretary, each with the yuan that its district's allowance asks for in a year."""
    found = organisations.filter(nw.col("secretary").fill_null(False))
    yuan = nw.lit(otherwise, dtype=nw.Int64)
    for amount in sorted(set(yearly_yuan.values())):
        codes = [code for code, value in yearly_yuan.items() if value == amount]
        yuan = nw.when(nw.col("district_code").is_in(codes)).then(nw.lit(amount, dtype=nw.Int64)).otherwise(yuan)
    return found.select(nw.col("org_code").alias("subject"), *ORGANISATION_COLUMNS, adds=yuan)


def units_with_members(census: Frame, origins: Frame) -> Frame:
    """Units of the two sectors that a row of the member list names as a work unit. The members themselves are not listed."""
    named = origins.filter((nw.col("subject_kind") == "unit") & (nw.col("source") == "member"))
    named = named.group_by("subject").agg(member_rows=nw.len().cast(nw.Int64))
    units = census.filter(nw.col("sector").is_in(doubling.SECTORS)).join(named, left_on="uscc", right_on="subject", how="inner")
    return units.select(nw.col("uscc").alias("subject"), *UNIT_COLUMNS, "member_rows", adds=nw.lit(None, dtype=nw.Int64))


def area_rows(origins: Frame, source: str, codes: Collection[str]) -> Frame:
    """The rows of a source that speak of these area codes, as they were written."""
    rows = origins.filter((nw.col("subject_kind") == "area") & (nw.col("source") == source) & nw.col("subject").is_in(list(codes)))
    return rows.select("subject", "source", "path", "line", adds=nw.lit(None, dtype=nw.Int64))


def area_codes(
    written: Iterable[str], kind: str, code: str, city: str, parks: Mapping[str, str], valid: Mapping[str, str], posted: bool = False
) -> list[str]:
    """Which of the written area codes count for a unit. `parks`: park -> its district; `valid`: code -> the one that it leads to at D.

    Money and quotas of a park count for its district, and all of them for the city; an instructor counts where he is `posted` alone.
    """
    if posted:
        return [area for area in written if valid.get(area, area) == code]
    if kind == "city":
        return list(written)
    return [area for area in written if area != city and valid.get(parks.get(area, area), UNKNOWN) == code]


def without(rows: Frame, others: Frame) -> Frame:
    """Rows of one side that the other does not have."""
    return rows.join(others.select("subject"), on="subject", how="anti")


def _opened(rows: Frame, key: str, columns: tuple[str, ...], side: Side) -> Frame:
    if side.where != "true":
        rows = rows.filter(predicate(side.where))
    adds = nw.lit(1, dtype=nw.Int64) if side.sum is None else nw.col(side.sum).fill_null(0).cast(nw.Int64)
    further = sorted(looked_at(side) - set(columns))
    return rows.select(nw.col(key).alias("subject"), *columns, *further, adds=adds)


def _with_survey(census: Frame, surveyed: Frame) -> Frame:
    found = surveyed.select("uscc", "five_clear", surveyed=nw.lit(True))
    return census.join(found, on="uscc", how="left").with_columns(nw.col(*SURVEY).fill_null(False))


def _stood(leg: doubling.Leg, kind: str, code: str, end: str) -> nw.Expr:
    """In the basis set of the leg and in this place, at one end."""
    inside = nw.col(f"sector{end}").is_in(leg.sectors)
    return (inside if kind == "city" else inside & (nw.col(f"{kind}_code{end}") == code)).fill_null(False)


def _covered(leg: doubling.Leg, end: str) -> nw.Expr:
    return nw.col(f"{leg.covered}{end}").fill_null(False)
