"""The evidence of a finding, drawn: registers side by side with file and line, the figures that were compared, longer lists.

What belongs here: what stands between a finding's head and its case. How rows are laid out is in evidence.py, their words are in
evidence_words.py.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboards import evidence_words, figure_words, store
from dashboards.evidence_words import Names
from dashboards.parts import cite_figure, empty, heading, note, table, text
from dashboards.shell import View
from dashboards.store import Picture
from dashboards.units.link import unit_link
from data.contracts import RuleCard, rules, sources
from data.periods import add_months
from transforms import evidence, show
from transforms.case_history import HERE, UNCHECKED
from transforms.evidence import Beside, Listed, Place


def draw(view: View, row: Mapping, names: Names, facts: Mapping, rows: list[dict], seen_in: Picture | None) -> None:
    """The evidence of a finding. seen_in: the release that had it last."""
    words, own = view.words, rules().get(row["rule"])
    heading(words("finding.beside"))
    _to_unit(view, row, names)
    if row["moved"] == UNCHECKED:
        note(words("finding.unchecked", month=words.month(row["last_period"])))
    elif row["moved"] not in HERE:
        note(words("finding.as_last_seen", month=words.month(row["last_period"])))
    if own is None or not (facts or rows):
        empty(words, "finding.no_rows")
        return
    found = evidence.lay_out(own, facts, rows)
    if own.subject_kind == evidence.MEMBERS:
        note(words("finding.member_itself"))
    if found.lines:
        _side_by_side(view, found, names, seen_in)
    if found.absent:
        sources_named = words("mark.list").join(words.source(source) for source in found.absent)
        st.html(
            f'<p class="lx-filters" data-absent="{len(found.absent)}"><b>{escape(words("finding.absent", sources=sources_named))}</b></p>'
        )
    if facts:
        lines = ""
        for name, value in facts.items():
            shown = text(evidence_words.fact(words, view.picture, names, name, value))
            lines += f"<dt>{escape(evidence_words.fact_name(words, row['rule'], name))}</dt><dd><b>{shown}</b></dd>"
        st.html(f'<p class="lx-filters">{escape(words("finding.facts"))}</p><dl class="lx-definition lx-two" data-facts="1">{lines}</dl>')
    if own.figure and seen_in:
        _figures(view, row, own, seen_in)
    for each in found.lists:
        _listed(view, each, names, evidence.POINTS.get(row["rule"], ()))
    if not rows:
        note(words("finding.facts_only"))


def _to_unit(view: View, row: Mapping, names: Names) -> None:
    """The way to all that the registers say of the unit that it is about."""
    uscc = row["subject"].rpartition("|")[2] if row["subject_kind"] in ("unit", "link") else ""
    if uscc and view.reader.sees_units:
        st.html(f'<p class="lx-note">{escape(view.words("unit.about"))}{unit_link(view, uscc, names.units.get(uscc) or uscc)}</p>')


def _column(view: View, place: Place, several: bool) -> str:
    if place.source is None:
        return view.words("finding.counted")
    return f"{view.words.source(place.source)} {view.words.month(place.month)}" if several else view.words.source(place.source)


def _side_by_side(view: View, found: Beside, names: Names, seen_in: Picture | None) -> None:
    """A column a row of a register, a line a field; what differs is said in a word of its own."""
    words, picture = view.words, seen_in or view.picture
    twice = [place.source for place in found.places]
    heads = [(words("finding.field"), "w")]
    heads += [(_column(view, place, twice.count(place.source) > 1), "t") for place in found.places]
    rows = [
        [escape(words("figure.file")), *(_file(view, place) for place in found.places)],
        [
            escape(words("figure.line")),
            *(escape(words("figure.line_of", lines=place.line)) if place.source else "" for place in found.places),
        ],
    ]
    marks = ["quiet", "quiet"]
    for line in found.lines:
        labels = dict.fromkeys(words.field(source, field) for source, field in line.fields)
        cells = []
        for cell in line.cells:
            shown = show.NOT_APPLICABLE if cell is None else text(evidence_words.value(words, picture, names, *cell))
            cells.append(f"<b>{shown}</b>" if (line.differs or line.pointed) and cell is not None else shown)
        # Beneath the name, so that a phone shows it beside whichever register is in sight.
        mark = words("finding.differs") if line.differs else words("finding.pointed") if line.pointed else ""
        below = f"<br><small><b>{escape(mark)}</b></small>" if mark else ""
        rows.append([f"{escape(' / '.join(labels))}{below}", *cells])
        marks.append("differs" if line.differs else "")
    table(words("finding.beside"), heads, rows, marks)


def _file(view: View, place: Place) -> str:
    """The file's name, as a link to what was delivered by that source."""
    if place.source is None:
        return escape(view.words("finding.from_ledgers"))
    own = sources().get(place.source)
    named = text(place.path.removeprefix(f"{place.month}/{place.source}/"))
    asked = {"period": place.month, "source": place.source, "lang": view.words.lang}
    if place.month not in store.published(view.home):
        return named
    # Offices have their names in Chinese alone.
    office = f"<br><small>{escape(view.words.office(own))}</small>" if own else ""
    return f'<a class="lx-opens" href="{escape(f"deliveries?{urlencode(asked)}")}" target="_self">{named}</a>{office}'


def _listed(view: View, found: Listed, names: Names, points: tuple[str, ...]) -> None:
    """Many rows of one source, a line each."""
    words = view.words
    name = words("finding.rows_of", source=words.source(found.source), n=len(found.rows))
    st.html(f'<p class="lx-filters"><b>{escape(name)}</b></p>')
    if found.counted:
        _members(view, found, names, name)
        return
    heads = [(words.field(found.source, field), "t") for field in found.fields]
    heads += [(words("figure.file"), "l"), (words("figure.line"), "n")]
    rows = []
    for place, values in found.rows:
        cells = []
        for field, value in zip(found.fields, values, strict=True):
            shown = text(evidence_words.value(words, view.picture, names, found.source, field, value))
            cells.append(f"<b>{shown}</b>" if field in points else shown)
        rows.append([*cells, text(place.path), str(place.line)])
    table(name, heads, rows)
    if found.more:
        note(words("finding.more_rows", n=show.count(found.more)))


def _members(view: View, found: Listed, names: Names, name: str) -> None:
    """Rows of members, counted by kind and relation, with the lines of the files."""
    words = view.words
    note(words("finding.members"))
    heads = [(words.field(found.source, field), "w") for field in found.fields]
    heads += [(words("finding.number"), "n"), (words("figure.file"), "l")]
    rows = []
    for kind, places in evidence.kinds(found).items():
        files: dict[str, list[int]] = {}
        for place in places:
            files.setdefault(place.path, []).append(place.line)
        where = [f"{text(path)} {escape(words('figure.line_of', lines=figure_words.rows_line(lines)))}" for path, lines in files.items()]
        cells = [
            text(evidence_words.value(words, view.picture, names, found.source, field, value))
            for field, value in zip(found.fields, kind, strict=True)
        ]
        rows.append([*cells, str(len(places)), "<br>".join(where)])
    table(name, heads, rows)
    if found.more:
        note(words("finding.more_rows", n=show.count(found.more)))


def compared(view: View, row: Mapping, own: RuleCard, seen_in: Picture) -> list[tuple[Picture, str, str, str, str, str]]:
    """Each figure that a rule compared, as (picture, and what it is found by): by the codes of districts that were valid then, for what
    those lead to today may be another district."""
    code = seen_in.district_of(row["fingerprint"])
    if code is None:
        return []
    _, _, sector = row["subject"].partition("|")
    asked = [(seen_in, code)]
    before = store.looked_back(view.home, seen_in, add_months(seen_in.period, -1)) if own.looks_back else None
    if before is not None:
        codes = sorted(code for kind, code in before.units if kind == "district")
        asked += [(before, each) for each in codes if store.followed(view.home, each, seen_in.period) == code]
    return [(picture, own.figure, "district", each, sector or "enterprise", picture.manifest.get("basis", "-")) for picture, each in asked]


def _figures(view: View, row: Mapping, own: RuleCard, seen_in: Picture) -> None:
    """The published figures that the facts are of, each by its code: they are computed, so no line of a file holds them."""
    words = view.words
    said = []
    for picture, *key in compared(view, row, own, seen_in):
        found, (_, kind, code, *_) = picture.figure(*key), key
        # More than one of a month: districts that have become one since, each by its name of then.
        named = words.month(picture.period)
        if code != row["district_code"]:
            named += f" {evidence_words.place(words, picture, kind, code)}"
        said.append(f"{text(named)} {escape(show.figure(found))} {escape(show.n_of_n(found))} {cite_figure(words, picture, *key)}")
    name = escape(words("finding.figures", metric=words.metric(own.figure)))
    st.html(f'<p class="lx-filters" data-figures="{len(said)}">{name}{escape(words("mark.colon"))}{" · ".join(said)}</p>')
