"""半年督查: a checklist that people take along: where to go and see, why there, and at each place the units and findings to look at.

What belongs here: which places, sentences and tables stand in which section. Which places show most signs is settled in
transforms/claims/visits.py. Evidence is never printed, and of members nothing but that a finding speaks of one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from data.contracts import rules
from data.plain_text import in_line
from data.words import Words
from pipelines.briefing import cells
from pipelines.briefing.document import Cell, Document, Paragraph, Section, Table
from pipelines.briefing.frame import framed
from pipelines.briefing.quarter import under
from pipelines.briefing.sentences import place_name, said
from transforms import show
from transforms.claims import visits
from transforms.claims.claim import Place
from transforms.claims.facts import Facts
from transforms.claims.findings import casework_unread
from transforms.claims.visits import Ground, Visit
from transforms.subjects import Names, subject

KINDS = {"district": "districts", "park": "parks"}
ROWS = 500  # findings of a place in the annex
NAMED = 5  # places that show a sign, by name


def compose(facts: Facts, words: Words) -> Document:
    """The checklist of the half year that ends with the period."""
    ground = Ground(facts)
    signed = {kind: visits.signed(ground, kind) for kind in KINDS}
    found = {kind: every[: visits.PLACES] for kind, every in signed.items()}
    others = [visit for every in signed.values() for visit in every[visits.PLACES :]]
    leads = {(visit.kind, visit.code): visits.leads_of(ground, visit.kind, visit.code) for every in found.values() for visit in every}
    names = _names(facts, (row for rows in leads.values() for row in rows[:ROWS]))
    tell = lambda row: about(facts, words, names, row)  # noqa: E731
    sections = [
        _where(facts, words, found, others),
        *(_places(facts, words, ground, kind, every, tell) for kind, every in found.items()),
        _how(facts, words, signed),
    ]
    sheets = [_others(facts, words, others)]
    sheets += [_sheet(facts, words, visit, leads[visit.kind, visit.code], tell) for every in found.values() for visit in every]
    row = facts.now.units.get(("city", facts.now.city))
    half = words("half_year.first_half" if int(facts.now.period[5:]) <= 6 else "half_year.second_half", year=facts.now.period[:4])
    title = words("half_year.title", city=row["name"] if row else facts.now.city)
    made = framed(facts, words, "half_year", sections, (sheet for sheet in sheets if sheet.rows), (), title, units=True)
    return replace(made, under=under(facts, words, half))


def _where(facts: Facts, words: Words, found: Mapping[str, list[Visit]], others: list[Visit]) -> Section:
    notes = [words("half_year.how_note")]
    if facts.cases is None:
        notes.append(words("half_year.leads_not_here"))
    if others:
        more = {kind: sum(visit.kind == kind for visit in others) for kind in KINDS}
        places = [words("half_year.so_many", n=show.count(n), kind=words.of("kind", kind)) for kind, n in more.items() if n]
        notes.append(words("half_year.others_note", sheet=words("half_year.others"), places=words("mark.list").join(places)))
    heads = ("place", "signs", "number", "must", "open", "been")
    rows = [(*_shows(facts, words, visit), cells.text(words("half_year.box"))) for each in found.values() for visit in each]
    titles = tuple(words(f"half_year.{head}") for head in heads)
    table = Table("where", words("half_year.chosen"), titles, tuple(rows), "llcrrc", words.gap.join(notes), (20, 38, 8, 16, 14, 8))
    # What people did about findings can't be told: no count of open ones stands there, and why it doesn't.
    unread = said(words, facts, casework_unread(facts))
    blocks = (*((Paragraph(unread),) if unread else ()), *((table,) if rows else ()))
    none = "half_year.none_told" if facts.casework or facts.cases is None else "half_year.none_where"
    return Section("where", words("half_year.where"), blocks, empty="" if rows else words(none))


def _shows(facts: Facts, words: Words, visit: Visit) -> tuple[Cell, ...]:
    """A place, its signs, how many of how many, and its open findings."""
    return (
        cells.text(_name(words, facts, visit)),
        cells.text(words("mark.stop").join(dict.fromkeys(words(f"half_year.sign_{visits.sign_of(each)}") for each in visit.signs))),
        Cell(words("half_year.of", n=len(visit.signs), all=len(visits.ASKED[visit.kind])), value=len(visit.signs), format="count"),
        cells.count(visit.must),
        cells.count(visit.open),
    )


def _others(facts: Facts, words: Words, others: list[Visit]) -> Table:
    """The places with signs that the checklist has no room for, with what each sign says, for the annex."""
    heads = ("kind", "code", "place", "signs", "number", "must", "open", "says")
    rows = []
    for visit in others:
        says = words.gap.join(sentence.text for sentence in said(words, facts, visit.signs))
        rows.append((cells.text(words.of("kind", visit.kind)), cells.text(visit.code), *_shows(facts, words, visit), cells.text(says)))
    titles = tuple(words(f"half_year.{head}") for head in heads)
    return Table("others", words("half_year.others"), titles, tuple(rows), "llllcrrl", only_annex=True)


def _places(
    facts: Facts, words: Words, ground: Ground, kind: str, found: Iterable[Visit], tell: Callable[[Mapping], tuple[str, str]]
) -> Section:
    blocks = []
    for visit in found:
        blocks.append(Paragraph(said(words, facts, visit.signs), _name(words, facts, visit)))
        blocks.append(_checklist(facts, words, visit, ground, tell))
    name = KINDS[kind]
    empty = "" if blocks else words(f"half_year.none_{name}")
    return Section(name, words(f"half_year.{name}"), tuple(blocks), tuple(visits.not_shown(ground, kind)), empty)


def _checklist(facts: Facts, words: Words, visit: Visit, ground: Ground, tell: Callable[[Mapping], tuple[str, str]]) -> Table:
    """A box to tick, what to look at and whose, why, and what to ask for there."""
    heads = ("seen", "what", "whom", "why", "ask")
    place = _name(words, facts, visit)
    rows = [_sign(words, name, place) for name in dict.fromkeys(map(visits.sign_of, visit.signs))]
    rows += [_lead(words, row, tell) for row in visit.leads]
    title = words("half_year.leads_of", place=place)
    all_of_them = show.count(len(visits.leads_of(ground, visit.kind, visit.code)))
    note = words("half_year.leads_note", n=all_of_them) if visit.leads else words("half_year.leads_none")
    if visit.leads and facts.casework:
        note += words.gap + words("half_year.leads_unread")
    titles = tuple(words(f"half_year.{head}") for head in heads)
    return Table(f"visit_{visit.code}", title, titles, tuple(rows), "cllll", note, (8, 26, 23, 21, 22))


def _sign(words: Words, name: str, place: str) -> tuple[Cell, ...]:
    """A sign is looked at, too; what it says stands above in the sentences."""
    texts = (words("half_year.box"), words(f"half_year.sign_{name}"), place, words("half_year.above"), words(f"half_year.look_{name}"))
    return tuple(cells.text(text) for text in texts)


def _lead(words: Words, row: Mapping, tell: Callable[[Mapping], tuple[str, str]]) -> tuple[Cell, ...]:
    card, (name, code) = rules().get(row["rule"]), tell(row)
    sentence, remedy, who = ("", "", "") if card is None else said_of(words, card)
    return (
        cells.text(words("half_year.box")),
        Cell(f"{words.rule(row['rule'])}{words('mark.open')}{words.severity(row['severity'])}{words('mark.close')}", row["fingerprint"]),
        Cell(name, code),
        Cell(sentence, words("half_year.since", month=words.month(row["since"]))),
        Cell(remedy, words("half_year.who", who=who) if who else ""),
    )


def said_of(words: Words, card) -> tuple[str, str, str]:
    """A rule's sentence, what is to be done about it, and who does it."""
    zh = words.lang == "zh"
    return (card.sentence_zh, card.remedy_zh, card.who_zh) if zh else (card.sentence_en, card.remedy_en, card.who_en)


def _sheet(facts: Facts, words: Words, visit: Visit, leads: list[dict], tell: Callable[[Mapping], tuple[str, str]]) -> Table:
    """All open findings of a place, for the annex."""
    heads = ("seen", "severity", "what", "whom", "code", "why", "opened", "status", "ask", "sources", "finding")
    rows = [_sheet_row(words, row, tell, known=not facts.casework) for row in leads[:ROWS]]
    note = words("half_year.cut", n=show.count(ROWS)) if len(leads) > ROWS else ""
    title = words("half_year.sheet", place=_name(words, facts, visit), code=visit.code)
    titles = tuple(words(f"half_year.{head}") for head in heads)
    return Table(f"all_{visit.code}", title, titles, tuple(rows), "c" + "l" * (len(heads) - 1), note, only_annex=True)


def _sheet_row(words: Words, row: Mapping, tell: Callable[[Mapping], tuple[str, str]], known: bool) -> tuple[Cell, ...]:
    """`known`: whether it can be told what people did about it."""
    card, (name, code) = rules().get(row["rule"]), tell(row)
    sentence, remedy, who = ("", "", "") if card is None else said_of(words, card)
    materials = dict.fromkeys(each.source for each in card.evidence) if card else ()
    texts = (
        words("half_year.box"),
        words.severity(row["severity"]),
        words.rule(row["rule"]),
        name,
        code,
        sentence,
        row["since"],
        words(f"standing.{row['status']}") if known else show.NOT_AVAILABLE,
        f"{remedy}{words('mark.open')}{who}{words('mark.close')}" if who else remedy,
        words("mark.list").join(words.source(source) for source in materials),
        row["fingerprint"],
    )
    return tuple(cells.text(text) for text in texts)


def _how(facts: Facts, words: Words, signed: Mapping[str, list[Visit]]) -> Section:
    """What each sign means, what to look at, and which of all places show it: some by name, and how many they are."""
    heads = ("sign", "means", "look", "shown_by")
    every = [visit for each in signed.values() for visit in each]
    rows = []
    for name in visits.SIGNS:
        shown_by = [_name(words, facts, visit) for visit in every if name in map(visits.sign_of, visit.signs)]
        unknown = name in visits.OF_FINDINGS and (facts.cases is None or facts.casework)
        places = words("mark.list").join(shown_by[:NAMED]) or (show.NOT_AVAILABLE if unknown else show.NOT_APPLICABLE)
        if len(shown_by) > NAMED:
            places = words("half_year.and_more", places=places, all=show.count(len(shown_by)))
        texts = (*(words(f"half_year.{part}_{name}") for part in heads[:3]), places)
        rows.append(tuple(cells.text(text) for text in texts))
    titles = tuple(words(f"half_year.{head}") for head in heads)
    return Section(
        "how", words("half_year.how"), (Table("how", words("half_year.how_table"), titles, tuple(rows), "llll", "", (16, 36, 28, 22)),)
    )


def _name(words: Words, facts: Facts, visit: Visit) -> str:
    return place_name(words, facts, Place(visit.kind, visit.code))


def _names(facts: Facts, rows: Iterable[Mapping]) -> Names:
    """The names that the release has for the units and organisations that some findings speak of."""
    units = set()
    for row in rows:
        if row["subject_kind"] in ("unit", "link"):
            units.add(row["subject"].rpartition("|")[2])
    return Names(facts.now.unit_names(units), facts.now.organisation_names)


def about(facts: Facts, words: Words, names: Names, row: Mapping) -> tuple[str, str]:
    """Whom a finding speaks of: name and code. A member is neither named nor numbered."""
    found = subject(words, names, lambda kind, code: _place(facts, words, kind, code), row)
    return found.name, found.below


def _place(facts: Facts, words: Words, kind: str, code: str) -> str:
    known = (kind, code) in facts.now.units
    return place_name(words, facts, Place(kind, code)) if known else words(f"subject.{kind}_unlisted", code=in_line(code))
