"""Findings of the month: what came and went, what stands by severity, what is overdue, and where most of what must be put right lies.

What belongs here: claims counted from the cases (case_history.py). A finding is a lead and never a verdict; units are not named.
"""

from dataclasses import dataclass
from functools import reduce
from itertools import groupby

import polars as pl

from transforms.case_history import AGAIN, GONE, HERE, NEW, UNCHECKED
from transforms.claims.claim import Claim, Day, LeftOut, Month, Place, Said, Subject
from transforms.claims.facts import Facts
from transforms.claims.tallied import standing_findings, tallied

OPEN = ("open", "assigned", "answered")  # what somebody still has to do something about
SEVERITIES = {"must": "H", "explain": "S", "look": "I"}
UNREAD = "casework"  # the reason, where it can't be told what people did
MOST = 3  # districts in one sentence
UNKNOWN = "000000"


@dataclass(frozen=True)
class Tally:
    """The cases of a month, counted. `here`: in the release; `open`: of these, not explained; `must`: of these, to be put right."""

    new: int
    again: int
    gone: int
    here: int
    open: int
    explained: int
    overdue: int
    must: int
    must_new: int
    must_overdue: int
    unchecked: int


def tally(cases: pl.DataFrame) -> Tally:
    """What came and went within the month, by its revisions, is in no number."""
    here, moved = pl.col("moved").is_in(HERE), pl.col("moved")
    is_open = here & pl.col("status").is_in(OPEN)
    must = is_open & (pl.col("severity") == "H")
    sums = {
        "new": moved == NEW,
        "again": moved == AGAIN,
        "gone": moved == GONE,
        "here": here,
        "open": is_open,
        "explained": here & (pl.col("status") == "explained"),
        "overdue": here & pl.col("overdue"),
        "must": must,
        "must_new": must & moved.is_in((NEW, AGAIN)),
        "must_overdue": here & pl.col("overdue") & (pl.col("severity") == "H"),
        "unchecked": moved == UNCHECKED,
    }
    return Tally(**cases.select(where.sum().cast(pl.Int64).alias(name) for name, where in sums.items()).row(0, named=True))


def subject(facts: Facts) -> Subject:
    """Findings have no metric, sector or basis."""
    return facts.subject(sector="", basis="")


def findings(facts: Facts) -> list[Said]:
    """What moved, what stands by severity, what is overdue, where it lies."""
    if facts.cases is None or not facts.now.ran:
        return [LeftOut("findings_moved", subject(facts), "missing:absent")]
    counts = tally(facts.cases)
    if not counts.here and not counts.gone and not counts.unchecked:
        ran = tallied(facts.now, "rules_count", "ran")
        if ran.count is None:  # a release of before that was kept: how many rules found nothing can't be told
            return [LeftOut("findings_moved", subject(facts), "missing:absent")]
        return [Claim("findings_none", subject(facts), "counted", {"rules": ran})]
    made = [_moved(facts, counts)]
    if counts.unchecked:
        made.append(Claim("findings_unchecked", subject(facts), "counted", {"n": counts.unchecked}))
    if facts.casework:
        made.append(LeftOut("findings_explained", subject(facts), UNREAD))
    elif counts.explained:
        made.append(Claim("findings_explained", subject(facts), "counted", {"n": counts.explained}))
    if counts.here:
        made += [_severities(facts), _overdue(facts, counts), _places(facts)]
    return made


def casework_unread(facts: Facts) -> list[Said]:
    """That it can't be told what people did: the findings are then counted by the data alone."""
    if not facts.casework or facts.cases is None:
        return []
    return [Claim("casework_unread", subject(facts), "counted", {"here": standing_findings(facts)})]


def _moved(facts: Facts, counts: Tally) -> Claim:
    values = {"here": standing_findings(facts)}
    before = compared_with(facts)
    if before is None:
        return Claim("findings_first", subject(facts), "counted", values)
    values |= {"month": Month(before), "new": counts.new, "again": counts.again, "gone": counts.gone}
    return Claim("findings_moved", subject(facts), "counted", values)


def compared_with(facts: Facts) -> str | None:
    """The last month before this one in which any rule was run: what is new is new against that. None where there is none."""
    looked = [month for month, picture in facts.months if month < facts.now.period and picture is not None and picture.ran]
    return max(looked, default=None)


def _severities(facts: Facts) -> Claim:
    values = {name: standing_findings(facts, code) for name, code in SEVERITIES.items()}
    return Claim("findings_severity", subject(facts), "counted", values)


def _overdue(facts: Facts, counts: Tally) -> Said:
    """Only what was given a day can be overdue; where none was, nothing is said: it would sound as if all were in time."""
    if facts.casework:
        return LeftOut("findings_overdue", subject(facts), UNREAD)
    dated = facts.cases.filter(pl.col("moved").is_in(HERE) & pl.col("status").is_in(OPEN) & pl.col("due").is_not_null())
    if counts.overdue:
        late = dated.filter(pl.col("overdue"))["due"].min()
        values = {"n": counts.overdue, "must": counts.must_overdue, "day": Day(late)}
        return Claim("findings_overdue", subject(facts), "counted", values)
    if dated.is_empty():
        return LeftOut("findings_overdue", subject(facts), "no_days_set")
    return Claim("findings_in_time", subject(facts), "counted", {"n": dated.height})


def _places(facts: Facts) -> Said:
    """Where more than half of what must be put right lies, if that is a few of the districts."""
    if facts.casework:  # which of them are explained, and so not open, nobody knows
        return LeftOut("findings_places", subject(facts), UNREAD)
    must = to_put_right(facts.cases)
    leading = concentrated(must, sum(kind == "district" for kind, _ in facts.places))
    if not leading:
        return LeftOut("findings_places", subject(facts), "spread" if must.height else "none_open")
    values = {"all": must.height, "n": sum(leading.values()), "places": tuple(Place("district", code) for code in leading)}
    return Claim("findings_places", subject(facts), "counted", values)


def to_put_right(cases: pl.DataFrame) -> pl.DataFrame:
    """The open findings that must be put right."""
    return cases.filter(pl.col("moved").is_in(HERE) & pl.col("status").is_in(OPEN) & (pl.col("severity") == "H"))


def concentrated(rows: pl.DataFrame, districts: int) -> dict[str, int]:
    """district -> how many, of the fewest that hold more than half; those with as many stand together. Empty where these are more than
    `MOST`, or half of all districts: then they are spread."""
    placed = rows.filter(pl.col("district_code").is_not_null() & (pl.col("district_code") != UNKNOWN))
    counts = placed.group_by("district_code").len().sort(-pl.col("len").cast(pl.Int64), "district_code").rows()
    alike = [dict(group) for _, group in groupby(counts, key=lambda pair: pair[1])]
    together = lambda held, more: held if 2 * sum(held.values()) > rows.height else held | more  # noqa: E731
    held = reduce(together, alike, {})
    few = len(held) <= MOST and 2 * len(held) < districts
    return held if few and 2 * sum(held.values()) > rows.height else {}
