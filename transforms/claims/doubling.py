"""The double doubling (双翻番) of the city: how many times as much, what the rise is made of, what a smaller base did to it.

What belongs here: claims on the legs of table doubling, with its cells as published. The arithmetic is growth.py's.
"""

from fractions import Fraction

from transforms.claims import judging
from transforms.claims.claim import Claim, LeftOut, Month, Named, Quoted, Rate, Said, Times
from transforms.claims.facts import Facts
from transforms.claims.movers import ledger_cell
from transforms.growth import GOAL, Rise
from transforms.measures.doubling import LEGS

MODES = ("new_single", "new_joint", "new_dispatched")
# Where the base did nothing to the rate: nothing to double, the same rate, the same base.
STILL = {"none": "no_baseline", "still": "rate_still", "even": "rate_still", "rise_numerator": "base_still", "fall_numerator": "base_still"}
SAID = "coverages"  # the pair whose legs are put into sentences
METRICS = {leg.name: ("work_coverage" if leg.covered == "work_covered" else "org_coverage", leg.sector) for leg in LEGS}


def doubling(facts: Facts) -> list[Said]:
    """The two coverages, leg by leg; what the first of them is made of, and what its base did. Of the sectors' legs, which stand in the
    table, what may not be said."""
    made: list[Said] = []
    for leg in sorted(LEGS, key=lambda each: each.pair != SAID):
        row = city_row(facts, leg.name)
        subject = facts.subject(METRICS[leg.name][0], sector=leg.sector)
        said = [LeftOut("leg", subject, judging.NO_LEDGER)] if row is None else [_count(facts, leg.name, row), _rate(facts, leg.name, row)]
        made += [each for each in said if leg.pair == SAID or isinstance(each, LeftOut)]
    whole = city_row(facts, "org_coverage")
    if whole is not None:
        made += [_modes(facts, whole), _base(facts, whole)]
    return made


def city_row(facts: Facts, leg: str) -> dict | None:
    return facts.moves.get(0, {}).get((leg, "city", facts.now.city))


def cell(facts: Facts, leg: str, row: dict, name: str) -> Quoted:
    return ledger_cell(facts, "city", facts.now.city, name, row, leg)


def _count(facts: Facts, leg: str, row: dict) -> Said:
    """By count: from n0 units to n1."""
    metric, sector = METRICS[leg]
    subject, rise = facts.subject(metric, sector=sector), Rise(row)
    values = {
        "leg": Named("legs", leg),
        "month": Month(row["baseline"]),
        "n0": cell(facts, leg, row, "n0"),
        "n1": cell(facts, leg, row, "n1"),
    }
    if not row["n0"]:
        return LeftOut("leg_count", subject, "no_baseline", (values["n0"], values["n1"]))
    if row["doubled_count"]:
        return Claim("leg_count_doubled", subject, "published", values | {"times": Times(rise.by_count)})
    if rise.beyond_the_base:
        # Twice as many as there were are more than there are work objects: no number of foundings reaches it.
        return Claim(
            "leg_count_beyond", subject, "published", values | {"times": Times(rise.by_count), "base": cell(facts, leg, row, "d1")}
        )
    return Claim("leg_count", subject, "published", values | {"times": Times(rise.by_count), "missing": rise.missing_by_count})


def _rate(facts: Facts, leg: str, row: dict) -> Said:
    """By rate: said with what a smaller base made of it; over one half at the baseline it can't double."""
    metric, sector = METRICS[leg]
    subject, rise = facts.subject(metric, sector=sector), Rise(row)
    now, then = facts.city(metric, sector), facts.current(row["baseline"])
    if then is None:
        return LeftOut("leg_rate", subject, f"unpublished:{row['baseline']}", (now,))
    before = facts.city(metric, sector, of=then)
    values = {"leg": Named("legs", leg), "before": before, "rate": now}
    why = judging.published(now, before)
    if why or rise.by_rate is None:
        return LeftOut("leg_rate", subject, why or "no_baseline", (now,))
    if row["ceiling"]:
        return Claim("leg_rate_ceiling", subject, "published", values)
    if row["doubled_rate"]:
        basis = denied_on(facts, leg, row)
        if basis:
            return LeftOut("leg_rate_doubled", subject, f"contradicted:{basis}", (now,))
        return Claim("leg_rate_doubled", subject, "holds", values)
    return Claim("leg_rate", subject, "published", values | {"times": Times(rise.by_rate), "missing": rise.missing_by_rate})


def denied_on(facts: Facts, leg: str, row: dict) -> str | None:
    """The basis on which a rate that has doubled has not; None where there is none."""
    metric, sector = METRICS[leg]
    if not row["doubled_rate"] or row["ceiling"]:
        return None
    side = lambda of, basis: _doubled(facts, of, sector, basis, row["baseline"]) if of == metric else None  # noqa: E731
    why = judging.undenied(facts, side, metric)
    return why.partition(":")[2] if why else None


def _doubled(facts: Facts, metric: str, sector: str, basis: str, baseline: str) -> int | None:
    """1 where the rate has doubled on a basis, −1 where it has not; None where it can't be told."""
    then = facts.current(baseline)
    if then is None:
        return None
    now, old = facts.city(metric, sector, basis).figure.exact, facts.city(metric, sector, basis, of=then).figure.exact
    if now is None or not old or 2 * old > 1:
        return None
    return 1 if now >= GOAL * old else -1


def _modes(facts: Facts, row: dict) -> Said:
    """Of what was newly covered: by organisations of its own, joint ones, ones sent in."""
    subject, rise = facts.subject("org_coverage"), Rise(row)
    values: dict = {name.removeprefix("new_"): cell(facts, "org_coverage", row, name) for name in MODES}
    if not rise.newly_covered:
        return LeftOut("modes", subject, "nothing_new", tuple(values.values()))
    parts = {"gained": cell(facts, "org_coverage", row, "gained"), "came": cell(facts, "org_coverage", row, "entered_covered")}
    return Claim("modes", subject, "published", {"month": Month(row["baseline"]), "n": rise.newly_covered} | parts | values)


def _base(facts: Facts, row: dict) -> Said:
    """What the denominator did: a rate that rises because its base shrinks is said to."""
    subject, share = facts.subject("org_coverage"), Rise(row).share
    values: dict = {name: cell(facts, "org_coverage", row, name) for name in ("d0", "d1", "entered", "exited")}
    if share.case in STILL:
        return LeftOut("base", subject, STILL[share.case], tuple(values.values()))
    why = judging.moved(row)
    if why:
        return LeftOut("base", subject, why, tuple(values.values()))
    if share.case.removesuffix("_despite").endswith(("both", "denominator")):
        part = Fraction(share.denominator).limit_denominator(10_000) if share.denominator is not None else Fraction(1)
        name = "base_made_rise" if share.case.startswith("rise") else "base_made_fall"
        return Claim(name, subject, "moved", values | {"part": Rate(part)})
    return Claim("base_against_rise" if share.case.startswith("rise") else "base_against_fall", subject, "moved", values)
