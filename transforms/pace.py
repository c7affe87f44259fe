"""Where a target stands, and whether the present pace will reach it in time.

What belongs here: pure functions over a row of table targets and the figure that it speaks of, and their sentence. The table's numbers are
literal (how much is to be *added* to a numerator); of a figure that is better when it is lower, what is to be *taken off* is counted here.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from data.contracts import MetricCard
from data.figures import Figure
from data.periods import add_months, months_between
from data.words import MANY, Words
from transforms import show

# In the order in which a reader should look at them.
STATES = ("overdue", "stalled", "late", "unclear", "on_course", "reached", "unknown")
FAR = 120  # months: beyond ten years a month of arrival says nothing
# What the numerator of a figure is counted in, by family, and where a metric differs from its family.
COUNTED = {"entity": "units", "organisation": "organisations", "park": "parks", "staffing": "people", "area": "people"}
COUNTED_OTHERWISE = {
    "member_density": "people",
    "joint_load": "units",
    "park_unit_share": "units",
    "park_employee_share": "people",
    "activity_funding": "yuan",
    "allowance_funding": "yuan",
}


@dataclass(frozen=True)
class Standing:
    """Of one target. `missing` and the paces point the way that helps: units to add, or to take off where lower is better. `leaps`: the
    source that came too seldom for a pace, which is then none."""

    state: str
    missing: int | None = None
    needed: Fraction | None = None
    recent: Fraction | None = None
    expected: str | None = None
    gap: Fraction | None = None  # what is left to the target, in the figure's own measure; negative where it is passed
    down: bool = False
    leaps: str | None = None


def judged(row: dict[str, Any], figure: Figure, direction: str, leaps: str | None = None) -> Standing:
    """How a target stands at its period, by the way that is better. leaps: a source of the figure that was delivered less than twice in
    the months of the pace (deliveries_of.py)."""
    down = direction == "down"
    if row["value"] is None or figure.exact is None:
        return Standing("unknown", down=down)
    goal = Fraction(str(row["target"]))
    gap = figure.exact - goal if down else goal - figure.exact
    if down:
        most = goal * figure.denominator
        missing = max(0, figure.numerator - most.numerator // most.denominator)
    else:
        missing = row["units_missing"]
    months = months_between(row["period"], row["due"])
    needed = Fraction(missing, months) if months > 0 else None
    recent = None if leaps else _recent(row["pace_recent"], down)
    expected = None
    if missing and recent is not None and recent > 0:
        steps = -(-Fraction(missing) // recent)
        expected = add_months(row["period"], int(steps)) if steps <= FAR else None
    unpaced = leaps if row["pace_recent"] is not None else None
    return Standing(_state(missing, months, recent, expected, row["due"]), missing, needed, recent, expected, gap, down, unpaced)


def _recent(pace: float | None, down: bool) -> Fraction | None:
    if pace is None:
        return None
    # Whole units over whole months: the fraction that was divided, so that no month is lost to a binary digit.
    exact = Fraction(pace).limit_denominator(1200)
    return -exact if down else exact


def _state(missing: int, months: int, recent: Fraction | None, expected: str | None, due: str) -> str:
    if missing == 0:
        return "reached"
    if months <= 0:
        return "overdue"
    if recent is None:
        return "unclear"
    if recent <= 0:
        return "stalled"
    return "on_course" if expected is not None and expected <= due else "late"


def counted_in(words: Words, card: MetricCard, number: object = MANY) -> str:
    """The word for what a numerator counts: 家, 人, 个党组织, 元."""
    return words.of("unit", COUNTED_OTHERWISE.get(card.name) or COUNTED[card.family], number)


def amount(words: Words, card: MetricCard, number: int | Fraction | None) -> str:
    """`104家`, `14.5家`; a pace has one decimal."""
    if number is None:
        return show.NOT_AVAILABLE
    text = show.count(number) if isinstance(number, int) else f"{show.half_up(abs(number), 1):,}"
    return words("pace.amount", n=text, unit=counted_in(words, card, text))


def sentence(words: Words, row: dict[str, Any], standing: Standing, card: MetricCard) -> str:
    """Whether the target will be reached in time, in a plain sentence."""
    due = words.month(row["due"])
    say = lambda number: amount(words, card, number)  # noqa: E731
    if standing.state == "unknown":
        return words("pace.unknown")
    recent = standing.recent
    if standing.state == "reached":
        falling = recent is not None and recent < 0
        return words(_turned("reached_falling", standing), pace=say(recent)) if falling else words("pace.reached")
    if standing.state == "overdue":
        passed = words(_turned("overdue", standing), due=due, missing=say(standing.missing))
        if standing.expected:
            passed += words.gap + words("pace.overdue_then", pace=say(recent), month=words.month(standing.expected))
        return passed
    if standing.state == "unclear":
        return words("pace.leaps", source=words.source(standing.leaps)) if standing.leaps else words("pace.unclear")
    if standing.state == "stalled":
        return words(_turned("stalled_back", standing), pace=say(recent)) if recent < 0 else words("pace.stalled")
    if standing.expected is None:
        return words("pace.late_far", pace=say(recent))
    month = words.month(standing.expected)
    if standing.state == "on_course":
        return words("pace.on_course", pace=say(recent), month=month, due=due)
    return words("pace.late", pace=say(recent), month=month, n=months_between(row["due"], standing.expected))


def _turned(name: str, standing: Standing) -> str:
    """The same sentence for a figure that is better when it is lower."""
    return f"pace.{name}_down" if standing.down else f"pace.{name}"


def gap_words(words: Words, standing: Standing, unit: str) -> str:
    """`差27.3个百分点`, `超出57.6个百分点`; a ratio differs in itself."""
    if standing.gap is None:
        return show.NOT_AVAILABLE
    size = show.half_up(abs(standing.gap) * (100 if unit == "rate" else 1), 1)
    number = f"{size:,} {words('unit.points')}" if unit == "rate" else f"{size:,}"
    if standing.gap == 0:
        return words("pace.just")
    side = "short" if standing.gap > 0 else "beyond"
    return words(_turned(side, standing), gap=number)
