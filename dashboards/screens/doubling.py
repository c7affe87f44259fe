"""双翻番: how far each leg of the two pairs has come, what the rise is made of unit by unit, and what is still missing to double."""

from html import escape

import streamlit as st

from dashboards import cells, charts, choices, ledger, ledger_units, pictures, store, unit_choice
from dashboards.charts import Step
from dashboards.growth_places import definitions, places, rise_of
from dashboards.growth_words import BASE_FLOWS, FLOWS, due_said, leg_card, missing_said, pace_said, share_said, sum_said
from dashboards.parts import cards, empty, heading, note
from dashboards.shell import Page, View
from dashboards.unit_choice import Chosen
from data.periods import add_months
from transforms import show
from transforms.growth import GOAL, MODES, Rise
from transforms.measures.doubling import LEGS, needs
from transforms.measures.figures import Unit

PAIRS = tuple(dict.fromkeys(leg.pair for leg in LEGS))
NO_LIST = "none"


def render(view: View) -> None:
    words = view.words
    one, two, three = st.columns([2, 3, 3], gap="medium")
    with one:
        unit = unit_choice.choose(view)
    with two:
        pair = choices.choose(words("choose.pair"), "pair", PAIRS, PAIRS[0], lambda name: words.of("pairs", name))
    legs = [leg.name for leg in LEGS if leg.pair == pair]
    with three:
        leg = choices.choose(words("choose.leg"), "leg", legs, legs[0], lambda name: words.of("legs", name))
    rises = {name: rise_of(view, name, unit) for name in legs}
    if not any(rises.values()):
        choices.keep("move", NO_LIST)
        _why_none(view, leg, unit)
        return
    _standing(view, unit, pair, rises)
    if rises[leg] is None:
        _why_none(view, leg, unit)
    else:
        chosen = choices.settle("move", (NO_LIST, *ledger.LISTS), NO_LIST)
        _ledger(view, unit, rises[leg], chosen)
        ledger_units.render(view, unit, rises[leg], _choose_list(view, rises[leg]))
    places(view, leg)
    _definition(view)


def _why_none(view: View, leg: str, unit: Chosen) -> None:
    """Why there is no row: no table, no baseline, or a source that the leg needs is missing at either end."""
    words, picture = view.words, view.picture
    if "doubling" not in picture.manifest["tables"]:
        empty(words, "doubling.no_table")
        return
    set_to = view.home.settings.doubling.baseline
    baseline = next((row["baseline"] for row in picture.legs.values()), set_to or add_months(picture.period, -12))
    if baseline >= picture.period:
        empty(words, "doubling.baseline_late", month=words.month(baseline), period=words.month(picture.period))
        return
    before = store.looked_back(view.home, picture, baseline)
    if before is None:
        empty(words, "doubling.no_baseline", "doubling.no_baseline_set_do" if set_to else None, month=words.month(baseline))
        return
    needed = needs(ledger.leg_named(leg), view.signed, Unit(unit.kind, unit.code, ""))
    lacking = [(each.period, name) for each in (before, picture) for name in each.manifest.get("missing", ()) if name in needed]
    if lacking:
        names = words("mark.list").join(f"{words.month(period)}{words.gap}{words.source(name)}" for period, name in lacking)
        empty(words, "doubling.no_source", names=names)
    elif not picture.legs:
        empty(words, "doubling.baseline_came_later", month=words.month(baseline))
    else:
        empty(words, "doubling.no_row", name=unit.name)


def _standing(view: View, unit: Chosen, pair: str, rises: dict[str, Rise | None]) -> None:
    words = view.words
    heading(words("doubling.standing", pair=words.of("pairs", pair)))
    baseline = next(rise.row["baseline"] for rise in rises.values() if rise)
    view.said(*_about(view, unit), words("doubling.baseline", month=words.month(baseline)))
    cards([leg_card(view, name, rise) for name, rise in rises.items()])
    readings = []
    for reading in ("count", "rate"):
        done = [rise.row[f"doubled_{reading}"] for rise in rises.values() if rise]
        case = "unknown" if len(done) < len(rises) else "both" if all(done) else "one" if any(done) else "neither"
        said = words(f"doubling.pair_{case}")
        readings.append(f"<b>{escape(words(f'doubling.by_{reading}'))}{escape(words('mark.colon'))}{escape(said)}</b>")
    st.html(f'<p class="lx-said">{escape(words("mark.stop")).join(readings)}</p>')
    _carried(view, baseline)


def _about(view: View, unit: Chosen) -> list[str]:
    words = view.words
    return [unit.name, f"{words('choose.basis')}{words('mark.colon')}{words('basis.signed', name=words.of('basis', view.signed))}"]


def _carried(view: View, baseline: str) -> None:
    """Deliveries of an earlier month that these figures rest on, at either end."""
    words, found = view.words, []
    rests = set().union(*(needs(leg, view.signed, Unit("park", "", "")) for leg in LEGS))
    for picture in (store.looked_back(view.home, view.picture, baseline), view.picture):
        for name, month in (picture.manifest.get("carried", {}) if picture else {}).items():
            if name in rests:
                found.append(
                    words("doubling.carried_one", period=words.month(picture.period), source=words.source(name), month=words.month(month))
                )
    if found:
        note(words("doubling.carried", sources=words("mark.stop").join(found)))


def _ledger(view: View, unit: Chosen, rise: Rise, chosen: str) -> None:
    words = view.words
    leg = words.of("legs", rise.row["leg"])
    left, right = st.columns([3, 2], gap="medium")
    with left:
        heading(words("doubling.ledger"))
        view.said(*_about(view, unit), leg)
        note(words("doubling.ledger_said"))
        _draw(view, rise, chosen, "n", FLOWS)
        note(f"{words('doubling.sum_n')}{words('mark.colon')}{sum_said(rise, 'n', FLOWS)}")
        _draw(view, rise, chosen, "d", BASE_FLOWS)
        note(f"{words('doubling.sum_d')}{words('mark.colon')}{sum_said(rise, 'd', BASE_FLOWS)}")
    with right:
        heading(words("doubling.made_of"))
        view.said(*_about(view, unit), leg)
        _parts(view, rise, chosen)
        heading(words("doubling.share"))
        _share(view, rise)
        heading(words("doubling.pace"))
        _pace(view, rise)


def _draw(view: View, rise: Rise, chosen: str, side: str, flows: tuple[tuple[str, str], ...]) -> None:
    """One waterfall: from n0 to n1, or from d0 to d1."""
    words, row = view.words, rise.row
    at = row[f"{side}0"]
    steps = [Step(f"{side}0", _name(view, rise, f"{side}0"), 0, at, "total", show.count(at))]
    for name, look in flows:
        size = row[name]
        at += size if look == "plus" else -size
        steps.append(Step(name, _name(view, rise, name), at - size if look == "plus" else at, size, look, _signed(size, look)))
    steps.append(Step(f"{side}1", _name(view, rise, f"{side}1"), 0, row[f"{side}1"], "total", show.count(row[f"{side}1"])))
    alt = words("doubling.ledger_alt", said=sum_said(rise, side, flows))
    saved = pictures.saved(view, words.of("legs", row["leg"]), side, cells.place_name(view, row["unit_kind"], row["unit_code"]))
    charts.draw(charts.ledger(steps, chosen), _key(rise, side, chosen), alt, _pick, saved)


def _pick(name: str) -> None:
    choices.pick("move", name)


def _key(rise: Rise, part: str, chosen: str) -> str:
    return "_".join(("ledger", part, rise.row["period"], rise.row["leg"], rise.row["unit_kind"], rise.row["unit_code"], chosen))


def _signed(size: int, look: str) -> str:
    return show.signed(size if look == "plus" else -size)


def _name(view: View, rise: Rise, name: str) -> str:
    """What a number of the ledger is, in words."""
    return ledger_units.name_of(view.words, name, view.words.month(rise.row["baseline"]), view.words.month(rise.row["period"]))


def _parts(view: View, rise: Rise, chosen: str) -> None:
    """What the newly covered are made of: single, joint, dispatched, work alone."""
    words = view.words
    if not rise.newly_covered:
        note(words("doubling.none_new"))
        return
    modes = [mode for mode in MODES if mode != "new_work_only" or rise.row["leg"] == "work_coverage"]
    steps = []
    for mode in modes:
        figure = rise.new_by(mode)
        steps.append(Step(mode, words.of("moves", mode), 0, figure.numerator, "part", f"{show.figure(figure)}  {show.n_of_n(figure)}"))
    place = cells.place_name(view, rise.row["unit_kind"], rise.row["unit_code"])
    saved = pictures.saved(view, words("doubling.made_of"), "new", words.of("legs", rise.row["leg"]), place)
    charts.draw(charts.ledger(steps, chosen), _key(rise, "new", chosen), words("doubling.made_of_alt"), _pick, saved)
    sent = rise.new_by("new_dispatched")
    note(words("doubling.dispatched", n=show.n_of_n(sent), rate=show.figure(sent), n_rest=show.count(rise.newly_covered - sent.numerator)))


def _share(view: View, rise: Rise) -> None:
    """The growth of the rate, split into what the numerator and what the denominator did."""
    words, share = view.words, rise.share
    if share.case == "none":
        note(words("doubling.share_none"))
        return
    rates = {"before": show.figure(rise.before), "now": show.figure(rise.now)}
    st.html(f'<p class="lx-said"><b>{escape(share_said(words, rise))}</b></p>')
    product = {"n": show.times(rise.by_count, GOAL), "d": show.times(rise.by_base, GOAL), "whole": show.times(rise.by_rate, GOAL)}
    note(words("doubling.share_product", **product, **rates))


def _pace(view: View, rise: Rise) -> None:
    words, row = view.words, rise.row
    missing = {"count": rise.missing_by_count, "rate": rise.missing_by_rate}
    if row["doubled_count"] and row["doubled_rate"]:
        note(words("doubling.pace_done"))
        return
    lacks = [f"{words(f'doubling.by_{reading}')}{words('mark.colon')}{missing_said(view, rise, reading)}" for reading in missing]
    net = pace_said(view, rise)
    st.html(f'<p class="lx-said"><b>{escape(words("mark.stop").join(lacks))}</b></p>')
    steady = words("doubling.pace_base", base=show.count(row["d1"])) if missing["rate"] else ""
    note(net + words("mark.dot") + steady)
    note(due_said(view, rise))


def _choose_list(view: View, rise: Rise) -> str:
    """Which number's units are listed; a click on its bar chooses the same."""
    words = view.words
    heading(words("doubling.list"))
    unless = () if rise.row["leg"] == "work_coverage" else ("new_work_only",)
    offered = [NO_LIST, *(name for name in ledger.LISTS if name not in unless)]
    say = lambda name: words("doubling.list_none") if name == NO_LIST else f"{_name(view, rise, name)} · {show.count(rise.row[name])}"  # noqa: E731
    return choices.choose(words("choose.move"), "move", offered, NO_LIST, say)


def _definition(view: View) -> None:
    with st.expander(view.words("compare.definition")):
        body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>" for name, what in definitions(view))
        st.html(f'<dl class="lx-definition">{body}</dl>')


PAGE = Page("doubling", ":material/trending_up:", render, ("unit", "pair", "leg", "move"), lists=True)
