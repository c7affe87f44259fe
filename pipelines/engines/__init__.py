"""The engines that compute a period's figures: the same transforms on Polars, on DuckDB, on Spark. A file an engine.

What belongs here: choosing the engine, and the reference lists as its frames. What an engine must do is in base.py.
"""

import polars as pl

from data.contracts import registration_types
from data.home import Home
from data.periods import last_day
from pipelines.engines.base import Engine
from pipelines.engines.polars_engine import PolarsEngine
from pipelines.warehouse import Warehouse
from transforms.inputs import Inputs, valid_codes


def open_engine(home: Home, warehouse: Warehouse) -> Engine:
    """The engine that settings.toml names."""
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
