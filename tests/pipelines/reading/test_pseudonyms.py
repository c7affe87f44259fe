"""The site key and the pseudonyms made with it; numbers of persons masked wherever a shifted column carries them."""

import hashlib
import hmac
import stat
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.home import Home, HomeUnfit
from data.personal_numbers import MASK, mask_numbers
from pipelines.reading.pseudonyms import key_digest, pseudonym_maker
from tests.pipelines.reading.files import uscc

PERSON = "44030019900101123X"


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path)


def key_file(home: Home):
    return home.secrets / "pseudonym.key"


def test_the_key_is_made_once_and_is_no_one_elses(home):
    first = pseudonym_maker(home)(PERSON)
    written = key_file(home).read_text()
    assert len(bytes.fromhex(written)) == 32
    assert stat.S_IMODE(key_file(home).stat().st_mode) == 0o600
    assert stat.S_IMODE(home.secrets.stat().st_mode) == 0o700
    assert [path.name for path in home.secrets.iterdir()] == ["pseudonym.key"]
    assert pseudonym_maker(home)(PERSON) == first
    assert key_file(home).read_text() == written


def test_a_pseudonym_is_the_hmac_under_the_bytes_of_the_key(home):
    home.secrets.mkdir()
    key_file(home).write_text("00ff" * 16 + "\n")
    expected = hmac.new(bytes.fromhex("00ff" * 16), PERSON.encode(), hashlib.sha256).hexdigest()
    assert pseudonym_maker(home)(PERSON) == expected
    assert pseudonym_maker(home)("张三") == hmac.new(bytes.fromhex("00ff" * 16), "张三".encode(), hashlib.sha256).hexdigest()


def test_two_homes_have_two_keys(home, tmp_path):
    other = Home(tmp_path / "other")
    assert pseudonym_maker(home)(PERSON) != pseudonym_maker(other)(PERSON)
    assert key_digest(home) != key_digest(other)


def test_the_digest_tells_nothing_of_the_key(home):
    digest = key_digest(home)
    key = key_file(home).read_text().strip()
    assert key_digest(home) == digest
    assert digest not in key
    assert digest not in hashlib.sha256(bytes.fromhex(key)).hexdigest()


def test_a_lost_key_is_refused_where_pseudonyms_were_made(home):
    before = pseudonym_maker(home)(PERSON)
    home.warehouse.write_bytes(b"")
    copy = key_file(home).read_text()
    key_file(home).unlink()
    for use in (pseudonym_maker, key_digest):
        with pytest.raises(HomeUnfit, match=r"pseudonym\.key"):
            use(home)
    assert not key_file(home).exists()
    key_file(home).write_text(copy)
    assert pseudonym_maker(home)(PERSON) == before


@pytest.mark.parametrize("content", [b"", b"00ff", b"00ff" * 15, b"00ff" * 17, b"x" * 64, b"\xff" * 64])
def test_a_damaged_key_is_refused_and_left_alone(home, content):
    home.secrets.mkdir()
    key_file(home).write_bytes(content)
    with pytest.raises(HomeUnfit, match="32 bytes"):
        pseudonym_maker(home)
    assert key_file(home).read_bytes() == content


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("44030019900101123X", MASK),
        ("44030019900101123x", MASK),
        ("440300199001011234", MASK),
        ("440300900101123", MASK),
        ("44030019900101123401", MASK),
        ("44030090010112302", MASK),
        ("4403 0019 9001 0112 3X", MASK),
        ("440300 19900101 1234", MASK),
        ("13900001234", MASK),
        ("139 0000 1234", MASK),
        ("139-0000-1234", MASK),
        ("+86 13900001234", MASK),
        ("8613900001234", MASK),
        ("0755-26001234", MASK),
        ("张三44030019900101123X,电话13900001234。", f"张三{MASK},电话{MASK}。"),
        ("440300199013011234", "440300199013011234"),
        ("440300199002301234", "440300199002301234"),
        ("440300189001011234", "440300189001011234"),
        ("440300901301123", "440300901301123"),
        ("A440300199001011234", "A440300199001011234"),
        ("12900001234", "12900001234"),
        ("1390000123", "1390000123"),
        ("139000012345", "139000012345"),
        (uscc(1), uscc(1)),
        ("440303", "440303"),
        ("440303 440304 440305", "440303 440304 440305"),
        ("20170228 123456", "20170228 123456"),
        ("2017-02-28", "2017-02-28"),
        ("2017-02-28 08:30:15", "2017-02-28 08:30:15"),
        ("博达科技有限公司", "博达科技有限公司"),
        ("", ""),
    ],
)
def test_numbers_of_persons_are_masked_and_others_are_not(text, kept):
    assert mask_numbers(text) == kept


births = st.dates(min_value=date(1900, 1, 1)).filter(lambda day: day.year < 2100)


@given(
    st.integers(110000, 659999), births, st.integers(0, 999), st.sampled_from("0123456789Xx"), st.sampled_from(["", "姓名", " ", "(", "："])
)
@settings(max_examples=100, deadline=None)
def test_every_number_that_could_be_a_persons_is_masked(place, born, order, check, before):
    number = f"{place}{born:%Y%m%d}{order:03d}"
    assert mask_numbers(f"{before}{number}{check}号") == f"{before}{MASK}号"
    if born.year < 2000:
        assert mask_numbers(f"{before}{place}{born:%y%m%d}{order:03d}") == before + MASK
