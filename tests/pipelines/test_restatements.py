"""What is read again and published anew when files vanish or change, and what is not (sources.md: landing, taxpayer_id)."""

from pathlib import Path

import pytest

from data.contracts import sources
from data.home import Home
from data.releases import digest, open_release
from data.targets import asked_for
from pipelines.idle_settings import without_briefing
from pipelines.steps import Published
from tests.homes import REFUSED, again, loaded, old_taxpayer, parks, put, reference, register, rows, run, taxes, uscc
from transforms.differences import causes


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_rows_of_a_path_that_vanished_no_longer_count(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    register(home, "2017-12/registration/b.csv", uscc(2))
    run(home, "2017-12")
    (home.landing / "2017-12/registration/b.csv").unlink()
    with again(home) as session:
        assert session.stale("2017-12")
    assert run(home, "2017-12") == Published("2017-12", "r02")
    release = open_release(home)
    assert release.table("census")["uscc"].to_list() == [uscc(1)]
    assert release.manifest["withdrawn"] == ["2017-12/registration/b.csv"]
    assert release.table("loads")["path"].to_list() == ["2017-12/registration/a.csv"]

    # It stays named while it is gone, in later revisions too, and is forgotten when it is back.
    register(home, "2017-12/registration/a.csv", uscc(3))
    run(home, "2017-12")
    assert open_release(home).manifest["withdrawn"] == ["2017-12/registration/b.csv"]
    register(home, "2017-12/registration/b.csv", uscc(2))
    run(home, "2017-12")
    assert open_release(home).manifest["withdrawn"] == []
    assert open_release(home).table("census")["uscc"].to_list() == sorted([uscc(2), uscc(3)])


def test_a_path_that_loaded_once_is_withdrawn_though_it_was_refused_since_and_one_that_never_did_is_not(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    register(home, "2017-12/registration/b.csv", uscc(2))
    run(home, "2017-12")
    for name in "bc":
        put(home, f"2017-12/registration/{name}.csv", *REFUSED)
    run(home, "2017-12", allow_incomplete=True)
    found = open_release(home).table("findings")
    assert set(found.filter(rule="file_refused")["subject"]) == {f"registration|2017-12/registration/{name}.csv" for name in "bc"}
    for name in "bc":
        (home.landing / f"2017-12/registration/{name}.csv").unlink()
    run(home, "2017-12")
    found = open_release(home).table("findings")
    assert found.filter(rule="delivery_withdrawn")["subject"].to_list() == ["registration|2017-12/registration/b.csv"]


def test_a_delivery_that_vanished_gives_way_to_the_one_before(home):
    register(home, "2017-11/registration/a.csv", uscc(1))
    register(home, "2017-12/registration/a.csv", uscc(2))
    assert rows(home, "2017-12", "registration", "uscc") == [uscc(2)]
    (home.landing / "2017-12/registration/a.csv").unlink()
    assert rows(home, "2017-12", "registration", "uscc") == [uscc(1)]
    with again(home) as session:
        assert session.warehouse.loads("2017-12").is_empty()
        assert session.warehouse.rows(sources()["registration"], "2017-12").is_empty()


def test_a_published_period_whose_files_are_all_gone_is_still_a_period(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    run(home, "2017-12")
    (home.landing / "2017-12/registration/a.csv").unlink()
    with again(home) as session:
        assert session.periods() == ["2017-12"] and session.stale("2017-12")
    assert run(home, "2017-12") == Published("2017-12", "r02")
    release = open_release(home)
    assert release.table("census").is_empty() and release.manifest["missing"] == list(sources())
    assert set(release.table("metrics").filter(metric="org_coverage", sector="all")["reason"]) == {"source_missing:registration"}
    assert release.table("base_numbers")["registered"].is_null().all()


# --- restated ---


def test_nothing_new_is_nothing_to_do(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    run(home, "2017-12")
    with again(home) as session:
        assert not session.stale("2017-12")
    assert not any(loaded(home, "2017-12").values())


def test_the_same_content_written_again_is_nothing_new(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    run(home, "2017-12")
    (home.landing / "2017-12/registration/a.csv").unlink()
    register(home, "2017-12/registration/a.csv", uscc(1))
    with again(home) as session:
        assert not session.stale("2017-12")


def test_a_restated_file_replaces_what_its_path_held(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    parks(home, "2017-12/park/a.csv", "P1")
    run(home, "2017-12")
    register(home, "2017-12/registration/a.csv", uscc(2))
    with again(home) as session:
        assert session.stale("2017-12")
    read = loaded(home, "2017-12")
    assert [source for source, changed in read.items() if changed] == ["registration"]
    assert run(home, "2017-12") == Published("2017-12", "r02")
    assert open_release(home).table("census")["uscc"].to_list() == [uscc(2)]
    assert open_release(home, "2017-12", "r01").table("census")["uscc"].to_list() == [uscc(1)]


def test_a_delivery_restated_concerns_the_periods_that_it_is_carried_into_and_no_others(home):
    register(home, "2017-10/registration/a.csv", uscc(1))
    for month in ("2017-11", "2017-12"):
        parks(home, f"{month}/park/a.csv", "P1")
    register(home, "2017-12/registration/a.csv", uscc(1))
    for month in ("2017-10", "2017-11", "2017-12"):
        run(home, month)
    register(home, "2017-10/registration/a.csv", uscc(1), uscc(2))
    with again(home) as session:
        assert [period for period in session.periods() if session.stale(period)] == ["2017-10", "2017-11"]


def test_a_late_delivery_takes_the_place_of_the_carried_one(home):
    register(home, "2017-10/registration/a.csv", uscc(1))
    parks(home, "2017-12/park/a.csv", "P1")
    run(home, "2017-12")
    register(home, "2017-11/registration/a.csv", uscc(2))
    with again(home) as session:
        assert session.stale("2017-12")
    run(home, "2017-12")
    assert open_release(home, "2017-12").manifest["carried"] == {"registration": "2017-11"}


def test_a_run_after_a_killed_one_reads_what_that_one_did_not(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    parks(home, "2017-12/park/a.csv", "P1")
    assert loaded(home, "2017-12", "registration") == {"registration": True}
    assert {source for source, changed in loaded(home, "2017-12").items() if changed} == {"park"}


# --- reference files ---


def test_what_a_killed_run_left_is_gone_once_the_next_one_is_at_work(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    run(home, "2017-12")
    left = [home.path / ".checks/2017-12-member.arrow", home.releases / ".draft/2017-12/census.parquet"]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with again(home) as session:
        assert not session.stale("2017-12")
    assert [path for path in left if path.exists()] == []


def test_own_headings_concern_their_source_alone(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    put(home, "2017-12/park/a.csv", "园区号,园区名称,级别", "P1,某园,省级")
    assert rows(home, "2017-12", "park", "park_code") is None
    assert loaded(home, "2017-12", "registration") == {"registration": True}
    reference(home, "headings.toml", '[park.headings]\npark_code = ["园区号"]\n')
    assert loaded(home, "2017-12", "park", "registration") == {"park": True, "registration": False}
    assert rows(home, "2017-12", "park", "park_code") == ["P1"]


def test_own_type_names_concern_the_register(home):
    put(
        home,
        "2017-12/registration/a.csv",
        "统一社会信用代码,企业名称,企业类型,登记状态,成立日期",
        f"{uscc(1)},某公司,民营公司,存续,2010-01-01",
    )
    parks(home, "2017-12/park/a.csv", "P1")
    assert rows(home, "2017-12", "registration", "uscc") == []
    loaded(home, "2017-12", "park")
    reference(home, "type_names.csv", "name,code\n民营公司,1130\n")
    assert loaded(home, "2017-12", "park", "registration") == {"park": False, "registration": True}
    assert rows(home, "2017-12", "registration", "uscc") == [uscc(1)]


def test_another_site_key_concerns_persons(home):
    put(home, "2017-12/member/a.csv", "党员编号,党组织代码,人员类别", "M1,B1,正式")
    put(home, "2017-12/instructor/a.csv", "指导员编号,统一社会信用代码,起始日期", f"I1,{uscc(1)},2017-01-01")
    parks(home, "2017-12/park/a.csv", "P1")
    before = rows(home, "2017-12", "member", "member_id")
    loaded(home, "2017-12")
    (home.secrets / "pseudonym.key").write_text("ab" * 32)
    assert {source for source, changed in loaded(home, "2017-12").items() if changed} == {"member", "instructor"}
    assert rows(home, "2017-12", "member", "member_id") != before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("settings.toml", "recognition_ratio = 0.2"),
        ("districts.csv", "code,name\n980102,东屏区\n"),
        ("targets.csv", "metric,sector,unit_kind,unit_code,due,value,source\n"),
    ],
)
def test_settings_districts_and_targets_concern_the_release_but_no_reading(home, name, text):
    register(home, "2017-12/registration/a.csv", uscc(1))
    run(home, "2017-12")
    reference(home, name, text)
    with again(home) as session:
        assert session.stale("2017-12")
    assert not any(loaded(home, "2017-12").values())
    assert run(home, "2017-12").revision == "r02"
    # Targets have defaults of the project, which count where the office has none.
    manifest = open_release(home).manifest
    assert set(manifest["reference"]) == {name, "targets.csv"} and manifest["own_reference"] == [name]
    # What was asked for is kept, whatever the file says later.
    asked = Home(home.path).targets
    (home.reference / "targets.csv").write_text("metric,sector,unit_kind,unit_code,due,value\n", encoding="utf-8")
    assert asked_for(manifest) == asked


@pytest.mark.parametrize("before", [None, "recognition_ratio = 0.2\n", 'recognition_ratio = 0.2\n\n[city]\nname = "九八市"\n'])
def test_what_is_set_for_briefings_moves_no_figure(home, before):
    register(home, "2017-12/registration/a.csv", uscc(1))
    if before is not None:
        reference(home, "settings.toml", before)
    run(home, "2017-12")
    for text in ('classification = "内部资料"', 'classification = "秘密★1年"\noffice = "两新工委"'):
        reference(home, "settings.toml", f"{before or ''}\n[briefing]  # 简报\n{text}\n")
        with again(home) as session:
            assert not session.stale("2017-12"), text
    reference(home, "settings.toml", (before or "").replace("0.2", "0.3") + "[briefing]\noffice = '两新工委'\n[staffing]\nnational = 9\n")
    with again(home) as session:
        assert session.stale("2017-12")


def test_nor_is_it_named_where_figures_moved(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    register(home, "2017-12/registration/b.csv", uscc(2))
    reference(home, "settings.toml", "recognition_ratio = 0.2\n")
    run(home, "2017-12")
    reference(home, "settings.toml", "recognition_ratio = 0.2\n\n[briefing]\nclassification = '内部资料'\n")
    (home.landing / "2017-12/registration/b.csv").unlink()
    run(home, "2017-12")
    manifest = open_release(home).manifest
    assert {tuple(each["files"]) for each in manifest["changes"]} == {("2017-12/registration/b.csv",)}
    assert manifest["reference"]["settings.toml"] == digest(home.reference_file("settings.toml"))
    assert causes(open_release(home, "2017-12", "r01").manifest, manifest).reference == {}
    reference(home, "settings.toml", "recognition_ratio = 0.3\n\n[briefing]\nclassification = '秘密'\n")
    register(home, "2017-12/registration/b.csv", uscc(2))
    run(home, "2017-12")
    named = {path for each in open_release(home).manifest["changes"] for path in each["files"]}
    assert named == {"2017-12/registration/b.csv", "reference/settings.toml"}


@pytest.mark.parametrize(
    ("settings", "rest"),
    [
        ("a = 1\n", "a = 1\n"),
        ("a = 1\n\n[briefing]\noffice = 'x'\n", "a = 1\n"),
        ("a = 1\r\n[briefing]\r\noffice = 'x'\r\n[city]\r\nname = 'y'\r\n", "a = 1\r\n[city]\r\nname = 'y'\r\n"),
        ("[briefing]\noffice = 'x'\n", ""),
        # What can't be told apart counts whole: the worst that happens is a month computed anew.
        ("briefing = {office = 'x'}\n", "briefing = {office = 'x'}\n"),
        ('[briefing]\noffice = """\n[city]\n"""\n', '[briefing]\noffice = """\n[city]\n"""\n'),
        ("[briefing\n", "[briefing\n"),
    ],
)
def test_the_section_of_briefings_is_cut_out_whole_or_not_at_all(settings, rest):
    assert without_briefing(settings.encode()) == rest.encode()


# --- tax: old numbers are matched anew when the registers change ---


def taxpayers(home: Home, period: str) -> list | None:
    return rows(home, period, "tax", "taxpayer_id")


def test_an_old_number_is_matched_with_the_registers_of_its_period(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    taxes(home, "2017-12/tax/a.csv", old_taxpayer(uscc(1)), old_taxpayer(uscc(2)), uscc(3))
    assert taxpayers(home, "2017-12") == sorted([uscc(1), uscc(3)])
    with again(home) as session:
        assert session.warehouse.rejected("2017-12")["reason"].to_list() == ["taxpayer_unmatched"]


def test_tax_is_read_again_when_the_register_was_restated(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    taxes(home, "2017-12/tax/a.csv", old_taxpayer(uscc(2)))
    assert taxpayers(home, "2017-12") == []
    register(home, "2017-12/registration/a.csv", uscc(1), uscc(2))
    assert loaded(home, "2017-12", "tax") == {"tax": True}
    assert taxpayers(home, "2017-12") == [uscc(2)]
    assert loaded(home, "2017-12", "tax") == {"tax": False}


def test_a_second_unit_with_the_same_organisation_code_makes_it_nobodys(home):
    twin = uscc(1, authority="220102")
    register(home, "2017-12/registration/a.csv", uscc(1))
    taxes(home, "2017-12/tax/a.csv", old_taxpayer(uscc(1)))
    assert taxpayers(home, "2017-12") == [uscc(1)]
    register(home, "2017-12/registration/b.csv", twin, status="注销")
    assert taxpayers(home, "2017-12") == []


def test_a_unit_in_both_registers_is_one(home):
    register(home, "2017-12/registration/a.csv", uscc(1))
    put(
        home,
        "2017-12/social_org/a.csv",
        "统一社会信用代码,社会组织名称,社会组织类型,登记状态,成立登记日期",
        f"{uscc(1)},某协会,社会团体,注销,2010-01-01",
    )
    taxes(home, "2017-12/tax/a.csv", old_taxpayer(uscc(1)))
    assert taxpayers(home, "2017-12") == [uscc(1)]


def test_a_carried_delivery_is_matched_with_the_registers_of_its_own_period(home):
    register(home, "2017-11/registration/a.csv", uscc(1))
    taxes(home, "2017-11/tax/a.csv", old_taxpayer(uscc(1)), old_taxpayer(uscc(2)))
    register(home, "2017-12/registration/a.csv", uscc(2))
    assert taxpayers(home, "2017-12") == [uscc(1)]


def test_registers_carried_into_the_period_of_the_tax_delivery_serve_it(home):
    register(home, "2017-10/registration/a.csv", uscc(1))
    taxes(home, "2017-12/tax/a.csv", old_taxpayer(uscc(1)))
    assert taxpayers(home, "2017-12") == [uscc(1)]
    # A register for the period itself takes its place, and the number with it.
    register(home, "2017-12/registration/a.csv", uscc(2))
    assert taxpayers(home, "2017-12") == []
    # One that cannot be read is no delivery: the one before serves again.
    put(home, "2017-12/registration/a.csv", *REFUSED)
    assert taxpayers(home, "2017-12") == [uscc(1)]


def test_a_rematch_makes_the_periods_stale_that_the_delivery_is_carried_into(home):
    register(home, "2017-11/registration/a.csv", uscc(1))
    taxes(home, "2017-11/tax/a.csv", old_taxpayer(uscc(2)))
    register(home, "2017-12/registration/a.csv", uscc(2))
    run(home, "2017-12")
    assert open_release(home).table("census")["taxpayer"].to_list() == [False]
    register(home, "2017-11/registration/a.csv", uscc(1), uscc(2))
    with again(home) as session:
        assert session.stale("2017-12")
    assert run(home, "2017-12").revision == "r02"
    assert open_release(home).table("census")["taxpayer"].to_list() == [True]
