"""A home of three months with findings that are new, gone, standing and not looked at; their evidence; and what tests ask of them."""

import json
from datetime import date
from pathlib import Path

import polars as pl

from dashboards import (
    casebook,
    store,
)
from data.casework import Act
from data.contracts import rules
from data.home import Home
from expectations.findings import fingerprint
from tests.dashboards.releases_fixture import make_home, publish

MEMBER = "6efbb049f91e1e4e1578030a08cc23912c8e01fc56d8c5407c20c4885c9bc0bc"


UNIT, ORG = "91980102MAEF5M1F2D", "DZ98000087"


TODAY = date(2018, 2, 10)


def found(*lines: str) -> pl.DataFrame:
    """Rows of table findings of no month: `rule subject district park`, - for none, with evidence where EVIDENCE has some."""
    rows = []
    for line in lines:
        rule, subject, district, *park = line.split(" ")
        card = rules()[rule]
        marks = (fingerprint(rule, subject), json.dumps(EVIDENCE.get(rule, {"facts": {}, "rows": []}), ensure_ascii=False))
        place = (None if district == "-" else district, park[0] if park else None)
        rows.append(("", rule, card.severity, card.subject_kind, subject, *place, *marks, ""))
    columns = ("period", "rule", "severity", "subject_kind", "subject", "district_code", "park_code", "fingerprint", "evidence", "since")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def row(source: str, line: int, period: str = "2017-12", **values) -> dict:
    return {"source": source, "path": f"{period}/{source}/报送.csv", "line": line, "values": values}


EVIDENCE = {
    "member_two_orgs": {
        "facts": {"organisations": 2},
        "rows": [
            row("member", line, org_code=org, uscc=UNIT, kind="formal", relation="in_place") for line, org in ((4, ORG), (9, "DZ98000088"))
        ],
    },
    "headcount_jump": {
        "facts": {"employees_before": 60, "employees": 0},
        "rows": [row("social_insurance", 62, insured=0), row("social_insurance", 90, "2017-11", insured=60)],
    },
    "return_differs": {"facts": {"counted": 44}, "rows": [row("district_return", 7, units=70, covered=40)]},
}


# month -> its findings; survey rules were not run in 2017-12.
MONTHS = {
    "2017-10": (f"taxed_after_exit {UNIT} 980102", f"survey_org_differs {UNIT} 980102", f"single_many_units {ORG} 980110"),
    "2017-11": (f"taxed_after_exit {UNIT} 980102", f"survey_org_differs {UNIT} 980102", f"joint_overload {ORG} 980110 P98-01"),
    "2017-12": (
        f"headcount_jump {UNIT} 980102",
        f"taxed_after_exit {UNIT} 980102",
        f"single_many_units {ORG} 980110",
        f"member_two_orgs {MEMBER} 980110",
        "return_differs 980103|enterprise 980103",
        "many_rejected tax|2017-12/tax/甲.csv -",
    ),
}


NOT_RUN = {"2017-12": {"survey_org_differs": ["survey"]}}


def make(folder: Path) -> Home:
    home = make_home(folder, ())
    for period, lines in MONTHS.items():
        rows = found(*lines).with_columns(period=pl.lit(period), since=pl.lit(period))
        manifest = publish(home, period, findings=rows) / "manifest.json"
        stated = json.loads(manifest.read_text(encoding="utf-8"))
        stated["checks"] = {"not_run": NOT_RUN.get(period, {})}  # a release of before it was told what was run
        manifest.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
    return home


def book_of(home: Home, period: str = "2017-12", today: date = TODAY) -> casebook.Casebook:
    return casebook.open_casebook(home, store.picture(home, period, "r01"), today)


def moved(book: casebook.Casebook) -> dict[str, str]:
    return dict(book.cases.select("rule", "moved").rows())


def newest(home):
    return store.picture(home, "2017-12", store.published(home)["2017-12"])


def act(rule: str, subject: str, kind: str, **more) -> Act:
    return Act(fingerprint(rule, subject), rule, more.pop("period", "2017-12"), kind, more.pop("who", "王某"), **more)


def restate(home: Home, period: str, lines: tuple[str, ...], checks: dict | None = None, revision: str = "r01") -> None:
    """A further release with these findings. checks: what its manifest says of rules."""
    rows = found(*lines).with_columns(period=pl.lit(period), since=pl.lit(period))
    manifest = publish(home, period, revision, findings=rows) / "manifest.json"
    stated = json.loads(manifest.read_text(encoding="utf-8"))
    stated["checks"] = {"not_run": {}} | (checks or {})
    manifest.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
