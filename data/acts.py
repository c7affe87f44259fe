"""Acts: what a person does about a finding (核查线索), and what an act must hold to be stored. Stored by data/casework.py.

What belongs here: the forms alone, with no store behind them, so that the transforms, which derive a case's status, can know them too.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from data.language import words
from data.periods import add_months, is_period
from data.personal_numbers import holds_number

KINDS = ("assigned", "answered", "returned")  # 交办, 答复, 退回重核
DISPOSITIONS = ("true", "lag", "definition", "entry", "link", "pending")  # 属实, 时滞, 口径差异, 录入错误, 关联错误, 待核
# Only these may say why the data may stay as they are. A wrong entry or link is to be mended, so no explanation can hold it open.
EXPLAINS = ("true", "lag", "definition")
THROUGH = ("page", "book")
NAME_LENGTH, NOTE_LENGTH, NUMBER_LENGTH = 100, 2000, 18
FARTHEST = 24  # so many months after the one spoken of an explanation may reach

# Control marks, marks that change the direction of writing or have no width, line and paragraph separators, halves of a pair.
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_FINGERPRINT = re.compile(r"[0-9A-Za-z_-]{1,64}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class ActRefused(ValueError):
    """An act that can't be stored. The message is one plain line; `code` names the field at fault."""

    def __init__(self, code: str, zh: str, en: str):
        super().__init__(words(zh, en))
        self.code = code
        self.said = {"zh": zh, "en": en}  # for a page, whose language is its reader's


@dataclass(frozen=True)
class Act:
    """What someone does about a finding. period: the month whose finding it speaks of. until: the last month in which an explanation
    holds. fact, low, high: a bound on one of the finding's figures, inclusive, within which it holds."""

    fingerprint: str
    rule: str
    period: str
    kind: str
    who: str
    assignee: str | None = None
    due: date | None = None
    disposition: str | None = None
    note: str | None = None
    until: str | None = None
    fact: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    through: str = "page"

    @property
    def explains(self) -> bool:
        """Whether it says how long, or within which bounds, the finding may stand as it is."""
        return self.until is not None or self.fact is not None


@dataclass(frozen=True, kw_only=True)
class Event(Act):
    """An act as stored: the how manyeth it is, and when it was stored (UTC)."""

    id: int
    at: datetime


def is_fingerprint(text: object) -> bool:
    return isinstance(text, str) and _FINGERPRINT.fullmatch(text) is not None


def boundable(facts: Mapping[str, object]) -> list[str]:
    """The facts of a finding's evidence that a bound can be set on: its numbers. A code is none, though it may be all digits."""
    return [name for name, value in facts.items() if isinstance(value, int | float) and not isinstance(value, bool)]


def check(act: Act, facts: Mapping[str, object] | None = None) -> None:
    """Raises ActRefused at the first field that can't stand. facts: those of the finding, where they are at hand: a bound is on one."""
    _form(act)
    _text("who", act.who, NAME_LENGTH, ("经办人", "who acts"), required=True)
    _text("assignee", act.assignee, NAME_LENGTH, ("承办人", "the assignee"), required=act.kind == "assigned")
    needs_note = act.kind == "answered" and act.disposition != "pending"
    _text("note", act.note, NOTE_LENGTH, ("情况说明", "the note"), required=needs_note, lines=True)
    if act.kind != "assigned" and act.assignee is not None:
        raise ActRefused("assignee", "只有交办可以指定承办人。", "Only an assignment names an assignee.")
    if act.due is not None and (not isinstance(act.due, date) or isinstance(act.due, datetime)):
        raise ActRefused("due", "完成期限应为日期，例如 2018-01-31。", "The due day must be a date, e.g. 2018-01-31.")
    if act.due is not None and act.due.isoformat()[:7] < act.period:
        raise ActRefused(
            "due", f"完成期限不能早于所涉期别 {act.period}。", f"The due day can't lie before {act.period}, the month spoken of."
        )
    if act.kind == "answered":
        if act.disposition not in DISPOSITIONS:
            raise ActRefused("disposition", "答复应选定一项核查结论。", "An answer needs one of the conclusions.")
    elif act.disposition is not None:
        raise ActRefused("disposition", "只有答复可以填写核查结论。", "Only an answer holds a conclusion.")
    _explanation(act)
    if facts is not None and act.fact is not None and act.fact not in boundable(facts):
        raise ActRefused("fact", "这条线索没有这一数据项，请从列表中选取。", "This finding has no such figure: choose one of the list.")


def _form(act: Act) -> None:
    """What a person does not type: it comes from the page or the workbook."""
    if not is_fingerprint(act.fingerprint):
        raise ActRefused("fingerprint", "线索编号不合要求。", "The finding's fingerprint is not of the form.")
    if not (isinstance(act.rule, str) and _NAME.fullmatch(act.rule)):
        raise ActRefused("rule", "规则名称不合要求。", "The rule's name is not of the form.")
    if not (isinstance(act.period, str) and is_period(act.period)):
        raise ActRefused("period", "期别应为 YYYY-MM。", "The month must be YYYY-MM.")
    if act.kind not in KINDS:
        raise ActRefused("kind", f"操作应为 {'、'.join(KINDS)} 之一。", f"The act must be one of {', '.join(KINDS)}.")
    if act.through not in THROUGH:
        raise ActRefused("through", f"途径应为 {'、'.join(THROUGH)} 之一。", f"The way must be one of {', '.join(THROUGH)}.")


def _text(code: str, text: str | None, longest: int, name: tuple[str, str], *, required: bool, lines: bool = False) -> None:
    zh, en = name
    if text is not None and not isinstance(text, str):
        raise ActRefused(code, f"{zh}应为文字。", f"{en.capitalize()} must be text.")
    if not (text or "").strip():
        if required:
            raise ActRefused(code, f"请填写{zh}。", f"Say {en}.")
        return
    if len(text) > longest:
        raise ActRefused(
            code, f"{zh}不超过 {longest} 字，现有 {len(text)} 字。", f"{en.capitalize()} may have {longest} characters, not {len(text)}."
        )
    unseen = [at for at, mark in enumerate(text, 1) if unicodedata.category(mark) in _UNSEEN and not (lines and mark in "\n\r\t")]
    if unseen:
        raise ActRefused(
            code,
            f"{zh}第 {unseen[0]} 个字符是不可见的控制字符，请删去或重新输入。",
            f"{en.capitalize()}: character {unseen[0]} is a control character that nobody sees. Take it out, or type this anew.",
        )
    if holds_number(text):
        raise ActRefused(
            code, f"{zh}中疑似含有身份证号或电话号码，请删去。", f"{en.capitalize()} seems to hold an ID or telephone number: take it out."
        )


def _explanation(act: Act) -> None:
    bounds = {"low": act.low, "high": act.high}
    given = {"until": act.until, "fact": act.fact, **bounds}
    first = next((name for name, value in given.items() if value is not None), None)
    if first is None:
        return
    if act.kind != "answered" or act.disposition not in EXPLAINS:
        raise ActRefused(
            first,
            "只有结论为属实、时滞或口径差异的答复可以附说明期限或数值范围。",
            "Only an answer of true, time lag or definition may carry a last month or a bound.",
        )
    if act.until is not None:
        if not (isinstance(act.until, str) and is_period(act.until)):
            raise ActRefused("until", "说明有效期应为 YYYY-MM。", "The last month must be YYYY-MM.")
        if act.until < act.period:
            raise ActRefused(
                "until", f"说明有效期不能早于所涉期别 {act.period}。", f"The last month can't lie before {act.period}, the month spoken of."
            )
        farthest = add_months(act.period, FARTHEST)
        if act.until > farthest:
            raise ActRefused("until", f"说明有效期不能晚于 {farthest}。", f"The last month can't lie after {farthest}.")
    for name, value in bounds.items():
        if value is not None and not _is_number(value):
            raise ActRefused(name, "数值范围应为数字。", "A bound must be a number.")
    if act.fact is None and (act.low is not None or act.high is not None):
        raise ActRefused("fact", "请选定数值范围所指的数据项。", "Say which figure the bound is of.")
    if act.fact is not None:
        if not (isinstance(act.fact, str) and _NAME.fullmatch(act.fact)):
            raise ActRefused("fact", "数据项名称不合要求。", "The figure's name is not of the form.")
        if act.low is None and act.high is None:
            raise ActRefused("low", "请填写数值范围的下限或上限。", "Give the bound's lower or upper end.")
        if act.low is not None and act.high is not None and act.low > act.high:
            raise ActRefused("low", "下限不能大于上限。", "The lower end can't exceed the upper.")


def _is_number(value: object) -> bool:
    """A number that can be written out, before and after the point."""
    return (
        isinstance(value, Decimal)
        and value.is_finite()
        and abs(value.adjusted()) < NUMBER_LENGTH
        and len(value.as_tuple().digits) < NUMBER_LENGTH
    )
