"""A published figure behind its code: which row and cell it is, the rows of both its sides, and the files and lines of each.

What belongs here: opening a figure of a release, for the page and for `liangxin explain` alike. Which rows count is settled in
transforms/opening.py. Knows no page and no Streamlit; releases are opened by whoever asks, and handed in.
"""

from collections.abc import Iterable
from dataclasses import replace

import narwhals as nw
import polars as pl

from dashboards.opened_parts import TRACED, Open, Opened, Part, Side, figure_of, row_of, why_not
from dashboards.opened_places import PLACES, Places
from data.contracts import MetricCard, metrics, sources
from data.figures import Figure
from data.home import Home
from data.releases import Release
from transforms import citation, comparing, opening, tallies
from transforms.marks import Place, cells, coded, keys
from transforms.measures import doubling
from transforms.measures.figures import NO_BASIS
from transforms.tallies import TALLIES

LEGS = {(leg.pair, leg.name): leg for leg in doubling.LEGS}
# Cell of table doubling -> the counts above and below the line that it is made of.
RATIOS = {"count_ratio": ("n1", "n0"), "doubled_count": ("n1", "n0"), "ceiling": ("n0", "d0")}


def row_codes(release: Release, table: str, rows: pl.DataFrame) -> list[str]:
    """The code of every row of a table."""
    return citation.codes(release.period, release.revision, table, rows.select(coded(table)).iter_rows())


def open_figure(home: Home, release: Release, place: Place, open_release: Open) -> Opened:
    """`place` as `marks` has it. `open_release`: (period, revision or None for the current one) -> the release."""
    table, number, column = place
    opener = _Opener(home, release, open_release)
    if table in TALLIES:
        return opener.tally(table, keys(release, table)[number], column)
    row = release.scan(table).slice(number, 1).collect().row(0, named=True)
    return getattr(opener, table)(row, column)


class _Opener:
    """Opens figures of one release; a method a table."""

    def __init__(self, home: Home, release: Release, open_release: Open):
        self.home, self.release, self.open_release = home, release, open_release
        self.lacks: list[str] = []

    def metrics(self, row: dict, column: str | None) -> Opened:
        card = metrics().get(row["metric"])
        bases = () if row["basis"] == NO_BASIS else tuple(self._other_bases(row))
        sides = () if card is None else self._metric_sides(card, row)
        figure = figure_of("metrics", row, None)
        return Opened(self.release, "metrics", row, None, figure, card, sides, (), bases, self._lacking())

    def base_numbers(self, row: dict, column: str | None) -> Opened:
        place = (row["unit_kind"], row["unit_code"])
        census = self.frame("census")
        figure = figure_of("base_numbers", row, column)

        def side(name: str, cell: str) -> Side:
            if row[cell] is None or census is None:
                return Side(name, "unit", None, row[cell], "source_missing")
            return self.side(name, "unit", opening.of_place(opening.base_units(census, cell), *place), row[cell])

        if column in opening.BASE_SIDES:
            sides = (side("rows", column),)
        elif column in (None, "measured_ratio"):
            sides = _with_rest(side("numerator", "corroborated"), side("denominator", "registered"))
        else:
            sides = (Side("rows", "unit", None, why="computed"),)
        return self._with_cells("base_numbers", row, column, figure, sides)

    def doubling(self, row: dict, column: str | None) -> Opened:
        figure = figure_of("doubling", row, column)
        leg, place = LEGS[row["pair"], row["leg"]], (row["unit_kind"], row["unit_code"])
        before = self._baseline(row["baseline"])
        members = None if before is None else self._moves(before)

        def side(name: str, cell: str) -> Side:
            if members is None:
                return Side(name, "unit", None, row[cell], "no_baseline")
            rows = opening.moved_units(members, leg, *place, cell)
            return self.side(name, "unit", rows, row[cell], releases=(self.release, before))

        if column in opening.LEDGER:
            sides = (side("rows", column),)
        else:
            above, below = RATIOS.get(column, ("n1", "d1"))
            sides = _with_rest(side("numerator", above), side("denominator", below))
        return self._with_cells("doubling", row, column, figure, sides)

    def targets(self, row: dict, column: str | None) -> Opened:
        card = metrics().get(row["metric"])
        found = next(
            (
                found
                for basis in (self.release.manifest["basis"], NO_BASIS)
                if (found := row_of(self.release, "metrics", (basis, row["unit_kind"], row["unit_code"], row["sector"], row["metric"])))
            ),
            None,
        )
        figure = figure_of("metrics", found, None) if found else Figure(value=row["value"], reason="absent")
        if column:
            figure = replace(figure, value=row[column])  # the cell's own number, beside n and N of the figure that it is about
        sides = self._metric_sides(card, found) if card and found else ()
        opened = self._with_cells("targets", row, column, figure, sides, card)
        if found is None:
            return opened
        key = tuple(found[name] for name in coded("metrics"))
        return replace(opened, parts=(Part("metrics", key, None, found), *opened.parts))

    def tally(self, name: str, key: tuple, column: str) -> Opened:
        row = tallies.row_of(self.release, name, key)
        found = tallies.opened(self.release, name, row, column)
        card, made_of = metrics().get(row.get("metric", "")), ()
        if found.kind == "target":
            made_of = self._targets_counted(found.rows, column)
            side = Side("rows", "target", None, why="takes_off" if row[column] is None else "made_of")
        elif found.kind in TRACED:
            side = self.side("rows", found.kind, nw.from_native(found.rows), row[column])
        else:
            side = Side("rows", found.kind, found.rows, row[column], releases=(self.release,))
        opened = self._with_cells(name, row, column, figure_of(name, row, column), (side,), card)
        return replace(opened, made_of=made_of)

    def _targets_counted(self, rows: pl.LazyFrame, column: str) -> tuple[Part, ...]:
        """The targets that a tally counts, each with the cell that is added up, or its own figure."""
        cell = "units_missing" if column == "missing" else None
        found = rows.sort("unit_code").collect().to_dicts()
        return tuple(Part("targets", tuple(row[name] for name in coded("targets")), cell, row) for row in found)

    def _with_cells(
        self, table: str, row: dict, column: str | None, figure: Figure, sides: tuple[Side, ...], card: MetricCard | None = None
    ) -> Opened:
        key = tuple(row[name] for name in coded(table))
        whole = () if table in TALLIES else (None,)
        parts = tuple(Part(table, key, name, row) for name in (*whole, *cells(table)) if name != column)
        return Opened(self.release, table, row, column, figure, card, sides, parts, (), self._lacking())

    def _other_bases(self, row: dict) -> Iterable[Part]:
        for basis in ("registered", "corroborated", "verified"):
            key = tuple(basis if name == "basis" else row[name] for name in coded("metrics"))
            found = row_of(self.release, "metrics", key)
            if found:
                yield Part("metrics", key, None, found)

    def _metric_sides(self, card: MetricCard, row: dict) -> tuple[Side, ...]:
        if card.family in ("entity", "organisation"):
            of = self._units if card.family == "entity" else self._organisations
            return _with_rest(*(of(card, row, name) for name in ("numerator", "denominator")))
        above, below = PLACES[card.name]
        places = Places(self, row)
        numerator, denominator = getattr(places, above)("numerator"), getattr(places, below)("denominator")
        if above == below and numerator.rows is not None:
            # Both sides count persons of the same units: they are listed once.
            numerator = Side("numerator", "unit", None, row["numerator"], "members")
        return numerator, denominator

    def _units(self, card: MetricCard, row: dict, name: str) -> Side:
        side = getattr(card, name)
        looked_at = opening.looked_at(side) & set(opening.SURVEY)
        if row[name] is None:
            return Side(name, "unit", None, None, why_not(row))
        census, surveyed = self.frame("census"), self.frame("surveyed") if looked_at else None
        if census is None or (looked_at and surveyed is None):
            return Side(name, "unit", None, row[name], "no_table")
        rows = opening.units_of(census, surveyed, side, row["basis"], row["sector"])
        return self.side(name, "unit", opening.of_place(rows, row["unit_kind"], row["unit_code"]), row[name])

    def _organisations(self, card: MetricCard, row: dict, name: str) -> Side:
        if row[name] is None:
            return Side(name, "organisation", None, None, why_not(row))
        organisations = self.frame("organisations")
        if organisations is None:
            return Side(name, "organisation", None, row[name], "no_table")
        rows = opening.organisations_of(organisations, getattr(card, name), row["sector"])
        return self.side(name, "organisation", opening.of_place(rows, row["unit_kind"], row["unit_code"]), row[name])

    def side(
        self,
        name: str,
        kind: str,
        rows: nw.LazyFrame,
        published: int | None = None,
        note: str | None = None,
        releases: tuple[Release, ...] = (),
    ) -> Side:
        if "origins" not in self.release.manifest["tables"] and "origins" not in self.lacks:
            self.lacks.append("origins")
        return Side(name, kind, rows.to_native(), published, None, note, releases or (self.release,))

    def frame(self, table: str) -> nw.LazyFrame | None:
        """A table of the release; None where it was published before there was such a table."""
        if table in self.release.manifest["tables"]:
            return nw.from_native(self.release.scan(table))
        if table not in self.lacks:
            self.lacks.append(table)
        return None

    def _lacking(self) -> tuple[str, ...]:
        return tuple(self.lacks)

    def _baseline(self, period: str) -> Release | None:
        """The release that the period was measured against, as it was then."""
        revision = self.release.manifest.get("looked_back", {}).get(period)
        try:
            return self.open_release(period, revision)
        except LookupError:
            return None

    def _moves(self, before: Release) -> nw.LazyFrame:
        inputs = comparing.inputs(self.release.period, self.home.districts, self.home.settings, self.release.manifest["basis"])
        ends = [nw.from_native(each.scan("census")) for each in (self.release, before)]
        members = doubling.members(inputs, ends[0], doubling.Baseline(before.period, ends[1], frozenset()))
        return opening.named_moves(members, *ends)


def source_rows(release: Release, kind: str, subjects: Iterable[str]) -> pl.DataFrame:
    """subject, source, path, line: where the deliveries in effect speak of these units, organisations or parks.

    A unit's links lead on to its organisations: a row of org_link names both, so their own rows stand with the unit's.
    """
    if "origins" not in release.manifest["tables"]:
        return pl.DataFrame(schema={"subject": pl.String, "source": pl.String, "path": pl.String, "line": pl.Int64})
    origins, where = release.scan("origins"), ("subject", "source", "path", "line")
    found = origins.filter(pl.col("subject_kind") == kind, pl.col("subject").is_in(list(subjects))).drop("subject_kind").collect()
    if kind == "unit":
        links = found.lazy().filter(pl.col("source") == "org_link").select("subject", "path", "line")
        organisations = origins.filter(pl.col("subject_kind") == "organisation")
        named = organisations.filter(pl.col("source") == "org_link").select("path", "line", organisation="subject")
        linked = links.join(named, on=["path", "line"], how="inner").select("subject", "organisation").unique()
        ledger = organisations.filter(pl.col("source") == "party_org").select("source", "path", "line", organisation="subject")
        of_organisations = linked.join(ledger, on="organisation", how="inner")
        found = pl.concat([found.select(where), of_organisations.select(where).collect()])
    order = {name: place for place, name in enumerate(sources())}
    found = found.select(where).unique()
    place = pl.col("source").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    return found.sort("subject", place, "path", "line")


def _with_rest(above: Side, below: Side) -> tuple[Side, ...]:
    """Both sides, and who is below the line and not above it."""
    if above.rows is None or below.rows is None:
        return above, below
    rest = opening.without(nw.from_native(below.rows), nw.from_native(above.rows)).to_native()
    return above, below, Side("rest", below.kind, rest, None, None, None, below.releases)
