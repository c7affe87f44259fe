"""Which delivery counts for which period: how far it is carried, and what is no delivery (definitions.md, 'Effective delivery')."""

from pathlib import Path

import pytest

from data.contracts import sources
from data.home import Home
from data.releases import current, open_release
from pipelines.deliveries import Deliveries
from pipelines.reading.landing import LandedFile, Landing
from pipelines.steps import Published
from tests.homes import REFUSED, again, parks, put, reference, register, rows, run, taxes, uscc

CARRIED = dict.fromkeys(sources(), 2) | {"park": 11, "funding": 11, "recruit_quota": 11, "survey": 12}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def effective(home: Home, source: str, period: str, *landed: str) -> str | None:
    files = tuple(LandedFile(month, source, f"{month}/{source}/a.csv", "0" * 64) for month in landed)
    return Deliveries(home, Landing(files, ()), {}).effective(sources()[source], period)


# --- how far back ---


@pytest.mark.parametrize("source", list(sources()))
def test_how_long_a_delivery_is_carried(home, source):
    back = {2: ("2017-10", "2017-09"), 11: ("2017-01", "2016-12"), 12: ("2016-12", "2016-11")}
    last, too_old = back[CARRIED[source]]
    assert effective(home, source, "2017-12", "2017-12") == "2017-12"
    assert effective(home, source, "2017-12", last) == last
    assert effective(home, source, "2017-12", too_old) is None


def test_the_newest_counts_and_never_a_later_one(home):
    landed = ("2017-09", "2017-10", "2017-12", "2018-01")
    assert [effective(home, "tax", period, *landed) for period in ("2017-08", "2017-09", "2017-11", "2017-12", "2018-03", "2018-04")] == [
        None, "2017-09", "2017-10", "2017-12", "2018-01", None,
    ]  # fmt: skip


@pytest.mark.parametrize(("months", "oldest"), [(0, "2017-12"), (1, "2017-11"), (5, "2017-07"), (12, "2016-12")])
def test_the_setting_moves_all_but_the_annual_ones(home, months, oldest):
    reference(home, "settings.toml", f"carry_over_months = {months}")
    landed = ["2016-11", "2016-12", "2017-01"] + [f"2017-{month:02d}" for month in range(2, 13)]
    for source, own in CARRIED.items():
        known = Deliveries(home, Landing(tuple(LandedFile(month, source, month, "") for month in landed), ()), {})
        window = known.window(sources()[source], "2017-12")
        assert window[-1] == {2: oldest, 11: "2017-01", 12: "2016-12"}[own], source
        assert window == sorted(window, reverse=True)


def test_carried_rows_count_and_the_release_says_so(home):
    register(home, "2017-10/registration/a.csv", uscc(1), uscc(2))
    parks(home, "2017-01/park/a.csv", "P1")
    parks(home, "2017-12/park/.hidden.csv", "P9")
    taxes(home, "2017-09/tax/a.csv", uscc(1))
    put(home, "2017-12/funding/a.csv", "行政区划代码,年度,经费项目,金额")
    assert run(home, "2017-12") == Published("2017-12", "r01")
    release = open_release(home)
    assert release.manifest["carried"] == {"registration": "2017-10", "park": "2017-01"}
    assert "tax" in release.manifest["missing"] and "funding" not in release.manifest["missing"]
    assert set(release.manifest["inputs"]) == {"2017-01/park/a.csv", "2017-10/registration/a.csv", "2017-12/funding/a.csv"}
    assert release.table("loads")["path"].to_list() == ["2017-12/funding/a.csv"]
    assert len(release.table("census")) == 2


# --- refused ---


def test_a_delivery_of_which_no_file_could_be_read_is_no_delivery(home):
    register(home, "2017-11/registration/a.csv", uscc(1))
    put(home, "2017-12/registration/a.csv", *REFUSED)
    assert rows(home, "2017-12", "registration", "uscc") == [uscc(1)]
    with again(home) as session:
        report = session.load("registration", "2017-12")
        assert report.in_effect == "2017-11"
        assert list(session.refused("2017-12")) == ["2017-12/registration/a.csv"]
        assert session.refused("2017-11") == {}


def test_a_delivery_with_nothing_behind_it_is_missing(home):
    put(home, "2017-12/registration/a.csv", *REFUSED)
    assert rows(home, "2017-12", "registration", "uscc") is None


def test_a_delivery_counts_when_one_of_its_files_can_be_read(home):
    register(home, "2017-11/registration/a.csv", uscc(1))
    register(home, "2017-12/registration/a.csv", uscc(2))
    put(home, "2017-12/registration/b.csv", *REFUSED)
    assert rows(home, "2017-12", "registration", "uscc") == [uscc(2)]


def test_a_delivery_of_a_header_alone_is_a_delivery(home):
    register(home, "2017-11/registration/a.csv", uscc(1))
    register(home, "2017-12/registration/a.csv")
    assert rows(home, "2017-12", "registration", "uscc") == []


def test_a_period_that_rests_on_a_refused_file_waits_until_it_is_mended_or_set_aside(home):
    register(home, "2017-11/registration/a.csv", uscc(1))
    put(home, "2017-12/registration/a.csv", *REFUSED)
    held = run(home, "2017-12")
    assert held.revision is None and "2017-12/registration/a.csv has no header: 统一社会信用代码" in held.why
    assert current(home) == {}

    assert run(home, "2017-12", allow_incomplete=True) == Published("2017-12", "r01")
    manifest = open_release(home).manifest
    assert manifest["carried"] == {"registration": "2017-11"}
    assert set(manifest["inputs"]) == {"2017-11/registration/a.csv", "2017-12/registration/a.csv"}
    assert open_release(home).table("loads")["refused"].to_list()[0][0] == "统一社会信用代码"

    register(home, "2017-12/registration/a.csv", uscc(2), uscc(3))
    assert run(home, "2017-12") == Published("2017-12", "r02")
    assert open_release(home).manifest["carried"] == {}
    assert open_release(home).table("census")["uscc"].to_list() == [uscc(2), uscc(3)]


def test_a_refused_file_holds_up_the_periods_that_it_is_carried_into(home):
    register(home, "2017-11/registration/a.csv", uscc(1))
    put(home, "2017-11/registration/b.csv", *REFUSED)
    put(home, "2017-10/registration/c.csv", *REFUSED)
    parks(home, "2017-12/park/a.csv", "P1")
    assert "2017-11/registration/b.csv" in run(home, "2017-12").why
