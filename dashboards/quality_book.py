"""The workbook of the page 区县质量: a row a district with every n and N, and a row a district and month."""

from collections.abc import Sequence

from dashboards import cells, district_quality
from dashboards.district_quality import Card
from dashboards.export import Book, Column, Sheet
from dashboards.quality_desk import SHARES, Desk, meanings, place
from transforms.quality import middle


def book(desk: Desk) -> Book:
    """A row a district, whole numbers beside each other; and its months on a second sheet."""
    view, words = desk.view, desk.view.words
    columns = [Column(words("quality.place")), Column(words("quality.code"))]
    for name, *_ in SHARES:
        for key in ("quality.this_month", "quality.year_of"):
            title = words(key, name=words(f"quality.{name}"))
            columns += [Column(f"{title} n", "count", words(f"quality.mean_{name}")), Column(f"{title} N", "count")]
    leads = ("open", "must", "new", "closed", "explained")
    columns += [Column(words(f"quality.leads_{name}"), "count", words("quality.mean_open")) for name in leads]
    columns += [Column(words("quality.card_days"), "ratio", words("quality.mean_days"))]
    columns += [Column(f"{words('quality.card_rejected')} n", "count", words("quality.mean_rejected"))]
    columns += [Column(f"{words('quality.card_rejected')} N", "count")]
    rows = [_book_row(desk, one, leads) for one in desk.cards]
    return cells.book(
        view,
        columns,
        rows,
        [(words("quality.title"), words("quality.fair"))],
        [list(pair) for pair in meanings(view)],
        [_month_sheet(desk)],
    )


def _book_row(desk: Desk, one: Card, leads: Sequence[str]) -> list:
    line: list = [place(desk.view, one.code), one.code]
    for _, n, of in SHARES:
        for tally in (one.now, one.year):
            known = getattr(tally, of) > 0
            line += [getattr(tally, n) if known else None, getattr(tally, of) if known else None]
    line += [None if one.leads is None else getattr(one.leads, name) for name in leads]
    line.append(None if one.leads is None else middle(one.leads.days))
    return [*line, *((None, None) if one.rows is None else (one.rows.rejected, one.rows.rows))]


def _month_sheet(desk: Desk) -> Sheet:
    view, words = desk.view, desk.view.words
    names = ("received", "expected", "on_time", "timed", "late", "outside", "compared", "same", "followed")
    heads = ("received", "expected", "on_time", "timed", "late", "outside", "compared", "same", "followed", "stands", "new", "gone")
    columns = [Column(words("quality.place")), Column(words("quality.month"))]
    columns += [Column(words(f"quality.head_{head}"), "count") for head in heads]
    rows = []
    for one in desk.cards:
        for each in district_quality.past(desk.months, one.code, desk.book):
            counts = [getattr(each.tally, name) if each.tally.expected else None for name in names]
            rows.append([place(view, one.code), each.period, *counts, each.stands, each.new, each.gone])
    return Sheet(words("quality.sheet_months"), columns, rows)
