"""What the page of one district or park starts from: its figures now and earlier, its targets, its lists, its findings.

What belongs here: reading, once, what several sections and the workbook share. What is drawn lies in the sections (place_*.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import polars as pl

from dashboards import aims, casebook, quality_desk, store, work_desk
from dashboards.aims import Aim
from dashboards.casebook import Casebook
from dashboards.lists import ALL, Choice
from dashboards.places.next_steps import Goal
from dashboards.quality_desk import Desk as QualityDesk
from dashboards.shell import View
from dashboards.store import Picture
from dashboards.unit_choice import Chosen
from dashboards.work_desk import Desk as ListDesk
from data.contracts import metrics, worklists
from data.figures import ABSENT, Figure
from data.periods import add_months, last_day
from transforms.compare import earlier_figures
from transforms.growth import Rise
from transforms.inputs import valid_codes
from transforms.measures.doubling import LEGS

HEADLINE = ("org_coverage", "work_coverage", "resident_coverage", "single_rate")
SECTORS = ("enterprise", "social_org")


@dataclass(frozen=True)
class Spot:
    """One district or park of a picture, and how it stands."""

    view: View
    unit: Chosen

    @property
    def kind(self) -> str:
        return self.unit.kind

    @property
    def code(self) -> str:
        return self.unit.code

    @property
    def is_district(self) -> bool:
        return self.kind == "district"

    @property
    def row(self) -> dict:
        return self.view.picture.units[(self.kind, self.code)]

    @property
    def there(self) -> pl.Expr:
        """Rows that lie here."""
        return pl.col(f"{self.kind}_code") == self.code

    @property
    def chosen(self) -> dict[str, str]:
        """The place as the pages of lists and findings take it."""
        return {self.kind: self.code}

    def figure(self, metric: str, sector: str = "all", basis: str | None = None) -> Figure:
        return self.view.picture.figure(metric, self.kind, self.code, sector, basis or self.view.signed)

    def city(self, metric: str, sector: str = "all") -> Figure:
        return self.in_city(self.view.picture, metric, sector)

    def in_city(self, picture: Picture | None, metric: str, sector: str = "all") -> Figure:
        return picture.figure(metric, "city", picture.city, sector, self.view.signed) if picture else ABSENT

    def then(self, picture: Picture | None, metric: str, sector: str = "all") -> Figure:
        """The figure of an earlier month: of a district, of those that have become it since."""
        if picture is None:
            return ABSENT
        codes = [code for kind, code in picture.units if kind == self.kind and self._leads_to.get(code, code) == self.code]
        find = lambda code: picture.figure(metric, self.kind, code, sector, self.view.signed)  # noqa: E731
        return earlier_figures({self.code: codes}, find, metrics()[metric])[self.code]

    @cached_property
    def _leads_to(self) -> dict[str, str]:
        return valid_codes(self.view.home.districts, last_day(self.view.picture.period)) if self.is_district else {}

    @cached_property
    def months(self) -> list[tuple[str, Picture | None]]:
        return store.thirteen_months(self.view.home, self.view.picture)

    @cached_property
    def year_ago(self) -> Picture | None:
        return store.earlier(self.view.home, self.view.picture, add_months(self.view.picture.period, -12))

    @cached_property
    def before(self) -> Picture | None:
        return store.last_before(self.view.home, self.view.picture)

    @cached_property
    def aims(self) -> list[Aim]:
        """The targets set for the place itself."""
        found = self.view.picture.targets
        if found is None:
            return []
        wanted = aims.wanted_of(self.view)
        rows = found.filter((pl.col("unit_kind") == self.kind) & (pl.col("unit_code") == self.code)).to_dicts()
        return sorted((aims.aim_of(self.view, row, wanted)[1] for row in rows), key=aims.by_need)

    @cached_property
    def goals(self) -> list[Goal]:
        """What the place lacks to its own targets; where it has none for a figure, or has reached them, to the city's."""
        found = []
        for aim in self.aims:
            if aim.standing.missing and not aim.standing.down:
                row = aim.row
                found.append(Goal(aim.card.name, row["sector"], row["due"], row["target"], aim.standing.missing, True))
        own = {(goal.metric, goal.sector) for goal in found}
        for row in self._city_targets:
            key = (row["metric"], row["sector"])
            missing = None if key in own else short_of(self.figure(*key), row["target"])
            if missing and metrics()[row["metric"]].direction != "down":
                found.append(Goal(*key, row["due"], row["target"], missing, False))
        return found

    @property
    def _city_targets(self) -> Sequence[dict]:
        found = self.view.picture.targets
        return [] if found is None else found.filter(pl.col("unit_kind") == "city").to_dicts()

    @cached_property
    def rises(self) -> dict[str, Rise]:
        """Leg -> its row of the doubling, of those that the place has."""
        rows = {leg.name: self.view.picture.legs.get((leg.name, self.kind, self.code)) for leg in LEGS}
        return {name: Rise(row) for name, row in rows.items() if row}

    @cached_property
    def lists(self) -> dict[str, ListDesk | None]:
        """Work list -> its rows here, now and before; None where it was not made."""
        if self.view.picture.worklist is None:
            return {}
        before = work_desk.before(self.view)
        place = {"district": ALL, "park": ALL} | self.chosen
        return {
            name: None if work_desk.missing_sources(self.view.picture, name) else ListDesk(self.view, before, Choice(name, **place))
            for name in worklists()
        }

    @cached_property
    def weak(self) -> pl.DataFrame | None:
        found = self.view.picture.weak_orgs
        return None if found is None else found.filter(self.there)

    @cached_property
    def book(self) -> Casebook | None:
        return casebook.open_casebook(self.view.home, self.view.picture)

    @cached_property
    def findings(self) -> pl.DataFrame | None:
        """The cases of the month that lie here."""
        return None if self.book is None else self.book.cases.filter(self.there)

    @cached_property
    def quality(self) -> QualityDesk:
        """Returns and findings of the districts over twelve months."""
        return quality_desk.desk_of(self.view)

    @cached_property
    def parks(self) -> list[dict]:
        """The parks of a district, by code."""
        rows = [row for (kind, _), row in self.view.picture.units.items() if kind == "park" and row["parent_code"] == self.code]
        return sorted(rows, key=lambda row: row["unit_code"]) if self.is_district else []


def short_of(figure: Figure, target: float) -> int | None:
    """The smallest whole number that, added to the numerator, reaches a target as it is written; None where there is no figure."""
    if figure.exact is None:
        return None
    needed = Fraction(str(target)) * figure.denominator
    return max(0, -(-needed.numerator // needed.denominator) - figure.numerator)


def opens_all(view: View, unit: Chosen) -> bool:
    """Whether all that lies in a place is given to the reader: of what lies above their area they have figures alone."""
    return unit.kind != "city" and view.picture.lies_within(unit.kind, unit.code)


def rest(figure: Figure) -> int | None:
    """Who is below the line and not above it."""
    return None if figure.numerator is None or figure.denominator is None else figure.denominator - figure.numerator


def n_of(number: int | None, of: int | None) -> Figure:
    """A count of so many, as a figure."""
    if number is None or of is None:
        return ABSENT
    return Figure(number, of, number / of) if of else Figure(number, of, None, "no_denominator")
