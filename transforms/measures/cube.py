"""Counting a frame once: sums of predicates by group, rolled up to published units and sectors. Shared by the families made from cards."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import narwhals as nw

from data.contracts import Side
from transforms.predicates import columns_of, predicate

GROUP = ("district_code", "park_code", "sector")
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Cube:
    """Sums by district, park and sector (and whatever else was grouped by): small, and whole numbers from here on.

    rows: (group values by name, sums). sides: (predicate, summed column) of each sum.
    """

    rows: tuple[tuple[dict, tuple], ...]
    sides: tuple[tuple[str, str | None], ...]

    def place(self, side: Side) -> int:
        """Which of the sums is this side's."""
        return self.sides.index((side.where, side.sum))

    def totals(self, city: str, sectors: Mapping[str, tuple], **only: object) -> dict[Key, list[int]]:
        """(unit kind, unit code, published sector) -> its sums. `sectors`: published sector -> the rows' sectors that it adds up;
        `only`: further group columns that must have this value."""
        sums: dict[Key, list[int]] = {}
        for group, values in self.rows:
            if any(group[name] != value for name, value in only.items()):
                continue
            for sector, members in sectors.items():
                if group["sector"] in members:
                    for kind, code in _units_of(group, city):
                        held = sums.setdefault((kind, code, sector), [0] * len(values))
                        for place, value in enumerate(values):
                            held[place] += value or 0
        return sums


def count(frame: nw.LazyFrame, sides: Iterable[Side], extra_groups: tuple[str, ...] = ()) -> Cube:
    """One pass over a frame: each distinct side of the cards, by district, park, sector and further columns."""
    wanted = tuple(dict.fromkeys((side.where, side.sum) for side in sides))
    groups = (*GROUP, *extra_groups)
    names = [f"sum{place}" for place in range(len(wanted))]
    counted = frame.group_by(*groups).agg(*(_sum(*side).alias(name) for side, name in zip(wanted, names, strict=True))).collect()
    rows = counted.select(*groups, *names).rows()
    return Cube(tuple((dict(zip(groups, row, strict=False)), row[len(groups) :]) for row in rows), wanted)


def needs_of(side: Side, columns: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The sources that a side of a card touches, by the columns that it looks at. `columns`: column -> its sources."""
    looked_at = columns_of(side.where) | ({side.sum} if side.sum else set())
    return {source for column in looked_at for source in columns.get(column, ())}


def _sum(where: str, summed: str | None) -> nw.Expr:
    # Integers, and summed as such: DuckDB adds no booleans, and its sums are wider than BIGINT. `true` is every row.
    if where == "true":
        return (nw.len() if summed is None else nw.col(summed).sum()).cast(nw.Int64)
    rows = predicate(where)
    return (rows.cast(nw.Int64) if summed is None else nw.when(rows).then(nw.col(summed))).sum().cast(nw.Int64)


def _units_of(group: dict, city: str) -> Iterator[tuple[str, str]]:
    yield "city", city
    yield "district", group["district_code"]
    if group["park_code"] is None:
        yield "zone", "out_park"
    else:
        yield "park", group["park_code"]
        yield "zone", "in_park"
