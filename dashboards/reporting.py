"""The districts' own returns over the months, read from releases: what the pages 申报与核算 and 区县质量 share.

What belongs here: opening what transforms/returns.py and transforms/quality.py count. What is drawn lies in the pages.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape

import polars as pl

from dashboards import store
from dashboards.findings import SEVERITIES, address, severities
from dashboards.parts import text
from dashboards.shell import View
from dashboards.store import UNKNOWN, Picture
from data.home import Home
from data.periods import add_months, last_day
from expectations.rules.returns import FIGURES
from transforms.inputs import valid_codes
from transforms.quality import Month, Rows, Tally, contradicts, copies, judged, rejected_rows, tallies
from transforms.returns import Beside, Find, beside
from transforms.show import beijing

SOURCE = "district_return"
MONTHS = 12


def returns_of(picture: Picture) -> list[Beside] | None:
    """Every return of the month beside the ledgers, on the release's own basis; None where the release did not keep the returns."""
    return None if picture.returned is None else beside(picture.returned, finder(picture))


def finder(picture: Picture) -> Find:
    """Published figures of districts, on the release's own basis."""
    basis = picture.manifest.get("basis", "")

    def find(metric: str, sector: str, district: str) -> tuple[int | None, int | None]:
        figure = picture.figure(metric, "district", district, sector, basis)
        return figure.numerator, figure.denominator

    return find


def districts_of(picture: Picture) -> list[str]:
    """The districts valid at D, by code, without 000000: those of whom a return is expected. The district that a reader's park lies in
    is none of theirs: its figures are given as a line to compare with, and its return is not."""
    known = sorted(code for kind, code in picture.units if kind == "district" and code != UNKNOWN)
    return [code for code in known if picture.lies_within("district", code)]


@dataclass(frozen=True)
class Reported:
    """What came for one month. `picture` is None where the month is not published. `followed`: a district of then -> the one of today."""

    home: Home
    period: str
    picture: Picture | None
    followed: dict[str, str]

    @cached_property
    def returns(self) -> list[Beside] | None:
        return returns_of(self.picture) if self.picture else None

    @cached_property
    def districts(self) -> list[str]:
        return districts_of(self.picture) if self.picture else []

    @property
    def state(self) -> str:
        """unpublished, unkept (the release kept no returns), nobody (none came at all) or there."""
        if self.picture is None:
            return "unpublished"
        return "unkept" if self.returns is None else "there" if self.returns or self.others else "nobody"

    @property
    def others(self) -> bool:
        """Whether returns came for the month that are none of the reader's: of other districts, so that theirs was expected too."""
        return (
            self.picture is not None
            and not self.picture.release.sight.whole
            and SOURCE not in self.picture.manifest.get("missing", (SOURCE,))
        )

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """district of then -> its counts; empty where there is nothing to count."""
        if self.returns is None:
            return {}
        first = self._first
        early = None if first is None or first.returned is None else {(row["district_code"], row["sector"]) for row in first.returned}
        return tallies(Month(self.period, self.districts, self.returns, early, self._before, self.judged, self.others))

    @cached_property
    def _first(self) -> Picture | None:
        return store.first_of(self.home, self.picture) if self.picture else None

    @property
    def first_on(self) -> date | None:
        """The day on which the month was first published, in Beijing."""
        try:
            return date.fromisoformat(beijing(self._first.manifest.get("created_at", ""))[:10]) if self._first else None
        except ValueError:
            return None

    @property
    def judged(self) -> bool:
        """Whether the month was first published early enough to tell what was on time."""
        return self.first_on is not None and judged(self.period, self.first_on)

    def contradicting(self) -> list[Beside]:
        """Returns whose own figures do not agree."""
        return [each for each in self.returns or () if contradicts(each.reported)]

    def copied(self) -> list[Beside]:
        """Returns that repeat every figure of the month before."""
        return [each for each in self.returns or () if copies(each, self._before)]

    @cached_property
    def _before(self) -> dict[tuple[str, str], tuple[int, ...]] | None:
        before = store.looked_back(self.home, self.picture, add_months(self.period, -1))
        if before is None or not before.returned:
            return None
        return {(row["district_code"], row["sector"]): tuple(row[name] for name in FIGURES) for row in before.returned}

    @cached_property
    def rejected(self) -> dict[str | None, Rows]:
        """district of then -> rows of its files that did not load; under None those of files that are no district's."""
        return rejected_rows(self.picture.loads.to_dicts(), self.picture.file_districts) if self.picture else {}

    def codes(self, district: str) -> list[str]:
        """The districts of then that make up a district of today."""
        return [code for code in self.districts if self.followed.get(code) == district]


def months(home: Home, now: Picture, count: int = MONTHS) -> list[Reported]:
    """The picture's month and those before it, oldest first."""
    followed = valid_codes(home.districts, last_day(now.period))
    found = []
    for step in range(1 - count, 1):
        period = add_months(now.period, step)
        found.append(Reported(home, period, store.earlier(home, now, period), followed))
    return found


def this_month(view: View) -> Reported:
    return months(view.home, view.picture, 1)[0]


def leads_of(picture: Picture) -> list[dict] | None:
    """The findings on returns; None where this release has no findings."""
    found = picture.sightings
    if found is None:
        return None
    rows = found.filter(pl.col("subject_kind") == "return").select("rule", "severity", "subject", "district_code", "fingerprint", "since")
    orders = {name: place for place, name in enumerate(severities(rows))}
    return sorted(rows.to_dicts(), key=lambda row: (SEVERITIES.index(row["severity"]), orders[row["rule"]], row["subject"]))


def page_link(view: View, page: str, shown: str, **chosen: str) -> str:
    """A link to another page of the same release, in the same language."""
    release = None if view.current else view.picture.revision
    where = address(page, view.picture.period, release, view.words.lang, **chosen)
    return f'<a class="lx-opens" href="{escape(where)}" target="_self">{text(shown)}</a>'


def lead_link(view: View, row: dict) -> str:
    """A finding by the name of its rule, as a link to its page; without one for readers of figures, who are not let in there."""
    name = view.words.rule(row["rule"])
    return page_link(view, "finding", name, id=row["fingerprint"]) if view.reader.sees_units else text(name)
