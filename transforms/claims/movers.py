"""Who rose and who fell: districts whose rate moved by more than their units' coming and going, in a month and since the baseline, and why.

What belongs here: claims on districts' changes. The reasons are the published ledger's, in whole units (docs/methods/claims.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from data.figures import ABSENT
from data.periods import add_months
from data.picture import Picture
from transforms.claims import judging
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place, Points, Quoted, Said
from transforms.claims.facts import Facts
from transforms.claims.lost_rows import lost_rows, rests_on
from transforms.claims.then import figure_then, quote_then
from transforms.measures.doubling import LEGS as PAIRED

METRIC, LEG = "org_coverage", "org_coverage"
MOST = 2  # of each direction
BASE = "base"  # the reason, where a base shrank because rows were lost
WHY = ("gained", "lost", "entered", "entered_covered", "exited", "exited_covered")


@dataclass(frozen=True)
class Mover:
    """A district's move between two months; `why` is None where it can be said. `lost`: rows of its own files that it lacks since, and by
    which a move that can be said may be too large (lost_rows.py)."""

    code: str
    now: Quoted
    then: Quoted | None
    difference: Fraction | None
    row: dict | None
    why: str | None
    lost: int = 0


def movers(facts: Facts, back: int) -> list[Mover]:
    """Every district against a month (`back` months ago; 0: the baseline of the doubling), the largest rise first."""
    found = [_mover(facts, code, back) for kind, code in facts.places if kind == "district"]
    return sorted(found, key=lambda each: (each.difference is None, -(each.difference or 0), each.code))


def _mover(facts: Facts, code: str, back: int) -> Mover:
    now, row = facts.quote(METRIC, "district", code), facts.moves.get(back, {}).get((LEG, "district", code))
    before = facts.current(row["baseline"]) if row and not back else facts.back.get(back)
    then = quote_then(facts, METRIC, "district", code, before) if before else None
    if row is None or not row["d0"] or not row["d1"]:
        return Mover(code, now, then, None, row, judging.moved(row))
    # The ledger's own: districts that have become one since are one in it, at both ends.
    difference = Fraction(row["n1"], row["d1"]) - Fraction(row["n0"], row["d0"])
    why = judging.published(now) or judging.large_enough(now.figure, facts.minimum)
    why = why or ("small" if row["d0"] < facts.minimum else None)
    why = why or judging.moved(row, judging.PICKED) or _denied(facts, code, before, difference)
    # Units went: whether they did, or a file did not load, their rows tell.
    lost = 0 if why or before is None or not row["exited"] else lost_rows(facts, code, before)
    return Mover(code, now, then, difference, row, BASE if lost and rests_on(row, lost) else why, lost)


def _denied(facts: Facts, code: str, before: Picture | None, difference: Fraction) -> str | None:
    if before is None:
        return None

    def side(metric: str, basis: str) -> int | None:
        if (metric, basis) == (METRIC, facts.basis):
            return judging.sign(difference)
        then = figure_then(facts, metric, "district", code, before, basis=basis)
        return judging.sign(judging.change(facts.quote(metric, "district", code, basis=basis).figure, then))

    return judging.undenied(facts, side, METRIC)


def by_month(facts: Facts) -> list[Said]:
    """Against the month before: how many moved, and those that moved most."""
    subject, before = facts.subject(METRIC, kind="district", code=""), facts.back.get(1)
    if before is None:
        return [LeftOut("month_movers", subject, f"unpublished:{add_months(facts.now.period, -1)}")]
    found = movers(facts, 1)
    up, down = _picked(found)
    judged = [each for each in found if each.why in (None, "noise")]
    values = {"n": len(judged), "up": len(up), "down": len(down), "metric": Named("metric", METRIC), "month": Month(before.period)}
    values["others"] = len(found) - len(judged)
    name = f"month_movers{'' if up or down else '_none'}{'_of_some' if values['others'] else ''}"
    made: list[Said] = [Claim(name, subject, "counted", values)] if judged else [LeftOut("month_movers", subject, _why_none(found))]
    made += [said for each in (*up[:MOST], *down[:MOST]) for said in _said(facts, "month", each, before.period)]
    return [*made, *_left_out(facts, "month", found)]


def _why_none(found: list[Mover]) -> str:
    """Why no district can be judged: what holds the first of them up."""
    return next((each.why for each in found if each.why), judging.NO_PLACES)


def since_baseline(facts: Facts) -> list[Said]:
    """Since the baseline of the doubling, with the published ledger of each."""
    found = movers(facts, 0)
    rows = [each.row for each in found if each.row]
    subject = facts.subject(METRIC, kind="district", code="")
    if not rows:
        return [LeftOut("baseline_movers", subject, judging.NO_LEDGER)]
    up, down = _picked(found)
    made: list[Said] = [said for each in (*up[:MOST], *down[:MOST]) for said in _said(facts, "baseline", each, rows[0]["baseline"])]
    return [*made, *_left_out(facts, "baseline", found)]


def _picked(found: list[Mover]) -> tuple[list[Mover], list[Mover]]:
    """Those whose move can be said: rises, the largest first, and falls, the largest first."""
    said = [each for each in found if each.why is None]
    return [each for each in said if each.difference > 0], [each for each in reversed(said) if each.difference < 0]


def _said(facts: Facts, name: str, each: Mover, month: str) -> Iterator[Claim]:
    yield _move(facts, name, each, month)
    if each.lost:
        values = {"place": Place("district", each.code), "month": Month(month), "n": each.lost, "exited": each.row["exited"]}
        yield Claim("place_rows_lost", facts.subject(METRIC, kind="district", code=each.code), "counted", values)


def _move(facts: Facts, name: str, each: Mover, month: str) -> Claim:
    values = {"place": Place("district", each.code), "month": Month(month), "points": Points(abs(each.difference)), "rate": each.now}
    # A month's ledger is computed for the briefing and has no code of its own; that since the baseline is published.
    values |= {cell: each.row[cell] if name == "month" else ledger_cell(facts, "district", each.code, cell, each.row) for cell in WHY}
    if each.then is None:  # several districts have become one: no figure of then to quote
        name = f"{name}_joined"
    else:
        values["then"] = each.then
    way = "rose" if each.difference > 0 else "fell"
    return Claim(f"{name}_place_{way}", facts.subject(METRIC, kind="district", code=each.code), "moved", values)


def _left_out(facts: Facts, name: str, found: list[Mover]) -> Iterator[LeftOut]:
    for each in found:
        if each.why:
            quoted = (each.now,) if each.then is None else (each.now, each.then)
            yield LeftOut(f"{name}_place_moved", facts.subject(METRIC, kind="district", code=each.code), each.why, quoted)


def ledger_cell(facts: Facts, kind: str, code: str, cell: str, row: dict, leg: str = LEG) -> Quoted:
    """A number of the published ledger, with the code that opens its units."""
    pair = next(each.pair for each in PAIRED if each.name == leg)
    key = (pair, leg, kind, code)
    return Quoted(facts.now.period, facts.now.revision, "doubling", key, cell, ABSENT, "count", row[cell])
