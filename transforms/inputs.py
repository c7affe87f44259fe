"""What the transforms of one period start from: the rows in effect, the reference lists as frames, the day, the settings.

Frames are Narwhals lazy frames of one engine; pipelines/engines makes them. A source without a delivery in effect is not in `rows`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from data.contracts import sources
from data.home import District, Settings
from data.periods import last_day

UNKNOWN = "000000"
REGISTERS = ("registration", "social_org")
LINKS = ("party_org", "org_link")


@dataclass(frozen=True)
class Inputs:
    """rows: source -> the fields of its card. types: code, kind (the class of registration_types.csv).
    district_map: code, valid_code (the code that it leads to at D)."""

    period: str
    rows: Mapping[str, nw.LazyFrame]
    types: nw.LazyFrame
    district_map: nw.LazyFrame
    districts: tuple[District, ...]
    settings: Settings

    @property
    def day(self) -> date:
        """D."""
        return last_day(self.period)

    def missing(self, needed: Iterable[str]) -> str | None:
        """The first of these sources, in the order of sources.md, that has no delivery in effect."""
        wanted = set(needed)
        return next((name for name in sources() if name in wanted and name not in self.rows), None)

    def has(self, *needed: str) -> bool:
        return self.missing(needed) is None


def valid_codes(districts: Iterable[District], day: date) -> dict[str, str]:
    """Every listed code -> the code valid on that day, through successors; what leads nowhere (or in a circle) -> 000000."""
    by_code: dict[str, list[District]] = {}
    for district in districts:
        by_code.setdefault(district.code, []).append(district)
    return {code: _follow(code, by_code, day) for code in by_code}


def _follow(code: str, by_code: dict[str, list[District]], day: date) -> str:
    seen: set[str] = set()
    while code in by_code and code not in seen:
        # One code may stand in several rows: it kept its number and changed its name (130602 新市区, then 竞秀区).
        if any(row.valid_on(day) for row in by_code[code]):
            return code
        seen.add(code)
        code = next((row.successor for row in reversed(by_code[code]) if row.successor), "")
    return UNKNOWN


def in_force(day: date, start: str, end: str) -> nw.Expr:
    """Begun on or before the day, and not ended on or before it."""
    return (nw.col(start) <= nw.lit(day)) & (nw.col(end).is_null() | (nw.col(end) > nw.lit(day)))
