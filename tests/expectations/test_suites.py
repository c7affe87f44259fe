"""Suites follow from the cards: every word of a card that asks for something is asked, once, and nothing else is imported for it."""

import json
import subprocess
import sys

import pytest

from data.contracts import metrics, sources, tables
from expectations.suites import Expectation, raw, release

SUITES = {f"raw.{card.name}": raw(card, 3) for card in sources().values()} | {
    f"release.{card.name}": release(card, "2017-12") for card in tables().values()
}


def named(suite: list[Expectation]) -> dict[str, Expectation]:
    return {expectation.name: expectation for expectation in suite}


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_a_suite_is_plain_data_and_asks_each_thing_once(suite):
    names = [expectation.name for expectation in suite]
    assert len(names) == len(set(names))
    assert json.loads(json.dumps([expectation.as_json() for expectation in suite]))
    assert {expectation.severity for expectation in suite} <= {"critical", "warning"}


def test_a_source_has_its_fields_and_its_key():
    suite = named(raw(sources()["org_link"]))
    assert suite["fields"].kwargs["column_set"] == ["org_code", "uscc", "starts_on", "ends_on"]
    assert suite["key.unique"].kwargs == {"column_list": ["org_code", "uscc"]}
    assert "ends_on.present" not in suite


def test_a_source_without_a_key_may_repeat_itself():
    assert "key.unique" not in named(raw(sources()["tax"]))


def test_identifiers_of_persons_must_be_pseudonyms():
    assert named(raw(sources()["member"]))["member_id.form"].kwargs["regex"] == "^[0-9a-f]{64}$"
    assert named(raw(sources()["instructor"]))["instructor_id.form"].severity == "critical"


def test_names_may_be_withheld_although_their_heading_is_required():
    assert sources()["registration"].field("name").required
    assert "name.present" not in named(raw(sources()["registration"]))


def test_coded_fields_hold_the_words_of_the_card_only():
    card = sources()["party_org"]
    assert set(named(raw(card))["mode.values"].kwargs["value_set"]) == set(card.field("mode").values)


def test_a_table_has_its_columns_in_order_and_no_internal_one():
    card = tables()["census"]
    listed = named(release(card))["columns"].kwargs["column_list"]
    assert listed == [column.name for column in card.published]
    assert not {column.name for column in card.columns if column.internal} & set(listed)


def test_what_a_column_card_says_is_asked():
    for card in tables().values():
        suite = named(release(card))
        for column in card.published:
            assert (f"{column.name}.present" in suite) == column.required
            assert (f"{column.name}.form" in suite) == (column.pattern is not None)
            assert (f"{column.name}.range" in suite) == (column.minimum is not None or column.maximum is not None)


def test_only_rates_are_held_within_one():
    condition = named(release(tables()["metrics"]))["value.rate"].kwargs["row_condition"]
    assert all((f"'{card.name}'" in condition) == card.within_one for card in metrics().values())


def test_making_suites_imports_no_checking_library():
    code = "import sys, expectations.suites; print([name for name in ('great_expectations', 'pandas', 'dagster') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
