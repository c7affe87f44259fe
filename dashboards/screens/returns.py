"""申报与核算: what each district reported for the month against what the ledgers count, return by return, and over thirteen months."""

from fractions import Fraction
from html import escape

import streamlit as st

from dashboards import cells, charts, choices, pictures, reporting
from dashboards.charts import Dot
from dashboards.parts import card, cards, empty, heading, note, table, text
from dashboards.returns import months
from dashboards.returns.book import book
from dashboards.returns.desk import (
    Desk,
    apart,
    definitions,
    desk_of,
    file_of,
    gives_away,
    label,
    least,
    name_of,
    percent,
    say,
    sentences,
)
from dashboards.shell import Page, View
from dashboards.store import UNKNOWN
from expectations.rules.returns import FIGURES, SECTORS
from transforms import show
from transforms.returns import COUNTED, by_difference, permitted


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
    months.render(desk)
    _definition(view)


def _standing(desk: Desk) -> None:
    words = desk.view.words
    heading(words("returns.standing"))
    say(desk)
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


def _attention(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    heading(words("returns.attention"))
    found = [text(each) for each in sentences(desk)]
    if desk.missing:
        named = []
        for code in desk.missing:
            leads = [reporting.lead_link(view, row) for row in desk.leads_on(code)]
            named.append(text(name_of(view, code)) + (f" <small>{' '.join(leads)}</small>" if leads else ""))
        found.insert(0, escape(words("returns.missing", n=len(named))) + escape(words("mark.list")).join(named))
    found[len(desk.missing) > 0 : 0] = [escape(head) + text(names) for head, names in apart(desk)]
    if not found:
        note(words("returns.attention_none"))
        return
    st.html("".join(f'<p class="lx-said">· {each}</p>' for each in found))


def _dots(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    heading(words("returns.dots"))
    say(desk)
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
    say(desk)
    files = {each.path for each in desk.returns}
    one = words.gap + words("returns.one_file", file=file_of(view, min(files))) if len(files) == 1 else ""
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
        if gives_away(desk):
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
        file = str(each.line) if len(files) == 1 else text(f"{file_of(view, each.path)} {each.line}")
        leads = "<br>".join(reporting.lead_link(view, row) for row in desk.leads_on(each.code))
        rows.append([name, *line, file, leads])
        marks.append("quiet" if each.place is None else "bad" if each.outside or desk.must(each.code) else "")
    table(words("returns.table"), heads, rows, marks)


def _compared(view: View, figure: str, reported: int, counted: int | None) -> str:
    """`73 / 70`, below it `+3 (+4.3%)`; the reported alone where the ledgers have nothing of the kind."""
    if figure not in COUNTED:
        return f"<b>{show.small(reported, least(view, figure))}</b> / {show.NOT_APPLICABLE}"
    if counted is None:
        return f"<b>{show.count(reported)}</b> / {show.NOT_AVAILABLE}"
    apart = reported - counted
    share = Fraction(apart, counted) if counted else None
    said = f"{show.signed(apart)} ({percent(share)})" if apart else "0"
    return f"<b>{show.count(reported)}</b> / {show.count(counted)}<br><small>{said}</small>"


def _definition(view: View) -> None:
    with st.expander(view.words("returns.definition")):
        lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in definitions(view))
        st.html(f'<dl class="lx-definition">{lines}</dl>')


PAGE = Page("returns", ":material/compare_arrows:", render, ("filed", "district", "item"))
