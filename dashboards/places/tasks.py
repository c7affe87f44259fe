"""The tasks of a district or park, counted: what its lists, figures and findings leave to be done.

What belongs here: from a `Spot` to the tasks of places/next_steps.py. Whatever can't be counted, for want of a source or because too few
are meant, is no task.
"""

from collections.abc import Callable

import polars as pl

from dashboards import findings, lists
from dashboards.district_quality import missing
from dashboards.parts import code_of
from dashboards.places.desk import SECTORS, Spot, rest
from dashboards.places.next_steps import ALL, Claim, Task, claims
from transforms.quality import Tally

# Task -> its work list, where the list is the rest of a figure.
LISTS = {
    "members_uncovered": "members_uncovered",
    "large_uncovered": "large100_no_org",
    "due_single": "due_single",
    "large_without_member": "large50_no_member",
}


def next_steps(spot: Spot) -> list[Claim]:
    return claims(tasks(spot), spot.goals)


def tasks(spot: Spot) -> list[Task]:
    makers: tuple[Callable[[Spot], Task | None], ...] = (
        _new_units,
        _work_only,
        _centres,
        _findings_late,
        _findings_must,
        _returns,
        _weak,
        _instructors,
        _unsurveyed,
    )
    found = [_of_list(spot, name, listed) for name, listed in LISTS.items()]
    return [task for task in (*found, *(make(spot) for make in makers)) if task is not None]


def _rests(spot: Spot, metric: str) -> dict[str, int]:
    """By sector, those in the denominator and not in the numerator."""
    counted = {sector: rest(spot.figure(metric, sector)) for sector in (ALL, *SECTORS)}
    return {sector: number for sector, number in counted.items() if number is not None}


def _of_list(spot: Spot, name: str, listed: str) -> Task | None:
    metric = lists.METRIC[listed]
    if spot.lists.get(listed) is None:
        return None
    return Task(name, _rests(spot, metric), spot.figure(metric).denominator, "worklist", {"list": listed} | spot.chosen, (metric, ALL))


def _new_units(spot: Spot) -> Task | None:
    desk = spot.lists.get("new_unit")
    if desk is None:
        return None
    number = {ALL: desk.now.height} | lists.counts(desk.now, "sector")
    return Task("new_unit", number, rest(spot.figure("work_coverage")), "worklist", {"list": "new_unit"} | spot.chosen)


def _rest_of(spot: Spot, name: str, metric: str, n: dict[str, int], side: str = "rest") -> Task | None:
    """A task whose list is what a figure opens to: below the line and not above it. Of parks, the figure lists them all (`side`)."""
    picture = spot.view.picture
    key = picture.metric_key(metric, spot.kind, spot.code, ALL, spot.view.signed)
    if key is None or ALL not in n:
        return None
    chosen = {"code": code_of(picture, "metrics", key), "side": side}
    if metric == "survey_rate" and "surveyed" not in picture.manifest["tables"]:
        chosen.pop("side")  # a release of before that table has no such list
    return Task(name, n, spot.figure(metric).denominator, "figure", chosen, (metric, ALL))


def _work_only(spot: Spot) -> Task | None:
    """Reached by work, and by no organisation yet: there is somebody there to begin with."""
    n = {}
    for sector in (ALL, *SECTORS):
        work, covered = (spot.figure(metric, sector).numerator for metric in ("work_coverage", "org_coverage"))
        if work is not None and covered is not None:
            n[sector] = work - covered
    return _rest_of(spot, "work_only", "org_coverage", n)


def _unsurveyed(spot: Spot) -> Task | None:
    return _rest_of(spot, "unsurveyed", "survey_rate", _rests(spot, "survey_rate"))


def _centres(spot: Spot) -> Task | None:
    return _rest_of(spot, "centres", "centre_rate", _rests(spot, "centre_rate"), "denominator") if spot.is_district else None


def _instructors(spot: Spot) -> Task | None:
    figure = spot.figure("instructor_staffing")
    lacking = rest(figure)
    if lacking is None or lacking <= 0:
        return None
    return Task("instructors", {ALL: lacking}, figure.denominator, "means", cited=("instructor_staffing", ALL))


def _cases(spot: Spot) -> tuple[dict[str, int], int] | None:
    if spot.findings is None:
        return None
    tally = findings.tally(spot.findings)[None]
    must = spot.findings.filter((pl.col("severity") == "H") & pl.col("moved").is_in(findings.HERE) & (pl.col("status") != "explained"))
    return tally, must.height


def _findings_late(spot: Spot) -> Task | None:
    found = _cases(spot)
    return found and Task(
        "findings_late", {ALL: found[0]["late"]}, found[0]["open"], "findings", {"status": findings.OVERDUE} | spot.chosen
    )


def _findings_must(spot: Spot) -> Task | None:
    found = _cases(spot)
    return found and Task("findings_must", {ALL: found[1]}, found[0]["open"], "findings", {"severity": "H"} | spot.chosen)


def _returns(spot: Spot) -> Task | None:
    """Returns of the last twelve months that did not come."""
    if not spot.is_district:
        return None
    desk = spot.quality
    owed = missing(desk.months, spot.code)
    year = next((one.year for one in desk.cards if one.code == spot.code), Tally())
    return Task("returns", {ALL: len(owed)}, year.expected, "quality", {"district": spot.code})


def _weak(spot: Spot) -> Task | None:
    if spot.weak is None:
        return None
    active = spot.figure("term_overdue").denominator
    return Task("weak_orgs", {ALL: spot.weak.height}, active, "weak_orgs", spot.chosen if spot.is_district else {})
