"""A figure that was quoted: out of a slip's row, in another release, and as a briefing writes it.

What belongs here: reading the ledger of quoted figures, and looking its cells up again. What was revised is said in revised.py.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from data.contracts import metrics, tables
from data.figures import ABSENT, Figure
from data.periods import is_period
from data.picture import Picture
from transforms import show, tallies
from transforms.claims.claim import Quoted
from transforms.marks import cells, coded
from transforms.tallies import TALLIES

# Cells of table doubling that say how many times as much, and of what goal.
TIMES, DOUBLE = ("count_ratio", "rate_ratio"), 2


def quoted_then(row: Mapping) -> Quoted | None:
    """A row of a slip as a figure; None where it is of a table or cell that there is no more, or where somebody touched it."""
    if not _is_whole(row):
        return None
    table, column, key = row["table"], row.get("column"), tuple(row["key"])
    unit = unit_of(table, key, column)
    if unit is None:
        return None
    numbers = (row.get(name) for name in ("numerator", "denominator", "value", "reason"))
    if unit != "count":
        return Quoted(row["period"], row["revision"], table, key, column, Figure(*numbers), unit)
    number = next((int(each) for each in (row.get(name) for name in ("count", "value", "numerator")) if each is not None), None)
    return Quoted(row["period"], row["revision"], table, key, column, ABSENT, unit, number)


def _is_whole(row: Mapping) -> bool:
    """Whether it has the form of a quoted figure: each part of the type that ledger.py writes."""
    key, numbers = row.get("key"), [row.get(name) for name in ("numerator", "denominator", "count")]
    value, period, revision = row.get("value"), row.get("period"), row.get("revision")
    return (
        isinstance(row.get("table"), str)
        and isinstance(key, list | tuple)
        and all(isinstance(part, str) for part in key)
        and isinstance(period, str)
        and is_period(period)
        and isinstance(revision, str)
        and re.fullmatch(r"r[0-9]{2,9}", revision) is not None
        and all(each is None or type(each) is int for each in numbers)
        and (value is None or (type(value) in (int, float) and math.isfinite(value)))
        and all(isinstance(row.get(name), str | None) for name in ("column", "reason"))
        and isinstance(row.get("where", ""), str)
    )


def unit_of(table: str | None, key: tuple[str, ...], column: str | None) -> str | None:
    """What a cell is measured in: rate, ratio or count."""
    if table in TALLIES:
        return "count" if len(key) == len(coded(table)) and column in cells(table) else None
    card = tables().get(table or "")
    types = {each.name: each.type for each in card.published} if card else {}
    if card is None or len(key) != len(card.key) - 1 or (column and types.get(column) not in ("bigint", "double")):
        return None
    named = dict(zip(card.key[1:], key, strict=True))
    if column and types[column] == "bigint":
        return "count"
    if table in ("metrics", "targets") and (table == "metrics" or column in (None, "value", "target")):
        metric = metrics().get(named["metric"])
        return metric.unit if metric else None
    if table == "base_numbers":
        return "rate" if column in (None, "measured_ratio") else "ratio"
    return "rate" if column is None else "ratio"


def quoted_now(picture: Picture, was: Quoted) -> Quoted:
    """The same cell of another release."""
    here = replace(was, period=picture.period, revision=picture.revision, figure=ABSENT, count=None)
    if was.table == "metrics":
        basis, kind, code, sector, metric = was.key
        return replace(here, figure=picture.figure(metric, kind, code, sector, basis))
    row = _row(picture, was)
    if row is None:
        return here
    if was.unit == "count":
        return replace(here, count=row[was.column])
    return replace(here, figure=_figure(was.table, row, was.column))


def _row(picture: Picture, was: Quoted) -> dict | None:
    if was.table in TALLIES:
        return tallies.row_of(picture.release, was.table, was.key)
    if was.table == "doubling":
        return picture.legs.get(was.key[1:])
    if was.table == "base_numbers":
        return picture.base_numbers(*was.key)
    if was.table != "targets" or picture.targets is None:
        return None
    names = tables()["targets"].key[1:]
    return next((row for row in picture.targets.to_dicts() if tuple(str(row[name]) for name in names) == was.key), None)


def _figure(table: str, row: dict, column: str | None) -> Figure:
    """A rate or ratio of a row, with both its sides where it has them."""
    if table == "base_numbers" and column in (None, "measured_ratio"):
        return Figure(row["corroborated"], row["registered"], row["measured_ratio"])
    if table == "doubling" and column is None:
        return Figure(row["n1"], row["d1"], row["n1"] / row["d1"] if row["d1"] else None, None if row["d1"] else "no_denominator")
    value = row[column or "value"]
    return Figure(value=None if value is None else float(value))


def written(quoted: Quoted) -> str:
    """As a briefing writes the figure, without its sides."""
    if quoted.table == "doubling" and quoted.column in TIMES:
        return show.times(None if quoted.figure.value is None else Fraction(quoted.figure.value), DOUBLE)
    return show.count(quoted.count) if quoted.unit == "count" else show.figure(quoted.figure, quoted.unit)
