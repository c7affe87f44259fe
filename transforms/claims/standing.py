"""Where the city stands: its headline rates, against a month and a year ago, by sector, and without those sent in from outside.

What belongs here: claims on the city's own figures. Their targets are in goals.py.
"""

from collections.abc import Iterator

from data.periods import add_months
from transforms import show
from transforms.claims import judging
from transforms.claims.claim import Claim, LeftOut, Month, Named, Points, Quoted, Said
from transforms.claims.facts import Facts

HEADLINE = ("org_coverage", "work_coverage", "resident_coverage", "single_rate")
# What has a ledger of its own, and so a measure of its units' coming and going: (metric, sector) -> leg.
LEGS = {
    ("org_coverage", "all"): "org_coverage",
    ("work_coverage", "all"): "work_coverage",
    ("org_coverage", "enterprise"): "enterprise",
    ("org_coverage", "social_org"): "social_org",
}
# Months ago -> the name of the sentence.
AGAINST = {1: "month", 12: "year"}


def standing(facts: Facts) -> list[Said]:
    """The levels, then what moved since a month and a year ago."""
    made: list[Said] = [_level(facts, metric) for metric in ("org_coverage", "work_coverage")]
    made += _changes(facts, "org_coverage")
    made += _changes(facts, "work_coverage")
    return [*made, *_restated(facts), _sectors(facts), _resident(facts)]


def _level(facts: Facts, metric: str) -> Said:
    now, subject = facts.city(metric), facts.subject(metric)
    why = judging.published(now)
    if why:
        return LeftOut("level", subject, why, (now,))
    return Claim("level", subject, "published", {"metric": Named("metric", metric), "rate": now})


def _changes(facts: Facts, metric: str) -> Iterator[Said]:
    for back, name in AGAINST.items():
        subject, then = facts.subject(metric), facts.back.get(back)
        if then is None:
            yield LeftOut(f"{name}_moved", subject, f"unpublished:{add_months(facts.now.period, -back)}")
            continue
        yield moved(facts, f"{name}_moved", metric, back, facts.city(metric), facts.city(metric, of=then))


def _restated(facts: Facts) -> Iterator[Said]:
    """Where a month that is compared with was published anew since, and its headline figure is another: a mended file is no rise."""
    for then in (facts.back[back] for back in AGAINST if back in facts.back):
        first = facts.revision(then.period, "r01") if then.revision != "r01" else None
        if first is None:
            continue
        was, now = facts.city("org_coverage", of=first), facts.city("org_coverage", of=then)
        if judging.published(was, now) is None and show.figure(was.figure) != show.figure(now.figure):
            values = {"month": Month(then.period), "metric": Named("metric", "org_coverage"), "was": was, "now": now}
            yield Claim("month_restated", facts.subject("org_coverage"), "published", values)


def moved(facts: Facts, name: str, metric: str, back: int, now: Quoted, then: Quoted) -> Said:
    """The city's rate rose or fell: `<name>_rose`, `<name>_fell`."""
    subject = facts.subject(metric)
    leg = LEGS[metric, "all"]
    why = judging.published(now, then) or judging.moved(facts.moves.get(back, {}).get((leg, "city", facts.now.city)))
    why = why or judging.undenied(facts, lambda of, basis: city_side(facts, of, basis, back), metric)
    if why:
        return LeftOut(name, subject, why, (now, then))
    difference = judging.change(now.figure, then.figure)
    values = {"metric": Named("metric", metric), "month": Month(then.period), "then": then, "points": Points(abs(difference))}
    return Claim(f"{name}_{'rose' if difference > 0 else 'fell'}", subject, "moved", values)


def city_side(facts: Facts, metric: str, basis: str, back: int) -> int | None:
    then = facts.back.get(back)
    if then is None:
        return None
    now, old = facts.city(metric, basis=basis), facts.city(metric, basis=basis, of=then)
    return judging.sign(judging.change(now.figure, old.figure))


def _sectors(facts: Facts) -> Said:
    """The two kinds of organisation apart: their sum hides the smaller one."""
    pair = {sector: facts.city("org_coverage", sector) for sector in ("enterprise", "social_org")}
    subject = facts.subject("org_coverage")
    why = judging.published(*pair.values())
    return LeftOut("sectors", subject, why, tuple(pair.values())) if why else Claim("sectors", subject, "published", pair)


def _resident(facts: Facts) -> Said:
    """What is left without organisations that were sent in: the narrower definition of the same figure."""
    rate, subject = facts.city("resident_coverage"), facts.subject("resident_coverage")
    why = judging.published(rate)
    return LeftOut("resident", subject, why, (rate,)) if why else Claim("resident", subject, "published", {"rate": rate})
