"""What the claims of a briefing look at: the period's release beside earlier ones, what moved between them, the cases, earlier briefings.

What belongs here: the facts and the ways to quote them. They are gathered in pipelines/briefing/reading.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from data.contracts import metrics
from data.figures import Figure
from data.home import Target
from data.outbox import Slip
from data.picture import Picture
from transforms.claims.claim import Quoted, Subject


@dataclass(frozen=True, eq=False)
class Facts:
    """`back`: months ago (1, 3, 6, 12) -> the current release of that month, where it is published. `months`: the thirteen months to the
    period, oldest first, None where one is not published. `moves`: months ago -> (leg, unit kind, code) -> a row as table doubling has
    them, from that month to this one; 0 stands for table doubling itself, from the baseline. `cases`: a row a finding as of the period
    (case_history.py), None where the release has no findings. `earlier`: the briefings that were written before, oldest first.
    `followed`: a district code of an earlier period -> the one that is valid now. `current`: (period) -> the current release, or None;
    `revision`: (period, revision) -> that release, or None where it is gone. `due_on`: against which days set are overdue.
    `office`, `classification`: what stands at the head, from settings.toml. `casework`: why what people did about findings can't be read;
    the cases are then by the data alone."""

    now: Picture
    back: Mapping[int, Picture]
    months: Sequence[tuple[str, Picture | None]]
    moves: Mapping[int, Mapping[tuple[str, str, str], dict]]
    cases: pl.DataFrame | None
    wanted: Sequence[Target]
    minimum: int
    earlier: Sequence[Slip]
    followed: Callable[[str], str]
    current: Callable[[str], Picture | None]
    revision: Callable[[str, str], Picture | None]
    due_on: date
    office: str = ""
    classification: str = ""
    casework: str | None = None

    @property
    def basis(self) -> str:
        """The signed one, of the release."""
        return self.now.manifest["basis"]

    @property
    def places(self) -> list[tuple[str, str]]:
        """(kind, code) of the districts and parks, by kind and code; 000000 is no place to go to."""
        return sorted((kind, code) for kind, code in self.now.units if kind in ("district", "park") and code != "000000")

    def quote(self, metric: str, kind: str, code: str, sector: str = "all", basis: str | None = None, of: Picture | None = None) -> Quoted:
        """A figure of table metrics, of this release or of another one. A metric without bases is found under any."""
        picture, basis = of or self.now, basis or self.basis
        key = picture.metric_key(metric, kind, code, sector, basis)
        if key is None:
            return Quoted(picture.period, picture.revision, "metrics", (basis, kind, code, sector, metric), None, Figure(reason="absent"))
        figure = picture.figure(metric, kind, code, sector, basis)
        unit = metrics()[metric].unit if metric in metrics() else "rate"
        return Quoted(picture.period, picture.revision, "metrics", tuple(key.values()), None, figure, unit)

    def city(self, metric: str, sector: str = "all", basis: str | None = None, of: Picture | None = None) -> Quoted:
        return self.quote(metric, "city", (of or self.now).city, sector, basis, of)

    def subject(
        self, metric: str = "", kind: str = "city", code: str | None = None, sector: str = "all", basis: str | None = None
    ) -> Subject:
        basis = self.basis if basis is None else basis
        return Subject(metric, sector, basis, kind, self.now.city if code is None else code, self.now.period, self.now.revision)
