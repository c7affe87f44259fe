"""修订: which moved figures stand first, how a small change is said, and every moved row of every table named in words."""

from fractions import Fraction

import polars as pl
import pytest

from dashboards.revised import COMPARED, Difference
from dashboards.screens import revisions
from data.contracts import metrics
from data.releases import open_release
from tests.dashboards.releases_fixture import make_home, publish, tables_of
from tests.dashboards.views import view_of

PERIOD = "2017-12"


@pytest.fixture(scope="module")
def revised(tmp_path_factory):
    """The example city with a second revision: a rate on two bases, a ratio, a unit's mode, targets, lists moved."""
    home = make_home(tmp_path_factory.mktemp("revised") / "home", (PERIOD,))
    tables = tables_of(PERIOD)
    found = tables["metrics"]
    city = (pl.col("unit_kind") == "city") & (pl.col("sector") == "all")
    rate, ratio = city & (pl.col("metric") == "org_coverage"), city & (pl.col("metric") == "joint_load")
    moved = rate & pl.col("basis").is_in(["corroborated", "verified"])
    more = pl.when(moved).then(pl.col("value") + 0.02).when(ratio).then(pl.col("value") + 0.04)
    tables["metrics"] = found.with_columns(value=more.otherwise("value"))
    census = tables["census"].with_row_index()
    first = census.filter(pl.col("mode") == "single")["index"][0]
    tables["census"] = census.with_columns(mode=pl.when(pl.col("index") != first).then(pl.col("mode"))).drop("index")
    tables["worklist"] = tables["worklist"].head(-1)
    tables["targets"] = tables["targets"].with_columns(pace_recent=pl.col("pace_recent").fill_null(0) - 1.5)
    tables["weak_orgs"] = tables["weak_orgs"].with_columns(signs=pl.lit("no_secretary,term_overdue"))
    publish(home, PERIOD, "r02", **tables)
    return home, Difference(
        home, open_release(home, PERIOD, "r01"), open_release(home, PERIOD, "r02"), lambda *named: open_release(home, *named)
    )


def test_the_figure_that_moves_most_on_the_page_stands_first(revised):
    _, difference = revised
    units = [metrics()[row["metric"]].unit for row in difference.figures().to_dicts()]
    assert units[:2] == ["rate", "ratio"], "2.0 points are more than 0.04 of a ratio"


def test_figures_and_trials_are_all_that_moved(revised):
    _, difference = revised
    assert len(difference.figures()) + difference.trials == len(difference.rows("metrics"))
    assert difference.trials == 1


@pytest.mark.parametrize(
    ("change", "unit", "said"),
    [
        (Fraction(4, 100), "ratio", "不足0.1"),
        (Fraction(-4, 10_000), "rate", "不足0.1"),
        (Fraction(0), "rate", "0.0"),
        (Fraction(6, 100), "ratio", "+0.1"),
        (None, "rate", "…"),
    ],
)
def test_a_change_is_never_shown_as_none(revised, change, unit, said):
    home, _ = revised
    assert revisions._changed(view_of(home, revisions.PAGE, PERIOD, "r02"), change, unit) == said


def test_a_unit_without_an_organisation_has_none_and_not_an_unknown_one(revised):
    home, difference = revised
    view = view_of(home, revisions.PAGE, PERIOD, "r02")
    assert revisions._from_to(view, difference.rows("census"), "mode") == "单独组建 → 无：1家"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_moved_row_is_named_and_its_cells_are_said(revised, lang):
    home, difference = revised
    view = view_of(home, revisions.PAGE, PERIOD, "r02", lang)
    said = {}
    for name in COMPARED[2:]:
        if difference.has(name):
            rows = difference.rows(name).to_dicts()
            changed = [(row, column) for row in rows if row["move"] == "changed" for column in difference.columns(name)]
            said[name] = [revisions._row_name(view, difference, name, row) for row in rows]
            said[name] += [revisions._became(view, difference, name, *reversed(pair)) for pair in changed]
    assert said["worklist"] and said["targets"] and said["weak_orgs"]
    assert not any("no_secretary" in each or "org_coverage" in each for each in sum(said.values(), []))
