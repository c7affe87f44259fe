"""The last thirteen months of the headline figures: the lines, their table, and the file.

What belongs here: what stands behind the small lines of the cards.
"""

from html import escape

import streamlit as st

from dashboards import cells, charts, export, pictures, store
from dashboards.export import Book, Column
from dashboards.homes.standing import HEADLINE, SECTORS, city, opens
from dashboards.parts import cite_figure, code_of, heading, note, table
from dashboards.shell import View
from dashboards.store import Picture
from data.contracts import metrics
from data.figures import ABSENT
from transforms import show


def lines(view: View) -> None:
    words = view.words
    heading(words("overview.lines"))
    view.said()
    months = store.thirteen_months(view.home, view.picture)
    if sum(picture is not None for _, picture in months) < 2:
        note(words("overview.lines_one"))
    series = []
    for metric in HEADLINE:
        figures = [city(view, picture, metric) if picture else ABSENT for _, picture in months]
        series.append((words.metric(metric), "rate", figures))
    saved = pictures.saved(view, words("overview.lines"), "lines")
    charts.draw(charts.lines(words, [month for month, _ in months], series), "lines", words("overview.lines_alt"), saved=saved)
    unpublished = [words.month(month) for month, picture in months if picture is None]
    if unpublished:
        note(words("overview.lines_gap", months=_spans(unpublished, words("mark.list"))))
    for metric, (_, _, figures) in zip(HEADLINE, series, strict=True):
        for (month, picture), figure in zip(months, figures, strict=True):
            if picture and figure.reason:
                note(words("overview.lines_lack", metric=words.metric(metric), month=words.month(month), why=words.reason(figure.reason)))


def _spans(months: list[str], between: str) -> str:
    return between.join(months) if len(months) <= 4 else f"{between.join(months[:2])} … {months[-1]}"


def by_sector(view: View) -> None:
    words = view.words
    heading(words("overview.by_sector"))
    view.said()
    heads = [(words("choose.metric"), "t"), *((words.of("sector", sector), "n") for sector in SECTORS)]
    rows = []
    for metric in HEADLINE:
        figures = [city(view, view.picture, metric, sector) for sector in SECTORS]
        sides = [opens(view, metric, "city", view.picture.city, sector, each) for sector, each in zip(SECTORS, figures, strict=True)]
        shown = (f"{show.figure(each)}<br><small>{side}</small>" for each, side in zip(figures, sides, strict=True))
        codes = (_cited(view, view.picture, metric, sector) for sector in SECTORS)
        rows.append([escape(words.metric(metric)), *(f"{cell}<br>{code}" for cell, code in zip(shown, codes, strict=True))])
    table(words("overview.by_sector"), heads, rows)


def folded(view: View) -> None:
    """The numbers behind the pictures, for who wants them: by month, by sector, and as a file."""
    words = view.words
    with st.expander(words("overview.numbers")):
        _table(view)
        by_sector(view)
    cells.download(view, lambda: _book(view), "_months")


def _table(view: View) -> None:
    words = view.words
    heading(words("overview.by_month"))
    view.said()
    heads = [(words("choose.period"), "w"), *((words.metric(metric), "n") for metric in HEADLINE)]
    rows = []
    for month, picture in reversed(store.thirteen_months(view.home, view.picture)):
        figures = [city(view, picture, metric) for metric in HEADLINE]
        codes = [_cited(view, picture, metric) for metric in HEADLINE]
        said = [f"{show.figure(each)}<br><small>{show.n_of_n(each)}</small><br>{code}" for each, code in zip(figures, codes, strict=True)]
        rows.append([escape(words.month(month)), *said])
    table(words("overview.by_month"), heads, rows)


def _cited(view: View, picture: Picture | None, metric: str, sector: str | None = None) -> str:
    """The code of the city's figure in the release of its month."""
    return cite_figure(view.words, picture, metric, "city", picture.city, sector or view.sector, view.basis) if picture else ""


def _code(view: View, picture: Picture | None, metric: str) -> str:
    key = picture.metric_key(metric, "city", picture.city, view.sector, view.basis) if picture else None
    return code_of(picture, "metrics", key) if key else ""


def _book(view: View) -> Book:
    words = view.words
    columns = [Column(words("choose.period"))]
    for metric in HEADLINE:
        above, below = words.sides(metrics()[metric])
        columns.append(Column(words.metric(metric), "rate"))
        columns.append(Column(f"{words.metric(metric)} {words('compare.numerator')}", "count", above))
        columns.append(Column(f"{words.metric(metric)} {words('compare.denominator')}", "count", below))
        columns.append(Column(f"{words.metric(metric)} {words('code.name')}"))
    rows = []
    for month, picture in store.thirteen_months(view.home, view.picture):
        figures = [city(view, picture, metric) for metric in HEADLINE]
        codes = [_code(view, picture, metric) for metric in HEADLINE]
        rows.append([month, *(value for each, code in zip(figures, codes, strict=True) for value in (*show.sides_value(each), code))])
    return cells.book(view, columns, rows, [], export.definition_lines(words, [metrics()[name] for name in HEADLINE]))
