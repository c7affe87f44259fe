"""Makes a new state of the releases ready for those who read, before the pages turn to it.

What belongs here: one thread of the server. When CURRENT.json changes, it opens what is new as every reader of access.toml will see it;
until then the pages go on with the state before, which is as whole (store.hold). So nobody's click waits for what all of them need.
Nothing hangs on it: should it fail, or take too long, pages see what is published and work out for themselves what they need.
"""

import logging
from collections.abc import Iterable
from threading import Thread
from time import sleep

from dashboards import access, casebook, reporting, store
from dashboards.seen import Sight, sight_of
from data.access import ANYBODY_HERE, people
from data.home import Home, HomeUnfit
from data.releases import current

LOG = logging.getLogger("liangxin.dashboards")
LOOK = 0.5  # seconds between two looks at what is published
LONGEST = 60.0  # seconds that pages stay with the state before, at most


def begin(home: Home) -> None:
    """Starts the thread; it ends with the server."""
    Thread(target=_watch, args=(home,), name="warm", daemon=True).start()


def _watch(home: Home) -> None:
    ready: dict[str, str] = {}
    while True:
        ready = _turn(home, ready)
        sleep(LOOK)


def _turn(home: Home, ready: dict[str, str]) -> dict[str, str]:
    """The state that pages are given from here on; empty where they have to look themselves, which then says what is wrong."""
    try:
        now = current(home)
    except HomeUnfit:
        store.let_go(home)
        return {}
    if now != ready:
        if ready:
            store.hold(home, ready, LONGEST)
        try:
            for sight in sights(home):
                make_ready(home, sight, now)
        except Exception as error:  # whatever it is, the page that meets it says so in plain words
            LOG.warning("what is new could not be made ready: %s", type(error).__name__)
    store.hold(home, now, LONGEST)
    return now


def sights(home: Home) -> Iterable[Sight]:
    """The eyes of all who may read, those that see most first."""
    readers = people(home).readers.values() if access.needed(home) else [ANYBODY_HERE]
    return sorted({sight_of(reader) for reader in readers}, key=lambda sight: (not sight.whole, not sight.names, str(sight.areas)))


def make_ready(home: Home, sight: Sight, state: dict[str, str]) -> None:
    """What the first pages ask for: the figures of thirteen months, and the cases of all."""
    if not state:
        return
    with store.seen_as(home, sight, state):
        newest = max(state)
        now = store.picture(home, newest, state[newest])
        for _, picture in store.thirteen_months(home, now):
            if picture is not None:
                picture.ready()
        casebook.open_casebook(home, now)
        for month in reporting.months(home, now):
            _ = month.tallies
        _ = now.marks
