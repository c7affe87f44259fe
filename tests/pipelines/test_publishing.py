"""Publishing: draft to revision to CURRENT.json. Killed at any step, a reader sees the former state or the new one, whole."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from data.contracts import definitions_of, definitions_version, tables
from data.home import Home, HomeUnfit
from data.releases import current, open_release, revisions, verify
from pipelines import publishing
from pipelines.engines.polars_engine import PolarsEngine

PERIOD = "2017-12"
INPUTS = {"2017-12/registration/a.csv": "1" * 64}
# Drafts of rows at hand need no warehouse.
POLARS = PolarsEngine(None)
KEYS = ("period revision created_at program definitions basis engine inputs reference tables carried missing checks changes").split()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def draft(home: Home, *figures: tuple, period: str = PERIOD) -> None:
    """All tables, empty but for metrics. A figure: unit code, numerator, denominator."""
    rows = [
        (
            period,
            "registered",
            "district",
            unit,
            "all",
            "org_coverage",
            numerator,
            denominator,
            numerator / denominator if denominator else None,
            None,
        )
        for unit, numerator, denominator in figures
    ]
    for name, card in tables().items():
        publishing.write_draft(home, period, card, publishing.frame_of(card, rows if name == "metrics" else []), POLARS)


def facts(inputs: dict | None = None) -> dict:
    return {
        "basis": "corroborated",
        "engine": "polars",
        "inputs": inputs or INPUTS,
        "reference": {},
        "carried": {},
        "missing": [],
        "checks": {"passed": 0, "failed": 0, "not_run": {}},
    }


def publish(home: Home, *figures: tuple, period: str = PERIOD, inputs: dict | None = None) -> str:
    draft(home, *figures, period=period)
    return publishing.publish(home, period, facts(inputs))


# --- the draft ---


def test_a_table_is_written_as_its_card_has_it(home):
    card = tables()["units"]
    rows = pl.DataFrame(
        {
            "tile_y": [1, 0],
            "unit_code": ["B", "A"],
            "unit_kind": ["district", "district"],
            "period": [PERIOD, PERIOD],
            "name": ["乙", "甲"],
            "level": [None, None],
            "parent_code": ["C", "C"],
            "tile_x": [None, 0],
            "not_published": [1, 2],
        }
    )
    found = pl.read_parquet(publishing.write_draft(home, PERIOD, card, rows, POLARS)[0])
    assert found.columns == [column.name for column in card.published]
    assert found["unit_code"].to_list() == ["A", "B"]
    assert found.schema["level"] == pl.String and found.schema["tile_x"] == pl.Int64


def test_what_the_census_keeps_to_itself_is_not_published():
    names = publishing.schema(tables()["census"])
    assert "surveyed" not in names and "five_clear" not in names
    assert list(names)[:5] == ["period", "uscc", "name", "founded_on", "type_code"]


def test_the_same_rows_make_the_same_bytes(home):
    draft(home, ("A", 1, 2), ("B", 1, 3))
    first = {path.name: path.read_bytes() for path in publishing.draft_folder(home, PERIOD).iterdir()}
    draft(home, ("B", 1, 3), ("A", 1, 2))
    assert {path.name: path.read_bytes() for path in publishing.draft_folder(home, PERIOD).iterdir()} == first


def test_a_draft_is_not_seen_by_readers(home):
    draft(home, ("A", 1, 2))
    assert current(home) == {} and verify(home) == []


# --- revisions ---


def test_the_first_release(home):
    assert publish(home, ("A", 1, 2)) == "r01"
    release = open_release(home)
    assert (release.period, release.revision) == (PERIOD, "r01")
    assert set(tables()) == set(release.manifest["tables"])
    assert release.table("metrics")["value"].to_list() == [0.5]
    assert verify(home) == []
    assert not publishing.draft_folder(home, PERIOD).exists()


def test_the_manifest_says_what_the_release_was_made_from(home):
    before = datetime.now(UTC).replace(microsecond=0)
    publish(home, ("A", 1, 2))
    manifest = open_release(home).manifest
    assert [key for key in KEYS if key not in manifest] == []
    assert before <= datetime.fromisoformat(manifest["created_at"]) <= datetime.now(UTC)
    assert manifest["definitions"] == definitions_version()
    assert manifest["definitions_of"] == definitions_of()
    assert manifest["inputs"] == INPUTS
    assert manifest["tables"]["metrics"]["rows"] == 1
    assert len(manifest["tables"]["metrics"]["sha256"]) == 64
    assert manifest["changes"] == []


def test_a_second_publication_is_a_second_revision_and_the_first_stays(home):
    publish(home, ("A", 1, 2))
    former = {path.name: path.read_bytes() for path in (home.releases / PERIOD / "r01").iterdir()}
    assert publish(home, ("A", 2, 2)) == "r02"
    assert current(home) == {PERIOD: "r02"}
    assert {path.name: path.read_bytes() for path in (home.releases / PERIOD / "r01").iterdir()} == former
    assert verify(home) == []


def test_a_revision_is_never_stamped_before_the_one_that_it_follows(home):
    publish(home, ("A", 1, 2))
    path = home.releases / PERIOD / "r01" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"created_at": "2099-01-01T00:00:00+00:00"}), encoding="utf-8")  # by a clock that was wrong
    publish(home, ("A", 2, 2))
    assert open_release(home, PERIOD).manifest["created_at"] == "2099-01-01T00:00:00+00:00"


def test_periods_have_revisions_of_their_own_and_current_is_in_their_order(home):
    publish(home, ("A", 1, 2), period="2017-12")
    publish(home, ("A", 1, 2), period="2017-11")
    assert publish(home, ("A", 2, 2), period="2017-11") == "r02"
    assert list(current(home).items()) == [("2017-11", "r02"), ("2017-12", "r01")]
    assert json.loads((home.releases / "CURRENT.json").read_text()) == {"2017-11": "r02", "2017-12": "r01"}


def test_after_r99_comes_r100(home):
    publish(home, ("A", 1, 2))
    os.rename(home.releases / PERIOD / "r01", home.releases / PERIOD / "r99")
    (home.releases / "CURRENT.json").write_text(json.dumps({PERIOD: "r99"}))
    assert publish(home, ("A", 1, 2)) == "r100"


# --- changes ---


def test_changes_are_the_figures_that_moved_and_the_files_that_moved_them(home):
    publish(home, ("A", 1, 2), ("B", 1, 3), ("C", 0, 4), inputs={"a.csv": "1", "b.csv": "1", "c.csv": "1"})
    publish(home, ("A", 1, 2), ("B", 2, 3), ("D", 0, 0), inputs={"a.csv": "1", "b.csv": "2", "d.csv": "1"})
    files = ["b.csv", "c.csv", "d.csv"]
    figure = {"table": "metrics", "basis": "registered", "unit_kind": "district", "sector": "all", "metric": "org_coverage"}
    assert open_release(home).manifest["changes"] == [
        figure | {"unit_code": "B", "old": [1, 3, 1 / 3], "new": [2, 3, 2 / 3], "files": files},
        figure | {"unit_code": "C", "old": [0, 4, 0.0], "new": [None, None, None], "files": files},
        figure | {"unit_code": "D", "old": [None, None, None], "new": [0, 0, None], "files": files},
    ]


# --- killed ---


def broken(monkeypatch, name: str) -> None:
    """The program dies at that call: nothing after it happens."""

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, name, die)


@pytest.mark.parametrize("step", ["changes", "_sync", "_write_current"])
def test_killed_while_publishing_the_former_release_stays_current(home, monkeypatch, step):
    publish(home, ("A", 1, 2))
    with monkeypatch.context() as patched:
        broken(patched, step)
        with pytest.raises(KeyboardInterrupt):
            publish(home, ("A", 2, 2))
    assert current(home) == {PERIOD: "r01"}
    assert open_release(home).table("metrics")["numerator"].to_list() == [1]
    # The next run makes the same revision, as if nothing had happened.
    assert publish(home, ("A", 2, 2)) == "r02"
    assert open_release(home).table("metrics")["numerator"].to_list() == [2]
    assert revisions(home, PERIOD) == ["r01", "r02"]
    assert verify(home) == []


def test_killed_at_the_first_publication_nothing_is_current(home, monkeypatch):
    with monkeypatch.context() as patched:
        calls = []
        write = publishing._write_current
        patched.setattr(publishing, "_write_current", lambda *args: calls.append(args) or (write(*args) if len(calls) == 1 else 1 / 0))
        with pytest.raises(ZeroDivisionError):
            publish(home, ("A", 1, 2))
    assert current(home) == {}
    assert publish(home, ("A", 2, 2)) == "r01"
    assert open_release(home).table("metrics")["numerator"].to_list() == [2]
    assert verify(home) == []


def test_a_lost_list_of_current_releases_loses_no_release(home):
    publish(home, ("A", 1, 2))
    publish(home, ("A", 2, 2))
    publish(home, ("A", 5, 5), period="2017-11")
    (home.releases / "CURRENT.json").unlink()
    assert publish(home, ("A", 3, 3)) == "r03"
    assert revisions(home, PERIOD) == ["r01", "r02", "r03"]
    assert open_release(home, PERIOD, "r01").table("metrics")["numerator"].to_list() == [1]
    assert open_release(home, PERIOD, "r02").table("metrics")["numerator"].to_list() == [2]
    assert current(home) == {"2017-11": "r01", PERIOD: "r03"}
    assert verify(home) == []


def test_what_cannot_be_written_is_said_plainly(home):
    home.releases.write_text("in the way")
    with pytest.raises(HomeUnfit, match="the release cannot be written"):
        draft(home, ("A", 1, 2))


def test_a_disk_that_is_full_leaves_what_was_published(home, monkeypatch):
    publish(home, ("A", 1, 2))

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "_sync", full)
        with pytest.raises(HomeUnfit, match="No space left on device.*what was published stays"):
            publish(home, ("A", 2, 2))
    assert current(home) == {PERIOD: "r01"} and verify(home) == []
