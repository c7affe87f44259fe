"""What a reader is told of definitions: which cards moved between two revisions, and what was changed of a card."""

from types import SimpleNamespace

from dashboards import definition_words
from dashboards.revised import Difference
from data.contracts import metrics, rules
from data.words import Words

STATE = {"inputs": {}, "program": "1", "basis": "corroborated", "definitions": "1.a"}


def test_a_revision_of_other_definitions_names_the_cards_that_changed():
    old = STATE | {"definitions_of": {"metrics/org_coverage": "1", "metrics/work_coverage": "1", "tables/doubling": "1"}}
    new = STATE | {
        "definitions": "1.b",
        "definitions_of": {"metrics/org_coverage": "2", "metrics/work_coverage": "1", "rules/park_unknown": "1"},
    }
    difference = Difference(None, *(SimpleNamespace(manifest=each) for each in (old, new)), None)
    assert difference.why(Words("zh")) == [
        "口径版本由1.a改为1.b",
        "口径变动：组织覆盖率（指标）；双翻番（数据表）；园区不在名录（核查规则）",
    ]
    # A release of before cards were told apart: only that something changed.
    before = Difference(None, SimpleNamespace(manifest=STATE), SimpleNamespace(manifest=new), None)
    assert before.why(Words("en")) == ["Definitions went from 1.a to 1.b"]


def test_of_many_cards_how_many_more_there_are_and_of_one_that_is_gone_its_code():
    said = definition_words.cards_said(Words("en"), ["metrics/gone", *(f"rules/{name}" for name in rules())])
    assert said.startswith("gone (metrics); File refused, ") and said.endswith(
        f", and {len(rules()) - definition_words.NAMED} more (rules)"
    )


def test_a_change_log_is_said_in_the_language_of_the_reader():
    card = metrics()["recruit_rate"]
    assert Words("zh").change_log(card) == ["1：首版", "2：改以百分数表示，可以超过100%"]
    assert Words("en").change_log(card)[0] == "1: first version"
