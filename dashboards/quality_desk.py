"""What the page 区县质量 and its workbook start from: twelve months, a card a district, the cases; and how its shares are said.

What belongs here: what the table, the card and the workbook share. The counting is in district_quality.py.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import polars as pl

from dashboards import casebook, cells, district_quality, evidence_words, offered, reporting
from dashboards.casebook import Casebook
from dashboards.district_quality import Card, Leads, Past, part
from dashboards.findings import NONE
from dashboards.reporting import Reported
from dashboards.shell import View
from dashboards.store import UNKNOWN
from data.figures import Figure
from data.words import Words
from transforms import show
from transforms.quality import JUDGED_DAYS, Rows, Tally

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

    @cached_property
    def leads(self) -> dict[str | None, Leads]:
        """district -> its findings; None: those of no single district. Empty where the release has none."""
        return district_quality.leads(self.book.every, self.view.picture.period) if self.book else {}

    @cached_property
    def city(self) -> Card:
        """All districts together; findings and rows also of no district. Of the whole city, or of the reader's area."""
        now, year = (sum((getattr(one, name) for one in self.cards), Tally()) for name in ("now", "year"))
        # Whoever reads one district is also given the files of the whole city: those are not of their area.
        rejected = self.months[-1].rejected.items()
        leads, rows = None, sum((rows for code, rows in rejected if code is not None or self.view.reader.whole), Rows())
        if self.book:
            every = self.book.every.with_columns(district_code=pl.lit(""))
            leads = district_quality.leads(every, self.view.picture.period).get("", Leads())
        return Card("", now, year, leads, rows if rows.files else None)

    @property
    def others(self) -> list[Card]:
        """What lies in no known district (which only readers of the whole city are given), and what speaks of no single one; nobody
        reports for them."""
        of = lambda code: self.leads.get(code, Leads()) if self.book else None  # noqa: E731
        nobodys = Card("", Tally(), Tally(), of(None), self.months[-1].rejected.get(None))
        return [Card(UNKNOWN, Tally(), Tally(), of(UNKNOWN), None), nobodys] if self.view.reader.whole else [nobodys]

    @property
    def whole_name(self) -> str:
        """What all of it together is called."""
        return self.view.words("quality.city" if self.view.reader.whole else "quality.area")


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


def moves(desk: Desk, leads: Leads) -> tuple[str, ...]:
    """What came and what went, what is explained, what was not looked at, what came and went. Of the first month nobody knows what is new
    in it."""
    words, first = desk.view.words, desk.book is not None and desk.book.before is None
    moved = words("stay.first") if first else words("quality.moves", new=show.count(leads.new), closed=show.count(leads.closed))
    held = (words("quality.unchecked", n=show.count(leads.unchecked)),) if leads.unchecked else ()
    held += (words("quality.passed", n=show.count(leads.passed)),) if leads.passed else ()
    return moved, words("quality.apart", n=show.count(leads.explained)), *held


def unknown_time(desk: Desk, tally: Tally) -> bool:
    """Whether something was expected of which nobody knows when it came."""
    return tally.expected > 0 and tally.timed == 0


def why_untimed(view: View, month: Reported) -> str:
    """Why nobody knows what was on time in a month."""
    if month.judged or month.first_on is None:
        return view.words("quality.untimed")
    return view.words("quality.untimed_late", day=evidence_words.day(view.words, month.first_on.isoformat()), days=JUDGED_DAYS)


def why_not_run(desk: Desk) -> str:
    """The rules that were not run, by the reason; empty where all were."""
    words, book = desk.view.words, desk.book
    if not book or not book.not_run:
        return ""
    by: dict[str, list[str]] = {}
    for name, lacking in book.not_run.items():
        kind = "lacks_before" if book.lacks_before(name) else "lacks" if lacking else "no_such_rule"
        by.setdefault(kind, []).append(words("quality.quoted", name=words.rule(name)))
    why = [words(f"quality.why_{kind}", n=len(names), names=words("mark.list").join(names)) for kind, names in by.items()]
    said = words("quality.not_run", n=len(book.not_run), why=words("mark.stop").join(why))
    return said + words.gap + words("quality.not_run_held") if book.before else said


def past_note(words: Words, each: Past) -> str:
    """What must be said of a month beside its numbers."""
    why = {"unpublished": "quality.unpublished", "unkept": "quality.kept_not", "nobody": "quality.none_at_all"}.get(each.state)
    said = [words(why)] if why else []
    if each.passed:
        said.append(words("quality.passed_line", n=show.count(each.passed)))
    if each.unchecked:
        said.append(words("quality.unchecked_line", n=show.count(each.unchecked)))
    return words("mark.stop").join(said)


def head(words: Words, name: str) -> str:
    """The head of a column; a long name may break where its words do."""
    return words("quality.outside_head" if name == "outside" else f"quality.{name}")


def look(cell: str, bad: bool) -> str:
    """A cell that needs a look, by a sign and not by its colour alone."""
    return f'<span class="worse">◆ {cell}</span>' if bad else cell


def findings_link(view: View, shown: str, code: str | None) -> str:
    """To the list of findings of a district; None: of no single one; empty: of the whole city. For readers without units what is shown
    stands alone."""
    return offered.way(view, "findings", shown, **({} if code == "" else {"district": NONE if code is None else code}))


def meanings(view: View) -> list[tuple[str, str]]:
    names = (*(name for name, *_ in SHARES), "open", "days", "rejected")
    return [(view.words(f"quality.{name}"), mean(view.words, name)) for name in names]


def mean(words: Words, name: str) -> str:
    return words(f"quality.mean_{name}", days=JUDGED_DAYS)
