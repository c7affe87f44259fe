"""A period is revised when what it looks at in earlier periods is, and not when anything else in them is."""

import json
from pathlib import Path

import pytest

from dashboards.revised import Difference, two_revisions
from data.home import Home, HomeUnfit
from data.releases import open_release
from data.words import Words
from pipelines.lookback import Lookback
from pipelines.steps import Published
from tests.homes import again, put, reference, register, run, taxes, uscc

UNITS = [uscc(number) for number in range(1, 5)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    reference(home, "districts.csv", "code,name\n980102,东屏区\n")
    reference(home, "settings.toml", '[city]\ncode = "980100"\nname = "九八市"\n')
    reference(
        home, "targets.csv", "metric,sector,unit_kind,unit_code,due,value,source\norg_coverage,enterprise,city,980100,2018-12,0.9,甲\n"
    )
    return home


def deliver(home: Home, period: str, covered: list[str], names: str = "某公司", fewer_members: bool = False) -> None:
    register(home, f"{period}/registration/a.csv", *UNITS)
    text = (home.landing / f"{period}/registration/a.csv").read_text(encoding="utf-8")
    (home.landing / f"{period}/registration/a.csv").write_text(text.replace("某公司", names), encoding="utf-8")
    put(home, f"{period}/social_org/a.csv", "统一社会信用代码,名称,类型,状态,成立日期", f"{uscc(9)},某协会,社会团体,正常,2010-01-01")
    taxes(home, f"{period}/tax/a.csv", *UNITS)
    put(home, f"{period}/social_insurance/a.csv", "统一社会信用代码,参保人数", *(f"{code},120" for code in UNITS))
    put(home, f"{period}/party_org/a.csv", "党组织代码,党组织名称,组织类别,组建方式,成立日期", "B1,某支部,党支部,联合组建,2010-01-01")
    put(home, f"{period}/org_link/a.csv", "党组织代码,统一社会信用代码,覆盖起始日期", *(f"B1,{code},2010-01-01" for code in covered))
    kept = UNITS[1:] if fewer_members else UNITS
    put(
        home,
        f"{period}/member/a.csv",
        "身份证号,党组织代码,工作单位统一社会信用代码,人员类别",
        *(f"11010519491231002{n},B1,{code},正式党员" for n, code in enumerate(kept)),
    )


def published(home: Home, *periods: str) -> None:
    for period in periods:
        assert run(home, period).revision is not None


def stale(home: Home) -> list[str]:
    with again(home) as session:
        return [period for period in session.periods() if session.stale(period)]


def test_what_is_looked_back_to_is_stated(home):
    for period in ("2016-12", "2017-10", "2017-11", "2017-12"):
        deliver(home, period, UNITS[:1])
        published(home, period)
    assert open_release(home).manifest["looked_back"] == {"2016-12": "r01", "2017-10": "r01", "2017-11": "r01"}
    assert open_release(home, "2016-12").manifest["looked_back"] == {}
    assert stale(home) == []
    reference(home, "settings.toml", '[city]\ncode = "980100"\n[doubling]\nbaseline = "2017-10"\n')
    assert Lookback(Home(home.path), "2017-12").baseline.period == "2017-10"
    assert Lookback(Home(home.path), "2017-10").baseline is None


def test_a_restated_baseline_revises_the_doubling_measured_from_it(home):
    for period, covered in (("2016-12", UNITS[:1]), ("2017-12", UNITS[:3])):
        deliver(home, period, covered)
        published(home, period)
    deliver(home, "2016-12", UNITS[:2])
    assert stale(home) == ["2016-12"]
    assert run(home, "2016-12") == Published("2016-12", "r02")
    assert stale(home) == ["2017-12"]
    assert run(home, "2017-12") == Published("2017-12", "r02")
    manifest = open_release(home).manifest
    assert manifest["looked_back"] == {"2016-12": "r02"}
    moved = {(change["leg"], *change["old"], *change["new"]) for change in manifest["changes"] if change["table"] == "doubling"}
    assert ("enterprise", 1, 4, 3, 4, 2, 4, 3, 4) in moved
    # The file that moved them is the other month's.
    assert {tuple(change["files"]) for change in manifest["changes"]} == {("2016-12/org_link/a.csv",)}
    assert stale(home) == []


def test_what_a_later_period_does_not_look_at_does_not_revise_it(home):
    for period in ("2016-12", "2017-12"):
        deliver(home, period, UNITS[:1])
        published(home, period)
    deliver(home, "2016-12", UNITS[:1], names="改名公司")
    assert run(home, "2016-12") == Published("2016-12", "r02")
    assert stale(home) == []


def test_lines_that_move_in_the_month_before_move_the_evidence_of_this_one(home):
    for period in ("2017-11", "2017-12"):
        deliver(home, period, UNITS[:1])
    put(home, "2017-12/social_insurance/a.csv", "统一社会信用代码,参保人数", *(f"{code},20" for code in UNITS))
    published(home, "2017-11", "2017-12")
    lines = lambda: sorted(  # noqa: E731
        row["line"]
        for found in open_release(home).table("findings").filter(rule="headcount_jump")["evidence"]
        for row in json.loads(found)["rows"]
        if row["path"].startswith("2017-11/")
    )
    assert lines() == [2, 3, 4, 5]
    file = home.landing / "2017-11/social_insurance/a.csv"
    file.write_text("2017年11月参保情况\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    published(home, "2017-11")
    assert stale(home) == ["2017-12"]
    published(home, "2017-12")
    assert lines() == [3, 4, 5, 6]


def test_since_when_runs_through_the_months_one_after_another(home):
    for period in ("2017-10", "2017-11", "2017-12"):
        deliver(home, period, UNITS[:1])
        published(home, period)
    since = lambda: open_release(home).table("worklist").filter(list="large100_no_org")["since"].to_list()  # noqa: E731
    assert since() == ["2017-10"] * 3
    # In October the second unit was covered: off its lists, and back in November.
    deliver(home, "2017-10", UNITS[:2])
    published(home, "2017-10")
    assert stale(home) == ["2017-11", "2017-12"]
    published(home, "2017-11", "2017-12")
    assert sorted(since()) == ["2017-10", "2017-10", "2017-11"]
    assert stale(home) == []


def test_the_pace_looks_at_the_figures_of_its_targets_alone(home):
    for period in ("2017-10", "2017-11", "2017-12"):
        deliver(home, period, UNITS[:1])
        published(home, period)
    reference(
        home,
        "targets.csv",
        (home.reference / "targets.csv").read_text(encoding="utf-8") + "secretary_in_post,all,city,980100,2018-12,1,乙\n",
    )
    assert stale(home) == ["2017-10", "2017-11", "2017-12"]
    published(home, "2017-10", "2017-11", "2017-12")
    pace = lambda: open_release(home).table("targets").filter(metric="org_coverage")["pace_recent"].item()  # noqa: E731
    assert pace() == 0.0
    deliver(home, "2017-10", [])
    published(home, "2017-10", "2017-11", "2017-12")
    assert pace() == 0.5


def opener(home):
    return lambda *named: open_release(home, *named)


def test_the_difference_of_two_revisions_names_the_file_the_units_and_the_values(home):
    for period, covered in (("2016-12", UNITS[:1]), ("2017-12", UNITS[:3])):
        deliver(home, period, covered)
        published(home, period)
    deliver(home, "2016-12", UNITS[:2])
    published(home, "2016-12", "2017-12")

    told = Difference(home, *two_revisions(home, opener(home), "2016-12"), opener(home)).facts()
    assert (told["from"], told["to"]) == ("r01", "r02")
    assert told["files"] == [{"path": "2016-12/org_link/a.csv", "move": "changed", "units_moved": 1}]
    assert told["tables"]["census"] == {"added": 0, "removed": 0, "changed": 1}
    # No instructors and mass organisations were delivered: work coverage is not known, and so it did not move.
    assert told["census_columns"] == {"covered": 1, "mode": 1}
    city = next(
        row for row in told["figures"] if (row["metric"], row["unit_kind"], row["sector"]) == ("org_coverage", "city", "enterprise")
    )
    assert (city["old"], city["new"]) == ([1, 4, 0.25], [2, 4, 0.5])

    later = Difference(home, *two_revisions(home, opener(home), "2017-12"), opener(home))
    assert later.facts()["looked_back"] == [
        {
            "period": "2016-12",
            "from": "r01",
            "to": "r02",
            "files": {"2016-12/org_link/a.csv": "changed"},
            "units_moved": {"2016-12/org_link/a.csv": 1},
        }
    ]
    assert later.facts()["figures"] == [] and later.counts["doubling"]["changed"] > 0
    for lang in ("zh", "en"):
        assert any("2016-12/org_link/a.csv" in line for line in later.lines(Words(lang)))
    assert two_revisions(home, opener(home), "2016-12", "r02", "r01")[0].revision == "r02"


def test_one_revision_has_nothing_before_it(home):
    deliver(home, "2017-12", UNITS[:1])
    published(home, "2017-12")
    assert two_revisions(home, opener(home), "2017-12")[0] is None


def test_another_base_moves_no_pace_and_a_shop_moves_no_doubling(home):
    for period in ("2016-12", "2017-10", "2017-11", "2017-12"):
        deliver(home, period, [])
        published(home, period)
    # One enterprise more in October, not covered: another denominator, and the same numerator; a rate of 0 that does not rise.
    register(home, "2017-10/registration/b.csv", uscc(7))
    taxes(home, "2017-10/tax/b.csv", uscc(7))
    # A self-employed unit more at the baseline: no work object.
    put(home, "2016-12/registration/b.csv", "统一社会信用代码,企业名称,企业类型,登记状态,成立日期", f"{uscc(8)},某店,9500,存续,2010-01-01")
    assert run(home, "2016-12").revision == "r02" and run(home, "2017-10").revision == "r02"
    # The month after compares its base with October's (base_shrink); the one after that looks at numerators alone.
    assert stale(home) == ["2017-11"]
    published(home, "2017-11")
    assert stale(home) == []


def test_a_release_without_the_lists_is_no_earlier_list(home):
    for period in ("2017-11", "2017-12"):
        deliver(home, period, UNITS[:1])
        published(home, period)
    # As a release of before there were lists.
    manifest = open_release(home, "2017-11").path / "manifest.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    for table in ("worklist", "weak_orgs"):
        del facts["tables"][table], facts["signatures"][table]
    manifest.write_text(json.dumps(facts), encoding="utf-8")
    published(home, "2017-12")
    assert set(open_release(home).table("worklist")["since"]) == {"2017-12"}


def test_a_damaged_earlier_release_is_named(home):
    for period in ("2017-10", "2017-11", "2017-12"):
        deliver(home, period, UNITS[:1])
        published(home, period)
    (open_release(home, "2017-10").path / "metrics.parquet").write_bytes(b"PAR1")
    with again(home) as session, pytest.raises(HomeUnfit, match="2017-10 r01"):
        session.stale("2017-12")
