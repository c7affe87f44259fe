"""The outbox: `<home>/outbox/<YYYY-MM>/`, the briefings that were written, each with its slip (and thereby the ledger of quoted figures).

What belongs here: where briefings lie, and reading their slips. A briefing counts once its slip is there; it is never overwritten: what
is new about the same month stands beside it as a further edition. (Written by pipelines/briefing/writing.py.)
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from data.home import Home
from data.language import words
from data.periods import is_period
from data.releases import Problem, digest

KINDS = ("month", "quarter", "half_year")  # 月统计, 季通报, 半年督查
# Kind -> the months of the year that have one.
DUE: Mapping[str, tuple[int, ...]] = {"month": tuple(range(1, 13)), "quarter": (3, 6, 9, 12), "half_year": (6, 12)}
FORMATS = ("pdf", "docx", "xlsx")
OPEN = ("~$", ".~", "._")  # how Word, WPS and others call what they put beside a file while it is open
NOTE = ".writing"  # beside files that are being put there; what a writer that was killed left, the next one takes away by it


@dataclass(frozen=True)
class Slip:
    """What is known of one edition. `name`: its files' name without their endings. `edition`: 1, 2, … of the same kind, language and
    revision. `digest`: of all that it says; the same content is not written twice. `files`: format -> (file name, sha256).

    `sentences`: a row a sentence: section, text, name, metric, sector, basis, kind, code, period, revision, test, codes.
    `left_out`: a row a sentence that was not written: section, name, metric, sector, basis, kind, code, reason.
    `quoted`: a row a figure: code, table, key, column, period, revision, numerator, denominator, value, reason, shown, where (section).
    `asks`: a row a thing that was asked for: kind, and what it takes to see what came of it (transforms/claims/asks.py).
    `units`: whether it names units, so that only readers of units may have it. `due_on`: the day against which it counted what is overdue.
    `own`: the digest of all this but the files, which have theirs: what was quoted stays as it was written.
    """

    kind: str
    period: str
    revision: str
    edition: int
    lang: str
    name: str
    created_at: str
    digest: str
    units: bool = False
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    sentences: list[dict] = field(default_factory=list)
    left_out: list[dict] = field(default_factory=list)
    quoted: list[dict] = field(default_factory=list)
    asks: list[dict] = field(default_factory=list)
    due_on: str = ""
    own: str = ""


def own_digest(slip: Slip) -> str:
    """SHA-256 of what a slip says, as canonical JSON; formats may be added to it later."""
    said = {name: value for name, value in asdict(slip).items() if name not in ("files", "own")}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def due(period: str) -> tuple[str, ...]:
    """The kinds of briefings that a month has."""
    return tuple(kind for kind in KINDS if int(period[5:]) in DUE[kind])


def folder(home: Home, period: str) -> Path:
    return home.path / "outbox" / period


def slips(home: Home, period: str | None = None) -> list[Slip]:
    """Of a period or of all: by period, and by when they were written."""
    return sorted(_slips(home, period), key=lambda slip: (slip.period, slip.created_at, slip.kind, slip.edition))


def _slips(home: Home, period: str | None) -> Iterator[Slip]:
    for each, path in _papers(home, period):
        slip = _read(path, each)
        if slip is not None:  # what can't be read says nothing; `verify` names it
            yield slip


def _papers(home: Home, period: str | None = None) -> Iterator[tuple[str, Path]]:
    """(period, file) of every slip, whatever it holds."""
    root = home.path / "outbox"
    periods = [period] if period else sorted(path.name for path in root.glob("[0-9]*") if is_period(path.name))
    for each in periods:
        yield from ((each, path) for path in sorted(folder(home, each).glob("*.json")))


def _read(path: Path, period: str) -> Slip | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        slip = Slip(**found | {"files": {form: tuple(pair) for form, pair in found.get("files", {}).items()}})
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    # A slip speaks of its own files alone: what is only for some readers is lent to no other kind.
    own = slip.name == path.stem and not path.is_symlink()
    return slip if slip.period == period and own and is_whole(slip) else None


def is_whole(slip: Slip) -> bool:
    """Whether a slip has the form of one: a file that somebody has touched must not stop those who read the others."""
    texts = (slip.period, slip.revision, slip.lang, slip.name, slip.created_at, slip.digest, slip.due_on, slip.own)
    rows = (slip.sentences, slip.left_out, slip.quoted, slip.asks)
    return (
        slip.kind in KINDS
        and all(isinstance(each, str) for each in texts)
        and re.fullmatch(r"r[0-9]{2,9}", slip.revision) is not None
        and type(slip.edition) is int
        and isinstance(slip.units, bool)
        and (not slip.due_on or _is_day(slip.due_on))
        and all(form in FORMATS and len(pair) == 2 and all(isinstance(each, str) for each in pair) for form, pair in slip.files.items())
        and all(name == f"{slip.name}.{form}" for form, (name, _) in slip.files.items())
        and all(isinstance(each, list) and all(isinstance(row, dict) for row in each) for each in rows)
    )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def verify(home: Home) -> tuple[int, list[Problem]]:
    """How many editions there are, and what is not as it was written: a slip that can't be read or says something else, a file that is gone
    or another one, an edition before another that is gone, a file that no slip names."""
    every = slips(home)
    count, problems = 0, [*_lacking(home, every), *_strays(home, every)]
    for period, path in _papers(home):
        slip = _read(path, period)
        if slip is None:
            said = words(f"{path.name} 不是简报记录，或无法读取", f"{path.name} is no slip of a briefing, or cannot be read")
            problems.append(Problem(period, "outbox", said))
            continue
        count += 1
        if slip.own != own_digest(slip):
            said = words(f"{path.name} 已不是写出时的内容（指纹不符）", f"{path.name} is not the one that was written (its digest differs)")
            problems.append(Problem(period, "outbox", said))
        problems += [Problem(period, "outbox", said) for name, sha256 in slip.files.values() if (said := _fault(path.parent, name, sha256))]
    return count, problems


def _lacking(home: Home, every: list[Slip]) -> Iterator[Problem]:
    """Editions that must have been there: a further one stands beside the one before, and is never in its stead."""
    known = {(slip.period, slip.name) for slip in every}
    for slip in every:
        first = slip.name.removesuffix(f"_{slip.edition}")
        for name in (first if number == 1 else f"{first}_{number}" for number in range(1, slip.edition)):
            # A name that a file of somebody else had was passed over: no edition had it.
            taken = any((folder(home, slip.period) / f"{name}.{ending}").exists() for ending in (*FORMATS, "json"))
            if (slip.period, name) not in known and not taken:
                known.add((slip.period, name))
                said = words(f"缺少简报 {name}（其后的版次还在）", f"the briefing {name} is missing (a later edition is there)")
                yield Problem(slip.period, "outbox", said)


def _strays(home: Home, every: list[Slip]) -> Iterator[Problem]:
    """Files as briefings have them that no slip names: nobody can tell what they are. (Beside a slip that can't be read, that is named.)"""
    named = {(slip.period, name) for slip in every for name, _ in slip.files.values()}
    for path in sorted((home.path / "outbox").glob("[0-9]*/*")):
        stray = path.suffix.lstrip(".") in FORMATS and not path.with_suffix(".json").exists() and not (path.parent / NOTE).exists()
        stray = stray and not path.name.startswith(OPEN)
        if stray and is_period(path.parent.name) and (path.parent.name, path.name) not in named:
            said = words(f"{path.name} 没有简报记录，不能当作简报", f"{path.name} has no slip: it is no briefing")
            yield Problem(path.parent.name, "outbox", said)


def _fault(place: Path, name: str, sha256: str) -> str | None:
    path = place / name
    if path.is_symlink() or not path.is_file():
        return words(f"缺少简报文件 {name}", f"the briefing’s file {name} is missing")
    try:
        same = digest(path) == sha256
    except OSError as error:
        why = error.strerror or str(error)
        return words(f"简报文件 {name} 无法读取（{why}）", f"the briefing’s file {name} cannot be read ({why})")
    return None if same else words(f"{name} 已不是写出时的内容（指纹不符）", f"{name} is not the one that was written (its digest differs)")
