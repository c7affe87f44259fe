"""口径: every metric card, work list and rule, whole, with what the city has of it now; and the three bases, side by side."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboards import choices, definition_words
from dashboards.parts import cite_figure, empty, heading, note, table, text
from dashboards.shell import BASES, Page, View, basis_words
from data.contracts import Card, MetricCard, RuleCard, definitions_version, metrics, rules, worklists
from data.figures import Figure
from transforms import show

BOX = "asked_box"


def render(view: View) -> None:
    words = view.words
    published = str(view.picture.manifest.get("definitions", ""))
    note(words("definitions.version", version=published))
    if published != definitions_version():
        note(words("definitions.version_differs", version=definitions_version()))
    _bases(view)
    asked = _search(view)
    found = [card for card in metrics().values() if _matches(view, card, definition_words.card_lines(words, card), asked)]
    lists = [card for card in worklists().values() if _matches(view, card, definition_words.worklist_lines(words, card), asked)]
    checked = [card for card in rules().values() if _matches(view, card, definition_words.rule_lines(words, card), asked)]
    if not found and not lists and not checked:
        empty(words, "definitions.nothing", asked=asked)
        return
    heading(words("definitions.families", shown=len(found)))
    view.said()
    for family in dict.fromkeys(card.family for card in metrics().values()):
        of_family = [card for card in found if card.family == family]
        if of_family:
            said = "".join(_metric(view, card, bool(asked)) for card in of_family)
            st.html(f'<section class="lx-family"><h3>{escape(words.of("family", family))}</h3>{said}</section>')
    if lists:
        heading(words("definitions.worklists", shown=len(lists)))
        note(words("definitions.on_signed"))
        st.html("".join(_folded(words.card(card), card, "", definition_words.worklist_lines(words, card), bool(asked)) for card in lists))
    if checked:
        heading(words("definitions.rules", shown=len(checked)))
        note(words("findings.lead_only"))
        standing = _standing(view)
        for family in dict.fromkeys(card.family for card in checked):
            said = "".join(_rule(view, card, standing.get(card.name, 0), bool(asked)) for card in checked if card.family == family)
            st.html(f'<section class="lx-family"><h3>{escape(words.of("rules", family))}</h3>{said}</section>')


def _bases(view: View) -> None:
    """What each basis recognises, and what it makes of the city."""
    words, picture = view.words, view.picture
    heading(words("definitions.bases"))
    note(words("definitions.bases_said"))
    heads = [
        (words("choose.basis"), "w"),
        (words("definitions.rule"), "l"),
        (words("definitions.objects"), "n"),
        (words.metric("org_coverage"), "n"),
        ("n/N", "n"),
        (words("code.name"), "w"),
    ]
    rows = []
    for basis in BASES:
        figure = picture.figure("org_coverage", "city", picture.city, "all", basis)
        name = text(basis_words(words, basis, view.signed))
        rows.append(
            [
                f"<b>{name}</b>" if basis == view.signed else name,
                text(words.of("recognised", basis)),
                show.count(figure.denominator),
                show.figure(figure),
                show.n_of_n(figure),
                cite_figure(words, picture, "org_coverage", "city", picture.city, "all", basis),
            ]
        )
    table(words("definitions.bases"), heads, rows)


def _search(view: View) -> str:
    st.session_state[BOX] = (choices.kept("asked") or "")[:60]
    st.text_input(
        view.words("definitions.search"), key=BOX, max_chars=60, on_change=_take_search, help=view.words("definitions.search_help")
    )
    return st.session_state[BOX].strip()


def _take_search() -> None:
    choices.keep("asked", st.session_state[BOX].strip())


def _matches(view: View, card: Card, lines: Sequence[tuple[str, str]], asked: str) -> bool:
    said = " ".join([card.name, card.zh, card.en, *(line for _, line in lines)]).lower()
    return all(word in said for word in asked.lower().split())


def _metric(view: View, card: MetricCard, unfolded: bool) -> str:
    words, picture = view.words, view.picture
    sectors = picture.sectors(card.name, "city")
    beside = f'<span class="lx-n">{escape(words("definitions.no_city"))}</span>'
    if sectors:
        sector = "all" if "all" in sectors else sectors[0]
        figure = picture.figure(card.name, "city", picture.city, sector, view.basis)
        code = cite_figure(words, picture, card.name, "city", picture.city, sector, view.basis)
        beside = f'<b>{escape(show.figure(figure, card.unit))}</b> <span class="lx-n">{_why(view, figure)}</span> {code}'
    return _folded(words.card(card), card, beside, definition_words.card_lines(words, card), unfolded)


def _standing(view: View) -> dict[str, int]:
    """Rule -> how many findings this release has of it."""
    found = view.picture.sightings
    return {} if found is None else dict(found.group_by("rule").len().rows())


def _rule(view: View, card: RuleCard, standing: int, unfolded: bool) -> str:
    """A rule with how many findings it has in this release, which lead to them; one that was not run says so."""
    words, picture = view.words, view.picture
    if card.name not in picture.ran:
        beside = f'<span class="lx-n">{escape(words("definitions.rule_not_run"))}</span>'
    else:
        at = {"rule": card.name, "period": picture.period, "release": picture.revision, "lang": words.lang}
        said = escape(words("definitions.rule_found", n=show.count(standing)))
        beside = f'<a class="lx-opens" href="{escape(f"findings?{urlencode(at)}")}" target="_self">{said}</a>'
    name = (
        f"{words.card(card)}（{words.severity(card.severity)}）"
        if words.lang == "zh"
        else f"{words.card(card)} ({words.severity(card.severity)})"
    )
    return _folded(name, card, beside, definition_words.rule_lines(words, card), unfolded)


def _why(view: View, figure: Figure) -> str:
    return escape(view.words.reason(figure.reason) if figure.value is None and figure.reason else show.n_of_n(figure))


def _folded(name: str, card: Card, beside: str, lines: Sequence[tuple[str, str]], unfolded: bool) -> str:
    body = "".join(f"<dt>{escape(label)}</dt><dd>{text(line)}</dd>" for label, line in lines if line)
    top = f'<span class="lx-name">{escape(name)}</span> <code>{escape(card.name)}</code> {beside}'
    return (
        f'<details class="lx-details" data-card="{escape(card.name)}"{" open" if unfolded else ""}>'
        f'<summary>{top}</summary><dl class="lx-definition lx-two">{body}</dl></details>'
    )


PAGE = Page("definitions", ":material/menu_book:", render, ("basis", "asked"))
