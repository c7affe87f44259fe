"""The workbook of the page 区县质量: a row a district with every n and N, those of the table's foot too, and a row a district and month."""

from collections.abc import Sequence

from dashboards import cells, district_quality
from dashboards.district_quality import Card
from dashboards.export import Book, Column, Sheet
from dashboards.quality_desk import SHARES, Desk, mean, meanings, past_note, place
from transforms.quality import middle


def book(desk: Desk) -> Book:
    """A row a district, whole numbers beside each other, the city and what lies in no district below; and the months on a second sheet."""
    view, words = desk.view, desk.view.words
    columns = [Column(words("quality.place")), Column(words("quality.code"))]
    for name, *_ in SHARES:
        for key in ("quality.this_month", "quality.year_of"):
            title = words(key, name=words(f"quality.{name}"))
            columns += [Column(f"{title} n", "count", mean(words, name)), Column(f"{title} N", "count")]
    leads = ("open", "must", "new", "closed", "passed", "explained", "unchecked")
    columns += [Column(words(f"quality.leads_{name}"), "count", mean(words, "open")) for name in leads]
    columns += [Column(words("quality.card_days"), "ratio", mean(words, "days"))]
    columns += [Column(f"{words('quality.card_rejected')} n", "count", mean(words, "rejected"))]
    columns += [Column(f"{words('quality.card_rejected')} N", "count")]
    rows = [_book_row(desk, place(view, one.code), one, leads) for one in desk.cards]
    rows.append(_book_row(desk, desk.whole_name, desk.city, leads))
    rows += [_book_row(desk, cells.district_name(view, one.code or None), one, leads) for one in desk.others]
    area = [] if view.reader.whole else [(words("quality.area"), words("quality.area_said"))]
    return cells.book(
        view,
        columns,
        rows,
        [(words("quality.title"), words("quality.fair")), *area],
        [list(pair) for pair in meanings(view)],
        [_month_sheet(desk)],
    )


def _book_row(desk: Desk, name: str, one: Card, leads: Sequence[str]) -> list:
    line: list = [name, one.code]
    for _, n, of in SHARES:
        for tally in (one.now, one.year):
            known = getattr(tally, of) > 0
            line += [getattr(tally, n) if known else None, getattr(tally, of) if known else None]
    first = desk.book is not None and desk.book.before is None
    unknown = ("new", "closed") if first else ()
    line += [None if one.leads is None or name in unknown else getattr(one.leads, name) for name in leads]
    line.append(None if one.leads is None else middle(one.leads.days))
    return [*line, *((None, None) if one.rows is None else (one.rows.rejected, one.rows.rows))]


def _month_sheet(desk: Desk) -> Sheet:
    view, words = desk.view, desk.view.words
    names = ("received", "expected", "on_time", "timed", "late", "outside", "compared", "same", "followed", "contradicting", "returns")
    heads = (*names, "stands", "new", "gone", "passed", "unchecked")
    columns = [Column(words("quality.place")), Column(words("quality.month"))]
    columns += [Column(words(f"quality.head_{head}"), "count") for head in heads]
    columns += [Column(f"{words('quality.card_rejected')} {side}", "count") for side in ("n", "N")]
    columns.append(Column(words("quality.state")))
    rows = []
    for one in desk.cards:
        for each in district_quality.past(desk.months, one.code, desk.book):
            counts = [getattr(each.tally, name) if each.tally.expected else None for name in names]
            if not each.tally.timed:
                counts[2:4] = [None, None]
            leads = (each.stands, each.new, each.gone, each.passed, each.unchecked)
            files = (None, None) if each.rows is None else (each.rows.rejected, each.rows.rows)
            rows.append([place(view, one.code), each.period, *counts, *leads, *files, past_note(words, each)])
    return Sheet(words("quality.sheet_months"), columns, rows)
