"""Moved rows of the tables of figures beside the metrics: doubling, targets and base numbers, each with what it was and what it is.

What belongs here: which of their columns are said, in which order the rows stand, and one row as a line. What rows moved is found in
revised.py; nothing here knows of pages.
"""

from collections.abc import Mapping

import polars as pl

from dashboards import figure_words
from data.contracts import tables
from data.figures import Figure
from data.words import Words
from transforms import differences, show
from transforms.sector_words import sector_of

# Table -> the columns that its line says. The ledger of a leg follows from its ends, and is told in full by `diff --json`.
SAID = {
    "doubling": ("baseline", "n0", "d0", "n1", "d1", "count_ratio", "rate_ratio", "doubled_count", "doubled_rate", "ceiling"),
    "targets": ("value", "gap_points", "units_missing", "pace_needed", "pace_recent"),
    "base_numbers": (
        "registered", "taxpayers", "insured", "both_lists", "corroborated", "verified",
        "ratio_base", "measured_ratio", "estimate", "low", "high",
    ),
}  # fmt: skip
# What a row comes down to: how far this moved settles the order.
HEADLINE = {"doubling": "count_ratio", "targets": "value", "base_numbers": "measured_ratio"}
VERDICTS = {"doubling": ("doubled_count", "doubled_rate"), "targets": ("reached",), "base_numbers": ()}
KINDS = {"city": 0, "zone": 1, "district": 2, "park": 3}
# Both sides of these fractions are whole numbers; they are written as n/N.
ENDS = {"n0": "d0", "n1": "d1"}


def worst_first(name: str, moved: pl.DataFrame) -> pl.DataFrame:
    """The city, then where a verdict turned, then the other districts and parks; of each kind what moved farthest for its size."""
    if moved.is_empty():
        return moved
    card = tables()[name]
    if name == "targets":
        reached = [(pl.col(f"units_missing{end}") == 0).alias(f"reached{end}") for end in ("_old", "")]
        moved = moved.with_columns(reached)
    head = HEADLINE[name]
    turned = pl.any_horizontal(pl.lit(False), *(pl.col(each).ne_missing(pl.col(f"{each}_old")) for each in VERDICTS[name]))
    size = pl.max_horizontal(pl.col(head).abs(), pl.col(f"{head}_old").abs())
    far = pl.when(size > 0).then((pl.col(head) - pl.col(f"{head}_old")).abs() / size).otherwise(0.0).alias("far")
    far = pl.when(pl.col(head).is_null() != pl.col(f"{head}_old").is_null()).then(float("inf")).otherwise(far)
    kind = pl.col("unit_kind").replace_strict(KINDS, default=9, return_dtype=pl.Int8)
    descending = [True, True, False, True, *(False for _ in card.key[1:])]
    found = moved.sort(pl.col("unit_kind") == "city", turned, kind, far, *card.key[1:], descending=descending)
    return found.drop("reached", "reached_old", strict=False)


def columns_said(name: str, row: Mapping) -> list[str]:
    """The columns of a changed row that differ and are said; a numerator stands for its denominator, too."""
    if row["move"] != differences.CHANGED:
        return []
    differs = {column for column in SAID[name] if f"{column}_old" in row and row[column] != row[f"{column}_old"]}
    differs |= {above for above, below in ENDS.items() if name == "doubling" and below in differs}
    below = set(ENDS.values()) if name == "doubling" else set()
    return [column for column in SAID[name] if column in differs and column not in below]


def column_name(words: Words, name: str, column: str) -> str:
    if name == "doubling" and column in ENDS:
        return words("revisions.first_end" if column == "n0" else "revisions.last_end")
    return words.card(tables()[name].column(column))


def cell(words: Words, name: str, column: str, row: Mapping, end: str) -> str:
    """A cell as it was (`_old`) or is."""
    was = dict(row) | {each: row[f"{each}{end}"] for each in row if f"{each}{end}" in row}
    if name == "doubling" and column in ENDS:
        return show.n_of_n(Figure(was[column], was[ENDS[column]]))
    if column == "baseline":
        return words.month(was[column])
    return figure_words.shown(words, name, column, was)


def cell_in_file(words: Words, name: str, column: str, row: Mapping, end: str) -> str:
    """As `cell`, where each side of a fraction has a column of its own."""
    found = row[f"{column}{end}"]
    return show.count(found) if column in (*ENDS, *ENDS.values()) else cell(words, name, column, row, end)


def became(words: Words, name: str, row: Mapping) -> str:
    """`基期 228/790 → 210/790；数量倍数 2.30 → 2.50`; of a row that moved in its further columns alone, that it did."""
    return words("mark.stop").join(moves_said(words, name, row))


def moves_said(words: Words, name: str, row: Mapping) -> list[str]:
    """The same, piece by piece."""
    if row["move"] != differences.CHANGED:
        return [words.of("move", row["move"])]
    said = [
        f"{column_name(words, name, each)} {cell(words, name, each, row, '_old')} → {cell(words, name, each, row, '')}"
        for each in columns_said(name, row)
    ]
    return said or [words("revisions.parts_moved")]


def ends(name: str, columns: list[str], row: Mapping) -> dict:
    """A moved row for other programs: the whole row as it was and as it is, None where it was not or is not there."""
    key = {each: row[each] for each in tables()[name].key[1:]}
    old = None if row["move"] == differences.ADDED else {each: row[f"{each}_old"] for each in columns}
    new = None if row["move"] == differences.REMOVED else {each: row[each] for each in columns}
    return key | {"move": row["move"], "old": old, "new": new}


def named(words: Words, name: str, row: Mapping, place: str) -> str:
    """Which row it is: `两新组织覆盖 · 九九市`, `组织覆盖率 · 非公企业 · 九九市 · 2018年6月 · 80.0%`."""
    if name == "doubling":
        return " · ".join((words.of("leg", row["leg"]), place))
    if name == "targets":
        sector = sector_of(row["metric"], row["sector"])
        said = (words.metric(row["metric"]), words.of("sector", sector), place)
        return " · ".join((*said, words.month(row["due"]), figure_words.shown(words, name, "target", dict(row))))
    return place
