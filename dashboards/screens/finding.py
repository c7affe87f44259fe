"""线索详情: one finding: the registers side by side, its case (who has it, what was answered, what next), and its history over the months.

Not in the side bar: the findings of 核查线索 lead here.
"""

from collections.abc import Mapping
from html import escape

import streamlit as st

from dashboards import case_form, casebook, choices, evidence_words, finding_evidence, findings, store
from dashboards.casebook import Casebook
from dashboards.evidence_words import Names
from dashboards.findings import Choice
from dashboards.findings_choice import said
from dashboards.parts import card, cards, empty, heading, lines, note, table, text
from dashboards.screens.findings import release_named, say_lost, severity_mark, since_cell, status_cell
from dashboards.shell import Page, View, turn
from data.contracts import rules
from data.words import SEVERITY
from transforms import evidence, show
from transforms.case_history import GONE, PASSED
from transforms.cases import Case, Step

MONTHS = 13
OTHERS = 20


def render(view: View) -> None:
    words = view.words
    book = casebook.open_casebook(view.home, view.picture)
    fingerprint = (choices.kept("id") or "")[:64]
    row = book.row(fingerprint) if book and fingerprint else None
    chosen = findings.kept(choices.kept)
    _way_back(view, book, chosen, fingerprint)
    if row is None:
        _why_not(view, book, fingerprint)
        return
    if book.trouble:
        st.warning(words("findings.trouble", why=book.trouble), icon=":material/report:")
    say_lost(view, book)
    case, seen_in = book.case(fingerprint), book.last_seen(fingerprint)
    row |= {"evidence": seen_in.evidence([fingerprint]).get(fingerprint) if seen_in else None}
    names = evidence_words.names_of(seen_in or view.picture, [row])
    facts, rows = evidence.read(row["evidence"])
    _head(view, book, row, names, case)
    finding_evidence.draw(view, row, names, facts, rows, seen_in)
    _history(view, book, fingerprint)
    _case(view, book, row, case, facts)
    _beside_it(view, book, row)


def _way_back(view: View, book: Casebook | None, choice: Choice, fingerprint: str) -> None:
    """Back to the list as it was chosen, and to the finding before and after in it."""
    words = view.words
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        turn("findings", words("finding.back"), ":material/arrow_back:")
        if book is None:
            return
        ordered = findings.chosen(book.cases, choice)
        place, earlier, later = findings.neighbours(ordered, fingerprint)
        st.button(words("finding.before"), on_click=choices.keep, args=("id", earlier), disabled=earlier is None)
        st.button(words("finding.after"), on_click=choices.keep, args=("id", later), disabled=later is None)
    if place:
        note(words("finding.place", place=show.count(place), total=show.count(ordered.height), choice=" · ".join(said(view, choice))))


def _why_not(view: View, book: Casebook | None, fingerprint: str) -> None:
    words = view.words
    if book is None:
        empty(words, "findings.not_here")
    elif not fingerprint:
        empty(words, "finding.none")
    else:
        empty(words, "finding.unknown", month=words.month(view.picture.period))
        _newest(view, fingerprint)


def _newest(view: View, fingerprint: str) -> None:
    """A later month is published: the finding as it is there."""
    newest = max(store.published(view.home))
    if newest > view.picture.period:
        link = findings.address("finding", newest, None, view.words.lang, findings.kept(choices.kept), id=fingerprint)
        said = view.words("finding.newest", month=view.words.month(view.picture.period), newest=view.words.month(newest))
        open_it = view.words("finding.open_newest", newest=view.words.month(newest))
        st.html(f'<p class="lx-note">{escape(said)} <a class="lx-opens" href="{escape(link)}" target="_self">{escape(open_it)}</a></p>')


def _head(view: View, book: Casebook, row: Mapping, names: Names, case: Case) -> None:
    words, own, zh = view.words, rules().get(row["rule"]), view.words.lang == "zh"
    about = evidence_words.subject(words, view.picture, names, row)
    heading(f"{words.rule(row['rule'])}{words('mark.colon')}{about.name}")
    place = evidence_words.district(words, view.picture, row["district_code"]) if row["district_code"] else None
    park = evidence_words.place(words, view.picture, "park", row["park_code"]) if row["park_code"] else None
    filters = [about.below, *([place] if place else []), *([park] if park else [])]
    view.said(*(each for each in filters if each))
    if own:
        sayings = {
            "finding.sentence": own.sentence_zh if zh else own.sentence_en,
            "definition.when": own.when_zh if zh else own.when_en,
            "findings.who": own.who_zh if zh else own.who_en,
            "finding.remedy": own.remedy_zh if zh else own.remedy_en,
        }
        told = "".join(f"<dt>{escape(words(key))}</dt><dd>{escape(value)}</dd>" for key, value in sayings.items())
        meant = escape(words(f"meaning.{SEVERITY[row['severity']]}"))
        mark = f"<dt>{escape(words('choose.severity'))}</dt><dd>{severity_mark(view, row['severity'])} {meant}</dd>"
        st.html(f'<dl class="lx-definition lx-two">{mark}{told}</dl>')
    _cards(view, book, row, case)


def _cards(view: View, book: Casebook, row: Mapping, case: Case) -> None:
    """The status, who has it, since when."""
    words = view.words
    became = words(f"moved.{row['moved']}") if row["moved"] else words("finding.closed_in", month=words.month(row["closed"]))
    if book.before is None:
        became = words("stay.first")
    below = [("", escape(became))]
    if case.lapsed:
        below.append(("worse", f"<b>{escape(words('findings.lapsed'))}</b>"))
    made = [card(words("choose.status"), words(f"standing.{case.status}"), "", below, {"case": "status"})]
    due = []
    if case.due and case.status in ("open", "assigned", "answered"):
        day = evidence_words.day(words, case.due.isoformat())
        due = [
            ("worse", f"<b>{escape(words('findings.late_since', day=day))}</b>")
            if row["overdue"]
            else ("", escape(words("findings.due", day=day)))
        ]
    made.append(card(words("choose.assignee"), case.assignee or words("findings.nobody_assigned"), "", due, {"case": "assignee"}))
    new = "stay.new" if book.before else "stay.first"
    held = [("", escape(words("finding.round", n=case.rounds)))] if case.reopened else []
    if case.closed:
        held.insert(0, ("", escape(words("finding.took", n=show.count(case.days), month=words.month(case.closed)))))
    else:
        held.insert(0, ("", escape(words("finding.stands", n=show.count(case.days)) if case.days else words(new))))
    made.append(card(words("findings.since"), words.month(case.opened), "", held, {"case": "since"}))
    if case.disposition:
        made.append(
            card(
                words("finding.conclusion"),
                words.conclusion(case.disposition),
                "",
                _conclusion(view, row, case),
                {"case": "conclusion"},
            )
        )
    cards(made)


def _conclusion(view: View, row: Mapping, case: Case) -> list[tuple[str, str]]:
    said = [("", lines(case.note))] if case.note else []
    limit = _limit(view, row["rule"], case)
    return [*said, ("", escape(limit))] if limit else said


def _limit(view: View, rule: str, holds) -> str:
    """How long and within which bounds an explanation holds, of a case or an event."""
    words, parts = view.words, []
    if holds.until:
        parts.append(words("finding.until", month=words.month(holds.until)))
    if holds.fact:
        low, high = (show.NOT_APPLICABLE if end is None else f"{end:f}" for end in (holds.low, holds.high))
        parts.append(words("finding.bound", fact=evidence_words.fact_name(words, rule, holds.fact), low=low, high=high))
    return words("mark.stop").join(parts)


def _case(view: View, book: Casebook, row: Mapping, case: Case, facts: Mapping) -> None:
    words = view.words
    heading(words("finding.case"))
    _steps(view, row, case)
    if book.trouble:
        return
    if case.status == "closed":
        note(_why_closed(view, row))
        _newest(view, row["fingerprint"])
        return
    if not view.reader.acts:
        note(words("access.no_acts"))
        return
    st.html(f'<p class="lx-filters"><b>{escape(words("finding.act"))}</b></p>')
    _newest(view, row["fingerprint"])
    events = book.events.get(row["fingerprint"], ())
    case_form.draw(view, row, case, facts, max((event.id for event in events), default=0))


def _beside_it(view: View, book: Casebook, row: Mapping) -> None:
    """What else the month found about the same unit, organisation, member, district's return or file."""
    words = view.words
    others = findings.in_order(findings.about_the_same(book.cases, row))
    if not others.height:
        return
    heading(words("finding.others"))
    note(words("finding.others_said", n=show.count(others.height), shown=show.count(min(others.height, OTHERS))))
    rows = book.with_evidence(others.head(OTHERS))
    names = evidence_words.names_of(view.picture, rows)
    heads = [(words("choose.severity"), "w"), (words("findings.finding"), "t"), (words("findings.subject"), "l")]
    heads += [(words("findings.since"), "w"), (words("choose.status"), "w")]
    body = []
    for each in rows:
        link = findings.address("finding", view.picture.period, release_named(view), words.lang, id=each["fingerprint"])
        title = escape(words.rule(each["rule"]))
        body.append(
            [
                severity_mark(view, each["severity"]),
                f'<a class="lx-opens" href="{escape(link)}" target="_self">{title}</a>',
                text(evidence_words.subject(words, view.picture, names, each)),
                since_cell(view, book, each),
                status_cell(view, each),
            ]
        )
    table(words("finding.others"), heads, body)


def _why_closed(view: View, row: Mapping) -> str:
    """A finding on a file is of that file's month alone: later months do not have it, whether it was mended or not."""
    words, month = view.words, view.words.month(row["closed"])
    of = row["subject"].partition("|")[2][:7] if row["subject_kind"] == "delivery" else row["closed"]
    if of != row["closed"]:
        return words("finding.closed_file", of=words.month(of), month=month)
    return words("finding.closed_said" if row["moved"] in (GONE, PASSED) else "finding.closed_before", month=month)


def _steps(view: View, row: Mapping, case: Case) -> None:
    """What happened, in order: what the data showed, and what people did."""
    words = view.words
    heads = [
        (words("finding.when"), "w"),
        (words("choose.period"), "w"),
        (words("finding.what"), "w"),
        (words("case.who"), "w"),
        (words("finding.said"), "l"),
    ]
    rows = [
        [
            escape(evidence_words.moment(step.at)),
            escape(words.month(step.period)),
            escape(words(f"event.{step.what}")),
            text(step.event.who) if step.event else escape(words("finding.by_data")),
            _told(view, row, step),
        ]
        for step in case.steps
    ]
    table(words("finding.case"), heads, rows, ["" if step.event else "quiet" for step in case.steps])


def _told(view: View, row: Mapping, step: Step) -> str:
    words, event = view.words, step.event
    if event is None:
        return escape(words(f"meaning.{step.what}"))
    parts = []
    if event.assignee:
        parts.append(f"{escape(words('choose.assignee'))}{words('mark.colon')}{text(event.assignee)}")
    if event.disposition:
        parts.append(f"<b>{escape(words.conclusion(event.disposition))}</b>")
    if event.note:
        parts.append(lines(event.note))
    if event.due:
        parts.append(escape(words("findings.due", day=evidence_words.day(words, event.due.isoformat()))))
    limit = _limit(view, row["rule"], event)
    if limit:
        parts.append(escape(limit))
    if event.through == "book":
        parts.append(escape(words("finding.by_book")))
    return "<br>".join(parts)


def _history(view: View, book: Casebook, fingerprint: str) -> None:
    """Month by month: there, not there, or not looked at."""
    words = view.words
    heading(words("finding.history"))
    last: dict[str, bool | None] = {}
    for look in book.sightings(fingerprint):
        last[look.period] = look.seen
    months = list(last)[-MONTHS:]
    signs = {True: "seen", False: "unseen", None: "not_run"}
    heads = [(f"{month[2:4]}-{month[5:]}", "w") for month in months]
    table(words("finding.history"), heads, [[escape(words(f"seen.{signs[last[month]]}")) for month in months]])
    note(words("finding.history_said", cut=words("finding.history_cut", n=MONTHS) if len(last) > MONTHS else ""))


PAGE = Page("finding", ":material/plagiarism:", render, ("id", *findings.FILTERS, "at"), hidden=True, rows=True)
