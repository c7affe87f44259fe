"""The workbook of one district or park: a sheet a section of its page.

What belongs here: putting the page's own tables and sentences into a file.
"""

from dashboards import cells, export
from dashboards.export import Book, Column, Sheet, sheet_names
from dashboards.grid import sheet
from dashboards.parts import code_of
from dashboards.places import grids as place_grids
from dashboards.places import standing as place_standing
from dashboards.places import sure as place_sure
from dashboards.places.desk import HEADLINE, Spot
from dashboards.places.next_steps import Claim
from dashboards.places.todo import doubling_lines, sentence, target_lines
from data.contracts import metrics
from transforms import show

GRIDS = (
    place_standing.by_month,
    place_grids.parks,
    place_grids.sizes,
    place_grids.work_lists,
    place_grids.weak,
    place_grids.weak_named,
    place_grids.leads,
    place_grids.means,
    place_grids.survey,
    place_sure.bases,
    place_sure.returns,
    place_sure.deliveries,
)


def book(spot: Spot, steps: list[Claim]) -> Book:
    view, words = spot.view, spot.view.words
    grids = [grid for grid in (make(spot) for make in GRIDS) if grid is not None]
    said = [
        (words("place.next"), [sentence(spot, step) for step in steps]),
        (words("place.targets"), target_lines(spot)),
        (words("place.doubling"), doubling_lines(spot)),
    ]
    first = words("place.standing")
    taken = [first, *(words(f"export.sheet_{name}") for name in ("notes", "definitions", "version"))]
    names = sheet_names([*(name for name, _ in said), *(grid.name for grid in grids)], taken)
    more = [Sheet(name, [Column(words("place.said"))], [[line] for line in lines]) for name, (_, lines) in zip(names, said, strict=False)]
    more += [sheet(view, name, grid) for name, grid in zip(names[len(said) :], grids, strict=True)]
    notes = [(words("choose.unit"), spot.unit.name), (words("choose.basis"), words.of("basis", view.signed))]
    notes += [(grid.name, line) for grid in grids for line in grid.said]
    cards = [metrics()[metric] for metric in HEADLINE]
    return cells.book(view, _columns(spot), _rows(spot), notes, export.definition_lines(words, cards), more, first)


def _columns(spot: Spot) -> list[Column]:
    words = spot.view.words
    columns = [Column(words("choose.metric")), Column(words("choose.sector")), Column(words("compare.value"), "rate")]
    columns += [Column(words("compare.numerator"), "count"), Column(words("compare.denominator"), "count")]
    columns.append(Column(words("compare.city"), "rate"))
    for key, picture in (("place.against_previous", spot.before), ("place.against_year", spot.year_ago)):
        if picture is not None:
            columns.append(Column(words(key, month=words.month(picture.period)) + words("compare.change_unit"), "points"))
    return [*columns, Column(words("code.name"))]


def _rows(spot: Spot) -> list[list]:
    words, rows = spot.view.words, []
    for metric in HEADLINE:
        for sector in ("all", "enterprise", "social_org"):
            now = spot.figure(metric, sector)
            line = [words.metric(metric), words.of("sector", sector), *show.sides_value(now)]
            line.append(show.sides_value(spot.city(metric, sector))[0])
            for picture in (spot.before, spot.year_ago):
                if picture is not None:
                    moved = show.change(now, spot.then(picture, metric, sector))
                    line.append(None if moved is None else float(moved * 100))
            rows.append([*line, _code(spot, metric, sector)])
    return rows


def _code(spot: Spot, metric: str, sector: str) -> str | None:
    key = spot.view.picture.metric_key(metric, spot.kind, spot.code, sector, spot.view.signed)
    return code_of(spot.view.picture, "metrics", key) if key else None
