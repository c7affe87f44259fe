"""到报与装载: what a reader of one district is told of files that are other districts' alone."""

from dashboards import store
from dashboards.screens import deliveries
from data.access import Area, Reader
from tests.dashboards.releases_fixture import expected, make_home, publish
from tests.dashboards.views import view_of

AREA = Reader("a@b.example", "甲", "auditor", (Area("district", "980104"),))


def test_files_of_other_districts_are_said_to_be_left_out_and_their_source_has_arrived(tmp_path, monkeypatch):
    """The only file of a source speaks of another district alone: it did arrive, and nobody is asked for it."""
    home, loads = make_home(tmp_path / "home", ("2017-11",)), expected("loads").filter(period="2017-12")
    publish(home, "2017-12", loads=loads.filter(loads["source"] != "district_return"))
    lacking = view_of(home, deliveries.PAGE, "2017-12").picture
    assert deliveries.state(lacking, "district_return") == ("absent", None)
    said = []
    monkeypatch.setattr("streamlit.html", said.append)
    monkeypatch.setattr(store.access, "reader", lambda home: AREA)
    view = view_of(home, deliveries.PAGE, "2017-12", reader=AREA)
    assert deliveries.state(view.picture, "district_return") == ("absent", None)
    view.picture.manifest["missing"].remove("district_return")
    assert deliveries.state(view.picture, "district_return") == ("arrived", None)
    assert deliveries._state_words(view, view.picture, "district_return") == view.words("deliveries.elsewhere")
    deliveries._files(view, "district_return")
    assert "不在本范围内" in said[-1] and "补报" not in said[-1]
    said.clear()
    deliveries._totals(view)
    assert "其他区县各自的文件" in "".join(said)


def test_to_a_reader_of_the_city_nothing_is_left_out(example_home, monkeypatch):
    said = []
    monkeypatch.setattr("streamlit.html", said.append)
    deliveries._totals(view_of(example_home, deliveries.PAGE, "2017-12"))
    assert "其他区县" not in "".join(said)
