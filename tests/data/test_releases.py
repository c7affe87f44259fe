"""Releases read: which is current, what it holds, and what `verify` says of one that was touched. Written here by hand, file by file."""

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from data.home import Home, HomeUnfit
from data.releases import NoSuchRelease, Problem, current, history, open_release, revisions, verify


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def put(home: Home, period: str, revision: str, **columns: list) -> Path:
    """A revision with one table, `units`."""
    folder = home.releases / period / revision
    folder.mkdir(parents=True)
    pl.DataFrame(columns or {"unit_code": ["000001"]}).write_parquet(folder / "units.parquet")
    digest = hashlib.sha256((folder / "units.parquet").read_bytes()).hexdigest()
    rows = len(next(iter(columns.values()), [1]))
    manifest = {"period": period, "revision": revision, "tables": {"units": {"sha256": digest, "rows": rows}}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def point(home: Home, **published: str) -> None:
    home.releases.mkdir(exist_ok=True)
    (home.releases / "CURRENT.json").write_text(json.dumps({f"2017-{month[1:]}": revision for month, revision in published.items()}))


# --- what is current ---


def test_before_the_first_release_nothing_is_current(home):
    assert current(home) == {}
    assert list(history(home)) == []
    assert verify(home) == []
    with pytest.raises(NoSuchRelease, match="nothing is published yet"):
        open_release(home)


def test_current_is_what_the_file_says_whatever_lies_beside(home):
    put(home, "2017-11", "r01")
    put(home, "2017-11", "r02")
    put(home, "2017-12", "r01")
    point(home, m12="r01", m11="r01")
    assert current(home) == {"2017-11": "r01", "2017-12": "r01"}
    assert [release.name for release in history(home)] == ["2017-11 r01", "2017-12 r01"]


@pytest.mark.parametrize("text", ['{"2017-12": ', "[]", '{"2017-12": 1}', ""])
def test_a_damaged_list_is_said_plainly(home, text):
    home.releases.mkdir()
    (home.releases / "CURRENT.json").write_text(text, encoding="utf-8")
    with pytest.raises(HomeUnfit, match="CURRENT.json"):
        current(home)


# --- opening ---


def test_the_newest_period_and_the_current_revision_unless_named(home):
    put(home, "2017-11", "r01", unit_code=["a"])
    put(home, "2017-12", "r01", unit_code=["b"])
    put(home, "2017-12", "r02", unit_code=["c", "d"])
    point(home, m11="r01", m12="r02")
    assert open_release(home).name == "2017-12 r02"
    assert open_release(home, "2017-11").name == "2017-11 r01"
    assert open_release(home, "2017-12", "r01").table("units")["unit_code"].to_list() == ["b"]
    assert open_release(home).scan("units").select(pl.len()).collect().item() == 2
    assert open_release(home).manifest["revision"] == "r02"


def test_an_opened_release_stays_whole_when_a_newer_one_is_published(home):
    put(home, "2017-12", "r01", unit_code=["old"])
    point(home, m12="r01")
    opened = open_release(home)
    put(home, "2017-12", "r02", unit_code=["new"])
    point(home, m12="r02")
    assert opened.table("units")["unit_code"].to_list() == ["old"]
    assert open_release(home).table("units")["unit_code"].to_list() == ["new"]


@pytest.mark.parametrize(
    ("period", "revision", "message"),
    [
        ("2017-10", None, "2017-10 is not published. Published: 2017-12."),
        ("2017-12", "r09", "2017-12 has no revision r09."),
        ("2017-12", "../2017-12/r01", "has no revision"),
        ("../2017-12", "r01", "has no revision"),
        ("2017-12", "manifest.json", "has no revision"),
    ],
)
def test_what_is_not_there_is_named(home, period, revision, message):
    put(home, "2017-12", "r01")
    point(home, m12="r01")
    with pytest.raises(NoSuchRelease, match=message.replace(".", r"\.")):
        open_release(home, period, revision)


def test_a_table_that_a_release_has_not_is_named(home):
    put(home, "2017-12", "r01")
    point(home, m12="r01")
    with pytest.raises(NoSuchRelease, match="release 2017-12 r01 has no table census. Tables: units"):
        open_release(home).table("census")


def test_revisions_are_counted_and_nothing_else(home):
    for revision in ("r02", "r100", "r09", "r10", "r01"):
        put(home, "2017-12", revision)
    (home.releases / "2017-12" / "r1").mkdir()
    (home.releases / "2017-12" / "rest").mkdir()
    assert revisions(home, "2017-12") == ["r01", "r02", "r09", "r10", "r100"]
    assert revisions(home, "2017-11") == []


# --- verify ---


def touched(home: Home) -> Path:
    folder = put(home, "2017-12", "r01")
    point(home, m12="r01")
    assert verify(home) == []
    return folder


def test_verify_finds_a_table_that_is_gone(home):
    (touched(home) / "units.parquet").unlink()
    assert verify(home) == [Problem("2017-12", "r01", "table units is missing")]


def test_verify_finds_a_changed_figure(home):
    pl.DataFrame({"unit_code": ["000002"]}).write_parquet(touched(home) / "units.parquet")
    assert verify(home) == [Problem("2017-12", "r01", "table units is not the one that was published (its digest differs)")]


def test_verify_finds_reports_of_the_checks_that_are_gone_or_touched(home):
    folder = put(home, "2017-12", "r01")
    point(home, m12="r01")
    assert open_release(home).reports == {}  # a release of before reports were kept
    said = {"raw.tax": {"rows": 1, "outcomes": []}}
    (folder / "checks.json").write_text(json.dumps(said), encoding="utf-8")
    assert verify(home) == [Problem("2017-12", "r01", "checks.json does not belong to it")]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["reports"] = {"sha256": hashlib.sha256((folder / "checks.json").read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert verify(home) == [] and open_release(home).reports == said
    (folder / "checks.json").write_text("{}", encoding="utf-8")
    assert verify(home) == [Problem("2017-12", "r01", "checks.json is not the one that was published (its digest differs)")]
    (folder / "checks.json").unlink()
    assert verify(home) == [Problem("2017-12", "r01", "checks.json is missing")]
    assert open_release(home).reports == {}  # nothing stops for it


def test_verify_finds_one_changed_byte(home):
    path = touched(home) / "units.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert [problem.what for problem in verify(home)] == ["table units is not the one that was published (its digest differs)"]


def test_verify_finds_a_count_that_differs(home):
    path = touched(home) / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["tables"]["units"]["rows"] = 7
    path.write_text(json.dumps(manifest))
    assert [problem.what for problem in verify(home)] == ["table units does not have the 7 rows that the manifest states"]


def test_verify_finds_a_stray_file(home):
    (touched(home) / "extra.parquet").write_bytes(b"")
    assert [problem.what for problem in verify(home)] == ["extra.parquet does not belong to it"]


def test_verify_finds_a_manifest_that_is_no_manifest(home):
    (touched(home) / "manifest.json").write_text("{")
    assert [problem.what for problem in verify(home)] == ["manifest.json is missing or cannot be read"]


def test_verify_finds_a_current_release_that_is_not_there(home):
    touched(home)
    point(home, m12="r02")
    assert verify(home) == [Problem("2017-12", "r02", "CURRENT.json names it, but it is not there")]


def test_verify_looks_at_former_revisions_too(home):
    put(home, "2017-12", "r02")
    (touched(home) / "units.parquet").unlink()
    point(home, m12="r02")
    assert [(problem.revision, problem.what) for problem in verify(home)] == [("r01", "table units is missing")]
