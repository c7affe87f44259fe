"""What doctor says of the casework: it is looked at by storing an act and taking it back."""

import pytest

from data.acts import Act
from data.casework import VARIABLE, open_casework
from data.home import Home
from pipelines.doctor import Check, examine


def casework_of(home: Home) -> Check:
    return next(check for check in examine(home) if check.name == "casework")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    monkeypatch.delenv(VARIABLE, raising=False)
    return Home(tmp_path)


def test_a_casework_that_is_not_made_yet_is_fit_and_stays_unmade(home):
    assert casework_of(home) == Check("casework", True, "the casework (SQLite) is made at the first act")
    assert list(home.path.iterdir()) == []


def test_a_casework_in_use_is_named_with_what_it_holds(home):
    open_casework(home).add([Act("f", "return_parts", "2017-12", "returned", "张三")] * 3)
    said = casework_of(home)
    assert said.fit
    assert "casework.sqlite), 3 acts" in said.what
    assert open_casework(home).last == 3


def test_one_that_cannot_be_used_makes_the_home_unfit_and_keeps_its_password(home, monkeypatch):
    monkeypatch.setenv(VARIABLE, "postgresql://clerk:hunter2@127.0.0.1:1/casework")
    said = casework_of(home)
    assert not said.fit
    assert "127.0.0.1/casework cannot be used" in said.what
    assert "hunter2" not in said.what
