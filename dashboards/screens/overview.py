"""总览: in ten seconds, where the city stands, what moved, where most, and who is behind."""

from html import escape

import streamlit as st

from dashboards import charts, comparison, show, store
from dashboards.compare import Place, behind, moved
from dashboards.parts import card, cards, cite_figure, empty, heading, note, table, text
from dashboards.shell import Page, View
from dashboards.show import Figure
from dashboards.store import Picture
from data.contracts import metrics
from data.periods import add_months

HEADLINE = ("org_coverage", "work_coverage", "resident_coverage", "single_rate")
SECTORS = ("all", "enterprise", "social_org")
AT_MOST = 6


def render(view: View) -> None:
    _headline(view)
    before, said = comparison.compared(view)
    found = comparison.places(view, "district", before)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _lines(view)
    with right:
        _by_sector(view)
    left, right = st.columns(2, gap="medium")
    with left:
        _moved(view, found, before, said)
    with right:
        _behind(view, found)


def _city(view: View, picture: Picture, metric: str, sector: str | None = None) -> Figure:
    return picture.figure(metric, "city", picture.city, sector or view.sector, view.basis)


def _headline(view: View) -> None:
    words = view.words
    heading(words("overview.headline"))
    view.said()
    year = add_months(view.picture.period, -12)
    year_ago = store.earlier(view.home, view.picture, year)
    previous = store.last_before(view.home, view.picture)
    made = []
    for metric in HEADLINE:
        now, one = _city(view, view.picture, metric), metrics()[metric]
        lines = [_against_year(view, now, year, _city(view, year_ago, metric) if year_ago else None, one.direction)]
        if previous and previous.period != year:
            lines.append(_against(view, "overview.against_previous", now, previous.period, _city(view, previous, metric), one.direction))
        if now.reason:
            lines = [("", escape(words.reason(now.reason)))]
        lines.append(_cited(view, metric, view.sector))
        data = {"metric": metric, "numerator": now.numerator, "denominator": now.denominator}
        made.append(
            card(words.card(one), show.figure(now, one.unit), show.n_of_n(now), lines, data, f"{view.sector_words} · {view.basis_words}")
        )
    cards([*made, _base_card(view, year, year_ago), _members_card(view, year, year_ago)])


def _cited(view: View, metric: str, sector: str) -> tuple[str, str]:
    """The code of the city's figure, as a line of its card."""
    return "", cite_figure(view.words, view.picture, metric, "city", view.picture.city, sector, view.basis)


def _opens(view: View, metric: str, kind: str, code: str, sector: str, figure: Figure) -> str:
    """n/N, as the way to the rows behind it."""
    return cite_figure(view.words, view.picture, metric, kind, code, sector, view.basis, show.n_of_n(figure))


def _against_year(view: View, now: Figure, year: str, old: Figure | None, direction: str) -> tuple[str, str]:
    if old is None:
        return "", escape(view.words("overview.no_year", month=view.words.month(year)))
    return _against(view, "overview.against_year", now, year, old, direction)


def _against(view: View, key: str, now: Figure, month: str, old: Figure, direction: str) -> tuple[str, str]:
    words = view.words
    difference = show.change(now, old)
    if difference is None:
        return "", escape(words("overview.no_change", month=words.month(month)))
    said = f"{show.arrow(difference, direction)} {show.points(difference)} {words('unit.points')}"
    return show.tone(difference, direction), f"{escape(words(key, month=words.month(month)))} <b>{escape(said)}</b>"


def _base_card(view: View, year: str, year_ago: Picture | None) -> str:
    """The base number: how many work objects there are, of what kind, and what share of the registered they are."""
    words = view.words
    now = _city(view, view.picture, "org_coverage")
    parts = {sector: show.count(_city(view, view.picture, "org_coverage", sector).denominator) for sector in SECTORS[1:]}
    recognised = _city(view, view.picture, "recognition_rate")
    lines = [("", escape(words("overview.base_parts", **parts)))]
    lines.append(("", escape(words("overview.base_of", registered=show.count(recognised.denominator), rate=show.figure(recognised)))))
    old = _city(view, year_ago, "org_coverage").denominator if year_ago else None
    lines += [_count_line(view, now.denominator, year, old, "unit.units"), _cited(view, "recognition_rate", view.sector)]
    data = {"metric": "base", "denominator": now.denominator}
    shown = show.headline(now.denominator, words.lang)
    return card(words("overview.base"), shown, words("unit.units"), lines, data, f"{view.sector_words} · {view.basis_words}")


def _members_card(view: View, year: str, year_ago: Picture | None) -> str:
    words = view.words
    find = lambda picture: picture.figure("irregular_member_share", "city", picture.city, "all", "-")  # noqa: E731
    now = find(view.picture)
    lines = [_count_line(view, now.denominator, year, find(year_ago).denominator if year_ago else None, "unit.people")]
    if now.denominator is None:
        lines = [("", escape(words.reason(now.reason or "absent")))]
    data = {"metric": "members", "denominator": now.denominator}
    return card(
        words("overview.members"),
        show.headline(now.denominator, words.lang),
        words("unit.people"),
        lines,
        data,
        words("overview.members_what"),
    )


def _count_line(view: View, now: int | None, year: str, old: int | None, unit: str) -> tuple[str, str]:
    words = view.words
    if now is None or old is None:
        known = store.earlier(view.home, view.picture, year) is not None
        return "", escape(words("overview.no_change" if known else "overview.no_year", month=words.month(year)))
    return (
        "even",
        f"{escape(words('overview.against_year', month=words.month(year)))} <b>{show.signed(now - old)} {escape(words(unit))}</b>",
    )


def _lines(view: View) -> None:
    words = view.words
    heading(words("overview.lines"))
    view.said()
    months = store.thirteen_months(view.home, view.picture)
    if sum(picture is not None for _, picture in months) < 2:
        note(words("overview.lines_one"))
    series = []
    for metric in HEADLINE:
        figures = [_city(view, picture, metric) if picture else show.ABSENT for _, picture in months]
        series.append((words.metric(metric), "rate", figures))
    names = [month for month, _ in months]
    charts.draw(charts.lines(words, names, series), "lines", words("overview.lines_alt"))
    unpublished = [words.month(month) for month, picture in months if picture is None]
    if unpublished:
        note(words("overview.lines_gap", months=_spans(unpublished, words("mark.list"))))
    for metric, (_, _, figures) in zip(HEADLINE, series, strict=True):
        for (month, picture), figure in zip(months, figures, strict=True):
            if picture and figure.reason:
                note(words("overview.lines_lack", metric=words.metric(metric), month=words.month(month), why=words.reason(figure.reason)))


def _spans(months: list[str], between: str) -> str:
    return between.join(months) if len(months) <= 4 else f"{between.join(months[:2])} … {months[-1]}"


def _by_sector(view: View) -> None:
    words = view.words
    heading(words("overview.by_sector"))
    view.said()
    heads = [(words("choose.metric"), "t"), *((words.of("sector", sector), "n") for sector in SECTORS)]
    rows = []
    for metric in HEADLINE:
        figures = [_city(view, view.picture, metric, sector) for sector in SECTORS]
        sides = [_opens(view, metric, "city", view.picture.city, sector, each) for sector, each in zip(SECTORS, figures, strict=True)]
        cells = (f"{show.figure(each)}<br><small>{side}</small>" for each, side in zip(figures, sides, strict=True))
        rows.append([escape(words.metric(metric)), *cells])
    table(words("overview.by_sector"), heads, rows)


def _moved(view: View, found: list[Place], before: Picture | None, said: str) -> None:
    words = view.words
    heading(words("overview.moved"))
    view.said(
        words.metric(view.metric),
        *([words("compare.change_from", month=words.month(before.period)) + _unit_of_changes(view)] if before else []),
    )
    if said:
        note(said)
    movers = moved(found)
    if before is None or not movers:
        empty(words, "overview.moved_none")
        return
    shown = movers if len(movers) <= 2 * AT_MOST else movers[:AT_MOST] + movers[-AT_MOST:]
    charts.draw(charts.changes(words, shown, view.card.unit, view.card.direction), "moved", words("overview.moved_alt"))
    lines = []
    for metric in HEADLINE:
        ranks = moved(found if metric == view.metric else comparison.places(view, "district", before, metric))
        if len(ranks) > 1:
            first, last = ranks[0], ranks[-1]
            up, down = (f"{show.points(place.change)} {words('unit.points')}" for place in (first, last))
            key = (
                "overview.moved_said"
                if last.change >= 0
                else "overview.moved_said_fell"
                if first.change > 0
                else "overview.moved_said_all_fell"
            )
            lines.append(words(key, metric=words.metric(metric), first=first.name, up=up, last=last.name, down=down))
    st.html("".join(f'<p class="lx-note">{text(line)}</p>' for line in lines) or "<span></span>")


def _unit_of_changes(view: View) -> str:
    words = view.words
    return f"{words('mark.open')}{words('unit.points')}{words('mark.close')}" if view.card.unit == "rate" else ""


def _behind(view: View, found: list[Place]) -> None:
    words = view.words
    line = comparison.city_line(view)
    heading(words("overview.behind"))
    view.said(words.metric(view.metric))
    rest = behind(found, line, view.card.direction)
    if not rest:
        empty(words, "overview.behind_none", minimum=view.minimum)
        return
    note(words("overview.behind_said", line=show.figure(line)))
    heads = [
        (words("compare.rank"), "n"),
        (words("compare.place"), "w"),
        (words("compare.value"), "n"),
        ("n/N", "n"),
        (words("overview.gap"), "n"),
        (words("overview.missing"), "n"),
    ]
    rows = [
        [
            str(place.rank),
            text(place.name),
            show.figure(place.figure),
            _opens(view, view.metric, "district", place.code, view.sector, place.figure),
            show.points(show.change(place.figure, line)),
            show.count(show.missing_to_reach(place.figure, line)),
        ]
        for place in rest[:AT_MOST]
    ]
    table(words("overview.behind"), heads, rows)
    small = [place.name for place in found if place.why_unranked == "small"]
    if small:
        note(words("overview.behind_small", names=words("mark.list").join(small), minimum=view.minimum))


PAGE = Page("overview", ":material/space_dashboard:", render, ("sector", "basis"))
