"""区县质量: each district's card: are its returns complete, on time and in line with the ledgers; its findings; what comes next."""

from html import escape

import streamlit as st

from dashboards import answer_book, cells, choices, district_quality, downloads, quality_card, reporting
from dashboards.district_quality import ORDERS, Card, Leads, part
from dashboards.downloads import Made
from dashboards.findings import ALL
from dashboards.findings_choice import all_districts
from dashboards.parts import empty, heading, note, table, text
from dashboards.quality_book import book
from dashboards.quality_desk import (
    SHARES,
    Desk,
    days,
    desk_of,
    findings_link,
    head,
    look,
    meanings,
    moves,
    place,
    said,
    share,
    unknown_time,
    why_not_run,
    why_untimed,
)
from dashboards.reporting import Reported
from dashboards.screens.findings import say_lost
from dashboards.shell import Page, View
from data.figures import Figure
from transforms import show
from transforms.quality import Rows, Tally

SIGNS = {"all": "●", "full": "◎", "late": "△", "some": "◐", "none": "○"}


def render(view: View) -> None:
    words, desk = view.words, desk_of(view)
    if not desk.cards:
        empty(words, "quality.no_districts" if view.reader.whole else "quality.no_district")
        return
    if not view.reader.whole:
        note(words("quality.area_said"))
    note(words("quality.fair"))
    if desk.state in ("unkept", "nobody"):
        empty(words, f"quality.{desk.state}", period=view.picture.period)
    if desk.book is None:
        note(words("quality.no_leads"))
    elif desk.book.trouble:
        st.warning(desk.book.trouble)
    if desk.book:
        say_lost(desk.view, desk.book)
    if why_not_run(desk):
        note(why_not_run(desk))
    if unknown_time(desk, desk.city.now):
        note(cells.named(view, "quality.on_time", why_untimed(view, desk.months[-1])))
    _summary(desk)
    # One district stands above the table of all, for a link from the table opens the page at its top.
    left, _ = st.columns([2, 5], gap="small")
    with left:
        names = {ALL: all_districts(view)} | {one.code: place(view, one.code) for one in desk.cards}
        code = choices.choose(words("choose.district"), "district", list(names), ALL, names.__getitem__)
    for one in desk.cards:
        if one.code == code:
            quality_card.draw(desk, one)
    _all(desk)
    _strip(desk)
    _meaning(view)


def summary(desk: Desk) -> list[str]:
    """The month in some sentences; what nobody knows is left out, for it is said beside it."""
    words, now = desk.view.words, desk.city.now
    told = []
    if now.expected:
        missing = [place(desk.view, one.code) for one in desk.cards if one.now.received < one.now.expected]
        whole = "quality.summary_complete" if desk.view.reader.whole else "quality.summary_complete_area"
        key = "quality.summary_missing" if missing else whole
        figure = share(now, "received", "expected")
        told.append(words(key, n=show.n_of_n(figure), value=show.figure(figure), names=words("mark.list").join(missing)))
        if now.compared:
            told.append(_named(desk, "outside", "compared"))
        else:
            told.append(words("quality.summary_uncompared"))
        told.append(_named(desk, "contradicting", "returns"))
    if desk.book:
        told.append(_leads(desk))
        if desk.city.leads.unchecked:
            told.append(words("quality.summary_unchecked", n=show.count(desk.city.leads.unchecked)))
    return told


def _named(desk: Desk, n: str, of: str) -> str:
    """n/N of the returns, with whose they are."""
    words = desk.view.words
    whose = words("mark.list").join(place(desk.view, one.code) for one in desk.cards if getattr(one.now, n))
    names = words("quality.summary_names", names=whose) if whose else ""
    return words(f"quality.summary_{n}", n=show.n_of_n(share(desk.city.now, n, of)), names=names)


def _leads(desk: Desk) -> str:
    """The findings of the city or the reader's area, and where they lie: the sum of the table's column."""
    words, whole, (*nowhere, files) = desk.view.words, desk.city.leads, desk.others
    first = desk.book.before is None
    moved = words("findings.first") if first else words("quality.summary_moves", new=show.count(whole.new), closed=show.count(whole.closed))
    return words(
        "quality.summary_leads" if desk.view.reader.whole else "quality.summary_leads_area",
        total=show.count(whole.open),
        n=show.count(sum(one.leads.open for one in desk.cards)),
        **({"nowhere": show.count(nowhere[0].leads.open)} if nowhere else {}),
        files=show.count(files.leads.open),
        must=show.count(whole.must),
        moved=moved,
    )


def _summary(desk: Desk) -> None:
    st.html(f'<p class="lx-said">{text(desk.view.words.gap.join(summary(desk)))}</p>')


def _month_cell(desk: Desk, figure: Figure) -> str:
    """This month's n/N; … where the release can't say."""
    if not figure.denominator:
        return show.NOT_AVAILABLE if desk.state == "unkept" else show.NOT_APPLICABLE
    return f"<b>{show.n_of_n(figure)}</b>"


def _cells(desk: Desk, one: Card, code: str | None) -> list[str]:
    """One line of the table. code: whose findings its number opens, as `findings_link` has it."""
    found = []
    for name, n, of in SHARES:
        unknown = name == "on_time" and unknown_time(desk, one.now)
        top = show.NOT_AVAILABLE if unknown else _month_cell(desk, share(one.now, n, of))
        year = show.NOT_AVAILABLE if name == "on_time" and unknown_time(desk, one.year) else said(share(one.year, n, of))
        found.append(f"{look(top, code != '' and name in attention(one))}<br><small>{year}</small>")
    return [*found, *_lead_cells(desk, one.leads, code), _row_cell(desk, one.rows)]


def attention(one: Card) -> list[str]:
    """The shares of the month's returns that need a look: 2/2 is good of those received, and bad of those at odds."""
    now = one.now
    bad = {"complete": now.expected - now.received, "outside": now.outside, "same": now.same, "contradicting": now.contradicting}
    return [name for name, n in bad.items() if n]


def _lead_cells(desk: Desk, leads: Leads | None, code: str | None) -> list[str]:
    words = desk.view.words
    if leads is None:
        return [show.NOT_AVAILABLE] * 2
    below = [*map(escape, moves(desk, leads))]
    if leads.must:
        below.insert(0, look(escape(words("quality.must_of", n=show.count(leads.must))), code != ""))
    number = findings_link(desk.view, show.count(leads.open), code) if leads.open else show.count(leads.open)
    closed = words("quality.closed_of", n=show.count(len(leads.days)))
    return [
        f"<b>{number}</b><br><small>{'<br>'.join(below)}</small>",
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
    heads = [(words("quality.place"), "t"), *((head(words, name), "n") for name, *_ in SHARES)]
    heads += [(words("quality.open"), "n"), (words("quality.days"), "n"), (words("quality.rejected"), "n")]
    rows, marks = [[escape(desk.whole_name), *_cells(desk, desk.city, "")]], ["line"]
    for one in district_quality.ordered(desk.cards, order):
        name = reporting.page_link(view, "quality", place(view, one.code), district=one.code, order=order)
        rows.append([name, *_cells(desk, one, one.code)])
        marks.append("late" if attention(one) else "")
    for one in desk.others:
        code = one.code or None
        name = findings_link(view, cells.district_name(view, code), code) if one.leads and one.leads.open else None
        rows.append([name or escape(cells.district_name(view, code)), *_cells(desk, one, code)])
        rows[-1][1 : 1 + len(SHARES)] = [show.NOT_APPLICABLE] * len(SHARES)
        if code is not None:
            rows[-1][-1] = show.NOT_APPLICABLE
        marks.append("quiet")
    table(words("quality.all"), heads, rows, marks)
    note(words("quality.nobodys_said"))
    with st.container(horizontal=True, gap="small"):
        cells.download(view, lambda: book(desk))
        _forms(desk)


def _forms(desk: Desk) -> None:
    """The answer forms of all districts in one file: made when it is asked for, for it takes a while."""
    words, found = desk.view.words, desk.book
    if found and desk.view.reader.sees_units and answer_book.districts(found):
        stem = words("answers.file_all", period=desk.view.picture.period)
        make = lambda: Made(answer_book.all_books(words, found), found.here.height)  # noqa: E731
        downloads.button(desk.view, words("answers.download_all"), make, stem, "zip", "forms", "forms")


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


PAGE = Page("quality", ":material/fact_check:", render, ("order", "district"), lists=True)
