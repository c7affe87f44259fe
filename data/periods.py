"""Months as text, `YYYY-MM`: the one place that adds to them. A period stands for the state at its last day, D."""

import re
from calendar import monthrange
from datetime import date

_PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def is_period(text: str) -> bool:
    return _PERIOD.fullmatch(text) is not None and text[:4] != "0000"


def last_day(period: str) -> date:
    """D, the last day of the month."""
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, monthrange(year, month)[1])


def months_between(earlier: str, later: str) -> int:
    return (int(later[:4]) - int(earlier[:4])) * 12 + int(later[5:]) - int(earlier[5:])


def add_months(period: str, months: int) -> str:
    count = int(period[:4]) * 12 + int(period[5:]) - 1 + months
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def twelve_months_to(period: str) -> date:
    """The first day of the 12 calendar months that end with the period's."""
    first = add_months(period, -11)
    return date(int(first[:4]), int(first[5:]), 1)
