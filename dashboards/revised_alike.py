"""Two revisions side by side hide the same: what one shows would tell what the other hides.

What belongs here: numbers that are taken out of both, row by row. Which figures are hidden is settled in transforms/small_cells.py.
"""

import polars as pl

from data.contracts import metrics, tables
from transforms import small_cells


def hidden_alike(rows: pl.LazyFrame, hidden: pl.DataFrame) -> pl.LazyFrame:
    """A figure without any number has nothing to hide, and keeps the reason why it has none."""
    told = pl.any_horizontal(pl.col(small_cells.SIDES).is_not_null())
    return pl.concat([small_cells.apply(rows.filter(told).collect(), hidden).lazy(), rows.filter(~told)])


def paced_alike(rows: pl.LazyFrame, others: pl.LazyFrame) -> pl.LazyFrame:
    """The recent pace of a target looks back to months that may hide a figure in one revision and not in the other. Nothing tells such
    a pace from one that is not known, so where members are counted it is shown in both or in neither."""
    counting = [card.name for card in metrics().values() if "numerator" in card.members]
    key = tables()["targets"].key
    unknown = others.filter(pl.col("metric").is_in(counting) & pl.col("pace_recent").is_null()).select(*key, unpaced=pl.lit(True))
    paced = pl.when(pl.col("unpaced").is_null()).then(pl.col("pace_recent")).alias("pace_recent")
    return rows.join(unknown, on=key, how="left", nulls_equal=True).with_columns(paced).drop("unpaced")
