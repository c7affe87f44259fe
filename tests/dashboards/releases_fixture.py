"""A home with the example city's releases, made from tests/example/expected without the pipeline: what the dashboards' tests read.

Cells that the expected tables leave open (`*`) are filled plausibly; columns that they lack (fields of rejected rows) are made up.
"""

import csv
import hashlib
import json
import shutil
from functools import cache
from pathlib import Path

import polars as pl

from data import contracts
from data.home import Home
from data.periods import add_months
from expectations.findings import fingerprint

EXAMPLE = Path(__file__).parents[1] / "example"
PERIODS = ("2016-12", "2017-10", "2017-11", "2017-12")
TYPES = {"bigint": pl.Int64, "double": pl.Float64, "boolean": pl.Boolean, "date": pl.Date, "list": pl.List(pl.String)}
CARRIED = {
    "2016-12": {},
    "2017-10": {"park": "2016-12", "funding": "2016-12", "recruit_quota": "2016-12"},
    "2017-11": {"park": "2016-12", "funding": "2016-12", "recruit_quota": "2016-12", "tax": "2017-10"},
    "2017-12": {},
}
NAMES = {"in_park": "园区内", "out_park": "园区外"}


@cache
def expected(table: str) -> pl.DataFrame:
    """An expected table with the types of its card."""
    card = contracts.tables()[table]
    with (EXAMPLE / "expected" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = [_filled(table, row) for row in csv.DictReader(file)]
    columns = {}
    for column in card.published:
        kind = TYPES.get(column.type, pl.String)
        columns[column.name] = pl.Series(column.name, [_cell(column.type, row.get(column.name)) for row in rows], dtype=kind)
    return pl.DataFrame(columns)


def _filled(table: str, row: dict[str, str]) -> dict[str, str]:
    row = {name: "" if value == "*" else value for name, value in row.items()}
    if table == "units" and row["unit_kind"] == "zone":
        row["name"] = NAMES[row["unit_code"]]
    if table == "findings":
        row |= {"fingerprint": fingerprint(row["rule"], row["subject"]), "evidence": '{"facts": {}, "rows": []}'}
    if table == "rejected":
        row["fields"] = json.dumps({"uscc": "91980102MA13GXF47G", "name": "=1+1 示例"}, ensure_ascii=False)
    return row


def _cell(kind: str, value: str | None):
    if value is None or value == "":
        return None
    if kind == "bigint":
        return int(value)
    if kind == "double":
        return float(value)
    if kind == "boolean":
        return value == "true"
    if kind == "list":
        return json.loads(value)
    if kind == "date":
        return pl.Series([value]).str.to_date()[0]
    return value


def tables_of(period: str) -> dict[str, pl.DataFrame]:
    """The tables of one period, as they are expected; a table of which nothing is expected is left out."""
    known = [name for name in contracts.tables() if (EXAMPLE / "expected" / f"{name}.csv").exists()]
    return {name: expected(name).filter(pl.col("period") == period) for name in known}


def publish(
    home: Home, period: str, revision: str = "r01", created_at: str | None = None, current: bool = True, **tables: pl.DataFrame
) -> Path:
    """Writes a release the way a run does, with some tables put in the place of the expected ones."""
    folder = home.releases / period / revision
    folder.mkdir(parents=True)
    found = tables_of(period) | tables
    stated = {}
    for name, frame in found.items():
        frame.write_parquet(folder / f"{name}.parquet")
        stated[name] = {"sha256": hashlib.sha256((folder / f"{name}.parquet").read_bytes()).hexdigest(), "rows": frame.height}
    loads = found["loads"]
    arrived = set(loads["source"]) | set(CARRIED[period])
    manifest = {
        "period": period,
        "revision": revision,
        "created_at": created_at or f"{add_months(period, 1)}-05T01:05:00+00:00",
        "program": "0.1.0",
        "definitions": contracts.definitions_version(),
        "basis": "corroborated",
        "engine": "polars",
        "inputs": dict(zip(loads["path"], loads["sha256"], strict=True)),
        "reference": {},
        "tables": stated,
        "carried": CARRIED[period],
        "missing": [name for name in contracts.sources() if name not in arrived],
        "checks": {
            "passed": ["rows_balance", "districts_add_up"],
            "failed": [],
            "not_run": {"survey_stale": ["survey"]},
            "ran": [name for name in contracts.rules() if name != "survey_stale"],
        },
        "changes": [],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    if current:
        path = home.releases / "CURRENT.json"
        named = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        part = path.with_suffix(".part")
        part.write_text(json.dumps(named | {period: revision}), encoding="utf-8")
        part.replace(path)
    return folder


def make_home(folder: Path, periods: tuple[str, ...] = PERIODS) -> Home:
    """A home with reference files and the releases of these periods."""
    home = Home(folder)
    home.path.mkdir(parents=True, exist_ok=True)
    shutil.copytree(EXAMPLE / "home" / "reference", home.reference, dirs_exist_ok=True)
    for period in periods:
        publish(home, period)
    return home
