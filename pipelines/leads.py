"""Table findings of a period: the month as rules see it, put together, and the rows that each lead rests on.

What belongs here: fetching. What a rule says is in expectations/rules, which rows it shows in its card.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby, product

import narwhals as nw
import polars as pl

from data.contracts import Evidence, RuleCard, sources
from data.periods import add_months, twelve_months_to
from expectations.findings import OWN, UNKNOWN, Before, Figure, Lead, Month, fingerprint, found
from pipelines.deliveries import Deliveries
from pipelines.engines.base import Engine
from pipelines.lookback import Lookback
from pipelines.warehouse import Warehouse
from transforms.inputs import Inputs, in_force, valid_codes
from transforms.measures.targets import Key, Standing
from transforms.organisations import organisations_known

# A branch of hundreds of members shows its first rows; how many more there are is said.
ROWS_SHOWN = 20
PARTS = {
    "unit": ("uscc",), "org": ("org_code",), "link": ("org_code", "uscc"), "member": ("member_id",), "park": ("park_code",),
    "district": ("district_code", "day"), "return": ("district_code", "sector"), "delivery": ("source", "path"),
}  # fmt: skip


class Leads:
    """The findings of one period."""

    def __init__(
        self, inputs: Inputs, census: nw.LazyFrame | None, figures: Mapping[Key, Standing], lookback: Lookback, withdrawn: list[str]
    ):
        self._inputs = inputs
        self._census = census
        self._figures = figures
        self._lookback = lookback
        self._withdrawn = withdrawn

    def rows(self, engine: Engine, warehouse: Warehouse, deliveries: Deliveries) -> tuple[list[tuple], dict[str, list[str]]]:
        """(rows of table findings, rule -> the sources for want of which it was not run)."""
        leads, not_run = found(self._month(engine, warehouse, deliveries))
        by_rule: dict[str, tuple[RuleCard, list[Lead]]] = {}
        for card, lead in leads:
            by_rule.setdefault(card.name, (card, []))[1].append(lead)
        since = self._lookback.findings_since()
        period = self._inputs.period
        rows = []
        for card, of_rule in by_rule.values():
            shown = self._evidence(card, of_rule, warehouse, deliveries)
            for lead in of_rule:
                evidence = {"facts": dict(lead.facts), "rows": shown.get(lead.subject, [])}
                rows.append((
                    period, card.name, card.severity, card.subject_kind, lead.subject, lead.district_code, lead.park_code,
                    fingerprint(card.name, lead.subject), json.dumps(evidence, ensure_ascii=False, default=_plain),
                    since.get((card.name, lead.subject), period),
                ))  # fmt: skip
        return rows, not_run

    def _month(self, engine: Engine, warehouse: Warehouse, deliveries: Deliveries) -> Month:
        inputs = self._inputs
        organisations = None
        if "party_org" in inputs.rows:
            organisations = engine.keep(organisations_known(inputs, self._census), "organisations_known")
        loads = warehouse.loads(inputs.period).sort("source", "path").to_dicts()
        reported, before = returns(warehouse, deliveries, inputs.period), self._before(engine, warehouse, deliveries)
        return month_of(inputs, self._census, organisations, _pairs(self._figures), reported, loads, self._withdrawn, before)

    def _before(self, engine: Engine, warehouse: Warehouse, deliveries: Deliveries) -> Before | None:
        release = self._lookback.month_before
        if release is None:
            return None
        rows = returns(warehouse, deliveries, release.period)
        return Before(
            census=engine.published(release, "census"),
            figures=_pairs(self._lookback.base_figures()),
            returns=None if rows is None else {(row["district_code"], row["sector"]): _seven(row) for row in rows},
            missing=frozenset(release.manifest.get("missing", ())),
        )

    def _evidence(self, card: RuleCard, leads: list[Lead], warehouse: Warehouse, deliveries: Deliveries) -> dict[str, list[dict]]:
        """subject -> the rows that it rests on."""
        names = PARTS[card.subject_kind]
        shown: dict[str, list[dict]] = {}
        for wanted in card.evidence:
            by_key: dict[tuple, list[str]] = {}
            for lead in leads:
                parts = dict(zip(names, ((part,) for part in lead.subject.split("|", len(names) - 1)), strict=False)) | dict(lead.beside)
                for key in product(*(parts[part] for part in wanted.match.values())):
                    by_key.setdefault(key, []).append(lead.subject)
            for subject, row in self._matching(wanted, by_key, warehouse, deliveries):
                shown.setdefault(subject, []).append(row)
        return {subject: _cut(rows) for subject, rows in shown.items()}

    def _matching(
        self, wanted: Evidence, by_key: dict[tuple, list[str]], warehouse: Warehouse, deliveries: Deliveries
    ) -> Iterator[tuple[str, dict]]:
        """(subject, a row that it rests on), a source's rows in the order of their files and lines."""
        period = add_months(self._inputs.period, -1) if wanted.before else self._inputs.period
        card = sources()[wanted.source]
        month = period if wanted.source == OWN else deliveries.effective(card, period)
        if month is None or (card.name, month) not in deliveries.stored:
            return
        keys = pl.DataFrame(list(by_key), schema=dict.fromkeys(wanted.match, pl.String), orient="row")
        for row in warehouse.matching(card, month, keys, wanted.shows).iter_rows(named=True):
            found = {"source": card.name, "path": row["path"], "line": row["line"], "values": {name: row[name] for name in wanted.shows}}
            for subject in by_key[tuple(row[name] for name in wanted.match)]:
                yield subject, found


def _cut(rows: list[dict]) -> list[dict]:
    """Of each source the first rows, and how many more there are."""
    kept: list[dict] = []
    for (source, _), of_source in groupby(rows, key=lambda row: (row["source"], row["path"][:7])):
        listed = list(of_source)
        kept += listed[:ROWS_SHOWN]
        if len(listed) > ROWS_SHOWN:
            kept.append({"source": source, "more": len(listed) - ROWS_SHOWN})
    return kept


def month_of(
    inputs: Inputs,
    census: nw.LazyFrame | None,
    organisations: nw.LazyFrame | None,
    figures: Mapping[tuple, Figure],
    returns: list[dict] | None,
    loads: list[dict],
    withdrawn: list[str],
    before: Before | None,
) -> Month:
    """The month as rules see it."""
    links = None
    if "org_link" in inputs.rows:
        links = inputs.rows["org_link"].filter(in_force(inputs.day, "starts_on", "ends_on")).select("org_code", "uscc")
    return Month(
        day=inputs.day,
        year_start=twelve_months_to(inputs.period),
        rows=inputs.rows,
        returns=returns,
        census=census,
        links=links,
        organisations=organisations,
        loads=loads,
        withdrawn=withdrawn,
        valid=valid_codes(inputs.districts, inputs.day),
        districts=tuple(sorted({row.code for row in inputs.districts if row.valid_on(inputs.day)} - {UNKNOWN})),
        figures=figures,
        before=before,
    )


def returns(warehouse: Warehouse, deliveries: Deliveries, period: str) -> list[dict] | None:
    """The returns of the month itself, each with its path and line; None where no file of them could be read."""
    stored = deliveries.stored.get((OWN, period))
    if stored is None or not stored.readable:
        return None
    return warehouse.located(sources()[OWN], period).sort("district_code", "sector").to_dicts()


def _seven(row: dict) -> tuple[int, ...]:
    return tuple(row[name] for name in ("units", "covered", "single", "joint", "dispatched", "work_covered", "members"))


def _pairs(figures: Mapping[Key, Standing]) -> dict[tuple, tuple]:
    return {key: (figure.numerator, figure.denominator) for key, figure in figures.items()}


def _plain(value: object) -> str:
    """Dates and amounts as they are written; an amount without the zeros that its column adds."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)
