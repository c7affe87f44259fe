"""A district's returns over thirteen months, beside what was counted. Part of screens/returns.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

import streamlit as st

from dashboards import cells, charts, choices, pictures, reporting
from dashboards.charts import Trend
from dashboards.parts import empty, heading, note, table, text
from dashboards.reporting import Reported
from dashboards.returns.desk import MONTHS, SOURCE, Desk, least, name_of, percent, say
from dashboards.shell import View
from transforms import show
from transforms.returns import COUNTED, joined, permitted


def render(desk: Desk) -> None:
    view, words = desk.view, desk.view.words
    if not desk.districts:
        return
    left, right, _ = st.columns([2, 3, 3], gap="small")
    with left:
        district = choices.choose(
            words("choose.district"), "district", desk.districts, _worst(desk), lambda code: cells.place_name(view, "district", code)
        )
    with right:
        named = lambda name: words.field(SOURCE, name)  # noqa: E731
        figure = choices.choose(words("choose.item"), "item", list(COUNTED), "covered", named)
    title = words("returns.months", place=name_of(view, district))
    heading(title)
    say(desk, cells.named(view, "choose.item", named(figure)))
    found = points(view, reporting.months(view.home, view.picture, MONTHS), district, desk.sector, figure)
    if not any(point.reported is not None for point in found):
        empty(words, "returns.months_none")
    else:
        _lines(view, found, figure, name_of(view, district))
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
                show.small(point.reported, least(view, figure)),
                show.count(point.counted),
                show.signed(point.apart),
                percent(share) if apart else show.NOT_AVAILABLE,
                text(words("mark.stop").join(each for each in (said, point.said) if each)),
            ]
        )
    table(title, [*heads, (words("returns.note"), "t")], rows)


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
        smallest = least(view, figure)
        heights = [None if 0 < (height or 0) < smallest else height for height in (getattr(point, key) for point in found)]
        said = [f"{words.month(point.period)} {show.count(height)}" for point, height in zip(found, heights, strict=True)]
        low = high = None
        if key == "counted" and band:
            low, high = ([None if h is None else float(h + sign * permitted(h)) for h in heights] for sign in (-1, 1))
        series.append(Trend(words(f"returns.{key}"), heights, said, low, high))
    saved = pictures.saved(view, name, "months")
    charts.draw(
        charts.trends(words, [point.period for point in found], series), "months", words("returns.months_alt", place=name), saved=saved
    )
