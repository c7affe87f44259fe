"""Charts before they are drawn: where everything stands from 0 to 1, and what is written at it. chart.typ draws them.

What belongs here: axes and their few ticks, values as they are written, labels that fit; and a chart as a picture for DOCX.
"""

import json
from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor, isfinite

from data.words import Words
from pipelines.briefing import typesetter
from pipelines.briefing.document import Bars, Chart, Ledger, Lines, Series
from pipelines.briefing.setting import breakable, cut, shown
from transforms import show

# A point at least: on a finer axis every breath of a rate looks like a move.
STEPS = [Fraction(step) for step in ("0.01", "0.02", "0.05", "0.1", "0.2", "0.25", "0.5", "1", "2", "5", "10")]
SERIES = 3  # told apart by dash and marker; more can't be
LABEL = 22  # letters, a Chinese one counts two
CUT_BELOW = Fraction(1, 2)  # where all of a ledger lies above this share of its highest bar, its axis starts later


def prepared(chart: Chart, words: Words) -> dict:
    """A chart as chart.typ takes it."""
    made = {Lines: _lines, Ledger: _ledger, Bars: _bars}[type(chart)](chart, words)
    return {"title": breakable(chart.title), "alt": shown(chart.alt) or shown(chart.title), "empty": ""} | made


def chart_png(chart: Chart, lang: str, width: int = 75) -> bytes:
    """A chart as a picture, `width` in mm."""
    given = {"chart": prepared(chart, Words(lang)), "width": width, "lang": lang}
    return typesetter.picture(json.dumps(given))


def _lines(chart: Lines, words: Words) -> dict:
    series = [Series(each.label, tuple(map(_known, each.values))) for each in chart.series[:SERIES]]
    low, high, step = axis(value for each in series for value in each.values if value is not None)
    number = max(len(chart.months), *(len(each.values) for each in series), 1) if series else len(chart.months)
    if not any(value is not None for each in series for value in each.values):
        return {"kind": "lines", "empty": words("setting.chart_empty")}

    def across(place: int) -> float:
        return place / (number - 1) if number > 1 else 0.5

    made = []
    for each in series:
        there = [(across(place), _at(value, low, high)) for place, value in enumerate(each.values) if value is not None]
        values = [value for value in each.values if value is not None]
        made.append(
            {
                "label": cut(each.label, LABEL),
                "runs": _runs(each.values, across, low, high),
                "first": percent(values[0]) if values else show.NOT_AVAILABLE,
                "last": percent(values[-1]) if values and each.values[-1] is not None else show.NOT_AVAILABLE,
                "first_at": there[0][1] if there else 0,
                "last_at": there[-1][1] if there else 0,
            }
        )
    return {
        "kind": "lines",
        "ticks": _ticks(low, high, step),
        "months": [{"at": across(place), "shown": cut(month, LABEL)} for place, month in enumerate(chart.months)],
        "series": made,
    }


def _runs(values: tuple[float | None, ...], across, low: Fraction, high: Fraction) -> list[list[tuple[float, float]]]:
    """The parts of a line: a month that is not there is not drawn through."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((across(place), _at(value, low, high)))
    return [run for run in runs if run]


def _ledger(chart: Ledger, words: Words) -> dict:
    if not chart.steps:
        return {"kind": "ledger", "empty": words("setting.chart_empty")}
    levels = [level for step in chart.steps for level in (step.start + step.size, *(() if step.look == "total" else (step.start,)))]
    highest, lowest = max(0, *levels), min(levels)
    later = lowest > highest * CUT_BELOW
    # What is cut off is the same for all bars; a quarter of what is left stands for it.
    least = Fraction(lowest) - Fraction(highest - lowest, 2) if later else Fraction(min(0, lowest))
    least = max(Fraction(0), least) if later else least
    most = Fraction(highest) if highest > least else least + 1

    def at(level: int | Fraction) -> float:
        return float((max(Fraction(level), least) - least) / (most - least))

    steps = []
    for step in chart.steps:
        start, end = (0 if step.look == "total" else step.start), step.start + step.size
        steps.append(
            {
                "label": cut(step.label, LABEL),
                "shown": cut(step.shown, LABEL),
                "look": step.look,
                "low": at(min(start, end)),
                "high": at(max(start, end)),
                "level": at(end),
            }
        )
    return {"kind": "ledger", "steps": steps, "cut": words("setting.axis_cut") if later and least > 0 else ""}


def _bars(chart: Bars, words: Words) -> dict:
    if not chart.bars:
        return {"kind": "bars", "empty": words("setting.chart_empty")}
    line = _known(chart.line)
    sides = [side for bar in chart.bars if bar.value is not None for side in (bar.value, bar.low, bar.high)] + [line]
    low, high, step = axis(each for each in map(_known, sides) if each is not None)

    def at(value: float | None) -> float | None:
        return None if _known(value) is None else _at(value, low, high)

    made = [
        {
            "label": cut(bar.label, LABEL),
            "shown": cut(bar.shown, LABEL),
            "value": at(bar.value),
            "low": at(bar.low) if bar.high is not None else None,
            "high": at(bar.high),
        }
        for bar in chart.bars
    ]
    return {"kind": "bars", "ticks": _ticks(low, high, step), "bars": made, "line": at(line), "line_shown": cut(chart.line_shown, LABEL)}


def axis(values: Iterable[float]) -> tuple[Fraction, Fraction, Fraction]:
    """From where to where, and by which step: round numbers around all values, in at most five ticks."""
    exact = [Fraction(str(value)) for value in values] or [Fraction(0), Fraction(1)]
    low, high = min(exact), max(exact)
    for step in STEPS:
        first, last = floor(low / step), ceil(high / step)
        last += first == last
        if last - first <= 4:
            return first * step, last * step, step
    return low, max(high, low + 1), max(high - low, Fraction(1))


def percent(value: float) -> str:
    """A drawn value as it is written: 0.7085 is 70.9%."""
    return f"{show.half_up(Fraction(str(value)) * 100, 1):,}%"


def _ticks(low: Fraction, high: Fraction, step: Fraction) -> list[dict]:
    return [
        {"at": float((low + number * step - low) / (high - low)), "shown": f"{show.half_up((low + number * step) * 100)}%"}
        for number in range(int((high - low) / step) + 1)
    ]


def _at(value: float, low: Fraction, high: Fraction) -> float:
    return float((Fraction(str(value)) - low) / (high - low))


def _known(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
