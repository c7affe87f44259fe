"""What moved between two revisions of a period, in words: a cell as it was and as it is, and what a row is called.

What belongs here: words for the rows of 修订. Members are counted, and few of them are x; a member is told by the end of the pseudonym.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from dashboards import evidence_words, figure_words
from dashboards.evidence_words import Names
from dashboards.revised import Difference
from dashboards.shell import View
from data.contracts import tables, worklists
from transforms import show

EVIDENCE = "evidence"
# Nothing there means none of it, and not an unknown one, as long as these sources are there.
NONE_OF_IT = {"mode": ("party_org", "org_link"), "park_code": ("park",), "sector": ()}


def value(view: View, name: str, found: object) -> str:
    """A cell of the census; so few members that they could be told apart are x."""
    words = view.words
    if found is None:
        lacking = set(NONE_OF_IT.get(name, ())) & set(view.picture.manifest.get("missing", ()))
        return show.NOT_AVAILABLE if lacking or name not in NONE_OF_IT else words("revisions.nothing")
    if isinstance(found, bool):
        return words("revisions.yes" if found else "revisions.no")
    if name in figure_words.MEMBERS:
        return str(show.small_value(found, view.least))
    return words.of("mode", found) if words.of("mode", str(found)) != str(found) else words.of("sector", str(found))


def place(view: View, difference: Difference, row: dict) -> str:
    """A unit's name; of the two zones, which are no places of the registers, the word of the catalogue."""
    if row["unit_kind"] == "zone":
        return view.words.of("zone", row["unit_code"])
    return difference.names.get((row["unit_kind"], row["unit_code"]), row["unit_code"])


def names_of(view: View, name: str, rows: Iterable[Mapping]) -> Names:
    """What the subjects of these moved findings are called; other tables have none."""
    return evidence_words.names_of(view.picture, map(_finding, rows)) if name == "findings" else Names({}, {})


def _finding(row: Mapping) -> dict:
    """A moved finding as it is, or as it was where it is gone."""
    return {"subject": row["subject"]} | {name: row.get(name) or row.get(f"{name}_old") for name in ("subject_kind", EVIDENCE)}


def became(view: View, difference: Difference, name: str, column: str, row: dict) -> str:
    """`用工人数 12 → 15`; of evidence, which quotes rows of registers, only that it differs."""
    said = view.words.card(tables()[name].column(column))
    if column == EVIDENCE:
        return said
    old, new = (cell(view, difference, name, column, row, end) for end in ("_old", ""))
    return f"{said} {old} → {new}"


def row_name(view: View, difference: Difference, name: str, row: dict, names: Names) -> str:
    """What a row speaks of, from its key: `组织覆盖率 · 非公企业 · 白湉县 · 2018-06 · 60.0%`."""
    words, said = view.words, []
    for column in tables()[name].key:
        if column == "metric":
            said.append(words.metric(row[column]))
        elif column == "list":
            said.append(words.card(worklists()[row[column]]) if row[column] in worklists() else row[column])
        elif column == "unit_code":
            said.append(place(view, difference, row))
        elif column == "uscc":
            said.append(f"{difference.unit_names.get(row[column], '')} {row[column]}".strip())
        elif column == "subject":
            said.append(str(evidence_words.subject(words, view.picture, names, _finding(row))))
        elif column == "rule":
            said.append(words.rule(row[column]))
        elif column == "leg":
            said.append(words.of(column, row[column]))
        elif column not in ("period", "unit_kind", "pair"):
            said.append(cell(view, difference, name, column, row, ""))
    return " · ".join(said)


def cell(view: View, difference: Difference, name: str, column: str, row: dict, end: str) -> str:
    """A cell as it was (`_old`) or is: a place by its name, a coded value by its word, a number as where it is published."""
    found = row[f"{column}{end}"]
    if isinstance(found, str):
        if column == "signs":
            return view.words("mark.list").join(view.words.of("sign", sign) for sign in found.split(","))
        kind = {"district_code": "district", "park_code": "park"}.get(column)
        return difference.names.get((kind, found), found) if kind else view.words.of(column, found)
    if column in figure_words.MEMBERS and isinstance(found, int):
        return show.small(found, view.least)
    if found is None or isinstance(found, date):
        return str(found) if found else value(view, column, found)
    was = row | {each: row[f"{each}{end}"] for each in row if f"{each}{end}" in row}
    return figure_words.shown(view.words, name, column, was)
