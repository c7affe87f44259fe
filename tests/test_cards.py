"""The cards say what the definitions say: names, order, families, and predicates that look at columns which exist.

The lists below are copied from the tables of the definitions by hand, so that a card that is lost, renamed or changed is seen.
"""

import re

import pytest

from data.contracts import SourceCard, metrics, registration_types, rules, sources, tables, worklists
from tests.cities import city
from transforms.census import census
from transforms.measures.cube import count, needs_of
from transforms.organisations import organisations
from transforms.predicates import columns_of

SOURCES = """
    registration 市场主体登记
    social_org 社会组织登记
    tax 纳税
    social_insurance 社会保险缴费
    party_org 党组织
    org_link 党组织覆盖单位
    member 党员
    instructor 党建工作指导员
    mass_org 群团组织
    park 园区名录
    district_return 区县月报
    funding 党建经费
    survey 摸底台账
    recruit_quota 发展党员计划
"""
ENTITY = """
    org_coverage 组织覆盖率
    resident_coverage 组织覆盖率(不含派驻)
    work_coverage 工作覆盖率
    single_rate 单独组建率
    single_share 单独组建占比
    single_due_rate 应单独组建落实率
    member_unit_coverage 有党员单位组织覆盖率
    joint_due_rate 应联合组建落实率
    large50_member_rate 50人以上单位有党员率
    large100_org_rate 100人以上单位建组织率
    no_member_share 无党员单位占比
    recognition_rate 认定率
    member_density 职工党员占比
    survey_rate 摸底完成率
    five_clears 五个清达标率
    irregular_unit_share 有待规范党员单位占比
    park_unit_share 园区单位占比
    park_employee_share 园区职工占比
"""
ORGANISATION = """
    single_org_share 单独组建党组织占比
    joint_load 联合党组织平均覆盖单位数
    secretary_in_post 书记配备率
    secretary_trained 书记年度培训率
    term_overdue 届满未换届占比
    eight_haves_met 八有达标率
    star_share 三星以上占比
    park_managed_share 园区统管率
"""
PLACES = """
    centre_rate 党群服务中心覆盖率
    instructor_staffing 专职指导员配备率
    recruit_rate 发展党员计划完成率
    irregular_member_share 待规范党员占比
    activity_funding 党建活动经费保障率
    allowance_funding 书记津贴保障率
"""
FAMILY = {"centre_rate": "park", "instructor_staffing": "staffing"}
# Values outside 0..1: these alone are ratios. (Recruitment is measured against a quota.)
PASS_ONE = {"joint_load", "instructor_staffing", "member_density", "recruit_rate", "activity_funding", "allowance_funding"}
CENSUS = (
    "period uscc name founded_on type_code sector assumed active registered district_code park_code taxpayer insured employees "
    "corroborated verified members formal_members irregular_members covered mode instructed union youth_league women work_covered"
).split()
TABLES = {
    "metrics": "period basis unit_kind unit_code sector metric numerator denominator value reason",
    "base_numbers": """
        period unit_kind unit_code registered taxpayers insured both_lists corroborated verified
        ratio_base measured_ratio estimate low high
    """,
    "units": "period unit_kind unit_code name level parent_code tile_x tile_y",
    "loads": """
        period source path sha256 rows_read rows_loaded rows_rejected rows_skipped columns_left_out values_dropped defaults_used refused
    """,
    "rejected": "period source path line reason fields",
}


def pairs(text: str) -> dict[str, str]:
    return dict(line.split() for line in text.strip().splitlines())


def of_family(*families: str) -> dict[str, str]:
    return {name: card.zh for name, card in metrics().items() if card.family in families}


SIDES = [
    pytest.param(card, side, id=f"{name} {which}")
    for name, card in metrics().items()
    for which, side in (("numerator", card.numerator), ("denominator", card.denominator))
    if side is not None
]
COUNTED = [case for case in SIDES if case.values[0].family in ("entity", "organisation")]


# --- names ---


def test_every_source_in_the_order_that_decides_which_missing_one_is_named():
    assert [(name, card.zh) for name, card in sources().items()] == list(pairs(SOURCES).items())


def test_every_metric_under_its_name():
    assert of_family("entity") == pairs(ENTITY)
    assert of_family("organisation") == pairs(ORGANISATION)
    assert of_family("park", "staffing", "area") == pairs(PLACES)
    for name in pairs(PLACES):
        assert metrics()[name].family == FAMILY.get(name, "area")


def test_what_may_pass_one():
    assert {name for name, card in metrics().items() if not card.within_one} == PASS_ONE
    # All of them are rates for a reader, but for the mean number of units.
    assert {name for name, card in metrics().items() if card.unit == "ratio"} == {"joint_load"}


@pytest.mark.parametrize("name", list(TABLES))
def test_tables_have_the_columns_of_the_contract(name):
    assert [column.name for column in tables()[name].published] == TABLES[name].split()


def test_the_census_has_its_columns():
    assert sorted(column.name for column in tables()["census"].published) == sorted(CENSUS)


def test_orders_are_of_their_own():
    for cards in (sources(), metrics(), tables()):
        orders = [card.order for card in cards.values()]
        assert orders == sorted(set(orders))


# --- predicates ---


@pytest.mark.parametrize(("card", "side"), COUNTED)
def test_predicates_look_at_columns_that_exist(card, side):
    inputs = city()
    frame = census(inputs) if card.family == "entity" else organisations(inputs, census(inputs))
    looked_at = columns_of(side.where) | ({side.sum} if side.sum else set())
    assert looked_at <= set(frame.collect_schema().names())


@pytest.mark.parametrize(("card", "side"), COUNTED)
def test_predicates_can_be_read_and_computed(card, side):
    inputs = city()
    frame = census(inputs) if card.family == "entity" else organisations(inputs, census(inputs))
    assert count(frame, [side]).rows == ()


def test_metrics_that_are_counted_have_both_sides():
    for card in metrics().values():
        if card.family in ("entity", "organisation"):
            assert card.numerator is not None and card.denominator is not None, card.name


@pytest.mark.parametrize(
    ("metric", "above", "below"),
    [
        ("org_coverage", "party_org org_link", ""),
        ("resident_coverage", "party_org org_link", ""),
        ("work_coverage", "party_org org_link instructor mass_org", ""),
        ("single_share", "party_org org_link", "party_org org_link"),
        ("single_due_rate", "party_org org_link member", "member"),
        ("member_unit_coverage", "party_org org_link member", "member"),
        ("joint_due_rate", "party_org org_link member", "member"),
        ("large50_member_rate", "social_insurance member", "social_insurance"),
        ("large100_org_rate", "social_insurance party_org org_link", "social_insurance"),
        ("no_member_share", "member", ""),
        ("recognition_rate", "", ""),
        ("member_density", "social_insurance member", "social_insurance"),
        ("survey_rate", "survey", ""),
        ("five_clears", "survey", ""),
        ("irregular_unit_share", "member", "member"),
        ("park_unit_share", "park", ""),
        ("park_employee_share", "park social_insurance", "social_insurance"),
    ],
)
def test_what_the_sets_of_a_metric_touch(metric, above, below):
    columns = {column.name: column.needs for column in tables()["census"].columns}
    card = metrics()[metric]
    assert needs_of(card.numerator, columns) == set(above.split())
    assert needs_of(card.denominator, columns) == set(below.split())


# --- what is written for people ---


def test_every_card_speaks_both_languages_and_names_its_document():
    for card in metrics().values():
        for text in (card.zh, card.numerator_zh, card.denominator_zh, card.why, card.source_document):
            assert re.search(r"[\u4e00-\u9fff]", text), (card.name, text)
        for text in (card.en, card.numerator_en, card.denominator_en):
            assert text and not re.search(r"[\u4e00-\u9fff]", text), (card.name, text)
    for table in tables().values():
        for column in table.columns:
            assert re.search(r"[\u4e00-\u9fff]|SHA", column.zh) and column.en, (table.name, column.name)


def test_every_change_log_is_numbered_and_speaks_both_languages():
    cards = [*metrics().values(), *worklists().values(), *rules().values()]
    for card in cards:
        entries = [re.fullmatch(r"([0-9]+): ([^/]*[\u4e00-\u9fff][^/]*) / ([^/\u4e00-\u9fff]+)", entry) for entry in card.change_log]
        assert all(entries) and [int(entry[1]) for entry in entries] == list(range(1, len(entries) + 1)) != [], card.name
    # These were numbers before they were shown in per cent.
    assert {card.name for card in cards if len(card.change_log) > 1} == PASS_ONE - {"joint_load"}


# --- sources ---


@pytest.mark.parametrize("card", sources().values(), ids=list(sources()))
def test_a_source_is_sound(card: SourceCard):
    names = [field.name for field in card.fields]
    assert len(names) == len(set(names))
    assert set(card.row_key) <= set(names) and card.row_key
    required = {field.name for field in card.fields if field.required}
    assert set(card.row_key) <= required
    for field in card.fields:
        assert len(field.headings) == len(set(field.headings)) > 0
        words = [word for accepted in field.values.values() for word in accepted]
        assert len(words) == len(set(words)), field.name
        assert bool(words) == (field.form in ("coded", "yes_no")), field.name


def test_no_source_has_a_field_for_a_name_of_a_person_or_an_address():
    for card in sources().values():
        persons = [field.name for field in card.fields if field.form == "person"]
        assert persons == {"member": ["member_id"], "instructor": ["instructor_id"]}.get(card.name, [])
        assert not {field.name for field in card.fields} & {"phone", "address", "id_number", "legal_representative"}
        if card.name in ("member", "instructor"):
            assert "name" not in {field.name for field in card.fields}


def test_carry_over_is_annual_for_four_sources():
    annual = {name: card.carry_over_months for name, card in sources().items() if card.carry_over_months is not None}
    assert annual == {"park": 11, "funding": 11, "recruit_quota": 11, "survey": 12}


def test_registration_types_are_one_row_a_code():
    codes = [code for code, _, _ in registration_types()]
    assert len(codes) == len(set(codes)) == 273
    kinds = {kind for _, _, kind in registration_types()}
    assert kinds == {"non_public", "assumed_non_public", "self_employed", "public", "branch", "cooperative", "other"}
