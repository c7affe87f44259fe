"""What was quoted before and is written otherwise now, row by row, for the annex.

What belongs here: the table alone. What was revised is found in transforms/claims/revised.py.
"""

from data.contracts import tables
from data.words import Words
from pipelines.briefing.document import Cell, Table
from pipelines.briefing.sentences import place_name
from transforms import show, tally_words
from transforms.claims import claim as typed
from transforms.claims.claim import Quoted
from transforms.claims.facts import Facts
from transforms.claims.revised import Revised, revised
from transforms.marks import coded
from transforms.tallies import TALLIES

HEADS = ("place", "quoted", "of_month", "was", "is", "why", "code")


def revised_table(facts: Facts, words: Words, kind: str) -> Table:
    """Every figure of the last briefing of a kind that has moved since."""
    rows = tuple(_row(facts, words, each) for each in revised(facts, kind))
    heads = tuple(words(f"briefing.revised_{head}") for head in HEADS)
    return Table("revised", words("briefing.revised"), heads, rows, "lllrrll", only_annex=True)


def _row(facts: Facts, words: Words, each: Revised) -> tuple[Cell, ...]:
    key = dict(zip(coded(each.was.table), each.was.key, strict=True))
    kind, code = (key["unit_kind"], key["unit_code"]) if "unit_code" in key else ("city", facts.now.city)
    place = place_name(words, facts, typed.Place(kind, code))
    why = words("mark.list").join(each.files) if each.why == "files" else words(f"briefing.revised_why_{each.why}")
    return (
        Cell(place),
        Cell(_named(words, each.was, key)),
        Cell(words.month(each.was.period)),
        Cell(each.old, show.n_of_n(each.was.figure) if each.was.unit != "count" else ""),
        Cell(each.new, show.n_of_n(each.now.figure) if each.now.unit != "count" else ""),
        Cell(why),
        Cell(each.now.code),
    )


def _named(words: Words, quoted: Quoted, key: dict[str, str]) -> str:
    """The figure by its metric or leg, and by the cell of its table where it has several."""
    if quoted.table in TALLIES:
        parts = [part for _, part in tally_words.parts(words, key)]
        return words("mark.stop").join([tally_words.title(words, quoted.table, quoted.column), *parts])
    sector = words.of("sector", key["sector"]) if "sector" in key else ""
    basis = words.of("basis", key["basis"]) if key.get("basis", "-") != "-" else ""
    parts = [words.of("legs", key["leg"]) if "leg" in key else words.metric(key["metric"]) if "metric" in key else "", sector, basis]
    if quoted.column:
        parts.append(words.card(tables()[quoted.table].column(quoted.column)))
    return words("mark.stop").join(part for part in parts if part)
