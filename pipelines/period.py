"""The tables of one period: a method of the name of each, and what they share. Thin: each calls the transform that makes it.

What belongs here: what a table is made from. What it says is in transforms/, its columns in data/contracts/tables/, its time in steps.py.
"""

from functools import cached_property

import narwhals as nw
import polars as pl

from data.contracts import metrics, tables, worklists
from pipelines import publishing
from pipelines.deliveries import Deliveries
from pipelines.engines import Engine
from pipelines.leads import Leads, returns
from pipelines.lookback import Lookback
from pipelines.warehouse import Warehouse
from transforms.census import census
from transforms.inputs import LINKS, REGISTERS, UNKNOWN, Inputs, valid_codes
from transforms.measures import base_numbers, doubling, entity, organisation, places, targets, weak_orgs
from transforms.measures import worklists as lists
from transforms.measures.figures import Unit
from transforms.measures.units import units
from transforms.organisations import organisations


class Period:
    """The tables of one period, each a method of its name, and what they share. A table without rows may be None."""

    def __init__(
        self, inputs: Inputs, engine: Engine, warehouse: Warehouse, lookback: Lookback, deliveries: Deliveries, withdrawn: list[str]
    ):
        self.inputs = inputs
        self._engine = engine
        self._warehouse = warehouse
        self._lookback = lookback
        self._deliveries = deliveries
        self._withdrawn = withdrawn

    @cached_property
    def _units(self) -> list[Unit]:
        return units(self.inputs)

    @cached_property
    def _census(self) -> nw.LazyFrame | None:
        if not any(register in self.inputs.rows for register in REGISTERS):
            return None
        return self._engine.keep(census(self.inputs), "census")

    @cached_property
    def _organisations(self) -> nw.LazyFrame | None:
        if not self.inputs.has(*LINKS, *REGISTERS):
            return None
        return self._engine.keep(organisations(self.inputs, self._census), "organisations")

    @cached_property
    def _figures(self) -> list[tuple]:
        by_family = {name: [card for card in metrics().values() if card.family == name] for name in ("entity", "organisation")}
        rows = entity.entity_metrics(self.inputs, self._census, by_family["entity"], self._units)
        rows += organisation.organisation_metrics(self.inputs, self._organisations, by_family["organisation"], self._units)
        rows += places.centre_rate(self.inputs, self._units)
        rows += places.instructor_staffing(self.inputs, self._units)
        return rows + places.area_metrics(self.inputs, self._census, self._organisations, self._units)

    def units(self) -> pl.DataFrame:
        rows = [
            (self.inputs.period, unit.kind, unit.code, unit.name, unit.level, unit.parent, unit.tile_x, unit.tile_y) for unit in self._units
        ]
        return _table("units", rows)

    def census(self) -> nw.LazyFrame | None:
        return self._census

    def metrics(self) -> pl.DataFrame:
        return _table("metrics", self._figures)

    def base_numbers(self) -> pl.DataFrame:
        return _table("base_numbers", base_numbers.base_numbers(self.inputs, self._census, self._units))

    def doubling(self) -> pl.DataFrame:
        baseline = self._lookback.doubling_baseline(self._engine)
        return _table("doubling", doubling.doubling(self.inputs, self._census, self._units, baseline))

    def targets(self) -> pl.DataFrame:
        now = targets.standings(self._figures, self.inputs.settings.basis)
        wanted, before = self._lookback.home.targets, self._lookback.before()
        return _table("targets", targets.targets(self.inputs, wanted, self._units, now, before))

    def worklist(self) -> nw.LazyFrame | None:
        previous = self._lookback.previous_list("worklist", self._engine)
        return lists.worklist(self.inputs, self._census, worklists().values(), previous)

    def weak_orgs(self) -> pl.DataFrame | None:
        if not self.inputs.has(*weak_orgs.NEEDS):
            return None
        since = self._lookback.since("weak_orgs", "org_code")
        return _table("weak_orgs", weak_orgs.weak_orgs(self.inputs.period, self._organisations, since))

    def organisations(self) -> nw.LazyFrame | None:
        return None if self._organisations is None else self._organisations.with_columns(period=nw.lit(self.inputs.period))

    @cached_property
    def _leads(self) -> tuple[list[tuple], dict[str, list[str]]]:
        figures = targets.standings(self._figures, self.inputs.settings.basis)
        leads = Leads(self.inputs, self._census, figures, self._lookback, self._withdrawn)
        return leads.rows(self._engine, self._warehouse, self._deliveries)

    @property
    def rules_not_run(self) -> dict[str, list[str]]:
        """rule -> the sources for want of which it was not run."""
        return self._leads[1]

    def findings(self) -> pl.DataFrame:
        return _table("findings", self._leads[0])

    def returned(self) -> pl.DataFrame | None:
        """The returns of the period itself, as reported, beside the district that each code leads to."""
        rows = returns(self._warehouse, self._deliveries, self.inputs.period)
        if rows is None:
            return None
        leads_to = {code: to for code, to in valid_codes(self.inputs.districts, self.inputs.day).items() if to != UNKNOWN}
        columns = [column.name for column in tables()["returned"].columns]
        made = [row | {"period": self.inputs.period, "leads_to": leads_to.get(row["district_code"])} for row in rows]
        return _table("returned", [tuple(row[name] for name in columns) for row in made])

    def surveyed(self) -> nw.LazyFrame | None:
        if self._census is None or not self.inputs.has("survey"):
            return None
        return self._census.filter(nw.col("surveyed")).select("period", "uscc", "five_clear")

    def parks(self) -> nw.LazyFrame | None:
        if not self.inputs.has("park"):
            return None
        opened = (nw.col("centre_opened_on") <= nw.lit(self.inputs.day)).fill_null(False)
        columns = ("park_code", "approved_on", "centre_opened_on")
        return self.inputs.rows["park"].select(*columns, centre_open=opened, period=nw.lit(self.inputs.period))

    def origins(self) -> nw.LazyFrame:
        return self._warehouse.origins(self._deliveries.in_effect(self.inputs.period)).with_columns(period=nw.lit(self.inputs.period))

    def loads(self) -> pl.DataFrame:
        return self._warehouse.loads(self.inputs.period).with_columns(period=pl.lit(self.inputs.period))

    def rejected(self) -> pl.DataFrame:
        return self._warehouse.rejected(self.inputs.period).with_columns(period=pl.lit(self.inputs.period))


def _table(name: str, rows: list[tuple]) -> pl.DataFrame:
    return publishing.frame_of(tables()[name], rows)
