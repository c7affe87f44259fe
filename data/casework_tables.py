"""The casework's tables, and the two stores that can hold them: an SQLite file, a PostgreSQL database. For data/casework.py alone.

What belongs here: all that needs SQLAlchemy, so that who never opens the casework does not wait for its import (a quarter of a second).

One event is one row, numbered 1, 2, 3 without a gap by the one writer of the moment. Rows are only ever added: the store itself
refuses to change or to remove one, whatever program asks. What was said about a finding is a record that people answer for.
"""

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

VERSION = 1
WAIT_SECONDS = 15
# A number of ours: whoever writes in the same PostgreSQL database takes turns by it, before there is a table that could be locked.
TURN = 4_119_220_117


class Utc(sa.types.TypeDecorator):
    """A moment. SQLite knows no time zone, so what it holds is UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


class Exact(sa.types.TypeDecorator):
    """A decimal as it was written: SQLite would keep a float in its place."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


metadata = sa.MetaData()
version = sa.Table("casework_version", metadata, sa.Column("version", sa.Integer, nullable=False))
events = sa.Table(
    "casework_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False, index=True),
    sa.Column("rule", sa.String(64), nullable=False),
    sa.Column("period", sa.String(7), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("assignee", sa.Text),
    sa.Column("due", sa.Date),
    sa.Column("disposition", sa.String(16)),
    sa.Column("note", sa.Text),
    sa.Column("until", sa.String(7)),
    sa.Column("fact", sa.String(64)),
    sa.Column("low", Exact),
    sa.Column("high", Exact),
    sa.Column("through", sa.String(8), nullable=False),
)

# SQLite removes a row that INSERT OR REPLACE replaces without asking its DELETE trigger: hence the third, which lets in the next
# number alone.
_SQLITE_GUARDS = (
    "CREATE TRIGGER casework_keeps_rows BEFORE DELETE ON casework_events BEGIN SELECT RAISE(ABORT, 'casework: append only'); END",
    "CREATE TRIGGER casework_keeps_words BEFORE UPDATE ON casework_events BEGIN SELECT RAISE(ABORT, 'casework: append only'); END",
    "CREATE TRIGGER casework_keeps_order BEFORE INSERT ON casework_events "
    "WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM casework_events) "
    "BEGIN SELECT RAISE(ABORT, 'casework: append only'); END",
)
_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION casework_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'casework: append only'; END $$",
    "CREATE TRIGGER casework_keeps_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON casework_events "
    "FOR EACH STATEMENT EXECUTE FUNCTION casework_append_only()",
)


def version_of(connection: sa.Connection) -> int | None:
    """The version of the tables in this store; None where there are none yet."""
    if not sa.inspect(connection).has_table(version.name):
        return None
    return connection.scalar(sa.select(sa.func.max(version.c.version)))


def take_turn(connection: sa.Connection) -> None:
    """Until this transaction ends nobody else writes. On SQLite BEGIN IMMEDIATE has seen to it (below)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))


def create(connection: sa.Connection) -> None:
    """Tables and guards, in the transaction of the first write."""
    metadata.create_all(connection, checkfirst=False)
    for guard in _SQLITE_GUARDS if connection.dialect.name == "sqlite" else _POSTGRESQL_GUARDS:
        connection.exec_driver_sql(guard)
    connection.execute(sa.insert(version).values(version=VERSION))


@lru_cache(8)
def sqlite_engine(path: Path, may_create: bool) -> sa.Engine:
    """Opened anew for every use: the file may be copied, moved or put back from a copy while the pages are up.

    The journal is SQLite's own plain one, not WAL: a WAL needs shared memory, which a file share does not have, and leaves beside the
    file a second one that a copied home may miss. Acts are few and short, so that readers and writers hardly ever wait for each other.
    """
    mode = "rwc" if may_create else "rw"

    def connect() -> sqlite3.Connection:
        # isolation_level None: transactions are begun here, below, and not by the driver at a statement of its choice.
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode={mode}", uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA synchronous = EXTRA")  # an act that was confirmed outlives a power cut
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.NullPool)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


@lru_cache(8)
def postgresql_engine(url: str) -> sa.Engine:
    """A few connections, looked at before use, for a server may have been started anew since. Nothing that a pooler between could mind.

    READ COMMITTED, whatever the database has for its default: who waited for the turn must see what was written meanwhile.
    """
    named = sa.make_url(url).set(drivername="postgresql+psycopg")
    arguments = {"connect_timeout": 5, "tcp_user_timeout": WAIT_SECONDS * 1000, "application_name": "liangxin"}
    given = {name: value for name, value in arguments.items() if name not in named.query}
    given["prepare_threshold"] = None
    return sa.create_engine(
        named, isolation_level="READ COMMITTED", connect_args=given, pool_size=2, max_overflow=3, pool_pre_ping=True, pool_recycle=600
    )


def postgresql_place(url: str) -> str:
    """Host and database, for people to read."""
    parts = sa.make_url(url)
    return f"{parts.host or parts.query.get('host', '')}/{parts.database or ''}"
