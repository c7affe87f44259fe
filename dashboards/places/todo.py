"""What a place lacks and what to do next, in sentences: its targets, its two doublings, and at most five steps.

What belongs here: drawing these. What the steps are is settled in places/next_steps.py, how a target stands in pace.py.
"""

from html import escape

import streamlit as st

from dashboards import aims, charts, parts, pictures, reporting
from dashboards.growth_words import BASE_FLOWS, FLOWS, leg_card, missing_said, pace_said, share_said, sum_said
from dashboards.parts import cards, empty, heading, note, text
from dashboards.places.desk import Spot
from dashboards.places.next_steps import Claim
from data.contracts import metrics
from data.figures import Figure
from transforms import pace, show

# Pages of units and organisations one by one, which readers of figures are not offered.
LISTED = ("worklist", "findings", "weak_orgs")


def draw_steps(spot: Spot, steps: list[Claim]) -> None:
    words = spot.view.words
    heading(words("place.next"))
    spot.view.said(spot.unit.name)
    if not steps:
        empty(words, "place.no_steps")
        return
    items = "".join(
        f'<li data-step="{step.task.name}">{escape(sentence(spot, step))}<br><small>{_way(spot, step)}</small></li>' for step in steps
    )
    st.html(f'<ol class="lx-steps">{items}</ol>')
    note(words("place.steps_said"))


def sentence(spot: Spot, step: Claim) -> str:
    """What to do, in how many, and how far that carries."""
    words = spot.view.words
    said = words(f"steps.{step.task.name}", n=show.count(step.task.whole))
    if step.goal is None:
        return said
    goal = step.goal
    own = metrics()[goal.metric]
    figures = {
        "metric": aims.measure_of(spot.view, goal.metric, spot.kind, goal.sector),
        "target": show.figure(Figure(value=goal.target)),
        "due": words.month(goal.due),
        "missing": pace.amount(words, own, goal.missing),
        "brings": pace.amount(words, own, step.brings),
    }
    return said + words.gap + words("place.brings" if goal.own else "place.brings_city", **figures)


def _way(spot: Spot, step: Claim) -> str:
    """The figure that the claim is made from, and the list to work on."""
    view, words, task = spot.view, spot.view.words, step.task
    if task.cited:
        metric, sector = task.cited
        figure = spot.figure(metric, sector)
        opens = parts.cite_figure(words, view.picture, metric, spot.kind, spot.code, sector, view.signed, show.n_of_n(figure))
        of = f"{escape(words.metric(metric))} {show.figure(figure, metrics()[metric].unit)} {opens}"
    else:
        counted = words(f"steps_of.{task.name}")
        of = f"{show.count(task.whole)}/{show.count(task.of)} {escape(counted)}"
    if task.page in LISTED and not view.reader.sees_units:
        return of
    return f"{of} · {reporting.page_link(view, task.page, words('place.to_list'), **task.chosen)}"


def draw_targets(spot: Spot) -> None:
    words = spot.view.words
    heading(words("place.targets"))
    spot.view.said(spot.unit.name)
    if not spot.aims:
        note(words("place.no_own_target"))
    for unit in ("rate", "ratio"):
        shown = [aim for aim in spot.aims if aim.card.unit == unit and aim.figure.exact is not None]
        if shown:
            rows = [aims.bullet(spot.view, aim, whole=True) for aim in shown]
            saved = pictures.saved(spot.view, words("place.targets"), f"{spot.code}_targets_{unit}", spot.unit.name)
            key = f"place_targets_{unit}_{spot.kind}_{spot.code}"
            charts.draw(charts.bullets(rows, unit), key, words("targets.chart_alt"), saved=saved)
    for line in target_lines(spot):
        st.html(f'<p class="lx-said">· {escape(line)}</p>')


def target_lines(spot: Spot) -> list[str]:
    """What is missing to each target, and at what pace it would be made good."""
    words, said = spot.view.words, []
    for aim in spot.aims:
        standing = aim.standing
        line = words("place.aim", name=aims.measure(spot.view, aim), target=aims.goal_words(aim), due=words.month(aim.row["due"]))
        if standing.missing:
            amounts = {"missing": pace.amount(words, aim.card, standing.missing), "needed": pace.amount(words, aim.card, standing.needed)}
            line += words("place.aim_pace" if standing.needed is not None else "place.aim_late", **amounts)
        said.append(line + words.gap + pace.sentence(words, aim.row, standing, aim.card))
    for goal in spot.goals:
        if not goal.own:
            own = metrics()[goal.metric]
            name = aims.measure_of(spot.view, goal.metric, spot.kind, goal.sector)
            reached = any((aim.card.name, aim.row["sector"]) == (goal.metric, goal.sector) for aim in spot.aims)
            figures = {"target": show.figure(Figure(value=goal.target)), "missing": pace.amount(words, own, goal.missing)}
            key = "place.aim_city_on" if reached else "place.aim_city"
            said.append(words(key, name=name, due=words.month(goal.due), **figures))
    return said


def draw_doubling(spot: Spot) -> None:
    words = spot.view.words
    heading(words("place.doubling"))
    if not spot.rises:
        empty(words, "place.no_doubling")
        return
    baseline = words.month(next(iter(spot.rises.values())).row["baseline"])
    spot.view.said(spot.unit.name, words("doubling.baseline", month=baseline))
    cards([leg_card(spot.view, name, rise) for name, rise in spot.rises.items()])
    for line in doubling_lines(spot):
        st.html(f'<p class="lx-said">· {text(line)}</p>')
    link = reporting.page_link(spot.view, "doubling", words("place.to_doubling"), unit=f"{spot.kind}-{spot.code}")
    st.html(f'<p class="lx-note">{link}</p>')


def doubling_lines(spot: Spot) -> list[str]:
    """Each leg's ledger in words: how it adds up, what made the rate move, what is missing, at what pace."""
    view, words, said = spot.view, spot.view.words, []
    colon, stop = words("mark.colon"), words("mark.stop")
    for name, rise in spot.rises.items():
        lacks = stop.join(f"{words(f'doubling.by_{each}')}{words.gap}{missing_said(view, rise, each)}" for each in ("count", "rate"))
        line = f"{words.of('legs', name)}{colon}{words('doubling.sum_n')} {sum_said(rise, 'n', FLOWS)}{stop}"
        line += f"{words('doubling.sum_d')} {sum_said(rise, 'd', BASE_FLOWS)}{words('mark.dot')}{share_said(words, rise)}"
        done = rise.row["doubled_count"] and rise.row["doubled_rate"]
        line += f"{words.gap}{lacks}{'' if done else stop + pace_said(view, rise)}{words('mark.dot')}"
        said.append(line.strip())
    return said
