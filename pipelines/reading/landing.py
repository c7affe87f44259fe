"""The landing folder: which files make which delivery, and what is there that is no delivery (sources.md, 'Where files lie')."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data.contracts import sources
from data.home import Home, HomeUnfit
from data.language import words
from data.periods import is_period
from data.releases import digest

ENDINGS = (".csv", ".xlsx", ".xls")


@dataclass(frozen=True)
class LandedFile:
    """One file of a delivery. `path` is relative to landing/, with forward slashes; `sha256` is of its bytes.

    `place` is the path as the file system has it: the same, but where a name is in GBK, as copies from old systems are."""

    period: str
    source: str
    path: str
    sha256: str
    place: str = ""

    def __post_init__(self):
        object.__setattr__(self, "place", self.place or self.path)


@dataclass(frozen=True)
class Landing:
    """The landing folder at one moment. `strays`: what is not of the form, named so that nobody waits for it in vain."""

    files: tuple[LandedFile, ...]
    strays: tuple[str, ...]

    @cached_property
    def deliveries(self) -> dict[tuple[str, str], tuple[LandedFile, ...]]:
        """(source, period) -> its files in the order of their paths, code point by code point."""
        found: dict[tuple[str, str], list[LandedFile]] = {}
        for file in self.files:
            found.setdefault((file.source, file.period), []).append(file)
        return {key: tuple(sorted(files, key=lambda file: file.path)) for key, files in found.items()}

    @cached_property
    def periods(self) -> tuple[str, ...]:
        return tuple(sorted({file.period for file in self.files}))


def scan(home: Home) -> Landing:
    """Look at every file, and digest its content: a copy can keep the size and the time of the file that it replaces."""
    if not home.landing.is_dir():
        return Landing((), ())
    found: list[tuple[str, str, str]] = []
    strays: list[str] = []
    for entry in _entries(home.landing):
        if not entry.is_dir(follow_symlinks=False) or not is_period(entry.name):
            strays.append(_readable(entry.name))
            continue
        for folder in _entries(entry):
            place = f"{entry.name}/{folder.name}"
            if not folder.is_dir(follow_symlinks=False) or folder.name not in sources():
                strays.append(_readable(place))
                continue
            for path in _files(folder, place, strays):
                found.append((entry.name, folder.name, path))
    with ThreadPoolExecutor() as pool:
        digests = pool.map(lambda item: _digest(home.landing / item[2], item[2]), found)
    files = tuple(
        LandedFile(period, source, _readable(place), sha256, place) for (period, source, place), sha256 in zip(found, digests, strict=True)
    )
    return Landing(files, tuple(sorted(strays)))


def _files(folder: os.DirEntry | Path, place: str, strays: list[str]) -> Iterator[str]:
    for entry in _entries(folder):
        path = f"{place}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry, path, strays)
        elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(ENDINGS):
            yield path
        else:
            strays.append(_readable(path))


def _entries(folder: os.DirEntry | Path) -> list[os.DirEntry]:
    """Sorted by name; hidden files and Excel's lock files (~$) are passed over in silence."""
    return sorted((entry for entry in os.scandir(folder) if not entry.name.startswith((".", "~$"))), key=lambda entry: entry.name)


def _readable(path: str) -> str:
    """The path as text: a name whose bytes are no UTF-8 is one in GBK."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("gb18030", errors="replace")
    return path


def _digest(path: Path, name: str) -> str:
    try:
        return digest(path)
    except OSError as error:
        raise HomeUnfit(
            words(
                f"landing/{_readable(name)} 无法读取（{error.strerror}）。请授予读取权限，或将其移走。",
                f"landing/{_readable(name)} cannot be read ({error.strerror}). Give this user the right to read it, or move it away.",
            )
        ) from None
