"""A home's history of runs: Dagster's own store in `<home>/.dagster`, written to by `liangxin run`, shown by `dagster dev`.

What belongs here: opening that store. Its files are Dagster's own SQLite files; only the way to them is ours. Dagster opens a new
database connection for every event, which takes five times as long as all the rest of a run does; here one connection stays open.
Nothing depends on this history: figures, inputs and checks of a period stand in its release.
"""

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy
from dagster._core.instance import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from sqlalchemy.pool import QueuePool

FOLDER = ".dagster"
BY_COMMAND = {"liangxin/by": "run"}


def open_history(home: Path) -> dg.DagsterInstance:
    """The home's instance: no telemetry, no capture of output, its files under `<home>/.dagster`."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    overrides = {
        "telemetry": {"enabled": False},
        "compute_logs": {"module": "dagster._core.storage.noop_compute_log_manager", "class": "NoOpComputeLogManager"},
        "storage": {"custom": {"module": __name__, "class": "HistoryStorage", "config": {"base_dir": str(folder)}}},
    }
    instance = dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(folder), overrides=overrides))
    _end_killed_runs(instance)
    return instance


def _end_killed_runs(instance: dg.DagsterInstance) -> None:
    """A killed run stands as started for ever, and the daemon would wait for it. Who calls this holds the warehouse: none is at work."""
    unfinished = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    for run in instance.get_runs(dg.RunsFilter(statuses=unfinished, tags=BY_COMMAND)):
        instance.report_run_failed(run, "The run was killed.")


class _Events(SqliteEventLogStorage):
    """One database a run and an index, as Dagster keeps them, each opened once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._engines: dict[str, sqlalchemy.Engine] = {}
        super().__init__(*args, **kwargs)

    @contextmanager
    def _connect(self, shard: str):
        with self._db_lock:
            if shard not in self._engines:
                self._engines[shard] = _engine(self.conn_string_for_shard(shard))
            engine = self._engines[shard]
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def dispose(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        super().dispose()


class _Runs(SqliteRunStorage):
    @contextmanager
    def connect(self):
        if not hasattr(self, "_engine"):
            self._engine = _engine(self._conn_string)
            self._turn = threading.RLock()
        with self._turn, self._engine.begin() as connection:
            yield connection


class HistoryStorage(DagsterSqliteStorage):
    """Dagster's SQLite storage over connections that stay open."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = _Events(self._event_log_storage._base_dir)  # noqa: SLF001
        self._run_storage = _Runs(self._run_storage._conn_string)  # noqa: SLF001

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "HistoryStorage":
        return cls(config_value["base_dir"], inst_data)


def _engine(url: str) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(url, poolclass=QueuePool, pool_size=1, connect_args={"timeout": 60, "check_same_thread": False})

    @sqlalchemy.event.listens_for(engine, "connect")
    def _settle(connection: Any, _: Any) -> None:
        # With a write-ahead log this survives the end of the process at any moment, and waits for the disk far less often.
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine
