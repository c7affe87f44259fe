"""The table below ranked bars, and the same in a file.

What belongs here: its rows, with the city's and the zones' lines above them. Which places there are is comparison.py's.
"""

from html import escape

from dashboards import cells, export
from dashboards import downloads as files
from dashboards.comparison import Line
from dashboards.export import Book, Column
from dashboards.homes.links import place_link
from dashboards.parts import cite_figure, heading, note, table, text
from dashboards.shell import View
from dashboards.store import Picture
from data.figures import Figure
from transforms import citation, show
from transforms.compare import Place, band_words


def draw_table(view: View, found: list[Place], lines: list[Line], before: Picture | None, said: str) -> None:
    """The same figures as a table with n/N; `lines` are the city's and the zones', above the places."""
    words, unit = view.words, view.card.unit
    heading(words("compare.table"))
    view.said()
    if said:
        note(said)
    points = words("compare.change_unit") if unit == "rate" else ""
    changed = words("compare.change_from", month=words.month(before.period)) if before else words("compare.change")
    park = view.page.kind == "park"
    heads = [
        (words("compare.rank"), "n"),
        (words("compare.place"), "w"),
        *([(words("compare.level"), "w")] if park else []),
        (words("compare.value"), "n"),
        ("n/N", "n"),
        (words("compare.gap") + points, "n"),
        (changed + points, "n"),
        (words("compare.n_change"), "n"),
        (words("compare.d_change"), "n"),
        (words("compare.note"), "w"),
        (words("code.name"), "w"),
    ]
    city = lines[0].figure
    rows, marks = [], []
    for line in lines:
        figures = _cells(view, line.figure, line.before, city, _opens(view, line.kind, line.code, line.figure))
        cells = [*figures, _note(view, line.figure, None), _cited(view, line.kind, line.code)]
        rows.append(["", text(line.name), *([""] if park else []), *cells])
        marks.append("line")
    for place in found:
        level = [escape(words.of("level", place.level)) if place.level else ""] if park else []
        rank = band_words(words, place) if view.card.direction != "none" else ""
        figures = _cells(view, place.figure, place.before, city, _opens(view, view.page.kind, place.code, place.figure))
        cells = [*figures, _note(view, place.figure, place.why_unranked)]
        rows.append(
            [rank, place_link(view, view.page.kind, place.code, place.name), *level, *cells, _cited(view, view.page.kind, place.code)]
        )
        marks.append("quiet" if place.why_unranked and place.why_unranked != "not_whole" else "")
    table(words("compare.table"), heads, rows, marks)


def _cited(view: View, kind: str, code: str) -> str:
    return cite_figure(view.words, view.picture, view.metric, kind, code, view.sector, view.basis)


def _opens(view: View, kind: str, code: str, figure: Figure) -> str:
    """n/N, as the way to the rows behind it."""
    return cite_figure(view.words, view.picture, view.metric, kind, code, view.sector, view.basis, show.n_of_n(figure))


def _cells(view: View, now: Figure, old: Figure, city: Figure, opens: str) -> list[str]:
    unit, direction = view.card.unit, view.card.direction
    difference = show.change(now, old)
    arrow, tone = show.arrow(difference, direction), show.tone(difference, direction)
    return [
        show.figure(now, unit),
        opens,
        show.points(show.change(now, city), unit),
        f'<span class="{tone}">{arrow} {show.points(difference, unit)}</span>' if difference is not None else show.NOT_AVAILABLE,
        show.signed(_less(now.numerator, old.numerator)),
        show.signed(_less(now.denominator, old.denominator)),
    ]


def _less(now: int | None, old: int | None) -> int | None:
    return None if now is None or old is None else now - old


def _note(view: View, now: Figure, why: str | None) -> str:
    if now.reason:
        return escape(view.words.reason(now.reason))
    return escape(view.words(f"unranked.{why}", minimum=view.minimum)) if why else ""


def downloads(view: View, found: list[Place], lines: list[Line], before: Picture | None) -> None:
    files.both(view, lambda: _book(view, found, lines, before), f"_{view.metric}")


def _book(view: View, found: list[Place], lines: list[Line], before: Picture | None) -> Book:
    words, unit = view.words, view.card.unit
    month = words("compare.change_from", month=words.month(before.period)) if before else words("compare.change")
    points = words("compare.change_unit") if unit == "rate" else ""
    kind = "points" if unit == "rate" else "ratio"
    above, below = words.sides(view.card)
    columns = [
        Column(words("compare.rank_low"), "count"),
        Column(words("compare.rank_high"), "count"),
        Column(words("compare.code")),
        Column(words("compare.place")),
        Column(words("compare.level")),
        Column(words("compare.value"), unit, words.metric(view.metric)),
        Column(words("compare.numerator"), "count", above),
        Column(words("compare.denominator"), "count", below),
        Column(words("compare.gap") + points, kind),
        Column(month + points, kind),
        Column(words("compare.n_change"), "count"),
        Column(words("compare.d_change"), "count"),
        Column(words("compare.note")),
        Column(words("code.name")),
    ]
    city = lines[0].figure
    rows = [
        [
            None,
            None,
            "",
            line.name,
            "",
            *_numbers(view, line.figure, line.before, city),
            words.reason(line.figure.reason) if line.figure.reason else "",
        ]
        + [_code(view, line.kind, line.code)]
        for line in lines
    ]
    for place in found:
        why = (
            words.reason(place.figure.reason)
            if place.figure.reason
            else words(f"unranked.{place.why_unranked}", minimum=view.minimum)
            if place.why_unranked
            else ""
        )
        level = words.of("level", place.level) if place.level else ""
        numbers = _numbers(view, place.figure, place.before, city)
        rows.append([place.low, place.high, place.code, place.name, level, *numbers, why, _code(view, view.page.kind, place.code)])
    return cells.book(view, columns, rows, [], export.definition_lines(words, [view.card]))


def _code(view: View, kind: str, code: str) -> str:
    """The code of a figure as text."""
    key = view.picture.metric_key(view.metric, kind, code, view.sector, view.basis)
    return citation.code(view.picture.period, view.picture.revision, "metrics", key.values()) if key else ""


def _numbers(view: View, now: Figure, old: Figure, city: Figure) -> list:
    factor = 100 if view.card.unit == "rate" else 1
    differences = [show.change(now, city), show.change(now, old)]
    return [
        *show.sides_value(now),
        *(None if each is None else float(each * factor) for each in differences),
        _less(now.numerator, old.numerator),
        _less(now.denominator, old.denominator),
    ]
