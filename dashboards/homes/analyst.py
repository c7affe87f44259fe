"""The analysts' home: where places differ most, what lies beyond chance, whose rank moved, what hangs on the basis."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from dashboards import comparison
from transforms import show
from dashboards.addresses import GROUPS
from dashboards.basis_moves import has_moved
from transforms.compare import Place, band_words
from dashboards.homes import drawn, months, standing, why
from transforms import look_at
from dashboards.homes.links import place_link
from dashboards.homes.standing import HEADLINE, city, opens
from dashboards.offered import is_offered, way
from dashboards.parts import empty, heading, note, table
from dashboards.shell import BASES, View, basis_words
from dashboards.store import Picture
from data.contracts import metrics

AT_MOST = 6


def render(view: View) -> None:
    standing.render(view)
    before, said = comparison.compared(view)
    found = {metric: comparison.places(view, "district", before, metric) for metric in HEADLINE}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _spread(view, found)
    with right:
        _outliers(view, found[view.metric])
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _ranks(view, found[view.metric], before, said)
    with right:
        _bases(view)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        months.lines(view)
    with right:
        months.by_sector(view)
    months.folded(view)


def _spread(view: View, found: dict[str, list[Place]]) -> None:
    """Of each headline figure the lowest district, the city and the highest, on one scale."""
    words = view.words
    heading(words("overview.spread"))
    view.said()
    rows, chosen = [], {"sector": view.sector, "basis": view.basis}
    for metric, places in found.items():
        both, line = look_at.ends(places), city(view, view.picture, metric)
        if both is None or line.exact is None:
            continue
        low, high = both
        cells = [way(view, "districts", words.metric(metric), metric=metric, **chosen)]
        cells.append(_end(view, metric, low))
        cells.append(drawn.span(low.figure.exact, line.exact, high.figure.exact))
        cells.append(_end(view, metric, high))
        cells.append(show.points(high.figure.exact - low.figure.exact).lstrip("+"))
        rows.append(cells)
    if not rows:
        empty(words, "overview.spread_none", minimum=view.minimum)
        return
    heads = [
        (words("choose.metric"), "t"),
        (words("overview.lowest"), "w"),
        (words("overview.span"), "t"),
        (words("overview.highest"), "w"),
    ]
    table(words("overview.spread"), [*heads, (words("overview.apart"), "n")], rows)
    ways = " · ".join(
        way(view, name, words(f"{name}.title"), metric=view.metric, **chosen, **(why.ledger_of(view.sector) if name == "doubling" else {}))
        for name in (*GROUPS["standing"][1:], "doubling", "base_numbers")
        if is_offered(view, name)
    )
    st.html(f'<p class="lx-note">{escape(words("overview.ways"))}{escape(words("mark.colon"))}{ways}</p>')


def _end(view: View, metric: str, place: Place) -> str:
    side = opens(view, metric, "district", place.code, view.sector, place.figure)
    return f"{place_link(view, 'district', place.code, place.name)}<br><small>{show.figure(place.figure)} {side}</small>"


def _outliers(view: View, districts: list[Place]) -> None:
    words = view.words
    heading(words("overview.outliers"))
    view.said(words.metric(view.metric))
    line = comparison.city_line(view)
    found = [("district", each) for each in look_at.outliers(districts, line)]
    found += [("park", each) for each in look_at.outliers(comparison.places(view, "park", None), line)]
    if not found:
        empty(words, "overview.outliers_none", minimum=view.minimum)
        return
    heads = [(words("compare.place"), "t"), (words("compare.value"), "n"), ("n/N", "n"), (words("overview.beyond"), "w")]
    rows = []
    for kind, each in found[:AT_MOST]:
        place = each.place
        side = words("overview.above" if each.above else "overview.below")
        limit = words(f"overview.limit_{each.level}")
        said = f"{'▲' if each.above else '▼'} {side} {limit}"
        cells = [place_link(view, kind, place.code, place.name), show.figure(place.figure)]
        rows.append([*cells, opens(view, view.metric, kind, place.code, view.sector, place.figure), escape(said)])
    table(words("overview.outliers"), heads, rows)
    note(words("overview.outliers_said", line=show.figure(line), n=len(found), shown=len(rows)))


def _ranks(view: View, found: list[Place], before: Picture | None, said: str) -> None:
    words = view.words
    heading(words("overview.ranks"))
    view.said(words.metric(view.metric), *([words("compare.change_from", month=words.month(before.period))] if before else []))
    if said:
        note(said)
    moved = look_at.rank_moves(found, view.card.direction, view.minimum, view.card.within_one)
    if not moved:
        empty(words, "overview.ranks_none" if before else "overview.moved_none")
        return
    heads = [(words("compare.place"), "w"), (words("overview.rank_then"), "n"), (words("overview.rank_now"), "n")]
    rows = []
    for then, now in moved[:AT_MOST]:
        arrow = words("compare.band_up" if look_at.shift(then, now) > 0 else "compare.band_down")
        cells = [place_link(view, "district", now.code, now.name), escape(band_words(words, then)), escape(band_words(words, now))]
        rows.append([*cells, escape(arrow), opens(view, view.metric, "district", now.code, view.sector, now.figure)])
    table(words("overview.ranks"), [*heads, (words("overview.rank_by"), "w"), ("n/N", "n")], rows)
    note(words("overview.ranks_said", n=len(moved)))


def _bases(view: View) -> None:
    """The same figures under each way of recognising work objects: what a rate owes to its base."""
    words, picture = view.words, view.picture
    heading(words("overview.bases"))
    view.said()
    order = (view.signed, *(name for name in BASES if name != view.signed))
    heads = [
        (words("choose.metric"), "t"),
        *((basis_words(words, basis, view.signed), "n") for basis in order),
        (words("overview.apart"), "n"),
    ]
    rows = []
    for metric in HEADLINE:
        views = [replace(view, basis=basis) for basis in order]
        figures = [picture.figure(metric, "city", picture.city, view.sector, basis) for basis in order]
        sides = [opens(each, metric, "city", picture.city, view.sector, fig) for each, fig in zip(views, figures, strict=True)]
        cells = [f"{show.figure(fig, metrics()[metric].unit)}<br><small>{side}</small>" for fig, side in zip(figures, sides, strict=True)]
        known = [fig.exact for fig in figures if fig.exact is not None]
        apart = show.points(max(known) - min(known)).lstrip("+") if len(known) > 1 else show.NOT_AVAILABLE
        rows.append([escape(words.metric(metric)), *cells, apart])
    table(words("overview.bases"), heads, rows)
    if view.reader.whole:  # of whoever reads a part of the city nothing is ranked
        _ranks_by_basis(view, order)


def _ranks_by_basis(view: View, order: Sequence[str]) -> None:
    """Of how many districts the band of ranks hangs on the basis."""
    words = view.words
    ranks = {basis: {place.code: place for place in _places(view, basis)} for basis in order}
    others = [
        words(
            "overview.bases_ranks",
            basis=words.of("basis", basis),
            n=sum(has_moved(signed, ranks[basis][code]) for code, signed in ranks[view.signed].items()),
        )
        for basis in order[1:]
    ]
    note(words("overview.bases_said", metric=words.metric(view.metric)) + words("mark.list").join(others) + words("mark.dot"))


def _places(view: View, basis: str) -> list[Place]:
    return comparison.places(replace(view, basis=basis), "district", None)
