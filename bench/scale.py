"""A month of millions of units: the figures alone, on the engine of choice, under a limit of memory.

    python -m bench.scale --units 3000000 10000000 30000000 --memory 4GB --work DIR
    python -m bench.scale --units 1000000 --engine spark --memory 4GB

The rows are made by DuckDB in the warehouse (no file is read and nothing is checked: bench.growth measures that); one district for 50,000
units, three parks a district, shares as in a large city. The baseline of the doubling is the same registers a year before.
Each step is timed; the peak is that of the process with its children, the spill the most that lay in the temporary folder.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

from bench.timing import ROOT, machine
from data.contracts import sources, tables
from data.home import District, Home
from data.releases import digest
from pipelines import publishing
from pipelines.engines import open_engine, period_inputs
from pipelines.lookback import Lookback
from pipelines.period import Period
from pipelines.warehouse import Warehouse, open_warehouse

BASELINE, PERIOD = "2016-12", "2017-12"
UNITS_A_DISTRICT = 50_000
PARKS_A_DISTRICT = 3
TABLES = ("units", "census", "metrics", "base_numbers", "doubling", "worklist", "weak_orgs", "organisations", "origins")
LOOKED_BACK_TO = ("census", "worklist", "weak_orgs")

# One draw a unit and question, the same on every machine: a number from 0 to 999.
DRAW = "(hash(i * 64 + {question}) % 1000)"
# Codes in no order, as they come: in a row they would compress as none do.
UNIT = "'91' || ({i} % {districts} + 100000) || lpad((({i}) * 6180339887 % 10000000000)::TEXT, 10, '0')"
# source -> (rows for so many units, SELECT over i). Of a thousand units 370 are enterprises, 610 self-employed, 20 public.
ROWS = {
    "registration": ("{units}", """
        {unit} AS uscc, '某' || substr(md5(i::TEXT), 1, 8) || '有限公司' AS name,
        CASE WHEN {d0} < 370 THEN '1130' WHEN {d0} < 980 THEN '9500' ELSE '1110' END AS type_code,
        CASE WHEN {d1} < 930 THEN 'active' ELSE 'cancelled' END AS status, DATE '2005-01-01' + ({d2} * 4.74)::INT AS founded_on,
        (100000 + i % {districts})::TEXT AS district_code,
        CASE WHEN {d3} < 120 THEN 'P' || (i % {districts}) || '-' || ({d4} % {parks}) END AS park_code"""),
    "social_org": ("{units} // 200", """
        '51' || (i % {districts} + 100000) || lpad(i::TEXT, 10, '0') AS uscc, '某协会' || i AS name,
        'association' AS kind, 'active' AS status, DATE '2005-01-01' + ({d2} * 4.74)::INT AS founded_on,
        (100000 + i % {districts})::TEXT AS district_code"""),
    "tax": ("{units}", "{unit} AS taxpayer_id, 'normal' AS status, CASE WHEN {d5} < 620 THEN 1000 ELSE 0 END AS paid_yuan", "{d0} < 370"),
    "social_insurance": ("{units}", "{unit} AS uscc, 1 + ({d6} * {d7}) // 4000 AS insured", "{d0} < 370 AND {d8} < 450"),
    "party_org": ("{units} // 100", """
        'ORG' || i AS org_code, '某支部' || i AS name, 'branch' AS kind, CASE WHEN {d1} < 550 THEN 'single' WHEN {d1} < 850 THEN 'joint'
        ELSE 'dispatched' END AS mode, DATE '2010-01-01' + ({d2} * 2.92)::INT AS founded_on, DATE '2016-06-30' + {d3}::INT AS term_ends_on,
        {d4} < 960 AS secretary, DATE '2015-01-01' + {d5}::INT AS secretary_trained_on, {d6} % 6 AS stars, {d7} % 9 AS eight_haves,
        {d8} % 13 AS meetings, CASE WHEN {d9} < 300 THEN 'park' ELSE 'organ' END AS managed_by"""),
    # Four links an organisation.
    "org_link": ("{units} // 25", """
        'ORG' || (i % ({units} // 100)) AS org_code, {linked} AS uscc, DATE '2010-01-01' + ({d2} * 2.92)::INT AS starts_on"""),
    "member": ("{units} // 12", """
        md5(i::TEXT) AS member_id, 'ORG' || (i % ({units} // 100)) AS org_code, {worked} AS uscc,
        CASE WHEN {d1} < 950 THEN 'formal' ELSE 'probationary' END AS kind, DATE '1995-01-01' + ({d2} * 8.3)::INT AS joined_on,
        CASE WHEN {d3} < 900 THEN 'in_place' WHEN {d3} < 960 THEN 'mobile' WHEN {d3} < 985 THEN 'pocket' ELSE 'lost' END AS relation"""),
    "instructor": ("{units} // 400", """
        md5('i' || i) AS instructor_id, {linked} AS uscc, {d1} < 300 AS full_time, (100000 + i % {districts})::TEXT AS posting_code,
        DATE '2015-01-01' + {d2}::INT AS starts_on"""),
    "mass_org": ("{units} // 30", """
        {linked} AS uscc, CASE WHEN {d1} < 700 THEN 'union' WHEN {d1} < 850 THEN 'youth_league' ELSE 'women' END AS kind,
        DATE '2008-01-01' + ({d2} * 3.65)::INT AS founded_on"""),
    "park": ("{districts} * {parks}", """
        'P' || (i // {parks}) || '-' || (i % {parks}) AS park_code, '某园区' || i AS name,
        CASE WHEN {d1} < 50 THEN 'national' WHEN {d1} < 300 THEN 'provincial' ELSE 'municipal' END AS level,
        (100000 + i // {parks})::TEXT AS district_code, DATE '2016-01-01' + ({d2} * 1.2)::INT AS centre_opened_on"""),
}  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--units", type=int, nargs="+", default=[3_000_000, 10_000_000])
    options.add_argument("--engine", default="duckdb", choices=["polars", "duckdb", "spark"])
    options.add_argument("--memory", default="4GB")
    options.add_argument("--work", type=Path, default=None, help="where to put the home (default: a temporary folder)")
    options.add_argument("--measure", type=Path, default=None, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure is not None:
        measure(chosen.measure, chosen.units[0], chosen.engine)
        return
    print(f"{chosen.engine}, {chosen.memory}; {machine()}", flush=True)
    for units in chosen.units:
        with tempfile.TemporaryDirectory(dir=chosen.work) as folder:
            home = Home(Path(folder) / "home")
            begun = time.perf_counter()
            make(home, units)
            size = home.warehouse.stat().st_size
            print(
                f"\n{units:,} units, {districts_of(units)} districts: made in {time.perf_counter() - begun:.0f} s, {gb(size)}",
                flush=True,
            )
            # In a process of its own, so that the peak is of the figures alone.
            command = [sys.executable, "-m", "bench.scale", "--units", units, "--engine", chosen.engine, "--measure", home.path]
            subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env=os.environ | {"LIANGXIN_MEMORY": chosen.memory})


def districts_of(units: int) -> int:
    return max(1, units // UNITS_A_DISTRICT)


def make(home: Home, units: int) -> None:
    """A warehouse that holds a month of so many units."""
    places = {"units": units, "districts": districts_of(units), "parks": PARKS_A_DISTRICT}
    draws = {f"d{question}": DRAW.format(question=question) for question in range(10)}
    words = places | draws | {"unit": UNIT.format(i="i", **places)}
    # Four members have one work unit in common; links, instructors and mass organisations lie anywhere.
    words |= {"linked": UNIT.format(i=_enterprise("i", units), **places), "worked": UNIT.format(i=_enterprise("(i // 4)", units), **places)}
    with open_warehouse(home) as warehouse:
        connection = warehouse.connection
        connection.execute("SET memory_limit = '8GiB'")
        connection.execute("SET preserve_insertion_order = false")
        for source, (rows, select, *where) in ROWS.items():
            only = f"WHERE {where[0].format(**words)}" if where else ""
            connection.execute(
                f"INSERT INTO raw_{source} BY NAME SELECT '{PERIOD}' AS period, '{PERIOD}/{source}/made.csv' AS path, i AS line, "
                f"{select.format(**words)} FROM range({rows.format(**places)}) AS made(i) {only}"
            )
            count = connection.execute(f"SELECT count(*) FROM raw_{source}").fetchone()[0]
            connection.execute("INSERT INTO deliveries VALUES (?, ?, 'made', ?, true, true)", [source, PERIOD, count])
        connection.execute("CHECKPOINT")


def _enterprise(start: str, units: int) -> str:
    """The number of a unit that is an enterprise (its first draw is below 370): of four tries in a row the first that is."""
    tried = [f"({start} * 25 + {step} * 7 + hash(i * 64 + 20) % 5) % {units}" for step in range(1, 5)]
    tries = " ".join(f"WHEN hash(({number}) * 64) % 1000 < 370 THEN {number}" for number in tried)
    return f"(CASE {tries} ELSE {tried[0]} END)"


def measure(folder: Path, units: int, engine_name: str) -> None:
    home = Home(folder)
    home.settings = home.settings.model_copy(update={"engine": engine_name})
    home.districts = tuple(
        District(str(100000 + number), f"某区{number}", date(2000, 1, 1), None, None, None, None, True)
        for number in range(districts_of(units))
    )
    with open_warehouse(home) as warehouse, Watch(home) as watch:
        engine = open_engine(home, warehouse)
        begun = time.perf_counter()
        _baseline(home, warehouse, engine)
        print(f"  the baseline, {BASELINE}: {time.perf_counter() - begun:.1f} s", flush=True)
        period = _period(home, warehouse, engine, PERIOD)
        begun, worked = time.perf_counter(), _worked(os.getpid())
        sizes = {}
        for table in TABLES:
            since = time.perf_counter()
            path, rows = _write(home, period, engine, PERIOD, table)
            sizes[table] = path.stat().st_size
            print(f"  {table}: {rows:,} rows, {time.perf_counter() - since:.1f} s, {gb(sizes[table])}", flush=True)
        seconds, worked = time.perf_counter() - begun, _worked(os.getpid()) - worked
        engine.forget()
        engine.close()
        used = f"peak {gb(watch.memory)}, spill {gb(watch.spill)}, release {gb(sum(sizes.values()))}"
        print(f"  in all: {seconds:.0f} s ({worked:.0f} s of the processor), {used}", flush=True)


class MadeDeliveries:
    """Which deliveries count (as pipelines.deliveries tells of files): the made ones, of the one month, for both ends."""

    def in_effect(self, _: str) -> dict[str, str]:
        return {source: PERIOD for source in sources() if source in ROWS}


def _period(home: Home, warehouse: Warehouse, engine, month: str) -> Period:
    made = MadeDeliveries()
    return Period(period_inputs(home, engine, month, made.in_effect(month)), engine, warehouse, Lookback(home, month), made, withdrawn=[])


def _write(home: Home, period: Period, engine, month: str, table: str) -> tuple[Path, int]:
    card = tables()[table]
    made = getattr(period, table)()
    return publishing.write_draft(home, month, card, publishing.frame_of(card, []) if made is None else made, engine)


def _baseline(home: Home, warehouse: Warehouse, engine) -> None:
    """What a later period looks back to, as a release: the census of the year before, its lists."""
    period = _period(home, warehouse, engine, BASELINE)
    written = {table: _write(home, period, engine, BASELINE, table)[0] for table in LOOKED_BACK_TO}
    target = home.releases / BASELINE / "r01"
    target.mkdir(parents=True)
    for path in written.values():
        shutil.move(path, target)
    manifest = {"tables": {table: {"sha256": digest(target / f"{table}.parquet")} for table in LOOKED_BACK_TO}, "missing": []}
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (home.releases / "CURRENT.json").write_text(json.dumps({BASELINE: "r01"}), encoding="utf-8")
    engine.forget()


class Watch:
    """The most that this process and its children held in memory, and the most that lay in the temporary folders; five looks a second."""

    def __init__(self, home: Home):
        self._folders = (home.path / "warehouse.duckdb.tmp", home.path / "spark" / "tmp")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.memory = self.spill = 0

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            self.memory = max(self.memory, _held(os.getpid()))
            self.spill = max(self.spill, sum(_size(folder) for folder in self._folders))


def _held(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/statm").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE") + sum(map(_held, _children(process)))


def _worked(process: int) -> float:
    """Seconds of the processor, with those of the children that still run."""
    try:
        times = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK") + sum(map(_worked, _children(process)))


def _children(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
        except OSError:
            continue
    return found


def _size(folder: Path) -> int:
    total = 0
    for place, _, files in os.walk(folder):
        for file in files:
            try:
                total += os.stat(os.path.join(place, file)).st_size
            except OSError:
                continue
    return total


def gb(size: int) -> str:
    return f"{size / 1e9:.2f} GB"


if __name__ == "__main__":
    main()
