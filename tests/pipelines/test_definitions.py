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
BRIEFINGS = {"month_briefing", "quarter_briefing", "half_year_briefing"}
ASSETS = {key.path[-1]: asset for asset in defs.assets for key in asset.keys}


def test_there_is_one_asset_a_source_and_a_stage():
    assert set(ASSETS) == {*sources(), *tables(), "draft", "release", *BRIEFINGS}


@pytest.mark.parametrize("name", ASSETS)
def test_every_asset_says_its_grain_and_has_one_writer(name):
    asset = ASSETS[name]
    spec = asset.get_asset_spec(dg.AssetKey(name))
    assert "Each row is" in spec.description
    assert spec.group_name in ({"briefings"} if name in BRIEFINGS else {"raw", "measures", "release"})
    assert spec.partitions_def == MONTHS
    # Briefings read releases, which takes no writer of the warehouse from its work.
    assert asset.op.pool == (None if name in BRIEFINGS else "duckdb")


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


def test_the_job_of_the_month_ends_with_the_release_and_writes_no_briefing():
    names = {node.name for node in defs.resolve_job_def(JOB).nodes}
    assert names >= {*sources(), *tables(), "draft", "release"}
    assert not names & BRIEFINGS


def test_briefings_follow_the_release_and_have_a_job_each():
    graph = defs.resolve_asset_graph()
    for kind, job in schedules.BRIEFING_JOBS.items():
        key = dg.AssetKey(f"{kind}_briefing")
        assert {parent.path[-1] for parent in graph.get(key).parent_keys} == {"release"}
        assert {node.name for node in defs.resolve_job_def(job).nodes} == {f"{kind}_briefing"}


@pytest.mark.parametrize(
    ("name", "months"), [("briefing_monthly", range(1, 13)), ("briefing_quarterly", (3, 6, 9, 12)), ("briefing_half_yearly", (6, 12))]
)
def test_briefings_are_asked_for_in_the_months_that_have_them_after_the_run(name, months):
    schedule = REPOSITORY.get_schedule_def(name)
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
    assert schedule.execution_timezone == schedules.monthly.execution_timezone == "Asia/Shanghai"
    minute, hour, day, written_in, _ = schedule.cron_schedule.split()
    run = schedules.monthly.cron_schedule.split()
    assert (minute, day) == (run[0], run[2]) and int(hour) > int(run[1])
    asked = []
    for month in range(1, 13) if written_in == "*" else map(int, written_in.split(",")):
        at = datetime(2018, month, int(day), int(hour), tzinfo=UTC)
        context = dg.build_schedule_context(scheduled_execution_time=at, repository_def=REPOSITORY)
        (request,) = schedule.evaluate_tick(context).run_requests
        asked.append(request.partition_key)
    assert sorted(int(period[5:]) for period in asked) == list(months)
    assert asked[0] == "2017-12"


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
