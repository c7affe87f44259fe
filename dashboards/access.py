"""Who is reading: the person that has signed in, or whoever sits at the machine itself.

What belongs here: Streamlit's sign-in (OpenID Connect) turned into a `Reader`. What a reader may see is settled in transforms/reach.py and
applied in store.py, which asks here each time that it opens a release; no page has to ask for permission to read.
"""

from collections.abc import Mapping

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.access import ANYBODY_HERE, LOOPBACK, Reader, SignIn, people, sign_in, sign_in_file
from data.home import Home


class NoEntry(Exception):
    """Nobody who may read. why: sign_in (nobody has signed in yet), unknown (not in access.toml), unverified (the provider does not vouch
    for the address). sign_in: what the provider knows them by."""

    def __init__(self, why: str, sign_in: str = ""):
        super().__init__(why)
        self.why, self.sign_in = why, sign_in


# Homes whose server was started with sign-in. Settled once: where the file goes away while the server runs, nobody is let in.
_STARTED: set[str] = set()


def settle(home: Home) -> SignIn | None:
    """How people sign in, for the server as it starts; None where it is for this machine alone (guard.py)."""
    how = sign_in(home)
    if how is not None:
        _STARTED.add(str(home.path))
    return how


def needed(home: Home) -> bool:
    """Whether people sign in here."""
    return str(home.path) in _STARTED or sign_in_file(home).exists()


def reader(home: Home) -> Reader:
    """Who reads, by access.toml as it stands now. Raises NoEntry, and HomeUnfit where access.toml can't be read."""
    if get_script_run_ctx(suppress_warning=True) is None and not runtime.exists():
        return ANYBODY_HERE  # no server: a test, or a program of the office's own
    if not needed(home):
        if st.get_option("server.address") not in LOOPBACK:
            raise NoEntry("sign_in")
        return ANYBODY_HERE
    return admitted(home, st.user.to_dict())


def admitted(home: Home, user: Mapping) -> Reader:
    """The reader that somebody is by what the provider says of them. Raises NoEntry."""
    if not user.get("is_logged_in"):
        raise NoEntry("sign_in")
    known = people(home)
    who = str(user.get(known.claim) or "")
    # Some providers say it as a text; one that does not say it vouches for nothing.
    if known.claim == "email" and str(user.get("email_verified")).lower() != "true":
        raise NoEntry("unverified", who)
    found = known.reader(who)
    if found is None:
        raise NoEntry("unknown", who)
    return found
