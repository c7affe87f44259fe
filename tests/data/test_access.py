"""access.toml and sign_in.toml, read: who is let in as what, and what is said of a file that can't be used."""

import os

import pytest

from data.access import CITY, Area, people, sign_in
from data.home import Home, HomeUnfit

PERSON = '[[person]]\nsign_in = "{}"\nrole = "{}"\nareas = {}\n'
SIGN_IN = """[auth]
redirect_uri = "https://tj.city.example/oauth2callback"
cookie_secret = "a-secret-of-more-than-thirty-two-letters"
client_id = "liangxin"
client_secret = "of-liangxin"
server_metadata_url = "https://id.city.example/.well-known/openid-configuration"
"""


@pytest.fixture
def home(tmp_path) -> Home:
    (tmp_path / "secrets").mkdir()
    return Home(tmp_path)


def write(home: Home, text: str) -> Home:
    (home.path / "access.toml").write_text(text, encoding="utf-8")
    return home


@pytest.mark.parametrize(
    ("role", "areas", "whole", "sees_units", "acts", "watches"),
    [
        ("leader", '["city"]', True, False, False, False),
        ("analyst", '["city"]', True, True, False, False),
        ("auditor", '["city"]', True, True, True, True),
        ("auditor", '["district-980104"]', False, True, True, False),
        ("administrator", '["city"]', True, False, False, True),
        ("analyst", '["park-P001", "district-980104"]', False, True, False, False),
    ],
)
def test_a_role_and_its_areas_say_what_somebody_may_do(home, role, areas, whole, sees_units, acts, watches):
    found = people(write(home, PERSON.format("li@city.example", role, areas))).reader("li@city.example")
    assert (found.whole, found.sees_units, found.acts, found.watches) == (whole, sees_units, acts, watches)


def test_addresses_are_told_apart_without_case_and_a_providers_own_identifiers_with_it(home):
    known = people(write(home, PERSON.format("Li@City.example", "leader", '["city"]')))
    assert known.reader(" li@city.EXAMPLE").sign_in == "Li@City.example"
    assert known.reader("") is None
    by_subject = people(write(home, 'claim = "sub"\n' + PERSON.format("AbC", "leader", '["city"]')))
    assert by_subject.reader("AbC") and by_subject.reader("abc") is None


def test_who_reads_the_city_reads_all_of_it_and_areas_are_said_once(home):
    text = PERSON.format("a", "leader", '["district-1", "city"]') + PERSON.format("b", "leader", '["park-P1", "park-P1"]')
    known = people(write(home, text))
    assert known.reader("a").areas == (CITY,)
    assert known.reader("b").areas == (Area("park", "P1"),)


def test_without_the_file_nobody_is_let_in(home):
    assert people(home).readers == {}


def test_a_changed_file_counts_at_once(home):
    write(home, PERSON.format("a", "leader", '["city"]'))
    assert people(home).reader("a")
    write(home, PERSON.format("bb", "leader", '["city"]'))
    assert people(home).reader("a") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PERSON.format("a", "boss", '["city"]'), "[[person]] 1 role"),
        (PERSON.format("a", "leader", "[]"), "[[person]] 1 areas"),
        (PERSON.format("a", "leader", '["district"]'), "[[person]] 1: areas are"),
        (PERSON.format("a", "leader", '["city-980104"]'), "areas are"),
        (PERSON.format("a", "leader", '["street-1"]'), "areas are"),
        (
            PERSON.format("a", "leader", '["city"]') + PERSON.format("A", "leader", '["city"]'),
            "[[person]] 2: its sign_in stands there before",
        ),
        ('[[person]]\nsign_in = "a"\n', "role"),
        ("[[person]\n", "TOML"),
        ('[[people]]\nsign_in = "a"\n', "people"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_plain_line(home, text, said):
    with pytest.raises(HomeUnfit) as refused:
        people(write(home, text))
    assert said in str(refused.value) and "access.toml" in str(refused.value) and "\n" not in str(refused.value)


def test_how_people_sign_in(home):
    assert sign_in(home) is None
    (home.secrets / "sign_in.toml").write_text(SIGN_IN, encoding="utf-8")
    assert sign_in(home).host == "tj.city.example"


@pytest.mark.parametrize("key", ["redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"])
def test_a_key_that_is_missing_is_named_and_no_secret_is_quoted(home, key):
    kept = os.linesep.join(line for line in SIGN_IN.splitlines() if not line.startswith(key))
    for text in (kept, kept + f'\n{key} = "short"\n' if key in ("redirect_uri", "cookie_secret", "server_metadata_url") else kept):
        (home.secrets / "sign_in.toml").write_text(text, encoding="utf-8")
        with pytest.raises(HomeUnfit) as refused:
            sign_in(home)
        assert key in str(refused.value) and "short" not in str(refused.value) and "of-liangxin" not in str(refused.value)
