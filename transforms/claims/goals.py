"""What is missing to the targets, in whole units: of the city one by one, of the districts how many are there.

What belongs here: claims on table targets. Whether a pace will do is judged in pace.py; the office's own file names the documents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from data.contracts import MetricCard, metrics
from data.figures import ABSENT, Figure
from transforms import deliveries_of, pace
from transforms.claims import judging
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place, Quoted, Rate, Said
from transforms.claims.facts import Facts
from transforms.claims.tallied import tallied
from transforms.pace import Standing
from transforms.sector_words import sector_of

MOST = 4  # sentences; all of them stand in the table
NAMED = 3  # districts that are farthest from a target


@dataclass(frozen=True)
class Goal:
    """A row of table targets, with its figure and how it stands. `document`: where it comes from, empty where the office's file has it no
    more."""

    row: dict
    now: Quoted
    standing: Standing
    card: MetricCard
    document: str

    @property
    def target(self) -> Figure:
        return Figure(value=self.row["target"])

    def cell(self, facts: Facts, name: str) -> Quoted:
        """A number of the row as published, with its code."""
        row = self.row
        key = tuple(str(row[part]) for part in ("metric", "sector", "unit_kind", "unit_code", "due", "target"))
        return Quoted(facts.now.period, facts.now.revision, "targets", key, name, ABSENT, "count", row[name])


def goals(facts: Facts, kind: str = "city") -> list[Goal]:
    """The targets of units of a kind: those that are due next first, what has passed last."""
    rows = [] if facts.now.targets is None else facts.now.targets.to_dicts()
    mine = [row for row in rows if row["unit_kind"] == kind and row["unit_code"] != "000000" and row["metric"] in metrics()]
    order = lambda row: (row["due"] < facts.now.period, row["due"], row["metric"], row["sector"], row["target"], row["unit_code"])  # noqa: E731
    return [_goal(facts, row) for row in sorted(mine, key=order)]


def _goal(facts: Facts, row: dict) -> Goal:
    card = metrics()[row["metric"]]
    now = facts.quote(row["metric"], row["unit_kind"], row["unit_code"], row["sector"])
    look = lambda period, revision: _manifest(facts, period, revision)  # noqa: E731
    leaps = deliveries_of.leaping(card.name, facts.basis, row["sector"], facts.now.manifest, look)
    return Goal(row, now, pace.judged(row, now.figure, card.direction, leaps), card, _document(facts, row))


def _manifest(facts: Facts, period: str, revision: str) -> dict | None:
    """That of the very release that was looked back to: what another revision says was delivered, this pace does not rest on."""
    picture = facts.revision(period, revision)
    return picture.manifest if picture else None


def _document(facts: Facts, row: dict) -> str:
    same = lambda target: all(getattr(target, name) == row[name] for name in ("metric", "sector", "unit_kind", "due"))  # noqa: E731
    mine = (each for each in facts.wanted if same(each) and each.unit_code in ("", row["unit_code"]))
    return next((each.source for each in mine if each.value == Decimal(str(row["target"]))), "")


def city_goals(facts: Facts) -> list[Said]:
    """Of the city: those not reached first, the next due month first."""
    every = goals(facts)
    if not every:
        return [LeftOut("goal", facts.subject(), "no_targets")]
    said = [_said(facts, goal) for goal in every]
    made = [each for each in said if isinstance(each, Claim)]
    short = [each for each in made if each.name != "goal_reached"][:MOST]
    reached = [each for each in made if each.name == "goal_reached"]
    return [*short, *reached[: MOST - len(short)], *(each for each in said if isinstance(each, LeftOut)), *_unpaced(facts, every)]


def _unpaced(facts: Facts, found: list[Goal]) -> Iterator[LeftOut]:
    """Targets not reached whose pace is none, for the figure lives on too few deliveries."""
    for goal in found:
        if goal.standing.leaps and goal.standing.state != "reached":
            row, why = goal.row, f"carried:{goal.standing.leaps}"
            subject = facts.subject(row["metric"], row["unit_kind"], row["unit_code"], row["sector"])
            yield LeftOut("goal_pace", subject, why, (goal.now,))


def _said(facts: Facts, goal: Goal) -> Said:
    row, standing = goal.row, goal.standing
    subject = facts.subject(row["metric"], sector=row["sector"])
    why = judging.published(goal.now)
    if why or standing.missing is None:
        return LeftOut("goal", subject, why or "missing", (goal.now,))
    values = about(goal) | {"rate": goal.now}
    if standing.state == "reached":
        why = judging.undenied(facts, lambda of, basis: _side(facts, goal, of, basis), row["metric"])
        return LeftOut("goal_reached", subject, why, (goal.now,)) if why else Claim("goal_reached", subject, "holds", values)
    name = "goal_overdue" if standing.state == "overdue" else "goal_missing"
    return Claim(f"{name}_down" if standing.down else name, subject, "published", values | {"missing": missing(facts, goal)})


def about(goal: Goal) -> dict:
    """What a target is of: the words that a sentence about it needs."""
    row = goal.row
    sector = Named("sector", sector_of(row["metric"], row["sector"]))
    values = {"metric": Named("metric", row["metric"]), "sector": sector, "due": Month(row["due"])}
    return values | {"target": target_value(goal), "unit": Named("unit", counted(goal.card))}


def missing(facts: Facts, goal: Goal) -> Quoted | int:
    """What is missing, as the table has it; where less is better, it is counted here."""
    return goal.standing.missing if goal.standing.down else goal.cell(facts, "units_missing")


def counted(card: MetricCard) -> str:
    """What a numerator counts."""
    return pace.COUNTED_OTHERWISE.get(card.name) or pace.COUNTED[card.family]


def target_value(goal: Goal) -> Rate | str:
    """As the sentence writes it: a rate in percent, a ratio in itself."""
    return Rate(Fraction(str(goal.row["target"]))) if goal.card.unit == "rate" else str(goal.row["target"])


def _side(facts: Facts, goal: Goal, metric: str, basis: str) -> int | None:
    """1 where the target is reached on a basis, −1 where it is not. Only the same metric can deny it: a target is of one definition."""
    if metric != goal.row["metric"]:
        return None
    exact = facts.city(metric, goal.row["sector"], basis).figure.exact
    if exact is None:
        return None
    wanted = Fraction(str(goal.row["target"]))
    there = exact <= wanted if goal.standing.down else exact >= wanted
    return 1 if there else -1


def district_goals(facts: Facts) -> Iterator[Said]:
    """Of how many districts each target is reached; those without a figure are not counted."""
    groups: dict[tuple, list[Goal]] = {}
    for goal in goals(facts, "district"):
        groups.setdefault(tuple(goal.row[name] for name in ("metric", "sector", "due", "target")), []).append(goal)
    for (metric, sector, _, _), found in groups.items():
        subject = facts.subject(metric, kind="district", code="", sector=sector)
        known = [goal for goal in found if goal.standing.state != "unknown"]
        if not known:
            yield LeftOut("district_goals", subject, judging.published(found[0].now) or "missing", (found[0].now,))
            continue
        if len(known) == 1:
            yield _one(facts, known[0])
            continue
        there, values = sum(goal.standing.state == "reached" for goal in known), about(found[0])
        values["whose"] = Named("whose", "all" if len(known) == len(found) else "known")
        values["n"] = of_places(facts, found[0], "places")
        if there == len(known):
            yield Claim("district_goals_reached", subject, "counted", values)
            continue
        values["missing"] = missing_together(facts, known)
        short = sorted((goal for goal in known if goal.standing.missing), key=lambda goal: -goal.standing.missing)[:NAMED]
        values["short"] = tuple(Place("district", goal.row["unit_code"]) for goal in short)
        overdue = "_overdue" if any(goal.standing.state == "overdue" for goal in known) else ""
        if there:
            yield Claim(f"district_goals{overdue}", subject, "counted", values | {"there": of_places(facts, found[0], "reached")})
        else:
            yield Claim(f"district_goals_none{overdue}", subject, "counted", values)


def _one(facts: Facts, goal: Goal) -> Claim:
    """A target that one district alone has, or has a figure for: that district is named."""
    row, standing = goal.row, goal.standing
    subject = facts.subject(row["metric"], "district", row["unit_code"], row["sector"])
    values = about(goal) | {"place": Place("district", row["unit_code"]), "rate": goal.now}
    if standing.state == "reached":
        return Claim("district_goals_one_reached", subject, "published", values)
    name = f"district_goals_one{'_overdue' if standing.state == 'overdue' else ''}{'_down' if standing.down else ''}"
    return Claim(name, subject, "published", values | {"missing": missing(facts, goal)})


def of_places(facts: Facts, goal: Goal, cell: str) -> Quoted:
    """Of the places that have a target: how many have a figure, have reached it or not, or what they lack together."""
    return tallied(facts.now, "targets_count", cell, *(goal.row[name] for name in ("metric", "sector", "unit_kind", "due", "target")))


def missing_together(facts: Facts, found: list[Goal]) -> Quoted | int:
    """What these places lack together, as the table has it; where less is better, it is counted here."""
    down = found[0].standing.down
    return sum(goal.standing.missing for goal in found) if down else of_places(facts, found[0], "missing")
