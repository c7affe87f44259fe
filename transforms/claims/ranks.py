"""Where districts and parks stand: in bands of ranks, beside the city, and against the quarter before.

What belongs here: claims on places beside each other. A place is said to lie above or below the city only beyond what chance leaves to one
picked out of many, and to have moved only where its two bands have no rank in common (docs/methods/rank-bands.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from data.contracts import metrics
from data.figures import ABSENT
from data.periods import add_months
from data.picture import Picture
from transforms.claims import judging
from transforms.claims.claim import Band, Claim, LeftOut, Month, Named, Points, Quoted, Said, Subject
from transforms.claims.claim import Place as Where
from transforms.claims.facts import Facts
from transforms.claims.then import earlier_codes
from transforms.compare import UNKNOWN, Place, earlier_figures, ranked
from transforms.look_at import shift

KINDS = ("district", "park")
METRICS = ("org_coverage", "work_coverage")
QUARTER = 3  # months
MOST = 3  # sentences of each side; all places stand in the table


@dataclass(frozen=True)
class Standing:
    """A place among those of its kind. `then`: as it was ranked a quarter ago, None where that is not published or has no such place.
    `side`: 1 above the city beyond chance, −1 below, 0 within, None where it is not compared. `now`, `before`: its figures to quote;
    `before` is None where several districts became one, which has no figure of its own then. `denied`: the basis on which it does not
    lie on that side."""

    place: Place
    then: Place | None
    side: int | None
    now: Quoted
    before: Quoted | None
    denied: str | None = None

    @property
    def code(self) -> str:
        return self.place.code

    @property
    def moved(self) -> int:
        """1: its band moved forward and has no rank in common with the one of then, −1: back, 0: neither, or it can't be told."""
        if self.then is None or self.then.band is None or self.place.band is None:
            return 0
        return (self.place.high < self.then.low) - (self.place.low > self.then.high)


def standings(facts: Facts, kind: str, metric: str, basis: str | None = None) -> list[Standing]:
    """Every place of a kind, best first; those that are not ranked last."""
    basis, card, then = basis or facts.basis, metrics()[metric], facts.back.get(QUARTER)
    codes = earlier_codes(facts, kind, then)
    find = lambda code: then.figure(metric, kind, code, "all", basis) if then else ABSENT  # noqa: E731
    old = earlier_figures(codes, find, card)
    places = [
        Place(code, row["name"], row["level"], facts.now.figure(metric, kind, code, "all", basis), old.get(code, ABSENT))
        for (each, code), row in facts.now.units.items()
        if each == kind
    ]
    stood = [replace(place, figure=place.before) for place in places if place.code in codes]
    stood = {place.code: place for place in ranked(stood, card.direction, facts.minimum, card.within_one)}
    line = facts.city(metric, basis=basis).figure
    found = []
    for place in ranked(places, card.direction, facts.minimum, card.within_one):
        before = facts.quote(metric, kind, codes[place.code][0], basis=basis, of=then) if len(codes.get(place.code, ())) == 1 else None
        side = judging.side(place.figure, line, facts.minimum, judging.PICKED) if place.is_compared else None
        now = facts.quote(metric, kind, place.code, basis=basis)
        denied = _denied(facts, kind, metric, place.code, side) if side and basis == facts.basis else None
        found.append(Standing(place, stood.get(place.code), side, now, before, denied))
    return found


def beside_city(facts: Facts, kind: str, metric: str) -> list[Said]:
    """How many places lie above and below the city beyond chance, then the farthest of each side."""
    subject, city = facts.subject(metric, kind=kind, code=""), facts.city(metric)
    found = [each for each in standings(facts, kind, metric) if each.code != UNKNOWN]
    if not found:
        return [LeftOut("rank_sides", subject, judging.NO_PLACES, (city,))]
    why = judging.published(city)
    compared = [each for each in found if each.side is not None]
    if not why and all(each.place.why_unranked == "small" for each in found):
        values = {"kind": Named("kind", kind), "n": len(found), "minimum": facts.minimum, "metric": Named("metric", metric), "city": city}
        return [Claim("rank_all_small", subject, "counted", values)]
    if why or not compared:
        return [LeftOut("rank_sides", subject, why or _why_not(found), (city,))]
    sides = {"above": _farthest(compared, city, 1), "below": _farthest(compared, city, -1)}
    values = {"kind": Named("kind", kind), "n": len(compared), "metric": Named("metric", metric), "city": city}
    values |= {name: sum(each.denied is None for each in side) for name, side in sides.items()}
    values["within"] = sum(each.side == 0 for each in compared)
    made: list[Said] = [_summed(subject, values, sum(each.denied is not None for each in compared))]
    for name, side in sides.items():
        said = [_side(facts, kind, metric, f"rank_{name}", each, city) for each in side]
        made += [each for each in said if isinstance(each, Claim)][:MOST]
        made += [each for each in said if isinstance(each, LeftOut)]
    return [*made, *_uncompared(facts, kind, metric, "rank_side", found)]


def apart(found: list[Standing]) -> list[Standing]:
    """Those that can be told from the city, on the signed basis at least."""
    return [each for each in found if each.side]


def in_annex(facts: Facts, kind: str, metric: str) -> list[Claim]:
    """Where places stand beside the city and none can be told from it: that their figures stand in the annex alone, for in a list on the
    pages they would look like an order."""
    found = [each for each in standings(facts, kind, metric) if each.code != UNKNOWN]
    if apart(found):
        return []
    values = {"n": len(found), "kind": Named("kind", kind), "metric": Named("metric", metric)}
    return [Claim("rank_annex", facts.subject(metric, kind=kind, code=""), "counted", values)]


def _summed(subject: Subject, values: dict, denied: int) -> Claim:
    if denied:
        return Claim("rank_sides_denied", subject, "apart", values | {"denied": denied})
    if values["above"] or values["below"]:
        return Claim("rank_sides", subject, "apart", values)
    return Claim("rank_sides_none", subject, "within", values)


def _farthest(found: list[Standing], city: Quoted, side: int) -> list[Standing]:
    """Those on a side, the farthest beyond what their size allows first."""
    away = lambda each: (each.place.figure.exact - city.figure.exact) ** 2 * each.place.figure.denominator  # noqa: E731
    return sorted((each for each in found if each.side == side), key=lambda each: (-away(each), each.code))


def _side(facts: Facts, kind: str, metric: str, name: str, each: Standing, city: Quoted) -> Said:
    subject = facts.subject(metric, kind=kind, code=each.code)
    if each.denied:
        return LeftOut(name, subject, f"contradicted:{each.denied}", (each.now, city))
    gap = each.place.figure.exact - city.figure.exact
    values = {"place": Where(kind, each.code), "metric": Named("metric", metric), "rate": each.now, "points": Points(abs(gap))}
    return Claim(name, subject, "apart", values)


def _denied(facts: Facts, kind: str, metric: str, code: str, side: int) -> str | None:
    """The basis on which a place does not lie on this side of the city's rate; a figure that is not there, or too small, denies nothing."""
    for basis in judging.BASES:
        there = judging.side(facts.quote(metric, kind, code, basis=basis).figure, facts.city(metric, basis=basis).figure, facts.minimum)
        if basis != facts.basis and there is not None and there != side:
            return basis
    return None


def band_moves(facts: Facts, kind: str, metric: str) -> list[Said]:
    """Whose band of ranks moved in the quarter, so far that it can't be the same rank."""
    subject, then = facts.subject(metric, kind=kind, code=""), facts.back.get(QUARTER)
    if then is None:
        return [LeftOut("rank_moves", subject, f"unpublished:{add_months(facts.now.period, -QUARTER)}")]
    found = [each for each in standings(facts, kind, metric) if each.code != UNKNOWN]
    both = [each for each in found if each.place.band and each.then and each.then.band]
    city = facts.city(metric)
    why = judging.published(city) or (None if both else _why_not(found) if found else judging.NO_PLACES)
    if why:
        return [LeftOut("rank_moves", subject, why, (city,))]
    moved = sorted((each for each in both if each.moved), key=lambda each: (-abs(shift(each.then, each.place)), each.code))
    values = {
        "kind": Named("kind", kind),
        "n": len(both),
        "moved": len(moved),
        "metric": Named("metric", metric),
        "month": Month(then.period),
    }
    said = [_moved(facts, kind, metric, each, then) for each in moved]
    made: list[Said] = [Claim("rank_moves", subject, "apart", values) if moved else Claim("rank_moves_none", subject, "within", values)]
    made += [each for each in said if isinstance(each, Claim)][: 2 * MOST]
    made += [each for each in said if isinstance(each, LeftOut)]
    made += [
        LeftOut("rank_moved", facts.subject(metric, kind=kind, code=each.code), "noise", (each.now,))
        for each in both
        if not each.moved and each.then.band != each.place.band
    ]
    return made


def _moved(facts: Facts, kind: str, metric: str, each: Standing, then: Picture) -> Said:
    subject, name = facts.subject(metric, kind=kind, code=each.code), "rank_forward" if each.moved > 0 else "rank_back"
    if each.before is None:
        return LeftOut(name, subject, "missing:absent", (each.now,))
    for basis in judging.BASES:
        if basis != facts.basis and _turned(facts, kind, metric, each, basis):
            return LeftOut(name, subject, f"contradicted:{basis}", (each.now, each.before))
    values = {"place": Where(kind, each.code), "metric": Named("metric", metric), "month": Month(then.period)}
    values |= {"old_band": Band(*each.then.band), "new_band": Band(*each.place.band), "old": each.before, "new": each.now}
    return Claim(name, subject, "apart", values)


def _turned(facts: Facts, kind: str, metric: str, each: Standing, basis: str) -> bool:
    """Whether on another basis its band moved the other way."""
    other = next((one for one in standings(facts, kind, metric, basis) if one.code == each.code), None)
    if other is None or other.then is None or other.then.band is None or other.place.band is None:
        return False
    return judging.sign(shift(other.then, other.place)) == -each.moved


def _why_not(found: list[Standing]) -> str:
    """Why none of them can be compared: too small, else what their figures lack."""
    if any(each.place.why_unranked == "small" for each in found):
        return "small"
    return next((why for each in found if (why := judging.published(each.now))), judging.NO_PLACES)


def _uncompared(facts: Facts, kind: str, metric: str, name: str, found: list[Standing]) -> Iterator[LeftOut]:
    for each in found:
        if each.side is None:
            why = judging.published(each.now) or "small"
            yield LeftOut(name, facts.subject(metric, kind=kind, code=each.code), why, (each.now,))


def ranks(facts: Facts) -> list[Said]:
    """All that is said of districts and parks beside each other."""
    return [said for kind in KINDS for metric in METRICS for said in of_kind(facts, kind, metric)]


def of_kind(facts: Facts, kind: str, metric: str) -> list[Said]:
    """What is said of the places of a kind by one figure."""
    beside = beside_city(facts, kind, metric)
    listed = in_annex(facts, kind, metric) if isinstance(beside[0], Claim) else []
    return [*beside, *band_moves(facts, kind, metric), *listed]
