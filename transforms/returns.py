"""What districts report against what the ledgers count: rows of table returned beside figures of table metrics.

What belongs here: which published figure answers to which figure of a return, the difference, the band that rule return_differs permits,
and what may be added up. Nothing is added up in silence: a return is set beside the district that its code leads to, each for itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from expectations.rules.returns import FIGURES
from transforms.inputs import UNKNOWN

# (metric, sector, district) -> numerator and denominator on the release's basis.
Find = Callable[[str, str, str], tuple[int | None, int | None]]

# Which side of which metric a figure of the return answers to; what is to be taken away stands second. The mode of a covered unit is one
# of three, so that joint and dispatched are the differences of published numerators. Members have no figure by sector.
COUNTED = {
    "units": (("org_coverage", 1),),
    "covered": (("org_coverage", 0),),
    "single": (("single_rate", 0),),
    "joint": (("resident_coverage", 0), ("single_rate", 0)),
    "dispatched": (("org_coverage", 0), ("resident_coverage", 0)),
    "work_covered": (("work_coverage", 0),),
}
LEAST_APART, SHARE_APART = 3, Fraction(5, 100)


@dataclass(frozen=True)
class Beside:
    """A return beside the ledgers. `place`: the district that its code leads to, None where it leads nowhere; then nothing is compared."""

    code: str
    sector: str
    place: str | None
    listed: bool
    reported: Mapping[str, int]
    counted: Mapping[str, int | None]
    path: str
    line: int

    def difference(self, figure: str) -> int | None:
        """Reported less counted."""
        counted = self.counted.get(figure)
        return None if counted is None else self.reported[figure] - counted

    def share(self, figure: str) -> Fraction | None:
        """The difference as a share of what was counted; None where that is 0 or not known."""
        apart = self.difference(figure)
        return None if apart is None or not self.counted[figure] else Fraction(apart, self.counted[figure])

    @property
    def outside(self) -> bool | None:
        """Whether the covered lie outside the permitted band; None where there is nothing to compare with."""
        apart = self.difference("covered")
        return None if apart is None else abs(apart) > permitted(self.counted["covered"])

    @property
    def own_code(self) -> bool:
        """Whether it came under the code that is valid at D."""
        return self.code == self.place


def permitted(counted: int) -> Fraction:
    """How far the covered may lie from those counted: 3 units, or 5 % of them where that is more."""
    return max(Fraction(LEAST_APART), SHARE_APART * counted)


def counted(find: Find, sector: str, district: str) -> dict[str, int | None]:
    """What the ledgers give for each figure of a return; None where a source is missing."""
    found: dict[str, int | None] = {}
    for name, sides in COUNTED.items():
        values = [find(metric, sector, district)[side] for metric, side in sides]
        found[name] = None if None in values else values[0] - sum(values[1:])
    return found


def beside(rows: Iterable[Mapping], find: Find) -> list[Beside]:
    """Every return of a month beside the ledgers, in the order of the rows."""
    found = []
    for row in rows:
        place = None if row["leads_to"] in (None, UNKNOWN) else row["leads_to"]
        there = counted(find, row["sector"], place) if place else dict.fromkeys(COUNTED)
        reported = {name: row[name] for name in FIGURES}
        found.append(
            Beside(row["district_code"], row["sector"], place, row["leads_to"] is not None, reported, there, row["path"], row["line"])
        )
    return found


def by_difference(found: Iterable[Beside]) -> list[Beside]:
    """Those that can be compared, the most over-reported first."""
    known = [each for each in found if each.outside is not None]
    return sorted(known, key=lambda each: (-each.difference("covered"), each.code, each.sector))


def unreported(found: Iterable[Beside], districts: Sequence[str], sector: str) -> list[str]:
    """Districts valid at D of which no return came under their own code (as rule return_missing asks)."""
    there = {each.code for each in found if each.sector == sector}
    return [code for code in districts if code not in there]


def shared(found: Iterable[Beside]) -> dict[tuple[str, str], list[str]]:
    """(district, sector) -> the codes that lead there, where they are several."""
    codes: dict[tuple[str, str], list[str]] = {}
    for each in found:
        if each.place:
            codes.setdefault((each.place, each.sector), []).append(each.code)
    return {key: sorted(several) for key, several in codes.items() if len(several) > 1}


def total(found: Iterable[Beside], districts: Sequence[str], sector: str) -> dict[str, int] | None:
    """The city as reported: the districts' own returns added up, only where every district valid at D sent one."""
    own = [each for each in found if each.sector == sector and each.code in set(districts)]
    if not districts or len(own) < len(districts):
        return None
    return {name: sum(each.reported[name] for each in own) for name in FIGURES}


def joined(found: Sequence[Beside], codes: Sequence[str], sector: str) -> tuple[dict[str, int], dict[str, int | None]] | None:
    """What several districts (since merged) reported and what was counted there, added up; None where one of them sent no return."""
    own = [each for each in found if each.sector == sector and each.code in set(codes)]
    if not codes or len(own) < len(codes):
        return None
    there = {}
    for name in COUNTED:
        values = [each.counted[name] for each in own]
        there[name] = None if None in values else sum(values)
    return {name: sum(each.reported[name] for each in own) for name in FIGURES}, there
