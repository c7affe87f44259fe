"""Fixtures of the dashboards' tests: the example city's home, and a server on it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.home import Home
from tests.dashboards.releases_fixture import make_home

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path) -> Home:
    return make_home(tmp_path / "home")


@pytest.fixture(scope="session")
def example_home(tmp_path_factory) -> Home:
    """The example city's releases, for tests that only read."""
    return make_home(tmp_path_factory.mktemp("example") / "home")


class Server:
    """The dashboards as `liangxin dashboard` serves them, on a port of its own."""

    def __init__(self, home: Home, log: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.home, self.url, self.log = home, f"http://127.0.0.1:{self.port}", log
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboards" / "serve.py"), "--server.port", str(self.port)]
        environment = os.environ | {"LIANGXIN_HOME": str(home.path), "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(command, env=environment, cwd=log.parent, stdout=log.open("w"), stderr=subprocess.STDOUT)
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            try:
                if urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2).status == 200:
                    return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.2)
        pytest.fail(f"the dashboards did not start: {self.log.read_text()[-1500:]}", pytrace=False)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="session")
def server(example_home, tmp_path_factory) -> Iterator[Server]:
    started = Server(example_home, tmp_path_factory.mktemp("server") / "log.txt")
    yield started
    started.stop()


@pytest.fixture
def serve(tmp_path) -> Iterator:
    """Starts a server on a home that the test changes."""
    started = []

    def start(home: Home) -> Server:
        started.append(Server(home, tmp_path / f"log{len(started)}.txt"))
        return started[-1]

    yield start
    for each in started:
        each.stop()
