"""Which figures of a release have codes, and which figure a code's mark means: found by hashing all of them.

What belongs here: the coded tables and their marks. How a code is written is settled in transforms/citation.py.
"""

from data.contracts import tables
from transforms import citation
from transforms.shown import Published

# Table -> whether its cells have codes of their own; of metrics a row is one figure.
CODED = {"metrics": False, "base_numbers": True, "doubling": True, "targets": True}
Place = tuple[str, int, str | None]


def coded(table: str) -> tuple[str, ...]:
    """The columns of a table that a figure's mark is made of, in order."""
    return tuple(name for name in tables()[table].key if name != "period")


def cells(table: str) -> tuple[str, ...]:
    """The cells of a row that have codes of their own."""
    card = tables()[table]
    found = (column.name for column in card.published if column.name not in card.key and column.type != "text")
    return tuple(found) if CODED[table] else ()


def marks(release: Published) -> dict[str, list[Place]]:
    """mark -> the figures that have it (one, but for an accident): table, number of the row, cell."""
    found: dict[str, list[Place]] = {}
    for table in CODED:
        if table in release.manifest["tables"]:
            for number, key in enumerate(release.scan(table).select(coded(table)).collect().iter_rows()):
                for column in (None, *cells(table)):
                    found.setdefault(citation.mark(table, key, column), []).append((table, number, column))
    return found
