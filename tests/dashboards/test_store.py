"""What the pages read of releases."""

import json

import polars as pl
import pytest

from dashboards import store
from data.contracts import metrics
from data.releases import NoSuchRelease
from tests.dashboards.releases_fixture import expected, make_home, publish
from transforms import small_cells


def test_every_figure_is_found_as_published_but_for_few_members(example_home):
    now = store.picture(example_home, "2017-12", "r01")
    units, published = (expected(name).filter(pl.col("period") == "2017-12") for name in ("units", "metrics"))
    hidden = small_cells.hidden(published, units, metrics().values(), 5, 300)
    assert hidden.height
    for row in small_cells.apply(published, hidden).to_dicts():
        found = now.figure(row["metric"], row["unit_kind"], row["unit_code"], row["sector"], row["basis"])
        assert (found.numerator, found.denominator, found.value, found.reason) == tuple(
            row[name] for name in ("numerator", "denominator", "value", "reason")
        )


def test_a_metric_without_basis_is_found_under_any(example_home):
    now = store.picture(example_home, "2017-12", "r01")
    assert now.bases("centre_rate") == {"-"}
    assert now.figure("secretary_in_post", "city", "980100", "all", "verified") == now.figure(
        "secretary_in_post", "city", "980100", "all", "-"
    )


def test_sectors_are_those_of_the_kind_of_unit(example_home):
    now = store.picture(example_home, "2017-11", "r01")
    assert now.sectors("park_unit_share", "district") == ()
    assert set(now.sectors("org_coverage", "district")) >= {"all", "enterprise", "social_org", "self_employed"}


def test_compared_with_a_year_ago_else_the_last_before(example_home):
    newest = store.picture(example_home, "2017-12", "r01")
    found, is_year = store.compared_with(example_home, newest)
    assert (found.period, is_year) == ("2016-12", True)
    found, is_year = store.compared_with(example_home, store.picture(example_home, "2017-11", "r01"))
    assert (found.period, is_year) == ("2017-10", False)
    assert store.compared_with(example_home, store.picture(example_home, "2016-12", "r01")) == (None, False)


def test_thirteen_months_name_those_that_are_not_published(example_home):
    months = store.thirteen_months(example_home, store.picture(example_home, "2017-12", "r01"))
    assert [month for month, _ in months] == ["2016-12", *(f"2017-{number:02d}" for number in range(1, 13))]
    assert [month for month, picture in months if picture] == ["2016-12", "2017-10", "2017-11", "2017-12"]


@pytest.mark.parametrize(
    ("code", "period", "leads_to"),
    [
        ("980112", "2017-10", "980112"),
        ("980112", "2017-12", "980111"),
        ("980120", "2017-12", "980102"),
        ("980191", "2017-12", "000000"),
        ("000000", "2017-12", "000000"),
    ],
)
def test_districts_that_merged_are_followed(example_home, code, period, leads_to):
    assert store.followed(example_home, code, period) == leads_to


def test_rejections_are_counted_as_published(example_home):
    now = store.picture(example_home, "2017-12", "r01")
    rows = expected("rejected").filter(pl.col("period") == "2017-12")
    assert now.rejections["rows"].sum() == rows.height
    first = now.rejections.to_dicts()[0]
    assert now.rejected(first["source"], first["reason"]).collect().height == first["rows"]


def test_a_release_that_is_not_there_says_so(example_home):
    with pytest.raises(NoSuchRelease):
        store.picture(example_home, "2017-12", "r09")


def test_a_home_made_anew_is_read_anew(tmp_path):
    home = make_home(tmp_path / "home", ("2017-12",))
    before = store.picture(home, "2017-12", "r01").figure("org_coverage", "city", "980100", "all", "corroborated")
    import shutil

    shutil.rmtree(home.releases)
    publish(home, "2017-12", metrics=expected("metrics").filter((pl.col("period") == "2017-12") & (pl.col("metric") != "org_coverage")))
    after = store.picture(home, "2017-12", "r01").figure("org_coverage", "city", "980100", "all", "corroborated")
    assert before.value is not None
    assert after.value is None


@pytest.mark.parametrize("torn", [True, False])
def test_a_former_revision_that_can_not_be_read_is_passed_over(home, torn):
    publish(home, "2017-12", "r02", created_at="2018-02-01T00:00:00+00:00")
    publish(home, "2017-12", "r03", created_at="2018-03-01T00:00:00+00:00")
    for name in ("r02", "r01"):
        path = home.releases / "2017-12" / name / "manifest.json"
        path.write_text("{") if torn else path.unlink()
        now = store.picture(home, "2017-12", "r03")
        assert store.restated(home, now)[0] == ("r01" if name == "r02" else None)
        assert all(stamp.endswith("r01" if name == "r02" else "r03") for stamp in store.first_seen(home, now).values())
        assert (store.first_of(home, now) is None) == (name == "r01")
        assert store.until(home, now)[1] == (["2017-12 r02"] if name == "r02" else ["2017-12 r01", "2017-12 r02"])


def test_withdrawn_and_restated_files_against_the_revision_before(home):
    path = home.releases / "2017-12" / "r01" / "manifest.json"
    old = json.loads(path.read_text(encoding="utf-8"))
    gone, changed = sorted(old["inputs"])[:2]
    loads = expected("loads").filter((pl.col("period") == "2017-12") & (pl.col("path") != gone))
    loads = loads.with_columns(sha256=pl.when(pl.col("path") == changed).then(pl.lit("0" * 64)).otherwise("sha256"))
    publish(home, "2017-12", "r02", created_at="2018-02-01T00:00:00+00:00", loads=loads)
    now = store.picture(home, "2017-12", "r02")
    assert store.restated(home, now) == ("r01", [gone], [changed])
    since = store.first_seen(home, now)
    assert since[changed].endswith("r02")
    assert all(stamp.endswith("r01") for path, stamp in since.items() if path != changed)
