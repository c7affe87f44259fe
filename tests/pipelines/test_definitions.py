"""The definitions that `dagster dev` shows: complete, described, one writer, and silent to the outside."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
import yaml

from data.contracts import sources, tables
from pipelines import schedules
from pipelines.assets.common import MONTHS, City
from pipelines.definitions import JOB, defs

REPOSITORY = defs.get_repository_def()
ROOT = Path(__file__).parents[2]
ASSETS = {key.path[-1]: asset for asset in defs.assets for key in asset.keys}


def test_there_is_one_asset_a_source_and_a_stage():
    assert set(ASSETS) == {*sources(), *tables(), "draft", "release"}


@pytest.mark.parametrize("name", ASSETS)
def test_every_asset_says_its_grain_and_has_one_writer(name):
    asset = ASSETS[name]
    spec = asset.get_asset_spec(dg.AssetKey(name))
    assert "Each row is" in spec.description
    assert spec.group_name in {"raw", "measures", "release"}
    assert spec.partitions_def == MONTHS
    assert asset.op.pool == "duckdb"


def test_the_release_is_made_of_every_source():
    graph = defs.resolve_asset_graph()
    ancestors = graph.get_ancestor_asset_keys(dg.AssetKey("release"))
    assert {key.path[-1] for key in ancestors} >= {*sources(), *tables(), "draft"}


def test_both_borders_block():
    specs = [spec for check in defs.asset_checks for spec in check.check_specs]
    assert {spec.asset_key.path[-1] for spec in specs} == {*sources(), "draft"}
    assert {spec.name for spec in specs if spec.asset_key.path[-1] == "draft"} == set(tables())
    assert all(spec.blocking for spec in specs)


def test_the_job_is_monthly_and_runs_in_one_process():
    job = defs.resolve_job_def(JOB)
    assert job.partitions_def == MONTHS
    assert job.executor_def is dg.in_process_executor
    assert MONTHS.has_partition_key("2017-12")


def test_the_schedule_asks_for_the_month_that_has_ended():
    context = dg.build_schedule_context(scheduled_execution_time=datetime(2018, 1, 10, 6, tzinfo=UTC), repository_def=REPOSITORY)
    (request,) = schedules.monthly.evaluate_tick(context).run_requests
    assert request.partition_key == "2017-12"


@pytest.fixture
def look(tmp_path, monkeypatch):
    """Look at a landing folder with a cursor: (periods asked for, next cursor)."""
    monkeypatch.setattr(schedules, "SETTLED_SECONDS", -60)

    def look(cursor=None):
        context = dg.build_sensor_context(cursor=cursor, resources={"city": City(home=str(tmp_path))}, repository_def=REPOSITORY)
        tick = schedules.landing_changed.evaluate_tick(context)
        return [request.partition_key for request in tick.run_requests or ()], tick.cursor or cursor

    return look


def land(home: Path, path: str, text: str = "a") -> None:
    file = home / "landing" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_the_sensor_asks_for_the_periods_that_changed(look, tmp_path):
    assert look() == ([], None)
    land(tmp_path, "2017-11/tax/a.csv")
    land(tmp_path, "2017-12/tax/a.csv")
    land(tmp_path, "notes/readme.txt")
    asked, cursor = look()
    assert asked == ["2017-11", "2017-12"]
    assert look(cursor) == ([], cursor)

    land(tmp_path, "2017-12/tax/a.csv", "restated")
    asked, cursor = look(cursor)
    assert asked == ["2017-12"]

    # A later month may carry what changed in an earlier one.
    (tmp_path / "landing/2017-11/tax/a.csv").unlink()
    assert look(cursor)[0] == ["2017-11", "2017-12"]


def test_the_sensor_waits_for_files_that_are_still_coming_in(look, tmp_path, monkeypatch):
    land(tmp_path, "2017-12/tax/a.csv")
    _, cursor = look()
    monkeypatch.setattr(schedules, "SETTLED_SECONDS", 60)
    land(tmp_path, "2017-12/tax/b.csv")
    assert look(cursor) == ([], cursor)
    monkeypatch.setattr(schedules, "SETTLED_SECONDS", -60)
    assert look(cursor)[0] == ["2017-12"]


def test_nothing_is_sent_anywhere():
    settings = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"] == {"enabled": False} and settings["nux"] == {"enabled": False}
    assert "DAGSTER_DISABLE_TELEMETRY=1" in (ROOT / ".env").read_text(encoding="utf-8").splitlines()
    assert tomllib.loads((ROOT / "offline/dg.toml").read_text(encoding="utf-8")) == {"cli": {"telemetry": {"enabled": False}}}


def test_one_run_at_a_time_has_the_writer():
    settings = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["concurrency"]["pools"] == {"default_limit": 1, "granularity": "run"}


def test_dagster_accepts_its_settings(tmp_path, monkeypatch):
    from dagster._core.instance import InstanceRef

    monkeypatch.chdir(tmp_path)
    with dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(tmp_path), config_dir=str(ROOT))) as instance:
        assert not instance.telemetry_enabled
