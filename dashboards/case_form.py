"""The form by which a person acts on a finding: give it out (交办), answer it (答复), send it back (退回重核).

What belongs here: what was typed into an act, and what is said beside a field that can't stand. What is typed stays until it is stored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from html import escape

import streamlit as st

from dashboards import access, casebook, choices, evidence_words
from dashboards.findings import ALL, NOBODY
from dashboards.parts import note
from dashboards.shell import View
from data.acts import FARTHEST, NAME_LENGTH, boundable, check
from data.casework import DISPOSITIONS, EXPLAINS, KINDS, Act, ActRefused, Event
from data.home import HomeUnfit
from data.periods import add_months
from data.plain_text import in_label
from transforms.cases import Case

WHO = "acted_who"  # who acts, for as long as the page is open in the browser
OUTCOME = "acted_outcome"
NONE = ""
NEXT = {"open": "assigned", "assigned": "answered", "answered": "returned", "explained": "returned"}
# Day, month and year as people write them: 2018-1-31, 2018/01/31, 2018.1.31, 2018年1月31日, 20180131.
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_WIDE = str.maketrans({ord("０") + place: str(place) for place in range(10)} | {"－": "-", "．": ".", "，": ",", "／": "/"})  # noqa: RUF001


@dataclass(frozen=True)
class Outcome:
    """What came of the last press of the button. field: the one at fault; others: what was done by others meanwhile."""

    fingerprint: str
    field: str | None = None
    message: str = ""
    kind: str | None = None
    others: tuple[Event, ...] = ()


class Unreadable(ValueError):
    """What was typed into a field is not of its form."""

    def __init__(self, field: str):
        super().__init__(field)
        self.field = field


def day_of(typed: str) -> date | None:
    """A day as people write it; None for nothing. Unreadable where it is no day."""
    plain = typed.translate(_WIDE).strip()
    if not plain:
        return None
    found = _DAY.fullmatch(plain)
    try:
        return date(*(int(part) for part in found.groups() if part is not None))
    except (AttributeError, ValueError):
        raise Unreadable("due") from None


def number_of(field: str, typed: str) -> Decimal | None:
    plain = typed.translate(_WIDE).replace(",", "").strip()
    if not plain:
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise Unreadable(field) from None


def act_of(fingerprint: str, rule: str, period: str, typed: Mapping[str, str]) -> Act:
    """What was typed as an act: only what its kind asks for, so that a field that is not shown decides nothing."""
    kind = typed["kind"]
    said = {name: (typed.get(name) or "").strip() or None for name in ("who", "assignee", "disposition", "note", "until", "fact")}
    answers = kind == "answered"
    explains = answers and said["disposition"] in EXPLAINS
    low, high = (number_of(name, typed.get(name) or "") if explains else None for name in ("low", "high"))
    return Act(
        fingerprint=fingerprint,
        rule=rule,
        period=period,
        kind=kind,
        who=said["who"] or "",
        assignee=said["assignee"] if kind == "assigned" else None,
        due=day_of(typed.get("due") or ""),
        disposition=said["disposition"] if answers else None,
        note=said["note"],
        until=said["until"] if explains else None,
        fact=said["fact"] if explains else None,
        low=low,
        high=high,
    )


def draw(view: View, row: Mapping, case: Case, facts: Mapping[str, object], drawn: int) -> None:
    """drawn: the last event of this finding that the reader can see."""
    words, fingerprint = view.words, row["fingerprint"]
    outcome: Outcome | None = st.session_state.get(OUTCOME)
    outcome = outcome if outcome and outcome.fingerprint == fingerprint else None
    _say(view, outcome)
    state = st.session_state
    key = lambda name: f"case_{name}_{fingerprint}"  # noqa: E731
    state.setdefault(key("kind"), NEXT.get(case.status, "assigned"))
    kind = st.radio(words("case.kind"), KINDS, key=key("kind"), format_func=lambda name: words(f"event.{name}"), horizontal=True)
    disposition = None
    if kind == "answered":
        disposition = st.selectbox(
            words("case.disposition"),
            DISPOSITIONS,
            index=None,
            key=key("disposition"),
            format_func=words.conclusion,
            placeholder=words("case.choose"),
            help=words("case.disposition_help"),
        )
        _beside(outcome, "disposition")
        if disposition:
            note(words(f"meaning.{disposition}"))
    with st.form(key("form"), border=True, enter_to_submit=False):
        boxes = iter(st.columns(3 if kind == "assigned" else 2, gap="small"))
        with next(boxes):
            _who(view, outcome)
        if kind == "assigned":
            with next(boxes):
                st.text_input(words("case.assignee"), key=key("assignee"), max_chars=100, placeholder=words("case.assignee_hint"))
                _beside(outcome, "assignee")
        with next(boxes):
            st.text_input(words("case.due"), key=key("due"), max_chars=20, placeholder=words("case.due_hint"))
            _beside(outcome, "due")
        st.text_area(
            words("case.note" if kind == "answered" else "case.remark"),
            key=key("note"),
            max_chars=2000,
            placeholder=words("case.note_hint"),
        )
        _beside(outcome, "note")
        if disposition in EXPLAINS:
            _explanation(view, row, facts, key, outcome)
        st.form_submit_button(
            words("case.store", kind=words(f"event.{kind}")), type="primary", on_click=_store, args=(view, dict(row), dict(facts), drawn)
        )
    note(words("case.speaks_of", month=words.month(view.picture.period)))


def _who(view: View, outcome: Outcome | None) -> None:
    """Who acts: whoever has signed in; else as typed before, or whose findings are being looked at."""
    if view.reader.sign_in:
        st.text_input(view.words("case.who"), _signed(view), disabled=True, key="case_who_signed_in")
        return
    chosen = choices.kept("assignee")
    first = st.session_state.get(WHO) or (chosen if chosen not in (None, ALL, NOBODY) else "")
    if "case_who" not in st.session_state:
        st.session_state["case_who"] = first
    st.text_input(view.words("case.who"), key="case_who", max_chars=100, autocomplete="name", help=view.words("case.who_help"))
    _beside(outcome, "who")


def _signed(view: View) -> str:
    """Who acts, as it is kept: two may bear one name."""
    name, sign_in = view.reader.name, view.reader.sign_in
    return sign_in if name == sign_in else f"{name}（{sign_in}）"[:NAME_LENGTH]


def _explanation(view: View, row: Mapping, facts: Mapping, key, outcome: Outcome | None) -> None:
    words = view.words
    months = [NONE, *(add_months(view.picture.period, step) for step in range(FARTHEST + 1))]
    st.html(f'<p class="lx-note">{escape(words("case.explain"))}</p>')
    say = lambda month: words.month(month) if month else words("case.no_until")  # noqa: E731
    st.selectbox(words("case.until"), months, key=key("until"), format_func=say)
    _beside(outcome, "until")
    names = boundable(facts)
    if names:
        left, middle, right = st.columns([3, 1, 1], gap="small")
        say_fact = lambda name: (  # noqa: E731
            f"{evidence_words.fact_name(words, row['rule'], name)} {evidence_words.fact_number(view.picture, name, facts[name])}"
            if name
            else words("case.no_fact")
        )
        with left:
            st.selectbox(words("case.fact"), [NONE, *names], key=key("fact"), format_func=say_fact)
        with middle:
            st.text_input(words("case.low"), key=key("low"), max_chars=20)
        with right:
            st.text_input(words("case.high"), key=key("high"), max_chars=20)
        for name in ("fact", "low", "high"):
            _beside(outcome, name)


def _store(view: View, row: dict, facts: dict, drawn: int) -> None:
    """The button was pressed: what was typed is stored, or it stays and the field at fault is named."""
    state, words, fingerprint = st.session_state, view.words, row["fingerprint"]
    names = ("kind", "disposition", "assignee", "due", "note", "until", "fact", "low", "high")
    typed = {name: state.get(f"case_{name}_{fingerprint}") or "" for name in names} | {
        "who": view.reader.name if view.reader.sign_in else state.get("case_who") or ""
    }
    state[WHO] = typed["who"].strip()
    try:
        done = act_of(fingerprint, row["rule"], view.picture.period, typed)
        check(done, facts)
        others = casebook.act(view.home, view.picture, done, drawn)
    except Unreadable as error:
        state[OUTCOME] = Outcome(fingerprint, error.field, words(f"case.unreadable_{'due' if error.field == 'due' else 'number'}"))
    except ActRefused as error:
        state[OUTCOME] = Outcome(fingerprint, error.code, error.said[words.lang])
    except HomeUnfit as error:
        state[OUTCOME] = Outcome(fingerprint, "store", str(error))
    except access.NoEntry:  # another role or area since the page was drawn
        state[OUTCOME] = Outcome(fingerprint, "store", words("download.no_entry"))
    else:
        # Set and not taken out: a field that is only forgotten keeps in the browser what was typed.
        for name in names:
            if f"case_{name}_{fingerprint}" in state:
                state[f"case_{name}_{fingerprint}"] = None if name == "disposition" else NONE
        del state[f"case_kind_{fingerprint}"]
        state[OUTCOME] = Outcome(fingerprint, kind=done.kind, others=tuple(others))


def _say(view: View, outcome: Outcome | None) -> None:
    words = view.words
    if outcome is None:
        return
    if outcome.field == "store":
        st.error(in_label(words("case.not_stored", why=outcome.message)), icon=":material/error:")
    elif outcome.field:
        st.error(words("case.look"), icon=":material/error:")
    elif outcome.others:
        what = words("mark.list").join(
            words("case.other", who=event.who, at=evidence_words.moment(event.at), kind=words(f"event.{event.kind}"))
            for event in outcome.others
        )
        st.warning(in_label(words("case.both", others=what)), icon=":material/group:")
    elif outcome.kind:
        st.success(words("case.stored", kind=words(f"event.{outcome.kind}")), icon=":material/check:")
    if not outcome.field:
        st.session_state.pop(OUTCOME, None)


def _beside(outcome: Outcome | None, field: str) -> None:
    """What is wrong with a field, beside it."""
    if outcome and outcome.field == field:
        st.html(f'<p class="lx-wrong" role="alert" data-field="{field}">⚠ {escape(outcome.message)}</p>')
