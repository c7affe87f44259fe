"""What an engine must do for a run: give frames to the transforms, compute once what several tables need, and write tables.

Every frame that an engine gives is a Narwhals lazy frame of that engine alone; transforms mix only frames of one engine.
"""

from pathlib import Path
from typing import Protocol

import narwhals as nw
import polars as pl

from data.releases import Release

# Below a home: the rows of deliveries as Parquet, <source>/period=<YYYY-MM>, for an engine that can't read the warehouse (Spark).
EXPORTED = "spark/rows"


class Engine(Protocol):
    """One engine at work on one period at a time."""

    name: str

    def delivery(self, source: str, month: str) -> nw.LazyFrame:
        """The fields of a delivery's rows."""

    def frame(self, rows: pl.DataFrame) -> nw.LazyFrame:
        """A small table at hand, as a frame."""

    def published(self, release: Release, table: str) -> nw.LazyFrame:
        """A table of a release."""

    def keep(self, frame: nw.LazyFrame, name: str) -> nw.LazyFrame:
        """The frame computed once, where several tables are made of it. `name`: unique in a period."""

    def write(self, frame: nw.LazyFrame, path: Path, schema: dict[str, pl.DataType], key: tuple[str, ...]) -> int:
        """The frame, this engine's or the warehouse's, as one Parquet file with these columns and types, in the order of the key;
        the number of its rows."""

    def forget(self) -> None:
        """Let go of what was kept for the period."""

    def close(self) -> None:
        """Let go of everything."""
