"""What moved between two states of one period: rows of its tables, and what its manifests say of the reason.

What belongs here: pure comparison of published tables (Polars) and manifests. Nothing is judged: a value that came, one that went and
one that changed are told apart, and each change is laid beside the files that speak of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_OLD = "_old"


def rows_moved(old: pl.LazyFrame, new: pl.LazyFrame, key: Iterable[str], columns: Iterable[str]) -> pl.DataFrame:
    """Rows that are not the same in both: the key, `move` (added, removed, changed), and each column as `<name>_old` and `<name>`."""
    key, columns = list(key), list(columns)
    before = old.select(*key, *(pl.col(name).alias(name + _OLD) for name in columns), was=pl.lit(True))
    now = new.select(*key, *columns, now=pl.lit(True))
    both = before.join(now, on=key, how="full", coalesce=True, nulls_equal=True)
    differs = pl.any_horizontal(pl.col("was").is_null(), pl.col("now").is_null(), *(_moved(name) for name in columns))
    move = (
        pl.when(pl.col("was").is_null()).then(pl.lit(ADDED)).when(pl.col("now").is_null()).then(pl.lit(REMOVED)).otherwise(pl.lit(CHANGED))
    )
    shown = (each for name in columns for each in (name + _OLD, name))
    return both.filter(differs).select(*key, move.alias("move"), *shown).sort(key).collect()


def columns_moved(moved: pl.DataFrame, columns: Iterable[str]) -> list[tuple[str, int]]:
    """(column, in how many of the changed rows it differs), most first; columns that never do are left out."""
    changed = moved.filter(pl.col("move") == CHANGED)
    counts = [(name, changed.select(_moved(name).sum()).item()) for name in columns]
    return sorted(((name, count) for name, count in counts if count), key=lambda pair: -pair[1])


def values_moved(moved: pl.DataFrame, column: str) -> list[tuple[object, object, int]]:
    """(old value, new value, in how many changed rows), most first."""
    changed = moved.filter((pl.col("move") == CHANGED) & _moved(column))
    pairs = changed.group_by(pl.col(column + _OLD).alias("old"), pl.col(column).alias("new")).agg(pl.len().alias("count"))
    return pairs.sort(["count", "old", "new"], descending=[True, False, False]).rows()


def moves(moved: pl.DataFrame) -> dict[str, int]:
    """How many rows were added, removed, changed."""
    counted = dict(moved.group_by("move").len().rows())
    return {move: counted.get(move, 0) for move in (ADDED, REMOVED, CHANGED)}


@dataclass(frozen=True)
class Causes:
    """Why a period was revised. files: path -> added, removed or changed. looked_back: earlier period -> (revision before, now)."""

    files: dict[str, str] = field(default_factory=dict)
    reference: dict[str, str] = field(default_factory=dict)
    looked_back: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    definitions: tuple[str, str] | None = None
    cards: tuple[str, ...] = ()  # what of the definitions differs, as the manifest's definitions_of has it
    program: tuple[str, str] | None = None
    basis: tuple[str, str] | None = None

    @property
    def any(self) -> bool:
        return bool(self.files or self.reference or self.looked_back or self.definitions or self.program or self.basis)


def causes(old: Mapping, new: Mapping) -> Causes:
    """What the manifests of two states of a period do not have in common."""
    back = (old.get("looked_back", {}), new.get("looked_back", {}))
    periods = [period for period in sorted(back[0].keys() | back[1].keys()) if back[0].get(period) != back[1].get(period)]

    def pair(name: str) -> tuple[str, str] | None:
        return (old.get(name, ""), new.get(name, "")) if old.get(name) != new.get(name) else None

    return Causes(
        files=paths_moved(old["inputs"], new["inputs"]),
        reference=paths_moved(reference_files(old), reference_files(new)),
        looked_back={period: (back[0].get(period), back[1].get(period)) for period in periods},
        definitions=pair("definitions"),
        cards=_cards_moved(old.get("definitions_of", {}), new.get("definitions_of", {})),
        program=pair("program"),
        basis=pair("basis"),
    )


def _cards_moved(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """In the order of the manifest; none where one of the two is of before cards were told apart."""
    return tuple(name for name in old | new if old.get(name) != new.get(name)) if old and new else ()


def reference_files(manifest: Mapping) -> Mapping[str, str]:
    """name -> digest of those reference files that move figures, without what is set for briefings alone (密级). A manifest of before there
    were briefings has the whole files' digests, which then are the same."""
    return manifest.get("moving_reference", manifest.get("reference", {}))


def paths_moved(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """path -> added, removed or changed, by the digests of two manifests."""
    found = {}
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            found[path] = ADDED if path not in old else REMOVED if path not in new else CHANGED
    return found


def spoken_of(subjects: Iterable[str], origins: Iterable[pl.LazyFrame], paths: Iterable[str]) -> dict[str, int]:
    """path -> how many of these units the file speaks of, in either state."""
    rows = pl.concat([frame.filter(pl.col("path").is_in(list(paths))).select("subject", "path") for frame in origins])
    named = pl.LazyFrame({"subject": list(subjects)}, schema={"subject": pl.String})
    return dict(rows.unique().join(named, on="subject", how="semi").group_by("path").len().collect().rows())


def _moved(name: str) -> pl.Expr:
    return pl.col(name).ne_missing(pl.col(name + _OLD))
