"""When jobs run by themselves: the month's once a month and when the landing folder changed, the briefings' some hours later. All are off
until someone switches them on."""

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from data.home import Home
from data.periods import is_period
from pipelines.assets.common import MONTHS, City

JOB = "month"
# Offices deliver a month's state in the first days of the next one.
DAY, HOUR = 10, 6
ZONE = "Asia/Shanghai"
# By then the month's run has ended, whose release they tell of.
BRIEFING_HOUR = 10
BRIEFING_JOBS = {"month": "briefing_month", "quarter": "briefing_quarter", "half_year": "briefing_half_year"}
# In which months they are written: those that follow the months which they close.
_WRITTEN_IN = {"month": "*", "quarter": "1,4,7,10", "half_year": "1,7"}
_SCHEDULES = {"month": "briefing_monthly", "quarter": "briefing_quarterly", "half_year": "briefing_half_yearly"}
# A file younger than this may still be on its way in.
SETTLED_SECONDS = 60


@dg.schedule(
    name="monthly",
    cron_schedule=f"0 {HOUR} {DAY} * *",
    execution_timezone=ZONE,
    job_name=JOB,
    description="每月10日: the month that has ended, once its deliveries are in.",
)
def monthly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """The month that has ended, in the early morning of the tenth."""
    return _of_ended_month(context)


def _of_ended_month(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    # The partition of the running month is the newest: the one before it has ended.
    period = MONTHS.get_partition_keys(current_time=context.scheduled_execution_time)[-2]
    return dg.RunRequest(run_key=period, partition_key=period)


def _briefing(kind: str) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=_SCHEDULES[kind],
        cron_schedule=f"0 {BRIEFING_HOUR} {DAY} {_WRITTEN_IN[kind]} *",
        execution_timezone=ZONE,
        job_name=BRIEFING_JOBS[kind],
        description="每月10日: the briefings of the month that has ended, once it is published.",
    )
    def briefing(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return _of_ended_month(context)

    return briefing


BRIEFING_SCHEDULES = [_briefing(kind) for kind in BRIEFING_JOBS]


@dg.sensor(
    name="landing_changed",
    job_name=JOB,
    minimum_interval_seconds=60,
    description="到报有变: a run for each period whose landing files changed.",
)
def landing_changed(context: dg.SensorEvaluationContext, city: City) -> dg.SensorResult | dg.SkipReason:
    """A run for each period that files changed since the last look may move; the cursor is what each period looked like then."""
    before = json.loads(context.cursor) if context.cursor else {}
    now = {period: look or before.get(period) for period, look in looks(city.at_home(), time.time() - SETTLED_SECONDS)}
    changed = {period for period in {*before, *now} if now.get(period) != before.get(period)}
    if not changed:
        return dg.SkipReason("Nothing in the landing folder changed.")
    # A later month may carry the delivery that changed, or look back to what it changes: since when, how fast, from which baseline.
    # Where it does not, its run publishes nothing.
    touched = [period for period in sorted({*before, *now}) if period >= min(changed)]
    look = hashlib.sha256(json.dumps(now, sort_keys=True).encode()).hexdigest()[:16]
    known = set(MONTHS.get_partition_keys())
    requests = [dg.RunRequest(run_key=f"{period} {look}", partition_key=period) for period in touched if period in known]
    return dg.SensorResult(run_requests=requests, cursor=json.dumps({period: look for period, look in now.items() if look}))


def looks(home: Home, settled_before: float) -> Iterator[tuple[str, str | None]]:
    """(period, a digest of its files' names, sizes and times), or None where a file is too young. Cheap: no file is opened."""
    for folder in sorted(home.landing.iterdir()) if home.landing.is_dir() else ():
        if folder.is_dir() and is_period(folder.name):
            files = [(path.relative_to(folder).as_posix(), path.stat()) for path in sorted(folder.rglob("*")) if _counts(path, folder)]
            text = "\n".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in files)
            young = any(stat.st_mtime > settled_before for _, stat in files)
            yield folder.name, None if young else hashlib.sha256(text.encode()).hexdigest()[:16]


def _counts(path: Path, folder: Path) -> bool:
    """Files that a run would look at: no links, nothing hidden, no lock file of a spreadsheet program."""
    return path.is_file() and not path.is_symlink() and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
