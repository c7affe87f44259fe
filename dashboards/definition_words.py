"""Definitions in words: the cards of metrics, work lists and rules, and what the columns that they name are called.

What belongs here: a card as (name, sentence), for the page of definitions, a figure's own page and `liangxin explain` alike.
"""

from collections.abc import Iterable

from data.contracts import MetricCard, RuleCard, WorkListCard, metrics, rules, sources, tables, worklists
from data.words import Words
from transforms import show
from transforms.predicates import columns_of

# Columns whose names hold a digit, which keys of the catalogue do not.
COLUMNS = {"sector0": "first_sector", "sector1": "last_sector", "district_code0": "first_place", "district_code1": "last_place"}
COLUMNS |= {"park_code0": "first_park", "park_code1": "last_park", "mode1": "last_mode"}
NAMED = 8  # cards of a kind; how many more there are is said


def card_lines(words: Words, card: MetricCard) -> list[tuple[str, str]]:
    """A metric card, whole: sentences, predicates as they are written, direction, unit, document, why, change log."""
    above, below = words.sides(card)
    return [
        (words("figure.numerator"), above),
        *predicate_line(words, card, "numerator"),
        (words("figure.denominator"), below),
        *predicate_line(words, card, "denominator"),
        *columns_line(words, card),
        (words("export.better"), words(f"export.{card.direction}")),
        (words("definition.unit"), words(f"definition.{card.unit}")),
        *origin_lines(words, card),
    ]


def origin_lines(words: Words, card: MetricCard) -> list[tuple[str, str]]:
    """Which document a definition comes from, why it is looked at, and what was changed."""
    return [
        (words("export.document"), card.source_document),
        (words("export.why"), card.why),
        (words("export.log"), words("mark.stop").join(words.change_log(card))),
    ]


def worklist_lines(words: Words, card: WorkListCard) -> list[tuple[str, str]]:
    """A work list's card: who is on it, who acts, what takes a unit off."""
    zh = words.lang == "zh"
    return [
        (words("definition.on_it"), card.sentence_zh if zh else card.sentence_en),
        (words("definition.predicate"), rows_where(words, card.where, "signed", None)),
        (words("definition.who"), card.who_zh if zh else card.who_en),
        (words("definition.off"), card.off_zh if zh else card.off_en),
        (words("export.document"), card.source_document),
        (words("export.log"), words("mark.stop").join(words.change_log(card))),
    ]


def rule_lines(words: Words, card: RuleCard) -> list[tuple[str, str]]:
    """A rule's card: what it says, when exactly, what it needs, who acts and how."""
    zh = words.lang == "zh"
    return [
        (words("choose.severity"), words.severity(card.severity)),
        (words("finding.sentence"), card.sentence_zh if zh else card.sentence_en),
        (words("definition.when"), card.when_zh if zh else card.when_en),
        (words("definition.needs"), words("mark.list").join(words.source(name) for name in card.needs)),
        (words("definition.looks_back"), words("mark.list").join(words.source(name) for name in card.looks_back)),
        (words("definition.who"), card.who_zh if zh else card.who_en),
        (words("finding.remedy"), card.remedy_zh if zh else card.remedy_en),
        (words("export.log"), words("mark.stop").join(words.change_log(card))),
    ]


def cards_said(words: Words, moved: Iterable[str]) -> str:
    """Cards by name, as a manifest has them (`metrics/org_coverage`), kind by kind; one that is no longer there by its code."""
    known = {"metrics": metrics(), "worklists": worklists(), "rules": rules(), "tables": tables(), "sources": sources()}
    found: dict[str, list[str]] = {}
    for each in moved:
        kind, _, name = each.partition("/")
        card = known.get(kind, {}).get(name)
        found.setdefault(kind, []).append(words.card(card) if card else name)
    said = []
    for kind, names in found.items():
        more = words("definitions.cards_more", n=show.count(len(names) - NAMED)) if len(names) > NAMED else ""
        said.append(words("mark.list").join(names[:NAMED]) + more + words("mark.open") + words.of("cards", kind) + words("mark.close"))
    return words("mark.stop").join(said)


def predicate_line(words: Words, card: MetricCard, side: str) -> list[tuple[str, str]]:
    """The predicate of a side as the card has it, and over which set."""
    found = getattr(card, side)
    if found is None:
        return []
    of = "organisations" if card.family == "organisation" else found.within
    return [(words("definition.predicate"), rows_where(words, found.where, of, found.sum))]


def columns_line(words: Words, card: MetricCard) -> list[tuple[str, str]]:
    """What the columns that the predicates name are called."""
    sides = [side for side in (card.numerator, card.denominator) if side is not None]
    named = {name: None for side in sides for name in (*sorted(columns_of(side.where)), *([side.sum] if side.sum else ()))}
    if not named:
        return []
    table = "organisations" if card.family == "organisation" else "census"
    said = words("mark.list").join(f"{name}{words('mark.colon')}{column(words, name, table)}" for name in named)
    return [(words("definition.columns"), said)]


def column(words: Words, name: str, table: str = "census") -> str:
    """What a column of opened rows is called. Places are shown by name, so their columns are called as in the census."""
    if name in COLUMNS:
        return words.of("column", COLUMNS[name])
    table = {"district_code": "census", "park_code": "census", "since": "worklist"}.get(name, table)
    found = next((card for card in tables()[table].columns if card.name == name), None)
    return words.card(found) if found else words.of("column", name)


def rows_where(words: Words, where: str, of: str, summed: str | None) -> str:
    """Which rows count, as a predicate has it, over which set, and what is summed."""
    said = words.of("set", of) + ("" if where == "true" else f"{words('set.and')}{where}")
    return words("set.sum", column=summed, rows=said) if summed else said
