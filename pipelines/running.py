"""`liangxin run`: which periods have something to do, and Dagster's job over them, in process. Nothing to do: nothing imported."""

import os
import warnings
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from data.home import Home, HomeUnfit
from data.language import words
from data.periods import last_day
from data.releases import current
from pipelines.checks import ChecksUnavailable
from pipelines.engines import require
from pipelines.steps import Session
from pipelines.work import Refused, Work, at_work

NICE = 10  # of 19: how far a run stands back


@dataclass
class RunResult:
    """What a run did: period -> revision published, period -> revision that stays, period -> why it could not be published."""

    published: dict[str, str] = field(default_factory=dict)
    unchanged: dict[str, str] = field(default_factory=dict)
    unpublished: dict[str, str] = field(default_factory=dict)
    strays: tuple[str, ...] = ()
    # Not asked for, and now made from something else: later months that look back to what was published.
    waiting: tuple[str, ...] = ()

    def facts(self) -> dict:
        """For other programs."""
        return {
            "published": self.published,
            "unchanged": self.unchanged,
            "unpublished": self.unpublished,
            "strays": list(self.strays),
            "waiting": list(self.waiting),
        }

    def lines(self) -> list[str]:
        """For people."""
        lines = [words(f"{period} 已发布 {revision}", f"{period} published as {revision}") for period, revision in self.published.items()]
        if self.unchanged:
            months = "—".join(sorted({min(self.unchanged), max(self.unchanged)}))
            lines.append(
                words(f"{len(self.unchanged)} 期无变化（{months}），不重复发布", f"{len(self.unchanged)} periods unchanged ({months})")
            )
        lines += [words(f"{period} 未发布：{why}", f"{period} not published: {why}") for period, why in self.unpublished.items()]
        if self.waiting:
            named = "、".join(self.waiting)
            lines.append(words(f"{named} 也需修订，请不带 --period 再运行一次", f"Also to be revised: {named}. Run again without --period"))
        if self.strays:
            named = "、".join(self.strays[:5]) + ("…" if len(self.strays) > 5 else "")
            lines.append(words(f"报送目录中不合规范、未采用：{named}", f"Not of the form, passed over in landing: {named}"))
        if not (self.published or self.unchanged or self.unpublished):
            lines.append(words("报送目录中还没有文件，请放入后再运行", "There are no landing files yet: put them there and run again"))
        return lines


def run(
    home: Home, periods: Iterable[str] | None = None, allow_incomplete: bool = False, say: Callable[[str], None] = lambda text: None
) -> RunResult:
    """Take in what is new or changed, oldest period first, and publish what moved."""
    result = RunResult()
    with ExitStack() as open_things:
        session = open_things.enter_context(Session(home, say, allow_incomplete))
        result.strays = session.landing.strays
        _ = home.targets  # read now, not after hours of reading files
        known = session.periods()
        if known and not session.landing.files:
            raise HomeUnfit(
                words(
                    f"报送目录为空，而已发布 {len(known)} 期。请确认 landing 所在的磁盘已接入；若确要撤回全部数据，请至少保留一个文件。",
                    f"landing/ holds no file, but {len(known)} periods are published. Is its drive there? What is published stays.",
                )
            )
        month: _Month | None = None
        for period in sorted(set(periods)) if periods else known:
            if period not in known:
                result.unpublished[period] = words(
                    f"landing/{period} 中没有报送文件。请放入后再运行。",
                    f"landing/{period} holds no delivery. Put its files there and run again.",
                )
            elif not session.stale(period):
                result.unchanged[period] = current(home)[period]
            else:
                if month is None:
                    # Before hours of reading, not after them.
                    require(home.settings.engine)
                    _give_way()
                    # Whoever is second at the warehouse should hear so at once.
                    _ = session.warehouse
                    # The checking process starts first: it gets ready while Dagster is imported.
                    month = _Month(open_things.enter_context(at_work(session, say)), open_things)
                month.publish(period, result)
        if periods:
            result.waiting = tuple(
                period for period in current(home) if period in known and period not in set(periods) and session.stale(period)
            )
    return result


def _give_way() -> None:
    """Readers of the dashboards come first on a machine that both share; alone, the run is as fast as ever."""
    if hasattr(os, "nice") and os.nice(0) < NICE:
        os.nice(NICE - os.nice(0))


class _Month:
    """The job, ready to run in process, with the home's own history of runs."""

    def __init__(self, work: Work, open_things: ExitStack):
        import dagster as dg

        warnings.filterwarnings("ignore", category=dg.BetaWarning)
        warnings.filterwarnings("ignore", category=dg.PreviewWarning)
        from pipelines.definitions import JOB, defs
        from pipelines.history import open_history

        self._work = work
        self._home = work.session.home
        self._job = defs.resolve_job_def(JOB)
        # The warehouse is held by now: whoever has it may say of a run that stands in the history as started that it was killed.
        self._instance = open_things.enter_context(open_history(self._home.path))

    def publish(self, period: str, result: RunResult) -> None:
        from dagster._core.errors import DagsterAssetCheckFailedError
        from sqlalchemy.exc import OperationalError

        try:
            self._execute(period)
            if period in self._work.published:
                result.published[period] = self._work.published[period].revision or ""
            else:  # only reading the files anew could tell that nothing changed
                result.unchanged[period] = current(self._home)[period]
        except (Refused, ChecksUnavailable) as error:
            result.unpublished[period] = str(error)
        except OperationalError as error:
            # The history of runs is a database too, and may be the first to meet a full disk.
            why = str(error.orig)
            raise HomeUnfit(
                words(
                    f"运行记录无法写入（{why}）。请清理磁盘空间后再运行，已发布的内容不受影响。",
                    f"the history of runs cannot be written ({why}). Free some disk space and run again: what was published stays.",
                )
            ) from None
        except DagsterAssetCheckFailedError:
            result.unpublished[period] = self._broken(period)
        finally:
            self._work.forget(period)
        if period in result.unpublished:
            self._work.say(words(f"{period} 未发布：{result.unpublished[period]}", f"{period} not published: {result.unpublished[period]}"))

    def _execute(self, period: str) -> None:
        import dagster as dg

        from pipelines.assets.common import MONTHS
        from pipelines.history import BY_COMMAND

        # Months exist up to the one at hand; a machine whose clock is slow must not refuse what has been delivered.
        after = datetime.combine(last_day(period) + timedelta(days=1), time(), UTC)
        with dg.partition_loading_context(effective_dt=max(after, datetime.now(UTC))):
            if not MONTHS.has_partition_key(period):
                first = MONTHS.get_first_partition_key()
                raise Refused(words(f"它早于可运行的第一个月 {first}。", f"it lies before {first}, the first month that runs know."))
            self._job.execute_in_process(
                partition_key=period,
                instance=self._instance,
                tags=BY_COMMAND,
                # Progress is said by the work itself; Dagster's own lines stay in the history.
                run_config={
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                    "resources": {"city": {"config": {"home": str(self._home.path)}}},
                },
            )

    def _broken(self, period: str) -> str:
        reports = [*self._work.raw_reports(period).values(), *self._work.draft_reports(period).values()]
        broken = "; ".join(report.says() for report in reports if report.blocking)
        return words(f"核对发现不可发布的内容：{broken}。", f"the checks found what must not be published: {broken}.")
