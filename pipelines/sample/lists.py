"""The lists that come once or twice a year, and the districts' own returns.

What belongs here: park, funding, recruit_quota, survey and district_return, in the same two halves as in ledgers.py.
"""

import numpy as np
import polars as pl

from . import names, party
from .cells import dates, known, mix
from .city import City

ITEMS = ("operation", "activity", "allowance", "instructor")
FIGURES = ("units", "covered", "single", "joint", "dispatched", "work_covered", "members")
# Places of districts: what each does wrong in the last month, and those that come close to it without being wrong.
INFLATING, COPYING, ROUND, PARTS, EXCEEDS, SILENT = (6, 8), 3, 5, 7, 4, 9
FEW_MEMBERS, THREE_MORE, NEARLY_COPYING = 0, 1, 2
FORMER = names.UNKNOWN + 1  # a return that comes in under the code of before the merger


class Lists:
    """The parts of `Ledgers` that look at the whole city and not at one unit."""

    def __init__(self, city: City, life: party.Party, leads) -> None:
        self.city, self.life, self.leads = city, life, leads
        self.figures: dict[str, dict[str, np.ndarray]] = {}  # sector → figure → one entry a district; set by the answer key
        self.returned: dict[tuple[str, int], tuple[int, ...]] = {}

    def _park_rows(self, month):
        return {"park": np.arange(len(names.PARK_CODES)), "group": np.zeros(21, dtype=int)}

    def _park(self, month, rows):
        place, end = rows["park"], self.city.ends[month]
        opened = self.city.ends[0] - 700 + mix(place, 21) % 1100
        there = opened <= end
        return {
            "park_code": pl.Series(names.PARK_CODES)[place], "name": pl.Series(names.PARK_NAMES)[place],
            "level": pl.Series(names.PARK_LEVELS)[place],
            "district_code": known(pl.Series(names.DISTRICT_CODES)[np.array(names.PARK_DISTRICTS)[place]], place % 11 != 7),
            "approved_on": dates(self.city.ends[0] - 3000 - place * 97), "centre_opened_on": dates(opened, there),
            "centre_area_m2": known(pl.Series(1000 + place * 85), there),
        }  # fmt: skip

    def _year(self, month: int) -> int:
        return int(self.city.periods[month][:4])

    def _funding_rows(self, month):
        areas = len(names.DISTRICTS) + len(names.PARK_CODES) + 1
        shape = np.indices((areas, 2, len(ITEMS))).reshape(3, -1)
        return {"area": shape[0], "back": shape[1], "item": shape[2], "group": (shape[0] >= len(names.DISTRICTS)).astype(int)}

    def _funding(self, month, rows):
        areas = pl.Series(names.DISTRICT_CODES[: names.UNKNOWN] + names.PARK_CODES + (names.CITY_CODE,))
        base = np.array((60_000, 90_000, 150_000, 240_000))[rows["item"]] * self.city.units // 196_000 + 100
        return {
            "area_code": areas[rows["area"]], "year": self._year(month) - rows["back"],
            "item": pl.Series(ITEMS)[rows["item"]], "amount_yuan": base * (4 + mix(rows["area"] * 8 + rows["back"], 4) % 9),
        }  # fmt: skip

    def _recruit_quota_rows(self, month):
        shape = np.indices((len(names.DISTRICTS), 2)).reshape(2, -1)
        return {"district": shape[0], "back": shape[1], "group": np.zeros(shape.shape[1], dtype=int)}

    def _recruit_quota(self, month, rows):
        shares = np.array([row[5] for row in names.DISTRICTS])[rows["district"]]
        return {
            "area_code": pl.Series(names.DISTRICT_CODES)[rows["district"]], "year": self._year(month) - rows["back"],
            "quota": np.maximum(1, np.rint(self.life.recruits_a_year * shares)).astype(np.int64),
        }  # fmt: skip

    def _survey_rows(self, month):
        city, dice = self.city, self.city.dice(6, month)
        asked = (city.taxed | city.insured) & ((city.kind == 0) | (city.kind == 6)) & (city.listed <= month) & ~city.protected
        units = np.flatnonzero(asked & (dice.random(len(asked)) < 0.7))
        units = np.append(units, np.array([row[0] for row in self.leads.surveyed], dtype=np.int64))
        return {"unit": units, "group": city.district(units, month)}

    def _survey(self, month, rows):
        city, units, end = self.city, rows["unit"], self.city.ends[month]
        salt, members, links = mix(units, 31 + month), self.life.members, self.life.links
        counted = np.bincount(members.unit[(members.unit >= 0) & (members.appears <= end)], minlength=len(city.kind))[units]
        covered = np.zeros(len(city.kind), dtype=bool)
        covered[links.unit[(links.start <= end) & (links.end > end)]] = True
        operating = np.where(salt % 50 == 0, 2, np.where(salt % 50 == 1, 1, 0))
        heads, has_org = np.maximum(1, city.employees[units] + salt % 3 - 1), covered[units]
        on = end - np.where(salt % 40 == 0, 500, salt % 280)
        forced = {unit: (index, row) for index, row in enumerate(self.leads.surveyed) for unit in [row[0]]}
        for place in np.flatnonzero(np.isin(units, list(forced))):
            _, (_, state, staff, party_members, organised) = forced[int(units[place])]
            operating[place], heads[place], counted[place], has_org[place], on[place] = state, staff, party_members, organised, end - 5
        pinned = np.isin(units, list(forced))
        return {
            "uscc": names.text(city.code[units]), "surveyed_on": dates(on),
            "operating": known(pl.Series(("operating", "suspended", "shell"))[operating], (salt % 23 != 0) | pinned),
            "employees": known(pl.Series(heads), (salt % 19 != 0) | pinned),
            "members": known(pl.Series(counted), (salt % 17 != 0) | pinned),
            "has_org": known(pl.Series(has_org), (salt % 29 != 0) | pinned),
            "investor_known": known(pl.Series(salt % 7 != 1), salt % 31 != 0),
            "_unit": units, "_protected": city.protected[units],
        }  # fmt: skip

    def _district_return_rows(self, month):
        """Most districts report what is so; two report what is wished for, and the others carelessly, or nearly so, in the last month."""
        last = month == len(self.city.periods) - 1
        rows, reported = [], {}
        for sector in ("enterprise", "social_org"):
            for place in range(len(names.DISTRICTS)):
                figures = self._return(sector, place, last)
                reported[sector, place] = figures
                if not (last and place == SILENT and sector == "social_org"):
                    rows.append((place, sector == "social_org", *figures))
        if last:
            rows.append((names.UNKNOWN, False, 12, 3, 1, 2, 0, 4, 9))
            rows.append((FORMER, False, *reported["enterprise", names.OLD_DISTRICT[5]]))
        self.returned = reported
        table = np.array(rows, dtype=np.int64).reshape(-1, 9)
        columns = {figure: table[:, 2 + place] for place, figure in enumerate(FIGURES)}
        return {"place": table[:, 0], "social": table[:, 1], **columns, "group": (table[:, 0] % 2).astype(int)}

    def _return(self, sector: str, place: int, last: bool) -> tuple[int, ...]:
        units, covered, single, joint, dispatched, work, members = (int(self.figures[sector][figure][place]) for figure in FIGURES)
        if place == COPYING and last and (sector, place) in self.returned and self.returned[sector, place][0] > 0:
            return self.returned[sector, place]
        if place == NEARLY_COPYING and last and (sector, place) in self.returned:
            return *self.returned[sector, place][:-1], self.returned[sector, place][-1] + 1
        if place in INFLATING and sector == "enterprise":
            claimed = max(covered, -(-units * 92 // 100))
            joint, covered, work = joint + claimed - covered, claimed, max(work, claimed)
        if place == ROUND and last:
            units = max(100, round(units, -1)) if sector == "enterprise" else 90  # below a hundred, round figures are no wonder
            joint, single, dispatched = (max(10, round(figure, -1)) for figure in (joint, single, dispatched))
            covered = joint + single + dispatched
            units, work = max(units, covered), min(max(units, covered), covered + 10)
        if place == FEW_MEMBERS and last:
            members = 3 * -(-(single + joint) // 5)  # as many branches as it takes, and none to spare
        if place == THREE_MORE and last and covered + 3 <= units:
            joint, covered, work = joint + 3, covered + 3, max(work, covered + 3)
        if place == PARTS and last:
            single += 1
        if place == EXCEEDS and last:
            work = max(0, covered - 1) if covered else work
        return units, covered, single, joint, dispatched, work, members

    def _district_return(self, month, rows):
        codes = names.DISTRICT_CODES[: names.UNKNOWN] + (names.LOST_DISTRICT, names.OLD_DISTRICT[0])
        return {
            "district_code": pl.Series(codes)[rows["place"]], "sector": pl.Series(("enterprise", "social_org"))[rows["social"]],
            **{figure: rows[figure] for figure in FIGURES}, "_place": rows["place"], "_social": rows["social"],
            **{f"_{figure}": rows[figure] for figure in FIGURES}, "_protected": np.ones(len(rows["place"]), dtype=bool),
        }  # fmt: skip
