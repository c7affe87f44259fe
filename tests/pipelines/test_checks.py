"""The checking process: what it finds, what it never tells, and what happens when it ends."""

import json
import os
import signal
import time
from dataclasses import asdict

import polars as pl
import pytest

from data.contracts import sources, tables
from expectations.suites import raw, release
from pipelines import checks
from pipelines.checks import Checker, ChecksUnavailable, Outcome, Report, summary

PERIOD = "2017-12"
FIGURE = {
    "period": PERIOD, "basis": "corroborated", "unit_kind": "city", "unit_code": "990000", "sector": "all", "metric": "org_coverage",
    "numerator": 1, "denominator": 4, "value": 0.25, "reason": None,
}  # fmt: skip
PERSON = "a" * 64
MEMBER = {
    "member_id": PERSON,
    "org_code": "99-1",
    "uscc": None,
    "kind": "formal",
    "joined_on": None,
    "formal_on": None,
    "relation": "in_place",
}


@pytest.fixture(scope="module")
def checker():
    with Checker() as checker:
        yield checker


def metrics_file(folder, *rows: dict):
    kinds = {"numerator": pl.Int64, "denominator": pl.Int64, "value": pl.Float64}
    path = folder / "metrics.parquet"
    pl.DataFrame([FIGURE | row for row in rows], schema={name: kinds.get(name, pl.String) for name in FIGURE}).write_parquet(path)
    return path


def members_file(folder, *rows: dict):
    kinds = {"joined_on": pl.Date, "formal_on": pl.Date}
    path = folder / "member.arrow"
    pl.DataFrame([MEMBER | row for row in rows], schema={name: kinds.get(name, pl.String) for name in MEMBER}).write_ipc(path)
    return path


def failures(checker, suite, path) -> dict[str, int | None]:
    return {outcome.name: outcome.unexpected for outcome in checker.ask("what", suite, path).report().failed}


def test_good_figures_hold(checker, tmp_path):
    path = metrics_file(
        tmp_path, {}, {"metric": "joint_load", "basis": "-", "numerator": 9, "denominator": 4, "value": 2.25},
        {"unit_kind": "park", "unit_code": "99P1", "numerator": None, "denominator": 0, "value": None, "reason": "no_denominator"},
    )  # fmt: skip
    report = checker.ask("release.metrics", release(tables()["metrics"], PERIOD), path).report()
    assert report.passed and not report.blocking and report.rows == 3


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        ({"value": 1.25, "numerator": 5}, {"value.rate": 1, "numerator.within_denominator": 1}),
        ({"metric": "unheard_of"}, {"metric.values": 1}),
        ({"value": None}, {"value.given": 1}),
        ({"reason": "no_denominator"}, {"value.reasoned": 1}),
        ({"reason": "because"}, {"reason.form": 1, "value.reasoned": 1}),
        ({"period": "2017-11"}, {"period.this": 1}),
        ({"unit_kind": "street"}, {"unit_kind.values": 1}),
        ({"unit_code": None}, {"unit_code.present": 1}),
        ({"numerator": -1}, {"numerator.range": 1}),
    ],
    ids=lambda case: "-".join(case),
)
def test_each_broken_figure_is_found(checker, tmp_path, row, broken):
    path = metrics_file(tmp_path, {"unit_code": "990101"}, row)
    assert failures(checker, release(tables()["metrics"], PERIOD), path) == broken


def test_a_repeated_key_is_found(checker, tmp_path):
    assert failures(checker, release(tables()["metrics"], PERIOD), metrics_file(tmp_path, {}, {})) == {"key.unique": 2}


def test_a_lost_row_is_found(checker, tmp_path):
    path = members_file(tmp_path, {}, {"org_code": "99-2"})
    report = checker.ask("raw.member", raw(sources()["member"], 3), path).report()
    assert [outcome.name for outcome in report.failed] == ["rows_loaded"]
    assert report.blocking
    assert report.says() == "raw.member: rows_loaded"


def test_an_empty_delivery_warns_and_does_not_block(checker, tmp_path):
    report = checker.ask("raw.member", raw(sources()["member"], 0), members_file(tmp_path)).report()
    assert [outcome.name for outcome in report.failed] == ["not_empty"]
    assert not report.blocking


def test_a_missing_column_is_a_breach_not_an_end(checker, tmp_path):
    path = tmp_path / "short.parquet"
    pl.read_parquet(metrics_file(tmp_path, {})).drop("value").write_parquet(path)
    broken = failures(checker, release(tables()["metrics"], PERIOD), path)
    assert "columns" in broken and broken["value.rate"] is None
    assert failures(checker, release(tables()["metrics"], PERIOD), metrics_file(tmp_path, {})) == {}


def test_no_value_of_the_data_comes_back(checker, tmp_path):
    identifier = "110101199003070000"
    path = members_file(tmp_path, {"member_id": identifier}, {"member_id": None, "org_code": "secret place"})
    report = checker.ask("raw.member", raw(sources()["member"], 2), path).report()
    assert {outcome.name: outcome.unexpected for outcome in report.failed} == {
        "member_id.form": 1,
        "member_id.present": 1,
        "org_code.form": 1,
    }
    told = json.dumps(asdict(report)) + report.says() + json.dumps(summary([report]))
    assert identifier not in told and "secret" not in told


def test_a_file_that_is_not_there_refuses_in_one_line(checker, tmp_path):
    question = checker.ask("release.metrics", release(tables()["metrics"]), tmp_path / "gone.parquet")
    with pytest.raises(ChecksUnavailable, match="^release.metrics: the checks could not be run"):
        question.report()


def test_every_table_of_the_cards_can_be_checked(checker, tmp_path):
    from pipelines.publishing import frame_of

    for card in tables().values():
        path = tmp_path / f"{card.name}.parquet"
        frame_of(card, []).write_parquet(path)
        assert failures(checker, release(card, PERIOD), path) == {}, card.name


def test_every_source_of_the_cards_can_be_checked(checker, tmp_path):
    kinds = {"date": pl.Date, "whole": pl.Int64, "number": pl.Float64, "yes_no": pl.Boolean}
    for card in sources().values():
        path = tmp_path / f"{card.name}.arrow"
        pl.DataFrame(schema={field.name: kinds.get(field.form, pl.String) for field in card.fields}).write_ipc(path)
        assert failures(checker, raw(card, 0), path) == {"not_empty": None}, card.name


def test_the_summary_names_suites_that_hold_and_expectations_that_do_not():
    good = Report("raw.tax", 3, (Outcome("fields", "critical", True, 0),))
    bad = Report("raw.park", 3, (Outcome("fields", "critical", True, 0), Outcome("key.unique", "critical", False, 2)))
    assert summary([good, bad]) == {"passed": ["raw.tax"], "failed": ["raw.park.key.unique"], "not_run": {}}


# A program in the place of the real one: it answers at once, or as the file's name tells it to.
STAND_IN = """
import json, os, signal, sys, time
for line in sys.stdin:
    path = json.loads(line)["path"]
    if path.endswith("die"): os.kill(os.getpid(), signal.SIGKILL)
    if path.endswith("half"): sys.stdout.write('{"rows"'); sys.stdout.flush(); sys.exit(3)
    if path.endswith("hang"): time.sleep(60)
    print(json.dumps({"rows": 1, "outcomes": []}), flush=True)
"""


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    program = tmp_path / "program.py"
    program.write_text(STAND_IN)
    monkeypatch.setattr(checks, "PROGRAM", program)
    with Checker() as checker:
        yield checker


@pytest.mark.parametrize(("path", "ending"), [("die", "SIGKILL"), ("half", "exit code 3")])
def test_an_ended_process_refuses_what_it_was_asked_and_nothing_else(stand_in, tmp_path, path, ending):
    before, lost, after = (stand_in.ask(name, [], tmp_path / name) for name in ("fine", path, "fine_too"))
    assert before.report().rows == 1
    with pytest.raises(ChecksUnavailable, match=rf"^{path}: the checking process ended \({ending}\). Run again.$"):
        lost.report()
    assert after.report().rows == 1


def test_a_process_killed_between_questions_is_replaced(stand_in, tmp_path):
    assert stand_in.ask("one", [], tmp_path / "one").report().rows == 1
    first = stand_in.pid
    os.kill(first, signal.SIGKILL)
    time.sleep(0.2)
    assert stand_in.ask("two", [], tmp_path / "two").report().rows == 1
    assert stand_in.pid != first


def test_a_process_that_hangs_is_given_up(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "PATIENCE_SECONDS", 0.3)
    with pytest.raises(ChecksUnavailable, match="does not answer"):
        stand_in.ask("slow", [], tmp_path / "hang").report()
    monkeypatch.setattr(checks, "PATIENCE_SECONDS", 20)
    assert stand_in.ask("next", [], tmp_path / "next").report().rows == 1


def test_closing_refuses_what_is_unanswered_and_leaves_no_process(stand_in, tmp_path):
    questions = [stand_in.ask("slow", [], tmp_path / "hang"), stand_in.ask("waiting", [], tmp_path / "waiting")]
    time.sleep(0.2)
    stand_in.close()
    questions.append(stand_in.ask("late", [], tmp_path / "late"))
    for question in questions:
        with pytest.raises(ChecksUnavailable):
            question.report()
    with pytest.raises(ProcessLookupError):
        os.kill(stand_in.pid, 0)


def test_the_process_ends_by_itself_when_its_caller_is_gone(stand_in):
    process = stand_in._process
    process.stdin.close()
    assert process.wait(20) == 0
