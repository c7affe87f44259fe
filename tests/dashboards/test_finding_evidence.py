"""Evidence laid out: rows beside each other, what differs marked, members counted and never listed, every fact with a name."""

import ast
from pathlib import Path

import pytest

import expectations.rules
from data.contracts import rules, sources
from expectations.rules.deliveries import COUNTS
from tests.dashboards.catalogue import catalogue
from tests.dashboards.findings_fixture import EVIDENCE, ORG, UNIT, row
from transforms import evidence

ROW = {
    "registration": {
        "name": "某公司",
        "status": "active",
        "founded_on": "2010-01-01",
        "ended_on": None,
        "district_code": "980102",
        "park_code": None,
    }
}


def lay_out(rule: str, *rows: dict, **facts) -> evidence.Beside:
    return evidence.lay_out(rules()[rule], facts, rows)


def test_what_differs_between_registers_is_marked():
    same = {"name": "甲", "status": "active", "founded_on": "2010-01-01"}
    laid = lay_out("unit_code_conflict", row("registration", 3, **same), row("social_org", 8, **same | {"status": "cancelled"}))
    assert [(place.source, place.line) for place in laid.places] == [("registration", 3), ("social_org", 8)]
    marks = {line.fields[0][1]: (line.differs, line.pointed) for line in laid.lines}
    assert marks == {"status": (True, True), "name": (False, True), "founded_on": (False, False)}
    assert next(iter(marks)) == "status"


def test_two_months_of_one_source_are_compared_and_two_payments_are_not():
    months = lay_out("headcount_jump", *EVIDENCE["headcount_jump"]["rows"])
    assert [place.month for place in months.places] == ["2017-12", "2017-11"]
    assert months.lines[0].differs
    unit = row("registration", 5, **ROW["registration"] | {"status": "cancelled"})
    parts = lay_out("taxed_after_exit", unit, row("tax", 1, status="normal", paid_yuan="5"), row("tax", 2, status="normal", paid_yuan="7"))
    paid = next(line for line in parts.lines if line.fields[0] == ("tax", "paid_yuan"))
    assert (paid.differs, paid.pointed) == (False, True)
    assert paid.cells[0] is None


def test_what_was_counted_stands_beside_what_was_reported():
    laid = lay_out("return_differs", *EVIDENCE["return_differs"]["rows"], counted=44)
    assert [place.source for place in laid.places] == ["district_return", None]
    assert [cell[2] for cell in laid.lines[0].cells] == [40, 44]
    assert laid.lines[0].differs
    both = lay_out(
        "survey_members_differ", row("survey", 2, members=9, surveyed_on="2017-12-01"), survey_members=9, members=4, irregular_members=1
    )
    assert [cell[2] for cell in both.lines[0].cells] == [9, 5]


def test_many_rows_are_a_list_and_members_are_counted():
    org = row("party_org", 5, name="某支部", kind="branch", mode="single")
    members = [
        row("member", line, kind="formal", formal_on="2000-01-01", relation=how)
        for line, how in ((3, "in_place"), (4, "in_place"), (9, "lost"))
    ]
    laid = lay_out("single_below_three", org, *members, {"source": "member", "more": 7}, formal_members=2)
    assert [place.source for place in laid.places] == ["party_org"]
    (listed,) = laid.lists
    assert listed.more == 7
    groups = {kind: [place.line for place in places] for kind, places in evidence.kinds(listed).items()}
    assert groups == {("formal", "in_place"): [3, 4], ("formal", "lost"): [9]}


@pytest.mark.parametrize("rule", ["single_below_three", "joint_below_three"])
@pytest.mark.parametrize("count", [1, 2])
def test_few_members_are_counted_too_and_their_day_is_not_kept(rule, count):
    members = [row("member", line, kind="formal", formal_on="2000-01-01", relation="in_place") for line in range(3, 3 + count)]
    laid = lay_out(rule, row("party_org", 5, name="某支部", mode="single"), *members, formal_members=count)
    assert [place.source for place in laid.places] == ["party_org"]
    assert [(each.source, each.fields, each.counted) for each in laid.lists] == [("member", ("kind", "relation"), True)]
    assert "2000-01-01" not in str(laid)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_of_a_member_whom_a_finding_is_about_only_the_places_are_shown(count):
    values = {"org_code": ORG, "uscc": UNIT, "kind": "formal", "relation": "in_place", "formal_on": "2000-01-01"}
    laid = lay_out("member_two_orgs", *(row("member", line, **values) for line in range(count)), organisations=2)
    shown = {field for line in laid.lines for _, field in line.fields} | {field for each in laid.lists for field in each.fields}
    assert shown == {"org_code", "uscc"}
    assert not any(each.counted for each in laid.lists)
    assert len(laid.places) + sum(len(each.rows) for each in laid.lists) == count


def test_every_row_is_shown_once_in_whichever_form():
    links = [row("org_link", line, uscc=f"U{line}", starts_on="2016-01-01", ends_on=None) for line in range(2, 9)]
    laid = lay_out("joint_overload", row("party_org", 1, name="某支部", mode="joint"), *links, links=7)
    shown = [(place.source, place.line) for place in laid.places] + [
        (place.source, place.line) for each in laid.lists for place, _ in each.rows
    ]
    assert sorted(shown) == sorted([("party_org", 1), *(("org_link", line) for line in range(2, 9))])


def test_each_rule_that_shows_rows_points_at_some_of_their_fields():
    for card in rules().values():
        shown = {field for wanted in card.evidence for field in wanted.shows}
        points = set(evidence.POINTS.get(card.name, ()))
        assert bool(points) == bool(shown), card.name
        assert points <= shown | {"ended_on", "status"}, card.name
        assert points & shown or not shown, card.name


def test_fields_that_stand_in_one_row_and_what_answers_to_them_are_fields_of_their_sources():
    named = {*evidence.ALIKE, *(field for _, field in evidence.COUNTED.values())}
    assert all(field in {each.name for each in sources()[source].fields} for source, field in named)


def named(call: ast.Call, name: str) -> list[ast.expr]:
    return [each.value for each in call.keywords if each.arg == name]


def keys_of(function: ast.FunctionDef, facts: list[ast.expr]) -> set[str]:
    """The keys of a dictionary of facts, written in place, under a name, or made from the counts of a file."""
    if not facts:
        return set()
    if isinstance(facts[0], ast.Name):
        given = [
            node.value for node in ast.walk(function) if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == facts[0].id
        ]
        return keys_of(function, given)
    return set(COUNTS) if isinstance(facts[0], ast.DictComp) else {key.value for key in facts[0].keys}


def facts_given() -> set[tuple[str, str]]:
    """(rule, fact) as the rules' code gives them: what is handed on as facts, by position or by name, and the keys of a Lead's facts."""
    given = set()
    for path in Path(expectations.rules.__file__).parent.glob("[a-z]*.py"):
        functions = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)]
        listed = {"leads"} | {each.name for each in functions if each.args.vararg and each.args.vararg.arg == "facts"}
        by_name = {each.name for each in functions if each.args.kwarg and each.args.kwarg.arg == "facts"}
        for function in (each for each in functions if each.name in rules()):
            for node in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in listed:
                    given |= {(function.name, each.value) for each in node.args if isinstance(each, ast.Constant)}
                if name in by_name:
                    given |= {(function.name, each.arg) for each in node.keywords}
                if name == "Lead":
                    given |= {(function.name, key) for key in keys_of(function, [*node.args[3:4], *named(node, "facts")])}
    return given


def test_every_fact_that_a_rule_gives_has_a_name_and_no_name_is_left_over():
    named = set()
    for rule, fact in facts_given():
        own = f"fact.{rule}_{fact}"
        key = own if own in catalogue() else f"fact.{fact}"
        assert key in catalogue(), (rule, fact)
        named.add(key)
    assert named == {key for key in catalogue() if key.startswith("fact.")}
