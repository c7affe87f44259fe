"""What the set-up promises: every package pinned by hash and from nowhere in particular, and no telemetry."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
WISHES = sorted((ROOT / "requirements").glob("*.in"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)")


def pins(file: Path) -> dict[str, str]:
    return dict(found.groups() for line in file.read_text(encoding="utf-8").splitlines() if (found := PIN.match(line)))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda file: file.name)
def test_every_pin_has_a_hash(lock):
    blocks = re.split(r"(?m)^(?=[a-z0-9])", lock.read_text(encoding="utf-8"))[1:]
    assert len(blocks) == len(pins(lock))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("file", [*LOCKS, *WISHES], ids=lambda file: file.name)
def test_no_registry_and_no_path_is_named(file):
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"://|--?(?:index-url|extra-index-url|find-links|trusted-host)|(?<!\w)/(?:tmp|home|root|opt|work)\b", text) == []


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_lock_holds_what_is_wished_for(name):
    wished, locked = pins(ROOT / f"requirements/{name}.in"), pins(ROOT / f"requirements/{name}.txt")
    assert wished
    assert wished.items() <= locked.items()


def test_both_locks_agree():
    run, test = pins(ROOT / "requirements/run.txt"), pins(ROOT / "requirements/test.txt")
    assert {name: (run[name], test[name]) for name in run.keys() & test.keys() if run[name] != test[name]} == {}


def test_the_screen_and_its_server_are_the_same_dagster():
    run = pins(ROOT / "requirements/run.txt")
    assert run["dagster"] == run["dagster-webserver"] == run["dagster-dg-cli"]


def test_telemetry_is_off_in_the_projects_own_files():
    streamlit = tomllib.loads((ROOT / "dashboards/.streamlit/config.toml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert streamlit["browser"]["gatherUsageStats"] is False
    assert streamlit["server"]["address"] == "127.0.0.1"
    assert project["tool"]["dg"]["cli"]["telemetry"]["enabled"] is False
