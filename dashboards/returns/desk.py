"""One month's returns of one sector as a reader looks at them, and what must be said of them in words.

What belongs here: what the page, its months and its book share. What a return is held against is counted in transforms/returns.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from dashboards import cells, reporting
from dashboards.reporting import Reported
from dashboards.shell import View
from data.contracts import rules
from expectations.rules.returns import FIGURES
from transforms import show
from transforms.returns import COUNTED, Beside, shared, total, unreported

SOURCE = "district_return"
MONTHS = 13


@dataclass(frozen=True)
class Desk:
    """A month's returns of one sector, and the districts of whom one is expected."""

    view: View
    sector: str
    returns: list[Beside]
    districts: list[str]
    leads: list[dict] | None

    @property
    def missing(self) -> list[str]:
        return unreported(self.returns, self.districts, self.sector)

    @property
    def own(self) -> list[Beside]:
        """Those under the code of a district valid at D, one of each: what is counted. The others are named."""
        return [each for each in self.returns if each.own_code]

    @cached_property
    def month(self) -> Reported:
        return reporting.this_month(self.view)

    def contradicting(self) -> list[Beside]:
        return [each for each in self.month.contradicting() if each.sector == self.sector]

    def copied(self) -> list[Beside]:
        return [each for each in self.month.copied() if each.sector == self.sector]

    def must(self, code: str) -> bool:
        """Whether a return has findings that must be put right."""
        return any(row["severity"] == "H" for row in self.leads_on(code))

    @property
    def total(self) -> dict[str, int] | None:
        """The city as reported. What a reader sees of one district is no city, and is not held against the city's figures."""
        return total(self.returns, self.districts, self.sector) if self.view.reader.whole else None

    def leads_on(self, code: str) -> list[dict]:
        return [row for row in self.leads or () if row["subject"] == f"{code}|{self.sector}"]

    def of_city(self, figure: str) -> int | None:
        """What the ledgers count in the whole city."""
        picture = self.view.picture
        sides = [(picture.figure(metric, "city", picture.city, self.sector, self.view.signed), side) for metric, side in COUNTED[figure]]
        values = [found.denominator if side else found.numerator for found, side in sides]
        return None if None in values else values[0] - sum(values[1:])


def desk_of(view: View, sector: str, found: Sequence[Beside]) -> Desk:
    of_sector = [each for each in found if each.sector == sector]
    return Desk(view, sector, of_sector, reporting.districts_of(view.picture), reporting.leads_of(view.picture))


def percent(share: Fraction | None) -> str:
    """`+4.3%`: a difference as a share of those counted."""
    return show.NOT_APPLICABLE if share is None else f"{show.signed(share * 100, 1)}%"


def sentences(desk: Desk) -> list[str]:
    """What must be known before the figures are read: codes that lead nowhere or elsewhere, and several that lead to one district."""
    view, words = desk.view, desk.view.words
    found = []
    for each in desk.returns:
        where = _where(view, each)
        if each.place is None:
            found.append(words("returns.ended" if each.listed else "returns.unlisted", code=each.code, where=where))
        elif not each.own_code:
            found.append(words("returns.old_code", code=each.code, where=where, place=name_of(view, each.place)))
    for (place, _), codes in shared(desk.returns).items():
        found.append(words("returns.shared", codes=words("mark.list").join(codes), place=name_of(view, place)))
    return found


def _where(view: View, each: Beside) -> str:
    return view.words("returns.where", file=file_of(view, each.path), line=each.line)


def file_of(view: View, path: str) -> str:
    return path.removeprefix(f"{view.picture.period}/{SOURCE}/")


def apart(desk: Desk) -> list[tuple[str, str]]:
    """(what is the matter, whose returns they are) of those at odds in themselves, outside the band, or as the month before."""
    view, words = desk.view, desk.view.words
    outside = [each for each in desk.returns if each.outside]
    kinds = {"contradicting": desk.contradicting(), "outside": outside, "copied": desk.copied()}
    names = lambda found: words("mark.list").join(label(view, each) for each in found)  # noqa: E731
    return [(words(f"returns.{kind}_named", n=len(found)), names(found)) for kind, found in kinds.items() if found]


def label(view: View, each: Beside) -> str:
    """A return by its district; with the code that was reported where that is another one."""
    if each.place is None:
        return each.code
    name = name_of(view, each.place)
    return name if each.own_code else f"{name}{view.words('returns.as_code', code=each.code)}"


def least(view: View, figure: str) -> int:
    """The smallest number that is shown: of members few are x."""
    return view.least if figure == "members" else 0


def gives_away(desk: Desk) -> bool:
    """Whether the city's members, less those of the districts that are shown, would tell of a district that has few."""
    return any(show.small_value(each.reported["members"], desk.view.least) == show.SUPPRESSED for each in desk.returns)


def name_of(view: View, code: str) -> str:
    return cells.place_name(view, "district", code)


def say(desk: Desk, *more: str) -> None:
    view = desk.view
    basis = cells.named(view, "choose.basis", view.words.of("basis", view.signed))
    view.said(cells.named(view, "choose.filed", view.words.of("sector", desk.sector)), basis, *more)


def definitions(view: View) -> list[tuple[str, str]]:
    words = view.words
    found = [(words.field(SOURCE, figure), words(f"returns.how_{figure}")) for figure in FIGURES]
    return [*found, (words("returns.standing_of"), words("returns.how_band", rule=words.card(rules()["return_differs"])))]
