"""What a period looks back to: the baseline of the doubling, the lists and figures published before it, and their signatures.

What belongs here: which earlier releases a period rests on, and a digest of exactly what is looked at in each. When that changes,
the period is revised too; when an earlier period is revised in anything else, it is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import narwhals as nw
import polars as pl

from data.home import Home, HomeUnfit
from data.language import words
from data.periods import add_months, last_day
from data.releases import Release, current, open_release
from pipelines.engines.base import Engine
from transforms.inputs import valid_codes
from transforms.measures.doubling import LOOKED_AT, SECTORS, Baseline
from transforms.measures.targets import PACE_PERIODS, Key, Standing, followed, standings

# Table -> the columns that a later period looks at. Each release states a signature of them.
LISTS = {"worklist": ("list", "uscc", "since"), "weak_orgs": ("org_code", "since"), "findings": ("rule", "subject", "since")}
HEADCOUNT = ("uscc", "employees")


def signatures(folder: Path, basis: str) -> dict[str, str]:
    """Of a draft's tables, what later periods will look at. Order does not count, so engines agree."""
    work_objects = pl.col(basis) & pl.col("sector").is_in(SECTORS)
    census = folder / "census.parquet"
    found = {
        "census": _signature(census, LOOKED_AT, work_objects),
        "headcount": _signature(census, HEADCOUNT, pl.col("employees").is_not_null()),
    }
    return found | {table: _signature(folder / f"{table}.parquet", columns) for table, columns in LISTS.items()}


def _signature(path: Path, columns: tuple[str, ...], where: pl.Expr | None = None) -> str:
    rows = pl.scan_parquet(path) if where is None else pl.scan_parquet(path).filter(where)
    hashed = pl.struct(columns).hash()
    count, mixed = rows.select(pl.len().alias("rows"), hashed.bitwise_xor().alias("hash")).collect(engine="streaming").row(0)
    return f"{count}:{mixed or 0:016x}"


@dataclass(frozen=True)
class Lookback:
    """The published earlier periods of one period, as they are now."""

    home: Home
    period: str

    @cached_property
    def _published(self) -> list[str]:
        return [period for period in current(self.home) if period < self.period]

    @cached_property
    def baseline(self) -> Release | None:
        """The same month one year before, or the settings' own; none where it is not published or does not lie before."""
        period = self.home.settings.doubling.baseline or add_months(self.period, -12)
        return open_release(self.home, period) if period in self._published else None

    @cached_property
    def previous(self) -> Release | None:
        """The last published period before."""
        return open_release(self.home, self._published[-1]) if self._published else None

    @cached_property
    def recent(self) -> list[Release]:
        """The published periods that the recent pace is measured over, oldest first, without this one."""
        return [open_release(self.home, period) for period in self._published[-(PACE_PERIODS - 1) :]]

    @cached_property
    def month_before(self) -> Release | None:
        """The calendar month before, where it is published."""
        period = add_months(self.period, -1)
        return open_release(self.home, period) if period in self._published else None

    @property
    def releases(self) -> dict[str, str]:
        """period -> revision of all that is looked back to."""
        found = [release for release in (self.baseline, self.previous, self.month_before, *self.recent) if release is not None]
        return {release.period: release.revision for release in sorted(found, key=lambda release: release.period)}

    def state(self) -> list[str]:
        """One line for all that is looked at: two states alike, and the period's tables are alike."""
        lines = []
        if self.baseline is not None:
            lines.append(f"baseline {self.baseline.period} {_stated(self.baseline, 'census')} {sorted(self.baseline.manifest['missing'])}")
        if self.previous is not None:
            lines += [f"previous {table} {_stated(self.previous, table)}" for table in LISTS]
        if self.month_before is not None:
            before = self.month_before
            lines.append(
                f"before {_stated(before, 'headcount')} {sorted(before.manifest['missing'])} {sorted(self.base_figures().items())}"
            )
        if len(self.recent) == PACE_PERIODS - 1:
            for release in self.recent:
                lines.append(f"pace {release.period} {self._of_targets(release)}")
        return lines

    def _of_targets(self, release: Release) -> list[tuple]:
        """What the pace looks at: the numerators of the figures that have a target, where they have a value."""
        wanted: dict[tuple, set[str]] = {}
        for target in self.home.targets:
            wanted.setdefault((target.metric, target.sector, target.unit_kind), set()).add(target.unit_code)
        found = []
        for key, figure in followed(self._valid, self._figures(release)).items():
            codes = wanted.get(key[:3], set())
            if "" in codes or key[3] in codes:
                found.append((*key, figure.numerator if figure.known else None))
        return sorted(found)

    @cached_property
    def _valid(self) -> dict[str, str]:
        return valid_codes(self.home.districts, last_day(self.period))

    def doubling_baseline(self, engine: Engine) -> Baseline | None:
        if self.baseline is None:
            return None
        return Baseline(
            self.baseline.period, engine.published(self.baseline, "census"), frozenset(self.baseline.manifest.get("missing", ()))
        )

    def before(self) -> list[tuple[str, dict[Key, Standing]]]:
        """(period, its figures under today's district codes) of the recent periods."""
        return [(release.period, followed(self._valid, self._figures(release))) for release in self.recent]

    def previous_list(self, table: str, engine: Engine) -> nw.LazyFrame | None:
        """A list of the last published period before; None where there is none, or it was made before there was such a table."""
        if self.previous is None or table not in self.previous.manifest["tables"]:
            return None
        return engine.published(self.previous, table)

    def since(self, table: str, key: str) -> dict[str, str]:
        """key -> since which period it stands on the last published list before."""
        if self.previous is None or table not in self.previous.manifest["tables"]:
            return {}
        return dict(_readable(self.previous, lambda: self.previous.table(table).select(key, "since").rows()))

    def findings_since(self) -> dict[tuple[str, str], str]:
        """(rule, subject) -> since which period the last published findings before have it."""
        if self.previous is None or "findings" not in self.previous.manifest["tables"]:
            return {}
        rows = _readable(self.previous, lambda: self.previous.table("findings").select(*LISTS["findings"]).rows())
        return {(rule, subject): since for rule, subject, since in rows}

    def base_figures(self) -> dict[Key, Standing]:
        """Coverage of enterprises by district in the month before, on the default basis, under today's codes: what base_shrink compares
        with."""
        wanted = (pl.col("metric") == "org_coverage") & (pl.col("sector") == "enterprise") & (pl.col("unit_kind") == "district")
        rows = _readable(self.month_before, lambda: self.month_before.scan("metrics").filter(wanted).collect().rows())
        return followed(self._valid, standings(rows, self.home.settings.basis))

    def _figures(self, release: Release) -> dict[Key, Standing]:
        metrics = {target.metric for target in self.home.targets}
        rows = _readable(release, lambda: release.scan("metrics").filter(pl.col("metric").is_in(metrics)).collect().rows())
        return standings(rows, self.home.settings.basis)


def _readable(release: Release, read: Callable[[], list[tuple]]) -> list[tuple]:
    """What is read of a release; a damaged one is named, for only it can be mended."""
    try:
        return read()
    except (OSError, pl.exceptions.PolarsError):
        raise HomeUnfit(
            words(
                f"发布版本 {release.name} 已损坏，以后各期要用到它。请运行 liangxin verify 查明，并从备份恢复。",
                f"release {release.name} is damaged, and later months look back to it. See `liangxin verify`, and restore it from a copy.",
            )
        ) from None


def _stated(release: Release, table: str) -> str:
    """The signature that a release states of a table; one made before releases did so is known by the table's digest."""
    return release.manifest.get("signatures", {}).get(table) or release.manifest["tables"].get(table, {}).get("sha256", "none")
