"""What was chosen when an entry of the audit log was written, in the words of the pages' boxes. Part of screens/audit_log.py.

What belongs here: a value by the name of its choice. Of places, their names; of units, their codes, and those for readers of units alone.
A code that no page has a word for stands in quotation marks.
"""

import re
from collections.abc import Callable, Mapping

from dashboards import check_report, ledger_units
from dashboards import entry as people
from dashboards.findings import NOBODY, NONE, OUTSIDE
from dashboards.lists import NEW
from dashboards.shell import View
from data.access import Area
from data.contracts import sources, tables, worklists
from data.words import SEVERITY, Words, known

ALL = "all"
NO_CODE = "*"
OF_UNITS = ("uscc", "subject", "id")  # they name a unit, an organisation, a finding about one
USCC = re.compile(r"[0-9A-Z]{18}")
# Choice -> the section of the catalogue that has words for its codes.
SECTIONS = {"basis": "basis", "sector": "sector", "filed": "sector", "places": "kind", "about": "about", "sign": "sign", "moved": "moved"}
SECTIONS |= {"status": "standing", "home": "homes", "pair": "pairs", "leg": "legs", "cell": "cells"}
HAS_ALL = ("basis", "sector", "filed", "moved")  # whose `all` is a code of its own
NO_LIST = {("cell", "none"): "base_numbers.list_none", ("move", "none"): "doubling.list_none", ("column", "every"): "revisions.every"}
ODD = NO_LIST | {("district", NONE): "findings.no_district", ("park", OUTSIDE): "findings.outside", ("side", "rows"): "figure.count"}
ODD |= {("assignee", NOBODY): "findings.nobody_assigned", ("since", NEW): "worklist.stay_new"}
SIDES = ("numerator", "denominator", "rest")


class Names:
    """The names of places, looked up one by one: a file of the log asks for them a hundred thousand times."""

    def __init__(self, view: View):
        self.units = view.picture.units

    def get(self, place: tuple[str, str], other: str | None = None) -> str | None:
        return self.units[place]["name"] if place in self.units else other


def value(view: View, asked: Mapping[str, str], name: str) -> str:
    """A value in words. asked: all that was chosen with it."""
    words, code = view.words, asked[name]
    if not view.reader.sees_units and code and (name in OF_UNITS or USCC.fullmatch(code)):
        return NO_CODE
    if (name, code) in ODD:
        return words(ODD[name, code])
    if code == ALL and name not in HAS_ALL:
        return words("audit_log.every")
    said = _place(view, name, code) or _said(words, name, code, asked)
    if said and said != code and "{" not in said:
        return said
    # Numbers, codes of figures, releases and months are known as they are; a word of the program's is no word of the reader's.
    plain = not code or code == NO_CODE or any(letter.isdigit() for letter in code)
    return code if plain else words("audit_log.code", code=code)


def _place(view: View, name: str, code: str) -> str | None:
    kind, _, of = code.partition("-") if name == "unit" else (name, "", code)
    if name == "unit" and kind == "city":
        return people.area_words(view.words, Area("city"), Names(view))
    place = Names(view).get((kind, of)) if kind in ("district", "park") else None
    return f"{of} {place}" if place else None


def _said(words: Words, name: str, code: str, asked: Mapping[str, str]) -> str | None:
    if name in SECTIONS:
        return words.of(SECTIONS[name], code)
    find = _FINDERS.get(name)
    if name == "reason":
        return words.rejection(asked.get("source", ""), code) if known(f"rejection.{code.partition(':')[0]}") else None
    return find(words, code) if find else None


def _part(words: Words, code: str) -> str:
    """Which of a page's files: of a metric, a list, a leg, or one that has a word of its own."""
    for said in (words.metric(code), _list(words, code), words.of("legs", code)):
        if said != code:
            return said
    return words.of("part", code)


def _list(words: Words, code: str) -> str:
    return words.card(worklists()[code]) if code in worklists() else code


def _months(key: str) -> Callable[[Words, str], str]:
    return lambda words, code: words(key, n=code) if code.isdigit() else code


def _column(words: Words, code: str) -> str:
    found = next((column for column in tables()["census"].columns if column.name == code), None)
    return words.card(found) if found else code


def _report(words: Words, code: str) -> str:
    border, _, name = code.partition(".")
    return check_report.subject_words(words, code) if name in {"raw": sources(), "release": tables()}.get(border, ()) else code


def _edition(words: Words, code: str) -> str:
    """`月统计 r01`, and of later editions which one."""
    kind, revision, number = [*code.split("-"), "", ""][:3]
    said = words.of("briefings", f"kind_{kind}")
    if said == f"kind_{kind}":
        return code
    return f"{said if number == '1' else words('briefings.edition', kind=said, n=number)} {revision}"


_FINDERS: dict[str, Callable[[Words, str], str]] = {
    "metric": lambda words, code: words.metric(code),
    "list": _list,
    "rule": lambda words, code: words.rule(code),
    "severity": lambda words, code: words.severity(code) if code in SEVERITY else code,
    "source": lambda words, code: words.source(code),
    "item": lambda words, code: words.field("district_return", code),
    "side": lambda words, code: words.of("figure", code) if code in SIDES else code,
    "move": lambda words, code: ledger_units.name_of(words, code, words("doubling.then"), words("doubling.now")),
    "mode": lambda words, code: words.of("trends", f"mode_{code}").removeprefix("mode_"),
    "order": lambda words, code: words.of("quality", f"order_{code}").removeprefix("order_"),
    "since": _months("worklist.stay_months"),
    "age": _months("findings.months"),
    "column": _column,
    "report": _report,
    "why": lambda words, code: words.of("refusal", code),
    "form": lambda words, code: code.upper(),
    "part": _part,
    "edition": _edition,
}
