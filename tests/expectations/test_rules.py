"""Each rule: what it finds, and the near misses beside it on which it must stay silent."""
# ruff: noqa: E501 (a case is a line: what is delivered beside what is found)

import re
from datetime import date
from pathlib import Path

import pytest

from data.contracts import metrics, rules, sources
from expectations import findings
from expectations.findings import FAMILIES, fingerprint, function_of, lacks
from tests.cities import city
from tests.expectations.rules_of import before, leads, month, subjects

RULES = Path(findings.__file__).parent / "rules"


def test_every_card_has_one_function_and_every_function_a_card():
    functions = []
    for path in sorted(RULES.glob("[a-z]*.py")):
        functions += [
            (path.stem, name) for name in re.findall(r"^def ([a-z]\w*)\(month: Month\) -> Iterator\[Lead\]", path.read_text("utf-8"), re.M)
        ]
    assert sorted(functions) == sorted((card.family, card.name) for card in rules().values())
    assert {family for family, _ in functions} == set(FAMILIES)
    assert all(function_of(card).__name__ == card.name for card in rules().values())


def test_a_card_names_sources_and_fields_that_there_are():
    for card in rules().values():
        assert set(card.needs) | set(card.looks_back) <= set(sources())
        assert card.figure is None or card.figure in metrics()
        for wanted in card.evidence:
            fields = {entry.name for entry in sources()[wanted.source].fields}
            assert {*wanted.match, *wanted.shows} <= fields, card.name


def test_texts_never_accuse():
    text = "".join(f"{card.zh}{card.sentence_zh}{card.remedy_zh}" for card in rules().values())
    assert not re.search("造假|虚报|弄虚作假|违规|欺骗|作弊", text)


# rule, what is delivered, what it finds
CASES = [
    ("unit_code_conflict", {"registration": "uscc \n A \n B", "social_org": "uscc \n B \n C"}, ["B"]),
    ("district_unknown", {"registration": "uscc district_code status \n A . active \n B 980190 active \n C 980121 active \n D . cancelled"}, ["A", "B"]),
    ("park_unknown", {"registration": "uscc park_code status \n A P9 active \n B P1 active \n C . active \n D P9 cancelled", "park": "park_code \n P1"}, ["A"]),
    ("taxed_after_exit", {"registration": "uscc status \n A cancelled \n B active \n C cancelled", "tax": "taxpayer_id paid_yuan \n A 1 \n B 1 \n C 0"}, ["A"]),
    ("insured_after_exit", {"registration": "uscc status \n A cancelled \n B active \n C cancelled", "social_insurance": "uscc insured \n A 1 \n B 1 \n C 0"}, ["A"]),
    ("insured_unregistered", {"registration": "uscc \n A", "social_insurance": "uscc insured \n A 1 \n Z 1 \n Y 0"}, ["Z"]),
    ("taxpayer_unregistered", {"registration": "uscc \n A", "tax": "taxpayer_id status paid_yuan \n A normal 1 \n Z normal 1 \n Z normal 2 \n Y cancelled 5 \n X normal 0"}, ["Z"]),
    ("large_untaxed", {"registration": "uscc type_code \n A 1130 \n B 1130 \n C 1130 \n I 9500", "social_insurance": "uscc insured \n A 50 \n B 49 \n C 60 \n I 90", "tax": "taxpayer_id \n C"}, ["A"]),
    ("link_org_unknown", {"org_link": "org_code uscc ends_on \n X A . \n X B 2017-12-31 \n O A .", "party_org": "org_code \n O"}, ["X|A"]),
    ("link_org_inactive", {"org_link": "org_code uscc \n O A \n P A \n X A", "party_org": "org_code ended_on \n O 2017-12-31 \n P 2018-01-01"}, ["O|A"]),
    ("link_unit_unknown", {"registration": "uscc \n A", "org_link": "org_code uscc \n O Z \n O A \n P Y", "party_org": "org_code ended_on \n O . \n P 2017-01-01"}, ["O|Z"]),
    ("link_unit_inactive", {"registration": "uscc status \n A cancelled \n B active", "org_link": "org_code uscc \n O A \n O B \n O Z", "party_org": "org_code \n O"}, ["O|A"]),
    ("unit_many_orgs", {"org_link": "org_code uscc \n O A \n P A \n O B \n Q B", "party_org": "org_code ended_on \n O . \n P . \n Q 2017-01-01"}, ["A"]),
    ("single_many_units", {"org_link": "org_code uscc \n O A \n O B \n P A \n J A \n J B", "party_org": "org_code mode \n O single \n P single \n J joint"}, ["O"]),
    ("joint_one_unit", {"org_link": "org_code uscc \n J A \n K A \n K B", "party_org": "org_code mode \n J joint \n K joint \n L joint"}, ["J"]),
    ("joint_overload", {"org_link": "org_code uscc" + "".join(f" \n J A{n}" for n in range(6)) + "".join(f" \n K A{n}" for n in range(5)), "party_org": "org_code mode \n J joint \n K joint"}, ["J"]),
    ("org_without_units", {"org_link": "org_code uscc \n O A", "party_org": "org_code kind ended_on \n O branch . \n P branch . \n Q committee . \n R branch 2017-01-01"}, ["P"]),
    ("single_below_three", {"party_org": "org_code mode \n O single \n P single \n J joint", "member": "member_id org_code kind relation \n 1 O formal in_place \n 2 O formal pocket \n 3 O probationary in_place \n 1 P formal in_place \n 2 P formal mobile \n 3 P formal in_place"}, ["O"]),
    ("joint_below_three", {"party_org": "org_code mode \n O single \n J joint \n D dispatched", "member": "member_id org_code \n 1 J \n 2 J"}, ["J"]),
    ("org_before_unit", {"registration": "uscc founded_on \n A 2015-01-01 \n B 2009-01-01", "org_link": "org_code uscc \n O A \n P B \n J A", "party_org": "org_code mode founded_on \n O single 2014-12-31 \n P single 2009-01-01 \n J joint 2001-01-01"}, ["O"]),
    ("member_two_orgs", {"party_org": "org_code ended_on \n O . \n P . \n Q 2017-01-01", "member": "member_id org_code relation \n 1 O in_place \n 1 P lost \n 2 O in_place \n 2 Q in_place \n 3 O in_place"}, ["1"]),
    ("member_org_unknown", {"party_org": "org_code ended_on \n O 2017-01-01", "member": "member_id org_code relation \n 1 X in_place \n 2 O in_place \n 3 X lost"}, ["1"]),
    ("member_outside_org", {"party_org": "org_code mode \n O single \n D dispatched", "org_link": "org_code uscc \n O A", "member": "member_id org_code uscc relation \n 1 O B in_place \n 2 O A in_place \n 3 O . in_place \n 4 D B in_place \n 5 O B lost \n 6 X B in_place"}, ["1"]),
    ("survey_shell_active", {"registration": "uscc \n A \n B \n C", "tax": "taxpayer_id \n A \n C", "survey": "uscc operating surveyed_on \n A shell 2017-01-01 \n B shell 2017-12-31 \n C shell 2016-12-31"}, ["A"]),
    ("survey_operating_unseen", {"registration": "uscc \n A \n B", "social_insurance": "uscc \n B", "survey": "uscc operating \n A operating \n B operating"}, ["A"]),
    ("survey_employees_differ", {"registration": "uscc \n A \n B \n C \n D", "social_insurance": "uscc insured \n A 20 \n B 20 \n C 100 \n D 100", "survey": "uscc employees \n A 31 \n B 30 \n C 130 \n D 69"}, ["A", "D"]),
    ("survey_members_differ", {"registration": "uscc \n A \n B", "member": "member_id org_code uscc relation \n 1 O A in_place \n 2 O A lost \n 3 O B in_place", "survey": "uscc members \n A 0 \n B 2"}, ["A"]),
    ("survey_org_differs", {"registration": "uscc \n A \n B \n C \n D", "org_link": "org_code uscc \n O A \n O B", "party_org": "org_code \n O", "survey": "uscc has_org \n A no \n B yes \n C yes \n D ."}, ["A", "C"]),
    ("survey_unit_unknown", {"registration": "uscc \n A", "survey": "uscc surveyed_on \n A 2017-12-01 \n Z 2017-12-01 \n Y 2016-12-31"}, ["Z"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "delivered", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_finds_what_it_says_and_nothing_beside_it(rule, delivered, expected):
    assert subjects(rule, month(**delivered)) == expected


FIGURES = "units covered single joint dispatched work_covered members"
RETURNS = [
    ("return_missing", "980102 enterprise 9 1 1 0 0 1 9 \n 980102 social_org 9 1 1 0 0 1 9 \n 980103 enterprise 9 1 1 0 0 1 9 \n 980107 social_org 9 1 1 0 0 1 9", ["980103|social_org", "980107|enterprise"]),
    ("return_unknown_district", "980102 enterprise 9 1 1 0 0 1 9 \n 980121 enterprise 9 1 1 0 0 1 9 \n 980190 enterprise 9 1 1 0 0 1 9 \n 110101 enterprise 9 1 1 0 0 1 9", ["110101|enterprise", "980190|enterprise"]),
    ("return_parts", "980102 enterprise 9 3 1 1 1 3 9 \n 980103 enterprise 9 4 1 1 1 4 9", ["980103|enterprise"]),
    ("return_exceeds", "980102 enterprise 9 9 9 0 0 9 9 \n 980103 enterprise 9 10 9 1 0 10 9 \n 980107 enterprise 9 5 5 0 0 4 9 \n 980102 social_org 9 5 5 0 0 10 9", ["980102|social_org", "980103|enterprise", "980107|enterprise"]),
    ("return_round", "980102 enterprise 100 50 30 20 0 60 77 \n 980103 enterprise 100 50 30 21 0 60 77 \n 980107 enterprise 90 50 30 20 10 60 70", ["980102|enterprise"]),
    ("return_capacity", "980102 enterprise 99 10 5 5 0 10 6 \n 980103 enterprise 99 11 5 6 0 11 6 \n 980107 enterprise 9 1 1 0 0 1 2 \n 980107 social_org 9 9 0 0 9 9 0", ["980103|enterprise", "980107|enterprise"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "returns", "expected"), RETURNS, ids=[case[0] for case in RETURNS])
def test_rules_on_returns(rule, returns, expected):
    assert subjects(rule, month(f"district_code sector {FIGURES} \n {returns}")) == expected


def test_nobody_is_missing_where_nobody_reported():
    assert subjects("return_missing", month(f"district_code sector {FIGURES}")) == []
    assert lacks(rules()["return_missing"], month()) == ["district_return"]


@pytest.mark.parametrize(("counted", "found"), [(100, []), (96, []), (95, ["980121|enterprise"]), (3, ["980121|enterprise"])])
def test_a_return_is_compared_with_the_district_that_its_code_leads_to(counted, found):
    # Reported: 100 covered. 4 of 96 is within five in a hundred, 5 of 95 is not.
    figures = {("org_coverage", "enterprise", "district", "980102"): (counted, 200)}
    seen = month(
        f"district_code sector {FIGURES} \n 980121 enterprise 200 100 100 0 0 100 300 \n 980190 enterprise 9 9 9 0 0 9 9", figures=figures
    )
    assert subjects("return_differs", seen) == found
    assert not found or leads("return_differs", seen)[found[0]][0] == "980102"


def test_three_more_or_less_may_differ():
    figures = {("org_coverage", "enterprise", "district", "980102"): (10, 20)}
    differs = [f"district_code sector {FIGURES} \n 980102 enterprise 20 {covered} {covered} 0 0 {covered} 60" for covered in (13, 14)]
    assert [subjects("return_differs", month(text, figures=figures)) for text in differs] == [[], ["980102|enterprise"]]


def test_a_copied_return():
    text = f"district_code sector {FIGURES} \n 980102 enterprise 9 3 1 1 1 3 9 \n 980103 enterprise 9 3 1 1 1 3 9 \n 980107 enterprise 0 0 0 0 0 0 0"
    old = {
        ("980102", "enterprise"): (9, 3, 1, 1, 1, 3, 9),
        ("980103", "enterprise"): (9, 3, 1, 1, 1, 3, 8),
        ("980107", "enterprise"): (0,) * 7,
    }
    assert subjects("return_copied", month(text, before=before(returns=old))) == ["980102|enterprise"]
    assert lacks(rules()["return_copied"], month(text)) == ["district_return"]
    assert lacks(rules()["return_copied"], month(text, before=before())) == ["district_return"]


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        (10, 50, True),
        (17, 50, False),
        (16, 49, False),
        (0, 50, True),
        (150, 50, True),
        (149, 50, False),
        (None, 50, False),
        (50, None, False),
    ],
)
def test_a_headcount_jump(then, now, found):
    units = {"registration": "uscc \n A", "social_insurance": "" if now is None else f"uscc insured \n A {now}"}
    seen = month(before=before("" if then is None else f"uscc insured \n A {then}"), **units)
    assert subjects("headcount_jump", seen) == (["A"] if found else [])


def test_a_rule_that_looks_back_needs_the_month_before_and_its_sources():
    units = {"registration": "uscc \n A", "social_insurance": "uscc \n A"}
    card = rules()["headcount_jump"]
    assert lacks(card, month(**units)) == ["registration", "social_org", "social_insurance"]
    assert lacks(card, month(before=before(missing="social_insurance tax"), **units)) == ["social_insurance"]
    assert lacks(card, month(before=before(), missing="social_org", **units)) == ["social_org"]


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        ((40, 100), (41, 90), True),  # 40 % to 45.6 %, a tenth fewer
        ((40, 100), (40, 90), False),  # 4.4 points
        ((40, 100), (46, 91), False),  # nine in a hundred fewer
        ((36, 80), (36, 72), True),  # 45 % to 50 % exactly, a tenth exactly
        ((0, 0), (5, 5), False),
        ((None, 100), (41, 90), False),
    ],
)
def test_a_base_that_shrank(then, now, found):
    key = ("org_coverage", "enterprise", "district", "980102")
    seen = month(figures={key: now}, before=before(figures={key: then}))
    assert subjects("base_shrink", seen) == (["980102"] if found else [])


@pytest.mark.parametrize(("same_day", "others", "found"), [(10, 23, True), (10, 24, False), (9, 0, False), (12, 28, True)])
def test_many_founded_in_one_day(same_day, others, found):
    rows = "".join(f" \n S{n} 2017-05-01" for n in range(same_day)) + "".join(
        f" \n T{n} 2017-{1 + n % 12:02d}-1{n // 12}" for n in range(others)
    )
    rows += " \n U1 2016-12-31"  # too early to count
    units = {"registration": "uscc \n A", "party_org": f"org_code founded_on{rows}", "org_link": "org_code uscc" + "".join(
        f" \n {line.split()[0]} A" for line in rows.split("\n")[1:])}  # fmt: skip
    assert subjects("founding_burst", month(**units)) == (["980102|2017-05-01"] if found else [])


def _load(path: str, loaded: int = 100, rejected: int = 0, refused: list | None = None) -> dict:
    counts = {"rows_read": loaded + rejected, "rows_loaded": loaded, "rows_rejected": rejected, "rows_skipped": 0}
    return {"source": "tax", "path": path, "refused": refused} | counts


def test_rules_on_files():
    loads = [_load("a", 0, 0, ["缴费"]), _load("b", 99, 1), _load("c", 98, 2), _load("d", 0, 0)]
    seen = month(loads=loads, withdrawn=["2017-12/tax/old.csv"])
    assert subjects("file_refused", seen) == ["tax|a"]
    assert subjects("many_rejected", seen) == ["tax|c"]  # 1 of 100 is not more than 1 %
    assert leads("delivery_withdrawn", seen) == {"tax|2017-12/tax/old.csv": (None, None)}


def test_where_a_finding_belongs():
    seen = month(
        registration="uscc district_code park_code \n A 980103 P1",
        park="park_code \n P1",
        party_org="org_code \n O",
        org_link="org_code uscc \n O A \n X A \n X Z",
        member="member_id org_code \n 1 X",
    )
    assert leads("link_org_unknown", seen) == {"X|A": ("980103", "P1"), "X|Z": ("000000", None)}
    assert leads("single_below_three", seen) == {"O": ("980103", "P1")}
    assert leads("member_org_unknown", seen) == {"1": ("000000", None)}


def test_links_are_checked_without_the_registers_and_organisations_without_links():
    seen = month(missing="registration social_org", party_org="org_code mode \n O single", org_link="org_code uscc \n O A \n O B")
    assert leads("single_many_units", seen) == {"O": ("000000", None)}
    assert lacks(rules()["link_unit_unknown"], seen) == ["registration", "social_org"]
    seen = month(missing="org_link", party_org="org_code \n O", member="member_id org_code \n 1 O", registration="uscc \n A")
    assert leads("single_below_three", seen) == {"O": ("000000", None)}


def test_a_fingerprint_is_of_the_rule_and_the_subject():
    assert fingerprint("a", "b") == fingerprint("a", "b") != fingerprint("a", "c") != fingerprint("ab", "")
    assert re.fullmatch("[0-9a-f]{24}", fingerprint("a", "b"))


def test_the_day_of_the_twelve_months():
    assert month().year_start == date(2017, 1, 1) and city().day == date(2017, 12, 31)
