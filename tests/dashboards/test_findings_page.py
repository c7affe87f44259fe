"""核查线索 and a finding's page: what is counted is what the release holds, what was not run is not gone, and what people did is kept."""

import ast
import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import fastexcel
import polars as pl
import pytest
import streamlit as st

import expectations.rules
from dashboards import (
    answer_book,
    case_form,
    casebook,
    evidence_words,
    export,
    figure_words,
    finding_evidence,
    findings,
    findings_book,
    findings_choice,
    parts,
    reporting,
    store,
)
from dashboards.findings import ALL, Choice
from dashboards.screens import finding as finding_page
from dashboards.screens import findings as page
from data.answer_form import DISPOSITION_WORDS
from data.casework import Act, open_casework
from data.contracts import rules, sources
from data.home import Home
from data.releases import Release
from data.words import Words
from expectations.findings import fingerprint
from expectations.rules.deliveries import COUNTS
from tests.browser import DESK, PHONE
from tests.dashboards.catalogue import catalogue
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.test_browser import WAIT, arrive, in_url, pick, rows_of
from tests.dashboards.views import view_of
from transforms import evidence

MEMBER = "6efbb049f91e1e4e1578030a08cc23912c8e01fc56d8c5407c20c4885c9bc0bc"
UNIT, ORG = "91980102MAEF5M1F2D", "DZ98000087"
TODAY = date(2018, 2, 10)
ROW = {
    "registration": {
        "name": "某公司",
        "status": "active",
        "founded_on": "2010-01-01",
        "ended_on": None,
        "district_code": "980102",
        "park_code": None,
    }
}


def found(*lines: str) -> pl.DataFrame:
    """Rows of table findings of no month: `rule subject district park`, - for none, with evidence where EVIDENCE has some."""
    rows = []
    for line in lines:
        rule, subject, district, *park = line.split(" ")
        card = rules()[rule]
        marks = (fingerprint(rule, subject), json.dumps(EVIDENCE.get(rule, {"facts": {}, "rows": []}), ensure_ascii=False))
        place = (None if district == "-" else district, park[0] if park else None)
        rows.append(("", rule, card.severity, card.subject_kind, subject, *place, *marks, ""))
    columns = ("period", "rule", "severity", "subject_kind", "subject", "district_code", "park_code", "fingerprint", "evidence", "since")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def row(source: str, line: int, period: str = "2017-12", **values) -> dict:
    return {"source": source, "path": f"{period}/{source}/报送.csv", "line": line, "values": values}


EVIDENCE = {
    "member_two_orgs": {
        "facts": {"organisations": 2},
        "rows": [
            row("member", line, org_code=org, uscc=UNIT, kind="formal", relation="in_place") for line, org in ((4, ORG), (9, "DZ98000088"))
        ],
    },
    "headcount_jump": {
        "facts": {"employees_before": 60, "employees": 0},
        "rows": [row("social_insurance", 62, insured=0), row("social_insurance", 90, "2017-11", insured=60)],
    },
    "return_differs": {"facts": {"counted": 44}, "rows": [row("district_return", 7, units=70, covered=40)]},
}
# month -> its findings; survey rules were not run in 2017-12.
MONTHS = {
    "2017-10": (f"taxed_after_exit {UNIT} 980102", f"survey_org_differs {UNIT} 980102", f"single_many_units {ORG} 980110"),
    "2017-11": (f"taxed_after_exit {UNIT} 980102", f"survey_org_differs {UNIT} 980102", f"joint_overload {ORG} 980110 P98-01"),
    "2017-12": (
        f"headcount_jump {UNIT} 980102",
        f"taxed_after_exit {UNIT} 980102",
        f"single_many_units {ORG} 980110",
        f"member_two_orgs {MEMBER} 980110",
        "return_differs 980103|enterprise 980103",
        "many_rejected tax|2017-12/tax/甲.csv -",
    ),
}
NOT_RUN = {"2017-12": {"survey_org_differs": ["survey"]}}


def make(folder: Path) -> Home:
    home = make_home(folder, ())
    for period, lines in MONTHS.items():
        rows = found(*lines).with_columns(period=pl.lit(period), since=pl.lit(period))
        manifest = publish(home, period, findings=rows) / "manifest.json"
        stated = json.loads(manifest.read_text(encoding="utf-8"))
        stated["checks"]["not_run"] = NOT_RUN.get(period, {})
        manifest.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
    return home


@pytest.fixture
def made(tmp_path) -> Home:
    return make(tmp_path / "findings")


@pytest.fixture(scope="module")
def still(tmp_path_factory) -> Home:
    """The same home for tests that store nothing."""
    return make(tmp_path_factory.mktemp("findings") / "home")


def book_of(home: Home, period: str = "2017-12", today: date = TODAY) -> casebook.Casebook:
    return casebook.open_casebook(home, store.picture(home, period, "r01"), today)


def moved(book: casebook.Casebook) -> dict[str, str]:
    return dict(book.cases.select("rule", "moved").rows())


def newest(home):
    return store.picture(home, "2017-12", store.published(home)["2017-12"])


def act(rule: str, subject: str, kind: str, **more) -> Act:
    return Act(fingerprint(rule, subject), rule, more.pop("period", "2017-12"), kind, more.pop("who", "王某"), **more)


# --- the cases of a month


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


# --- releases of before, and damaged ones


def restate(home: Home, period: str, lines: tuple[str, ...], checks: dict | None = None, revision: str = "r01") -> None:
    """A further release with these findings. checks: what its manifest says of rules."""
    rows = found(*lines).with_columns(period=pl.lit(period), since=pl.lit(period))
    manifest = publish(home, period, revision, findings=rows) / "manifest.json"
    stated = json.loads(manifest.read_text(encoding="utf-8"))
    stated["checks"] |= {"not_run": {}} | (checks or {})
    manifest.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")


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


# --- what is chosen


def test_choices_narrow_and_the_worst_stands_first(made):
    open_casework(made).add([act("taxed_after_exit", UNIT, "assigned", assignee="东屏区", due=date(2018, 1, 31))])
    cases = book_of(made).cases
    names = lambda **chosen: findings.chosen(cases, Choice(**chosen))["rule"].to_list()  # noqa: E731
    assert names() == ["single_many_units", "member_two_orgs", "taxed_after_exit", "many_rejected", "headcount_jump", "return_differs"]
    assert names(severity="H") == ["single_many_units", "member_two_orgs"]
    assert names(moved="gone") == ["joint_overload"]
    assert names(moved="unchecked") == ["survey_org_differs"]
    assert names(moved="again") == ["single_many_units"]
    assert (
        names(status="overdue") == names(status="assigned") == names(assignee="东屏区") == names(age="3", moved=ALL) + ["taxed_after_exit"]
    )
    assert names(district="none") == ["many_rejected"]
    assert names(district="980110", moved="gone", park="P98-01") == ["joint_overload"]
    assert names(park="outside", about="member") == ["member_two_orgs"]
    assert names(rule="joint_overload") == []
    assert len(names(assignee="nobody")) == 5


def test_a_finding_knows_its_neighbours_and_the_way_back(still):
    ordered = findings.chosen(book_of(still).cases, Choice())
    names = ordered["fingerprint"].to_list()
    assert findings.neighbours(ordered, names[0]) == (1, None, names[1])
    assert findings.neighbours(ordered, names[-1]) == (6, names[-2], None)
    assert findings.neighbours(ordered, "nothing") == (0, None, names[0])
    link = findings.address("finding", "2017-12", None, "zh", Choice(severity="H"), id=names[0], at="")
    assert link == f"finding?id={names[0]}&period=2017-12&lang=zh&severity=H"
    asked = {"severity": "H", "age": "7", "moved": "nowhere", "rule": "no_such"}
    assert findings.kept(asked.get) == Choice(severity="H", rule="no_such")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_was_chosen_is_said(still, lang):
    view = view_of(still, page.PAGE, "2017-12", lang=lang)
    said = findings_choice.said(view, Choice(severity="S", moved="new", rule="return_differs", district="none", age="3"))
    assert len(said) == 5
    if lang == "zh":
        assert said == ["本期变化：新出现", "级别：核实", "区县：不分区县（报送文件）", "规则：申报与核算不一致", "在列时间：满3个月"]


SAME = (
    f"taxed_after_exit {UNIT} -",
    f"link_unit_inactive {ORG}|{UNIT} -",
    f"joint_overload {ORG} -",
    "taxed_after_exit X -",
    "return_parts 980101|enterprise -",
    "return_copied 980101|social_org -",
    "base_shrink 980101 -",
    f"member_two_orgs {MEMBER} -",
    f"member_outside_org {MEMBER} -",
    "many_rejected tax|2017-12/tax/甲.csv -",
    "many_rejected tax|2017-12/tax/乙.csv -",
)


def test_findings_about_the_same_are_found_whichever_way_they_name_it():
    def others(rule: str, subject: str) -> set[str]:
        one = {"subject": subject, "subject_kind": rules()[rule].subject_kind, "fingerprint": fingerprint(rule, subject)}
        return set(findings.about_the_same(found(*SAME), one)["rule"])

    assert others("taxed_after_exit", UNIT) == {"link_unit_inactive"}
    assert others("link_unit_inactive", f"{ORG}|{UNIT}") == {"taxed_after_exit", "joint_overload"}
    assert others("joint_overload", ORG) == {"link_unit_inactive"}
    assert others("return_parts", "980101|enterprise") == {"return_copied", "base_shrink"}
    assert others("member_two_orgs", MEMBER) == {"member_outside_org"}
    assert others("many_rejected", "tax|2017-12/tax/甲.csv") == set()


# --- evidence side by side


def lay_out(rule: str, *rows: dict, **facts) -> evidence.Beside:
    return evidence.lay_out(rules()[rule], facts, rows)


def test_what_differs_between_registers_is_marked():
    same = {"name": "甲", "status": "active", "founded_on": "2010-01-01"}
    laid = lay_out("unit_code_conflict", row("registration", 3, **same), row("social_org", 8, **same | {"status": "cancelled"}))
    assert [(place.source, place.line) for place in laid.places] == [("registration", 3), ("social_org", 8)]
    marks = {line.fields[0][1]: (line.differs, line.pointed) for line in laid.lines}
    assert marks == {"status": (True, True), "name": (False, True), "founded_on": (False, False)}
    assert next(iter(marks)) == "status"


def test_two_months_of_one_source_are_compared_and_two_payments_are_not():
    months = lay_out("headcount_jump", *EVIDENCE["headcount_jump"]["rows"])
    assert [place.month for place in months.places] == ["2017-12", "2017-11"]
    assert months.lines[0].differs
    unit = row("registration", 5, **ROW["registration"] | {"status": "cancelled"})
    parts = lay_out("taxed_after_exit", unit, row("tax", 1, status="normal", paid_yuan="5"), row("tax", 2, status="normal", paid_yuan="7"))
    paid = next(line for line in parts.lines if line.fields[0] == ("tax", "paid_yuan"))
    assert (paid.differs, paid.pointed) == (False, True)
    assert paid.cells[0] is None


def test_what_was_counted_stands_beside_what_was_reported():
    laid = lay_out("return_differs", *EVIDENCE["return_differs"]["rows"], counted=44)
    assert [place.source for place in laid.places] == ["district_return", None]
    assert [cell[2] for cell in laid.lines[0].cells] == [40, 44]
    assert laid.lines[0].differs
    both = lay_out(
        "survey_members_differ", row("survey", 2, members=9, surveyed_on="2017-12-01"), survey_members=9, members=4, irregular_members=1
    )
    assert [cell[2] for cell in both.lines[0].cells] == [9, 5]


def test_many_rows_are_a_list_and_members_are_counted():
    org = row("party_org", 5, name="某支部", kind="branch", mode="single")
    members = [
        row("member", line, kind="formal", formal_on="2000-01-01", relation=how)
        for line, how in ((3, "in_place"), (4, "in_place"), (9, "lost"))
    ]
    laid = lay_out("single_below_three", org, *members, {"source": "member", "more": 7}, formal_members=2)
    assert [place.source for place in laid.places] == ["party_org"]
    (listed,) = laid.lists
    assert listed.more == 7
    groups = {kind: [place.line for place in places] for kind, places in evidence.kinds(listed).items()}
    assert groups == {("formal", "in_place"): [3, 4], ("formal", "lost"): [9]}


@pytest.mark.parametrize("rule", ["single_below_three", "joint_below_three"])
@pytest.mark.parametrize("count", [1, 2])
def test_few_members_are_counted_too_and_their_day_is_not_kept(rule, count):
    members = [row("member", line, kind="formal", formal_on="2000-01-01", relation="in_place") for line in range(3, 3 + count)]
    laid = lay_out(rule, row("party_org", 5, name="某支部", mode="single"), *members, formal_members=count)
    assert [place.source for place in laid.places] == ["party_org"]
    assert [(each.source, each.fields, each.counted) for each in laid.lists] == [("member", ("kind", "relation"), True)]
    assert "2000-01-01" not in str(laid)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_of_a_member_whom_a_finding_is_about_only_the_places_are_shown(count):
    values = {"org_code": ORG, "uscc": UNIT, "kind": "formal", "relation": "in_place", "formal_on": "2000-01-01"}
    laid = lay_out("member_two_orgs", *(row("member", line, **values) for line in range(count)), organisations=2)
    shown = {field for line in laid.lines for _, field in line.fields} | {field for each in laid.lists for field in each.fields}
    assert shown == {"org_code", "uscc"}
    assert not any(each.counted for each in laid.lists)
    assert len(laid.places) + sum(len(each.rows) for each in laid.lists) == count


def test_every_row_is_shown_once_in_whichever_form():
    links = [row("org_link", line, uscc=f"U{line}", starts_on="2016-01-01", ends_on=None) for line in range(2, 9)]
    laid = lay_out("joint_overload", row("party_org", 1, name="某支部", mode="joint"), *links, links=7)
    shown = [(place.source, place.line) for place in laid.places] + [
        (place.source, place.line) for each in laid.lists for place, _ in each.rows
    ]
    assert sorted(shown) == sorted([("party_org", 1), *(("org_link", line) for line in range(2, 9))])


def test_each_rule_that_shows_rows_points_at_some_of_their_fields():
    for card in rules().values():
        shown = {field for wanted in card.evidence for field in wanted.shows}
        points = set(evidence.POINTS.get(card.name, ()))
        assert bool(points) == bool(shown), card.name
        assert points <= shown | {"ended_on", "status"}, card.name
        assert points & shown or not shown, card.name


def test_fields_that_stand_in_one_row_and_what_answers_to_them_are_fields_of_their_sources():
    named = {*evidence.ALIKE, *(field for _, field in evidence.COUNTED.values())}
    assert all(field in {each.name for each in sources()[source].fields} for source, field in named)


# --- words


def named(call: ast.Call, name: str) -> list[ast.expr]:
    return [each.value for each in call.keywords if each.arg == name]


def keys_of(function: ast.FunctionDef, facts: list[ast.expr]) -> set[str]:
    """The keys of a dictionary of facts, written in place, under a name, or made from the counts of a file."""
    if not facts:
        return set()
    if isinstance(facts[0], ast.Name):
        given = [
            node.value for node in ast.walk(function) if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == facts[0].id
        ]
        return keys_of(function, given)
    return set(COUNTS) if isinstance(facts[0], ast.DictComp) else {key.value for key in facts[0].keys}


def facts_given() -> set[tuple[str, str]]:
    """(rule, fact) as the rules' code gives them: what is handed on as facts, by position or by name, and the keys of a Lead's facts."""
    given = set()
    for path in Path(expectations.rules.__file__).parent.glob("[a-z]*.py"):
        functions = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
        listed = {"leads"} | {each.name for each in functions if each.args.vararg and each.args.vararg.arg == "facts"}
        by_name = {each.name for each in functions if each.args.kwarg and each.args.kwarg.arg == "facts"}
        for function in (each for each in functions if each.name in rules()):
            for node in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in listed:
                    given |= {(function.name, each.value) for each in node.args if isinstance(each, ast.Constant)}
                if name in by_name:
                    given |= {(function.name, each.arg) for each in node.keywords}
                if name == "Lead":
                    given |= {(function.name, key) for key in keys_of(function, [*node.args[3:4], *named(node, "facts")])}
    return given


def test_every_fact_that_a_rule_gives_has_a_name_and_no_name_is_left_over():
    named = set()
    for rule, fact in facts_given():
        own = f"fact.{rule}_{fact}"
        key = own if own in catalogue() else f"fact.{fact}"
        assert key in catalogue(), (rule, fact)
        named.add(key)
    assert named == {key for key in catalogue() if key.startswith("fact.")}


def test_a_subject_is_called_by_its_name_and_a_member_never_by_an_identifier(still):
    book, words = book_of(still), Words("zh")
    rows = book.with_evidence(findings.chosen(book.cases, Choice()))
    names = evidence_words.names_of(book.picture, rows)
    said = {each["rule"]: str(evidence_words.subject(words, book.picture, names, each)) for each in rows}
    assert said["member_two_orgs"].startswith("党员（标识末四位 c0bc）")
    assert MEMBER not in "".join(said.values())
    assert said["return_differs"].startswith(f"{book.picture.units[('district', '980103')]['name']} · 非公企业")
    assert said["many_rejected"] == "纳税 2017-12/tax/甲.csv"
    census = dict(expected("census").filter(pl.col("period") == "2017-12").select("uscc", "name").rows())
    assert said["taxed_after_exit"] == f"{census.get(UNIT) or '（名称不详的单位）'} {UNIT}"


def test_values_are_said_as_the_offices_write_them(still):
    picture, names = store.picture(still, "2017-12", "r01"), evidence_words.Names({"U": "甲公司"}, {})
    say = lambda lang, *cell: evidence_words.value(Words(lang), picture, names, *cell)  # noqa: E731
    assert say("zh", "registration", "status", "active") == "存续"
    assert say("en", "registration", "status", "moved_out") == "moved out"
    assert say("zh", "registration", "ended_on", None) == "（空）"
    assert say("zh", "tax", "paid_yuan", "12345") == "12,345"
    assert say("zh", "org_link", "uscc", "U") == "甲公司 U"
    assert say("zh", "registration", "district_code", "979999") == "979999（不在区县表）"
    assert say("zh", "survey", "has_org", True) == "是"
    assert say("zh", "org_link", "starts_on", "2016-03-06") == "2016年3月6日"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_file_has_what_is_chosen_and_no_identifier_of_a_member(still, lang):
    view = view_of(still, page.PAGE, "2017-12", lang=lang)
    book = book_of(still)
    chosen = findings_book.book_of(view, book, Choice())
    data = export.book_bytes(chosen)
    sheets = fastexcel.read_excel(data)
    rows = sheets.load_sheet(0).to_polars()
    assert rows.height == book.here.height
    assert set(rows[rows.columns[-1]]) == set(book.here["fingerprint"])
    text = json.dumps(
        [sheets.load_sheet(name, header_row=None).to_polars().rows() for name in sheets.sheet_names], default=str, ensure_ascii=False
    )
    assert MEMBER not in text
    assert MEMBER[-4:] not in text.replace(fingerprint("member_two_orgs", MEMBER), "")
    assert MEMBER.encode() not in export.csv_bytes(findings_book.book_of(view, book, Choice()))
    if lang == "zh":
        assert rows.row(0, named=True)["规则"] == "单独组建覆盖多家"
        assert "摸底有无党组织与台账不符" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_conclusions_and_severities_are_said_alike_wherever_they_stand(made, lang):
    words, at = Words(lang), ("zh", "en").index(lang)
    open_casework(made).add([act("taxed_after_exit", UNIT, "answered", disposition="true", note="属实")])
    view, book = view_of(made, page.PAGE, "2017-12", lang=lang), book_of(made)
    conclusion, severity = DISPOSITION_WORDS["true"][at], words.severity("S")
    (line,) = (each for each in findings_book.book_of(view, book, Choice()).rows if each[14])
    assert (line[0], line[14]) == (severity, conclusion)
    assert conclusion in page.status_cell(view, book.row(fingerprint("taxed_after_exit", UNIT)))
    form = fastexcel.read_excel(answer_book.book_bytes(answer_book.form_of(words, book, "980102"))).load_sheet(0, header_row=3).to_polars()
    assert set(form[:, 2]) == {severity, words.severity("I")} or set(form[:, 2]) == {severity}
    assert figure_words.rule_lines(words, rules()["taxed_after_exit"])[0][1] == severity


def test_what_people_write_keeps_its_lines_and_spaces(made):
    assert parts.text("东屏\u3000支部\u2003一") == "<bdi>东屏\u3000支部\u2003一</bdi>"
    assert parts.text("a\u202eb\nc\x00") == "<bdi>a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}</bdi>"
    note = "已核：\n一、甲\t乙\r\n二、<b>"
    assert parts.lines(note) == "<bdi>已核：</bdi><br><bdi>一、甲 乙</bdi><br><bdi>二、&lt;b&gt;</bdi>"
    open_casework(made).add([act("taxed_after_exit", UNIT, "answered", disposition="entry", note=note)])
    view, book = view_of(made, finding_page.PAGE, "2017-12"), book_of(made)
    mark = fingerprint("taxed_after_exit", UNIT)
    told = finding_page._told(view, book.row(mark), book.case(mark).steps[-1])
    assert parts.lines(note) in told
    assert finding_page._conclusion(view, book.row(mark), book.case(mark)) == [("", parts.lines(note))]


# --- the form


@pytest.mark.parametrize(
    "typed", ["2018-01-31", "2018/1/31", "2018.1.31", "2018年1月31日", "20180131", "２０１８－１－３１", " 2018 年 1 月 31 日 "]
)  # noqa: RUF001
def test_a_day_is_read_as_people_write_it(typed):
    assert case_form.day_of(typed) == date(2018, 1, 31)


@pytest.mark.parametrize("typed", ["2018-02-30", "月底", "31/1/2018", "2018"])
def test_what_is_no_day_names_its_field(typed):
    with pytest.raises(case_form.Unreadable) as refused:
        case_form.day_of(typed)
    assert refused.value.field == "due"


def test_fields_that_are_not_shown_decide_nothing():
    typed = {
        "kind": "assigned",
        "who": " 王某 ",
        "assignee": "东屏区",
        "due": "",
        "note": "",
        "disposition": "lag",
        "until": "2018-03",
        "low": "x",
    }
    assert case_form.act_of("f", "return_differs", "2017-12", typed) == Act(
        "f", "return_differs", "2017-12", "assigned", "王某", assignee="东屏区"
    )
    typed |= {"kind": "answered", "note": "口径不同", "fact": "counted", "low": "１，０００", "high": ""}  # noqa: RUF001
    done = case_form.act_of("f", "return_differs", "2017-12", typed)
    assert (done.assignee, done.until, done.fact, done.low, done.high) == (None, "2018-03", "counted", Decimal(1000), None)
    mended = case_form.act_of("f", "return_differs", "2017-12", typed | {"disposition": "entry"})
    assert (mended.until, mended.fact, mended.low) == (None, None, None)


def test_a_bound_on_what_is_no_figure_is_refused_beside_its_field(made):
    view, mark = view_of(made, page.PAGE, "2017-12"), fingerprint("taxed_after_exit", UNIT)
    typed = {"kind": "answered", "disposition": "true", "note": "口径不同", "fact": "park_as_written", "low": "1"}
    st.session_state.update({f"case_{name}_{mark}": said for name, said in typed.items()} | {"case_who": "王某"})
    case_form._store(view, {"fingerprint": mark, "rule": "taxed_after_exit"}, {"park_as_written": "980101"}, 0)
    field = st.session_state[case_form.OUTCOME].field
    st.session_state.clear()
    assert (field, open_casework(made).events()) == ("fact", [])


# --- in the browser


@pytest.mark.browser
def test_the_findings_are_those_of_the_release_and_one_is_assigned_and_answered(visit, serve, made):
    server = serve(made)
    seen = visit(f"{server.url}/findings?severity=S", DESK)
    arrive(seen.page, "核查线索")
    assert "6" in seen.page.locator('[data-findings="here"]').inner_text()
    rows = rows_of(seen.page, "线索清单")
    assert [each[0] for each in rows] == ["核实"] * 4
    assert "未运行" in seen.page.locator("[data-testid=stMain]").inner_text()
    for size in (DESK, PHONE):
        seen.page.set_viewport_size(size)
        seen.page.wait_for_timeout(300)
        assert seen.page.evaluate("(main => main.scrollWidth - main.clientWidth)(document.querySelector('[data-testid=stMain]'))") <= 0
    seen.page.set_viewport_size(DESK)
    seen.page.get_by_role("link", name="申报与核算不一致").first.click()
    arrive(seen.page, "线索详情")
    in_url(seen.page, "severity=S", f"id={fingerprint('return_differs', '980103|enterprise')}")
    beside = rows_of(seen.page, "并排比对")
    assert ["已建党组织单位数\n≠ 不一致", "40", "44"] in beside
    seen.page.get_by_role("button", name="保存交办").click()
    seen.page.locator('[data-field="who"]').wait_for(timeout=WAIT)
    seen.page.get_by_label("经办人", exact=True).fill("王某")
    seen.page.get_by_label("承办人（单位或姓名）").fill("北泽区两新工委")
    seen.page.get_by_role("button", name="保存交办").click()
    seen.page.locator('[data-case="status"]', has_text="已交办").wait_for(timeout=WAIT)
    arrive(seen.page, "线索详情")
    pick(seen.page, seen.page.locator("[data-testid=stSelectbox]", has_text="核查结论").get_by_role("combobox"), "口径差异")
    seen.page.get_by_label("情况说明").fill("两处口径不同")
    pick(
        seen.page,
        seen.page.locator("[data-testid=stSelectbox]", has_text="数值范围针对").get_by_role("combobox"),
        "按台账核算的已建党组织单位数 44",
    )
    seen.page.get_by_label("上限").fill("50")
    assert seen.page.get_by_label("经办人", exact=True).input_value() == "王某"
    seen.page.get_by_role("button", name="保存答复").click()
    seen.page.locator('[data-case="status"]', has_text="已说明").wait_for(timeout=WAIT)
    kinds = [(event.kind, event.assignee, event.disposition, event.high) for event in open_casework(made).events()]
    assert kinds == [("assigned", "北泽区两新工委", None, None), ("answered", None, "definition", Decimal(50))]
    seen.page.set_viewport_size(PHONE)
    seen.page.wait_for_timeout(300)
    assert seen.page.evaluate("(main => main.scrollWidth - main.clientWidth)(document.querySelector('[data-testid=stMain]'))") <= 0
    seen.page.get_by_role("link", name="返回清单").click()
    arrive(seen.page, "核查线索")
    in_url(seen.page, "severity=S")
    assert any("已说明" in each[-1] and "北泽区两新工委" in each[-1] for each in rows_of(seen.page, "线索清单"))
    seen.assert_quiet()


@pytest.mark.browser
def test_a_member_is_on_no_page_by_identifier_and_a_link_to_nothing_says_so(visit, serve, made):
    server = serve(made)
    mark = fingerprint("member_two_orgs", MEMBER)
    seen = visit(f"{server.url}/finding?id={mark}&lang=en", PHONE)
    arrive(seen.page, "A finding")
    assert "identifier ends in c0bc" in seen.page.locator("[data-testid=stMain]").inner_text()
    assert MEMBER not in seen.page.content()
    seen.page.goto(f"{server.url}/finding?id={mark}&period=2017-11")
    arrive(seen.page, "线索详情")
    assert "到2017年11月为止没有这条线索" in seen.page.locator(".lx-empty").inner_text()
    seen.page.get_by_role("link", name="看2017年12月的情况").click()
    seen.page.locator("h2", has_text="一名党员两个党组织").wait_for(timeout=WAIT)
    arrive(seen.page, "线索详情")
    seen.assert_quiet()


def test_the_page_of_a_finding_is_hidden_from_the_side_bar():
    assert finding_page.PAGE.hidden
    assert not page.PAGE.hidden
