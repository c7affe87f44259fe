"""The way from a unit's name to its own page.

What belongs here: one link. It is written for readers of units alone; whether the page then opens is settled where releases are opened.
"""

from dashboards import reporting
from dashboards.parts import text
from dashboards.shell import View


def unit_link(view: View, uscc: str, shown: str) -> str:
    return reporting.page_link(view, "unit", shown, uscc=uscc) if view.reader.sees_units and uscc else text(shown)
