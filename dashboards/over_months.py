"""Places over months: each place of today with its figure in earlier releases, followed through mergers.

What belongs here: figures in order of months, for the pages that compare. Which earlier codes lead to a place is comparison.py's, how
figures of merged districts add up compare.py's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards import store
from dashboards.comparison import city_figure, earlier_codes
from dashboards.shell import View
from dashboards.store import Picture
from data.figures import ABSENT, Figure
from data.periods import add_months
from transforms.compare import Place, earlier_figures


@dataclass(frozen=True)
class Month:
    """A month's release, None where none is published, and the codes that stood in it for the places of today."""

    period: str
    picture: Picture | None
    codes: dict[str, list[str]]

    def code_of(self, code: str) -> str | None:
        """The one code that a place had then; None where it had none, or several, whose figures are not published as one."""
        found = self.codes.get(code, [])
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Course:
    """A place and its figure in each of the months."""

    place: Place
    figures: list[Figure]


def months_of(view: View, kind: str, periods: Sequence[tuple[str, Picture | None]]) -> list[Month]:
    return [Month(period, picture, earlier_codes(view, kind, picture)) for period, picture in periods]


def thirteen(view: View, kind: str) -> list[Month]:
    return months_of(view, kind, store.thirteen_months(view.home, view.picture))


def baseline(view: View) -> str:
    """The month that doubling is counted from: as this release was computed, else as it is set, else a year ago."""
    set_to = view.home.settings.doubling.baseline
    return next((row["baseline"] for row in view.picture.legs.values()), set_to or add_months(view.picture.period, -12))


def since_baseline(view: View, kind: str) -> list[Month]:
    """The baseline's month and this one; empty where there is no release of the baseline, or it is not before this one."""
    start = baseline(view)
    before = store.looked_back(view.home, view.picture, start) if start < view.picture.period else None
    return months_of(view, kind, [(start, before), (view.picture.period, view.picture)]) if before else []


def courses(view: View, kind: str, places: Sequence[Place], months: Sequence[Month]) -> list[Course]:
    """In the order of the places."""
    figures: dict[str, list[Figure]] = {place.code: [] for place in places}
    for month in months:
        picture = month.picture
        if picture is None:
            found = {}
        else:
            find = lambda code, picture=picture: picture.figure(view.metric, kind, code, view.sector, view.basis)  # noqa: E731
            found = earlier_figures(month.codes, find, view.card)
        for code, row in figures.items():
            row.append(found.get(code, ABSENT))
    return [Course(place, figures[place.code]) for place in places]


def city_course(view: View, months: Sequence[Month]) -> list[Figure]:
    return [city_figure(view, month.picture) if month.picture else ABSENT for month in months]


def largest(found: Sequence[Course], most: int) -> list[Course]:
    """Those with the largest denominators now, in the order that they stand in; places without a figure in any month are left out."""
    drawn = [each for each in found if any(figure.value is not None for figure in each.figures)]
    kept = sorted(drawn, key=lambda each: (-(each.place.figure.denominator or 0), each.place.code))[:most]
    chosen = {each.place.code for each in kept}
    return [each for each in drawn if each.place.code in chosen]
