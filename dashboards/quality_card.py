"""One district's card on the page 区县质量: its shares, what it can do next, its worst findings, its months.

What belongs here: drawing one district. The table of all of them is screens/quality.py's.
"""

from collections.abc import Sequence
from html import escape

import polars as pl
import streamlit as st

from dashboards import answer_book, cells, charts, district_quality, downloads, evidence_words, findings, pictures, reporting
from dashboards.casebook import Casebook
from dashboards.charts import Trend
from dashboards.district_quality import Card, Leads, Past, part
from dashboards.downloads import Made
from dashboards.parts import card, cards, empty, heading, note, table, text
from dashboards.quality_desk import SHARES, Desk, days, findings_link, head, moves, past_note, place, said, share, unknown_time, why_untimed
from dashboards.shell import View
from data.contracts import rules
from data.figures import Figure
from transforms import show
from transforms.quality import Rows
from transforms.returns import Beside

WORST = 10
NAMED = 6


def draw(desk: Desk, one: Card) -> None:
    _card(desk, one)
    _next(desk, one)
    _worst(desk, one)
    _history(desk, one)


def _card(desk: Desk, one: Card) -> None:
    view, words = desk.view, desk.view.words
    heading(words("quality.card", place=place(view, one.code)))
    view.said(cells.named(view, "choose.district", place(view, one.code)))
    cards(
        [
            _received(desk, one),
            _timely(desk, one),
            _consistent(desk, one),
            _open(desk, one.leads),
            _days(desk, one.leads),
            _rejected(desk, one.rows),
        ]
    )


def _consistent(desk: Desk, one: Card) -> str:
    """With the ledgers first; with the month before and in itself below."""
    words, lines = desk.view.words, [_year(desk, share(one.year, "outside", "compared"))]
    for name, n, of in SHARES[3:]:
        both = [said(share(tally, n, of)) for tally in (one.now, one.year)]
        title = words(f"quality.{name}")
        line = escape(words("quality.also", name=title, now=both[0], year=both[1]))
        bad = getattr(one.now, n) > 0
        lines.append(("worse" if bad else "", line.replace(escape(title), f"<b>◆ {escape(title)}</b>", 1) if bad else line))
    return _share_card(desk, "card_outside", share(one.now, "outside", "compared"), lines)


def _share_card(desk: Desk, name: str, figure: Figure, lines: list[tuple[str, str]], unknown: bool = False) -> str:
    none = show.NOT_AVAILABLE if unknown or desk.state == "unkept" else show.NOT_APPLICABLE
    value, beside = (show.n_of_n(figure), show.figure(figure)) if figure.denominator else (none, "")
    data = {"quality": name, "n": figure.numerator, "of": figure.denominator}
    return card(desk.view.words(f"quality.{name}"), value, beside, lines, data)


def _year(desk: Desk, figure: Figure) -> tuple[str, str]:
    if not figure.denominator:
        return "", escape(desk.view.words("quality.year_none"))
    return "", escape(desk.view.words("quality.year_line", value=show.figure(figure), n=show.n_of_n(figure)))


def _received(desk: Desk, one: Card) -> str:
    words, lines = desk.view.words, []
    if one.now.expected:
        lines.append(("", escape(words("quality.expected_of", n=one.now.expected))))
    if one.now.other_codes:
        lines.append(("", escape(words("quality.other_codes", n=one.now.other_codes))))
    return _share_card(
        desk, "card_complete", share(one.now, "received", "expected"), [*lines, _year(desk, share(one.year, "received", "expected"))]
    )


def _timely(desk: Desk, one: Card) -> str:
    words, lines = desk.view.words, []
    unknown = unknown_time(desk, one.now)
    month = desk.months[-1]
    if unknown:
        lines.append(("", escape(why_untimed(desk.view, month))))
    elif one.now.expected and month.first_on:
        lines.append(("", escape(words("quality.timed_by", day=evidence_words.day(words, month.first_on.isoformat())))))
    if one.now.late:
        lines.append(("worse", f"<b>{escape(words('quality.late_line', n=one.now.late))}</b>"))
    if one.year.timed or not one.year.expected:
        lines.append(_year(desk, share(one.year, "on_time", "timed")))
    if one.year.late:
        lines.append(("", escape(words("quality.late_year", n=one.year.late))))
    return _share_card(desk, "card_on_time", share(one.now, "on_time", "timed"), lines, unknown)


def _open(desk: Desk, leads: Leads | None) -> str:
    words = desk.view.words
    if leads is None:
        return card(words("quality.card_open"), show.NOT_AVAILABLE, "", [], {"quality": "card_open"})
    lines = [("", escape(" · ".join(moves(desk, leads))))]
    if leads.must:
        lines.append(("worse", f"<b>{escape(words('quality.must_line', n=leads.must))}</b>"))
    return card(words("quality.card_open"), show.count(leads.open), "", lines, {"quality": "card_open", "n": leads.open})


def _days(desk: Desk, leads: Leads | None) -> str:
    words = desk.view.words
    if leads is None:
        return card(words("quality.card_days"), show.NOT_AVAILABLE, "", [], {"quality": "card_days"})
    told = [words("quality.days_line", n=len(leads.days)) if leads.days else words("quality.days_none")]
    if leads.apart:
        told.append(words("quality.days_apart", n=leads.apart))
    lines = [("", escape(line)) for line in told]
    return card(words("quality.card_days"), days(leads), "", lines, {"quality": "card_days", "n": len(leads.days)})


def _rejected(desk: Desk, rows: Rows | None) -> str:
    words = desk.view.words
    if rows is None:
        return card(
            words("quality.card_rejected"), show.NOT_APPLICABLE, "", [("", escape(words("quality.rows_none")))], {"quality": "rows"}
        )
    figure = part(rows.rejected, rows.rows)
    line = words("quality.rows_line", files=rows.files, rows=show.count(rows.rows))
    return _share_card(desk, "card_rejected", figure, [("", escape(line))])


def _next(desk: Desk, one: Card) -> None:
    """What the district can do now, in words with links; and what nobody can say, for want of data."""
    view, words = desk.view, desk.view.words
    heading(words("quality.next"))
    view.said(cells.named(view, "choose.district", place(view, one.code)))
    lines = steps(desk, one) or [escape(words("quality.next_none"))]
    st.html("".join(f'<p class="lx-said">· {line}</p>' for line in lines))


def steps(desk: Desk, one: Card) -> list[str]:
    """Nothing where all is known and in order."""
    month = desk.months[-1]
    lines = [
        _to_report(desk, one),
        _returns(desk, one, "next_contradicting", month.contradicting()),
        _returns(desk, one, "next_outside", [each for each in month.returns or () if each.outside]),
        _returns(desk, one, "next_copied", month.copied()),
        _to_mend(desk, one),
        _to_act(desk, one.leads),
        *map(escape, _unknown(desk, one)),
    ]
    return [line for line in lines if line]


def _unknown(desk: Desk, one: Card) -> list[str]:
    """What can't be told from the data: that nothing is to be done must not follow from it."""
    words, month = desk.view.words, desk.months[-1]
    told = [words(f"quality.next_{desk.state}")] if desk.state in ("nobody", "unkept") else []
    alone = [each for each in month.returns or () if each.place == one.code and each.own_code and each.outside is None]
    if alone:
        told.append(words("quality.next_uncompared", n=len(alone)))
    if one.leads is None:
        told.append(words("quality.next_no_leads"))
    elif one.leads.unchecked:
        told.append(words("quality.next_unchecked", n=show.count(one.leads.unchecked)))
    return told


def _to_act(desk: Desk, leads: Leads | None) -> str:
    if leads is None or not leads.open:
        return ""
    words = desk.view.words
    line = words("quality.next_leads", n=show.count(leads.open))
    if leads.must:
        line += f"{words('mark.open')}{words('quality.must_of', n=show.count(leads.must))}{words('mark.close')}"
    return escape(line)


def _to_report(desk: Desk, one: Card) -> str:
    words = desk.view.words
    found = district_quality.missing(desk.months, one.code)
    if not found:
        return ""
    named = [
        words(
            "quality.next_one",
            month=words.month(month),
            place=next(each for each in desk.months if each.period == month).picture.units[("district", code)]["name"],
            sector=words.of("sector", sector),
        )
        for month, code, sector in found[:NAMED]
    ]
    more = words("quality.next_more", n=len(found)) if len(found) > NAMED else ""
    return escape(words("quality.next_missing")) + text(words("mark.list").join(named) + more)


def _returns(desk: Desk, one: Card, key: str, found: Sequence[Beside]) -> str:
    """Those of the returns that are the district's, as links to where they stand beside the ledgers."""
    view, words = desk.view, desk.view.words
    links = []
    for each in found:
        if each.place == one.code:
            sector = words.of("sector", each.sector)
            name = sector if each.own_code else words("quality.next_code", sector=sector, code=each.code)
            links.append(reporting.page_link(view, "returns", name, filed=each.sector, district=one.code))
    return escape(words(f"quality.{key}")) + escape(words("mark.list")).join(links) if links else ""


def _to_mend(desk: Desk, one: Card) -> str:
    """The district's own files with rows that did not load, the most first."""
    view, words, picture = desk.view, desk.view.words, desk.view.picture
    loads = [
        row for row in picture.loads.to_dicts() if picture.file_districts.get(row["path"]) == one.code and (row["rows_rejected"] or 0) > 0
    ]
    loads.sort(key=lambda row: (-row["rows_rejected"], row["path"]))
    links = [
        reporting.page_link(
            view,
            "deliveries",
            words("quality.next_rows", source=words.source(row["source"]), file=row["path"].rsplit("/", 1)[-1], n=row["rows_rejected"]),
            source=row["source"],
        )
        for row in loads[:NAMED]
    ]
    return escape(words("quality.next_rejected")) + escape(words("mark.list")).join(links) if links else ""


def worst(book: Casebook, code: str) -> pl.DataFrame:
    """The district's findings in this release that are not explained, the worst first."""
    return findings.in_order(book.here.filter((pl.col("district_code") == code) & (pl.col("status") != "explained")))


def _worst(desk: Desk, one: Card) -> None:
    view, words = desk.view, desk.view.words
    if desk.book is None:
        return
    heading(words("quality.worst"))
    view.said(cells.named(view, "choose.district", place(view, one.code)))
    if not view.reader.sees_units:
        note(words("access.no_units"))
        return
    found = worst(desk.book, one.code)
    if not found.height:
        note(words("quality.worst_none"))
        return
    shown = found.head(WORST).to_dicts()
    note(words("quality.worst_said", shown=len(shown), n=show.count(found.height)))
    evidence = view.picture.evidence([row["fingerprint"] for row in shown])
    shown = [row | {"evidence": evidence.get(row["fingerprint"])} for row in shown]
    names = evidence_words.names_of(view.picture, shown)
    heads = [(words("choose.severity"), "w"), (words("quality.rule"), "t"), (words("quality.subject"), "l"), (words("quality.since"), "w")]
    heads += [(words("quality.due"), "w"), (words("quality.remedy"), "l")]
    rows = []
    for row in shown:
        subject, rule = evidence_words.subject(words, view.picture, names, row), rules().get(row["rule"])
        age = words("quality.age", n=row["age"]) if row["age"] else words("quality.age_new")
        due = show.NOT_APPLICABLE if row["due"] is None else escape(evidence_words.day(words, row["due"].isoformat()))
        due += f'<br><b class="worse">{escape(words("quality.overdue"))}</b>' if row["overdue"] else ""
        below = f"<br><small>{text(subject.below)}</small>" if subject.below else ""
        remedy = (rule.remedy_zh if words.lang == "zh" else rule.remedy_en) if rule else show.NOT_AVAILABLE
        severity = escape(words.severity(row["severity"]))
        rows.append([severity, reporting.lead_link(view, row), text(subject.name) + below, escape(age), due, text(remedy)])
    table(words("quality.worst"), heads, rows)
    if one.code in answer_book.districts(desk.book):
        stem = answer_book.file_stem(words, desk.book, one.code)
        downloads.button(view, words("answers.download"), lambda: form(desk, one.code), stem, "xlsx", "form", f"form_{one.code}")
        note(words("answers.said"))
    link = findings_link(view, words("quality.see_all"), one.code)
    st.html(f'<p class="lx-note">{link}</p>')


def form(desk: Desk, code: str) -> Made:
    """The answer form of the district's findings, to be handed out and read back."""
    found = answer_book.form_of(desk.view.words, desk.book, code)
    return Made(answer_book.book_bytes(found), len(found.findings))


def _history(desk: Desk, one: Card) -> None:
    view, words = desk.view, desk.view.words
    name = place(view, one.code)
    title = words("quality.history", place=name)
    heading(title)
    view.said(cells.named(view, "choose.district", name))
    found = district_quality.past(desk.months, one.code, desk.book)
    if all(each.state == "unpublished" for each in found):
        empty(words, "quality.history_none")
        return
    note(words("quality.history_said"))
    if any(each.stands is not None for each in found):
        _lines(view, found, name)
    heads = [(words("quality.month"), "w")]
    heads += [
        (head(words, name), "n")
        for name in ("received", "on_time", "late", "outside", "same", "contradicting", "stands", "new", "gone", "rejected")
    ]
    rows = [_past_row(view, each) for each in reversed(found)]
    table(title, [*heads, (words("quality.state"), "w")], rows)


def _past_row(view: View, each: Past) -> list[str]:
    words = view.words
    none = {"unkept": show.NOT_AVAILABLE, "unpublished": ""}.get(each.state, show.NOT_APPLICABLE)
    ratio = lambda n, of: show.n_of_n(share(each.tally, n, of)) if getattr(each.tally, of) else none  # noqa: E731
    unknown = each.tally.expected > 0 and not each.tally.timed
    empty_month = each.state == "unpublished"
    count = lambda number: "" if empty_month else show.count(number)  # noqa: E731
    rows = each.rows
    count_late = show.NOT_AVAILABLE if unknown and not each.tally.late else show.count(each.tally.late) if each.tally.expected else none
    return [
        escape(words.month(each.period)),
        ratio("received", "expected"),
        show.NOT_AVAILABLE if unknown else ratio("on_time", "timed"),
        count_late,
        ratio("outside", "compared"),
        ratio("same", "followed"),
        ratio("contradicting", "returns"),
        count(each.stands),
        count(each.new),
        count(each.gone),
        ("" if empty_month else show.NOT_APPLICABLE) if rows is None else show.n_of_n(part(rows.rejected, rows.rows)),
        escape(past_note(words, each)),
    ]


def _lines(view: View, found: Sequence[Past], name: str) -> None:
    words = view.words
    series = []
    for key in ("stands", "new", "gone"):
        heights = [getattr(each, key) for each in found]
        told = [f"{words.month(each.period)} {show.count(height)}" for each, height in zip(found, heights, strict=True)]
        series.append(Trend(words(f"quality.{key}"), heights, told))
    saved = pictures.saved(view, name, "months")
    charts.draw(
        charts.trends(words, [each.period for each in found], series), "history", words("quality.chart_alt", place=name), saved=saved
    )
