"""What the comparisons share: places with their figure now and earlier, ranked bars, the definition.

What belongs here: parts of the pages that compare. The ranking itself is in compare.py, the table in comparison_table.py.
"""

from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboards import charts, pictures, store
from dashboards.parts import empty, heading, note, text
from dashboards.shell import View
from dashboards.store import Picture
from data.contracts import metrics
from data.figures import ABSENT, Figure
from data.periods import add_months
from transforms import show
from transforms.compare import Place, earlier_figures, ranked


@dataclass(frozen=True)
class Line:
    """A line above the places: the city, or a zone, with its figure now and earlier."""

    name: str
    kind: str
    code: str
    figure: Figure
    before: Figure


def line_of(view: View, kind: str, code: str, name: str, before: Picture | None) -> Line:
    old = before.figure(view.metric, kind, before.city if kind == "city" else code, view.sector, view.basis) if before else ABSENT
    return Line(name, kind, code, view.picture.figure(view.metric, kind, code, view.sector, view.basis), old)


def places(view: View, kind: str, before: Picture | None, metric: str | None = None, sector: str | None = None) -> list[Place]:
    """Every unit of a kind with its figure now and in an earlier release, ranked."""
    metric, sector = metric or view.metric, sector or view.sector
    card = metrics()[metric]
    units = [row for (each, _), row in view.picture.units.items() if each == kind]
    codes = earlier_codes(view, kind, before)
    find = lambda code: before.figure(metric, kind, code, sector, view.basis) if before else ABSENT  # noqa: E731
    old = earlier_figures(codes, find, card)
    found = [
        Place(
            row["unit_code"],
            view.words.place(row["unit_code"], row["name"]),
            row.get("level"),
            view.picture.figure(metric, kind, row["unit_code"], sector, view.basis),
            old.get(row["unit_code"], ABSENT),
        )
        for row in units
    ]
    return ranked(found, card.direction, view.minimum, card.within_one, view.reader.whole)


def earlier_codes(view: View, kind: str, before: Picture | None) -> dict[str, list[str]]:
    """code now -> the earlier codes that lead to it: where districts merged, several."""
    found: dict[str, list[str]] = {}
    if before is None:
        return found
    for each, code in before.units:
        if each == kind:
            found.setdefault(store.followed(view.home, code, view.picture.period) if kind == "district" else code, []).append(code)
    return found


def city_line(view: View) -> Figure:
    return city_figure(view, view.picture)


def city_figure(view: View, picture: Picture) -> Figure:
    return picture.figure(view.metric, "city", picture.city, view.sector, view.basis)


def compared(view: View) -> tuple[Picture | None, str]:
    """The release compared with, and in words which month that is and why."""
    words, year = view.words, words_year(view)
    before, is_year = store.compared_with(view.home, view.picture)
    if before is None:
        return None, words("compare.no_month", year=year)
    if is_year:
        return before, ""
    return before, words("compare.previous_month", year=year, month=words.month(before.period))


def words_year(view: View) -> str:
    return view.words.month(add_months(view.picture.period, -12))


def draw_bars(view: View, found: list[Place], line: Figure) -> None:
    words, card = view.words, view.card
    title = "compare.chart" if any(place.rank for place in found) else "compare.chart_plain"
    heading(words(title))
    view.said()
    said = words(f"compare.chart_said_{card.direction}")
    if any(place.rank for place in found):
        said += words.gap + words("compare.chart_bands" if card.within_one else "compare.chart_no_bands")
    if len({place.band for place in found if place.rank}) == 1 < sum(place.rank is not None for place in found):
        said += words.gap + words("compare.chart_one_band")
    if any(place.set_aside and place.figure.value is not None for place in found):
        said += words.gap + words("compare.chart_small", minimum=view.minimum)
    if any(place.why_unranked == "not_whole" for place in found):
        said += words.gap + words("compare.chart_not_whole")
    note(said)
    if not any(place.figure.value is not None for place in found):
        empty(words, "compare.no_values", "empty.no_units_do", why=_why(view, found))
        return
    leader = next((place for place in found if place.rank), None)
    alt = words(
        "compare.alt",
        metric=words.metric(view.metric),
        line=show.figure(line, card.unit),
        first=leader.name if leader else show.NOT_APPLICABLE,
    )
    charts.draw(
        charts.bars(words, found, line, card.unit, card.direction),
        f"bars_{view.page.name}",
        alt,
        saved=pictures.saved(view, words(title), "bars", said),
    )


def _why(view: View, found: list[Place]) -> str:
    reasons = {place.figure.reason for place in found if place.figure.reason}
    return view.words("mark.list").join(sorted(view.words.reason(reason) for reason in reasons))


def definition(view: View) -> None:
    """The card of the metric: what is counted, after which document, since which version."""
    words, card = view.words, view.card
    above, below = words.sides(card)
    with st.expander(words("compare.definition")):
        lines = [
            ("compare.definition_n", above),
            ("compare.definition_d", below),
            ("compare.definition_source", card.source_document),
            ("compare.definition_why", card.why),
            ("compare.definition_log", words("mark.stop").join(words.change_log(card))),
        ]
        body = "".join(f"<dt>{escape(words(name))}</dt><dd>{text(value)}</dd>" for name, value in lines if value)
        st.html(f'<dl class="lx-definition">{body}</dl>')
