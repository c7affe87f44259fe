"""What a reader is given of a release: the rows of an area, and for some readers no names of units.

What belongs here: pure functions over published tables. Who somebody is stands in data/access.py; a release is opened with a reach in
dashboards/store.py, and nowhere else. Every table has its way here: one that has none is given to nobody but readers of the whole city.

A reader of a district or park is given
- figures of the area, of the parks in it, and of what it lies in (a park's district, the city and its two zones): the line to compare
  with. Other districts and parks are not there.
- rows of units, organisations and findings that lie in the area (in its district, or in one of its parks).
- files that are not known to speak of another district alone; of rows that did not load those of the district's own files, by file, line
  and reason: what they say may be of anybody, for nobody could read whose they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import narwhals as nw

UNKNOWN = "000000"
NOBODY = "\0"  # no code and no path is this
FIGURES = frozenset(("metrics", "base_numbers", "doubling", "targets", "units"))
PLACED = frozenset(("census", "worklist", "weak_orgs", "organisations"))
# Table -> its columns that name a unit or an organisation, or lead to one by name.
NAMED = {
    "census": ("uscc",),
    "worklist": ("uscc",),
    "surveyed": ("uscc",),
    "weak_orgs": ("org_code",),
    "organisations": ("org_code",),
    "findings": ("subject",),
    "origins": ("subject",),
}
# Table -> its columns that say what a unit is, and what stands there instead for a reader of figures alone.
TOLD = {
    "census": {"name": None},
    "organisations": {"name": None, "managed_by": None},
    "findings": {"evidence": '{"facts": {}, "rows": []}'},
    "rejected": {"fields": "{}"},
}
# Subjects that are places or files, and stay what they are.
PUBLIC_SUBJECTS = ("area", "park", "delivery", "return", "district")


@dataclass(frozen=True)
class Reach:
    """The codes of one release that a reader is given. `above`: (kind, code) of what the areas lie in. `files`: path -> the one
    district that a file speaks of, of the release's files that speak of one."""

    districts: frozenset[str]
    parks: frozenset[str]
    above: frozenset[tuple[str, str]]
    files: Mapping[str, str]

    def has(self, kind: str, code: str) -> bool:
        """Whether a place's figures are given to the reader."""
        own = {"district": self.districts, "park": self.parks}.get(kind, frozenset())
        return code in own or (kind, code) in self.above

    def lies_within(self, kind: str, code: str) -> bool:
        """Whether all that lies in a place is given to the reader, and not its figures alone."""
        return code in {"district": self.districts, "park": self.parks}.get(kind, frozenset())

    def file(self, path: str) -> bool:
        """Whether a file may be named: it is not another district's alone."""
        return path not in self.files or self.files[path] in self._districts_of_files

    def own_file(self, path: str) -> bool:
        return self.files.get(path) in self.districts

    @property
    def _districts_of_files(self) -> frozenset[str]:
        return self.districts | {code for kind, code in self.above if kind == "district"}


def reach_of(areas: Iterable[tuple[str, str]], units: Iterable[Mapping], leads_to: Mapping[str, str], files: Mapping[str, str]) -> Reach:
    """areas: (kind, code) of today. units: the release's own rows of table units. leads_to: its district codes -> today's, for a
    district that has merged since was several. What is in no known district is nobody's but the whole city's."""
    units = list(units)
    wanted = {code for kind, code in areas if kind == "district"} - {UNKNOWN}
    districts = {
        row["unit_code"]
        for row in units
        if row["unit_kind"] == "district" and wanted & {row["unit_code"], leads_to.get(row["unit_code"], row["unit_code"])}
    } - {UNKNOWN}
    named = {code for kind, code in areas if kind == "park"}
    of_parks = [row for row in units if row["unit_kind"] == "park"]
    parks = {row["unit_code"] for row in of_parks if row["unit_code"] in named or row["parent_code"] in districts}
    parents = {row["parent_code"] for row in of_parks if row["unit_code"] in parks} - districts
    above = {(row["unit_kind"], row["unit_code"]) for row in units if row["unit_kind"] in ("city", "zone")}
    above |= {("district", code) for code in parents if code}
    return Reach(frozenset(districts), frozenset(parks), frozenset(above), dict(files))


def within(table: str, rows: nw.LazyFrame, reach: Reach, others: Mapping[str, nw.LazyFrame]) -> nw.LazyFrame:
    """The rows of a table that a reach holds. others: the tables `census` and `organisations` of the release, whole, where it has them."""
    if table in FIGURES:
        return rows.filter(_figures(reach))
    if table in PLACED:
        return rows.filter(_placed(reach))
    if table == "surveyed":
        return _semi(rows, others, reach, "census", "uscc", "uscc")
    if table == "parks":
        return rows.filter(_among("park_code", reach.parks))
    if table == "returned":
        return rows.filter(_among("district_code", reach.districts) | _among("leads_to", reach.districts))
    if table == "findings":
        files = [path for path in reach.files if reach.own_file(path)]
        of_file = (nw.col("subject_kind") == "delivery") & _ends_with_path("subject", files)
        return rows.filter((_placed(reach) & (nw.col("subject_kind") != "delivery")) | of_file)
    if table == "loads":
        return rows.filter(~_among("path", [path for path in reach.files if not reach.file(path)]))
    if table == "rejected":
        own = rows.filter(_among("path", [path for path in reach.files if reach.own_file(path)]))
        # Rows that loaded made it the district's file; what did not may speak of anybody.
        return own.with_columns(fields=nw.lit("{}"))
    if table == "origins":
        return _origins(rows, reach, others)
    return rows.head(0)


def _among(column: str, codes: Iterable[str]) -> nw.Expr:
    # Among none is nobody; a literal false is no predicate to every engine.
    return nw.col(column).is_in(sorted(codes) or [NOBODY]).fill_null(False)


def _figures(reach: Reach) -> nw.Expr:
    codes = {"district": set(reach.districts), "park": set(reach.parks)}
    for kind, code in reach.above:
        codes.setdefault(kind, set()).add(code)
    parts = [(nw.col("unit_kind") == kind) & _among("unit_code", codes[kind]) for kind in sorted(codes)]
    return nw.any_horizontal(*parts, ignore_nulls=False)


def _placed(reach: Reach) -> nw.Expr:
    return _among("district_code", reach.districts) | _among("park_code", reach.parks)


def _ends_with_path(column: str, paths: list[str]) -> nw.Expr:
    """A delivery's subject is `source|path`, and the path's second part is the source."""
    return _among(column, [f"{path.split('/')[1]}|{path}" for path in paths if path.count("/") > 1])


def _semi(rows: nw.LazyFrame, others: Mapping[str, nw.LazyFrame], reach: Reach, table: str, key: str, on: str) -> nw.LazyFrame:
    if table not in others:
        return rows.head(0)
    inside = others[table].filter(_placed(reach)).select(nw.col(key).alias(on)).unique()
    return rows.join(inside, on=on, how="semi")


def _origins(rows: nw.LazyFrame, reach: Reach, others: Mapping[str, nw.LazyFrame]) -> nw.LazyFrame:
    """Lines of deliveries by their subject. A link's line names a unit and an organisation: each is there where its own subject is."""
    kind = nw.col("subject_kind")
    own = reach.districts | reach.parks
    parts = [rows.filter(((kind == "area") & _among("subject", own)) | ((kind == "park") & _among("subject", reach.parks)))]
    for name, (table, key) in {"unit": ("census", "uscc"), "organisation": ("organisations", "org_code")}.items():
        parts.append(_semi(rows.filter(kind == name), others, reach, table, key, "subject"))
    return nw.concat(parts)


def manifest(whole: Mapping, reach: Reach) -> dict:
    """The manifest without files of other districts and without what moved elsewhere."""
    seen = dict(whole)
    if "inputs" in seen:
        seen["inputs"] = {path: digest for path, digest in seen["inputs"].items() if reach.file(path)}
    if "withdrawn" in seen:
        seen["withdrawn"] = [path for path in seen["withdrawn"] if reach.file(path)]
    if "refused" in seen:
        seen["refused"] = {path: why for path, why in seen["refused"].items() if reach.file(path)}
    if "target_documents" in seen:
        seen["target_documents"] = [
            row for row in seen["target_documents"] if not row["unit_code"] or reach.has(row["unit_kind"], row["unit_code"])
        ]
    if "changes" in seen:
        seen["changes"] = _changes(seen["changes"], reach)
    return seen


def _changes(moved: Iterable[Mapping], reach: Reach) -> list[dict]:
    """What moved in places of the reach, with the files that may be named."""
    own = (each for each in moved if reach.has(each["unit_kind"], each["unit_code"]))
    return [{**each, "files": [path for path in each["files"] if reach.file(path)]} for each in own]
