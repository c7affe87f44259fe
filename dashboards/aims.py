"""Targets as a reader looks at them: each with its figure, how it stands, and the document that it comes from.

What belongs here: what the page of targets and the page of one place share. Whether a target is reached in time is judged in pace.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from dashboards import cells, charts, store
from dashboards.shell import View, sector_words
from data.contracts import MetricCard, metrics
from data.figures import Figure
from data.home import HomeUnfit, Target
from data.targets import asked_for
from transforms import deliveries_of, pace, show
from transforms.pace import Standing

TONES = {"overdue": "worse", "stalled": "worse", "late": "worse", "reached": "better", "on_course": "better"}


@dataclass(frozen=True)
class Aim:
    """One row of table targets, with its figure, how it stands, and the document that it comes from."""

    row: dict
    figure: Figure
    standing: Standing
    card: MetricCard
    name: str  # of the unit
    document: str

    @property
    def goal(self) -> Figure:
        return Figure(value=self.row["target"])


def wanted_of(view: View) -> tuple[Target, ...]:
    """What this release was asked for, as its manifest has it; of one of before that was kept there, what the file asks for today."""
    asked = asked_for(view.picture.manifest)
    return wanted_today(view) if asked is None else asked


def wanted_today(view: View) -> tuple[Target, ...]:
    try:
        return view.home.targets
    except HomeUnfit:  # the file was broken after this release: its figures stand
        return ()


def aim_of(view: View, row: dict, wanted: Sequence[Target]) -> tuple[int, Aim]:
    """A row of table targets, and where it stands in the office's own file."""
    place, document = _document(row, wanted)
    card, kind, code = metrics()[row["metric"]], row["unit_kind"], row["unit_code"]
    figure = view.picture.figure(card.name, kind, code, row["sector"], view.signed)
    look = lambda period, _: _manifest(view, period)  # noqa: E731
    leaps = deliveries_of.leaping(card.name, view.signed, row["sector"], view.picture.manifest, look)
    return place, Aim(row, figure, pace.judged(row, figure, card.direction, leaps), card, cells.place_name(view, kind, code), document)


def _manifest(view: View, period: str) -> dict | None:
    """That of the release looked back to; None where it is gone or damaged (`verify` names it): the pace is then taken as it stands."""
    try:
        before = store.looked_back(view.home, view.picture, period)
        return before.manifest if before else None
    except (OSError, ValueError, LookupError, pl.exceptions.PolarsError):
        return None


def _document(row: dict, wanted: Sequence[Target]) -> tuple[int, str]:
    """Where the target stands in the office's file, and the document that it names there."""
    for place, target in enumerate(wanted):
        same = all(getattr(target, name) == row[name] for name in ("metric", "sector", "unit_kind", "due"))
        if same and target.unit_code in ("", row["unit_code"]) and target.value == Decimal(str(row["target"])):
            return place, target.source
    return len(wanted), ""


def by_need(aim: Aim) -> tuple:
    return pace.STATES.index(aim.standing.state), -(aim.standing.gap or 0), aim.row["unit_code"]


def sector_of(view: View, aim: Aim) -> str:
    """Whose figure it is; nothing where the figure has no sectors."""
    return _sector(view, aim.card.name, aim.row["unit_kind"], aim.row["sector"])


def _sector(view: View, metric: str, kind: str, sector: str) -> str:
    return "" if view.picture.sectors(metric, kind) == ("all",) else sector_words(view.words, metric, sector)


def measure(view: View, aim: Aim) -> str:
    return measure_of(view, aim.card.name, aim.row["unit_kind"], aim.row["sector"])


def measure_of(view: View, metric: str, kind: str, sector: str) -> str:
    """`组织覆盖率（非公企业）`."""
    words, of = view.words, _sector(view, metric, kind, sector)
    return words.metric(metric) + (f"{words('mark.open')}{of}{words('mark.close')}" if of else "")


def goal_words(aim: Aim) -> str:
    return show.figure(aim.goal, aim.card.unit)


def state_words(view: View, state: str) -> str:
    return view.words(f"target_state.{state}")


def bullet(view: View, aim: Aim, whole: bool) -> charts.Bullet:
    words = view.words
    down = f"{words('mark.open')}{words('targets.down')}{words('mark.close')}" if aim.standing.down else ""
    below = " · ".join(part for part in (aim.name, sector_of(view, aim)) if part)
    name = (words.metric(aim.card.name), below + down) if whole else (aim.name + down,)
    return charts.Bullet(name, aim.figure, aim.goal, state_words(view, aim.standing.state), TONES.get(aim.standing.state, "even"))
