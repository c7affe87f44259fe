"""Evidence in words: a value of a register as its office writes it, a fact by its name, a subject by what it is called.

What belongs here: words for what a finding holds, as pages have them. What its subject is called is settled in transforms/subjects.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from dashboards.store import Picture
from data.contracts import sources
from data.words import Words, known
from transforms import evidence, show, subjects
from transforms.subjects import Names, Subject


def names_of(picture: Picture, findings: Iterable[Mapping]) -> Names:
    """The names that the release has for the subjects and the evidence of these findings; for the rest, those of the evidence."""
    units: dict[str, str | None] = {}
    organisations: dict[str, str | None] = {}
    for row in findings:
        org, _, unit = row["subject"].partition("|")
        if row["subject_kind"] == "unit":
            units.setdefault(row["subject"])
        elif row["subject_kind"] == "org":
            organisations.setdefault(row["subject"])
        elif row["subject_kind"] == "link":
            organisations.setdefault(org)
            units.setdefault(unit)
        for each in evidence.read(row.get("evidence"))[1]:
            values = each.get("values", {})
            if values.get("uscc"):
                units.setdefault(values["uscc"])
            if values.get("org_code"):
                organisations.setdefault(values["org_code"])
            if values.get("name"):
                _take_name(row["subject_kind"], org, unit, each, units, organisations)
    units |= picture.unit_names(units)
    organisations |= {code: name for code, name in picture.organisation_names.items() if code in organisations}
    return Names({code: name for code, name in units.items() if name}, {code: name for code, name in organisations.items() if name})


def _take_name(kind: str, first: str, second: str, each: Mapping, units: dict, organisations: dict) -> None:
    """The name that a row of evidence gives to the unit or organisation that it is of."""
    values = each["values"]
    if each["source"] == "party_org":
        code = values.get("org_code") or (first if kind in ("org", "link") else None)
        known = organisations
    else:
        code = values.get("uscc") or {"unit": first, "link": second}.get(kind)
        known = units
    if code:
        known[code] = values["name"]


def subject(words: Words, picture: Picture, names: Names, row: Mapping, digits: bool = True) -> Subject:
    """What a finding's subject is called; of a member, the organisations. `digits`: with the end of a pseudonym, which no file gets."""
    found = subjects.subject(words, names, lambda kind, code: place(words, picture, kind, code), row, digits)
    if row["subject_kind"] != "member":
        return found
    return replace(found, below=words("mark.list").join(_member_organisations(names, row)))


def _member_organisations(names: Names, row: Mapping) -> list[str]:
    rows = evidence.read(row.get("evidence"))[1]
    codes = [each["values"].get("org_code") for each in rows if each["source"] == "member" and "more" not in each]
    return [names.organisations.get(code) or code for code in dict.fromkeys(codes) if code]


def district(words: Words, picture: Picture, code: str) -> str:
    return place(words, picture, "district", code)


def place(words: Words, picture: Picture, kind: str, code: str) -> str:
    """`东屏区`; a code that the release does not know, with words that say so."""
    row = picture.units.get((kind, code))
    return row["name"] if row else words(f"subject.{kind}_unlisted", code=code)


def value(words: Words, picture: Picture, names: Names, source: str, field: str, found: object) -> str:
    """A value of a register, in words: coded ones as the office writes them, codes with the name that belongs to them."""
    if found is None or found == "":
        return words("subject.blank")
    card = next((each for each in sources()[source].fields if each.name == field), None) if source in sources() else None
    form = card.form if card else "text"
    if isinstance(found, bool):
        return words("figure.yes" if found else "figure.no")
    if form == "coded":
        said = card.values.get(str(found))
        return said[0] if said and words.lang == "zh" else str(found).replace("_", " ")
    if form == "date":
        return day(words, str(found))
    if field in ("uscc", "org_code"):
        known = (names.units if field == "uscc" else names.organisations).get(str(found))
        return f"{known} {found}" if known else str(found)
    if field in ("district_code", "park_code"):
        kind = field.removesuffix("_code")
        row = picture.units.get((kind, str(found)))
        return f"{row['name']} {found}" if row else words(f"subject.{kind}_unlisted", code=found)
    if form in ("number", "whole"):
        return number(found, _least(picture, field))
    return str(found)


# Facts and fields that count members: of few it is said that they are few.
MEMBERS = ("members", "formal_members", "irregular_members", "survey_members")


def _least(picture: Picture, name: str) -> int:
    return picture.release.small.least if name in MEMBERS else 0


def number(found: object, least: int = 0) -> str:
    """`least`: the smallest count that is shown, of one that counts members."""
    if isinstance(found, int):
        return show.small(found, least)
    text = str(found)
    return show.small(int(text), least) if text.lstrip("-").isdigit() else text


def fact_number(picture: Picture, name: str, found: object) -> str:
    return number(found, _least(picture, name))


def day(words: Words, iso: str) -> str:
    if words.lang != "zh" or len(iso) != 10:
        return iso
    return f"{int(iso[:4])}年{int(iso[5:7])}月{int(iso[8:])}日"


def fact_name(words: Words, rule: str, name: str) -> str:
    own = f"{rule}_{name}"
    return words.of("fact", own if known(f"fact.{own}") else name)


def fact(words: Words, picture: Picture, names: Names, name: str, found: object) -> str:
    """A figure that was compared, in words."""
    if isinstance(found, list):
        return words("mark.list").join(str(each) for each in found)
    if name == "survey_operating":
        return value(words, picture, names, "survey", "operating", found)
    if name == "park_as_written":
        return value(words, picture, names, "registration", "park_code", found)
    if name.endswith("founded_on"):
        return day(words, str(found)) if found else words("subject.blank")
    if isinstance(found, bool):
        return words("figure.yes" if found else "figure.no")
    return words("subject.blank") if found is None else fact_number(picture, name, found)


def moment(at: datetime) -> str:
    """When something was done, by the offices' clocks."""
    return at.astimezone(show.BEIJING).strftime("%Y-%m-%d %H:%M")
