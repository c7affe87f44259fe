"""摸底: how far the survey has come and how much of it is clear on all five points, by district, park, sector and month."""

from fractions import Fraction
from html import escape

import polars as pl

from dashboards import cells, charts, comparison, export, pictures, store
from dashboards.basis_moves import draw_basis_moves
from dashboards.export import Book, Column, Sheet, sheet_names
from dashboards.parts import card, cards, code_of, empty, heading, note, table, text
from dashboards.shell import Page, View
from dashboards.store import Picture
from data.contracts import metrics
from data.figures import ABSENT, Figure
from transforms import show
from transforms.compare import Place, band_words, behind

RATE, CLEAR = "survey_rate", "five_clears"
SECTORS = ("enterprise", "social_org")


def render(view: View) -> None:
    words = view.words
    now = _city(view, view.picture, RATE)
    before, _ = store.compared_with(view.home, view.picture)
    heading(words("survey.standing"))
    view.said()
    if now.value is None:
        empty(words, "survey.none", why=words.reason(now.reason or "absent"))
        _lines(view)
        return
    _cards(view, before)
    _lines(view)
    _parts(view)
    _districts(view, before)
    _parks(view, before)
    _to_do(view)


def _city(view: View, picture: Picture, metric: str) -> Figure:
    return picture.figure(metric, "city", picture.city, view.sector, view.basis)


def unsurveyed(rate: Figure) -> int | None:
    """How many units are left to survey."""
    return None if rate.numerator is None or rate.denominator is None else rate.denominator - rate.numerator


def unclear(rate: Figure, clear: Figure) -> int | None:
    """How many were surveyed and are not clear on all five."""
    return None if rate.numerator is None or clear.numerator is None else rate.numerator - clear.numerator


def _cards(view: View, before: Picture | None) -> None:
    words, picture = view.words, view.picture
    small = f"{view.sector_words} · {view.basis_words}"
    made = []
    for metric in (RATE, CLEAR):
        now = _city(view, picture, metric)
        lines = []
        difference = show.change(now, _city(view, before, metric)) if before else None
        if difference is not None:
            said = f"{show.arrow(difference, 'up')} {show.points(difference)} {words('unit.points')}"
            month = escape(words("survey.against", month=words.month(before.period)))
            lines.append((show.tone(difference, "up"), f"{month} <b>{escape(said)}</b>"))
        lines.append(("", cells.code_of(view, metric, "city", picture.city, view.sector, view.basis)))
        data = {"survey": metric, "numerator": now.numerator, "denominator": now.denominator}
        made.append(card(words.metric(metric), show.figure(now), show.n_of_n(now), lines, data, small))
    rate, clear = _city(view, picture, RATE), _city(view, picture, CLEAR)
    left, vague = unsurveyed(rate), unclear(rate, clear)
    unit = words("unit.units")
    made.append(card(words("survey.left"), show.count(left), unit, [("", escape(words("survey.left_of")))], {"survey": "left"}, small))
    made.append(
        card(words("survey.unclear"), show.count(vague), unit, [("", escape(words("survey.unclear_of")))], {"survey": "unclear"}, small)
    )
    cards(made)


def _lines(view: View) -> None:
    words = view.words
    months = store.thirteen_months(view.home, view.picture)
    series = [
        (words.metric(metric), "rate", [_city(view, picture, metric) if picture else ABSENT for _, picture in months])
        for metric in (RATE, CLEAR)
    ]
    known = sum(figure.value is not None for figure in series[0][2])
    if known < 2:
        return
    heading(words("survey.lines"))
    view.said()
    saved = pictures.saved(view, words("survey.lines"), "months")
    charts.draw(charts.lines(words, [month for month, _ in months], series), "survey_lines", words("survey.lines_alt"), saved=saved)
    if known < len(months):
        note(words("survey.lines_gap"))


def _parts(view: View) -> None:
    """By sector, and inside against outside the parks."""
    words, picture = view.words, view.picture
    heading(words("survey.parts"))
    view.said()
    wanted = [("city", picture.city, sector, words.of("sector", sector)) for sector in (*SECTORS, "all")]
    zones = [(code, name) for code, name in (("in_park", "zone.in_park"), ("out_park", "zone.out_park")) if ("zone", code) in picture.units]
    wanted += [("zone", code, view.sector, f"{view.sector_words} · {words(name)}") for code, name in zones]
    rows = []
    for kind, code, sector, name in wanted:
        rows.append([escape(name), *_figures(view, kind, code, sector)])
    table(words("survey.parts"), [(words("survey.part"), "w"), *_heads(view)], rows)


def _heads(view: View) -> list[tuple[str, str]]:
    words = view.words
    return [(words.metric(RATE), "n"), (words.metric(CLEAR), "n"), (words("survey.left"), "n"), (words("survey.unclear"), "n")]


def _figures(view: View, kind: str, code: str, sector: str | None = None) -> list[str]:
    """Both rates of a place, and what is left to do there."""
    sector = sector or view.sector
    rate, clear = (view.picture.figure(metric, kind, code, sector, view.basis) for metric in (RATE, CLEAR))
    return [
        cells.figure_cell(view, RATE, kind, code, sector, view.basis),
        cells.figure_cell(view, CLEAR, kind, code, sector, view.basis),
        show.count(unsurveyed(rate)),
        show.count(unclear(rate, clear)),
    ]


def _districts(view: View, before: Picture | None) -> None:
    words = view.words
    found = comparison.places(view, "district", before, RATE)
    line = _city(view, view.picture, RATE)
    heading(words("survey.districts"))
    view.said(words.metric(RATE))
    note(_lag(view, found, line))
    note(words("survey.small", minimum=view.minimum))
    saved = pictures.saved(view, words("survey.districts"), "districts")
    charts.draw(charts.bars(words, found, line, "rate", "up"), "survey_districts", words("survey.districts_alt"), saved=saved)
    _place_table(view, "district", found, before, words("survey.districts"))
    draw_basis_moves(view, found, "district", RATE)


def _lag(view: View, found: list[Place], line: Figure) -> str:
    words, late = view.words, behind(found, line, "up")
    if not late:
        return words("survey.behind_none")
    names = [words("survey.behind_one", name=place.name, n=show.missing_to_reach(place.figure, line)) for place in late]
    return words("survey.behind", line=show.figure(line), names=words("mark.list").join(names))


def _place_table(view: View, kind: str, found: list[Place], before: Picture | None, name: str) -> None:
    words, ranked = view.words, kind == "district"
    changed = before is not None and any(place.change is not None for place in found)
    heads = [*([(words("survey.rank"), "n")] if ranked else []), (words("survey.place"), "w" if ranked else "t"), *_heads(view)]
    heads += [(words("survey.change", month=words.month(before.period)), "n")] if changed else []
    rows = []
    for place in found:
        rank = [band_words(words, place)] if ranked else []
        change = [_changed(place.change)] if changed else []
        rows.append([*rank, text(place.name), *_figures(view, kind, place.code), *change])
    table(name, heads, rows, ["quiet" if ranked and place.why_unranked else "" for place in found])


def _changed(change: Fraction | None) -> str:
    if change is None:
        return show.NOT_AVAILABLE
    return f'<span class="{show.tone(change, "up")}">{show.arrow(change, "up")} {show.points(change)}</span>'


def _parks(view: View, before: Picture | None) -> None:
    words = view.words
    found = [place for place in comparison.places(view, "park", before, RATE) if place.figure.denominator]
    if not found:
        return
    found.sort(key=lambda place: (-(unsurveyed(place.figure) or 0), place.code))
    heading(words("survey.parks"))
    view.said(words.metric(RATE))
    note(words("survey.parks_said"))
    _place_table(view, "park", found, before, words("survey.parks"))


def to_do(view: View) -> pl.DataFrame:
    """The work objects that are not surveyed (`left`), or surveyed and not clear (`unclear`), with their names."""
    surveyed = view.picture.optional("surveyed")
    wanted = [view.sector] if view.sector in SECTORS else list(SECTORS)
    units = view.picture.census().filter(pl.col(view.basis) & pl.col("sector").is_in(wanted))
    kept = ["uscc", "name", "district_code", "park_code", "sector", "employees", "members"]
    return (
        units.select(kept)
        .join(surveyed.lazy().select("uscc", "five_clear"), on="uscc", how="left")
        .filter(pl.col("five_clear").is_null() | ~pl.col("five_clear"))
        .with_columns(state=pl.when(pl.col("five_clear").is_null()).then(pl.lit("left")).otherwise(pl.lit("unclear")))
        .sort("district_code", "state", "employees", "uscc", descending=[False, False, True, False], nulls_last=True)
        .collect()
    )


def _to_do(view: View) -> None:
    words = view.words
    if view.picture.optional("surveyed") is None:
        return
    rate, clear = _city(view, view.picture, RATE), _city(view, view.picture, CLEAR)
    heading(words("survey.list"))
    if not view.reader.sees_units:
        counts = {"left": unsurveyed(rate), "unclear": unclear(rate, clear)}
        said = [f"{words(f'survey.{name}')}{words('mark.colon')}{show.count(count)}" for name, count in counts.items()]
        note(words("mark.stop").join(said))
        note(words("access.no_units"))
        return
    note(words("survey.list_said", left=show.count(unsurveyed(rate)), unclear=show.count(unclear(rate, clear))))
    cells.download(view, lambda: book(view), "_todo")


def book(view: View) -> Book:
    """What is left to do: a summary, and a sheet a district."""
    words, rows = view.words, to_do(view)
    codes = sorted(rows["district_code"].unique())
    names = [cells.place_name(view, "district", code) for code in codes]
    first = words("survey.sheet_summary")
    taken = [first, *(words(f"export.sheet_{name}") for name in ("notes", "definitions", "version"))]
    columns = [
        Column(words("worklist.uscc")),
        Column(words("worklist.name")),
        Column(words("worklist.park")),
        Column(words("worklist.sector")),
        Column(words("worklist.employees"), "count"),
        Column(words("worklist.members"), "count"),
        Column(words("survey.state"), what=words("survey.unclear_of")),
    ]
    groups = [rows.filter(pl.col("district_code") == code) for code in codes]
    more = [
        Sheet(name, columns, [_line(view, row) for row in group.to_dicts()])
        for name, group in zip(sheet_names(names, taken), groups, strict=True)
    ]
    count = lambda group: [group.filter(pl.col("state") == state).height for state in ("left", "unclear")]  # noqa: E731
    cited = lambda kind, code: [_code(view, metric, kind, code) for metric in (RATE, CLEAR)]  # noqa: E731
    summary = [[name, code, *count(group), *cited("district", code)] for name, code, group in zip(names, codes, groups, strict=True)]
    total = [words("survey.total"), "", *count(rows), *cited("city", view.picture.city)]
    heads = [
        Column(words("worklist.district")),
        Column(words("compare.code")),
        Column(words("survey.left"), "count", words("survey.left_of")),
        Column(words("survey.unclear"), "count", words("survey.unclear_of")),
        *(Column(f"{words.metric(metric)} {words('code.name')}") for metric in (RATE, CLEAR)),
    ]
    definitions = export.definition_lines(words, [metrics()[RATE], metrics()[CLEAR]])
    return cells.book(view, heads, [*summary, total], [], definitions, more, first)


def _code(view: View, metric: str, kind: str, code: str) -> str:
    """The code of the rate that the counts are the rest of."""
    key = view.picture.metric_key(metric, kind, code, view.sector, view.basis)
    return code_of(view.picture, "metrics", key) if key else ""


def _line(view: View, row: dict) -> list:
    return [
        row["uscc"],
        row["name"],
        cells.place_name(view, "park", row["park_code"]),
        view.words.of("sector", row["sector"]),
        cells.employees(view, row["employees"]),
        show.small_value(row["members"], view.least),
        view.words(f"survey.{row['state']}"),
    ]


PAGE = Page("survey", ":material/travel_explore:", render, ("sector", "basis"), lists=True)
