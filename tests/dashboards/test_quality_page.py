"""区县质量: a card a district, each n with its N, over the month and the last twelve; what comes next; and nobody ranked."""

import fastexcel
import polars as pl
import pytest

from dashboards import district_quality, export, quality_book, quality_card, quality_desk
from dashboards.district_quality import Card, Leads, part
from dashboards.screens import quality
from data.casework import Act, open_casework
from data.home import Home
from tests.dashboards.releases_fixture import expected
from tests.dashboards.returns_fixture import LATE, MISSING, OWN_FILE, TOO_MANY, returns_home
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
    # The return under the earlier code leads here too, and is compared by itself.
    assert (one.now.compared, one.now.outside, one.now.other_codes) == (3, 2, 1)
    assert sum(each.now.outside for each in found.cards) == 2


def test_a_release_that_kept_no_returns_counts_none(reported):
    found = desk(reported, "2016-12")
    assert found.state == "unkept"
    assert {one.now for one in found.cards} == {Tally()}
    assert quality._cells(found, Tally(), Tally(), Leads(), None)[0].startswith("…")


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
        ("1", "H", "open", None, "2017-12", 0),
        ("1", "S", "explained", None, "2017-01", 334),
        ("1", "S", "closed", "2017-12", "2017-10", 61),
    ]
    rows += [("1", "S", "closed", "2016-12", "2016-10", 61), (None, "S", "assigned", None, "2017-02", 300)]
    names = ("district_code", "severity", "status", "closed", "opened", "days")
    found = district_quality.leads(pl.DataFrame(rows, schema=names, orient="row"), "2017-12")
    assert found["1"] == Leads(open=1, must=1, explained=1, new=1, closed=1, days=(61,))
    assert found[None].open == 1


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
    assert orders == {"code": "123", "missing": "213", "late": "123", "outside": "123", "open": "132", "rejected": "213"}


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
    assert "filed=enterprise" in quality_card._to_compare(found, card_of(found, TOO_MANY[1]))
    assert quality_card._to_report(found, card_of(found, "980107")) == ""
    assert OWN_FILE.split("/", 1)[1] in quality_card._to_mend(found, card_of(found, "980102"))


def test_the_book_has_a_row_a_district_with_every_denominator(reported, tmp_path):
    for lang, sheet in (("zh", "数据"), ("en", "Data")):
        found = desk(reported, lang=lang)
        path = tmp_path / f"{lang}.xlsx"
        path.write_bytes(export.book_bytes(quality_book.book(found)))
        rows = fastexcel.read_excel(path).load_sheet(sheet).to_polars()
        assert rows.height == len(found.cards) == 10
        assert rows[:, 2].to_list() == [one.now.received for one in found.cards]
        assert rows[:, 3].to_list() == [one.now.expected for one in found.cards]
    assert fastexcel.read_excel(path).load_sheet("Months").to_polars().height == 12 * 10


def test_the_answer_form_holds_the_districts_findings(reported, tmp_path):
    found = desk(reported)
    path = tmp_path / "form.xlsx"
    path.write_bytes(quality_card.form(found, "980107"))
    cells = fastexcel.read_excel(path).load_sheet(0, header_row=None).to_polars()
    marks = set(quality_card.worst(found.book, "980107")["fingerprint"])
    assert marks <= {str(cell) for column in cells for cell in column}


def test_every_share_is_defined_on_the_page(reported):
    for lang in ("zh", "en"):
        found = desk(reported, lang=lang)
        assert len(quality_desk.meanings(found.view)) == len(quality_desk.SHARES) + 3


def test_the_summary_says_who_is_missing(reported):
    told = "".join(quality.summary(desk(reported)))
    assert "月报已报 19/20（95.0%），没有报齐的有：北泽区。" in told
    assert "都已报齐" in "".join(quality.summary(desk(reported, "2017-10")))
    assert quality.summary(desk(reported, "2016-12", lang="en"))[0].startswith("Open findings")
