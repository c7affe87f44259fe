"""The example city's releases with districts' returns made from its own figures, and what is planted among them.

Every district reports what the ledgers count, in every published month but 2016-12, whose release kept no returns; but for what PLANTED
says. 980103's enterprises of 2017-11 first stand in that month's second revision.
"""

import polars as pl

from dashboards import reporting, store
from data.home import Home
from expectations.findings import fingerprint
from expectations.rules.returns import FIGURES, SECTORS
from tests.dashboards.releases_fixture import expected, make_home, publish
from transforms.returns import COUNTED, counted

KEPT = ("2017-10", "2017-11", "2017-12")
LATE = ("2017-11", "980103", "enterprise")
MISSING = ("2017-12", "980105", "social_org")
TOO_MANY = ("2017-12", "980102", "enterprise")
AT_ODDS = ("2017-12", "980104", "enterprise")
# Codes of 2017-12 besides the districts' own: an earlier one of 980102, one that ended without a successor, one in no list.
OTHERS = (("980121", "980102"), ("980190", "000000"), ("979999", None))
FILE = "{}/district_return/月报.xlsx"
OWN_FILE = "2017-12/registration/00_东屏.xlsx"  # made to speak of units of 980102 alone
NAMES = ("period", "district_code", "sector", "leads_to", *FIGURES, "path", "line")


def returns_home(folder) -> Home:
    """A home with the releases; 2017-11 in two revisions."""
    home = make_home(folder, ("2016-12",))
    for period in KEPT:
        # The published figures are needed to make the returns, so that a release without them comes first.
        scratch = make_home(folder.parent / f"scratch_{period}", (period,))
        rows = returns_of(scratch, period)
        tables = {"findings": findings(period)} | ({"origins": origins(period)} if period == "2017-12" else {})
        if period == LATE[0]:
            first = rows.filter(~((pl.col("district_code") == LATE[1]) & (pl.col("sector") == LATE[2])))
            publish(home, period, returned=first, **tables)
            publish(home, period, "r02", "2018-02-05T01:05:00+00:00", returned=rows, **tables)
        else:
            publish(home, period, returned=rows, **tables)
    return home


def returns_of(home: Home, period: str) -> pl.DataFrame:
    picture = store.picture(home, period, "r01")

    def find(metric, sector, district):
        figure = picture.figure(metric, "district", district, sector, "corroborated")
        return figure.numerator, figure.denominator

    rows = []
    for district in reporting.districts_of(picture):
        for sector in SECTORS:
            key, there = (period, district, sector), counted(find, sector, district)
            if key == MISSING:
                continue
            figures = {name: there[name] or 0 for name in COUNTED} | {"members": int(district[-2:])}
            figures["covered"] += 10 if key == TOO_MANY else 0
            figures["single"] += 1 if key == AT_ODDS else 0
            rows.append((period, district, sector, district, *(figures[name] for name in FIGURES)))
    if period == "2017-12":
        rows += [(period, code, "enterprise", leads_to, *(9,) * len(FIGURES)) for code, leads_to in OTHERS]
    rows = [(*row, FILE.format(period), line) for line, row in enumerate(rows, 2)]
    types = dict.fromkeys(NAMES, pl.String) | dict.fromkeys((*FIGURES, "line"), pl.Int64)
    return pl.DataFrame(rows, schema=types, orient="row")


def findings(period: str) -> pl.DataFrame:
    found = expected("findings").filter(pl.col("period") == period)
    marks = [fingerprint(*row) for row in found.select("rule", "subject").rows()]
    return found.with_columns(fingerprint=pl.Series(marks, dtype=pl.String), evidence=pl.lit('{"facts": {}, "rows": []}'))


def origins(period: str) -> pl.DataFrame:
    """One file of 980102 alone; every other file of the registers speaks of the whole city."""
    units = expected("census").filter(pl.col("period") == period).select("uscc", "district_code")
    paths = expected("loads").filter((pl.col("period") == period) & (pl.col("source") == "registration"))["path"].to_list()
    mine = units.filter(pl.col("district_code").is_in(["980102", "000000"]))
    rows = [(period, "unit", code, "registration", OWN_FILE, 2) for code in mine["uscc"]]
    rows += [(period, "unit", code, "registration", path, 2) for path in paths if path != OWN_FILE for code in units["uscc"]]
    return pl.DataFrame(rows, schema=["period", "subject_kind", "subject", "source", "path", "line"], orient="row")
