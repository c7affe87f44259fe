"""A leg of the doubling in words: its card, what is missing, how its ledger adds up, what made the rate move, at what pace.

What belongs here: what the page of the doubling and the page of one place share. The arithmetic is in growth.py.
"""

from collections.abc import Iterator
from html import escape

from dashboards.parts import card, cite
from dashboards.shell import View
from data.figures import Figure
from data.periods import months_between
from data.words import Words
from transforms import show
from transforms.growth import GOAL, Rise

FLOWS = (("gained", "plus"), ("entered_covered", "plus"), ("lost", "minus"), ("exited_covered", "minus"))
BASE_FLOWS = (("entered", "plus"), ("exited", "minus"))


def leg_card(view: View, name: str, rise: Rise | None) -> str:
    words = view.words
    title = words.of("legs", name)
    if rise is None:
        return card(title, show.NOT_AVAILABLE, "", [("", escape(words("doubling.leg_missing")))], {"leg": name})
    colon = words("mark.colon")
    moved = show.change(rise.now, rise.before)
    was = words("doubling.was", month=words.month(rise.row["baseline"]), rate=show.figure(rise.before), n=show.n_of_n(rise.before))
    said = f"{show.arrow(moved, 'up')} {show.points(moved)} {words('unit.points')}" if moved is not None else show.NOT_AVAILABLE
    lines = [(show.tone(moved, "up"), f"{escape(was)} <b>{escape(said)}</b>")]
    for reading, ratio in (("count", rise.by_count), ("rate", rise.by_rate)):
        done = rise.row[f"doubled_{reading}"]
        name_of = f"{words(f'doubling.by_{reading}')}{colon}{words('doubling.times', x=show.times(ratio, GOAL))}"
        code = cite(words, view.picture, "doubling", rise.row, f"{reading}_ratio")
        lines.append(("better" if done else "", f"{escape(name_of)} <b>{escape(missing_said(view, rise, reading))}</b> {code}"))
    data = {"leg": name, "n0": rise.row["n0"], "d0": rise.row["d0"], "n1": rise.row["n1"], "d1": rise.row["d1"]}
    return card(title, show.figure(rise.now), show.n_of_n(rise.now), lines, data, words("doubling.card_said"))


def missing_said(view: View, rise: Rise, reading: str) -> str:
    """Doubled, how many units are missing to it, or why it can't be."""
    words = view.words
    if rise.row[f"doubled_{reading}"]:
        return words("doubling.done")
    if not rise.row["n0"]:
        return words("doubling.from_nothing")
    if reading == "rate":
        if rise.row["ceiling"]:
            return words("doubling.ceiling")
        return words("doubling.missing", n=show.count(rise.missing_by_rate)) if rise.row["d1"] else words("doubling.no_base")
    if rise.beyond_the_base:
        return words("doubling.beyond", goal=show.count(GOAL * rise.row["n0"]), base=show.count(rise.row["d1"]))
    return words("doubling.missing", n=show.count(rise.missing_by_count))


def sum_said(rise: Rise, side: str, flows: tuple[tuple[str, str], ...]) -> str:
    """`177 + 104 + 12 − 10 − 3 = 280`."""
    row = rise.row
    moved = "".join(f" {'+' if look == 'plus' else show.MINUS} {show.count(row[name])}" for name, look in flows)
    return f"{show.count(row[f'{side}0'])}{moved} = {show.count(row[f'{side}1'])}"


def share_said(words: Words, rise: Rise) -> str:
    """What numerator and denominator did to the rate, in a sentence; empty where it can't be split."""
    share = rise.share
    if share.case == "none":
        return ""
    shares = {name: show.figure(Figure(value=value)) for name, value in (("n", share.numerator), ("d", share.denominator)) if value}
    return words(f"shares.{share.case}", **{"n": "", "d": ""} | shares)


def pace_said(view: View, rise: Rise) -> str:
    """What was won a month since the baseline, and how long it takes on at this pace; without a full stop."""
    words, row = view.words, rise.row
    net = words(
        "doubling.pace_so_far",
        months=months_between(row["baseline"], row["period"]),
        net=show.signed(row["n1"] - row["n0"]),
        pace=show.signed(rise.pace, 1),
    )
    for reading, number in (("count", rise.missing_by_count), ("rate", rise.missing_by_rate)):
        if number and not (reading == "count" and rise.beyond_the_base):
            left = rise.months_at_this_pace(number)
            name = words(f"doubling.by_{reading}")
            net += (
                words("doubling.pace_never", name=name) if left is None else words("doubling.pace_left", name=name, months=show.count(left))
            )
    return net


def due_said(view: View, rise: Rise) -> str:
    """Until when it is to have doubled: while the year lasts the units still needed a month, afterwards what is still missing."""
    words, colon = view.words, view.words("mark.colon")
    month = words.month(rise.due)
    if not rise.months_left:
        lacks = [f"{words(f'doubling.by_{reading}')}{colon}{missing_said(view, rise, reading)}" for reading in ("count", "rate")]
        return words("doubling.due_over", month=month, lacks=words("mark.stop").join(lacks))
    return words("doubling.due", month=month, n=rise.months_left, needs=words("mark.stop").join(_needs(view, rise)))


def _needs(view: View, rise: Rise) -> Iterator[str]:
    """By either reading: so many units a month, or what is said instead where no number of them would do."""
    words = view.words
    for reading, missing in (("count", rise.missing_by_count), ("rate", rise.missing_by_rate)):
        never = missing is None or (reading == "count" and rise.beyond_the_base)
        said = (
            missing_said(view, rise, reading) if not missing or never else words("doubling.due_needs", n=show.count(rise.needed(missing)))
        )
        yield f"{words(f'doubling.by_{reading}')}{words('mark.colon')}{said}"
