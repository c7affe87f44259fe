"""Small columns that several ledgers are made of."""

import numpy as np
import polars as pl


def mix(numbers: np.ndarray, salt: int) -> np.ndarray:
    """A steady hash: what a unit is does not change from month to month."""
    value = (numbers.astype(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    return ((value ^ (value >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(33)).astype(np.int64)


def dates(days: np.ndarray, there: np.ndarray | None = None) -> pl.Series:
    column = pl.Series(np.asarray(days, dtype=np.int32)).cast(pl.Date)
    return column if there is None else known(column, there)


def known(column: pl.Series, mask: np.ndarray) -> pl.Series:
    return column.zip_with(pl.Series(mask), pl.Series([None], dtype=column.dtype))
