"""The units behind a number of the ledger, on the page 双翻番: how each stood at the baseline and stands now, and where it went.

What belongs here: opening the two releases' censuses and drawing the list. Who is on it is ledger.py's.
"""

from collections import Counter

import polars as pl

from dashboards import ledger, store, unit_list
from dashboards.ledger import Ends
from dashboards.parts import empty, note
from dashboards.shell import View
from dashboards.store import Picture
from dashboards.unit_choice import Chosen
from dashboards.unit_list import Field
from data.words import Words
from transforms import show
from transforms.growth import Rise


def render(view: View, unit: Chosen, rise: Rise, name: str) -> None:
    words = view.words
    if name not in ledger.LISTS:
        note(words("doubling.list_how"))
        return
    number = rise.row[name]
    title = name_of(words, name, words.month(rise.row["baseline"]), words.month(rise.row["period"]))
    basis = words("basis.signed", name=words.of("basis", view.signed))
    view.said(unit.name, words.of("legs", rise.row["leg"]), basis, f"{title}{words('mark.colon')}{show.count(number)}")
    if not number:
        empty(words, "doubling.list_empty")
        return
    before = store.looked_back(view.home, view.picture, rise.row["baseline"])
    if before is None:
        empty(words, "doubling.list_no_baseline", month=words.month(rise.row["baseline"]))
        return
    rows = listed(view, before, view.picture, rise, name)
    if rows.height != number:
        # Reference files or a baseline that were changed after this release was made: then the list is not of these figures.
        note(words("doubling.list_differs", listed=show.count(rows.height), published=show.count(number)))
    _summary(view, rows)
    about = [
        (words("choose.unit"), unit.name),
        (words("choose.leg"), words.of("legs", rise.row["leg"])),
        (words("choose.basis"), basis),
        (words("choose.move"), title),
        (words("doubling.then"), f"{words.month(before.period)} {before.revision}"),
    ]
    stem = f"{rise.row['leg']}_{unit.kind}_{unit.code}_{name}"
    unit_list.draw(view, title, rows, _fields(view, rise), about, stem)


def name_of(words: Words, name: str, then: str, now: str) -> str:
    """What a number of the ledger is, in words; `then` and `now` say of which end."""
    if name in ledger.SETS:
        return words("moves.covered" if name.startswith("n") else "moves.base", month=then if name.endswith("0") else now)
    return words.of("moves", name)


def listed(view: View, before: Picture, now: Picture, rise: Rise, name: str) -> pl.DataFrame:
    row = rise.row
    ends = Ends(now.period, before.period, before.census(), now.census(), view.home.districts, view.home.settings, view.signed)
    return ledger.units(ends, ledger.leg_named(row["leg"]), row["unit_kind"], row["unit_code"], name)


def _summary(view: View, rows: pl.DataFrame) -> None:
    """How they stood and stand, in one line an end: of units that left, where they went."""
    words = view.words
    for end, month in (("0", "doubling.then"), ("1", "doubling.now")):
        counted = Counter(rows[f"state{end}"])
        parts = [f"{words.of('states', state)} {show.count(counted[state])}" for state in ledger.STATES if counted[state]]
        note(f"{words(month)}{words('mark.colon')}{words('mark.list').join(parts)}")


def _fields(view: View, rise: Rise) -> list[Field]:
    words = view.words

    def unit_name(kind: str, code: str | None) -> str | None:
        return view.picture.units.get((kind, code), {}).get("name", code) if code else None

    def state(row: dict, end: str) -> str:
        said = words.of("states", row[f"state{end}"])
        moved = row["district0"] and row["district1"] and row["district0"] != row["district1"]
        return f"{said} · {unit_name('district', row[f'district{end}'])}" if moved else said

    return [
        Field(words("units.name"), "l", "text", lambda row: row["name"] or ""),
        Field(words("units.uscc"), "w", "text", lambda row: row["uscc"]),
        Field(words("units.district"), "w", "text", lambda row: unit_name("district", row["district_code"])),
        Field(words("units.park"), "w", "text", lambda row: unit_name("park", row["park_code"]) or ""),
        Field(words("units.sector"), "w", "text", lambda row: words.of("sector", row["sector"]) if row["sector"] else ""),
        Field(words("doubling.then"), "w", "text", lambda row: state(row, "0")),
        Field(words("doubling.now"), "w", "text", lambda row: state(row, "1")),
    ]
