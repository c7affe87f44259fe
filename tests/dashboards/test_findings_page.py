"""核查线索 and a finding's page: choices, words, files, the form, and both pages in a browser."""

import json
from datetime import date
from decimal import Decimal

import fastexcel
import polars as pl
import pytest
import streamlit as st

from dashboards import (
    answer_book,
    case_form,
    definition_words,
    evidence_words,
    export,
    findings,
    findings_book,
    findings_choice,
    parts,
    store,
)
from dashboards.findings import ALL, Choice
from dashboards.screens import finding as finding_page
from dashboards.screens import findings as page
from data.answer_form import DISPOSITION_WORDS
from data.casework import Act, open_casework
from data.contracts import rules
from data.home import Home
from data.words import Words
from expectations.findings import fingerprint
from tests.browser import DESK, PHONE
from tests.dashboards.findings_fixture import MEMBER, ORG, UNIT, act, book_of, found, make
from tests.dashboards.releases_fixture import expected
from tests.dashboards.test_browser import WAIT, arrive, in_url, pick, rows_of
from tests.dashboards.views import view_of


@pytest.fixture
def made(tmp_path) -> Home:
    return make(tmp_path / "findings")


@pytest.fixture(scope="module")
def still(tmp_path_factory) -> Home:
    """The same home for tests that store nothing."""
    return make(tmp_path_factory.mktemp("findings") / "home")


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
    assert definition_words.rule_lines(words, rules()["taxed_after_exit"])[0][1] == severity


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
