"""Every figure that a briefing quotes, row by row, for the annex: where it stands, what it is, of which release, and its code.

What belongs here: the table, and what a quoted figure is called. What is quoted is gathered in ledger.py.
"""

from collections.abc import Iterable, Mapping

from data.contracts import tables
from data.figures import Figure
from data.words import Words
from pipelines.briefing.document import Cell, Document, Table
from pipelines.briefing.sentences import place_name
from transforms import show, tally_words
from transforms.claims.claim import Place
from transforms.claims.facts import Facts
from transforms.marks import coded
from transforms.sector_words import sector_of
from transforms.tallies import TALLIES

HEADS = ("where", "place", "figure", "shown", "sides", "of_month", "revision", "code")


def quoted_table(facts: Facts, words: Words, document: Document, quoted: Iterable[Mapping]) -> Table:
    """The ledger of a document as a sheet: a row a figure and section or table that quotes it."""
    titles = {section.name: section.title for section in document.sections}
    blocks = [block for section in document.sections for block in section.blocks] + list(document.sheets)
    titles |= {each.name: each.title for each in blocks if isinstance(each, Table) and each.name not in titles}
    rows = tuple(_row(facts, words, titles, each) for each in quoted)
    heads = tuple(words(f"briefing.quoted_{head}") for head in HEADS)
    return Table("quoted", words("briefing.quoted"), heads, rows, "lllrrlll", only_annex=True)


def _row(facts: Facts, words: Words, titles: Mapping[str, str], each: Mapping) -> tuple[Cell, ...]:
    key = dict(zip(coded(each["table"]), each["key"], strict=True))
    sides = Figure(each["numerator"], each["denominator"])
    is_of = each["unit"] != "count" and (each["numerator"], each["denominator"]) != (None, None)
    return (
        Cell(titles.get(each["where"], each["where"])),
        Cell(of_place(facts, words, key)),
        Cell(named(words, each["table"], key, each["column"])),
        Cell(each["shown"]),
        Cell(show.n_of_n(sides) if is_of else ""),
        Cell(words.month(each["period"])),
        Cell(each["revision"]),
        Cell(each["code"]),
    )


def of_place(facts: Facts, words: Words, key: Mapping[str, str]) -> str:
    """Whose figure it is; of what names no place, the city's."""
    kind, code = (key["unit_kind"], key["unit_code"]) if "unit_code" in key else ("city", facts.now.city)
    return place_name(words, facts, Place(kind, code))


def named(words: Words, table: str, key: Mapping[str, str], column: str | None) -> str:
    """The figure by its metric or leg, and by the cell of its table where it has several."""
    if table in TALLIES:
        parts = [part for _, part in tally_words.parts(words, key)]
        return words("mark.stop").join([tally_words.title(words, table, column), *parts])
    sector = words.of("sector", sector_of(key.get("metric"), key["sector"])) if "sector" in key else ""
    basis = words.of("basis", key["basis"]) if key.get("basis", "-") != "-" else ""
    parts = [words.of("legs", key["leg"]) if "leg" in key else words.metric(key["metric"]) if "metric" in key else "", sector, basis]
    if column:
        parts.append(words.card(tables()[table].column(column)))
    return words("mark.stop").join(part for part in parts if part)
