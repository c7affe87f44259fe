"""`liangxin explain CODE`: a figure in words, its definition, the rows of both its sides, and the files and lines of each.

What belongs here: the answer of the verb, as facts (JSON) and as lines. Opening is in opened.py, sentences are in figure_words.py.
"""

import sys
from collections.abc import Iterable
from typing import Any

from dashboards import counted_rows, definition_words, figure_words, opened
from dashboards.opened_parts import TRACED, Open, Opened, Part, Side, figure_of, row_of
from data.home import Home
from data.releases import Release, current
from data.words import Words
from transforms import citation, show
from transforms.marks import Place, coded
from transforms.marks import marks as marks_of

EXAMPLE = "201712.1-7KQM2X9P"
FIRST = 20
# Columns of counted rows whose cells don't say by themselves what they are.
LABELLED = ("since", "month", "lacked", "refused", "rows_read", "rows_rejected")


class NoSuchFigure(LookupError):
    """The code is malformed or leads to no figure. The message is one plain line, with the way out."""


def find(words: Words, text: str, release: Release, marks: dict[str, list[Place]]) -> Place:
    """The figure that a code's mark means in a release."""
    mark = citation.read(text).mark
    found = marks.get(mark, [])
    if len(found) != 1:
        why = "several" if found else "unknown"
        raise NoSuchFigure(
            words(f"figure.{why}", code=text, name=release.name) + words.gap + words(f"figure.{why}_do", code=text, name=release.name)
        )
    return found[0]


def explain(home: Home, text: str, limit: int | None, words: Words, open_release: Open) -> tuple[dict, list[str]]:
    """(facts, lines). `limit`: how many rows a side, None for all. Raises NoSuchFigure, and NoSuchRelease where the code's is gone."""
    try:
        asked = citation.read(text)
    except citation.NotACode:
        said = words("figure.malformed", code=text) + words.gap + words("figure.malformed_do", example=EXAMPLE)
        raise NoSuchFigure(said) from None
    release = open_release(asked.period, asked.revision)
    place = find(words, str(asked), release, marks_of(release))
    figure = opened.open_figure(home, release, place, open_release)
    newest = newer(home, figure, open_release)
    sides = [(side, _listed(figure, side, limit)) for side in figure.sides]
    least = home.settings.protection.smallest_member_cell
    return _facts(words, figure, sides, newest, least), list(_lines(words, figure, sides, newest, least))


def newer(home: Home, figure: Opened, open_release: Open) -> tuple[Release, Part | None] | None:
    """The current release of the period where it is another one, and the same figure in it."""
    now = current(home).get(figure.release.period)
    if now is None or now == figure.release.revision:
        return None
    release = open_release(figure.release.period, now)
    row = row_of(release, figure.table, figure.key)
    return release, None if row is None else Part(figure.table, figure.key, figure.column, row)


def newer_said(words: Words, newest: tuple[Release, Part | None]) -> str:
    release, part = newest
    if part is None:
        return words("figure.newer_gone", revision=release.revision)
    return words("figure.newer", revision=release.revision, value=said(words, part))


def said(words: Words, part: Part) -> str:
    """A figure beside another: its value, and n/N where it has them."""
    figure = figure_of(part.table, part.row, part.column)
    beside = figure_words.n_of_n(figure)
    value = figure_words.value(words, part.table, part.row, part.column, figure)
    return f"{value} ({beside})" if beside else value


def code_of(release: Release, part: Part) -> str:
    return citation.code(release.period, release.revision, part.table, part.key, part.column)


def _listed(figure: Opened, side: Side, limit: int | None) -> list[dict]:
    """The first rows of a side, each with its source rows."""
    if side.rows is None:
        return []
    rows = side.head(limit).to_dicts()
    if side.kind == "line":
        return [row | {"origins": [{name: row[name] for name in ("source", "path", "line")}]} for row in rows]
    if side.kind not in TRACED:
        return [row | {"origins": []} for row in rows]
    found: dict[str, list[dict]] = {row["subject"]: [] for row in rows}
    for release in side.releases:
        for subject, source, path, line in opened.source_rows(release, side.kind, found).rows():
            origin = {"source": source, "path": path, "line": line}
            found[subject].append(origin if release is figure.release else origin | {"period": release.period})
    return [row | {"origins": found[row["subject"]]} for row in rows]


def _facts(
    words: Words, figure: Opened, sides: list[tuple[Side, list[dict]]], newest: tuple[Release, Part | None] | None, least: int
) -> dict:
    of = figure.figure
    facts: dict[str, Any] = {
        "code": figure.code,
        "title": figure_words.title(words, figure),
        "period": figure.release.period,
        "revision": figure.release.revision,
        "table": figure.table,
        "key": dict(zip(coded(figure.table), figure.key, strict=True)),
        "column": figure.column,
        "numerator": of.numerator,
        "denominator": of.denominator,
        "value": of.value,
        "reason": of.reason,
        "definitions": figure.release.manifest.get("definitions"),
        "definition": [{"name": name, "text": text} for name, text in figure_words.definition(words, figure)],
        "sides": [_side_facts(words, figure, side, rows, least) for side, rows in sides],
        "parts": [_part_facts(figure.release, part) for part in figure.parts],
        "bases": [_part_facts(figure.release, part) for part in figure.bases],
        "made_of": [_part_facts(figure.release, part) for part in figure.made_of],
        "not_in_this_release": list(figure.lacks),
        "current": None,
    }
    if newest is not None:
        release, part = newest
        facts["current"] = {"revision": release.revision} | ({} if part is None else _part_facts(release, part))
    return facts


def _side_facts(words: Words, figure: Opened, side: Side, rows: list[dict], least: int) -> dict:
    number, total = (None, None) if side.rows is None else side.counted
    return {
        "side": side.name,
        "rows_are": side.kind,
        "published": side.published,
        "rows": number,
        "total": total,
        "said": figure_words.side_said(words, side),
        "listed": [_row_facts(figure, row, _least(figure, side, least)) for row in rows],
        "more": 0 if number is None else number - len(rows),
    }


def _least(figure: Opened, side: Side, least: int) -> int:
    """The smallest count of a unit's members that is told: beside a sum of members none is, for the others would give away the few."""
    return sys.maxsize if least > 1 and figure_words.side_counts_members(figure, side) else least


def _told(source: str, lines: list[int], least: int) -> bool:
    """Whether the lines of a file are told: as many lines of the member list, as many members."""
    return source != "member" or len(set(lines)) >= least


def _row_facts(figure: Opened, row: dict, least: int) -> dict:
    """A row for another program: what its words don't tell is x here as well."""
    facts = {
        name: show.small_value(value, least) if figure_words.counts_members(figure, name) else _plain(value) for name, value in row.items()
    }
    told = []
    for file, lines in _by_file(row["origins"]).items():
        found = [origin for origin in row["origins"] if _file(origin) == file]
        told += found if _told(file[1], lines, least) else [found[0] | {"line": show.SUPPRESSED}]
    return facts | {"origins": told}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str | list) else str(value)


def _part_facts(release: Release, part: Part) -> dict:
    of = figure_of(part.table, part.row, part.column)
    key = dict(zip(coded(part.table), part.key, strict=True))
    facts = {"code": code_of(release, part), "table": part.table, "key": key, "column": part.column}
    return facts | {"numerator": of.numerator, "denominator": of.denominator, "value": of.value, "reason": of.reason}


def _lines(
    words: Words, figure: Opened, sides: list[tuple[Side, list[dict]]], newest: tuple[Release, Part | None] | None, least: int
) -> Iterable[str]:
    colon = words("mark.colon")
    value = figure_words.value(words, figure.table, figure.row, figure.column, figure.figure)
    beside = figure_words.n_of_n(figure.figure)
    yield f"{figure.code}  {figure_words.title(words, figure)}  {value}{f'  {beside}' if beside else ''}"
    if figure.figure.reason:
        yield words.reason(figure.figure.reason)
    yield " · ".join(f"{name}{colon}{text}" for name, text in figure_words.standing(words, figure))
    if newest is not None:
        yield newer_said(words, newest) + (f" {code_of(newest[0], newest[1])}" if newest[1] else "")
    yield from figure_words.lacking(words, figure)
    yield ""
    yield words("figure.definition")
    yield from (f"  {name}{colon}{text}" for name, text in figure_words.definition(words, figure) if text)
    for side, rows in sides:
        yield ""
        yield from figure_words.side_said(words, side)
        for row in rows:
            yield from _row_lines(words, figure, side, row, least)
        more = side.counted[0] - len(rows) if side.rows is not None else 0
        if more:
            yield f"  {words('figure.more_rows', more=f'{more:,}')}"
    for name, parts in others(figure):
        yield ""
        yield words(name)
        for part in parts:
            yield f"  {called(words, figure, name, part)}{colon}{said(words, part)}  {code_of(figure.release, part)}"


def others(figure: Opened) -> list[tuple[str, tuple[Part, ...]]]:
    """The other figures that stand with one, by what they are to it."""
    found = (("figure.made_of", figure.made_of), ("figure.bases", figure.bases), ("figure.parts", figure.parts))
    return [(name, parts) for name, parts in found if parts]


def called(words: Words, figure: Opened, name: str, part: Part) -> str:
    """What a figure is called among the others that stand with this one."""
    if name == "figure.bases":
        return figure_words.basis(words, figure, part.key[0])
    if name == "figure.made_of":
        return figure_words.place_of(words, figure, part.row["unit_kind"], part.row["unit_code"])
    return figure_words.beside(words, figure, part)


def _row_lines(words: Words, figure: Opened, side: Side, row: dict, least: int) -> Iterable[str]:
    if side.kind == "line":
        at = words("figure.line_of", lines=str(row["line"]))
        yield f"  {row['subject']} · {words.source(row['source'])}{words('mark.colon')}{row['path']} {at}"
        return
    if side.kind in counted_rows.COLUMNS:
        yield "  " + " · ".join(_counted(words, figure, side, row))
        return
    cells, own = [row["subject"]], _least(figure, side, least)
    for name, value in row.items():
        if name not in ("subject", "adds", "origins", "source", "path", "line"):
            text = figure_words.cell(words, figure, name, value, own)
            if text:
                label = definition_words.column(words, name, "organisations" if side.kind == "organisation" else "census")
                cells.append(text if name in ("name", "district_code", "sector") else f"{label}{words('mark.colon')}{text}")
    # That a row adds one goes without saying, but not where one is so few that it is x.
    if row["adds"] is not None and (row["adds"] != 1 or figure_words.counts_members(figure, "adds")):
        cells.append(f"{words('figure.adds')}{words('mark.colon')}{figure_words.cell(words, figure, 'adds', row['adds'], own)}")
    yield "  " + " · ".join(cells)
    for (period, source, path), lines in _by_file(row["origins"]).items():
        at = figure_words.source_lines(words, source, lines, least)
        if _told(source, lines, least):
            at = words("figure.line_of", lines=at) if _told(source, lines, own) else ""
        month = f"{words.month(period)} " if period else ""
        yield f"      {month}{words.source(source)}{words('mark.colon')}{path} {at}".rstrip()


def _counted(words: Words, figure: Opened, side: Side, row: dict) -> Iterable[str]:
    """The cells of a row that a tally counts; numbers and days with what they are."""
    names = counted_rows.COLUMNS[side.kind]
    heads, told = counted_rows.heads(words, side.kind, names), counted_rows.told(words, figure, side.kind, names, row)
    for name, head, text in zip(names, heads, told, strict=True):
        if name == "line":
            yield words("figure.line_of", lines=text)
        elif text:
            yield f"{head}{words('mark.colon')}{text}" if name in LABELLED else text


def _file(origin: dict) -> tuple[str, str, str]:
    """(period where it is another one, source, path)"""
    return origin.get("period", ""), origin["source"], origin["path"]


def _by_file(origins: list[dict]) -> dict[tuple[str, str, str], list[int]]:
    files: dict[tuple[str, str, str], list[int]] = {}
    for origin in origins:
        files.setdefault(_file(origin), []).append(origin["line"])
    return files
