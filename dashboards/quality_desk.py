"""What the page 区县质量 and its workbook start from: twelve months, a card a district, the cases; and how its shares are said.

What belongs here: what the table, the card and the workbook share. The counting is in district_quality.py.
"""

from dataclasses import dataclass
from fractions import Fraction

from dashboards import casebook, cells, district_quality, reporting, show
from dashboards.casebook import Casebook
from dashboards.district_quality import Card, Leads, part
from dashboards.reporting import Reported
from dashboards.shell import View
from dashboards.show import Figure
from transforms.quality import Tally

# The shares of returns: name, what is counted, of what.
SHARES = (
    ("complete", "received", "expected"),
    ("on_time", "on_time", "timed"),
    ("outside", "outside", "compared"),
    ("same", "same", "followed"),
    ("contradicting", "contradicting", "returns"),
)


@dataclass(frozen=True)
class Desk:
    """The twelve months to a picture's, a card a district, and the cases."""

    view: View
    months: list[Reported]
    book: Casebook | None
    cards: list[Card]

    @property
    def state(self) -> str:
        return self.months[-1].state


def desk_of(view: View) -> Desk:
    months = reporting.months(view.home, view.picture)
    book = casebook.open_casebook(view.home, view.picture)
    return Desk(view, months, book, district_quality.cards(months, book))


def place(view: View, code: str) -> str:
    return cells.place_name(view, "district", code)


def share(tally: Tally, n: str, of: str) -> Figure:
    return part(getattr(tally, n), getattr(tally, of))


def said(figure: Figure) -> str:
    """`22/22 (100.0%)`; — where there is nothing to count."""
    return f"{show.n_of_n(figure)} ({show.figure(figure)})" if figure.denominator else show.NOT_APPLICABLE


def days(leads: Leads) -> str:
    """The median; halves as they are, for two months in the middle are possible."""
    found = leads.middle
    return show.NOT_APPLICABLE if found is None else f"{show.half_up(Fraction(found), 0 if found == int(found) else 1):,}"


def moves(desk: Desk, leads: Leads) -> tuple[str, str]:
    """What came and what went, and what is explained. Of the first month nobody knows what is new in it."""
    words, first = desk.view.words, desk.book is not None and desk.book.before is None
    moved = words("stay.first") if first else words("quality.moves", new=show.count(leads.new), closed=show.count(leads.closed))
    return moved, words("quality.apart", n=show.count(leads.explained))


def unknown_time(desk: Desk, tally: Tally) -> bool:
    """Whether something was expected of which nobody knows when it came."""
    return tally.expected > 0 and tally.timed == 0


def meanings(view: View) -> list[tuple[str, str]]:
    names = (*(name for name, *_ in SHARES), "open", "days", "rejected")
    return [(view.words(f"quality.{name}"), view.words(f"quality.mean_{name}")) for name in names]
