"""下一步: what to do next in a place. Each is a claim made from a figure: how many, of how many, and how far that carries towards a target.

What belongs here: pure functions. Which tasks there are in a place is counted in places/tasks.py; words are put to them on the page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MOST = 5
ALL = "all"
# What each task moves when it is done: metrics whose numerator a unit done adds to. None of them: it mends data or organisations.
MOVES: dict[str, tuple[str, ...]] = {
    "members_uncovered": ("org_coverage",),
    "large_uncovered": ("org_coverage",),
    "due_single": ("single_due_rate", "single_rate", "single_share"),
    "large_without_member": ("large50_member_rate",),
    "new_unit": ("work_coverage",),
    "work_only": ("org_coverage",),
    "centres": ("centre_rate",),
    "findings_late": (),
    "findings_must": (),
    "returns": (),
    "weak_orgs": (),
    "instructors": ("instructor_staffing",),
    "unsurveyed": ("survey_rate",),
}


@dataclass(frozen=True)
class Goal:
    """A target that is not reached: how much the place's numerator lacks. own: set for the place itself; else it is the city's, by which
    the place is measured."""

    metric: str
    sector: str
    due: str
    target: float
    missing: int
    own: bool


@dataclass(frozen=True)
class Task:
    """Something to do: in how many units (or organisations, parks, lines) by sector, of how many. `cited`: (metric, sector) of the
    published figure that it is the rest of. The list to work on is a page with what is chosen there."""

    name: str
    n: Mapping[str, int]
    of: int | None
    page: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    cited: tuple[str, str] | None = None

    @property
    def whole(self) -> int:
        return self.n.get(ALL, 0)


@dataclass(frozen=True)
class Claim:
    """A task, the nearest target that it moves, and by how many at most it brings that nearer."""

    task: Task
    goal: Goal | None
    brings: int


def claims(tasks: Iterable[Task], goals: Iterable[Goal], most: int = MOST) -> list[Claim]:
    """The tasks that there is something to do in, those first that bring the nearest target nearest; the others in their own order."""
    goals = list(goals)
    found = [_claim(task, goals) for task in tasks if task.whole > 0]
    order = {name: place for place, name in enumerate(MOVES)}
    return sorted(found, key=lambda claim: (-claim.brings, order[claim.task.name]))[:most]


def _claim(task: Task, goals: list[Goal]) -> Claim:
    """The nearest of the place's own targets is what is due first, and of these what lacks least; only without one, the city's."""
    moved = [goal for goal in goals if goal.metric in MOVES[task.name] and goal.missing > 0 and task.n.get(goal.sector, 0) > 0]
    if not moved:
        return Claim(task, None, 0)
    goal = min(moved, key=lambda goal: (not goal.own, goal.due, goal.missing, goal.metric, goal.sector))
    return Claim(task, goal, min(goal.missing, task.n[goal.sector]))
