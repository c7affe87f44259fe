"""Rules on the districts' monthly returns: complete, in themselves, against the ledgers, and against what people write when they copy."""

from collections.abc import Iterator

from expectations.findings import UNKNOWN, Lead, Month

FIGURES = ("units", "covered", "single", "joint", "dispatched", "work_covered", "members")
SECTORS = ("enterprise", "social_org")
ROUND_FROM, ROUND_FIGURES = 100, 5
MEMBERS_A_BRANCH, UNITS_A_BRANCH = 3, 5


def return_missing(month: Month) -> Iterator[Lead]:
    if month.returns:
        reported = {(row["district_code"], row["sector"]) for row in month.returns}
        for district in month.districts:
            for sector in SECTORS:
                if (district, sector) not in reported:
                    yield Lead(f"{district}|{sector}", district)


def return_unknown_district(month: Month) -> Iterator[Lead]:
    for row in month.returns:
        if _leads_to(month, row) == UNKNOWN:
            yield _lead(month, row)


def return_parts(month: Month) -> Iterator[Lead]:
    for row in month.returns:
        if row["covered"] != row["single"] + row["joint"] + row["dispatched"]:
            yield _lead(month, row)


def return_exceeds(month: Month) -> Iterator[Lead]:
    for row in month.returns:
        if row["covered"] > row["units"] or row["work_covered"] > row["units"] or row["work_covered"] < row["covered"]:
            yield _lead(month, row)


def return_differs(month: Month) -> Iterator[Lead]:
    for row in month.returns:
        place = _leads_to(month, row)
        counted, _ = month.figures.get(("org_coverage", row["sector"], "district", place), (None, None))
        if place != UNKNOWN and counted is not None:
            apart = abs(row["covered"] - counted)
            # More than 3, and more than 5 % of what was counted: in whole numbers.
            if apart > 3 and 20 * apart > counted:
                yield _lead(month, row, counted=counted)


def return_copied(month: Month) -> Iterator[Lead]:
    for row in month.returns:
        figures = tuple(row[name] for name in FIGURES)
        if row["units"] > 0 and month.before.returns.get((row["district_code"], row["sector"])) == figures:
            yield _lead(month, row)


def return_round(month: Month) -> Iterator[Lead]:
    for row in month.returns:
        if row["units"] >= ROUND_FROM and sum(row[name] != 0 and row[name] % 10 == 0 for name in FIGURES) >= ROUND_FIGURES:
            yield _lead(month, row)


def return_capacity(month: Month) -> Iterator[Lead]:
    for row in month.returns:
        most = UNITS_A_BRANCH * (row["members"] // MEMBERS_A_BRANCH)
        if row["single"] + row["joint"] > most:
            yield _lead(month, row, most=most)


def _leads_to(month: Month, row: dict) -> str:
    return month.valid.get(row["district_code"], UNKNOWN)


def _lead(month: Month, row: dict, **facts: object) -> Lead:
    return Lead(f"{row['district_code']}|{row['sector']}", _leads_to(month, row), None, facts)
