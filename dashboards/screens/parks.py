"""园区比较: where each park stands on one figure, against the city, and inside against outside the parks."""

from dashboards import basis_moves, comparison, comparison_table
from dashboards.shell import Page, View


def render(view: View) -> None:
    words = view.words
    before, said = comparison.compared(view)
    found = comparison.places(view, "park", before)
    line = comparison.city_line(view)
    kinds = [("city", view.picture.city, words("compare.city"))]
    if view.picture.sectors(view.metric, "zone"):
        kinds += [("zone", zone, words.of("zone", zone)) for zone in ("in_park", "out_park")]
    lines = [comparison.line_of(view, kind, code, name, before) for kind, code, name in kinds]
    comparison.draw_bars(view, found, line)
    basis_moves.draw_basis_moves(view, found)
    comparison_table.draw_table(view, found, lines, before, said)
    comparison_table.downloads(view, found, lines, before)
    comparison.definition(view)


PAGE = Page("parks", ":material/domain:", render, ("metric", "sector", "basis"), kind="park")
