"""What the command line takes out of a home is in the audit log, and `verify` follows it."""

import json

import pytest
from click.testing import CliRunner

from data.audit_log import AuditLog, system_user
from data.home import Home
from liangxin import front_door
from tests.dashboards.releases_fixture import make_home
from transforms import citation

PERIOD = "2017-12"
COVERAGE = ("corroborated", "city", "980100", "all", "org_coverage")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    monkeypatch.setenv("LIANGXIN_LANG", "en")
    return make_home(tmp_path / "home", (PERIOD,))


def called(home: Home, *arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(front_door, [*map(str, arguments), "--home", str(home.path)])
    return done.exit_code, done.output


def test_export_and_explain_are_logged_and_verify_counts_them(home, tmp_path):
    assert json.loads(called(home, "verify", "--json")[1]) == {"releases": 1, "briefings": 0, "problems": [], "entries": 0}
    assert called(home, "export", "--table", "weak_orgs", "--period", PERIOD, "--to", tmp_path / "w.csv")[0] == 0
    code = citation.code(PERIOD, "r01", "metrics", COVERAGE)
    assert called(home, "explain", code)[0] == 0
    second, first = AuditLog(home).entries()
    assert (first.who, first.role, first.did, first.what, first.asked) == (
        system_user(),
        "local",
        "exported",
        "table:weak_orgs",
        {"form": "csv"},
    )
    assert first.rows and first.release == second.release == f"{PERIOD} r01"
    assert (second.did, second.what, second.asked) == ("explained", "figure", {"code": code})
    said = called(home, "verify")
    assert said[0] == 0 and "The audit log is whole: 2 entries" in said[1]


def test_what_was_not_made_is_not_logged(home, tmp_path):
    assert called(home, "export", "--table", "metrics", "--period", PERIOD, "--to", tmp_path / "w.doc")[0] == 2
    assert called(home, "explain", "201712.1-7KQM2X9P")[0] == 2
    assert not AuditLog(home).folder.exists()


def test_where_the_log_cannot_be_written_nothing_leaves(home, tmp_path):
    (home.path / "audit").write_text("in the way")
    assert called(home, "export", "--table", "metrics", "--period", PERIOD, "--to", tmp_path / "m.csv")[0] != 0
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_verify_finds_a_log_that_was_changed_and_doctor_says_where_it_lies(home, tmp_path):
    for _ in range(3):
        called(home, "export", "--table", "weak_orgs", "--period", PERIOD, "--to", tmp_path / "w.csv")
    (path,) = AuditLog(home).folder.glob("*.jsonl")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    code, said = called(home, "verify")
    assert (code, said.splitlines()[-1]) == (3, "the end of the log is gone: 1 entries, of 3 as audit/HEAD.json has it")
    assert f"the audit log is in {AuditLog(home).folder} and can be written" in called(home, "doctor")[1]


def test_verify_says_that_there_is_no_log_and_where_there_must_be_one_that_is_a_problem(home):
    code, said = called(home, "verify")
    assert (code, said.splitlines()[-1]) == (0, "There is no audit log.")
    (home.path / "access.toml").touch()
    code, said = called(home, "verify")
    assert code == 3 and "there is no audit log, though this home has access.toml" in said
    (home.path / "audit" / "2017-11.jsonl").mkdir(parents=True)
    code, said = called(home, "verify")
    assert code == 3 and "All 1 releases are what their manifests say." in said and "audit/2017-11.jsonl is no file" in said
