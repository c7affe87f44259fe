"""Files into the outbox, so that a reader finds an edition whole or not at all, whenever the writer is killed or the disk is full.

What belongs here: the lock of the one writer, files put under names that nothing else has, the slip last. Before any file is put its name
and digest are noted down; what a writer that was killed left behind is known by that note, and taken away by the next.
"""

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path

from data.home import Home
from data.outbox import NOTE, Slip, folder, own_digest, slips
from data.releases import digest

# Hidden, and of no ending that slips are looked for by.
LOCK, PART = ".lock", ".part"
# What a file system answers that knows no links.
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """One writer at a time; who comes second waits, and finds what the first one wrote."""
    root = home.path / "outbox"
    _make(root)
    handle = os.open(root / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def put(home: Home, slip: Slip, made: Mapping[str, bytes], more: bool = False) -> Slip:
    """The files, format -> content, and then the slip that names them. `more`: the slip is there, and is given further files.

    Raises OSError, and then nothing of it is there.
    """
    place = folder(home, slip.period)
    files = slip.files | {form: (f"{slip.name}.{form}", sha256(data)) for form, data in made.items()}
    whole = replace(slip, files=files, own=slip.own if more else own_digest(slip))
    try:
        _make(place)
        note = {file: digest for file, digest in whole.files.values() if not (place / file).exists()}
        _save(place / NOTE, json.dumps(note, ensure_ascii=False).encode())
        for form, data in made.items():
            _place(place, whole.files[form][0], data)
        # The slip says that they are there: so they are on the disk before it is.
        _sync(place)
        text = json.dumps(asdict(whole), ensure_ascii=False, indent=1)
        _place(place, f"{slip.name}.json", text.encode("utf-8", "backslashreplace"), over=more)
        _sync(place)
        (place / NOTE).unlink()
    except OSError:
        with suppress(OSError):
            _clear(home, slip.period)
        raise
    return whole


def sweep(home: Home, period: str) -> None:
    """Takes away what a writer that was killed put there without its slip. Of nobody else's files any."""
    place = folder(home, period)
    if (place / NOTE).exists() or any(place.glob(f".*{PART}")):
        _clear(home, period)
        _sync(place)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_file(path: Path, noted: str) -> bool:
    """Whether it is the one that was written."""
    return path.is_file() and digest(path) == noted


def _clear(home: Home, period: str) -> None:
    place = folder(home, period)
    for path in place.glob(f".*{PART}"):
        path.unlink()
    try:
        note = json.loads((place / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # none, or cut short: then no file had been put there yet
        note = {}
    counted = {file for slip in slips(home, period) for file, _ in slip.files.values()}
    for file, noted in note.items() if isinstance(note, dict) else ():
        path = place / Path(file).name
        # Only what is this program's own work to the last byte.
        if path.name not in counted and is_file(path, noted):
            path.unlink()
    (place / NOTE).unlink(missing_ok=True)


def _make(place: Path) -> None:
    if not place.is_dir():
        place.mkdir(parents=True, exist_ok=True)
        _sync(place.parent)


def _place(place: Path, name: str, data: bytes, over: bool = False) -> None:
    """A file under its name, whole or not at all. `over`: in the stead of what has this name, which otherwise stays."""
    part = place / f".{name}{PART}"
    _save(part, data)
    if over:
        os.replace(part, place / name)
        return
    try:
        os.link(part, place / name)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if (place / name).exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place / name)) from None
        os.rename(part, place / name)
    part.unlink(missing_ok=True)


def _save(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
