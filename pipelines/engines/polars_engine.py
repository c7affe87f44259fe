"""Polars: the default, and the fastest at the size of a city. Everything is in memory."""

from pathlib import Path

import narwhals as nw
import polars as pl

from data.contracts import sources
from data.releases import Release
from pipelines.warehouse import Warehouse


class PolarsEngine:
    """See base.Engine."""

    name = "polars"

    def __init__(self, warehouse: Warehouse):
        self._warehouse = warehouse

    def delivery(self, source: str, month: str) -> nw.LazyFrame:
        return self.frame(self._warehouse.rows(sources()[source], month))

    def frame(self, rows: pl.DataFrame) -> nw.LazyFrame:
        return nw.from_native(rows.lazy())

    def published(self, release: Release, table: str) -> nw.LazyFrame:
        return nw.from_native(release.scan(table))

    def keep(self, frame: nw.LazyFrame, name: str) -> nw.LazyFrame:
        return self.frame(frame.collect("polars").to_native())

    def write(self, frame: nw.LazyFrame, path: Path, schema: dict[str, pl.DataType], key: tuple[str, ...]) -> int:
        rows = frame.collect("polars").to_native()
        rows = rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(key)
        rows.write_parquet(path, compression="zstd", compression_level=1)
        return rows.height

    def forget(self) -> None:
        pass

    def close(self) -> None:
        pass
