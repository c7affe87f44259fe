"""How well each district reports: completeness and timeliness of its returns, their consistency, the rows of its files that did not load.

What belongs here: shares as whole numbers, n of N, that can be added up over months and districts. What each of them means, where it comes
from and what it can't tell stands in docs/methods/data-quality.md. Opening releases is dashboards/reporting.py's.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from statistics import median

import narwhals as nw

from data.periods import last_day
from expectations.rules.returns import FIGURES, SECTORS
from transforms.inputs import UNKNOWN
from transforms.returns import Beside

Key = tuple[str, str]  # (district code as reported, sector)
JUDGED_DAYS = 45  # so long after the month's end a first release can still tell who kept the day


@dataclass(frozen=True)
class Tally:
    """Counts of returns, each n with its N. They add up over months and districts.

    received of expected · on_time of timed (expected where the month's first release can be judged by) · outside of compared (with the
    ledgers) · same of followed (those with a return of the month before) · contradicting of `returns`. All of them speak of the returns
    under the district's own code, so that no N is larger than what was expected; those under other codes that lead to it are `other_codes`.
    """

    expected: int = 0
    received: int = 0
    timed: int = 0
    on_time: int = 0
    late: int = 0
    compared: int = 0
    outside: int = 0
    followed: int = 0
    same: int = 0
    returns: int = 0
    contradicting: int = 0
    other_codes: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Tally)))


@dataclass(frozen=True)
class Month:
    """A published month's returns. `first`: those that stood in the month's first release, None where that is not there or held no such
    table. `judged`: whether it came early enough to tell what was on time. `before`: the figures of the returns of the calendar month
    before, None where it has none. `others`: whether districts besides these are known to have reported."""

    period: str
    districts: Sequence[str]  # valid at D, without 000000
    returns: Sequence[Beside]
    first: Collection[Key] | None
    before: Mapping[Key, tuple[int, ...]] | None
    judged: bool = True
    others: bool = False

    @property
    def anybody(self) -> bool:
        """A month in which nobody reported says nothing of one district: nothing was expected of it (as rule return_missing)."""
        return bool(self.returns) or self.others


def tallies(month: Month) -> dict[str, Tally]:
    """district valid at the month's end -> its counts of that month; what leads nowhere is nobody's."""
    found = dict.fromkeys(month.districts, Tally())
    if not month.anybody:
        return found
    received = {(each.code, each.sector) for each in month.returns}
    for code in month.districts:
        keys = [(code, sector) for sector in SECTORS]
        here = [key for key in keys if key in received]
        early = [key for key in here if month.first is not None and key in month.first]
        timed = month.first is not None and month.judged
        found[code] = Tally(
            expected=len(keys),
            received=len(here),
            timed=len(keys) if timed else 0,
            on_time=len(early) if timed else 0,
            # What first came after a release that was late itself, was late.
            late=len(here) - len(early) if month.first is not None else 0,
        )
    for each in month.returns:
        if each.place in found:
            found[each.place] += _consistency(each, month.before) if each.own_code else Tally(other_codes=1)
    return found


def judged(period: str, first_on: date) -> bool:
    """Whether a month's first release, published on a day, came early enough to tell what was on time."""
    return first_on <= last_day(period) + timedelta(days=JUDGED_DAYS)


def _consistency(each: Beside, before: Mapping[Key, tuple[int, ...]] | None) -> Tally:
    """One return: with the ledgers, with the month before, and in itself; as the rules return_differs, _copied, _parts and _exceeds."""
    copied = copies(each, before)
    return Tally(
        compared=each.outside is not None,
        outside=bool(each.outside),
        followed=copied is not None,
        same=bool(copied),
        returns=1,
        contradicting=contradicts(each.reported),
    )


def copies(each: Beside, before: Mapping[Key, tuple[int, ...]] | None) -> bool | None:
    """Whether a return repeats all figures of the month before; None where there is none to compare with."""
    # A district without units reports zeros every month: that is no copy.
    earlier = before.get((each.code, each.sector)) if before is not None and each.reported["units"] > 0 else None
    return None if earlier is None else earlier == tuple(each.reported[name] for name in FIGURES)


def contradicts(reported: Mapping[str, int]) -> bool:
    """The parts do not make up the whole, or a part is larger than it."""
    covered, units, work = (reported[name] for name in ("covered", "units", "work_covered"))
    return covered != sum(reported[name] for name in ("single", "joint", "dispatched")) or covered > units or work > units or work < covered


def gathered(by_month: Iterable[tuple[Mapping[str, Tally], Mapping[str, str]]]) -> dict[str, Tally]:
    """Tallies of several months under today's districts; `followed` (code then -> code now) comes with each month."""
    found: dict[str, Tally] = {}
    for counted, followed in by_month:
        for code, tally in counted.items():
            now = followed.get(code, UNKNOWN)
            found[now] = found.get(now, Tally()) + tally
    return found


def districts_of_files(origins: nw.LazyFrame, places: nw.LazyFrame) -> nw.LazyFrame:
    """path, district_code of the files that speak of one district alone.

    origins: subject_kind, subject, path. places: subject_kind, subject, district_code. What lies in no known district says nothing of
    whose file it is; a file with nothing else, or with subjects of two districts, is no district's.
    """
    known = places.filter(~nw.col("district_code").is_null() & (nw.col("district_code") != UNKNOWN))
    return (
        origins.select("subject_kind", "subject", "path")
        .join(known, on=["subject_kind", "subject"], how="inner")
        .group_by("path")
        .agg(nw.col("district_code").min(), nw.col("district_code").max().alias("last"))
        .filter(nw.col("district_code") == nw.col("last"))
        .select("path", "district_code")
    )


@dataclass(frozen=True)
class Rows:
    """Rows of files: rejected of those that were loaded or rejected."""

    rejected: int = 0
    rows: int = 0
    files: int = 0

    def __add__(self, other: "Rows") -> "Rows":
        return Rows(self.rejected + other.rejected, self.rows + other.rows, self.files + other.files)


def rejected_rows(loads: Iterable[Mapping], district_of: Mapping[str, str]) -> dict[str | None, Rows]:
    """district -> the rows of its files; None holds those of files that are no district's."""
    found: dict[str | None, Rows] = {}
    for load in loads:
        rejected = load["rows_rejected"] or 0
        code = district_of.get(load["path"])
        found[code] = found.get(code, Rows()) + Rows(rejected, rejected + (load["rows_loaded"] or 0), 1)
    return found


def middle(days: Collection[int]) -> float | None:
    """The median of the days that cases took to close; None where none closed."""
    return median(days) if days else None
