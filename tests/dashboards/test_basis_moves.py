"""On a trial basis the comparisons show whose rank changes."""

import pytest

from dashboards import comparison
from dashboards.screens import districts
from dashboards.shell import View
from tests.dashboards.views import view_of


@pytest.fixture
def drawn(monkeypatch):
    """What would be drawn: rows of tables, and notes."""
    found = {"rows": [], "notes": []}
    monkeypatch.setattr(comparison, "heading", lambda title: None)
    monkeypatch.setattr(View, "said", lambda view, *more: None)
    monkeypatch.setattr(comparison, "note", found["notes"].append)
    monkeypatch.setattr(comparison, "table", lambda name, heads, rows: found["rows"].extend(rows))
    return found


def draw(home, **choices: str) -> None:
    view = view_of(home, districts.PAGE, "2017-12", **choices)
    comparison.draw_basis_moves(view, comparison.places(view, "district", None))


def test_ranks_of_both_bases_stand_side_by_side(example_home, drawn):
    draw(example_home, metric="single_rate", basis="verified")
    names = {row["name"]: code for (kind, code), row in view_of(example_home, districts.PAGE, "2017-12").picture.units.items()}
    ranks = {names[row[0].removeprefix("<bdi>").removesuffix("</bdi>")]: (row[1], row[3], row[5]) for row in drawn["rows"]}
    assert ranks == {
        "980102": ("2", "3", "▼ 1"),
        "980108": ("6", "4", "▲ 2"),
        "980110": ("3", "2", "▲ 1"),
        "980111": ("4", "6", "▼ 2"),
    }
    assert all("/" in row[2] and "/" in row[4] for row in drawn["rows"])


def test_who_is_no_longer_ranked_is_said(example_home, drawn):
    draw(example_home, metric="member_unit_coverage", basis="verified")
    assert [(row[1], row[3], row[5]) for row in drawn["rows"]] == [("1", "—", "不再排名")]


def test_where_no_rank_changes_that_is_said(example_home, drawn):
    draw(example_home, basis="registered")
    assert (drawn["rows"], drawn["notes"]) == ([], ["没有谁的名次因此改变。"])


@pytest.mark.parametrize("choices", [{}, {"metric": "term_overdue", "basis": "-"}, {"metric": "recognition_rate", "basis": "registered"}])
def test_on_the_signed_basis_and_where_there_are_no_ranks_nothing_is_drawn(example_home, drawn, choices):
    draw(example_home, **choices)
    assert drawn == {"rows": [], "notes": []}
