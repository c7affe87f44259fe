"""A page is of one state of the releases, whatever is published while it is drawn."""

import json

from dashboards import store


def publish(home, period: str, revision: str) -> None:
    current = home.releases / "CURRENT.json"
    current.write_text(json.dumps(json.loads(current.read_text()) | {period: revision}))


def test_a_run_sees_the_releases_as_they_were_when_it_first_asked(home):
    with store.one_state():
        before = store.published(home)
        publish(home, "2018-01", "r01")
        assert store.published(home) == before
    assert store.published(home)["2018-01"] == "r01"


def test_the_next_run_sees_what_was_published_since(home):
    with store.one_state():
        store.published(home)
    publish(home, "2018-01", "r01")
    with store.one_state():
        assert store.published(home)["2018-01"] == "r01"


def test_a_run_is_given_the_same_picture_throughout(home):
    period, revision = max(store.published(home).items())
    with store.one_state():
        assert store.picture(home, period, revision) is store.picture(home, period, revision)
