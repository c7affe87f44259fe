"""What a briefing looks at: the same figures and cases as the pages show a reader of the whole city, from every sound release."""

import json
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboards import casebook, store
from data.casework import Act, open_casework
from data.home import Home, HomeUnfit
from data.outbox import folder
from data.releases import NoSuchRelease
from data.words import Words
from pipelines.briefing import filing, month
from pipelines.briefing.reading import facts
from tests.dashboards.releases_fixture import make_home, publish, tables_of
from tests.transforms.claims.made import slip

PERIOD, TODAY = "2017-12", date(2018, 1, 20)


@pytest.fixture(scope="module")
def still(tmp_path_factory) -> Home:
    """For tests that only read."""
    return make_home(tmp_path_factory.mktemp("reading") / "home")


@pytest.fixture
def home(tmp_path) -> Home:
    return make_home(tmp_path / "home")


def test_what_moved_in_a_year_is_what_the_release_has_as_doubling(still):
    known = facts(still, PERIOD, TODAY)
    assert known.now.legs
    assert known.moves[0] == known.now.legs
    assert known.moves[12].keys() == known.now.legs.keys()
    for key, row in known.now.legs.items():
        assert known.moves[12][key] == pytest.approx(row), key


def test_what_moved_in_a_month_ends_at_the_published_figures(still):
    known = facts(still, PERIOD, TODAY)
    row = known.moves[1]["org_coverage", "city", known.now.city]
    then, now = (known.city("org_coverage", of=of).figure for of in (known.back[1], known.now))
    assert (row["baseline"], row["n0"], row["d0"], row["n1"], row["d1"]) == (
        "2017-11", then.numerator, then.denominator, now.numerator, now.denominator,
    )  # fmt: skip
    assert row["n1"] - row["n0"] == row["gained"] - row["lost"] + row["entered_covered"] - row["exited_covered"]


def test_a_leg_without_its_source_has_no_row(still, home):
    path = home.releases / "2017-11" / "r01" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"missing": ["instructor"]}))
    whole, lacking = (facts(each, PERIOD, TODAY).moves[1] for each in (still, home))
    assert whole.keys() - lacking.keys() == {key for key in whole if key[0] == "work_coverage"}


def test_months_that_are_not_published_are_not_there(still):
    known = facts(still, PERIOD, TODAY)
    assert list(known.back) == [1, 12]
    assert [month for month, one in known.months if one] == ["2016-12", "2017-10", "2017-11", "2017-12"]
    assert len(known.months) == 13
    assert known.current("2017-06") is None and known.revision(PERIOD, "r07") is None
    assert known.current("2017-11") is known.back[1]


def test_figures_and_cases_are_those_that_the_pages_show(still):
    known, page = facts(still, PERIOD, TODAY), store.picture(still, PERIOD, "r01")
    assert_frame_equal(known.now.metrics, page.metrics)
    assert known.now.manifest == page.manifest
    book = casebook.open_casebook(still, page, TODAY)
    assert_frame_equal(known.cases, book.every, check_row_order=False)


def test_small_counts_of_members_are_hidden(home):
    (home.reference / "settings.toml").write_text("[protection]\nsmallest_member_cell = 1000000\n")
    known = facts(Home(home.path), PERIOD, TODAY)
    assert "suppressed" in set(known.now.metrics["reason"])
    assert known.city("member_unit_coverage").figure.value is not None  # units are counted there, no members


def acted(home: Home, **more) -> tuple[str, Act]:
    row = facts(home, PERIOD, TODAY).cases.filter(pl.col("moved") == "stayed").sort("fingerprint").row(0, named=True)
    act = Act(row["fingerprint"], row["rule"], PERIOD, "assigned", "某人", assignee="某科", **more)
    open_casework(home).add([act])
    return row["fingerprint"], act


def case(home: Home, name: str, today: date, period: str = PERIOD) -> dict:
    return facts(home, period, today).cases.filter(pl.col("fingerprint") == name).row(0, named=True)


def test_what_people_did_counts_and_days_set_pass(home):
    name, _ = acted(home, due=date(2018, 1, 31))
    assert case(home, name, TODAY)["status"] == "assigned"
    assert [case(home, name, day)["overdue"] for day in (date(2018, 1, 31), date(2018, 2, 1))] == [False, True]
    page = store.picture(home, PERIOD, "r01")
    assert_frame_equal(facts(home, PERIOD, TODAY).cases, casebook.open_casebook(home, page, TODAY).every, check_row_order=False)


def test_of_a_month_that_is_not_the_newest_days_are_overdue_by_its_last(still):
    assert facts(still, "2017-11", TODAY).due_on == date(2017, 11, 30)
    assert facts(still, PERIOD, TODAY).due_on == TODAY


def test_a_casework_that_cannot_be_read_leaves_the_findings_standing(home):
    bare = facts(home, PERIOD, TODAY).cases
    acted(home)
    (home.path / "casework.sqlite").write_bytes(b"no database")
    known = facts(home, PERIOD, TODAY)
    assert_frame_equal(known.cases, bare, check_row_order=False)
    assert known.casework and "casework.sqlite" in known.casework


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("manifest.json", "torn"),
        ("metrics.parquet", "gone"),
        ("metrics.parquet", "torn"),
        ("census.parquet", "gone"),
        ("census.parquet", "cut short"),
        ("findings.parquet", "cut short"),
        ("targets.parquet", "torn"),
    ],
)
def test_an_earlier_release_that_cannot_be_read_is_as_one_that_is_not_published(home, file, damage):
    for period in ("2016-12", "2017-11"):  # the baseline, and the month before
        harm(home.releases / period / "r01" / file, damage)
    known = facts(home, PERIOD, TODAY)
    assert list(known.back) == [] and list(known.moves) == [0]
    assert [name for name, one in known.months if one] == ["2017-10", PERIOD]
    assert known.now.metrics.height and known.now.targets is not None
    document = month.compose(known, Words("zh"))
    reasons = {each.reason for section in document.sections for each in section.left_out}
    assert any(each.startswith("unpublished") for each in reasons)


@pytest.mark.parametrize("file", ["metrics.parquet", "manifest.json"])
def test_a_former_revision_that_cannot_be_read_stops_nothing(home, file):
    publish(home, PERIOD, "r02")
    path = home.releases / PERIOD / "r02" / "manifest.json"
    change = {"table": "metrics", "old": [1, 2, 0.5], "new": [1, 3, 0.3], "files": ["x"]}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"changes": [change]}))
    harm(home.releases / PERIOD / "r01" / file, "torn")
    known = facts(home, PERIOD, TODAY)
    assert known.now.revision == "r02" and known.revision(PERIOD, "r01") is None
    # What it hid nobody can tell any more: which files moved what stays, without the numbers.
    assert known.now.manifest["changes"] == [change | {"old": [None] * 3, "new": [None] * 3}]


@pytest.mark.parametrize("file", ["manifest.json", "metrics.parquet", "census.parquet", "findings.parquet"])
def test_the_release_of_the_month_itself_is_named_where_it_is_damaged(home, file):
    harm(home.releases / PERIOD / "r01" / file, "torn")
    with pytest.raises(HomeUnfit, match="Release 2017-12 r01 cannot be read: .*liangxin verify"):
        facts(home, PERIOD, TODAY)


def harm(path, damage: str) -> None:
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"{" if damage == "torn" else path.read_bytes()[:-9])


def test_former_revisions_count_and_damaged_ones_are_stepped_over(home):
    gone = tables_of(PERIOD)["findings"]
    publish(home, PERIOD, "r02", findings=gone.head(0))
    whole = facts(home, PERIOD, TODAY)
    assert set(whole.cases["moved"].drop_nulls()) >= {"gone"}
    (home.releases / PERIOD / "r01" / "manifest.json").write_text("{")
    (home.releases / "2017-10" / "r01" / "findings.parquet").write_bytes(b"torn")
    known = facts(home, PERIOD, TODAY)
    assert known.now.revision == "r02" and known.revision(PERIOD, "r01") is None
    assert known.cases is not None


def test_a_release_without_findings_has_no_cases(tmp_path):
    home = make_home(tmp_path / "home", ("2016-12",))
    path = home.releases / "2016-12" / "r01" / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["tables"]["findings"]
    path.write_text(json.dumps(manifest))
    assert facts(home, "2016-12", TODAY).cases is None


def test_what_is_not_published_or_damaged_is_said(home, tmp_path):
    with pytest.raises(NoSuchRelease, match="2018-03 is not published"):
        facts(home, "2018-03", TODAY)
    with pytest.raises(NoSuchRelease, match="Published: nothing"):
        facts(Home(tmp_path / "nowhere"), PERIOD, TODAY)
    (home.releases / PERIOD / "r01" / "manifest.json").write_text("{")
    with pytest.raises(HomeUnfit, match="Release 2017-12 r01 cannot be read"):
        facts(home, PERIOD, TODAY)


def test_settings_of_the_briefing_and_broken_targets(home):
    (home.reference / "settings.toml").write_text('[briefing]\nclassification = "内部资料"\noffice = "某市两新工委"\n')
    (home.reference / "targets.csv").write_text("metric\n")
    known = facts(Home(home.path), PERIOD, TODAY)
    assert (known.classification, known.office, list(known.wanted)) == ("内部资料", "某市两新工委", [])


def test_briefings_of_before_are_those_of_other_releases_and_of_the_language(home):
    for one in (slip("2017-11"), slip(PERIOD), slip("2018-01"), slip("2017-10", lang="en")):
        filing.put(home, one, {"pdf": b"%PDF"})
    assert [each.period for each in facts(home, PERIOD, TODAY).earlier] == ["2017-11"]
    assert [each.period for each in facts(home, PERIOD, TODAY, "en").earlier] == ["2017-10"]
    publish(home, PERIOD, "r02")
    filing.put(home, replace(slip(PERIOD, revision="r02")), {"pdf": b"%PDF"})
    assert [(each.period, each.revision) for each in facts(home, PERIOD, TODAY).earlier] == [("2017-11", "r01"), (PERIOD, "r01")]
    (folder(home, "2017-11") / "month_2017-11_r01.json").write_text("{")
    assert [each.period for each in facts(home, PERIOD, TODAY).earlier] == [PERIOD]
