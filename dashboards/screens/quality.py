"""区县质量: each district's card: are its returns complete, on time and in line with the ledgers; its findings; what comes next."""

from html import escape

import polars as pl
import streamlit as st

from dashboards import cells, choices, district_quality, quality_card, reporting, show
from dashboards.district_quality import ORDERS, Leads, part
from dashboards.parts import empty, heading, note, table, text
from dashboards.quality_book import book
from dashboards.quality_desk import SHARES, Desk, days, desk_of, meanings, moves, place, said, share, unknown_time
from dashboards.reporting import Reported
from dashboards.shell import Page, View
from dashboards.show import Figure
from dashboards.store import UNKNOWN
from data.contracts import rules
from transforms.quality import Rows, Tally

SIGNS = {"all": "●", "late": "△", "some": "◐", "none": "○"}


def render(view: View) -> None:
    words, desk = view.words, desk_of(view)
    if not desk.cards:
        empty(words, "quality.no_districts")
        return
    note(words("quality.fair"))
    if desk.state in ("unkept", "nobody"):
        empty(words, f"quality.{desk.state}", period=view.picture.period)
    if desk.book is None:
        note(words("quality.no_leads"))
    elif desk.book.trouble:
        st.warning(desk.book.trouble)
    if desk.book and desk.book.not_run:
        names = words("mark.list").join(words.card(rules()[name]) for name in desk.book.not_run)
        note(words("quality.not_run", n=len(desk.book.not_run), names=names))
    _summary(desk)
    _all(desk)
    _strip(desk)
    codes = [one.code for one in desk.cards]
    left, _ = st.columns([2, 5], gap="small")
    with left:
        code = choices.choose(words("choose.district"), "district", codes, codes[0], lambda code: place(view, code))
    one = next(each for each in desk.cards if each.code == code)
    quality_card.draw(desk, one)
    _meaning(view)


def summary(desk: Desk) -> list[str]:
    """The month in two sentences; what nobody knows is left out, for it is said beside it."""
    words, now = desk.view.words, sum((one.now for one in desk.cards), Tally())
    told = []
    if now.expected:
        missing = [place(desk.view, one.code) for one in desk.cards if one.now.received < one.now.expected]
        key = "quality.summary_missing" if missing else "quality.summary_complete"
        figure = share(now, "received", "expected")
        told.append(words(key, n=show.n_of_n(figure), value=show.figure(figure), names=words("mark.list").join(missing)))
        told.append(words("quality.summary_outside", n=show.n_of_n(share(now, "outside", "compared"))))
    if desk.book:
        every = desk.book.every.filter(pl.col("district_code").is_in([one.code for one in desk.cards]))
        leads = district_quality.leads(every.with_columns(district_code=pl.lit("")), desk.view.picture.period).get("", Leads())
        told.append(words("quality.summary_leads", n=show.count(leads.open), must=show.count(leads.must), closed=show.count(leads.closed)))
    return told


def _summary(desk: Desk) -> None:
    st.html(f'<p class="lx-said">{text(desk.view.words("mark.next").join(summary(desk)))}</p>')


def _month_cell(desk: Desk, figure: Figure) -> str:
    """This month's n/N; … where the release can't say."""
    if not figure.denominator:
        return show.NOT_AVAILABLE if desk.state == "unkept" else show.NOT_APPLICABLE
    return f"<b>{show.n_of_n(figure)}</b>"


def _cells(desk: Desk, now: Tally, year: Tally, leads: Leads | None, rows: Rows | None) -> list[str]:
    found = []
    for name, n, of in SHARES:
        unknown = name == "on_time" and unknown_time(desk, now)
        top = show.NOT_AVAILABLE if unknown else _month_cell(desk, share(now, n, of))
        found.append(f"{top}<br><small>{said(share(year, n, of))}</small>")
    return [*found, *_lead_cells(desk, leads), _row_cell(desk, rows)]


def _lead_cells(desk: Desk, leads: Leads | None) -> list[str]:
    words = desk.view.words
    if leads is None:
        return [show.NOT_AVAILABLE] * 2
    moved = moves(desk, leads)
    closed = words("quality.closed_of", n=show.count(len(leads.days)))
    return [
        f"<b>{show.count(leads.open)}</b><br><small>{'<br>'.join(map(escape, moved))}</small>",
        f"{days(leads)}<br><small>{escape(closed)}</small>",
    ]


def _row_cell(desk: Desk, rows: Rows | None) -> str:
    words = desk.view.words
    if rows is None:
        return f"{show.NOT_APPLICABLE}<br><small>{escape(words('quality.no_file'))}</small>"
    files = words("quality.files_of", n=rows.files)
    figure = part(rows.rejected, rows.rows)
    return f"<b>{show.n_of_n(figure)}</b><br><small>{show.figure(figure)} · {escape(files)}</small>"


def _all(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    heading(words("quality.all"))
    left, _ = st.columns([3, 4], gap="small")
    with left:
        order = choices.choose(words("choose.order"), "order", ORDERS, ORDERS[0], lambda code: words(f"quality.order_{code}"))
    view.said(cells.named(view, "choose.order", words(f"quality.order_{order}")))
    note(words("quality.all_said"))
    heads = [(words("quality.place"), "w"), *((words(f"quality.{name}"), "n") for name, *_ in SHARES)]
    heads += [(words("quality.open"), "n"), (words("quality.days"), "n"), (words("quality.rejected"), "n")]
    rows, marks = [[escape(words("quality.city")), *_city(desk)]], ["line"]
    for one in district_quality.ordered(desk.cards, order):
        name = reporting.page_link(view, "quality", place(view, one.code), district=one.code, order=order)
        rows.append([name, *_cells(desk, one.now, one.year, one.leads, one.rows)])
        marks.append("")
    for label, leads, files in _others(desk):
        rows.append([escape(label), *[show.NOT_APPLICABLE] * len(SHARES), *_lead_cells(desk, leads), files])
        marks.append("quiet")
    table(words("quality.all"), heads, rows, marks)
    note(words("quality.nobodys_said"))
    cells.download(view, lambda: book(desk))


def _city(desk: Desk) -> list[str]:
    """All districts together; findings and rows also of no district."""
    now, year = (sum((getattr(one, name) for one in desk.cards), Tally()) for name in ("now", "year"))
    leads = None
    if desk.book:
        every = district_quality.leads(desk.book.every.with_columns(district_code=pl.lit("city")), desk.view.picture.period)
        leads = every.get("city", Leads())
    rows = sum(desk.months[-1].rejected.values(), Rows())
    return _cells(desk, now, year, leads, rows if rows.files else None)


def _others(desk: Desk) -> list[tuple[str, Leads | None, str]]:
    """What lies in no known district, and what speaks of no single one."""
    words = desk.view.words
    found = district_quality.leads(desk.book.every, desk.view.picture.period) if desk.book else {}
    of = lambda code: found.get(code, Leads()) if desk.book else None  # noqa: E731
    nobodys = desk.months[-1].rejected.get(None)
    return [
        (words("quality.nowhere"), of(UNKNOWN), show.NOT_APPLICABLE),
        (words("quality.nobodys"), of(None), show.NOT_APPLICABLE if nobodys is None else _row_cell(desk, nobodys)),
    ]


def _strip(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    heading(words("quality.strip"))
    view.said()
    note(words("quality.strip_said"))
    heads = [(words("quality.place"), "w"), *((f"{month.period[2:4]}-{month.period[5:]}", "n") for month in desk.months)]
    rows = [
        [text(place(view, one.code)), *(_sign(month, found) for month, found in zip(desk.months, _signs(desk, one.code), strict=True))]
        for one in desk.cards
    ]
    table(words("quality.strip"), heads, rows)


def _signs(desk: Desk, code: str) -> list[tuple[str, Tally] | None]:
    return district_quality.strip(desk.months, code)


def _sign(month: Reported, found: tuple[str, Tally] | None) -> str:
    if found is None:
        return {"unpublished": "", "unkept": show.NOT_AVAILABLE, "nobody": "∅"}.get(month.state, "")
    sign, tally = found
    return f"{SIGNS[sign]} <small>{tally.received}/{tally.expected}</small>"


def _meaning(view: View) -> None:
    with st.expander(view.words("quality.meaning")):
        lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(told)}</dd>" for name, told in meanings(view))
        st.html(f'<dl class="lx-definition">{lines}</dl>')


PAGE = Page("quality", ":material/fact_check:", render, ("order", "district"))
