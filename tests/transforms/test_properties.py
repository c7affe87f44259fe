"""What holds in every city, whatever its registers say: small random cities, all their tables computed, the laws checked."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import narwhals as nw
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.contracts import metrics, sources, tables
from data.home import Settings
from pipelines.publishing import frame_of
from pipelines.reading.rows import row_schema
from tests.cities import DISTRICTS, computed, districts_of, figures, inputs_of
from transforms.census import census
from transforms.inputs import LINKS, REGISTERS, Inputs
from transforms.measures import base_numbers, entity, organisation, places
from transforms.measures.units import units
from transforms.organisations import organisations

PERIOD, D = "2017-12", date(2017, 12, 31)
USCCS = [f"U{number}" for number in range(12)]
ORGS = ["B1", "B2", "J1", "D1"]

codes = st.sampled_from(USCCS)
orgs = st.sampled_from(ORGS)
persons = st.sampled_from([f"M{number}" for number in range(10)])
flags = st.sampled_from([True, False])
starts = st.sampled_from([date(2010, 1, 1), date(2017, 3, 1), D, date(2018, 1, 1)])
ends = st.sampled_from([None, None, None, date(2017, 3, 1), D, date(2018, 1, 1)])
districts = st.sampled_from(["980102", "980102", "980103", "980107", "980121", "980190", "777777", None])
parks = st.sampled_from(["P1", "P2", "P9", None])
statuses = st.sampled_from(["active", "active", "active", "cancelled"])
relations = st.sampled_from(["in_place", "in_place", "mobile", "pocket", "nominal", "lost"])
kinds = st.sampled_from(["formal", "formal", "probationary"])
counts = st.sampled_from([0, 1, 3, 50, 100])
amounts = st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("1234.49")])
areas = st.sampled_from(["980102", "980103", "980121", "P1", "P2", "000001", "777777"])

ROWS = {
    "registration": {
        "uscc": codes,
        "type_code": st.sampled_from(["1130", "1130", "1100", "1110", "2151", "9500"]),
        "status": statuses,
        "founded_on": starts,
        "ended_on": ends,
        "district_code": districts,
        "park_code": parks,
    },
    "social_org": {
        "uscc": codes,
        "status": statuses,
        "founded_on": starts,
        "ended_on": ends,
        "district_code": districts,
        "park_code": parks,
    },
    "tax": {"taxpayer_id": codes, "status": st.sampled_from(["normal", "normal", "abnormal"]), "paid_yuan": amounts},
    "social_insurance": {"uscc": codes, "insured": counts},
    "party_org": {
        "org_code": orgs,
        "mode": st.sampled_from(["single", "joint", "dispatched"]),
        "founded_on": starts,
        "ended_on": ends,
        "term_ends_on": ends,
        "secretary": flags,
        "secretary_trained_on": ends,
        "stars": st.sampled_from([None, 2, 3]),
        "eight_haves": st.sampled_from([None, 7, 8]),
        "managed_by": st.sampled_from([None, "park", "organ"]),
    },
    "org_link": {"org_code": orgs, "uscc": codes, "starts_on": starts, "ends_on": ends},
    "member": {
        "member_id": persons,
        "org_code": orgs,
        "uscc": st.one_of(st.none(), codes),
        "kind": kinds,
        "joined_on": ends,
        "formal_on": ends,
        "relation": relations,
    },
    "instructor": {
        "instructor_id": persons,
        "uscc": codes,
        "posting_code": areas,
        "full_time": flags,
        "starts_on": starts,
        "ends_on": ends,
    },
    "mass_org": {"uscc": codes, "kind": st.sampled_from(["union", "youth_league", "women"]), "founded_on": starts, "ended_on": ends},
    "park": {
        "park_code": st.sampled_from(["P1", "P2", "P3"]),
        "name": st.just("园"),
        "level": st.sampled_from(["national", "provincial", "municipal"]),
        "district_code": districts,
        "centre_opened_on": ends,
    },
    "district_return": {},
    "funding": {
        "area_code": areas,
        "year": st.sampled_from([2016, 2017]),
        "item": st.sampled_from(["activity", "allowance"]),
        "amount_yuan": amounts,
    },
    "survey": {
        "uscc": codes,
        "surveyed_on": starts,
        "operating": st.sampled_from([None, "operating"]),
        "employees": counts,
        "members": counts,
        "has_org": st.sampled_from([None, True, False]),
        "investor_known": st.sampled_from([None, True, False]),
    },
    "recruit_quota": {"area_code": areas, "year": st.just(2017), "quota": counts},
}
MOST = {"registration": 12, "member": 14, "org_link": 10, "tax": 10, "social_insurance": 10}


@st.composite
def cities(draw) -> Inputs:
    """Any city of a dozen units; up to three sources are not delivered."""
    missing = draw(st.sets(st.sampled_from(list(sources())), max_size=3))
    rows = {name: _frame(name, draw) for name in sources() if name not in missing}
    return inputs_of(PERIOD, rows, districts_of(DISTRICTS), Settings())


def _frame(source: str, draw) -> pl.DataFrame:
    """Rows as they load: of one key only the first."""
    card = sources()[source]
    schema = {name: dtype for name, dtype in row_schema(card).items() if name != "line"}
    fields = ROWS[source]
    drawn = draw(st.lists(st.tuples(*fields.values()), max_size=MOST.get(source, 5))) if fields else []
    rows = [dict.fromkeys(schema) | dict(zip(fields, row, strict=True)) for row in drawn]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.unique(card.key, keep="first", maintain_order=True) if card.key else frame


@dataclass(frozen=True)
class Tables:
    census: pl.DataFrame
    figures: pl.DataFrame
    base: pl.DataFrame


def build(inputs: Inputs) -> Tables:
    """All that is computed of a period, sorted as it is published."""
    listed = census(inputs) if any(register in inputs.rows for register in REGISTERS) else None
    rows_of_census = None if listed is None else computed(listed).sort("uscc")
    active = organisations(inputs, listed) if inputs.has(*LINKS, *REGISTERS) else None
    by_family = {name: [card for card in metrics().values() if card.family == name] for name in ("entity", "organisation")}
    places_listed = units(inputs)
    rows = entity.entity_metrics(inputs, listed, by_family["entity"], places_listed)
    rows += organisation.organisation_metrics(inputs, active, by_family["organisation"], places_listed)
    rows += places.centre_rate(inputs, places_listed) + places.instructor_staffing(inputs, places_listed)
    rows += places.area_metrics(inputs, listed, active, places_listed)
    return Tables(
        rows_of_census if rows_of_census is not None else frame_of(tables()["census"], []),
        figures(rows).sort(tables()["metrics"].key),
        frame_of(tables()["base_numbers"], base_numbers.base_numbers(inputs, listed, places_listed)).sort(tables()["base_numbers"].key),
    )


QUICK = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=30, **QUICK)
@given(cities())
def test_the_laws_of_every_city(inputs):
    built = build(inputs)
    _districts_add_up(built.figures)
    _zones_add_up(built.figures)
    _sectors_add_up(built.figures)
    _rates_are_rates(built.figures)
    _a_value_or_a_reason(built.figures)
    _bases_lie_inside_one_another(built)
    _census_agrees_with_itself(built.census)
    _lists_and_estimate(built.base)


@settings(max_examples=8, **QUICK)
@given(cities(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_and_a_second_build_is_the_same(inputs, chance):
    first = build(inputs)
    shuffled = {name: _shuffled(frame, chance) for name, frame in inputs.rows.items()}
    for other in (build(inputs), build(replace(inputs, rows=shuffled))):
        assert other.census.equals(first.census)
        assert other.figures.equals(first.figures)
        assert other.base.equals(first.base)


def _shuffled(frame, chance):
    rows = frame.collect("polars").to_native()
    return nw.from_native(rows[chance.sample(range(len(rows)), len(rows))].lazy())


# One person works in two districts and counts once in the city; money is rounded once a place; staffing has no city.
ADD_UP = [name for name, card in metrics().items() if card.family in ("entity", "organisation", "park")]
SIDES = ("numerator", "denominator")
FIGURE = ("basis", "sector", "metric")


def _sums(figures: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Both sides added up over the units of a kind; null where one of them is."""
    summed = [pl.when(pl.col(side).null_count() == 0).then(pl.col(side).sum()).alias(side) for side in SIDES]
    return figures.filter(unit_kind=kind).group_by(FIGURE).agg(summed).sort(FIGURE)


def _districts_add_up(figures: pl.DataFrame) -> None:
    figures = figures.filter(pl.col("metric").is_in(ADD_UP) & ~pl.col("metric").is_in(["park_unit_share", "park_employee_share"]))
    assert _sums(figures, "district").equals(_sums(figures, "city"))


def _zones_add_up(figures: pl.DataFrame) -> None:
    by_zone = _sums(figures, "zone").drop_nulls()
    of_city = by_zone.select(FIGURE).join(_sums(figures, "city"), on=FIGURE, how="left", maintain_order="left")
    assert by_zone.equals(of_city)


def _sectors_add_up(figures: pl.DataFrame) -> None:
    names = [name for name, card in metrics().items() if card.family == "entity"]
    place = ["basis", "unit_kind", "unit_code", "metric"]
    figures = figures.filter(pl.col("metric").is_in(names)).select(*place, "sector", *SIDES)
    parts = figures.filter(pl.col("sector").is_in(["enterprise", "social_org"]))
    added = parts.group_by(place).agg(pl.when(pl.col(side).null_count() == 0).then(pl.col(side).sum()).alias(side) for side in SIDES)
    both = figures.filter(sector="all").join(added, on=place, suffix="_added")
    for side in SIDES:
        # `all` may lack a figure that both parts have, never the other way round, for it needs what both need.
        known = both.drop_nulls([side, f"{side}_added"])
        assert known[side].equals(known[f"{side}_added"], check_names=False)


def _rates_are_rates(figures: pl.DataFrame) -> None:
    rates = [name for name, card in metrics().items() if card.within_one]
    assert figures.filter(pl.col("metric").is_in(rates) & (pl.col("numerator") > pl.col("denominator"))).is_empty()
    assert figures.filter(pl.any_horizontal(pl.col(*SIDES, "value") < 0)).is_empty()


def _a_value_or_a_reason(figures: pl.DataFrame) -> None:
    for numerator, denominator, value, reason in figures.select(*SIDES, "value", "reason").rows():
        assert (value is None) == (reason is not None)
        if reason is None:
            assert value == numerator / denominator
        elif reason == "no_denominator":
            assert numerator is not None and denominator == 0
        else:
            assert reason.startswith("source_missing:") and numerator is None


def _bases_lie_inside_one_another(built: Tables) -> None:
    units = built.census
    assert units.filter(pl.col("verified") & ~pl.col("corroborated")).is_empty()
    assert units.filter(pl.col("corroborated") & ~pl.col("registered")).is_empty()
    assert units.filter(pl.col("registered") & ~(pl.col("active") & pl.col("sector").is_not_null())).is_empty()
    place = ["unit_kind", "unit_code", "sector"]
    of = {basis: built.figures.filter(metric="recognition_rate", basis=basis).drop_nulls("numerator") for basis in entity.BASES}
    for inner, outer in (("verified", "corroborated"), ("corroborated", "registered")):
        pairs = of[inner].join(of[outer], on=place)
        assert (pairs["numerator"] <= pairs["numerator_right"]).all()


def _census_agrees_with_itself(units: pl.DataFrame) -> None:
    assert units["uscc"].is_duplicated().sum() == 0
    assert units.filter(pl.col("formal_members") > pl.col("members")).is_empty()
    assert units.filter(pl.col("covered") != pl.col("mode").is_not_null()).is_empty()
    assert units.filter(pl.col("covered") & ~pl.col("work_covered")).is_empty()
    assert units.filter(pl.col("insured") != (pl.col("employees").fill_null(0) >= 1)).is_empty()
    assert set(units["district_code"]) <= {"980102", "980103", "980107", "000000"}
    assert set(units["park_code"]) <= {"P1", "P2", "P3", None}


def _lists_and_estimate(base: pl.DataFrame) -> None:
    for row in base.drop_nulls("both_lists").iter_rows(named=True):
        on_either = row["taxpayers"] + row["insured"] - row["both_lists"]
        assert row["both_lists"] == row["verified"] <= min(row["taxpayers"], row["insured"])
        assert row["corroborated"] == on_either <= row["registered"]
        assert on_either <= row["low"] <= row["estimate"] + 1e-9 and row["estimate"] <= row["high"]
