"""Which cells of a table of counts have to be hidden, so that small ones can't be worked out from sums (docs/methods/small-cells.md).

What belongs here: the search over one table, as plain numbers. Which published figures make such a table is `small_cells.py`'s.

A *shift* moves persons into one innermost group, or from one into another, along the rows and the columns at once, so that every sum stays
right. If all published cells that shifts touch are hidden, what is published is the same before and after them: whoever adds and
subtracts can't tell the two tables apart.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import product

Place = Hashable
Cell = tuple[Place, Place]  # (row, column)
# A hidden 0 says more to whoever reads than any other count: it costs as much as this many cells of weight 1.
_ZERO = 50
_UP, _DOWN = 1, -1
_Shift = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]  # what gains, what loses, what of both is published


@dataclass(frozen=True)
class Table:
    """Counts in rows and columns. `rows`, `columns`: innermost group -> the totals that it is counted in. `counts`: one number for each of
    the tables that are hidden alike (the bases), also for cells that stand nowhere but follow from others (`derived`). What has no counts
    is unknown to everybody. `weight`: what hiding a cell costs."""

    rows: Mapping[Place, tuple[Place, ...]]
    columns: Mapping[Place, tuple[Place, ...]]
    counts: Mapping[Cell, tuple[int, ...]]
    derived: frozenset[Cell] = frozenset()
    weight: Mapping[Cell, int] = field(default_factory=dict)


def hidden(table: Table, least: int) -> set[Cell]:
    """The cells that must not be shown: those of 1 to least - 1, and few others, so that shifts within what is hidden make each of the
    small ones `least` and, where they can, 1, with no other hidden count below 1."""
    search = _Search(table)
    small = search.small(least)
    must = {cell for cell, _ in small} - search.derived
    shut = set(must)
    walks: list[tuple[int, int, int, set[int]]] = []  # cell, direction, how far, what it rests on
    for cell, now in small:
        for direction, persons in ((_UP, least - now), (_DOWN, search.low[cell] - 1)):
            went, touched = search.walk(cell, direction, persons, shut)
            shut |= touched
            walks.append((cell, direction, went, touched))
    return {search.cells[cell] for cell in _needed(search, shut, must, walks)}


def _needed(search: "_Search", shut: set[int], must: set[int], walks: list[tuple[int, int, int, set[int]]]) -> set[int]:
    """What was hidden early may not be needed for what was hidden later: it is shown again where every walk finds another way."""
    for cell in sorted(shut - must, key=lambda each: (-search.cost[each], each)):
        rest, instead = shut - {cell}, dict[int, tuple]()
        for at, (start, direction, persons, touched) in enumerate(walks):
            if cell in touched:
                went, other = search.walk(start, direction, persons, rest, may_hide=False)
                if went < persons:
                    break
                instead[at] = (start, direction, persons, other)
        else:
            shut = rest
            walks = [instead.get(at, walk) for at, walk in enumerate(walks)]
    return must.union(*(touched for *_, touched in walks))


class _Search:
    """One table with its cells as numbers, in an order that does not depend on that of its rows."""

    def __init__(self, table: Table):
        self.table = table
        self.cells: list[Cell] = sorted(table.counts, key=repr)
        self.number = {cell: at for at, cell in enumerate(self.cells)}
        # All bases shift alike, so that they go on lying inside one another: the lowest bounds them all.
        self.low = [min(table.counts[cell]) for cell in self.cells]
        self.derived = {self.number[cell] for cell in table.derived}
        self.cost = [table.weight.get(cell, 1) + (0 if max(table.counts[cell]) else _ZERO) for cell in self.cells]
        self.size = [max(table.counts[cell]) for cell in self.cells]
        self._known: dict[int, list[_Shift]] = {}

    def small(self, least: int) -> list[tuple[int, int]]:
        """The cells to be protected and the smallest of their counts, the smallest first."""
        counts = (self.table.counts[cell] for cell in self.cells)
        found = [(at, min((each for each in numbers if 0 < each < least), default=0)) for at, numbers in enumerate(counts)]
        return sorted((pair for pair in found if pair[1]), key=lambda pair: (pair[1], pair[0]))

    def walk(self, cell: int, direction: int, persons: int, shut: set[int], may_hide: bool = True) -> tuple[int, set[int]]:
        """Shifts that together add (or take) so many persons: how far they come, and the published cells that they touch. Each time the
        shift that costs least for each person is taken; what is hidden already costs nothing."""
        moved: dict[int, int] = {}
        touched: set[int] = set()
        went = 0
        while went < persons:
            best = None
            for gains, losses, published in self._shifts_of(cell):
                more = [each for each in published if each not in shut and each not in touched]
                if more and not may_hide:
                    continue
                rising, falling = (gains, losses) if direction == _UP else (losses, gains)
                room = min((self._room(each, moved) for each in falling), default=persons - went)
                step = min(room, persons - went)
                if step > 0:
                    rank = (sum(self.cost[each] for each in more) / step, sum(self.size[each] for each in more), -step, published)
                    if best is None or rank < best[0]:
                        best = rank, step, rising, falling
            if best is None:
                break
            (*_, published), step, rising, falling = best
            for each in rising:
                moved[each] = moved.get(each, 0) + step
            for each in falling:
                moved[each] = moved.get(each, 0) - step
            touched.update(published)
            went += step
        return went, touched

    def _room(self, cell: int, moved: Mapping[int, int]) -> int:
        """How many a cell can lose. A published one keeps one person, for a reader takes it that what is hidden is not 0. Where parts
        exceed their total, as in faulty data, the rest is below 0 and bounds nothing."""
        if cell in self.derived:
            return self.low[cell] + moved.get(cell, 0) if self.low[cell] >= 0 else 1 << 30
        return self.low[cell] + moved.get(cell, 0) - 1

    def _shifts_of(self, cell: int) -> list[_Shift]:
        """The shifts that add to a cell, along the rows and across the columns at once."""
        if cell not in self._known:
            row, column = self.cells[cell]
            found = []
            for along, across in product(_shifts(self.table.rows, row), _shifts(self.table.columns, column)):
                gains, losses = [], []
                for (here, a), (there, b) in product(along.items(), across.items()):
                    at = self.number.get((here, there))
                    if at is not None:
                        (gains if a == b else losses).append(at)
                found.append((tuple(gains), tuple(losses), tuple(sorted({*gains, *losses} - self.derived))))
            self._known[cell] = found
        return self._known[cell]


def _shifts(totals: Mapping[Place, tuple[Place, ...]], place: Place) -> list[dict[Place, int]]:
    """The shifts that add to a place: one person more in an innermost group of it, taken from nowhere or from a group outside it."""
    within = {group: (group, *above) for group, above in totals.items()}
    outside = [places for places in within.values() if place not in places]
    found = []
    for into in within.values():
        if place in into:
            for out_of in ((), *outside):
                shift = dict.fromkeys(into, 1)
                for each in out_of:
                    shift[each] = shift.get(each, 0) - 1
                found.append({each: sign for each, sign in shift.items() if sign})
    return found
