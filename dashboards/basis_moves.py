"""Whose standing is another on a trial basis than on the signed one.

What belongs here: that part of the comparisons.
"""

from dataclasses import replace
from html import escape

import streamlit as st

from dashboards.comparison import places
from dashboards.parts import heading, note, table, text
from dashboards.reporting import page_link
from dashboards.shell import View, basis_words
from transforms import show
from transforms.compare import Place, band_words


def draw_basis_moves(view: View, found: list[Place], kind: str | None = None, metric: str | None = None) -> None:
    """On a trial basis: who stands elsewhere, by more than the bands leave open, or is ranked on one of the two alone. kind, metric:
    what is ranked, where it is not what the page and its choices say."""
    kind, metric = kind or view.page.kind, metric or view.metric
    view = replace(view, metric=metric)
    if not is_on_trial(view) or view.card.direction == "none":
        return
    words = view.words
    heading(words("compare.moves"))
    view.said()
    signed = {place.code: place for place in places(replace(view, basis=view.signed), kind, None)}
    moved = [(signed[place.code], place) for place in found if has_moved(signed[place.code], place)]
    if not moved:
        note(words("compare.moves_none"))
        return
    # Of those that have a rank on either basis: 未知 has none.
    compared = sum(place.rank is not None or signed[place.code].rank is not None for place in found)
    note(words("compare.moves_said", moved=len(moved), all=compared))
    heads = [
        (words("compare.place"), "w"),
        *(
            (f"{basis_words(words, basis, view.signed)} {words(f'compare.{name}')}", "n")
            for basis in (view.signed, view.basis)
            for name in ("rank", "value")
        ),
        (words("compare.rank_change"), "n"),
    ]
    rows = [[text(now.name), *_ranked(view, before), *_ranked(view, now), _rank_change(view, before, now)] for before, now in moved]
    table(words("compare.moves"), heads, rows)


def is_on_trial(view: View) -> bool:
    return view.basis not in (view.signed, "-")


def say_where(view: View, metric: str) -> None:
    """On a trial basis, where a page ranks nobody: the way to the comparison that says whose rank changes."""
    if is_on_trial(view):
        link = page_link(view, "districts", view.words("compare.moves_where"), metric=metric, sector=view.sector, basis=view.basis)
        st.html(f'<p class="lx-note">{link}</p>')


def has_moved(before: Place, now: Place) -> bool:
    """Bands that have a rank in common are no change: it may be the same rank."""
    if before.band is None or now.band is None:
        return before.band != now.band
    return now.high < before.low or now.low > before.high


def _ranked(view: View, place: Place) -> list[str]:
    return [band_words(view.words, place), f"{show.figure(place.figure, view.card.unit)} <small>{show.n_of_n(place.figure)}</small>"]


def _rank_change(view: View, before: Place, now: Place) -> str:
    if before.band is None or now.band is None:
        return escape(view.words("compare.rank_lost" if now.band is None else "compare.rank_gained"))
    return escape(view.words("compare.band_up" if now.high < before.low else "compare.band_down"))
