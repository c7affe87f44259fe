"""What a finding speaks of, in words: its name, and below it codes.

What belongs here: the one way in which pages, files and briefings call a unit, an organisation, a link, a place, a delivery. Members are
never named: at most the end of a pseudonym tells two of them apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from data.plain_text import in_line
from data.words import Words

DIGITS = 4  # of a member's pseudonym: enough to tell two rows apart, too few to find a person by


@dataclass(frozen=True)
class Names:
    """What the units and organisations of some findings are called in a release."""

    units: Mapping[str, str]
    organisations: Mapping[str, str]


@dataclass(frozen=True)
class Subject:
    """What a finding speaks of: its name, and below it codes and the like."""

    name: str
    below: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.below}".strip()


def subject(words: Words, names: Names, place: Callable[[str, str], str], row: Mapping, digits: bool = False) -> Subject:
    """What a finding's subject is called. place: (kind, code) -> its name as it is shown there. `digits`: with the end of a member's
    pseudonym, which no file gets."""
    kind, code = row["subject_kind"], row["subject"]
    first, _, second = code.partition("|")
    unit = lambda known: in_line(names.units.get(known) or words("subject.unit_unnamed"))  # noqa: E731
    organisation = lambda known: in_line(names.organisations.get(known) or words("subject.org_unnamed"))  # noqa: E731
    match kind:
        case "unit":
            return Subject(unit(code), in_line(code))
        case "org":
            return Subject(organisation(code), in_line(code))
        case "link":
            return Subject(f"{organisation(first)} → {unit(second)}", in_line(f"{first} → {second}"))
        case "member":
            return Subject(words("subject.member_ending", digits=in_line(code[-DIGITS:])) if digits else words("subject.member"))
        case "return":
            return Subject(f"{place('district', first)} · {words.of('sector', second)}", in_line(first))
        case "district":
            return Subject(place("district", first), in_line(_day(words, second) if second else first))
        case "park":
            return Subject(place("park", code), in_line(code))
    return Subject(words.source(first), in_line(second))


def _day(words: Words, iso: str) -> str:
    try:
        return words.date(date.fromisoformat(iso))
    except ValueError:
        return iso
