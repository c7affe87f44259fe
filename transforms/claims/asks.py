"""What was asked for, as plain data that a later briefing reads again, and what came of it.

What belongs here: an ask of each kind (delivery, findings, target, worklist), made where it is asked for (steps.py) and kept in the slip;
and the claim of what became of it, counted from the releases of then and now. That something was asked for is no proof that it was done
because of it: only what is so now is said.
"""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from data.contracts import metrics, sources, worklists
from data.periods import is_period
from data.picture import Picture
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place, Quoted, Said
from transforms.claims.facts import Facts
from transforms.claims.findings import OPEN, UNREAD
from transforms.claims.goals import Goal, about, goals, missing, missing_together, of_places
from transforms.claims.tallied import tallied
from transforms.measures.worklists import lacks

KINDS = ("delivery", "findings", "target", "worklist")


def of_delivery(facts: Facts, sources: Iterable[str]) -> dict:
    """Sources without a delivery of the month."""
    names = list(sources)
    return _ask(facts, "delivery", len(names)) | {"sources": names}


def of_findings(facts: Facts, rows: pl.DataFrame, overdue: bool) -> dict:
    """Findings to close, each by its fingerprint: which they were, later days and answers do not tell any more."""
    return _ask(facts, "findings", rows.height) | {"overdue": overdue, "fingerprints": sorted(rows["fingerprint"])}


def of_target(facts: Facts, found: list[Goal]) -> dict:
    """A target, of one place or of several that have not reached it; count: what they lack together."""
    row, lacking = found[0].row, [goal for goal in found if goal.standing.missing]
    ask = {name: row[name] for name in ("metric", "sector", "unit_kind", "due", "target")}
    code = row["unit_code"] if len(found) == 1 else ""
    return _ask(facts, "target", sum(goal.standing.missing for goal in lacking)) | ask | {"unit_code": code, "places": len(lacking)}


def of_worklist(facts: Facts, name: str, count: int) -> dict:
    """A work list; who was on it then, the release of then tells."""
    return _ask(facts, "worklist", count) | {"list": name}


def _ask(facts: Facts, kind: str, count: int) -> dict:
    return {"kind": kind, "period": facts.now.period, "revision": facts.now.revision, "count": count}


def came(ask: Mapping, facts: Facts) -> Said:
    """What is so now of what was asked for."""
    known = {"delivery": _delivery, "findings": _findings, "target": _target, "worklist": _worklist}
    if not is_whole(ask):  # of another version of the program, or touched by somebody
        return LeftOut("came", facts.subject(sector="", basis=""), "missing:absent")
    return known[ask["kind"]](ask, facts)


def is_whole(ask: Mapping) -> bool:
    """Whether an ask has the form that it is written in: every part there, and of its type."""
    kind, period, revision = ask.get("kind"), ask.get("period"), ask.get("revision")
    said = isinstance(period, str) and is_period(period) and isinstance(revision, str) and re.fullmatch(r"r[0-9]{2,9}", revision)
    if kind not in KINDS or not said or not _is_count(ask.get("count")):
        return False
    if kind == "delivery":
        return _texts(ask.get("sources")) and set(ask["sources"]) <= sources().keys()
    if kind == "findings":
        return _texts(ask.get("fingerprints")) and isinstance(ask.get("overdue", False), bool)
    if kind == "worklist":
        return isinstance(ask.get("list"), str) and ask["list"] in worklists()
    target = ask.get("target")
    return (
        _texts([ask.get(name) for name in ("metric", "sector", "unit_kind", "unit_code", "due")])
        and ask["metric"] in metrics()
        and is_period(ask["due"])
        and type(target) in (int, float)
        and _is_count(ask.get("places"))
    )


def _is_count(number: object) -> bool:
    return type(number) is int and number >= 0


def _texts(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(each, str) for each in found)


def _delivery(ask: Mapping, facts: Facts) -> Said:
    """A source has come where it has a delivery of this month, or one of a month after the one asked in."""
    missing, carried = facts.now.manifest.get("missing", ()), facts.now.manifest.get("carried", {})
    still = [name for name in ask["sources"] if name in missing or (name in carried and carried[name] <= ask["period"])]
    values = {"month": Month(ask["period"]), "n": len(ask["sources"]), "came": len(ask["sources"]) - len(still)}
    subject = facts.subject(sector="", basis="")
    if not still and len(ask["sources"]) == 1:
        return Claim(
            "came_delivery_all_one", subject, "counted", values | {"names": tuple(Named("source", name) for name in ask["sources"])}
        )
    if not still:
        return Claim("came_delivery_all", subject, "counted", values)
    return Claim("came_delivery", subject, "counted", values | {"names": tuple(Named("source", name) for name in still)})


def _findings(ask: Mapping, facts: Facts) -> Said:
    subject = facts.subject(sector="", basis="")
    if facts.cases is None:
        return LeftOut("came_findings", subject, "missing:absent")
    if facts.casework:
        return LeftOut("came_findings", subject, UNREAD)
    names = sorted(set(ask["fingerprints"]))
    asked = facts.cases.filter(pl.col("fingerprint").is_in(names))
    became = asked.select(
        closed=(pl.col("status") == "closed").sum(),
        explained=(pl.col("status") == "explained").sum(),
        open=pl.col("status").is_in(OPEN).sum(),
    ).row(0, named=True)
    # One that no release at hand knows any more stands nowhere: it is closed as well as one that went by itself.
    became["closed"] += len(names) - asked.height
    values = {"month": Month(ask["period"]), "n": len(names)} | became
    return Claim("came_overdue" if ask.get("overdue") else "came_findings", subject, "counted", values)


def _target(ask: Mapping, facts: Facts) -> Said:
    alike = lambda goal: all(goal.row[name] == ask[name] for name in ("metric", "sector", "due", "target"))  # noqa: E731
    found = [goal for goal in goals(facts, ask["unit_kind"]) if alike(goal) and ask["unit_code"] in ("", goal.row["unit_code"])]
    subject = facts.subject(ask["metric"], kind=ask["unit_kind"], code=ask["unit_code"], sector=ask["sector"])
    quoted = tuple(goal.now for goal in found)
    if not found:  # the office asks for something else by now
        return LeftOut("came_target", subject, "missing:absent")
    why = lacking(found)
    if why:
        return LeftOut("came_target", subject, why, quoted)
    values = {"month": Month(ask["period"]), "then": ask["count"], **about(found[0])}
    now = sum(goal.standing.missing for goal in found)
    if len(found) == 1:
        place = Place(ask["unit_kind"], found[0].row["unit_code"])
        values |= {"place": place, "rate": found[0].now, "now": missing(facts, found[0])}
        return Claim("came_target_reached" if not now else "came_target", subject, "published", values)
    values |= {"kind": Named("kind", ask["unit_kind"]), "was": _then(ask, facts, "short", ask["places"])}
    values["then"] = _then(ask, facts, "missing", ask["count"])
    if not now:
        return Claim("came_targets_reached", subject, "counted", values)
    values |= {"n": of_places(facts, found[0], "short"), "now": missing_together(facts, found)}
    return Claim("came_targets", subject, "counted", values)


def _then(ask: Mapping, facts: Facts, cell: str, told: int) -> Quoted | int:
    """A number of then with the code that opens it, where the release of then is still there and has the number that was told."""
    then = facts.revision(ask["period"], ask["revision"])
    if then is None or then.targets is None:
        return told
    key = (ask[name] for name in ("metric", "sector", "unit_kind", "due", "target"))
    quoted = tallied(then, "targets_count", cell, *key)
    return quoted if quoted.count == told else told


def lacking(found: Iterable[Goal]) -> str | None:
    """Why what is missing to a target can't be told, or can't be added up over its places."""
    for goal in found:
        if goal.standing.missing is None:
            reason = goal.now.figure.reason
            return "suppressed" if reason == "suppressed" else f"missing:{reason or 'absent'}"
    return None


def _worklist(ask: Mapping, facts: Facts) -> Said:
    """Who was on the list and is not any more, who still is, who is new; who is in no register any more was not reached."""
    subject, name = facts.subject(sector=""), ask["list"]
    then = facts.revision(ask["period"], ask["revision"])
    before = None if then is None else _listed(then, name)
    if before is None:
        return LeftOut("came_worklist", subject, f"unpublished:{ask['period']}")
    now = _listed(facts.now, name)
    if now is None:
        return LeftOut("came_worklist", subject, _not_run(facts, name))
    left = before - now
    census = facts.now.census().filter(pl.col("uscc").is_in(sorted(left))).select("uscc").unique().collect()
    on_it = tallied(then, "worklist_count", "listed", "city", then.city, name)
    values = {"month": Month(ask["period"]), "list": Named("list", name), "then": on_it, "left": len(left)}
    values |= {"gone": len(left) - census.height, "still": len(before & now), "new": len(now - before)}
    return Claim("came_worklist_gone" if values["gone"] else "came_worklist", subject, "counted", values)


def _listed(picture: Picture, name: str) -> set[str] | None:
    """The units on a list; None where it was not run."""
    rows = picture.optional("worklist")
    if rows is None or name in picture.manifest.get("checks", {}).get("not_run", {}):
        return None
    return set(rows.filter(pl.col("list") == name)["uscc"])


def _not_run(facts: Facts, name: str) -> str:
    gone = facts.now.manifest.get("missing", ())
    card = worklists().get(name)
    lacks_now = [] if card is None else [source for source in lacks([], card) if source in gone]
    return f"missing:source_missing:{lacks_now[0]}" if lacks_now else "missing:absent"
