"""区县×指标: every figure of every district (or park) at sight, by how far it lies from the city's."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboards import cells, charts, downloads, export, parts, pictures, standing, store
from dashboards.basis_moves import say_where
from dashboards.charts import Square
from dashboards.export import Book, Column
from dashboards.homes.links import place_link
from dashboards.parts import cite_figure, empty, heading, note, table, text
from dashboards.places import kinds as place_kinds
from dashboards.shell import Page, View
from dashboards.standing import Standing
from data.contracts import MetricCard, metrics
from data.figures import Figure
from data.plain_text import visible
from transforms import show

LONG = 13  # letters of n/N that a square of the picture holds in one line
SIGNED = {None, "absent", "no_denominator", "suppressed"}  # a figure, or a sign that says itself why there is none
ACROSS = 14  # with more places than this a place is a row and a metric a column


@dataclass(frozen=True)
class Box:
    """A figure of a place, and where it stands against the city's."""

    kind: str
    code: str
    figure: Figure
    stands: Standing


@dataclass(frozen=True)
class Row:
    """A metric: its card, the city's figure, and a box a place."""

    card: MetricCard
    city: Box
    boxes: list[Box]


def render(view: View) -> None:
    words = view.words
    one, _ = st.columns([1, 3], gap="small")
    with one:
        kind = place_kinds.chosen(view)
    places = [(code, row["name"]) for (each, code), row in view.picture.units.items() if each == kind and code != store.UNKNOWN]
    rows = _rows(view, kind, [code for code, _ in places])
    heading(words("heat.table", kind=words.of("kind", kind)))
    view.said()
    if not rows or not places:
        empty(words, "heat.none", kind=words.of("kind", kind))
        _lacking(view, kind, [code for code, _ in places])
        return
    note(words("heat.said", minimum=view.minimum))
    say_where(view, view.metric)
    st.html(_legend(view, rows))
    _table(view, kind, rows, places)
    _lacking(view, kind, [code for code, _ in places])
    saved = pictures.saved(view, words("heat.table", kind=words.of("kind", kind)), kind, words("heat.short"))
    charts.save_button(saved, "heat", _picture(view, rows, places))
    downloads.both(view, lambda: _book(view, rows, places), f"_{kind}")


def _rows(view: View, kind: str, codes: Sequence[str]) -> list[Row]:
    """The metrics that have a better and a worse, and are published for this kind and sector, in the order of their cards."""
    picture, found = view.picture, []
    for card in _cards(view, kind):
        line = picture.figure(card.name, "city", picture.city, view.sector, view.basis)
        boxes = []
        for code in codes:
            figure = picture.figure(card.name, kind, code, view.sector, view.basis)
            boxes.append(Box(kind, code, figure, standing.judged(figure, line, card, view.minimum)))
        if any(box.figure.value is not None for box in boxes):
            found.append(Row(card, Box("city", picture.city, line, Standing(None, None)), boxes))
    return found


def _cards(view: View, kind: str) -> list[MetricCard]:
    cards = sorted(metrics().values(), key=lambda card: card.order)
    return [card for card in cards if card.direction != "none" and view.sector in view.picture.sectors(card.name, kind)]


def _lacking(view: View, kind: str, codes: Sequence[str]) -> None:
    """Why figures are not there, once: each reason with its metrics. What does not apply and what is suppressed have signs of their own."""
    words, picture = view.words, view.picture
    found: dict[str, list[str]] = {}
    for card in _cards(view, kind):
        units = [("city", picture.city), *((kind, code) for code in codes)]
        reasons = {picture.figure(card.name, *unit, view.sector, view.basis).reason for unit in units}
        for reason in sorted(reasons - SIGNED):
            found.setdefault(reason, []).append(words.card(card))
    for reason, names in found.items():
        note(words("heat.lacking", why=words.reason(reason), names=words("mark.list").join(names)))


def _legend(view: View, rows: Sequence[Row]) -> str:
    """A line for what is judged in points, and one for what is judged by shares of the city's figure, where there is any of it."""
    words, lines = view.words, []
    for within_one in sorted({row.card.within_one for row in rows}, reverse=True):
        steps = "".join(
            f'<span class="lx-step"><b class="lx-tone t{tone}">{standing.SIGNS[tone] or "　"}</b> '
            f"{escape(standing.label(words, tone, within_one))}</span>"
            for tone in standing.NAMES
        )
        lines.append(steps if within_one else f"{escape(words('heat.shares'))}{escape(words('mark.colon'))}{steps}")
    return f'<p class="lx-note">{"<br>".join(lines)}</p>'


def _table(view: View, kind: str, rows: Sequence[Row], places: Sequence[tuple[str, str]]) -> None:
    """Few places stand above their columns; many stand in rows."""
    words = view.words
    names = [f"{words.card(row.card)}{_way(view, row.card)}" for row in rows]
    with st.container(key="heat_table"):
        if len(places) <= ACROSS:
            heads = [(words("choose.metric"), "t"), (words("compare.city"), "n"), *((visible(name), "n") for _, name in places)]
            body = [
                [text(name), _cell(view, row.card, row.city), *(_cell(view, row.card, box) for box in row.boxes)]
                for name, row in zip(names, rows, strict=True)
            ]
            marks = [""] * len(body)
            ways = {at: place_link(view, kind, code, name) for at, (code, name) in enumerate(places, start=2)}
        else:
            heads = [(words("compare.place"), "w"), *((name, "n") for name in names)]
            body = [[text(words("compare.city")), *(_cell(view, row.card, row.city) for row in rows)]]
            for at, (code, name) in enumerate(places):
                body.append([place_link(view, kind, code, name), *(_cell(view, row.card, row.boxes[at]) for row in rows)])
            marks, ways = ["line", *([""] * len(places))], {}
        table(words("compare.table"), heads, body, marks, ways)


def _way(view: View, card: MetricCard) -> str:
    return view.words("heat.down") if card.direction == "down" else ""


def _cell(view: View, card: MetricCard, box: Box) -> str:
    figure, words = box.figure, view.words
    if figure.reason == "absent":  # counted of parks alone, say: the release has no such row
        return show.NOT_APPLICABLE
    sides = cite_figure(words, view.picture, card.name, box.kind, box.code, view.sector, view.basis, show.n_of_n(figure))
    stands = box.stands
    said = escape(_distance(view, card, stands))
    tone = "" if stands.tone is None else f" t{stands.tone}"
    return f'<span class="lx-tone{tone}" title="{said}">{show.figure(figure, card.unit)} {stands.sign}</span><br><small>{sides}</small>'


def _distance(view: View, card: MetricCard, stands: Standing) -> str:
    if stands.apart is None:
        return ""
    unit = view.words("compare.change_unit") if card.unit == "rate" else ""
    return f"{view.words('compare.gap')} {show.points(stands.apart, card.unit)}{unit}"


def _picture(view: View, rows: Sequence[Row], places: Sequence[tuple[str, str]]) -> charts.Picture:
    """The same as a picture, metrics across where the places are many."""
    words = view.words
    names = [f"{words.card(row.card)}{_way(view, row.card)}" for row in rows]
    squares = [[_square(row.card, box) for box in (row.city, *row.boxes)] for row in rows]
    columns = [words("compare.city"), *(name for _, name in places)]
    if len(places) <= ACROSS:
        return charts.heat(names, columns, squares)
    return charts.heat(columns, names, [list(line) for line in zip(*squares, strict=True)])


def _square(card: MetricCard, box: Box) -> Square:
    if box.figure.reason == "absent":
        return Square(show.NOT_APPLICABLE, 0)
    sides = show.n_of_n(box.figure)
    if len(sides) > LONG:  # sums of money
        sides = sides.replace("/", "/<br>")
    return Square(f"{show.figure(box.figure, card.unit)} {box.stands.sign}<br>{sides}", box.stands.tone or 0)


def _book(view: View, rows: Sequence[Row], places: Sequence[tuple[str, str]]) -> Book:
    """A row a metric and place."""
    words = view.words
    columns = [
        Column(words("choose.metric")),
        Column(words("compare.code")),
        Column(words("compare.place")),
        Column(words("compare.value"), "times"),
        Column(words("compare.numerator"), "count"),
        Column(words("compare.denominator"), "count"),
        Column(words("compare.gap"), "points", words("heat.gap_what")),
        Column(words("heat.standing")),
        Column(words("compare.note")),
        Column(words("code.name")),
    ]
    named = dict(places)
    lines = []
    for row in rows:
        for box in (row.city, *row.boxes):
            figure = box.figure
            key = view.picture.metric_key(row.card.name, box.kind, box.code, view.sector, view.basis)
            lines.append(
                [
                    words.card(row.card),
                    box.code,
                    named.get(box.code, words("compare.city")),
                    *show.sides_value(figure),
                    _apart(row.card, box),
                    standing.label(words, box.stands.tone, row.card.within_one) if box.stands.tone is not None else "",
                    words.reason(figure.reason) if figure.reason else "",
                    parts.code_of(view.picture, "metrics", key) if key else "",
                ]
            )
    notes = [(words("heat.standing"), words("heat.said", minimum=view.minimum))]
    return cells.book(view, columns, lines, notes, export.definition_lines(words, [row.card for row in rows]))


def _apart(card: MetricCard, box: Box) -> float | None:
    """As a number, for a sheet: of rates in points."""
    apart = box.stands.apart
    return None if apart is None else float(apart * (100 if card.unit == "rate" else 1))


PAGE = Page("heat", ":material/grid_on:", render, ("sector", "basis", "places"), kind="district")
