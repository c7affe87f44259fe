"""Cells of a briefing's tables: a figure with what it is of beneath it and its code, a change, a count.

What belongs here: what the tables of all kinds of briefings are made of. How numbers are written is settled in transforms/show.py.
"""

from fractions import Fraction

from data.figures import Figure
from data.words import Words
from pipelines.briefing.document import Cell
from transforms import pace, show
from transforms.claims.claim import Quoted
from transforms.claims.facts import Facts
from transforms.claims.goals import Goal

PLAIN = Cell("")


def text(value: str) -> Cell:
    return Cell(value)


def rate(quoted: Quoted, code: bool = True) -> Cell:
    """A figure, n/N beneath it."""
    figure = quoted.figure
    exact = figure.exact
    known = figure.numerator is not None or figure.denominator is not None
    return Cell(
        show.figure(figure, quoted.unit),
        show.n_of_n(figure) if known else "",
        quoted.code if code and figure.reason != "absent" else None,
        None if exact is None else float(exact),
        "rate" if quoted.unit == "rate" else "ratio",
        "n_of_n",
    )


def change(now: Figure, then: Figure | None, unit: str = "rate") -> Cell:
    """In points; … where one of both is not there."""
    difference = show.change(now, then) if then else None
    return points(difference, unit)


def points(difference: Fraction | None, unit: str = "rate") -> Cell:
    value = None if difference is None else float(difference * 100 if unit == "rate" else difference)
    return Cell(show.points(difference, unit), value=value, format="points")


def count(number: int | None, code: str | None = None) -> Cell:
    return Cell(show.count(number), code=code if number is not None else None, value=number, format="count")


def counted(quoted: Quoted) -> Cell:
    """A published count with its code."""
    return count(quoted.count, quoted.code)


def missing(words: Words, number: int | None, code: str | None = None) -> Cell:
    """Whole units that are missing; none: reached."""
    return Cell(words("briefing.reached"), code=code, value=0, format="count") if number == 0 else count(number, code)


def left(words: Words, facts: Facts, goal: Goal, beneath: bool = False) -> Cell:
    """What is missing to a target, in the unit that the numerator counts; `beneath`: with the figure below it, where no other column has
    it. What is hidden or not there stands as its sign."""
    figure, number = goal.now.figure, goal.standing.missing
    below = f"{show.figure(figure, goal.card.unit)} {show.n_of_n(figure)}" if beneath and figure.value is not None else ""
    own = goal.now.code if beneath and figure.reason != "absent" else None
    if number is None:
        return Cell(show.mark(figure.reason), below, own)
    code = own if goal.standing.down else goal.cell(facts, "units_missing").code
    text = pace.amount(words, goal.card, number) if number else words("briefing.reached")
    return Cell(text, below, code, number, "count")
