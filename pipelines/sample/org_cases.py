"""Planted cases of organisations, their links and their members, for leads.py.

What belongs here: one case a rule, and a near miss beside it where a rule has an edge.
"""

import numpy as np

from . import names, party
from .city import NEVER
from .party import DISPATCHED, JOINT, SINGLE, Party

UNKNOWN_ORG = 900_001
LOST = party.RELATIONS.index("lost")


class OrgCases:
    """New organisations, links and members for the cases of one round."""

    def __init__(self, planter, life: Party) -> None:
        self.planter, self.life, self.city = planter, life, planter.city

    def org(
        self, mode: int, founded: int, kind: int = 2, ended: int = NEVER, formal: int = 3, unit: int = -1, exactly: bool = False
    ) -> int:
        orgs = self.life.orgs
        number = len(orgs) + 1
        founded -= 0 if exactly else number % 160  # were they all of one day, that would be a finding of its own
        orgs.add(number=number, kind=kind, mode=mode, founded=founded, ended=ended, term=founded + 1095, secretary=True, trained=founded,
                 stars=3, haves=7, meetings=3, managed=1, district=1, protected=True)  # fmt: skip
        for _ in range(formal):
            self.member(number, unit)
        return number

    def member(self, number: int, unit: int = -1, person: int | None = None, relation: int = 0) -> int:
        if person is None:
            person, self.life.persons = self.life.persons, self.life.persons + 1
        start = int(self.city.ends[0])
        self.life.members.add(
            person=person, org=number, unit=unit, joined=start - 2000, formal=start - 1600, relation=relation, appears=0, protected=True
        )
        return person

    def link(self, number: int, unit: int, start: int, end: int = NEVER) -> str:
        self.life.links.add(org=0, number=number, unit=unit, start=start, end=end, protected=True)
        return f"{party.org_codes([number])[0]}|{self.planter.code(unit)}"

    def name(self, rule: str, number: int, found: bool = True) -> None:
        self.planter.note(rule, "org", party.org_codes([number])[0], found)

    def links(self, end: int) -> None:
        take, note, old = self.planter.units, self.planter.note, int(self.city.ends[0]) - 300
        if taken := take(2):
            number = UNKNOWN_ORG + len(self.life.links)
            note("link_org_unknown", "link", self.link(number, taken[0], old))
            note("link_org_unknown", "link", self.link(number, taken[1], old, end), False)  # it ends on D: no longer in force
        if taken := take(2):
            note("link_org_inactive", "link", self.link(self.org(SINGLE, old, ended=end - 20, unit=taken[0]), taken[0], old))
            note("link_org_inactive", "link", self.link(self.org(SINGLE, old, ended=end + 5, unit=taken[1]), taken[1], old), False)
        if self.planter.ghosts:
            ghost = self.planter.ghosts.pop()
            note("link_unit_unknown", "link", self.link(self.org(SINGLE, old), ghost, old))
        if taken := take(2):
            for unit, on, found in ((taken[0], end - 60, True), (taken[1], end + 1, False)):
                self.city.exit_day[unit], self.city.exit_kind[unit] = on, 0
                note("link_unit_inactive", "link", self.link(self.org(SINGLE, old, unit=unit), unit, old), found)
        if taken := take(1):
            for _ in range(2):
                self.link(self.org(SINGLE, old, unit=taken[0]), taken[0], old)
            note("unit_many_orgs", "unit", self.planter.code(taken[0]))
        if taken := take(1):
            self.link(self.org(SINGLE, old, unit=taken[0]), taken[0], old)
            self.link(self.org(SINGLE, old, kind=1, unit=taken[0]), taken[0], old, end)  # the second link ends on D
            note("unit_many_orgs", "unit", self.planter.code(taken[0]), False)
        if self.planter.ghosts and (taken := take(1)):
            number, ghost = self.org(SINGLE, old, unit=taken[0]), self.planter.ghosts.pop()
            self.link(number, taken[0], old)
            note("link_unit_unknown", "link", self.link(number, ghost, old, end), False)
            self.name("single_many_units", number, False)  # of its two links one ends on D
        if taken := take(1):
            self.link(self.org(DISPATCHED, old), taken[0], old)
            self.planter.leads.taxes.append((taken[0], 0, 4_321, 0))
            self.planter.leads.surveyed.append((taken[0], 0, 5, 0, True))  # operating; an organisation dispatched is one, too
            note("survey_org_differs", "unit", self.planter.code(taken[0]), False)

    def sizes(self, end: int) -> None:
        take, old = self.planter.units, int(self.city.ends[0]) - 300
        for rule, mode, count, found in (
            ("single_many_units", SINGLE, 2, True), ("joint_one_unit", JOINT, 1, True), ("joint_one_unit", JOINT, 2, False),
            ("joint_overload", JOINT, 6, True), ("joint_overload", JOINT, 5, False),
        ):  # fmt: skip
            if taken := take(count):
                number = self.org(mode, old, unit=taken[0])
                for unit in taken:
                    self.link(number, unit, old)
                self.name(rule, number, found)
        self.name("org_without_units", self.org(DISPATCHED, old))
        self.name("org_without_units", self.org(DISPATCHED, old, kind=1), False)
        for mode, rule, count in ((SINGLE, "single_below_three", 1), (JOINT, "joint_below_three", 2)):
            for formal in (2, 3):
                if taken := take(count):
                    number = self.org(mode, old, formal=formal, unit=taken[0])
                    for unit in taken:
                        self.link(number, unit, old)
                    self.name(rule, number, formal == 2)
        if taken := take(2):
            for unit, early in ((taken[0], 1), (taken[1], 0)):
                founded = int(self.city.founded[unit]) - early
                number = self.org(SINGLE, founded, unit=unit, exactly=True)
                self.link(number, unit, max(old, founded))
                self.name("org_before_unit", number, bool(early))

    def people(self, end: int) -> None:
        """Members are named by the number that the files give; the warehouse knows them by its own pseudonym only."""
        take, old = self.planter.units, int(self.city.ends[0]) - 300
        called = lambda person: names.person_ids(np.array([person]))[0]  # noqa: E731
        if taken := take(2):
            one, two = (self.org(SINGLE, old, unit=unit) for unit in taken)
            for number, unit in ((one, taken[0]), (two, taken[1])):
                self.link(number, unit, old)
            person = self.member(one, taken[0])
            self.member(two, taken[0], person)
            self.planter.note("member_two_orgs", "member", called(person))
            closed = self.org(SINGLE, old, ended=end - 200, formal=0)
            near = self.member(one, taken[0])
            self.member(closed, taken[0], near)
            self.planter.note("member_two_orgs", "member", called(near), False)
            self.planter.note("member_org_unknown", "member", called(self.member(UNKNOWN_ORG + 50_000)))
            self.planter.note("member_org_unknown", "member", called(self.member(UNKNOWN_ORG + 50_000, relation=LOST)), False)
            self.planter.note("member_outside_org", "member", called(self.member(one, taken[1])))
            self.planter.note("member_outside_org", "member", called(self.member(one, -1)), False)

    def burst(self, end: int) -> None:
        """In one district most of the year's organisations are founded on one day; in another nine are, and ten would be a burst."""
        orgs = self.life.orgs
        fresh = (orgs.founded > end - 362) & (orgs.founded <= end - 40) & ~orgs.protected & (orgs.ended == NEVER)
        most = sorted(range(names.UNKNOWN), key=lambda district: -int((fresh & (orgs.district == district)).sum()))
        for district, least, day, found in ((most[0], 12, end - 38, True), (most[1], 9, end - 37, False)):
            places = np.flatnonzero(fresh & (orgs.district == district))
            if len(places) < least:
                return
            moved = places[: max(least, len(places) // 2)] if found else places[:least]
            self._found_anew(moved, day)
            on = np.datetime64(day, "D").astype(str)
            self.planter.note("founding_burst", "district", f"{names.DISTRICT_CODES[district]}|{on}", found)

    def _found_anew(self, moved: np.ndarray, day: int) -> None:
        orgs, links, members = self.life.orgs, self.life.links, self.life.members
        orgs.founded[orgs.founded == day] += 1  # on that day there are these, and no others
        orgs.founded[moved] = day
        inside = np.isin(links.org, moved) & (links.number == links.org + 1)
        links.start[inside] = np.maximum(links.start[inside], day)
        links.end[inside] = NEVER
        late = np.isin(members.org, orgs.number[moved])
        members.appears[late] = np.maximum(members.appears[late], day)
