"""区县质量: a card a district, each n with its N, over the month and the last twelve; what comes next; and nobody ranked."""

import html
import io
import json
import re
import zipfile
from dataclasses import replace

import fastexcel
import polars as pl
import pytest

from dashboards import answer_book, cells, district_quality, export, findings_choice, quality_book, quality_card, quality_desk, store
from dashboards import findings as findings_page
from dashboards.district_quality import Card, Leads, part
from dashboards.screens import quality
from data.access import Area, Reader
from data.casework import Act, open_casework
from data.home import Home
from tests.dashboards.findings_fixture import found as found_rows
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.returns_fixture import AT_ODDS, LATE, MISSING, OWN_FILE, TOO_MANY, findings, returns_home
from tests.dashboards.views import view_of
from transforms.quality import Rows, Tally


@pytest.fixture(scope="module")
def reported(tmp_path_factory) -> Home:
    return returns_home(tmp_path_factory.mktemp("quality") / "home")


def desk(home: Home, period: str = "2017-12", revision: str = "r01", lang: str = "zh") -> quality_desk.Desk:
    return quality_desk.desk_of(view_of(home, quality.PAGE, period, revision, lang=lang))


def card_of(found: quality_desk.Desk, code: str) -> Card:
    return next(one for one in found.cards if one.code == code)


def test_the_month_and_the_year_are_counted_apart(reported):
    one = card_of(desk(reported), MISSING[1])
    assert (one.now.received, one.now.expected) == (1, 2)
    # Twelve months to 2017-12, of which three are published and kept their returns.
    assert (one.year.received, one.year.expected) == (5, 6)
    assert district_quality.missing(desk(reported).months, MISSING[1]) == [MISSING]


def test_what_first_stands_in_the_second_revision_is_late(reported):
    one = card_of(desk(reported, "2017-11", "r02"), LATE[1])
    assert (one.now.received, one.now.on_time, one.now.late) == (2, 1, 1)
    before = card_of(desk(reported, "2017-11", "r01"), LATE[1])
    assert (before.now.received, before.now.expected, before.now.late) == (1, 2, 0)
    assert card_of(desk(reported), LATE[1]).year.late == 1
    signs = [found[0] for found in district_quality.strip(desk(reported).months, LATE[1]) if found]
    assert signs == ["all", "late", "all"]


def test_districts_that_merged_are_counted_with_the_one_of_today(reported):
    found = desk(reported)
    assert card_of(found, "980111").year.expected == 8
    assert sum(one.year.expected for one in found.cards) == 2 * (11 + 10 + 10)


def test_consistency_counts_what_was_planted(reported):
    found = desk(reported)
    one = card_of(found, TOO_MANY[1])
    # The return under the earlier code leads here too, and is no second return of the district.
    assert (one.now.expected, one.now.compared, one.now.outside, one.now.other_codes) == (2, 2, 1, 1)
    assert sum(each.now.outside for each in found.cards) == 1


def test_a_release_that_kept_no_returns_counts_none(reported):
    found = desk(reported, "2016-12")
    assert found.state == "unkept"
    assert {one.now for one in found.cards} == {Tally()}
    assert quality._cells(found, Card("", Tally(), Tally(), Leads(), None), "")[0].startswith("…")


def test_findings_are_those_of_the_release(reported):
    found = desk(reported)
    rows = expected("findings").filter(pl.col("period") == "2017-12")
    by_district = dict(rows.group_by("district_code").len().rows())
    assert {one.code: one.leads.open for one in found.cards} == {one.code: by_district.get(one.code, 0) for one in found.cards}
    earlier = expected("findings").filter(pl.col("period") == "2017-11").select("rule", "subject")
    for one in found.cards:
        mine = rows.filter(pl.col("district_code") == one.code)
        assert one.leads.must == mine.filter(pl.col("severity") == "H").height
        assert one.leads.new == mine.join(earlier, on=["rule", "subject"], how="anti").height
    last = district_quality.past(found.months, "980107", found.book)[-1]
    assert (last.stands, last.new) == (card_of(found, "980107").leads.open, card_of(found, "980107").leads.new)


def test_in_the_first_month_nothing_is_called_new(reported):
    found = desk(reported, "2016-12")
    assert quality_desk.moves(found, found.cards[0].leads)[0] == "首个期别"
    last = district_quality.past(found.months, "980107", found.book)[-1]
    assert (last.stands, last.new) == (card_of(found, "980107").leads.open, None)


def test_explained_findings_are_not_open():
    rows = [
        ("1", "H", "open", "new", "2017-12", None, "2017-12", 0),
        ("1", "H", "open", "unchecked", "2017-11", None, "2017-11", 31),
        ("1", "S", "explained", "stayed", "2017-12", None, "2017-01", 334),
        ("1", "S", "closed", "gone", "2017-11", "2017-12", "2017-10", 61),
    ]
    rows += [
        ("1", "S", "closed", None, "2016-11", "2016-12", "2016-10", 61),
        (None, "S", "assigned", "stayed", "2017-12", None, "2017-02", 300),
    ]
    names = ("district_code", "severity", "status", "moved", "last_period", "closed", "opened", "days")
    found = district_quality.leads(pl.DataFrame(rows, schema=names, orient="row"), "2017-12")
    assert found["1"] == Leads(open=1, must=1, explained=1, new=1, closed=1, unchecked=1, days=(61,))
    assert found[None].open == 1


def test_what_came_and_went_in_a_month_and_what_nobody_followed_takes_no_days():
    rows = [
        ("1", "closed", "passed", "2017-12", "2017-12", "2017-12", 0),
        ("1", "closed", "gone", "2017-11", "2017-12", "2017-11", 30),
        ("1", "closed", None, "2016-12", "2017-10", "2016-12", 304),
    ]
    names = ("district_code", "status", "moved", "last_period", "closed", "opened", "days")
    every = pl.DataFrame(rows, schema=names, orient="row").with_columns(severity=pl.lit("S"))
    assert district_quality.leads(every, "2017-12") == {"1": Leads(closed=1, passed=1, apart=1, days=(30,))}


def revised(folder) -> Home:
    """A month whose second revision takes back a finding that its first one had, and one that had stood since the month before."""
    home, lines = make_home(folder, ("2017-10",)), [f"taxed_after_exit {code} 980107" for code in "ABCD"]
    for period, revision, names in (("2017-11", "r01", "AB"), ("2017-12", "r01", "ABCD"), ("2017-12", "r02", "ACX")):
        wanted = [line for line in [*lines, "taxed_after_exit X 980107"] if line.split(" ")[1] in names]
        rows = found_rows(*wanted).with_columns(period=pl.lit(period), since=pl.lit(period))
        publish(home, period, revision, f"2018-01-0{revision[-1]}T01:05:00+00:00", findings=rows)
    return home


def test_the_pages_count_alike_and_the_months_add_up_after_a_revision(tmp_path):
    found = desk(revised(tmp_path / "home"), revision="r02")
    leads, book = card_of(found, "980107").leads, found.book
    # B stood and is gone; D came and went within the month; C and X are new.
    assert (leads.open, leads.new, leads.closed, leads.passed) == (3, 2, 1, 1)
    sums, whole = findings_page.balance(book.cases), findings_page.tally(book.cases)[None]
    assert (sums["gone"], sums["new"] + sums["again"], sums["passed"]) == (leads.closed, leads.new, leads.passed)
    assert (whole["gone"], whole["came"], whole["open"]) == (leads.closed, leads.new, leads.open)
    by_rule = findings_page.tally(book.cases, "rule")["taxed_after_exit"]
    assert by_rule["gone"] == leads.closed
    before, last = district_quality.past(found.months, "980107", book)[-2:]
    assert (last.stands, last.new, last.gone, last.passed) == (3, 2, 1, 1)
    assert before.stands + before.unchecked + last.new - last.gone == last.stands + last.unchecked
    assert "当月先发现、后在修订中消除" in quality_card._past_row(found.view, last)[-1]


def test_what_was_not_looked_at_is_neither_open_nor_closed(tmp_path):
    home = returns_home(tmp_path / "home")
    rows = findings("2017-12").filter(pl.col("district_code") == "980107")
    name = rows["rule"][0]
    path = home.releases / "2017-12" / "r01"
    stated = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    stated["checks"] |= {"not_run": {name: ["survey"]}, "ran": [each for each in stated["checks"]["ran"] if each != name]}
    (path / "manifest.json").write_text(json.dumps(stated), encoding="utf-8")
    findings("2017-12").filter(pl.col("rule") != name).write_parquet(path / "findings.parquet")
    before = rows.with_columns(period=pl.lit("2017-11"), since=pl.lit("2017-11"))
    before.write_parquet(home.releases / "2017-11" / "r02" / "findings.parquet")
    found = desk(home)
    one = card_of(found, "980107")
    held = rows.filter(pl.col("rule") == name).height
    assert (one.leads.open, one.leads.unchecked, one.leads.closed) == (rows.height - held, held, 0)
    assert name not in set(quality_card.worst(found.book, "980107")["rule"])
    last = district_quality.past(found.months, "980107", found.book)[-1]
    assert (last.stands, last.unchecked) == (one.leads.open, held)
    assert f"未核 {held}" in quality_desk.moves(found, one.leads)
    assert f"另有 {held} 条线索未核" in quality_card._past_row(found.view, last)[-1]
    book = quality_book.book(found)
    place = [column.head for column in book.columns].index("未核线索")
    assert next(row for row in book.rows if row[1] == "980107")[place] == held


def test_what_a_district_explained_is_counted_apart(tmp_path):
    home = returns_home(tmp_path / "home")
    before = card_of(desk(home), "980107").leads
    row = quality_card.worst(desk(home).book, "980107").to_dicts()[0]
    said = {"disposition": "definition", "note": "口径不同", "until": "2018-06"}
    open_casework(home).add([Act(row["fingerprint"], row["rule"], "2017-12", "answered", "张", **said)])
    after = card_of(desk(home), "980107").leads
    assert (after.open, after.explained) == (before.open - 1, 1)
    assert row["fingerprint"] not in quality_card.worst(desk(home).book, "980107")["fingerprint"].to_list()


def test_rows_of_a_file_are_a_districts_only_where_it_speaks_of_no_other(reported):
    found = desk(reported)
    load = expected("loads").filter((pl.col("period") == "2017-12") & (pl.col("path") == OWN_FILE)).to_dicts()[0]
    assert card_of(found, "980102").rows == Rows(load["rows_rejected"], load["rows_rejected"] + load["rows_loaded"], 1)
    assert [one.rows for one in found.cards if one.code != "980102"] == [None] * 9
    whole = sum(found.months[-1].rejected.values(), Rows())
    assert whole.rejected == expected("loads").filter(pl.col("period") == "2017-12")["rows_rejected"].sum()


def test_an_order_is_no_rank_and_ties_go_by_code():
    few = [Card("1", Tally(), Tally(expected=2, received=2, late=1), Leads(open=3), None)]
    few += [Card("2", Tally(), Tally(expected=2, received=1), None, Rows(4, 9, 1)), Card("3", Tally(), Tally(), Leads(open=3), None)]
    orders = {order: "".join(one.code for one in district_quality.ordered(few, order)) for order in district_quality.ORDERS}
    expected_orders = {"code": "123", "missing": "213", "late": "123", "outside": "123", "open": "132", "rejected": "213"}
    assert orders == expected_orders | {"contradicting": "123", "same": "123"}


def test_shares_say_n_of_n_or_that_they_do_not_apply():
    assert quality_desk.said(part(21, 22)) == "21/22 (95.5%)"
    assert quality_desk.said(part(0, 0)) == "—"
    assert [quality_desk.days(Leads(days=days)) for days in ((), (31,), (31, 60), (30, 32))] == ["—", "31", "45.5", "31"]


def test_worst_first_and_explained_left_out(reported):
    found = desk(reported)
    rows = quality_card.worst(found.book, "980107")
    assert rows.height == card_of(found, "980107").leads.open
    assert rows["severity"].to_list() == sorted(rows["severity"], key="HSI".index)


def test_what_comes_next_names_what_is_missing_and_links_to_what_to_compare(reported):
    found = desk(reported)
    assert quality_card._to_report(found, card_of(found, MISSING[1])) == "补报：<bdi>2017年12月 北泽区 社会组织</bdi>"
    steps = lambda code: "".join(quality_card.steps(found, card_of(found, code)))  # noqa: E731
    assert re.search("核实与台账相差超出允许范围的月报.*filed=enterprise", steps(TOO_MANY[1]))
    assert "（按 980121 申报）" in steps(TOO_MANY[1])
    assert re.search("核对更正表内数据不符的月报（强制）.*filed=enterprise", steps(AT_ODDS[1]))
    assert "与上月完全相同" in "".join(map(steps, (one.code for one in found.cards)))
    assert quality_card._to_report(found, card_of(found, "980107")) == ""
    assert f"市场主体登记：{OWN_FILE.rsplit('/', 1)[1]}" in quality_card._to_mend(found, card_of(found, "980102"))


def test_the_book_has_a_row_a_district_with_every_denominator(reported, tmp_path):
    for lang, sheet in (("zh", "数据"), ("en", "Data")):
        found = desk(reported, lang=lang)
        path = tmp_path / f"{lang}.xlsx"
        path.write_bytes(export.book_bytes(quality_book.book(found)))
        rows = fastexcel.read_excel(path).load_sheet(sheet).to_polars()
        below = [found.view.words("quality.city"), *(cells.district_name(found.view, code) for code in ("000000", None))]
        assert rows[:, 0].to_list()[10:] == below
        assert rows[:, 2].to_list() == [*(one.now.received for one in found.cards), found.city.now.received, None, None]
        assert rows[:, 3].to_list() == [*(one.now.expected for one in found.cards), 20, None, None]
        place = rows.columns.index(found.view.words("quality.leads_open"))
        standing = rows[:, place].to_list()
        # The city is all districts, with what lies in none.
        assert sum(standing) == 2 * standing[10] == 2 * found.city.leads.open
    months = fastexcel.read_excel(path).load_sheet("Months").to_polars()
    assert months.height == 12 * 10
    assert "not published" in months["Note"].to_list()
    assert months["Rows rejected n"].sum() == found.months[-1].rejected["980102"].rejected


def test_a_readers_area_is_not_called_the_city(reported, monkeypatch):
    whole = card_of(desk(reported), "980102")
    reader = Reader("a@b.example", "甲", "auditor", (Area("district", "980102"),))
    monkeypatch.setattr(store.access, "reader", lambda home: reader)
    found = quality_desk.desk_of(view_of(reported, quality.PAGE, "2017-12", reader=reader))
    assert [one.code for one in found.cards] == ["980102"]
    # The area's sums are the district's own: rows of the whole city's files are none of them.
    assert (found.city.now, found.city.rows) == (found.cards[0].now, found.cards[0].rows)
    assert (found.cards[0].now, found.cards[0].leads) == (whole.now, whole.leads)
    told = "".join(quality.summary(found))
    assert f"本范围待办理核查线索 {found.city.leads.open} 条" in told and "全市" not in told
    names = [row[0] for row in quality_book.book(found).rows]
    assert names == [cells.place_name(found.view, "district", "980102"), "本范围", cells.district_name(found.view, None)]
    assert findings_choice.all_districts(found.view) == "本范围内全部"
    assert findings_choice.all_districts(desk(reported).view) == "全部区县"


@pytest.mark.parametrize("period", ["2016-12", "2017-10", "2017-12"])
def test_nobody_is_told_that_all_is_well_who_is_not_known_to_be(reported, period):
    found = desk(reported, period)
    for one in found.cards:
        steps = quality_card.steps(found, one)
        well = one.now.received == one.now.expected == one.now.compared == 2 and not (one.leads.open or one.leads.unchecked)
        assert well or steps
    nobody = replace(found, months=[*found.months[:-1], replace(found.months[-1])])
    nobody.months[-1].__dict__["returns"] = []
    assert quality_card.steps(nobody, Card("980105", Tally(), Tally(), Leads(), None))[-1].startswith("本月全市没有收到可用的区县月报")


def test_a_late_first_release_says_nothing_of_who_was_on_time(tmp_path):
    home = returns_home(tmp_path / "home")
    for path in (home.releases / "2017-12").glob("*/manifest.json"):
        stated = json.loads(path.read_text(encoding="utf-8")) | {"created_at": "2018-03-05T01:05:00+00:00"}
        path.write_text(json.dumps(stated), encoding="utf-8")
    found = desk(home)
    one = card_of(found, "980107")
    assert (one.now.received, one.now.timed, one.year.timed) == (2, 0, 4)
    assert [sign[0] for sign in district_quality.strip(found.months, "980107") if sign][-1] == "full"
    said = quality_card._timely(found, one)
    assert "首个版本2018年3月5日才发布，晚于月末 45 天以上" in said
    assert '<p class="lx-value">…' in said
    assert quality._cells(found, one, one.code)[1].startswith("…")


def test_what_needs_a_look_has_a_sign(reported):
    found = desk(reported)
    complete, _, outside, _, contradicting, leads = quality._cells(found, card_of(found, AT_ODDS[1]), AT_ODDS[1])[:6]
    assert "◆" not in complete + outside
    assert "◆" in contradicting
    assert f"district={AT_ODDS[1]}" in leads
    assert "◆" in quality._cells(found, card_of(found, MISSING[1]), MISSING[1])[0]


def test_the_answer_form_holds_the_districts_findings(reported, tmp_path):
    found = desk(reported)
    path = tmp_path / "form.xlsx"
    path.write_bytes(quality_card.form(found, "980107").data)
    cells = fastexcel.read_excel(path).load_sheet(0, header_row=None).to_polars()
    marks = set(quality_card.worst(found.book, "980107")["fingerprint"])
    assert marks <= {str(cell) for column in cells for cell in column}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_share_is_defined_on_the_page(reported, lang, monkeypatch):
    found, drawn = desk(reported, lang=lang), {}
    monkeypatch.setattr(quality.choices, "choose", lambda label, name, options, default, *_: default)
    monkeypatch.setattr(quality, "table", lambda name, heads, *_: drawn.setdefault("heads", [title for title, _ in heads]))
    quality._all(found)
    monkeypatch.setattr(quality.st, "html", lambda html: drawn.setdefault("meaning", html))
    quality._meaning(found.view)
    defined = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", drawn["meaning"])
    close = lambda title: title.replace(" ", "")  # noqa: E731  (a long head has a place to break)
    assert [close(html.escape(title)) for title in drawn["heads"][1:]] == [close(name) for name, _ in defined]
    assert len({told for _, told in defined if len(told) > 20}) == len(defined)


def test_the_forms_of_all_districts_are_one_file_that_is_made_when_it_is_asked_for(reported, monkeypatch):
    found, pressed, made = desk(reported), {}, []
    books = answer_book.all_books
    monkeypatch.setattr(answer_book, "all_books", lambda *asked: made.append(asked) or books(*asked))
    monkeypatch.setattr(quality.st, "download_button", lambda label, data, name, **more: pressed.update({name: (label, data)}))
    quality._forms(found)
    ((name, (label, data)),) = pressed.items()
    assert (label, name, made) == ("下载全部区县的答复表（ZIP）", "核查线索答复表_2017-12_全部区县.zip", [])
    with zipfile.ZipFile(io.BytesIO(data())) as folder:
        assert [each.rsplit("_", 1)[1].removesuffix(".xlsx") for each in folder.namelist()] == answer_book.districts(found.book)
        assert "980107" in answer_book.districts(found.book)
        first = fastexcel.read_excel(folder.read(folder.namelist()[0])).load_sheet(0, header_row=3).to_polars()
    assert first.height == found.book.here.filter(pl.col("district_code") == answer_book.districts(found.book)[0]).height


def test_the_summary_says_who_is_missing(reported):
    told = "".join(quality.summary(desk(reported)))
    assert "月报已报 19/20（95.0%），没有报齐的有：北泽区。" in told
    assert "相差超出允许范围的 1/19（东屏区）" in told
    assert "表内数据不符的 2/19（东屏区、南岭区）" in told
    leads = [one.leads.open for one in (*desk(reported).cards, *desk(reported).others)]
    assert f"全市待办理核查线索 {sum(leads)} 条（各区县 {sum(leads[:-2])} 条，区县不明 {leads[-2]} 条" in told
    assert "都已报齐" in "".join(quality.summary(desk(reported, "2017-10")))
    assert quality.summary(desk(reported, "2016-12", lang="en"))[0].startswith("Open findings")
