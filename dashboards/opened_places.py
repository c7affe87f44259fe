"""The sides of figures that no predicate counts: parks, posts, money, and persons, who are counted and never listed.

What belongs here: a method a side. Which side a metric has is in PLACES; the others are opened in opened.py.
"""

from typing import Protocol

import narwhals as nw
import polars as pl

from dashboards.opened_parts import Side, why_not
from data.home import Home
from data.periods import last_day
from data.releases import Release
from transforms import opening
from transforms.inputs import valid_codes

# Metrics of places and persons -> what lies above and below the line (`Places`).
PLACES = {
    "centre_rate": ("centres", "parks"),
    "instructor_staffing": ("instructors", "minimum"),
    "recruit_rate": ("members", "quota"),
    "irregular_member_share": ("members", "members"),
    "activity_funding": ("funding", "members"),
    "allowance_funding": ("funding", "secretaries"),
}


class Opener(Protocol):
    """What is asked of whoever opens the figures of one release."""

    home: Home
    release: Release

    def frame(self, table: str) -> nw.LazyFrame | None: ...

    def side(self, name: str, kind: str, rows: nw.LazyFrame, published: int | None = None, note: str | None = None) -> Side: ...


class Places:
    """Sides of figures that no predicate counts: parks, posts, money, and persons, who are counted and never listed."""

    def __init__(self, opener: Opener, row: dict):
        self.opener, self.row = opener, row
        self.home, self.release = opener.home, opener.release
        self.place = (row["unit_kind"], row["unit_code"])

    def parks(self, name: str) -> Side:
        rows = opening.parks_of(self.opener.frame("units"), *self.place, self.row["sector"])
        return self._known(name, "park") or self.opener.side(name, "park", rows, self.row[name])

    def centres(self, name: str) -> Side:
        known, parks = self._known(name, "park"), self.opener.frame("parks")
        if known or parks is None:
            return known or Side(name, "park", None, self.row[name], "centres")
        rows = opening.centres_of(self.opener.frame("units"), parks, *self.place, self.row["sector"])
        return self.opener.side(name, "park", rows, self.row[name])

    def minimum(self, name: str) -> Side:
        return Side(name, "line", None, self.row[name], "minimum")

    def instructors(self, name: str) -> Side:
        return self._area(name, "instructor", "instructors", posted=True)

    def quota(self, name: str) -> Side:
        return self._area(name, "recruit_quota", "years")

    def funding(self, name: str) -> Side:
        return self._area(name, "funding", "years")

    def members(self, name: str) -> Side:
        known, origins, census = self._known(name, "unit"), self.opener.frame("origins"), self.opener.frame("census")
        if known or origins is None or census is None:
            return known or Side(name, "unit", None, self.row[name], "no_table")
        rows = opening.of_place(opening.units_with_members(census, origins), *self.place)
        return self.opener.side(name, "unit", rows, self.row[name], "members")

    def secretaries(self, name: str) -> Side:
        known, organisations = self._known(name, "organisation"), self.opener.frame("organisations")
        if known or organisations is None:
            return known or Side(name, "organisation", None, self.row[name], "no_table")
        day, yuan = last_day(self.release.period), self.home.settings.funding
        urban = {district.code for district in self.home.districts if district.is_urban and district.valid_on(day)}
        yearly = dict.fromkeys(urban, 12 * yuan.secretary_month_yuan_urban)
        rows = opening.secretaries_of(organisations, yearly, 12 * yuan.secretary_month_yuan_rural)
        return self.opener.side(name, "organisation", opening.of_place(rows, *self.place), self.row[name], "yuan")

    def _area(self, name: str, source: str, note: str, posted: bool = False) -> Side:
        known, origins, units = self._known(name, "line"), self.opener.frame("origins"), self.release.table("units")
        if known or origins is None:
            return known or Side(name, "line", None, self.row[name], "no_table")
        written = origins.filter((nw.col("subject_kind") == "area") & (nw.col("source") == source)).select("subject").unique().collect()
        parks = dict(units.filter(pl.col("unit_kind") == "park").select("unit_code", "parent_code").rows())
        city = units.filter(pl.col("unit_kind") == "city")["unit_code"][0]
        valid = valid_codes(self.home.districts, last_day(self.release.period))
        codes = opening.area_codes(written["subject"].to_list(), *self.place, city, parks, valid, posted)
        return self.opener.side(name, "line", opening.area_rows(origins, source, codes), self.row[name], note)

    def _known(self, name: str, kind: str) -> Side | None:
        return Side(name, kind, None, None, why_not(self.row)) if self.row[name] is None else None
