"""The audit log: what is written stays in order whoever writes at once and however a writer ends, and no change of it goes unseen."""

import json
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import audit_chain, audit_log
from data.access import ANYBODY_HERE, Area, Reader
from data.audit_log import AuditLog, system_user, verify
from data.home import Home, HomeUnfit
from data.periods import add_months

ROOT = Path(__file__).parents[2]
READER = Reader("li.na@example.test", "李娜", "auditor", (Area("district", "980102"),))
WRITER = """
import sys
from data.access import Reader
from data.audit_log import AuditLog
from data.home import Home
log = AuditLog(Home(sys.argv[1]))
for number in range(int(sys.argv[3])):
    print(log.write(who=Reader(sys.argv[2], "", "analyst"), did="opened", what="worklist", asked={"at": str(number)}), flush=True)
"""


@pytest.fixture
def log(tmp_path) -> AuditLog:
    (tmp_path / "home").mkdir()
    return AuditLog(Home(tmp_path / "home"))


def fill(log: AuditLog, count: int) -> None:
    for number in range(count):
        log.write(who=READER, did="opened", what="worklist", release="2017-12 r01", asked={"at": str(number + 1)})


def only_file(log: AuditLog) -> Path:
    (found,) = log.folder.glob("*.jsonl")
    return found


def writer(log: AuditLog, who: str, count: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(log.home.path), who, str(count)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_an_entry_says_who_did_what_with_which_release_newest_first(log):
    log.write(who=READER, did="opened", what="worklist", release="2017-12 r01", asked={"list": "first", "district": "980102"})
    log.write(who=ANYBODY_HERE, did="exported", what="metrics", release="2017-12 r02", rows=12)
    last, first = log.entries()
    assert (first.number, first.who, first.role, first.areas, first.did) == (1, READER.sign_in, "auditor", ("district-980102",), "opened")
    assert (first.what, first.asked, first.release) == ("worklist", {"list": "first", "district": "980102"}, "2017-12 r01")
    assert (last.number, last.who, last.role, last.rows) == (2, system_user(), "local", 12)
    assert verify(log.home).entries == 2


def test_no_log_is_no_problem_and_looking_makes_none(log):
    assert verify(log.home) == audit_chain.Verified(0, None, ())
    assert list(log.entries()) == log.months() == []
    assert not log.folder.exists()


def test_only_the_programs_user_may_read_it(log):
    fill(log, 1)
    assert stat.S_IMODE(log.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in log.folder.iterdir()} == {0o600}


def test_codes_are_kept_and_whatever_may_be_a_name_or_a_persons_number_is_not(log):
    asked = {"assignee": "王强", "q": "某某公司", "unit": "91980102MA13GXF47G", "id": "110101199003070011", "list": "", "<b>": "x"}
    log.write(who=READER, did="opened", what="某页", asked=asked)
    (entry,) = log.entries()
    assert entry.asked == {"assignee": "*", "q": "*", "unit": "91980102MA13GXF47G", "id": "*", "list": "", "*": "x"}
    assert entry.what == "*"


@given(who=st.text(min_size=1), asked=st.dictionaries(st.text(), st.text()), rows=st.integers())
@settings(max_examples=100)
def test_a_sealed_line_is_one_line_of_ascii_that_opens_again(who, asked, rows):
    line, digest = audit_chain.seal({"number": 1, "who": who, "asked": asked, "rows": rows, "before": audit_chain.FIRST})
    assert line.isascii() and line.count(b"\n") == 1
    entry = audit_chain.unseal(line.removesuffix(b"\n"))
    assert (entry["who"], entry["asked"], entry["rows"], entry["hash"]) == (who, asked, rows, digest)


@given(data=st.data())
@settings(max_examples=100)
def test_a_sealed_line_of_which_one_byte_is_changed_does_not_open(data):
    line = audit_chain.seal({"number": 7, "who": "a@b.test", "rows": 3, "before": audit_chain.FIRST})[0].removesuffix(b"\n")
    place = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda value: value != line[place]))
    assert audit_chain.unseal(line[:place] + bytes([other]) + line[place + 1 :]) is None


CHAIN = 8


@cache
def written() -> dict[str, bytes]:
    """The files of a log of eight entries."""
    with tempfile.TemporaryDirectory() as folder:
        log = AuditLog(Home(folder))
        fill(log, CHAIN)
        return {path.name: path.read_bytes() for path in log.folder.iterdir()}


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_is_done_to_the_lines_is_found_and_still_found_after_more_was_written(data):
    with tempfile.TemporaryDirectory() as folder:
        log = AuditLog(Home(folder))
        log.folder.mkdir()
        for name, content in written().items():
            (log.folder / name).write_bytes(content)
        path = only_file(log)
        lines = path.read_bytes().splitlines(keepends=True)
        at = data.draw(st.integers(0, CHAIN - 1))
        act = data.draw(st.sampled_from(("change", "remove", "swap", "double", "cut")))
        if act == "change":
            lines[at] = lines[at].replace(b"worklist", b"overview")
        elif act == "remove":
            del lines[at]
        elif act == "swap":
            other = data.draw(st.integers(0, CHAIN - 1).filter(lambda place: place != at))
            lines[at], lines[other] = lines[other], lines[at]
        elif act == "double":
            lines.insert(at, lines[at])
        else:
            del lines[at:]
        path.write_bytes(b"".join(lines))
        first = verify(log.home).problems
        assert first
        if first[0].line:  # the first that breaks: the one itself, or the one that now stands in its place
            assert at - 6 <= first[0].line - 1 <= at + 1 or act == "swap"
        fill(log, 1)
        assert verify(log.home).problems


@pytest.mark.parametrize(
    ("act", "line"),
    [("change", 3), ("remove", 3), ("swap", 3), ("cut", 0), ("cut all", 0), ("head", 0)],
)
def test_verify_names_month_and_line_of_the_first_that_breaks(log, act, line):
    fill(log, 5)
    path = only_file(log)
    lines = path.read_bytes().splitlines(keepends=True)
    if act == "change":
        lines[2] = lines[2].replace(b"980102", b"980103")
    elif act == "remove":
        del lines[2]
    elif act == "swap":
        lines[2:4] = reversed(lines[2:4])
    elif act == "cut":
        del lines[-1:]
    elif act == "cut all":
        lines = []
    else:
        (log.folder / "HEAD.json").unlink()
    path.write_bytes(b"".join(lines))
    first = verify(log.home).problems[0]
    assert (first.month, first.line) == ((path.stem, line) if line else ("", 0))


def test_who_removes_the_whole_log_but_not_its_head_is_found(log):
    fill(log, 3)
    only_file(log).unlink()
    assert verify(log.home).problems
    fill(log, 1)
    assert [entry.number for entry in log.entries()] == [5, 4]  # the gap, and the entry: numbers do not start again
    assert verify(log.home).problems


def test_two_processes_write_at_once_and_every_entry_is_there_once(log):
    both = [writer(log, who, 200) for who in ("a", "b")]
    numbers = [int(line) for each in both for line in each.communicate()[0].split()]
    assert sorted(numbers) == list(range(1, 401))
    assert verify(log.home) == audit_chain.Verified(400, verify(log.home).last, ())
    written = [(entry.who, entry.asked["at"]) for entry in log.entries()]
    assert {who: [at for name, at in reversed(written) if name == who] for who in ("a", "b")} == dict.fromkeys(
        "ab", [str(number) for number in range(200)]
    )


def test_a_writer_killed_at_any_moment_leaves_a_chain_that_goes_on(log):
    chance = random.Random(7)
    for _ in range(4):
        process = writer(log, "a", 100_000)
        process.stdout.readline()
        time.sleep(chance.random() * 0.05)
        os.kill(process.pid, signal.SIGKILL)
        confirmed = [int(line) for line in process.communicate()[0].splitlines(keepends=True) if line.endswith("\n")]
        found = verify(log.home)
        assert found.problems == ()
        assert found.last.number >= max(confirmed, default=0)
        fill(log, 1)
        assert verify(log.home).problems == ()


@pytest.mark.parametrize("cut", [2, 40, 200])
def test_a_line_torn_in_the_middle_is_closed_and_owned_up_to(log, cut):
    fill(log, 3)
    path = only_file(log)
    whole = path.read_bytes()
    line, _ = audit_chain.seal(json.loads(whole.splitlines()[-1]) | {"number": 4, "hash": ""})
    path.write_bytes(whole + line[:-cut])
    assert verify(log.home).problems == ()
    fill(log, 1)
    found = verify(log.home)
    assert (found.entries, found.problems) == (5, ())
    assert [entry.did for entry in log.entries()][:2] == ["opened", "mended"]
    # What the note does not name is not covered by it.
    path.write_bytes(path.read_bytes().replace(line[:-cut], line[: -cut - 1]))
    assert verify(log.home).problems[0].line == 4


def test_an_entry_whose_line_lacks_only_its_end_counts(log):
    fill(log, 2)
    path, head = only_file(log), log.folder / "HEAD.json"
    old = head.read_bytes()
    fill(log, 1)
    path.write_bytes(path.read_bytes()[:-1])
    head.write_bytes(old)
    assert verify(log.home).entries == 3
    fill(log, 1)
    found = verify(log.home)
    assert (found.entries, found.problems) == (4, ())


def test_one_entry_ahead_of_the_head_is_lawful_and_two_are_not(log):
    fill(log, 2)
    head = log.folder / "HEAD.json"
    old = head.read_bytes()
    fill(log, 1)
    head.write_bytes(old)
    assert verify(log.home).problems == ()
    fill(log, 1)
    assert verify(log.home).problems == ()
    head.write_bytes(old)
    assert verify(log.home).problems


def test_a_full_disk_refuses_in_one_line_and_the_log_goes_on_when_there_is_room(log):
    fill(log, 3)
    path = only_file(log)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        # Room for a part of the next line.
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100, hard))
        for _ in range(3):
            with pytest.raises(HomeUnfit) as refused:
                fill(log, 1)
            assert "\n" not in str(refused.value) and str(log.folder) in str(refused.value)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert verify(log.home).problems == ()
    fill(log, 1)
    assert verify(log.home).problems == ()
    assert [entry.did for entry in log.entries()] == ["opened", "mended", "opened", "opened", "opened"]


def test_where_the_head_cannot_be_written_no_entry_is_ever_two_ahead_of_it(log):
    fill(log, 2)
    (log.folder / "HEAD.part").mkdir()
    for _ in range(3):
        with pytest.raises(HomeUnfit):
            fill(log, 1)
    assert verify(log.home) == replace(verify(log.home), entries=3, problems=())
    (log.folder / "HEAD.part").rmdir()
    fill(log, 1)
    assert verify(log.home) == replace(verify(log.home), entries=4, problems=())


def test_where_the_folder_cannot_be_made_nothing_is_done(tmp_path):
    (tmp_path / "audit").write_text("in the way")
    with pytest.raises(HomeUnfit):
        AuditLog(Home(tmp_path)).write(who=READER, did="opened", what="worklist")


THIS_MONTH = datetime.now(UTC).strftime("%Y-%m")


def fill_in(monkeypatch, log: AuditLog, month: str, count: int) -> Path:
    """Entries as a clock in that month would have them; its file."""

    class Clock:
        @staticmethod
        def now(zone) -> datetime:
            return datetime(int(month[:4]), int(month[5:]), 15, tzinfo=zone)

    with monkeypatch.context() as patch:
        patch.setattr(audit_log, "datetime", Clock)
        fill(log, count)
    return audit_chain.month_file(log.home, month)


@pytest.mark.parametrize(("ago", "lawful"), [(7, True), (6, True), (5, False), (0, False)])
def test_a_chain_may_begin_in_the_middle_only_where_what_is_gone_is_older_than_six_months(log, monkeypatch, ago, lawful):
    path = fill_in(monkeypatch, log, add_months(THIS_MONTH, -ago), 4)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[3:]))
    assert (verify(log.home).problems == ()) is lawful


@pytest.mark.parametrize(("by", "line"), [(-1, 1), (1, 1), (-12, 1)])
def test_a_file_under_the_name_of_another_month_is_found(log, by, line):
    fill(log, 2)
    path = only_file(log)
    path = path.rename(path.with_stem(add_months(path.stem, by)))
    assert (verify(log.home).problems[0].month, verify(log.home).problems[0].line) == (path.stem, line)


def test_an_entry_of_a_later_month_is_out_of_place_behind_others_of_its_file_too(log, monkeypatch):
    first = fill_in(monkeypatch, log, add_months(THIS_MONTH, -1), 2)
    fill(log, 1)
    last = log.folder / f"{THIS_MONTH}.jsonl"
    first.write_bytes(first.read_bytes() + last.read_bytes())
    last.unlink()
    assert [(one.month, one.line) for one in verify(log.home).problems] == [(first.stem, 3)]


@pytest.mark.parametrize("gone", ["folder", "content", "lines and head"])
@pytest.mark.parametrize("used", [None, "access.toml", "secrets/sign_in.toml", "casework.sqlite", "secrets/casework.url"])
def test_where_people_sign_in_or_work_a_log_that_is_not_there_is_a_problem(log, gone, used):
    fill(log, 2)
    if used:
        (log.home.path / used).parent.mkdir(exist_ok=True)
        (log.home.path / used).touch()
    assert verify(log.home).problems == ()
    for path in log.folder.iterdir():
        if gone != "lines and head" or path.name != "lock":
            path.unlink()
    if gone == "folder":
        log.folder.rmdir()
    found = verify(log.home)
    assert found.entries == 0
    assert [used in one.zh for one in found.problems] == ([True] if used else [])


@pytest.mark.parametrize("name", [f"{THIS_MONTH}.jsonl", "2016-01.jsonl"])
def test_a_folder_where_a_months_file_belongs_is_a_problem_and_hides_no_other(log, name):
    fill(log, 3)
    path = only_file(log)
    path.rename(path.with_suffix(".away"))
    (log.folder / name).mkdir()
    said = [one.en for one in verify(log.home).problems]
    assert f"audit/{name} is no file: take it away" in said and any("the end of the log is gone" in one for one in said)


def test_a_log_that_cannot_be_read_is_a_problem_of_the_log(log, monkeypatch):
    fill(log, 1)

    def refuse(file: int, kind: int) -> None:
        raise PermissionError(13, "no rights")

    monkeypatch.setattr(audit_log.fcntl, "flock", refuse)
    assert "the audit log can't be read" in verify(log.home).problems[0].en


def test_the_chain_goes_on_over_months_and_a_clock_set_back_opens_no_earlier_one(log, monkeypatch):
    earlier, later = add_months(THIS_MONTH, -1), add_months(THIS_MONTH, 1)
    fill_in(monkeypatch, log, earlier, 1)
    path = fill_in(monkeypatch, log, THIS_MONTH, 1)
    fill_in(monkeypatch, log, later, 1)
    fill(log, 1)
    assert log.months() == [earlier, path.stem, later]
    assert [entry.number for entry in log.entries()] == [4, 3, 2, 1]
    assert [entry.number for entry in log.entries(later)] == [4, 3]
    memo = {}
    assert log.verify(memo).problems == log.verify(memo).problems == verify(log.home).problems == ()
    path.unlink()
    assert (verify(log.home).problems[0].month, verify(log.home).problems[0].line) == (later, 1)
    assert log.verify(memo).problems


def test_long_logs_are_read_from_their_end(log, monkeypatch):
    fill(log, 120)
    reads = []
    monkeypatch.setattr(audit_chain, "read_line", lambda line: reads.append(line) or json.loads(line))
    newest = log.entries()
    assert [next(newest).number for _ in range(3)] == [120, 119, 118]
    assert len(reads) == 3
