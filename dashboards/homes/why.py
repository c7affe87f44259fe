"""Why it moved: the city's ledger since the baseline, in whole units from one total to the next, and what it says in a sentence.

What belongs here: the third of the five questions. The arithmetic is growth.py's, its sentences are growth_words.py's.
"""

from html import escape

import streamlit as st

from dashboards import growth_words
from transforms import show
from transforms.growth import Rise
from dashboards.homes import drawn
from dashboards.homes.drawn import Row
from dashboards.offered import way
from dashboards.parts import cite, empty, heading
from dashboards.shell import View
from transforms.measures.doubling import LEGS as PAIRED

LEGS = {"all": "org_coverage", "enterprise": "enterprise", "social_org": "social_org"}
PAIRS = {leg.name: leg.pair for leg in PAIRED}
MADE_OF = ("new_single", "new_joint", "new_dispatched")


def render(view: View) -> None:
    words, picture = view.words, view.picture
    leg = LEGS[view.sector]
    row = picture.legs.get((leg, "city", picture.city))
    heading(words("overview.why"))
    if row is None:
        view.said(words.of("legs", leg))
        empty(words, "overview.why_none")
        return
    rise = Rise(row)
    basis = [] if view.basis == view.signed else [words("overview.why_signed", basis=words.of("basis", view.signed))]
    view.said(words.of("legs", leg), words("doubling.baseline", month=words.month(row["baseline"])), *basis)
    more = way(view, "doubling", words("overview.why_more"), **ledger_of(view.sector))
    st.html(f'{drawn.ledger(words("overview.why"), rows(view, rise))}<p class="lx-said">{sentence(view, rise)} {more}</p>')


def ledger_of(sector: str) -> dict[str, str]:
    """What is chosen on the page of doubling for the ledger of a sector: it opens a leg only within the pair that the leg belongs to."""
    return {"pair": PAIRS[LEGS[sector]], "leg": LEGS[sector]}


def rows(view: View, rise: Rise) -> list[Row]:
    """n0, what came and what went, n1: each number leads to its units."""
    words, row = view.words, rise.row
    month = {"0": words.month(row["baseline"]), "1": words.month(row["period"])}
    total = lambda end: Row(  # noqa: E731
        words("moves.covered", month=month[end]), _number(view, rise, f"n{end}", show.count(row[f"n{end}"])), 0, row[f"n{end}"], "total"
    )
    made, at = [total("0")], row["n0"]
    for name, look in growth_words.FLOWS:
        size = row[name]
        at += size if look == "plus" else -size
        number = _number(view, rise, name, show.signed(size if look == "plus" else -size))
        made.append(Row(words(f"moves.{name}"), number, at - size if look == "plus" else at, size, look))
    return [*made, total("1")]


def _number(view: View, rise: Rise, cell: str, shown: str) -> str:
    return cite(view.words, view.picture, "doubling", rise.row, cell, shown)


def sentence(view: View, rise: Rise) -> str:
    """What the rate is made of: by mode, and numerator against denominator."""
    words, row = view.words, rise.row
    new = rise.newly_covered
    made = {name: _number(view, rise, name, show.count(row[name])) for name in MADE_OF}
    parts = [escape(growth_words.share_said(words, rise))]
    if new:
        said = escape(words("overview.why_modes", n=show.count(new), single="@0", joint="@1", dispatched="@2"))
        for place, name in enumerate(MADE_OF):
            said = said.replace(f"@{place}", made[name])
        parts.append(said)
    bases = {name: show.count(row[name]) for name in ("d0", "d1", "entered", "exited")}
    parts.append(escape(words("overview.why_base", **bases)))
    return words.gap.join(part for part in parts if part)
