"""Short codes of figures, to be read out, typed and cited: `201712.1-7KQM2X9P` is a figure of revision 1 of December 2017.

What belongs here: making a code and reading one. The part after the dash is a digest of what the figure is (table, key, cell), so
one figure has the same mark in every period and revision; which figure a mark means is found by hashing those of a release.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from unicodedata import normalize

from data.periods import is_period

# Crockford's base 32: no I, L, O and U, so that what is read aloud or copied by hand comes back right.
_RFC, _CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WRITTEN = str.maketrans(_RFC, _CROCKFORD)
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "\N{IDEOGRAPHIC FULL STOP}": ".", "\N{EM DASH}": "-", "\N{EN DASH}": "-"})
_FORM = re.compile(r"([0-9]{4})([0-9]{2})\.([1-9][0-9]*)-?([0-9A-HJKMNP-TV-Z]{8})")
_DOMAIN = b"liangxin figure"
# Between the parts of what is hashed: it stands in no code and no name of a table.
_BETWEEN = "\x1f"


class NotACode(ValueError):
    """What was given does not have the form of a figure's code."""


@dataclass(frozen=True)
class Citation:
    """A code, read. `mark` is the part after the dash."""

    period: str
    revision: str
    mark: str

    def __str__(self) -> str:
        return f"{_lead(self.period, self.revision)}{self.mark}"


def mark(table: str, key: Iterable[object], column: str | None = None) -> str:
    """What the figure is, whatever its period: eight letters. `key`: the values of the table's key in the card's order, without period.
    `column`: the cell, where the table has several in a row; None is the row."""
    what = _BETWEEN.join((table, *map(str, key), column or ""))
    return base64.b32encode(blake2b(what.encode(), digest_size=5, person=_DOMAIN).digest()).decode().translate(_WRITTEN)


def code(period: str, revision: str, table: str, key: Iterable[object], column: str | None = None) -> str:
    """The code of one figure of a release (`2017-12`, `r01`)."""
    return _lead(period, revision) + mark(table, key, column)


def codes(period: str, revision: str, table: str, keys: Iterable[Sequence[object]], column: str | None = None) -> list[str]:
    """The codes of many rows of one table."""
    lead = _lead(period, revision)
    return [lead + mark(table, key, column) for key in keys]


def read(text: str) -> Citation:
    """A code as someone typed it: in small or full-width letters, with blanks, with I, L or O for 1 and 0, without the dash.

    Raises NotACode.
    """
    plain = normalize("NFKC", "".join(text.split())).upper().translate(_MISREAD)
    found = _FORM.fullmatch(plain)
    if found is None or not is_period(f"{found[1]}-{found[2]}"):
        raise NotACode(text)
    return Citation(f"{found[1]}-{found[2]}", f"r{int(found[3]):02d}", found[4])


def _lead(period: str, revision: str) -> str:
    return f"{period.replace('-', '')}.{int(revision[1:])}-"
