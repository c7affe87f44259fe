"""The audit log: who opened rows, who took what away, from which release. `<home>/audit/YYYY-MM.jsonl`, a line an entry, only added to.

What belongs here: writing an entry and reading entries. The form of a line and whether the chain holds: data/audit_chain.py.
Several programs write at once (the pages' server, the command line), so an entry is written under a lock, with one write, and is on
the disk before anybody is shown what it tells of. Where it can't be written, nothing is shown: HomeUnfit, with the way out.
"""

import errno
import fcntl
import getpass
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from data import audit_chain
from data.access import Reader
from data.audit_chain import FIRST, GAP, MENDED, Head, Memo, Problem, Verified, fragment, head_file, month_file, months
from data.home import Home, HomeUnfit
from data.language import words
from data.personal_numbers import mask_numbers

# What people did; `mended` and `gap` are the log's own notes on itself.
DID = ("opened", "exported", "answered", "explained", "signed_in", "refused")
# What was chosen is logged as codes. Whatever else an address holds may be a name, and is not kept: `*` says that there was something.
_CODE = re.compile(r"[A-Za-z0-9_.:+-]{1,80}")
_NO_CODE = "*"
_WHO_LETTERS = 200
_BLOCK = 8192


@dataclass(frozen=True)
class Entry:
    """An entry as it is read. `at` is UTC; `asked` what was chosen; `rows` how many went into a file."""

    number: int
    at: str
    who: str
    role: str
    areas: tuple[str, ...]
    did: str
    what: str
    asked: Mapping[str, str] = field(default_factory=dict)
    release: str = ""
    rows: int | None = None


@dataclass(frozen=True)
class _End:
    """How the log ends: its last whole entry, lines behind it that are none, and whether the last line has its end."""

    number: int = 0
    hash: str = FIRST
    before: str = FIRST
    torn: tuple[bytes, ...] = ()
    open_in: str = ""  # the month whose file does not end with the end of a line


class AuditLog:
    """The log of one home. It is made by its first entry."""

    def __init__(self, home: Home):
        self.home = home
        self.folder = audit_chain.folder(home)

    def write(
        self, *, who: Reader, did: str, what: str, release: str = "", asked: Mapping[str, str] | None = None, rows: int | None = None
    ) -> int:
        """Adds an entry, and returns its number once it is safe on the disk. Raises HomeUnfit where it can't be written."""
        said = {
            "who": (who.sign_in or system_user())[:_WHO_LETTERS],
            "role": who.role,
            "areas": [str(area) for area in who.areas],
            "did": did,
            "what": _code(what),
            "asked": {_code(name): _code(value) for name, value in (asked or {}).items()},
            "release": release,
            "rows": rows,
        }
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with self._locked(fcntl.LOCK_EX):
                return self._add(said)
        except OSError as error:
            raise self._unfit(error) from None

    def rehearse(self) -> None:
        """Whether an entry could be written, without writing one. Raises HomeUnfit."""
        place = next(folder for folder in (self.folder, self.home.path, *self.home.path.parents) if folder.exists())
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
            if self.folder.is_dir():
                with self._locked(fcntl.LOCK_EX):
                    for month in self.months()[-1:]:
                        os.close(os.open(month_file(self.home, month), os.O_WRONLY | os.O_APPEND))
        except OSError as error:
            raise self._unfit(error) from None

    def _unfit(self, error: OSError) -> HomeUnfit:
        why = error.strerror or error
        return HomeUnfit(
            words(
                f"操作日志无法写入 {self.folder}（{why}），所以不显示、不导出明细。请检查磁盘和目录权限后重试。",
                f"the audit log in {self.folder} can't be written ({why}), so no rows are shown or exported. "
                "See to the disk's space and the folder's rights, and try again.",
            )
        )

    def entries(self, month: str | None = None) -> Iterator[Entry]:
        """The entries of a month, or of all, the newest first; read from the end, as far as they are asked for."""
        for name in [month] if month else reversed(months(self.home)):
            for line in _backwards(month_file(self.home, name)):
                entry = audit_chain.read_line(line)
                if entry is not None:
                    yield _entry(entry)

    def months(self) -> list[str]:
        return months(self.home)

    def verify(self, memo: Memo | None = None) -> Verified:
        """Whether the log is what was written. A log that can't be read is a problem of the log: it hides nothing else that is verified."""
        try:
            return audit_chain.verify(self.home, self._snapshot, memo)
        except OSError as error:
            why = error.strerror or str(error)
            unread = Problem("", 0, f"操作日志无法读取（{why}）", f"the audit log can't be read ({why})")
            return Verified(0, None, (unread,))

    def _snapshot(self) -> tuple[Head | None, dict[str, int]]:
        """Head and sizes of one moment, so that what is written meanwhile is no break."""
        if not self.folder.is_dir():
            return None, {}
        with self._locked(fcntl.LOCK_SH):
            return audit_chain.read_head(self.home), {month: month_file(self.home, month).stat().st_size for month in months(self.home)}

    def _add(self, said: Mapping[str, object]) -> int:
        end, head = self._end(), audit_chain.read_head(self.home)
        if not audit_chain.follows(end.number, end.hash, end.before, head):
            # Somebody took entries away or changed the last one. Going on in silence would hide it: the entry stays, and verify names it.
            gone = {"head": head and {"number": head.number, "hash": head.hash}}
            end = self._append(end, max(end.number, head.number if head else 0), GAP, gone)
        elif end.number and (head is None or head.number < end.number):
            # Its writer was killed before the head, or the disk was full for it: never two entries ahead.
            self._set_head(Head(end.number, end.hash))
        if end.torn:
            end = self._append(end, end.number, MENDED, {"torn": [fragment(line) for line in end.torn]})
        return self._append(end, end.number, None, said).number

    def _append(self, end: _End, number: int, note: str | None, said: Mapping[str, object]) -> _End:
        now = datetime.now(UTC)
        own = (
            {"who": "", "role": "", "areas": [], "did": note, "what": "audit_log", "asked": {}, "release": "", "rows": None} if note else {}
        )
        fields = {"number": number + 1, "at": now.isoformat(timespec="milliseconds"), **own, **said, "before": end.hash}
        line, digest = audit_chain.seal(fields)
        # A clock that was set back does not open an earlier month again: the files in turn are the chain.
        month = max([now.strftime("%Y-%m"), *months(self.home)[-1:]])
        _write(month_file(self.home, month), (b"\n" if end.open_in == month else b"") + line)
        self._set_head(Head(number + 1, digest))
        return _End(number + 1, digest, end.hash)

    def _set_head(self, head: Head) -> None:
        path = head_file(self.home)
        part = path.with_suffix(".part")
        _write(part, json.dumps({"number": head.number, "hash": head.hash}).encode(), os.O_TRUNC)
        os.replace(part, path)
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _end(self) -> _End:
        """Reads backwards from the end, no further than to the last whole entry."""
        torn: list[bytes] = []
        found = months(self.home)
        newest = month_file(self.home, found[-1]) if found else None
        open_in = found[-1] if newest and not _ends_with_a_line(newest) else ""
        for month in reversed(found):
            for line in _backwards(month_file(self.home, month)):
                entry = audit_chain.unseal(line)
                if entry is not None:
                    return _End(entry["number"], line[-66:-2].decode(), entry["before"], tuple(reversed(torn)), open_in)
                torn.append(line)
        return _End(torn=tuple(reversed(torn)), open_in=open_in)

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        path = self.folder / "lock"
        # Whoever only verifies may have no right to write here.
        writes = kind == fcntl.LOCK_EX or not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT if writes else os.O_RDONLY, 0o600)
        try:
            fcntl.flock(handle, kind)
            yield
        finally:
            os.close(handle)


def verify(home: Home) -> Verified:
    return AuditLog(home).verify()


def system_user() -> str:
    """Who works on this machine, as its operating system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid())


def _code(value: object) -> str:
    text = str(value)
    return text if _CODE.fullmatch(text) and mask_numbers(text) == text else _NO_CODE if text else ""


def _write(path: Path, data: bytes, more: int = os.O_APPEND) -> None:
    """One write, on the disk when it returns. What a full disk cut short stays: the next writer says so, and takes nothing back."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | more, 0o600)
    try:
        if os.write(handle, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    finally:
        os.close(handle)


def _backwards(path: Path) -> Iterator[bytes]:
    """The lines of a file from its end, without their ends, read in blocks."""
    with path.open("rb") as file:
        at = file.seek(0, os.SEEK_END)
        rest, first = b"", True
        while at > 0:
            size = min(_BLOCK, at)
            at -= size
            file.seek(at)
            parts = (file.read(size) + rest).split(b"\n")
            if first and parts[-1] == b"":
                parts.pop()
            first = False
            yield from reversed(parts[1:])
            rest = parts[0]
        if rest or not first:
            yield rest


def _ends_with_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _entry(found: dict) -> Entry:
    """An entry of a line, whatever a stranger's hand has made of it."""
    text = lambda name: str(found.get(name) or "")  # noqa: E731
    asked, areas, rows = found.get("asked"), found.get("areas"), found.get("rows")
    return Entry(
        found["number"] if isinstance(found.get("number"), int) else 0,
        text("at"),
        text("who"),
        text("role"),
        tuple(map(str, areas)) if isinstance(areas, list) else (),
        text("did"),
        text("what"),
        {str(name): str(value) for name, value in asked.items()} if isinstance(asked, dict) else {},
        text("release"),
        rows if isinstance(rows, int) else None,
    )
