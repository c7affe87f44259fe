"""The answer key: what the generator planted, and the figures that follow from what it made load.

What belongs here: the true figures, computed from the city's own arrays in plain numpy. Nothing here reads a file back, and
nothing is taken from transforms/: a key that used the program's own arithmetic could not find it wrong.
"""

import numpy as np

from data.contracts import registration_types

from . import names
from .city import City

CARRY = {"park": 11, "funding": 11, "recruit_quota": 11, "survey": 12}
BASES = ("registered", "corroborated", "verified")
SECTORS = ("enterprise", "social_org", "all")
_ENTERPRISE, _SELF_EMPLOYED, _SOCIAL = 1, 2, 3


class Truth:
    """What is in effect at each month's end, and the figures that follow."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.loaded: dict[str, tuple[int, dict[str, np.ndarray]]] = {}
        classes = {"non_public": _ENTERPRISE, "assumed_non_public": _ENTERPRISE, "self_employed": _SELF_EMPLOYED}
        kinds = {code: classes.get(kind, 0) for code, _, kind in registration_types()}
        sector = np.zeros(10_000, dtype=np.uint8)
        for code, value in kinds.items():
            sector[int(code)] = value
        self.sector = sector[city.type_code]
        self.sector[city.kind >= 6] = 0

    def deliver(self, source: str, month: int, columns: dict[str, np.ndarray]) -> None:
        self.loaded[source] = (month, columns)

    def effective(self, source: str, month: int) -> tuple[int, dict[str, np.ndarray]] | None:
        found = self.loaded.get(source)
        return found if found and month - found[0] <= CARRY.get(source, 2) else None

    def rows(self, source: str, month: int) -> dict[str, np.ndarray]:
        found = self.effective(source, month)
        return found[1] if found else {}

    def known(self, month: int) -> np.ndarray:
        """Units that stand in a register in effect, whatever their status."""
        there = np.zeros(len(self.city.kind), dtype=bool)
        for source in ("registration", "social_org"):
            rows = self.rows(source, month)
            if rows:
                there[rows["_unit"]] = True
        return there

    def unmatched(self, units: np.ndarray, month: int, twins: dict[int, int]) -> np.ndarray:
        """15-character numbers that lead to no unit, or to two."""
        there = self.known(month)
        lost = ~there[units]
        for place in np.flatnonzero(np.isin(units, list(twins))):
            lost[place] = there[units[place]] and there[twins[int(units[place])]] or lost[place]
        return lost

    def missing(self, month: int, sources: tuple[str, ...]) -> str | None:
        return next((f"source_missing:{source}" for source in sources if not self.effective(source, month)), None)

    def month(self, month: int) -> dict[str, np.ndarray]:
        """One entry a unit: sector, district, park, the lists it is on, and what covers it."""
        size, end = len(self.city.kind), self.city.ends[month]
        zero = lambda kind=bool: np.zeros(size, dtype=kind)  # noqa: E731
        unit = {"sector": zero(np.uint8), "active": zero(), "known": self.known(month),
                "district": np.full(size, names.UNKNOWN, dtype=np.uint8),
                "park": np.full(size, -1, dtype=np.int8), "taxpayer": zero(),
                "employees": np.full(size, -1, dtype=np.int64), "covered": zero(),
                "mode": np.full(size, 9, dtype=np.uint8), "work": zero()}  # fmt: skip
        for source in ("registration", "social_org"):  # a code in both counts once, as the social organisation's row has it
            rows = self.rows(source, month)
            if not rows:
                continue
            where = rows["_unit"]
            unit["sector"][where] = self.sector[where] if source == "registration" else _SOCIAL
            unit["active"][where] = rows["_active"] & (rows["_founded"] <= end) & (rows["_ended"] > end)
            unit["district"][where], unit["park"][where] = rows["_district"], rows["_park"]
        if rows := self.rows("tax", month):
            unit["taxpayer"] = np.bincount(rows["_unit"], rows["_paid"] * rows["_normal"], minlength=size) > 0
        if rows := self.rows("social_insurance", month):
            unit["employees"][rows["_unit"]] = rows["_insured"]
        unit["insured"] = unit["employees"] >= 1
        self._cover(unit, month, end)
        unit["registered"] = unit["active"] & (unit["sector"] > 0)
        social = unit["sector"] == _SOCIAL
        unit["corroborated"] = unit["registered"] & (unit["taxpayer"] | unit["insured"] | social)
        unit["verified"] = unit["registered"] & ((unit["taxpayer"] & unit["insured"]) | social)
        return unit

    def _cover(self, unit, month, end):
        orgs, links = self.rows("party_org", month), self.rows("org_link", month)
        if orgs and links:
            mode_of = np.full(int(max(orgs["_number"].max(initial=0), links["_number"].max(initial=0))) + 1, 9, dtype=np.uint8)
            active = (orgs["_founded"] <= end) & (orgs["_ended"] > end)
            mode_of[orgs["_number"][active]] = orgs["_mode"][active]
            holds = (links["_start"] <= end) & (links["_end"] > end) & (mode_of[links["_number"]] < 9)
            np.minimum.at(unit["mode"], links["_unit"][holds], mode_of[links["_number"][holds]])
            unit["covered"] = unit["mode"] < 9
        unit["work"] |= unit["covered"]
        for source, start in (("instructor", "_start"), ("mass_org", "_founded")):
            if rows := self.rows(source, month):
                stop = rows["_end"] if source == "instructor" else rows["_ended"]
                unit["work"][rows["_unit"][(rows[start] <= end) & (stop > end)]] = True

    def members(self, month: int) -> tuple[int | None, np.ndarray]:
        """Distinct members in effect, and their number a work unit (in place or mobile)."""
        rows = self.rows("member", month)
        if not rows:
            return None, np.zeros(len(self.city.kind), dtype=np.int64)
        counts = (rows["_unit"] >= 0) & rows["_counts"]
        pairs = np.unique(rows["_person"][counts].astype(np.int64) * 2**32 + rows["_unit"][counts])
        return len(np.unique(rows["_person"])), np.bincount(pairs % 2**32, minlength=len(self.city.kind))

    def coverage(self, month: int, unit: dict[str, np.ndarray]) -> list[tuple]:
        """org_coverage and work_coverage: (basis, unit_kind, unit_code, sector, metric, numerator, denominator, reason)."""
        found = []
        for sector in SECTORS:
            inside = unit["sector"] == {"enterprise": _ENTERPRISE, "social_org": _SOCIAL}.get(sector, 0)
            inside = inside | np.isin(unit["sector"], (_ENTERPRISE, _SOCIAL)) if sector == "all" else inside
            registers = {"enterprise": ("registration",), "social_org": ("social_org",)}.get(sector, ("registration", "social_org"))
            for basis in BASES:
                lists = ("tax", "social_insurance") if basis != "registered" and sector != "social_org" else ()
                chosen = inside & unit[basis]
                below = self._counts(chosen, unit["district"])
                for metric, column, more in (("org_coverage", "covered", ()), ("work_coverage", "work", ("instructor", "mass_org"))):
                    reason = self.missing(month, (*registers, *lists, "party_org", "org_link", *more))
                    unknown = self.missing(month, (*registers, *lists)) is not None
                    above = self._counts(chosen & unit[column], unit["district"])
                    for (kind, code), over, under in zip(self._places(), above, below, strict=True):
                        under = None if unknown else int(under)
                        found.append(
                            (
                                basis,
                                kind,
                                code,
                                sector,
                                metric,
                                None if reason else int(over),
                                under,
                                reason or ("" if under else "no_denominator"),
                            )
                        )
        return found

    def base_numbers(self, month: int, unit: dict[str, np.ndarray]) -> list[tuple]:
        """(unit_kind, unit_code, registered, taxpayers, insured, both_lists, corroborated, verified), sector enterprise."""
        mine = unit["registered"] & (unit["sector"] == _ENTERPRISE)
        sets = (
            mine,
            mine & unit["taxpayer"],
            mine & unit["insured"],
            mine & unit["taxpayer"] & unit["insured"],
            mine & unit["corroborated"],
            mine & unit["verified"],
        )
        needs = ((), ("tax",), ("social_insurance",), ("tax", "social_insurance"), ("tax", "social_insurance"), ("tax", "social_insurance"))
        columns = []
        for chosen, lists in zip(sets, needs, strict=True):
            null = self.missing(month, ("registration", *lists)) is not None
            columns.append([None if null else int(value) for value in self._counts(chosen, unit["district"])])
        return [(kind, code, *values) for (kind, code), *values in zip(self._places(), *columns, strict=True)]

    @staticmethod
    def _counts(chosen: np.ndarray, district: np.ndarray) -> np.ndarray:
        each = np.bincount(district[chosen], minlength=names.UNKNOWN + 1)
        return np.concatenate([[each.sum()], each])

    @staticmethod
    def _places() -> list[tuple[str, str]]:
        return [("city", names.CITY_CODE)] + [("district", code) for code in names.DISTRICT_CODES]

    def for_returns(self, unit: dict[str, np.ndarray], members: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
        """What an honest district would report on the default basis."""
        found = {}
        for sector, value in (("enterprise", _ENTERPRISE), ("social_org", _SOCIAL)):
            chosen = unit["corroborated"] & (unit["sector"] == value)
            count = lambda mask, chosen=chosen: np.bincount(unit["district"][chosen & mask], minlength=names.UNKNOWN + 1)  # noqa: E731
            modes = [count(unit["mode"] == mode) for mode in range(3)]
            weighted = np.bincount(unit["district"][chosen], members[chosen], minlength=names.UNKNOWN + 1).astype(int)
            found[sector] = {"units": count(chosen), "covered": sum(modes), "single": modes[0], "joint": modes[1], "dispatched": modes[2],
                             "work_covered": count(unit["work"]), "members": weighted}  # fmt: skip
        return found
