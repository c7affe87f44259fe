"""Odd writings: the same value in every form that an office may give it.

What belongs here: typed cells into text (and, for sheets, into number and date cells). A file has its house style, in which
nearly all of its rows are written by whole columns; a few cells of each column are written oddly, one by one.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from data.contracts import FieldCard, registration_types

TEXT, NUMBER, DATE, DATE_TIME = 0, 1, 2, 3  # kinds of sheet cells
MARKS = ("无", "空", "—", "——", "-", "--", "/", "N/A", "NULL", "null", "n/a", "\\N", " ")
NEVER_DATES = ("9999-12-31", "9999/12/31", "9999年12月31日", "99991231", "9999.12.31 00:00:00")
HOUSE_DATES = ("%Y-%m-%d", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y/%-m/%-d", "%Y-%m-%d 00:00:00")
ODD = 0.025
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_EPOCH = date(1899, 12, 30)
YES, NO = ("是", "1", "√", "有", "Y", "y"), ("否", "0", "×", "N", "n")


def wide(text: str) -> str:
    """Full-width letters, digits and brackets."""
    return text.translate(_WIDE)


@dataclass
class Style:
    """How one file writes. `sheet` allows number and date cells; `ten_thousand` is a heading in 万元."""

    sheet: bool
    dice: np.random.Generator
    ten_thousand: bool = False
    odd: float = ODD
    districts: dict[str, str] | None = None

    def one(self, choices):
        return choices[int(self.dice.integers(0, len(choices)))]


def write(card: FieldCard, column: pl.Series, style: Style) -> tuple[pl.Series, np.ndarray | None]:
    """A typed column as cells: its text, and the kind of each cell where the file is a sheet."""
    house, kind, odd = _WRITERS[card.form](card, column, style)
    rows = len(column)
    kinds = np.full(rows, kind, dtype=np.uint8) if style.sheet and kind else None
    if column.null_count():
        empty = column.is_null().to_numpy()
        filled, blank = np.flatnonzero(~empty), np.flatnonzero(empty)
    else:
        filled, blank = np.arange(rows), np.zeros(0, dtype=np.int64)
    # Small files would hardly ever show an odd writing: they get one a column now and then.
    few = int(len(filled) > 3 and style.dice.random() < 0.2)
    places = _some(filled, 0.0 if card.name == "industry_code" else style.odd, few, style)
    blanks = _some(blank, style.odd, 0, style)
    if len(places) + len(blanks):
        marks = MARKS + NEVER_DATES if card.form == "date" else MARKS
        written = [odd(value) for value in column[places].to_list()] + [style.one(marks) for _ in blanks]
        where = np.concatenate([places, blanks])
        house = house.scatter(where, pl.Series(written, dtype=pl.String))
        if kinds is not None:
            kinds[where] = TEXT
    return house, kinds


def _some(places: np.ndarray, share: float, least: int, style: Style) -> np.ndarray:
    count = int(style.dice.binomial(len(places), share)) or least
    return np.sort(style.dice.choice(places, count, replace=False)) if count else places[:0]


def _code(card, column, style):
    def odd(value):
        which = int(style.dice.integers(0, 5))
        if which == 0:
            return value.lower()
        if which == 1:
            return f"{value[:4]} {value[4:8]} {value[8:]}" if len(value) > 8 else f"{value[:3]} {value[3:]}"
        if which == 2:
            return wide(value)
        return f"  {value}\t" if which == 3 else f"{value[:6]}\u3000{value[6:]}"

    return column, TEXT, odd


def _text(card, column, style):
    return column, TEXT, lambda value: (f" {value}\u3000", wide(value), f"{value} ")[int(style.dice.integers(0, 3))]


def _type(card, column, style):
    called = {code: name for code, name, _ in registration_types()}
    # A name stands for the smallest of its codes: every type of the city is the smallest of its name (a test holds that).
    full = {code: f"{code} {called[code]}" for code in column.unique().to_list()}
    bare = {code: called[code] for code in full}
    which = int(style.dice.integers(0, 3))
    house = column if which == 0 else column.replace_strict(full if which == 1 else bare, return_dtype=pl.String)
    forms = (str, full.get, bare.get, lambda c: f"{c}-{called[c]}", lambda c: f"{c}{wide(called[c])}", lambda c: wide(c),
             lambda c: f" {called[c][:2]} {called[c][2:]}",
             lambda c: {"9500": "小微个体", "1130": "民营公司", "1151": "自然人独资公司"}.get(c, c))  # fmt: skip
    return house, TEXT, lambda value: style.one(forms)(value)


def _coded(card, column, style):
    words = dict(card.values)
    house = {value: style.one(accepted) for value, accepted in words.items()}

    def odd(value):
        word = style.one(words[value])
        return style.one((word, f" {word}\u3000", wide(word)))

    return column.replace_strict(house, return_dtype=pl.String), TEXT, odd


def _yes_no(card, column, style):
    yes, no = style.one(YES), style.one(NO)
    house = pl.select(pl.when(column).then(pl.lit(yes)).when(~column).then(pl.lit(no))).to_series()
    return house, TEXT, lambda value: style.one((*(YES if value else NO), wide("Y" if value else "N"), "√ " if value else " 否"))


def _district(card, column, style):
    which = int(style.dice.integers(0, 4))
    if which == 1:
        house = pl.select(column + pl.lit("000000")).to_series()
    elif which == 2:
        house = pl.select(column + pl.lit(" ") + column.replace_strict(style.districts, default="某地", return_dtype=pl.String)).to_series()
    else:
        house = column
    odd = lambda value: style.one((f"{value}000000", f"{value} 某某区", wide(value), f"{value[:3]} {value[3:]}", f"{value}(区)"))  # noqa: E731
    return house, (NUMBER if which == 3 or which == 1 else TEXT), odd


def _date(card, column, style):
    if style.sheet and style.dice.random() < 0.6:
        serial = pl.select(column.cast(pl.Int32) + 25569).to_series().cast(pl.String)
        return serial, style.one((DATE, DATE, DATE_TIME)), lambda value: odd_date(value, style)
    return column.dt.strftime(style.one(HOUSE_DATES)), TEXT, lambda value: odd_date(value, style)


def odd_date(value: date, style: Style) -> str:
    y, m, d = value.year, value.month, value.day
    if d == 1 and style.dice.random() < 0.6:
        return style.one((f"{y}-{m:02d}", f"{y}-{m}", f"{y}/{m}", f"{y}.{m}", f"{y}年{m}月", f"{y}{m:02d}"))
    serial = (value - _EPOCH) // timedelta(days=1)
    return style.one((
        f"{y}-{m:02d}-{d:02d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}{m:02d}{d:02d}", f"{y}年{m}月{d}日", f"{y}-{m}-{d} 9:05",
        f"{y}-{m:02d}-{d:02d} 00:00:00", f"{y}/{m}/{d} 0:00", f"{y}-{m:02d}-{d:02d}T13:45:00.000", f"{y}年{m:02d}月{d:02d}日 23:59:59",
        str(serial), f"{serial}.5", wide(f"{y}-{m:02d}-{d:02d}"), f" {y}.{m:02d}.{d:02d} ",
    ))  # fmt: skip


def _number(card, column, style):
    unit = {"insured": "人", "members": "人", "employees": "人", "quota": "人", "units": "家"}.get(card.name, "个")
    money = card.form == "number" and "yuan" in card.name
    if money and style.ten_thousand:
        house = pl.select((column.cast(pl.Float64) / 10_000).round(4).cast(pl.String).str.strip_suffix(".0")).to_series()
        # A value with its own 万 keeps it: the heading multiplies no second time.
        plain = lambda v: f"{v / 10_000:.4f}"  # noqa: E731
        forms = (
            lambda v: f"{v / 10_000:.6f}",
            lambda v: f"{plain(v)}万",
            lambda v: f"{plain(v)}万元",
            lambda v: wide(plain(v)),
            lambda v: f" {plain(v)} ",
        )
        return house, NUMBER, lambda value: style.one(forms)(value)
    house = column.cast(pl.String)
    ending = "星" if card.name == "stars" else unit
    forms = [lambda v: f"{v:,}", lambda v: f"{v}.0", lambda v: wide(str(v)), lambda v: f"{v}{ending}", lambda v: f" {v}"]
    if money:
        forms = [lambda v: f"{v:,}", lambda v: f"{v}.00", lambda v: f"{v}元", lambda v: wide(f"{v:,}"), lambda v: f"{v:,} 元"]
    if card.name == "year":
        forms = [lambda v: f"{v}", lambda v: wide(str(v)), lambda v: f"{v}.0"]

    def odd(value):
        if value and value % 100 == 0 and style.dice.random() < 0.5:
            return f"{value / 10_000:.2f}万" + ("元" if money else "")
        return style.one(forms)(value)

    return house, (NUMBER if style.dice.random() < 0.7 else TEXT), odd


_WRITERS = {"uscc": _code, "taxpayer": _code, "code": _code, "person": _code, "text": _text, "type": _type, "coded": _coded,
            "yes_no": _yes_no, "district": _district, "date": _date, "number": _number, "whole": _number}  # fmt: skip
