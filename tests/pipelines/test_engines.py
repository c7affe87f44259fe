"""Three engines, one release: the example city published by each, table by table the same; and plain words where an engine can't run."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import narwhals as nw
import polars as pl
import pytest

from data.contracts import sources, tables
from data.home import Home, HomeUnfit
from data.releases import history
from pipelines import checks, engines
from pipelines.doctor import examine
from pipelines.engines import machine, session
from pipelines.engines.spark_engine import SparkEngine
from pipelines.running import run
from pipelines.steps import Session
from pipelines.warehouse import open_warehouse
from tests import homes
from tests.cities import city, computed, on_engine
from tests.end_to_end.command import liangxin
from tests.transforms.small_city import UNITS
from tests.transforms.test_cases import RUNS, SEEN
from transforms.cases import standing
from transforms.census import census

EXAMPLE = Path(__file__).parents[1] / "example" / "home"
# The baseline and the month a year later: parks in the one, doubling and what is carried over in the other. Spark plans for seconds
# what it computes in milliseconds, so the months between are left to the other engines' own tests.
PERIODS = ("2016-12", "2017-12")


@pytest.fixture(scope="module")
def spark(tmp_path_factory) -> Iterator[None]:
    """One Spark session for this module: engines find it, and leave it open. Java must be there: a test that is skipped proves nothing."""
    assert engines.obstacle("spark") is None, engines.obstacle("spark")
    with pytest.MonkeyPatch.context() as patch:
        # Java compiles thoroughly by itself, which pays after minutes only.
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        opened, started_here = session.open_session(Home(tmp_path_factory.mktemp("session")), 1 << 30)
    assert started_here
    yield
    gateway = opened.sparkContext._gateway
    opened.stop()
    gateway.shutdown()


@pytest.fixture(scope="module")
def published(tmp_path_factory, spark) -> Callable[[str], dict[str, object]]:
    """engine -> period -> release of the example city, published once by that engine, in a place whose name Spark must not stumble over."""
    made: dict[str, dict] = {}

    def by(engine: str) -> dict:
        if engine not in made:
            home = Home(tmp_path_factory.mktemp(engine) / "两 新")
            shutil.copytree(EXAMPLE, home.path)
            home = home.on_engine(engine)
            with Session(home) as work:
                for period in PERIODS:
                    for source in sources():
                        work.load(source, period)
                    for table in tables():
                        work.build(period, table)
                    work.publish(period, {})
            made[engine] = {release.period: release for release in history(home)}
        return made[engine]

    return by


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["duckdb", "spark"])
@pytest.mark.parametrize("table", sorted(tables()))
def test_every_engine_publishes_the_same(published, engine, table):
    expected, found = published("polars"), published(engine)
    assert found.keys() == expected.keys()
    for period, release in expected.items():
        one, other = release.table(table), found[period].table(table)
        assert other.schema == one.schema
        assert other.equals(one), f"{table} of {period}: {one.height} and {other.height} rows"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["polars", "duckdb", "spark"])
def test_the_manifest_states_the_engine(published, engine):
    assert {release.manifest["engine"] for release in published(engine).values()} == {engine}


@pytest.mark.slow
def test_what_later_periods_look_at_is_signed_alike(published):
    signed = [[release.manifest["signatures"] for release in published(engine).values()] for engine in ("polars", "duckdb", "spark")]
    assert signed[0] == signed[1] == signed[2]


@pytest.mark.slow
def test_nothing_is_left_but_the_rows(published):
    home = published("spark")["2017-12"].path.parents[2]
    assert [path.name for path in (home / "spark").iterdir()] == ["rows"]
    rows = home / "spark" / "rows" / "registration" / "period=2017-12"
    codes = {path.name for path in rows.iterdir() if path.is_dir()}
    assert "district_code=980102" in codes
    duckdb = published("duckdb")["2017-12"].path.parents[2]
    assert not (duckdb / "spark").exists() and not (duckdb / "warehouse.duckdb.tmp").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "rows"),
    [("park tax survey", 1), ("social_org member org_link mass_org social_insurance instructor", 1_000_000)],
)
def test_spark_gives_the_same_census_where_sources_are_missing(spark, tmp_path, missing, rows):
    """And where a month is large enough for Spark to compile its plans and to plan anew between stages."""
    inputs = city(missing=missing, **{name: text for name, text in UNITS.items() if name not in missing.split()})
    home = Home(tmp_path).on_engine("spark")
    with open_warehouse(home) as warehouse:
        engine = engines.open_engine(home, warehouse)
        engine.fit(rows)
        found = computed(engine.keep(census(on_engine(inputs, engine)), "census"))
        assert found.sort("uscc").equals(computed(census(inputs)).sort("uscc"))
        engine.forget()
        assert not any(tmp_path.glob("spark/kept/*"))


def test_spark_gives_the_same_standing_of_findings(spark, tmp_path):
    home = Home(tmp_path).on_engine("spark")
    with open_warehouse(home) as warehouse:
        engine = engines.open_engine(home, warehouse)
        found = computed(standing(engine.frame(SEEN), engine.frame(RUNS), "2018-02"))
        engine.forget()
    polars = computed(standing(nw.from_native(SEEN.lazy()), nw.from_native(RUNS.lazy()), "2018-02"))
    assert found.sort("fingerprint").equals(polars.sort("fingerprint"))


@pytest.mark.slow
def test_spark_reads_a_delivery_as_the_warehouse_has_it_now(spark, tmp_path):
    home = Home(tmp_path).on_engine("spark")
    one, two, three = (homes.uscc(number) for number in range(3))

    def codes() -> list[str]:
        with Session(home) as work:
            work.load("registration", "2017-12")
            engine = work.engine
            assert isinstance(engine, SparkEngine)
            return sorted(computed(engine.delivery("registration", "2017-12").select("uscc"))["uscc"])

    homes.register(home, "2017-12/registration/a.csv", one, two)
    assert codes() == [one, two]
    homes.register(home, "2017-12/registration/a.csv", one, three)
    assert codes() == sorted([one, three])
    shutil.rmtree(home.landing / "2017-12")
    with Session(home) as work:
        work.load("registration", "2017-12")
        _ = work.engine
        assert not any(home.path.glob("spark/rows/*/period=*"))


def test_a_small_part_of_memory_is_enough_for_duckdb(tmp_path, monkeypatch):
    """More rows to sort than the limit holds: what does not fit lies in the home meanwhile, and is gone afterwards."""
    monkeypatch.setenv(machine.VARIABLE, "128MB")
    home = Home(tmp_path).on_engine("duckdb")
    with open_warehouse(home) as warehouse:
        engine = engines.open_engine(home, warehouse)
        many = warehouse.connection.sql("SELECT md5(i::TEXT) || md5((-i)::TEXT) AS code, i FROM range(2000000) AS made(i)")
        kept = engine.keep(nw.from_native(many), "many")
        path = tmp_path / "many.parquet"
        assert engine.write(kept, path, {"code": pl.String, "i": pl.Int64}, ("code",)) == 2_000_000
        engine.close()
    assert pl.read_parquet(path, columns=["code"])["code"].is_sorted()
    assert not home.path.joinpath("warehouse.duckdb.tmp").exists()


@pytest.fixture(params=["no package", "no java", "old java"])
def without_spark(request, monkeypatch, tmp_path) -> str:
    if request.param == "no package":
        monkeypatch.setattr(session, "find_spec", lambda name: None)
    else:
        monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    if request.param == "old java":
        monkeypatch.setattr(session.shutil, "which", lambda *_, **__: "java")
        answer = SimpleNamespace(stdout="", stderr='openjdk version "1.8.0_392"')
        monkeypatch.setattr(session.subprocess, "run", lambda *_, **__: answer)
    return {"no package": "Spark is not installed", "no java": "none is found", "old java": "this is Java 8"}[request.param]


def test_an_engine_that_cannot_run_is_said_before_anything_is_read(without_spark, monkeypatch, tmp_path):
    monkeypatch.setenv("LIANGXIN_LANG", "en")
    home = Home(tmp_path).on_engine("spark")
    homes.register(home, "2017-12/registration/a.csv", homes.uscc(1))
    with pytest.raises(HomeUnfit, match=without_spark) as unfit:
        run(home)
    assert "\n" not in str(unfit.value)
    assert not home.warehouse.exists()
    (check,) = [check for check in examine(home) if check.name == "engine"]
    assert (check.fit, check.what) == (False, str(unfit.value))


def test_one_run_may_take_another_engine(tmp_path):
    homes.reference(Home(tmp_path), "settings.toml", 'engine = "polars"\ncarry_over_months = 3\n')
    home = Home(tmp_path).on_engine("duckdb")
    assert (home.settings.engine, home.settings.carry_over_months) == ("duckdb", 3)
    assert Home(tmp_path).settings.engine == "polars"


@pytest.mark.parametrize(("said", "size"), [("4GB", 4 << 30), ("512 MiB", 512 << 20), ("1t", 1 << 40)])
def test_memory_is_what_the_variable_says(monkeypatch, said, size):
    monkeypatch.setenv(machine.VARIABLE, said)
    assert machine.memory() == size


def test_memory_that_is_no_size(monkeypatch):
    monkeypatch.setenv(machine.VARIABLE, "much")
    with pytest.raises(HomeUnfit, match="much"):
        machine.memory()


@pytest.mark.slow
def test_the_checking_process_passes_over_spark():
    """Great Expectations imports Spark where it finds it, and nobody there asks for it."""
    program = [sys.executable, "-X", "importtime", str(checks.PROGRAM)]
    done = subprocess.run(program, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "great_expectations" in imported
    # A look for pyspark that finds nothing is listed too; what pyspark itself would import is not.
    assert "pyspark.serializers" not in imported


@pytest.mark.end_to_end
def test_the_command_takes_the_engine(tmp_path):
    home = Home(tmp_path)
    homes.register(home, "2017-12/registration/a.csv", homes.uscc(1))
    done = liangxin("run", "--home", home.path, "--engine", "duckdb", "--json")
    assert done.code == 0, done.err
    assert {release.manifest["engine"] for release in history(home)} == {"duckdb"}
