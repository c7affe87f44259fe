"""Counts over a release that can be cited as its figures are: findings, units on work lists, files and rows, targets, sources, rules.

What belongs here: each tally's name, key and cells, how the cells are counted, and which rows each of them counts. Their codes are made
in marks.py. Whoever is given a part of a release has a tally only where he is given all that it counts: else one code would open two
numbers. Nothing here counts members, and a finding is a row without its subject, which may be one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from data.contracts import metrics, rules, sources
from data.periods import add_months
from transforms.shown import Published
from transforms.what_next import LONG, absent, late

Key = tuple[str, ...]
ALL = "all"
SEVERITIES = ("H", "S", "I", ALL)
# A source of the month is delivered, missing, late (it lives on an earlier month's delivery) or carried (an annual list, as it should be);
# what is missing or late is owed.
STATES = ("delivered", "missing", "late", "owed", "carried")
UNKNOWN = "000000"
PLACED = {"city": None, "district": "district_code", "park": "park_code"}


@dataclass(frozen=True)
class Rows:
    """The rows that a cell counts. kind: what a row is (finding, unit, file, rejected, target, source, rule). Each has `subject`, its
    code, and `adds`, what it adds to the cell."""

    kind: str
    rows: pl.LazyFrame


@dataclass(frozen=True)
class Tally:
    """`key`: what tells its counts of one release apart. `keys`: those that there are, were they all 0. `counted`: a row a key, of those
    that are not 0. `rows`: (release, row, cell) -> what the cell counts."""

    name: str
    key: tuple[str, ...]
    cells: tuple[str, ...]
    keys: Callable[[Published], Iterator[Key]]
    counted: Callable[[Published], pl.LazyFrame]
    rows: Callable[[Published, Mapping, str], Rows]


def keys(release: Published, name: str) -> list[Key]:
    """The keys of a tally in a release, in an order that stays."""
    return list(TALLIES[name].keys(release))


def counts(release: Published, name: str) -> Mapping[Key, Mapping[str, int | None]]:
    """key -> cell -> the count."""
    return _counts(release, release.manifest.get("created_at", ""), name)


def row_of(release: Published, name: str, key: tuple) -> dict | None:
    """A tally as a row of a table; None where the release has none of this key."""
    found, key = counts(release, name), tuple(map(str, key))
    return dict(zip(TALLIES[name].key, key, strict=True)) | found[key] if key in found else None


def opened(release: Published, name: str, row: Mapping, cell: str) -> Rows:
    """The rows that a cell counts."""
    return TALLIES[name].rows(release, row, cell)


# Asked for once by each sentence that quotes one; a release never changes.
@lru_cache(maxsize=64)
def _counts(release: Published, created: str, name: str) -> dict[Key, dict[str, int | None]]:
    tally, wanted = TALLIES[name], keys(release, name)
    if not wanted:
        return {}
    rows = tally.counted(release).select(*tally.key, *(pl.col(cell).cast(pl.Int64) for cell in tally.cells)).collect().rows()
    size, nought = len(tally.key), (0,) * len(tally.cells)
    found = {tuple(map(str, row[:size])): row[size:] for row in rows}
    return {key: dict(zip(tally.cells, found.get(key, nought), strict=True)) for key in wanted}


def _has(release: Published, table: str) -> bool:
    return table in release.manifest["tables"]


def _units(release: Published) -> list[tuple[str, str]]:
    """The city, districts and parks of which a reader is given everything."""
    rows = release.table("units").select("unit_kind", "unit_code").rows()
    return [(kind, code) for kind, code in rows if kind in PLACED and release.lies_within(kind, code)]


def _is_whole(release: Published) -> bool:
    return release.lies_within("city", "")


def _at_places(rows: pl.LazyFrame, release: Published) -> pl.LazyFrame:
    """Each row once for the city, its district and its park."""
    city = release.scan("units").filter(pl.col("unit_kind") == "city").select(city=pl.col("unit_code")).head(1)
    rows = rows.join(city, how="cross")
    at = [rows.with_columns(unit_kind=pl.lit(kind), unit_code=pl.col(column or "city")) for kind, column in PLACED.items()]
    return pl.concat(at).filter(pl.col("unit_code").is_not_null())


def _of_place(rows: pl.LazyFrame, row: Mapping) -> pl.LazyFrame:
    column = PLACED[row["unit_kind"]]
    return rows if column is None else rows.filter(pl.col(column) == row["unit_code"])


def _with_all(rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """Each row once for what its column says and once for all."""
    return pl.concat([rows, rows.with_columns(pl.lit(ALL).alias(column))])


def _findings_keys(release: Published) -> Iterator[Key]:
    if _has(release, "findings"):
        yield from ((*unit, severity) for unit in _units(release) for severity in SEVERITIES)


def _findings(release: Published) -> pl.LazyFrame:
    rows = _with_all(release.scan("findings").select("severity", "district_code", "park_code", "since"), "severity")
    opened = (pl.col("since") == release.period).sum()
    return _at_places(rows, release).group_by("unit_kind", "unit_code", "severity").agg(listed=pl.len(), opened=opened)


def _finding_rows(release: Published, row: Mapping, cell: str) -> Rows:
    found = _of_place(release.scan("findings"), row)
    if row["severity"] != ALL:
        found = found.filter(pl.col("severity") == row["severity"])
    if cell == "opened":
        found = found.filter(pl.col("since") == release.period)
    told = ("rule", "severity", "subject_kind", "district_code", "park_code", "since")
    return Rows("finding", found.select(pl.col("fingerprint").alias("subject"), *told, adds=_one()))


def _list_keys(release: Published) -> Iterator[Key]:
    if _has(release, "worklist"):
        # A list that came to the program later counts nobody in none: those that the release knew, and those on which somebody is.
        not_run = release.manifest.get("checks", {}).get("not_run", {})
        there = release.scan("worklist").select(pl.col("list").unique(maintain_order=True)).collect()["list"]
        names = [name for name in dict.fromkeys((*_known_then(release, "worklists"), *there)) if name not in not_run]
        yield from ((*unit, name) for unit in _units(release) for name in names)


def _known_then(release: Published, kind: str) -> list[str]:
    """The names of a kind that a release was computed by; none of one that does not tell them yet."""
    return [name.removeprefix(f"{kind}/") for name in release.manifest.get("definitions_of", ()) if name.startswith(f"{kind}/")]


def _lists(release: Published) -> pl.LazyFrame:
    rows = release.scan("worklist").select("list", "district_code", "park_code", "since")
    return _at_places(rows, release).group_by("unit_kind", "unit_code", "list").agg(listed=pl.len(), long=_long(release).sum())


def _long(release: Published) -> pl.Expr:
    return pl.col("since") <= add_months(release.period, -LONG)


def _listed_rows(release: Published, row: Mapping, cell: str) -> Rows:
    found = _of_place(release.scan("worklist").filter(pl.col("list") == row["list"]), row)
    if cell == "long":
        found = found.filter(_long(release))
    names = release.scan("census").select("uscc", "name")
    told = ("name", "sector", "district_code", "park_code", "since")
    return Rows("unit", found.join(names, on="uscc", how="left").select(pl.col("uscc").alias("subject"), *told, adds=_one()))


def _load_keys(release: Published) -> Iterator[Key]:
    if _has(release, "loads") and _is_whole(release):
        there = release.scan("loads").select(pl.col("source").unique(maintain_order=True)).collect()["source"]
        yield from ((name,) for name in dict.fromkeys((ALL, *sources(), *there)))


def _loads(release: Published) -> pl.LazyFrame:
    rows = _with_all(release.scan("loads").select("source", "rows_read", "rows_rejected", "refused"), "source")
    refused, read, rejected = pl.col("refused").is_not_null().sum(), pl.col("rows_read").sum(), pl.col("rows_rejected").sum()
    return rows.group_by("source").agg(files=pl.len(), refused=refused, read=read, rejected=rejected)


def _load_rows(release: Published, row: Mapping, cell: str) -> Rows:
    of_source = pl.lit(True) if row["source"] == ALL else pl.col("source") == row["source"]
    if cell == "rejected":
        rows = release.scan("rejected").filter(of_source, ~pl.col("reason").str.starts_with("dropped:"))
        # A value that was dropped leaves its row; a row that was rejected for several reasons is one row.
        rows = rows.sort("path", "line", "reason").unique(("path", "line"), keep="first")
        return Rows("rejected", rows.select(pl.col("path").alias("subject"), "source", "line", "reason", adds=_one()))
    rows = release.scan("loads").filter(of_source)
    if cell == "refused":
        rows = rows.filter(pl.col("refused").is_not_null())
    adds = pl.col("rows_read").fill_null(0) if cell == "read" else _one()
    return Rows("file", rows.select(pl.col("path").alias("subject"), "source", "rows_read", "rows_rejected", "refused", adds=adds))


def _targets(release: Published) -> pl.LazyFrame:
    """Of each target the districts, parks or zones that have a figure; those of no known district are nobody's to reach it."""
    rows = _target_places(release)
    falls = pl.col("metric").is_in([card.name for card in metrics().values() if card.direction == "down"])
    there = pl.when(falls).then(pl.col("value") <= pl.col("target")).otherwise(pl.col("units_missing") == 0)
    # What is to be taken off where less is better stands in no table.
    missing = pl.when(~falls.any()).then(pl.col("units_missing").sum())
    return rows.group_by(_TARGET).agg(places=pl.len(), reached=there.sum(), short=(~there).sum(), missing=missing)


def _target_places(release: Published) -> pl.LazyFrame:
    rows = _set_for_several(release).filter(pl.col("value").is_not_null())
    return rows.filter(pl.col("metric").is_in(list(metrics())))


def _set_for_several(release: Published) -> pl.LazyFrame:
    return release.scan("targets").filter(pl.col("unit_kind") != "city", pl.col("unit_code") != UNKNOWN)


_TARGET = ("metric", "sector", "unit_kind", "due", "target")


def _target_keys(release: Published) -> Iterator[Key]:
    if _has(release, "targets") and _is_whole(release):
        rows = _set_for_several(release).select(_TARGET).unique().sort(_TARGET).collect().rows()
        yield from (tuple(map(str, row)) for row in rows)


def _target_rows(release: Published, row: Mapping, cell: str) -> Rows:
    same = [pl.col(name).cast(pl.String) == row[name] for name in _TARGET if name != "target"]
    rows = _target_places(release).filter(*same, pl.col("target") == float(row["target"]))
    falls = metrics()[row["metric"]].direction == "down" if row["metric"] in metrics() else False
    there = pl.col("value") <= pl.col("target") if falls else pl.col("units_missing") == 0
    if cell in ("reached", "short"):
        rows = rows.filter(there if cell == "reached" else ~there)
    adds = pl.col("units_missing") if cell == "missing" else _one()
    return Rows("target", rows.with_columns(subject=pl.col("unit_code"), adds=adds))


def source_states(manifest: Mapping) -> dict[str, str]:
    """source -> delivered, missing, late or carried."""
    found = dict.fromkeys(sources(), "delivered") | dict.fromkeys(manifest.get("carried", {}), "carried")
    found |= dict.fromkeys(late(manifest), "late") | dict.fromkeys(absent(manifest), "missing")
    return {name: found[name] for name in sources()}


def _in_state(state: str) -> tuple[str, ...]:
    return ("missing", "late") if state == "owed" else (state,)


def _source_keys(release: Published) -> Iterator[Key]:
    if _is_whole(release):
        yield from ((state,) for state in STATES)


def _sources(release: Published) -> pl.LazyFrame:
    stand = list(source_states(release.manifest).values())
    return pl.LazyFrame({"state": STATES, "sources": [sum(each in _in_state(state) for each in stand) for state in STATES]})


def _source_rows(release: Published, row: Mapping, cell: str) -> Rows:
    found = [name for name, state in source_states(release.manifest).items() if state in _in_state(row["state"])]
    carried = release.manifest.get("carried", {})
    schema = {"subject": pl.String, "month": pl.String, "adds": pl.Int64}
    return Rows("source", pl.LazyFrame([(name, carried.get(name), 1) for name in found], schema=schema, orient="row"))


def _rule_keys(release: Published) -> Iterator[Key]:
    if _has(release, "findings") and _is_whole(release) and "ran" in release.manifest.get("checks", {}):
        yield ()


def _rules_by_cell(release: Published) -> dict[str, list[str]]:
    """By what the release itself says: rules come and go, and its numbers stay. What was not run stands there beside lists."""
    checks, known = release.manifest["checks"], {*_known_then(release, "rules")} or rules().keys()
    ran = set(checks["ran"])
    not_run = {name for name in checks.get("not_run", {}) if name in known} - ran
    return {"ran": sorted(ran), "not_run": sorted(not_run), "known": sorted(ran | not_run)}


def _rules(release: Published) -> pl.LazyFrame:
    return pl.LazyFrame({cell: [len(names)] for cell, names in _rules_by_cell(release).items()})


def _rule_rows(release: Published, row: Mapping, cell: str) -> Rows:
    lacking = release.manifest.get("checks", {}).get("not_run", {})
    schema = {"subject": pl.String, "lacked": pl.List(pl.String), "adds": pl.Int64}
    found = [(name, lacking.get(name), 1) for name in _rules_by_cell(release)[cell]]
    return Rows("rule", pl.LazyFrame(found, schema=schema, orient="row"))


def _one() -> pl.Expr:
    return pl.lit(1, dtype=pl.Int64)


_EVERY = (
    Tally("findings_count", ("unit_kind", "unit_code", "severity"), ("listed", "opened"), _findings_keys, _findings, _finding_rows),
    Tally("worklist_count", ("unit_kind", "unit_code", "list"), ("listed", "long"), _list_keys, _lists, _listed_rows),
    Tally("loads_count", ("source",), ("files", "refused", "read", "rejected"), _load_keys, _loads, _load_rows),
    Tally("targets_count", _TARGET, ("places", "reached", "short", "missing"), _target_keys, _targets, _target_rows),
    Tally("sources_count", ("state",), ("sources",), _source_keys, _sources, _source_rows),
    Tally("rules_count", (), ("known", "ran", "not_run"), _rule_keys, _rules, _rule_rows),
)
TALLIES = {tally.name: tally for tally in _EVERY}
