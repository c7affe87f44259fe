"""规模与覆盖: the size of each district or park against its rate, and who lies farther from the city's than chance would make."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboards import cells, charts, comparison, downloads, export, parts, pictures
from dashboards.basis_moves import say_where
from dashboards.charts import Point
from dashboards.export import Book, Column
from dashboards.homes.links import place_link
from dashboards.parts import cite_figure, empty, heading, note, table, text
from dashboards.places import kinds as place_kinds
from dashboards.shell import Page, View
from data.figures import Figure
from transforms import rank_bands, show
from transforms.compare import UNKNOWN, Place, band_words

NAMED = 12  # at most so many marks carry their names, those outside first; the table has all


def render(view: View) -> None:
    words = view.words
    one, _ = st.columns([1, 3], gap="small")
    with one:
        kind = place_kinds.chosen(view)
    if not place_kinds.is_published(view, kind):
        return
    line = comparison.city_line(view)
    found = [place for place in comparison.places(view, kind, None) if place.code != UNKNOWN]
    shown = [place for place in found if place.figure.exact is not None]
    heading(words("funnel.chart"))
    view.said()
    if not shown:
        empty(words, "funnel.none")
        _left_out(view, found)
        return
    limited = has_limits(view, line)
    note(words("funnel.said") if limited else words("funnel.no_limits"))
    _left_out(view, found)
    say_where(view, view.metric)
    _chart(view, shown, line, limited)
    rows = sorted(
        found, key=lambda place: (place.figure.exact is None, -_out(place, line, limited), -(place.figure.denominator or 0), place.code)
    )
    _table(view, kind, rows, line, limited)
    downloads.both(view, lambda: _book(view, kind, rows, line, limited), f"_{view.metric}")
    comparison.definition(view)


def _left_out(view: View, found: Sequence[Place]) -> None:
    """Places without a figure that could be drawn, by the reason; the table has them."""
    words = view.words
    by: dict[str, list[str]] = {}
    for place in found:
        if place.figure.exact is None:
            by.setdefault(place.figure.reason or "absent", []).append(place.name)
    for reason, names in by.items():
        named = words("mark.list").join(names[:NAMED])
        key = "funnel.left_out_some" if len(names) > NAMED else "funnel.left_out"
        said = words(key, why=words.reason(reason), n=len(names), names=named)
        st.html(f'<p class="lx-note">{text(said)}</p>')


def has_limits(view: View, line: Figure) -> bool:
    """Only a proportion has a funnel."""
    return view.card.within_one and line.exact is not None and 0 <= line.exact <= 1


def _out(place: Place, line: Figure, limited: bool) -> int:
    """Below the minimum denominator nothing is judged, as in the table of all metrics."""
    return charts.out(place.figure, line) if limited and not place.set_aside else 0


def _chart(view: View, shown: Sequence[Place], line: Figure, limited: bool) -> None:
    words = view.words
    outside = [place for place in shown if _out(place, line, limited)]
    # The farthest by their own measure: how many times the limit they lie out.
    outside.sort(key=lambda place: -(abs(place.figure.exact - line.exact) ** 2 * place.figure.denominator))
    named = {place.code for place in (shown if len(shown) <= NAMED else outside[:NAMED])}
    points = [
        Point(place.name if place.code in named else "", place.name, place.figure, _out(place, line, limited), place.set_aside)
        for place in shown
    ]
    names = {
        "within": words("funnel.within" if limited else "funnel.place"),
        "out95": words("funnel.out_of", z="95%"),
        "out998": words("funnel.out_of", z="99.8%"),
        "limit95": words("funnel.limit", z="95%"),
        "limit998": words("funnel.limit", z="99.8%"),
        "line": words("compare.city_line", value=show.figure(line, view.card.unit)),
        "axis": words("funnel.axis", denominator=words.sides(view.card)[1]),
    }
    picture = charts.funnel(words, points, line, view.card.unit, names, limited)
    alt = words("funnel.alt", metric=words.metric(view.metric), n=len(outside))
    charts.draw(picture, "funnel", alt, saved=pictures.saved(view, words("funnel.chart"), "funnel"))
    if len(outside) > NAMED:
        note(words("funnel.named", n=NAMED, all=len(outside)))


def position(view: View, place: Place, line: Figure, limited: bool) -> str:
    """In words: within, or above or below which limit."""
    out = _out(place, line, limited)
    if not limited or place.set_aside or place.figure.exact is None:
        return show.NOT_APPLICABLE
    if not out:
        return view.words("funnel.inside")
    side = "above" if place.figure.exact > line.exact else "below"
    return view.words(f"funnel.{side}", z="99.8%" if out == 2 else "95%")


def _table(view: View, kind: str, rows: Sequence[Place], line: Figure, limited: bool) -> None:
    words, unit = view.words, view.card.unit
    heading(words("compare.table"))
    view.said()
    heads = [
        (words("compare.place"), "w"),
        (words("compare.value"), "n"),
        ("n/N", "n"),
        (words("compare.gap") + (words("compare.change_unit") if unit == "rate" else ""), "n"),
        (words("funnel.limits", z="95%"), "n"),
        (words("funnel.limits", z="99.8%"), "n"),
        (words("funnel.position"), "w"),
        (words("compare.rank"), "n"),
        (words("compare.note"), "w"),
        (words("code.name"), "w"),
    ]
    lines = []
    for place in rows:
        opens = cite_figure(words, view.picture, view.metric, kind, place.code, view.sector, view.basis, show.n_of_n(place.figure))
        code = cite_figure(words, view.picture, view.metric, kind, place.code, view.sector, view.basis)
        ends = [_limits_said(line, place, z, limited) for z in (rank_bands.Z95, rank_bands.Z998)]
        said = position(view, place, line, limited)
        figures = [show.figure(place.figure, unit), opens, show.points(show.change(place.figure, line), unit)]
        lines.append(
            [
                place_link(view, kind, place.code, place.name),
                *figures,
                *ends,
                said,
                band_words(words, place),
                escape(_why(view, place)),
                code,
            ]
        )
    table(words("compare.table"), heads, lines, ["quiet" if place.set_aside or place.figure.exact is None else "" for place in rows])


def _why(view: View, place: Place) -> str:
    """Why it has no figure, or no rank."""
    if place.figure.reason:
        return view.words.reason(place.figure.reason)
    return view.words(f"unranked.{place.why_unranked}", minimum=view.minimum) if place.why_unranked else ""


def _limits(line: Figure, place: Place, z) -> list[Figure]:
    return [Figure(value=float(end)) for end in rank_bands.limits(line.exact, place.figure.denominator, z)]


def _limits_said(line: Figure, place: Place, z, limited: bool) -> str:
    if not limited or place.figure.exact is None:
        return show.NOT_APPLICABLE
    return "—".join(show.figure(end) for end in _limits(line, place, z))


def _book(view: View, kind: str, rows: Sequence[Place], line: Figure, limited: bool) -> Book:
    words, unit = view.words, view.card.unit
    above, below = words.sides(view.card)
    columns = [
        Column(words("compare.code")),
        Column(words("compare.place")),
        Column(words("compare.value"), unit, words.metric(view.metric)),
        Column(words("compare.numerator"), "count", above),
        Column(words("compare.denominator"), "count", below),
        *(Column(words(f"funnel.limit_{end}", z=name), unit, words("funnel.said")) for name in ("95%", "99.8%") for end in ("low", "high")),
        Column(words("funnel.position")),
        Column(words("compare.note")),
        Column(words("code.name")),
    ]
    lines = []
    for place in rows:
        drawn = limited and place.figure.exact is not None
        key = view.picture.metric_key(view.metric, kind, place.code, view.sector, view.basis)
        ends = [end.value for z in (rank_bands.Z95, rank_bands.Z998) for end in (_limits(line, place, z) if drawn else ())]
        lines.append(
            [place.code, place.name, *show.sides_value(place.figure), *(ends or [None] * 4)]
            + [position(view, place, line, limited), _why(view, place), parts.code_of(view.picture, "metrics", key) if key else ""]
        )
    notes = [(words("funnel.chart"), words("funnel.said" if limited else "funnel.no_limits"))]
    return cells.book(view, columns, lines, notes, export.definition_lines(words, [view.card]))


PAGE = Page("funnel", ":material/scatter_plot:", render, ("metric", "sector", "basis", "places"), kind="district")
