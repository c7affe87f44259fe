"""检查报告: what Great Expectations found of a delivery as it came in, or of a table as it went out, expectation by expectation."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboards import check_report, choices, downloads, store
from dashboards.check_report import CheckReport
from dashboards.downloads import Made
from dashboards.parts import card, cards, empty, heading, note, table
from dashboards.shell import Page, View
from data.contracts import sources, tables
from transforms.show import count


def render(view: View) -> None:
    words = view.words
    subjects = [*(f"raw.{name}" for name in sources()), *(f"release.{name}" for name in tables())]
    left, _ = st.columns([2, 3], gap="small")
    with left:
        say = lambda subject: check_report.subject_words(words, subject)  # noqa: E731
        subject = choices.choose(words("checks.choose"), "report", subjects, subjects[0], say)
    border, _, name = subject.partition(".")
    carried = view.picture.manifest.get("carried", {}).get(name) if border == "raw" else None
    release = view.picture.release
    if carried:
        earlier = store.earlier(view.home, view.picture, carried)
        release = earlier.release if earlier else release
    report = check_report.report_of(release, subject)
    heading(say(subject))
    view.said()
    if carried:
        note(words("checks.carried", month=words.month(carried)))
    if report is None:
        empty(words, "checks.none")
    else:
        _report(view, report)
    _all(view)


def _all(view: View) -> None:
    """Every report of this release at sight, those with something broken first."""
    words, picture = view.words, view.picture
    found = [check_report.report_of(picture.release, subject) for subject in picture.release.reports]
    reports = sorted((report for report in found if report), key=lambda report: -report.failed)
    if not reports:
        return
    heading(words("checks.all"))
    heads = [(words("checks.subject"), "l"), *((words(f"checks.{name}"), "n") for name in ("rows", "asked", "failed"))]
    rows = []
    for report in reports:
        at = {"report": report.subject, "period": picture.period, "release": picture.revision, "lang": words.lang}
        name = escape(check_report.subject_words(words, report.subject))
        link = f'<a class="lx-opens" href="{escape(f"checks?{urlencode(at)}")}" target="_self">{name}</a>'
        rows.append([link, count(report.rows), count(len(report.outcomes)), count(report.failed)])
    table(words("checks.all"), heads, rows, ["bad" if report.failed else "" for report in reports])


def _report(view: View, report: CheckReport) -> None:
    words = view.words
    made = [
        card(words("checks.rows"), count(report.rows), words("unit.rows"), [], {"checked": "rows"}),
        card(words("checks.asked"), count(len(report.outcomes)), "", [], {"checked": "asked"}),
        card(words("checks.failed"), count(report.failed), "", [], {"checked": "failed"}),
    ]
    cards(made)
    note(words("checks.how"))
    lines = report.lines(words)
    rows = [check_report.cells(words, line) for line in lines]
    table(words("checks.lines"), check_report.heads(words), rows, ["" if line.passed else "bad" for line in lines])
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in check_report.summary(words, report))
    st.html(f'<dl class="lx-definition lx-two">{facts}</dl>')
    stem = f"liangxin_checks_{report.subject}_{report.release.period}_{report.release.revision}"
    make = lambda: Made(check_report.page(words, report).encode(), len(lines))  # noqa: E731
    downloads.button(view, words("checks.take"), make, stem, "html", "take_report")


PAGE = Page("checks", ":material/fact_check:", render, ("report",), hidden=True)
