"""Files into the outbox under faults: a writer killed at every step, two at once, a full disk, a file system without links."""

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from data import outbox
from data.home import Home
from pipelines.briefing import filing
from tests.transforms.claims.made import slip

PERIOD = "2017-12"
MADE = {"pdf": b"%PDF" * 1000, "docx": b"PK" * 1000, "xlsx": b"PK"}
STEPS = ("fsync", "link", "replace", "unlink")


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path)


def names(home: Home) -> set[str]:
    place = outbox.folder(home, PERIOD)
    return {path.name for path in place.iterdir()} if place.exists() else set()


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Runs it in a process of its own, which is killed before its step-th step on the disk; whether it came so far."""
    child = os.fork()
    if child == 0:  # pragma: no cover
        left = iter(range(step))

        def dying(real):
            def call(*args, **options):
                if next(left, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*args, **options)

            return call

        for name in STEPS:
            setattr(os, name, dying(getattr(os, name)))
        try:
            act()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def put(home: Home, made=MADE, more: bool = False) -> None:
    with filing.alone(home):
        filing.sweep(home, PERIOD)
        known = {(each.kind, each.edition): each for each in outbox.slips(home)}
        one = slip(PERIOD)
        if more or (one.kind, one.edition) not in known:
            filing.put(home, known.get((one.kind, one.edition), one), made, more=more)


WHOLE = {f"month_{PERIOD}_r01.{ending}" for ending in (*MADE, "json")}


def test_killed_at_any_step_there_is_all_of_it_or_no_briefing_and_the_next_one_ends_as_if_nothing_had_happened(tmp_path):
    step, counted = 0, []
    while True:
        home = Home(tmp_path / str(step))
        home.path.mkdir()
        was_killed = killed_at(step, lambda home=home: put(home))
        counted.append(len(outbox.slips(home)))
        assert outbox.verify(home) == (counted[-1], [])
        put(home)
        assert names(home) == WHOLE, step
        assert outbox.verify(home) == (1, [])
        if not was_killed:
            break
        step += 1
    assert step > 12 and counted == sorted(counted) and {0, 1} == set(counted)


def test_killed_while_a_format_is_added_the_edition_stays_whole(tmp_path):
    step, formats = 0, []
    while True:
        home = Home(tmp_path / str(step))
        home.path.mkdir()
        put(home, {"pdf": MADE["pdf"]})
        was_killed = killed_at(step, lambda home=home: put(home, {"docx": MADE["docx"]}, more=True))
        assert outbox.verify(home) == (1, [])
        formats.append(len(outbox.slips(home)[0].files))
        with filing.alone(home):
            filing.sweep(home, PERIOD)
        files = {name for name, _ in outbox.slips(home)[0].files.values()}
        assert names(home) == files | {f"month_{PERIOD}_r01.json"}, step
        if not was_killed:
            break
        step += 1
    assert step > 6 and formats == sorted(formats) and {1, 2} == set(formats)


def test_what_others_put_there_meanwhile_is_not_swept(home):
    put(home)
    place = outbox.folder(home, PERIOD)
    (place / ".writing").write_text('{"theirs.pdf": "00", "month_2017-12_r01.pdf": "00", "../../x": "00"}')
    (place / "theirs.pdf").write_bytes(b"a file of somebody")
    with filing.alone(home):
        filing.sweep(home, PERIOD)
    assert names(home) == WHOLE | {"theirs.pdf"}


def test_two_at_once_write_one(home):
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:  # pragma: no cover
            try:
                put(home)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert names(home) == WHOLE and outbox.verify(home) == (1, [])


@pytest.mark.parametrize("at", range(6))
def test_a_full_disk_leaves_nothing_half(home, monkeypatch, at):
    real, left = filing._save, iter(range(at))

    def save(path: Path, data: bytes) -> None:
        if next(left, None) is None:
            path.write_bytes(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        real(path, data)

    monkeypatch.setattr(filing, "_save", save)
    if at < 5:  # the note, three files, the slip
        with pytest.raises(OSError, match="No space"):
            put(home)
        assert names(home) == set()
    else:
        put(home)
        assert names(home) == WHOLE


def test_a_full_disk_leaves_what_was_there(home, monkeypatch):
    put(home, {"pdf": MADE["pdf"]})
    before = {path.name: path.read_bytes() for path in outbox.folder(home, PERIOD).iterdir()}

    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(filing.os, "replace", full)
    with pytest.raises(OSError):
        put(home, {"docx": b"PK"}, more=True)
    assert {path.name: path.read_bytes() for path in outbox.folder(home, PERIOD).iterdir()} == before


def test_a_file_system_without_links(home, monkeypatch):
    def refuse(*args, **options):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(filing.os, "link", refuse)
    put(home)
    assert names(home) == WHOLE and outbox.verify(home) == (1, [])
    with pytest.raises(FileExistsError):
        filing.put(home, slip(PERIOD), {"pdf": b"other"})
    assert names(home) == WHOLE and outbox.verify(home) == (1, [])


def test_nothing_is_put_over_what_is_there(home):
    put(home)
    with pytest.raises(FileExistsError):
        filing.put(home, slip(PERIOD), {"pdf": b"other"})
    assert names(home) == WHOLE and outbox.verify(home) == (1, [])
