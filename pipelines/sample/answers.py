"""The answer key on disk: `<home>/answer_key/`, in CSV files and one summary.

What belongs here: the key's tables and their columns. loads and rejected say what reading must give; metrics, base_numbers,
totals and deliveries what the release must hold; planted_findings and near_misses what a check of the lists must (and must not) find.
"""

import csv
import json
from pathlib import Path

import numpy as np

from data.contracts import sources

from .city import City
from .delivery import Record
from .key import Truth
from .leads import Leads, of_returns

LOADS = (
    "period",
    "source",
    "path",
    "rows_read",
    "rows_loaded",
    "rows_rejected",
    "rows_skipped",
    "values_dropped",
    "defaults_used",
    "columns_left_out",
    "refused",
)


class Key:
    """Collects the key month by month, and writes it at the end."""

    def __init__(self, folder: Path, city: City, leads: Leads) -> None:
        self.folder, self.city, self.leads = folder, city, leads
        self.metrics: list[tuple] = []
        self.base: list[tuple] = []
        self.totals: list[tuple] = []
        self.carried: list[tuple] = []
        self.returned: dict[str, dict] = {}
        self.before: dict[str, tuple[int, int]] = {}
        self.planted: list[tuple] = list(leads.planted)
        self.near: list[tuple] = list(leads.near)

    # members: distinct persons in effect; at_work: in place or mobile, by work unit
    def figures(self, month: int, truth: Truth, unit: dict[str, np.ndarray], members: int | None, at_work: np.ndarray) -> None:
        period = self.city.periods[month]
        rows = truth.coverage(month, unit)
        self.metrics += [(period, *row) for row in rows]
        self._shrinking(period, rows)
        self.base += [(period, *row) for row in truth.base_numbers(month, unit)]
        self.totals += [(period, "census_rows", int(unit["known"].sum())), (period, "members", members)]
        self.totals.append((period, "census_members", int(at_work[unit["known"]].sum()) if members is not None else None))
        for source in sources():
            found = truth.effective(source, month)
            self.carried.append((period, source, self.city.periods[found[0]] if found else None))

    def _shrinking(self, period: str, rows: list[tuple]) -> None:
        """base_shrink: against the month before, the rate rose by five points and its base fell by a tenth (as exact fractions)."""
        now = {
            row[2]: (row[5], row[6])
            for row in rows
            if row[:2] == ("corroborated", "district") and row[3:5] == ("enterprise", "org_coverage")
        }
        now = {code: pair for code, pair in now.items() if None not in pair and pair[1]}
        for code in sorted(now.keys() & self.before.keys()):
            (n0, d0), (n1, d1) = self.before[code], now[code]
            if 20 * (n1 * d0 - n0 * d1) >= d0 * d1 and 10 * d1 <= 9 * d0:
                self.planted.append((period, "base_shrink", "district", code))
            elif self.leads.thin is not None and period == self.city.periods[self.leads.thin] and 10 * d1 <= 9 * d0:
                self.near.append((period, "base_shrink", "district", code))
        self.before = now

    def returns(self, period: str, rows: dict[str, np.ndarray], honest: dict) -> None:
        names = ("units", "covered", "single", "joint", "dispatched", "work_covered", "members")
        now = {
            (int(rows["_place"][index]), ("enterprise", "social_org")[int(rows["_social"][index])]): tuple(
                int(rows[f"_{name}"][index]) for name in names
            )
            for index in range(len(rows["_place"]))
        }
        place = self.city.periods.index(period)
        before = self.returned.get(self.city.periods[place - 1]) if place else None
        found, near = of_returns(rows, honest, period, before)
        self.planted += found
        self.near += near if place == len(self.city.periods) - 1 else []
        self.returned[period] = now

    def close(self, record: Record, units: int, months: int, seed: int) -> dict:
        self.folder.mkdir(parents=True, exist_ok=True)
        for period, source, path, _, loaded, rejected, *_ in record.loads:
            if 100 * rejected > loaded + rejected:
                self.planted.append((period, "many_rejected", "delivery", f"{source}|{path}"))
            elif rejected and period == self.city.periods[-1]:
                self.near.append((period, "many_rejected", "delivery", f"{source}|{path}"))
        loads = [
            (*row[:8], *(json.dumps(value, ensure_ascii=False) for value in row[8:]), None)
            for row in sorted(record.loads, key=lambda row: row[:3])
        ]
        self._put("loads", LOADS, loads)
        self._put("rejected", ("period", "source", "path", "line", "reason"), sorted(record.rejected))
        self._put(
            "metrics", ("period", "basis", "unit_kind", "unit_code", "sector", "metric", "numerator", "denominator", "reason"), self.metrics
        )
        columns = ("period", "unit_kind", "unit_code", "registered", "taxpayers", "insured", "both_lists", "corroborated", "verified")
        self._put("base_numbers", columns, self.base)
        self._put("totals", ("period", "what", "number"), self.totals)
        self._put("deliveries", ("period", "source", "from_period"), self.carried)
        self._put("planted_findings", ("period", "rule", "subject_kind", "subject"), sorted(set(self.planted)))
        self._put("near_misses", ("period", "rule", "subject_kind", "subject"), sorted(set(self.near)))
        summary = {
            "units": units, "months": months, "seed": seed, "periods": self.city.periods, "files": len(record.loads),
            "rows_read": sum(row[3] for row in record.loads), "rows_loaded": sum(row[4] for row in record.loads),
            "rows_rejected": sum(row[5] for row in record.loads), "rows_skipped": sum(row[6] for row in record.loads),
            "values_dropped": sum(row[7] for row in record.loads), "reported_by_name": record.strangers,
        }  # fmt: skip
        (self.folder / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return summary

    def _put(self, name: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
        with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
