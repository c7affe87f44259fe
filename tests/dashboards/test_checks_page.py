"""The checks of a delivery: said in words, field by field; as a page that loads nothing; and never with a value of the data in it."""

import re

import pytest

from dashboards import check_report
from data.contracts import sources, tables
from data.releases import Release
from data.words import Words
from expectations import suites


def release(subject: str, suite: list[suites.Expectation], broken: dict[str, int | None] | None = None) -> Release:
    """A release whose checks say this of one subject."""
    broken = broken or {}
    outcomes = [item.as_json() | {"passed": item.name not in broken, "unexpected": broken.get(item.name, 0)} for item in suite]
    found = Release("2017-12", "r01", None)  # type: ignore[arg-type]
    found.__dict__["manifest"] = {"created_at": "2018-01-05T01:00:00+00:00"}
    found.__dict__["reports"] = {subject: {"rows": 7, "outcomes": outcomes}}
    return found


@pytest.mark.parametrize("lang", ("zh", "en"))
def test_every_expectation_that_the_cards_make_has_words(lang):
    words = Words(lang)
    made = {f"raw.{name}": suites.raw(card, 7) for name, card in sources().items()}
    made |= {f"release.{name}": suites.release(card, "2017-12") for name, card in tables().items()}
    for subject, suite in made.items():
        report = check_report.report_of(release(subject, suite), subject)
        assert report is not None and not report.failed
        for line in report.lines(words):
            assert "expect" not in line.must and "{" not in line.must.replace("{4}", "").replace("{2}", ""), (subject, line.must)
            assert len(line.must) < 300, (subject, line.must)


def test_broken_ones_come_first_with_how_many_rows():
    suite = suites.raw(sources()["tax"], 7)
    report = check_report.report_of(release("raw.tax", suite, {"not_empty": None, "paid_yuan.range": 3}), "raw.tax")
    first, second, *rest = report.lines(Words("zh"))
    assert (first.field, first.blocks, first.unexpected) == ("实缴金额", True, 3)
    assert (second.blocks, second.unexpected) == (False, None)
    assert all(line.passed for line in rest) and report.failed == 2
    assert check_report.cells(Words("en"), first)[-1] == "3" and check_report.cells(Words("en"), second)[-1] == "—"


def test_the_page_to_take_away_loads_nothing():
    report = check_report.report_of(release("raw.tax", suites.raw(sources()["tax"], 7), {"key.unique": 2}), "raw.tax")
    for lang in ("zh", "en"):
        html = check_report.page(Words(lang), report)
        assert not re.search(r"https?:|//|\bsrc=|\bhref=|@import|url\(|<script", html)
        assert html.count("<tr") == len(report.outcomes) + 1


def test_a_delivery_without_a_report_has_none():
    assert check_report.report_of(release("raw.tax", []), "raw.survey") is None
