"""The city, district or park that a page looks at: one box, kept in the URL as `unit=district-980102`.

What belongs here: choosing one unit. Comparing them all is comparison.py's.
"""

from dataclasses import dataclass

from dashboards import choices
from dashboards.shell import View
from dashboards.store import UNKNOWN

KINDS = ("city", "district", "park")


@dataclass(frozen=True)
class Chosen:
    """A unit of the picture. `name` is as the page says it: the city is 全市."""

    kind: str
    code: str
    name: str


def all_units(view: View, kinds: tuple[str, ...] = KINDS) -> list[Chosen]:
    """The city first, then districts and parks, each by code; what lies in no known district comes last of its kind."""
    found = [Chosen(kind, code, _name(view, kind, code, row["name"])) for (kind, code), row in view.picture.units.items() if kind in kinds]
    return sorted(found, key=lambda unit: (KINDS.index(unit.kind), unit.code == UNKNOWN, unit.code))


def choose(view: View) -> Chosen:
    return choose_from(view, all_units(view))


def choose_from(view: View, offered: list[Chosen]) -> Chosen:
    """One of these; the first where nothing was chosen."""
    units = {f"{unit.kind}-{unit.code}": unit for unit in offered}
    first = next(iter(units))
    say = lambda key: view.words("choose.of_park", name=units[key].name) if units[key].kind == "park" else units[key].name  # noqa: E731
    return units[choices.choose(view.words("choose.unit"), "unit", list(units), first, say)]


def _name(view: View, kind: str, code: str, name: str) -> str:
    return view.words("compare.city") if kind == "city" else view.words.place(code, name)
