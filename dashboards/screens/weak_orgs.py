"""软弱涣散倒排: the organisations with the most weaknesses, what each lacks, what would take it off the list, and since when it is on."""

from collections import Counter
from collections.abc import Sequence
from html import escape

import polars as pl
import streamlit as st

from dashboards import cells, choices, lists, reporting, store, weak_org_sources
from dashboards.export import Book, Column
from dashboards.parts import card, cards, cite_figure, empty, heading, note, table, text
from dashboards.shell import Page, View
from dashboards.store import Picture
from data.figures import Figure
from transforms import show

ALL = "all"
# In the order of the contract.
SIGNS = ("no_secretary", "term_overdue", "no_meetings", "few_members", "eight_haves", "irregular_members")
CHOICES = ("district", "sign", "since")
NEEDS = ("registration", "social_org", "party_org", "org_link", "member")


def render(view: View) -> None:
    words, found = view.words, view.picture.weak_orgs
    if found is None:
        empty(words, "weak_orgs.not_here")
        return
    if not found.height:
        lacking = [name for name in NEEDS if name in view.picture.manifest.get("missing", ())]
        named = words("mark.list").join(words.source(name) for name in lacking)
        none = "weak_orgs.empty" if view.reader.whole else "weak_orgs.empty_area"
        empty(words, "weak_orgs.lacking", sources=named) if lacking else empty(words, none, "weak_orgs.empty_do")
        return
    before = _before(view)
    _opened(view, found)
    _standing(view, found, before)
    _signs(view, found)
    _list(view, found)
    _gone(view, found, before)
    weak_org_sources.expander(view, SIGNS)


def signs_of(row: dict) -> list[str]:
    return [sign for sign in row["signs"].split(",") if sign]


def _opened(view: View, found: pl.DataFrame) -> None:
    """The organisation that a link asked for, above the list that it stands on."""
    code = choices.keep("org", choices.settle("org", (weak_org_sources.NONE, *found["org_code"]), weak_org_sources.NONE))
    if code != weak_org_sources.NONE:
        row = found.filter(pl.col("org_code") == code).row(0, named=True)
        said = [f"{sign_words(view, sign, row)} → {view.words(f'remedy.{sign}')}" for sign in signs_of(row)]
        back = _way(view, view.words("weak_orgs.back"), **_kept(view))
        weak_org_sources.draw(view, row, said, back)


def _kept(view: View) -> dict[str, str]:
    """What of the list was chosen, for links."""
    return {name: value for name in CHOICES if (value := choices.kept(name)) and value != ALL}


def _way(view: View, shown: str, **chosen: str) -> str:
    """The list filtered, as a link."""
    return reporting.page_link(view, "weak_orgs", shown, **chosen)


def chosen(found: pl.DataFrame, district: str, sign: str) -> pl.DataFrame:
    """The rows of a district that show a sign."""
    if district != ALL:
        found = found.filter(pl.col("district_code") == district)
    return found if sign == ALL else found.filter(pl.col("signs").str.split(",").list.contains(sign))


def tenth(active: int) -> int:
    """How many make a tenth, rounded up."""
    return -(-active // 10)


def _before(view: View) -> Picture | None:
    months = [period for period in store.published(view.home) if period < view.picture.period]
    found = store.looked_back(view.home, view.picture, max(months)) if months else None
    return found if found is not None and found.weak_orgs is not None and found.weak_orgs.height else None


def _standing(view: View, found: pl.DataFrame, before: Picture | None) -> None:
    words, picture = view.words, view.picture
    heading(words("weak_orgs.standing"))
    view.said()
    active = picture.figure("term_overdue", "city", picture.city, "all", "-").denominator
    lines = []
    if active is not None:
        most = tenth(active)
        # The code that opens is that of the active organisations, not of the list: it stands on their number.
        opens = cite_figure(words, picture, "term_overdue", "city", picture.city, "all", "-", show.count(active))
        # The list is the city's whoever reads it: how many of it lie in one area says nothing of its length.
        whole = view.reader.whole
        said = words("weak_orgs.on_it_of" if whole else "weak_orgs.on_it_area", active="@", tenth=show.count(most))
        lines.append(("", escape(said).replace("@", opens)))
        if whole and found.height < most:
            lines.append(("", escape(words("weak_orgs.on_it_all"))))
    unit = words("unit.organisations")
    made = [card(words("weak_orgs.on_it"), show.count(found.height), unit, lines, {"weak": "on_it"})]
    against = words("weak_orgs.against", month=words.month(before.period)) if before else words("weak_orgs.no_earlier")
    came, left = (side.height for side in _moved(found, before)) if before else (None, None)
    lines = [("", escape(against)), *([("", _way(view, words("weak_orgs.see"), since=lists.NEW))] if came else [])]
    made.append(card(words("weak_orgs.new"), show.count(came), unit if before else "", lines, {"weak": "new"}))
    made.append(card(words("weak_orgs.left"), show.count(left), unit if before else "", [("", escape(against))], {"weak": "left"}))
    long = cells.waited(view, lists.waited(found, "6", picture.period).height)
    said = words("weak_orgs.long_unknown" if long is None else "weak_orgs.long_said")
    lines = [("", escape(said)), *([("", _way(view, words("weak_orgs.see"), since="6"))] if long else [])]
    made.append(card(words("weak_orgs.long"), show.count(long), "" if long is None else unit, lines, {"weak": "long"}))
    cards(made)
    note(words("weak_orgs.how"))
    note(words("weak_orgs.off"))


def _moved(found: pl.DataFrame, before: Picture) -> tuple[pl.DataFrame, pl.DataFrame]:
    old = before.weak_orgs
    return found.join(old, on="org_code", how="anti"), old.join(found, on="org_code", how="anti")


def _signs(view: View, found: pl.DataFrame) -> None:
    words = view.words
    counted = Counter(sign for row in found.to_dicts() for sign in signs_of(row))
    heading(words("weak_orgs.signs"))
    view.said()
    heads = [
        (words("weak_orgs.sign"), "w"),
        (words("weak_orgs.count"), "n"),
        (words("weak_orgs.share"), "n"),
        (words("weak_orgs.remedy"), "l"),
    ]
    rows = []
    for sign in SIGNS:
        part = Figure(counted[sign], found.height, counted[sign] / found.height)
        of = show.n_of_n(part)
        share = f"{show.figure(part)} <small>{_way(view, of, sign=sign) if counted[sign] else of}</small>"
        rows.append([escape(words(f"sign.{sign}")), show.count(counted[sign]), share, escape(words(f"remedy.{sign}"))])
    table(words("weak_orgs.signs"), heads, rows)


def _list(view: View, found: pl.DataFrame) -> None:
    words = view.words
    heading(words("weak_orgs.list"))
    districts = {ALL: words("weak_orgs.all_districts" if view.reader.whole else "findings.all_area")}
    districts |= {code: cells.place_name(view, "district", code) for kind, code in view.picture.units if kind == "district"}
    left, right, last = st.columns([2, 3, 3], gap="small")
    with left:
        district = choices.choose(words("choose.district"), "district", list(districts), ALL, districts.__getitem__)
    with right:
        say = lambda code: words("weak_orgs.all_signs") if code == ALL else words(f"sign.{code}")  # noqa: E731
        sign = choices.choose(words("choose.sign"), "sign", (ALL, *SIGNS), ALL, say)
    stay = lambda code: words(f"weak_orgs.stay_{code}") if code in (ALL, lists.NEW) else words("weak_orgs.stay_months", n=code)  # noqa: E731
    with last:
        since = choices.choose(words("choose.since"), "since", lists.SINCE, ALL, stay)
    filters = []
    if district != ALL:
        filters.append(cells.named(view, "choose.district", districts[district]))
    if sign != ALL:
        filters.append(cells.named(view, "choose.sign", say(sign)))
    if since != ALL:
        filters.append(cells.named(view, "choose.since", stay(since)))
    view.said(*filters)
    rows = lists.waited(chosen(found, district, sign), since, view.picture.period)
    if not rows.height:
        empty(words, "weak_orgs.none")
        return
    cut = rows.height > lists.AT_MOST
    note(words("weak_orgs.opens"))
    note(words("weak_orgs.shown_cut" if cut else "weak_orgs.shown", n=show.count(rows.height), **({"shown": lists.AT_MOST} if cut else {})))
    cells.download(view, lambda: book(view, rows, filters))
    _table(view, rows.head(lists.AT_MOST))


def _table(view: View, rows: pl.DataFrame) -> None:
    words = view.words
    heads = [
        (words("weak_orgs.rank"), "n"),
        (words("weak_orgs.name"), "t"),
        (words("weak_orgs.district"), "w"),
        (words("weak_orgs.mode"), "w"),
        (words("weak_orgs.problems"), "l"),
        (words("weak_orgs.since"), "w"),
    ]
    body, kept = [], _kept(view)
    for row in rows.to_dicts():
        place = text(cells.place_name(view, "district", row["district_code"]))
        if row["park_code"]:
            place += f"<br><small>{text(cells.place_name(view, 'park', row['park_code']))}</small>"
        lines = [f"{escape(sign_words(view, sign, row))} → {escape(words(f'remedy.{sign}'))}" for sign in signs_of(row)]
        body.append(
            [
                str(row["rank"]),
                f"{weak_org_sources.way(view, row, **kept)}<br><small>{text(row['org_code'])}</small>",
                place,
                escape(words(f"mode.{row['mode']}")),
                "<br>".join(lines),
                cells.month_cell(view, row["since"], lists.months_on(row["since"], view.picture.period)),
            ]
        )
    table(words("weak_orgs.list"), heads, body)


def sign_words(view: View, sign: str, row: dict) -> str:
    """A sign with the date or number behind it, as far as that says nothing of a single member."""
    words = view.words
    if sign == "term_overdue" and row["term_ends_on"]:
        day = row["term_ends_on"]
        return words("sign.term_overdue_since", day=f"{day.year}年{day.month}月{day.day}日" if words.lang == "zh" else day.isoformat())
    if sign == "eight_haves" and row["eight_haves"] is not None:
        return words("sign.eight_haves_now", n=row["eight_haves"])
    return words(f"sign.{sign}")


def _gone(view: View, found: pl.DataFrame, before: Picture | None) -> None:
    """What was on the list before and is not: still active, or ended."""
    if before is None:
        return
    words, left = view.words, _moved(found, before)[1]
    if not left.height:
        return
    heading(words("weak_orgs.gone"))
    note(words("weak_orgs.against", month=words.month(before.period)))
    known = view.picture.optional("organisations")
    active = set(known["org_code"]) if known is not None else set()
    heads = [
        (words("weak_orgs.name"), "t"),
        (words("weak_orgs.district"), "w"),
        (words("weak_orgs.since"), "w"),
        (words("weak_orgs.gone_now"), "l"),
    ]
    rows = []
    for row in left.head(lists.AT_MOST).to_dicts():
        code = store.followed(view.home, row["district_code"], view.picture.period)
        rows.append(
            [
                f"{text(row['name'] or row['org_code'])}<br><small>{text(row['org_code'])}</small>",
                text(cells.place_name(view, "district", code)),
                text(words.month(row["since"])),
                escape(words("weak_orgs.gone_active" if row["org_code"] in active else "weak_orgs.gone_ended")),
            ]
        )
    table(words("weak_orgs.gone"), heads, rows)


def book(view: View, found: pl.DataFrame, filters: Sequence[str] = ()) -> Book:
    """The list in its order, a column a sign."""
    words = view.words
    columns = [
        Column(words("weak_orgs.rank"), "count"),
        Column(words("weak_orgs.code")),
        Column(words("weak_orgs.name")),
        Column(words("weak_orgs.district")),
        Column(words("compare.code")),
        Column(words("weak_orgs.park")),
        Column(words("weak_orgs.mode")),
        Column(words("weak_orgs.number"), "count"),
        *(Column(words(f"sign.{sign}"), what=words(f"remedy.{sign}")) for sign in SIGNS),
        Column(words("weak_orgs.remedies"), what=words("weak_orgs.off")),
        Column(words("weak_orgs.since")),
        Column(words("weak_orgs.months"), "count"),
    ]
    rows = [_line(view, row) for row in found.to_dicts()]
    notes = [tuple(said.split(words("mark.colon"), 1)) for said in filters]
    notes.append((words("export.rows"), show.count(found.height)))
    definitions = [list(each) for each in weak_org_sources.definitions(view, SIGNS)]
    definitions += [[words("weak_orgs.sign"), words("weak_orgs.remedy")]]
    definitions += [[words(f"sign.{sign}"), words(f"remedy.{sign}")] for sign in SIGNS]
    return cells.book(view, columns, rows, notes, definitions, weak_org_sources.sheet(view, found))


def _line(view: View, row: dict) -> list:
    words, signs = view.words, signs_of(row)
    return [
        row["rank"],
        row["org_code"],
        row["name"],
        cells.place_name(view, "district", row["district_code"]),
        row["district_code"],
        cells.place_name(view, "park", row["park_code"]),
        words(f"mode.{row['mode']}"),
        len(signs),
        *((sign_words(view, sign, row) if sign in signs else None) for sign in SIGNS),
        words("mark.stop").join(words(f"remedy.{sign}") for sign in signs),
        row["since"],
        lists.months_on(row["since"], view.picture.period),
    ]


PAGE = Page("weak_orgs", ":material/priority_high:", render, (*CHOICES, "org"), rows=True)
