"""The made-up city: which units it has, and what becomes of them month by month.

What belongs here: the world itself, in arrays of one entry a unit. What the party does in it is in party.py, what an
office writes down of it in ledgers.py, what it writes down wrongly in faults.py.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from data.periods import add_months, last_day

from . import names

KINDS = ("enterprise", "self_employed", "branch", "public", "cooperative", "other", "social_org", "ghost")
# Rows a kind among the 196,000 market units of the sample city: some 40,000 enterprises, as the source document tells.
_SHARES = {"enterprise": 40_000, "branch": 5_800, "public": 1_500, "cooperative": 2_900, "other": 800}
_TAXED = (0.15, 0.07, 0.30, 0.75, 0.10, 0.05, 0.15, 0.0)
_INSURED = (0.105, 0.012, 0.20, 0.80, 0.05, 0.05, 0.35, 0.0)
_HEADS = (91, 92, 91, 91, 93, 91, 52, 91)
# Type codes a kind, with weights; each name stands for its own code alone (see words of the real register).
TYPES = {
    "enterprise": (("1130", 45), ("1151", 15), ("1190", 8), ("1152", 5), ("1212", 2), ("4540", 12), ("4531", 5), ("4533", 3),
                   ("1100", 2), ("5140", 1), ("6140", 1), ("1121", 1)),
    "self_employed": (("9500", 1),),
    "branch": (("2130", 3), ("2190", 1), ("4330", 1)),
    "public": (("1110", 1), ("1140", 1), ("3100", 2), ("3200", 1)),
    "cooperative": (("9100", 1),),
    "other": (("8000", 1),),
}  # fmt: skip
NEVER = 2**30
MOVED_OUT, CANCELLED, REVOKED, SUSPENDED = "moved_out", "cancelled", "revoked", "suspended"
EXITS = (CANCELLED, REVOKED, MOVED_OUT, SUSPENDED)


def day(value: date) -> int:
    return (value - date(1970, 1, 1)).days


@dataclass
class City:
    """One entry a unit: the market units first, then the social organisations, then units that no register knows."""

    periods: list[str]
    ends: np.ndarray  # the last day of every month, as days since 1970
    market: int
    social: int
    code: np.ndarray
    kind: np.ndarray
    type_code: np.ndarray
    founded: np.ndarray
    listed: np.ndarray
    exit_day: np.ndarray
    exit_kind: np.ndarray
    home: np.ndarray
    later_home: np.ndarray
    moves: np.ndarray
    writing: np.ndarray  # of the district: 0 its code, 1 the merged one, 2 a code that leads nowhere, 3 none
    park: np.ndarray
    taxed: np.ndarray
    insured: np.ndarray
    employees: np.ndarray
    protected: np.ndarray  # subjects of planted findings: no other fault may touch them
    seed: int
    units: int

    def dice(self, *key: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, *key])

    def district(self, units: np.ndarray, month: int) -> np.ndarray:
        return np.where(self.moves[units] <= month, self.later_home[units], self.home[units])

    def first_day(self, month: int) -> int:
        return day(last_day(add_months(self.periods[month], -1))) + 1

    def span(self, kind: str) -> np.ndarray:
        return np.flatnonzero(self.kind == KINDS.index(kind))


def build(units: int, months: int, seed: int, last: str = "2017-12") -> City:
    """The whole history of the city, decided at once; a month is a view of it."""
    dice = np.random.default_rng([seed, 1])
    scale = units / 196_000
    social, ghosts = max(30, round(1_100 * scale)), max(12, units // 500)
    total = units + social + ghosts
    periods = [add_months(last, month - months + 1) for month in range(months)]
    ends = np.array([day(last_day(period)) for period in periods])
    before = day(last_day(add_months(periods[0], -1)))

    kind = _kinds(units, social, ghosts, dice)
    listed, founded = _births(units, social, total, ends, before, dice)
    exit_day, exit_kind = _exits(kind, listed, founded, ends, dice)
    shares = np.array([row[5] for row in names.DISTRICTS])
    home = dice.choice(len(shares), total, p=shares / shares.sum()).astype(np.uint8)
    later_home = dice.choice(len(shares), total, p=shares / shares.sum()).astype(np.uint8)
    moves = np.where(dice.random(total) < 0.0008 * months, dice.integers(0, months, total), 10_000).astype(np.int16)
    taxed, insured = _economy(kind, listed, dice)
    writing = np.zeros(total, dtype=np.uint8)
    writing[(home == names.OLD_DISTRICT[5]) & (moves == 10_000) & (dice.random(total) < 0.06)] = 1
    for which, share in ((2, 0.0015), (3, 0.004)):
        writing[(writing == 0) & (dice.random(total) < share)] = which
    writing[moves < 10_000] = 0
    park = _parks(home, taxed | insured, dice)
    park[moves < 10_000] = -1
    employees = np.clip(np.exp(dice.normal(2.3, 1.05, total)), 1, 4000)
    employees = np.ceil(employees * np.where(park >= 0, 2.2, 1) * np.where(kind == 1, 0.2, 1)).astype(np.int32)
    region = np.array([int(row[0]) for row in names.DISTRICTS])[home]
    heads = np.array(_HEADS)[kind]
    social_kind = np.arange(total) % 20
    heads[kind == 6] = np.where(social_kind[kind == 6] < 9, 51, np.where(social_kind[kind == 6] < 19, 52, 53))
    code = names.usccs(heads, region, np.arange(total) + 7_001)
    return City(
        periods, ends, units, social, code, kind, _types(kind, dice), founded, listed, exit_day, exit_kind, home, later_home,
        moves, writing, park, taxed, insured, employees, np.zeros(total, dtype=bool), seed, units,
    )  # fmt: skip


def _kinds(units: int, social: int, ghosts: int, dice: np.random.Generator) -> np.ndarray:
    kind = np.full(units + social + ghosts, 1, dtype=np.uint8)
    start = 0
    for name, rows in _SHARES.items():
        count = max(1, round(rows * units / 196_000))
        kind[start : start + count] = KINDS.index(name)
        start += count
    dice.shuffle(kind[:units])
    kind[units : units + social], kind[units + social :] = 6, 7
    return kind


def _births(units, social, total, ends, before, dice):
    """When a unit first stands in the register, and when it was founded: a few are listed a month before their day."""
    months = len(ends)
    listed = np.zeros(total, dtype=np.int16)
    founded = ends[0] - 30 - (dice.beta(1, 3, total) * 11_000).astype(np.int64)
    born = np.flatnonzero(dice.random(units + social) < 0.009 * (months - 1))
    listed[born] = dice.integers(1, max(2, months), len(born))
    starts = np.append(before, ends)
    since = starts[listed[born]]
    founded[born] = since + 1 + (dice.random(len(born)) * (ends[listed[born]] - since)).astype(np.int64)
    early = born[dice.random(len(born)) < 0.03]
    listed[early] -= 1
    # Old certificates often give the month alone: then the day is the first.
    old = (listed == 0) & (founded < ends[0] - 400) & (dice.random(total) < 0.12)
    as_dates = founded[old].astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]")
    founded[old] = as_dates.astype(np.int64)
    return listed, founded.astype(np.int32)


def _exits(kind, listed, founded, ends, dice):
    total, months = len(kind), len(ends)
    hazard = np.where(kind == 1, 0.0035, 0.0022) * months
    exit_day = np.full(total, NEVER, dtype=np.int32)
    gone = dice.random(total) < 0.03
    exit_day[gone] = ends[0] - dice.integers(40, 700, gone.sum())
    going = ~gone & (dice.random(total) < hazard)
    exit_day[going] = ends[0] + dice.integers(1, max(2, ends[-1] - ends[0] + 45), going.sum())
    exit_day[(exit_day < founded + 20) | (kind == 7)] = NEVER
    return exit_day, dice.choice(4, total, p=(0.72, 0.15, 0.06, 0.07)).astype(np.uint8)


def _economy(kind, listed, dice):
    """Who pays tax and who pays insurance. The two overlap far more than chance would have it, so that their union is the base."""
    total = len(kind)
    taxed = dice.random(total) < np.array(_TAXED)[kind]
    overlap = np.where(taxed, 3.6, 0.55)
    insured = dice.random(total) < np.minimum(0.95, np.array(_INSURED)[kind] * overlap)
    return taxed, insured


def _parks(home, operating, dice):
    """A third of the operating units sit in parks, few of the others: so parks hold about half of the employees."""
    total = len(home)
    inside = dice.random(total) < np.where(operating, 0.30, 0.06)
    choices = np.array([[p for p in range(21) if names.PARK_DISTRICTS[p] == d][:2] for d in range(len(names.DISTRICTS))])
    park = np.where(inside, choices[home, dice.integers(0, 2, total)], -1).astype(np.int8)
    park[inside & (home == 0) & (dice.random(total) < 0.2)] = 20
    return park


def _types(kind, dice):
    codes = np.zeros(len(kind), dtype=np.int16)
    for name, weighted in TYPES.items():
        chosen = np.flatnonzero(kind == KINDS.index(name))
        weights = np.array([weight for _, weight in weighted], dtype=float)
        values = np.array([int(code) for code, _ in weighted])
        codes[chosen] = values[dice.choice(len(values), len(chosen), p=weights / weights.sum())]
    return codes
