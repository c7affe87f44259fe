"""Every place on one leg of the doubling: the table of the page 双翻番, and its file.

What belongs here: a place's row, its remarks, and the columns of the file. The page itself is screens/doubling.py.
"""

from html import escape

from dashboards import cells, export, ledger, ledger_units, store, unit_choice
from dashboards.export import Book, Column
from dashboards.parts import cite, code_of, heading, note, text
from dashboards.shell import View
from dashboards.unit_choice import Chosen
from data.contracts import tables
from transforms import show
from transforms.growth import GOAL, MODES, Rise


def rise_of(view: View, leg: str, unit: Chosen) -> Rise | None:
    row = view.picture.legs.get((leg, unit.kind, unit.code))
    return Rise(row) if row else None


def places(view: View, leg: str) -> None:
    """All places on this leg, with n/N. Not ranked: multiples of small numbers mean little."""
    words = view.words
    found = [(unit, rise) for unit in unit_choice.all_units(view) if (rise := rise_of(view, leg, unit))]
    if not found:
        return
    heading(words("doubling.places"))
    view.said(words.of("legs", leg), words("doubling.baseline", month=words.month(found[0][1].row["baseline"])))
    note(words("doubling.places_said", minimum=view.minimum))
    heads = [(words(f"doubling.{name}"), look) for name, look in PLACE_HEADS]
    cells.places_table(view, words("doubling.places"), heads, [(unit, _place_cells(view, unit, rise)) for unit, rise in found])
    cells.download(view, lambda: _book(view, leg, found), f"_{leg}")


PLACE_HEADS = (
    ("place", "w"), ("then", "n"), ("now", "n"), ("points", "n"), ("by_count", "n"), ("by_rate", "n"),
    ("new", "n"), ("base", "n"), ("remark", "t"), ("code", "w"),
)  # fmt: skip


def _place_cells(view: View, unit: Chosen, rise: Rise) -> list[str]:
    words, moved = view.words, show.change(rise.now, rise.before)
    both = lambda figure: f"{show.figure(figure)}<br><small>{show.n_of_n(figure)}</small>"  # noqa: E731
    readings = []
    for reading, ratio, missing in (("count", rise.by_count, rise.missing_by_count), ("rate", rise.by_rate, rise.missing_by_rate)):
        done = rise.row[f"doubled_{reading}"]
        never = words("doubling.never") if reading == "rate" and rise.row["ceiling"] else ""
        under = words("doubling.done") if done else words("doubling.missing", n=show.count(missing)) if missing is not None else never
        mark = f'<span class="better">✓ {escape(under)}</span>' if done else escape(under)
        readings.append(f"{show.times(ratio, GOAL)}<br><small>{mark}</small>")
    sent = rise.new_by("new_dispatched")
    return [
        text(unit.name),
        both(rise.before),
        both(rise.now),
        f'<span class="{show.tone(moved, "up")}">{show.arrow(moved, "up")} {show.points(moved)}</span>'
        if moved is not None
        else show.mark("no_denominator"),
        *readings,
        f"{show.count(rise.newly_covered)}<br><small>{show.count(sent.numerator)}</small>",
        show.signed(rise.row["d1"] - rise.row["d0"]),
        escape(words("mark.stop").join(_remarks(view, unit, rise))),
        cite(words, view.picture, "doubling", rise.row),
    ]


LACKS = ("missing_count", "missing_rate", "needed_count", "needed_rate")


def lacks(rise: Rise) -> list[int | None]:
    """As LACKS has them: units that are missing by either reading, and how many of them a month until the year is over."""
    missing = (None if rise.beyond_the_base else rise.missing_by_count, rise.missing_by_rate)
    return [*missing, *(rise.needed(each) for each in missing)]


def _remarks(view: View, unit: Chosen, rise: Rise) -> list[str]:
    words, row, found = view.words, rise.row, []
    if unit.code == store.UNKNOWN:
        found.append(words("doubling.remark_unknown"))
    if row["ceiling"]:
        found.append(words("doubling.remark_ceiling"))
    if not row["n0"]:
        found.append(words("doubling.from_nothing"))
    if min(row["d0"], row["d1"]) < view.minimum:
        found.append(words("doubling.remark_small", minimum=view.minimum))
    return found


def _book(view: View, leg: str, found: list[tuple[Chosen, Rise]]) -> Book:
    """Every column of the table as published, and what is made of it on the page."""
    words = view.words
    names = ("n0", "d0", "n1", "d1", *ledger.MOVES)
    columns = [Column(words("compare.code")), Column(words("doubling.place"))]
    then, now = words("doubling.then"), words("doubling.now")
    lead = {mode: f"{words('doubling.newly')}{words('mark.colon')}" for mode in MODES}
    columns += [Column(lead.get(name, "") + ledger_units.name_of(words, name, then, now), "count", name) for name in names]
    columns += [Column(words.card(tables()["doubling"].column(name)), "times", name) for name in ("count_ratio", "rate_ratio")]
    columns += [Column(words(f"doubling.{name}"), "count", words("doubling.needed_is")) for name in LACKS]
    columns += [Column(words(f"doubling.{name}")) for name in ("doubled_count", "doubled_rate", "remark", "code")]
    yes = lambda done: words("doubling.done" if done else "doubling.not_done")  # noqa: E731
    rows = [
        [
            unit.code,
            unit.name,
            *(rise.row[name] for name in names),
            rise.row["count_ratio"],
            rise.row["rate_ratio"],
            *lacks(rise),
            yes(rise.row["doubled_count"]),
            yes(rise.row["doubled_rate"]),
            words("mark.stop").join(_remarks(view, unit, rise)),
            code_of(view.picture, "doubling", rise.row),
        ]
        for unit, rise in found
    ]
    one = found[0][1]
    notes = [
        *view.filters,
        (words("choose.leg"), words.of("legs", leg)),
        (words("doubling.then"), words.month(one.row["baseline"])),
        (
            words("doubling.due_of"),
            words("doubling.due_left" if one.months_left else "doubling.due_was", month=words.month(one.due), n=one.months_left),
        ),
        (words("export.legend"), words("foot.legend")),
    ]
    sheets = tuple(words(f"export.sheet_{each}") for each in ("data", "notes", "definitions", "version"))
    return Book(columns, rows, notes, definitions(view), export.version_lines(words, view.picture.release), sheets)


def definitions(view: View) -> list[list[str]]:
    words = view.words
    return [[words(f"doubling.{name}"), words(f"doubling.{name}_is")] for name in ("by_count", "by_rate", "sum_n", "share", "baseline_of")]
