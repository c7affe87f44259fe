"""Answered findings, read back from a district's workbook (data/answer_form.py) into the casework: `liangxin answers FILE`.

What belongs here: which line is an answer, what is wrong with one that is none, and that a workbook that is read twice says nothing
new. What an act must hold is in data/acts.py. Lines that are right are stored whatever others are: a district need not wait for them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import polars as pl

from data.acts import Act, ActRefused, Event, check
from data.answer_form import COLUMNS, DISPOSITION_WORDS, HEAD_ROWS, FormColumn, column_of, disposition_of, fact_of, plain
from data.casework import open_casework
from data.home import Home
from data.language import english, words
from data.periods import is_period
from data.releases import current, open_release, revisions
from pipelines.reading import csv_files, workbooks
from pipelines.reading.tables import TextTable
from transforms.parse import date_value

_BY_NAME = {column.name: column for column in COLUMNS}
_ANSWER = tuple(column.name for column in COLUMNS if column.answer)
# What two answers must share to be the same one.
_SAID = ("who", "period", "disposition", "note", "due", "until", "fact", "low", "high")
_LARGEST = 50_000_000  # a form of a thousand lines has a tenth of a megabyte


class NoAnswerForm(Exception):
    """The file can't be read as an answer form. The message is one plain line."""


class _Wrong(Exception):
    """What is wrong with a line: the column at fault, and why in words."""

    def __init__(self, column: str, zh: str, en: str):
        super().__init__(words(zh, en))
        self.column = column


@dataclass(frozen=True)
class WrongLine:
    """A line that was not taken: its row in the sheet, the heading of the cell at fault, and why."""

    row: int
    column: str
    why: str

    def __str__(self) -> str:
        return words(f"第 {self.row} 行「{self.column}」：{self.why}", f"row {self.row}, {self.column}: {self.why}")


@dataclass
class Taken:
    """What came of a workbook. stored: new answers; same: lines that say what was stored before; blank: findings without an answer;
    mended: of the stored ones, those whose finding the current release no longer has."""

    stored: int = 0
    same: int = 0
    blank: int = 0
    mended: int = 0
    wrong: list[WrongLine] = field(default_factory=list)

    def facts(self) -> dict:
        return {**vars(self), "wrong": [vars(line) for line in self.wrong]}

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
        found += [str(line) for line in self.wrong]
        if self.wrong:
            found.append(
                words(
                    "请改正上述各行后再次读入；已收下的不会重复。",
                    "Mend these lines and read the file again: what was stored is not stored twice.",
                )
            )
        return found


def take_answers(home: Home, path: Path) -> Taken:
    """Read the workbook, and store what is new and right. Raises NoAnswerForm; HomeUnfit where the casework can't be written."""
    rows = list(_rows(_sheet(path)))
    casework = open_casework(home)
    known = _Known(home)
    stored: dict[str, list[Event]] = {}
    for event in casework.events({cells["fingerprint"] for _, cells in rows}):
        stored.setdefault(event.fingerprint, []).append(event)
    taken, acts, first = Taken(), [], {}
    for row, cells in rows:
        if not any(cells[name] for name in _ANSWER):
            taken.blank += 1
            continue
        try:
            act, mended = _act(cells, known)
            if any(_same(act, event) for event in stored.get(act.fingerprint, ())) or _same(act, first.get(act.fingerprint, (0, None))[1]):
                taken.same += 1
                continue
            if act.fingerprint in first:
                before = first[act.fingerprint][0]
                raise _Wrong(
                    "fingerprint", f"与第 {before} 行是同一条线索，而答复不同。", f"the finding of row {before}, answered differently."
                )
        except _Wrong as error:
            taken.wrong.append(WrongLine(row, _heading(error.column), str(error)))
            continue
        first[act.fingerprint] = (row, act)
        acts.append(act)
        taken.mended += mended
    taken.stored = len(casework.add(acts))
    return taken


def _same(act: Act, other: Act | None) -> bool:
    return other is not None and other.kind == "answered" and all(getattr(act, name) == getattr(other, name) for name in _SAID)


def _heading(name: str) -> str:
    column = _BY_NAME.get(name, _BY_NAME["fingerprint"])
    return column.en if english() else column.zh


class _Known:
    """Which findings there are: the published ones of each period, in any of its revisions."""

    def __init__(self, home: Home):
        self._home = home
        self._periods = set(current(home))
        self.finding = cache(self._finding)
        self._table = cache(self._read)

    def _finding(self, period: str, fingerprint: str) -> tuple[str, str, bool] | None:
        """(rule, evidence, whether the current release no longer has it); None where no revision ever had it."""
        if period not in self._periods:
            return None
        now = current(self._home)[period]
        for revision in (now, *reversed([name for name in revisions(self._home, period) if name != now])):
            found = self._table(period, revision).get(fingerprint)
            if found:
                return *found, revision != now
        return None

    def _read(self, period: str, revision: str) -> dict[str, tuple[str, str]]:
        release = open_release(self._home, period, revision)
        if "findings" not in release.manifest["tables"]:
            return {}
        return {row[0]: row[1:] for row in release.table("findings").select("fingerprint", "rule", "evidence").rows()}


def _act(cells: dict[str, str], known: _Known) -> tuple[Act, bool]:
    """The answer of a line, and whether its finding is mended by now. Raises _Wrong."""
    period = _month(cells["period"])
    if period is None or not is_period(period):
        raise _Wrong("period", "应为 YYYY-MM，请保留表中原有的期别。", "must be YYYY-MM: leave it as the form had it.")
    found = known.finding(period, cells["fingerprint"].lower())
    if found is None:
        raise _Wrong(
            "fingerprint", f"{period} 没有这条线索，请保留表中原有的编号。", f"{period} has no such finding: leave it as the form had it."
        )
    rule, evidence, mended = found
    disposition = disposition_of(cells["disposition"])
    if cells["disposition"] and disposition is None:
        one_of = ("、".join(zh for zh, _ in DISPOSITION_WORDS.values()), ", ".join(en for _, en in DISPOSITION_WORDS.values()))
        raise _Wrong("disposition", f"应为{one_of[0]}之一。", f"must be one of {one_of[1]}.")
    fact = fact_of(cells["fact"]) or None
    if fact is not None and fact not in _numbers(evidence):
        raise _Wrong("fact", "这条线索没有这一数据项，请从下拉列表中选取。", "this finding has no such figure: choose one of the list.")
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
        cells["fingerprint"].lower(), rule, period, "answered", cells["who"],
        due=due, disposition=disposition, note=cells["note"] or None, until=until,
        fact=fact, low=_number("low", cells), high=_number("high", cells), through="book",
    )  # fmt: skip
    try:
        check(act)
    except ActRefused as error:
        raise _Wrong(error.code, str(error), str(error)) from None
    return act, mended


@cache
def _numbers(evidence: str) -> frozenset[str]:
    """The figures of a finding that a bound can be set on."""
    facts = json.loads(evidence)["facts"]
    return frozenset(name for name, value in facts.items() if isinstance(value, int | float) and not isinstance(value, bool))


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


def _sheet(path: Path) -> tuple[TextTable, int, dict[str, int]]:
    """The sheet that is an answer form, the place of its heading row, and the place of each column."""
    try:
        if path.stat().st_size > _LARGEST:
            raise NoAnswerForm(words(f"{path.name} 过大，不是答复表。", f"{path.name} is too large to be an answer form."))
        data = path.read_bytes()
    except OSError as error:
        raise NoAnswerForm(words(f"{path} 无法读取({error.strerror})。", f"{path} can't be read ({error.strerror}).")) from None
    tables = workbooks.read_sheets(data) if workbooks.is_workbook(data) else iter([csv_files.read_text(data)])
    lacking: list[FormColumn] = [column for column in COLUMNS if column.required]
    for table in tables:
        for place, (_, cells) in enumerate(table.head[:HEAD_ROWS]):
            columns: dict[str, int] = {}
            for at, cell in enumerate(cells):
                column = column_of(cell)
                if column is not None:
                    columns.setdefault(column.name, at)
            missing = [column for column in COLUMNS if column.required and column.name not in columns]
            if not missing:
                return table, place, columns
            lacking = min(lacking, missing, key=len)
    zh, en = "、".join(column.zh for column in lacking), ", ".join(column.en for column in lacking)
    raise NoAnswerForm(
        words(
            f"{path.name} 不是核查线索答复表，缺少：{zh}。请用“区县质量”页下载的表填写。",
            f"{path.name} is no answer form: it lacks {en}. Take the form from the page District quality.",
        )
    )


def _rows(sheet: tuple[TextTable, int, dict[str, int]]) -> Iterator[tuple[int, dict[str, str]]]:
    """(row of the sheet, column -> its text, '' where there is none) of each row with a finding or an answer in it."""
    table, place, columns = sheet
    width = max(columns.values()) + 1
    for block in table.blocks(place, width):
        for row in block.iter_rows(named=True):
            cells = {column.name: _cell(row, column.name, columns) for column in COLUMNS}
            if cells["fingerprint"] or any(cells[name] for name in _ANSWER):
                yield row["line"], cells


def _cell(row: dict, name: str, columns: dict[str, int]) -> str:
    """A cell's text; what people say in words keeps the marks that they wrote."""
    written = row[f"c{columns[name]}"] if name in columns else None
    return (written or "").strip() if name in ("note", "who") else plain(written)
