"""What was quoted before and is written otherwise now, row by row, for the annex.

What belongs here: the table alone. What was revised is found in transforms/claims/revised.py.
"""

from data.words import Words
from pipelines.briefing.document import Cell, Table
from pipelines.briefing.quoted_table import named, of_place
from transforms import show
from transforms.claims.facts import Facts
from transforms.claims.revised import Revised, revised
from transforms.marks import coded

HEADS = ("place", "quoted", "of_month", "was", "is", "why", "code")


def revised_table(facts: Facts, words: Words, kind: str) -> Table:
    """Every figure of the last briefing of a kind that has moved since."""
    rows = tuple(_row(facts, words, each) for each in revised(facts, kind))
    heads = tuple(words(f"briefing.revised_{head}") for head in HEADS)
    return Table("revised", words("briefing.revised"), heads, rows, "lllrrll", only_annex=True)


def _row(facts: Facts, words: Words, each: Revised) -> tuple[Cell, ...]:
    key = dict(zip(coded(each.was.table), each.was.key, strict=True))
    why = words("mark.list").join(each.files) if each.why == "files" else words(f"briefing.revised_why_{each.why}")
    return (
        Cell(of_place(facts, words, key)),
        Cell(named(words, each.was.table, key, each.was.column)),
        Cell(words.month(each.was.period)),
        Cell(each.old, show.n_of_n(each.was.figure) if each.was.unit != "count" else "", beneath="n_of_n"),
        Cell(each.new, show.n_of_n(each.now.figure) if each.now.unit != "count" else "", beneath="n_of_n"),
        Cell(why),
        Cell(each.now.code),
    )
