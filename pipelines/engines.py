"""The engine that computes a period's figures: frames of the rows in effect, as the transforms want them."""

from collections.abc import Mapping

import narwhals as nw
import polars as pl

from data.contracts import registration_types
from data.home import Home, HomeUnfit
from data.language import words
from data.periods import last_day
from transforms.inputs import Inputs, valid_codes


def period_inputs(home: Home, period: str, rows: Mapping[str, pl.DataFrame]) -> Inputs:
    """The start of a period's computation. `rows`: source -> the rows of its delivery in effect; a missing source is not in it."""
    if home.settings.engine != "polars":
        raise HomeUnfit(
            words(
                f'settings.toml:engine = "{home.settings.engine}" 尚不可用。请设为 "polars"。',
                f'settings.toml: engine = "{home.settings.engine}" is not available yet. Set engine = "polars".',
            )
        )
    types = pl.DataFrame(registration_types(), schema={"code": pl.String, "name": pl.String, "kind": pl.String}, orient="row").select(
        "code", "kind"
    )
    valid = valid_codes(home.districts, last_day(period))
    codes = pl.DataFrame(list(valid.items()), schema={"code": pl.String, "valid_code": pl.String}, orient="row")
    return Inputs(
        period=period,
        rows={source: _lazy(frame) for source, frame in rows.items()},
        types=_lazy(types),
        district_map=_lazy(codes),
        districts=home.districts,
        settings=home.settings,
    )


def collect(frame: nw.LazyFrame) -> pl.DataFrame:
    """Compute, in the engine, and hand over as Polars."""
    return frame.collect("polars").to_native()


def from_polars(frame: pl.DataFrame) -> nw.LazyFrame:
    """A computed table, as the transforms want it."""
    return _lazy(frame)


def _lazy(frame: pl.DataFrame) -> nw.LazyFrame:
    return nw.from_native(frame.lazy())
