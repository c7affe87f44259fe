"""Briefings as a reader may have them: which were written, which of them are out of date, and their files.

What belongs here: the pages' only way to the outbox, which asks who is reading each time. A briefing speaks of the whole city and of all
its districts, so that it is for readers of the whole city; what names units, for readers of units. No path is made of what an address
asks for: an edition is looked up among those that its reader may have, and its slip names the file.
"""

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from stat import S_ISREG

from dashboards import access, store
from data.access import Reader
from data.home import Home
from data.outbox import FORMATS, KINDS, Slip, folder, slips
from data.words import LANGUAGES

AT_MOST_BYTES = 64_000_000
OF_UNITS = "half_year"  # 半年督查 tells people which units to go to, whatever its slip says


class Unsound(Exception):
    """A file of a briefing that is not what was written. why: gone, or changed since."""

    def __init__(self, why: str, name: str):
        super().__init__(why)
        self.why, self.name = why, name


@dataclass(frozen=True)
class Edition:
    """A briefing that was written. `current`: the month's current release; `newer`: the code of the one that took its place."""

    slip: Slip
    current: str | None
    newer: str | None = None

    @property
    def code(self) -> str:
        """What an address calls it by."""
        return code_of(self.slip)

    @property
    def revised(self) -> bool:
        """Whether the release that it was written from is no longer the current one."""
        return self.slip.revision != self.current

    @property
    def names_units(self) -> bool:
        return names_units(self.slip)

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(form for form in FORMATS if form in self.slip.files)


def code_of(slip: Slip) -> str:
    return f"{slip.kind}-{slip.revision}-{slip.edition}-{slip.lang}"


def names_units(slip: Slip) -> bool:
    return slip.units or slip.kind == OF_UNITS


def is_for(reader: Reader, slip: Slip) -> bool:
    return reader.whole and (reader.sees_units or not names_units(slip))


def editions(home: Home, period: str) -> list[Edition]:
    """A month's, the newest first; of two that claim to be the same edition the later one."""
    reader = access.reader(home)
    known = {code_of(slip): slip for slip in slips(home, period) if slip.lang in LANGUAGES and is_for(reader, slip)}
    current = store.published(home).get(period)
    newest: dict[tuple[str, str], Slip] = {}
    for slip in sorted(known.values(), key=_age):
        newest[slip.kind, slip.lang] = slip
    # Those of one run are told apart by their kinds and not by their seconds.
    found = sorted(known.values(), key=lambda slip: (slip.created_at[:16], -KINDS.index(slip.kind), _age(slip)), reverse=True)
    return [Edition(slip, current, _newer(slip, newest[slip.kind, slip.lang])) for slip in found]


def _age(slip: Slip) -> tuple[int, int]:
    return int(slip.revision[1:]), slip.edition


def _newer(slip: Slip, newest: Slip) -> str | None:
    return code_of(newest) if newest is not slip else None


def withheld(home: Home, period: str) -> bool:
    """Whether there are some that the reader, who reads the whole city, is not given since they name units."""
    reader = access.reader(home)
    return reader.whole and any(not is_for(reader, slip) for slip in slips(home, period))


def periods(home: Home) -> list[str]:
    """The months that have some for the reader, the newest first."""
    reader, published = access.reader(home), store.published(home)
    return sorted({slip.period for slip in slips(home) if slip.period in published and is_for(reader, slip)}, reverse=True)


def first(found: list[Edition], lang: str) -> Edition:
    """The one to show unasked: in the reader's language, not out of date, 月统计 before the others."""
    order = lambda each: (each.slip.lang != lang, bool(each.newer), each.revised, KINDS.index(each.slip.kind))  # noqa: E731
    return min(found, key=order)


def content(home: Home, period: str, code: str, form: str) -> bytes:
    """A file as it was written, for the reader as they stand now. Raises Unsound, and access.NoEntry where it is none of theirs."""
    edition = next((each for each in editions(home, period) if each.code == code), None)
    if edition is None:
        raise access.NoEntry("unknown")
    name, digest = edition.slip.files.get(form, ("", ""))
    data = _read(home, period, name, form)
    if sha256(data).hexdigest() != digest:
        raise Unsound("changed", name)
    return data


def _read(home: Home, period: str, name: str, form: str) -> bytes:
    """A plain file of the month's folder, and nothing that a slip or a link could lead to instead."""
    if not name.endswith(f".{form}") or re.search(r"[/\\\x00]", name):
        raise Unsound("gone", name)
    try:
        # Neither a link nor a pipe, which would never end.
        number = os.open(folder(home, period) / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(number, "rb") as file:
            about = os.fstat(number)
            if not S_ISREG(about.st_mode) or about.st_size > AT_MOST_BYTES:
                raise Unsound("changed", name)
            return file.read(AT_MOST_BYTES)
    except (OSError, ValueError):
        raise Unsound("gone", name) from None
