"""目标进度: how far each target is from what was asked for, and whether the present pace will reach it in time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboards import cells, charts, export, parts, pictures
from dashboards.aims import TONES, Aim, aim_of, bullet, by_need, goal_words, measure, state_words, wanted_of, wanted_today
from dashboards.export import Book, Column
from dashboards.parts import card, cards, empty, heading, note, table, text
from dashboards.shell import Page, View, sector_words
from dashboards.store import UNKNOWN
from data.contracts import tables
from data.home import Target
from data.releases import digest
from transforms import citation, pace, show

KEY = tuple(name for name in tables()["targets"].key if name != "period")
FILE = "targets.csv"
NAMED = 5  # of those behind; the others stand in the table


@dataclass(frozen=True)
class Group:
    """What one line of the office's file asks for: of one unit, or of every unit of a kind."""

    aims: tuple[Aim, ...]

    @property
    def first(self) -> Aim:
        return self.aims[0]

    @property
    def known(self) -> tuple[Aim, ...]:
        """Those of somebody: what lies in no known district stands in the table, and is counted among nobody who must reach it."""
        return tuple(aim for aim in self.aims if aim.row["unit_code"] != UNKNOWN)


def render(view: View) -> None:
    words, found = view.words, view.picture.targets
    if found is None or not found.height:
        today = wanted_today(view)
        if today:
            empty(words, "targets.not_yet", n=len(today))
        else:
            empty(words, "targets.no_target", city=view.picture.city)
        return
    groups = _groups(view, found.to_dicts(), wanted_of(view))
    single, several = [group for group in groups if len(group.aims) == 1], [group for group in groups if len(group.aims) > 1]
    _summary(view, groups)
    if single:
        _chart(view, [group.first for group in single], "single", whole=True)
        heading(words("targets.single"))
        cards([_card(view, group.first) for group in single])
    if several:
        heading(words("targets.several"))
        for place, group in enumerate(several):
            _several(view, group, place)
    cells.download(view, lambda: _book(view, groups))


def _groups(view: View, rows: list[dict], wanted: Sequence[Target]) -> list[Group]:
    """The targets in the order of the office's own file; what that names no longer comes last."""
    found: dict[tuple, list[tuple[int, Aim]]] = {}
    for row in rows:
        place, aim = aim_of(view, row, wanted)
        key = tuple(row[name] for name in ("metric", "sector", "unit_kind", "due", "target"))
        found.setdefault(key, []).append((place, aim))
    order = sorted(found.values(), key=lambda group: min(place for place, _ in group))
    return [Group(tuple(aim for _, aim in sorted(group, key=lambda each: by_need(each[1])))) for group in order]


def _full(view: View, aim: Aim) -> str:
    return f"{aim.name} {measure(view, aim)}"


def _summary(view: View, groups: list[Group]) -> None:
    words = view.words
    counted = Counter(aim.standing.state for group in groups for aim in group.known)
    heading(words("targets.standing"))
    view.said(words("targets.basis_said", basis=words.of("basis", view.signed)))
    note(words("targets.standing_said", n=len(groups), m=sum(counted.values())))
    shown = [state for state in pace.STATES if counted[state]]
    heads = [(state_words(view, state), "n") for state in shown]
    table(words("targets.standing"), heads, [[f"<b>{show.count(counted[state])}</b>" for state in shown]])
    note(words("targets.how"))
    said = _whose_file(view)
    if said:
        note(words(f"targets.{said}"))


def _whose_file(view: View) -> str | None:
    """What is to be said of the file that these targets were asked for in; as a rule it is the office's own, and nothing is."""
    manifest, today = view.picture.manifest, view.home.reference_file(FILE)
    if "own_reference" in manifest:
        return None if FILE in manifest["own_reference"] else "own_file"
    # A release of before that was kept there: only whether the file is still the one that it was made by.
    then = manifest.get("reference", {}).get(FILE)
    if then not in (None, digest(today)):
        return "file_changed"
    return None if today.is_relative_to(view.home.reference) else "own_file"


def _chart(view: View, aims: Sequence[Aim], name: str, whole: bool) -> None:
    """Bars beside their targets, rates apart from ratios. `whole`: the names say the measure too."""
    words = view.words
    for unit in ("rate", "ratio"):
        shown = [aim for aim in aims if aim.card.unit == unit and aim.figure.exact is not None]
        if not shown:
            continue
        if whole:
            heading(words("targets.chart"))
        view.said(*([] if whole else [measure(view, aims[0])]))
        down = any(aim.standing.down for aim in shown)
        note(words("targets.chart_said") + (words.gap + words("targets.chart_down") if down else ""))
        rows = [bullet(view, aim, whole) for aim in shown]
        saved = pictures.saved(view, words("targets.chart"), f"{name}_{unit}")
        charts.draw(charts.bullets(rows, unit), f"bullets_{name}_{unit}", words("targets.chart_alt"), saved=saved)


def _card(view: View, aim: Aim) -> str:
    words, standing, row = view.words, aim.standing, aim.row
    say = lambda number: pace.amount(words, aim.card, number)  # noqa: E731
    lines = [("", escape(words("targets.goal_line", target=goal_words(aim), due=words.month(row["due"]))))]
    if standing.state == "unknown":
        lines.append(("", escape(words.reason(aim.figure.reason or "absent"))))
    elif standing.state == "reached":
        lines.append(("", escape(pace.gap_words(words, standing, aim.card.unit))))
    else:
        key = "targets.gap_line_down" if standing.down else "targets.gap_line"
        lines.append(("", escape(words(key, gap=pace.gap_words(words, standing, aim.card.unit), missing=say(standing.missing)))))
    if standing.needed and standing.recent is not None:
        lines.append(("", escape(words("targets.pace_line", needed=say(standing.needed), recent=_signed(view, aim)))))
    tone = TONES.get(standing.state, "even")
    lines.append((tone, f"<b>{escape(state_words(view, standing.state))}</b>"))
    if standing.state != "reached" or (standing.recent or 0) < 0:
        lines.append(("", escape(pace.sentence(words, row, standing, aim.card))))
    if aim.card.direction != "up":
        lines.append(("", escape(words(f"targets.{aim.card.direction}"))))
    codes = cells.code_of(view, aim.card.name, row["unit_kind"], row["unit_code"], row["sector"], view.signed)
    lines.append(("", f"{codes} · {escape(words('targets.measure'))} {parts.cite(words, view.picture, 'targets', row)}"))
    data = {"target": f"{aim.card.name}-{row['sector']}-{row['unit_code']}", "state": standing.state}
    lines.append(("lx-basis", f"{escape(words('targets.document'))}{escape(words('mark.colon'))}{_document(view, aim)}"))
    return card(_full(view, aim), show.figure(aim.figure, aim.card.unit), show.n_of_n(aim.figure), lines, data)


def _document(view: View, aim: Aim) -> str:
    """The document as the office wrote it into its file, or in our words that none is known."""
    return text(aim.document) if aim.document else escape(view.words("targets.document_none"))


def _signed(view: View, aim: Aim) -> str:
    """The recent pace with its sign, as it moves the numerator."""
    recent = aim.standing.recent
    if recent is None:
        return show.NOT_AVAILABLE
    moved = -recent if aim.standing.down else recent
    return view.words("pace.amount", n=show.signed(moved, 1), unit=pace.counted_in(view.words, aim.card))


def _several(view: View, group: Group, place: int) -> None:
    words, aim = view.words, group.first
    counted = Counter(each.standing.state for each in group.known)
    kind, n = words.of("kind", aim.row["unit_kind"]), len(group.known)
    said = words("mark.list").join(_part(view, group, state) for state in pace.STATES if counted[state])
    due = words.month(aim.row["due"])
    sentence = words("targets.several_said", name=measure(view, aim), kind=kind, due=due, target=goal_words(aim), n=n, parts=said)
    documents = escape(words("mark.list")).join(dict.fromkeys(_document(view, each) for each in group.aims))
    st.html(
        f'<p class="lx-definition"><b>{text(sentence)}</b></p>'
        f'<p class="lx-note">{escape(words("targets.document"))}{escape(words("mark.colon"))}{documents}</p>'
    )
    with st.expander(words("targets.fold", kind=kind, n=n)):
        _chart(view, group.aims, f"several{place}", whole=False)
        _table(view, group)


def _part(view: View, group: Group, state: str) -> str:
    """How many stand so; those that are behind by name, for they are whom the reader asks after."""
    words, names = view.words, [aim.name for aim in group.known if aim.standing.state == state]
    if TONES.get(state) != "worse":
        return words("targets.part", state=state_words(view, state), n=len(names))
    said = words("mark.list").join(names[:NAMED])
    if len(names) > NAMED:
        said = words("targets.part_more", names=said)
    return words("targets.part_named", state=state_words(view, state), n=len(names), names=said)


def _table(view: View, group: Group) -> None:
    words = view.words
    down = group.first.standing.down
    heads = [
        (words("targets.unit"), "w"),
        (words("targets.value"), "n"),
        (words("targets.gap"), "n"),
        (words("targets.missing_down" if down else "targets.missing"), "n"),
        (words("targets.needed"), "n"),
        (words("targets.recent"), "n"),
        (words("targets.outcome"), "l"),
    ]
    rows, marks = [], []
    for aim in group.aims:
        standing, row = aim.standing, aim.row
        say = lambda number, aim=aim: pace.amount(words, aim.card, number)  # noqa: E731
        tone = TONES.get(standing.state, "even")
        said = pace.sentence(words, row, standing, aim.card) if standing.state != "unknown" else words.reason(aim.figure.reason or "absent")
        rows.append(
            [
                text(aim.name),
                cells.figure_cell(view, aim.card.name, row["unit_kind"], row["unit_code"], row["sector"], view.signed),
                escape(pace.gap_words(words, standing, aim.card.unit)),
                show.NOT_AVAILABLE if standing.missing is None else escape(say(standing.missing)),
                show.NOT_APPLICABLE if standing.needed is None else escape(say(standing.needed)),
                escape(_signed(view, aim)),
                f'<b class="{tone}">{escape(state_words(view, standing.state))}</b><br>{text(said)}',
            ]
        )
        marks.append("quiet" if standing.state == "unknown" else "")
    table(words("targets.several"), heads, rows, marks)


def _book(view: View, groups: list[Group]) -> Book:
    words = view.words
    cards = {aim.card.name: aim.card for group in groups for aim in group.aims}
    # Numbers that can be sorted, where one form serves them all; a list that has ratios among its rates is written out.
    rates = all(card.unit == "rate" for card in cards.values())
    columns = [
        Column(words("targets.measure")),
        Column(words("choose.sector")),
        Column(words("targets.unit")),
        Column(words("compare.code")),
        Column(words("targets.due")),
        Column(words("targets.goal"), "rate" if rates else "text"),
        Column(words("targets.value"), "rate" if rates else "text"),
        Column(words("compare.numerator"), "count"),
        Column(words("compare.denominator"), "count"),
        Column(words("targets.missing"), "count", words("targets.chart_down")),
        Column(words("targets.needed"), "ratio"),
        Column(words("targets.recent"), "ratio", words("targets.how")),
        Column(words("targets.state")),
        Column(words("targets.outcome")),
        Column(words("targets.document")),
        Column(words("code.name")),
    ]
    rows = [_line(view, aim, rates) for group in groups for aim in group.aims]
    notes = [(words("choose.basis"), words.of("basis", view.signed))]
    return cells.book(view, columns, rows, notes, export.definition_lines(words, cards.values()))


def _line(view: View, aim: Aim, rates: bool) -> list:
    words, standing, row = view.words, aim.standing, aim.row
    number = lambda value: None if value is None else float(value)  # noqa: E731
    value, *sides = show.sides_value(aim.figure)
    recent = None if standing.recent is None else -standing.recent if standing.down else standing.recent
    return [
        words.metric(aim.card.name),
        sector_words(words, aim.card.name, row["sector"]),
        aim.name,
        row["unit_code"],
        row["due"],
        aim.goal.value if rates else goal_words(aim),
        value if rates else show.figure(aim.figure, aim.card.unit),
        *sides,
        standing.missing,
        number(standing.needed),
        number(recent),
        state_words(view, standing.state),
        pace.sentence(words, row, standing, aim.card),
        aim.document,
        citation.code(view.picture.period, view.picture.revision, "targets", [row[name] for name in KEY]),
    ]


PAGE = Page("targets", ":material/flag:", render)
