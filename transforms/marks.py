"""Which figures of a release have codes, and which figure a code's mark means: found by hashing all of them.

What belongs here: the tables and tallies that have codes, and their marks. How a code is written is settled in transforms/citation.py,
what the tallies count in transforms/tallies.py.
"""

from collections.abc import Mapping
from functools import lru_cache

from data.contracts import tables
from transforms import citation, tallies
from transforms.shown import Published
from transforms.tallies import TALLIES

# Table -> whether its cells have codes of their own; of metrics a row is one figure. Of a tally the cells have codes and the row has none.
CODED = {"metrics": False, "base_numbers": True, "doubling": True, "targets": True}
# Table or tally, number of the row or key, cell.
Place = tuple[str, int, str | None]


def coded(table: str) -> tuple[str, ...]:
    """The columns of a table or tally that a figure's mark is made of, in order."""
    return TALLIES[table].key if table in TALLIES else tuple(name for name in tables()[table].key if name != "period")


def cells(table: str) -> tuple[str, ...]:
    """The cells of a row that have codes of their own."""
    if table in TALLIES:
        return TALLIES[table].cells
    card = tables()[table]
    found = (column.name for column in card.published if column.name not in card.key and column.type != "text")
    return tuple(found) if CODED[table] else ()


def keys(release: Published, table: str) -> list[tuple]:
    """The keys (without period) of a table or tally, in order; none where the release has no such table."""
    if table in TALLIES:
        return tallies.keys(release, table)
    return release.scan(table).select(coded(table)).collect().rows() if table in release.manifest["tables"] else []


def marks(release: Published) -> Mapping[str, list[Place]]:
    """mark -> the figures that have it (one, but for an accident)."""
    return _marks(release, release.manifest.get("created_at", ""))


# Asked for by each kind of briefing and each code that is opened; a release never changes.
@lru_cache(maxsize=8)
def _marks(release: Published, created: str) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for table in (*CODED, *TALLIES):
        columns = cells(table) if table in TALLIES else (None, *cells(table))
        for number, key in enumerate(keys(release, table)):
            for column in columns:
                found.setdefault(citation.mark(table, key, column), []).append((table, number, column))
    return found
