"""修订: what moved between two revisions of a period, and why: from the file to the units to the figures."""

from html import escape

import polars as pl
import streamlit as st

from dashboards import choices, export, show, store
from dashboards.export import Book, Column
from dashboards.parts import empty, heading, note, table, text
from dashboards.revised import COMPARED, SIDES, Difference
from dashboards.shell import Page, View
from dashboards.show import Figure
from data.contracts import metrics, tables
from transforms import differences

AT_MOST = 200
FIGURES_SHOWN = 40
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
    old = store.picture(view.home, view.picture.period, against).release
    difference = Difference(view.home, old, view.picture.release)
    view.said(words("revisions.compared", period=words.month(view.picture.period), old=against, new=view.picture.revision))
    _why(view, difference)
    _units(view, difference)
    _figures(view, difference)
    _tables(view, difference)


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
    figures = difference.figures()
    if figures.is_empty():
        note(words("revisions.no_figure_moved"))
        return
    if len(figures) > FIGURES_SHOWN:
        note(words("revisions.shown", count=show.count(len(figures)), shown=FIGURES_SHOWN))
    heads = [
        (words("choose.metric"), "t"), (words("compare.place"), "w"), (words("choose.sector"), "w"),
        (words("revisions.old"), "n"), (words("revisions.new"), "n"), (words("revisions.difference"), "n"),
    ]  # fmt: skip
    rows = [_figure_row(view, difference, row) for row in figures.head(FIGURES_SHOWN).iter_rows(named=True)]
    table(words("revisions.figures"), heads, rows)
    names = [*tables()["metrics"].key[1:], "move", *(f"{side}{end}" for end in ("_old", "") for side in SIDES)]
    _download(view, difference, "figures", figures.select(names))


def _figure_row(view: View, difference: Difference, row: dict) -> list[str]:
    words = view.words
    unit = metrics()[row["metric"]].unit if row["metric"] in metrics() else "rate"
    old, new = (Figure(*(row[f"{name}{end}"] for name in (*SIDES, "reason"))) for end in ("_old", ""))
    place = difference.names.get((row["unit_kind"], row["unit_code"]), row["unit_code"])
    cells = [f"{show.figure(each, unit)}<br><small>{show.n_of_n(each)}</small>" for each in (old, new)]
    changed = show.points(show.change(new, old), unit)
    return [escape(words.metric(row["metric"])), text(place), escape(words.of("sector", row["sector"])), *cells, changed]


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
    say = lambda name: words("revisions.every") if name == EVERY else words.card(card.column(name))  # noqa: E731
    chosen = choices.choose(words("revisions.choose_column"), "column", [EVERY, *(name for name, _ in columns)], EVERY, say)
    _list(view, difference, moved, [name for name, _ in columns] if chosen == EVERY else [chosen], chosen)


def _from_to(view: View, moved: pl.DataFrame, name: str) -> str:
    words = view.words
    if name in MANY or tables()["census"].column(name).type not in FEW_VALUES:
        return ""
    found = differences.values_moved(moved, name)[:3]
    parts = [words("revisions.times", old=_value(view, old), new=_value(view, new), count=show.count(count)) for old, new, count in found]
    return words("mark.stop").join(parts)


def _value(view: View, value: object) -> str:
    words = view.words
    if value is None:
        return show.NOT_AVAILABLE
    if isinstance(value, bool):
        return words("revisions.yes" if value else "revisions.no")
    return words.of("mode", value) if words.of("mode", str(value)) != str(value) else words.of("sector", str(value))


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
            f"{words.card(card.column(name))} {_value(view, row[f'{name}_old'])} → {_value(view, row[name])}"
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
    names = ["uscc", "name", "move", *(f"{name}{end}" for name in columns if name != "name" for end in ("_old", ""))]
    _download(view, difference, "units", moved.select(names))


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


def _download(view: View, difference: Difference, what: str, rows: pl.DataFrame) -> None:
    words = view.words
    notes = [*view.filters, (words("revisions.against"), difference.old.revision), *(("", line) for line in difference.why(words))]
    wanted = [card for card in metrics().values() if "metric" in rows.columns and card.name in set(rows["metric"])]

    def made() -> bytes:
        book = Book(
            [Column(name) for name in rows.columns], rows.iter_rows(), notes, export.definition_lines(words, wanted),
            export.version_lines(words, view.picture.release),
        )  # fmt: skip
        return export.book_bytes(book)

    st.download_button(
        words("download.xlsx"), made, file_name=f"{view.file_stem}_{difference.old.revision}_{what}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", on_click="ignore", key=f"download_{what}",
    )  # fmt: skip


PAGE = Page("revisions", ":material/history:", render, ("against", "column"))
