"""False alarms: five rules on cities in which nothing is wrong. `python -m bench.honest [--cities N] [--seed S]`

What belongs here: honest cities (the sample city's own life, without planted cases, odd writings or faults; every district reports what
the lists hold), the processes by which they found organisations and change their staff, and how often a rule speaks all the same.
docs/methods/detection.md says what the figures mean.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import narwhals as nw
import numpy as np
import polars as pl

from data.periods import last_day, twelve_months_to
from expectations.findings import Before, Lead, Month
from expectations.rules.returns import FIGURES, return_copied, return_round
from expectations.rules.trends import base_shrink, founding_burst
from expectations.rules.units import headcount_jump
from pipelines.sample import city, names, party
from pipelines.sample.city import EXITS, City
from pipelines.sample.key import Truth
from pipelines.sample.leads import Leads
from pipelines.sample.ledgers import Ledgers

MONTHS, LOOKED_AT = 13, (10, 11, 12)
SIZES = 3_000, 196_000  # market units, drawn evenly on the logarithm
SECTORS = ("enterprise", "social_org")
# Foundings of a year: the share that the drive before a deadline takes, and the deadlines that a source document of the time set.
DRIVE, DRIVE_DAYS, DEADLINES = 0.5, 42, ((10, 31), (12, 31))
FOUNDING = ("any day", "two days a month", "two days a month, a drive", "a day a quarter")
# Staff: how many firms stand still in a month, how widely the others move (a Laplace law of the logarithm, the narrower the larger the
# firm), how often whole groups of staff are moved from one firm to another, and how often a count is 0 for a month of late payment.
STILL, WIDTH, NARROWING, MOVED, UNPAID = 0.6, 0.12, 0.15, 0.001, 0.01


class HonestLedgers(Ledgers):
    """What the offices write down, as far as the figures rest on it: no names, no forms, no files."""

    def __init__(self, world: City, life: party.Party, dice: np.random.Generator):
        super().__init__(world, life, Leads())
        self.dice, self.staff = dice, world.employees.astype(float)

    def kept(self, source: str, month: int) -> dict[str, np.ndarray]:
        rows = self.table(source, month)
        if source in ("registration", "social_org"):
            columns = self._place(month, rows["unit"], EXITS if source == "registration" else ("cancelled",) * 4)
        elif source == "member":
            place, members = rows["row"], self.life.members
            columns = {"_person": members.person[place], "_unit": members.unit[place], "_counts": members.relation[place] < 2}
        else:
            frame = self.frame(source, month, rows)
            columns = {name: frame[name].to_numpy() for name in frame.columns}
        return {name: np.asarray(values) for name, values in columns.items() if name[0] == "_"}

    def _social_insurance_rows(self, month):
        units = self._listed(self.city.insured, month, 2)
        heads = np.maximum(1, np.rint(self.staff[units])).astype(np.int64)
        return {"unit": units, "heads": heads, "group": self.city.district(units, month)}

    def a_month_passes(self) -> None:
        size, dice = len(self.staff), self.dice
        width = WIDTH * (np.maximum(self.staff, 1) / 10) ** -NARROWING
        moves = np.where(dice.random(size) < STILL, 0.0, dice.laplace(0, width))
        moves = np.where(dice.random(size) < MOVED, dice.uniform(-math.log(10), math.log(10), size), moves)
        self.staff = np.clip(self.staff * np.exp(moves), 0.5, 20_000)


@dataclass
class Seen:
    """A month of an honest city, as the five rules look at it."""

    period: str
    returns: list[dict]
    figures: dict[tuple, tuple[int, int]]
    employees: pl.DataFrame
    organisations: pl.DataFrame  # the active ones; `drawn`: the day on which it was ready, before any committee met


def of_city(units: int, seed: int) -> Iterator[Seen]:
    """The last three months of a city's thirteen. Organisations are approved on two days a month."""
    world = city.build(units, MONTHS, seed)
    life = party.build(world)
    dice, drawn = world.dice(90), life.orgs.founded.copy()
    life.orgs.founded[:] = founded_on(FOUNDING[1], drawn, life.orgs.district, world.periods[-1], dice)
    ledgers, truth = HonestLedgers(world, life, dice), Truth(world)
    for month in LOOKED_AT:
        ledgers.a_month_passes()
        for source in (
            "registration",
            "social_org",
            "tax",
            "social_insurance",
            "party_org",
            "org_link",
            "member",
            "instructor",
            "mass_org",
        ):
            truth.deliver(source, month, ledgers.kept(source, month))
        yield _seen(world, life, truth, month, drawn)


def _seen(world: City, life: party.Party, truth: Truth, month: int, drawn: np.ndarray) -> Seen:
    unit, (_, members) = truth.month(month), truth.members(month)
    honest = truth.for_returns(unit, members)
    returns = [
        {"district_code": names.DISTRICT_CODES[place], "sector": sector, **{name: int(honest[sector][name][place]) for name in FIGURES}}
        for sector in SECTORS
        for place in range(names.UNKNOWN)
    ]
    counted = honest["enterprise"]
    figures = {
        ("org_coverage", "enterprise", "district", code): (int(counted["covered"][place]), int(counted["units"][place]))
        for place, code in enumerate(names.DISTRICT_CODES)
    }
    known = np.flatnonzero((unit["employees"] >= 0) & unit["known"])
    codes = np.array(names.DISTRICT_CODES)
    employees = pl.DataFrame({"uscc": known, "employees": unit["employees"][known], "district_code": codes[unit["district"][known]]})
    return Seen(world.periods[month], returns, figures, employees, _organisations(world, life, unit, month, drawn))


def _organisations(world: City, life: party.Party, unit: dict[str, np.ndarray], month: int, drawn: np.ndarray) -> pl.DataFrame:
    """Active ones with their founding day and the district that most of their units lie in."""
    orgs, links, end = life.orgs, life.links, world.ends[month]
    active = (orgs.founded <= end) & (orgs.ended > end)
    where: dict[int, Counter] = defaultdict(Counter)
    holds = (links.start <= end) & (links.end > end) & active[links.org]
    for org, place in zip(links.org[holds].tolist(), unit["district"][links.unit[holds]].tolist(), strict=True):
        where[org][place] += 1
    places = [max(where[org].items(), key=lambda item: (item[1], -item[0]))[0] if org in where else names.UNKNOWN
              for org in np.flatnonzero(active).tolist()]  # fmt: skip
    codes = [names.DISTRICT_CODES[place] for place in places]
    return pl.DataFrame({
        "org_code": party.org_codes(orgs.number[active]), "district_code": codes, "founded_on": _dates(orgs.founded[active]),
        "drawn": drawn[active], "committee": orgs.district[active],
    })  # fmt: skip


def _dates(days: np.ndarray) -> pl.Series:
    return pl.Series(days).cast(pl.Int32).cast(pl.Date)


def founded_on(process: str, drawn: np.ndarray, committee: np.ndarray, period: str, dice: np.random.Generator) -> np.ndarray:
    """Founding days of the twelve months to the period after a process; those of before stay. `drawn`: when each was ready.

    An organisation exists from the day on which the committee above it approves it: a committee meets on days of its own.
    """
    first, last = city.day(twelve_months_to(period)), city.day(last_day(period))
    lately = (drawn >= first) & (drawn <= last)
    found = drawn.copy()
    if process == FOUNDING[0]:
        return found
    if process == FOUNDING[2]:
        hurried = lately & (dice.random(len(drawn)) < DRIVE)
        ends = np.array([city.day(date(int(period[:4]), month, at)) for month, at in DEADLINES])
        found[hurried] = ends[dice.integers(0, len(ends), hurried.sum())] - dice.integers(0, DRIVE_DAYS, hurried.sum())
    for place in range(names.UNKNOWN):
        meetings = _meetings(process, place, first, last)
        mine = np.flatnonzero(lately & (committee == place))
        # What comes after the last meeting of the time is approved at that one: the next lies beyond what is looked at.
        found[mine] = meetings[np.minimum(np.searchsorted(meetings, found[mine]), len(meetings) - 1)]
    return found


def _meetings(process: str, place: int, first: int, last: int) -> np.ndarray:
    days = [date(1970, 1, 1) + timedelta(days=day) for day in range(first, last + 1)]
    one, two = 6 + place % 9, 20 + place % 8
    if process == FOUNDING[3]:
        return np.array([city.day(on) for on in days if on.month % 3 == 0 and on.day == two])
    return np.array([city.day(on) for on in days if on.day in (one, two)])


@dataclass
class Tally:
    """How often a rule was asked, and how often it spoke: by size, and by city."""

    asked: Counter
    spoke: Counter
    cities: set[int]

    @classmethod
    def empty(cls) -> "Tally":
        return cls(Counter(), Counter(), set())

    def add(self, of: int, asked: Counter, spoke: Counter) -> None:
        self.asked += asked
        self.spoke += spoke
        if sum(spoke.values()):
            self.cities.add(of)


BURST_BANDS = 20, 50, 100


def band(number: int, *borders: int) -> str:
    """The band of a number, in words: `under 20`, `20 to 99`, `100 and more`."""
    for low, high in zip((None, *borders), (*borders, None), strict=True):
        if high is None:
            return f"{low:,} and more"
        if number < high:
            return f"under {high:,}" if low is None else f"{low:,} to {high - 1:,}"
    raise AssertionError


def month_of(seen: Seen, before: Seen | None, organisations: pl.DataFrame | None = None) -> Month:
    """The month as the program's rules see it; of what the five do not look at there is nothing."""
    then = before and Before(
        census=_frame(before.employees),
        figures=before.figures,
        returns={(row["district_code"], row["sector"]): tuple(row[name] for name in FIGURES) for row in before.returns},
        missing=frozenset(),
    )
    day = last_day(seen.period)
    return Month(
        day=day, year_start=twelve_months_to(seen.period), rows={}, returns=seen.returns,
        census=_frame(seen.employees.with_columns(park_code=pl.lit(None, pl.String))), links=None,
        organisations=_frame(seen.organisations if organisations is None else organisations), loads=[], withdrawn=[],
        valid={code: code for code in names.DISTRICT_CODES}, districts=names.DISTRICT_CODES[: names.UNKNOWN],
        figures=seen.figures, before=then,
    )  # fmt: skip


def _frame(rows: pl.DataFrame) -> nw.LazyFrame:
    return nw.from_native(rows.lazy())


def look(number: int, units: int, seed: int, tallies: dict[str, Tally]) -> None:
    """One city, all rules."""
    before, dice = None, np.random.default_rng([seed, 91])
    for seen in of_city(units, seed):
        if before is not None:
            month = month_of(seen, before)
            _returns(number, month, tallies)
            _shrink(number, month, tallies)
            _staff(number, seen, before, tallies, dice)
        before = seen
    _bursts(number, before, tallies, dice)


def _returns(number: int, month: Month, tallies: dict[str, Tally]) -> None:
    units = {f"{row['district_code']}|{row['sector']}": row["units"] for row in month.returns}
    bands = {subject: band(count, 20, 100, 500) for subject, count in units.items()}
    asked = Counter(bands[subject] for subject, count in units.items() if count > 0)
    tallies["return_copied"].add(number, asked, Counter(bands[lead.subject] for lead in return_copied(month)))
    # No district without a hundred units is asked.
    asked = Counter(bands[subject] for subject, count in units.items() if count >= 100)
    tallies["return_round"].add(number, asked, Counter(bands[lead.subject] for lead in return_round(month)))


def _shrink(number: int, month: Month, tallies: dict[str, Tally]) -> None:
    bases = {key[3]: band(units, 20, 100, 500) for key, (_, units) in month.before.figures.items() if units and month.figures[key][1]}
    tallies["base_shrink"].add(number, Counter(bases.values()), Counter(bases[lead.subject] for lead in base_shrink(month)))


def _staff(number: int, seen: Seen, before: Seen, tallies: dict[str, Tally], dice: np.random.Generator) -> None:
    for name, unpaid in (("headcount_jump", 0.0), (f"headcount_jump, {UNPAID:.0%} of the counts are 0", UNPAID)):
        now, then = (_unpaid(month.employees, unpaid, dice) for month in (seen, before))
        month = month_of(Seen(seen.period, [], {}, now, seen.organisations), Seen(before.period, [], {}, then, before.organisations))
        both = now.join(then, on="uscc").select(larger=pl.max_horizontal("employees", "employees_right"))["larger"]
        large = {lead.subject: band(_larger(lead), 100, 300) for lead in headcount_jump(month)}
        asked = Counter(band(count, 100, 300) for count in both.to_list() if count >= 50)
        tallies[name].add(number, asked, Counter(large.values()))


def _larger(lead: Lead) -> int:
    return max(lead.facts["employees"], lead.facts["employees_before"])


def _unpaid(rows: pl.DataFrame, share: float, dice: np.random.Generator) -> pl.DataFrame:
    zero = pl.Series(dice.random(len(rows)) < share)
    return rows.with_columns(employees=pl.when(zero).then(0).otherwise("employees"))


def _bursts(number: int, seen: Seen, tallies: dict[str, Tally], dice: np.random.Generator) -> None:
    """The last twelve months, once after each process: the same organisations, on other days."""
    drawn, committee = seen.organisations["drawn"].to_numpy(), seen.organisations["committee"].to_numpy()
    for process in FOUNDING:
        founded = _dates(founded_on(process, drawn, committee, seen.period, dice))
        organisations = seen.organisations.with_columns(founded_on=founded)
        lately = organisations.filter(pl.col("founded_on") >= twelve_months_to(seen.period))
        bands = {code: band(count, *BURST_BANDS) for code, count in Counter(lately["district_code"].to_list()).items() if count >= 10}
        spoke = {lead.district_code for lead in founding_burst(month_of(seen, None, organisations))}
        tallies[f"founding_burst, {process}"].add(number, Counter(bands.values()), Counter(bands[code] for code in spoke))


def wilson(spoke: int, asked: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not asked:
        return 0.0, 1.0
    z, p = 1.96, spoke / asked
    middle, half = p + z * z / (2 * asked), z * math.sqrt(p * (1 - p) / asked + z * z / (4 * asked * asked))
    return max(0.0, (middle - half) / (1 + z * z / asked)), (middle + half) / (1 + z * z / asked)


def measured(cities: int, seed: int) -> tuple[dict[str, Tally], list[int]]:
    """(rule and process -> tally, the cities' sizes)."""
    tallies: dict[str, Tally] = defaultdict(Tally.empty)
    low, high = (math.log(size) for size in SIZES)
    sizes = np.exp(np.random.default_rng([seed, 92]).uniform(low, high, cities)).astype(int).tolist()
    for number, units in enumerate(sizes):
        look(number, units, seed * 100_000 + number, tallies)
    return tallies, sizes


def table(tallies: dict[str, Tally], cities: int) -> str:
    lines = ["| rule | of what size | asked | spoke | rate % | 95 % interval | cities |", "|---|---|--:|--:|--:|---|--:|"]
    for rule in sorted(tallies):
        tally = tallies[rule]
        sizes = sorted(
            tally.asked, key=lambda name: (not name.startswith("under"), int(name.removeprefix("under ").split()[0].replace(",", "")))
        )
        for size in [*sizes, "all"]:
            asked, spoke = (sum(counts.values()) if size == "all" else counts[size] for counts in (tally.asked, tally.spoke))
            low, high = (100 * end for end in wilson(spoke, asked))
            share = f"{100 * spoke / asked:.2f} | {low:.2f} to {high:.2f}" if asked else "— | —"
            of_cities = f"{len(tally.cities)} of {cities}" if size == "all" else ""
            lines.append(f"| {rule} | {size} | {asked:,} | {spoke:,} | {share} | {of_cities} |")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--cities", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    tallies, sizes = measured(chosen.cities, chosen.seed)
    print(f"{chosen.cities} cities of {min(sizes):,} to {max(sizes):,} market units, {sum(sizes):,} in all; ten districts each\n")
    print(table(tallies, chosen.cities))


if __name__ == "__main__":
    main()
