"""The 43 rules of findings.md a second time, a function a rule, in plain Python: what the program's findings are held against.

What belongs here: the contract's words as loops, as near to its wording as they can be, and nothing clever. A rule yields its subjects,
each with district and park. Nothing of expectations/ or transforms/ is used.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

from bench.oracle_month import REGULAR, UNKNOWN, Month

Found = Iterator[tuple[str, str | None, str | None]]

FIGURES = ("units", "covered", "single", "joint", "dispatched", "work_covered", "members")
SECTORS = ("enterprise", "social_org")
REGISTERS = ("registration", "social_org")
LINKS = ("party_org", "org_link")
LISTS = ("tax", "social_insurance")
# What a rule needs; those that look at the period's files alone need nothing, those on returns the period's own district_return.
NEEDS = {
    "file_refused": (),
    "delivery_withdrawn": (),
    "many_rejected": (),
    "unit_code_conflict": REGISTERS,
    "district_unknown": REGISTERS,
    "park_unknown": (*REGISTERS, "park"),
    "taxed_after_exit": (*REGISTERS, "tax"),
    "insured_after_exit": (*REGISTERS, "social_insurance"),
    "insured_unregistered": (*REGISTERS, "social_insurance"),
    "taxpayer_unregistered": (*REGISTERS, "tax"),
    "large_untaxed": (*REGISTERS, *LISTS),
    "headcount_jump": (*REGISTERS, "social_insurance"),
    "link_org_unknown": LINKS,
    "link_org_inactive": LINKS,
    "link_unit_unknown": (*LINKS, *REGISTERS),
    "link_unit_inactive": (*LINKS, *REGISTERS),
    "single_many_units": LINKS,
    "joint_one_unit": LINKS,
    "joint_overload": LINKS,
    "org_without_units": LINKS,
    "single_below_three": ("party_org", "member"),
    "joint_below_three": ("party_org", "member"),
    "org_before_unit": (*LINKS, *REGISTERS),
    "unit_many_orgs": LINKS,
    "member_two_orgs": ("party_org", "member"),
    "member_org_unknown": ("party_org", "member"),
    "member_outside_org": (*LINKS, "member"),
    "return_missing": (),
    "return_unknown_district": (),
    "return_parts": (),
    "return_exceeds": (),
    "return_differs": (*LINKS, *REGISTERS, *LISTS),
    "return_copied": (),
    "return_round": (),
    "return_capacity": (),
    "founding_burst": (*LINKS, *REGISTERS),
    "base_shrink": (*LINKS, *REGISTERS, *LISTS),
    "survey_shell_active": ("survey", *REGISTERS, *LISTS),
    "survey_operating_unseen": ("survey", *REGISTERS, *LISTS),
    "survey_employees_differ": ("survey", "social_insurance"),
    "survey_members_differ": ("survey", "member"),
    "survey_org_differs": ("survey", *LINKS),
    "survey_unit_unknown": ("survey", *REGISTERS),
}
LOOK_BACK = ("headcount_jump", "return_copied", "base_shrink")


def lacking(rule: str, month: Month) -> set[str]:
    """The sources for want of which a rule is not run."""
    missing = {source for source in NEEDS[rule] if source not in month.rows}
    if rule.startswith("return_") and month.returns is None:
        missing.add("district_return")
    if rule in LOOK_BACK:
        before = month.before
        missing |= {source for source in NEEDS[rule] if before is None or source not in before.rows}
        if rule == "return_copied" and (before is None or before.returns is None):
            missing.add("district_return")
    return missing


def findings(month: Month) -> tuple[set[tuple[str, str, str | None, str | None]], dict[str, set[str]]]:
    """((rule, subject, district, park) of every finding, the rules not run -> what they lack)."""
    not_run = {rule: lacks for rule in NEEDS if (lacks := lacking(rule, month))}
    found = set()
    for rule in NEEDS.keys() - not_run:
        found |= {(rule, *subject) for subject in globals()[rule](month)}
    return found, not_run


# Files


def of_file(load: dict) -> tuple[str, None, None]:
    return f"{load['source']}|{load['path']}", None, None


def file_refused(m: Month) -> Found:
    for load in m.loads:
        if load["refused"] is not None:
            yield of_file(load)


def delivery_withdrawn(m: Month) -> Found:
    for path in m.withdrawn:
        yield of_file({"source": path.split("/")[1], "path": path})


def many_rejected(m: Month) -> Found:
    for load in m.loads:
        if 100 * load["rows_rejected"] > load["rows_loaded"] + load["rows_rejected"]:
            yield of_file(load)


# Units


def at_unit(m: Month, uscc: str) -> tuple[str, str, str | None]:
    return uscc, *m.place_of_unit(uscc)


def unit_code_conflict(m: Month) -> Found:
    social = {row["uscc"] for row in m.of("social_org")}
    for row in m.of("registration"):
        if row["uscc"] in social:
            yield at_unit(m, row["uscc"])


def district_unknown(m: Month) -> Found:
    for unit in m.census.values():
        if unit.registered and unit.district == UNKNOWN:
            yield at_unit(m, unit.uscc)


def park_unknown(m: Month) -> Found:
    parks = {row["park_code"] for row in m.of("park")}
    for unit in m.census.values():
        if unit.registered and unit.park_as_written is not None and unit.park_as_written not in parks:
            yield at_unit(m, unit.uscc)


def taxed_after_exit(m: Month) -> Found:
    for unit in m.census.values():
        if unit.taxpayer and not unit.active:
            yield at_unit(m, unit.uscc)


def insured_after_exit(m: Month) -> Found:
    for unit in m.census.values():
        if unit.insured and not unit.active:
            yield at_unit(m, unit.uscc)


def insured_unregistered(m: Month) -> Found:
    for uscc, insured in m.insured.items():
        if insured >= 1 and uscc not in m.census:
            yield at_unit(m, uscc)


def taxpayer_unregistered(m: Month) -> Found:
    for uscc, paid in m.paid.items():
        if paid > 0 and uscc not in m.census:
            yield at_unit(m, uscc)


def large_untaxed(m: Month) -> Found:
    for unit in m.census.values():
        large = unit.employees is not None and unit.employees >= 50
        if unit.registered and unit.sector == "enterprise" and large and not unit.taxpayer:
            yield at_unit(m, unit.uscc)


def headcount_jump(m: Month) -> Found:
    for unit in m.census.values():
        before = m.before.census.get(unit.uscc)
        if before is None or before.employees is None or unit.employees is None:
            continue
        smaller, larger = sorted((before.employees, unit.employees))
        if larger >= 50 and larger >= 3 * smaller:
            yield at_unit(m, unit.uscc)


# Links


def at_link(m: Month, link: dict) -> tuple[str, str, str | None]:
    return f"{link['org_code']}|{link['uscc']}", *m.place_of_unit(link["uscc"])


def link_org_unknown(m: Month) -> Found:
    for link in m.of("org_link"):
        if m.in_force(link) and link["org_code"] not in m.orgs:
            yield at_link(m, link)


def link_org_inactive(m: Month) -> Found:
    for link in m.of("org_link"):
        if m.in_force(link) and link["org_code"] in m.orgs and not m.org_active(link["org_code"]):
            yield at_link(m, link)


def link_unit_unknown(m: Month) -> Found:
    for link in m.active_links:
        if link["uscc"] not in m.census:
            yield at_link(m, link)


def link_unit_inactive(m: Month) -> Found:
    for link in m.active_links:
        if link["uscc"] in m.census and not m.census[link["uscc"]].active:
            yield at_link(m, link)


# Organisations


def at_org(m: Month, code: str) -> tuple[str, str, str | None]:
    return code, *m.place_of_org(code)


def with_mode(m: Month, mode: str) -> Iterator[tuple[str, int]]:
    for row in m.active_orgs():
        if row["mode"] == mode:
            yield row["org_code"], len(m.units_of_org.get(row["org_code"], ()))


def single_many_units(m: Month) -> Found:
    for code, links in with_mode(m, "single"):
        if links >= 2:
            yield at_org(m, code)


def joint_one_unit(m: Month) -> Found:
    for code, links in with_mode(m, "joint"):
        if links == 1:
            yield at_org(m, code)


def joint_overload(m: Month) -> Found:
    for code, links in with_mode(m, "joint"):
        if links > 5:
            yield at_org(m, code)


def org_without_units(m: Month) -> Found:
    for row in m.active_orgs():
        if row["kind"] == "branch" and not m.units_of_org.get(row["org_code"]):
            yield at_org(m, row["org_code"])


def single_below_three(m: Month) -> Found:
    for code, _ in with_mode(m, "single"):
        if m.formal_members(code) < 3:
            yield at_org(m, code)


def joint_below_three(m: Month) -> Found:
    for code, _ in with_mode(m, "joint"):
        if m.formal_members(code) < 3:
            yield at_org(m, code)


def org_before_unit(m: Month) -> Found:
    for code, _ in with_mode(m, "single"):
        units = [m.census[uscc] for uscc in m.units_of_org.get(code, ()) if uscc in m.census]
        if any(m.orgs[code]["founded_on"] < unit.founded_on for unit in units):
            yield at_org(m, code)


def unit_many_orgs(m: Month) -> Found:
    for uscc, orgs in m.orgs_of_unit.items():
        if len(orgs) >= 2:
            yield at_unit(m, uscc)


# Members


def at_member(m: Month, member: str, orgs: set[str]) -> tuple[str, str, str | None]:
    """In several organisations at once: the place of the first of them by code."""
    return member, *m.place_of_org(min(orgs))


def by_member(rows: list[dict]) -> dict[str, set[str]]:
    """member -> the organisations of its rows."""
    found = defaultdict(set)
    for row in rows:
        found[row["member_id"]].add(row["org_code"])
    return found


def regular(m: Month) -> list[dict]:
    return [row for row in m.of("member") if row["relation"] in REGULAR]


def member_two_orgs(m: Month) -> Found:
    for member, orgs in by_member([row for row in m.of("member") if m.org_active(row["org_code"])]).items():
        if len(orgs) >= 2:
            yield at_member(m, member, orgs)


def member_org_unknown(m: Month) -> Found:
    for member, orgs in by_member([row for row in regular(m) if row["org_code"] not in m.orgs]).items():
        yield at_member(m, member, orgs)


def member_outside_org(m: Month) -> Found:
    def outside(row: dict) -> bool:
        code, uscc = row["org_code"], row["uscc"]
        if uscc is None or not m.org_active(code) or m.orgs[code]["mode"] == "dispatched":
            return False
        return uscc not in m.units_of_org.get(code, ())

    for member, orgs in by_member([row for row in regular(m) if outside(row)]).items():
        yield at_member(m, member, orgs)


# Returns


def at_return(m: Month, row: dict) -> tuple[str, str, None]:
    return f"{row['district_code']}|{row['sector']}", m.leads(row["district_code"]), None


def return_missing(m: Month) -> Found:
    reported = {(row["district_code"], row["sector"]) for row in m.returns}
    if not reported:
        return
    for code in m.valid_districts():
        for sector in SECTORS:
            if (code, sector) not in reported:
                yield f"{code}|{sector}", code, None


def return_unknown_district(m: Month) -> Found:
    for row in m.returns:
        if m.leads(row["district_code"]) == UNKNOWN:
            yield at_return(m, row)


def return_parts(m: Month) -> Found:
    for row in m.returns:
        if row["covered"] != row["single"] + row["joint"] + row["dispatched"]:
            yield at_return(m, row)


def return_exceeds(m: Month) -> Found:
    for row in m.returns:
        if row["covered"] > row["units"] or row["work_covered"] > row["units"] or row["work_covered"] < row["covered"]:
            yield at_return(m, row)


def coverage(m: Month, sector: str, district_on: Month, basis: str) -> dict[str, tuple[int, int]]:
    """district -> (covered units, units) of a basis, under the district codes of another month."""
    counts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for unit in m.census.values():
        if unit.sector == sector and unit.is_in(basis):
            covered, units = counts[district_on.leads(unit.district)]
            counts[district_on.leads(unit.district)] = (covered + unit.covered, units + 1)
    return counts


def return_differs(m: Month) -> Found:
    for row in m.returns:
        district = m.leads(row["district_code"])
        if district == UNKNOWN:
            continue
        counted, _ = coverage(m, row["sector"], m, m.basis).get(district, (0, 0))
        if abs(row["covered"] - counted) > max(3, Fraction(counted, 20)):
            yield at_return(m, row)


def return_copied(m: Month) -> Found:
    former = {(row["district_code"], row["sector"]): row for row in m.before.returns}
    for row in m.returns:
        before = former.get((row["district_code"], row["sector"]))
        if before and row["units"] > 0 and all(row[name] == before[name] for name in FIGURES):
            yield at_return(m, row)


def return_round(m: Month) -> Found:
    for row in m.returns:
        if row["units"] >= 100 and sum(row[name] != 0 and row[name] % 10 == 0 for name in FIGURES) >= 5:
            yield at_return(m, row)


def return_capacity(m: Month) -> Found:
    for row in m.returns:
        if row["single"] + row["joint"] > 5 * (row["members"] // 3):
            yield at_return(m, row)


# Districts


def founding_burst(m: Month) -> Found:
    founded = defaultdict(list)
    for row in m.active_orgs():
        if row["founded_on"] >= m.year_begins:
            founded[m.place_of_org(row["org_code"])[0]].append(row["founded_on"])
    for district, days in founded.items():
        for day, count in Counter(days).items():
            if count >= 10 and Fraction(count, len(days)) >= Fraction(30, 100):
                yield f"{district}|{day.isoformat()}", district, None


def base_shrink(m: Month) -> Found:
    before, now = (coverage(month, "enterprise", m, m.basis) for month in (m.before, m))
    for district, (covered_before, units_before) in before.items():
        covered, units = now.get(district, (0, 0))
        if units_before == 0 or units == 0:
            continue
        rose = Fraction(covered, units) - Fraction(covered_before, units_before)
        fell = Fraction(units_before - units, units_before)
        if rose >= Fraction(5, 100) and fell >= Fraction(10, 100):
            yield district, district, None


# The survey


def surveyed(m: Month) -> Iterator[tuple[dict, object]]:
    """The survey's rows with the unit that each speaks of; of a unit in no register, none."""
    for row in m.surveys():
        if row["uscc"] in m.census:
            yield row, m.census[row["uscc"]]


def survey_shell_active(m: Month) -> Found:
    for row, unit in surveyed(m):
        if unit.registered and row["operating"] in ("shell", "suspended") and (unit.taxpayer or unit.insured):
            yield at_unit(m, unit.uscc)


def survey_operating_unseen(m: Month) -> Found:
    for row, unit in surveyed(m):
        seen = unit.taxpayer or unit.insured
        if unit.registered and unit.sector == "enterprise" and row["operating"] == "operating" and not seen:
            yield at_unit(m, unit.uscc)


def survey_employees_differ(m: Month) -> Found:
    for row, unit in surveyed(m):
        if row["employees"] is None or unit.employees is None:
            continue
        if abs(row["employees"] - unit.employees) > max(10, Fraction(30 * unit.employees, 100)):
            yield at_unit(m, unit.uscc)


def survey_members_differ(m: Month) -> Found:
    for row, unit in surveyed(m):
        if row["members"] is not None and abs(row["members"] - unit.members - unit.irregular_members) >= 2:
            yield at_unit(m, unit.uscc)


def survey_org_differs(m: Month) -> Found:
    for row, unit in surveyed(m):
        if row["has_org"] is not None and row["has_org"] != unit.covered:
            yield at_unit(m, unit.uscc)


def survey_unit_unknown(m: Month) -> Found:
    for row in m.surveys():
        if row["uscc"] not in m.census:
            yield at_unit(m, row["uscc"])
