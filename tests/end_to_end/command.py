"""The command line as a user runs it: a process of its own, its exit code, what it prints. And homes to run it on."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from data.home import Home
from data.releases import current, open_release

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests" / "example"


@dataclass(frozen=True)
class Ended:
    """How a call ended."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> dict:
        return json.loads(self.out)


def command(*arguments: object) -> list[str]:
    return [sys.executable, str(ROOT / "liangxin.py"), *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"LIANGXIN_LANG": "en"} | more


def liangxin(*arguments: object, **environ: str) -> Ended:
    """Call it, and wait. Whatever happens, no traceback is printed."""
    done = subprocess.run(command(*arguments), capture_output=True, text=True, env=environment(**environ), check=False)
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return Ended(done.returncode, done.stdout, done.stderr)


def begin(*arguments: object) -> subprocess.Popen:
    """Start it in a process group of its own, so that it can be killed with all that it started."""
    return subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), start_new_session=True
    )


def kill(process: subprocess.Popen) -> None:
    """SIGKILL: no handler, no goodbye."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()


def example_home(folder: Path, *periods: str) -> Home:
    """A copy of the example city's home, with the landing files of these periods only (none named: all)."""
    shutil.copytree(EXAMPLE / "home", folder)
    for month in (folder / "landing").iterdir():
        if periods and month.name not in periods:
            shutil.rmtree(month)
    return Home(folder)


def published(home: Home) -> dict[tuple[str, str], dict]:
    """(period, revision) -> the tables of the current releases with digest and rows: equal where the figures are."""
    return {(period, revision): open_release(home, period, revision).manifest["tables"] for period, revision in current(home).items()}
