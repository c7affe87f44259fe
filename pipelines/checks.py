"""Great Expectations at the two borders, from a process of its own: asked early, answered beside the work, typed results.

What belongs here: starting that process, putting questions to it, and what its answers mean for publication. It is started while
files are still being read, because importing Great Expectations takes seconds; only checks_process.py imports it. A process that
ends or does not answer costs the publication of what it was asked about, in one plain line: the next question starts a new one.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.suites import Expectation

PROGRAM = Path(__file__).with_name("checks_process.py")
# The largest table of three million units takes about a minute; ten minutes without a word is a process that hangs.
PATIENCE_SECONDS = 600


class ChecksUnavailable(Exception):
    """The checking process ended or hangs. The message is one plain line; what it was asked about must not be published."""


@dataclass(frozen=True)
class Outcome:
    """What came of one expectation: never a value of the data, only how many rows broke it (None: it is not about rows)."""

    name: str
    severity: str
    passed: bool
    unexpected: int | None


@dataclass(frozen=True)
class Report:
    """What came of one suite. `subject` is `raw.<source>` or `release.<table>`."""

    subject: str
    rows: int
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.passed)

    @property
    def passed(self) -> bool:
        return not self.failed

    @property
    def blocking(self) -> bool:
        """Whether a critical expectation is broken, so that nothing made of this may be published."""
        return any(outcome.severity == "critical" for outcome in self.failed)

    def says(self) -> str:
        """The broken expectations in one line, e.g. `raw.tax: key.unique (3 rows)`."""
        broken = ", ".join(f"{outcome.name}{_rows(outcome.unexpected)}" for outcome in self.failed)
        return f"{self.subject}: {broken or 'as its card says'}"


def summary(reports: Iterable[Report]) -> dict[str, Any]:
    """The part `checks` of a manifest: suites that hold, and each expectation that does not."""
    reports = sorted(reports, key=lambda report: report.subject)
    return {
        "passed": [report.subject for report in reports if report.passed],
        "failed": [f"{report.subject}.{outcome.name}" for report in reports for outcome in report.failed],
        "not_run": {},
    }


class Question:
    """A suite put to the checking process; `report()` waits for the answer."""

    def __init__(self, subject: str, message: dict, checker: "Checker"):
        self.subject = subject
        self.message = message
        self.answer: Future[Report] = Future()
        self._checker = checker

    def report(self) -> Report:
        try:
            return self.answer.result(PATIENCE_SECONDS)
        except Late:
            self._checker.kill()
            raise ChecksUnavailable(f"{self.subject}: the checking process does not answer. Run again.") from None


def told(question: Question) -> dict[str, Any]:
    """What a reader is told of one suite: each expectation as it was put, what came of it, and over how many rows."""
    report = question.report()
    asked = question.message["suite"]
    outcomes = [item | {"passed": one.passed, "unexpected": one.unexpected} for item, one in zip(asked, report.outcomes, strict=True)]
    return {"rows": report.rows, "outcomes": outcomes}


class Checker:
    """One checking process, started with the object. Questions are answered in their order; nobody waits but who asks for a report."""

    def __init__(self) -> None:
        self._questions: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
        self._closing = False
        self._process = _start()
        self._clerk = threading.Thread(target=self._answer_all, name="checks", daemon=True)
        self._clerk.start()

    def ask(self, subject: str, suite: list[Expectation], path: Path) -> Question:
        """Put a suite over an Arrow IPC or Parquet file. Returns at once; the file must stay until the report is there."""
        question = Question(subject, {"path": str(path), "suite": [expectation.as_json() for expectation in suite]}, self)
        if self._closing:
            question.answer.set_exception(_ended(subject))
        else:
            self._questions.put(question)
        return question

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End the process at once: what it was asked is refused, the next question starts a new one."""
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End the process for good: whatever is unanswered is refused."""
        self._closing = True
        self._questions.put(None)
        self.kill()
        self._clerk.join(10)
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()

    def __enter__(self) -> "Checker":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _answer_all(self) -> None:
        while (question := self._questions.get()) is not None:
            try:
                if self._closing:
                    raise _ended(question.subject)
                if self._process.poll() is not None:
                    self._process = _start()
                question.answer.set_result(_converse(self._process, question))
            except Exception as error:  # whatever went wrong belongs to who waits for this report, never to the thread
                question.answer.set_exception(error)


def _ended(subject: str) -> ChecksUnavailable:
    return ChecksUnavailable(f"{subject}: the checks were ended. Run again.")


def _start() -> subprocess.Popen[bytes]:
    # Isolated from the caller's terminal: Ctrl-C reaches the run, and the run ends this process by closing its input.
    return subprocess.Popen(
        [sys.executable, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=os.environ | {"GX_ANALYTICS_ENABLED": "False"}, start_new_session=True,
    )  # fmt: skip


def _converse(process: subprocess.Popen[bytes], question: Question) -> Report:
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(json.dumps(question.message).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
    except (OSError, ValueError):  # a line cut off, or none
        with suppress(OSError):
            process.stdin.close()
        raise ChecksUnavailable(f"{question.subject}: the checking process ended ({_ending(process)}). Run again.") from None
    if "error" in answer:
        raise ChecksUnavailable(f"{question.subject}: the checks could not be run ({answer['error']}).")
    return Report(question.subject, answer["rows"], tuple(Outcome(**outcome) for outcome in answer["outcomes"]))


def _ending(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(5)
    except subprocess.TimeoutExpired:
        return "its answers stopped"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _rows(unexpected: int | None) -> str:
    return "" if unexpected is None else f" ({unexpected:,} {'row' if unexpected == 1 else 'rows'})"
