"""Whose file a file is: the files of a release that speak of one district alone.

What belongs here: putting the lines that figures rest on (table origins) beside where their subjects lie. When a file is a district's own
is settled in quality.py.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import narwhals as nw
import polars as pl

from transforms.quality import districts_of_files
from transforms.shown import Published


def districts_by_file(release: Published) -> Mapping[str, str]:
    """path -> the district, of the files of a release that speak of one district alone; empty where it has no origins."""
    return _districts_by_file(release, release.manifest.get("created_at", ""))


# Every line of a year's deliveries is looked at for it; a release never changes.
@lru_cache(maxsize=32)
def _districts_by_file(release: Published, created: str) -> dict[str, str]:
    if "origins" not in release.manifest["tables"]:
        return {}
    columns = ("subject_kind", "subject", "district_code")
    known = pl.LazyFrame(_places(release), schema=dict.fromkeys(columns, pl.String), orient="row").unique()
    places = [known]
    for kind, (table, key) in {"unit": ("census", "uscc"), "organisation": ("organisations", "org_code")}.items():
        if table in release.manifest["tables"]:
            places.append(release.scan(table).select(pl.lit(kind).alias("subject_kind"), pl.col(key).alias("subject"), "district_code"))
    found = districts_of_files(nw.from_native(release.scan("origins")), nw.from_native(pl.concat(places)))
    return dict(found.to_native().collect(engine="streaming").rows())


def _places(release: Published) -> Iterable[tuple[str, str, str]]:
    """(subject kind, subject, district) of the subjects that are places."""
    units = release.table("units").select("unit_kind", "unit_code", "parent_code").rows()
    known = [("area", code, code) for kind, code, _ in units if kind in ("city", "district")]
    for kind, code, parent in units:
        if kind == "park":
            known += [("area", code, parent), ("park", code, parent)]
    if "returned" in release.manifest["tables"]:
        # A return under a code of before speaks of the district that the code leads to.
        known += release.table("returned").select(pl.lit("area"), "district_code", "leads_to").rows()
    return known
