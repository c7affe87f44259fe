"""The verb briefing as a user calls it, two of them at once, on a full disk, and the assets that do the same in Dagster."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from data import outbox
from data.audit_log import AuditLog
from data.home import Home
from pipelines.assets.briefings import BRIEFINGS
from pipelines.assets.common import City
from pipelines.briefing import writing
from tests.dashboards.releases_fixture import make_home
from tests.end_to_end.command import ROOT, begin, environment, liangxin

pytestmark = pytest.mark.end_to_end
MONTH, PERIOD = "2017-11", "2017-12"


@pytest.fixture
def home(tmp_path) -> Home:
    return make_home(tmp_path / "home", ("2016-12", "2017-11", PERIOD))


def files(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in outbox.folder(home, PERIOD).iterdir()}


def test_the_verb_writes_what_is_due_and_says_where(home):
    call = ("briefing", "--home", home.path, "--period", MONTH, "--format", "xlsx")
    done = liangxin(*call, "--json")
    assert done.code == 0, done.err
    (briefing,) = done.facts["briefings"]
    assert (done.facts["period"], done.facts["revision"]) == (MONTH, "r01")
    assert (briefing["kind"], briefing["edition"], briefing["new"], briefing["written"]) == ("month", 1, True, ["xlsx"])
    assert Path(briefing["files"]["xlsx"]).is_file()
    assert "Composing the monthly briefing (2017-11 r01)" in done.err
    assert [(entry.did, entry.what, entry.release) for entry in AuditLog(home).entries()] == [("exported", "briefings", f"{MONTH} r01")]

    chinese = liangxin(*call, LIANGXIN_LANG="zh")
    assert chinese.code == 0 and "月统计（2017-11 r01）已写好" in chinese.out
    assert "says the same as before. Nothing was written" in liangxin(*call).out

    spoilt = Path(briefing["files"]["xlsx"])
    spoilt.write_bytes(b"")
    checked = liangxin("verify", "--home", home.path, "--json")
    assert checked.code == 3 and checked.facts["briefings"] == 2
    what = f"{spoilt.name} is not the one that was written (its digest differs)"
    assert checked.facts["problems"] == [{"period": MONTH, "revision": "outbox", "what": what}]


def test_what_cannot_be_written_is_said_in_a_line(home, tmp_path):
    done = liangxin("briefing", "--home", home.path, "--period", "2017-10")
    assert done.code == 2 and "2017-10 is not published" in done.err
    done = liangxin("briefing", "--home", tmp_path / "nowhere", "--period", PERIOD)
    assert done.code == 3 and "there is no such home" in done.err
    done = liangxin("briefing", "--home", home.path, "--period", PERIOD, "--format", "doc")
    assert done.code == 2
    assert not (home.path / "outbox").exists()


def test_two_at_once_write_one_edition(home):
    both = [begin("briefing", "--home", home.path, "--period", MONTH, "--format", "pdf", "--json") for _ in range(2)]
    for each in both:
        each.communicate()
    assert [each.returncode for each in both] == [0, 0]
    assert [(slip.kind, slip.edition) for slip in outbox.slips(home)] == [("month", 1)]
    assert outbox.verify(home) == (1, [])


def test_a_full_disk_is_said_in_one_line_and_nothing_is_half_written(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    make_home(tmp_path / "home", ("2017-11",))
    script = """
        set -e
        mount -t tmpfs -o size=30m tmpfs "$1"
        cp -r "$2" "$1/home"
        free=$(df -k --output=avail "$1" | tail -1)
        head -c $(( (free - 60) * 1024 )) /dev/zero > "$1/filler"
        set +e
        "$3" "$4" briefing --home "$1/home" --period 2017-11 --format pdf; echo "code $?"
        ls -A "$1/home/outbox/2017-11" | sed 's/^/left /'
        rm "$1/filler"
        "$3" "$4" briefing --home "$1/home" --period 2017-11 --format pdf; echo "code $?"
        ls -A "$1/home/outbox/2017-11" | sed 's/^/there /'
        "$3" "$4" verify --home "$1/home"; echo "code $?"
    """
    arguments = [str(disk), str(tmp_path / "home"), sys.executable, str(ROOT / "liangxin.py")]
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", *arguments], capture_output=True, text=True, env=environment(), check=False
    )
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("code")] == ["code 3", "code 0", "code 0"], done.stdout + done.stderr
    assert [line for line in lines if line.startswith("left")] == []
    assert [line for line in lines if line.startswith("there")] == ["there monthly_2017-11_r01.json", "there monthly_2017-11_r01.pdf"]
    assert "Traceback" not in done.stderr and "cannot be written into" in done.stderr and "disk" in done.stderr


def materialise(home: Home, period: str) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        BRIEFINGS,
        partition_key=period,
        resources={"city": City(home=str(home.path))},
        instance=dg.DagsterInstance.ephemeral(),
        raise_on_error=False,
    )


def test_the_assets_write_what_is_due_and_nothing_new_the_second_time(home, monkeypatch):
    monkeypatch.setattr(writing, "set_in", lambda form, document: f"{form} {document.title}".encode())
    first = materialise(home, PERIOD)
    assert first.success
    assert sorted(slip.kind for slip in outbox.slips(home)) == sorted(outbox.KINDS)
    before = files(home)
    facts = first.asset_materializations_for_node("half_year_briefing")[0].metadata
    assert set(facts["files"].data) <= set(before)
    logged = [(entry.did, entry.what, entry.release, entry.asked["edition"]) for entry in AuditLog(home).entries()]
    assert sorted(logged) == [("exported", "briefings", f"{PERIOD} r01", f"{kind}-r01-1-en") for kind in sorted(outbox.KINDS)]
    assert materialise(home, PERIOD).success
    assert files(home) == before


def test_the_assets_pass_over_months_that_are_not_theirs_and_say_what_is_not_published(home):
    done = materialise(home, MONTH)
    assert done.success and [slip.kind for slip in outbox.slips(home)] == ["month"]
    assert done.asset_materializations_for_node("month_briefing") and not done.asset_materializations_for_node("quarter_briefing")
    failed = materialise(home, "2017-10")
    assert not failed.success
    assert "2017-10 is not published" in failed.failure_data_for_node("month_briefing").user_failure_data.description
