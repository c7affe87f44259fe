"""The steps of a run, one method each: look, load, build, publish. Assets (Dagster) are thin wrappers of these.

A Session is one run's view of a home: it scans landing once, holds the warehouse (and with it the lock of the one writer), and
keeps what several tables of a period are made of, so that nothing is computed twice.
"""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from data.contracts import definitions_version, rules, sources, tables, worklists
from data.home import REFERENCE_FILES, Home
from data.language import words
from data.periods import is_period
from data.releases import NoSuchRelease, current, digest, open_release, revisions
from data.targets import STATED, stated
from expectations.findings import OWN
from pipelines import publishing
from pipelines.deliveries import Deliveries
from pipelines.engines import Engine, forget_rows, open_engine, period_inputs
from pipelines.idle_settings import without_briefing
from pipelines.lookback import Lookback
from pipelines.period import Period
from pipelines.reading.landing import Landing, scan
from pipelines.reading.pseudonyms import key_digest
from pipelines.warehouse import Warehouse, open_warehouse
from transforms.inputs import REGISTERS
from transforms.measures import worklists as lists

# Rows on their way to the checks: pseudonyms and codes, gone when the period is.
HANDED_OVER = ".checks"


@dataclass(frozen=True)
class LoadReport:
    """What `load` did for a source and period. files: path -> sha256 of the period's own; check_frame: rows to be checked, if any.

    rows_in_effect: of the delivery in effect, which may be an earlier month's.
    """

    source: str
    period: str
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_skipped: int = 0
    files: dict[str, str] = field(default_factory=dict)
    changed: bool = False
    in_effect: str | None = None
    rows_in_effect: int = 0
    check_frame: Path | None = None


@dataclass(frozen=True)
class BuildReport:
    """A table of a draft: how many rows, and where."""

    table: str
    rows: int
    path: Path


@dataclass(frozen=True)
class Published:
    """What `publish` did: the revision that is current now, or None and why not."""

    period: str
    revision: str | None
    why: str = ""


class Session:
    """Use as a context manager: the warehouse is open, and no one else's, from the first load to the end."""

    def __init__(self, home: Home, say: Callable[[str], None] = lambda text: None, allow_incomplete: bool = False):
        self.home = home
        self.say = say
        self.allow_incomplete = allow_incomplete
        self._stack = ExitStack()
        self._at_work: Period | None = None

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @cached_property
    def landing(self) -> Landing:
        return scan(self.home)

    @cached_property
    def warehouse(self) -> Warehouse:
        # The key comes first: a warehouse without one is a home whose key was lost.
        key_digest(self.home)
        warehouse = self._stack.enter_context(open_warehouse(self.home))
        # Whoever holds the warehouse is the only one at work: what lies here was left by a run that was killed.
        for left in (self.home.path / HANDED_OVER, publishing.draft_root(self.home)):
            shutil.rmtree(left, ignore_errors=True)
        return warehouse

    @cached_property
    def engine(self) -> Engine:
        engine = open_engine(self.home, self.warehouse)
        self._stack.callback(engine.close)
        return engine

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.home, self.landing, self.warehouse.stored())

    def periods(self) -> list[str]:
        """The periods that landing has, and those once published: what vanished no longer counts."""
        return sorted({*self.landing.periods, *(period for period in current(self.home) if is_period(period))})

    def stale(self, period: str) -> bool:
        """Whether a run has something to do for the period: it was never published, or from something else."""
        published = current(self.home)
        return period not in published or open_release(self.home, period).manifest.get("state") != self.state(period)

    def state(self, period: str) -> str:
        """A digest of all that a release of the period is made from: deliveries in effect, its own ones, reference files, definitions,
        and what is looked at in earlier releases."""
        lookback = Lookback(self.home, period)
        parts = [definitions_version(), str(self._moving), *lookback.state()]
        if lookback.month_before is not None:
            # Findings name files and lines of the month before, not only what they say.
            before = lookback.month_before.period
            for name in sorted({wanted.source for rule in rules().values() for wanted in rule.evidence if wanted.before}):
                month = before if name == OWN else self.deliveries.effective(sources()[name], before)
                if month is not None:
                    parts.append(f"before {name} {month} {self.deliveries.fingerprint(sources()[name], month)}")
        for card in sources().values():
            months = {month for month in (period, self.deliveries.effective(card, period)) if (card.name, month) in self.landing.deliveries}
            parts += [f"{card.name} {month} {self.deliveries.fingerprint(card, month)}" for month in sorted(months)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def _reference(self) -> dict[str, str]:
        files = {name: self.home.reference_file(name) for name in REFERENCE_FILES}
        return {name: digest(path) for name, path in files.items() if path.is_file()}

    @cached_property
    def _moving(self) -> dict[str, str]:
        """Those of the reference files that move figures: what is set for briefings does not."""
        found = self._reference.copy()
        if "settings.toml" in found:
            whole = self.home.reference_file("settings.toml").read_bytes()
            rest = without_briefing(whole)
            if rest != whole:
                found["settings.toml"] = hashlib.sha256(rest).hexdigest()
            if not rest and whole:
                del found["settings.toml"]
        return found

    def load(self, source: str, period: str) -> LoadReport:
        """Bring the delivery that counts for the period into the warehouse, and the period's own even where no file of it can be read."""
        card = sources()[source]
        for name, month in list(self.deliveries.stored):
            if name == source and (name, month) not in self.landing.deliveries:
                self.warehouse.withdraw(card, month)
                forget_rows(self.home, card.name, month)
                self.deliveries.stored = self.warehouse.stored()
        check_frame = None
        changed = False
        for month in self.deliveries.window(card, period):
            if any(entry.form == "taxpayer" for entry in card.fields):
                for register in REGISTERS:  # of the delivery's own period: old numbers are matched with them
                    self.load(register, month)
            if self.deliveries.stale(card, month):
                delivery = self.deliveries.read(self.warehouse, card, month)
                forget_rows(self.home, card.name, month)
                if month == period:
                    changed, check_frame = True, self.hand_over(card.name, period, delivery.rows)
            if self.deliveries.stored[source, month].readable:
                break
        return self._load_report(source, period, changed, check_frame)

    def _load_report(self, source: str, period: str, changed: bool, check_frame: Path | None) -> LoadReport:
        of_source = pl.col("source") == source
        loads = self.warehouse.loads(period).filter(of_source)
        sums = {name: loads[name].sum() for name in ("rows_read", "rows_loaded", "rows_rejected", "rows_skipped")}
        files = dict(zip(loads["path"], loads["sha256"], strict=True))
        in_effect = self.deliveries.effective(sources()[source], period)
        rows = self.warehouse.loads(in_effect).filter(of_source)["rows_loaded"].sum() if in_effect else 0
        return LoadReport(
            source, period, **sums, files=files, changed=changed, in_effect=in_effect, rows_in_effect=rows, check_frame=check_frame
        )

    def hand_over(self, source: str, period: str, rows: pl.DataFrame) -> Path:
        """The rows as an Arrow file, for the checks, which run in a process of their own."""
        path = self.home.path / HANDED_OVER / f"{period}-{source}.arrow"
        path.parent.mkdir(exist_ok=True)
        rows.write_ipc(path, compression="uncompressed")
        return path

    def refused(self, period: str) -> dict[str, list[str]]:
        """path -> the headings that it lacks, of every refused file among the deliveries that the period rests on."""
        in_effect = self.deliveries.in_effect(period)
        found: dict[str, list[str]] = {}
        for month in {period, *in_effect.values()}:
            loads = self.warehouse.loads(month).filter(pl.col("refused").is_not_null())
            rests = {name for name in sources() if month in (period, in_effect.get(name))}
            found |= {path: list(lacks) for source, path, lacks in loads.select("source", "path", "refused").rows() if source in rests}
        return dict(sorted(found.items()))

    def build(self, period: str, table: str) -> BuildReport:
        """Compute one table of the period's draft."""
        card = tables()[table]
        made = getattr(self._period(period), table)()
        rows = publishing.frame_of(card, []) if made is None else made
        path, count = publishing.write_draft(self.home, period, card, rows, self.engine)
        return BuildReport(table, count, path)

    def obstacle(self, period: str) -> str | None:
        """Why the period can't be published: a file that it rests on was refused, and nobody allowed that."""
        refused = self.refused(period)
        if not refused or self.allow_incomplete:
            return None
        path, lacks = next(iter(refused.items()))
        more_zh = f"（另有 {len(refused) - 1} 个）" if len(refused) > 1 else ""
        more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
        return words(
            f"{path}{more_zh} 找不到表头，缺少：{'、'.join(lacks)}。请改正，或用 --allow-incomplete 搁置。",
            f"{path}{more} has no header: {', '.join(lacks)} missing. Mend it, or set it aside with --allow-incomplete.",
        )

    def publish(self, period: str, checks: dict, reports: dict | None = None) -> Published:
        """Publish the draft, unless there is an obstacle. checks: the manifest's part of that name; reports: what is behind it."""
        obstacle = self.obstacle(period)
        if obstacle:
            return Published(period, None, obstacle)
        in_effect = self.deliveries.in_effect(period)
        files = [file for (source, month), of in self.landing.deliveries.items() for file in of if month in (period, in_effect.get(source))]
        facts = {
            "basis": self.home.settings.basis,
            "engine": self.home.settings.engine,
            "inputs": {file.path: file.sha256 for file in sorted(files, key=lambda file: file.path)},
            "reference": self._reference,
            "moving_reference": self._moving,
            "own_reference": [name for name in REFERENCE_FILES if (self.home.reference / name).is_file()],
            STATED: stated(self.home.targets),
            "carried": {source: month for source, month in in_effect.items() if month != period},
            "missing": [source for source in sources() if source not in in_effect],
            "recognition_ratio": str(self.home.settings.recognition_ratio),
            "withdrawn": self._withdrawn(period),
            "refused": self.refused(period),
            "looked_back": Lookback(self.home, period).releases,
            "checks": checks | self._run_and_not_run(period, checks.get("not_run", {})),
            "state": self.state(period),
        }
        revision = publishing.publish(self.home, period, facts, reports)
        self._at_work = None
        self.engine.forget()
        return Published(period, revision)

    def _run_and_not_run(self, period: str, not_run: dict) -> dict:
        """Of the manifest's checks: rules and lists that were not run, with the sources that lack, and the rules that were."""
        rules_not_run = self._period(period).rules_not_run
        return {
            "not_run": not_run | self._lists_not_run(self.deliveries.in_effect(period)) | rules_not_run,
            "ran": [name for name in rules() if name not in rules_not_run],
        }

    def _lists_not_run(self, in_effect: dict[str, str]) -> dict[str, list[str]]:
        return {name: lacking for name, card in worklists().items() if (lacking := lists.lacks(in_effect, card))}

    def _withdrawn(self, period: str) -> list[str]:
        """Paths of the period that loaded in an earlier release, and that are gone. One that never loaded is no loss."""
        if period not in current(self.home):
            return []
        here, loaded = {file.path for file in self.landing.files}, set()
        for name in revisions(self.home, period):
            try:
                manifest = open_release(self.home, period, name).manifest
            except NoSuchRelease:  # the office has removed it
                continue
            loaded |= {path for path in manifest["inputs"] if path.startswith(f"{period}/")} - manifest.get("refused", {}).keys()
            loaded |= set(manifest.get("withdrawn", ()))
            if name == current(self.home)[period]:
                break
        return sorted(loaded - here)

    def _period(self, period: str) -> Period:
        if self._at_work is None or self._at_work.inputs.period != period:
            self.engine.forget()
            in_effect = self.deliveries.in_effect(period)
            inputs = period_inputs(self.home, self.engine, period, in_effect)
            self._at_work = Period(
                inputs, self.engine, self.warehouse, Lookback(self.home, period), self.deliveries, self._withdrawn(period)
            )
        return self._at_work
