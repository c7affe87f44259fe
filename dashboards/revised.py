"""What moved between two revisions of a period, and why: for the page 修订 and for `liangxin diff`.

What belongs here: reading two releases side by side, and saying it in words. Comparing is in transforms/differences.py. Each release
hides small counts of members as its own figures ask for; side by side what either hides is hidden in both.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from dashboards import definition_words, revised_figures
from dashboards.opened_parts import Open
from dashboards.revised_alike import hidden_alike, paced_alike
from data.contracts import metrics, tables
from data.figures import Figure
from data.home import Home
from data.releases import NoSuchRelease, Release, revisions
from data.words import Words
from transforms import differences, show, small_cells
from transforms.differences import Causes
from transforms.small_cells import SUPPRESSED

# Key of its rows, and what of a row is compared. What came of each file is told by the files.
COMPARED = ("census", "metrics", "base_numbers", "doubling", "targets", "worklist", "weak_orgs", "organisations", "findings")
SIDES = ("numerator", "denominator", "value")
MOST = 20
NAMED = 3


def two_revisions(
    home: Home, open_release: Open, period: str, first: str | None = None, second: str | None = None
) -> tuple[Release | None, Release]:
    """The two releases to compare: those named, else the current one and the one before it (None where there is none)."""
    now = open_release(period, second)
    if first is not None:
        return open_release(period, first), now
    before = [name for name in revisions(home, period) if int(name[1:]) < int(now.revision[1:])]
    for name in reversed(before):
        try:
            return open_release(period, name), now
        except NoSuchRelease:
            continue
    return None, now


@dataclass(frozen=True)
class Difference:
    """Two releases of one period, older first; earlier periods are opened as they were, by `open_release`."""

    home: Home
    old: Release
    new: Release
    open_release: Open

    @cached_property
    def causes(self) -> Causes:
        return differences.causes(self.old.manifest, self.new.manifest)

    @cached_property
    def earlier(self) -> dict[str, "Difference"]:
        """Earlier period -> what moved there in between, and why."""
        found = {}
        for period, (before, now) in self.causes.looked_back.items():
            if before and now:
                # A revision that the office has removed gives no reason.
                with suppress(NoSuchRelease):
                    ends = (self.open_release(period, revision) for revision in (before, now))
                    found[period] = Difference(self.home, *ends, self.open_release)
        return found

    def columns(self, table: str) -> list[str]:
        """What is compared of a table: the columns that both releases have, without its key."""
        card = tables()[table]
        known = [set(release.scan(table).collect_schema().names()) for release in (self.old, self.new)]
        return [column.name for column in card.published if column.name not in card.key and column.name in known[0] & known[1]]

    def rows(self, table: str) -> pl.DataFrame:
        """The rows of a table that are not the same; empty where one of the two has no such table."""
        if table not in self._moved:
            self._moved[table] = self._rows(table)
        return self._moved[table]

    @cached_property
    def _moved(self) -> dict[str, pl.DataFrame]:
        return {}

    def _rows(self, table: str) -> pl.DataFrame:
        if not self.has(table):
            return pl.DataFrame(schema={"move": pl.String})
        return differences.rows_moved(*self._scans(table), tables()[table].key, self.columns(table))

    def _scans(self, table: str) -> tuple[pl.LazyFrame, pl.LazyFrame]:
        """The table in both, without the numbers of figures that either hides: what is shown once would tell what is hidden once."""
        old, new = self.old.scan(table), self.new.scan(table)
        if table == "metrics":
            return hidden_alike(old, self.hidden), hidden_alike(new, self.hidden)
        if table == "targets":
            shown = [small_cells.apply_targets(each.collect(), self.hidden, (), metrics().values()).lazy() for each in (old, new)]
            return paced_alike(shown[0], shown[1]), paced_alike(shown[1], shown[0])
        return old, new

    @cached_property
    def hidden(self) -> pl.DataFrame:
        """A row a figure of which either release hides something, as small_cells.hidden has them."""
        releases = [release for release in (self.old, self.new) if "metrics" in release.manifest["tables"]]
        rows = [release.scan("metrics").select(*small_cells.FIGURE, *small_cells.SIDES, "reason") for release in releases]
        if not rows:
            return pl.DataFrame(schema=dict.fromkeys(small_cells.FIGURE, pl.String) | dict.fromkeys(small_cells.SIDES, pl.Boolean))
        found = pl.concat(rows).filter(pl.col("reason") == SUPPRESSED).group_by(small_cells.FIGURE)
        return found.agg(pl.col(small_cells.SIDES).is_null().any()).collect()

    def has(self, table: str) -> bool:
        return all(table in release.manifest["tables"] for release in (self.old, self.new))

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """table -> how many rows were added, removed, changed."""
        return {table: differences.moves(self.rows(table)) for table in COMPARED if self.has(table)}

    @cached_property
    def units_by_file(self) -> dict[str, int]:
        """path -> how many of the units whose census row moved it speaks of."""
        if not self.has("origins") or not self.causes.files:
            return {}
        origins = [release.scan("origins").filter(pl.col("subject_kind") == "unit") for release in (self.old, self.new)]
        return differences.spoken_of(self.rows("census")["uscc"], origins, self.causes.files)

    def figures(self) -> pl.DataFrame:
        """Moved figures of table metrics on the release's own basis (or without one): the city first, then by how far they moved."""
        moved = self.rows("metrics")
        if moved.is_empty():
            return moved
        own = moved.filter(pl.col("basis").is_in([self.new.manifest["basis"], "-"]))
        order = {"city": 0, "zone": 1, "district": 2, "park": 3}
        # As it is shown: a rate moves in points, a ratio in itself; 0.04 of a ratio is less than 2 points of a rate.
        scale = {card.name: 100.0 if card.unit == "rate" else 1.0 for card in metrics().values()}
        far = (pl.col("value") - pl.col("value_old")).abs() * pl.col("metric").replace_strict(scale, default=100.0)
        return own.sort(
            pl.col("unit_kind").replace_strict(order, default=9), far.fill_null(float("inf")),
            "metric", "sector", "unit_code", descending=[False, True, False, False, False],
        )  # fmt: skip

    def further(self, table: str) -> pl.DataFrame:
        """Moved rows of a table of figures beside the metrics: a verdict that turned first, then by place and by how far."""
        return revised_figures.worst_first(table, self.rows(table))

    @property
    def trials(self) -> int:
        """Moved rows of table metrics that are not among `figures`: the same figures on the other bases."""
        return len(self.rows("metrics")) - len(self.figures())

    @cached_property
    def names(self) -> dict[tuple[str, str], str]:
        rows = self.new.table("units").select("unit_kind", "unit_code", "name").rows()
        return {(kind, code): name or code for kind, code, name in rows}

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """USCC -> name, of the units that moved onto a work list, off it, or on it; names of self-employed units are not stored."""
        wanted = self.rows("worklist")["uscc"] if "uscc" in self.rows("worklist").columns else pl.Series([], dtype=pl.String)
        known = [
            release.scan("census").filter(pl.col("uscc").is_in(wanted.implode())).select("uscc", "name") for release in (self.old, self.new)
        ]
        return {uscc: name for uscc, name in pl.concat(known).collect().rows() if name}

    # --- in words, and for other programs ---

    def facts(self) -> dict:
        causes = self.causes
        return {
            "period": self.new.period,
            "from": self.old.revision,
            "to": self.new.revision,
            "files": [{"path": path, "move": move, "units_moved": self.units_by_file.get(path, 0)} for path, move in causes.files.items()],
            "reference": [{"path": path, "move": move} for path, move in causes.reference.items()],
            "looked_back": [
                {
                    "period": period,
                    "from": before,
                    "to": now,
                    "files": self.earlier[period].causes.files if period in self.earlier else {},
                    "units_moved": self.earlier[period].units_by_file if period in self.earlier else {},
                }
                for period, (before, now) in causes.looked_back.items()
            ],
            "cards": list(causes.cards),
            **{name: getattr(causes, name) and list(getattr(causes, name)) for name in ("definitions", "program", "basis")},
            "tables": self.counts,
            "census_columns": dict(differences.columns_moved(self.rows("census"), self.columns("census"))),
            "figures": [
                {name: row[name] for name in tables()["metrics"].key[1:]}
                | {"old": [row[f"{side}_old"] for side in SIDES], "new": [row[side] for side in SIDES]}
                for row in self.figures().iter_rows(named=True)
            ],
            "rows": {
                table: [revised_figures.ends(table, self.columns(table), row) for row in self.further(table).iter_rows(named=True)]
                for table in revised_figures.SAID
                if self.has(table)
            },
        }

    def lines(self, words: Words) -> list[str]:
        head = words("revisions.compared", period=words.month(self.new.period), old=self.old.revision, new=self.new.revision)
        lines = [head, *(f"  {line}" for line in self.why(words))]
        counts = self.counts.get("census", {})
        if any(counts.values()):
            lines.append(words("revisions.units_moved", **counts))
            for column, count in differences.columns_moved(self.rows("census"), self.columns("census"))[:MOST]:
                lines.append(f"  {words.card(tables()['census'].column(column))}{words('mark.colon')}{show.count(count)}")
        figures = self.figures()
        lines.append(words("revisions.figures_moved", count=show.count(len(figures))) if len(figures) else self.none_moved(words))
        lines += [f"  {self.said(words, row)}" for row in figures.head(MOST).iter_rows(named=True)]
        if len(figures) > MOST:
            lines.append(words("revisions.more", count=show.count(len(figures) - MOST)))
        for table in revised_figures.SAID:
            lines += self.said_of(words, table)
        others = [table for table in COMPARED[2:] if table not in revised_figures.SAID and any(self.counts.get(table, {}).values())]
        lines += [
            f"{words.card(tables()[table])}{words('mark.colon')}{words('revisions.counts', **self.counts[table])}" for table in others
        ]
        return lines

    def none_moved(self, words: Words) -> str:
        """That no row of table metrics moved; where others did, which: `指标表没有变动；双翻番变动16项`."""
        counts = {table: len(self.rows(table)) for table in revised_figures.SAID if self.has(table)}
        others = [
            words("revisions.table_moved", table=words.card(tables()[table]), count=show.count(count))
            for table, count in counts.items()
            if count
        ]
        return words("mark.stop").join((words("revisions.no_figure_moved" if not others else "revisions.no_metric_moved"), *others))

    def said_of(self, words: Words, table: str) -> list[str]:
        """What moved of one further table of figures: how many rows, and the first of them with what they were and are."""
        moved = self.further(table) if self.has(table) else pl.DataFrame()
        if moved.is_empty():
            return []
        colon = words("mark.colon")
        lines = [f"{words.card(tables()[table])}{colon}{words('revisions.counts', **self.counts[table])}"]
        for row in moved.head(MOST).iter_rows(named=True):
            place = self.names.get((row["unit_kind"], row["unit_code"]), row["unit_code"])
            lines.append(f"  {revised_figures.named(words, table, row, place)}{colon}{revised_figures.became(words, table, row)}")
        if len(moved) > MOST:
            lines.append(words("revisions.more", count=show.count(len(moved) - MOST)))
        return lines

    def why(self, words: Words) -> list[str]:
        """The reasons, a line each."""
        causes, colon = self.causes, words("mark.colon")
        lines = []
        for path, move in causes.files.items():
            units = self.units_by_file.get(path)
            more = words("revisions.of_units", count=show.count(units)) if units else ""
            lines.append(f"{words.of('move', move)}{colon}{path}{more}")
        lines += [f"{words('revisions.reference')}{colon}{path} {words.of('move', move)}" for path, move in causes.reference.items()]
        for period, (before, now) in causes.looked_back.items():
            more = self._because(words, self.earlier[period]) if period in self.earlier else ""
            none = words("revisions.none")
            lines.append(words("revisions.looked_back", period=words.month(period), old=before or none, new=now or none) + more)
        for name in ("definitions", "program", "basis"):
            pair: Sequence[str] | None = getattr(causes, name)
            if pair:
                old, new = (words.of("basis", each) if name == "basis" else each for each in pair)
                lines.append(words(f"revisions.{name}", old=old, new=new))
        if causes.cards:
            lines.append(words("revisions.cards", cards=definition_words.cards_said(words, causes.cards)))
        return lines or [words("revisions.no_cause")]

    @staticmethod
    def _because(words: Words, earlier: "Difference") -> str:
        """`（因2016-12/…csv，涉及变动单位18家）`: the files that revised an earlier period, those with most units first."""
        units = earlier.units_by_file
        files = sorted(earlier.causes.files, key=lambda path: (-units.get(path, 0), path))
        said = [
            words("revisions.file_units", file=path, count=show.count(units[path])) if units.get(path) else path for path in files[:NAMED]
        ]
        more = words("revisions.files_more", count=show.count(len(files) - NAMED)) if len(files) > NAMED else ""
        return words("revisions.because", files=words("mark.list").join(said) + more) if said else ""

    def said(self, words: Words, row: dict) -> str:
        """One moved figure: `非公企业 组织覆盖率（全市）：177/479 = 37.0% → 180/479 = 37.6%`."""
        card = metrics().get(row["metric"])
        unit = card.unit if card else "rate"
        place = self.names.get((row["unit_kind"], row["unit_code"]), row["unit_code"])
        parts = []
        for end in ("_old", ""):
            figure = Figure(*(row[f"{name}{end}"] for name in (*SIDES, "reason")))
            parts.append(f"{show.n_of_n(figure)} = {show.figure(figure, unit)}")
        where = words("mark.list").join((place, words.of("sector", row["sector"])))
        named = f"{words.metric(row['metric'])}{words('mark.open')}{where}{words('mark.close')}"
        return f"{named}{words('mark.colon')}{' → '.join(parts)}"
