"""Tiny random cities of two months, full of edges: what the program's rules and the oracle of bench/oracle.py are both given.

Codes come from small pools, so that lists meet and miss each other; dates lie on, before and after every border that a rule has.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

import polars as pl

from bench.oracle_month import Month
from data.contracts import sources
from data.home import Settings
from pipelines.reading.rows import row_schema
from tests.cities import districts_of

MONTHS = ("2017-11", "2017-12")
DISTRICTS = """
    code    name    valid_from  valid_to    successor
    980102  东屏区  2000-01-01  .           .
    980103  西浦区  2000-01-01  .           .
    980112  望海县  2000-01-01  2017-12-15  980103
    980121  旧东屏  1990-01-01  2010-06-30  980102
    980190  撤销区  1990-01-01  2009-12-31  .
    980191  转圈区  1990-01-01  2009-12-31  980192
    980192  圈转区  1990-01-01  2009-12-31  980191
"""
CODES = ("980102", "980103", "980112", "980121", "980190", "980191", "990000")
FIGURES = ("units", "covered", "single", "joint", "dispatched", "work_covered", "members")


@dataclass(frozen=True)
class City:
    """Both months: source -> rows. returns, loads and withdrawn are the second month's, `returns_before` the first one's."""

    rows: tuple[dict[str, list[dict]], dict[str, list[dict]]]
    returns_before: list[dict] | None
    returns: list[dict] | None
    loads: list[dict]
    withdrawn: list[str]
    published_before: bool
    basis: str

    def seen(self) -> Month:
        """The second month, as the oracle takes it."""
        districts = [
            {"code": row.code, "valid_from": row.valid_from, "valid_to": row.valid_to, "successor": row.successor}
            for row in districts_of(DISTRICTS)
        ]
        rows = [{name: frame.rows(named=True) for name, frame in self.frames(place).items()} for place in (0, 1)]
        before = Month(MONTHS[0], rows[0], districts, returns=self.returns_before, basis=self.basis)
        return Month(MONTHS[1], rows[1], districts, self.returns, self.loads, self.withdrawn, self.basis,
                     before if self.published_before else None)  # fmt: skip

    def frames(self, place: int) -> dict[str, pl.DataFrame]:
        return {name: frame_of(name, rows) for name, rows in self.rows[place].items()}

    @property
    def settings(self) -> Settings:
        return Settings(basis=self.basis)


def frame_of(source: str, rows: list[dict]) -> pl.DataFrame:
    schema = {name: dtype for name, dtype in row_schema(sources()[source]).items() if name != "line"}
    return pl.DataFrame([[row.get(name) for name in schema] for row in rows], schema=schema, orient="row")


def random_city(seed: int) -> City:
    dice = Random(seed)
    world = _World(dice)
    rows = tuple(world.month(day) for day in (date(2017, 11, 30), date(2017, 12, 31)))
    returns = world.returns()
    later = [dict(row) if dice.random() < 0.3 else world.returned(row["district_code"], row["sector"]) for row in returns]
    later = [row for row in later if dice.random() > 0.1]
    files = ((99, 1, None), (98, 1, None), (0, 0, None), (0, 0, ["纳税人识别号"]), (0, 3, None))
    loads = [
        {"source": "tax", "path": f"2017-12/tax/{number}.csv", "rows_read": loaded + bad, "rows_loaded": loaded, "rows_rejected": bad,
         "rows_skipped": 0, "refused": refused}
        for number, (loaded, bad, refused) in enumerate(files) if dice.random() < 0.7
    ]  # fmt: skip
    return City(
        rows=rows,
        returns_before=None if dice.random() < 0.1 else returns,
        returns=None if dice.random() < 0.1 else later,
        loads=loads,
        withdrawn=[f"2017-12/tax/{name}.csv" for name in ("甲", "乙") if dice.random() < 0.3],
        published_before=dice.random() > 0.15,
        basis=dice.choice(("corroborated", "corroborated", "registered", "verified")),
    )


class _World:
    """Pools of codes, and rows drawn from them. What a unit or organisation is stays from month to month; lists come and go."""

    def __init__(self, dice: Random):
        self.dice = dice
        self.units = [f"U{number:02d}" for number in range(dice.choice((12, 24, 40)))]
        self.orgs = [f"O{number:02d}" for number in range(dice.choice((6, 14, 40)))]
        self.people = [f"M{number:02d}" for number in range(dice.choice((8, 30)))]
        # Where a district's base shrinks, or its organisations are all founded on a day, the whole city does so: rare in life, needed here.
        self.shrinks, self.burst = dice.random() < 0.3, dice.random() < 0.5
        self.absent = dice.choice((0.02, 0.02, 0.02, 0.1, 0.4))  # how often a source does not come
        self.fixed: dict[str, dict] = {}

    def day(self) -> date:
        borders = (date(2016, 12, 31), date(2017, 1, 1), date(2017, 11, 30), date(2017, 12, 1), date(2017, 12, 31), date(2018, 1, 1))
        return self.dice.choice((*borders, date(2010, 1, 1), date(2012, 5, 5), date(2017, 6, 1)))

    def maybe(self, chance: float, value: object) -> object:
        return value if self.dice.random() < chance else None

    def began(self) -> date:
        return self.dice.choice((date(2010, 1, 1), date(2010, 1, 1), date(2012, 5, 5), self.day()))

    def once(self, kind: str, code: str, make) -> dict:
        return self.fixed.setdefault(f"{kind} {code}", make(code))

    def month(self, day: date) -> dict[str, list[dict]]:
        made = {name: getattr(self, name)() for name in ("registration", "social_org", "social_insurance", "tax", "park", "party_org")}
        made |= {name: getattr(self, name)() for name in ("org_link", "member", "survey")}
        if self.shrinks and day.month == 12:
            made["tax"] = [row for row in made["tax"] if self.dice.random() < 0.5]
            made["social_insurance"] = [row for row in made["social_insurance"] if self.dice.random() < 0.5]
        here = {name: rows for name, rows in made.items() if self.dice.random() > self.absent}
        # A month without either register is a case of its own (test_oracle.py).
        return here if {"registration", "social_org"} & here.keys() else here | {"registration": made["registration"]}

    def some(self, codes: list[str], chance: float) -> list[str]:
        return [code for code in codes if self.dice.random() < chance]

    def registration(self) -> list[dict]:
        return [self.once("market", code, self._market) for code in self.some(self.units, 0.75)]

    def _market(self, code: str) -> dict:
        dice = self.dice
        return self._place(code) | {"type_code": dice.choice(("1130", "1130", "1130", "1151", "9500", "3100", "1110", "2130"))}

    def _place(self, code: str) -> dict:
        dice = self.dice
        status = dice.choice(("active",) * 5 + ("cancelled",))
        return {"uscc": code, "status": status, "founded_on": self.began(), "ended_on": self.maybe(0.2, self.day()),
                "district_code": self.maybe(0.95, dice.choice(CODES[:3] * 4 + CODES)),
                "park_code": self.maybe(0.5, dice.choice(("P1", "P2", "P9")))}  # fmt: skip

    def social_org(self) -> list[dict]:
        return [self.once("social", code, lambda code: self._place(code) | {"kind": "association"}) for code in self.some(self.units, 0.2)]

    def social_insurance(self) -> list[dict]:
        heads = (0, 1, 17, 49, 50, 51, 150)  # three times as many, and ten or three tenths more than the survey has (below)
        return [{"uscc": code, "insured": self.dice.choice(heads)} for code in self.some([*self.units, "Z1", "Z2"], 0.6)]

    def tax(self) -> list[dict]:
        codes = self.some([*self.units, *self.units[:4], "Z1", "Z3"], 0.6)
        kinds = ("normal", "normal", "normal", "abnormal", "cancelled")
        return [{"taxpayer_id": code, "status": self.dice.choice(kinds), "paid_yuan": self.dice.choice((0, 1, 500))} for code in codes]

    def park(self) -> list[dict]:
        return [{"park_code": code, "name": code, "level": "municipal"} for code in ("P1", "P2")]

    def party_org(self) -> list[dict]:
        return [self.once("org", code, self._org) for code in self.some(self.orgs, 0.9)]

    def _org(self, code: str) -> dict:
        dice = self.dice
        founded = date(2017, 6, 1) if self.burst and dice.random() < 0.6 else self.began()
        return {"org_code": code, "kind": dice.choice(("branch", "branch", "branch", "committee")), "name": code,
                "mode": dice.choice(("single", "single", "joint", "joint", "dispatched")), "founded_on": founded,
                "ended_on": self.maybe(0.12, self.day()), "secretary": True}  # fmt: skip

    def org_link(self) -> list[dict]:
        dice, found = self.dice, {}
        for code in [*self.orgs, "X1"]:
            for unit in dice.sample([*self.units, "Z1", "Z4"], dice.choice((0, 1, 1, 2, 3, 5, 6))):
                row = self.once("link", f"{code} {unit}", lambda _: {"starts_on": self.began(), "ends_on": self.maybe(0.15, self.day())})
                found[code, unit] = {"org_code": code, "uscc": unit, **row}
        return list(found.values())

    def member(self) -> list[dict]:
        dice, found = self.dice, {}
        for _ in range(3 * len(self.people)):
            key = dice.choice(self.people), dice.choice([*self.orgs, "X1"])
            found[key] = {
                "member_id": key[0], "org_code": key[1], "uscc": self.maybe(0.7, dice.choice([*self.units, "Z1"])),
                "kind": dice.choice(("formal", "formal", "formal", "probationary")), "formal_on": self.maybe(0.4, self.day()),
                "relation": dice.choice(("in_place",) * 5 + ("mobile", "pocket", "lost")),
            }  # fmt: skip
        return list(found.values())

    def survey(self) -> list[dict]:
        dice = self.dice
        return [
            {"uscc": code, "surveyed_on": self.day(), "operating": self.maybe(0.9, dice.choice(("operating", "suspended", "shell"))),
             "employees": self.maybe(0.8, dice.choice((7, 27, 28, 65, 66, 195, 196))), "members": self.maybe(0.8, dice.randrange(4)),
             "has_org": self.maybe(0.8, dice.random() < 0.5)}
            for code in self.some([*self.units, "Z1", "Z5"], 0.5)
        ]  # fmt: skip

    def returns(self) -> list[dict]:
        return [self.returned(code, sector) for code in CODES for sector in ("enterprise", "social_org") if self.dice.random() < 0.7]

    def returned(self, code: str, sector: str) -> dict:
        """Near the edge of every rule on returns; one careless district in four."""
        dice = self.dice
        row = {"district_code": code, "sector": sector, **dict.fromkeys(FIGURES, 0)}
        row |= {"single": dice.randrange(4), "joint": dice.randrange(8), "dispatched": dice.randrange(3)}
        if dice.random() < 0.25:
            row |= {"single": 10 * dice.randrange(3), "joint": 10 * dice.randrange(1, 4), "dispatched": 10 * dice.randrange(2)}
        row["covered"] = row["single"] + row["joint"] + row["dispatched"] + dice.choice((0, 0, 0, 0, 1, -1))
        row["covered"] = max(0, row["covered"])
        row["work_covered"] = max(0, row["covered"] + dice.choice((0, 0, 0, 10, -1)))
        row["units"] = dice.choice((row["covered"], row["work_covered"], 90, 99, 100, 100, 110, max(0, row["covered"] - 1), 0))
        row["members"] = dice.choice((0, 2, 3, 5, 6, 9, 12, 30, 60))
        return row
