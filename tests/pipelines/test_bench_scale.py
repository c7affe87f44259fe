"""The measurement of a month of millions of units (docs/scale.md) runs: on some thousand, and without a look at the clock."""

import polars as pl

from bench import scale
from data.home import Home


def test_the_measurement_of_millions_runs_on_some_thousand_units(tmp_path, capsys):
    home = Home(tmp_path)
    scale.make(home, 4_000)
    scale.measure(home.path, 4_000, "duckdb")
    said = capsys.readouterr().out
    assert all(f"  {table}: " in said for table in scale.TABLES) and "in all: " in said
    drafts = home.releases / ".draft" / scale.PERIOD
    rows = {table: pl.scan_parquet(drafts / f"{table}.parquet").select(pl.len()).collect().item() for table in scale.TABLES}
    # Every unit of the registers is in the census, nobody is left out of what looks back, and every row says where it comes from.
    assert rows["census"] == 4_000 + 4_000 // 200 and min(rows.values()) > 0
    assert rows["origins"] > rows["census"]
