"""Faults injected for real: a run is killed at every stage, the disk is full, two runs want one home."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.home import Home
from data.releases import current, open_release, verify
from tests.end_to_end.command import ROOT, begin, environment, example_home, kill, liangxin, published

pytestmark = pytest.mark.end_to_end
KILLS = 8
EARLIER, PERIOD = "2016-12", "2017-12"


def restate(home: Home, times: int) -> None:
    """A file is delivered again, other bytes with the same rows, so that the period has something to do."""
    path = next(home.landing.glob(f"{PERIOD}/social_insurance/00_*.csv"))
    data = path.read_bytes().rstrip(b"\n")
    path.write_bytes(data + b"\n" * (times + 2))


def whole(home: Home, before: dict) -> None:
    """Every release on disk is what its manifest says, and what was published before can still be read."""
    assert verify(home) == []
    for (period, revision), tables in before.items():
        release = open_release(home, period, revision)
        assert {name: len(release.table(name)) for name in tables} == {name: stated["rows"] for name, stated in tables.items()}


def test_a_run_killed_at_any_stage_leaves_the_release_before_and_the_next_run_ends_as_if_nothing_had_happened(tmp_path):
    home = example_home(tmp_path / "home", EARLIER, PERIOD)
    assert liangxin("run", "--home", home.path).code == 0
    chance = random.Random(20171231)
    stages: set[str] = set()
    for number in range(KILLS):
        before = published(home)
        restate(home, number)
        process = begin("run", "--home", home.path)
        # Each in its own eighth of a run, so that early and late stages are hit whatever chance says.
        line = wait_for_lines(process, 3 * number + chance.randrange(3))
        time.sleep(chance.random() * 0.06)
        kill(process)
        stages.add(" ".join(line.split()[1:2]).rstrip(":"))
        whole(home, before)
        assert_no_process_left(process)
        if number % 4 == 3:
            same_as_undisturbed(home, tmp_path / f"clean{number}")
    # Reading, computing and the moments before anything is said were all hit.
    assert {"registration", "census"} & stages and len(stages) >= 4, stages


def wait_for_lines(process: subprocess.Popen, count: int) -> str:
    line = ""
    for _ in range(count):
        said = process.stderr.readline()
        if not said:
            break
        line = said
    return line


def same_as_undisturbed(home: Home, folder: Path) -> None:
    done = liangxin("run", "--home", home.path)
    assert done.code == 0, done.err
    assert liangxin("verify", "--home", home.path).code == 0
    undisturbed = example_home(folder, EARLIER, PERIOD)
    for path in home.landing.rglob("*.csv"):
        (undisturbed.landing / path.relative_to(home.landing)).write_bytes(path.read_bytes())
    assert liangxin("run", "--home", folder).code == 0
    assert [tables for _, tables in published(home).items()] == [tables for _, tables in published(undisturbed).items()]


def assert_no_process_left(process: subprocess.Popen) -> None:
    """The checking process, of the same process group, ends with the run that started it, however that ended."""
    deadline = time.monotonic() + 30
    while group_lives(process.pid):
        assert time.monotonic() < deadline, "a process of the killed run goes on"
        time.sleep(0.02)


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


MOMENTS = ("before_rename", "after_rename", "before_replace", "after_replace")
DIE = """
import os, signal, sys
from pathlib import Path
moment, home = sys.argv[1:]
when, name = moment.split("_")
real = getattr(os, name)
def die(source, target, *rest, **options):
    aimed = "releases" in str(target) and ("CURRENT" in str(target) and Path(target).exists() if name == "replace" else True)
    if aimed and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    real(source, target, *rest, **options)
    if aimed and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
setattr(os, name, die)
from data.home import Home
from pipelines.running import run
run(Home(home))
"""


@pytest.fixture(scope="module")
def one_month(tmp_path_factory) -> Home:
    """A home whose one month is published; to be copied."""
    home = example_home(tmp_path_factory.mktemp("month") / "home", PERIOD)
    assert liangxin("run", "--home", home.path).code == 0
    return home


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_in_the_very_act_of_publishing(tmp_path, one_month, moment):
    home = Home(shutil.copytree(one_month.path, tmp_path / "home"))
    before = published(home)
    restate(home, 1)
    killed = subprocess.run(
        [sys.executable, "-c", DIE, moment, home.path], env=environment(PYTHONPATH=str(ROOT)), capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stderr.decode()
    whole(home, before)
    assert current(home)[PERIOD] == ("r02" if moment == "after_replace" else "r01")
    assert liangxin("run", "--home", home.path).code == 0
    assert current(home)[PERIOD] == "r02"
    assert liangxin("verify", "--home", home.path).code == 0


def test_a_full_disk_is_said_in_one_line_and_nothing_is_lost(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    example_home(tmp_path / "home", PERIOD)
    # A file system of its own, so small that the warehouse fits and the release does not, or not even that.
    script = """
        set -e
        mount -t tmpfs -o size=$3 tmpfs "$1"
        cp -r "$2" "$1/home"
        set +e
        "$4" "$5" run --home "$1/home"; echo "code $?"
        mount -o remount,size=200m "$1"
        "$4" "$5" run --home "$1/home"; echo "code $?"
        "$4" "$5" verify --home "$1/home"; echo "code $?"
    """
    for size in ("3m", "6m"):
        arguments = [str(disk), str(tmp_path / "home"), size, sys.executable, str(ROOT / "liangxin.py")]
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", script, "sh", *arguments], capture_output=True, text=True, env=environment(), check=False
        )
        codes = [line for line in done.stdout.splitlines() if line.startswith("code")]
        assert codes == ["code 3", "code 0", "code 0"], done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert "disk" in done.stderr.lower()


def test_two_runs_at_once_the_second_is_told_to_wait(tmp_path):
    home = example_home(tmp_path / "home", PERIOD)
    first = begin("run", "--home", home.path)
    wait_for_lines(first, 2)
    os.kill(first.pid, signal.SIGSTOP)  # in the middle of its work, however fast this machine is
    second = liangxin("run", "--home", home.path)
    os.kill(first.pid, signal.SIGCONT)
    assert second.code == 3
    assert "another run is working" in second.err
    first.communicate()
    assert first.returncode == 0
    assert liangxin("verify", "--home", home.path).code == 0
    assert current(home) == {PERIOD: "r01"}
