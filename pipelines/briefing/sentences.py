"""Words put to claims: each value written in its one way, each quoted figure with the code that opens it.

What belongs here: claims into sentences. Which sentence a claim is, is its name's matter (`claim.<name>` of the catalogues).
"""

import re
from collections.abc import Iterable

from data.contracts import worklists
from data.plain_text import in_line
from data.words import Words
from pipelines.briefing.document import Run, Sentence
from transforms import show
from transforms.claims import claim as typed
from transforms.claims.claim import Claim, Quoted, Said, Value
from transforms.claims.facts import Facts

# They stand in a filled sentence behind a quoted figure, around its code; no text from data has them (in_line).
_OPEN, _CLOSE = "\x02", "\x03"
LONGEST = 40  # letters of a name: a table of many must stay a table
_MARKED = re.compile(f"([^{_OPEN}]*){_OPEN}([^{_CLOSE}]*){_CLOSE}")


def said(words: Words, facts: Facts, claims: Iterable[Said]) -> tuple[Sentence, ...]:
    """The sentences of those claims that are made."""
    return tuple(say(words, facts, each) for each in claims if isinstance(each, Claim))


def say(words: Words, facts: Facts, claim: Claim) -> Sentence:
    """One claim in words."""
    key = f"claim.{claim.name}"
    written = {name: _write(words, facts, value) for name, value in claim.values.items()}
    # What is counted goes by the number that the sentence goes by: `1 unit is missing`.
    number = written.get(words.decided_by(key) or "")
    for name, value in claim.values.items():
        if number is not None and isinstance(value, typed.Named) and value.section == "unit":
            written[name] = words.of("unit", value.name, number)
    text = words(key, **written)
    if any(
        isinstance(value, typed.Named) and value.section == "metric" and text.startswith(written[name])
        for name, value in claim.values.items()
    ):
        text = text[:1].upper() + text[1:]
    runs, end = [], 0
    for found in _MARKED.finditer(text):
        runs.append(Run(found[1], found[2]))
        end = found.end()
    return Sentence(claim, (*runs, Run(text[end:])) if text[end:] else tuple(runs))


def figure(words: Words, quoted: Quoted) -> str:
    """A quoted figure: `82.3%（280/479）`, or a number alone."""
    if quoted.unit == "count":
        return show.count(quoted.count)
    shown = show.figure(quoted.figure, quoted.unit)
    return f"{shown}{words('mark.open')}{show.n_of_n(quoted.figure)}{words('mark.close')}"


def place_name(words: Words, facts: Facts, place: typed.Place) -> str:
    """As the release names it; the code where it has none."""
    row = facts.now.units.get((place.kind, place.code))
    name = in_line(row["name"]) if row else place.code
    return words.place(place.code, name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…")


def _write(words: Words, facts: Facts, value: Value) -> str:
    match value:
        case Quoted():
            return f"{figure(words, value)}{_OPEN}{value.code}{_CLOSE}"
        case typed.Points():
            return show.points(value.difference) if value.signed else show.points(abs(value.difference)).lstrip("+")
        case typed.Rate():
            return f"{show.half_up(value.exact * 100, 1):,}%"
        case typed.Times():
            return show.times(value.ratio, value.goal)
        case typed.Month():
            return words.month(value.period)
        case typed.Day():
            return words.date(value.date)
        case typed.Place():
            return place_name(words, facts, value)
        case typed.Band():
            one = value.low == value.high
            return words("compare.rank_one", rank=value.low) if one else words("compare.band", low=value.low, high=value.high)
        case typed.Named("metric", name):
            return _within(words.metric(name)) if words.lang == "en" else words.metric(name)
        case typed.Named():
            return named(words, value)
        case tuple():
            return words("mark.list").join(_write(words, facts, each) for each in value)
        case int():
            return show.count(value)
    return in_line(value)


def _within(name: str) -> str:
    """An English name as it stands within a sentence; an abbreviation keeps its capitals."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def named(words: Words, value: typed.Named) -> str:
    """A coded value by its words: those of cards, else of the catalogue."""
    of_list = lambda name: words.card(worklists()[name]) if name in worklists() else name  # noqa: E731
    cards = {"metric": words.metric, "rule": words.rule, "source": words.source, "severity": words.severity, "list": of_list}
    return cards[value.section](value.name) if value.section in cards else words.of(value.section, value.name)
