"""Where the city stands: the headline figures with their last year in a line, against their target, the month before and a year ago.

What belongs here: the cards at the head of every home. What moved, why, and who is behind lie beside this file.
"""

from html import escape

import streamlit as st

from dashboards import aims, store
from dashboards.homes import drawn
from dashboards.parts import card, cite_figure, heading
from dashboards.shell import View
from dashboards.store import Picture
from data.contracts import metrics
from data.figures import ABSENT, Figure
from data.periods import add_months
from transforms import show
from transforms.what_next import by_due

HEADLINE = ("org_coverage", "work_coverage", "resident_coverage", "single_rate")
SECTORS = ("all", "enterprise", "social_org")


def city(view: View, picture: Picture | None, metric: str, sector: str | None = None) -> Figure:
    """The city's figure in a release; absent where that is not published."""
    return picture.figure(metric, "city", picture.city, sector or view.sector, view.basis) if picture else ABSENT


def opens(view: View, metric: str, kind: str, code: str, sector: str, figure: Figure) -> str:
    """n/N, as the way to the rows behind it."""
    return cite_figure(view.words, view.picture, metric, kind, code, sector, view.basis, show.n_of_n(figure))


def render(view: View) -> None:
    words = view.words
    year = add_months(view.picture.period, -12)
    year_ago, previous = store.earlier(view.home, view.picture, year), store.last_before(view.home, view.picture)
    previous = None if previous and previous.period == year else previous
    heading(words("overview.headline"))
    view.said(*(words("overview.compared", month=words.month(each.period)) for each in (year_ago, previous) if each))
    months = store.thirteen_months(view.home, view.picture)
    made = "".join(_card(view, metric, year_ago, previous, months) for metric in HEADLINE)
    st.html(f'<div class="lx-cards lx-heads">{made}</div>{_strip(view, year_ago)}')


def _card(view: View, metric: str, year_ago: Picture | None, previous: Picture | None, months: list) -> str:
    words, one = view.words, metrics()[metric]
    now = city(view, view.picture, metric)
    series = [city(view, picture, metric).exact for _, picture in months]
    first = next((at for at, value in enumerate(series) if value is not None), None)
    lines = []
    if first is not None:
        said = words("overview.spark", metric=words.card(one), month=words.month(months[first][0]), now=show.figure(now))
        lines.append(("spark", drawn.spark(series, said)))
    year = add_months(view.picture.period, -12)
    lines.append(_against(view, "overview.against_year", now, city(view, year_ago, metric), one.direction, year_ago, year))
    if previous:
        lines.append(
            _against(view, "overview.against_previous", now, city(view, previous, metric), one.direction, previous, previous.period)
        )
    if now.reason:
        lines = [("", escape(words.reason(now.reason)))]
    goal = _goal(view, metric)
    lines += [("", goal)] if goal else []
    data = {"metric": metric, "numerator": now.numerator, "denominator": now.denominator}
    beside = opens(view, metric, "city", view.picture.city, view.sector, now)
    return card(words.card(one), show.figure(now, one.unit), "", lines, data, opens=beside)


def _against(view: View, key: str, now: Figure, old: Figure, direction: str, there: Picture | None, month: str) -> tuple[str, str]:
    words = view.words
    difference = show.change(now, old)
    if difference is None:
        return "", escape(words("overview.no_change" if there else "overview.no_year", month=words.month(month)))
    said = f"{show.arrow(difference, direction)} {show.points(difference)} {words('unit.points')}"
    return show.tone(difference, direction), f"{escape(words(key))} <b>{escape(said)}</b>"


def _goal(view: View, metric: str) -> str:
    """Against the target that is due next; targets are measured on the signed basis alone."""
    rows = view.picture.targets
    if rows is None or view.basis != view.signed:
        return ""
    mine = [row for row in rows.to_dicts() if (row["metric"], row["sector"], row["unit_kind"]) == (metric, view.sector, "city")]
    if not mine:
        return ""
    row = min(mine, key=lambda each: by_due(each["due"], view.picture.period))
    _, aim = aims.aim_of(view, row, aims.wanted_of(view))
    words, missing = view.words, aim.standing.missing
    left = words("overview.goal_reached") if missing == 0 else words("overview.goal_missing", n=show.count(missing))
    return escape(words("overview.goal", goal=aims.goal_words(aim), due=words.month(row["due"]), left=left))


def _strip(view: View, year_ago: Picture | None) -> str:
    """How many there are: work objects, and members. In one line, for they are what the rates are of."""
    words = view.words
    now = city(view, view.picture, "org_coverage")
    parts = {sector: show.count(city(view, view.picture, "org_coverage", sector).denominator) for sector in SECTORS[1:]}
    recognised = city(view, view.picture, "recognition_rate")
    rate = f"{show.figure(recognised)} {opens(view, 'recognition_rate', 'city', view.picture.city, view.sector, recognised)}"
    # Of one sector there are no parts to name.
    base_said = words("overview.base_said", rate="@", **parts) if view.sector == "all" else words("overview.base_said_one", rate="@")
    said = escape(base_said).replace("@", rate)
    grown = _grown(view, now.denominator, city(view, year_ago, "org_coverage").denominator, "unit.units")
    base = _count(words("overview.base"), show.headline(now.denominator, words.lang), words("unit.units"), grown, said)
    people = lambda picture: picture.figure("irregular_member_share", "city", picture.city, "all", "-") if picture else ABSENT  # noqa: E731
    there = people(view.picture)
    shown = show.mark(there.reason) if there.denominator is None else show.headline(there.denominator, words.lang)
    grown = _grown(view, there.denominator, people(year_ago).denominator, "unit.people")
    whose = "overview.members_what" if view.sector == "all" else "overview.members_both"  # members are not counted by sector
    why = words.reason(there.reason) if there.denominator is None and there.reason else words(whose)
    members = _count(words("overview.members"), shown, words("unit.people"), grown, escape(why))
    return f'<p class="lx-strip"><span data-metric="base">{base}</span><span data-metric="members">{members}</span></p>'


def _count(name: str, number: str, unit: str, grown: str, said: str) -> str:
    return f"{escape(name)} <b>{escape(number)}</b> {escape(unit)} {grown}<small>{said}</small>"


def _grown(view: View, now: int | None, old: int | None, unit: str) -> str:
    if now is None or old is None:
        return ""
    said = f"{view.words('overview.against_year')} {show.signed(now - old)} {view.words(unit)}"
    return f"<small>{escape(said)}</small> "
