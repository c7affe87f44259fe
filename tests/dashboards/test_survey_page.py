"""The survey: what is left to do is what the published figures say is left, unit by unit."""

import fastexcel
import polars as pl
import pytest

from dashboards import cells, export
from dashboards.screens import survey
from data.access import Reader
from data.figures import Figure
from data.words import Words
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.views import view_of


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Every third unit of the census surveyed, every other of these clear."""
    made = make_home(tmp_path_factory.mktemp("survey") / "home", ())
    units = expected("census").filter(pl.col("period") == "2017-12").sort("uscc").gather_every(3)
    publish(
        made,
        "2017-12",
        surveyed=units.select("period", "uscc").with_row_index().select("period", "uscc", five_clear=pl.col("index") % 2 == 0),
    )
    return made


def test_left_and_unclear_are_whole_numbers_or_unknown():
    assert survey.unsurveyed(Figure(105, 177, 0.6)) == 72
    assert survey.unclear(Figure(105, 177, 0.6), Figure(72, 177, 0.4)) == 33
    assert survey.unsurveyed(Figure(None, 177, None, "source_missing:survey")) is None


@pytest.mark.parametrize("basis", ["registered", "corroborated", "verified"])
@pytest.mark.parametrize("sector", ["all", "enterprise", "social_org"])
def test_what_is_to_do_is_every_work_object_that_is_not_clear(home, sector, basis):
    view = view_of(home, survey.PAGE, "2017-12", sector=sector, basis=basis)
    rows = survey.to_do(view)
    base = view.picture.figure("org_coverage", "city", view.picture.city, sector, basis).denominator
    clear = expected("census").filter(pl.col("period") == "2017-12", pl.col(basis))
    clear = clear.filter(pl.col("sector").is_in(["enterprise", "social_org"] if sector == "all" else [sector]))
    done = view.picture.optional("surveyed").filter("five_clear")
    assert rows.height == base - clear.join(done, on="uscc", how="semi").height
    assert set(rows["state"]) == {"left", "unclear"}
    assert not rows["uscc"].is_duplicated().any()


def test_the_file_has_a_sheet_a_district_and_its_sum(home):
    view = view_of(home, survey.PAGE, "2017-12")
    rows = survey.to_do(view)
    read = fastexcel.read_excel(export.book_bytes(survey.book(view)))
    names = [view.picture.units[("district", code)]["name"] for code in sorted(rows["district_code"].unique())]
    assert read.sheet_names == ["汇总", *names, "说明", "口径", "版本"]
    total = read.load_sheet("汇总").to_polars().rows()[-1]
    assert total[2] + total[3] == rows.height == sum(read.load_sheet(name).height for name in names)


@pytest.mark.parametrize(("role", "files"), [("analyst", 1), ("leader", 0), ("administrator", 0)])
def test_readers_of_figures_are_told_how_many_are_left_and_given_no_file(home, monkeypatch, role, files):
    said, offered = [], []
    monkeypatch.setattr(survey, "note", said.append)
    monkeypatch.setattr(cells, "download", lambda *_: offered.append(1))
    figures = {"survey_rate": Figure(5, 12, 5 / 12), "five_clears": Figure(3, 12, 3 / 12)}
    monkeypatch.setattr(survey, "_city", lambda view, picture, metric: figures[metric])
    survey._to_do(view_of(home, survey.PAGE, "2017-12", reader=Reader("a", "", role)))
    assert len(offered) == files
    if not files:
        assert said == ["尚未摸底：7；已摸底未摸清：2", Words("zh")("access.no_units")]
