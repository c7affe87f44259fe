"""The warehouse (DuckDB): raw rows of every delivery, each with file and line, and what came of every file. One writer.

What belongs here: SQL that stores and gives back deliveries. Nothing is computed here, and readers of figures read releases.
A delivery is replaced in one transaction, so a run that is killed leaves each delivery as it was or as it is, never half.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import narwhals as nw
import polars as pl

from data.contracts import SourceCard, sources
from data.home import Home, HomeUnfit
from data.language import words
from pipelines.reading.delivery import LOADS, REJECTED, Delivery
from pipelines.reading.rows import row_schema
from transforms.parse import AMOUNT

ORIGINS = {"subject_kind": pl.String, "subject": pl.String, "source": pl.String, "path": pl.String, "line": pl.Int64}
_SQL = {
    pl.String: "TEXT",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.Date: "DATE",
    pl.Boolean: "BOOLEAN",
    pl.List(pl.String): "TEXT[]",
    AMOUNT: "DECIMAL(38, 10)",
}
# No extension is ever looked for: there is no network, and none is needed.
_CONFIG = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


@dataclass(frozen=True)
class Stored:
    """A delivery in the warehouse: the fingerprint of what it was read from, its rows, whether any file of it could be
    read, and whether its rows have passed the checks."""

    fingerprint: str
    rows: int
    readable: bool
    checked: bool


@contextmanager
def open_warehouse(home: Home) -> Iterator["Warehouse"]:
    """Open for writing. HomeUnfit where another process has it, or where it cannot be opened."""
    home.path.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(home.warehouse), config=_CONFIG)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise HomeUnfit(
                words("另一次运行正在使用此数据目录。请等它结束后再运行。", "another run is working in this home. Wait until it has ended.")
            ) from None
        raise HomeUnfit(
            words(
                "warehouse.duckdb 无法打开。请清理磁盘空间；若已损坏，请删除，它会由报送文件重新生成。",
                "warehouse.duckdb cannot be opened. Free some disk space; if it is damaged, delete it: it is made again from landing/.",
            )
        ) from None
    except duckdb.Error:
        raise HomeUnfit(
            words(
                "warehouse.duckdb 已损坏。请删除，它会由报送文件重新生成。",
                "warehouse.duckdb is damaged. Delete it: it is made again from landing/.",
            )
        ) from None
    try:
        yield Warehouse(connection)
    except duckdb.OutOfMemoryException as error:
        raise HomeUnfit(
            words(
                f"内存不够（{_plain(error)}）。请用环境变量 LIANGXIN_MEMORY 给出更大的内存，或清理磁盘空间，再运行。",
                f"memory is short ({_plain(error)}). Set LIANGXIN_MEMORY higher, or free some disk space, and run again.",
            )
        ) from None
    except (duckdb.IOException, duckdb.FatalException) as error:
        raise HomeUnfit(
            words(
                f"数据仓库无法写入（{_plain(error)}）。请清理磁盘空间后再运行，数据没有丢失。",
                f"the warehouse cannot be written ({_plain(error)}). Free some disk space and run again: nothing is lost.",
            )
        ) from None
    finally:
        connection.close()


def _plain(error: Exception) -> str:
    return words("磁盘已满", "the disk is full") if "space" in str(error).lower() else str(error).splitlines()[0][:120]


class Warehouse:
    """An open warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self._connection = connection
        layout = _layout()
        with self._transaction():
            self._execute("CREATE TABLE IF NOT EXISTS layout (tables TEXT)")
            found = self._connection.execute("SELECT tables FROM layout").fetchone()
            if found != ("\n".join(layout),):
                # A card that gained a field, or a newer program: all of it is read again from landing.
                for (name,) in self._connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name != 'layout'").fetchall():
                    self._execute(f"DROP TABLE {name}")
                for statement in layout:
                    self._execute(statement)
                self._execute("DELETE FROM layout")
                self._connection.execute("INSERT INTO layout VALUES (?)", ["\n".join(layout)])

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """For the engine that computes where the rows lie."""
        return self._connection

    def limit(self, memory: int) -> None:
        """At most so many bytes of memory; what does not fit lies in `<home>/warehouse.duckdb.tmp` meanwhile."""
        self._execute(f"SET memory_limit = '{memory >> 20}MiB'")
        # Rows that nobody ordered may come in any order: else DuckDB holds whole results back to keep them in line.
        self._execute("SET preserve_insertion_order = false")

    def stored(self) -> dict[tuple[str, str], Stored]:
        """(source, period) -> what is there."""
        rows = self._connection.execute("SELECT source, period, fingerprint, rows, readable, checked FROM deliveries").fetchall()
        return {(source, period): Stored(*rest) for source, period, *rest in rows}

    def replace(self, card: SourceCard, period: str, delivery: Delivery, fingerprint: str) -> None:
        """Put a delivery in the place of what the period had of this source."""
        with self._transaction():
            self._delete(card, period)
            self._insert(_raw(card), period, None, delivery.rows)
            self._insert("loads", period, card.name, delivery.loads)
            self._insert("rejected", period, card.name, delivery.rejected)
            readable = delivery.loads["refused"].is_null().any()
            self._connection.execute(
                "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, false)", [card.name, period, fingerprint, len(delivery.rows), readable]
            )

    def mark_checked(self, card: SourceCard, period: str) -> None:
        """Its rows have passed the checks, and need not be put to them again."""
        self._connection.execute("UPDATE deliveries SET checked = true WHERE source = ? AND period = ?", [card.name, period])

    def withdraw(self, card: SourceCard, period: str) -> None:
        """Forget a delivery of which no file is left in landing."""
        with self._transaction():
            self._delete(card, period)

    def rows(self, card: SourceCard, period: str, *fields: str) -> pl.DataFrame:
        """The fields of a delivery's rows (none named: all), in no order."""
        return self._query(f"SELECT {_fields(card, fields)} FROM {_raw(card)} WHERE period = '{period}'")

    def located(self, card: SourceCard, period: str) -> pl.DataFrame:
        """The fields of a delivery's rows, each with its path and line, in that order."""
        return self._query(f"SELECT {_fields(card)}, path, line FROM {_raw(card)} WHERE period = '{period}' ORDER BY path, line")

    def relation(self, card: SourceCard, period: str) -> duckdb.DuckDBPyRelation:
        """The fields of a delivery's rows, not read yet: a relation of this connection."""
        return self._connection.sql(f"SELECT {_fields(card)} FROM {_raw(card)} WHERE period = '{period}'")

    def export(self, card: SourceCard, period: str, folder: Path, partition: str | None) -> None:
        """The fields of a delivery's rows as Parquet files in a new folder, parted by a field where one is named."""
        folder.mkdir(parents=True)
        target = str(folder if partition else folder / "rows.parquet").replace("'", "''")
        rows = f"SELECT {_fields(card)} FROM {_raw(card)} WHERE period = '{period}'"
        by = f', PARTITION_BY ("{partition}")' if partition else ""
        self._execute(f"COPY ({rows}) TO '{target}' (FORMAT parquet, COMPRESSION zstd{by})")

    def loads(self, period: str) -> pl.DataFrame:
        """What came of each file of the period: `source`, then the columns of LOADS."""
        return self._query(f"SELECT source, {', '.join(LOADS)} FROM loads WHERE period = '{period}'")

    def rejected(self, period: str) -> pl.DataFrame:
        """`source`, then the columns of REJECTED."""
        return self._query(f"SELECT source, {', '.join(REJECTED)} FROM rejected WHERE period = '{period}'")

    def origins(self, in_effect: dict[str, str]) -> nw.LazyFrame:
        """Where each subject of the deliveries in effect is spoken of: subject_kind, subject, source, path, line. No value but its code.

        Several rows a unit, and not read yet: every engine lets the warehouse itself write them.
        """
        parts = []
        for source, month in in_effect.items():
            card = sources()[source]
            for field, kind in subjects(card).items():
                parts.append(
                    f"SELECT '{kind}' AS subject_kind, \"{field}\" AS subject, '{source}' AS source, path, line FROM {_raw(card)} "
                    f"WHERE period = '{month}' AND \"{field}\" IS NOT NULL"
                )
        nothing = ", ".join(f'CAST(NULL AS {_SQL[dtype]}) AS "{name}"' for name, dtype in ORIGINS.items())
        return nw.from_native(self._connection.sql(" UNION ALL ".join(parts) or f"SELECT {nothing} WHERE false"))

    def write(self, rows: duckdb.DuckDBPyRelation, path: Path, schema: dict[str, pl.DataType], key: tuple[str, ...]) -> int:
        """A relation of this connection as one Parquet file with these columns and types, in the order of the key; how many rows."""
        columns = ", ".join(f'CAST("{name}" AS {_SQL[dtype]}) AS "{name}"' for name, dtype in schema.items())
        order = ", ".join(f'"{name}" NULLS FIRST' for name in key)
        target = str(path).replace("'", "''")
        options = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
        # DuckDB finds the relation by the name that it has here.
        return self._connection.execute(f"COPY (SELECT {columns} FROM rows ORDER BY {order}) TO '{target}' ({options})").fetchone()[0]

    def matching(self, card: SourceCard, period: str, keys: pl.DataFrame, fields: Iterable[str]) -> pl.DataFrame:
        """The rows of a delivery whose columns are those of one of the keys: the keys' columns, path, line, then the fields."""
        self._connection.register("wanted", keys)
        names = ", ".join(f'"{name}"' for name in dict.fromkeys([*keys.columns, "path", "line", *fields]))
        try:
            rows = f"{_raw(card)} SEMI JOIN wanted USING ({', '.join(keys.columns)})"
            return self._query(f"SELECT {names} FROM {rows} WHERE period = '{period}' ORDER BY path, line")
        finally:
            self._connection.unregister("wanted")

    def _query(self, sql: str) -> pl.DataFrame:
        return self._connection.sql(sql).pl()

    def _execute(self, sql: str) -> None:
        self._connection.execute(sql)

    def _insert(self, table: str, period: str, source: str | None, rows: pl.DataFrame) -> None:
        lead = f"'{period}'" if source is None else f"'{period}', '{source}'"
        self._connection.register("incoming", rows)
        self._execute(f"INSERT INTO {table} SELECT {lead}, * FROM incoming")
        self._connection.unregister("incoming")

    def _delete(self, card: SourceCard, period: str) -> None:
        self._connection.execute(f"DELETE FROM {_raw(card)} WHERE period = ?", [period])
        for table in ("loads", "rejected", "deliveries"):
            self._connection.execute(f"DELETE FROM {table} WHERE period = ? AND source = ?", [period, card.name])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def subjects(card: SourceCard) -> dict[str, str]:
    """The fields of a source that name what its rows speak of -> the kind of subject. Never a person."""
    kinds = {"uscc": "unit", "taxpayer_id": "unit", "org_code": "organisation", "area_code": "area", "posting_code": "area"}
    found = {field.name: kinds[field.name] for field in card.fields if field.name in kinds}
    if card.name == "member":
        # A member stands in `origins` as a line of the work unit alone: with the organisation on the same line it would be a row a member.
        found.pop("org_code")
    return found | {name: kind for name, kind in (("park_code", "park"), ("district_code", "area")) if name in card.key}


def _layout() -> list[str]:
    """The statements that make the tables, from the cards."""
    key = "PRIMARY KEY (source, period)"
    made = [f"CREATE TABLE deliveries (source TEXT, period TEXT, fingerprint TEXT, rows BIGINT, readable BOOLEAN, checked BOOLEAN, {key})"]
    made += [_create("loads", "period TEXT, source TEXT", LOADS), _create("rejected", "period TEXT, source TEXT", REJECTED)]
    return made + [_create(_raw(card), "period TEXT", {"path": pl.String} | row_schema(card)) for card in sources().values()]


def _create(table: str, lead: str, schema: dict[str, pl.DataType]) -> str:
    columns = ", ".join(f'"{name}" {_SQL[dtype]}' for name, dtype in schema.items())
    return f"CREATE TABLE {table} ({lead}, {columns})"


def _fields(card: SourceCard, fields: tuple[str, ...] = ()) -> str:
    return ", ".join(f'"{name}"' for name in fields or (field.name for field in card.fields))


def _raw(card: SourceCard) -> str:
    return f"raw_{card.name}"
