"""The engines that compute a period's figures: the same transforms on Polars, on DuckDB, on Spark. A file an engine.

What belongs here: choosing the engine, and the reference lists as its frames. What an engine must do is in base.py.
"""

import shutil

import polars as pl

from data.contracts import registration_types
from data.home import Home, HomeUnfit
from data.periods import last_day
from pipelines.engines.base import EXPORTED, Engine
from pipelines.engines.machine import memory
from pipelines.engines.polars_engine import PolarsEngine
from pipelines.warehouse import Warehouse
from transforms.inputs import Inputs, valid_codes


def obstacle(name: str) -> str | None:
    """Why an engine can't run here, in one line with the way out; None where it can."""
    if name != "spark":
        return None
    from pipelines.engines import session

    return session.obstacle()


def forget_rows(home: Home, source: str, month: str) -> None:
    """A delivery that was read anew or is gone must not stay beside the warehouse, where Spark once had it exported."""
    shutil.rmtree(home.path / EXPORTED / source / f"period={month}", ignore_errors=True)


def require(name: str) -> None:
    """HomeUnfit where an engine can't run here."""
    why = obstacle(name)
    if why is not None:
        raise HomeUnfit(why)


def open_engine(home: Home, warehouse: Warehouse) -> Engine:
    """The engine that the settings name. HomeUnfit where it can't run here."""
    name = home.settings.engine
    require(name)
    if name == "duckdb":
        from pipelines.engines.duckdb_engine import DuckDBEngine

        return DuckDBEngine(warehouse, memory())
    if name == "spark":
        from pipelines.engines.session import open_session
        from pipelines.engines.spark_engine import SparkEngine

        # Beside Spark, the warehouse exports rows and writes origins.
        warehouse.limit(memory() // 2)
        return SparkEngine(home, warehouse, *open_session(home, memory()))
    return PolarsEngine(warehouse)


def period_inputs(home: Home, engine: Engine, period: str, in_effect: dict[str, str]) -> Inputs:
    """The start of a period's computation. `in_effect`: source -> the period whose delivery counts; a missing source is not in it."""
    types = pl.DataFrame(registration_types(), schema={"code": pl.String, "name": pl.String, "kind": pl.String}, orient="row")
    valid = valid_codes(home.districts, last_day(period))
    codes = pl.DataFrame(list(valid.items()), schema={"code": pl.String, "valid_code": pl.String}, orient="row")
    return Inputs(
        period=period,
        rows={source: engine.delivery(source, month) for source, month in in_effect.items()},
        types=engine.frame(types.select("code", "kind")),
        district_map=engine.frame(codes),
        districts=home.districts,
        settings=home.settings,
    )
