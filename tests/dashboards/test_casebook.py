"""The cases of a home: what is counted is what the releases hold, what was not run is not gone, and what people did is kept."""

import json
import shutil
from datetime import date
from decimal import Decimal

import fastexcel
import polars as pl
import pytest
import streamlit as st

from dashboards import (
    answer_book,
    casebook,
    finding_evidence,
    findings,
    findings_book,
    findings_choice,
    reporting,
    store,
)
from dashboards.findings import Choice
from dashboards.screens import finding as finding_page
from dashboards.screens import findings as page
from data.casework import open_casework
from data.contracts import rules
from data.home import Home
from data.releases import Release
from data.words import Words
from expectations.findings import fingerprint
from tests.dashboards.findings_fixture import MONTHS, TODAY, UNIT, act, book_of, found, make, moved, newest, restate
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.views import view_of


@pytest.fixture
def made(tmp_path) -> Home:
    return make(tmp_path / "findings")


@pytest.fixture(scope="module")
def still(tmp_path_factory) -> Home:
    """The same home for tests that store nothing."""
    return make(tmp_path_factory.mktemp("findings") / "home")


def test_what_came_stayed_went_and_was_not_looked_at(still):
    assert moved(book_of(still)) == {
        "taxed_after_exit": "stayed",
        "single_many_units": "again",
        "joint_overload": "gone",
        "survey_org_differs": "unchecked",
        "headcount_jump": "new",
        "member_two_orgs": "new",
        "return_differs": "new",
        "many_rejected": "new",
    }
    assert book_of(still).not_run == {"survey_org_differs": ["survey"]}
    assert book_of(still).cases.filter(pl.col("rule") == "taxed_after_exit")["age"][0] == 2


def test_the_months_add_up(still):
    sums = findings.balance(book_of(still).cases)
    assert sums == {"before": 3, "gone": 1, "new": 4, "again": 1, "now": 7, "unchecked": 1, "passed": 0}
    assert sums["before"] - sums["gone"] + sums["new"] + sums["again"] == sums["now"]


@pytest.mark.parametrize("period", ["2016-12", "2017-10", "2017-11", "2017-12"])
def test_the_numbers_are_those_of_the_release(example_home, period):
    book = casebook.open_casebook(example_home, store.picture(example_home, period, "r01"), TODAY)
    mine = expected("findings").filter(pl.col("period") == period)
    assert set(book.here["fingerprint"]) == set(mine["fingerprint"])
    assert {key: sums["here"] for key, sums in findings.tally(book.cases, "rule").items() if sums["here"]} == findings.counts(mine, "rule")
    by_district = {key: sums["here"] for key, sums in findings.tally(book.cases, "district_code").items() if sums["here"]}
    assert by_district == findings.counts(mine, "district_code")
    assert findings.tally(book.cases)[None]["here"] == mine.height
    sums = findings.balance(book.cases)
    assert sums["before"] - sums["gone"] + sums["new"] + sums["again"] == sums["now"] == mine.height + sums["unchecked"]


def test_a_release_without_the_table_has_no_casebook(tmp_path):
    home = make_home(tmp_path / "home", ("2017-12",))
    picture = store.picture(home, "2017-12", "r01")
    del picture.manifest["tables"]["findings"]
    assert casebook.open_casebook(home, picture) is None


def test_a_month_in_which_nothing_was_found_is_empty_and_not_broken(tmp_path):
    home = make_home(tmp_path / "home", ())
    publish(home, "2017-12", findings=found())
    book = book_of(home)
    assert (book.cases.height, findings.balance(book.cases)["now"], findings.chosen(book.cases, Choice()).height) == (0, 0, 0)


def test_what_people_did_stands_beside_what_the_data_say(made):
    store_of = open_casework(made)
    store_of.add([act("taxed_after_exit", UNIT, "assigned", assignee="东屏区", due=date(2018, 1, 31))])
    store_of.add([act("headcount_jump", UNIT, "answered", disposition="lag", note="缴费跨月", until="2018-03")])
    store_of.add([act("survey_org_differs", UNIT, "assigned", period="2017-11", assignee="北泽区", due=date(2018, 3, 1))])
    book = book_of(made)
    cases = {each["rule"]: each for each in book.cases.to_dicts()}
    assert (cases["taxed_after_exit"]["status"], cases["taxed_after_exit"]["overdue"]) == ("assigned", True)
    assert (cases["headcount_jump"]["status"], cases["headcount_jump"]["disposition"]) == ("explained", "lag")
    assert (cases["survey_org_differs"]["status"], cases["survey_org_differs"]["overdue"]) == ("assigned", False)
    assert cases["joint_overload"]["status"] == "closed"
    # As of the month before, what speaks of this one did not happen, and its own days had not passed.
    before = {each["rule"]: each for each in book_of(made, "2017-11").cases.to_dicts()}
    assert (before["taxed_after_exit"]["status"], before["survey_org_differs"]["status"]) == ("open", "assigned")
    assert findings.tally(book.cases)[None] == {"here": 6, "came": 5, "gone": 1, "open": 5, "late": 1, "explained": 1, "long": 0}


def test_a_casework_that_cannot_be_read_leaves_the_findings_standing(made, monkeypatch):
    monkeypatch.setenv("LIANGXIN_CASEWORK", "mysql://nowhere/x")
    book = book_of(made)
    assert book.here.height == 6
    assert "LIANGXIN_CASEWORK" in book.trouble


def test_two_who_act_at_once_are_both_kept_and_told(made):
    first = act("taxed_after_exit", UNIT, "assigned", assignee="东屏区")
    assert casebook.act(made, newest(made), first, drawn=0) == []
    others = casebook.act(
        made, newest(made), act("taxed_after_exit", UNIT, "answered", disposition="entry", note="已更正", who="李某"), drawn=0
    )
    assert [(event.who, event.kind) for event in others] == [("王某", "assigned")]
    assert [step.what for step in book_of(made).case(first.fingerprint).steps] == ["found", "assigned", "answered"]


def test_each_further_act_is_followed_and_none_twice(made):
    acts = [
        act("taxed_after_exit", UNIT, "assigned", assignee="东屏区"),
        act("return_differs", "980103|enterprise", "answered", disposition="definition", note="口径不同", fact="counted", low=Decimal(40)),
        act("taxed_after_exit", UNIT, "answered", disposition="pending", note="在查"),
        act("return_differs", "980103|enterprise", "returned", note="请再核"),
    ]
    standing = []
    for each in acts:
        casebook.act(made, newest(made), each, drawn=0)
        statuses = dict(book_of(made).cases.select("rule", "status").rows())
        standing.append((statuses["taxed_after_exit"], statuses["return_differs"]))
    assert standing == [("assigned", "open"), ("assigned", "explained"), ("answered", "explained"), ("answered", "open")]
    assert [len(events) for events in book_of(made).events.values()] == [2, 2]


def test_a_casework_put_back_from_an_older_copy_is_read_anew(made):
    casebook.act(made, newest(made), act("taxed_after_exit", UNIT, "assigned", assignee="东屏区"), drawn=0)
    casebook.act(made, newest(made), act("return_differs", "980103|enterprise", "assigned", assignee="北泽区"), drawn=0)
    assert book_of(made).cases.filter(pl.col("status") == "assigned").height == 2
    (made.path / "casework.sqlite").unlink()
    casebook.act(made, newest(made), act("headcount_jump", UNIT, "assigned", assignee="北泽区"), drawn=0)
    assert book_of(made).cases.filter(pl.col("status") == "assigned")["rule"].to_list() == ["headcount_jump"]


def test_a_copy_with_as_many_acts_is_told_from_the_store_that_it_took_the_place_of(made):
    for rule, subject in (("taxed_after_exit", UNIT), ("return_differs", "980103|enterprise")):
        (made.path / "casework.sqlite").unlink(missing_ok=True)
        casebook.act(made, newest(made), act(rule, subject, "assigned", assignee="东屏区"), drawn=0)
        assert book_of(made).cases.filter(pl.col("status") == "assigned")["rule"].to_list() == [rule]
    # Put back, and acted on further than before.
    (made.path / "casework.sqlite").unlink()
    for rule, subject in (("headcount_jump", UNIT), ("taxed_after_exit", UNIT)):
        casebook.act(made, newest(made), act(rule, subject, "assigned", assignee="北泽区"), drawn=0)
    assert set(book_of(made).cases.filter(pl.col("status") == "assigned")["rule"]) == {"headcount_jump", "taxed_after_exit"}
    (made.path / "casework.sqlite").unlink()
    assert book_of(made).cases.filter(pl.col("status") == "assigned").is_empty()


@pytest.mark.parametrize("file", ["manifest.json", "findings.parquet"])
@pytest.mark.parametrize("torn", [True, False])
def test_a_damaged_former_release_is_left_out_and_named(made, file, torn):
    restate(made, "2017-11", MONTHS["2017-11"], revision="r02")
    path = made.releases / "2017-11" / "r01" / file
    path.write_bytes(path.read_bytes()[:100]) if torn else path.unlink()
    book = book_of(made)
    assert book.lost == ["2017-11 r01"]
    assert moved(book)["taxed_after_exit"] == "stayed"
    assert book.case(fingerprint("taxed_after_exit", UNIT)).opened == "2017-10"


def test_a_month_of_which_nothing_is_left_is_named_too(made):
    shutil.rmtree(made.releases / "2017-10")
    assert book_of(made).lost == ["2017-10 r01"]
    assert book_of(made, "2017-11").before is None


def test_nothing_is_new_against_a_month_that_nobody_looked_at(tmp_path):
    home = make_home(tmp_path / "home", ("2016-12", "2017-11"))
    for period in ("2016-12", "2017-11"):
        path = home.releases / period / "r01" / "manifest.json"
        stated = json.loads(path.read_text(encoding="utf-8"))
        del stated["tables"]["findings"]
        path.write_text(json.dumps(stated), encoding="utf-8")
    restate(home, "2017-12", MONTHS["2017-12"])
    book = book_of(home)
    assert (book.before, book.first) == (None, "2017-12")
    desk = page.Desk(view_of(home, page.PAGE, "2017-12"), book, Choice())
    # New, gone, and long on the list: nobody knows.
    assert [page._numbers(desk, findings.tally(book.cases)[None])[place] for place in (1, 2, 6)] == ["…"] * 3


def test_the_rules_that_were_run_are_those_that_the_manifest_names(tmp_path):
    home = make_home(tmp_path / "home", ())
    restate(home, "2017-11", MONTHS["2017-11"], {"ran": ["taxed_after_exit", "joint_overload", "survey_org_differs"]})
    restate(home, "2017-12", MONTHS["2017-12"], {"ran": [name for name in rules() if name != "joint_overload"]})
    assert moved(book_of(home))["joint_overload"] == "unchecked"
    assert book_of(home).not_run == {"joint_overload": []}
    mark = fingerprint("headcount_jump", UNIT)
    assert [each.seen for each in book_of(home).sightings(mark)] == [None, True]
    said = findings_choice.why_not_run(Words("zh"), book_of(home), "joint_overload")
    assert said == "这一版发布时还没有这条规则"


def test_a_rule_that_is_no_more_keeps_its_findings(tmp_path):
    home = make_home(tmp_path / "home", ())
    known = {"many_rejected": "was_many_rejected", "return_differs": "was_return_differs"}
    for period in ("2017-11", "2017-12"):
        rows = found(*MONTHS["2017-12"]).with_columns(pl.col("rule").replace(known), period=pl.lit(period), since=pl.lit(period))
        publish(home, period, findings=rows)
    book, words = book_of(home), Words("zh")
    assert moved(book)["was_return_differs"] == "stayed"
    assert list(findings.severities(book.cases))[-2:] == ["was_many_rejected", "was_return_differs"]
    assert words.rule("was_return_differs") == "was_return_differs"
    view = view_of(home, page.PAGE, "2017-12")
    assert "was_return_differs" in {each[1] for each in findings_book.book_of(view, book, Choice()).rows}
    lead = next(each for each in reporting.leads_of(view.picture) if each["rule"] == "was_return_differs")
    assert "was_return_differs" in reporting.lead_link(view, lead)
    form = fastexcel.read_excel(answer_book.book_bytes(answer_book.form_of(words, book, "980103"))).load_sheet(0, header_row=3).to_polars()
    assert form["核查规则"].to_list() == ["was_return_differs"]


def test_whether_there_are_findings_is_asked_of_the_manifest(still, monkeypatch):
    read = Release.table
    monkeypatch.setattr(
        Release, "table", lambda self, name: pytest.fail("all evidence was read") if name == "findings" else read(self, name)
    )
    st.cache_resource.clear()
    assert book_of(still).here.height == 6


def test_figures_of_a_district_that_is_no_more_are_its_own(tmp_path):
    home = make_home(tmp_path / "home", ("2017-10", "2017-11", "2017-12"))
    own = rules()["base_shrink"]
    rows = found("base_shrink 980112 980112", "base_shrink 980111 980111").with_columns(since=pl.col("period"))
    # 980112 went into 980111 within 2017-11.
    for period, kept in (("2017-10", rows.head(1)), ("2017-11", rows.tail(1))):
        kept.with_columns(period=pl.lit(period)).write_parquet(home.releases / period / "r01" / "findings.parquet")
    view = view_of(home, finding_page.PAGE, "2017-12")
    for code, period, asked in (
        ("980112", "2017-10", [("2017-10", "980112")]),
        ("980111", "2017-11", [("2017-11", "980111"), ("2017-10", "980111"), ("2017-10", "980112")]),
    ):
        row = book_of(home).row(fingerprint("base_shrink", code))
        assert row["district_code"] == "980111"
        then = book_of(home).last_seen(row["fingerprint"])
        compared = finding_evidence.compared(view, row, own, then)
        assert [(picture.period, unit) for picture, _, _, unit, *_ in compared] == asked
        assert all(picture.figure(*key).denominator for picture, *key in compared)
        assert then.period == period
