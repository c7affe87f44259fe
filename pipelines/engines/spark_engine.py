"""Spark: for a province or the country, on a cluster that is there already; without one, on all cores of this machine.

All that it reads and writes is Parquet in `<home>/spark`, which every machine of the cluster must see under the same path:

    rows/<source>/period=<YYYY-MM>[/district_code=<code>]    the rows of a delivery, exported from the warehouse once
    kept/<name>/period=<YYYY-MM>/district_code=<code>        what several tables of a period are made of (the census), gone with the period
    drafts, tmp                                              a table on its way to its one published file, and what Spark spills

Only this file and session.py know Spark.
"""

import shutil
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import narwhals as nw
import polars as pl
from pyarrow import parquet
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.types import StructType

from data.contracts import SourceCard, sources
from data.home import Home
from data.releases import Release
from pipelines.engines.session import FOLDER, TEMPORARY
from pipelines.reading.rows import row_schema
from pipelines.warehouse import Stored, Warehouse
from transforms.parse import AMOUNT

PERIOD, DISTRICT = "period", "district_code"
# What a folder of rows was exported from. Spark passes over files whose name begins like this.
MARK = "_fingerprint"
ROWS_A_PARTITION = 250_000
SMALL = 100_000
_TYPES = {
    pl.String: "string",
    pl.Int64: "bigint",
    pl.Float64: "double",
    pl.Date: "date",
    pl.Boolean: "boolean",
    pl.List(pl.String): "array<string>",
    AMOUNT: "decimal(38,10)",
}


class SparkEngine:
    """See base.Engine. `own`: the session is this engine's, and ends with it."""

    name = "spark"

    def __init__(self, home: Home, warehouse: Warehouse, session: SparkSession, own: bool = True):
        self._warehouse = warehouse
        self._session = session
        self._own = own
        self._number = count()
        self._largest = 0
        self._rows, self._kept, self._drafts, self._tmp = (home.path / FOLDER / name for name in ("rows", "kept", "drafts", TEMPORARY))
        # Codes are text: 000000 is no number.
        session.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        self._remove(self._kept, self._drafts)
        self._let_go_of_the_gone()

    def delivery(self, source: str, month: str) -> nw.LazyFrame:
        card = sources()[source]
        stored = self._warehouse.stored()[source, month]
        self.fit(stored.rows)
        schema = {name: dtype for name, dtype in row_schema(card).items() if name != "line"}
        return nw.from_native(self._read(self._exported(card, month, stored), _ddl(schema)))

    def frame(self, rows: pl.DataFrame) -> nw.LazyFrame:
        return nw.from_native(self._session.createDataFrame(rows.to_arrow()))

    def published(self, release: Release, table: str) -> nw.LazyFrame:
        file = release.file(table)
        return nw.from_native(self._read(file, _ddl(pl.read_parquet_schema(file))))

    def keep(self, frame: nw.LazyFrame, name: str) -> nw.LazyFrame:
        rows: DataFrame = frame.to_native()
        target = self._kept / f"{name}-{next(self._number)}"
        parts = [column for column in (PERIOD, DISTRICT) if column in rows.columns]
        if DISTRICT in parts:
            # The rows of a district into few files, and of several small ones or one large one as many tasks as they need.
            rows = rows.hint("rebalance", sql.col(DISTRICT))
        rows.write.partitionBy(*parts).parquet(_address(target), compression="zstd")
        return nw.from_native(self._read(target, rows.schema))

    def write(self, frame: nw.LazyFrame, path: Path, schema: dict[str, pl.DataType], key: tuple[str, ...]) -> int:
        if frame.implementation.is_duckdb():  # the warehouse's own
            return self._warehouse.write(frame.to_native(), path, schema, key)
        rows: DataFrame = frame.to_native()
        draft = self._drafts / f"{path.stem}-{next(self._number)}"
        ordered = rows.select(*(sql.col(name).cast(_TYPES[dtype]) for name, dtype in schema.items())).sort(*key)
        ordered.write.parquet(_address(draft), compression="zstd")
        rows_written = _join(sorted(draft.glob("part-*.parquet")), path)
        self._remove(draft)
        return rows_written

    def forget(self) -> None:
        self._remove(self._kept)

    def close(self) -> None:
        self._remove(self._kept, self._drafts)
        if self._own:
            self._session.stop()
            self._remove(self._tmp)

    def _exported(self, card: SourceCard, month: str, stored: Stored) -> Path:
        """The folder of a delivery's rows, exported anew where the warehouse holds others by now."""
        target = self._rows / card.name / f"{PERIOD}={month}"
        if _mark(target) != stored.fingerprint:
            self._remove(target)
            self._warehouse.export(card, month, target, DISTRICT if any(field.name == DISTRICT for field in card.fields) else None)
            (target / MARK).write_text(stored.fingerprint, encoding="ascii")
        return target

    def _read(self, target: Path, schema: StructType) -> DataFrame:
        """The columns in this order. Told what they are, Spark need not open a file before it is asked for rows."""
        return self._session.read.schema(schema).parquet(_address(target)).select(*schema.names)

    def fit(self, rows: int) -> None:
        """As many partitions as the largest delivery asks for. What whoever runs the cluster has set is left as it is."""
        self._largest = max(rows, self._largest)
        large = "true" if self._largest > SMALL else "false"
        wanted = {
            "spark.sql.shuffle.partitions": str(1 + self._largest // ROWS_A_PARTITION),
            # Planning anew between stages and compiling each plan pay where rows are many; few are done before that is.
            "spark.sql.adaptive.enabled": large,
            "spark.sql.codegen.wholeStage": large,
            "spark.sql.codegen.factoryMode": "FALLBACK" if large == "true" else "NO_CODEGEN",
        }
        set_outside = self._session.sparkContext.getConf()
        for key, value in wanted.items():
            if not set_outside.contains(key):
                self._session.conf.set(key, value)

    def _let_go_of_the_gone(self) -> None:
        """Rows of a delivery that the warehouse no longer has, or has otherwise, must not outlive it here."""
        stored = self._warehouse.stored()
        for target in self._rows.glob(f"*/{PERIOD}=*"):
            known = stored.get((target.parent.name, target.name.removeprefix(f"{PERIOD}=")))
            if known is None or _mark(target) != known.fingerprint:
                self._remove(target)

    def _remove(self, *folders: Path) -> None:
        for each in folders:
            shutil.rmtree(each, ignore_errors=True)


def _ddl(schema: Mapping[str, pl.DataType]) -> StructType:
    return StructType.fromDDL(", ".join(f"`{name}` {_TYPES[dtype]}" for name, dtype in schema.items()))


def _join(parts: list[Path], path: Path) -> int:
    """Spark numbers the files of a sorted table in its order: one after the other into one file, a row group at a time; how many rows."""
    rows = 0
    with parquet.ParquetWriter(path, parquet.read_schema(parts[0]), compression="zstd", compression_level=1) as writer:
        for part in parts:
            with parquet.ParquetFile(part) as file:
                rows += file.metadata.num_rows
                for group in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(group))
    return rows


def _mark(target: Path) -> str | None:
    try:
        return (target / MARK).read_text(encoding="ascii")
    except OSError:
        return None


def _address(path: Path) -> str:
    """On a cluster a bare path would mean its own file system (HDFS); homes are folders. Spark takes blanks and Chinese as they are."""
    return f"file://{path.as_posix()}"
