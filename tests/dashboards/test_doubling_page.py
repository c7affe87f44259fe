"""双翻番: every list is as long as its published number, a rise is told rightly, and a page without a baseline says why."""

from fractions import Fraction
from types import SimpleNamespace

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import charts, growth_places, growth_words, ledger, store
from dashboards.ledger import Ends
from data.home import Home
from data.words import Words
from tests.browser import DESK
from tests.dashboards.releases_fixture import expected, make_home
from tests.dashboards.test_browser import WAIT, arrive, in_url, rows_of
from transforms import show
from transforms.growth import Rise
from transforms.measures.doubling import LEGS
from transforms.opening import moved


@pytest.fixture(scope="module")
def ends(example_home) -> Ends:
    now = store.picture(example_home, "2017-12", "r01")
    before = store.looked_back(example_home, now, "2016-12")
    return Ends("2017-12", "2016-12", before.census(), now.census(), example_home.districts, example_home.settings, "corroborated")


def rise(**numbers) -> Rise:
    row = {"period": "2017-12", "baseline": "2016-12", "ceiling": 2 * numbers.get("n0", 0) > numbers.get("d0", 0)}
    return Rise(row | numbers)


def test_every_list_of_the_example_is_as_long_as_its_number(ends):
    members = nw.from_native(ends.members().collect())
    rows = expected("doubling").filter(pl.col("period") == "2017-12").to_dicts()
    assert len(rows) == 48
    for row in rows:
        leg = ledger.leg_named(row["leg"])
        place = (row["unit_kind"], row["unit_code"])
        found = {name: len(moved(members, leg, *place, name)) for name in ledger.LISTS}
        assert found == {name: row[name] for name in ledger.LISTS}, (row["leg"], row["unit_code"])


@pytest.mark.parametrize(("kind", "code"), [("city", "980100"), ("district", "980109")])
def test_a_list_says_how_each_unit_stood_and_stands(ends, kind, code):
    covered = {"single", "joint", "dispatched", "work_only"}
    outside = {"absent", "inactive", "other_kind", "unrecognised", "other_sector", "elsewhere"}
    states = {
        "gained": ({"uncovered"}, covered),
        "lost": (covered, {"uncovered"}),
        "entered_covered": (outside, covered),
        "exited_covered": (covered, outside),
        "entered": (outside, covered | {"uncovered"}),
        "exited": (covered | {"uncovered"}, outside),
        "new_joint": (outside | {"uncovered"}, {"joint"}),
        "new_work_only": (outside | {"uncovered"}, {"work_only"}),
    }
    for leg in LEGS:
        row = expected("doubling").filter(
            (pl.col("leg") == leg.name) & (pl.col("unit_kind") == kind) & (pl.col("unit_code") == code) & (pl.col("period") == "2017-12")
        )
        for name, (before, now) in states.items():
            found = ledger.units(ends, leg, kind, code, name)
            assert found.height == row[name][0] == found["uscc"].n_unique()
            assert set(found["state0"]) <= before, (leg.name, name)
            assert set(found["state1"]) <= now, (leg.name, name)
            assert found["name"].null_count() == 0


NAMES = {"uscc": pl.String, "name": pl.String, "sector": pl.String, "active": pl.Boolean, "corroborated": pl.Boolean}
NAMES |= {"district_code": pl.String, "park_code": pl.String, "covered": pl.Boolean, "work_covered": pl.Boolean, "mode": pl.String}


def small(*rows: tuple) -> pl.LazyFrame:
    return pl.DataFrame(rows, schema=NAMES, orient="row").lazy()


def test_where_units_came_from_and_went(example_home):
    """A moved to the other district; B was struck off; C is no longer borne out; D appeared; E became a social organisation."""
    before = small(
        ("A", "a", "enterprise", True, True, "980102", None, True, True, "single"),
        ("B", "b", "enterprise", True, True, "980102", None, True, True, "joint"),
        ("C", "c", "enterprise", True, True, "980102", None, False, False, None),
        ("E", "e", "enterprise", True, True, "980102", None, False, False, None),
    )
    now = small(
        ("A", "a", "enterprise", True, True, "980103", None, True, True, "dispatched"),
        ("B", "b", "enterprise", False, False, "980102", None, True, True, "joint"),
        ("C", "c", "enterprise", True, False, "980102", None, False, False, None),
        ("D", "d", "enterprise", True, True, "980102", None, False, True, None),
        ("E", "e", "social_org", True, True, "980102", None, False, False, None),
    )
    ends = Ends("2017-12", "2016-12", before, now, example_home.districts, example_home.settings, "corroborated")
    states = lambda *what: {row["uscc"]: (row["state0"], row["state1"]) for row in ledger.units(ends, *what).to_dicts()}  # noqa: E731
    enterprises, work = ledger.leg_named("enterprise"), ledger.leg_named("work_coverage")
    assert states(enterprises, "district", "980102", "exited") == {
        "A": ("single", "elsewhere"),
        "B": ("joint", "inactive"),
        "C": ("uncovered", "unrecognised"),
        "E": ("uncovered", "other_sector"),
    }
    assert states(enterprises, "district", "980103", "entered_covered") == {"A": ("elsewhere", "dispatched")}
    assert states(enterprises, "city", "980100", "exited").keys() == {"B", "C", "E"}
    assert states(work, "city", "980100", "new_work_only") == {"D": ("absent", "work_only")}
    moved = ledger.units(ends, enterprises, "district", "980102", "exited").filter(pl.col("uscc") == "A").to_dicts()[0]
    assert (moved["district0"], moved["district1"]) == ("980102", "980103")


def test_what_is_missing_to_double():
    growing = rise(n0=177, d0=479, n1=280, d1=479)
    assert (growing.missing_by_count, growing.missing_by_rate) == (74, 74)
    assert growing.pace == Fraction(103, 12)
    assert growing.months_at_this_pace(74) == 9
    assert rise(n0=10, d0=100, n1=12, d1=60).missing_by_rate == 0
    assert rise(n0=10, d0=100, n1=12, d1=60).missing_by_count == 8
    assert rise(n0=10, d0=100, n1=9, d1=60).months_at_this_pace(3) is None
    over = rise(n0=31, d0=49, n1=42, d1=50)
    assert (over.missing_by_rate, over.missing_by_count, over.beyond_the_base) == (None, 20, True)
    nothing = rise(n0=0, d0=10, n1=3, d1=10)
    assert (nothing.by_count, nothing.by_rate, nothing.missing_by_count, nothing.missing_by_rate) == (None, None, None, None)


@pytest.mark.parametrize(
    ("period", "left", "needed"),
    # 74 units are missing. The year that began in December 2016 is over in December 2017.
    [("2017-01", 11, 7), ("2017-06", 6, 13), ("2017-11", 1, 74), ("2017-12", 0, None), ("2018-03", 0, None)],
)
def test_what_is_needed_a_month_until_the_year_is_over(period, left, needed):
    found = rise(n0=177, d0=479, n1=280, d1=479, period=period)
    assert (found.due, found.months_left, found.needed(found.missing_by_count)) == ("2017-12", left, needed)
    assert found.needed(None) is None and found.needed(0) == (0 if left else None)


DONE = {"doubled_count": False, "doubled_rate": False}


@pytest.mark.parametrize(
    ("numbers", "said", "lacks"),
    [
        (
            {"n0": 177, "d0": 479, "n1": 280, "d1": 479, "period": "2017-06"},
            "“一年双翻番”自基期算起到2017年12月，还有6个月。按数量：每月需净增13家；按比率：每月需净增13家。",
            [74, 74, 13, 13],
        ),
        (
            {"n0": 177, "d0": 479, "n1": 280, "d1": 479},
            "“一年双翻番”自基期算起，2017年12月已满一年。按数量：还差74家；按比率：还差74家。",
            [74, 74, None, None],
        ),
        (
            {"n0": 31, "d0": 49, "n1": 42, "d1": 50, "period": "2017-06"},
            "“一年双翻番”自基期算起到2017年12月，还有6个月。"
            "按数量：翻番要62家，比现有工作对象50家还多；按比率：基期已超过50%，按比率不可能翻番。",
            [None, None, None, None],
        ),
        (
            {"n0": 10, "d0": 100, "n1": 12, "d1": 60, "period": "2017-06", "doubled_rate": True},
            "“一年双翻番”自基期算起到2017年12月，还有6个月。按数量：每月需净增2家；按比率：已翻番。",
            [8, 0, 2, 0],
        ),
    ],
)
def test_until_when_it_is_to_double_is_said_with_what_is_still_needed(numbers, said, lacks):
    found = rise(**DONE | numbers)
    assert growth_words.due_said(SimpleNamespace(words=Words("zh")), found) == said
    assert growth_places.lacks(found) == lacks


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 90), st.integers(0, 90))
def test_what_is_missing_by_rate_is_the_smallest_number_that_doubles_it(n0, rest, n1, more):
    d0, d1 = n0 + rest, max(n1 + more, 1)
    found = rise(n0=n0, d0=d0, n1=n1, d1=d1)
    missing = found.missing_by_rate
    if missing is None:
        assert 2 * n0 > d0
        return
    assert (n1 + missing) * d0 >= 2 * n0 * d1
    assert missing == 0 or (n1 + missing - 1) * d0 < 2 * n0 * d1
    assert n1 + missing <= max(d1, n1)


@pytest.mark.parametrize(
    ("numbers", "case", "shares"),
    [
        ((10, 100, 20, 100), "rise_numerator", None),
        ((10, 100, 10, 50), "rise_denominator", None),
        ((10, 100, 20, 50), "rise_both", (0.5, 0.5)),
        ((10, 100, 40, 200), "rise_numerator_despite", (None, 0.5)),
        ((20, 100, 10, 25), "rise_denominator_despite", (0.5, None)),
        ((20, 100, 10, 100), "fall_numerator", None),
        ((20, 100, 20, 200), "fall_denominator", None),
        ((20, 100, 10, 200), "fall_both", (0.5, 0.5)),
        ((40, 200, 10, 100), "fall_numerator_despite", (None, 0.5)),
        ((10, 100, 20, 400), "fall_denominator_despite", (0.5, None)),
        ((10, 100, 20, 200), "even", None),
        ((10, 100, 10, 100), "still", None),
        ((0, 100, 10, 100), "none", None),
        ((10, 100, 0, 100), "none", None),
    ],
)
def test_a_rise_is_told_by_what_made_it(numbers, case, shares):
    share = rise(**dict(zip(("n0", "d0", "n1", "d1"), numbers, strict=True))).share
    assert share.case == case
    if shares:
        assert (share.numerator, share.denominator) == (pytest.approx(shares[0]), pytest.approx(shares[1]))


def test_a_multiple_is_never_rounded_up_to_a_doubling():
    assert show.times(Fraction(1996, 1000), 2) == "<2.00"
    assert show.times(Fraction(2), 2) == "2.00"
    assert show.times(Fraction(177, 112), 2) == "1.58"
    assert show.times(None, 2) == "—"


def test_the_bars_of_a_ledger_join():
    steps = [charts.Step("n0", "then", 0, 10, "total", "10"), charts.Step("gained", "won", 10, 5, "plus", "+5")]
    steps += [charts.Step("lost", "lost", 12, 3, "minus", "−3"), charts.Step("n1", "now", 0, 12, "total", "12")]
    drawn = charts.ledger(steps, "lost")
    assert [line["x0"] for line in drawn["layout"]["shapes"]] == [10, 15, 12]
    assert drawn["data"][0]["customdata"] == drawn["data"][1]["customdata"] == ["n0", "gained", "lost", "n1"]
    assert [name.startswith("<b>") for name in drawn["layout"]["yaxis"]["ticktext"]] == [False, False, True, False]


def test_the_ledger_on_the_page_adds_up():
    for row in expected("doubling").to_dicts():
        for side, flows in (("n", growth_words.FLOWS), ("d", (("entered", "plus"), ("exited", "minus")))):
            left, right = growth_words.sum_said(Rise(row), side, flows).replace("−", "-").split(" = ")
            assert sum(int(part) for part in left.replace("- ", "-").replace("+ ", "+").split()) == int(right) == row[f"{side}1"]


@pytest.mark.browser
def test_a_click_on_the_ledger_lists_its_units(visit, server, tmp_path):
    import fastexcel

    seen = visit(f"{server.url}/doubling?period=2017-12&pair=coverages&leg=work_coverage", DESK)
    arrive(seen.page, "双翻番")
    row = expected("doubling").filter(
        (pl.col("leg") == "work_coverage") & (pl.col("unit_kind") == "city") & (pl.col("period") == "2017-12")
    )
    card = seen.page.locator('[data-leg="work_coverage"]')
    assert f"{row['n1'][0]}/{row['d1'][0]}" in card.inner_text()
    bars = seen.page.locator(".js-plotly-plot").first
    bars.scroll_into_view_if_needed()
    seen.page.wait_for_timeout(1000)
    box = bars.bounding_box()
    # The fourth of six rows: no longer covered. A small number is hit anywhere in its row.
    seen.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.58)
    in_url(seen.page, "move=lost")
    name = "原有单位失去覆盖"
    seen.page.locator(f'[role=region][aria-label="{name}"]').wait_for(timeout=WAIT)
    shown = rows_of(seen.page, name)
    assert len(shown) == row["lost"][0]
    with seen.page.expect_download(timeout=WAIT) as given:
        seen.page.locator(".st-key-xlsx_units button").click()
    given.value.save_as(tmp_path / "units.xlsx")
    written = fastexcel.read_excel(tmp_path / "units.xlsx").load_sheet("数据").to_polars()
    assert written["统一社会信用代码"].to_list() == [cells[1] for cells in shown]
    seen.assert_quiet()


@pytest.mark.browser
def test_without_a_baseline_the_page_says_why(visit, server):
    seen = visit(f"{server.url}/doubling?period=2017-11", DESK)
    arrive(seen.page, "双翻番")
    said = seen.page.locator(".lx-empty").inner_text()
    assert "2016年11月没有发布" in said
    assert "doubling.baseline" in said
    seen.assert_quiet()


def test_a_baseline_is_the_revision_that_was_looked_back_to(tmp_path):
    from tests.dashboards.releases_fixture import publish

    home: Home = make_home(tmp_path / "home", ("2016-12", "2017-12"))
    publish(home, "2016-12", "r02")
    now = store.picture(home, "2017-12", "r01")
    assert store.looked_back(home, now, "2016-12").revision == "r02"
    now.manifest["looked_back"] = {"2016-12": "r01"}
    assert store.looked_back(home, now, "2016-12").revision == "r01"
    assert store.looked_back(home, now, "2016-11") is None
