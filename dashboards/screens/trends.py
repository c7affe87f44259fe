"""走势: how each district or park moved over thirteen months, on one scale; and from the baseline of doubling to now."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboards import cells, charts, choices, comparison, downloads, export, over_months, pictures
from dashboards.charts import Panel, Slope
from dashboards.export import Book, Column
from dashboards.homes.links import place_link
from dashboards.over_months import Course, Month
from dashboards.parts import cite_figure, empty, heading, note, table
from dashboards.places import kinds as place_kinds
from dashboards.shell import Page, View
from data.figures import Figure
from transforms import citation, show
from transforms.compare import UNKNOWN

MODES = ("panels", "slope")
DRAWN = 24  # panels; the other places stand in the table
WIDE = 40  # with more places than this the table has every third month, the file all of them


def render(view: View) -> None:
    words = view.words
    one, two, _ = st.columns([1, 1, 2], gap="small")
    with one:
        kind = place_kinds.chosen(view)
    with two:
        mode = choices.choose(words("choose.mode"), "mode", MODES, MODES[0], lambda name: words.of("trends", f"mode_{name}"))
    if not place_kinds.is_published(view, kind):
        return
    months = over_months.thirteen(view, kind) if mode == "panels" else over_months.since_baseline(view, kind)
    if not months:
        empty(words, "trends.no_baseline", month=words.month(over_months.baseline(view)))
        return
    places = [place for place in comparison.places(view, kind, None) if place.code != UNKNOWN]
    found = over_months.courses(view, kind, places, months)
    city = over_months.city_course(view, months)
    drawn = over_months.largest(found, DRAWN)
    if not drawn:
        heading(words("trends.panels"))
        view.said()
        empty(words, "trends.none")
    elif mode == "panels":
        _panels(view, months, drawn, city, len(found))
    else:
        _slopes(view, months, drawn, city, len(found))
    _table(view, kind, months, found, city)
    downloads.both(view, lambda: _book(view, kind, months, found, city), f"_{view.metric}")
    comparison.definition(view)


def _said_of(view: View, drawn: int, known: int, key: str) -> None:
    words = view.words
    lines = [words(key)]
    if drawn < known:
        lines.append(words("trends.largest", n=drawn, all=known))
    note(words.gap.join(lines))


def _panels(view: View, months: Sequence[Month], drawn: Sequence[Course], city: list[Figure], known: int) -> None:
    words = view.words
    heading(words("trends.panels"))
    view.said()
    _said_of(view, len(drawn), known, "trends.panels_said")
    names = [month.period for month in months]
    panels = [Panel(course.place.name, course.figures) for course in drawn]
    picture = charts.panels(words, names, panels, Panel(words("compare.city"), city), view.card.unit)
    alt = words("trends.panels_alt", metric=words.metric(view.metric))
    charts.draw(picture, "trends_panels", alt, saved=pictures.saved(view, words("trends.panels"), "panels", words("trends.panels_said")))
    unpublished = [words.month(month.period) for month in months if month.picture is None]
    if unpublished:
        note(words("trends.gap", months=words("mark.list").join(unpublished)))


def _slopes(view: View, months: Sequence[Month], drawn: Sequence[Course], city: list[Figure], known: int) -> None:
    words, direction = view.words, view.card.direction
    start, now = (words.month(month.period) for month in months)
    heading(words("trends.slope", start=start, now=now))
    view.said()
    _said_of(view, len(drawn), known, "trends.slope_said")
    slopes = [Slope(each.place.name, *each.figures, show.tone(show.change(*reversed(each.figures)), direction)) for each in drawn]
    picture = charts.slopes(
        words, tuple(month.period for month in months), slopes, Slope(words("compare.city"), *city, "even"), view.card.unit
    )
    alt = words("trends.slope_alt", metric=words.metric(view.metric), start=start, now=now)
    charts.draw(picture, "trends_slope", alt, saved=pictures.saved(view, words("trends.slope", start=start, now=now), "slope"))
    lacking = [each.place.name for each in drawn if any(figure.value is None for figure in each.figures)]
    if lacking:
        note(words("trends.slope_lacking", names=words("mark.list").join(lacking)))


def _table(view: View, kind: str, months: Sequence[Month], found: Sequence[Course], city: list[Figure]) -> None:
    """A column a month; each figure opens in the release of its month."""
    words, unit, direction = view.words, view.card.unit, view.card.direction
    heading(words("compare.table"))
    view.said()
    steps = range(len(months)) if len(found) <= WIDE else [step for step in range(len(months)) if (len(months) - 1 - step) % 3 == 0]
    if len(steps) < len(months):
        note(words("trends.table_thinned"))
    points = words("compare.change_unit") if unit == "rate" else ""
    changed = words("compare.change_from", month=words.month(months[steps[0]].period)) + points
    heads = [(words("compare.place"), "w"), (changed, "n"), *((words.month(months[step].period), "n") for step in reversed(steps))]
    rows, marks = [], []
    for name, code, what, figures in _lines(view, kind, found, city):
        moved = show.change(figures[-1], figures[steps[0]])
        said = f'<span class="{show.tone(moved, direction)}">{show.arrow(moved, direction)} {show.points(moved, unit)}</span>'
        row = [place_link(view, what, code, name), said if moved is not None else show.NOT_AVAILABLE]
        rows.append(row + [_cell(view, what, months[step], code, figures[step]) for step in reversed(steps)])
        marks.append("line" if what == "city" else "")
    table(words("compare.table"), heads, rows, marks)


def _lines(view: View, kind: str, found: Sequence[Course], city: list[Figure]) -> list[tuple[str, str, str, list[Figure]]]:
    """Name, code, kind of unit and figures: the city first."""
    places = [(each.place.name, each.place.code, kind, each.figures) for each in found]
    return [(view.words("compare.city"), view.picture.city, "city", city), *places]


def _cell(view: View, kind: str, month: Month, code: str, figure: Figure) -> str:
    if figure.reason == "absent":
        return show.NOT_AVAILABLE
    sides = show.n_of_n(figure)
    then = code if kind == "city" else month.code_of(code)
    if then and month.picture:
        sides = cite_figure(view.words, month.picture, view.metric, kind, then, view.sector, view.basis, sides)
    else:
        sides = escape(sides)
    return f"{show.figure(figure, view.card.unit)}<br><small>{sides}</small>"


def _book(view: View, kind: str, months: Sequence[Month], found: Sequence[Course], city: list[Figure]) -> Book:
    """A row a place and month."""
    words = view.words
    above, below = words.sides(view.card)
    columns = [
        Column(words("choose.period")),
        Column(words("compare.code")),
        Column(words("compare.place")),
        Column(words("compare.value"), view.card.unit, words.metric(view.metric)),
        Column(words("compare.numerator"), "count", above),
        Column(words("compare.denominator"), "count", below),
        Column(words("compare.note")),
        Column(words("code.name")),
    ]
    rows = []
    for name, code, what, figures in _lines(view, kind, found, city):
        for month, figure in zip(months, figures, strict=True):
            why = words.reason(figure.reason) if figure.reason else ""
            rows.append([month.period, code, name, *show.sides_value(figure), why, _code(view, what, month, code)])
    return cells.book(view, columns, rows, [], export.definition_lines(words, [view.card]))


def _code(view: View, kind: str, month: Month, code: str) -> str:
    then = code if kind == "city" else month.code_of(code)
    key = month.picture.metric_key(view.metric, kind, then, view.sector, view.basis) if month.picture and then else None
    return citation.code(month.picture.period, month.picture.revision, "metrics", key.values()) if key else ""


PAGE = Page("trends", ":material/show_chart:", render, ("metric", "sector", "basis", "places", "mode"), kind="district")
