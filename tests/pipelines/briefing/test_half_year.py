"""半年督查: a checklist of places, each with its findings; nothing of any member, and text that stays text."""

from dataclasses import replace

import pytest

from data.words import LANGUAGES, Words
from pipelines.briefing import half_year
from pipelines.briefing.document import Paragraph, Table
from tests.transforms.claims.made import CITY, DISTRICTS, case, facts, units

ZH = Words("zh")
EAST, WEST, SOUTH = DISTRICTS
USCC, ORG, MEMBER = "91980101MA00000001", "DZ000001", "9f2c6b7d0a1e4f58"
HOSTILE = '=1+1"<b>#\u202e'
CENSUS = [{"uscc": USCC, "name": "东区制造有限公司", "district_code": EAST}]
ORGANISATIONS = [{"org_code": ORG, "name": "东区第一党支部", "district_code": EAST}]


def composed(*cases, words=ZH, **more):
    return half_year.compose(facts(cases=cases, census=CENSUS, organisations=ORGANISATIONS, **more), words)


def section(document, name):
    return next(each for each in document.sections if each.name == name)


def tables(document, name):
    return [block for block in section(document, name).blocks if isinstance(block, Table)]


LATE = case(1, "large_untaxed", subject=USCC, overdue=True, status="assigned", since="2017-06")


def test_where_to_go_why_and_what_to_look_at_there():
    document = composed(LATE, case(2, "return_differs", subject_kind="return", subject=f"{EAST}|enterprise"))
    where = tables(document, "where")[0]
    assert [cell.text for cell in where.rows[0]] == ["东区", "申报与台账对不上；线索逾期", "2／6", "0", "2", "□"]
    place = section(document, "districts").blocks[0]
    assert isinstance(place, Paragraph)
    assert (place.lead, place.sentences[1].text) == ("东区", "1条线索逾期未办结：规模单位无纳税。")
    *signs, first, second = tables(document, "districts")[0].rows
    assert [row[1].text for row in signs] == ["申报与台账对不上", "线索逾期"]
    assert signs[1][4].text == "问清承办人、卡在哪里、何时办结。"
    assert [cell.text for cell in first][:3] == ["□", "规模单位无纳税（核实）", "东区制造有限公司"]
    assert (first[1].below, first[2].below, first[3].below) == (f"{1:024x}", USCC, "2017年6月起")
    assert first[4].below == "责任单位：税务部门"
    assert (second[2].text, second[4].text) == ("东区 · 非公企业", "对照台账逐户核对，说明口径差异或更正")
    assert document.units is True


def test_the_annex_holds_every_open_finding_of_each_place():
    document = composed(LATE, *(case(number, "large_untaxed") for number in range(2, 20)))
    assert len(tables(document, "districts")[0].rows) == 1 + 8
    assert [(sheet.name, len(sheet.rows)) for sheet in document.sheets] == [(f"all_{EAST}", 19)]
    assert {row[-1].text for row in document.sheets[0].rows} == {f"{number:024x}" for number in range(1, 20)}


def test_units_organisations_and_links_are_named_with_their_codes():
    document = composed(
        LATE,
        case(2, "single_many_units", subject_kind="org", subject=ORG),
        case(3, "link_unit_inactive", subject_kind="link", subject=f"{ORG}|{USCC}"),
        case(4, "link_unit_unknown", subject_kind="link", subject="DZ9|91980101MA00000009"),
    )
    told = [(row[2].text, row[2].below) for row in tables(document, "districts")[0].rows]
    assert ("东区第一党支部", ORG) in told
    assert ("东区第一党支部 → 东区制造有限公司", f"{ORG} → {USCC}") in told
    assert ("（名称不详的党组织） → （名称不详的单位）", "DZ9 → 91980101MA00000009") in told


def test_of_a_member_nothing_stands_there_but_the_finding():
    seen = [{"rule": "member_two_orgs", "fingerprint": f"{2:024x}", "subject": MEMBER, "evidence": f'{{"facts": {{"id": "{MEMBER}"}}}}'}]
    document = composed(LATE, case(2, "member_two_orgs", subject_kind="member", subject=MEMBER), findings=seen)
    assert MEMBER not in repr(document)
    assert [(row[2].text, row[1].below) for row in tables(document, "districts")[0].rows][1] == ("党员", f"{2:024x}")


def test_hostile_names_stay_one_line_of_text():
    named = [row | ({"name": f"{HOSTILE}\n二行"} if row["unit_code"] == EAST else {}) for row in units()]
    document = half_year.compose(facts(cases=[LATE], units=named, census=[{"uscc": USCC, "name": f"{HOSTILE}\n司"}]), ZH)
    texts = [tables(document, "where")[0].rows[0][0].text, tables(document, "districts")[0].rows[1][2].text]
    assert all("<b>#" in text and "\n" not in text and "\u202e" not in text for text in texts)


def test_a_rule_that_is_in_no_card_any_more_still_stands_there():
    row = tables(composed(case(1, "of_long_ago", overdue=True, severity="S")), "districts")[0].rows[1]
    assert row[1].text.startswith("of_long_ago")
    assert (row[3].text, row[4].text) == ("", "")


def test_a_place_without_findings_is_looked_at_by_its_signs():
    figures = {("org_coverage", "city"): (50, 100), ("org_coverage", "district", EAST): (80, 100)}
    figures |= {
        ("org_coverage", kind, code, "all", "verified"): n for kind, code, n in (("city", None, (50, 100)), ("district", EAST, (20, 100)))
    }
    table = tables(half_year.compose(facts(figures=figures), ZH), "districts")[0]
    assert [row[1].text for row in table.rows] == ["高低随口径而变"]
    assert table.note == "该地没有未办结的线索，按所列情形核对数字即可。"


def test_every_sign_is_explained_with_the_places_that_show_it():
    rows = {row[0].text: row[3].text for row in tables(composed(LATE), "how")[0].rows}
    assert len(rows) == 6
    assert rows["线索逾期"] == "东区"
    assert rows["退回行偏多"] == "—"


def many(number):
    """Districts, each with a finding past its day; the first has two."""
    rows = [row for row in units() if row["unit_kind"] == "city"]
    rows += [{"unit_kind": "district", "unit_code": f"98{n:04d}", "name": f"第{n}区", "parent_code": CITY} for n in range(1, number + 1)]
    cases = [case(n, "large_untaxed", district_code=f"98{n:04d}", overdue=True) for n in range(1, number + 1)]
    return {"units": rows, "cases": [*cases, case(99, "large_untaxed", district_code="980001", overdue=True)]}


def test_places_beyond_the_cap_are_counted_and_stand_in_the_annex():
    document = half_year.compose(facts(**many(8)), ZH)
    where = tables(document, "where")[0]
    assert (len(where.rows), "另有3个区县也出现所列情形，列入附表“其他出现情形的地点”。" in where.note) == (5, True)
    sheet = document.sheets[0]
    assert (sheet.name, sheet.only_annex) == ("others", True)
    assert [[cell.text for cell in row] for row in sheet.rows][0] == [
        "区县", "980006", "第6区", "线索逾期", "1／6", "0", "1", "1条线索逾期未办结：规模单位无纳税。",
    ]  # fmt: skip
    shown_by = {row[0].text: row[3].text for row in tables(document, "how")[0].rows}
    assert shown_by["线索逾期"] == "第1区、第2区、第3区、第4区、第5区等8个"
    few = half_year.compose(facts(**many(5)), ZH)
    assert "另有" not in tables(few, "where")[0].note
    assert "others" not in [sheet.name for sheet in few.sheets]


def test_where_the_casework_can_not_be_read_no_count_of_open_findings_stands():
    figures = {("org_coverage", "city"): (50, 100), ("org_coverage", "district", EAST): (80, 100)}
    figures |= {
        ("org_coverage", kind, code, "all", "verified"): n for kind, code, n in (("city", None, (50, 100)), ("district", EAST, (20, 100)))
    }
    cases = [case(1, "return_differs", subject_kind="return", subject=f"{EAST}|enterprise", severity="H")]
    known = replace(facts(figures=figures, cases=cases), casework="unread")
    document = half_year.compose(known, ZH)
    where = section(document, "where")
    assert where.blocks[0].sentences[0].text == "线索办理记录无法读取，在列的1条线索只按数据计数，其中已说明和逾期的未能区分。"
    assert [cell.text for cell in where.blocks[1].rows[0]] == ["东区", "高低随口径而变", "1／6", "…", "…", "□"]
    assert tables(document, "districts")[0].note.endswith("线索办理记录无法读取，其中可能有已说明的。")
    assert {row[7].text for row in document.sheets[0].rows} == {"…"}
    shown_by = {row[0].text: row[3].text for row in tables(document, "how")[0].rows}
    assert (shown_by["线索逾期"], shown_by["高低随口径而变"], shown_by["发布后修订"]) == ("…", "东区", "—")
    left = {(each.name, each.reason) for each in section(document, "districts").left_out if each.subject.code == EAST}
    assert {("visit_returns", "casework"), ("visit_leads", "casework"), ("visit_overdue", "casework")} <= left


def test_what_could_not_be_looked_for_is_not_called_absent():
    unread = half_year.compose(replace(facts(), casework="unread"), ZH)
    assert section(unread, "where").empty == "能够核对的情形没有一处出现；有的情形本期无从判断，原因见附表。"
    assert section(half_year.compose(facts(), ZH), "where").empty == "本期没有区县或园区出现所列情形，无需到现场核对。"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_any_sign_nobody_has_to_go_anywhere(lang):
    for cases in ((), None):
        document = half_year.compose(facts(cases=cases), Words(lang))
        assert [bool(each.empty) for each in document.sections] == [True, True, True, False]
        assert document.sheets == ()


def test_it_names_its_half_year():
    assert half_year.compose(facts("2017-06"), ZH).under.startswith("2017年上半年　数据截至2017年6月30日")
    assert half_year.compose(facts("2017-12"), ZH).title == "示例市两新组织党建工作半年督查清单"
