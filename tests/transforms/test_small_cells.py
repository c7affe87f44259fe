"""Small counts of members are hidden, and nobody can work them out from what is still shown.

What can be worked out is asked of an integer programme (HiGHS) that knows all sums, the order of the bases and every figure that is
shown, and nothing of how the hidden ones were chosen.
"""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from data.contracts import metrics
from transforms.small_cells import apply, apply_targets, hidden

CARDS = metrics()
LEAST, YUAN, CITY = 5, 300, "990100"
BASES = ("registered", "corroborated", "verified")
SECTORS = ("enterprise", "social_org", "self_employed")
QUICK = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": list(HealthCheck)}
METRICS = {
    "basis": pl.String,
    "unit_kind": pl.String,
    "unit_code": pl.String,
    "sector": pl.String,
    "metric": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "value": pl.Float64,
    "reason": pl.String,
}


def figures(*rows: tuple) -> pl.DataFrame:
    """Rows of table metrics from (basis, unit kind, code, sector, metric, n, N)."""
    return pl.DataFrame([(*row, row[5] / row[6] if row[6] else None, None) for row in rows], schema=METRICS, orient="row")


def units(districts, parks=()) -> pl.DataFrame:
    """Table units of a city; parks: (code, district)."""
    rows = [("city", CITY, None), *(("district", code, CITY) for code in districts), *(("park", code, parent) for code, parent in parks)]
    rows += [("zone", "in_park", CITY), ("zone", "out_park", CITY)]
    return pl.DataFrame(rows, schema=["unit_kind", "unit_code", "parent_code"], orient="row")


def areas(metric: str, pairs: dict[str, tuple[int, int]]) -> list[tuple]:
    """A metric of districts and their city, from district -> (n, N)."""
    whole = tuple(map(sum, zip(*pairs.values(), strict=True)))
    return [("-", "city", CITY, "all", metric, *whole), *(("-", "district", code, "all", metric, *pair) for code, pair in pairs.items())]


def seen(frame: pl.DataFrame, table: pl.DataFrame, least: int = LEAST, yuan: int = YUAN) -> dict[tuple, tuple]:
    """(metric, unit code) -> n, N of what may be seen, x for what is hidden."""
    shown = apply(frame, hidden(frame, table, CARDS.values(), least, yuan))
    return {
        (row["metric"], row["unit_code"]): tuple("x" if row[side] is None else row[side] for side in ("numerator", "denominator"))
        for row in shown.to_dicts()
    }


def test_a_second_count_is_hidden_with_a_small_one_and_the_quotas_stay():
    frame = figures(*areas("recruit_rate", {"A": (3, 10), "B": (9, 10), "C": (20, 10), "D": (0, 5)}))
    assert seen(frame, units("ABCD")) == {
        ("recruit_rate", CITY): (32, 35),
        ("recruit_rate", "A"): ("x", 10),
        ("recruit_rate", "B"): ("x", 10),  # the smallest of the others: 32 - 20 - 0 is 12, of which A may be 1 to 11
        ("recruit_rate", "C"): (20, 10),
        ("recruit_rate", "D"): (0, 5),  # a real zero stays
    }
    shown = apply(frame, hidden(frame, units("ABCD"), CARDS.values(), LEAST, YUAN)).filter(pl.col("numerator").is_null())
    assert shown.select("value", "reason").unique().rows() == [(None, "suppressed")]


def test_many_small_ones_hide_each_other():
    """Eight small districts: no total and no larger one needs to go with them."""
    small = {f"{at:02}": (at % 4 + 1, 10) for at in range(8)}
    shown = seen(figures(*areas("recruit_rate", small | {"99": (30, 30)})), units([*small, "99"]))
    assert [code for (_, code), (n, _) in shown.items() if n == "x"] == sorted(small)


def test_the_only_district_takes_its_city_along():
    shown = seen(figures(*areas("recruit_rate", {"A": (3, 10)})), units("A"))
    assert shown == {("recruit_rate", CITY): ("x", 10), ("recruit_rate", "A"): ("x", 10)}


@pytest.mark.parametrize("yuan", [YUAN, 100, 7])
def test_money_for_members_tells_their_number(yuan):
    """A: 2 irregular of 30; B: 3 regular ones, whose 900 yuan would say so, also when the city has set another rate since."""
    share = areas("irregular_member_share", {"A": (2, 30), "B": (20, 23), "C": (40, 90)})
    money = areas("activity_funding", {"A": (7000, 28 * YUAN), "B": (500, 3 * YUAN), "C": (1, 50 * YUAN)})
    shown = seen(figures(*share, *money), units("ABC"), yuan=yuan)
    assert shown["irregular_member_share", "A"][0] == "x"
    assert shown["activity_funding", "B"] == (500, "x")
    for code in "AB":  # two of the three that add up, in both
        assert [*shown["irregular_member_share", code], shown["activity_funding", code][1]].count("x") >= 2
    assert [shown[metric, CITY] for metric in ("irregular_member_share", "activity_funding")] == [(62, 143), (7501, 81 * YUAN)]


def test_without_the_money_all_less_the_irregular_are_still_the_regular_ones():
    shown = seen(figures(*areas("irregular_member_share", {"A": (20, 23), "B": (20, 60), "C": (20, 60)})), units("ABC"))
    assert "x" in shown["irregular_member_share", "A"]


def test_figures_that_count_no_members_stay():
    frame = figures(*areas("allowance_funding", {"A": (3, 2), "B": (1, 1)}), *areas("centre_rate", {"A": (1, 2), "B": (2, 2)}))
    assert hidden(frame, units("AB"), CARDS.values(), LEAST, YUAN).is_empty()


@pytest.mark.parametrize("least", [0, 1])
def test_nothing_is_hidden_where_the_city_says_so(least):
    frame = figures(*areas("recruit_rate", {"A": (1, 10), "B": (9, 10)}))
    assert "x" not in {each for pair in seen(frame, units("AB"), least).values() for each in pair}
    assert apply(frame, hidden(frame, units("AB"), CARDS.values(), least, YUAN)).equals(frame)


def test_what_is_not_available_stays_so():
    rows = [("-", "city", CITY, "all", "recruit_rate", None, 20), ("-", "district", "A", "all", "recruit_rate", None, 20)]
    frame = pl.DataFrame([(*row, None, "source_missing:member") for row in rows], schema=METRICS, orient="row")
    assert apply(frame, hidden(frame, units("A"), CARDS.values(), LEAST, YUAN)).equals(frame)


def test_targets_say_nothing_that_the_figures_do_not():
    frame = figures(*areas("recruit_rate", {"A": (3, 10), "B": (9, 10), "C": (20, 10)}))
    shut = hidden(frame, units("ABC"), CARDS.values(), LEAST, YUAN)
    standing = {"value": 0.3, "gap_points": 70.0, "units_missing": 7, "pace_needed": 1.0, "pace_recent": 0.5}
    places = [("city", CITY), ("district", "A"), ("district", "C")]
    targets = pl.DataFrame(
        [{"metric": "recruit_rate", "sector": "all", "unit_kind": kind, "unit_code": code, **standing} for kind, code in places]
    )
    city, small, large = apply_targets(targets, shut, [], CARDS.values()).to_dicts()
    assert city.items() >= standing.items()
    assert {small[name] for name in standing} == {None}
    # The pace of C times its months is its rise, and with A and B hidden a rise of theirs would follow.
    assert large.items() >= (standing | {"pace_recent": None}).items()
    # Hidden two months ago only: this month's figure is shown, and its rise since then would tell the former one.
    later = apply_targets(targets, shut.clear(), [shut.clear(), shut], CARDS.values()).to_dicts()
    assert [row["pace_recent"] for row in later] == [0.5, None, None]
    assert [row["value"] for row in later] == [0.3, 0.3, 0.3]


def test_every_card_that_counts_members_says_so():
    for name, card in CARDS.items():
        for side in ("numerator", "denominator"):
            predicate, sentence = getattr(card, side), getattr(card, f"{side}_zh")
            sums = predicate is not None and predicate.sum is not None and "members" in predicate.sum
            # Sentences that end in members, of which a side is the number or the money for each.
            spoken = re.search("党员数?$|每名党员", sentence) is not None
            assert (side in card.members) == (sums or spoken), f"{name} {side}"
            if side in card.members:
                assert card.members_in_yuan == ("元" in sentence), name


# --- whatever the city ---


@st.composite
def cities_by_sector(draw):
    """Members by park, rest of district and sector, under three bases of which each lies in the one before: as rows of member_density."""
    districts = "ABC"[: draw(st.integers(1, 3))]
    parks = [(f"P{at}", draw(st.sampled_from(districts))) for at in range(draw(st.integers(0, 4)))]
    leaves = [("park", code, parent) for code, parent in parks] + [("rest", code, code) for code in districts]
    count = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 30])
    more = st.sampled_from([0, 0, 0, 1, 7])
    counts = {}
    for leaf in leaves:
        for sector in SECTORS:
            verified = draw(count)
            corroborated = verified + (0 if sector == "social_org" else draw(more))
            registered = corroborated + (0 if sector == "social_org" else draw(more))
            counts[leaf, sector] = (registered, corroborated, verified)
    return districts, parks, leaves, counts


def places(districts, parks, leaves) -> dict[tuple, list]:
    """Unit, or rest of a district outside its parks, which is published nowhere -> the leaves within it."""
    found = (
        {("rest", code): [("rest", code, code)] for code in districts}
        | {("city", CITY): leaves}
        | {("district", code): [leaf for leaf in leaves if leaf[2] == code] for code in districts}
    )
    found |= {("park", code): [("park", code, parent)] for code, parent in parks}
    return found | {("zone", f"{zone}_park"): [leaf for leaf in leaves if (leaf[0] == "park") == (zone == "in")] for zone in ("in", "out")}


def cells_of(within: dict) -> dict[tuple, list]:
    """(unit, sector) -> the innermost groups that it is the sum of; sector all without the self-employed."""
    sectors = {sector: (sector,) for sector in SECTORS} | {"all": SECTORS[:2]}
    return {
        (place, name): [(leaf, each) for leaf in leaves for each in of] for place, leaves in within.items() for name, of in sectors.items()
    }


def numbers(counts: dict, parts: list, basis: int) -> int:
    return sum(counts[part][basis] for part in parts)


class Snooper:
    """Who sees what is shown, knows that parts add up and that bases lie in one another, and looks for other cities of which all that is
    true. Every city found is checked by adding up, so that nothing rests on the solver."""

    def __init__(self, groups: list, cells: dict, shown: dict, bases: int):
        self.groups = [(group, basis) for group in groups for basis in range(bases)]
        self.at = {each: number for number, each in enumerate(self.groups)}
        self.cells, self.shown = cells, shown
        self.nested = [(self.at[group, basis], self.at[group, basis + 1]) for group in groups for basis in range(bases - 1)]
        rows = [self.row(*place) for place in shown]
        for outer, inner in self.nested:
            rows.append(np.zeros(len(self.at), dtype=int))
            rows[-1][outer], rows[-1][inner] = 1, -1
        numbers = list(shown.values())
        lows, highs = numbers + [0] * len(self.nested), numbers + [np.inf] * len(self.nested)
        self.known = [LinearConstraint(np.array(rows), lows, highs)] if rows else []

    def row(self, cell, basis: int) -> np.ndarray:
        row = np.zeros(len(self.at), dtype=int)
        row[[self.at[group, basis] for group in self.cells[cell]]] = 1
        return row

    def city(self, cell, basis: int, sign: int) -> dict:
        """(cell, basis) -> its count, in a city in which this one is as large (sign 1) or as small (-1) as can be found."""
        # Without its presolve, which in this version loses solutions of such systems.
        options = {"presolve": False}
        aim = -sign * self.row(cell, basis)
        found = milp(aim, constraints=self.known, bounds=Bounds(0, 200), integrality=np.ones(len(self.at)), options=options)
        assert found.success, "what is shown contradicts itself"
        inside = np.rint(found.x).astype(int)
        counted = {(each, on): int(self.row(each, on) @ inside) for each in self.cells for on in {on for _, on in self.groups}}
        assert min(inside) >= 0
        assert all(inside[outer] >= inside[inner] for outer, inner in self.nested)
        assert self.shown.items() <= counted.items()
        return counted


def holds(snooper: Snooper, true: dict, small: set, shut: set) -> None:
    """No small count is shown; each may, for all one knows, be no small one; and none that is hidden with it can be worked out."""
    assert small <= {cell for cell, _ in shut}
    cities: list[dict] = []

    def may_be(place: tuple, sign: int, wanted) -> bool:
        if not any(wanted(city[place]) for city in cities):
            cities.append(snooper.city(*place, sign))
        return wanted(cities[-1][place]) or any(wanted(city[place]) for city in cities)

    for cell, basis in sorted(shut, key=repr):
        now = true[cell, basis]
        # The smallest of its counts over the bases is the one to be protected; the others move along with it.
        if 0 < now == min((true[each] for each in true if each[0] == cell and true[each]), default=0) < LEAST:
            assert may_be((cell, basis), 1, LEAST.__le__)
        assert may_be((cell, basis), 1, now.__ne__) or may_be((cell, basis), -1, now.__ne__)


@settings(max_examples=10, **QUICK)
@given(cities_by_sector(), st.randoms(use_true_random=False))
def test_no_sum_over_parks_districts_sectors_and_bases_gives_a_small_count_away(city, chance):
    districts, parks, leaves, counts = city
    cells = cells_of(places(districts, parks, leaves))
    true = {(cell, basis): numbers(counts, parts, basis) for cell, parts in cells.items() for basis in range(3)}
    frame = figures(
        *((BASES[basis], *place, sector, "member_density", n, 50) for ((place, sector), basis), n in true.items() if place[0] != "rest")
    )
    table = units(districts, parks)
    shut = hidden(frame, table, CARDS.values(), LEAST, YUAN)
    shown = apply(frame, shut)

    small = {cell for (cell, _), n in true.items() if 0 < n < LEAST}
    large = {(cell, basis) for cell, basis in true if cell[0][0] == "rest" and cell not in small}
    visible = {
        (((kind, code), sector), BASES.index(basis)): n
        for basis, kind, code, sector, n in shown.select("basis", "unit_kind", "unit_code", "sector", "numerator").rows()
        if n is not None
    }
    holds(Snooper(list(counts), cells, visible, 3), true, small, true.keys() - visible.keys() - large)

    order = chance.sample(range(frame.height), frame.height)
    assert hidden(frame[order], table[::-1], CARDS.values(), LEAST, YUAN).equals(shut)
    assert apply(shown, shut).equals(shown)
    assert hidden(shown, table, CARDS.values(), LEAST, YUAN).is_empty()
    assert shown["denominator"].null_count() == 0


@settings(max_examples=10, **QUICK)
@given(st.lists(st.tuples(*[st.sampled_from([0, 1, 2, 3, 4, 5, 8, 40])] * 3), min_size=1, max_size=6))
def test_no_sum_over_districts_relations_and_money_gives_a_small_count_away(rows):
    """Each district: irregular, regular, recruited."""
    assume(any(map(any, rows)))
    codes = "ABCDEF"[: len(rows)]
    groups = [(code, kind) for code in codes for kind in ("irregular", "regular", "recruited")]
    count = {
        (code, kind): n
        for code, row in zip(codes, rows, strict=True)
        for kind, n in zip(("irregular", "regular", "recruited"), row, strict=True)
    }
    of = {"irregular": ("irregular",), "regular": ("regular",), "all": ("irregular", "regular"), "recruited": ("recruited",)}
    within = {CITY: codes} | {code: [code] for code in codes}
    cells = {(place, kind): [(code, each) for code in within[place] for each in kinds] for place in within for kind, kinds in of.items()}
    true = {(cell, 0): sum(count[part] for part in parts) for cell, parts in cells.items()}
    pair = {code: {kind: count[code, kind] for kind in of if kind != "all"} for code in codes}
    frame = figures(
        *areas("irregular_member_share", {code: (n["irregular"], n["irregular"] + n["regular"]) for code, n in pair.items()}),
        *areas("activity_funding", {code: (1000, YUAN * n["regular"]) for code, n in pair.items()}),
        *areas("recruit_rate", {code: (n["recruited"], 3) for code, n in pair.items()}),
    )
    shown = apply(frame, hidden(frame, units(codes), CARDS.values(), LEAST, YUAN))
    visible = {}
    for code, metric, n, over in shown.select("unit_code", "metric", "numerator", "denominator").rows():
        sides = {
            "irregular_member_share": {"irregular": n, "all": over},
            "activity_funding": {"regular": over if over is None else over // YUAN},
            "recruit_rate": {"recruited": n},
        }[metric]
        visible |= {((code, kind), 0): number for kind, number in sides.items() if number is not None}
    small = {cell for (cell, _), n in true.items() if 0 < n < LEAST}
    holds(Snooper(groups, cells, visible, 1), true, small, true.keys() - visible.keys())
    assert shown.filter(metric="recruit_rate")["denominator"].null_count() == 0
    assert shown.filter(metric="activity_funding")["numerator"].null_count() == 0
