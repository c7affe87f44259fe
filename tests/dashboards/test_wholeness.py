"""The bench that reads pages under load sees a page that is not of one release, and a figure that its reader may not see."""

import pytest

from bench.wholeness import hold, seen_of
from dashboards import parts, store
from data.releases import open_release
from data.words import Words

ZH = Words("zh")
FAULT = "本页出错，未能显示。"


@pytest.fixture(scope="module")
def row(example_home) -> dict:
    """A figure of a district as published, with both its sides."""
    rows = open_release(example_home, "2017-12", "r01").table("metrics").to_dicts()
    return next(row for row in rows if row["unit_kind"] == "district" and row["metric"] == "org_coverage" and row["numerator"])


def page(home, row: dict, shown: str | None = None, foot: str = "2017-12 r01") -> str:
    key = [row[name] for name in ("metric", "unit_kind", "unit_code", "sector", "basis")]
    sides = shown or f"{row['numerator']:,}/{row['denominator']:,}"
    link = parts.cite_figure(ZH, store.picture(home, "2017-12", "r01"), *key, sides)
    return f'<p>{link}</p>\n<footer class="lx-foot"><p>发布版本 {foot}，发布于 2018-01-05</p></footer>'


def wrong(home, text: str, units=None) -> list[str]:
    return hold(home, [("overview", seen_of(text), units)], [FAULT]).wrong


def test_a_page_of_one_release_is_whole(example_home, row):
    seen = seen_of(page(example_home, row))
    assert (seen.releases, [figure[1:] for figure in seen.figures]) == (("2017-12 r01",), [(row["numerator"], row["denominator"])])
    assert wrong(example_home, page(example_home, row)) == []


def test_another_number_than_the_release_has_is_seen(example_home, row):
    assert len(wrong(example_home, page(example_home, row, shown=f"{row['numerator'] + 1:,}/{row['denominator']:,}"))) == 1


def test_a_figure_of_another_revision_than_the_foot_names_is_seen(example_home, row):
    assert len(wrong(example_home, page(example_home, row, foot="2017-12 r02"))) == 1


def test_a_page_that_could_not_be_drawn_is_seen(example_home, row):
    text = f'<div class="lx-empty" role="status"><p>{FAULT}</p></div>' + page(example_home, row)
    assert len(wrong(example_home, text)) == 1
    assert len(wrong(example_home, "<p>no foot</p>")) == 1


def test_a_figure_that_is_none_of_its_readers_is_seen(example_home, row):
    own = frozenset({("district", row["unit_code"]), ("city", "000001")})
    assert wrong(example_home, page(example_home, row), own) == []
    assert len(wrong(example_home, page(example_home, row), frozenset({("district", "another")}))) == 1
