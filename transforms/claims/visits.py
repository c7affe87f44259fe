"""Where to go and see: the districts and parks whose figures are least certain, and the findings to look at there.

What belongs here: the signs of a place, each a claim of its own, and which places show most of them. Signs are counted, never weighed into
a score. A sign says that a figure should be looked at on the spot; what is found there is another matter.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import polars as pl

from data.figures import Figure
from data.periods import add_months
from data.picture import Picture
from transforms import show
from transforms.case_history import HERE
from transforms.claims import judging
from transforms.claims.chance import more_than_its_share
from transforms.claims.claim import Claim, LeftOut, Month, Named, Rate, Said
from transforms.claims.facts import Facts
from transforms.claims.findings import UNREAD
from transforms.own_files import districts_by_file
from transforms.quality import Rows, rejected_rows

METRIC = "org_coverage"
SEVERITIES = ("H", "S", "I")
OPEN = ("open", "assigned", "answered")  # what was explained is settled
SIGNS = ("bases", "leads", "returns", "overdue", "revised", "rejected")  # in the order in which they are named
OF_FINDINGS = ("leads", "returns", "overdue")  # counts of open findings
PLACES, LEADS = 5, 8  # at most: of each kind, and findings of each place
# Why a place has no sign: it does not show it, or nobody can tell: the release has no findings, it has no work objects, no file of its own.
NOT_SHOWN, NO_FINDINGS, NO_OBJECTS, NO_FILES = "not_shown", "no_findings", "no_base", "no_own_files"
MONTHS = 6  # within which a figure revised after it was published is a sign
REJECTED = Fraction(1, 100)  # of a district's own rows: the line of rule many_rejected
HUNDRED = 100
# A district has returns and files of its own, a park has not.
ASKED = {"district": SIGNS, "park": ("bases", "leads", "overdue", "revised")}


@dataclass(frozen=True)
class Visit:
    """A place to go to. `signs`: its signs, in their order. `must`: its open findings that must be put right, `open`: all that are open;
    None where nobody knows what was explained. `leads`: those to look at, as rows of the cases."""

    kind: str
    code: str
    signs: tuple[Claim, ...]
    must: int | None
    open: int | None
    leads: tuple[Mapping, ...]


@dataclass(eq=False)
class Ground:
    """What signs are read from, gathered once for all places."""

    facts: Facts

    @cached_property
    def revised(self) -> Mapping[tuple[str, str], set[str]]:
        """(kind, code) -> the months of the last half year of which a revision moved its coverage, on the signed basis."""
        return _revised(self.facts)

    @cached_property
    def cases(self) -> pl.DataFrame | None:
        """The open findings of known places that stand in the release."""
        if self.facts.cases is None:
            return None
        here = pl.col("moved").is_in(HERE) & pl.col("status").is_in(OPEN)
        return self.facts.cases.filter(here & pl.col("district_code").is_not_null() & (pl.col("district_code") != "000000"))

    def of(self, kind: str, code: str) -> pl.DataFrame:
        return self.cases.filter(pl.col(f"{kind}_code") == code)

    @cached_property
    def must(self) -> int:
        return self.cases.filter(pl.col("severity") == "H").height

    @cached_property
    def objects(self) -> int:
        """Work objects of all known districts."""
        codes = [code for kind, code in self.facts.places if kind == "district"]
        return sum(self.facts.quote(METRIC, "district", code).figure.denominator or 0 for code in codes)

    @cached_property
    def rows(self) -> Mapping[str | None, Rows]:
        """district -> the rows of the files that are its own."""
        now = self.facts.now
        return rejected_rows(now.loads.filter(pl.col("period") == now.period).to_dicts(), districts_by_file(now.release))


def visits(ground: Ground, kind: str) -> list[Visit]:
    """The places of a kind to go to: those with most signs first, then those with most findings that must be put right, then by code."""
    return signed(ground, kind)[:PLACES]


def signed(ground: Ground, kind: str) -> list[Visit]:
    """All places of a kind that show a sign, in the same order."""
    found = [_visit(ground, kind, code) for each, code in ground.facts.places if each == kind]
    return sorted((visit for visit in found if visit.signs), key=lambda visit: (-len(visit.signs), -(visit.must or 0), visit.code))


def _visit(ground: Ground, kind: str, code: str) -> Visit:
    signs = tuple(said for said in signs_of(ground, kind, code) if isinstance(said, Claim))
    mine = leads_of(ground, kind, code)
    known = ground.cases is not None and not ground.facts.casework
    must = sum(each["severity"] == "H" for each in mine) if known else None
    return Visit(kind, code, signs, must, len(mine) if known else None, tuple(mine[:LEADS]))


def in_order(cases: pl.DataFrame) -> pl.DataFrame:
    """The most severe first, then the oldest."""
    rank = pl.col("severity").replace_strict({name: place for place, name in enumerate(SEVERITIES)}, default=len(SEVERITIES))
    return cases.sort(rank, "since", "order", "subject")


def sign_of(claim: Claim) -> str:
    """Which of the signs a claim is."""
    return claim.name.split("_")[1]


def leads_of(ground: Ground, kind: str, code: str) -> list[dict]:
    """All open findings of a place, in the same order."""
    return [] if ground.cases is None else in_order(ground.of(kind, code)).to_dicts()


def signs_of(ground: Ground, kind: str, code: str) -> Iterator[Said]:
    """The signs that can be asked of a place of this kind, made or left out."""
    ask = {"bases": _bases, "leads": _leads, "returns": _returns, "overdue": _overdue, "revised": _months, "rejected": _rejected}
    for name in ASKED[kind]:
        yield ask[name](ground, kind, code)


def _bases(ground: Ground, kind: str, code: str) -> Said:
    """On which side of the city's rate it lies hangs on the basis: on both beyond what chance leaves to one picked out of many."""
    facts = ground.facts
    subject, own, city = facts.subject(METRIC, kind=kind, code=code), facts.quote(METRIC, kind, code), facts.city(METRIC)
    why = judging.published(own, city) or judging.large_enough(own.figure, facts.minimum)
    if why:
        return LeftOut("visit_bases", subject, why, (own, city))
    quoted = {basis: (facts.quote(METRIC, kind, code, basis=basis), facts.city(METRIC, basis=basis)) for basis in judging.BASES}
    sides = lambda z: {basis: judging.side(one.figure, line.figure, facts.minimum, z) for basis, (one, line) in quoted.items()}  # noqa: E731
    basis = _turned(sides(judging.PICKED), facts.basis)
    if basis is None:
        # Other sides that chance may have made are told apart from sides that are the same.
        return LeftOut("visit_bases", subject, "noise" if _turned(sides(None), facts.basis) else NOT_SHOWN, (own, city))
    other, line = quoted[basis]
    values = {"basis": Named("basis", facts.basis), "rate": own, "city": city}
    values |= {"other_basis": Named("basis", basis), "other_rate": other, "other_city": line}
    return Claim("visit_bases_above" if own.figure.exact > city.figure.exact else "visit_bases_below", subject, "apart", values)


def _turned(sides: Mapping[str, int | None], signed: str) -> str | None:
    """The first basis on which the side is the other one."""
    return next((basis for basis, side in sides.items() if side and sides[signed] == -side), None)


def _leads(ground: Ground, kind: str, code: str) -> Said:
    """More findings that must be put right, to its work objects, than the city has, beyond chance."""
    facts = ground.facts
    subject, own = facts.subject(METRIC, kind=kind, code=code), facts.quote(METRIC, kind, code)
    if ground.cases is None:
        return LeftOut("visit_leads", subject, NO_FINDINGS, (own,))
    if facts.casework:  # which of them are open nobody knows
        return LeftOut("visit_leads", subject, UNREAD, (own,))
    objects, n = own.figure.denominator, ground.of(kind, code).filter(pl.col("severity") == "H").height
    if not objects:
        return LeftOut("visit_leads", subject, judging.published(own) or NO_OBJECTS, (own,))
    if not more_than_its_share(n, ground.must, objects, ground.objects):
        return LeftOut("visit_leads", subject, "noise" if n else NOT_SHOWN, (own,))
    values = {"n": n, "per": _per(n, objects), "city_per": _per(ground.must, ground.objects), "rate": own}
    return Claim("visit_leads", subject, "apart", values)


def _per(n: int, objects: int) -> str:
    """So many to a hundred work objects."""
    return show.figure(Figure(n * HUNDRED, objects, n * HUNDRED / objects), "ratio")


def _returns(ground: Ground, kind: str, code: str) -> Said:
    """What it reports itself is not what the ledgers say, or does not add up."""
    return _counted(ground, "visit_returns", kind, code, pl.col("subject_kind") == "return")


def _overdue(ground: Ground, kind: str, code: str) -> Said:
    return _counted(ground, "visit_overdue", kind, code, pl.col("overdue"))


def _counted(ground: Ground, name: str, kind: str, code: str, where: pl.Expr) -> Said:
    subject = ground.facts.subject("", kind=kind, code=code, basis="")
    if ground.cases is None:
        return LeftOut(name, subject, NO_FINDINGS)
    if ground.facts.casework:  # which of them are open, and until when, nobody knows
        return LeftOut(name, subject, UNREAD)
    mine = ground.of(kind, code).filter(where).sort("order")
    if not mine.height:
        return LeftOut(name, subject, NOT_SHOWN)
    rules = tuple(Named("rule", rule) for rule in mine["rule"].unique(maintain_order=True))
    return Claim(name, subject, "counted", {"n": mine.height, "rules": rules})


def _months(ground: Ground, kind: str, code: str) -> Said:
    """Its figures were revised after they were published."""
    subject = ground.facts.subject("", kind=kind, code=code)
    months = sorted(ground.revised.get((kind, code), ()))
    if not months:
        return LeftOut("visit_revised", subject, NOT_SHOWN)
    return Claim("visit_revised", subject, "counted", {"n": len(months), "months": tuple(Month(month) for month in months)})


def _revised(facts: Facts) -> Mapping[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    first = add_months(facts.now.period, 1 - MONTHS)
    for month, current in facts.months:
        if current is None or month < first:
            continue
        for picture in _later(facts, current):
            for each in picture.manifest.get("changes", ()):
                if each.get("table") == "metrics" and each.get("metric") == METRIC and each.get("basis") == picture.manifest["basis"]:
                    kind, code = each["unit_kind"], each["unit_code"]
                    found.setdefault((kind, facts.followed(code) if kind == "district" else code), set()).add(month)
    return found


def _later(facts: Facts, current: Picture) -> Iterable[Picture]:
    """The revisions of a month after its first, as far as they are still there."""
    last = re.fullmatch(r"r(\d+)", current.revision)
    for number in range(2, int(last[1]) + 1 if last else 0):
        picture = current if number == int(last[1]) else facts.revision(current.period, f"r{number:02d}")
        if picture is not None:
            yield picture


def _rejected(ground: Ground, kind: str, code: str) -> Said:
    """Of the rows of its own files more were sent back than rule many_rejected lets pass."""
    subject, rows = ground.facts.subject("", kind=kind, code=code, basis=""), ground.rows.get(code)
    if rows is None or not rows.rows:
        return LeftOut("visit_rejected", subject, NO_FILES)
    share = Fraction(rows.rejected, rows.rows)
    if share <= REJECTED:
        return LeftOut("visit_rejected", subject, NOT_SHOWN)
    return Claim("visit_rejected", subject, "counted", {"n": rows.rejected, "all": rows.rows, "share": Rate(share), "files": rows.files})


def not_shown(ground: Ground, kind: str) -> list[LeftOut]:
    """Signs that were looked for and could not be told, of all places of a kind; what a place simply does not show is none of them."""
    said = [each for of, code in ground.facts.places if of == kind for each in signs_of(ground, kind, code)]
    return [each for each in said if isinstance(each, LeftOut) and each.reason != NOT_SHOWN]
