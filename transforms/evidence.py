"""What a finding rests on, laid out: the values of the registers side by side, where they differ, and longer lists for themselves.

What belongs here: pure functions over a finding's evidence. Words and markup lie in evidence_words.py and on the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.contracts import RuleCard
from data.plain_text import read_json
from transforms.inputs import REGISTERS

# Fields of different sources that mean the same, so that they stand in one row.
ALIKE = {
    ("registration", "name"): "unit_name",
    ("social_org", "name"): "unit_name",
    ("registration", "status"): "unit_status",
    ("social_org", "status"): "unit_status",
    ("registration", "founded_on"): "unit_founded_on",
    ("social_org", "founded_on"): "unit_founded_on",
    ("registration", "ended_on"): "unit_ended_on",
    ("social_org", "ended_on"): "unit_ended_on",
    ("registration", "district_code"): "unit_district",
    ("social_org", "district_code"): "unit_district",
    ("registration", "park_code"): "unit_park",
    ("social_org", "park_code"): "unit_park",
    ("social_insurance", "insured"): "employees",
    ("survey", "employees"): "employees",
}
# What the ledgers give for a field of the row: rule -> (the facts to be added up, the field that they answer to).
COUNTED = {
    "return_differs": (("counted",), ("district_return", "covered")),
    "survey_members_differ": (("members", "irregular_members"), ("survey", "members")),
    "survey_org_differs": (("covered",), ("survey", "has_org")),
}
# The fields in which a rule's contradiction lies: they are pointed at even where there is no second value to differ from.
_UNIT, _RETURN = ("status", "ended_on"), ("units", "covered", "single", "joint", "dispatched", "work_covered", "members")
POINTS = {
    "unit_code_conflict": ("name", "status"),
    "district_unknown": ("district_code",),
    "park_unknown": ("park_code",),
    "taxed_after_exit": (*_UNIT, "paid_yuan"),
    "insured_after_exit": (*_UNIT, "insured"),
    "insured_unregistered": ("insured",),
    "taxpayer_unregistered": ("paid_yuan",),
    "large_untaxed": ("insured", "paid_yuan"),
    "headcount_jump": ("insured",),
    "link_org_unknown": ("org_code",),
    "link_org_inactive": ("ends_on", "ended_on"),
    "link_unit_unknown": ("uscc",),
    "link_unit_inactive": ("ends_on", *_UNIT),
    "single_many_units": ("mode", "uscc"),
    "joint_one_unit": ("mode", "uscc"),
    "joint_overload": ("mode", "uscc"),
    "org_without_units": ("kind", "ends_on"),
    "single_below_three": ("mode", "kind", "formal_on", "relation"),
    "joint_below_three": ("mode", "kind", "formal_on", "relation"),
    "org_before_unit": ("founded_on",),
    "unit_many_orgs": ("org_code",),
    "member_two_orgs": ("org_code",),
    "member_org_unknown": ("org_code",),
    "member_outside_org": ("org_code", "uscc"),
    "founding_burst": ("founded_on",),
    "return_unknown_district": ("district_code",),
    "return_parts": ("covered", "single", "joint", "dispatched"),
    "return_exceeds": ("units", "covered", "work_covered"),
    "return_differs": ("covered",),
    "return_copied": _RETURN,
    "return_round": _RETURN,
    "return_capacity": ("single", "joint", "members"),
    "survey_shell_active": ("operating", "paid_yuan", "insured"),
    "survey_operating_unseen": ("operating", "status"),
    "survey_employees_differ": ("employees", "insured"),
    "survey_members_differ": ("members",),
    "survey_org_differs": ("has_org",),
    "survey_unit_unknown": ("surveyed_on",),
}
# What is said of rows of members: of what kind they are; but where the finding is about a member, where it stands, and no more.
MEMBERS, MEMBER_KINDS, MEMBER_PLACES = "member", ("kind", "relation"), ("org_code", "uscc")
# More rows of one source than this are a list and not a comparison.
BESIDE_MOST = 2


@dataclass(frozen=True)
class Place:
    """A column: a row of a file. Without a source it is what was counted from the ledgers."""

    source: str | None
    path: str = ""
    line: int = 0

    @property
    def month(self) -> str:
        """The month whose delivery the row stands in."""
        return self.path[:7]


@dataclass(frozen=True)
class Line:
    """A row: the fields that it holds (source, field), a cell a place (its field and value, or None where that register has no such
    field), and whether the values differ, or are what the rule is about."""

    fields: tuple[tuple[str, str], ...]
    cells: tuple[tuple[str, str, object] | None, ...]
    differs: bool
    pointed: bool


@dataclass(frozen=True)
class Listed:
    """Many rows of one source: its fields, and each row's place and values. more: how many are not shown. counted: those of members, which
    are counted and not listed one by one."""

    source: str
    fields: tuple[str, ...]
    rows: tuple[tuple[Place, tuple[object, ...]], ...]
    more: int
    counted: bool = False


@dataclass(frozen=True)
class Beside:
    """The evidence of a finding, laid out. absent: sources that were asked and have no row of it, which may be the very point."""

    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    lists: tuple[Listed, ...]
    absent: tuple[str, ...] = ()


def kinds(found: Listed) -> dict[tuple[object, ...], list[Place]]:
    """Rows of members by their kind and relation: they are counted, and never listed one by one."""
    groups: dict[tuple[object, ...], list[Place]] = {}
    for place, values in found.rows:
        groups.setdefault(values, []).append(place)
    return groups


def read(evidence: str | None) -> tuple[dict, list[dict]]:
    """(facts, rows) of an evidence as published."""
    try:
        found = read_json(evidence or "{}")
    except ValueError:
        return {}, []
    return dict(found.get("facts") or {}), list(found.get("rows") or [])


def lay_out(card: RuleCard, facts: Mapping[str, object], rows: Sequence[Mapping]) -> Beside:
    """Rows of few places side by side, the others as lists. Rows of members are counted, however few: only a finding about a member itself
    shows where it stands."""
    own = card.subject_kind == MEMBERS
    of_source: dict[tuple[str, str], list[Mapping]] = {}
    more: dict[str, int] = {}
    for row in rows:
        if "more" in row:
            more[row["source"]] = more.get(row["source"], 0) + row["more"]
        else:
            of_source.setdefault((row["source"], row["path"][:7]), []).append(row)
    beside, lists = [], []
    for (source, _), found in of_source.items():
        nameless = source == MEMBERS and not own
        if source == MEMBERS:
            found = [_withheld(row, MEMBER_PLACES if own else MEMBER_KINDS) for row in found]
        most = BESIDE_MOST + 1 if len(of_source) == 1 else BESIDE_MOST
        if len(found) <= most and source not in more and not nameless:
            beside += found
        else:
            fields = tuple(found[0]["values"])
            listed = tuple((Place(source, row["path"], row["line"]), tuple(row["values"].get(name) for name in fields)) for row in found)
            lists.append(Listed(source, fields, listed, more.get(source, 0), nameless))
    places = [Place(row["source"], row["path"], row["line"]) for row in beside]
    values = [{_key(row["source"], name): (row["source"], name, value) for name, value in row["values"].items()} for row in beside]
    counted = _counted(card.name, facts)
    if counted and any(counted[0] in each for each in values):
        places.append(Place(None))
        values.append(dict([counted]))
    return Beside(tuple(places), tuple(_lines(card, places, values)), tuple(lists), _absent(card, rows))


def _absent(card: RuleCard, rows: Sequence[Mapping]) -> tuple[str, ...]:
    """A unit stands in one register or the other, so neither lacks what the other has. A source that the rule can do without may not
    have been delivered at all: nothing is said of it."""
    there = {row["source"] for row in rows}
    there |= set(REGISTERS) if there & set(REGISTERS) else set()
    asked = dict.fromkeys(wanted.source for wanted in card.evidence if not wanted.before)
    return tuple(source for source in asked if source in card.needs and source not in there)


def _withheld(row: Mapping, shown: Sequence[str]) -> Mapping:
    return {**row, "values": {name: value for name, value in row["values"].items() if name in shown}}


def _key(source: str, field: str) -> str:
    return ALIKE.get((source, field), f"{source}.{field}")


def _counted(rule: str, facts: Mapping[str, object]) -> tuple[str, tuple[str, str, object]] | None:
    names, (source, field) = COUNTED.get(rule, ((), ("", "")))
    found = [facts.get(name) for name in names]
    if not found or None in found:
        return None
    return _key(source, field), (source, field, found[0] if len(found) == 1 else sum(found))


def _lines(card: RuleCard, places: Sequence[Place], values: Sequence[Mapping[str, tuple]]) -> list[Line]:
    # The rows of one source and month are parts of one whole (payments, links) unless the rule compares just these.
    parts = len({wanted.source for wanted in card.evidence}) > 1
    lines = []
    for key in dict.fromkeys(key for each in values for key in each):
        cells = tuple(each.get(key) for each in values)
        there = [(place, cell) for place, cell in zip(places, cells, strict=True) if cell is not None]
        fields = tuple(dict.fromkeys((cell[0], cell[1]) for _, cell in there))
        apart = len({(place.source, place.month) for place, _ in there}) > 1 or not parts
        differs = apart and len({str(cell[2]) for _, cell in there}) > 1
        lines.append(Line(fields, cells, differs, any(field in POINTS.get(card.name, ()) for _, field in fields)))
    # What does not agree stands first; within that the order of the registers is kept.
    return sorted(lines, key=lambda line: (not line.differs, not line.pointed))
