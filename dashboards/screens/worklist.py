"""工作清单: which units lack what they should have, since when, what came on each list and what left it, and the file for each district."""

from collections import Counter
from html import escape

import polars as pl
import streamlit as st

from dashboards import cells, charts, choices, lists, pictures
from dashboards.counted import cite_count, code_of_count
from dashboards.export import Book, Column, Sheet, sheet_names
from dashboards.lists import ALL, NEW, OUTSIDE, Choice
from dashboards.parts import empty, heading, note, table, text
from dashboards.shell import Page, View
from dashboards.store import Picture
from dashboards.units.link import unit_link
from dashboards.work_desk import Desk, missing_sources
from dashboards.work_desk import before as _before
from data.contracts import WorkListCard, worklists
from transforms import show

GONE_AT_MOST = 50
TALLY = "worklist_count"


def render(view: View) -> None:
    words = view.words
    if view.picture.worklist is None:
        empty(words, "worklist.not_here")
        return
    before = _before(view)
    _overview(view, before)
    choice = _choose(view)
    desk = Desk(view, before, choice)
    heading(words.card(desk.card))
    _card(view, desk.card)
    lacking = missing_sources(view.picture, choice.name)
    if lacking:
        named = words("mark.list").join(words.source(name) for name in lacking)
        empty(words, "worklist.not_run_long", list=words.card(desk.card), sources=named)
        return
    _districts(desk)
    _units(desk)
    _changes(desk)


def _overview(view: View, before: Picture | None) -> None:
    words, picture = view.words, view.picture
    heading(words("worklist.lists"))
    view.said()
    basis = words.of("basis", view.signed)
    if before:
        note(words("worklist.lists_said", basis=basis, month=words.month(before.period)))
    else:
        note(words("worklist.lists_said_first", basis=basis))
    heads = [
        (words("choose.list"), "w"),
        (words("worklist.on_it"), "n"),
        (words("worklist.new"), "n"),
        (words("worklist.left"), "n"),
        (words("worklist.long"), "n"),
        (words("worklist.share"), "n"),
        (words("worklist.who"), "t"),
    ]
    rows, marks = [], []
    for name, card in worklists().items():
        who = escape(card.who_zh if words.lang == "zh" else card.who_en)
        lacking = missing_sources(picture, name)
        if lacking:
            said = words("worklist.not_run", sources=words("mark.list").join(words.source(each) for each in lacking))
            rows.append([escape(words.card(card)), show.NOT_AVAILABLE, *[show.NOT_AVAILABLE] * 3, escape(said), who])
            marks.append("quiet")
            continue
        desk = Desk(view, before, Choice(name, sector=view.sector))
        moved = desk.came_and_left
        came, left = (show.count(moved[0].height), show.count(moved[1].height)) if moved else (show.NOT_AVAILABLE,) * 2
        long = lists.waited(desk.now, "6", picture.period).height
        rows.append(
            [
                escape(words.card(card)),
                _counted(desk, "listed", f"<b>{show.count(desk.now.height)}</b>"),
                came,
                left,
                show.count(None) if cells.waited(view, long) is None else _counted(desk, "long", show.count(long)),
                _share(view, name, "city", picture.city),
                who,
            ]
        )
        marks.append("")
    table(words("worklist.lists"), heads, rows, marks)


def _key(desk: Desk, district: str = ALL) -> tuple[str, str, str] | None:
    """The key of the count of a list in the city or a district; None where a filter leaves it a count of some of its units."""
    choice = desk.choice
    if (choice.park, choice.sector, choice.since) != (ALL, ALL, ALL):
        return None
    return ("city", desk.view.picture.city, choice.name) if district == ALL else ("district", district, choice.name)


def _counted(desk: Desk, cell: str, shown: str, district: str = ALL) -> str:
    key = _key(desk, district)
    return cite_count(desk.view.words, desk.view.picture, TALLY, key, cell, shown) if key else shown


def _employees(view: View, count: int | None) -> str:
    return show.count(count) if count is not None else f"<small>{escape(str(cells.employees(view, count)))}</small>"


def _share(view: View, name: str, kind: str, unit: str) -> str:
    """The rate that the list is the rest of, with n/N and its code."""
    metric = lists.METRIC.get(name)
    if metric is None:
        return show.NOT_APPLICABLE
    cell = cells.figure_cell(view, metric, kind, unit, view.sector, view.signed)
    return f"<small>{escape(view.words.metric(metric))}</small> {cell}" if kind == "city" else cell


def _choose(view: View) -> Choice:
    words, picture = view.words, view.picture
    whole = picture.worklist if view.sector == ALL else picture.worklist.filter(pl.col("sector") == view.sector)
    counts = lists.counts(whole, "list")

    def say_list(name: str) -> str:
        if missing_sources(picture, name):
            return f"{words.card(worklists()[name])} {show.NOT_AVAILABLE}"
        return f"{words.card(worklists()[name])} {show.count(counts.get(name, 0))}"

    districts = [code for kind, code in picture.units if kind == "district"]
    parks = [code for kind, code in picture.units if kind == "park"]
    say_place = {ALL: words("worklist.all_districts")} | {code: cells.place_name(view, "district", code) for code in districts}
    say_park = {ALL: words("worklist.all_parks"), OUTSIDE: words("worklist.outside")}
    say_park |= {code: cells.place_name(view, "park", code) for code in parks}
    boxes = st.columns([3, 2, 3, 2], gap="small")
    with boxes[0]:
        name = choices.choose(words("choose.list"), "list", list(worklists()), next(iter(worklists())), say_list)
    with boxes[1]:
        district = choices.choose(words("choose.district"), "district", list(say_place), ALL, say_place.__getitem__)
    with boxes[2]:
        offered = list(say_park) if parks else [ALL]
        park = choices.choose(words("choose.park"), "park", offered, ALL, say_park.__getitem__, disabled=not parks)
    with boxes[3]:
        since = choices.choose(words("choose.since"), "since", lists.SINCE, ALL, lambda code: _stay(view, code))
    return Choice(name, district, park, view.sector, since)


def _stay(view: View, code: str) -> str:
    if code == ALL:
        return view.words("worklist.stay_all")
    return view.words("worklist.stay_new") if code == NEW else view.words("worklist.stay_months", n=code)


def _filters(desk: Desk, stay: bool = True) -> list[str]:
    """The choices of this page in words, beside those of the side bar."""
    view, choice, words = desk.view, desk.choice, desk.view.words
    said = [cells.named(view, "choose.list", words.card(desk.card))]
    if choice.district != ALL:
        said.append(cells.named(view, "choose.district", cells.place_name(view, "district", choice.district)))
    if choice.park != ALL:
        park = words("worklist.outside") if choice.park == OUTSIDE else cells.place_name(view, "park", choice.park)
        said.append(cells.named(view, "choose.park", park))
    if stay and choice.since != ALL:
        said.append(cells.named(view, "choose.since", _stay(view, choice.since)))
    return said


def _sentence(view: View, card: WorkListCard) -> str:
    said = card.sentence_zh if view.words.lang == "zh" else card.sentence_en
    return view.words("worklist.card", sentence=said[:1].upper() + said[1:])


def _card_lines(view: View, card: WorkListCard) -> list[tuple[str, str]]:
    words, zh = view.words, view.words.lang == "zh"
    return [
        (words("worklist.card_who"), card.who_zh if zh else card.who_en),
        (words("worklist.card_off"), card.off_zh if zh else card.off_en),
        (words("worklist.card_source"), card.source_document),
        (words("worklist.card_log"), words("mark.stop").join(words.change_log(card))),
    ]


def _card(view: View, card: WorkListCard) -> None:
    lines = "".join(f"{escape(name)}{view.words('mark.colon')}{text(value)}<br>" for name, value in _card_lines(view, card)[:2])
    st.html(f'<p class="lx-definition"><b>{text(_sentence(view, card))}</b></p><p class="lx-definition">{lines}</p>')


def _districts(desk: Desk) -> None:
    """How many units each district has on the list, how many came and left, and n/N of the figure behind it."""
    view, words = desk.view, desk.view.words
    now = lists.counts(desk.now)
    came, left = (lists.counts(side) for side in desk.came_and_left) if desk.came_and_left else ({}, {})
    codes = [code for kind, code in view.picture.units if kind == "district" and (now.get(code) or left.get(code))]
    codes.sort(key=lambda code: (-now.get(code, 0), code))
    heading(words("worklist.by_district"))
    view.said(*_filters(desk, stay=False))
    if not codes:
        empty(words, "worklist.none")
        return
    if desk.came_and_left:
        note(words("worklist.by_district_said"))
    bars = [
        charts.Pile(cells.place_name(view, "district", code), now.get(code, 0) - came.get(code, 0), came.get(code, 0)) for code in codes
    ]
    charts.draw(
        charts.piles(bars, (words("worklist.older" if desk.came_and_left else "worklist.on_it"), words("worklist.new"))),
        "by_district",
        words("worklist.by_district_alt"),
        saved=pictures.saved(view, words("worklist.by_district"), "by_district", *_filters(desk, stay=False)),
    )
    heads, rows = _district_rows(desk, codes, now, came, left)
    table(words("worklist.by_district"), heads, rows)


def _district_rows(desk: Desk, codes: list[str], now: dict, came: dict, left: dict) -> tuple[list, list]:
    view, words, choice = desk.view, desk.view.words, desk.choice
    # The figure behind the list is of the whole district: beside a part of it, it would mislead.
    share = choice.park == ALL and choice.name in lists.METRIC
    heads = [
        (words("worklist.district"), "w"),
        (words("worklist.on_it"), "n"),
        (words("worklist.new"), "n"),
        (words("worklist.left"), "n"),
        (words("worklist.long"), "n"),
        *([(words.metric(lists.METRIC[choice.name]), "n")] if share else []),
    ]
    long = lists.counts(lists.waited(desk.now, "6", view.picture.period))
    known = desk.came_and_left is not None
    rows = []
    for code in codes:
        moved = [show.count(side.get(code, 0)) if known else show.NOT_AVAILABLE for side in (came, left)]
        listed = _counted(desk, "listed", f"<b>{show.count(now.get(code, 0))}</b>", code)
        line = [text(cells.place_name(view, "district", code)), listed, *moved]
        line.append(show.count(cells.waited(view, long.get(code, 0))))
        rows.append([*line, *([_share(view, choice.name, "district", code)] if share else [])])
    return heads, rows


def _units(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    heading(words("worklist.units"))
    view.said(*_filters(desk))
    total = desk.shown.height
    if not total:
        empty(words, "worklist.none")
    elif total > lists.AT_MOST:
        note(words("worklist.units_cut", n=show.count(total), shown=lists.AT_MOST))
    else:
        note(words("worklist.units_said", n=show.count(total)))
    cells.download(view, lambda: book(desk), f"_{desk.choice.name}")
    if total:
        _unit_table(desk, desk.shown.head(lists.AT_MOST))


def _unit_table(desk: Desk, found: pl.DataFrame) -> None:
    view, words = desk.view, desk.view.words
    heads = [
        (words("worklist.name"), "l"),
        (words("worklist.district"), "w"),
        (words("worklist.park"), "t"),
        (words("worklist.sector"), "w"),
        (words("worklist.employees"), "n"),
        (words("worklist.members"), "n"),
        (words("worklist.since"), "w"),
    ]
    # Without a park list nobody knows who lies in one.
    none = show.NOT_AVAILABLE if "park" in view.picture.manifest.get("missing", ()) else show.NOT_APPLICABLE
    rows = [
        [
            f"{unit_link(view, row['uscc'], row['name'] or row['uscc'])}<br><small>{escape(row['uscc'])}</small>",
            text(cells.place_name(view, "district", row["district_code"])),
            text(cells.place_name(view, "park", row["park_code"])) if row["park_code"] else none,
            escape(words.of("sector", row["sector"])),
            _employees(view, row["employees"]),
            show.small(row["members"], view.least),
            cells.month_cell(view, row["since"], lists.months_on(row["since"], view.picture.period), desk.came_and_left is not None),
        ]
        for row in found.to_dicts()
    ]
    table(words("worklist.units"), heads, rows)


def _changes(desk: Desk) -> None:
    """What left the list, and why, as far as the registers say."""
    view, words = desk.view, desk.view.words
    if desk.came_and_left is None:
        return
    came, left = desk.came_and_left
    heading(words("worklist.changes", month=words.month(desk.before.period)))
    view.said(*_filters(desk, stay=False))
    sides = {"before": desk.earlier, "left": left, "new": came, "now": desk.now}
    note(words("worklist.changes_said", **{name: show.count(rows.height) for name, rows in sides.items()}))
    if not left.height:
        note(words("worklist.gone_none"))
        return
    why = Counter(desk.gone["why"].to_list()).most_common()
    parts_said = words("mark.list").join(words("worklist.why_part", why=words(f"left.{reason}"), n=show.count(n)) for reason, n in why)
    note(words("worklist.why_said", parts=parts_said))
    if left.height > GONE_AT_MOST:
        note(words("worklist.gone_cut", shown=GONE_AT_MOST))
    heads = [
        (words("worklist.name"), "l"),
        (words("worklist.district"), "w"),
        (words("worklist.sector"), "w"),
        (words("worklist.since"), "w"),
        (words("worklist.why"), "l"),
    ]
    rows = [
        [
            f"{unit_link(view, row['uscc'], row['name'] or row['uscc'])}<br><small>{escape(row['uscc'])}</small>",
            text(cells.place_name(view, "district", row["district_code"])),
            escape(words.of("sector", row["sector"])),
            text(words.month(row["since"])),
            escape(words(f"left.{row['why']}")),
        ]
        for row in desk.gone.head(GONE_AT_MOST).to_dicts()
    ]
    table(words("worklist.gone"), heads, rows)


def book(desk: Desk) -> Book:
    """The list to hand out: a summary, a sheet a district, what left, and the pages that say what it is."""
    view, words, card = desk.view, desk.view.words, desk.card
    codes = sorted(desk.shown["district_code"].unique())
    names = [cells.place_name(view, "district", code) for code in codes]
    own = [words("worklist.sheet_summary"), *(words(f"export.sheet_{name}") for name in ("notes", "definitions", "version"))]
    gone = words("worklist.sheet_gone")
    fit = dict(zip(codes, sheet_names(names, [*own, gone]), strict=True))
    groups = {code: desk.shown.filter(pl.col("district_code") == code) for code in codes}
    more = [Sheet(fit[code], _unit_columns(view), [_unit_line(view, row) for row in groups[code].to_dicts()]) for code in codes]
    if desk.came_and_left is not None:
        columns = [*_unit_columns(view), Column(words("worklist.why"), what=words("worklist.gone"))]
        lines = [[*_unit_line(view, row), words(f"left.{row['why']}")] for row in desk.gone.to_dicts()]
        more.append(Sheet(gone, columns, lines))
    columns, rows = _summary(desk, codes, names, groups)
    notes = [tuple(said.split(words("mark.colon"), 1)) for said in _filters(desk)]
    notes += [(words("export.rows"), show.count(desk.shown.height)), (words("choose.basis"), words.of("basis", view.signed))]
    definitions = [[words.card(card), _sentence(view, card)], *map(list, _card_lines(view, card))]
    return cells.book(view, columns, rows, notes, definitions, more, own[0])


def _summary(desk: Desk, codes: list[str], names: list[str], groups: dict[str, pl.DataFrame]) -> tuple[list[Column], list[list]]:
    words, period = desk.view.words, desk.view.picture.period
    columns = [
        Column(words("worklist.district")),
        Column(words("compare.code")),
        Column(words("worklist.on_it"), "count", _sentence(desk.view, desk.card)),
        Column(words("worklist.stay_new"), "count"),
        Column(words("worklist.long"), "count"),
    ]
    columns.append(Column(words("worklist.code_of_count")))
    count = lambda rows: [rows.height, *(lists.waited(rows, stay, period).height for stay in (NEW, "6"))]  # noqa: E731
    code_of = lambda place: code_of_count(desk.view.picture, TALLY, key, "listed") if (key := _key(desk, place)) else None  # noqa: E731
    rows = [[name, code, *count(groups[code]), code_of(code)] for code, name in zip(codes, names, strict=True)]
    return columns, [*rows, [words("worklist.total"), "", *count(desk.shown), code_of(ALL)]] if desk.choice.district == ALL else rows


def _unit_columns(view: View) -> list[Column]:
    words = view.words
    return [
        Column(words("worklist.uscc")),
        Column(words("worklist.name")),
        Column(words("worklist.district")),
        Column(words("worklist.park")),
        Column(words("worklist.sector")),
        Column(words("worklist.employees"), "count"),
        Column(words("worklist.members"), "count"),
        Column(words("worklist.since")),
        Column(words("worklist.months"), "count"),
    ]


def _unit_line(view: View, row: dict) -> list:
    return [
        row["uscc"],
        row["name"],
        cells.place_name(view, "district", row["district_code"]),
        cells.place_name(view, "park", row["park_code"]),
        view.words.of("sector", row["sector"]),
        cells.employees(view, row["employees"]),
        show.small_value(row["members"], view.least),
        row["since"],
        lists.months_on(row["since"], view.picture.period),
    ]


PAGE = Page("worklist", ":material/checklist:", render, ("list", "district", "park", "sector", "since"), rows=True)
