"""The months of a home that has been run, for the oracle: the rows that the program read, and which of them count, worked out here.

What belongs here: the way from a home to bench.oracle_month.Month. Reading files is the program's own (sources.md is held by other
tests); which delivery is in effect, what was withdrawn and since when a finding stands are counted anew.
"""

import csv
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from bench.oracle import findings
from bench.oracle_month import Month
from data.contracts import sources
from data.home import Home
from data.releases import current
from pipelines.warehouse import Warehouse, open_warehouse

CARRY_OVER = {"park": 11, "funding": 11, "recruit_quota": 11, "survey": 12}


def months_of(home: Home, periods: Iterable[str] | None = None) -> dict[str, Month]:
    """period -> month, of every published period (or of those named), oldest first, each knowing the calendar month before it."""
    found: dict[str, Month] = {}
    with open_warehouse(home) as warehouse:
        for period in sorted(current(home) if periods is None else periods):
            found[period] = _month(home, warehouse, period)
            found[period].before = found.get(_earlier(period, 1))
    return found


def _month(home: Home, warehouse: Warehouse, period: str) -> Month:
    readable = {key for key, stored in warehouse.stored().items() if stored.readable}
    rows = {}
    for source in sources():
        for back in range(CARRY_OVER.get(source, home.settings.carry_over_months) + 1):
            if (source, _earlier(period, back)) in readable:
                rows[source] = _rows(warehouse, source, _earlier(period, back))
                break
    own = ("district_return", period) in readable
    return Month(
        period,
        rows,
        districts_of(home),
        returns=_rows(warehouse, "district_return", period) if own else None,
        loads=warehouse.loads(period).rows(named=True),
        withdrawn=sorted(_withdrawn(home, period)),
        basis=home.settings.basis,
    )


def _rows(warehouse: Warehouse, source: str, period: str) -> list[dict]:
    return warehouse.rows(sources()[source], period).rows(named=True)


def _earlier(period: str, months: int) -> str:
    count = int(period[:4]) * 12 + int(period[5:]) - 1 - months
    return f"{count // 12}-{count % 12 + 1:02d}"


def districts_of(home: Home) -> list[dict]:
    """districts.csv as it stands, an empty cell as none."""

    def day(text: str | None) -> date | None:
        return date.fromisoformat(text.strip()) if text and text.strip() else None

    with home.reference_file("districts.csv").open(encoding="utf-8-sig") as file:
        return [
            {
                "code": row["code"].strip(),
                "valid_from": day(row.get("valid_from")),
                "valid_to": day(row.get("valid_to")),
                "successor": (row.get("successor") or "").strip() or None,
            }
            for row in csv.DictReader(file)
        ]


def _withdrawn(home: Home, period: str) -> set[str]:
    """Paths that a release of the period was made from, and that landing no longer has."""
    loaded = set()
    for manifest in sorted((home.releases / period).glob("r*/manifest.json")):
        facts = json.loads(manifest.read_text(encoding="utf-8"))
        refused = facts.get("refused", {})
        loaded |= {path for path in facts["inputs"] if path.startswith(f"{period}/") and path not in refused}
    return {path for path in loaded if not (home.landing / path).exists()}


def published(home: Home, period: str) -> tuple[set[tuple], set[str]]:
    """The same two answers as bench.oracle.findings, as the program published them; of the rules not run, the names."""
    folder: Path = home.releases / period / current(home)[period]
    rows = pl.read_parquet(folder / "findings.parquet")
    not_run = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["checks"]["not_run"]
    return set(rows.select("rule", "subject", "district_code", "park_code").rows()), set(not_run)


def since(months: dict[str, Month]) -> dict[tuple[str, str, str], str]:
    """(period, rule, subject) -> the first period of the unbroken run of published periods in which the finding stands."""
    begun: dict[tuple[str, str, str], str] = {}
    standing: dict[tuple[str, str], str] = {}
    for period, month in months.items():
        here = {(rule, subject) for rule, subject, *_ in findings(month)[0]}
        standing = {key: standing.get(key, period) for key in here}
        begun |= {(period, *key): first for key, first in standing.items()}
    return begun
