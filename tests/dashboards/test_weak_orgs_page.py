"""Weak organisations: filters, signs and remedies in words, and the workbook."""

from datetime import date

import fastexcel
import polars as pl
import pytest

from dashboards import export, store, weak_org_sources
from dashboards.screens import weak_orgs
from data.access import Area, Reader
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.views import view_of


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """With the condition of each organisation, which the expected tables leave out."""
    made = make_home(tmp_path_factory.mktemp("weak") / "home", ("2017-11",))
    rows = expected("weak_orgs").filter(pl.col("period") == "2017-12")
    known = rows.select(
        "period",
        "org_code",
        name="九八市" + pl.col("org_code") + "支部",
        term_ends_on=pl.lit(date(2016, 5, 10)),
        eight_haves=pl.lit(3, pl.Int64),
    )
    publish(made, "2017-12", organisations=known)
    return made


@pytest.fixture
def view(home):
    return view_of(home, weak_orgs.PAGE, "2017-12")


def test_filters_by_district_and_sign_keep_the_citys_order(view):
    found = view.picture.weak_orgs
    assert found["rank"].to_list() == list(range(1, found.height + 1))
    rows = weak_orgs.chosen(found, "980104", "term_overdue")
    assert set(rows["district_code"]) == {"980104"}
    assert all("term_overdue" in weak_orgs.signs_of(row) for row in rows.to_dicts())
    assert rows["rank"].is_sorted()
    whole = [weak_orgs.chosen(found, weak_orgs.ALL, sign).height for sign in weak_orgs.SIGNS]
    assert sum(whole) == sum(len(weak_orgs.signs_of(row)) for row in found.to_dicts())


def test_signs_say_what_is_behind_them_but_count_no_members(view):
    row = view.picture.weak_orgs.row(0, named=True)
    assert weak_orgs.sign_words(view, "term_overdue", row) == "届满未换届（2016年5月10日届满）"
    assert weak_orgs.sign_words(view, "eight_haves", row) == "八有不足4项（现3项）"
    assert weak_orgs.sign_words(view, "few_members", row) == "正式党员不足3名"


def test_a_tenth_is_rounded_up_and_matches_the_published_list(view):
    assert [weak_orgs.tenth(n) for n in (0, 1, 10, 11, 211)] == [0, 1, 1, 2, 22]
    active = view.picture.figure("term_overdue", "city", view.picture.city, "all", "-").denominator
    assert view.picture.weak_orgs.height == weak_orgs.tenth(active)


def test_how_long_the_list_is_is_not_judged_by_what_lies_in_one_area(example_home, monkeypatch):
    said, view = [], view_of(example_home, weak_orgs.PAGE, "2017-12")
    monkeypatch.setattr("streamlit.html", said.append)
    reader = Reader("a@b.example", "甲", "auditor", (Area("district", "980104"),))
    monkeypatch.setattr(store.access, "reader", lambda home: reader)
    area = view_of(example_home, weak_orgs.PAGE, "2017-12", reader=reader)
    assert 0 < area.picture.weak_orgs.height < view.picture.weak_orgs.height
    weak_orgs._standing(area, area.picture.weak_orgs, None)
    assert "已全部列入" not in "".join(said) and "这里只列其中本范围内的" in "".join(said)
    said.clear()
    weak_orgs._standing(view, view.picture.weak_orgs.head(1), None)
    assert "已全部列入" in "".join(said) and "本范围" not in "".join(said)


def test_the_workbook_has_a_column_a_sign_and_what_mends_it(view):
    found = weak_orgs.book(view, view.picture.weak_orgs)
    read = fastexcel.read_excel(export.book_bytes(found))
    assert read.sheet_names == ["数据", "说明", "口径", "版本"]
    rows = read.load_sheet("数据").to_polars().to_dicts()
    for line, row in zip(rows, view.picture.weak_orgs.to_dicts(), strict=True):
        assert line["党组织代码"] == row["org_code"]
        assert line["问题个数"] == len(weak_orgs.signs_of(row))
        assert (line["没有书记"] is not None) == ("no_secretary" in row["signs"])
        assert len(line["整改办法"].split("；")) == len(weak_orgs.signs_of(row))


def test_a_release_without_the_organisations_still_has_its_list(example_home):
    view = view_of(example_home, weak_orgs.PAGE, "2017-12")
    assert view.picture.weak_orgs.height == 22
    assert len(weak_orgs.book(view, view.picture.weak_orgs).rows) == 22


def test_an_organisation_opens_to_its_lines_and_its_units_and_never_to_members(tmp_path, monkeypatch):
    home = make_home(tmp_path / "home", ())
    code, uscc = (
        expected(table).filter(pl.col("period") == "2017-12")[name][0] for table, name in (("weak_orgs", "org_code"), ("census", "uscc"))
    )
    of = [
        ("organisation", code, "party_org", "a.csv", 7),
        ("organisation", code, "org_link", "b.csv", 3),
        ("unit", uscc, "org_link", "b.csv", 3),
    ]
    columns = {"subject_kind": pl.String, "subject": pl.String, "source": pl.String, "path": pl.String, "line": pl.Int64}
    publish(home, "2017-12", origins=pl.DataFrame(of, schema=columns, orient="row").with_columns(period=pl.lit("2017-12")))
    view, said = view_of(home, weak_orgs.PAGE, "2017-12"), []
    monkeypatch.setattr(weak_org_sources, "table", lambda name, heads, rows: said.extend(map(str, rows)))
    row = view.picture.weak_orgs.filter(pl.col("org_code") == code).row(0, named=True)
    weak_org_sources.draw(view, row, ["没有书记"], "")
    assert len(said) == 3 and "a.csv" in said[0] + said[1] and "b.csv" in said[0] + said[1]
    assert f"uscc={uscc}" in said[2], "its units lead to their own pages"
    [sheet] = weak_orgs.book(view, view.picture.weak_orgs).more
    assert sorted(line[3:] for line in sheet.rows) == [["a.csv", "7"], ["b.csv", "3"]]


def test_the_parts_of_the_list_are_the_way_to_it_filtered(view):
    link = weak_orgs._way(view, "3/22", sign="no_secretary")
    assert "sign=no_secretary" in link and "3/22" in link
    named = dict(weak_org_sources.definitions(view, weak_orgs.SIGNS))
    assert "党员名册" in named["正式党员不足3名"]
