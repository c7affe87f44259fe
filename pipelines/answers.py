"""Answered findings, read back from a district's workbook (data/answer_form.py) into the casework: `liangxin answers FILE`.

What belongs here: which line is an answer, what is wrong with one that is none, and that a workbook that is read twice says nothing
new. What an act must hold is in data/acts.py. Lines that are right are stored whatever others are: a district need not wait for them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import polars as pl

from data.acts import Act, ActRefused, Event, check
from data.answer_form import COLUMNS, DISPOSITION_WORDS, disposition_of, fact_of
from data.casework import open_casework
from data.home import Home
from data.language import english, words
from data.periods import is_period
from data.releases import NoSuchRelease, current, open_release, revisions
from pipelines.reading.answer_forms import ANSWER, form_rows
from transforms.parse import date_value

_BY_NAME = {column.name: column for column in COLUMNS}
# What two answers must share to be the same one.
_SAID = ("who", "period", "disposition", "note", "due", "until", "fact", "low", "high")
_ERROR = re.compile(r"#[A-Za-z][A-Za-z0-9_/]*[!?]?")  # what a cell says whose formula failed
_ACTS = {"assigned": ("交办", "assigned"), "returned": ("退回重核", "sent back")}


class _Wrong(Exception):
    """What is wrong with a line: the column at fault, and why in words."""

    def __init__(self, column: str, zh: str, en: str):
        super().__init__(words(zh, en))
        self.column = column


@dataclass(frozen=True)
class Line:
    """A line that something is said of: its sheet ('' in a text file), its row there, the heading of the cell in question, and what."""

    sheet: str
    row: int
    column: str
    why: str

    def __str__(self) -> str:
        return words(f"{_place(self.sheet, self.row)}「{self.column}」：", f"{_place(self.sheet, self.row)}, {self.column}: ") + self.why


def _place(sheet: str, row: int) -> str:
    return words(f"工作表“{sheet}”第 {row} 行", f"sheet {sheet}, row {row}") if sheet else words(f"第 {row} 行", f"row {row}")


@dataclass
class Taken:
    """What came of a workbook. stored: new answers; same: lines that say what was stored before; blank: findings without an answer;
    mended: of the stored ones, those whose finding the current release no longer has; earlier: of the stored ones, those that speak of a
    month before the newest published. wrong: lines that were not taken; hints: lines that were, of which there is something to know."""

    stored: int = 0
    same: int = 0
    blank: int = 0
    mended: int = 0
    earlier: int = 0
    wrong: list[Line] = field(default_factory=list)
    hints: list[Line] = field(default_factory=list)

    def facts(self) -> dict:
        return {**vars(self), **{name: [vars(line) for line in getattr(self, name)] for name in ("wrong", "hints")}}

    def lines(self) -> list[str]:
        said = words(
            f"收下 {self.stored} 条答复；{self.same} 条与已有答复相同，{self.blank} 条未填，{len(self.wrong)} 行有误。",
            f"{self.stored} answers stored; {self.same} were known already, {self.blank} lines are blank, {len(self.wrong)} are wrong.",
        )
        found = [said]
        if self.mended:
            found.append(
                words(
                    f"其中 {self.mended} 条线索在现行发布中已不再出现。",
                    f"{self.mended} of their findings no longer stand in the current release.",
                )
            )
        if self.earlier:
            found.append(
                words(
                    f"其中 {self.earlier} 条答复的是较早期别的线索，计入各自的期别。",
                    f"{self.earlier} of them answer findings of a month before the newest, and count for their own month.",
                )
            )
        found += [str(line) for line in (*self.hints, *self.wrong)]
        if self.wrong:
            found.append(
                words(
                    "请改正上述各行后再次读入；已收下的不会重复。",
                    "Mend these lines and read the file again: what was stored is not stored twice.",
                )
            )
        return found


@dataclass(frozen=True)
class _Answer:
    """A line's answer, where it stands, and whether its finding is mended by now."""

    sheet: str
    row: int
    act: Act
    mended: bool


def take_answers(home: Home, path: Path) -> Taken:
    """Read the workbook, and store what is new and right. Raises NoAnswerForm; HomeUnfit where the casework can't be written."""
    known, taken = _Known(home), Taken()
    answers: dict[tuple[str, str], _Answer] = {}
    for sheet, row, cells in form_rows(path):
        if not any(cells[name] for name in ANSWER):
            taken.blank += 1
            continue
        try:
            act, mended = _act(cells, known)
            before = answers.get((act.fingerprint, act.period))
            if before is not None and not _same(act, before.act):
                place = _place(before.sheet, before.row)
                raise _Wrong("fingerprint", f"与{place}是同一条线索，而答复不同。", f"the finding of {place}, answered differently.")
        except _Wrong as error:
            taken.wrong.append(Line(sheet, row, _heading(error.column), str(error)))
            continue
        if before is not None:
            taken.same += 1
        else:
            answers[act.fingerprint, act.period] = _Answer(sheet, row, act, mended)
    casework = open_casework(home)
    events = casework.add([answer.act for answer in answers.values()], unless=_is_known)
    stored = [answers[event.fingerprint, event.period] for event in events]
    taken.stored = len(stored)
    taken.same += len(answers) - len(stored)
    taken.mended = sum(answer.mended for answer in stored)
    newest = max(current(home), default="")
    earlier = [answer for answer in stored if answer.act.period < newest]
    taken.earlier = len(earlier)
    taken.hints = list(_hints(earlier, casework.events({answer.act.fingerprint for answer in earlier})))
    return taken


def _is_known(act: Act, events: Sequence[Event]) -> bool:
    """Whether the finding's last act says just this of that month. A form of another month that was read since does not matter; whatever
    else was done since does: an answer to that is a new one, though it has the same words."""
    for event in reversed(events):
        if event.kind != "answered":
            return False
        if event.period == act.period:
            return _same(act, event)
    return False


def _hints(answers: Sequence[_Answer], events: Sequence[Event]) -> Iterator[Line]:
    """Answers that end nothing: acts count in the order of the months that they speak of, and a later month's asks for an answer still."""
    for answer in answers:
        mine = (event for event in events if event.fingerprint == answer.act.fingerprint)
        last = max(mine, key=lambda event: (event.period, event.id))
        if last.period > answer.act.period and last.kind in _ACTS:
            zh, en = _ACTS[last.kind]
            why = words(
                f"该线索在 {last.period} 已{zh}，本答复只计入 {answer.act.period}；请另用 {last.period} 的答复表答复。",
                f"this finding was {en} for {last.period}, and this answer counts for {answer.act.period} alone: "
                f"answer in the form of {last.period} too.",
            )
            yield Line(answer.sheet, answer.row, _heading("period"), why)


def _same(act: Act, other: Act) -> bool:
    return all(getattr(act, name) == getattr(other, name) for name in _SAID)


def _heading(name: str) -> str:
    column = _BY_NAME.get(name, _BY_NAME["fingerprint"])
    return column.en if english() else column.zh


class _Known:
    """Which findings there are: the published ones of each period, in any of its revisions that can be read."""

    def __init__(self, home: Home):
        self._home = home
        self._current = current(home)
        self.finding = cache(self._finding)
        self._table = cache(self._read)

    def _finding(self, period: str, fingerprint: str) -> tuple[str, str, bool] | None:
        """(rule, evidence, whether the current release no longer has it); None where no revision ever had it."""
        for revision in self._revisions(period):
            found = (self._table(period, revision) or {}).get(fingerprint)
            if found:
                now = self._current[period]
                return *found, revision != now and self._table(period, now) is not None
        return None

    def unread(self, period: str) -> list[str]:
        """The revisions that can't be read, so that nobody can say what was in them."""
        return sorted(revision for revision in self._revisions(period) if self._table(period, revision) is None)

    def _revisions(self, period: str) -> list[str]:
        """The current one, and the others, the newest first."""
        now = self._current.get(period)
        return [now, *(name for name in reversed(revisions(self._home, period)) if name != now)] if now else []

    def _read(self, period: str, revision: str) -> dict[str, tuple[str, str]] | None:
        try:
            release = open_release(self._home, period, revision)
            if "findings" not in release.manifest["tables"]:
                return {}
            return {row[0]: row[1:] for row in release.table("findings").select("fingerprint", "rule", "evidence").rows()}
        except (NoSuchRelease, OSError, ValueError, KeyError, pl.exceptions.PolarsError):  # gone or damaged: `verify` says which
            return None


def _act(cells: dict[str, str], known: _Known) -> tuple[Act, bool]:
    """The answer of a line, and whether its finding is mended by now. Raises _Wrong."""
    failed = next((name for name in ANSWER if _ERROR.fullmatch(cells[name])), None)
    if failed is not None:
        raise _Wrong(failed, f"单元格是公式错误值 {cells[failed]}。", f"the cell holds a formula's error, {cells[failed]}.")
    period = _month(cells["period"])
    if period is None or not is_period(period):
        raise _Wrong("period", "应为 YYYY-MM，请保留表中原有的期别。", "must be YYYY-MM: leave it as the form had it.")
    found = known.finding(period, cells["fingerprint"])
    if found is None:
        unread = known.unread(period)
        raise _Wrong(
            "fingerprint",
            f"{period} 没有这条线索，请保留表中原有的编号。" + (f"（版本 {'、'.join(unread)} 无法读取，未能核对。）" if unread else ""),
            f"{period} has no such finding: leave it as the form had it."
            + (f" ({', '.join(unread)} can't be read, and may have had it.)" if unread else ""),
        )
    rule, evidence, mended = found
    disposition = disposition_of(cells["disposition"])
    if cells["disposition"] and disposition is None:
        one_of = ("、".join(zh for zh, _ in DISPOSITION_WORDS.values()), ", ".join(en for _, en in DISPOSITION_WORDS.values()))
        raise _Wrong("disposition", f"应为{one_of[0]}之一。", f"must be one of {one_of[1]}.")
    until = None
    if cells["until"]:
        until = _month(cells["until"])
        if until is None:
            raise _Wrong("until", "应为年月，例如 2018-03。", "must be a month, e.g. 2018-03.")
    due = None
    if cells["due"]:
        due = _date(cells["due"])
        if due is None:
            raise _Wrong("due", "应为日期，例如 2018-03-31。", "must be a date, e.g. 2018-03-31.")
    act = Act(
        cells["fingerprint"], rule, period, "answered", cells["who"],
        due=due, disposition=disposition, note=cells["note"] or None, until=until,
        fact=fact_of(cells["fact"]) or None, low=_number("low", cells), high=_number("high", cells), through="book",
    )  # fmt: skip
    try:
        check(act, json.loads(evidence)["facts"])
    except ActRefused as error:
        raise _Wrong(error.code, str(error), str(error)) from None
    return act, mended


def _number(name: str, cells: dict[str, str]) -> Decimal | None:
    if not cells[name]:
        return None
    try:
        return Decimal(cells[name].replace(",", "").rstrip("人家个户元"))
    except InvalidOperation:
        raise _Wrong(name, "应为数字。", "must be a number.") from None


def _date(cell: str) -> date | None:
    return pl.select(date_value(pl.lit(cell, dtype=pl.String))).item()


def _month(cell: str) -> str | None:
    """A month as people and their spreadsheet programs write it: 2018-03, 2018年3月, or the date of one of its days."""
    day = _date(cell)
    return f"{day:%Y-%m}" if day else None
