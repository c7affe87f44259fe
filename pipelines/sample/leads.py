"""Planted cases between the lists, one or two a rule of findings.md, and near misses beside them: cases that lie just short of the rule.

What belongs here: which units, organisations and members are set apart for a case, what is made of them, and what a later
check is to find. Subjects are set apart (`protected`) before the city's life is drawn, so that nothing else happens to them.
"""

from dataclasses import dataclass, field

import numpy as np

from . import names, party
from .city import NEVER, City
from .lists import FORMER
from .org_cases import OrgCases
from .party import Party

OPERATING, SUSPENDED, SHELL = 0, 1, 2  # what the survey says


@dataclass
class Leads:
    """Forced rows of the lists, and what must (or must not) be found in the last month."""

    twins: list[int] = field(default_factory=list)  # market units that the social organisations' register holds as well
    pairs: dict[int, int] = field(default_factory=dict)  # two units of one organisation code
    taxes: list[tuple[int, int, int, int]] = field(default_factory=list)  # unit, from month, yuan, 15-character number
    insured: list[tuple[int, int, int, int]] = field(default_factory=list)  # unit, from month, to month, heads
    surveyed: list[tuple[int, int, int, int, bool]] = field(default_factory=list)  # unit, operating, employees, members, has_org
    shrink: tuple[int, int] | None = None  # month, district
    covered_units: np.ndarray | None = None
    thin: int | None = None  # the month of the near miss of `shrink`, and the units that are not listed then
    thinned_units: np.ndarray | None = None
    planted: list[tuple[str, str, str, str]] = field(default_factory=list)  # period, rule, kind of subject, subject
    near: list[tuple[str, str, str, str]] = field(default_factory=list)


class Planter:
    """Takes units from the pool one by one; a city too small for a case goes without it."""

    def __init__(self, city: City) -> None:
        self.city, self.leads = city, Leads()
        plain = (city.kind == 0) & ~city.taxed & ~city.insured & (city.listed == 0) & (city.exit_day == NEVER) & (city.moves == 10_000)
        plain &= (city.founded < city.ends[0] - 500) & (city.writing <= 1)
        pool = city.dice(7).permutation(np.flatnonzero(plain))
        self.pool = pool[: min(len(pool) * 2 // 3, 150)].tolist()
        self.ghosts = city.span("ghost").tolist()
        city.protected[self.pool] = True
        city.writing[self.pool], city.park[self.pool] = 0, -1
        self.last = len(city.ends) - 1
        self.copies = 2 if len(self.pool) >= 100 else 1

    def code(self, unit: int) -> str:
        return bytes(self.city.code[unit]).decode()

    def units(self, count: int) -> list[int] | None:
        if len(self.pool) < count:
            return None
        taken, self.pool = self.pool[:count], self.pool[count:]
        return taken

    def note(self, rule: str, kind: str, subject: str, found: bool = True) -> None:
        (self.leads.planted if found else self.leads.near).append((self.city.periods[-1], rule, kind, subject))

    def before_life(self) -> None:
        """Cases of the registers and of the two lists: they need no organisation."""
        city, leads, last = self.city, self.leads, self.last
        first, gone = 0, int(city.ends[-1]) - 100

        def case(rule, act, found=True, ghost=False):
            for _ in range(self.copies):
                taken = [self.ghosts.pop()] if ghost and self.ghosts else None if ghost else self.units(1)
                if taken:
                    act(taken[0])
                    self.note(rule, "unit", self.code(taken[0]), found)

        def paid(unit, yuan=4_321, brief=0):
            leads.taxes.append((unit, first, yuan, brief))

        def insure(unit, heads, start=0, end=None):
            leads.insured.append((unit, start, last if end is None else end, heads))

        def exits(unit, on, then):
            city.exit_day[unit], city.exit_kind[unit] = on, 0
            then(unit)

        case("unit_code_conflict", lambda u: (leads.twins.append(u), paid(u, 999, 1)))
        case("district_unknown", lambda u: city.writing.__setitem__(u, 2))
        case("district_unknown", lambda u: (city.home.__setitem__(u, 9), city.writing.__setitem__(u, 1)), False)
        case("park_unknown", lambda u: city.park.__setitem__(u, 21))
        case("park_unknown", lambda u: city.park.__setitem__(u, 3), False)
        case("taxed_after_exit", lambda u: exits(u, gone, paid))
        case("taxed_after_exit", lambda u: exits(u, int(city.ends[-1]) + 1, paid), False)
        case("insured_after_exit", lambda u: exits(u, gone, lambda v: insure(v, 7)))
        case("insured_after_exit", lambda u: exits(u, gone, lambda v: insure(v, 0)), False)
        case("insured_unregistered", lambda u: insure(u, 8), ghost=True)
        case("insured_unregistered", lambda u: insure(u, 0), False, ghost=True)
        case("taxpayer_unregistered", paid, ghost=True)
        case("taxpayer_unregistered", lambda u: paid(u, 0), False, ghost=True)
        case("large_untaxed", lambda u: insure(u, 50))
        case("large_untaxed", lambda u: insure(u, 49), False)
        if last:
            case("headcount_jump", lambda u: (paid(u), insure(u, 20, 0, last - 1), insure(u, 60, last, last)))
            case("headcount_jump", lambda u: (paid(u), insure(u, 20, 0, last - 1), insure(u, 59, last, last)), False)
        survey = lambda u, *row: leads.surveyed.append((u, *row))  # noqa: E731
        case("survey_shell_active", lambda u: (paid(u), survey(u, SHELL, 5, 0, False)))
        case("survey_shell_active", lambda u: survey(u, SHELL, 5, 0, False), False)
        case("survey_operating_unseen", lambda u: survey(u, OPERATING, 5, 0, False))
        case("survey_operating_unseen", lambda u: (paid(u, 1), survey(u, OPERATING, 5, 0, False)), False)
        case("survey_employees_differ", lambda u: (paid(u), insure(u, 20), survey(u, OPERATING, 31, 0, False)))
        case("survey_employees_differ", lambda u: (paid(u), insure(u, 20), survey(u, OPERATING, 30, 0, False)), False)
        case("survey_members_differ", lambda u: survey(u, OPERATING, 5, 2, False))
        case("survey_members_differ", lambda u: survey(u, OPERATING, 5, 1, False), False)
        case("survey_org_differs", lambda u: survey(u, OPERATING, 5, 0, True))
        case("survey_unit_unknown", lambda u: survey(u, OPERATING, 5, 0, False), ghost=True)
        case("survey_unit_unknown", lambda u: exits(u, gone, lambda v: survey(v, SHELL, 5, 0, False)), False)  # gone, but registered once
        # Two units that share an organisation code: a 15-character number of it leads to neither.
        if pair := self.units(2):
            city.code[pair[1]] = names.usccs(np.array([92]), np.array([990_199]), np.array([pair[0] + 7_001]))[0]
            leads.pairs.update({pair[0]: pair[1], pair[1]: pair[0]})
            paid(pair[0], 1_500, 1)
            for unit in pair:  # two codes, however much they share
                self.note("unit_code_conflict", "unit", self.code(unit), False)

    def after_life(self, life: Party) -> None:
        """Cases of organisations, links and members."""
        city, end = self.city, int(self.city.ends[-1])
        natural = len(life.members)
        case = OrgCases(self, life)
        for _ in range(self.copies):
            case.links(end)
            case.sizes(end)
            case.people(end)
        case.burst(end)
        covered = np.zeros(len(city.kind), dtype=bool)
        covered[life.links.unit] = True
        self.leads.covered_units = covered
        if self.last >= 5:
            self.leads.shrink = (self.last - 3, 2)
            self.leads.thin, self.leads.thinned_units = self.last - 2, self._every_fifth(4, covered)
        # Units of the pool that no case took are ordinary again.
        city.protected[self.pool] = False
        self._keep_size(life, natural)

    def _every_fifth(self, district: int, covered: np.ndarray) -> np.ndarray:
        """Every fifth listed enterprise of a district, covered and not covered alike: its base shrinks, its rate stands still."""
        city, chosen = self.city, np.zeros(len(covered), dtype=bool)
        listed = (city.home == district) & (city.kind == 0) & (city.taxed | city.insured)
        for group in (listed & covered, listed & ~covered):
            chosen[np.flatnonzero(group)[::5]] = True
        return chosen

    def _keep_size(self, life: Party, natural: int) -> None:
        """Planted members take the place of others, so that the city keeps its number of members."""
        members = life.members
        sizes = np.bincount(members.org)[members.org]
        spare = np.flatnonzero((sizes > 6) & (np.arange(len(members)) < natural))
        distinct = len(np.unique(members.person)) - natural
        drop = spare[:: max(1, len(spare) // max(1, distinct))][: max(0, distinct)]
        keep = np.ones(len(members), dtype=bool)
        keep[drop] = False
        life.members = party.Table({name: column[keep] for name, column in members.columns.items()})


def of_returns(
    rows: dict[str, np.ndarray], honest: dict[str, dict[str, np.ndarray]], period: str, before: dict | None
) -> tuple[list[tuple[str, str, str, str]], list[tuple[str, str, str, str]]]:
    """What the rules on returns must find, and what lies just short of that, worked out from the rows that load."""
    found, near, seen = [], [], set()
    for index in range(len(rows["_place"])):
        place, social = int(rows["_place"][index]), int(rows["_social"][index])
        sector = ("enterprise", "social_org")[social]
        units, covered, single, joint, dispatched, work, members = (int(rows[f"_{name}"][index]) for name in
            ("units", "covered", "single", "joint", "dispatched", "work_covered", "members"))  # fmt: skip
        code = returning(place)
        subject = f"{code}|{sector}"
        seen.add((place, sector))
        figures = (units, covered, single, joint, dispatched, work, members)
        round_figures = sum(figure % 10 == 0 and figure != 0 for figure in figures)
        rules = {
            "return_unknown_district": place == names.UNKNOWN,
            "return_parts": covered != single + joint + dispatched,
            "return_exceeds": covered > units or work > units or work < covered,
            "return_round": units >= 100 and round_figures >= 5,
            "return_capacity": single + joint > 5 * (members // 3),
        }
        close = {
            "return_unknown_district": place == FORMER,
            "return_parts": dispatched > 0,
            "return_exceeds": units > 0 and (units in (covered, work) or work == covered),
            "return_round": round_figures == 4 if units >= 100 else round_figures >= 5,
            "return_capacity": single + joint > max(0, 5 * (members // 3 - 1)),
        }
        if place != names.UNKNOWN:
            true = int(honest[sector]["covered"][names.OLD_DISTRICT[5] if place == FORMER else place])
            rules["return_differs"] = 20 * abs(covered - true) > max(60, true)
            close["return_differs"] = covered != true
        if before is not None and (place, sector) in before:
            equal = sum(one == other for one, other in zip(figures, before[place, sector], strict=True))
            rules["return_copied"] = equal == len(figures) and units > 0
            close["return_copied"] = equal == len(figures) - 1
        found += [(period, rule, "return", subject) for rule, fires in rules.items() if fires]
        near += [(period, rule, "return", subject) for rule, is_close in close.items() if is_close and not rules[rule]]
    for place in range(names.UNKNOWN):
        for sector in ("enterprise", "social_org"):
            if (place, sector) not in seen:
                found.append((period, "return_missing", "return", f"{names.DISTRICT_CODES[place]}|{sector}"))
                near += [(period, "return_missing", "return", f"{names.DISTRICT_CODES[place]}|{one}") for at, one in seen if at == place]
    return found, near


def returning(place: int) -> str:
    """The code under which a return comes in."""
    return {names.UNKNOWN: names.LOST_DISTRICT, FORMER: names.OLD_DISTRICT[0]}.get(place) or names.DISTRICT_CODES[place]
