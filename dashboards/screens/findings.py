"""核查线索: what does not fit together between registers, the worst first, what moved against the month before, what is being done."""

from dataclasses import dataclass
from functools import cached_property
from html import escape

import polars as pl
import streamlit as st

from dashboards import (
    casebook,
    cells,
    charts,
    choices,
    downloads,
    evidence_words,
    findings,
    findings_book,
    findings_choice,
    pictures,
    store,
)
from dashboards.casebook import Casebook
from dashboards.evidence_words import Subject
from dashboards.findings import ALL, NONE, Choice
from dashboards.parts import card, cards, empty, heading, note, table, text
from dashboards.shell import Page, View, turn_now
from data.contracts import RuleCard, rules
from data.periods import add_months
from transforms import case_history, show
from transforms.case_history import AGAIN, GONE, NEW, PASSED, STAYED, UNCHECKED

CHOSEN = "chosen_findings"  # what was chosen when the page was last drawn: another choice begins at the first page


@dataclass(frozen=True)
class Desk:
    """What is looked at: the cases of the month under a choice. places: under the choice, whatever became of them."""

    view: View
    book: Casebook
    choice: Choice

    @cached_property
    def places(self) -> pl.DataFrame:
        return findings.placed(self.book.cases, self.choice)

    @cached_property
    def shown(self) -> pl.DataFrame:
        return findings.chosen(self.book.cases, self.choice)


def render(view: View) -> None:
    words = view.words
    book = casebook.open_casebook(view.home, view.picture)
    if book is None:
        empty(words, "findings.not_here")
        return
    if book.trouble:
        st.warning(words("findings.trouble", why=book.trouble), icon=":material/report:")
    say_lost(view, book)
    _standing(view, book)
    _not_run(view, book)
    desk = Desk(view, book, findings_choice.choose(view, book))
    _list(desk)
    _by_rule(desk)
    _by_district(desk)
    _by_age(desk)


def say_lost(view: View, book: Casebook) -> None:
    """Former releases that can't be read: what they saw is missing from the cases."""
    if book.lost:
        named = view.words("mark.list").join(book.lost)
        st.warning(view.words("findings.lost", n=len(book.lost), releases=named), icon=":material/report:")


def release_named(view: View) -> str | None:
    """The release for an address: only where it is not the current one."""
    return None if view.current else view.picture.revision


def _standing(view: View, book: Casebook) -> None:
    """The whole city, or the reader's area: how many there are, what came, what went, what is overdue."""
    words = view.words
    heading(words("findings.standing"))
    view.said(cells.named(view, "choose.district", words("findings.city" if view.reader.whole else "findings.all_area")))
    sums, here = findings.balance(book.cases), book.here
    unit = words("findings.unit")
    severities = findings.counts(here, "severity")
    by_severity = " ".join(_of(view, words.severity(each), severities.get(each, 0)) for each in findings.SEVERITIES)
    explained = here.filter(pl.col("status") == "explained").height
    lines = [("", by_severity), ("", escape(words("findings.explained_apart", n=show.count(explained))))]
    made = [card(words("findings.here"), show.count(here.height), unit, lines, {"findings": "here"})]
    if book.before:
        against = words("findings.against", month=words.month(book.before))
        came = [("", escape(words("findings.again_of", n=show.count(sums["again"])))), ("", escape(against))]
        made.append(card(words("findings.came"), show.count(sums["new"] + sums["again"]), unit, came, {"findings": "came"}))
        left = [("", escape(against))]
        if sums["passed"]:
            left.insert(0, ("", escape(words("findings.passed", n=show.count(sums["passed"])))))
        made.append(card(words("findings.gone"), show.count(sums["gone"]), unit, left, {"findings": "gone"}))
    else:
        first = [("", escape(words("findings.first")))]
        made += [card(words(f"findings.{name}"), show.NOT_AVAILABLE, "", first, {"findings": name}) for name in ("came", "gone")]
    statuses = findings.counts(here, "status")
    late = here.filter(pl.col("overdue")).height
    by_status = " ".join(_of(view, words(f"standing.{each}"), statuses.get(each, 0)) for each in ("open", "assigned", "answered"))
    day = casebook.due_day(view.home, view.picture)
    lines = [("", by_status), ("", escape(words("findings.late_on", day=evidence_words.day(words, day.isoformat()))))]
    made.append(card(words("findings.late"), show.count(late), unit, lines, {"findings": "late"}))
    cards(made)
    if book.before:
        said = {name: show.count(number) for name, number in sums.items()}
        unchecked = words("findings.balance_unchecked", n=said["unchecked"]) if sums["unchecked"] else ""
        note(words("findings.balance", month=words.month(book.before), unchecked_said=unchecked, **said))


def _of(view: View, name: str, number: int) -> str:
    """A part of a number, which is not torn apart at the end of a line."""
    return f'<span class="lx-step">{escape(view.words("findings.of", name=name, n=show.count(number)))}</span>'


def _not_run(view: View, book: Casebook) -> None:
    """Rules that were not run say nothing: neither that there is something, nor that there is nothing."""
    words = view.words
    lead_only = words("findings.lead_only")
    if not book.not_run:
        note(f"{words('findings.all_run', n=len(rules()))}{words.gap}{lead_only}")
        return
    note(lead_only)
    held = findings.counts(book.cases.filter(pl.col("moved") == UNCHECKED), "rule")
    heading(words("findings.not_run"))
    note(words("findings.not_run_said", n=len(book.not_run), run=len(rules()) - len(book.not_run)))
    heads = [(words("choose.rule"), "w"), (words("findings.sources"), "l"), (words("findings.held"), "n")]
    rows = []
    for name in book.not_run:
        rows.append([escape(words.rule(name)), escape(findings_choice.why_not_run(words, book, name)), show.count(held.get(name, 0))])
    with st.expander(words("findings.not_run_list", n=len(rows)), expanded=len(rows) <= 4):
        table(words("findings.not_run"), heads, rows)


def _list(desk: Desk) -> None:
    view, words, found = desk.view, desk.view.words, desk.shown
    heading(words("findings.list"))
    view.said(*findings_choice.said(view, desk.choice))
    if not found.height:
        _why_none(desk)
        return
    if st.session_state.get(CHOSEN) not in (None, desk.choice):
        choices.drop("at")
    st.session_state[CHOSEN] = desk.choice
    pages = [str(number) for number in range(1, -(-found.height // findings.PAGE_ROWS) + 1)]
    first, second, third, fourth = st.columns([2, 1.4, 1.4, 5], gap="small", vertical_alignment="bottom")
    with first:
        at = int(
            choices.choose(words("findings.page"), "at", pages, "1", lambda number: f"{number} / {len(pages)}", disabled=len(pages) == 1)
        )
    stem = "_".join(desk.choice.narrowed.values())
    with second:
        cells.download(view, lambda: findings_book.book_of(view, desk.book, desk.choice), f"_{stem}" if stem.isascii() and stem else "")
    with third:
        downloads.csv(view, lambda: findings_book.book_of(view, desk.book, desk.choice))
    with fourth:
        if st.button(words("findings.one_by_one"), icon=":material/arrow_forward:"):
            choices.keep("id", found["fingerprint"][(at - 1) * findings.PAGE_ROWS])
            turn_now("finding")
    start = (at - 1) * findings.PAGE_ROWS
    rows = found.slice(start, findings.PAGE_ROWS)
    note(words("findings.listed", total=show.count(found.height), first=start + 1, last=start + rows.height))
    _table(desk, desk.book.with_evidence(rows), at)


def _why_none(desk: Desk) -> None:
    """Nothing under the choice: because nothing was found, or because nobody looked."""
    words, choice = desk.view.words, desk.choice
    if choice.rule in desk.book.not_run:
        why = findings_choice.why_not_run(words, desk.book, choice.rule)
        empty(words, "findings.rule_not_run", rule=words.rule(choice.rule), why=why)
    elif choice.narrowed:
        empty(words, "findings.none_chosen")
    else:
        empty(words, "findings.none" if desk.view.reader.whole else "findings.none_area", "findings.none_do")


def _table(desk: Desk, rows: list[dict], at: int) -> None:
    view, words = desk.view, desk.view.words
    names = evidence_words.names_of(view.picture, rows)
    heads = [
        (words("choose.severity"), "w"),
        (words("findings.finding"), "l"),
        (words("findings.subject"), "l"),
        (words("findings.place"), "w"),
        (words("findings.since"), "w"),
        (words("choose.status"), "w"),
    ]
    body, marks = [], []
    for row in rows:
        own = rules().get(row["rule"])
        about = evidence_words.subject(words, view.picture, names, row)
        link = findings.address(
            "finding",
            view.picture.period,
            release_named(view),
            words.lang,
            desk.choice,
            id=row["fingerprint"],
            at=str(at) if at > 1 else "",
        )
        title = words.rule(row["rule"])
        body.append(
            [
                severity_mark(view, row["severity"]),
                f'<a class="lx-opens" href="{escape(link)}" target="_self"><b>{escape(title)}</b></a>{_sentence(view, own)}',
                _subject_cell(about),
                _place_cell(view, row),
                since_cell(view, desk.book, row),
                status_cell(view, row),
            ]
        )
        marks.append("late" if row["overdue"] else "")
    table(words("findings.list"), heads, body, marks)


def severity_mark(view: View, severity: str) -> str:
    """The severity as a small mark with its word."""
    return f'<span class="lx-severity {severity}">{escape(view.words.severity(severity))}</span>'


def _sentence(view: View, own: RuleCard | None) -> str:
    if own is None:
        return ""
    return f"<br><small>{escape(own.sentence_zh if view.words.lang == 'zh' else own.sentence_en)}</small>"


def _subject_cell(about: Subject) -> str:
    return f"{text(about.name)}<br><small>{text(about.below)}</small>" if about.below else text(about.name)


def _place_cell(view: View, row: dict) -> str:
    if row["district_code"] is None:
        return show.NOT_APPLICABLE
    park = f"<br><small>{text(cells.place_name(view, 'park', row['park_code']))}</small>" if row["park_code"] else ""
    return f"{text(cells.district_name(view, row['district_code']))}{park}"


def since_cell(view: View, book: Casebook, row: dict) -> str:
    """Since when a case is open, and what became of it in this month."""
    words = view.words
    became = {
        NEW: words("moved.new") if book.before else words("stay.first"),
        AGAIN: words("moved.again"),
        STAYED: words("stay.months", n=row["age"]),
        UNCHECKED: words("moved.unchecked"),
        GONE: words("moved.gone"),
        PASSED: words("moved.passed"),
    }[row["moved"]]
    return f"{text(words.month(row['opened']))}<br><small>{text(became)}</small>"


def status_cell(view: View, row: dict) -> str:
    words = view.words
    lines = []
    if row["assignee"]:
        lines.append(text(row["assignee"]))
    if row["due"] and row["status"] in ("open", "assigned", "answered"):
        day = evidence_words.day(words, row["due"].isoformat())
        lines.append(
            f"<b>{escape(words('findings.late_since', day=day))}</b>" if row["overdue"] else escape(words("findings.due", day=day))
        )
    if row["disposition"]:
        lines.append(escape(words.conclusion(row["disposition"])))
    if row["lapsed"]:
        lines.append(escape(words("findings.lapsed")))
    below = "".join(f"<br><small>{line}</small>" for line in lines)
    standing = words(f"standing.{row['status']}")
    return f"{escape(standing)}{below}"


def _by_rule(desk: Desk) -> None:
    """Rule by rule: how many stand, what came and went, how many are old, how many explained."""
    view, words = desk.view, desk.view.words
    places = desk.places
    heading(words("findings.by_rule"))
    view.said(*findings_choice.said(view, Choice(**(desk.choice.narrowed | {"moved": ALL, "status": ALL}))))
    note(words("findings.by_said"))
    heads = [(words("choose.severity"), "w"), (words("choose.rule"), "t"), *_heads(view), (words("findings.who"), "t")]
    rows, quiet, sums = [], 0, findings.tally(places, "rule")
    for name, severity in findings.severities(places).items():
        own = rules().get(name)
        if name not in sums:
            quiet += name not in desk.book.not_run
            continue
        link = findings.address(
            "findings", view.picture.period, release_named(view), words.lang, Choice(**(desk.choice.narrowed | {"rule": name}))
        )
        rows.append(
            [
                severity_mark(view, severity),
                f'<a class="lx-opens" href="{escape(link)}" target="_self">{escape(words.rule(name))}</a>',
                *_numbers(desk, sums[name]),
                escape(own.who_zh if words.lang == "zh" else own.who_en) if own else show.NOT_AVAILABLE,
            ]
        )
    if not rows:
        empty(words, "findings.none_chosen")
        return
    rows.append(["", f"<b>{escape(words('findings.total'))}</b>", *_numbers(desk, findings.tally(places)[None]), ""])
    table(words("findings.by_rule"), heads, rows, [*[""] * (len(rows) - 1), "line"])
    note(words("findings.quiet", n=quiet, not_run=len(desk.book.not_run)))


def _heads(view: View) -> list[tuple[str, str]]:
    words = view.words
    return [(words(f"findings.{name}"), "n") for name in ("here_n", "came_n", "gone_n", "open_n", "late_n", "explained_n", "long_n")]


def _numbers(desk: Desk, sums: dict[str, int]) -> list[str]:
    known = desk.book.before is not None
    came, gone = (show.count(sums[name]) if known else show.NOT_AVAILABLE for name in ("came", "gone"))
    # Not known (and not 0) while nobody has looked for so long.
    long = sums["long"] if desk.book.first <= add_months(desk.view.picture.period, -findings.LONG) else None
    return [
        f"<b>{show.count(sums['here'])}</b>",
        came,
        gone,
        *(show.count(sums[name]) for name in ("open", "late", "explained")),
        show.count(long),
    ]


def _by_district(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    places = desk.places
    here = places.filter(pl.col("moved").is_in(case_history.HERE))
    if not here.height:
        return
    heading(words("findings.by_district"))
    view.said(*findings_choice.said(view, Choice(**(desk.choice.narrowed | {"moved": ALL, "status": ALL}))))
    sums = {code: each for code, each in findings.tally(places, "district_code").items() if each["here"]}
    known = desk.book.before is not None
    codes = sorted(sums, key=lambda code: (code is None, code == store.UNKNOWN, -sums[code]["here"], code or ""))
    piles = []
    for code in codes:
        came = sums[code]["came"] if known else 0
        piles.append(charts.Pile(cells.district_name(view, code), sums[code]["here"] - came, came))
    note(words("findings.by_district_said"))
    saved = pictures.saved(view, words("findings.by_district"), "by_district")
    charts.draw(
        charts.piles(piles, (words("findings.older"), words("findings.came"))),
        "findings_by_district",
        words("findings.by_district_alt"),
        saved=saved,
    )
    heads = [(words("choose.district"), "w"), *_heads(view)]
    rows = []
    for code in codes:
        link = findings.address(
            "findings", view.picture.period, release_named(view), words.lang, Choice(**(desk.choice.narrowed | {"district": code or NONE}))
        )
        name = f'<a class="lx-opens" href="{escape(link)}" target="_self">{text(cells.district_name(view, code))}</a>'
        rows.append([name, *_numbers(desk, sums[code])])
    table(words("findings.by_district"), heads, rows)


def _by_age(desk: Desk) -> None:
    """How long what stands has stood, by severity."""
    view, words = desk.view, desk.view.words
    here = desk.places.filter(pl.col("moved").is_in(case_history.HERE))
    if not here.height:
        return
    heading(words("findings.by_age"))
    view.said(*findings_choice.said(view, Choice(**(desk.choice.narrowed | {"moved": ALL, "status": ALL}))))
    spans = {"age_new": (0, 0), "age_quarter": (1, 2), "age_half": (3, 5), "age_year": (6, 11), "age_more": (12, 10_000)}
    heads = [
        (words("choose.age"), "w"),
        *((words.severity(each), "n") for each in findings.SEVERITIES),
        (words("findings.total"), "n"),
    ]
    rows = []
    for name, (low, high) in spans.items():
        mine = here.filter(pl.col("age").is_between(low, high))
        by = findings.counts(mine, "severity")
        rows.append(
            [
                escape(words(f"findings.{name}")),
                *(show.count(by.get(each, 0)) for each in findings.SEVERITIES),
                f"<b>{show.count(mine.height)}</b>",
            ]
        )
    table(words("findings.by_age"), heads, rows)
    note(words("findings.age_said", month=words.month(desk.book.first)))


PAGE = Page("findings", ":material/manage_search:", render, (*findings.FILTERS, "at"), rows=True)
