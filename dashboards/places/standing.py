"""Where a district or park stands: headline figures against last month, a year ago, the city and the target, and their line over the year.

What belongs here: the first screen of the page of one place. What is due next is places/todo.py's, the sections below are
places/grids.py's.
"""

from fractions import Fraction
from html import escape

import streamlit as st

from dashboards import aims, charts, grid, parts, pictures
from dashboards.parts import card, cards, heading, note
from dashboards.places.desk import HEADLINE, Spot
from data.contracts import metrics
from data.figures import Figure
from transforms import pace, show

LINES = ("org_coverage", "work_coverage")


def draw_cards(spot: Spot) -> None:
    words = spot.view.words
    heading(words("place.standing"))
    spot.view.said(spot.unit.name)
    cards([*(_card(spot, metric) for metric in HEADLINE), _base(spot), _nearest(spot)])


def _cited(spot: Spot, metric: str, shown: str = "") -> str:
    return parts.cite_figure(spot.view.words, spot.view.picture, metric, spot.kind, spot.code, "all", spot.view.signed, shown)


def _card(spot: Spot, metric: str) -> str:
    words, own, now = spot.view.words, metrics()[metric], spot.figure(metric)
    lines = [("", escape(words.reason(now.reason)))] if now.reason else _against(spot, metric, now)
    city = spot.city(metric)
    apart = show.change(now, city)
    beside = f"{words.gap}<b>{escape(words(_beside(apart), points=show.half_up(abs(apart) * 100, 1)))}</b>" if apart else ""
    lines.append(("", escape(words("place.city_line", value=show.figure(city, own.unit))) + beside))
    lines += [("", escape(line)) for line in _targets(spot, metric)]
    lines.append(("", _cited(spot, metric)))
    data = {"metric": metric, "numerator": now.numerator, "denominator": now.denominator}
    small = words("basis.signed", name=words.of("basis", spot.view.signed))
    return card(words.card(own), show.figure(now, own.unit), show.n_of_n(now), lines, data, small)


def _beside(apart: Fraction) -> str:
    return "place.above" if apart > 0 else "place.below"


def _against(spot: Spot, metric: str, now: Figure) -> list[tuple[str, str]]:
    """Last month and a year ago; a month that is not published is said once, under the lines."""
    words, direction, lines = spot.view.words, metrics()[metric].direction, []
    for key, picture in (("place.against_previous", spot.before), ("place.against_year", spot.year_ago)):
        if picture is None or (key == "place.against_previous" and picture is spot.year_ago):
            continue
        difference = show.change(now, spot.then(picture, metric))
        if difference is None:
            lines.append(("", escape(words("place.no_change", month=words.month(picture.period)))))
            continue
        said = f"{show.arrow(difference, direction)} {show.points(difference)} {words('unit.points')}".strip()
        line = f"{escape(words(key, month=words.month(picture.period)))} <b>{escape(said)}</b>"
        lines.append((show.tone(difference, direction), line))
    return lines


def _targets(spot: Spot, metric: str) -> list[str]:
    """The targets of this figure, own ones, of whatever sector."""
    words, found = spot.view.words, []
    for aim in spot.aims:
        if aim.card.name == metric:
            of = aims.sector_of(spot.view, aim)
            goal = words("place.target", target=aims.goal_words(aim), due=words.month(aim.row["due"]))
            missing = aim.standing.missing
            rest = "" if missing is None else words("place.reached") if not missing else words("place.lacks", n=show.count(missing))
            found.append(f"{of}{words('mark.colon') if of else ''}{goal}{words('mark.list') if rest else ''}{rest}")
    return found


def _base(spot: Spot) -> str:
    """The base number: how many work objects, of what kind, of how many registered."""
    words, now = spot.view.words, spot.figure("org_coverage")
    sectors = {sector: show.count(spot.figure("org_coverage", sector).denominator) for sector in ("enterprise", "social_org")}
    recognised = spot.figure("recognition_rate")
    lines = [("", escape(words("place.base_parts", **sectors)))]
    lines.append(("", escape(words("place.base_of", registered=show.count(recognised.denominator), rate=show.figure(recognised)))))
    if spot.year_ago:
        old = spot.then(spot.year_ago, "org_coverage").denominator
        if None not in (now.denominator, old):
            month = escape(words("place.against_year", month=words.month(spot.year_ago.period)))
            lines.append(("even", f"{month} <b>{show.signed(now.denominator - old)} {escape(words('unit.units'))}</b>"))
    lines.append(("", _cited(spot, "recognition_rate")))
    data = {"metric": "base", "denominator": now.denominator}
    return card(words("place.base"), show.headline(now.denominator, words.lang), words("unit.units"), lines, data)


def _nearest(spot: Spot) -> str:
    """The target that is due first and not reached; own ones before the city's."""
    words = spot.view.words
    title = words("place.nearest")
    if not spot.goals:
        said = words("place.all_reached" if spot.aims else "place.no_target")
        return card(title, show.NOT_APPLICABLE, "", [("", escape(said))], {"metric": "nearest"})
    goal = min(spot.goals, key=lambda goal: (not goal.own, goal.due, goal.missing))
    figure, own = spot.figure(goal.metric, goal.sector), metrics()[goal.metric]
    name = aims.measure_of(spot.view, goal.metric, spot.kind, goal.sector)
    asked = words(
        "place.target" if goal.own else "place.target_city", target=show.figure(Figure(value=goal.target)), due=words.month(goal.due)
    )
    opened = parts.cite_figure(
        words, spot.view.picture, goal.metric, spot.kind, spot.code, goal.sector, spot.view.signed, show.n_of_n(figure)
    )
    lines = [("", f"<b>{escape(name)}</b>"), ("", escape(asked)), ("", f"{escape(words('place.now'))} {show.figure(figure)} {opened}")]
    aim = next(
        (aim for aim in spot.aims if (aim.card.name, aim.row["sector"], aim.row["due"]) == (goal.metric, goal.sector, goal.due)), None
    )
    if aim and aim.standing.needed is not None:
        lines.append(("", escape(pace.sentence(words, aim.row, aim.standing, aim.card))))
    return card(
        title, show.count(goal.missing), pace.counted_in(words, own, goal.missing), lines, {"metric": "nearest", "missing": goal.missing}
    )


def draw_lines(spot: Spot) -> None:
    """Both coverages over thirteen months beside the city's."""
    words, months = spot.view.words, spot.months
    heading(words("place.lines"))
    spot.view.said(spot.unit.name)
    series = []
    for metric in LINES:
        name = words.metric(metric)
        series.append((name, "rate", [spot.then(picture, metric) for _, picture in months]))
        series.append((words("place.of_city", name=name), "rate", [spot.in_city(picture, metric) for _, picture in months]))
    charts.draw(
        charts.lines(words, [month for month, _ in months], series),
        f"place_lines_{spot.kind}_{spot.code}",
        words("place.lines_alt", name=spot.unit.name),
        saved=pictures.saved(spot.view, words("place.lines"), f"{spot.code}_months", spot.unit.name),
    )
    published = sum(picture is not None for _, picture in months)
    if published < len(months):
        note(words("place.gaps", n=len(months) - published))
    with st.expander(words("place.by_month")):
        grid.draw(spot.view, by_month(spot))


def by_month(spot: Spot) -> grid.Grid:
    """The lines as a table, the newest month first."""
    words, months = spot.view.words, [each for each in reversed(spot.months) if each[1] is not None]
    heads = [grid.Head(words("choose.period"), "w", "text")]
    for metric in LINES:
        name = words.metric(metric)
        heads += [grid.Head(name, "n", "rate"), grid.Head(words("place.of_city", name=name), "n", "rate")]
    rows = [
        [words.month(month), *(found for metric in LINES for found in (spot.then(picture, metric), spot.in_city(picture, metric)))]
        for month, picture in months
    ]
    return grid.Grid(words("place.by_month"), heads, rows)
