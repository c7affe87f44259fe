"""One cell, one value or one reason: what is written -> what is read, form by form, and against slow readers written here."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts import sources
from tests.pipelines.reading.files import lists, uscc
from transforms.parse import AMOUNT, Lists, parse

DIGITS = "0123456789"


def read(source: str, field: str, *cells: str | None, known: Lists | None = None, times: bool = False) -> list[tuple]:
    """(value, fault) of each cell."""
    parsed = parse(sources()[source].field(field), pl.Series("cell", cells, dtype=pl.String), known or lists(), times_10_000=times)
    return list(zip(parsed.value.to_list(), parsed.fault.to_list(), strict=True))


NONE = (None, None)
NO_DATE = (None, "date:founded_on")

DATES = [
    ("2017-02-28", date(2017, 2, 28)),
    ("2017/2/28", date(2017, 2, 28)),
    ("2017.2.28", date(2017, 2, 28)),
    ("2017-2-8", date(2017, 2, 8)),
    ("2017/02/08", date(2017, 2, 8)),
    ("20170228", date(2017, 2, 28)),
    ("2017年2月28日", date(2017, 2, 28)),
    ("2017年02月08日", date(2017, 2, 8)),
    ("２０１７－０２－２８", date(2017, 2, 28)),
    (" 2017-02-28 ", date(2017, 2, 28)),
    ("2017-02-28 8:30", date(2017, 2, 28)),
    ("2017-02-28 08:30:15", date(2017, 2, 28)),
    ("2017-02-28T08:30:15.250", date(2017, 2, 28)),
    ("2017/2/28 0:00", date(2017, 2, 28)),
    ("20170228 23:59:59", date(2017, 2, 28)),
    ("2017年2月28日 8:30", date(2017, 2, 28)),
    ("2016-02-29", date(2016, 2, 29)),
    ("0001-01-01", date(1, 1, 1)),
    ("8999-12-31", date(8999, 12, 31)),
    ("2017-02", date(2017, 2, 1)),
    ("2017-2", date(2017, 2, 1)),
    ("2017/2", date(2017, 2, 1)),
    ("2017.2", date(2017, 2, 1)),
    ("2017.12", date(2017, 12, 1)),
    ("2017年2月", date(2017, 2, 1)),
    ("201702", date(2017, 2, 1)),
    ("20000", date(1954, 10, 3)),
    ("42794", date(2017, 2, 28)),
    ("42794.75", date(2017, 2, 28)),
    ("60000", date(2064, 4, 8)),
    ("60000.0", date(2064, 4, 8)),
]


@pytest.mark.parametrize(("cell", "day"), DATES)
def test_dates(cell, day):
    assert read("registration", "founded_on", cell) == [(day, None)]


@pytest.mark.parametrize(
    "cell",
    [
        "2017-02-29", "2017-13-01", "2017-00-01", "2017-01-00", "201713", "20170230", "0000-01-01", "00000101", "000001", "2017",
        "2017-2/28", "2017-2-28-1", "17-02-28", "02/28/2017", "2017-002-28", "2017-02-28日", "2017年2月28", "2017年", "２月28日", "去年",
        "2017 - 02 - 28", "2017-02-28x", "2017-02-28 8", "2017-02-28 8:3", "2017-02-28 24:00", "2017-02-28 8:60", "2017-02-28 8:30:60",
        "2017-02-2808:30", "2017-02 8:30", "201702 8:30", "19999", "60001", "60000.5", "42,794", "-42794", "1234567", "2017022", "#N/A",
        "99991", "9999123", "999912311", "10000-01-01",
    ],
)  # fmt: skip
def test_no_dates(cell):
    assert read("registration", "founded_on", cell) == [NO_DATE]


@pytest.mark.parametrize(
    "cell",
    [
        "9999-12-31",
        "9000-01-01",
        "9999",
        "99991231",
        "999912",
        "9999/99/99",
        "9999年",
        "9999.x",
        "9999-12-31 23:59:59",
        "9999 whatever",
        "99991231x",
    ],
)
def test_a_date_for_ever_is_no_value(cell):
    assert read("registration", "ended_on", cell) == [NONE]
    assert read("registration", "founded_on", cell) == [NONE]


def slow_date(text: str) -> date | str | None:
    """The date, 'none' for no value, None where it is no date: character by character."""
    if len(text) >= 4 and all(c in DIGITS for c in text[:4]) and text[0] == "9":
        run = len(text) - len(text.lstrip(DIGITS))
        if run in (4, 6, 8):
            return "none"
    parts = text.split(".")
    if len(parts) <= 2 and len(parts[0]) == 5 and all(part and all(c in DIGITS for c in part) for part in parts):
        if 20_000 <= Decimal(text) <= 60_000:
            return date(1899, 12, 30) + timedelta(days=int(parts[0]))
        return None
    day, blank, time = text.partition(" ") if " " in text else text.partition("T")
    pieces = slow_pieces(day)
    if pieces is None or (blank and (len(pieces) < 3 or not slow_time(time))):
        return None
    try:
        return date(*(int(piece) for piece in (*pieces, "1")[:3]))
    except ValueError:
        return None


def slow_pieces(day: str) -> list[str] | None:
    if all(c in DIGITS for c in day):
        return {6: [day[:4], day[4:]], 8: [day[:4], day[4:6], day[6:]]}.get(len(day))
    if "年" in day:
        year, _, rest = day.partition("年")
        month, mark, rest = rest.partition("月")
        pieces = [year, month] if mark and not rest else [year, month, rest[:-1]] if mark and rest.endswith("日") else []
    else:
        pieces = next((day.split(mark) for mark in "-/." if mark in day), [])
    fits = len(pieces) in (2, 3) and len(pieces[0]) == 4 and all(len(piece) in (1, 2) for piece in pieces[1:])
    return pieces if fits and all(c in DIGITS for piece in pieces for c in piece) else None


def slow_time(time: str) -> bool:
    clock, point, fraction = time.partition(".")
    parts = clock.split(":")
    if point and (len(parts) != 3 or not fraction or any(c not in DIGITS for c in fraction)):
        return False
    if len(parts) not in (2, 3) or any(c not in DIGITS for part in parts for c in part):
        return False
    return (
        len(parts[0]) in (1, 2)
        and all(len(part) == 2 for part in parts[1:])
        and int(parts[0]) < 24
        and all(int(part) < 60 for part in parts[1:])
    )


numbers = st.integers(0, 99)
years = st.one_of(st.integers(1, 9999), st.integers(1990, 2030)).map(lambda year: f"{year:04d}")
month_or_day = st.one_of(st.integers(0, 13), st.integers(0, 32)).flatmap(lambda n: st.sampled_from([str(n), f"{n:02d}"]))
times = st.sampled_from(["", "", " 8:30", " 08:30:15", "T23:59:59.5", " 24:00", " 8:3", "T8:30 "])
dated = st.one_of(
    st.builds(
        lambda y, m, d, sep, t: f"{y}{sep}{m}{sep}{d}{t}", years, month_or_day, month_or_day, st.sampled_from(["-", "/", "."]), times
    ),
    st.builds(lambda y, m, sep: f"{y}{sep}{m}", years, month_or_day, st.sampled_from(["-", "/", ".", ""])),
    st.builds(lambda y, m, d, end, t: f"{y}年{m}月{d}{end}{t}", years, month_or_day, month_or_day, st.sampled_from(["日", ""]), times),
    st.builds(lambda y, m, d: f"{y}{m}{d}", years, month_or_day, month_or_day),
    st.builds(str, st.integers(0, 70_000)),
    st.builds(lambda n, f: f"{n}.{f}", st.integers(19_000, 61_000), numbers),
    st.text("0129-/.年月日: T", min_size=4, max_size=11),
)


@given(st.lists(dated, min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_dates_are_read_as_by_the_slow_reader(cells):
    cells = [cell for cell in (cell.strip() for cell in cells) if cell not in ("", "-", "--", "/")]
    expected = [NONE if (day := slow_date(cell)) == "none" else NO_DATE if day is None else (day, None) for cell in cells]
    assert list(zip(cells, read("registration", "founded_on", *cells), strict=True)) == list(zip(cells, expected, strict=True))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0", "0"), ("12", "12"), ("12.5", "12.5"), ("1,234", "1234"), ("1,234,567.25", "1234567.25"), ("１２．５", "12.5"),
        ("1 234", "1234"),
        ("12元", "12"), ("12 元", "12"), ("12户", "12"), ("3万", "30000"), ("3万元", "30000"), ("3元万", "30000"), ("1.25万", "12500"),
        ("0.00001万", "0.1"), ("1,234.5万元", "12345000"), ("007", "7"), ("0.1234567891", "0.1234567891"), ("9" * 28, "9" * 28),
    ],
)  # fmt: skip
def test_numbers(cell, number):
    assert read("tax", "paid_yuan", cell) == [(Decimal(number), None)]


@pytest.mark.parametrize(
    "cell",
    ["-5", "+5", "(5)", "5.", ".5", "1.2.3", "1e5", "1,23", "12,34", "1234,567", "1,,234", "5元元", "5万万", "万", "元", "5个人",
        "5人万元", "5亿",
     "5%", "￥5", "约5", "5-6", "五", "#N/A", "1" * 29],
)  # fmt: skip
def test_no_numbers(cell):
    assert read("tax", "paid_yuan", cell) == [(None, "number:paid_yuan")]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("3", "30000"), ("0.0001", "1"), ("3万", "30000"), ("3万元", "30000"), ("3元", "30000"), ("0", "0"), ("1,234.5", "12345000")],
)
def test_a_heading_in_ten_thousands_multiplies_once(cell, number):
    assert read("tax", "paid_yuan", cell, times=True) == [(Decimal(number), None)]


@pytest.mark.parametrize(
    ("cell", "whole"),
    [
        ("12", 12),
        ("12.0", 12),
        ("1,234", 1234),
        ("12人", 12),
        ("12 家", 12),
        ("1.5万", 15000),
        ("0", 0),
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_whole_numbers(cell, whole):
    assert read("social_insurance", "insured", cell) == [(whole, None)]


@pytest.mark.parametrize("cell", ["12.5", "1.23456万", "-1", "人", "9223372036854775808", "十二"])
def test_no_whole_numbers(cell):
    assert read("social_insurance", "insured", cell) == [(None, "number:insured")]


@pytest.mark.parametrize(
    ("field", "cell", "value", "fault"),
    [
        ("stars", "5", 5, None),
        ("stars", "5星", 5, None),
        ("stars", "５ 星", 5, None),
        ("stars", "0星", 0, None),
        ("stars", "6", None, "number:stars"),
        ("stars", "星", None, "number:stars"),
        ("stars", "五星", None, "number:stars"),
        ("stars", "星5", None, "number:stars"),
        ("stars", "—", None, None),
        ("eight_haves", "8", 8, None),
        ("eight_haves", "0", 0, None),
        ("eight_haves", "9", None, "number:eight_haves"),
        ("eight_haves", "8星", None, "number:eight_haves"),
        ("meetings", "12", 12, None),
    ],
)
def test_whole_numbers_with_bounds(field, cell, value, fault):
    assert read("party_org", field, cell) == [(value, fault)]


def slow_number(text: str, times: bool) -> Decimal | None:
    text = "".join(text.split())
    tens, unit = times, 0
    while text and text[-1] in "人家个元户万":
        if text[-1] == "万":
            if tens == "own":
                return None
            tens = "own"
        else:
            unit += 1
        text = text[:-1]
    whole, point, fraction = text.partition(".")
    groups = whole.split(",")
    if unit > 1 or not all(group and all(c in DIGITS for c in group) for group in groups) or (point and not fraction):
        return None
    if len(groups) > 1 and (len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    if any(c not in DIGITS for c in fraction):
        return None
    return Decimal("".join(groups) + point + fraction) * (10_000 if tens else 1)


amounts = st.one_of(
    st.text("0123456789,.万元人 -", min_size=1, max_size=9),
    st.builds(
        lambda n, f, grouped, end: (f"{n:,}" if grouped else str(n)) + f + end,
        st.integers(0, 10**9),
        st.sampled_from(["", ".0", ".50", ".123456"]),
        st.booleans(),
        st.sampled_from(["", "元", "万", "万元", "元万", " 万 元", "人家"]),
    ),
)


@given(st.lists(amounts, min_size=1, max_size=40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_numbers_are_read_as_by_the_slow_reader(cells, times):
    cells = [cell for cell in (cell.strip() for cell in cells) if cell not in ("", "-", "--")]
    slow = [slow_number(cell, times) for cell in cells]
    expected = [(None, "number:paid_yuan") if value is None else (value, None) for value in slow]
    assert list(zip(cells, read("tax", "paid_yuan", *cells, times=times), strict=True)) == list(zip(cells, expected, strict=True))
    whole = [(None, "number:insured") if value is None or value % 1 else (int(value), None) for value in slow]
    assert read("social_insurance", "insured", *cells, times=times) == whole


def test_amounts_are_exact():
    cells = ["0.1"] * 10 + ["0.2万"]
    parsed = parse(sources()["tax"].field("paid_yuan"), pl.Series(cells), lists())
    assert parsed.value.dtype == AMOUNT
    assert parsed.value.sum() == Decimal("2001")


CODED = [
    (card.name, field.name, word, canonical)
    for card in sources().values()
    for field in card.fields
    if field.form == "coded"
    for canonical, words in field.values.items()
    for word in words
]


@pytest.mark.parametrize(("source", "field", "word", "canonical"), CODED)
def test_every_word_of_every_list(source, field, word, canonical):
    assert read(source, field, word, f" {word}\u3000", word.replace("(", "（").replace(",", "，"), word + "x") == [
        *[(canonical, None)] * 3,
        (None, f"value:{field}"),
    ]


@pytest.mark.parametrize(
    ("source", "field", "absent"), [("member", "relation", "in_place"), ("registration", "status", None), ("survey", "operating", None)]
)
def test_no_value_of_a_coded_field(source, field, absent):
    assert read(source, field, None, "", "—", "无") == [(absent, None)] * 4


@pytest.mark.parametrize(
    ("source", "field", "absent"),
    [
        ("social_org", "is_chamber", False),
        ("instructor", "full_time", False),
        ("party_org", "secretary", True),
        ("survey", "has_org", None),
        ("survey", "investor_known", None),
    ],
)
def test_yes_and_no(source, field, absent):
    yes, no, nothing = ("是", "1", "√", "有", "Y", "y", "Ｙ", "１"), ("否", "0", "×", "N", "n", "０"), (None, "", "—", "无", "N/A")
    assert read(source, field, *yes) == [(True, None)] * len(yes)
    assert read(source, field, *no) == [(False, None)] * len(no)
    assert read(source, field, *nothing) == [(absent, None)] * len(nothing)
    for other in ("是的", "2", "yes", "TRUE", "x", "没有"):
        assert read(source, field, other) == [(None, f"value:{field}")]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1130", "1130"),
        ("1130 有限责任公司(自然人投资或控股)", "1130"),
        ("1130有限责任公司", "1130"),
        ("113012", "1130"),
        ("１１３０", "1130"),
        ("有限责任公司", "1100"),
        ("有 限 责 任 公 司", "1100"),
        ("个体工商户", "9500"),
        ("9999", None),
        ("113", None),
        ("公司1130", None),
        ("有限责任公司1", None),
        ("不知道的公司", None),
    ],
)
def test_types(cell, code):
    assert read("registration", "type_code", cell) == [(code, None if code else "value:type_code")]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("440303", "440303"),
        ("440303001", "440303"),
        ("440303 罗湖区", "440303"),
        ("440303罗湖区", "440303"),
        ("440 303", "440303"),
        ("４４０３０３", "440303"),
        ("44030", None),
        ("罗湖区440303", None),
        ("44030x", None),
        ("罗湖区", None),
    ],
)
def test_districts(cell, code):
    assert read("registration", "district_code", cell) == [(code, None if code else "value:district_code")]


@pytest.mark.parametrize(
    ("cell", "value", "fault"),
    [
        (uscc(1), uscc(1), None),
        (f" {uscc(1)[:6]} {uscc(1)[6:].lower()} ", uscc(1), None),
        (uscc(1)[:17], None, "uscc_length"),
        (uscc(1)[:17] + "I", None, "uscc_charset"),
        (uscc(1)[:-2] + uscc(1)[:-3:-1], None, "uscc_check"),
        ("—", None, None),
    ],
)
def test_usccs(cell, value, fault):
    assert read("registration", "uscc", cell) == [(value, fault)]


def test_taxpayers():
    known = lists(**{uscc(1)[8:17]: uscc(1), "71526726X": "9144030071526726XG"})
    cells = {
        uscc(2): (uscc(2), None),
        "440300" + uscc(1)[8:17]: (uscc(1), None),
        "000000" + uscc(1)[8:17].lower(): (uscc(1), None),
        "440300 71526726x": ("9144030071526726XG", None),
        "440300" + uscc(3)[8:17]: (None, "taxpayer_unmatched"),
        "中" * 15: (None, "taxpayer_unmatched"),
        "44030071526726X": ("9144030071526726XG", None),
        "4403001": (None, "uscc_length"),
        "44030071526726XG": (None, "uscc_length"),
        "无": (None, None),
        uscc(2)[:17] + "I": (None, "uscc_charset"),
    }
    assert dict(zip(cells, read("tax", "taxpayer_id", *cells, known=known), strict=True)) == cells


def test_old_taxpayers_where_no_register_is_known():
    assert read("tax", "taxpayer_id", "44030071526726X", uscc(1), None) == [(None, "taxpayer_unmatched"), (uscc(1), None), NONE]


def test_persons_are_replaced_after_folding():
    cells = ["44030019900101123x", " ４４０３００1990 0101123X", "z 01", "无", None]
    person = "P(44030019900101123X)"
    assert read("member", "member_id", *cells) == [(person, None), (person, None), ("P(Z01)", None), NONE, NONE]


def test_text_and_codes_have_no_wrong_form():
    assert read("party_org", "name", " 博达（深圳）支部 ", "——") == [("博达(深圳)支部", None), NONE]
    assert read("party_org", "org_code", " d 01 ", "/") == [("D01", None), NONE]


FORMS = [(card.name, field) for card in sources().values() for field in card.fields]


@pytest.mark.parametrize(("source", "field"), FORMS, ids=lambda entry: getattr(entry, "name", entry))
def test_a_column_of_nothing_is_read_as_nothing(source, field):
    """No field fails on a column without a cell, or without one that holds anything."""
    assert read(source, field.name) == []
    absent = {"in_place": "in_place", "yes": True, "no": False, None: None}[field.no_value]
    assert read(source, field.name, None, "", "\u3000", "—", "N/A") == [(absent, None)] * 5


@given(st.sampled_from(FORMS), st.lists(st.none() | st.text("0129年月日.-/, 万元是x无—Ａ", max_size=6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_cell_is_read_alike_alone_and_in_company(entry, cells):
    source, field = entry
    assert read(source, field.name, *cells) == [read(source, field.name, cell)[0] for cell in cells]
