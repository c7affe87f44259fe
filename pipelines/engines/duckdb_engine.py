"""DuckDB: out of core, on one machine. It works in the warehouse's own connection, where the rows lie already.

What does not fit into its share of memory goes to `<home>/warehouse.duckdb.tmp`, and is gone with the run.
"""

from itertools import count
from pathlib import Path

import duckdb
import narwhals as nw
import polars as pl

from data.contracts import sources
from data.releases import Release
from pipelines.warehouse import Warehouse


class DuckDBEngine:
    """See base.Engine. What is kept is a temporary table: DuckDB moves it out of memory by itself."""

    name = "duckdb"

    def __init__(self, warehouse: Warehouse, memory: int):
        self._warehouse = warehouse
        self._connection = warehouse.connection
        self._made: list[str] = []
        self._number = count()
        warehouse.limit(memory)

    def delivery(self, source: str, month: str) -> nw.LazyFrame:
        return nw.from_native(self._warehouse.relation(sources()[source], month))

    def frame(self, rows: pl.DataFrame) -> nw.LazyFrame:
        return self._table("frame", self._connection.from_arrow(rows.to_arrow()))

    def published(self, release: Release, table: str) -> nw.LazyFrame:
        return nw.from_native(self._connection.read_parquet(str(release.file(table))))

    def keep(self, frame: nw.LazyFrame, name: str) -> nw.LazyFrame:
        return self._table(name, frame.to_native())

    def write(self, frame: nw.LazyFrame, path: Path, schema: dict[str, pl.DataType], key: tuple[str, ...]) -> int:
        return self._warehouse.write(frame.to_native(), path, schema, key)

    def forget(self) -> None:
        for name in self._made:
            self._connection.execute(f'DROP TABLE IF EXISTS temp."{name}"')
        self._made.clear()

    def close(self) -> None:
        self.forget()

    def _table(self, name: str, rows: duckdb.DuckDBPyRelation) -> nw.LazyFrame:
        made = f"{name}_{next(self._number)}"
        # DuckDB finds the relation by the name that it has here.
        self._connection.execute(f'CREATE TEMP TABLE "{made}" AS FROM rows')
        self._made.append(made)
        return nw.from_native(self._connection.table(f'temp."{made}"'))
