"""Pages turn to what is new when it has been made ready for them, and never later than they must."""

from threading import Event, Thread

import pytest

from dashboards import access, store, warm
from dashboards.seen import Sight
from data import releases
from data.access import ANYBODY_HERE, Area
from tests.dashboards.test_one_state import publish


@pytest.fixture
def let_go(home):
    yield
    store.let_go(home)


def test_pages_read_the_state_before_until_the_new_one_is_ready(home, let_go, monkeypatch):
    before = warm._turn(home, {})
    assert store.published(home) == before == releases.current(home)
    asked, may_end = Event(), Event()
    monkeypatch.setattr(warm, "make_ready", lambda *_: (asked.set(), may_end.wait(10)))
    publish(home, "2018-01", "r01")
    turn = Thread(target=warm._turn, args=(home, before))
    turn.start()
    assert asked.wait(10)
    assert store.published(home) == before
    may_end.set()
    turn.join()
    assert store.published(home) == before | {"2018-01": "r01"}


def test_pages_wait_no_longer_than_they_must(home, let_go):
    before = releases.current(home)
    publish(home, "2018-01", "r01")
    store.hold(home, before, 60)
    assert store.published(home) == before
    store.hold(home, before, 0)
    assert store.published(home) == before | {"2018-01": "r01"}


def test_what_can_not_be_made_ready_is_shown_all_the_same(home, let_go, monkeypatch, caplog):
    before = warm._turn(home, {})

    def fails(*_):
        raise OSError("name of a person")

    monkeypatch.setattr(warm, "make_ready", fails)
    publish(home, "2018-01", "r01")
    assert warm._turn(home, before) == store.published(home) == before | {"2018-01": "r01"}
    assert "OSError" in caplog.text
    assert "person" not in caplog.text


def test_a_current_file_that_can_not_be_read_is_left_to_the_pages(home, let_go):
    before = warm._turn(home, {})
    (home.releases / "CURRENT.json").write_text("{")
    assert warm._turn(home, before) == {}
    with pytest.raises(releases.HomeUnfit):
        store.published(home)


def test_what_is_made_ready_is_what_the_reader_is_given(home):
    """The picture that the thread has opened is the one that a page of such a reader gets."""
    state = releases.current(home)
    newest = max(state)
    district = next(code for kind, code in store.picture(home, newest, state[newest]).units if kind == "district" and code != store.UNKNOWN)
    sight = Sight((Area("district", district),), False)
    warm.make_ready(home, sight, state)
    with store.seen_as(home, sight, state):
        seen = store.picture(home, newest, state[newest])
        assert "_figures" in vars(seen)
        assert seen.lies_within("district", district)
    assert store.picture(home, newest, state[newest]) is not seen


def test_whoever_reads_has_their_sight_made_ready(home, monkeypatch):
    assert list(warm.sights(home)) == [Sight(ANYBODY_HERE.areas, ANYBODY_HERE.sees_units)]
    monkeypatch.setattr(access, "needed", lambda _: True)
    (home.path / "access.toml").write_text(
        "".join(
            f'[[person]]\nsign_in = "{name}@example.cn"\nname = "{name}"\nrole = "{role}"\nareas = ["{area}"]\n'
            for name, role, area in [("a", "leader", "district-990102"), ("b", "auditor", "city"), ("c", "analyst", "city")]
        )
    )
    found = list(warm.sights(home))
    assert [(sight.whole, sight.names) for sight in found] == [(True, True), (False, False)]
