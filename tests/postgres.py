"""A real PostgreSQL for the tests: a server of their own in a temporary folder, without a network, gone with them.

    with server() as database:
        url = database()          # postgresql://…, a new and empty database

It never runs as root, and the kernel ends it with the process that started it, should that be killed.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

USER = "liangxin"
PLAIN = "-c listen_addresses= -c fsync=off -c shared_buffers=16MB -c max_connections=30 -c autovacuum=off -c logging_collector=off"


def programs() -> Path:
    """The folder of initdb and postgres that `make test` found or installed."""
    named = os.environ.get("POSTGRES")
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name.zfill(3), reverse=True)
    on_path = [Path(found).parent for found in [shutil.which("initdb")] if found]
    for folder in [Path(named)] if named else [*newest, *on_path]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    pytest.fail("no PostgreSQL here: `make test` installs one, or POSTGRES=/folder/with/initdb names one", pytrace=False)


@contextmanager
def server() -> Iterator[Callable[[], str]]:
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a short path: a socket's name has a hundred characters
    run_as = _not_root(folder)
    initdb = [*run_as, programs() / "initdb", "-D", folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(initdb, capture_output=True, text=True, cwd=folder, check=False)
    assert made.returncode == 0, made.stderr
    with (folder / "log").open("wb") as log:
        command = [*run_as, programs() / "postgres", "-D", folder / "data", "-k", folder, *PLAIN.split()]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        _wait(process, folder)
        number = iter(range(1, 1000))

        def database() -> str:
            name = f"casework{next(number)}"
            with psycopg.connect(host=str(folder), user=USER, dbname="postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return f"postgresql://{USER}@/{name}?host={folder}"

        yield database
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _not_root(folder: Path) -> list[str]:
    """What goes before a command: PostgreSQL refuses to run as root, so root gives the folder to somebody else."""
    ends_with_us = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() != 0:
        return ends_with_us
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return [*ends_with_us, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _wait(process: subprocess.Popen, folder: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host=str(folder), user=USER, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            log = (folder / "log").read_text(encoding="utf-8", errors="replace")
            assert process.poll() is None and time.monotonic() < deadline, f"PostgreSQL does not start: {log}"
            time.sleep(0.05)
