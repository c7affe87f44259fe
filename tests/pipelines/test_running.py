"""The job in process, over a session that only pretends: the order of periods, what is published or not and why, the history kept."""

import subprocess
import sys
from types import SimpleNamespace

import dagster as dg
import polars as pl
import pytest

from data.contracts import sources, tables
from data.home import Home
from pipelines import checks, running
from pipelines.history import open_history
from pipelines.publishing import frame_of
from pipelines.steps import BuildReport, LoadReport, Published
from pipelines.work import Refused, at_work

COLUMNS = {"date": pl.Date, "whole": pl.Int64, "number": pl.Float64, "yes_no": pl.Boolean}


class Pretended:
    """A session whose sources are empty but for `park`, whose tables are empty, and that notes what it is asked to do."""

    def __init__(self, home, say, allow_incomplete):
        self.home, self.say, self.allow_incomplete = home, say, allow_incomplete
        self.landing = SimpleNamespace(
            files=("a.csv",), strays=("notes.txt",), deliveries={("park", period): () for period in ("2017-11", "2017-12")}
        )
        self.deliveries = SimpleNamespace(
            in_effect=lambda period: dict.fromkeys(sources(), period),
            fingerprint=lambda card, period: "f" * 64,
            stored={("park", period): SimpleNamespace(checked=False) for period in ("2017-10", "2017-11", "2017-12")},
        )
        self.checked: list[tuple] = []
        self.warehouse = SimpleNamespace(
            mark_checked=lambda card, period: self.checked.append((card.name, period)), stored=lambda: self.deliveries.stored
        )
        self.asked: list[tuple] = []
        self.stale_periods = {"2017-11", "2017-12"}
        self.rows_lost: set[str] = set()
        self.refuses: dict[str, str] = {}
        self.fails: dict[str, Exception] = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def periods(self):
        return ["2017-10", "2017-11", "2017-12"]

    def stale(self, period):
        return period in self.stale_periods

    def load(self, source, period):
        self.asked.append(("load", period, source))
        if source in self.fails:
            raise self.fails[source]
        if source != "park":
            return LoadReport(source, period)
        card = sources()["park"]
        path = self.home.path / f"{period}.arrow"
        row = {"park_code": "99P1", "name": "甲园", "level": "national"}
        pl.DataFrame([row], schema={field.name: COLUMNS.get(field.form, pl.String) for field in card.fields}).write_ipc(path)
        loaded = 2 if period in self.rows_lost else 1
        files = {f"{period}/park/a.csv": "0" * 64}
        return LoadReport(
            source, period, loaded, loaded, files=files, changed=True, in_effect=period, rows_in_effect=loaded, check_frame=path
        )

    def obstacle(self, period):
        return None

    def build(self, period, table):
        self.asked.append(("build", period, table))
        path = self.home.path / f"{period}-{table}.parquet"
        rows = frame_of(tables()[table], [])
        rows.write_parquet(path)
        return BuildReport(table, len(rows), path)

    def publish(self, period, checks, reports):
        self.asked.append(("publish", period, checks))
        if period in self.refuses:
            return Published(period, None, self.refuses[period])
        self.stale_periods.discard(period)
        return Published(period, "r01")


# Answers at once that everything holds: for what is not about checks.
ALL_HOLDS = """
import json, sys
for line in sys.stdin:
    suite = json.loads(line)["suite"]
    outcomes = [{"name": item["name"], "severity": item["severity"], "passed": True, "unexpected": 0} for item in suite]
    print(json.dumps({"rows": 0, "outcomes": outcomes}), flush=True)
"""


@pytest.fixture
def all_holds(tmp_path, monkeypatch):
    program = tmp_path / "all_holds.py"
    program.write_text(ALL_HOLDS)
    monkeypatch.setattr(checks, "PROGRAM", program)


@pytest.fixture
def pretend(tmp_path, monkeypatch):
    """Run over a pretended session, changed before it starts: (result, session, lines said)."""
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases/CURRENT.json").write_text('{"2017-10": "r03"}')

    def pretend(periods=None, **changes):
        made, said = [], []

        def session(home, say, allow_incomplete):
            made.append(Pretended(home, say, allow_incomplete))
            for name, value in changes.items():
                setattr(made[0], name, value)
            return made[0]

        monkeypatch.setattr(running, "Session", session)
        result = running.run(Home(tmp_path), periods, say=said.append)
        return result, made[0], said

    return pretend


def test_stale_periods_are_published_oldest_first_and_the_history_shows_them(pretend, tmp_path, capfd):
    result, session, said = pretend()
    assert result.published == {"2017-11": "r01", "2017-12": "r01"}
    assert result.unchanged == {"2017-10": "r03"}
    assert result.unpublished == {} and result.strays == ("notes.txt",)

    done = [what for what in session.asked if what[1] == "2017-11"]
    assert session.asked[: len(done)] == done
    loaded = [name for kind, _, name in done if kind == "load"]
    assert loaded[0] == "registration" and loaded[-1] == "tax" and set(loaded) == set(sources())
    assert {name for kind, _, name in done if kind == "build"} == set(tables())
    assert done[-1] == (
        "publish",
        "2017-11",
        {"passed": ["raw.park", *sorted(f"release.{name}" for name in tables())], "failed": [], "not_run": {}},
    )

    assert "2017-12 published as r01" in said
    assert capfd.readouterr() == ("", "")
    assert not list(tmp_path.glob("*.arrow"))

    with open_history(tmp_path) as history:
        assert [run.status for run in history.get_runs()] == [dg.DagsterRunStatus.SUCCESS] * 2
        kept = history.get_latest_materialization_event(dg.AssetKey("park")).asset_materialization
    assert kept.partition == "2017-12"
    assert kept.metadata["dagster/row_count"].value == 1
    assert kept.metadata["inputs"].value == {"2017-12/park/a.csv": "0" * 64}


def test_a_broken_check_stops_its_own_period_only(pretend, tmp_path):
    result, session, said = pretend(rows_lost={"2017-11"})
    assert result.published == {"2017-12": "r01"}
    assert result.unpublished == {"2017-11": "the checks found what must not be published: raw.park: rows_loaded."}
    assert ("build", "2017-11", "census") not in session.asked
    assert said.count("2017-11 not published: the checks found what must not be published: raw.park: rows_loaded.") == 1
    with open_history(tmp_path) as history:
        assert sorted(run.status.value for run in history.get_runs()) == ["FAILURE", "SUCCESS"]


def test_a_period_that_turns_out_unchanged_once_its_files_are_read_stays_as_it_is(pretend, all_holds):
    # As after the warehouse was lost: only reading tells that a delivery holds no file that can be read.
    answers = iter([True, False])
    result, session, _ = pretend(["2017-10"], stale=lambda period: next(answers))
    assert result.unchanged == {"2017-10": "r03"} and result.published == {}
    assert not [what for what in session.asked if what[0] == "publish"]


def test_what_a_fault_in_reading_says_is_kept_nowhere(pretend, all_holds, tmp_path):
    with pytest.raises(ValueError, match="withheld"):
        pretend(fails={"park": ValueError("cannot read 22010119900101123X")})
    kept = [path for path in (tmp_path / ".dagster").rglob("*") if path.is_file()]
    assert kept and not [path for path in kept if b"22010119900101123X" in path.read_bytes()]


def test_tables_of_another_run_are_not_published(tmp_path, all_holds):
    with (
        at_work(Pretended(Home(tmp_path), print, False)) as work,
        pytest.raises(Refused, match="^this run did not make units, census, .*whole job"),
    ):
        work.publish("2017-12")


def test_a_refusal_says_why(pretend, all_holds):
    result, _, _ = pretend(refuses={"2017-11": "a.csv has no header."})
    assert result.unpublished == {"2017-11": "a.csv has no header."}
    assert result.published == {"2017-12": "r01"}


def test_a_period_that_is_asked_for_and_not_there_is_said(pretend):
    result, session, _ = pretend(["2017-10", "2019-01"])
    assert result.unpublished == {"2019-01": "landing/2019-01 holds no delivery. Put its files there and run again."}
    assert result.unchanged == {"2017-10": "r03"} and session.asked == []


def test_an_unfit_home_is_told_as_it_is(pretend, all_holds):
    from data.home import HomeUnfit

    with pytest.raises(HomeUnfit, match="^the disk is full$"):
        pretend(fails={"park": HomeUnfit("the disk is full")})


def test_a_run_that_was_killed_does_not_stay_in_the_way(tmp_path):
    from pipelines.definitions import JOB, defs
    from pipelines.history import BY_COMMAND

    with open_history(tmp_path) as history:
        killed = history.create_run_for_job(defs.resolve_job_def(JOB), status=dg.DagsterRunStatus.STARTED, tags=BY_COMMAND)
    with open_history(tmp_path) as history:
        assert history.get_run_by_id(killed.run_id).status is dg.DagsterRunStatus.FAILURE


def test_a_run_that_finds_nothing_imports_no_dagster(tmp_path):
    code = (
        "import sys; from data.home import Home; from pipelines.running import run; run(Home(sys.argv[1]));"
        "print([name for name in ('dagster', 'great_expectations', 'pandas') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert told.stdout.strip() == "[]"
