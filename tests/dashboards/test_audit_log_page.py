"""What leaves the pages is in the audit log, and the log's own page says what was done and whether it is whole."""

import io
import shutil
from dataclasses import replace
from pathlib import Path

import fastexcel
import pytest
import streamlit as st

from dashboards import audit, audit_desk, audit_words, downloads, findings, ledger, lists, registers
from dashboards.audit_desk import Choice
from dashboards.district_quality import ORDERS
from dashboards.downloads import Made
from dashboards.export import Book, Column, Sheet
from dashboards.screens import audit_log, districts, doubling, returns, trends, weak_orgs
from dashboards.shell import BASES
from data.access import CITY, Area, Reader
from data.audit_log import AuditLog
from data.contracts import metrics, rules, sources, worklists
from data.home import Home, HomeUnfit
from tests.dashboards.releases_fixture import make_home
from tests.dashboards.views import view_of
from transforms.measures.doubling import LEGS

AUDITOR = Reader("li.na@example.test", "李娜", "auditor")
ANALYST = Reader("wang@example.test", "", "analyst", (Area("district", "980102"), Area("park", "P98-05")))


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A month, to be copied: what is tested is what is written beside it."""
    return make_home(tmp_path_factory.mktemp("published") / "home", ("2017-12",)).path


@pytest.fixture
def home(published, tmp_path) -> Home:
    return Home(shutil.copytree(published, tmp_path / "home"))


@pytest.fixture
def view(home):
    return replace(view_of(home, audit_log.PAGE, "2017-12"), reader=AUDITOR)


@pytest.fixture
def pressed(monkeypatch) -> dict:
    """name -> (label, what makes the file): the buttons that a page draws."""
    found = {}
    monkeypatch.setattr(st, "download_button", lambda label, data, name, **more: found.update({name: (label, data)}))
    monkeypatch.setattr(st, "session_state", {})
    return found


def test_every_download_button_goes_through_one_door():
    dashboards = Path(downloads.__file__).parent
    calling = {path.name for path in dashboards.rglob("*.py") if "download_button(" in path.read_text(encoding="utf-8")}
    assert calling == {"downloads.py"}


def test_a_file_is_in_the_log_with_its_rows_when_it_is_asked_for_and_not_before(home, pressed):
    view = replace(view_of(home, districts.PAGE, "2017-12"), reader=ANALYST)
    book = Book([Column("名称")], iter([["甲"], ["乙"]]), [], [], [], more=[Sheet("二", [Column("名称")], [["丙"]])])
    st.session_state |= {"choices": {"metric": "org_coverage", "sector": "all", "lang": "zh"}}
    downloads.xlsx(view, lambda: book, "_org_coverage")
    ((name, (label, make)),) = pressed.items()
    assert (name, label) == ("liangxin_districts_2017-12_r01_org_coverage.xlsx", "下载 XLSX")
    log = AuditLog(home)
    assert not log.folder.exists()
    assert fastexcel.read_excel(make()).load_sheet(0).to_polars().height == 2
    (entry,) = log.entries()
    assert (entry.who, entry.did, entry.what, entry.release, entry.rows) == (ANALYST.sign_in, "exported", "districts", "2017-12 r01", 3)
    assert entry.asked == {"metric": "org_coverage", "sector": "all", "form": "xlsx", "part": "org_coverage"}
    assert entry.areas == ("district-980102", "park-P98-05")


def test_where_the_log_cannot_be_written_no_file_leaves_and_the_page_says_why(home, pressed):
    view = view_of(home, districts.PAGE, "2017-12")
    (home.path / "audit").write_text("in the way")
    downloads.button(view, "下载", lambda: Made(b"x", 1), "名<单>\u202e/..", "csv", "csv")
    ((name, (_, make)),) = pressed.items()
    assert name == "名_单.csv"
    with pytest.raises(HomeUnfit):
        make()
    assert str(home.path / "audit") in st.session_state[downloads.FAILED]["csv"]


def test_a_fault_while_a_file_is_made_tells_nothing_of_the_data(home, pressed):
    def fail() -> Made:
        raise ValueError("某某公司")

    downloads.button(view_of(home, districts.PAGE, "2017-12"), "下载", fail, "a", "csv", "csv")
    with pytest.raises(RuntimeError) as raised:
        pressed["a.csv"][1]()
    assert "某某" not in str(raised.value)
    assert not AuditLog(home).folder.exists()


def test_an_opening_is_logged_once_a_session_and_again_when_another_thing_is_looked_at(view, pressed):
    page = replace(view, page=replace(view.page, needs=("list", "district", "lang")))
    st.session_state["choices"] = {"district": "980102"}
    audit.opened(page)
    st.session_state["choices"] |= {"list": "first", "lang": "zh"}  # the page settles what was not asked for
    audit.drawn(page)
    audit.opened(page)
    st.session_state["choices"] |= {"lang": "en"}
    audit.opened(page)
    assert [entry.asked for entry in AuditLog(view.home).entries()] == [{"district": "980102"}]
    st.session_state["choices"] |= {"district": "980107"}
    audit.opened(page)
    assert [entry.asked for entry in AuditLog(view.home).entries()][0] == {"list": "first", "district": "980107"}


def test_who_signs_in_or_is_not_let_in_is_logged_once_a_session(home, pressed):
    for _ in range(2):
        audit.signed_in(home, AUDITOR)
        audit.refused(home, "x@other.test", "unknown")
    assert [(entry.did, entry.who, entry.asked) for entry in AuditLog(home).entries()] == [
        ("refused", "x@other.test", {"why": "unknown"}),
        ("signed_in", AUDITOR.sign_in, {}),
    ]


def write_some(home) -> None:
    log = AuditLog(home)
    log.write(who=ANALYST, did="opened", what="worklist", release="2017-12 r01", asked={"district": "980102", "assignee": "王强"})
    log.write(who=AUDITOR, did="exported", what="table:metrics", release="2017-12 r01", asked={"form": "csv"}, rows=3100)
    log.write(who=Reader("x@other.test", "", "", ()), did="refused", what="sign_in", asked={"why": "unknown"})


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [(Choice(), [3, 2, 1]), (Choice(who=ANALYST.sign_in), [1]), (Choice(did="exported"), [2]), (Choice(what="sign_in", did="opened"), [])],
)
def test_filters_narrow_and_the_newest_is_first(home, choice, numbers):
    write_some(home)
    month = AuditLog(home).months()[0]
    assert [one.number for one in audit_desk.of_month(home, month) if choice.takes(one)] == numbers
    assert len(audit_desk.of_month(home, "all")) == 3


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ("查看明细", "工作清单", "区县：980102", "承办人：*", "分析人员")),
        ("en", ("opened rows", "Work lists", "District: 980102", "Analyst")),
    ],
)
def test_an_entry_in_words(home, lang, said):
    write_some(home)
    view = replace(view_of(home, audit_log.PAGE, "2017-12", lang=lang), reader=AUDITOR)
    first = audit_desk.of_month(home, "all")[-1]
    row = " ".join(audit_desk.cells(view, first)).replace("<bdi>", "").replace("</bdi>", "")
    assert all(each in row for each in said), row


CODES = [
    ({"side": "numerator"}, "分子"),
    ({"places": "district"}, "区县"),
    ({"column": "sectors"}, "“sectors”"),
    ({"pair": "sectors"}, "两类组织（非公企业、社会组织）"),
    ({"filed": "enterprise"}, "非公企业"),
    ({"cell": "none"}, "不列名单"),
    ({"part": "todo"}, "待办名单"),
    ({"unit": "city-980100"}, "全市"),
    ({"unit": "district-980102"}, "980102 东屏区"),
    ({"district": "980199"}, "980199"),
    ({"since": "new"}, "本期新增"),
    ({"since": "6"}, "满6个月"),
    ({"severity": "H"}, "强制"),
    ({"move": "n1"}, "本期已覆盖"),
    ({"mode": "slope"}, "翻番基期到本期"),
    ({"mode": "other"}, "“other”"),
    ({"order": "late"}, "近十二个月补报多的在前"),
    ({"item": "covered"}, "已建党组织单位数"),
    ({"reason": "date:founded_on", "source": "registration"}, "成立日期"),
    ({"report": "release.metrics"}, "指标"),
    ({"sign": "term_overdue_since"}, "“term_overdue_since”"),
    ({"form": "xlsx"}, "XLSX"),
    ({"code": "201712.1-7KQM2X9P"}, "201712.1-7KQM2X9P"),
    ({"find": "*"}, "*"),
    ({"why": "unknown"}, "账号未授权"),
]


@pytest.mark.parametrize(("asked", "said"), CODES)
def test_what_was_chosen_is_said_in_the_words_of_the_pages_and_no_bare_code(example_home, asked, said):
    view = view_of(example_home, audit_log.PAGE, "2017-12")
    told = audit_words.value(view, asked, next(iter(asked)))
    assert said in told and (len(said) == len(told) or len(asked) > 1 or "report" in asked), told


def test_every_choice_of_a_page_is_said_in_words(example_home):
    """A choice that no page offers any more, or a new one that nobody gave words to, would stand here as the program's own word."""
    view = view_of(example_home, audit_log.PAGE, "2017-12")
    offered = {"about": findings.KINDS, "moved": findings.MOVES, "status": findings.STANDINGS, "age": findings.AGES, "since": lists.SINCE}
    offered |= {"sign": weak_orgs.SIGNS, "pair": doubling.PAIRS, "move": ("none", *ledger.LISTS), "mode": trends.MODES, "order": ORDERS}
    offered |= {"cell": ("none", *registers.CELLS), "filed": ("all", "enterprise", "social_org"), "severity": findings.SEVERITIES}
    offered |= {"list": worklists(), "rule": rules(), "metric": metrics(), "source": sources(), "basis": BASES, "home": ("leader",)}
    offered |= {"places": ("district", "park"), "side": ("numerator", "denominator", "rest", "rows"), "item": returns.COUNTED}
    offered |= {"leg": [leg.name for leg in LEGS]}
    bare = [(name, code) for name, codes in offered.items() for code in codes if code in audit_words.value(view, {name: code}, name)]
    assert [one for one in bare if not one[1].isdigit()] == []


@pytest.mark.parametrize(("reader", "shown"), [(AUDITOR, True), (Reader("a", "", "administrator"), False)])
def test_only_readers_of_units_are_shown_their_codes(home, reader, shown):
    uscc = "91980103MA7UQDK36Y"
    view = replace(view_of(home, audit_log.PAGE, "2017-12"), reader=reader)
    asked = {"uscc": uscc, "subject": "O1", "id": "0123456789abcdef", "part": uscc, "district": "980102"}
    AuditLog(home).write(who=ANALYST, did="exported", what="unit", asked=asked, rows=3)
    (entry,) = AuditLog(home).entries()
    told = [value for _, value in audit_desk.asked_words(view, entry)]
    assert "东屏区" in told[-1]
    assert (told[:4] == ["*"] * 4) is not shown and (uscc in told) is shown


def test_the_file_of_the_log_has_every_chosen_entry_and_the_end_of_the_chain(view):
    write_some(view.home)
    chain = audit_desk.verified(view.home)
    made = audit_log._file(view, Choice(), list(audit_desk.of_month(view.home, "all")), chain)
    read = fastexcel.read_excel(io.BytesIO(made.data).getvalue())
    data = read.load_sheet(0).to_polars()
    assert (made.rows, data.height) == (3, 3)
    assert data["账号"].to_list() == ["x@other.test", AUDITOR.sign_in, ANALYST.sign_in]
    assert f"3 {chain.last.hash}" in str(read.load_sheet("版本", header_row=None).to_polars().rows())


def test_the_page_says_whether_the_chain_is_whole_or_where_it_breaks(view, monkeypatch):
    drawn = []
    monkeypatch.setattr(st, "html", drawn.append)
    write_some(view.home)
    audit_log._chain(view, audit_desk.verified(view.home))
    assert "✓ 链条完整，共 3 条" in drawn[-1]
    (path,) = AuditLog(view.home).folder.glob("*.jsonl")
    path.write_bytes(path.read_bytes().replace(b"3100", b"3101"))
    audit_log._chain(view, audit_desk.verified(view.home))
    assert f"audit/{path.stem}.jsonl 第 2 行：这一行不是当时写下的内容" in drawn[-1]


@pytest.mark.parametrize(
    ("reader", "watches"),
    [(AUDITOR, True), (Reader("a", "", "administrator"), True), (replace(ANALYST, areas=(CITY,)), False)]
    + [(Reader("b", "", "auditor", (Area("district", "980102"),)), False), (Reader("c", "", "leader"), False)],
)
def test_only_who_watches_over_readers_is_shown_the_log(view, reader, watches, monkeypatch):
    drawn = []
    monkeypatch.setattr(st, "html", drawn.append)
    audit_log.render(replace(view, reader=reader))
    assert ("还没有日志" in "".join(drawn)) is watches
    assert "没有操作日志" not in "".join(drawn)
    (view.home.path / "access.toml").touch()
    audit_log.render(replace(view, reader=reader))
    assert ("没有操作日志，而本数据目录已有 access.toml" in "".join(drawn)) is watches
    assert audit_log.PAGE.is_for(reader) is watches
