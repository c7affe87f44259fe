"""What the party does in the made-up city: organisations, the units they cover, members, instructors, mass organisations.

What belongs here: the whole history, decided at once, in tables of numpy arrays. Coverage grows so that it somewhat more than
doubles in twelve months, by count and by rate, on the corroborated basis.
"""

from dataclasses import dataclass

import numpy as np

from . import names
from .city import NEVER, City

SINGLE, JOINT, DISPATCHED = 0, 1, 2
MODES = ("single", "joint", "dispatched")
ORG_KINDS = ("committee", "general_branch", "branch")
RELATIONS = ("in_place", "mobile", "pocket", "nominal", "lost")
MASS_KINDS = ("union", "youth_league", "women")


@dataclass
class Table:
    """Columns of one length; `rows` adds more at the end (planted cases)."""

    columns: dict[str, np.ndarray]

    def __getattr__(self, name: str) -> np.ndarray:
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def add(self, **values) -> int:
        """One more row; returns its place."""
        self.columns = {name: np.append(column, np.array([values[name]], dtype=column.dtype)) for name, column in self.columns.items()}
        return len(self) - 1


@dataclass
class Party:
    orgs: Table
    links: Table
    members: Table
    instructors: Table
    mass: Table
    persons: int = 0  # how many numbers of persons are given out
    recruits_a_year: int = 0


def org_codes(numbers: np.ndarray) -> list[str]:
    return [f"DZ99{number:06d}" for number in numbers]


def build(city: City) -> Party:
    dice = city.dice(2)
    orgs, links = _organisations(city, dice)
    members, recruits = _members(city, orgs, links, dice)
    persons = int(members.person.max()) + 1 if len(members) else 0
    instructors, persons = _instructors(city, links, persons, dice)
    return Party(orgs, links, members, instructors, _mass(city, dice), persons, recruits)


def _chosen(city: City, dice: np.random.Generator) -> np.ndarray:
    """The units that are covered by the last month."""
    operating = (city.taxed | city.insured) & (city.exit_day == NEVER) & (city.listed <= max(0, len(city.ends) - 3))
    enterprises = dice.permutation(np.flatnonzero((city.kind == 0) & operating))
    enterprises = enterprises[: round(0.66 * len(enterprises))]
    social = dice.permutation(np.flatnonzero((city.kind == 6) & (city.exit_day == NEVER)))
    social = social[: round(0.66 * len(social))]
    others = np.flatnonzero((city.kind == 0) & ~city.taxed & ~city.insured)
    others = dice.permutation(others)[: round(0.05 * len(enterprises))]
    keepers = dice.permutation(np.flatnonzero((city.kind == 1) & city.taxed))[: round(0.03 * len(enterprises))]
    leaving = dice.permutation(np.flatnonzero((city.kind == 0) & (city.exit_day < NEVER)))[: round(0.03 * len(enterprises))]
    return np.concatenate([enterprises, social, others, keepers, leaving])


def _organisations(city: City, dice: np.random.Generator) -> tuple[Table, Table]:
    units = _chosen(city, dice)
    units = units[~city.protected[units]]
    growth = (len(city.ends) - 1) / 12
    first = np.maximum(city.founded[units], city.ends[0] - 3_600)
    # The share of the first month is cut, not drawn, so that small cities double as well as large ones.
    old = np.zeros(len(units), dtype=bool)
    order = dice.permutation(len(units))
    for group in (city.kind[units] == 0, city.kind[units] == 6, ~np.isin(city.kind[units], (0, 6))):
        inside = order[group[order]]
        old[inside] = np.arange(len(inside)) >= len(inside) * (1 - 1 / (1 + 1.15 * growth))
    known = city.listed[units] == 0
    old &= known & (city.founded[units] < city.ends[0] - 40)
    starts = first + (dice.random(len(units)) * np.maximum(1, city.ends[0] - first)).astype(np.int64)
    late = ~old
    late_from = np.maximum(city.founded[units], city.ends[0] + 1)
    starts[late] = late_from[late] + (dice.random(late.sum()) * np.maximum(1, city.ends[-1] - late_from[late])).astype(np.int64)
    if len(city.ends) == 1:
        starts = np.minimum(starts, city.ends[0])
    drawn = dice.random(len(units))
    mode = np.where(drawn < np.where(city.kind[units] == 6, 0.40, 0.25), SINGLE, np.where(drawn < 0.82, JOINT, DISPATCHED))
    org, founded, org_mode, district = _grouped(city, units, starts, mode, dice)
    ended = np.full(len(founded), NEVER, dtype=np.int32)
    dissolved = dice.random(len(founded)) < 0.008
    ended[dissolved] = np.maximum(founded[dissolved] + 30, city.ends[0] + dice.integers(-200, 380, dissolved.sum()))
    link_end = np.full(len(units), NEVER, dtype=np.int32)
    lost = dice.random(len(units)) < 0.02
    link_end[lost] = np.maximum(starts[lost] + 20, city.ends[0] + dice.integers(-60, 420, lost.sum()))
    link_end = np.minimum(link_end, np.minimum(ended[org], city.exit_day[units]))
    link_end = np.where(link_end <= starts, starts + 1, link_end)
    count = len(founded)
    kind = dice.choice(3, count, p=(0.02, 0.05, 0.93))
    kind[org_mode != SINGLE] = 2
    haves = np.clip(dice.binomial(8, 0.8, count), 0, 8)
    trained = city.ends[0] + dice.integers(-360, 31 * len(city.ends), count)
    orgs = Table({
        "number": np.arange(count) + 1, "kind": kind.astype(np.uint8), "mode": org_mode.astype(np.uint8),
        "founded": founded.astype(np.int32),
        "ended": ended, "term": (np.maximum(founded, city.ends[0] - 900) + 1095 + dice.integers(-500, 200, count)).astype(np.int32),
        "secretary": dice.random(count) < 0.95, "trained": trained.astype(np.int32), "stars": dice.integers(0, 6, count).astype(np.int8),
        "haves": haves.astype(np.int8), "meetings": dice.poisson(3.2, count).astype(np.int8),
        "managed": dice.integers(0, 5, count).astype(np.int8),
        "district": district.astype(np.uint8), "protected": np.zeros(count, dtype=bool),
    })  # fmt: skip
    links = Table({
        "org": org, "number": org + 1, "unit": units.astype(np.int64), "start": starts.astype(np.int32), "end": link_end.astype(np.int32),
        "protected": np.zeros(len(org), dtype=bool),
    })  # fmt: skip
    return orgs, links


def _grouped(city, units, starts, mode, dice):
    """Units into organisations: one each, or two to five of one district that came about the same time."""
    org = np.full(len(units), -1, dtype=np.int64)
    founded, modes, districts, count = [], [], [], 0
    home = np.where(city.moves[units] < 10_000, city.later_home[units], city.home[units])
    for which in (SINGLE, JOINT, DISPATCHED):
        chosen = np.flatnonzero(mode == which)
        chosen = chosen[np.lexsort((starts[chosen], home[chosen]))]
        if not len(chosen):
            continue
        if which == SINGLE:
            place = np.arange(len(chosen))
        else:
            sizes = dice.choice((2, 3, 4, 5), len(chosen), p=(0.1, 0.2, 0.3, 0.4))
            place = np.repeat(np.arange(len(chosen)), sizes)[: len(chosen)]
        org[chosen] = count + place
        earliest = np.full(place[-1] + 1, NEVER, dtype=np.int64)
        np.minimum.at(earliest, place, starts[chosen])
        founded.append(earliest)
        modes.append(np.full(place[-1] + 1, which))
        where = np.zeros(place[-1] + 1, dtype=np.int64)
        where[place] = home[chosen]
        districts.append(where)
        count += place[-1] + 1
    return org, np.concatenate(founded), np.concatenate(modes), np.concatenate(districts)


def _members(city: City, orgs: Table, links: Table, dice: np.random.Generator) -> tuple[Table, int]:
    wanted = max(round(13_582 * city.units / 196_000), 3 * len(orgs))
    weight = (
        np.where(orgs.mode == JOINT, 1.2, 1.0) * np.where(orgs.kind == 0, 8, np.where(orgs.kind == 1, 3, 1)) * dice.gamma(2, 1, len(orgs))
    )
    weight[orgs.mode == DISPATCHED] = 0
    if not weight.sum():
        weight[:] = 1
    sizes = 3 + dice.multinomial(wanted - 3 * len(orgs), weight / weight.sum())
    org = np.repeat(np.arange(len(orgs)), sizes)
    total = len(org)
    # A member of a joint branch works in one of its units: links stand in the order of their organisation.
    by_org = np.argsort(links.org, kind="stable")
    begins = np.searchsorted(links.org[by_org], np.arange(len(orgs)))
    counts = np.maximum(1, np.bincount(links.org, minlength=len(orgs)))
    unit = links.unit[by_org[begins[org] + dice.integers(0, 2**31, total) % counts[org]]]
    uncovered = np.setdiff1d(np.flatnonzero((city.kind == 0) & (city.taxed | city.insured) & ~city.protected), links.unit)
    elsewhere = (dice.random(total) < 0.06) & (orgs.mode[org] != SINGLE)
    if len(uncovered):
        unit[elsewhere] = uncovered[dice.integers(0, len(uncovered), elsewhere.sum())]
    unit[(dice.random(total) < 0.12) | (orgs.mode[org] == DISPATCHED)] = -1
    joined = city.ends[0] - 400 - (dice.beta(1.2, 2, total) * 9_000).astype(np.int64)
    first = dice.random(total) < 0.05
    first &= np.arange(total) != np.repeat(np.cumsum(sizes) - sizes, sizes)
    joined[first] = np.maximum(city.ends[0] - 300, orgs.founded[org[first]]) + dice.integers(0, 330, first.sum())
    joined = np.minimum(joined, city.ends[-1])
    appears = np.maximum(orgs.founded[org], np.where(first, joined, 0))
    formal = joined + 366
    relation = dice.choice(5, total, p=(0.93, 0.03, 0.015, 0.015, 0.01))
    members = Table({
        "person": dice.permutation(total), "org": orgs.number[org], "unit": unit, "joined": joined.astype(np.int32),
        "formal": formal.astype(np.int32),
        "relation": relation.astype(np.uint8), "appears": appears.astype(np.int32), "protected": np.zeros(total, dtype=bool),
    })  # fmt: skip
    return members, max(10, round(600 * city.units / 196_000))


def _instructors(city: City, links: Table, persons: int, dice: np.random.Generator) -> tuple[Table, int]:
    """182 full-time instructors, each with some units in touch: most are not yet covered."""
    full = max(4, round(182 * city.units / 196_000))
    people = full + max(2, round(0.4 * full))
    sizes = dice.integers(2, 9, people)
    who = np.repeat(np.arange(people), sizes)
    pool = np.flatnonzero(((city.kind == 0) & (city.taxed | city.insured)) | (city.kind == 6))
    unit = pool[dice.integers(0, len(pool), len(who))]
    _, once = np.unique(who * len(city.kind) + unit, return_index=True)
    who, unit = who[once], unit[once]
    posting = dice.integers(0, len(names.DISTRICTS) + len(names.PARK_CODES), people)
    start = city.ends[0] + dice.integers(-500, 30 * max(1, len(city.ends)), people)
    end = np.where(dice.random(people) < 0.06, start + dice.integers(100, 500, people), NEVER)
    table = Table({
        "person": persons + who, "unit": unit, "posting": posting[who].astype(np.int16), "full": (np.arange(people) < full)[who],
        "start": start[who].astype(np.int32), "end": end[who].astype(np.int32),
    })  # fmt: skip
    return table, persons + people


def _mass(city: City, dice: np.random.Generator) -> Table:
    parts = []
    for kind, share in enumerate((0.30, 0.06, 0.08)):
        pool = np.flatnonzero(((city.kind == 0) | (city.kind == 6)) & (city.taxed | city.insured))
        unit = pool[dice.random(len(pool)) < share]
        span = np.maximum(1, city.ends[-1] - city.founded[unit])
        founded = city.founded[unit] + (dice.random(len(unit)) ** 0.5 * span).astype(np.int64)
        ended = np.where(dice.random(len(unit)) < 0.03, founded + dice.integers(50, 2000, len(unit)), NEVER)
        parts.append((unit, np.full(len(unit), kind), founded, ended))
    unit, kind, founded, ended = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Table({"unit": unit, "kind": kind.astype(np.uint8), "founded": founded.astype(np.int32), "ended": ended.astype(np.int32)})
