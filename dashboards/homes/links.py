"""Ways from the first page to the others: each keeps release and language, and leads nowhere that the reader may not go."""

from html import escape

import streamlit as st

from dashboards.addresses import PAGES
from dashboards.findings import address
from dashboards.parts import text
from dashboards.reporting import page_link
from dashboards.shell import View
from dashboards.store import Picture


def offered(name: str) -> bool:
    """Whether this reader has the page. Outside a session (a test of one page) all are."""
    pages = st.session_state.get("pages")
    return pages is None or name in pages


def way(view: View, page: str, shown: str, **chosen: str) -> str:
    """A link, or where the reader has no such page the words alone."""
    return page_link(view, page, shown, **chosen) if offered(page) else text(shown)


def way_at(view: View, page: str, shown: str, picture: Picture) -> str:
    """A link to another release than the one that is looked at."""
    if not offered(page):
        return text(shown)
    where = address(page, picture.period, picture.revision, view.words.lang)
    return f'<a class="lx-opens" href="{escape(where)}" target="_self">{text(shown)}</a>'


def place_link(view: View, kind: str, code: str, name: str) -> str:
    """A district or park by its name, as the way to the page about it."""
    return way(view, "place", name, unit=f"{kind}-{code}") if "place" in PAGES else text(name)
