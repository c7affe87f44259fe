"""操作日志: who opened rows and took files away, from which release; and whether the log is what was written."""

from html import escape

import streamlit as st

from dashboards import audit_desk, choices, downloads, export
from dashboards.audit_desk import ALL, Choice
from dashboards.downloads import Made
from dashboards.export import Book, Column
from dashboards.parts import empty, heading, note, table, text
from dashboards.shell import Page, View
from data.audit_chain import GAP, MENDED, Verified
from data.audit_log import DID, AuditLog, Entry
from transforms import show

PAGE_ROWS = 50
PROBLEMS = 5
CHOSEN = "audit.chosen"
HEADS = (("number", "n"), ("at", "w"), ("who", "w"), ("role", "t"), ("did", "w"), ("what", "t"))
HEADS += (("asked", "l"), ("release", "w"), ("rows", "n"))


def render(view: View) -> None:
    words = view.words
    if not view.reader.watches:
        empty(words, "entry.not_theirs", role=words.of("role", view.reader.role))
        return
    months, chain = AuditLog(view.home).months(), audit_desk.verified(view.home)
    if months or chain.problems:  # a log that is gone is one of them
        _chain(view, chain)
    if not months:
        empty(words, "audit_log.none")
        return
    choice = _choose(view, months)
    _list(view, choice, [one for one in audit_desk.of_month(view.home, choice.month) if choice.takes(one)], chain)


def _chain(view: View, chain: Verified) -> None:
    words = view.words
    heading(words("audit_log.state"))
    if not chain.problems:
        whole = escape(words("audit_log.whole", n=show.count(chain.entries)))
        st.html(f'<p class="lx-note" data-chain="whole"><b>{whole}</b>{_since(view, chain)}</p>')
        return
    said = words("audit_log.broken", n=show.count(len(chain.problems)), entries=show.count(chain.entries))
    lines = [one.said(words.lang) for one in chain.problems[:PROBLEMS]]
    if len(chain.problems) > PROBLEMS:
        lines.append(words("audit_log.more", n=show.count(len(chain.problems) - PROBLEMS)))
    found = "".join(f"<p>{text(line)}</p>" for line in lines)
    st.html(
        f'<div class="lx-empty" role="alert" data-chain="broken"><p class="worse"><b>{escape(said)}</b></p>{found}'
        f'<p class="lx-do">{escape(words("audit_log.broken_do"))}</p></div>'
    )


def _since(view: View, chain: Verified) -> str:
    """From which entry on the log is kept, and since when."""
    first = min(audit_desk.of_month(view.home, AuditLog(view.home).months()[0]), key=lambda one: one.number, default=None)
    if first is None or chain.last is None:
        return ""
    last = show.count(chain.last.number)
    return text(view.words("audit_log.since", first=show.count(first.number), last=last, at=show.beijing(first.at)))


def _choose(view: View, months: list[str]) -> Choice:
    words = view.words
    columns = st.columns(4, gap="small")
    with columns[0]:
        say = lambda code: words("audit_log.all_months") if code == ALL else words.month(code)  # noqa: E731
        month = choices.choose(words("audit_log.month"), "month", [*reversed(months), ALL], months[-1], say)
    found = audit_desk.of_month(view.home, month)
    with columns[1]:
        people = sorted({one.who for one in found if one.who})
        say = lambda code: words("audit_log.anybody") if code == ALL else code  # noqa: E731
        who = choices.choose(words("audit_log.who"), "who", [ALL, *people], ALL, say)
    with columns[2]:
        kinds = {one.did for one in found}
        say = lambda code: words("audit_log.anything") if code == ALL else words.of("did", code)  # noqa: E731
        did = choices.choose(words("audit_log.did"), "did", [ALL, *(kind for kind in (*DID, MENDED, GAP) if kind in kinds)], ALL, say)
    with columns[3]:
        say = lambda code: words("audit_log.everywhere") if code == ALL else audit_desk.what_words(words, code)  # noqa: E731
        what = choices.choose(words("audit_log.what"), "what", [ALL, *sorted({one.what for one in found})], ALL, say)
    return Choice(month, who, did, what)


def said(view: View, choice: Choice) -> list[tuple[str, str]]:
    """The active filters, in words: of the log, for it is of no release."""
    words = view.words
    found = [("month", words("audit_log.all_months") if choice.month == ALL else words.month(choice.month))]
    found.append(("who", words("audit_log.anybody") if choice.who == ALL else choice.who))
    found.append(("did", words("audit_log.anything") if choice.did == ALL else words.of("did", choice.did)))
    found.append(("what", words("audit_log.everywhere") if choice.what == ALL else audit_desk.what_words(words, choice.what)))
    return [(words(f"audit_log.{name}"), value) for name, value in found]


def _list(view: View, choice: Choice, found: list[Entry], chain: Verified) -> None:
    words = view.words
    heading(words("audit_log.list"))
    colon = words("mark.colon")
    filters = " · ".join(f"{escape(name)}{colon}<b>{text(value)}</b>" for name, value in said(view, choice))
    st.html(f'<p class="lx-filters">{filters}</p>')
    if not found:
        empty(words, "audit_log.nothing")
        return
    if st.session_state.get(CHOSEN) not in (None, choice):
        choices.drop("at")
    st.session_state[CHOSEN] = choice
    pages = [str(number) for number in range(1, -(-len(found) // PAGE_ROWS) + 1)]
    left, right, _ = st.columns([1, 1, 3], gap="small", vertical_alignment="bottom")
    with left:
        at = int(choices.choose(words("audit_log.page"), "at", pages, "1", lambda number: f"{number} / {len(pages)}"))
    with right:
        make = lambda: _file(view, choice, found, chain)  # noqa: E731
        downloads.button(view, words("download.xlsx"), make, f"liangxin_audit_log_{choice.month}", "xlsx", "xlsx")
    first = (at - 1) * PAGE_ROWS
    shown = found[first : first + PAGE_ROWS]
    total, everything = show.count(len(found)), show.count(chain.entries)
    note(words("audit_log.listed", first=first + 1, last=first + len(shown), total=total, all=everything))
    heads = [(words(f"audit_log.{name}"), kind) for name, kind in HEADS]
    table(words("audit_log.list"), heads, [audit_desk.cells(view, one) for one in shown])
    note(words("audit_log.note"))


def _file(view: View, choice: Choice, found: list[Entry], chain: Verified) -> Made:
    return downloads.counted(book(view, choice, found, chain), export.book_bytes)


def book(view: View, choice: Choice, found: list[Entry], chain: Verified) -> Book:
    """The chosen entries: codes as they stand, and the end of the chain that they were taken from."""
    words = view.words
    heads = (*(name for name, _ in HEADS[:2]), "at_utc", "who", "role", "areas", *(name for name, _ in HEADS[4:]))
    columns = [Column(words(f"audit_log.{name}"), "count" if name in ("number", "rows") else "text") for name in heads]
    rows = [
        [
            one.number,
            show.beijing(one.at),
            one.at,
            one.who,
            words.of("role", one.role),
            audit_desk.areas_words(view, one),
            words.of("did", one.did),
            audit_desk.what_words(words, one.what),
            words("mark.stop").join(f"{name}{words('mark.colon')}{value}" for name, value in audit_desk.asked_words(view, one)),
            one.release,
            one.rows,
        ]
        for one in found
    ]
    notes = [(words("audit_log.title"), words("audit_log.lead")), *said(view, choice), (words("export.rows"), show.count(len(rows)))]
    notes.append((words("audit_log.list"), words("audit_log.note")))
    state = (
        [words("audit_log.whole", n=show.count(chain.entries))] if not chain.problems else [one.said(words.lang) for one in chain.problems]
    )
    version = [(words("audit_log.state"), line) for line in state]
    if chain.last:
        version.append((words("audit_log.last"), f"{chain.last.number} {chain.last.hash}"))
    sheets = tuple(words(f"export.sheet_{name}") for name in ("data", "notes", "definitions", "version"))
    meanings = [[words("audit_log.did"), words("audit_log.meaning")], *([kind, words.of("did", kind)] for kind in (*DID, MENDED, GAP))]
    return Book(columns, rows, notes, meanings, version, sheets)


PAGE = Page("audit_log", ":material/history_edu:", render, ("month", "who", "did", "what", "at"), watch=True)
