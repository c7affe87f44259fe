"""阵地经费人员: parks' service centres, funds against the standard, instructors against the minimum, recruits against the quota."""

from html import escape

import streamlit as st

from dashboards import cells, export
from dashboards.export import Book, Column
from dashboards.parts import card, cards, empty, heading, note, table, text
from dashboards.shell import Page, View
from dashboards.store import UNKNOWN
from data.contracts import metrics
from data.figures import Figure
from transforms import citation, show
from transforms.sector_words import sector_of

LEVELS = ("national", "provincial", "municipal", "all")
# Each figure with the source whose delivery it rests on most, for that is the one that is often carried over.
SOURCES = {
    "centre_rate": "park",
    "activity_funding": "funding",
    "allowance_funding": "funding",
    "instructor_staffing": "instructor",
    "recruit_rate": "recruit_quota",
}
MONEY = {"activity_funding": "means.activity", "allowance_funding": "means.allowance"}


def render(view: View) -> None:
    words, picture = view.words, view.picture
    if not any(picture.sectors(metric, "city") for metric in SOURCES):
        empty(words, "empty.no_units")
        return
    _standing(view)
    _districts(view)
    cells.download(view, lambda: book(view))
    _levels(view)
    _parks(view)
    _definitions(view)


def _of(view: View, metric: str, kind: str, code: str, sector: str = "all") -> Figure:
    return view.picture.figure(metric, kind, code, sector, "-")


def _places(view: View, kind: str) -> list[str]:
    return [code for each, code in view.picture.units if each == kind]


def _standing(view: View) -> None:
    words, picture = view.words, view.picture
    heading(words("means.standing"))
    view.said()
    made = [_centres(view)]
    for metric, title in MONEY.items():
        figure = _of(view, metric, "city", picture.city)
        made.append(_amount(view, metric, words(title), figure, words("unit.yuan"), ("means.short_yuan", "means.over_yuan")))
    made.append(_instructors(view))
    figure = _of(view, "recruit_rate", "city", picture.city)
    made.append(
        _amount(view, "recruit_rate", words("means.recruits"), figure, words("unit.people"), ("means.short_people", "means.over_people"))
    )
    cards(made)


def _below(view: View, metric: str, figure: Figure, code: bool = True) -> list[tuple[str, str]]:
    """The lines that every card ends with: why there is no figure, what was carried over, and the code."""
    words, picture = view.words, view.picture
    lines = [("", escape(words.reason(figure.reason)))] if figure.reason else []
    month = picture.manifest.get("carried", {}).get(SOURCES[metric])
    if month:
        lines.append(("", escape(words("means.carried", month=words.month(month), source=words.source(SOURCES[metric])))))
    return [*lines, ("", cells.code_of(view, metric, "city", picture.city, "all", "-"))] if code else lines


def _centres(view: View) -> str:
    words, picture = view.words, view.picture
    figure = _of(view, "centre_rate", "city", picture.city)
    lines = []
    if figure.exact is not None:
        rest = figure.denominator - figure.numerator
        lines.append(("worse" if rest else "better", _bold(words("means.centres_left", n=rest) if rest else words("means.centres_done"))))
    lines += [("", escape(said)) for said in _asked(view)]
    lines += _below(view, "centre_rate", figure)
    data = {"means": "centre_rate", "numerator": figure.numerator, "denominator": figure.denominator}
    return card(words("means.centres"), show.figure(figure), show.n_of_n(figure), lines, data)


def _bold(said: str) -> str:
    return f"<b>{escape(said)}</b>"


def _asked(view: View) -> list[str]:
    """The city's own targets for the centres, where it has set some."""
    words, found = view.words, view.picture.targets
    rows = [] if found is None else found.to_dicts()
    return [
        words("means.goal", target=show.figure(Figure(value=row["target"])), due=words.month(row["due"]))
        for row in rows
        if (row["metric"], row["unit_kind"], row["sector"]) == ("centre_rate", "city", "all")
    ]


def _amount(view: View, metric: str, title: str, figure: Figure, unit: str, said: tuple[str, str]) -> str:
    """Money or people against what there should be."""
    words, lines = view.words, []
    if figure.exact is not None:
        rest = figure.denominator - figure.numerator
        lines.append(("worse" if rest > 0 else "better", _bold(words(said[0] if rest > 0 else said[1], n=show.count(abs(rest))))))
    lines += _below(view, metric, figure)
    data = {"means": metric, "numerator": figure.numerator, "denominator": figure.denominator}
    return card(title, show.figure(figure), f"{show.n_of_n_headline(figure, words.lang)} {unit}", lines, data)


def met(figures: list[Figure]) -> tuple[int, int]:
    """How many places reach their minimum, of those that have one."""
    known = [figure for figure in figures if figure.exact is not None]
    return sum(figure.exact >= 1 for figure in known), len(known)


def _instructors(view: View) -> str:
    words = view.words
    districts, parks = ([_of(view, "instructor_staffing", kind, code) for code in _places(view, kind)] for kind in ("district", "park"))
    n, total = met(districts)
    lines = []
    lacking = next((figure for figure in districts if (figure.reason or "").startswith("source_missing")), Figure())
    if any(figure.exact is not None for figure in parks):
        of = met(parks)
        lines.append(("", escape(words("means.instructors_parks", n=of[0], total=of[1]))))
    lines += _below(view, "instructor_staffing", lacking, code=False)
    lines += [("", escape(words("means.codes_below")))] if total else []
    data = {"means": "instructor_staffing", "numerator": n, "denominator": total}
    value = f"{n}/{total}" if total else show.NOT_AVAILABLE
    return card(words("means.instructors"), value, words("means.instructors_districts"), lines, data)


def _districts(view: View) -> None:
    words, picture = view.words, view.picture
    heading(words("means.by_district"))
    view.said()
    note(words("means.by_district_said"))
    heads = [(words("means.district"), "w"), *((words.metric(metric), "n") for metric in SOURCES)]
    rows, marks = [[escape(words("means.city")), *_cells(view, "city", picture.city)]], ["line"]
    for code in sorted(_places(view, "district"), key=UNKNOWN.__eq__):  # what lies in no known district comes last
        rows.append([text(cells.place_name(view, "district", code)), *_cells(view, "district", code)])
        marks.append("")
    table(words("means.by_district"), heads, rows, marks)
    for metric in SOURCES:
        figures = [_of(view, metric, "district", code) for code in _places(view, "district")]
        missing = [figure for figure in figures if (figure.reason or "").startswith("source_missing")]
        if missing:
            note(words("means.lacking", metric=words.metric(metric), why=cells.why_none(view, missing)))


def _cells(view: View, kind: str, code: str) -> list[str]:
    """A place's five figures; — where a figure has no such kind of place (instructors of the city, of 000000)."""
    found = []
    for metric in SOURCES:
        none = _of(view, metric, kind, code).reason == "absent"
        found.append(show.NOT_APPLICABLE if none else cells.figure_cell(view, metric, kind, code, "all", "-"))
    return found


def _levels(view: View) -> None:
    words, picture = view.words, view.picture
    found = {level: _of(view, "centre_rate", "city", picture.city, level) for level in LEVELS}
    heading(words("means.levels"))
    view.said()
    if all(figure.value is None for figure in found.values()):
        note(words("means.lacking", metric=words.metric("centre_rate"), why=cells.why_none(view, list(found.values()))))
        return
    if words.lang == "zh":
        note(words("means.levels_said", why=metrics()["centre_rate"].why))
    heads = [
        (words("means.level"), "w"),
        (words("means.open_rate"), "n"),
        (words("means.not_open"), "n"),
    ]
    rows, marks = [], []
    for level, figure in found.items():
        name = words.of("sector", sector_of("centre_rate", level))
        rest = None if figure.numerator is None else figure.denominator - figure.numerator
        rows.append([escape(name), cells.figure_cell(view, "centre_rate", "city", picture.city, level, "-"), show.count(rest)])
        marks.append("line" if level == "all" else "")
    table(words("means.levels"), heads, rows, marks)


def _parks(view: View) -> None:
    words = view.words
    found = [(code, _of(view, "instructor_staffing", "park", code)) for code in _places(view, "park")]
    asked = [(code, figure) for code, figure in found if figure.exact is not None]
    if not asked:
        return
    heading(words("means.parks"))
    view.said()
    note(words("means.parks_said", n=len(found) - len(asked)))
    asked.sort(key=lambda each: (each[1].numerator - each[1].denominator, each[0]))
    heads = [
        (words("means.park"), "w"),
        (words("means.level"), "w"),
        (words("means.district"), "w"),
        (words("means.there"), "n"),
        (words("means.missing"), "n"),
        (words("means.figure"), "w"),
    ]
    rows = []
    for code, figure in asked:
        row = view.picture.units[("park", code)]
        rest = figure.denominator - figure.numerator
        rows.append(
            [
                text(row["name"]),
                escape(words.of("level", row["level"])) if row["level"] else "",
                text(cells.place_name(view, "district", row["parent_code"])),
                show.n_of_n(figure),
                show.count(rest) if rest > 0 else escape(words("means.reached")),
                cells.code_of(view, "instructor_staffing", "park", code, "all", "-"),
            ]
        )
    table(words("means.parks"), heads, rows)


def _definitions(view: View) -> None:
    words = view.words
    with st.expander(words("means.definition")):
        lines = ""
        for metric in SOURCES:
            above, below = words.sides(metrics()[metric])
            said = f"{above} / {below}"
            source = f"{words('compare.definition_source')}{words('mark.colon')}{metrics()[metric].source_document}"
            lines += f"<dt>{escape(words.metric(metric))}</dt><dd>{text(said)}<br><small>{text(source)}</small></dd>"
        st.html(f'<dl class="lx-definition">{lines}</dl>')


def book(view: View) -> Book:
    """The five figures of the city, the districts and the parks, whole numbers beside each."""
    words = view.words
    columns = [Column(words("means.kind")), Column(words("compare.code")), Column(words("means.unit"))]
    for metric in SOURCES:
        above, below = words.sides(metrics()[metric])
        name = words.metric(metric)
        columns.append(Column(name, metrics()[metric].unit))
        columns += [Column(f"{name} n", "count", above), Column(f"{name} N", "count", below), Column(f"{name} {words('code.name')}")]
    rows = []
    for kind in ("city", "district", "park"):
        for code in _places(view, kind):
            line = [words.of("kind", kind), code, cells.place_name(view, kind, code)]
            for metric in SOURCES:
                figure = _of(view, metric, kind, code)
                key = view.picture.metric_key(metric, kind, code, "all", "-")
                mark = citation.code(view.picture.period, view.picture.revision, "metrics", key.values()) if key else None
                line += [figure.value, figure.numerator, figure.denominator, mark]
            rows.append(line)
    cards = [metrics()[metric] for metric in SOURCES]
    return cells.book(view, columns, rows, [], export.definition_lines(words, cards))


PAGE = Page("means", ":material/handyman:", render)
