"""季通报: what stands in its sections, what it says where there is nothing, and what came of the quarter before."""

import pytest

from data.words import LANGUAGES, Words
from pipelines.briefing import cells, quarter
from pipelines.briefing.document import Bars, Beside, Items, Paragraph, Table
from tests.transforms.claims.made import CITY, DISTRICTS, facts, slip, units
from transforms.claims import goals

ZH = Words("zh")
EAST, WEST, SOUTH = DISTRICTS
FIGURES = {(metric, "city"): (150, 300) for metric in ("org_coverage", "work_coverage")}
FIGURES |= {("org_coverage", "district", EAST): (90, 100), ("org_coverage", "district", WEST): (50, 100)}
FIGURES |= {("org_coverage", "district", SOUTH): (10, 100), ("org_coverage", "park", "P01"): (3, 4)}
THEN = {("org_coverage", "city"): (150, 300), ("org_coverage", "district", EAST): (85, 100)}


def sections(document):
    return {section.name: section for section in document.sections}


def blocks(section, kind):
    return [block for block in section.blocks if isinstance(block, kind)]


def test_places_stand_in_bands_beside_the_city():
    document = quarter.compose(facts(figures=FIGURES, back={3: THEN}), ZH)
    ranks = sections(document)["ranks"]
    text = "".join(sentence.text for block in blocks(ranks, Paragraph) for sentence in block.sentences)
    assert "东区组织覆盖率90.0%（90/100），比全市高40.0个百分点。" in text
    assert "2个园区" not in text  # one of them has no figure at all: that is not the same as being too small
    table = blocks(ranks, Table)[0]
    first = [cell.text for cell in table.rows[0]]
    assert first == ["东区", "第1位", "第1位", "90.0%", "+5.0", "高于全市"]
    assert table.rows[0][3].below == "90/100"
    assert table.rows[0][3].code.startswith("201712.1-")
    assert [row[0].text for row in table.rows] == ["东区", "南县"]  # who can be told from the city
    assert "其余1个见附表" in table.note
    assert "东区、" not in text and "全部区县组织覆盖率名次区间" not in text
    bars = blocks(ranks, Bars) + [side for pair in blocks(ranks, Beside) for side in (pair.left, pair.right)]
    assert [(bar.label, bar.low < bar.value < bar.high) for bar in bars[0].bars] == [("东区", True), ("西区", True), ("南县", True)]
    assert bars[0].line == 0.5


def test_every_place_stands_in_the_annex_and_the_page_says_how_many_do():
    many = [row for row in units() if row["unit_kind"] == "city"]
    many += [{"unit_kind": "district", "unit_code": f"98{n:04d}", "name": f"第{n}区", "parent_code": CITY} for n in range(1, 31)]
    figures = {("org_coverage", "city"): (1500, 3000)} | {("org_coverage", "district", f"98{n:04d}"): (50, 100) for n in range(1, 31)}
    named = {("org_coverage", "district", f"98{n:04d}"): (95, 100) if n % 2 else (5, 100) for n in range(1, 29)}
    document = quarter.compose(facts(figures=figures | named, units=many), ZH)
    table = blocks(sections(document)["ranks"], Table)[0]
    assert (len(table.rows), "其余5个见附表" in table.note) == (25, True)
    chart = blocks(sections(document)["ranks"], Bars)[0]
    assert (len(chart.bars), chart.title) == (25, "区县组织覆盖率及波动范围（前25个，共30个）")
    assert [len(sheet.rows) for sheet in document.sheets if sheet.name == "ranks_district_org_coverage_all"] == [30]


def test_places_that_chance_does_not_tell_apart_stand_in_the_annex_alone():
    known = {("org_coverage", "district", code): (n, 100) for code, n in ((EAST, 52), (WEST, 50), (SOUTH, 48))}
    document = quarter.compose(facts(figures={("org_coverage", "city"): (150, 300)} | known), ZH)
    ranks = sections(document)["ranks"]
    assert blocks(ranks, Table) == []
    assert [len(chart.bars) for chart in blocks(ranks, Bars)] == [3]
    text = [sentence.text for block in blocks(ranks, Paragraph) for sentence in block.sentences]
    assert text == [
        "3个区县的组织覆盖率与全市50.0%（150/300）的差距都在偶然波动之内，分不出高低。",
        "3个区县的数值见附表“全部区县组织覆盖率名次区间”。",
    ]
    assert [len(sheet.rows) for sheet in document.sheets if sheet.name == "ranks_district_org_coverage_all"] == [3]


def test_what_each_district_lacks_in_whole_units():
    row = {"metric": "org_coverage", "sector": "all", "unit_kind": "district", "due": "2018-06", "target": 0.6, "pace_needed": 1.0}
    targets = [
        row | {"unit_code": EAST, "value": 0.9, "gap_points": -30.0, "units_missing": 0},
        row | {"unit_code": SOUTH, "value": 0.1, "gap_points": 50.0, "units_missing": 50},
    ]
    table = blocks(sections(quarter.compose(facts(figures=FIGURES, targets=targets), ZH))["goals"], Table)[0]
    assert table.heads == ("区县", "组织覆盖率2018年6月达到60.0%")
    assert [[cell.text for cell in row] for row in table.rows] == [["东区", "已达到"], ["南县", "50家"]]
    assert table.rows[1][1].below == "10.0% 10/100"


@pytest.mark.parametrize(("given", "sign"), [("suppressed", "x"), ("source_missing:tax", "…"), ("no_denominator", "—")])
def test_of_a_figure_that_is_not_shown_nothing_is_said_to_be_missing(given, sign):
    row = {"metric": "org_coverage", "sector": "all", "unit_kind": "district", "unit_code": EAST, "due": "2018-06", "target": 0.6}
    known = facts(figures={("org_coverage", "district", EAST): given}, targets=[row])
    goal = goals.goals(known, "district")[0]
    for beneath in (False, True):
        cell = cells.left(ZH, known, goal, beneath)
        assert (cell.text, cell.below, cell.value) == (sign, "", None)
        assert bool(cell.code) is beneath


def test_more_targets_than_a_page_is_wide_make_more_tables():
    row = {"metric": "org_coverage", "sector": "all", "unit_kind": "district", "unit_code": EAST, "value": 0.9, "units_missing": 0}
    targets = [row | {"due": f"2018-{month:02d}", "target": 0.6} for month in range(1, 7)]
    tables = blocks(sections(quarter.compose(facts(figures=FIGURES, targets=targets), ZH))["goals"], Table)
    assert [len(table.heads) for table in tables] == [5, 3]
    assert len({table.name for table in tables}) == 2


def test_what_came_of_the_quarter_before():
    asked = [{"kind": "delivery", "period": "2017-09", "revision": "r01", "count": 2, "sources": ["tax", "member"]}]
    earlier = [slip("2017-09", "quarter", edition=1), slip("2017-09", "quarter", edition=2, asks=asked), slip("2017-11", "month")]
    known = facts(figures=FIGURES, earlier=earlier, manifest={"missing": ["member"]})
    came = sections(quarter.compose(known, ZH))["came"]
    assert [sentence.claim.name for sentence in blocks(came, Items)[0].sentences] == ["came_delivery"]
    assert came.empty == ""


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        ([], "2017年第三季度没有写过季度通报，无从对照落实情况。"),
        ([slip("2017-09", "month")], "2017年第三季度没有写过季度通报，无从对照落实情况。"),
        ([slip("2017-09", "quarter")], "2017年第三季度的通报没有提出要求。"),
        ([slip("2017-09", "quarter", asks=[{"kind": "of a later program"}])], "上季提出的1项要求"),
    ],
)
def test_where_nothing_can_be_followed_up_it_says_so(earlier, said):
    came = sections(quarter.compose(facts(figures=FIGURES, earlier=earlier), ZH))["came"]
    assert (came.blocks, came.empty[: len(said)]) == ((), said)
    assert came.left_out


@pytest.mark.parametrize(
    ("earlier", "why"), [([], "该月没有编写通报（2017年9月）"), ([slip("2017-09", "quarter")], "上次通报没有提出要求")]
)
def test_why_nothing_can_be_followed_up_is_no_matter_of_the_month(earlier, why):
    came = sections(quarter.compose(facts(figures=FIGURES, back={3: THEN}, earlier=earlier), ZH))["came"]
    assert [ZH.left_out(each.reason) for each in came.left_out] == [why]


def test_what_this_quarter_asks_for_is_kept_for_the_next():
    document = quarter.compose(facts(figures=FIGURES, manifest={"missing": ["tax"]}), ZH)
    assert blocks(sections(document)["asks"], Items)
    assert [ask["kind"] for ask in document.asks] == ["delivery"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_city_where_everything_is_missing_still_gives_an_honest_circular(lang):
    document = quarter.compose(facts(cases=None), Words(lang))
    assert [section.name for section in document.sections] == ["ranks", "goals", "came", "asks"]
    assert all(section.blocks or section.empty for section in document.sections)
    assert document.sections[0].left_out
    assert document.units is False


@pytest.mark.parametrize(("month", "name"), [("03", "第一季度"), ("06", "第二季度"), ("09", "第三季度"), ("12", "第四季度")])
def test_it_names_its_quarter(month, name):
    document = quarter.compose(facts(f"2017-{month}"), ZH)
    assert document.title == "示例市两新组织党建工作季度通报"
    assert document.under.startswith(f"2017年{name}　数据截至2017年")
