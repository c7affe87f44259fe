"""What the page of the audit log is drawn from: the entries of a month, and whether the chain holds. Part of screens/audit_log.py.

What belongs here: reading and choosing, and an entry in words. What has been read is kept until its file changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboards import audit_words
from dashboards import entry as people
from dashboards.audit_words import ALL, Names
from dashboards.parts import text
from dashboards.shell import View
from data.access import Area
from data.audit_chain import USED, Verified, folder, month_file
from data.audit_log import AuditLog, Entry
from data.contracts import tables
from data.home import Home
from data.words import Words, known
from transforms import show

TABLE = "table:"


@dataclass(frozen=True)
class Choice:
    """What is shown: entries of a month, of an account, of one kind, about one page. `all` narrows nothing."""

    month: str = ALL
    who: str = ALL
    did: str = ALL
    what: str = ALL

    def takes(self, one: Entry) -> bool:
        return all(wanted in (ALL, found) for wanted, found in ((self.who, one.who), (self.did, one.did), (self.what, one.what)))


def of_month(home: Home, month: str) -> Sequence[Entry]:
    """The entries of a month, or of all, the newest first."""
    months = reversed(AuditLog(home).months()) if month == ALL else [month]
    return [one for name in months for one in _read(str(home.path), name, _stamp(month_file(home, name)))]


@st.cache_resource(max_entries=14, show_spinner=False)
def _read(home: str, month: str, stamp: tuple) -> Sequence[Entry]:
    return tuple(AuditLog(Home(home)).entries(month))


def verified(home: Home) -> Verified:
    """The chain, followed once for what lies there now; a month that is over and untouched is not read again."""
    files = sorted(path for path in folder(home).glob("*.json*")) if folder(home).is_dir() else []
    used = tuple(name for name in USED if (home.path / name).exists())
    return _follow(str(home.path), (used, *((path.name, *_stamp(path)) for path in files)))


_MEMO: dict = {}


@st.cache_resource(max_entries=2, show_spinner=False)
def _follow(home: str, stamps: tuple) -> Verified:
    return AuditLog(Home(home)).verify(_MEMO)


def _stamp(path) -> tuple:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def what_words(words: Words, what: str) -> str:
    """A page by its title, a table by its name."""
    if what.startswith(TABLE):
        card = tables().get(what.removeprefix(TABLE))
        return words("audit_log.table", name=words.card(card) if card else what.removeprefix(TABLE))
    return words(f"{what}.title") if known(f"{what}.title") else words.of("logged", what)


def areas_words(view: View, one: Entry) -> str:
    areas = [Area(*area.split("-", 1)) for area in one.areas]
    return view.words("mark.list").join(people.area_words(view.words, area, Names(view)) for area in areas)


def asked_words(view: View, one: Entry) -> list[tuple[str, str]]:
    """What was chosen, by the names that the boxes of the pages have."""
    found = []
    for name in one.asked:
        label = view.words.of("asked", name)
        found.append((label if label != name else view.words.of("choose", name), audit_words.value(view, one.asked, name)))
    return found


def cells(view: View, one: Entry) -> list[str]:
    """An entry as a row of the table on the page."""
    words, colon = view.words, view.words("mark.colon")
    areas = areas_words(view, one)
    below = f"<br><small>{text(areas)}</small>" if areas else ""
    asked = " · ".join(f"{escape(name)}{colon}{text(value)}" for name, value in asked_words(view, one))
    return [
        show.count(one.number),
        text(show.beijing(one.at)),
        text(one.who) if one.who else show.NOT_APPLICABLE,
        (escape(words.of("role", one.role)) + below) if one.role else show.NOT_APPLICABLE,
        text(words.of("did", one.did)),
        text(what_words(words, one.what)),
        asked or show.NOT_APPLICABLE,
        text(one.release) if one.release else show.NOT_APPLICABLE,
        show.NOT_APPLICABLE if one.rows is None else show.count(one.rows),
    ]
