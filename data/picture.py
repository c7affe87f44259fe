"""One release in the forms that pages and briefings ask for: figures by their key, units by their code, findings without evidence.

What belongs here: reading a release that is already open, and keeping what was read: it never changes. What is hidden of it is settled by
whoever hands it in.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from data.contracts import rules
from data.figures import ABSENT, Figure
from data.plain_text import in_line
from data.releases import Release


@dataclass(frozen=True, eq=False)
class Picture:
    """What may be read of one release. `release`: it, or what a reader may see of it."""

    release: Release

    @property
    def period(self) -> str:
        return self.release.period

    @property
    def revision(self) -> str:
        return self.release.revision

    @property
    def manifest(self) -> dict:
        return self.release.manifest

    @cached_property
    def metrics(self) -> pl.DataFrame:
        return self.release.table("metrics")

    @cached_property
    def loads(self) -> pl.DataFrame:
        return self.release.table("loads")

    @cached_property
    def city(self) -> str:
        found = self.release.table("units").filter(pl.col("unit_kind") == "city")
        return found["unit_code"][0] if found.height else ""

    @cached_property
    def units(self) -> dict[tuple[str, str], dict]:
        """(kind, code) -> its row, with a name that is told apart from others of its kind."""
        rows = [row | {"name": row["name"] and in_line(row["name"])} for row in self.release.table("units").to_dicts()]
        names = [(row["unit_kind"], row["name"]) for row in rows]
        return {
            (row["unit_kind"], row["unit_code"]): row
            | {
                "name": f"{row['name']} ({row['unit_code']})"
                if names.count((row["unit_kind"], row["name"])) > 1
                else row["name"] or row["unit_code"]
            }
            for row in rows
        }

    def base_numbers(self, kind: str, code: str) -> dict | None:
        if "base_numbers" not in self.manifest["tables"]:
            return None
        rows = self._base.filter((pl.col("unit_kind") == kind) & (pl.col("unit_code") == code)).to_dicts()
        return rows[0] if rows else None

    @cached_property
    def _base(self) -> pl.DataFrame:
        return self.release.table("base_numbers")

    @cached_property
    def legs(self) -> dict[tuple[str, str, str], dict]:
        """(leg, unit kind, code) -> its row of the doubling; empty where the release has none."""
        if "doubling" not in self.manifest["tables"]:
            return {}
        return {(row["leg"], row["unit_kind"], row["unit_code"]): row for row in self.release.table("doubling").to_dicts()}

    def census(self) -> pl.LazyFrame:
        """The units behind the figures, with what every register says of each."""
        return self.release.scan("census")

    def optional(self, table: str) -> pl.DataFrame | None:
        """A table that an earlier version of the program did not publish; None where this release lacks it."""
        return self.release.table(table) if table in self.manifest["tables"] else None

    @cached_property
    def targets(self) -> pl.DataFrame | None:
        return self.optional("targets")

    @cached_property
    def worklist(self) -> pl.DataFrame | None:
        """The work lists, with the units' names as the census of this release has them."""
        rows = self.optional("worklist")
        if rows is None:
            return None
        names = self.census().select("uscc", "name").join(rows.lazy().select("uscc").unique(), on="uscc", how="semi").collect()
        return rows.join(names, on="uscc", how="left")

    @property
    def has_findings(self) -> bool:
        return "findings" in self.manifest["tables"]

    @property
    def is_sound(self) -> bool:
        """Whether its manifest and its findings can be read, if it ever had some: a former revision may be damaged."""
        try:
            return "tables" in self.manifest and (not self.has_findings or self.sightings is not None)
        except (OSError, ValueError, pl.exceptions.PolarsError):
            return False

    @cached_property
    def sightings(self) -> pl.DataFrame | None:
        """The findings without their evidence, which is the most of them."""
        if not self.has_findings:
            return None
        return self.release.scan("findings").drop("evidence").collect()

    @cached_property
    def ran(self) -> frozenset[str]:
        """The rules that were run for it. Of a release whose manifest does not say so yet, today's are taken, but for those that lacked a
        source; and whatever found something was run, though it be in no card any more."""
        if not self.has_findings:
            return frozenset()
        checks = self.manifest.get("checks", {})
        named = checks["ran"] if "ran" in checks else rules().keys() - checks.get("not_run", {}).keys()
        return frozenset(named) | frozenset(self.sightings["rule"])

    def evidence(self, fingerprints: Collection[str]) -> dict[str, str]:
        """fingerprint -> its evidence as published, of those that this release has."""
        if not self.has_findings or not fingerprints:
            return {}
        rows = self.release.scan("findings").filter(pl.col("fingerprint").is_in(list(fingerprints)))
        return dict(rows.select("fingerprint", "evidence").collect().rows())

    def district_of(self, fingerprint: str) -> str | None:
        """Where a finding lies by this release: the code of then, which may lead to another one by now."""
        if not self.has_findings:
            return None
        found = self.release.scan("findings").filter(pl.col("fingerprint") == fingerprint).select("district_code").collect()
        return found.item() if found.height == 1 else None

    @cached_property
    def organisation_names(self) -> dict[str, str]:
        """org_code -> name, of the organisations that this release publishes."""
        known = self.optional("organisations")
        return {} if known is None else {code: name for code, name in known.select("org_code", "name").rows() if name}

    def unit_names(self, codes: Iterable[str]) -> dict[str, str]:
        """USCC -> name, of those of these units that are in the census."""
        wanted = pl.LazyFrame({"uscc": list(codes)}, schema={"uscc": pl.String})
        found = self.census().select("uscc", "name").join(wanted, on="uscc", how="semi").collect()
        return {code: name for code, name in found.rows() if name}

    @cached_property
    def weak_orgs(self) -> pl.DataFrame | None:
        """The organisations on the list in its order, with their names and the dates and numbers behind their signs."""
        rows, known = self.optional("weak_orgs"), self.optional("organisations")
        if rows is None:
            return None
        types = {"org_code": pl.String, "name": pl.String, "term_ends_on": pl.Date, "eight_haves": pl.Int64}
        behind = pl.DataFrame(schema=types) if known is None else known.select(*types)
        return rows.join(behind, on="org_code", how="left").sort("rank")

    @cached_property
    def returned(self) -> list[dict] | None:
        """The districts' own returns of the period, as reported; None where this release did not keep them."""
        rows = self.optional("returned")
        return None if rows is None else rows.to_dicts()

    def units_in_census(self, codes: pl.Series) -> dict[str, dict]:
        """USCC -> what the census says of it now; a unit that has left the registers is not there."""
        wanted = pl.LazyFrame({"uscc": codes.unique()}, schema={"uscc": pl.String})
        return {row["uscc"]: row for row in self.census().join(wanted, on="uscc", how="semi").collect().to_dicts()}

    @cached_property
    def _figures(self) -> dict[tuple, Figure]:
        rows = self.metrics.select(
            "metric", "unit_kind", "unit_code", "sector", "basis", "numerator", "denominator", "value", "reason"
        ).rows()
        return {row[:5]: Figure(*row[5:]) for row in rows}

    def figure(self, metric: str, kind: str, code: str, sector: str, basis: str) -> Figure:
        """One published figure; a metric that has no basis is found under any."""
        found = self._figures.get((metric, kind, code, sector, basis)) or self._figures.get((metric, kind, code, sector, "-"))
        return found or ABSENT

    def metric_key(self, metric: str, kind: str, code: str, sector: str, basis: str) -> dict[str, str] | None:
        """The key of the row that `figure` finds; None where there is none."""
        on = next((each for each in (basis, "-") if (metric, kind, code, sector, each) in self._figures), None)
        return on and {"basis": on, "unit_kind": kind, "unit_code": code, "sector": sector, "metric": metric}

    @cached_property
    def _bases(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for metric, _, _, _, basis in self._figures:
            found.setdefault(metric, set()).add(basis)
        return found

    def bases(self, metric: str) -> set[str]:
        """The bases that a metric is computed under; `-` where it has none."""
        return self._bases.get(metric, set())

    @cached_property
    def _sectors(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], dict[str, None]] = {}
        for metric, kind, _, sector, _ in self._figures:
            found.setdefault((metric, kind), {})[sector] = None
        return {key: tuple(value) for key, value in found.items()}

    def sectors(self, metric: str, kind: str) -> tuple[str, ...]:
        """The sectors that a metric has for units of a kind; empty where it has none."""
        return self._sectors.get((metric, kind), ())

    @cached_property
    def rejections(self) -> pl.DataFrame:
        """source, reason -> how many rows, in how many files."""
        return (
            self.release.scan("rejected")
            .group_by("source", "reason")
            .agg(pl.len().alias("rows"), pl.col("path").n_unique().alias("files"))
            .sort("rows", "reason", descending=[True, False])
            .collect()
        )

    def rejected(self, source: str, reason: str | None = None, path: str | None = None) -> pl.LazyFrame:
        rows = self.release.scan("rejected").filter(pl.col("source") == source)
        rows = rows.filter(pl.col("reason") == reason) if reason else rows
        return rows.filter(pl.col("path") == path) if path else rows
