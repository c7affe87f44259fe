"""申报与核算: what each district reported for the month against what the ledgers count, return by return, and over thirteen months."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from html import escape

import streamlit as st

from dashboards import cells, charts, choices, pictures, reporting
from dashboards.charts import Dot, Trend
from dashboards.export import Book, Column, Sheet
from dashboards.parts import card, cards, empty, heading, note, table, text
from dashboards.reporting import Reported
from dashboards.shell import Page, View
from dashboards.store import UNKNOWN
from data.contracts import rules
from expectations.rules.returns import FIGURES, SECTORS
from transforms import show
from transforms.returns import COUNTED, Beside, by_difference, counted, joined, permitted, shared, total, unreported

SOURCE = "district_return"
MONTHS = 13


@dataclass(frozen=True)
class Desk:
    """A month's returns of one sector, and the districts of whom one is expected."""

    view: View
    sector: str
    returns: list[Beside]
    districts: list[str]
    leads: list[dict] | None

    @property
    def missing(self) -> list[str]:
        return unreported(self.returns, self.districts, self.sector)

    @property
    def own(self) -> list[Beside]:
        """Those under the code of a district valid at D, one of each: what is counted. The others are named."""
        return [each for each in self.returns if each.own_code]

    @cached_property
    def month(self) -> Reported:
        return reporting.this_month(self.view)

    def contradicting(self) -> list[Beside]:
        return [each for each in self.month.contradicting() if each.sector == self.sector]

    def copied(self) -> list[Beside]:
        return [each for each in self.month.copied() if each.sector == self.sector]

    def must(self, code: str) -> bool:
        """Whether a return has findings that must be put right."""
        return any(row["severity"] == "H" for row in self.leads_on(code))

    @property
    def total(self) -> dict[str, int] | None:
        """The city as reported. What a reader sees of one district is no city, and is not held against the city's figures."""
        return total(self.returns, self.districts, self.sector) if self.view.reader.whole else None

    def leads_on(self, code: str) -> list[dict]:
        return [row for row in self.leads or () if row["subject"] == f"{code}|{self.sector}"]

    def of_city(self, figure: str) -> int | None:
        """What the ledgers count in the whole city."""
        picture = self.view.picture
        sides = [(picture.figure(metric, "city", picture.city, self.sector, self.view.signed), side) for metric, side in COUNTED[figure]]
        values = [found.denominator if side else found.numerator for found, side in sides]
        return None if None in values else values[0] - sum(values[1:])


def render(view: View) -> None:
    words, month = view.words, reporting.this_month(view)
    if month.state == "unkept":
        empty(words, "returns.unkept")
        return
    if not view.reader.whole:
        if not month.districts:
            empty(words, "returns.no_district")
            return
        note(words("returns.area"))
    if month.state == "nobody":
        empty(words, "returns.nobody", period=view.picture.period)
        return
    kept = choices.kept("sector")
    left, _ = st.columns([2, 5], gap="small")
    with left:
        first = kept if kept in SECTORS else SECTORS[0]
        sector = choices.choose(words("choose.filed"), "filed", SECTORS, first, lambda code: words.of("sector", code))
    desk = desk_of(view, sector, month.returns)
    # Whoever reads one district sees that it sent none where others sent theirs.
    if desk.returns or not view.reader.whole:
        _standing(desk)
        _attention(desk)
        if desk.returns:
            _dots(desk)
            _table(desk)
        cells.download(view, lambda: book(desk), f"_{sector}")
    else:
        empty(words, "returns.nobody_sector")
    _months(desk)
    _definition(view)


def desk_of(view: View, sector: str, found: Sequence[Beside]) -> Desk:
    of_sector = [each for each in found if each.sector == sector]
    return Desk(view, sector, of_sector, reporting.districts_of(view.picture), reporting.leads_of(view.picture))


def _said(desk: Desk, *more: str) -> None:
    view = desk.view
    basis = cells.named(view, "choose.basis", view.words.of("basis", view.signed))
    view.said(cells.named(view, "choose.filed", view.words.of("sector", desk.sector)), basis, *more)


def _name(view: View, code: str) -> str:
    return cells.place_name(view, "district", code)


def percent(share: Fraction | None) -> str:
    """`+4.3%`: a difference as a share of those counted."""
    return show.NOT_APPLICABLE if share is None else f"{show.signed(share * 100, 1)}%"


def _standing(desk: Desk) -> None:
    words = desk.view.words
    heading(words("returns.standing"))
    _said(desk)
    expected, missing = len(desk.districts), len(desk.missing)
    area = "" if desk.view.reader.whole else "_area"
    rest = words(f"returns.received_rest{area}", n=missing) if missing else words(f"returns.received_all{area}")
    lines = [("worse" if missing else "better", f"<b>{escape(rest)}</b>")]
    data = {"returns": "received", "n": expected - missing, "of": expected}
    made = [card(words("returns.received"), f"{expected - missing}/{expected}", "", lines, data)]
    known = [each for each in desk.own if each.outside is not None]
    outside = sum(each.outside for each in known)
    lines = [("", escape(words("returns.outside_of", n=len(known))))]
    others = len(desk.returns) - len(desk.own)
    if others:
        lines.append(("", escape(words("returns.outside_others", n=others))))
    value = f"{outside}/{len(known)}" if known else show.NOT_AVAILABLE
    made.append(card(words("returns.outside"), value, "", lines, {"returns": "outside", "n": outside, "of": len(known)}))
    if desk.view.reader.whole:
        made.append(_total(desk, expected, missing))
    if desk.leads is not None:
        mine = [row for row in desk.leads if row["subject"].endswith(f"|{desk.sector}")]
        lines = [("", escape(words("returns.leads_said")))]
        made.append(card(words("returns.leads"), show.count(len(mine)), words("returns.unit_items"), lines, {"returns": "leads"}))
    cards(made)


def _total(desk: Desk, expected: int, missing: int) -> str:
    words, whole, counted = desk.view.words, desk.total, desk.of_city("covered")
    title = words("returns.total")
    if whole is None:
        said = words("returns.total_none", total=expected, n=expected - missing)
        return card(title, show.NOT_AVAILABLE, "", [("", f"<b>{escape(said)}</b>")], {"returns": "total"})
    apart = None if counted is None else whole["covered"] - counted
    said = words("returns.total_said", counted=show.count(counted), apart=show.signed(apart))
    lines = [("", escape(said)), *(("", escape(each)) for each in _total_from(desk))]
    return card(title, show.count(whole["covered"]), desk.view.words("unit.units"), lines, {"returns": "total", "n": whole["covered"]})


def _total_from(desk: Desk) -> list[str]:
    """What was added up; and that the ledgers also count units whose district nobody knows, which no district reports."""
    words, picture = desk.view.words, desk.view.picture
    nowhere = picture.figure("org_coverage", "district", UNKNOWN, desk.sector, desk.view.signed)
    said = [words("returns.total_from")]
    if nowhere.denominator:
        said.append(words("returns.total_unknown", units=show.count(nowhere.denominator), covered=show.count(nowhere.numerator)))
    return said


def sentences(desk: Desk) -> list[str]:
    """What must be known before the figures are read: codes that lead nowhere or elsewhere, and several that lead to one district."""
    view, words = desk.view, desk.view.words
    found = []
    for each in desk.returns:
        where = _where(view, each)
        if each.place is None:
            found.append(words("returns.ended" if each.listed else "returns.unlisted", code=each.code, where=where))
        elif not each.own_code:
            found.append(words("returns.old_code", code=each.code, where=where, place=_name(view, each.place)))
    for (place, _), codes in shared(desk.returns).items():
        found.append(words("returns.shared", codes=words("mark.list").join(codes), place=_name(view, place)))
    return found


def _where(view: View, each: Beside) -> str:
    return view.words("returns.where", file=_file(view, each.path), line=each.line)


def _file(view: View, path: str) -> str:
    return path.removeprefix(f"{view.picture.period}/{SOURCE}/")


def _attention(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    heading(words("returns.attention"))
    found = [text(each) for each in sentences(desk)]
    if desk.missing:
        named = []
        for code in desk.missing:
            leads = [reporting.lead_link(view, row) for row in desk.leads_on(code)]
            named.append(text(_name(view, code)) + (f" <small>{' '.join(leads)}</small>" if leads else ""))
        found.insert(0, escape(words("returns.missing", n=len(named))) + escape(words("mark.list")).join(named))
    found[len(desk.missing) > 0 : 0] = [escape(head) + text(names) for head, names in apart(desk)]
    if not found:
        note(words("returns.attention_none"))
        return
    st.html("".join(f'<p class="lx-said">· {each}</p>' for each in found))


def apart(desk: Desk) -> list[tuple[str, str]]:
    """(what is the matter, whose returns they are) of those at odds in themselves, outside the band, or as the month before."""
    view, words = desk.view, desk.view.words
    outside = [each for each in desk.returns if each.outside]
    kinds = {"contradicting": desk.contradicting(), "outside": outside, "copied": desk.copied()}
    names = lambda found: words("mark.list").join(label(view, each) for each in found)  # noqa: E731
    return [(words(f"returns.{kind}_named", n=len(found)), names(found)) for kind, found in kinds.items() if found]


def label(view: View, each: Beside) -> str:
    """A return by its district; with the code that was reported where that is another one."""
    if each.place is None:
        return each.code
    name = _name(view, each.place)
    return name if each.own_code else f"{name}{view.words('returns.as_code', code=each.code)}"


def _dots(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    heading(words("returns.dots"))
    _said(desk)
    found = by_difference(desk.returns)
    if not found:
        empty(words, "returns.dots_none")
        return
    note(words("returns.dots_said"))
    rows = []
    for each in found:
        apart, counted = each.difference("covered"), each.counted["covered"]
        beside = (
            f"{'◆' if each.outside else '●'} <b>{show.signed(apart)}</b> ({show.count(each.reported['covered'])}/{show.count(counted)})"
        )
        rows.append(Dot(label(view, each), apart, float(permitted(counted)), each.outside, beside))
    names = (words("returns.within"), words("returns.beyond"), words("returns.band"))
    charts.draw(charts.dots(rows, names), "dots", words("returns.dots_alt"), saved=pictures.saved(view, words("returns.dots"), "dots"))


def _table(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    heading(words("returns.table"))
    _said(desk)
    files = {each.path for each in desk.returns}
    one = words.gap + words("returns.one_file", file=_file(view, min(files))) if len(files) == 1 else ""
    note(words("returns.table_said") + one)
    heads = [
        (words("returns.district"), "w"),
        *((words(f"returns.head_{figure}"), "n") for figure in FIGURES),
        (words("returns.line"), "n") if len(files) == 1 else (words("returns.file_line"), "t"),
        (words("returns.found"), "t"),
    ]
    rows, marks = [], []
    whole = desk.total
    if whole is not None:
        line = [_compared(view, figure, whole[figure], desk.of_city(figure) if figure in COUNTED else None) for figure in FIGURES]
        if _gives_away(desk):
            line[FIGURES.index("members")] = f"<b>{show.SUPPRESSED}</b> / {show.NOT_APPLICABLE}"
        rows.append([escape(words("returns.city")), *line, "", ""])
        marks.append("line")
    for each in sorted(desk.returns, key=lambda each: (each.place is None, each.place or "", not each.own_code, each.code)):
        name = text(label(view, each))
        if each.place is None:
            name += f"<br><small>{escape(words('returns.nowhere'))}</small>"
        elif each.outside:
            name += f'<br><small class="worse">◆ {escape(words("returns.beyond"))}</small>'
        if desk.must(each.code):
            name += f'<br><small class="worse">◆ {escape(words("returns.must_mark"))}</small>'
        line = [_compared(view, figure, each.reported[figure], each.counted.get(figure)) for figure in FIGURES]
        file = str(each.line) if len(files) == 1 else text(f"{_file(view, each.path)} {each.line}")
        leads = "<br>".join(reporting.lead_link(view, row) for row in desk.leads_on(each.code))
        rows.append([name, *line, file, leads])
        marks.append("quiet" if each.place is None else "bad" if each.outside or desk.must(each.code) else "")
    table(words("returns.table"), heads, rows, marks)


def _least(view: View, figure: str) -> int:
    """The smallest number that is shown: of members few are x."""
    return view.least if figure == "members" else 0


def _gives_away(desk: Desk) -> bool:
    """Whether the city's members, less those of the districts that are shown, would tell of a district that has few."""
    return any(show.small_value(each.reported["members"], desk.view.least) == show.SUPPRESSED for each in desk.returns)


def _compared(view: View, figure: str, reported: int, counted: int | None) -> str:
    """`73 / 70`, below it `+3 (+4.3%)`; the reported alone where the ledgers have nothing of the kind."""
    if figure not in COUNTED:
        return f"<b>{show.small(reported, _least(view, figure))}</b> / {show.NOT_APPLICABLE}"
    if counted is None:
        return f"<b>{show.count(reported)}</b> / {show.NOT_AVAILABLE}"
    apart = reported - counted
    share = Fraction(apart, counted) if counted else None
    said = f"{show.signed(apart)} ({percent(share)})" if apart else "0"
    return f"<b>{show.count(reported)}</b> / {show.count(counted)}<br><small>{said}</small>"


@dataclass(frozen=True)
class Point:
    """One month of a district: what was reported and counted of one figure, or in words why there is nothing."""

    period: str
    reported: int | None
    counted: int | None
    said: str

    @property
    def apart(self) -> int | None:
        return None if self.reported is None or self.counted is None else self.reported - self.counted


def points(view: View, found: Sequence[Reported], district: str, sector: str, figure: str) -> list[Point]:
    """A district over months, oldest first; what merged into it since is added up, and said."""
    words = view.words
    why = {"unpublished": "returns.unpublished", "unkept": "returns.kept_not", "nobody": "returns.none_at_all"}
    rows = []
    for month in found:
        codes = month.codes(district)
        if month.state != "there" or not codes:
            rows.append(Point(month.period, None, None, words(why.get(month.state, "returns.not_yet"))))
            continue
        names = words("mark.list").join(month.picture.units[("district", code)]["name"] for code in codes)
        both = joined(month.returns, codes, sector)
        if both is None:
            said = words("returns.not_reported") if len(codes) == 1 else words("returns.part_only", names=names)
            rows.append(Point(month.period, None, None, said))
            continue
        reported, counted = both
        said = words("returns.merged", names=names) if len(codes) > 1 else ""
        rows.append(Point(month.period, reported[figure], counted.get(figure), said))
    return rows


def _months(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    if not desk.districts:
        return
    left, right, _ = st.columns([2, 3, 3], gap="small")
    with left:
        district = choices.choose(
            words("choose.district"), "district", desk.districts, _worst(desk), lambda code: cells.place_name(view, "district", code)
        )
    with right:
        say = lambda name: words.field(SOURCE, name)  # noqa: E731
        figure = choices.choose(words("choose.item"), "item", list(COUNTED), "covered", say)
    title = words("returns.months", place=_name(view, district))
    heading(title)
    _said(desk, cells.named(view, "choose.item", say(figure)))
    found = points(view, reporting.months(view.home, view.picture, MONTHS), district, desk.sector, figure)
    if not any(point.reported is not None for point in found):
        empty(words, "returns.months_none")
    else:
        _lines(view, found, figure, _name(view, district))
    heads = [(words("returns.month"), "w"), *((words(f"returns.{head}"), "n") for head in ("reported", "counted", "apart", "share"))]
    rows = []
    for point in reversed(found):
        share = Fraction(point.apart, point.counted) if point.apart is not None and point.counted else None
        apart = point.apart is not None
        outside = apart and figure == "covered" and abs(point.apart) > permitted(point.counted)
        said = f"◆ {words('returns.beyond')}" if outside else ""
        rows.append(
            [
                escape(words.month(point.period)),
                show.small(point.reported, _least(view, figure)),
                show.count(point.counted),
                show.signed(point.apart),
                percent(share) if apart else show.NOT_AVAILABLE,
                text(words("mark.stop").join(each for each in (said, point.said) if each)),
            ]
        )
    table(title, [*heads, (words("returns.note"), "t")], rows)


def _worst(desk: Desk) -> str:
    """Who is looked at first: the district whose covered lie furthest from those counted."""
    known = [each for each in desk.returns if each.outside is not None]
    found = max(known, key=lambda each: (abs(each.difference("covered")), each.place), default=None)
    return found.place if found and found.place in desk.districts else desk.districts[0]


def _lines(view: View, found: Sequence[Point], figure: str, name: str) -> None:
    words = view.words
    band = figure == "covered"
    if band:
        note(words("returns.months_band"))
    series = []
    for key in ("reported", "counted"):
        least = _least(view, figure)
        heights = [None if 0 < (height or 0) < least else height for height in (getattr(point, key) for point in found)]
        said = [f"{words.month(point.period)} {show.count(height)}" for point, height in zip(found, heights, strict=True)]
        low = high = None
        if key == "counted" and band:
            low, high = ([None if h is None else float(h + sign * permitted(h)) for h in heights] for sign in (-1, 1))
        series.append(Trend(words(f"returns.{key}"), heights, said, low, high))
    saved = pictures.saved(view, name, "months")
    charts.draw(
        charts.trends(words, [point.period for point in found], series), "months", words("returns.months_alt", place=name), saved=saved
    )


def _definitions(view: View) -> list[tuple[str, str]]:
    words = view.words
    found = [(words.field(SOURCE, figure), words(f"returns.how_{figure}")) for figure in FIGURES]
    return [*found, (words("returns.standing_of"), words("returns.how_band", rule=words.card(rules()["return_differs"])))]


def _definition(view: View) -> None:
    with st.expander(view.words("returns.definition")):
        lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in _definitions(view))
        st.html(f'<dl class="lx-definition">{lines}</dl>')


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
        line = [_name(view, each.place) if each.place else words("returns.nowhere"), each.code, state]
        for figure in FIGURES:
            line.append(show.small_value(each.reported[figure], _least(view, figure)))
            if figure in COUNTED:
                share = each.share(figure)
                line += [each.counted[figure], each.difference(figure), None if share is None else float(share)]
        leads = words("mark.list").join(words.rule(row["rule"]) for row in desk.leads_on(each.code))
        rows.append([*line, each.path, each.line, leads])
    for code in desk.missing:
        line = [_name(view, code), code, words("returns.not_reported")]
        there = counted(reporting.finder(view.picture), desk.sector, code)
        for figure in FIGURES:
            line += [None, there[figure], None, None] if figure in COUNTED else [None]
        leads = words("mark.list").join(words.rule(row["rule"]) for row in desk.leads_on(code))
        rows.append([*line, *[None] * (len(columns) - len(line) - 1), leads])
    if view.reader.whole:
        rows.append(_book_city(desk, len(columns)))
    notes = [
        (words("choose.filed"), words.of("sector", desk.sector)),
        (words("choose.basis"), words.of("basis", view.signed)),
        *((words("returns.attention"), said) for said in _noted(desk)),
    ]
    return cells.book(view, columns, rows, notes, [list(pair) for pair in _definitions(view)], [_month_sheet(desk)])


def _book_city(desk: Desk, width: int) -> list:
    """The whole city: reported only where every district sent a return, and what the ledgers count."""
    words, whole = desk.view.words, desk.total
    line: list = [words("returns.city"), None, None if whole else words("returns.not_added")]
    for figure in FIGURES:
        reported = whole[figure] if whole else None
        line.append(show.SUPPRESSED if figure == "members" and _gives_away(desk) else reported)
        if figure in COUNTED:
            there = desk.of_city(figure)
            difference = None if reported is None or there is None else reported - there
            line += [there, difference, difference / there if difference is not None and there else None]
    return [*line, *[None] * (width - len(line))]


def _noted(desk: Desk) -> list[str]:
    words = desk.view.words
    names = words("mark.list").join(_name(desk.view, code) for code in desk.missing)
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
        [_name(view, district), point.period, point.reported, point.counted, point.apart, point.said]
        for district in desk.districts
        for point in points(view, found, district, desk.sector, "covered")
    ]
    return Sheet(words("returns.sheet_months"), columns, rows)


PAGE = Page("returns", ":material/compare_arrows:", render, ("filed", "district", "item"))
