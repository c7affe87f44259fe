"""What the card of a district holds: its returns of the month and of the year, its findings, the rows of its files that did not load.

What belongs here: putting the counts of transforms/quality.py together with the cases, a card a district. What is drawn lies in
screens/quality.py. Nothing here is a rank or a mark: counts, each with what it is counted of.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from dashboards.casebook import Casebook
from dashboards.reporting import Reported
from data.figures import Figure
from data.periods import add_months
from expectations.rules.returns import SECTORS
from transforms.case_history import AGAIN, GONE, HERE, NEW, PASSED, UNCHECKED
from transforms.quality import Rows, Tally, gathered, middle

ORDERS = ("code", "missing", "late", "outside", "contradicting", "same", "open", "rejected")


@dataclass(frozen=True)
class Leads:
    """Findings of a district in a month. open: in its release and not explained; new: found or back in it; closed: gone in it; passed: came
    and went in it, and neither of both; unchecked: not looked at in it, so that nobody knows. days: of each case that closed in the twelve
    months to it, but for those that closed within their month, and for those (apart) that nobody looked at in the month before."""

    open: int = 0
    must: int = 0  # of the open ones, those that must be put right
    explained: int = 0
    new: int = 0
    closed: int = 0
    passed: int = 0
    unchecked: int = 0
    apart: int = 0
    days: tuple[int, ...] = ()

    @property
    def middle(self) -> float | None:
        return middle(self.days)


@dataclass(frozen=True)
class Card:
    """A district. `leads` is None where the release has no findings, `rows` where no file of the month is the district's alone."""

    code: str
    now: Tally
    year: Tally
    leads: Leads | None
    rows: Rows | None


def part(n: int, of: int) -> Figure:
    """n of N as a figure; without N it does not apply."""
    return Figure(n, of, n / of) if of else Figure(n, of, None, "no_denominator")


def leads(every: pl.DataFrame, period: str) -> dict[str | None, Leads]:
    """district -> its findings as of a month; None holds those of no district. every: the frame of a casebook."""
    standing, severe = pl.col("moved").is_in(HERE), pl.col("severity") == "H"
    explained = pl.col("status") == "explained"
    year = pl.col("closed").is_between(pl.lit(add_months(period, -11)), pl.lit(period)) & (pl.col("closed") != pl.col("opened"))
    # Seen for the last time, and gone when next looked for: over a gap that says when somebody looked, not when it went.
    followed = _month(pl.col("closed")) - _month(pl.col("last_period")) <= 1
    found = every.group_by("district_code").agg(
        (standing & ~explained).sum().alias("open"),
        (standing & ~explained & severe).sum().alias("must"),
        (standing & explained).sum().alias("explained"),
        pl.col("moved").is_in((NEW, AGAIN)).sum().alias("new"),
        (pl.col("moved") == GONE).sum().alias("closed"),
        (pl.col("moved") == PASSED).sum().alias("passed"),
        (pl.col("moved") == UNCHECKED).sum().alias("unchecked"),
        (year & ~followed).sum().alias("apart"),
        pl.col("days").filter(year & followed).alias("days"),
    )
    return {row.pop("district_code"): Leads(**row | {"days": tuple(row["days"])}) for row in found.to_dicts()}


def _month(period: pl.Expr) -> pl.Expr:
    return period.str.head(4).cast(pl.Int64) * 12 + period.str.tail(2).cast(pl.Int64)


def cards(months: Sequence[Reported], book: Casebook | None) -> list[Card]:
    """A card a district valid at the last month's end, by code."""
    last = months[-1]
    year = gathered((month.tallies, month.followed) for month in months)
    cases = leads(book.every, last.period) if book else None
    return [
        Card(
            code,
            last.tallies.get(code, Tally()),
            year.get(code, Tally()),
            None if cases is None else cases.get(code, Leads()),
            last.rejected.get(code),
        )
        for code in last.districts
    ]


def ordered(found: Iterable[Card], order: str) -> list[Card]:
    """In the order that was asked for, the most to do first; districts alike by code. Not a rank."""
    by: dict[str, Callable[[Card], int]] = {
        "code": lambda card: 0,
        "missing": lambda card: card.year.expected - card.year.received,
        "late": lambda card: card.year.late,
        "outside": lambda card: card.year.outside,
        "contradicting": lambda card: card.year.contradicting,
        "same": lambda card: card.year.same,
        "open": lambda card: card.leads.open if card.leads else 0,
        "rejected": lambda card: card.rows.rejected if card.rows else 0,
    }
    return sorted(found, key=lambda card: (-by[order](card), card.code))


@dataclass(frozen=True)
class Past:
    """A month of one district: its returns under the districts of then that make it up, its findings at the month's end (unchecked: those
    of before that nobody looked at; passed: those that came and went in it), its files. What stood or was not looked at a month before,
    with what is new and without what is gone, is what stands or is not looked at."""

    period: str
    state: str
    tally: Tally
    stands: int | None
    new: int | None
    gone: int | None
    unchecked: int | None
    passed: int | None
    rows: Rows | None


def past(months: Iterable[Reported], district: str, book: Casebook | None) -> list[Past]:
    """The months of a district, in their order."""
    found = []
    for month in months:
        codes = month.codes(district)
        tally = sum((month.tallies.get(code, Tally()) for code in codes), Tally())
        leads = _moved(book, month, district)
        files = [month.rejected[code] for code in codes if code in month.rejected]
        found.append(Past(month.period, month.state, tally, *leads, sum(files, Rows()) if files else None))
    return found


def _moved(book: Casebook | None, month: Reported, district: str) -> tuple[int | None, ...]:
    """(findings that stand at the month's end, new in it, gone in it, not looked at in it, that came and went in it); None for a month
    without findings."""
    if book is None or month.picture is None or not month.picture.has_findings or month.period not in book.history.months:
        return (None,) * 5
    kept, key = book.history.kept, (month.period, month.picture.revision)
    if key not in kept:
        kept[key] = _moves(book, *key)
    return kept[key].get(district, kept[key][None])


def _moves(book: Casebook, period: str, revision: str) -> dict[str | None, tuple[int | None, ...]]:
    """district -> its numbers; None -> those of a district without findings. Findings lie where their newest sighting has them, under
    today's districts."""
    history = book.history
    before = max((each for each in history.months if each < period), default=None)
    then = history.standing(before).filter(pl.col("closed").is_null()) if before else history.standing(period).clear()
    looked = history.sightings.filter((pl.col("period") == period) & (pl.col("revision") == revision))
    stands, gone = pl.col("closed").is_null(), pl.col("closed") == period
    stood, here = (pl.col("fingerprint").is_in(rows["fingerprint"].implode()) for rows in (then, looked))
    counted = {"stands": stands & here, "new": stands & ~stood, "gone": gone & stood, "unchecked": stands & ~here, "passed": gone & ~stood}
    found = (
        history.standing(period)
        .join(book.every.select("fingerprint", "district_code"), on="fingerprint")
        .group_by("district_code")
        .agg(where.sum().cast(pl.Int64).alias(name) for name, where in counted.items())
    )
    # In the first month of all, everything would be new.
    hidden = () if before else ("new", "gone")
    number = lambda name, value: None if name in hidden else value  # noqa: E731
    moves = {row.pop("district_code"): tuple(number(*each) for each in row.items()) for row in found.to_dicts()}
    return moves | {None: tuple(number(name, 0) for name in counted)}


def missing(months: Iterable[Reported], district: str) -> list[tuple[str, str, str]]:
    """(month, district of then, sector) of every return that was expected and did not come, the newest first."""
    found = []
    for month in months:
        if month.state == "there":
            there = {(each.code, each.sector) for each in month.returns}
            found += [(month.period, code, sector) for code in month.codes(district) for sector in SECTORS if (code, sector) not in there]
    return found[::-1]


def strip(months: Iterable[Reported], district: str) -> list[tuple[str, Tally] | None]:
    """Each month as (sign, counts): all on time, full (all came, nobody knows when), all but some late, some missing, none; None where
    nothing was expected or known."""
    found: list[tuple[str, Tally] | None] = []
    for month in months:
        tally = sum((month.tallies.get(code, Tally()) for code in month.codes(district)), Tally())
        if not tally.expected:
            found.append(None)
        elif tally.received < tally.expected:
            found.append(("none" if not tally.received else "some", tally))
        else:
            found.append(("late" if tally.late else "all" if tally.timed else "full", tally))
    return found
