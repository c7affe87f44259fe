"""Facts made by hand for tests of claims: a few figures, rows and cases in, real Pictures over them out.

    facts(figures={("org_coverage", "city"): (60, 100)}, back={1: {("org_coverage", "city"): (55, 100)}})

A key of figures is (metric, kind[, code[, sector[, basis]]]): without a code of the city, without a sector of all, without a basis under
the signed one, or under `-` where the metric knows none. A figure is (n, N), or the reason why it has none. Rows of tables are dicts of
what matters; the other columns are filled. The city has three districts, a district nobody knows, and two parks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

import polars as pl

from data.contracts import definitions_of, metrics, rules, tables
from data.figures import Figure
from data.home import Target
from data.outbox import Slip
from data.periods import add_months, last_day
from data.picture import Picture
from pipelines.publishing import schema
from transforms.case_history import DONE, HERE
from transforms.claims.claim import Claim, Quoted
from transforms.claims.facts import Facts
from transforms.measures.doubling import LEGS, Ledger

PERIOD, CITY = "2017-12", "980100"
DISTRICTS = {"980101": "东区", "980102": "西区", "980103": "南县"}
PARKS = {"P01": ("东区产业园", "national", "980101"), "P02": ("南县产业园", "municipal", "980103")}
_PLAIN = {"text": "", "date": date(2017, 1, 1), "bigint": 0, "double": 0.0, "boolean": False, "list": [], "json": "{}"}
_CASES = {
    "fingerprint": pl.String,
    "rule": pl.String,
    "rounds": pl.Int64,
    "opened": pl.String,
    "closed": pl.String,
    "days": pl.Int64,
    "stood": pl.Boolean,
    "last_period": pl.String,
    "severity": pl.String,
    "subject_kind": pl.String,
    "subject": pl.String,
    "district_code": pl.String,
    "park_code": pl.String,
    "since": pl.String,
    "moved": pl.String,
    "age": pl.Int64,
    "order": pl.Int64,
} | DONE


@dataclass(frozen=True, eq=False)
class Made:
    """A release that lies in memory."""

    period: str
    revision: str
    manifest: dict
    frames: Mapping[str, pl.DataFrame]
    siblings: dict[tuple[str, str], "Made"] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.period} {self.revision}"

    def scan(self, table: str) -> pl.LazyFrame:
        return self.frames[table].lazy()

    def table(self, table: str) -> pl.DataFrame:
        return self.frames[table]

    def lies_within(self, kind: str, code: str) -> bool:
        return True

    def sibling(self, period: str, revision: str) -> "Made | None":
        return self.siblings.get((period, revision))


def units() -> list[dict]:
    """Rows of table units: the city, its districts, a district nobody knows, its parks."""
    city = [{"unit_kind": "city", "unit_code": CITY, "name": "示例市"}]
    districts = [{"unit_kind": "district", "unit_code": code, "name": name, "parent_code": CITY} for code, name in DISTRICTS.items()]
    unknown = [{"unit_kind": "district", "unit_code": "000000", "name": "未知", "parent_code": CITY}]
    parks = [
        {"unit_kind": "park", "unit_code": code, "name": name, "level": level, "parent_code": district}
        for code, (name, level, district) in PARKS.items()
    ]
    return city + unknown + districts + parks


def picture(
    period: str = PERIOD,
    revision: str = "r01",
    *,
    figures: Mapping[tuple, tuple[int, int] | str | Figure] | None = None,
    units: Iterable[Mapping] | None = None,
    basis: str = "corroborated",
    without: Iterable[str] = (),
    manifest: Mapping | None = None,
    **rows: Iterable[Mapping],
) -> Picture:
    """A release. `rows`: of any table by its name (targets, worklist, findings, loads, rejected, doubling, base_numbers, …); `without`:
    tables that it does not have; `manifest`: what else it says (missing, carried, changes, created_at, checks, …)."""
    found = {name: [dict(row) for row in rows.pop(name, ())] for name in tables()}
    assert not rows, f"no such table: {sorted(rows)}"
    found["units"] = [dict(row) for row in (_units() if units is None else units)]
    found["metrics"] += [_figure(key, value, basis) for key, value in (figures or {}).items()]
    frames = {name: _frame(name, found[name], period) for name in tables() if name not in set(without)}
    said = {
        "period": period,
        "revision": revision,
        "created_at": f"{add_months(period, 1)}-10T06:00:00+00:00",
        "program": "0.1.0",
        "definitions": "1.test",
        "definitions_of": definitions_of(),
        "basis": basis,
        "engine": "polars",
        "inputs": {},
        "reference": {},
        "carried": {},
        "missing": [],
        "recognition_ratio": "0.10",
        "withdrawn": [],
        "refused": {},
        "looked_back": {},
        "checks": {"passed": [], "failed": [], "not_run": {}, "ran": list(rules())},
        "tables": {name: {"sha256": "", "rows": frame.height} for name, frame in frames.items()},
        "changes": [],
    }
    return Picture(Made(period, revision, said | dict(manifest or {}), frames))


_units = units  # `picture` has a parameter of that name


def facts(
    period: str = PERIOD,
    figures: Mapping[tuple, tuple[int, int] | str | Figure] | None = None,
    *,
    now: Picture | None = None,
    back: Mapping[int, Mapping | Picture] | None = None,
    moves: Mapping[int, Mapping[tuple[str, str, str], Mapping]] | None = None,
    cases: Iterable[Mapping] | None = (),
    targets: Iterable[Mapping] = (),
    lists: Iterable[Mapping] = (),
    wanted: Iterable[Target] = (),
    minimum: int = 20,
    earlier: Iterable[Slip] = (),
    released: Iterable[Picture] = (),
    followed: Mapping[str, str] | None = None,
    due_on: date | None = None,
    **rest,
) -> Facts:
    """The facts of a month. `rest` goes to `picture` (loads=…, base_numbers=…, manifest=…). `back`: figures or a whole picture by months
    ago. `cases`: rows as `case` makes them, None: no findings. `targets`, `lists`: rows of tables targets and worklist. `released`: further
    releases that can be opened, the last of a period is its current one."""
    if now is None:
        rest.setdefault("findings", _published(cases or ()))
        now = picture(period, figures=figures, targets=targets, worklist=lists, **rest)
    earlier_ones = {
        months: one if isinstance(one, Picture) else picture(add_months(period, -months), figures=one)
        for months, one in (back or {}).items()
    }
    known = {(one.period, one.revision): one for one in (*earlier_ones.values(), *released, now)}
    current = {one.period: one for one in known.values()} | {now.period: now}
    given = {months: {key: move(period, months, key, **row) for key, row in rows.items()} for months, rows in (moves or {}).items()}
    return Facts(
        now=now,
        back=earlier_ones,
        months=[(month, current.get(month)) for month in (add_months(period, step) for step in range(-12, 1))],
        moves={0: now.legs} | given,
        cases=None if cases is None else pl.DataFrame([dict(row) for row in cases], schema=_CASES),
        wanted=list(wanted),
        minimum=minimum,
        earlier=list(earlier),
        followed=lambda code: (followed or {}).get(code, code),
        current=current.get,
        revision=lambda month, name: known.get((month, name)),
        due_on=due_on or last_day(period),
    )


def plain(claim: Claim) -> dict:
    """The values of a claim with the number alone of what is counted."""
    return {name: value.count if isinstance(value, Quoted) and value.unit == "count" else value for name, value in claim.values.items()}


def _published(cases: Iterable[Mapping]) -> list[dict]:
    """The findings of the month's release, as the cases have them."""
    columns = ("rule", "severity", "subject_kind", "subject", "district_code", "park_code", "fingerprint", "since")
    return [{name: row[name] for name in columns} for row in cases if row["moved"] in HERE]


def move(period: str, months: int, key: tuple[str, str, str], **row) -> dict:
    """A row as table doubling has them: n0, d0, n1, d1 and what the ledger needs; the rest follows from them."""
    leg, kind, code = key
    pair = next(each.pair for each in LEGS if each.name == leg)
    ledger = Ledger(**{name: value for name, value in row.items() if name in Ledger.__annotations__})
    ratios = dict(zip(("count_ratio", "rate_ratio", "doubled_count", "doubled_rate"), (*ledger.ratios, *ledger.doubled), strict=True))
    where = {"period": period, "baseline": add_months(period, -months), "pair": pair, "leg": leg, "unit_kind": kind, "unit_code": code}
    return where | vars(ledger) | ratios | {"ceiling": ledger.ceiling} | row


def case(number: int = 1, rule: str = "park_mismatch", **row) -> dict:
    """A finding as case_history has it: new in the period unless told otherwise."""
    known = rules().get(rule)
    plain = {
        "fingerprint": f"{number:024x}",
        "rule": rule,
        "rounds": 1,
        "opened": PERIOD,
        "closed": None,
        "days": 0,
        "stood": False,
        "last_period": PERIOD,
        "severity": known.severity if known else "S",
        "subject_kind": "unit",
        "subject": f"91980101MA{number:08d}",
        "district_code": "980101",
        "park_code": None,
        "since": PERIOD,
        "moved": "new",
        "age": 0,
        "order": known.order if known else 1,
        "status": "open",
        "lapsed": False,
        "assignee": None,
        "due": None,
        "disposition": None,
        "overdue": False,
    }
    assert not row.keys() - plain.keys(), f"no such column: {sorted(row.keys() - plain.keys())}"
    return plain | row


def target(
    value: str = "0.8", due: str = "2018-12", metric: str = "org_coverage", sector: str = "all", kind: str = "city", code=""
) -> Target:
    """A row of targets.csv."""
    return Target(metric, sector, kind, code, due, Decimal(value), "测试文件")


def slip(period: str = "2017-11", kind: str = "month", revision: str = "r01", edition: int = 1, **more) -> Slip:
    """An earlier briefing."""
    plain = {
        "lang": "zh",
        "name": f"{kind}_{period}_{revision}",
        "created_at": f"{add_months(period, 1)}-10T08:00:00+00:00",
        "digest": "0" * 64,
    }
    return Slip(**(plain | {"kind": kind, "period": period, "revision": revision, "edition": edition} | more))


def _frame(table: str, rows: list[dict], period: str) -> pl.DataFrame:
    card = tables()[table]
    plain = {column.name: _PLAIN[column.type] if column.required else None for column in card.published}
    unknown = {name for row in rows for name in row} - plain.keys()
    assert not unknown, f"table {table} has no column {sorted(unknown)}"
    filled, types = [plain | {"period": period} | row for row in rows], schema(card)
    return pl.DataFrame({name: [row[name] for row in filled] for name in types}, schema=types)


def _figure(key: tuple, value: tuple[int, int] | str | Figure, basis: str) -> dict:
    metric, kind, code, sector, on = (*key, *(None,) * (5 - len(key)))
    if isinstance(value, str):
        value = Figure(reason=value)
    elif not isinstance(value, Figure):
        n, d = value
        value = Figure(n, d, n / d) if d else Figure(n, d, None, "no_denominator")
    where = {"metric": metric, "unit_kind": kind, "unit_code": code or CITY, "sector": sector or "all"}
    return where | {"basis": on or (basis if _has_bases(metric) else "-")} | vars(value)


@cache
def _has_bases(metric: str) -> bool:
    """Whether a metric is computed under several bases: those of units are."""
    card = metrics().get(metric)
    return card is None or card.family == "entity"
