"""What readers of the pages did, into the audit log: opened rows, took a file away, signed in, were not let in.

What belongs here: when an entry is due, and what of the choices goes into it. The log itself is data/audit_log.py. An entry comes before
what it tells of: where it can't be written, HomeUnfit is raised, and the page says so instead of showing rows.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboards import choices
from data.access import Reader
from data.audit_log import AuditLog
from data.home import Home

if TYPE_CHECKING:  # the frame of the pages calls this
    from dashboards.shell import View

SEEN = "audit.seen"
# Which language a page is in says nothing of what was seen, and period and release stand in the entry by themselves.
UNSAID = ("lang", "period", "release")
# A page that first has to look up what was typed says itself what it shows, with `shown`: the code that was found, and no `*`.
SAYS_ITSELF = ("unit",)


def asked(view: "View") -> dict[str, str]:
    """What was chosen on the page, as it stands now."""
    if choices.KEPT not in st.session_state:  # nobody's browser: nothing was chosen
        return {}
    found = {name: choices.kept(name) for name in view.page.needs if name not in UNSAID}
    return {name: str(value) for name, value in found.items() if value}


def opened(view: "View") -> None:
    """Before a page of rows is drawn: an entry for each thing that is looked at, once a session."""
    if view.page.name not in SAYS_ITSELF:
        shown(view, asked(view))


def shown(view: "View", what: Mapping[str, str], rows: int | None = None) -> None:
    """Before rows are shown that a page has looked up: an entry once a session. `rows`: how many, where they are a list."""
    key, seen = _key(view, what), st.session_state.setdefault(SEEN, set())
    if key not in seen:
        AuditLog(view.home).write(
            who=view.reader, did="opened", what=view.page.name, release=view.picture.release.name, asked=what, rows=rows
        )
        seen.add(key)


def drawn(view: "View") -> None:
    """After it: the defaults that the page has settled by now are no new choice of the reader's."""
    if view.page.name not in SAYS_ITSELF:
        st.session_state.setdefault(SEEN, set()).add(_key(view, asked(view)))


def exported(view: "View", chosen: Mapping[str, str], rows: int, form: str, part: str) -> None:
    """Before a file leaves: how many rows, in which form; `part`: which of the page's files it is."""
    more = {"form": form} | ({"part": part} if part else {})
    AuditLog(view.home).write(
        who=view.reader, did="exported", what=view.page.name, release=view.picture.release.name, asked=dict(chosen) | more, rows=rows
    )


def signed_in(home: Home, reader: Reader) -> None:
    """Once a session."""
    _once(home, "signed_in", reader, {})


def refused(home: Home, sign_in: str, why: str) -> None:
    """Somebody whom the provider knows and access.toml does not, or not any more. Once a session."""
    _once(home, "refused", Reader(sign_in, "", "", ()), {"why": why})


def _once(home: Home, did: str, who: Reader, more: Mapping[str, str]) -> None:
    key, seen = (did, who.sign_in, who.role, tuple(sorted(more.items()))), st.session_state.setdefault(SEEN, set())
    if key not in seen:
        AuditLog(home).write(who=who, did=did, what="sign_in", asked=more)
        seen.add(key)


def _key(view: "View", what: Mapping[str, str]) -> tuple:
    return view.page.name, view.picture.release.name, view.reader.sign_in, tuple(sorted(what.items()))
