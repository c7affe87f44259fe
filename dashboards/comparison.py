"""What both comparisons share: places with their figure now and earlier, ranked bars, the table, the definition, the downloads.

What belongs here: parts of screens/districts.py and screens/parks.py. The ranking itself is in compare.py.
"""

from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from dashboards import cells, charts, export, show, store
from dashboards.compare import Place, earlier_figures, ranked
from dashboards.export import Book, Column
from dashboards.parts import cite_figure, empty, heading, note, table, text
from dashboards.shell import View, basis_words
from dashboards.show import ABSENT, Figure
from dashboards.store import Picture
from data.contracts import metrics
from data.periods import add_months
from transforms import citation


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
    codes = _earlier_codes(view, kind, before)
    find = lambda code: before.figure(metric, kind, code, sector, view.basis) if before else ABSENT  # noqa: E731
    old = earlier_figures(codes, find, card)
    found = [
        Place(
            row["unit_code"],
            row["name"],
            row.get("level"),
            view.picture.figure(metric, kind, row["unit_code"], sector, view.basis),
            old.get(row["unit_code"], ABSENT),
        )
        for row in units
    ]
    return ranked(found, card.direction, view.minimum)


def _earlier_codes(view: View, kind: str, before: Picture | None) -> dict[str, list[str]]:
    """code now -> the earlier codes that lead to it: where districts merged, several."""
    found: dict[str, list[str]] = {}
    if before is None:
        return found
    for each, code in before.units:
        if each == kind:
            found.setdefault(store.followed(view.home, code, view.picture.period) if kind == "district" else code, []).append(code)
    return found


def city_line(view: View) -> Figure:
    return view.picture.figure(view.metric, "city", view.picture.city, view.sector, view.basis)


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
    heading(words("compare.chart" if any(place.rank for place in found) else "compare.chart_plain"))
    view.said()
    said = words(f"compare.chart_said_{card.direction}")
    if any(place.why_unranked and place.figure.value for place in found):
        said += words("mark.next") + words("compare.chart_small", minimum=view.minimum)
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
    charts.draw(charts.bars(words, found, line, card.unit, card.direction), f"bars_{view.page.name}", alt)


def _why(view: View, found: list[Place]) -> str:
    reasons = {place.figure.reason for place in found if place.figure.reason}
    return view.words("mark.list").join(sorted(view.words.reason(reason) for reason in reasons))


def draw_table(view: View, found: list[Place], lines: list[Line], before: Picture | None, said: str) -> None:
    """The same figures as a table with n/N; `lines` are the city's and the zones', above the places."""
    words, unit = view.words, view.card.unit
    heading(words("compare.table"))
    view.said()
    if said:
        note(said)
    points = words("compare.change_unit") if unit == "rate" else ""
    changed = words("compare.change_from", month=words.month(before.period)) if before else words("compare.change")
    park = view.page.kind == "park"
    heads = [
        (words("compare.rank"), "n"),
        (words("compare.place"), "w"),
        *([(words("compare.level"), "w")] if park else []),
        (words("compare.value"), "n"),
        ("n/N", "n"),
        (words("compare.gap") + points, "n"),
        (changed + points, "n"),
        (words("compare.n_change"), "n"),
        (words("compare.d_change"), "n"),
        (words("compare.note"), "w"),
        (words("code.name"), "w"),
    ]
    city = lines[0].figure
    rows, marks = [], []
    for line in lines:
        cells = [*_cells(view, line.figure, line.before, city), _note(view, line.figure, None), _cited(view, line.kind, line.code)]
        rows.append(["", text(line.name), *([""] if park else []), *cells])
        marks.append("line")
    for place in found:
        level = [escape(words.of("level", place.level)) if place.level else ""] if park else []
        rank = str(place.rank) if place.rank else show.NOT_APPLICABLE if view.card.direction != "none" else ""
        cells = [*_cells(view, place.figure, place.before, city), _note(view, place.figure, place.why_unranked)]
        rows.append([rank, text(place.name), *level, *cells, _cited(view, view.page.kind, place.code)])
        marks.append("quiet" if place.why_unranked else "")
    table(words("compare.table"), heads, rows, marks)


def _cited(view: View, kind: str, code: str) -> str:
    return cite_figure(view.words, view.picture, view.metric, kind, code, view.sector, view.basis)


def draw_basis_moves(view: View, found: list[Place]) -> None:
    """On a trial basis: whose rank is another than on the signed one."""
    if view.basis in (view.signed, "-") or view.card.direction == "none":
        return
    words = view.words
    heading(words("compare.moves"))
    view.said()
    signed = {place.code: place for place in places(replace(view, basis=view.signed), view.page.kind, None)}
    moved = [(signed[place.code], place) for place in found if place.rank != signed[place.code].rank]
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
    rows = [
        [text(now.name), *_ranked(view, before), *_ranked(view, now), _rank_change(view, before.rank, now.rank)] for before, now in moved
    ]
    table(words("compare.moves"), heads, rows)


def _ranked(view: View, place: Place) -> list[str]:
    rank = str(place.rank) if place.rank else show.NOT_APPLICABLE
    return [rank, f"{show.figure(place.figure, view.card.unit)} <small>{show.n_of_n(place.figure)}</small>"]


def _rank_change(view: View, before: int | None, now: int | None) -> str:
    if before is None or now is None:
        return escape(view.words("compare.rank_lost" if now is None else "compare.rank_gained"))
    return f"{'▲' if now < before else '▼'} {abs(before - now)}"


def _cells(view: View, now: Figure, old: Figure, city: Figure) -> list[str]:
    unit, direction = view.card.unit, view.card.direction
    difference = show.change(now, old)
    arrow, tone = show.arrow(difference, direction), show.tone(difference, direction)
    return [
        show.figure(now, unit),
        show.n_of_n(now),
        show.points(show.change(now, city), unit),
        f'<span class="{tone}">{arrow} {show.points(difference, unit)}</span>' if difference is not None else show.NOT_AVAILABLE,
        show.signed(_less(now.numerator, old.numerator)),
        show.signed(_less(now.denominator, old.denominator)),
    ]


def _less(now: int | None, old: int | None) -> int | None:
    return None if now is None or old is None else now - old


def _note(view: View, now: Figure, why: str | None) -> str:
    if now.reason:
        return escape(view.words.reason(now.reason))
    return escape(view.words(f"unranked.{why}", minimum=view.minimum)) if why else ""


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
            ("compare.definition_log", words("mark.stop").join(card.change_log)),
        ]
        body = "".join(f"<dt>{escape(words(name))}</dt><dd>{text(value)}</dd>" for name, value in lines if value)
        st.html(f'<dl class="lx-definition">{body}</dl>')


def downloads(view: View, found: list[Place], lines: list[Line], before: Picture | None) -> None:
    words = view.words
    one, two, _ = st.columns([1, 1, 3], gap="small")
    # Made when the button is pressed, so that a page that is only read costs nothing.
    one.download_button(
        words("download.xlsx"),
        lambda: export.book_bytes(_book(view, found, lines, before)),
        f"{view.file_stem}_{view.metric}.xlsx",
        mime=cells.XLSX,
        on_click="ignore",
        width="stretch",
        type="primary",
        key="xlsx",
    )
    two.download_button(
        words("download.csv"),
        lambda: export.csv_bytes(_book(view, found, lines, before)),
        f"{view.file_stem}_{view.metric}.csv",
        mime="text/csv",
        on_click="ignore",
        width="stretch",
        key="csv",
    )


def _book(view: View, found: list[Place], lines: list[Line], before: Picture | None) -> Book:
    words, unit = view.words, view.card.unit
    month = words("compare.change_from", month=words.month(before.period)) if before else words("compare.change")
    points = words("compare.change_unit") if unit == "rate" else ""
    kind = "points" if unit == "rate" else "ratio"
    above, below = words.sides(view.card)
    columns = [
        Column(words("compare.rank"), "count"),
        Column(words("compare.code")),
        Column(words("compare.place")),
        Column(words("compare.level")),
        Column(words("compare.value"), unit, words.metric(view.metric)),
        Column(words("compare.numerator"), "count", above),
        Column(words("compare.denominator"), "count", below),
        Column(words("compare.gap") + points, kind),
        Column(month + points, kind),
        Column(words("compare.n_change"), "count"),
        Column(words("compare.d_change"), "count"),
        Column(words("compare.note")),
        Column(words("code.name")),
    ]
    city = lines[0].figure
    rows = [
        [
            None,
            "",
            line.name,
            "",
            *_numbers(view, line.figure, line.before, city),
            words.reason(line.figure.reason) if line.figure.reason else "",
        ]
        + [_code(view, line.kind, line.code)]
        for line in lines
    ]
    for place in found:
        why = (
            words.reason(place.figure.reason)
            if place.figure.reason
            else words(f"unranked.{place.why_unranked}", minimum=view.minimum)
            if place.why_unranked
            else ""
        )
        level = words.of("level", place.level) if place.level else ""
        numbers = _numbers(view, place.figure, place.before, city)
        rows.append([place.rank, place.code, place.name, level, *numbers, why, _code(view, view.page.kind, place.code)])
    notes = [
        (words(f"{view.page.name}.title"), words(f"{view.page.name}.lead")),
        *view.filters,
        (words("export.legend"), words("foot.legend")),
    ]
    sheets = tuple(words(f"export.sheet_{name}") for name in ("data", "notes", "definitions", "version"))
    return Book(
        columns, rows, notes, export.definition_lines(words, [view.card]), export.version_lines(words, view.picture.release), sheets
    )


def _code(view: View, kind: str, code: str) -> str:
    """The code of a figure as text."""
    key = view.picture.metric_key(view.metric, kind, code, view.sector, view.basis)
    return citation.code(view.picture.period, view.picture.revision, "metrics", key.values()) if key else ""


def _numbers(view: View, now: Figure, old: Figure, city: Figure) -> list:
    factor = 100 if view.card.unit == "rate" else 1
    differences = [show.change(now, city), show.change(now, old)]
    return [
        now.value,
        now.numerator,
        now.denominator,
        *(None if each is None else float(each * factor) for each in differences),
        _less(now.numerator, old.numerator),
        _less(now.denominator, old.denominator),
    ]
