"""A figure and its definition in words: what it is called, how its value is written, how it is computed and after which document.

What belongs here: sentences about figures that pages and `liangxin explain` share. Knows no page and no Streamlit.
"""

from collections.abc import Sequence
from fractions import Fraction

from dashboards.definition_words import card_lines, origin_lines, predicate_line, rows_where, worklist_lines
from dashboards.opened import LEGS
from dashboards.opened_parts import TRACED, Opened, Part, Side
from data.contracts import metrics, tables, worklists
from data.figures import Figure
from data.words import Words
from transforms import show, tally_words
from transforms.marks import coded
from transforms.measures.figures import NO_BASIS
from transforms.opening import BASE_SIDES
from transforms.sector_words import sector_of
from transforms.tallies import TALLIES

# Cells of table doubling that one sentence serves, or whose names hold a digit, which keys of the catalogue do not.
SENTENCES = {"n0": "first_above", "d0": "first_below", "n1": "last_above", "d1": "last_below", "low": "band", "high": "band"}
SENTENCES |= dict.fromkeys(("new_single", "new_joint", "new_dispatched", "new_work_only"), "new_mode")
# Tables and tallies that are the same whichever basis is signed.
WITHOUT_BASIS = ("base_numbers", "findings_count", "loads_count", "sources_count", "rules_count")
RATES = ("measured_ratio", "target", "value")
WHOLE = ("estimate", "low", "high")

# Columns of opened rows that count the members of a unit or an organisation.
MEMBERS = ("members", "formal_members", "irregular_members", "member_rows")


def title(words: Words, opened: Opened, part: Part | None = None) -> str:
    """What the figure is: `组织覆盖率`, `底数 · 纳税单位数`, `双翻番 · 非公企业组织覆盖 · 新增覆盖`."""
    table, row, column = (part.table, part.row, part.column) if part else (opened.table, opened.row, opened.column)
    if table == "metrics":
        return words.metric(row["metric"])
    if table in TALLIES:
        return tally_words.title(words, table, column)
    names = [words.card(tables()[table])]
    if table == "doubling":
        names.append(words.of("leg", row["leg"]))
    if table == "targets":
        names += [words.metric(row["metric"]), f"{row['due']} {shown(words, table, 'target', row)}"]
    if column:
        names.append(words.card(tables()[table].column(column)))
    return " · ".join(names)


def beside(words: Words, opened: Opened, part: Part) -> str:
    """What another figure of the same row is called, beside that row."""
    if part.table != opened.table:
        return title(words, opened, part)
    if part.table in TALLIES:
        return tally_words.cell_name(words, part.table, part.column)
    return words.card(tables()[part.table].column(part.column)) if part.column else words("figure.row")


def value(words: Words, table: str, row: dict, column: str | None, figure: Figure) -> str:
    """The figure itself: a rate or ratio as of its card, a count, a yes or no."""
    if table == "metrics" or (table == "targets" and column is None):
        card = metrics().get(row["metric"])
        return show.figure(figure, card.unit if card else "rate")
    if column is None:
        return show.figure(figure, "rate")
    return shown(words, table, column, row)


def shown(words: Words, table: str, column: str, row: dict) -> str:
    """A cell of a row."""
    cell, card = row[column], metrics().get(row.get("metric", ""))
    if isinstance(cell, bool):
        return words("figure.yes" if cell else "figure.no")
    if column in ("count_ratio", "rate_ratio"):
        return show.times(_ratio(row, column), 2)
    if cell is None:
        # Of what should fall a tally has no units that are missing.
        fits = not (column == "pace_needed" or (table == "targets_count" and card is not None and card.direction == "down"))
        return show.NOT_AVAILABLE if fits else show.NOT_APPLICABLE
    if isinstance(cell, int):
        return show.count(cell)
    if column in RATES and (card is None or card.unit == "rate"):
        return show.figure(Figure(value=cell), "rate")
    if column == "gap_points":
        return show.signed(show.half_up(cell, 1), 1)
    if column in WHOLE:
        return show.count(int(show.half_up(cell)))
    return show.signed(show.half_up(cell, 1), 1) if cell < 0 else show.figure(Figure(value=cell), "ratio")


def _ratio(row: dict, column: str) -> Fraction | None:
    """A ratio of the doubling from its whole numbers."""
    above, below = (row["n1"], row["n0"]) if column == "count_ratio" else (row["n1"] * row["d0"], row["d1"] * row["n0"])
    return Fraction(above, below) if below else None


def n_of_n(figure: Figure) -> str:
    """n/N, where the figure has sides."""
    return show.n_of_n(figure) if figure.numerator is not None or figure.denominator is not None else ""


def standing(words: Words, opened: Opened) -> list[tuple[str, str]]:
    """Where the figure stands: period, release, unit, sector, basis."""
    row = opened.row
    lines = [
        (words("choose.period"), words.month(opened.release.period)),
        (words("choose.release"), opened.release.revision),
        (words("compare.place"), place(words, opened)),
    ]
    if opened.table in TALLIES:
        return [*lines, *tally_words.parts(words, dict(zip(coded(opened.table), opened.key, strict=True))), _on(words, opened)]
    if "sector" in row:
        lines.append((words("choose.sector"), words.of("sector", sector_of(row.get("metric"), row["sector"]))))
    if opened.table == "doubling":
        lines.append((words.card(tables()["doubling"].column("baseline")), words.month(row["baseline"])))
    return [*lines, _on(words, opened)]


def _on(words: Words, opened: Opened) -> tuple[str, str]:
    return words("choose.basis"), basis(words, opened)


def place(words: Words, opened: Opened) -> str:
    return place_of(words, opened, *opened.unit)


def place_of(words: Words, opened: Opened, kind: str, code: str) -> str:
    return words.of("zone", code) if kind == "zone" else f"{opened.names.get((kind, code), code)} ({code})"


def basis(words: Words, opened: Opened, on: str | None = None) -> str:
    """`印证口径（签批）`, or `登记口径（试算）`; base numbers and what has no basis say so."""
    on = on or (opened.row["basis"] if opened.table == "metrics" else NO_BASIS if opened.table in WITHOUT_BASIS else opened.signed)
    if opened.table in ("targets", "targets_count") and (opened.card is None or opened.card.family != "entity"):
        on = NO_BASIS
    if on == NO_BASIS:
        return words("basis.none")
    return words("basis.signed" if on == opened.signed else "basis.trial", name=words.of("basis", on))


def definition(words: Words, opened: Opened) -> list[tuple[str, str]]:
    """How the figure is computed: (name, sentence)."""
    if opened.table in TALLIES:
        return [*_tally_lines(words, opened), *(card_lines(words, opened.card) if opened.card else ())]
    lines = []
    if opened.table != "metrics" and opened.column:
        sentence = SENTENCES.get(opened.column, opened.column)
        if opened.table == "doubling" or sentence != "target":
            lines.append((words.card(tables()[opened.table].column(opened.column)), words.of("cell", sentence)))
        if opened.column in BASE_SIDES and opened.table == "base_numbers":
            lines.append((words("definition.predicate"), rows_where(words, BASE_SIDES[opened.column].where, "registered", None)))
    elif opened.table == "base_numbers":
        lines.append((words.card(tables()["base_numbers"].column("measured_ratio")), words("cell.measured_ratio")))
    elif opened.table == "doubling":
        lines.append((words("figure.numerator"), words("cell.last_above")))
        lines.append((words("figure.denominator"), words("cell.last_below")))
    if opened.card:
        return lines + card_lines(words, opened.card)
    # A leg is a coverage of the signed basis; base numbers are what the recognition rate recognises.
    card = metrics()["recognition_rate"]
    if opened.table == "doubling":
        card = metrics()["work_coverage" if LEGS[opened.row["pair"], opened.row["leg"]].covered == "work_covered" else "org_coverage"]
        lines.append((words("definition.leg"), words.of("leg", opened.row["leg"])))
        lines += [(words("definition.covered"), words.sides(card)[0]), *predicate_line(words, card, "numerator")]
    return lines + origin_lines(words, card)


def _tally_lines(words: Words, opened: Opened) -> list[tuple[str, str]]:
    """What a count counts; of a work list also who is on it."""
    name = tally_words.cell_name(words, opened.table, opened.column)
    lines = [(name, tally_words.sentence(words, opened.table, opened.column))]
    card = worklists().get(opened.row.get("list", ""))
    return lines + worklist_lines(words, card) if card else lines


def counts_members(opened: Opened, name: str) -> bool:
    """Whether a column of opened rows counts the members of a unit: by its name, or what a row adds to a figure of members."""
    return name in MEMBERS or (name == "adds" and opened.card is not None and bool(opened.card.members))


def side_counts_members(opened: Opened, side: Side) -> bool:
    """Whether the number of a side is one of members."""
    return side.note == "members" or (opened.card is not None and side.name in opened.card.members)


def cell(words: Words, opened: Opened, name: str, value: object, least: int = 0) -> str:
    """A cell of an opened row: names instead of codes. least: the smallest count of members that is shown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return words("figure.yes" if value else "figure.no")
    if name.startswith("sector"):
        return words.of("sector", str(value))
    if name.startswith("district_code"):
        return opened.names.get(("district", str(value)), str(value))
    if name.startswith("park_code"):
        return opened.names.get(("park", str(value)), str(value))
    if name.startswith("mode"):
        return words.of("mode", str(value))
    if name == "level":
        return words.of("level", str(value))
    if name == "since":
        return words.month(str(value))
    if isinstance(value, int):
        return show.small(value, least) if counts_members(opened, name) else show.count(value)
    return str(value)


def side_name(words: Words, side: Side) -> str:
    if side.name == "rows" and side.kind not in TRACED:
        return words("figure.row_count")
    return words("figure.count") if side.name == "rows" else words(f"figure.{side.name}")


def side_said(words: Words, side: Side, partial: bool = False) -> list[str]:
    """What must be said above a side's rows. partial: the reader is given those of an area that the figure goes beyond."""
    name, published = side_name(words, side), show.count(side.published)
    if side.rows is None:
        said = [words("figure.side_published", side=name, published=published)] if side.published is not None else []
        return [*said, words.of("unlisted", side.why)]
    number, total = side.counted
    if total is None:
        said = [words("figure.side_places", side=name, published=published, rows=show.count(number))]
    elif total == number:
        said = [words("figure.side_rows", side=name, rows=show.count(number))]
    else:
        said = [words("figure.side_said", side=name, rows=show.count(number), total=show.count(total))]
    if not side.agrees:
        differs = words("figure.differs", total=show.count(total), published=published)
        said.append(words("access.beyond") if partial else differs)
    return [*said, words.of("listed", side.note)] if side.note else said


def lacking(words: Words, opened: Opened) -> list[str]:
    """What a release made by an earlier version can't show."""
    if not opened.lacks:
        return []
    return [words("figure.lacks", tables=words("mark.list").join(words.card(tables()[name]) for name in opened.lacks))]


def source_lines(words: Words, source: str, numbers: Sequence[int], least: int) -> str:
    """The lines of a file that speak of a unit. So many lines of the member list, so many members: of few the lines are not told."""
    return words("figure.few_lines") if source == "member" and len(set(numbers)) < least else rows_line(numbers)


def rows_line(lines: Sequence[int]) -> str:
    """`3, 7–9`: line numbers, those that follow each other drawn together."""
    spans: list[list[int]] = []
    for number in sorted(set(lines)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)  # noqa: RUF001
