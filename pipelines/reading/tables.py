"""A file as rows of text cells, before anyone knows what they mean. Formats: csv_files.py, workbooks.py.

Every physical row is here, blank ones too; what is skipped, and why, is decided in rows.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import polars as pl

HEAD_ROWS = 20


@dataclass(frozen=True)
class TextTable:
    """One sheet, or one text file.

    head: the first 20 rows as (line, cells). blocks(index, width): the rows after row `index` (0-based) as frames with `line`
    (Int64: the physical line where the row starts) and `c0` … `c<width-1>` (String, null where there is no cell), and `rest`:
    whatever stood further to the right, in one text.
    """

    head: list[tuple[int, list[str]]]
    blocks: Callable[[int, int], Iterator[pl.DataFrame]]


def block(lines: list[int] | pl.Series, rows: list[list[str]], width: int) -> pl.DataFrame:
    """A frame of that form from rows of cells of any length."""
    cells = list(zip_longest(*rows))  # column by column, short rows filled with null
    missing = (None,) * len(rows)
    columns = {f"c{place}": cells[place] if place < len(cells) else missing for place in range(width)}
    rest = ["".join(row[width:]) for row in rows] if len(cells) > width else [""] * len(rows)
    schema = {"line": pl.Int64} | dict.fromkeys(columns, pl.String) | {"rest": pl.String}
    return pl.DataFrame({"line": lines} | columns | {"rest": rest}, schema=schema)
