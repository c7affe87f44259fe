"""What the card of a district holds: its returns of the month and of the year, its findings, the rows of its files that did not load.

What belongs here: putting the counts of transforms/quality.py together with the cases, a card a district. What is drawn lies in
screens/quality.py. Nothing here is a rank or a mark: counts, each with what it is counted of.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from dashboards.casebook import Casebook, History
from dashboards.reporting import Reported
from dashboards.show import Figure
from data.periods import add_months
from expectations.rules.returns import SECTORS
from transforms.quality import Rows, Tally, gathered, middle

ORDERS = ("code", "missing", "late", "outside", "open", "rejected")


@dataclass(frozen=True)
class Leads:
    """Findings of a district in a month. open: not explained; new: found or back in it; closed: gone in it; days: of each case that
    closed in the twelve months to it."""

    open: int = 0
    must: int = 0  # of the open ones, those that must be put right
    explained: int = 0
    new: int = 0
    closed: int = 0
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
    standing, severe = pl.col("closed").is_null(), pl.col("severity") == "H"
    explained = pl.col("status") == "explained"
    year = pl.col("closed").is_between(pl.lit(add_months(period, -11)), pl.lit(period))
    found = every.group_by("district_code").agg(
        (standing & ~explained).sum().alias("open"),
        (standing & ~explained & severe).sum().alias("must"),
        (standing & explained).sum().alias("explained"),
        (standing & (pl.col("opened") == period)).sum().alias("new"),
        (pl.col("closed") == period).sum().alias("closed"),
        pl.col("days").filter(year).alias("days"),
    )
    return {row.pop("district_code"): Leads(**row | {"days": tuple(row["days"])}) for row in found.to_dicts()}


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
        "open": lambda card: card.leads.open if card.leads else 0,
        "rejected": lambda card: card.rows.rejected if card.rows else 0,
    }
    return sorted(found, key=lambda card: (-by[order](card), card.code))


@dataclass(frozen=True)
class Past:
    """A month of one district: its returns under the districts of then that make it up, its findings at the month's end, its files."""

    period: str
    state: str
    tally: Tally
    stands: int | None
    new: int | None
    gone: int | None
    rows: Rows | None


def past(months: Iterable[Reported], district: str, book: Casebook | None) -> list[Past]:
    """The months of a district, in their order."""
    found = []
    for month in months:
        codes = month.codes(district)
        tally = sum((month.tallies.get(code, Tally()) for code in codes), Tally())
        stands, new, gone = _moved(book, month, district)
        files = [month.rejected[code] for code in codes if code in month.rejected]
        found.append(Past(month.period, month.state, tally, stands, new, gone, sum(files, Rows()) if files else None))
    return found


def _moved(book: Casebook | None, month: Reported, district: str) -> tuple[int | None, int | None, int | None]:
    """(findings that stand at the month's end, new in it, gone in it); None for a month without findings."""
    if book is None or month.picture is None or "findings" not in month.picture.manifest["tables"]:
        return None, None, None
    mine = _standing(book.history, month.period).join(_places(book, district), on="fingerprint", how="semi")
    count = lambda where: mine.filter(where).height  # noqa: E731
    stands = pl.col("closed").is_null()
    # In the first month of all, everything would be new.
    first = min(period for period, *_ in book.history.looks) == month.period
    new = None if first else count(stands & (pl.col("opened") == month.period))
    return count(stands), new, count(pl.col("closed") == month.period)


@lru_cache(maxsize=32)
def _standing(history: History, period: str) -> pl.DataFrame:
    return history.standing(period)


def _places(book: Casebook, district: str) -> pl.DataFrame:
    """Findings lie where their newest sighting has them, under today's districts."""
    return book.every.filter(pl.col("district_code") == district).select("fingerprint")


def missing(months: Iterable[Reported], district: str) -> list[tuple[str, str, str]]:
    """(month, district of then, sector) of every return that was expected and did not come, the newest first."""
    found = []
    for month in months:
        if month.state == "there":
            there = {(each.code, each.sector) for each in month.returns}
            found += [(month.period, code, sector) for code in month.codes(district) for sector in SECTORS if (code, sector) not in there]
    return found[::-1]


def strip(months: Iterable[Reported], district: str) -> list[tuple[str, Tally] | None]:
    """Each month as (sign, counts): all on time, all but some late, some missing, none; None where nothing was expected or known."""
    found: list[tuple[str, Tally] | None] = []
    for month in months:
        tally = sum((month.tallies.get(code, Tally()) for code in month.codes(district)), Tally())
        if not tally.expected:
            found.append(None)
        elif tally.received < tally.expected:
            found.append(("none" if not tally.received else "some", tally))
        else:
            found.append(("late" if tally.late else "all", tally))
    return found
