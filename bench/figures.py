"""All figures of a month from its census, beside hand-written Polars for the same tables, in one run. `python -m bench.figures --home DIR`

Both start from the same frames in memory (the census, the baseline's census, the list before, the figures of the two months before) and
must give the same tables: metrics of units, base numbers, doubling, targets and work lists. The hand-written script knows the sample city
as it is: every source is there, nothing is asked of cards, and no reason is given. Figures in docs/performance.md.
"""

import argparse
import math
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import narwhals as nw
import polars as pl

from bench.timing import machine, middle
from data.contracts import metrics, sources, tables, worklists
from data.home import Home
from data.periods import add_months, last_day, months_between, twelve_months_to
from data.releases import Release, history, open_release
from pipelines.publishing import frame_of
from transforms.inputs import Inputs, valid_codes
from transforms.measures import base_numbers, doubling, entity, targets
from transforms.measures import worklists as lists
from transforms.measures.figures import Unit

BASES = ("registered", "corroborated", "verified")
SECTORS = {
    "enterprise": ["enterprise"],
    "social_org": ["social_org"],
    "all": ["enterprise", "social_org"],
    "self_employed": ["self_employed"],
}
ENTITY = [card for card in metrics().values() if card.family == "entity"]
TABLES = ("metrics", "base_numbers", "doubling", "targets", "worklist")


class Month:
    """What both start from: one published month of a home, in memory."""

    def __init__(self, home: Home, period: str):
        self.home, self.period = home, period
        release = open_release(home, period)
        self.census = release.table("census").join(
            release.table("surveyed").with_columns(surveyed=pl.lit(True)), on=["period", "uscc"], how="left"
        ).with_columns(pl.col("surveyed", "five_clear").fill_null(False))  # fmt: skip
        self.units = release.table("units")
        self.baseline = open_release(home, add_months(period, -12))
        self.base_census = self.baseline.table("census")
        earlier = [each for each in history(home) if each.period < period]
        self.before: list[Release] = earlier[-2:]
        self.earlier = [(each.period, each.table("metrics")) for each in self.before]
        self.listed = earlier[-1].table("worklist")
        self.valid = valid_codes(home.districts, last_day(period))

    def inputs(self) -> Inputs:
        frames = dict.fromkeys(sources(), nw.from_native(pl.LazyFrame()))  # only asked whether they are there
        codes = pl.LazyFrame(list(self.valid.items()), schema={"code": pl.String, "valid_code": pl.String}, orient="row")
        return Inputs(self.period, frames, frames["tax"], nw.from_native(codes), self.home.districts, self.home.settings)


def by_cards(month: Month) -> dict[str, pl.DataFrame]:
    """As a run does it."""
    inputs, census = month.inputs(), nw.from_native(month.census.lazy())
    names = ("unit_kind", "unit_code", "name", "level", "parent_code")
    units = [Unit(*row) for row in month.units.select(names).rows()]
    baseline = doubling.Baseline(month.baseline.period, nw.from_native(month.base_census.lazy()), frozenset())
    figures = entity.entity_metrics(inputs, census, ENTITY, units)
    wanted = [target for target in month.home.targets if target.metric in {card.name for card in ENTITY}]
    basis = month.home.settings.basis
    of_targets = pl.col("metric").is_in({target.metric for target in wanted})
    past = [(period, targets.standings(table.filter(of_targets).rows(), basis)) for period, table in month.earlier]
    before = [(period, targets.followed(month.valid, figures)) for period, figures in past]
    listed = lists.worklist(inputs, census, worklists().values(), nw.from_native(month.listed.lazy()))
    rows = {
        "metrics": figures,
        "base_numbers": base_numbers.base_numbers(inputs, census, units),
        "doubling": doubling.doubling(inputs, census, units, baseline),
        "targets": targets.targets(inputs, wanted, units, targets.standings(figures, basis), before),
    }
    return {name: frame_of(tables()[name], found) for name, found in rows.items()} | {"worklist": listed.collect("polars").to_native()}


def by_hand(month: Month) -> dict[str, pl.DataFrame]:
    """The same tables as one would write them in Polars for this month alone."""
    census = month.census.lazy()
    cube = _cube(census)
    figures = _metrics(month, cube)
    return {
        "metrics": figures,
        "base_numbers": _base_numbers(month, cube),
        "doubling": _doubling(month, census),
        "targets": _targets(month, figures),
        "worklist": _worklist(month, census),
    }


_c = pl.col
_all = _c("registered")  # of whom alone the cube is made
_due = _c("formal_members") >= 3
_members = _c("members") >= 1
_joint_due = _members & (_c("formal_members") < 3)
_known = _c("employees").is_not_null()
# metric -> (numerator, denominator, summed column of both sides)
SIDES: dict[str, tuple[pl.Expr, pl.Expr]] = {
    "org_coverage": (_c("covered"), _all),
    "resident_coverage": (_c("mode").is_in(["single", "joint"]), _all),
    "work_coverage": (_c("work_covered"), _all),
    "single_rate": (_c("mode") == "single", _all),
    "single_share": (_c("mode") == "single", _c("covered")),
    "single_due_rate": (_due & (_c("mode") == "single"), _due),
    "member_unit_coverage": (_members & _c("covered"), _members),
    "joint_due_rate": (_joint_due & (_c("mode") == "joint"), _joint_due),
    "large50_member_rate": ((_c("employees") >= 50) & _members, _c("employees") >= 50),
    "large100_org_rate": ((_c("employees") >= 100) & _c("covered"), _c("employees") >= 100),
    "no_member_share": (_c("members") == 0, _all),
    "recognition_rate": (pl.lit(True), _all),
    "survey_rate": (_c("surveyed"), _all),
    "five_clears": (_c("five_clear"), _all),
    "irregular_unit_share": (_c("irregular_members") >= 1, (_c("members") + _c("irregular_members")) >= 1),
}


def _count(where: pl.Expr) -> pl.Expr:
    return where.fill_null(False).cast(pl.Int64).sum()


def _cube(census: pl.LazyFrame) -> pl.DataFrame:
    sides = [_count(side).alias(f"{name}.{end}") for name, both in SIDES.items() for end, side in zip("nd", both, strict=True)]
    in_park = _c("park_code").is_not_null()
    sides += [
        pl.when(_known).then(_c("members")).sum().alias("member_density.n"),
        _c("employees").sum().alias("member_density.d"),
        _count(in_park).alias("park_unit_share.n"),
        pl.len().cast(pl.Int64).alias("park_unit_share.d"),
        pl.when(in_park).then(_c("employees")).sum().alias("park_employee_share.n"),
        _c("employees").sum().alias("park_employee_share.d"),
        _count(_c("taxpayer")).alias("taxpayers"),
        _count(_c("insured")).alias("insured"),
        _count(_c("taxpayer") & _c("insured")).alias("both_lists"),
    ]
    groups = ["district_code", "park_code", "sector", "corroborated", "verified"]
    return census.filter("registered").group_by(groups).agg(sides).collect()


def _rolled(cube: pl.DataFrame, month: Month) -> pl.DataFrame:
    """The cube by published unit."""
    zone = pl.when(_c("park_code").is_null()).then(pl.lit("out_park")).otherwise(pl.lit("in_park"))
    city = month.home.settings.city.code
    places = (
        ("city", pl.lit(city)),
        ("district", _c("district_code")),
        ("park", _c("park_code")),
        ("zone", zone),
    )
    return pl.concat([cube.with_columns(unit_kind=pl.lit(kind), unit_code=code) for kind, code in places]).filter(
        _c("unit_code").is_not_null()
    )


def _metrics(month: Month, cube: pl.DataFrame) -> pl.DataFrame:
    rolled = _rolled(cube, month)
    names = [*SIDES, "member_density", "park_unit_share", "park_employee_share"]
    sums = [f"{name}.{end}" for name in names for end in "nd"]
    grid = month.units.select("unit_kind", "unit_code")
    parts = []
    for sector, members in SECTORS.items():
        of_sector = rolled.filter(_c("sector").is_in(members))
        totals = {}
        for basis in BASES:
            inside = of_sector if basis == "registered" else of_sector.filter(_c(basis))
            found = inside.group_by("unit_kind", "unit_code").agg(_c(sums).sum())
            totals[basis] = grid.join(found, on=["unit_kind", "unit_code"], how="left", maintain_order="left").fill_null(0)
        everyone = totals["registered"]["org_coverage.d"]
        for basis in BASES:
            wide = totals[basis].with_columns(**{"recognition_rate.d": everyone, "recognition_rate.n": totals[basis]["org_coverage.d"]})
            for name in names:
                parts.append(wide.select(
                    "unit_kind", "unit_code", basis=pl.lit(basis), sector=pl.lit(sector), metric=pl.lit(name),
                    numerator=f"{name}.n", denominator=f"{name}.d",
                ))  # fmt: skip
    shares = _c("metric").is_in(["park_unit_share", "park_employee_share"])
    rows = pl.concat(parts).filter(~shares | ((_c("unit_kind") == "city") & (_c("sector") != "self_employed")))
    none = _c("denominator") == 0
    return rows.with_columns(
        period=pl.lit(month.period), value=pl.when(~none).then(_c("numerator") / _c("denominator")),
        reason=pl.when(none).then(pl.lit("no_denominator")),
    )  # fmt: skip


def _base_numbers(month: Month, cube: pl.DataFrame) -> pl.DataFrame:
    rolled = _rolled(cube.filter(_c("sector") == "enterprise"), month)
    size = _c("org_coverage.d")
    sums = rolled.group_by("unit_kind", "unit_code").agg(
        size.sum().alias("registered"), _c("taxpayers", "insured", "both_lists").sum(),
        size.filter(_c("corroborated")).sum().alias("corroborated"), size.filter(_c("verified")).sum().alias("verified"),
    )  # fmt: skip
    wanted = month.units.filter(_c("unit_kind") != "zone").select("unit_kind", "unit_code")
    rows = wanted.join(sums, on=["unit_kind", "unit_code"], how="left").fill_null(0)
    ratio = int(month.home.settings.recognition_ratio * 1000)
    n1, n2, m = (_c(name).cast(pl.Float64) for name in ("taxpayers", "insured", "both_lists"))
    estimate = (n1 + 1) * (n2 + 1) / (m + 1) - 1
    half = 1.96 * ((n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) ** 2 * (m + 2))).sqrt()
    return rows.with_columns(
        period=pl.lit(month.period), ratio_base=(_c("registered") * ratio + 500) // 1000,
        measured_ratio=pl.when(_c("registered") > 0).then(_c("corroborated") / _c("registered")),
        estimate=estimate, low=pl.max_horizontal(estimate - half, n1 + n2 - m), high=estimate + half,
    )  # fmt: skip


def _doubling(month: Month, census: pl.LazyFrame) -> pl.DataFrame:
    basis = month.home.settings.basis
    columns = ["uscc", "sector", "district_code", "park_code", "covered", "work_covered"]
    in_set = _c(basis).fill_null(False) & _c("sector").is_in(["enterprise", "social_org"])
    codes = pl.LazyFrame(list(month.valid.items()), schema=["district_code", "valid_code"], orient="row")
    before = month.base_census.lazy().filter(in_set).select(columns).join(codes, on="district_code", how="left")
    before = before.with_columns(district_code=_c("valid_code").fill_null("000000")).drop("valid_code")
    both = before.join(census.filter(in_set).select(*columns, "mode"), on="uscc", how="full", suffix="_now", coalesce=True)
    both = both.group_by(pl.all().exclude("uscc")).agg(units=pl.len().cast(pl.Int64)).collect()
    legs = (
        ("sectors", "enterprise", ["enterprise"], "covered"),
        ("sectors", "social_org", ["social_org"], "covered"),
        ("coverages", "org_coverage", ["enterprise", "social_org"], "covered"),
        ("coverages", "work_coverage", ["enterprise", "social_org"], "work_covered"),
    )
    city = pl.lit(month.home.settings.city.code)
    places = (
        ("city", city, city),
        ("district", _c("district_code"), _c("district_code_now")),
        ("park", _c("park_code"), _c("park_code_now")),
    )
    parts = []
    for pair, leg, sectors, covered in legs:
        was, now = _c("sector").is_in(sectors).fill_null(False), _c("sector_now").is_in(sectors).fill_null(False)
        for kind, stood, stands in places:
            ends = both.select(
                "units", "mode", stood=pl.when(was).then(stood), stands=pl.when(now).then(stands), c0=_c(covered), c1=_c(f"{covered}_now")
            )
            stays = _c("stood") == _c("stands")
            here = ends.filter(stays).select(unit_code="stood", in0=True, in1=True, c0="c0", c1="c1", mode="mode", units="units")
            gone = ends.filter(_c("stood").is_not_null() & ~stays.fill_null(False)).select(
                unit_code="stood", in0=True, in1=False, c0="c0", c1=False, mode=pl.lit(None, pl.String), units="units"
            )
            come = ends.filter(_c("stands").is_not_null() & ~stays.fill_null(False)).select(
                unit_code="stands", in0=False, in1=True, c0=False, c1="c1", mode="mode", units="units"
            )
            u, fresh = _c("units"), _c("c1") & ~_c("c0")
            sums = pl.concat([here, gone, come]).group_by("unit_code").agg(
                n0=u.filter("c0").sum(), d0=u.filter("in0").sum(), n1=u.filter("c1").sum(), d1=u.filter("in1").sum(),
                gained=u.filter(_c("in0") & _c("in1") & fresh).sum(), lost=u.filter(_c("in0") & _c("in1") & _c("c0") & ~_c("c1")).sum(),
                entered_covered=u.filter(~_c("in0") & _c("c1")).sum(), exited_covered=u.filter(~_c("in1") & _c("c0")).sum(),
                entered=u.filter(~_c("in0")).sum(), exited=u.filter(~_c("in1")).sum(),
                **{f"new_{mode}": u.filter(fresh & (_c("mode") == mode)).sum() for mode in ("single", "joint", "dispatched")},
                new_work_only=u.filter(fresh & _c("mode").is_null()).sum(),
            )  # fmt: skip
            wanted = month.units.filter(_c("unit_kind") == kind).select("unit_kind", "unit_code")
            parts.append(wanted.join(sums, on="unit_code", how="left").fill_null(0).with_columns(pair=pl.lit(pair), leg=pl.lit(leg)))
    n0, d0, n1, d1 = (_c(name) for name in ("n0", "d0", "n1", "d1"))
    return pl.concat(parts).with_columns(
        period=pl.lit(month.period), baseline=pl.lit(month.baseline.period), count_ratio=pl.when(n0 > 0).then(n1 / n0),
        rate_ratio=pl.when((n0 > 0) & (d0 > 0) & (d1 > 0)).then(n1 * d0 / (d1 * n0)),
        doubled_count=(n0 > 0) & (n1 >= 2 * n0), doubled_rate=(n0 > 0) & (d1 > 0) & (n1 * d0 >= 2 * n0 * d1), ceiling=2 * n0 > d0,
    )  # fmt: skip


def _targets(month: Month, figures: pl.DataFrame) -> pl.DataFrame:
    basis = month.home.settings.basis
    key = ["metric", "sector", "unit_kind", "unit_code"]

    def standing(table: pl.DataFrame) -> dict[tuple, tuple]:
        wanted = {target.metric for target in month.home.targets}
        rows = table.filter((_c("basis") == basis) & _c("metric").is_in(wanted)).select(*key, "numerator", "denominator").rows()
        found: dict[tuple, tuple] = {}
        for metric, sector, kind, code, numerator, denominator in rows:
            place = (metric, sector, kind, month.valid.get(code, "000000") if kind == "district" else code)
            held = found.get(place, (0, 0))
            found[place] = (held[0] + numerator, held[1] + denominator)
        return found

    now = standing(figures)
    (first_period, first), (_, second) = ((period, standing(table)) for period, table in month.earlier)
    months = months_between(first_period, month.period)
    rows = []
    for target in month.home.targets:
        for (metric, sector, kind, code), (numerator, denominator) in now.items():
            if (metric, sector, kind) == (target.metric, target.sector, target.unit_kind) and target.unit_code in ("", code):
                place = (metric, sector, kind, code)
                head = (month.period, *place, target.due, float(target.value))
                if not denominator:
                    rows.append((*head, None, None, None, None, None))
                    continue
                missing = max(0, math.ceil(target.value * denominator - numerator))
                left = months_between(month.period, target.due)
                steady = all(past.get(place, (0, 0))[1] for past in (first, second))
                rows.append((
                    *head, numerator / denominator, float((target.value - Decimal(numerator) / denominator) * 100), missing,
                    missing / left if left > 0 else None, (numerator - first[place][0]) / months if steady else None,
                ))  # fmt: skip
    return frame_of(tables()["targets"], rows).unique(tables()["targets"].key)


def _worklist(month: Month, census: pl.LazyFrame) -> pl.DataFrame:
    inside = census.filter(_c(month.home.settings.basis).fill_null(False) & _c("sector").is_in(["enterprise", "social_org"]))
    wheres = {
        "due_single": _due & (_c("mode").is_null() | (_c("mode") != "single")),
        "members_uncovered": _members & ~_c("covered"),
        "large50_no_member": (_c("employees") >= 50) & (_c("members") == 0),
        "large100_no_org": (_c("employees") >= 100) & ~_c("covered"),
        "new_unit": (_c("founded_on") >= twelve_months_to(month.period)) & ~_c("work_covered"),
    }
    columns = ["uscc", "district_code", "park_code", "sector", "employees", "members"]
    rows = pl.concat([inside.filter(where).select(pl.lit(name).alias("list"), *columns) for name, where in wheres.items()])
    since = month.listed.lazy().select("list", "uscc", "since")
    rows = rows.join(since, on=["list", "uscc"], how="left").with_columns(_c("since").fill_null(month.period), period=pl.lit(month.period))
    return rows.collect()


def same(ours: dict[str, pl.DataFrame], theirs: dict[str, pl.DataFrame]) -> None:
    """Every table of both is the same, doubles to 1e-9."""
    from polars.testing import assert_frame_equal

    for name in TABLES:
        card = tables()[name]
        columns = [column.name for column in card.published]
        pair = [frame.select(columns).sort(card.key) for frame in (ours[name], theirs[name])]
        assert_frame_equal(*pair, check_dtypes=False, rel_tol=1e-9)
        print(f"{name}: {pair[0].height:,} rows, the same by hand")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True, help="a home with 13 published months of the sample city")
    options.add_argument("--period", default="2017-12")
    options.add_argument("--runs", type=int, default=9)
    chosen = options.parse_args()
    month = Month(Home(chosen.home), chosen.period)
    print(f"{month.census.height:,} units; {machine()}")
    same(by_cards(month), by_hand(month))
    took: dict[Callable, list[float]] = {by_cards: [], by_hand: []}
    for _ in range(chosen.runs):
        for way, seconds in took.items():
            begun = time.perf_counter()
            way(month)
            seconds.append(time.perf_counter() - begun)
    print(f"from cards: {middle(took[by_cards])} s\nby hand:    {middle(took[by_hand])} s")
    print(f"ratio:      {middle([ours / theirs for ours, theirs in zip(took[by_cards], took[by_hand], strict=True)])}")


if __name__ == "__main__":
    main()
