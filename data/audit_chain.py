"""The chain of the audit log: how an entry is sealed into a line, and whether the lines on disk are those that were written.

What belongs here: the form of a line, the head, and `verify`. Nothing here writes; data/audit_log.py does.
A line holds the hash of the line before it and, last, the SHA-256 of itself as it stands without that hash, byte for byte. So nothing
can be changed, left out, put in or swapped without breaking what follows; the head says how far the chain went, against a cut at its end.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from data import access
from data.home import Home
from data.periods import add_months, is_period

FIRST = "0" * 64  # what stands before the first entry
KEPT_MONTHS = 6
MENDED, GAP = "mended", "gap"
# Whoever reads such a home signs in, or has worked on findings: that is logged, so a home with one of these has a log.
USED = (access.FILE, f"secrets/{access.SIGN_IN}", "casework.sqlite", "secrets/casework.url")
_SEALED = re.compile(rb'(\{.*),"hash":"([0-9a-f]{64})"\}', re.DOTALL)


@dataclass(frozen=True)
class Head:
    """The last entry that was confirmed: its number and hash."""

    number: int
    hash: str


@dataclass(frozen=True)
class Problem:
    """Where the log is not what was written, and how, in both languages. `month` and `line` are empty and 0 where it is no line that is
    wrong."""

    month: str
    line: int
    zh: str
    en: str

    def said(self, lang: str) -> str:
        if lang == "zh":
            return (f"audit/{self.month}.jsonl 第 {self.line} 行：" if self.month else "") + self.zh
        return (f"audit/{self.month}.jsonl line {self.line}: " if self.month else "") + self.en


def folder(home: Home) -> Path:
    return home.path / "audit"


def months(home: Home) -> list[str]:
    """The months that have a file, oldest first."""
    return sorted(path.stem for path in folder(home).glob("*.jsonl") if is_period(path.stem) and path.is_file())


def month_file(home: Home, month: str) -> Path:
    return folder(home) / f"{month}.jsonl"


def head_file(home: Home) -> Path:
    return folder(home) / "HEAD.json"


def seal(fields: Mapping[str, object]) -> tuple[bytes, str]:
    """An entry as its line, and its hash. ASCII alone: whatever a value holds, the line is one line and shows nothing but itself."""
    body = json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(body).hexdigest()
    return body[:-1] + f',"hash":"{digest}"}}\n'.encode(), digest


def unseal(line: bytes) -> dict | None:
    """The entry of a line; None where the line is no whole one, or is not what was sealed."""
    found = _SEALED.fullmatch(line)
    if found is None or hashlib.sha256(found[1] + b"}").hexdigest().encode() != found[2]:
        return None
    entry = read_line(line)
    return entry if entry and isinstance(entry.get("number"), int) and isinstance(entry.get("before"), str) else None


def read_line(line: bytes) -> dict | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def fragment(line: bytes) -> dict[str, object]:
    """What an entry says of a line that was begun and not ended: enough to know it again."""
    return {"bytes": len(line), "sha256": hashlib.sha256(line).hexdigest()}


def read_head(home: Home) -> Head | None:
    """The head; None where there is none that can be read."""
    try:
        found = json.loads(head_file(home).read_bytes())
        return Head(int(found["number"]), str(found["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def follows(number: int, digest: str, before: str, head: Head | None) -> bool:
    """Whether the last entry is the head's, or the one after it: a writer may be killed between the entry and the head."""
    if head is None:
        return number <= 1
    return (number, digest) == (head.number, head.hash) or (number, before) == (head.number + 1, head.hash)


@dataclass(frozen=True)
class Walk:
    """How far the chain has been followed. `torn`: lines that were no whole entries, which the next entry must own up to."""

    number: int | None = None
    hash: str = FIRST
    before: str = FIRST
    entries: int = 0
    torn: tuple[tuple[str, int, str, int], ...] = ()  # month, line, SHA-256, length


@dataclass(frozen=True)
class Verified:
    """What `verify` found: how many entries there are, which is the last, and what is wrong."""

    entries: int
    last: Head | None
    problems: tuple[Problem, ...]


Memo = MutableMapping[tuple, tuple[Walk, tuple[Problem, ...]]]


def verify(home: Home, snapshot: Callable[[], tuple[Head | None, dict[str, int]]], memo: Memo | None = None) -> Verified:
    """Follows the chain from the first entry kept to the last. `snapshot` gives head and sizes of one moment. With a `memo` a month that
    is over and has not been touched since is not read again; the command line reads everything."""
    head, sizes = snapshot()
    walk, problems = Walk(), [*_no_files(home)]
    for place, (month, size) in enumerate(sizes.items()):
        path = month_file(home, month)
        stat = path.stat()
        key = (str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, walk)
        if memo is not None and key in memo and place < len(sizes) - 1:
            walk, found = memo[key]
        else:
            walk, found = _follow(path, month, size, walk)
            if memo is not None and place < len(sizes) - 1:
                memo[key] = walk, found
        problems += found
    # Behind the head's entry nothing has been confirmed: a line that was begun and not ended there is for the next writer to own up to.
    problems += _against_head(walk, head)
    if not problems and not walk.entries:
        problems += _gone(home)
    return Verified(walk.entries, Head(walk.number, walk.hash) if walk.number else None, tuple(problems))


def _follow(path: Path, month: str, size: int, walk: Walk) -> tuple[Walk, tuple[Problem, ...]]:
    problems: list[Problem] = []
    for number, line in enumerate(_lines(path, size), start=1):
        entry = unseal(line)
        if entry is None:
            said = fragment(line)
            walk = replace(walk, torn=(*walk.torn, (month, number, said["sha256"], said["bytes"])))
            continue
        wrong, told = _torn(walk, entry), None
        if wrong is None:
            told = (_first(month, entry) if walk.number is None else _next(walk, entry)) or _misplaced(month, number, entry)
        if wrong:
            problems.append(wrong)
        elif told:
            problems.append(Problem(month, number, *told))
        walk = Walk(entry["number"], line[-66:-2].decode(), entry["before"], walk.entries + 1)
    return walk, tuple(problems)


def _torn(walk: Walk, entry: dict) -> Problem | None:
    """Lines that are no entries are lawful where the next entry names exactly them."""
    said = [(each.get("sha256"), each.get("bytes")) for each in entry.get("torn", []) if isinstance(each, dict)]
    found = [each[2:] for each in walk.torn]
    lawful = entry.get("did") == MENDED and said == found
    return Problem(*walk.torn[0][:2], *_changed()) if walk.torn and not lawful else None


def _first(month: str, entry: dict) -> tuple[str, str] | None:
    if entry["number"] == 1 and entry["before"] == FIRST:
        return None
    if entry["number"] > 1 and entry.get("did") != GAP and month <= add_months(datetime.now(UTC).strftime("%Y-%m"), -KEPT_MONTHS):
        return None
    return (
        f"日志从第 {entry['number']} 条开始，之前的已不在；不满六个月的日志不得移走，请从备份恢复",
        f"the log begins with entry {entry['number']}, and those before are gone: what is younger than six months must stay. "
        "Restore it from a copy",
    )


def _next(walk: Walk, entry: dict) -> tuple[str, str] | None:
    if entry.get("did") == GAP:
        return (
            f"写入第 {entry['number']} 条时已发现，此前的日志被删去或改动过",
            f"when entry {entry['number']} was written, the log before it had already been cut or changed",
        )
    if entry["number"] != walk.number + 1:
        return (
            f"前一条是第 {walk.number} 条，这一条却是第 {entry['number']} 条：中间有删去、插入或调换",
            f"entry {entry['number']} stands behind entry {walk.number}: some were taken out, put in or swapped",
        )
    if entry["before"] != walk.hash:
        return (
            f"第 {entry['number']} 条与前一条接不上：前一条不是当时写下的",
            f"entry {entry['number']} does not follow from the one before it",
        )
    return None


def _misplaced(month: str, line: int, entry: dict) -> tuple[str, str] | None:
    """A file is opened by an entry of its month. A clock that was set back adds earlier ones behind it, never later ones."""
    of = str(entry.get("at"))[:7]
    if of == month or (line > 1 and of < month):
        return None
    return (
        f"第 {entry['number']} 条写于 {of}（UTC），却在 {month} 的文件里：文件被改名，或日志被移动过",
        f"entry {entry['number']} was written in {of} (UTC) and lies in the file of {month}: a file was renamed, or lines were moved",
    )


def _no_files(home: Home) -> Iterator[Problem]:
    """What lies where a month's file belongs and is none."""
    place = folder(home)
    if place.exists() and not place.is_dir():
        yield Problem("", 0, "audit 不是目录，无法核对日志", "audit is no folder: the log cannot be followed")
    for path in sorted(place.glob("*.jsonl")):
        if is_period(path.stem) and not path.is_file():
            yield Problem("", 0, f"audit/{path.name} 不是文件，请移走", f"audit/{path.name} is no file: take it away")


def _gone(home: Home) -> Iterator[Problem]:
    found = [name for name in USED if (home.path / name).exists()]
    if found:
        zh, en = "、".join(found), ", ".join(found)
        yield Problem(
            "",
            0,
            f"没有操作日志，而本数据目录已有 {zh}：日志可能被移走，请从备份恢复；刚设置好、还没有人登录过的，登录一次后再核对",
            f"there is no audit log, though this home has {en}: it may have been taken away, then restore it from a copy. "
            "If nobody has signed in yet, sign in once and verify again",
        )


def _changed() -> tuple[str, str]:
    return ("这一行不是当时写下的内容", "this line is not what was written")


def _against_head(walk: Walk, head: Head | None) -> Iterator[Problem]:
    number = walk.number or 0
    if follows(number, walk.hash, walk.before, head):
        return
    if walk.torn:
        yield Problem(*walk.torn[0][:2], *_changed())
    if head is None:
        yield Problem("", 0, "audit/HEAD.json 缺失或无法读取", "audit/HEAD.json is missing or cannot be read")
    elif number < head.number:
        yield Problem(
            "",
            0,
            f"日志末尾缺少 {head.number - number} 条：应到第 {head.number} 条，现只到第 {number} 条",
            f"the end of the log is gone: {head.number - number} entries, of {head.number} as audit/HEAD.json has it",
        )
    else:
        yield Problem("", 0, "日志末尾与 audit/HEAD.json 不符", "the end of the log is not what audit/HEAD.json says")


def _lines(path: Path, size: int) -> Iterator[bytes]:
    """The lines of a file as far as `size`, without their ends; the last may have none."""
    with path.open("rb") as file:
        while size > 0 and (line := file.readline(size)):
            size -= len(line)
            yield line.removesuffix(b"\n")
