"""The returns of a month as a workbook: each with what was counted, the districts that sent none, the city; and the months. Part of
screens/returns.py."""

from dashboards import cells, reporting
from dashboards.export import Book, Column, Sheet
from dashboards.returns.desk import MONTHS, SOURCE, Desk, apart, definitions, gives_away, least, name_of, sentences
from dashboards.returns.months import points
from expectations.rules.returns import FIGURES
from transforms import show
from transforms.returns import COUNTED, counted


def book(desk: Desk) -> Book:
    """Every return with its seven figures, what was counted of each, and where it stands; the districts that sent none, and the city."""
    view, words = desk.view, desk.view.words
    columns = [Column(words("returns.district")), Column(words("returns.code")), Column(words("returns.standing_of"))]
    for figure in FIGURES:
        name = words.field(SOURCE, figure)
        columns.append(Column(f"{name} {words('returns.reported')}", "count"))
        if figure in COUNTED:
            columns.append(Column(f"{name} {words('returns.counted')}", "count", words(f"returns.how_{figure}")))
            columns.append(Column(f"{name} {words('returns.apart')}", "count"))
            columns.append(Column(f"{name} {words('returns.share')}", "rate"))
    columns += [Column(words("returns.path")), Column(words("returns.line"), "count"), Column(words("returns.found"))]
    rows = []
    for each in desk.returns:
        state = "" if each.outside is None else words("returns.beyond" if each.outside else "returns.within")
        line = [name_of(view, each.place) if each.place else words("returns.nowhere"), each.code, state]
        for figure in FIGURES:
            line.append(show.small_value(each.reported[figure], least(view, figure)))
            if figure in COUNTED:
                share = each.share(figure)
                line += [each.counted[figure], each.difference(figure), None if share is None else float(share)]
        leads = words("mark.list").join(words.rule(row["rule"]) for row in desk.leads_on(each.code))
        rows.append([*line, each.path, each.line, leads])
    for code in desk.missing:
        line = [name_of(view, code), code, words("returns.not_reported")]
        there = counted(reporting.finder(view.picture), desk.sector, code)
        for figure in FIGURES:
            line += [None, there[figure], None, None] if figure in COUNTED else [None]
        leads = words("mark.list").join(words.rule(row["rule"]) for row in desk.leads_on(code))
        rows.append([*line, *[None] * (len(columns) - len(line) - 1), leads])
    if view.reader.whole:
        rows.append(_city(desk, len(columns)))
    notes = [
        (words("choose.filed"), words.of("sector", desk.sector)),
        (words("choose.basis"), words.of("basis", view.signed)),
        *((words("returns.attention"), said) for said in _noted(desk)),
    ]
    return cells.book(view, columns, rows, notes, [list(pair) for pair in definitions(view)], [_month_sheet(desk)])


def _city(desk: Desk, width: int) -> list:
    """The whole city: reported only where every district sent a return, and what the ledgers count."""
    words, whole = desk.view.words, desk.total
    line: list = [words("returns.city"), None, None if whole else words("returns.not_added")]
    for figure in FIGURES:
        reported = whole[figure] if whole else None
        line.append(show.SUPPRESSED if figure == "members" and gives_away(desk) else reported)
        if figure in COUNTED:
            there = desk.of_city(figure)
            difference = None if reported is None or there is None else reported - there
            line += [there, difference, difference / there if difference is not None and there else None]
    return [*line, *[None] * (width - len(line))]


def _noted(desk: Desk) -> list[str]:
    words = desk.view.words
    names = words("mark.list").join(name_of(desk.view, code) for code in desk.missing)
    found = [] if desk.view.reader.whole else [words("returns.area")]
    found += [words("returns.missing", n=len(desk.missing)) + names] if desk.missing else []
    return [*found, *(head + names for head, names in apart(desk)), *sentences(desk)]


def _month_sheet(desk: Desk) -> Sheet:
    """The covered of every district over thirteen months."""
    view, words = desk.view, desk.view.words
    columns = [
        Column(words("returns.district")),
        Column(words("returns.month")),
        Column(words("returns.reported"), "count"),
        Column(words("returns.counted"), "count"),
        Column(words("returns.apart"), "count"),
        Column(words("returns.note")),
    ]
    found = reporting.months(view.home, view.picture, MONTHS)
    rows = [
        [name_of(view, district), point.period, point.reported, point.counted, point.apart, point.said]
        for district in desk.districts
        for point in points(view, found, district, desk.sector, "covered")
    ]
    return Sheet(words("returns.sheet_months"), columns, rows)
