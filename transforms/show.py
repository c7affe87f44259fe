"""How figures are written: the one place that rounds, signs, groups and marks what is not there.

What belongs here: numbers into text. Words live in data/locale/.
Published figures round half up (四舍五入), and Python and Polars do not: every shown rate is made here, from whole numbers.
"""

from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from data.figures import Figure

NOT_APPLICABLE = "—"
NOT_AVAILABLE = "…"
SUPPRESSED = "x"
MINUS = "−"
BEIJING = timezone(timedelta(hours=8))


def half_up(number: Fraction | Decimal | int | float, places: int = 0) -> Decimal:
    """Rounds half away from zero, exactly: 6.25 to one place is 6.3, and −6.25 is −6.3."""
    # A float is taken as it is written, for 0.35 means thirty-five hundredths and not the binary number beside it.
    exact = Fraction(str(number)) if isinstance(number, float) else Fraction(number)
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    rounded = Decimal(whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return -rounded if exact < 0 and whole else rounded


def count(number: int | None) -> str:
    """1,234; a number that is not there is …, a zero is 0."""
    return NOT_AVAILABLE if number is None else f"{number:,}".replace("-", MINUS)


def small(number: int | None, least: int) -> str:
    """A count of members: from 1 to under `least` it is x, for so few could be told apart; 0 stays 0."""
    return SUPPRESSED if number and number < least else count(number)


def small_value(number: int | None, least: int) -> int | str | None:
    """The same for a sheet, where a number stays a number."""
    return SUPPRESSED if number and number < least else number


def sides_value(fig: Figure) -> tuple[float | str | None, int | str | None, int | str | None]:
    """Value, n and N for a sheet: x for what is hidden, nothing for what is not there."""
    if fig.reason != "suppressed":
        return fig.value, fig.numerator, fig.denominator
    return SUPPRESSED, *(SUPPRESSED if side is None else side for side in (fig.numerator, fig.denominator))


def headline(number: int | None, lang: str = "zh") -> str:
    """Counts in headlines: 19.6万, 1.2亿. Under ten thousand, and in English, the number itself."""
    if number is None or lang != "zh" or abs(number) < 10_000:
        return count(number)
    # 99,999,999 would round to 10000.0万: what is shown decides the unit.
    ten_thousands = half_up(Fraction(number, 10_000), 1)
    if abs(ten_thousands) >= 10_000:
        return f"{half_up(Fraction(number, 100_000_000), 1):,}亿".replace("-", MINUS)
    return f"{ten_thousands:,}万".replace("-", MINUS)


def figure(fig: Figure, unit: str = "rate") -> str:
    """58.5 % as `58.5%`, a ratio as `5.8`; — does not apply, … not available, x suppressed."""
    if fig.value is None:
        return mark(fig.reason)
    exact = fig.exact
    if exact is None:
        exact = Fraction(str(fig.value))
    return f"{half_up(exact * 100, 1):,}%" if unit == "rate" else f"{half_up(exact, 1):,}"


def mark(reason: str | None) -> str:
    """The sign that stands where a figure has no value."""
    if reason == "no_denominator":
        return NOT_APPLICABLE
    return SUPPRESSED if reason == "suppressed" else NOT_AVAILABLE


def n_of_n(fig: Figure) -> str:
    """`280/479`: what stands beside every rate."""
    if fig.reason == "suppressed":
        return "/".join(SUPPRESSED if side is None else count(side) for side in (fig.numerator, fig.denominator))
    return f"{count(fig.numerator)}/{count(fig.denominator)}"


def n_of_n_headline(fig: Figure, lang: str = "zh") -> str:
    """The same for headlines, where money runs to millions: `233.9万/31.9万`."""
    if fig.reason == "suppressed":
        return n_of_n(fig)
    return f"{headline(fig.numerator, lang)}/{headline(fig.denominator, lang)}"


def change(now: Figure, before: Figure) -> Fraction | None:
    """The exact difference of two figures; None where one of them has no value."""
    if now.exact is None or before.exact is None:
        return None
    return now.exact - before.exact


def signed(number: Fraction | int | None, places: int = 0) -> str:
    """+12, −3, 0."""
    if number is None:
        return NOT_AVAILABLE
    rounded = half_up(number, places)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded):,}"


def points(difference: Fraction | None, unit: str = "rate") -> str:
    """A change of a rate in percentage points, of a ratio in itself; always signed, one decimal, no unit written."""
    if difference is None:
        return NOT_AVAILABLE
    return signed(difference * 100 if unit == "rate" else difference, 1)


def arrow(difference: Fraction | None, direction: str) -> str:
    """Up or down, so that a change does not hang on its colour alone."""
    if not difference or direction == "none":
        return ""
    return "▲" if difference > 0 else "▼"


def tone(difference: Fraction | None, direction: str) -> str:
    """`better`, `worse` or `even`, by which way is better."""
    if not difference or direction == "none":
        return "even"
    return "better" if (difference > 0) == (direction == "up") else "worse"


def times(ratio: Fraction | None, goal: int) -> str:
    """`1.58`: how many times as much. What has not reached the goal is never rounded up to it: 1.996 of 2 is `<2.00`."""
    if ratio is None:
        return NOT_APPLICABLE
    rounded = half_up(ratio, 2)
    return f"<{goal:,}.00" if ratio < goal <= rounded else f"{rounded:,}"


def missing_to_reach(now: Figure, goal: Figure) -> int | None:
    """The smallest whole number that, added to the numerator, reaches the goal's rate (0 when reached)."""
    if now.exact is None or goal.exact is None or now.numerator is None or not now.denominator:
        return None
    needed = goal.exact * now.denominator
    return max(0, -(-needed.numerator // needed.denominator) - now.numerator)


def beijing(stamp: str) -> str:
    """`2018-01-05 09:12`, from an ISO time in UTC; a stamp of another form stays as it is."""
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
