"""修订: what moved between two revisions of a period, and why: from the file to the units to the figures."""

from fractions import Fraction
from html import escape

import polars as pl
import streamlit as st

from dashboards import choices, revised_figures, revised_words, store
from dashboards.export import Column
from dashboards.parts import cite, empty, heading, note, table, text
from dashboards.revised import COMPARED, SIDES, Difference
from dashboards.revised_desk import FIGURES_SHOWN, code, download, further, there
from dashboards.shell import Page, View
from dashboards.store import Picture
from data.contracts import metrics, tables
from data.figures import Figure
from transforms import differences, reach, show

AT_MOST = 200
EVERY = "every"
# Of these the values are few, so that what became what can be told; of a name or a date only that it differs.
FEW_VALUES = ("text", "boolean")
MANY = ("name", "founded_on", "type_code", "uscc")


def render(view: View) -> None:
    words = view.words
    earlier = [name for name in reversed(store.revisions(view.home, view.picture.period)) if _before(name, view.picture.revision)]
    if not earlier:
        view.said()
        empty(words, "revisions.only", period=words.month(view.picture.period), name=view.picture.revision)
        return
    against = choices.choose(words("revisions.against"), "against", earlier, earlier[0], str)
    difference = _difference(view, store.picture(view.home, view.picture.period, against))
    view.said(words("revisions.compared", period=words.month(view.picture.period), old=against, new=view.picture.revision))
    _why(view, difference)
    _units(view, difference)
    _figures(view, difference)
    _tables(view, difference)


def _difference(view: View, former: Picture) -> Difference:
    """Worked out once: it reads every table of two releases, and the page asks at every click."""
    found = view.picture.beside.get(former)
    if found is None:
        open_release = lambda *named: store.picture(view.home, *named).release  # noqa: E731
        found = Difference(view.home, former.release, view.picture.release, open_release)
        view.picture.beside.clear()
        view.picture.beside[former] = found
    return found


def _before(name: str, revision: str) -> bool:
    return int(name[1:]) < int(revision[1:])


def _why(view: View, difference: Difference) -> None:
    words, causes = view.words, difference.causes
    heading(words("revisions.why"))
    if causes.files:
        heads = [(words("revisions.file"), "l"), (words("revisions.what"), "w"), (words("revisions.units_head"), "n")]
        rows = [
            [text(path), escape(words.of("move", move)), show.count(difference.units_by_file.get(path, 0))]
            for path, move in causes.files.items()
        ]
        table(words("revisions.why"), heads, rows)
    lines = difference.why(words)[len(causes.files) :]
    st.html("".join(f'<p class="lx-note">{text(line)}</p>' for line in lines) or "<span></span>")


def _figures(view: View, difference: Difference) -> None:
    words = view.words
    heading(words("revisions.figures"))
    _metrics(view, difference)
    for name in revised_figures.SAID:
        moved = difference.further(name)
        if not moved.is_empty():
            further(view, difference, name, moved)


def _metrics(view: View, difference: Difference) -> None:
    words, figures = view.words, difference.figures()
    if figures.is_empty():
        note(difference.none_moved(words))
        return
    if difference.trials:
        note(words("revisions.trials", count=show.count(len(figures)), trials=show.count(difference.trials)))
    if len(figures) > FIGURES_SHOWN:
        note(words("revisions.shown", count=show.count(len(figures)), shown=FIGURES_SHOWN))
    heads = [
        (words("choose.metric"), "t"), (words("compare.place"), "w"), (words("choose.sector"), "w"),
        (words("revisions.old"), "n"), (words("revisions.new"), "n"), (words("revisions.difference"), "n"),
        (words("code.name"), "w"),
    ]  # fmt: skip
    rows = [_figure_row(view, difference, row) for row in figures.head(FIGURES_SHOWN).iter_rows(named=True)]
    table(words("revisions.figures"), heads, rows)
    columns = [
        Column(words("choose.metric")), Column(words("compare.place")), Column(words("compare.code")), Column(words("choose.sector")),
        Column(words("choose.basis")), Column(words("revisions.what")),
        *(Column(f"{words(f'revisions.{end}')} {side}", "count") for end in ("old", "new") for side in ("n", "N")),
        Column(words("revisions.old")), Column(words("revisions.new")), Column(words("revisions.difference"), "points"),
        Column(words("code.name")),
    ]  # fmt: skip
    lines = [
        [
            words.metric(row["metric"]), revised_words.place(view, difference, row), row["unit_code"], words.of("sector", row["sector"]),
            words.of("basis", "none" if row["basis"] == "-" else row["basis"]), words.of("move", row["move"]),
            *(side for each in _ends(row) for side in show.sides_value(each)[1:]),
            *(show.figure(each, _unit(row)) for each in _ends(row)), _exact(row), code(view, "metrics", row),
        ]
        for row in figures.iter_rows(named=True)
    ]  # fmt: skip
    download(view, difference, "figures", columns, lines, [card for card in metrics().values() if card.name in set(figures["metric"])])


def _unit(row: dict) -> str:
    return metrics()[row["metric"]].unit if row["metric"] in metrics() else "rate"


def _ends(row: dict) -> list[Figure]:
    """The figure as it was and as it is."""
    return [Figure(*(row[f"{name}{end}"] for name in (*SIDES, "reason"))) for end in ("_old", "")]


def _exact(row: dict) -> float | None:
    """How far it moved: a rate in points, a ratio in itself."""
    old, new = _ends(row)
    change = show.change(new, old)
    return None if change is None else float(change * 100 if _unit(row) == "rate" else change)


def _figure_row(view: View, difference: Difference, row: dict) -> list[str]:
    words = view.words
    unit = _unit(row)
    old, new = _ends(row)
    place = revised_words.place(view, difference, row)
    cells = [f"{show.figure(each, unit)}<br><small>{show.n_of_n(each)}</small>" for each in (old, new)]
    changed = _changed(view, show.change(new, old), unit)
    code = "" if row["move"] == differences.REMOVED else cite(words, view.picture, "metrics", row)
    return [escape(words.metric(row["metric"])), text(place), escape(words.of("sector", row["sector"])), *cells, changed, code]


def _changed(view: View, change: Fraction | None, unit: str) -> str:
    """The change to one decimal; one that is too small for that is said to be so, for 0.0 would say that nothing moved."""
    shown = show.points(change, unit)
    return escape(view.words("revisions.less")) if change and shown == "0.0" else shown


def _units(view: View, difference: Difference) -> None:
    words = view.words
    heading(words("revisions.units"))
    moved = difference.rows("census")
    if moved.is_empty():
        empty(words, "revisions.units_none")
        return
    note(words("revisions.units_said", **{name: show.count(count) for name, count in difference.counts["census"].items()}))
    columns = differences.columns_moved(moved, difference.columns("census"))
    card = tables()["census"]
    heads = [(words("revisions.column"), "t"), (words("revisions.column_units"), "n"), (words("revisions.from_to"), "l")]
    rows = [[escape(words.card(card.column(name))), show.count(count), escape(_from_to(view, moved, name))] for name, count in columns]
    if rows:
        table(words("revisions.units"), heads, rows)
    if not view.reader.sees_units:
        note(words("access.no_units"))
        return
    say = lambda name: words("revisions.every") if name == EVERY else words.card(card.column(name))  # noqa: E731
    chosen = choices.choose(words("revisions.choose_column"), "column", [EVERY, *(name for name, _ in columns)], EVERY, say)
    _list(view, difference, moved, [name for name, _ in columns] if chosen == EVERY else [chosen], chosen)


def _from_to(view: View, moved: pl.DataFrame, name: str) -> str:
    words = view.words
    if name in MANY or tables()["census"].column(name).type not in FEW_VALUES:
        return ""
    found = differences.values_moved(moved, name)[:3]
    parts = [
        words(
            "revisions.times", old=revised_words.value(view, name, old), new=revised_words.value(view, name, new), count=show.count(count)
        )
        for old, new, count in found
    ]
    return words("mark.stop").join(parts)


def _list(view: View, difference: Difference, moved: pl.DataFrame, columns: list[str], chosen: str) -> None:
    words, card = view.words, tables()["census"]
    if chosen != EVERY:
        moved = moved.filter((pl.col("move") == differences.CHANGED) & pl.col(chosen).ne_missing(pl.col(f"{chosen}_old")))
    if len(moved) > AT_MOST:
        note(words("revisions.note_units", shown=AT_MOST))
    heads = [(words("revisions.unit"), "t"), (words("revisions.what"), "w"), (words("revisions.from_to"), "l")]
    rows = []
    for row in moved.head(AT_MOST).iter_rows(named=True):
        said = [
            f"{words.card(card.column(name))} {' → '.join(revised_words.value(view, name, row[f'{name}{end}']) for end in ('_old', ''))}"
            for name in columns
            if row["move"] == differences.CHANGED and row[name] != row[f"{name}_old"]
        ]
        name = row["name"] or row["name_old"] or ""
        rows.append(
            [
                f"{text(name)}<br><small>{text(row['uscc'])}</small>",
                escape(words.of("move", row["move"])),
                text(words("mark.stop").join(said)),
            ]
        )
    with st.expander(words("revisions.list_units")):
        table(words("revisions.list_units"), heads, rows)
    heads = [Column(words.card(card.column("uscc"))), Column(words("revisions.unit")), Column(words("revisions.what"))]
    others = [name for name in columns if name != "name"]
    ends = [("old", "_old"), ("new", "")]
    heads += [
        Column(f"{words.card(card.column(name))}{words('mark.colon')}{words(f'revisions.{end}')}") for name in others for end, _ in ends
    ]
    lines = [
        [
            row["uscc"], row["name"] or row["name_old"], words.of("move", row["move"]),
            *(revised_words.value(view, name, row[f"{name}{end}"]) if there(row, end) else None for name in others for _, end in ends),
        ]
        for row in moved.iter_rows(named=True)
    ]  # fmt: skip
    download(view, difference, "units", heads, lines)


def _tables(view: View, difference: Difference) -> None:
    words = view.words
    heading(words("revisions.tables"))
    heads = [(words("revisions.table"), "t"), *((words.of("move", move), "n") for move in ("added", "removed", "changed"))]
    rows = [
        [escape(words.card(tables()[name])), *(show.count(count) for count in difference.counts[name].values())]
        for name in COMPARED[1:]
        if name in difference.counts
    ]
    table(words("revisions.tables"), heads, rows)
    shown = listed(view)
    for name in COMPARED[2:]:
        moved = difference.rows(name)
        # Those of figures stand above.
        if name in shown and name not in revised_figures.SAID and not moved.is_empty():
            _moved_rows(view, difference, name, moved)
    if any(name not in shown and any(difference.counts.get(name, {}).values()) for name in COMPARED[2:]):
        note(words("access.no_units"))


def listed(view: View) -> list[str]:
    """The tables whose rows the reader is given one by one: of units and organisations only who may see them."""
    return [name for name in COMPARED if view.reader.sees_units or name not in reach.NAMED]


def _moved_rows(view: View, difference: Difference, name: str, moved: pl.DataFrame) -> None:
    """The rows of one further table that moved, each with what became of it."""
    words, card = view.words, tables()[name]
    title = words("revisions.rows_of", table=words.card(card), count=show.count(len(moved)))
    with st.expander(title):
        if len(moved) > AT_MOST:
            note(words("revisions.note_rows", shown=AT_MOST))
        heads = [(words("revisions.row"), "t"), (words("revisions.what"), "w"), (words("revisions.from_to"), "l")]
        rows, first = [], moved.head(AT_MOST).to_dicts()
        names = revised_words.names_of(view, name, first)
        for row in first:
            moved_columns = [
                column for column in difference.columns(name) if row["move"] == differences.CHANGED and row[column] != row[f"{column}_old"]
            ]
            said = [revised_words.became(view, difference, name, column, row) for column in moved_columns]
            rows.append(
                [
                    text(revised_words.row_name(view, difference, name, row, names)),
                    escape(words.of("move", row["move"])),
                    text(words("mark.stop").join(said)),
                ]
            )
        table(title, heads, rows)


PAGE = Page("revisions", ":material/history:", render, ("against", "column"), lists=True)
