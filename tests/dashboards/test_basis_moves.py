"""On a trial basis the comparisons show whose rank changes."""

import pytest

from dashboards import basis_moves, comparison
from dashboards.screens import districts, survey
from dashboards.shell import View
from tests.dashboards.views import view_of


@pytest.fixture
def drawn(monkeypatch):
    """What would be drawn: rows of tables, and notes."""
    found = {"rows": [], "notes": []}
    monkeypatch.setattr(basis_moves, "heading", lambda title: None)
    monkeypatch.setattr(View, "said", lambda view, *more: None)
    monkeypatch.setattr(basis_moves, "note", found["notes"].append)
    monkeypatch.setattr(basis_moves, "table", lambda name, heads, rows: found["rows"].extend(rows))
    return found


def draw(home, **choices: str) -> None:
    view = view_of(home, districts.PAGE, "2017-12", **choices)
    basis_moves.draw_basis_moves(view, comparison.places(view, "district", None))


def test_ranks_of_both_bases_stand_side_by_side(example_home, drawn):
    """Members to employees is no proportion: its ranks are single ones."""
    draw(example_home, metric="member_density", basis="verified")
    names = {row["name"]: code for (kind, code), row in view_of(example_home, districts.PAGE, "2017-12").picture.units.items()}
    ranks = {names[row[0].removeprefix("<bdi>").removesuffix("</bdi>")]: (row[1], row[3], row[5]) for row in drawn["rows"]}
    assert ranks == {
        "980103": ("第2位", "第3位", "▼ 后移"),
        "980104": ("第8位", "第9位", "▼ 后移"),
        "980105": ("第3位", "第1位", "▲ 前移"),
        "980107": ("第5位", "第4位", "▲ 前移"),
        "980108": ("第1位", "第2位", "▼ 后移"),
        "980110": ("第9位", "第8位", "▲ 前移"),
        "980111": ("第4位", "第5位", "▼ 后移"),
    }
    assert all("/" in row[2] and "/" in row[4] for row in drawn["rows"])


def test_who_is_no_longer_ranked_is_said(example_home, drawn):
    draw(example_home, metric="member_unit_coverage", basis="verified")
    assert [(row[1], row[3], row[5]) for row in drawn["rows"]] == [("第1位", "—", "不再排名")]


def test_where_bands_overlap_no_rank_is_said_to_change(example_home, drawn):
    draw(example_home, metric="single_rate", basis="verified")
    assert (drawn["rows"], drawn["notes"]) == ([], ["换用后各地的名次区间都与原来重叠，先后没有可分辨的变化。"])


@pytest.mark.parametrize("choices", [{}, {"metric": "term_overdue", "basis": "-"}, {"metric": "recognition_rate", "basis": "registered"}])
def test_on_the_signed_basis_and_where_there_are_no_ranks_nothing_is_drawn(example_home, drawn, choices):
    draw(example_home, **choices)
    assert drawn == {"rows": [], "notes": []}


def test_the_survey_says_whose_rank_another_basis_changes(example_home, drawn):
    view = view_of(example_home, survey.PAGE, "2017-12", basis="registered")
    basis_moves.draw_basis_moves(view, comparison.places(view, "district", None, survey.RATE), "district", survey.RATE)
    assert len(drawn["notes"]) == 1, "who moved, or that nobody can be told to have"
    signed = view_of(example_home, survey.PAGE, "2017-12")
    basis_moves.draw_basis_moves(signed, comparison.places(signed, "district", None, survey.RATE), "district", survey.RATE)
    assert len(drawn["notes"]) == 1
