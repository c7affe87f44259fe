"""Ways from the first page to the others: each keeps release and language, and leads nowhere that the reader may not go."""

from html import escape

from dashboards.findings import address
from dashboards.offered import is_offered, way
from dashboards.parts import text
from dashboards.places.kinds import KINDS
from dashboards.shell import View
from dashboards.store import UNKNOWN, Picture


def way_at(view: View, page: str, shown: str, picture: Picture) -> str:
    """A link to another release than the one that is looked at."""
    if not is_offered(view, page):
        return text(shown)
    where = address(page, picture.period, picture.revision, view.words.lang)
    return f'<a class="lx-opens" href="{escape(where)}" target="_self">{text(shown)}</a>'


def place_link(view: View, kind: str, code: str, name: str) -> str:
    """A district or park by its name, as the way to the page about it. The city is no such place, and in 未知 nobody can act."""
    if kind not in KINDS or code == UNKNOWN:
        return text(name)
    return way(view, "place", name, unit=f"{kind}-{code}")
