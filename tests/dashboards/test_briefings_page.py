"""简报: who is given which briefing, that a file leaves as it was written or not at all, and what a briefing is said to rest on."""

import json
import os
import re
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import PIL.Image
import polars as pl
import pytest
import streamlit as st

from dashboards import access, audit_words, briefing_pages, briefings, store
from dashboards.access import NoEntry
from dashboards.briefings import Unsound, content, editions
from dashboards.homes import leader
from dashboards.screens.briefings import PAGE, marks
from data.access import ANYBODY_HERE, CITY, Area, Reader
from data.audit_log import AuditLog
from data.home import Home, HomeUnfit
from tests.dashboards.hostile import NAMES, UNSEEN
from tests.dashboards.outbox_fixture import pdf, quoted, write_briefing
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.test_hostile_pages import Seen
from tests.dashboards.views import view_of

NOW, BEFORE = "2017-12", "2017-11"
DISTRICT = (Area("district", "980104"),)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """Two months, the earlier one revised: the city's coverage has moved by a unit, and the districts' has not."""
    home = make_home(tmp_path_factory.mktemp("published") / "home", (BEFORE, NOW))
    metrics = expected("metrics").filter(pl.col("period") == BEFORE)
    moved = (pl.col("metric") == "org_coverage") & (pl.col("unit_kind") == "city") & (pl.col("sector") == "all")
    more = metrics.with_columns(numerator=pl.col("numerator") + moved.cast(pl.Int64)).with_columns(
        value=pl.when(moved).then(pl.col("numerator") / pl.col("denominator")).otherwise(pl.col("value"))
    )
    publish(home, BEFORE, "r02", metrics=more)
    return home.path


@pytest.fixture
def home(published, tmp_path) -> Home:
    """Its releases are only read, its outbox is the test's own."""
    path = tmp_path / "home"
    path.mkdir()
    for name in ("releases", "reference"):
        (path / name).symlink_to(published / name)
    return Home(path)


@pytest.fixture
def reads(monkeypatch):
    def as_reader(role: str, areas=(CITY,)) -> Reader:
        reader = ANYBODY_HERE if role == "local" else Reader(f"{role}@city.example", "", role, areas)
        monkeypatch.setattr(access, "reader", lambda home: reader)
        return reader

    return as_reader


@pytest.fixture
def drawn(monkeypatch) -> dict:
    """What a page draws, and the files that its buttons make."""
    found = {"html": [], "files": {}}
    monkeypatch.setattr(st, "session_state", {"choices": {}, "choices.stale": {}, "choices.linked": True})
    monkeypatch.setattr(st, "html", lambda body, **_: found["html"].append(body))
    monkeypatch.setattr(st, "download_button", lambda label, data, name, **_: found["files"].update({name: data}))
    return found


def page(home: Home, drawn: dict, period: str = NOW, reader: Reader = ANYBODY_HERE, lang: str = "zh", **chosen: str) -> str:
    drawn["html"].clear()
    drawn["files"].clear()
    st.session_state["choices"] = dict(chosen)
    revision = store.published(home)[period]
    PAGE.render(replace(view_of(home, PAGE, period, revision, lang), reader=reader))
    return "\n".join(drawn["html"])


def plain(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", re.sub(r"</(?:td|th|p|h2)>", "\n", markup))


def codes(home: Home, period: str = NOW) -> list[str]:
    return [each.code for each in editions(home, period)]


def test_the_newest_comes_first_and_what_has_taken_an_older_ones_place_is_said(home):
    write_briefing(home, BEFORE)
    write_briefing(home, BEFORE, edition=2)
    write_briefing(home, BEFORE, "r02", created_at="2018-02-01T02:00:00+00:00")
    write_briefing(home, BEFORE, kind="quarter")
    write_briefing(home, BEFORE, lang="en")
    found = {each.code: each for each in editions(home, BEFORE)}
    assert list(found)[0] == "month-r02-1-zh"
    view = view_of(home, PAGE, BEFORE, "r02")
    assert {code: marks(view, each) for code, each in found.items()} == {
        "month-r02-1-zh": ["最新"],
        "month-r01-2-zh": ["已有新版", "所据版本已修订"],
        "month-r01-1-zh": ["已有新版", "所据版本已修订"],
        "month-r01-1-en": ["所据版本已修订"],
        "quarter-r01-1-zh": ["所据版本已修订"],
    }
    assert found["month-r01-1-zh"].newer == "month-r02-1-zh"
    assert briefings.first(list(found.values()), "zh").code == "month-r02-1-zh"
    assert briefings.first(list(found.values()), "en").code == "month-r01-1-en"


@pytest.mark.parametrize(
    ("role", "areas", "given"),
    [
        ("leader", (CITY,), {"month", "quarter"}),
        ("administrator", (CITY,), {"month", "quarter"}),
        ("analyst", (CITY,), {"month", "quarter", "half_year"}),
        ("auditor", (CITY,), {"month", "quarter", "half_year"}),
        ("local", (CITY,), {"month", "quarter", "half_year"}),
        ("auditor", DISTRICT, set()),
        ("leader", DISTRICT, set()),
        ("analyst", (Area("park", "P98-02"),), set()),
    ],
)
def test_who_is_given_which(home, reads, drawn, role, areas, given):
    for kind in ("month", "quarter", "half_year"):
        write_briefing(home, NOW, kind=kind, said=f"甲乙丙{kind}")
    reader = reads(role, areas)
    assert {each.slip.kind for each in editions(home, NOW)} == given
    assert briefings.periods(home) == ([NOW] if given else [])
    for kind in ("month", "quarter", "half_year"):
        said = page(home, drawn, reader=reader, edition=f"{kind}-r01-1-zh")
        assert (f"甲乙丙{kind}" in said) == (kind in given)
        assert bool(drawn["files"]) == bool(given)
        assert ("只供查看范围为全市的人员使用" in said) == (not reader.whole)
        assert ("另有列出单位名单的半年督查" in said) == (reader.whole and not reader.sees_units)
        if kind not in given:
            with pytest.raises(NoEntry):
                content(home, NOW, f"{kind}-r01-1-zh", "pdf")


def test_a_half_yearly_checklist_names_units_whatever_its_slip_says(home, reads):
    write_briefing(home, NOW, kind="half_year", units=False)
    write_briefing(home, NOW, kind="month", units=True)
    reads("leader")
    assert codes(home) == []
    reads("analyst")
    assert codes(home) == ["month-r01-1-zh", "half_year-r01-1-zh"]


def test_a_file_is_given_as_it_was_written_and_a_changed_one_not_at_all(home, drawn):
    slip = json.loads(write_briefing(home, NOW, said="甲").read_text(encoding="utf-8"))
    place = home.path / "outbox" / NOW
    assert sha256(content(home, NOW, "month-r01-1-zh", "docx")).hexdigest() == slip["files"]["docx"][1]
    page(home, drawn)
    assert list(drawn["files"]) == [f"month_2017-12_r01_1_zh.{form}" for form in ("pdf", "docx", "xlsx")]
    take = drawn["files"]["month_2017-12_r01_1_zh.docx"]
    (place / slip["files"]["docx"][0]).write_bytes(b"another")
    (place / slip["files"]["xlsx"][0]).unlink()
    # Since the page was drawn.
    with pytest.raises(HomeUnfit, match="DOCX 文件写成后被改动过，不提供下载"):
        take()
    said = page(home, drawn)
    assert list(drawn["files"]) == ["month_2017-12_r01_1_zh.pdf"]
    assert "DOCX 文件写成后被改动过" in said and "XLSX 文件不在了" in said and "liangxin verify" in said
    (place / slip["files"]["pdf"][0]).write_bytes(pdf(3))
    assert "<img" not in page(home, drawn)


def named_file(home: Home, name: str, data: bytes) -> None:
    files = {"pdf": (name, sha256(data).hexdigest())}
    write_briefing(home, NOW, name="甲", files=files)


def test_no_slip_leads_to_a_file_outside_its_folder(home, tmp_path):
    secret = b"secret"
    (tmp_path / "secret.pdf").write_bytes(secret)
    (home.path / "access.toml").write_bytes(secret)
    place = home.path / "outbox" / NOW
    place.mkdir(parents=True)
    (place / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    os.mkfifo(place / "pipe.pdf")
    (place / "folder.pdf").mkdir()
    odd = ("link.pdf", "pipe.pdf", "folder.pdf", "../../../secret.pdf", str(tmp_path / "secret.pdf"), "../../access.toml", "..\\x.pdf",
           "", ".pdf", "\x00.pdf", "2017-12", "长" * 300 + ".pdf", "\ud800.pdf")  # fmt: skip
    for name in odd:  # none of them is named as its slip is
        named_file(home, name, secret)
        with pytest.raises(NoEntry):
            content(home, NOW, "month-r01-1-zh", "pdf")
    for name in ("link.pdf", "pipe.pdf", "folder.pdf"):  # of its own name, and no file
        slip = write_briefing(home, NOW, name="甲", files={"pdf": ("甲.pdf", sha256(secret).hexdigest())})
        (place / "甲.pdf").unlink()
        (place / name).rename(place / "甲.pdf")
        with pytest.raises(Unsound):
            content(home, NOW, "month-r01-1-zh", "pdf")
        (place / "甲.pdf").rename(place / name)
        slip.unlink()


@pytest.mark.parametrize("asked", ["month-r01-9-zh", "../../../access", "half_year-r01-1-zh/../x", "", "甲"])
def test_an_address_that_names_no_edition_opens_the_first_one(home, drawn, asked):
    write_briefing(home, NOW, said="这一份")
    assert "这一份" in page(home, drawn, edition=asked)
    with pytest.raises(NoEntry):
        content(home, NOW, asked, "pdf")


@pytest.mark.parametrize(
    "broken",
    [
        "", "{", "[]", "5", '{"kind": "month"}', "[" * 100_000,
        *({name: value} for name in ("kind", "period", "revision", "edition", "lang", "name", "created_at", "files", "sentences", "quoted")
          for value in (None, 5.5, [5], {"a": 1}, "../r01")),
    ],
)  # fmt: skip
def test_a_slip_that_is_none_hides_no_other(home, drawn, broken):
    write_briefing(home, NOW, said="完好")
    path = write_briefing(home, NOW, name="坏", edition=2)
    found = json.loads(path.read_text(encoding="utf-8")) | broken if isinstance(broken, dict) else broken
    path.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    assert "完好" in page(home, drawn, edition="month-r01-1-zh")


def test_the_pages_are_drawn_from_the_file_itself(home, drawn):
    found = briefing_pages.pages(pdf(2))
    assert found.count == 2 and briefing_pages.pages(pdf(2)) is found
    first, second = (PIL.Image.open(BytesIO(each)).convert("L") for each in found.pictures)
    # What is printed reaches from 80 to 480 of 595 points, and from 100 to 757 of 842, or so.
    points = [(side - 2 * briefing_pages.EDGE) * 595 / briefing_pages.WIDE for side in first.size]
    assert first.size == second.size and abs(points[0] - 401) < 3 and 640 < points[1] < 665
    # The grey block is twice as wide on the second page.
    grey = [sum(1 for value in each.resize((124, 175)).tobytes() if 140 < value < 170) for each in (first, second)]
    assert 1.8 < grey[1] / grey[0] < 2.2
    assert briefing_pages.pages(pdf(9)).count == 9 and len(briefing_pages.pages(pdf(9)).pictures) == briefing_pages.AT_MOST
    write_briefing(home, NOW)
    said = page(home, drawn)
    assert re.findall(r'alt="([^"]*)"', said) == [f"第{n}页，共2页；文字见下面的各句依据" for n in (1, 2)]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", pdf()[:200], pdf(0), pdf().replace(b"0 0 595 842", b"0 0 1 9999999"), b"x" * 4096])
def test_what_is_no_pdf_is_said_to_be_none(home, drawn, data):
    with pytest.raises(briefing_pages.Unreadable):
        briefing_pages.pages(data)
    path = write_briefing(home, NOW, name="甲")
    (path.parent / "甲.pdf").write_bytes(data)
    slip = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(slip | {"files": {"pdf": ("甲.pdf", sha256(data).hexdigest())}}), encoding="utf-8")
    assert "PDF 不能显示" in page(home, drawn)


def test_each_sentence_has_its_codes_its_test_and_its_release(home, drawn):
    write_briefing(home, NOW)
    code = quoted(home, NOW, "r01")["code"]
    said = page(home, drawn)
    assert f'href="figure?code={code}&amp;lang=zh"' in said
    for each in ("总体情况", "全市组织覆盖率为52.7%。", "数字已发布", "2017-12 r01"):
        assert each in said
    left = plain(said)[plain(said).index("未写入的判断") :]
    assert "变化或差距在偶然波动之内" in left and "缺少来源：摸底台账" in left and "组织覆盖率" in left
    english = plain(page(home, drawn, lang="en"))
    assert "The figure is published" in english and "within chance" in english


def test_the_ledger_tells_what_was_quoted_and_is_different_now(home, drawn):
    moved, same = quoted(home, BEFORE, "r01"), quoted(home, BEFORE, "r01", kind="district")
    other = quoted(home, NOW, "r01")  # of a month whose release still stands
    gone = moved | {"period": "2016-03", "code": "201603.1-AAAAAAAA"}
    odd = [moved | {"key": ["x"]}, moved | {"table": "census"}, moved | {"numerator": "12"}, moved | {"revision": "../r"}, {}, {"key": 5}]
    write_briefing(home, BEFORE, quoted=[moved, moved | {"where": "movers"}, same, other, gone, *odd])
    said = page(home, drawn, BEFORE)
    ledger = plain(said)[plain(said).index("引用台账") :]
    assert "共引用4个数，其中2个与现行版本不同" in ledger
    n, of = moved["numerator"], moved["denominator"]
    assert f"{n:,}/{of:,}" in ledger and f"{n + 1:,}/{of:,}" in ledger and "该期现已不发布" in ledger
    assert 'href="revisions?against=r01&amp;period=2017-11&amp;release=r02&amp;lang=zh"' in said
    assert "所据版本r01已修订为r02" in said


def test_a_quoted_count_is_followed_and_named_by_what_it_counts(home, drawn):
    of = {"table": "findings_count", "column": "listed", "unit": "count", "numerator": None, "denominator": None, "value": None}
    rows = [
        quoted(home, BEFORE, "r01", key=["district", "980104", severity], count=number, **of)
        for severity, number in (("S", 999), ("H", 998))
    ]
    rows.append(quoted(home, BEFORE, "r01", **of | {"table": "rules_count", "column": "known", "key": [], "count": 99}))
    write_briefing(home, BEFORE, quoted=rows)
    ledger = plain(page(home, drawn, BEFORE))
    assert "核查线索 · 在列 · 南岭区 · 核实" in ledger and "核查线索 · 在列 · 南岭区 · 强制" in ledger and "核查规则 · 规则总数" in ledger
    assert "999" in ledger and "998" in ledger


def test_what_is_hidden_by_now_is_not_set_beside_what_it_was(home, drawn, monkeypatch):
    from dashboards import briefing_proof
    from data.figures import Figure

    write_briefing(home, BEFORE)
    hidden = lambda picture, was: replace(was, revision="r02", figure=Figure(reason="suppressed"))  # noqa: E731
    monkeypatch.setattr(briefing_proof, "quoted_now", hidden)
    assert "其中0个与现行版本不同" in page(home, drawn, BEFORE)


def test_where_there_is_none_it_says_why_and_what_to_do(home, reads, drawn):
    said = page(home, drawn)
    assert "2017年12月还没有编写简报" in said and "liangxin briefing --period 2017-12" in said and "有简报的期别" not in said
    write_briefing(home, BEFORE)
    said = page(home, drawn)
    assert "有简报的期别" in said and 'href="briefings?period=2017-11&amp;lang=zh"' in said
    write_briefing(home, NOW, kind="half_year")
    reader = reads("leader")
    said = page(home, drawn, reader=reader)
    assert "只有列出单位名单的简报" in said and "甲" not in said


def test_opening_one_that_names_units_and_taking_any_file_is_logged(home, reads, drawn):
    for kind in ("month", "half_year"):
        write_briefing(home, NOW, kind=kind)
    reader = reads("analyst")
    page(home, drawn, reader=reader, edition="month-r01-1-zh")
    assert not (home.path / "audit").exists()
    drawn["files"]["month_2017-12_r01_1_zh.docx"]()
    page(home, drawn, reader=reader, edition="half_year-r01-1-zh")
    drawn["files"]["half_year_2017-12_r01_1_zh.xlsx"]()
    lines = [json.loads(line) for path in sorted(AuditLog(home).folder.glob("*.jsonl")) for line in path.read_text().splitlines()]
    assert [(each["did"], each["what"], each["asked"]) for each in lines] == [
        ("exported", "briefings", {"edition": "month-r01-1-zh", "form": "docx"}),
        ("opened", "briefings", {"edition": "half_year-r01-1-zh"}),
        ("exported", "briefings", {"edition": "half_year-r01-1-zh", "form": "xlsx"}),
    ]
    view = view_of(home, PAGE, NOW)
    assert audit_words.value(view, {"edition": "half_year-r01-1-zh"}, "edition") == "半年督查 r01"
    assert audit_words.value(view, {"edition": "month-r02-3-zh"}, "edition") == "月统计（第3稿） r02"


def test_hostile_names_are_text(home, drawn):
    row = {
        "section": "",
        "text": "",
        "name": "",
        "metric": "",
        "sector": "",
        "kind": "",
        "code": "",
        "period": "",
        "revision": "",
        "test": "",
    }
    hostile = [dict.fromkeys(row, odd) | {"codes": [odd], "reason": f"{odd}:{odd}", "where": odd} for odd in NAMES]
    figure = quoted(home, NOW, "r01")
    more = {"sentences": hostile, "left_out": hostile, "quoted": [figure | {"shown": odd, "where": odd} for odd in NAMES]}
    for name in NAMES:
        written = write_briefing(home, NOW, **more, created_at=name)
        slip = json.loads(written.read_text(encoding="utf-8"))
        written.write_text(json.dumps(slip | {"name": name, "files": dict.fromkeys(slip["files"], (name, "0"))}), encoding="utf-8")
        said = Seen(page(home, drawn))
        assert said.wrong == [] and not set(UNSEEN) & set(said.text)


def test_the_leaders_home_leads_to_the_months_briefings(home, reads, drawn):
    def line(period: str) -> str:
        drawn["html"].clear()
        leader._briefings(view_of(home, PAGE, period, store.published(home)[period]))
        return "".join(drawn["html"])

    assert line(NOW) == ""
    write_briefing(home, NOW)
    write_briefing(home, NOW, edition=2)
    write_briefing(home, NOW, kind="half_year")
    write_briefing(home, BEFORE, kind="quarter")
    assert re.findall(r"edition=([^&]*)", line(NOW)) == ["month-r01-2-zh", "half_year-r01-1-zh"]
    assert "季通报（所据版本已修订）" in line(BEFORE)
    reads("leader")
    assert re.findall(r"edition=([^&]*)", line(NOW)) == ["month-r01-2-zh"]
    reads("leader", DISTRICT)
    assert line(NOW) == ""
