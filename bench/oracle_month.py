"""A month as the oracle sees it: plain rows, and from them the census and the organisations, counted in plain Python from definitions.md.

What belongs here: what the rules of bench/oracle.py look at. Nothing of transforms/ or expectations/ is used, so that an error there is
not made here too; loops and dictionaries, slow and short.
"""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

TYPES = Path(__file__).parents[1] / "data" / "codes" / "registration_types.csv"
UNKNOWN = "000000"
SECTOR_OF_CLASS = {"self_employed": "self_employed", "non_public": "enterprise", "assumed_non_public": "enterprise"}
MODES = ("single", "joint", "dispatched")
REGULAR = ("in_place", "mobile")


def sector_of_type() -> dict[str, str | None]:
    with TYPES.open(encoding="utf-8") as file:
        return {row["code"]: SECTOR_OF_CLASS.get(row["class"]) for row in csv.DictReader(file)}


SECTOR_OF_TYPE = sector_of_type()


def first_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


@dataclass(frozen=True)
class Unit:
    """A row of the census, as far as a rule looks at it."""

    uscc: str
    sector: str | None
    active: bool
    registered: bool
    founded_on: date
    district: str
    park: str | None
    park_as_written: str | None
    taxpayer: bool
    employees: int | None
    members: int
    irregular_members: int
    modes: frozenset[str]

    @property
    def insured(self) -> bool:
        return self.employees is not None and self.employees >= 1

    @property
    def covered(self) -> bool:
        return bool(self.modes)

    def is_in(self, basis: str) -> bool:
        if not self.registered or basis == "registered" or self.sector == "social_org":
            return self.registered
        return (self.taxpayer and self.insured) if basis == "verified" else (self.taxpayer or self.insured)


@dataclass
class Month:
    """The rows that count for a period. A source without a delivery in effect is not in `rows`; `returns`, `loads` and `withdrawn`
    are the period's own. `before` is the calendar month before, where it is published."""

    period: str
    rows: dict[str, list[dict]]
    districts: list[dict]
    returns: list[dict] | None = None
    loads: list[dict] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    basis: str = "corroborated"
    before: "Month | None" = None

    @cached_property
    def day(self) -> date:
        """D, the last day of the period."""
        return first_after(int(self.period[:4]), int(self.period[5:])) - timedelta(days=1)

    @cached_property
    def year_begins(self) -> date:
        """The first day of the 12 calendar months that end with the period's."""
        return first_after(self.day.year - 1, self.day.month)

    def of(self, source: str) -> list[dict]:
        return self.rows.get(source, [])

    def valid_districts(self) -> set[str]:
        return {row["code"] for row in self.districts if self._valid(row)} - {UNKNOWN}

    def _valid(self, row: dict) -> bool:
        return (row["valid_from"] is None or row["valid_from"] <= self.day) and (row["valid_to"] is None or self.day <= row["valid_to"])

    def district(self, code: str | None) -> str:
        """The district of today that a code leads to."""
        seen = set()
        while code is not None and code not in seen:
            seen.add(code)
            rows = [row for row in self.districts if row["code"] == code]
            if any(self._valid(row) for row in rows):
                return code
            code = rows[-1]["successor"] if rows else None
        return UNKNOWN

    def leads(self, code: str) -> str:
        """district(), looked up once a code."""
        if code not in self._led:
            self._led[code] = self.district(code)
        return self._led[code]

    @cached_property
    def _led(self) -> dict[str | None, str]:
        return {}

    # Organisations

    @cached_property
    def orgs(self) -> dict[str, dict]:
        return {row["org_code"]: row for row in self.of("party_org")}

    def in_force(self, link: dict) -> bool:
        return link["starts_on"] <= self.day and (link["ends_on"] is None or link["ends_on"] > self.day)

    def org_active(self, code: str) -> bool:
        row = self.orgs.get(code)
        return row is not None and row["founded_on"] <= self.day and (row["ended_on"] is None or row["ended_on"] > self.day)

    @cached_property
    def active_links(self) -> list[dict]:
        return [link for link in self.of("org_link") if self.in_force(link) and self.org_active(link["org_code"])]

    @cached_property
    def units_of_org(self) -> dict[str, set[str]]:
        found = defaultdict(set)
        for link in self.active_links:
            found[link["org_code"]].add(link["uscc"])
        return found

    @cached_property
    def orgs_of_unit(self) -> dict[str, set[str]]:
        found = defaultdict(set)
        for link in self.active_links:
            found[link["uscc"]].add(link["org_code"])
        return found

    def active_orgs(self) -> list[dict]:
        return [row for code, row in self.orgs.items() if self.org_active(code)]

    def formal_members(self, org_code: str) -> int:
        return len(self._formal[org_code])

    @cached_property
    def _formal(self) -> dict[str, set[str]]:
        found = defaultdict(set)
        for row in self.of("member"):
            formal = row["kind"] == "formal" and (row["formal_on"] is None or row["formal_on"] <= self.day)
            if formal and row["relation"] in REGULAR:
                found[row["org_code"]].add(row["member_id"])
        return found

    # Where a subject lies

    def place_of_unit(self, uscc: str) -> tuple[str, str | None]:
        unit = self.census.get(uscc)
        return (unit.district, unit.park) if unit else (UNKNOWN, None)

    def place_of_org(self, code: str) -> tuple[str, str | None]:
        """Where most of its units lie, of equally many the smallest code; the park that holds more than half of them."""
        places = [self.place_of_unit(uscc) for uscc in self.units_of_org.get(code, ())]
        if not places:
            return UNKNOWN, None
        districts = Counter(district for district, _ in places)
        most = max(districts.values())
        parks = [park for park, count in Counter(park for _, park in places).items() if park is not None and 2 * count > len(places)]
        return min(code for code, count in districts.items() if count == most), (parks[0] if parks else None)

    # The census

    @cached_property
    def census(self) -> dict[str, Unit]:
        """uscc -> unit. A code that is in both registers is a social organisation."""
        registers = {row["uscc"]: (row, SECTOR_OF_TYPE.get(row["type_code"])) for row in self.of("registration")}
        registers |= {row["uscc"]: (row, "social_org") for row in self.of("social_org")}
        return {uscc: self._unit(uscc, row, sector) for uscc, (row, sector) in registers.items()}

    def _unit(self, uscc: str, row: dict, sector: str | None) -> Unit:
        active = row["status"] == "active" and row["founded_on"] <= self.day and not (row["ended_on"] and row["ended_on"] <= self.day)
        members = self._members_of_unit.get(uscc, [])
        return Unit(
            uscc=uscc,
            sector=sector,
            active=active,
            registered=active and sector is not None,
            founded_on=row["founded_on"],
            district=self.leads(row["district_code"]),
            park=row["park_code"] if row["park_code"] in self._parks else None,
            park_as_written=row["park_code"],
            taxpayer=self.paid.get(uscc, 0) > 0,
            employees=self.insured.get(uscc),
            members=len({member["member_id"] for member in members if member["relation"] in REGULAR}),
            irregular_members=len({member["member_id"] for member in members if member["relation"] not in REGULAR}),
            modes=frozenset(self.orgs[code]["mode"] for code in self.orgs_of_unit.get(uscc, ())),
        )

    @cached_property
    def _parks(self) -> set[str]:
        return {row["park_code"] for row in self.of("park")}

    @cached_property
    def paid(self) -> dict:
        """uscc -> what its normal rows add up to."""
        sums: dict = {}
        for row in self.of("tax"):
            if row["status"] == "normal":
                sums[row["taxpayer_id"]] = sums.get(row["taxpayer_id"], 0) + row["paid_yuan"]
        return sums

    @cached_property
    def insured(self) -> dict[str, int]:
        return {row["uscc"]: row["insured"] for row in self.of("social_insurance")}

    @cached_property
    def _members_of_unit(self) -> dict[str, list[dict]]:
        found = defaultdict(list)
        for row in self.of("member"):
            if row["uscc"] is not None:
                found[row["uscc"]].append(row)
        return found

    def surveys(self) -> list[dict]:
        """The survey's rows of the 12 months to D."""
        return [row for row in self.of("survey") if self.year_begins <= row["surveyed_on"] <= self.day]
