"""Every published figure of the example city opens to as many rows as it counts: the whole of metrics, base_numbers and doubling."""

import shutil
from functools import cached_property
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from data.contracts import metrics, sources, tables
from data.home import Home
from data.periods import last_day
from data.releases import Release, history, open_release
from pipelines.steps import Session
from transforms import comparing, opening
from transforms.inputs import valid_codes
from transforms.measures import doubling

EXAMPLE = Path(__file__).parents[1] / "example"
CITY = "980100"
# Of what counts persons, or money as it was written in the files, the rows are places to look and no count.
COUNTED_ELSEWHERE = {"instructor_staffing": "both", "recruit_rate": "both", "irregular_member_share": "both"}
COUNTED_ELSEWHERE |= {"activity_funding": "both", "allowance_funding": "numerator"}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """The example city, published by the steps."""
    home = Home(shutil.copytree(EXAMPLE / "home", tmp_path_factory.mktemp("example") / "home"))
    with Session(home) as session:
        for period in session.periods():
            for source in sources():
                session.load(source, period)
            for table in tables():
                session.build(period, table)
            session.publish(period, {})
    return home


class City:
    """One release, opened: each side once for the whole city, and counted by place."""

    def __init__(self, home: Home, release: Release):
        self.home, self.release = home, release
        self._kept: dict[tuple, object] = {}

    def table(self, name: str) -> nw.DataFrame:
        return self._keep(("table", name), lambda: nw.from_native(self.release.table(name)))

    def units(self, metric: str, side: str, basis: str, sector: str) -> nw.DataFrame:
        return opening.units_of(self.table("census"), self.table("surveyed"), getattr(metrics()[metric], side), basis, sector)

    @cached_property
    def secretaries(self) -> nw.DataFrame:
        day, yuan = last_day(self.release.period), self.home.settings.funding
        urban = {row.code for row in self.home.districts if row.is_urban and row.valid_on(day)}
        yearly = dict.fromkeys(urban, 12 * yuan.secretary_month_yuan_urban)
        return opening.secretaries_of(self.table("organisations"), yearly, 12 * yuan.secretary_month_yuan_rural)

    def opened(self, figure: dict, side: str) -> tuple[int, int] | None:
        """(what the rows of a side add up to, how many of them are told apart); None where rows are not what it counts."""
        metric, basis, sector = figure["metric"], figure["basis"], figure["sector"]
        place = (figure["unit_kind"], figure["unit_code"])
        if COUNTED_ELSEWHERE.get(metric) in (side, "both"):
            return None
        family = metrics()[metric].family
        if family == "entity":
            made = lambda: by_place(self.units(metric, side, basis, sector))  # noqa: E731
        elif family == "organisation":
            made = lambda: by_place(  # noqa: E731
                opening.organisations_of(self.table("organisations"), getattr(metrics()[metric], side), sector)
            )
        elif metric == "centre_rate":
            units, of = self.table("units"), (*place, sector)
            rows = opening.parks_of(units, *of) if side == "denominator" else opening.centres_of(units, self.table("parks"), *of)
            return rows["adds"].sum(), rows["subject"].n_unique()
        else:
            made = lambda: by_place(self.secretaries)  # noqa: E731
        return self._keep((metric, side, basis, sector), made).get(place, (0, 0))

    def _keep(self, key: tuple, make):
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


def by_place(rows: nw.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """(unit kind, code) -> sum and number of distinct subjects: what `opening.of_place` gives place by place, for all of them at once."""
    rows, counted = rows.to_native(), (pl.col("adds").sum(), pl.col("subject").n_unique())
    assert rows["subject"].n_unique() == rows.height
    found = {("city", CITY): rows.select(*counted).row(0)}
    found |= {("district", code): tuple(of) for code, *of in rows.group_by("district_code").agg(*counted).rows()}
    found |= {("park", code): tuple(of) for code, *of in rows.drop_nulls("park_code").group_by("park_code").agg(*counted).rows()}
    zones = rows.group_by(pl.col("park_code").is_null()).agg(*counted).rows()
    return found | {("zone", "out_park" if out else "in_park"): tuple(of) for out, *of in zones}


@pytest.fixture(scope="module")
def cities(home) -> dict[str, City]:
    return {release.period: City(home, release) for release in history(home)}


def test_the_rows_of_every_figure_of_metrics_add_up_to_its_numerator_and_denominator(cities):
    opened = 0
    for city in cities.values():
        for figure in city.release.table("metrics").to_dicts():
            for side in ("numerator", "denominator"):
                found = None if figure[side] is None else city.opened(figure, side)
                if found is not None:
                    assert found[0] == figure[side], (figure, side)
                    opened += 1
    assert opened > 15_000


def test_a_place_holds_its_own_rows_and_no_others(cities):
    city = cities["2016-12"]
    places = city.release.table("units").select("unit_kind", "unit_code").rows()
    for sides in (
        city.units("org_coverage", "numerator", "corroborated", "all"),
        city.units("member_density", "denominator", "verified", "enterprise"),
        opening.organisations_of(city.table("organisations"), metrics()["joint_load"].numerator, "all"),
    ):
        grouped = by_place(sides)
        for kind, code in places:
            rows = opening.of_place(sides, kind, code)
            assert (rows["adds"].sum(), rows["subject"].n_unique()) == grouped.get((kind, code), (0, 0)), (kind, code)


def test_every_count_of_the_base_numbers_opens_to_as_many_units(cities):
    for city in cities.values():
        found = {column: opening.base_units(city.table("census"), column) for column in opening.BASE_SIDES}
        for row in city.release.table("base_numbers").to_dicts():
            for column, rows in found.items():
                if row[column] is not None:
                    assert len(opening.of_place(rows, row["unit_kind"], row["unit_code"])) == row[column], (row, column)


def test_every_count_of_the_doubling_opens_to_as_many_units(cities, home):
    legs = {(leg.pair, leg.name): leg for leg in doubling.LEGS}
    opened = 0
    for city in cities.values():
        rows = city.release.table("doubling").to_dicts()
        for baseline in {row["baseline"] for row in rows}:
            members = moves(home, city.release, open_release(home, baseline))
            for row in rows:
                for column in opening.LEDGER:
                    leg = legs[row["pair"], row["leg"]]
                    found = opening.moved_units(members, leg, row["unit_kind"], row["unit_code"], column)
                    assert (len(found), found["subject"].n_unique()) == (row[column], row[column]), (row, column)
                    opened += 1
    assert opened > 500


def moves(home: Home, now: Release, before: Release) -> nw.DataFrame:
    inputs = comparing.inputs(now.period, home.districts, home.settings, home.settings.basis)
    ends = [nw.from_native(release.scan("census")) for release in (now, before)]
    members = doubling.members(inputs, ends[0], doubling.Baseline(before.period, ends[1], frozenset()))
    return opening.named_moves(members, *ends).collect()


def test_every_side_that_no_predicate_counts_leads_to_source_rows(cities, home):
    """Persons, posts and money: the rows of their files that speak of the place, and units with member rows."""
    for city in cities.values():
        origins, units = city.table("origins"), city.release.table("units")
        valid = valid_codes(home.districts, last_day(city.release.period))
        parks = dict(units.filter(unit_kind="park").select("unit_code", "parent_code").rows())
        for source, posted in (("recruit_quota", False), ("funding", False), ("instructor", True)):
            written = origins.filter(nw.col("subject_kind") == "area", nw.col("source") == source)["subject"].unique().to_list()
            places = [("city", CITY), *units.filter(unit_kind="district").select("unit_kind", "unit_code").rows()]
            found = {
                place: opening.area_rows(origins, source, opening.area_codes(written, *place, CITY, parks, valid, posted))
                for place in places
            }
            total = len(origins.filter(nw.col("subject_kind") == "area", nw.col("source") == source))
            by_district = sum(len(rows) for place, rows in found.items() if place[0] == "district")
            if not posted:
                assert len(found["city", CITY]) == total >= by_district
            else:
                assert by_district <= total
        named = opening.units_with_members(city.table("census"), origins)
        assert named["member_rows"].sum() <= len(origins.filter(nw.col("subject_kind") == "unit", nw.col("source") == "member"))
        assert named["adds"].null_count() == len(named)


def test_who_is_below_the_line_and_not_above_it(cities):
    city = cities["2017-12"]
    below = city.units("org_coverage", "denominator", "corroborated", "all")
    above = city.units("org_coverage", "numerator", "corroborated", "all")
    rest = opening.without(below, above)
    assert len(rest) == len(below) - len(above)
    assert set(rest["subject"]) | set(above["subject"]) == set(below["subject"])


@pytest.mark.parametrize("lazy", [True, False])
def test_frames_may_be_lazy(cities, lazy):
    city = cities["2017-11"]
    census = nw.from_native(city.release.scan("census")) if lazy else city.table("census")
    rows = opening.units_of(census, None, metrics()["five_clears"].denominator, "verified", "all")
    assert set(rows.collect_schema().names()) >= {"subject", "name", "adds"}
