"""底数核验: the three registers against each other, what share of the registered they bear out, and how many units truly operate."""

from fractions import Fraction
from html import escape

import streamlit as st

from dashboards import cells, charts, choices, export, pictures, registers, store, unit_choice, unit_list, unregistered
from dashboards.charts import Cell, Trend
from dashboards.export import Book, Column
from dashboards.parts import card, cards, cite, code_of, empty, heading, note, text
from dashboards.registers import CELLS, LISTS, Base
from dashboards.shell import Page, View
from dashboards.store import Picture
from dashboards.unit_choice import Chosen
from dashboards.unit_list import Field
from dashboards.unregistered import Unregistered
from data.figures import ABSENT
from transforms import show

NO_LIST = "none"
COUNTS = ("registered", "taxpayers", "insured", "both_lists", "corroborated", "verified", "ratio_base")


def render(view: View) -> None:
    words = view.words
    with st.container(width=420):
        unit = unit_choice.choose(view)
    base = _base(view.picture, unit)
    if base is None:
        choices.keep("cell", NO_LIST)
        empty(words, "base_numbers.no_row", name=unit.name)
        return
    _headline(view, unit, base)
    left, right = st.columns(2, gap="medium")
    outside = unregistered.unregistered(view.picture, unit.kind, unit.code)
    offered = (NO_LIST, *CELLS, *(unregistered.CELLS if _drawn(unit, outside) else ()))
    chosen = choices.settle("cell", offered, NO_LIST)
    with left:
        _registers(view, unit, base, chosen, outside)
    with right:
        _estimate(view, unit, base)
    _units(view, unit, base, outside, offered)
    _over_time(view, unit)
    _places(view)
    _method(view)


def _base(picture: Picture, unit: Chosen) -> Base | None:
    row = picture.base_numbers(unit.kind, unit.code)
    return Base(row) if row else None


def _ratio(view: View) -> Fraction:
    # As it was when the release was made; one older than this entry is shown with today's.
    return Fraction(view.picture.manifest.get("recognition_ratio") or view.home.settings.recognition_ratio)


def _ratio_words(view: View) -> str:
    """`10%`, `7.5%`: the ratio as the settings have it."""
    return f"{show.half_up(_ratio(view) * 100, 1).normalize():f}%"


def _lacking(view: View, unit: Chosen) -> str:
    """The lists that are missing, in words; empty where all are there."""
    missing = view.picture.manifest.get("missing", ())
    names = [name for name in (*LISTS, *(("park",) if unit.kind == "park" else ())) if name in missing]
    return view.words("mark.list").join(view.words.source(name) for name in names)


def _headline(view: View, unit: Chosen, base: Base) -> None:
    words, row = view.words, base.row
    heading(words("base_numbers.headline"))
    view.said(unit.name, words.of("sector", registers.SECTOR))
    lacking = _lacking(view, unit)
    why = [("", escape(words("why.source_missing", source=lacking)))] if lacking else []
    code = lambda column: ("", cite(words, view.picture, "base_numbers", row, column))  # noqa: E731
    ratio = _ratio_words(view)
    made = [
        card(
            words("base_numbers.measured"),
            show.figure(base.measured),
            show.n_of_n(base.measured),
            [
                *([] if base.measured.exact is not None else why),
                code("measured_ratio"),
                ("", _beside(view, base)),
                (
                    "",
                    escape(
                        words("base_numbers.by_ratio_of", n=show.count(row["registered"]), ratio=ratio, base=show.count(row["ratio_base"]))
                    ),
                ),
                code("ratio_base"),
            ],
            {"base": "measured", "numerator": row["corroborated"], "denominator": row["registered"]},
            words("base_numbers.measured_said"),
        ),
        card(
            words("base_numbers.verified"),
            show.figure(base.verified),
            show.n_of_n(base.verified),
            [*([] if base.verified.exact is not None else why), code("verified")],
            {"base": "verified", "numerator": row["verified"], "denominator": row["registered"]},
            words("base_numbers.verified_said"),
        ),
        card(
            words("base_numbers.estimate"),
            _whole(row["estimate"]),
            f"{_whole(row['low'])}–{_whole(row['high'])} {words('unit.units')}" if row["estimate"] is not None else "",
            [("", escape(_neither(view, base))), *([] if row["estimate"] is not None else why), code("estimate")],
            {"base": "estimate", "value": _whole(row["estimate"])},
            words("base_numbers.estimate_said"),
        ),
    ]
    cards(made)
    note(words("base_numbers.never_ranked"))
    carried = view.picture.manifest.get("carried", {})
    found = [
        words("base_numbers.carried_one", source=words.source(name), month=words.month(carried[name])) for name in LISTS if name in carried
    ]
    if found:
        note(words("base_numbers.carried", sources=words("mark.stop").join(found)))


def _beside(view: View, base: Base) -> str:
    words = view.words
    gap = base.beside(_ratio(view))
    if gap is None:
        return escape(words("base_numbers.not_beside", ratio=_ratio_words(view)))
    return f"{escape(words('base_numbers.beside', ratio=_ratio_words(view)))} <b>{show.points(gap)} {escape(words('unit.points'))}</b>"


def _whole(number: float | None) -> str:
    return show.count(None if number is None else int(show.half_up(number)))


def _band(view: View, base: Base) -> str:
    return view.words("base_numbers.band", low=_whole(base.row["low"]), high=_whole(base.row["high"]))


def _neither(view: View, base: Base) -> str:
    if base.on_neither is None:
        return view.words("base_numbers.neither_unknown")
    return view.words("base_numbers.neither", n=_whole(base.on_neither), known=show.count(base.row["corroborated"]))


def _drawn(unit: Chosen, outside: Unregistered) -> bool:
    """Whether the picture has rows of the unregistered: a district that none is known to lie in has none, which is not 0."""
    return outside.rows is not None and (unit.kind == "city" or outside.rows.height > 0)


def _registers(view: View, unit: Chosen, base: Base, chosen: str, outside: Unregistered) -> None:
    words = view.words
    heading(words("base_numbers.registers"))
    view.said(unit.name, words.of("sector", registers.SECTOR))
    cells = base.cells
    if None in cells.values():
        empty(words, "base_numbers.no_cells", names=_lacking(view, unit))
        return
    note(words("base_numbers.registers_said"))
    heads = [words(f"base_numbers.list_{name}") for name in LISTS]
    rows = []
    for name, size in cells.items():
        share = base.of_registered(size)
        rows.append(Cell(name, words.of("cells", name), (True, *CELLS[name]), size, f"{show.count(size)}  {show.figure(share)}"))
    if _drawn(unit, outside):
        for name, size in outside.sizes.items():
            rows.append(Cell(name, words.of("cells", name), (False, *unregistered.CELLS[name]), size, show.count(size)))
    alt = words("base_numbers.registers_alt", said=words("mark.list").join(f"{row.name} {show.count(row.size)}" for row in rows))
    key = "_".join(("registers", view.picture.period, unit.kind, unit.code, chosen))
    saved = pictures.saved(view, words("base_numbers.registers"), "registers", unit.name, words.of("sector", registers.SECTOR))
    charts.draw(charts.memberships(heads, rows, chosen), key, alt, lambda name: choices.pick("cell", name), saved=saved)
    note(f"{words('base_numbers.registered')}{words('mark.colon')}{_sum(base)}")
    unregistered.say(view, unit.kind, unit.code, outside)
    ways = unregistered.links(view, unit.kind, unit.code, outside)
    if ways:
        st.html(f'<p class="lx-note">{ways}</p>')


def _sum(base: Base) -> str:
    """`304 + 54 + 49 + 64 = 471`."""
    return f"{' + '.join(show.count(size) for size in base.cells.values())} = {show.count(base.row['registered'])}"


def _estimate(view: View, unit: Chosen, base: Base) -> None:
    """The estimate in words: from what it is made, how far it reaches, and what it is not for."""
    words, row = view.words, base.row
    heading(words("base_numbers.how_many"))
    view.said(unit.name, words.of("sector", registers.SECTOR))
    if row["estimate"] is None:
        empty(words, "base_numbers.no_estimate", "base_numbers.no_cells_do", names=_lacking(view, unit))
        return
    numbers = {name: show.count(row[column]) for name, column in (("tax", "taxpayers"), ("insured", "insured"), ("both", "both_lists"))}
    lines = [
        words("base_numbers.made_from", **numbers),
        words("base_numbers.comes_to", estimate=_whole(row["estimate"]), low=_whole(row["low"]), high=_whole(row["high"])),
        words(
            "base_numbers.against",
            corroborated=show.count(row["corroborated"]),
            n=_whole(base.on_neither),
            registered=show.count(row["registered"]),
        ),
    ]
    st.html("".join(f'<p class="lx-said">{escape(line)}</p>' for line in lines))
    if row["low"] > row["registered"]:
        note(words("base_numbers.over"))
    note(words("base_numbers.assumes"))
    note(words("base_numbers.not_for"))


def _units(view: View, unit: Chosen, base: Base, outside: Unregistered, offered: tuple[str, ...]) -> None:
    words = view.words
    cells = base.cells | outside.sizes
    if None in base.cells.values():
        choices.keep("cell", NO_LIST)
        return
    heading(words("base_numbers.list"))
    say = lambda name: words("base_numbers.list_none") if name == NO_LIST else f"{words.of('cells', name)} · {show.count(cells[name])}"  # noqa: E731
    name = choices.choose(words("choose.cell"), "cell", offered, NO_LIST, say)
    if name == NO_LIST:
        note(words("base_numbers.list_how"))
        return
    title = words.of("cells", name)
    sector = words.of("sector", registers.SECTOR) if name in CELLS else words("base_numbers.out_sector")
    view.said(unit.name, sector, f"{title}{words('mark.colon')}{show.count(cells[name])}")
    if not cells[name]:
        empty(words, "base_numbers.list_empty")
        return
    if name in unregistered.CELLS:
        note(words("base_numbers.do_out"))
        unregistered.draw(view, title, outside, name)
        return
    note(words(f"base_numbers.do_{name}"))
    rows = registers.units(view.picture.census(), unit.kind, unit.code, name)
    about = [(words("choose.unit"), unit.name), (words("choose.cell"), title)]
    unit_list.draw(view, title, rows, _fields(view), about, f"{unit.kind}_{unit.code}_{name}")


def _fields(view: View) -> list[Field]:
    words = view.words
    name_of = lambda kind, code: view.picture.units.get((kind, code), {}).get("name", code) if code else ""  # noqa: E731
    covered = {True: words("units.yes"), False: words("units.no"), None: None}
    return [
        Field(words("units.name"), "l", "text", lambda row: row["name"] or ""),
        Field(words("units.uscc"), "w", "text", lambda row: row["uscc"]),
        Field(words("units.district"), "w", "text", lambda row: name_of("district", row["district_code"])),
        Field(words("units.park"), "w", "text", lambda row: name_of("park", row["park_code"])),
        Field(words("units.founded"), "w", "text", lambda row: row["founded_on"].isoformat() if row["founded_on"] else None),
        Field(words("units.employees"), "n", "count", lambda row: cells.employees(view, row["employees"])),
        Field(words("units.covered"), "w", "text", lambda row: covered[row["covered"]]),
    ]


def _over_time(view: View, unit: Chosen) -> None:
    words = view.words
    months = store.thirteen_months(view.home, view.picture)
    names = [month for month, _ in months]
    found = [_base(picture, unit) if picture else None for _, picture in months]
    left, right = st.columns(2, gap="medium")
    with left:
        heading(words("base_numbers.rate_over_time"))
        view.said(unit.name, words.of("sector", registers.SECTOR))
        figures = [base.measured if base else ABSENT for base in found]
        ratio = float(_ratio(view) * 100)
        measured = Trend(
            words("base_numbers.measured"),
            [None if figure.value is None else figure.value * 100 for figure in figures],
            [f"{words.month(month)} {show.figure(figure)} ({show.n_of_n(figure)})" for month, figure in zip(names, figures, strict=True)],
        )
        assumed = Trend(words("base_numbers.assumed", ratio=_ratio_words(view)), [ratio] * len(names), [_ratio_words(view)] * len(names))
        title = words("base_numbers.rate_over_time")
        charts.draw(
            charts.trends(words, names, [measured, assumed], "%"),
            "rate_over_time",
            title,
            saved=pictures.saved(view, title, "rate", unit.name),
        )
    with right:
        heading(words("base_numbers.count_over_time"))
        view.said(unit.name, words.of("sector", registers.SECTOR))
        lines = [
            _trend(view, names, found, "estimate", with_band=True),
            *(_trend(view, names, found, name) for name in ("corroborated", "verified", "ratio_base")),
        ]
        title = words("base_numbers.count_over_time")
        charts.draw(charts.trends(words, names, lines), "count_over_time", title, saved=pictures.saved(view, title, "count", unit.name))
    gaps = [words.month(month) for month, picture in months if picture is None]
    if gaps:
        note(words("base_numbers.gaps", n=len(gaps)))


def _trend(view: View, months: list[str], found: list[Base | None], column: str, with_band: bool = False) -> Trend:
    words = view.words
    value = lambda name: [base.row[name] if base else None for base in found]  # noqa: E731
    said = []
    for month, base in zip(months, found, strict=True):
        number = _whole(base.row[column]) if base else show.NOT_AVAILABLE
        said.append(f"{words.month(month)} {number}{_band(view, base) if with_band and base and base.row[column] is not None else ''}")
    name = words("base_numbers.by_ratio", ratio=_ratio_words(view)) if column == "ratio_base" else words(f"base_numbers.line_{column}")
    bands = (value("low"), value("high")) if with_band else (None, None)
    return Trend(name, value(column), said, *bands)


def _places(view: View) -> None:
    """Every place in a table, in order of code: the lists are looked at, not the places."""
    words = view.words
    found = [(unit, base) for unit in unit_choice.all_units(view) if (base := _base(view.picture, unit))]
    heading(words("base_numbers.places"))
    view.said(words.of("sector", registers.SECTOR))
    note(words("base_numbers.places_said", ratio=_ratio_words(view)))
    ratio = words("base_numbers.by_ratio", ratio=_ratio_words(view))
    heads = [(words("base_numbers.place"), "w")]
    heads += [(words(f"base_numbers.{name}"), "n") for name in ("registered", "taxpayers", "insured", "both_lists", "measured")]
    heads += [
        (ratio, "n"),
        *((words(f"base_numbers.{name}"), "n") for name in ("gap", "verified", "estimate_band")),
        (words("base_numbers.code"), "w"),
    ]
    cells.places_table(view, words("base_numbers.places"), heads, [(unit, _place_cells(view, unit, base)) for unit, base in found])
    cells.download(view, lambda: _book(view, found))


def _place_cells(view: View, unit: Chosen, base: Base) -> list[str]:
    row = base.row
    both = lambda figure: f"{show.figure(figure)}<br><small>{show.n_of_n(figure)}</small>"  # noqa: E731
    band = f"{_whole(row['low'])}–{_whole(row['high'])}" if row["estimate"] is not None else ""
    return [
        text(unit.name),
        *(show.count(row[name]) for name in ("registered", "taxpayers", "insured", "both_lists")),
        both(base.measured),
        show.count(row["ratio_base"]),
        show.points(base.beside(_ratio(view))),
        both(base.verified),
        f"{_whole(row['estimate'])}<br><small>{band}</small>",
        cite(view.words, view.picture, "base_numbers", row),
    ]


def _book(view: View, found: list[tuple[Chosen, Base]]) -> Book:
    """The table as published, with the four cells that are made of it."""
    words = view.words
    heads = {name: words(f"base_numbers.{name}") for name in COUNTS[:-1]} | {
        "ratio_base": words("base_numbers.by_ratio", ratio=_ratio_words(view))
    }
    columns = [Column(words("compare.code")), Column(words("base_numbers.place")), *(Column(heads[name], "count", name) for name in COUNTS)]
    columns.append(Column(words("base_numbers.measured"), "rate", "measured_ratio"))
    columns += [Column(words(f"base_numbers.{name}"), "ratio", name) for name in ("estimate", "low", "high")]
    columns += [Column(words.of("cells", name), "count") for name in CELLS]
    columns += [Column(words.of("cells", name), "count", words("base_numbers.out_said")) for name in unregistered.CELLS]
    columns.append(Column(words("base_numbers.code")))
    outside = lambda unit: unregistered.unregistered(view.picture, unit.kind, unit.code)  # noqa: E731
    rows = [
        [
            unit.code,
            unit.name,
            *(base.row[name] for name in (*COUNTS, "measured_ratio", "estimate", "low", "high")),
            *base.cells.values(),
            *(outside(unit).sizes.values() if _drawn(unit, outside(unit)) else [None] * len(unregistered.CELLS)),
            code_of(view.picture, "base_numbers", base.row),
        ]
        for unit, base in found
    ]
    notes = [
        *view.filters,
        (words("choose.sector"), words.of("sector", registers.SECTOR)),
        (words("base_numbers.purpose"), words("base_numbers.never_ranked")),
    ]
    notes.append((words("export.legend"), words("foot.legend")))
    sheets = tuple(words(f"export.sheet_{each}") for each in ("data", "notes", "definitions", "version"))
    return Book(columns, rows, notes, _definitions(view), export.version_lines(words, view.picture.release), sheets)


def _definitions(view: View) -> list[list[str]]:
    words, ratio = view.words, _ratio_words(view)
    lines = [[words(f"base_numbers.{name}"), words(f"base_numbers.{name}_is")] for name in ("measured", "verified", "estimate")]
    return [*lines, [words("base_numbers.by_ratio", ratio=ratio), words("base_numbers.by_ratio_is", ratio=ratio)]]


def _method(view: View) -> None:
    with st.expander(view.words("compare.definition")):
        body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>" for name, what in _definitions(view))
        st.html(f'<dl class="lx-definition">{body}</dl>')


PAGE = Page("base_numbers", ":material/fact_check:", render, ("unit", "cell"), lists=True)
