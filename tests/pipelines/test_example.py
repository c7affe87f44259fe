"""The example city (tests/example): every table of every period must come out as its expected tables have it, worked out by other hands.

Doubles agree to 1e-9, all else exactly; a cell `*` is not compared. Once through the steps alone, once through the command line.
"""

import csv
import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from data.contracts import sources, tables
from data.home import Home
from data.releases import current, history, verify
from pipelines.steps import Session

EXAMPLE = Path(__file__).parents[1] / "example"
PERIODS = ["2016-12", "2017-10", "2017-11", "2017-12"]
MADE = sorted(name for name in tables() if (EXAMPLE / "expected" / f"{name}.csv").is_file())
OPEN = "*"


def copy(folder: Path) -> Home:
    shutil.copytree(EXAMPLE / "home", folder)
    return Home(folder)


@pytest.fixture(scope="module")
def by_steps(tmp_path_factory) -> Home:
    """Published by the steps alone, as a run does it: oldest period first."""
    home = copy(tmp_path_factory.mktemp("example") / "home")
    with Session(home) as session:
        for period in session.periods():
            for source in sources():
                session.load(source, period)
            for table in tables():
                session.build(period, table)
            assert session.publish(period, {}).revision == "r01"
    return home


@pytest.fixture(scope="module")
def by_command(tmp_path_factory) -> Home:
    """Published by `liangxin run`."""
    home = copy(tmp_path_factory.mktemp("command") / "home")
    done = liangxin("run", "--home", str(home.path), "--json")
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["published"] == dict.fromkeys(PERIODS, "r01")
    assert told["unpublished"] == {}
    return home


def liangxin(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "liangxin", *words], capture_output=True, text=True, encoding="utf-8", timeout=600)


@cache
def expected(table: str) -> tuple[list[str], list[dict[str, str]]]:
    with (EXAMPLE / "expected" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames), list(reader)


def published(home: Home, table: str) -> list[dict]:
    return pl.concat([release.table(table) for release in history(home)]).to_dicts()


def compare(home: Home, table: str) -> None:
    names, rows = expected(table)
    # What may differ is left open in a few columns: the key is of the others.
    key = [name for name in tables()[table].key if all(row[name] != OPEN for row in rows)]
    wanted = {tuple(row[name] for name in key): row for row in rows}
    found = {tuple(_text(row[name]) for name in key): row for row in published(home, table)}
    assert len(wanted) == len(rows)
    assert sorted(wanted.keys() - found.keys())[:5] == []
    assert sorted(found.keys() - wanted.keys())[:5] == []
    differ = [
        (*place, name, row[name], found[place][name])
        for place, row in wanted.items()
        for name in names
        if not _agree(row[name], found[place][name])
    ]
    assert differ[:5] == []


def _agree(wanted: str, found: object) -> bool:
    if wanted == OPEN:
        return True
    if isinstance(found, float) and wanted:
        return abs(float(wanted) - found) <= 1e-9 * max(1.0, abs(found))
    return wanted == _text(found)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list):
        return json.dumps(cell, ensure_ascii=False)
    return "" if cell is None else str(cell)


def test_the_tables_of_the_first_version_are_compared():
    assert {"units", "census", "metrics", "base_numbers", "loads", "rejected"} <= set(MADE)


@pytest.mark.parametrize("table", MADE)
def test_every_table_through_the_steps(by_steps, table):
    compare(by_steps, table)


def test_every_release_verifies_and_nothing_is_left_to_do(by_steps):
    assert current(by_steps) == dict.fromkeys(PERIODS, "r01")
    assert verify(by_steps) == []
    with Session(Home(by_steps.path)) as session:
        assert [period for period in session.periods() if session.stale(period)] == []


def test_what_was_carried_and_what_was_missing(by_steps):
    manifests = {release.period: release.manifest for release in history(by_steps)}
    annual = dict.fromkeys(("park", "funding", "recruit_quota"), "2016-12")
    assert {period: manifest["carried"] for period, manifest in manifests.items()} == {
        "2016-12": {},
        "2017-10": annual,
        "2017-11": annual | {"tax": "2017-10"},
        "2017-12": {},
    }
    assert manifests["2017-12"]["missing"] == ["park", "survey"]


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.parametrize("table", MADE)
def test_every_table_through_the_command(by_command, table):
    compare(by_command, table)


@pytest.mark.end_to_end
@pytest.mark.slow
def test_a_second_run_publishes_nothing(by_command):
    before = {path: path.read_bytes() for path in by_command.releases.rglob("*") if path.is_file()}
    done = liangxin("run", "--home", str(by_command.path), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["unchanged"] == dict.fromkeys(PERIODS, "r01")
    assert {path: path.read_bytes() for path in by_command.releases.rglob("*") if path.is_file()} == before
    assert verify(by_command) == []


@pytest.mark.end_to_end
@pytest.mark.slow
def test_the_command_makes_the_same_bytes_as_the_steps(by_command, by_steps):
    def digests(home: Home) -> dict[str, dict]:
        return {release.period: release.manifest["tables"] for release in history(home)}

    assert digests(by_command) == digests(by_steps)
