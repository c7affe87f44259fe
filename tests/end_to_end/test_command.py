"""The command line over a whole home: what it prints, its exit codes, and what stands in the releases afterwards."""

import io
import json
import re
import shutil
import zipfile
from itertools import cycle
from pathlib import Path
from unicodedata import normalize

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from dashboards import store
from dashboards.answer_book import book_bytes, districts, form_of
from dashboards.casebook import open_casebook
from data.contracts import tables
from data.home import Home
from data.releases import current, open_release
from data.words import Words
from tests.end_to_end.command import EXAMPLE, example_home, liangxin
from transforms.citation import code

pytestmark = pytest.mark.end_to_end
PERIOD = "2017-12"


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Home:
    """One month of the example city, published once. Tests that change it take a copy."""
    home = example_home(tmp_path_factory.mktemp("city") / "home", PERIOD)
    done = liangxin("run", "--home", home.path, "--json")
    assert done.code == 0, done.err
    assert done.facts["published"] == {PERIOD: "r01"}
    return home


@pytest.fixture
def copy(city, tmp_path) -> Home:
    shutil.copytree(city.path, tmp_path / "home")
    return Home(tmp_path / "home")


def file_of(home: Home, source: str, start: str) -> Path:
    return next(path for path in sorted((home.landing / PERIOD / source).rglob("*")) if path.name.startswith(start))


def test_a_second_run_changes_nothing(city):
    manifest = open_release(city, PERIOD).manifest
    done = liangxin("run", "--home", city.path, "--json")
    assert (done.code, done.facts["published"], done.facts["unchanged"]) == (0, {}, {PERIOD: "r01"})
    assert open_release(city, PERIOD).manifest == manifest


def test_the_manifest_states_what_the_contract_names(city):
    manifest = open_release(city, PERIOD).manifest
    named = "period revision created_at program definitions basis engine inputs reference tables carried missing checks changes"
    assert set(named.split()) <= set(manifest)
    assert set(manifest["tables"]) == set(tables())
    assert manifest["checks"].keys() >= {"passed", "failed", "not_run"}
    assert manifest["checks"]["passed"] and not manifest["checks"]["failed"]
    reports = open_release(city, PERIOD).reports
    assert sorted(reports) == manifest["checks"]["passed"]
    assert all(report["outcomes"] and all(one["passed"] for one in report["outcomes"]) for report in reports.values())
    files = (path for path in city.landing.rglob("*") if path.is_file() and path.name[0] not in ".~")
    assert sorted(manifest["inputs"]) == sorted(str(path.relative_to(city.landing)) for path in files)


def test_a_restated_file_makes_a_new_revision_that_says_what_moved(copy):
    path = file_of(copy, "social_insurance", "00_")
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(lines[: len(lines) // 2]) + b"\n")
    done = liangxin("run", "--home", copy.path, "--json")
    assert (done.code, done.facts["published"]) == (0, {PERIOD: "r02"})
    changes = open_release(copy, PERIOD).manifest["changes"]
    relative = str(path.relative_to(copy.landing))
    assert changes and all(change["files"] == [relative] for change in changes)
    moved = next(
        change
        for change in changes
        if change["metric"] == "org_coverage" and change["unit_kind"] == "city" and change["basis"] == "verified"
    )
    figures = {revision: open_release(copy, PERIOD, revision).table("metrics") for revision in ("r01", "r02")}
    for revision, side in (("r01", "old"), ("r02", "new")):
        row = figures[revision].filter(metric="org_coverage", unit_kind="city", basis="verified", sector=moved["sector"]).row(0, named=True)
        assert [row["numerator"], row["denominator"], row["value"]] == moved[side]
    # What the checks said of a delivery goes with it: of the one read anew anew, of the others as it was said.
    before, after = (open_release(copy, PERIOD, revision).reports for revision in ("r01", "r02"))
    assert after["raw.social_insurance"]["rows"] < before["raw.social_insurance"]["rows"]
    assert {name for name in after if name.startswith("raw.")} == {name for name in before if name.startswith("raw.")}
    assert after["raw.registration"] == before["raw.registration"]


def test_a_month_asked_for_alone_is_published_with_what_an_earlier_one_delivered(tmp_path):
    home = Home(tmp_path / "home")
    shutil.copytree(EXAMPLE / "home" / "reference", home.reference)
    for source, month in (("registration", "2017-11"), ("social_org", "2017-11"), ("tax", PERIOD)):
        shutil.copytree(EXAMPLE / "home" / "landing" / PERIOD / source, home.landing / month / source)
    done = liangxin("run", "--home", home.path, "--period", PERIOD, "--json")
    assert (done.code, done.facts["published"]) == (0, {PERIOD: "r01"}), done.err
    # All of it is checked, however old it is.
    checked = {name for name in open_release(home, PERIOD).reports if name.startswith("raw.")}
    assert checked == {"raw.registration", "raw.social_org", "raw.tax"}


def test_a_vanished_file_no_longer_counts_and_is_named(copy):
    path = file_of(copy, "registration", "00_")
    relative = str(path.relative_to(copy.landing))
    before = len(open_release(copy, PERIOD).table("census"))
    path.unlink()
    done = liangxin("run", "--home", copy.path, "--json")
    assert done.facts["published"] == {PERIOD: "r02"}
    release = open_release(copy, PERIOD)
    assert release.manifest["withdrawn"] == [relative]
    assert relative not in release.manifest["inputs"]
    assert relative not in release.table("loads")["path"]
    assert len(release.table("census")) < before


def test_a_refused_file_stops_its_period_until_it_is_set_aside(copy):
    path = file_of(copy, "registration", "00_").with_name("09_没有表头.csv")
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    relative = str(path.relative_to(copy.landing))
    done = liangxin("run", "--home", copy.path)
    assert done.code == 1
    assert relative in done.out and "统一社会信用代码" in done.out and "--allow-incomplete" in done.out
    assert current(copy) == {PERIOD: "r01"}
    allowed = liangxin("run", "--home", copy.path, "--allow-incomplete", "--json")
    assert (allowed.code, allowed.facts["published"]) == (0, {PERIOD: "r02"})
    load = open_release(copy, PERIOD).table("loads").filter(path=relative).row(0, named=True)
    assert load["refused"] == ["统一社会信用代码", "企业名称", "企业类型代码", "登记状态", "成立日期"]
    assert [load[name] for name in ("rows_read", "rows_loaded", "rows_rejected", "rows_skipped")] == [0, 0, 0, 0]
    assert open_release(copy, PERIOD).table("census").equals(open_release(copy, PERIOD, "r01").table("census"))


def test_what_is_no_delivery_is_named_and_refuses_nothing(copy):
    (copy.landing / "说明.txt").write_text("x", encoding="utf-8")
    (copy.landing / PERIOD / "气象").mkdir()
    (copy.landing / PERIOD / "tax" / "备注.doc").write_text("x", encoding="utf-8")
    done = liangxin("run", "--home", copy.path, "--json")
    assert (done.code, done.facts["published"]) == (0, {})
    assert done.facts["strays"] == [f"{PERIOD}/tax/备注.doc", f"{PERIOD}/气象", "说明.txt"]


WRONG_CALLS = """
walk
run --no-such-option
run --period 2017-13
sample --units few
export --table metrics --period 2017-12
export --table tax --period 2017-12 --to x.csv
export --table metrics --period 1999-01 --to x.csv
export --table metrics --period 2017-12 --to x.doc
explain
explain 组织覆盖率
explain 201712.1-7KQM2X9P
explain 201711.1-7KQM2X9P
explain 201712.9-7KQM2X9P
"""


@pytest.mark.parametrize("call", WRONG_CALLS.strip().splitlines())
def test_a_wrong_call_ends_with_2_and_one_line(city, call):
    verb, *rest = call.split()
    done = liangxin(verb, *rest, *([] if verb == "walk" else ["--home", city.path]))
    assert done.code == 2
    assert done.out == "" and 1 <= len(done.err.strip().splitlines()) <= 2


def spoil_settings(home: Home) -> None:
    (home.reference / "settings.toml").write_text("carry_over_months = -1\n", encoding="utf-8")


def spoil_warehouse(home: Home) -> None:
    home.warehouse.write_bytes(b"no database" * 1000)
    file_of(home, "tax", "00_").unlink()


def lose_key(home: Home) -> None:
    (home.secrets / "pseudonym.key").unlink()
    file_of(home, "tax", "00_").unlink()


@pytest.mark.parametrize(
    ("spoil", "named"), [(spoil_settings, "settings.toml"), (spoil_warehouse, "warehouse.duckdb"), (lose_key, "pseudonym.key")]
)
def test_a_home_that_is_not_fit_ends_with_3_and_says_what_to_do(copy, spoil, named):
    spoil(copy)
    done = liangxin("run", "--home", copy.path)
    assert done.code == 3
    assert named in done.err and len(done.err.strip().splitlines()) <= 2


def test_an_empty_home_says_what_it_waits_for(tmp_path):
    done = liangxin("run", "--home", tmp_path)
    assert done.code == 0
    assert "no landing files yet" in done.out


def test_a_mistyped_home_is_no_empty_one(tmp_path):
    for verb in ("run", "verify"):
        done = liangxin(verb, "--home", tmp_path / "nowhere")
        assert (done.code, done.out) == (3, "")
        assert "nowhere: there is no such home" in done.err


def test_a_landing_folder_that_is_gone_publishes_nothing(copy):
    (copy.landing).rename(copy.path / "unplugged")
    done = liangxin("run", "--home", copy.path)
    assert done.code == 3
    assert "Is its drive there?" in done.err
    assert current(copy) == {PERIOD: "r01"}


def test_a_district_s_form_is_filled_in_elsewhere_and_read_back(copy, tmp_path):
    release = open_release(copy, PERIOD)
    casebook = open_casebook(copy, store.picture(copy, PERIOD, release.revision))
    forms = {district: book_bytes(form_of(Words("zh"), casebook, district)) for district in districts(casebook)}
    for form in forms.values():  # no pseudonym leaves the office
        parts = zipfile.ZipFile(io.BytesIO(form))
        assert not any(re.search(rb"[0-9a-f]{64}", parts.read(name)) for name in parts.namelist())
    assert sorted(forms) == sorted({"files", *release.table("findings")["district_code"].drop_nulls()})
    district = max(forms.keys() - {"files"}, key=lambda code: len(forms[code]))
    cells = fastexcel.read_excel(forms[district]).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars().rows()
    top = next(number for number, row in enumerate(cells) if row[0] == "线索编号")
    places = {heading.rstrip(" *"): at for at, heading in enumerate(cells[top])}
    published = release.table("findings").filter(district_code=district)
    assert {row[0] for row in cells[top + 1 :]} == set(published["fingerprint"])
    answers = [
        {"核查结论": "时滞", "情况说明": "正在办理注销。", "答复人": "某区 李某"},
        {"核查结论": "不清楚", "情况说明": "待查", "答复人": "某区 李某"},
    ]
    with xlsxwriter.Workbook(str(tmp_path / "答复.xlsx")) as book:  # as another spreadsheet program writes it
        sheet = book.add_worksheet("核查线索")
        for number, row in enumerate(cells):
            answer = answers[number - top - 1] if 0 < number - top <= len(answers) else {}
            for at, value in enumerate(row):
                if written := next((said for heading, said in answer.items() if places[heading] == at), value):
                    sheet.write_string(number, at, written)
    done = liangxin("answers", tmp_path / "答复.xlsx", "--home", copy.path, "--json")
    assert (done.code, done.facts["stored"], done.facts["blank"]) == (1, 1, published.height - 2)
    assert [(line["row"], line["column"]) for line in done.facts["wrong"]] == [(top + 3, "Conclusion")]
    again = liangxin("answers", tmp_path / "答复.xlsx", "--home", copy.path, LIANGXIN_LANG="zh")
    assert "1 条与已有答复相同" in again.out and f"第 {top + 3} 行「核查结论」" in again.out
    case = open_casebook(copy, store.picture(copy, PERIOD, release.revision)).case(cells[top + 1][0])
    assert (case.status, case.disposition) == ("answered", "lag")


def test_verify_names_the_table_that_is_not_what_was_published(copy):
    assert liangxin("verify", "--home", copy.path, "--json").facts == {"releases": 1, "briefings": 0, "problems": [], "entries": 0}
    path = open_release(copy, PERIOD).file("metrics")
    pl.read_parquet(path).head(10).write_parquet(path)
    done = liangxin("verify", "--home", copy.path)
    assert done.code == 3
    assert f"{PERIOD} r01" in done.out and "metrics" in done.out


def test_doctor_says_that_a_fit_home_is_fit(copy):
    (copy.secrets / "pseudonym.key").chmod(0o600)
    done = liangxin("doctor", "--home", copy.path, "--json")
    assert (done.code, done.facts["fit"]) == (0, True)
    (copy.secrets / "pseudonym.key").chmod(0o644)
    assert liangxin("doctor", "--home", copy.path).code == 3


def test_every_table_is_exported_in_every_form(city, tmp_path):
    release = open_release(city, PERIOD)
    # Each table in one form, those that are read back below in the form that it is read back in.
    forms = dict(zip(release.manifest["tables"], cycle(("parquet", "csv", "xlsx")))) | {
        "metrics": "parquet",
        "loads": "csv",
        "census": "xlsx",
    }
    assert set(forms.values()) == {"parquet", "csv", "xlsx"}
    for table, ending in [*forms.items(), ("census", "csv")]:
        file = tmp_path / f"{table}.{ending}"
        done = liangxin("export", "--home", city.path, "--table", table, "--period", PERIOD, "--to", file, "--json")
        assert done.code == 0, done.err
        assert done.facts["rows"] == release.manifest["tables"][table]["rows"]
    assert pl.read_parquet(tmp_path / "metrics.parquet").equals(release.table("metrics"))
    assert len(pl.read_csv(tmp_path / "census.csv", infer_schema=False)) == release.manifest["tables"]["census"]["rows"]
    sheet = fastexcel.read_excel(tmp_path / "census.xlsx").load_sheet(0, dtypes="string").to_polars()
    assert set(release.table("census")["uscc"]) <= {cell for row in sheet.rows() for cell in row}


def written(line: bytes) -> str:
    """A line as it stands in a file, whatever its encoding and however wide its letters: letters and digits alone."""
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = line.decode("gb18030")
    return "".join(letter for letter in normalize("NFKC", text).upper() if letter.isalnum())


COVERAGE = ("corroborated", "district", "980104", "all", "org_coverage")


def test_explain_opens_a_figure_down_to_the_lines_that_name_its_units(city):
    row = open_release(city, PERIOD).table("metrics").filter(basis="corroborated", unit_code="980104", sector="all", metric="org_coverage")
    figure = row.row(0, named=True)
    done = liangxin("explain", code(PERIOD, "r01", "metrics", COVERAGE).lower(), "--all", "--home", city.path, "--json")
    assert done.code == 0, done.err
    assert [done.facts[name] for name in ("numerator", "denominator", "value")] == [
        figure[name] for name in ("numerator", "denominator", "value")
    ]
    sides = {side["side"]: side for side in done.facts["sides"]}
    listed = {name: {row["subject"] for row in side["listed"]} for name, side in sides.items()}
    assert len(listed["numerator"]) == figure["numerator"] and len(listed["denominator"]) == figure["denominator"]
    assert listed["rest"] == listed["denominator"] - listed["numerator"]
    # The lines of registers, read from the files themselves: each names the unit.
    checked = 0
    for row in sides["denominator"]["listed"]:
        assert {origin["source"] for origin in row["origins"]} & {"registration", "social_org"}
        for origin in row["origins"]:
            path = city.landing / origin["path"]
            if origin["source"] in ("registration", "social_org") and path.suffix.lower() == ".csv":
                assert row["subject"] in written(path.read_bytes().split(b"\n")[origin["line"] - 1])
                checked += 1
    assert checked > 10


def test_explain_opens_a_count_of_findings_to_those_that_it_counts(city):
    rows = open_release(city, PERIOD).table("findings").filter(district_code="980104", severity="S")
    asked = code(PERIOD, "r01", "findings_count", ("district", "980104", "S"), "listed")
    done = liangxin("explain", asked, "--all", "--home", city.path, "--json")
    assert (done.code, done.facts["value"]) == (0, rows.height), done.err
    assert {row["subject"] for row in done.facts["sides"][0]["listed"]} == set(rows["fingerprint"])
    assert liangxin("explain", asked, "--limit", "1", "--home", city.path).out.startswith(f"{asked}  Findings · standing  {rows.height}\n")


def test_explain_in_words_lists_the_first_rows_and_how_many_more(city):
    asked = code(PERIOD, "r01", "metrics", COVERAGE)
    done = liangxin("explain", asked, "--limit", "3", "--home", city.path)
    assert done.out.startswith(f"{asked}  Organisation coverage  ")
    assert "Numerator: work objects that an active party organisation covers" in done.out
    assert "more rows (--all lists them)" in done.out and " line " in done.out
    said = liangxin("explain", asked, "--limit", "0", "--home", city.path, LIANGXIN_LANG="zh").out
    assert "组织覆盖率" in said and "分子：已被在册党组织覆盖的工作对象" in said and "印证口径（签批）" in said


def test_explain_says_what_a_figure_is_in_the_current_revision(copy):
    path = file_of(copy, "org_link", "00_")
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(lines[: len(lines) // 2]) + b"\n")
    assert liangxin("run", "--home", copy.path).code == 0
    city = ("corroborated", "city", "980100", "all", "org_coverage")
    done = liangxin("explain", code(PERIOD, "r01", "metrics", city), "--limit", "1", "--home", copy.path, "--json")
    now = open_release(copy, PERIOD).table("metrics").filter(basis="corroborated", unit_kind="city", sector="all", metric="org_coverage")
    assert done.facts["current"]["revision"] == "r02"
    assert done.facts["current"]["code"] == code(PERIOD, "r02", "metrics", city)
    assert done.facts["current"]["numerator"] == now["numerator"][0] != done.facts["numerator"]
    assert "In r02, which is, the figure is" in liangxin("explain", done.facts["code"], "--limit", "0", "--home", copy.path).out


def test_words_are_chinese_unless_english_is_asked_for(city):
    assert "无变化" in liangxin("run", "--home", city.path, LIANGXIN_LANG="zh").out
    assert "unchanged" in liangxin("run", "--home", city.path, LIANGXIN_LANG="en").out
    assert json.loads(liangxin("run", "--home", city.path, "--json", LIANGXIN_LANG="zh").out)["unchanged"] == {PERIOD: "r01"}
