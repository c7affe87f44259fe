"""What a run has open: a session of the home, and the checking process beside it. Assets ask this, and nothing else, to do their part.

What belongs here: putting each table to the checks as soon as it exists, waiting for the answers where a border is, and who shares one
run. Computing is in steps.py, judging in expectations/, the order of things in definitions.py.
"""

import atexit
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data.contracts import sources, tables
from data.home import Home, HomeUnfit
from data.language import words
from data.releases import current, open_release
from expectations import suites
from pipelines.checks import Checker, Question, Report, summary, told
from pipelines.reading.delivery import RowsLost
from pipelines.steps import BuildReport, LoadReport, Published, Session

_shared: dict[Path, "Work"] = {}


class Refused(Exception):
    """The period can't be published. The message says why, in one plain line."""


class Work:
    """One run's work on a home. The checking process starts with it, so that it is ready when the first rows are."""

    def __init__(self, session: Session, say: Callable[[str], None] = lambda text: None):
        self.session = session
        self.say = say
        self.published: dict[str, Published] = {}
        self._checker = Checker()
        self._asked: dict[str, dict[str, Question]] = {}
        self._frames: dict[str, list[Path]] = {}

    def load(self, source: str, period: str) -> LoadReport:
        with _values_withheld():
            report = self.session.load(source, period)
        frame = self._to_check(report)
        if frame is not None:
            self._ask(period, f"raw.{source}", suites.raw(sources()[source], report.rows_in_effect), frame)
            self._frames.setdefault(period, []).append(frame)
        if report.changed:
            left = f", {report.rows_rejected:,} rejected" if report.rows_rejected else ""
            self.say(
                words(
                    f"{period} {sources()[source].zh}：{len(report.files)} 个文件，读取 {report.rows_read:,} 行"
                    + (f"，退回 {report.rows_rejected:,} 行" if left else ""),
                    f"{period} {source}: {report.rows_read:,} rows read from {_files(len(report.files))}{left}",
                )
            )
        return report

    def build(self, period: str, table: str) -> BuildReport:
        obstacle = self.session.obstacle(period)
        if obstacle:
            raise Refused(obstacle)
        report = self.session.build(period, table)
        self._ask(period, f"release.{table}", suites.release(tables()[table], period), report.path)
        self.say(words(f"{period} {tables()[table].zh}：{report.rows:,} 行", f"{period} {table}: {report.rows:,} rows computed"))
        return report

    def publish(self, period: str) -> Published:
        """Publish the draft with what the checks said of it, or raise Refused. What is published already stays."""
        if not self.session.stale(period):
            self.forget(period)
            self.say(words(f"{period} 无变化", f"{period}: nothing changed"))
            return Published(period, current(self.session.home)[period], "nothing changed")
        unmade = [name for name in tables() if f"release.{name}" not in self._asked.get(period, {})]
        if unmade:
            # Tables of another run may be made from other files, and nobody checked them here.
            raise Refused(
                words(
                    f"本次运行没有生成表：{'、'.join(unmade)}。请运行整个作业，而不是其中一步。",
                    f"this run did not make {', '.join(unmade)}. Run the whole job, not a part of it.",
                )
            )
        checks, reports = self.checks(period), self.reports(period)
        self._mark_checked(period)
        result = self.published[period] = self.session.publish(period, checks, reports)
        self.forget(period)
        if result.revision is None:
            raise Refused(result.why)
        self.say(words(f"{period} 已发布 {result.revision}", f"{period} published as {result.revision}"))
        return result

    def raw_reports(self, period: str) -> dict[str, Report]:
        """What the checks say of the deliveries read in this run, by source; waits for them."""
        return self._reports(period, "raw")

    def draft_reports(self, period: str) -> dict[str, Report]:
        """What the checks say of the draft's tables, by table; waits for them."""
        return self._reports(period, "release")

    def checks(self, period: str) -> dict:
        """The manifest's part `checks`. A delivery that is still there and was not read anew keeps what the release before says of it."""
        found = summary(question.report() for question in self._asked.get(period, {}).values())
        if period in current(self.session.home):
            former = open_release(self.session.home, period).manifest.get("checks", {})
            kept = self._kept(period)
            for part in ("passed", "failed"):
                still = [name for name in former.get(part, ()) if ".".join(name.split(".")[:2]) in kept]
                found[part] = sorted({*found[part], *still})
        return found

    def reports(self, period: str) -> dict[str, dict]:
        """subject -> what the checks said of it, expectation by expectation, of the period's own deliveries and of its tables."""
        found = {subject: told(question) for subject, question in self._asked.get(period, {}).items()}
        if period in current(self.session.home):
            former = open_release(self.session.home, period).reports
            found |= {subject: former[subject] for subject in self._kept(period) if subject in former}
        return dict(sorted(found.items()))

    def _kept(self, period: str) -> set[str]:
        """The period's own deliveries that this run did not read anew."""
        own = {f"raw.{source}" for source, month in self.session.landing.deliveries if month == period}
        return own - self._asked.get(period, {}).keys()

    def _to_check(self, report: LoadReport) -> Path | None:
        """The rows of the delivery in effect, unless they have passed the checks: in an earlier run, or with an earlier month."""
        month = report.in_effect
        if month is None or self.session.deliveries.stored[report.source, month].checked:
            return None
        if month == report.period and report.check_frame is not None:
            return report.check_frame
        return self.session.hand_over(report.source, report.period, self.session.warehouse.rows(sources()[report.source], month))

    def _mark_checked(self, period: str) -> None:
        asked = self._asked.get(period, {})
        for source, month in self.session.deliveries.in_effect(period).items():
            if f"raw.{source}" in asked:
                self.session.warehouse.mark_checked(sources()[source], month)
        self.session.deliveries.stored = self.session.warehouse.stored()

    def inputs(self, period: str) -> dict[str, str]:
        """source -> the delivery in effect and its fingerprint: what the period's tables are made of."""
        deliveries = self.session.deliveries
        return {name: f"{month} {deliveries.fingerprint(sources()[name], month)}" for name, month in deliveries.in_effect(period).items()}

    def forget(self, period: str) -> None:
        """Drop what was put to the checks for a period."""
        self._asked.pop(period, None)
        for path in self._frames.pop(period, ()):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        self._checker.close()
        for period in list(self._frames):
            self.forget(period)

    def _ask(self, period: str, subject: str, suite: list[suites.Expectation], path: Path) -> None:
        self._asked.setdefault(period, {})[subject] = self._checker.ask(subject, suite, path)

    def _reports(self, period: str, border: str) -> dict[str, Report]:
        asked = self._asked.get(period, {})
        return {subject.split(".")[1]: question.report() for subject, question in asked.items() if subject.startswith(f"{border}.")}


@contextmanager
def at_work(session: Session, say: Callable[[str], None] = lambda text: None) -> Iterator[Work]:
    """Work that every asset of this process shares while it lasts."""
    work = _shared[session.home.path] = Work(session, say)
    try:
        yield work
    finally:
        _shared.pop(session.home.path, None)
        work.close()


def shared_work(home: Home) -> Work:
    """The work at hand for the home; where nobody began any (a run that Dagster's own daemon started), it lasts as long as the process."""
    if home.path not in _shared:
        session = Session(home)
        work = _shared[home.path] = Work(session, lambda text: print(text, file=sys.stderr))
        atexit.register(_end, session, work)
    return _shared[home.path]


def _end(session: Session, work: Work) -> None:
    with suppress(Exception):
        work.close()
    session.__exit__(None, None, None)


@contextmanager
def _values_withheld() -> Iterator[None]:
    """A fault while files are read says its kind and its place only: messages of libraries quote values, and Dagster keeps them."""
    try:
        yield
    except (HomeUnfit, RowsLost, OSError):
        raise  # these say what they may
    except Exception as error:
        error.args = ("what it said is withheld, for it may quote a value",)
        error.__cause__ = error.__context__ = None
        raise


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"
