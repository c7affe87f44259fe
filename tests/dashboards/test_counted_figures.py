"""Counts behind their codes: opened, said in words, and on the page for the readers that there are."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
import streamlit as st

from dashboards import counted_rows, explain, store
from dashboards.figure_book import book
from dashboards.screens.figure import PAGE
from dashboards.seen import at_the_machine
from data.access import ANYBODY_HERE, Area, Reader
from data.words import Words
from tests.dashboards.releases_fixture import expected
from tests.dashboards.views import view_of
from transforms.citation import code
from transforms.marks import cells, keys, marks
from transforms.tallies import ALL, TALLIES, counts

PERIOD, CITY, EAST = "2017-12", "980100", "980102"
LEADER = Reader("a@b.example", "甲", "leader", (Area("city"),))
OF_EAST = Reader("c@d.example", "乙", "analyst", (Area("district", EAST),))


def code_of(name: str, cell: str, *key: str) -> str:
    return code(PERIOD, "r01", name, key, cell)


def explained(home, asked: str, lang: str = "zh", limit: int | None = None) -> tuple[dict, list[str]]:
    return explain.explain(home, asked, limit, Words(lang), lambda *named: at_the_machine(home, *named))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_tally_opens_to_the_rows_that_it_counts(example_home, lang):
    release = at_the_machine(example_home, PERIOD)
    for name in TALLIES:
        most = max(keys(release, name), key=lambda key: sum(filter(None, counts(release, name)[key].values())))  # noqa: B023
        for cell in cells(name):
            facts, lines = explained(example_home, code_of(name, cell, *most), lang)
            (side,) = facts["sides"]
            assert facts["value"] == counts(release, name)[most][cell]
            assert lines[0].startswith(facts["code"]) and all(entry["text"] for entry in facts["definition"][:1])
            if side["rows_are"] == "target":
                assert len(facts["made_of"]) == facts["value"] or cell == "missing"
                assert all(row["code"] in "\n".join(lines) for row in facts["made_of"])
            else:
                assert side["total"] == side["published"] == facts["value"] and len(side["listed"]) == side["rows"]
            assert len(facts["parts"]) == len(cells(name)) - 1


def test_a_target_that_is_counted_opens_by_its_own_code(example_home):
    release = at_the_machine(example_home, PERIOD)
    key = next(key for key in keys(release, "targets_count") if key[2] == "district")
    facts, _ = explained(example_home, code_of("targets_count", "missing", *key))
    assert facts["made_of"]
    assert sum(row["value"] for row in facts["made_of"]) == facts["value"]
    first = facts["made_of"][0]
    further, lines = explained(example_home, first["code"])
    assert (further["table"], further["column"]) == ("targets", "units_missing")
    assert further["value"] == first["value"]
    assert f"  {first['value']}  " in lines[0]


def test_a_finding_on_a_member_is_named_by_rule_place_and_fingerprint(example_home):
    rows = expected("findings").filter(period=PERIOD)
    members = rows.filter(subject_kind="member")
    facts, lines = explained(example_home, code_of("findings_count", "listed", "city", CITY, ALL))
    assert facts["value"] == rows.height and members.height
    text = "\n".join(lines) + str(facts)
    for row in members.to_dicts():
        assert row["subject"] not in text
        line = next(line for line in lines if row["fingerprint"] in line)
        assert Words("zh").rule(row["rule"]) in line and "党员" in line


def test_rejected_lines_are_named_and_not_told(example_home):
    lines = explained(example_home, code_of("loads_count", "rejected", ALL))[1]
    assert any("第 " in line and ".csv" in line.lower() for line in lines)
    assert not any("示例" in line or "91980102MA13GXF47G" in line for line in lines)


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """What the page draws."""
    found: list[str] = []
    monkeypatch.setattr(st, "session_state", {"choices": {}, "choices.stale": {}, "choices.linked": True})
    monkeypatch.setattr(st, "html", lambda body, **_: found.append(body))
    monkeypatch.setattr(st, "expander", lambda *_, **__: nullcontext())
    for name in ("text_input", "download_button", "selectbox"):
        monkeypatch.setattr(st, name, lambda *_, **__: None)
    monkeypatch.setattr("dashboards.cells.download", lambda *_: None)
    monkeypatch.setattr("dashboards.choices.choose", lambda label, name, options, first, *_, **__: first)
    return found


def page(home, drawn: list[str], monkeypatch, asked: str, reader: Reader = ANYBODY_HERE) -> str:
    drawn.clear()
    st.session_state["choices"] = {"code": asked}
    monkeypatch.setattr(store.access, "reader", lambda home: reader)
    PAGE.render(replace(view_of(home, PAGE, PERIOD), reader=reader))
    return "\n".join(drawn)


def test_the_page_lists_findings_that_lead_to_their_own_page_and_a_leader_gets_the_number(example_home, drawn, monkeypatch):
    asked = code_of("findings_count", "listed", "district", EAST, "H")
    rows = expected("findings").filter(period=PERIOD, district_code=EAST, severity="H")
    said = page(example_home, drawn, monkeypatch, asked)
    assert "核查线索 · 在列" in said
    assert rows.height and all(f"finding?id={each}" in said for each in rows["fingerprint"])
    said = page(example_home, drawn, monkeypatch, asked, LEADER)
    assert f"{rows.height}" in said and "单位名称和名单只供" in said
    assert not any(each in said for each in rows["fingerprint"])


def test_a_leader_reads_which_sources_are_late_and_what_the_districts_lack(example_home, drawn, monkeypatch):
    said = page(example_home, drawn, monkeypatch, code_of("sources_count", "sources", "delivered"), LEADER)
    assert "市场主体登记" in said
    key = next(key for key in keys(at_the_machine(example_home, PERIOD), "targets_count") if key[2] == "district")
    said = page(example_home, drawn, monkeypatch, code_of("targets_count", "short", *key), LEADER)
    assert "由各地的目标组成" in said and "只供本范围" not in said


def test_units_on_a_list_are_opened_as_those_of_any_figure(example_home, drawn, monkeypatch):
    rows = expected("worklist").filter(period=PERIOD)
    name = rows["list"].mode()[0]
    asked, mine = code_of("worklist_count", "listed", "city", CITY, name), rows.filter(list=name)
    said = page(example_home, drawn, monkeypatch, asked)
    assert all(f"unit?uscc={each}" in said for each in mine["uscc"]) and "列入条件" in said
    assert "党员数" not in said


def test_a_reader_of_a_district_has_its_counts_and_the_citys_under_no_code(example_home, drawn, monkeypatch):
    own = code_of("findings_count", "listed", "district", EAST, ALL)
    number = expected("findings").filter(period=PERIOD, district_code=EAST).height
    for reader in (ANYBODY_HERE, OF_EAST):
        said = page(example_home, drawn, monkeypatch, own, reader)
        assert f">{number}<" in said
    for asked in (
        code_of("findings_count", "listed", "city", CITY, ALL),
        code_of("findings_count", "listed", "district", "980104", ALL),
        code_of("loads_count", "rejected", ALL),
        code_of("sources_count", "sources", "missing"),
    ):
        assert "没有编号为" not in page(example_home, drawn, monkeypatch, asked)
        assert "没有编号为" in page(example_home, drawn, monkeypatch, asked, OF_EAST)


def test_every_code_that_a_reader_has_opens_the_number_that_the_whole_city_has(example_home, monkeypatch):
    whole = at_the_machine(example_home, PERIOD)
    monkeypatch.setattr(store.access, "reader", lambda home: OF_EAST)
    part = store.picture(example_home, PERIOD, "r01").release
    assert marks(part).keys() < marks(whole).keys()
    held = {name: counts(part, name) for name in TALLIES}
    assert held["findings_count"] and held["worklist_count"]
    assert all(counts(whole, name)[key] == row for name, found in held.items() for key, row in found.items())


def test_the_download_has_every_counted_row(example_home):
    view = view_of(example_home, PAGE, PERIOD)
    place = view.picture.marks[code_of("loads_count", "rejected", ALL).split("-")[1]][0]
    figure = explain.opened.open_figure(view.home, view.picture.release, place, lambda *named: at_the_machine(example_home, *named))
    found = book(view, figure, figure.sides[0])
    assert len(found.rows) == figure.row["rejected"]
    assert [column.head for column in found.columns] == counted_rows.heads(view.words, "rejected", counted_rows.COLUMNS["rejected"])
