"""Where a weak organisation's signs come from: the lines of its files, its units, and how each sign is computed.

What belongs here: the way down from the page 软弱涣散倒排, which is for readers of units alone. Members are counted from their list and
never told line by line.
"""

from collections.abc import Mapping
from html import escape

import polars as pl
import streamlit as st

from dashboards import cells, opened, reporting
from dashboards.export import Column, Sheet, sheet_names
from dashboards.figure_words import rows_line
from dashboards.parts import empty, heading, note, table, text
from dashboards.shell import View
from dashboards.units.link import unit_link

NONE = "none"
KIND = "organisation"


def source_rows(view: View, codes: list[str]) -> list[tuple[str, str, str, list[int]]]:
    """(organisation, source, path, lines) of the deliveries in effect."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for subject, source, path, line in opened.source_rows(view.picture.release, KIND, codes).rows():
        found.setdefault((subject, source, path), []).append(line)
    return [(*named, lines) for named, lines in found.items()]


def units_of(view: View, code: str) -> pl.DataFrame:
    """The units that the organisation's lines of the links name, as far as the reader is given them."""
    if "origins" not in view.picture.manifest["tables"]:
        return pl.DataFrame(schema={"uscc": pl.String, "name": pl.String, "district_code": pl.String})
    links = view.picture.release.scan("origins").filter(pl.col("source") == "org_link")
    own = links.filter((pl.col("subject_kind") == KIND) & (pl.col("subject") == code)).select("path", "line")
    named = links.filter(pl.col("subject_kind") == "unit").join(own, on=["path", "line"], how="semi").select(uscc="subject").unique()
    return view.picture.census().select("uscc", "name", "district_code").join(named, on="uscc", how="semi").sort("uscc").collect()


def draw(view: View, row: Mapping, signs: list[str], back: str) -> None:
    """One organisation opened: its signs, its lines, its units. `back`: the link to the list."""
    words = view.words
    heading(words("weak_orgs.opened", name=row["name"] or row["org_code"]))
    view.said(f"{words('weak_orgs.code')} {row['org_code']}", f"{words('weak_orgs.rank')} {row['rank']}")
    st.html("".join(f'<p class="lx-said">{escape(said)}</p>' for said in signs))
    found = source_rows(view, [row["org_code"]])
    if not found:
        empty(words, "weak_orgs.no_lines")
    else:
        heads = [(words("choose.source"), "w"), (words("figure.file"), "l"), (words("figure.line"), "t")]
        body = [[escape(words.source(source)), text(path), escape(rows_line(lines))] for _, source, path, lines in found]
        table(words("figure.source_rows"), heads, body)
        note(words("weak_orgs.lines_said"))
    units = units_of(view, row["org_code"])
    if units.height:
        heads = [(words("weak_orgs.unit"), "t"), (words("weak_orgs.district"), "w")]
        body = [
            [unit_link(view, uscc, name or uscc), text(cells.place_name(view, "district", district))]
            for uscc, name, district in units.head(50).rows()
        ]
        table(words("weak_orgs.unit"), heads, body)
    st.html(f'<p class="lx-note">{back}</p>')


def way(view: View, row: Mapping, **chosen: str) -> str:
    """The organisation's name as the way to its lines."""
    return reporting.page_link(view, "weak_orgs", row["name"] or row["org_code"], org=row["org_code"], **chosen)


def sheet(view: View, found: pl.DataFrame) -> list[Sheet]:
    """The lines of all organisations on the list, a row an organisation and file; none where the release kept no lines."""
    words, names = view.words, dict(found.select("org_code", "name").rows())
    rows = source_rows(view, list(names))
    if not rows:
        return []
    columns = [Column(words("weak_orgs.code")), Column(words("weak_orgs.name")), Column(words("choose.source"))]
    columns += [Column(words("figure.file")), Column(words("figure.line"))]
    lines = [[code, names[code], words.source(source), path, rows_line(numbers)] for code, source, path, numbers in rows]
    taken = [words(f"export.sheet_{name}") for name in ("data", "notes", "definitions", "version")]
    return [Sheet(*sheet_names([words("figure.source_rows")], taken), columns, lines)]


def definitions(view: View, signs: tuple[str, ...]) -> list[tuple[str, str]]:
    """How each sign is computed and from which file, and how the list is made."""
    words = view.words
    found = [(words(f"sign.{sign}"), words(f"sign_is.{sign}")) for sign in signs]
    return [*found, (words("weak_orgs.rank"), words("weak_orgs.how")), (words("weak_orgs.length"), words("weak_orgs.length_is"))]


def expander(view: View, signs: tuple[str, ...]) -> None:
    with st.expander(view.words("compare.definition")):
        body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>" for name, what in definitions(view, signs))
        st.html(f'<dl class="lx-definition lx-two">{body}</dl>')
