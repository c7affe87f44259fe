"""Which pages a reader is offered, for the links that lead to them.

What belongs here: asking a page itself. A link that leads where its reader is turned away is no link; its words stand alone.
"""

from functools import cache
from importlib import import_module

from dashboards.parts import text
from dashboards.reporting import page_link
from dashboards.shell import Page, View


@cache
def _page(name: str) -> Page:
    # At the first link and not at the start: pages link to each other.
    return import_module(f"dashboards.screens.{name}").PAGE


def is_offered(view: View, name: str) -> bool:
    return _page(name).is_for(view.reader)


def way(view: View, page: str, shown: str, **chosen: str) -> str:
    """A link, or for a reader who is not offered the page the words alone."""
    return page_link(view, page, shown, **chosen) if is_offered(view, page) else text(shown)
