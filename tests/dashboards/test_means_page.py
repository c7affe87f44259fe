"""Means: the city's, districts' and parks' figures in one book, and who reaches the minimum."""

from dashboards.screens import means
from data.figures import Figure
from tests.dashboards.releases_fixture import PERIODS
from tests.dashboards.views import view_of


def test_reaching_the_minimum_is_counted_among_those_that_have_one():
    figures = [
        Figure(10, 10, 1.0),
        Figure(9, 10, 0.9),
        Figure(1, 0, None, "no_denominator"),
        Figure(None, 10, None, "source_missing:instructor"),
    ]
    assert means.met(figures) == (1, 2)
    assert means.met([]) == (0, 0)


def test_the_book_holds_the_published_figures_of_every_place(example_home):
    for period in PERIODS:
        view = view_of(example_home, means.PAGE, period)
        found = means.book(view)
        places = [each for each in view.picture.units if each[0] != "zone"]
        assert [line[1] for line in found.rows] == [code for kind in ("city", "district", "park") for each, code in places if each == kind]
        for line in found.rows:
            kind = {"城市": "city", "区县": "district", "园区": "park"}[line[0]]
            for place, metric in enumerate(means.SOURCES):
                figure = view.picture.figure(metric, kind, line[1], "all", "-")
                assert line[3 + 4 * place : 6 + 4 * place] == [figure.value, figure.numerator, figure.denominator]
                assert (line[6 + 4 * place] is None) == (figure.reason == "absent")
