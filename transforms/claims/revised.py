"""What was revised since the last briefing: each figure that it quoted, as it stands now, and which files moved it.

What belongs here: comparing a slip's quoted figures with the current releases of their months, as they are written: what looks the same is
no news. A figure that is hidden now is not set beside what was shown of it before.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from data.contracts import metrics, tables
from data.figures import ABSENT, Figure
from data.outbox import Slip
from data.periods import is_period
from data.picture import Picture
from transforms import show, tallies
from transforms.claims import judging
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place, Quoted, Said, Subject
from transforms.claims.facts import Facts
from transforms.differences import paths_moved, reference_files
from transforms.marks import cells, coded
from transforms.tallies import TALLIES

MOST = 3  # sentences; all of them stand in the annex
KINDS = ("city", "district", "park", "zone")


@dataclass(frozen=True)
class Revised:
    """A figure that was quoted as `old` and is written `new` now. `was`: as it was quoted, of the release of then; `now`: the same cell
    today. `files`: what moved it. `why`: files, anew (no file did: definitions, settings or the program), gone (a release in between can't
    be opened, so nobody can tell). `where`: the section of the briefing that quoted it, `told`: that briefing's month."""

    was: Quoted
    now: Quoted
    old: str
    new: str
    files: tuple[str, ...]
    why: str
    where: str = ""
    told: str = ""


def looked_at(facts: Facts, kind: str = "month") -> list[Slip]:
    """The briefings of a kind that are looked at again, the newest first: the last one about an earlier revision of this month, and the
    last one about a month before. What was sent out about another revision of the same month does not hide what changed in the others."""
    here = (facts.now.period, int(facts.now.revision[1:]))
    before = [slip for slip in facts.earlier if slip.kind == kind and (slip.period, int(slip.revision[1:])) < here]
    order = lambda slip: (slip.period, int(slip.revision[1:]), slip.created_at)  # noqa: E731
    same = max((slip for slip in before if slip.period == here[0]), key=order, default=None)
    former = max((slip for slip in before if slip.period < here[0]), key=order, default=None)
    return [slip for slip in (same, former) if slip is not None]


def revised(facts: Facts, kind: str = "month") -> list[Revised]:
    """Every figure of those briefings that is written otherwise now: the city first, then by metric."""
    return _differing(facts, _all_compared(facts, looked_at(facts, kind)))


def revised_claims(facts: Facts, kind: str = "month") -> list[Said]:
    """At most three in sentences; where there are more, how many there are in all."""
    slips, subject = [slip for slip in looked_at(facts, kind) if slip.quoted], facts.subject()
    if not slips:
        return [LeftOut("revised", subject, "first_briefing")]
    compared = list(_all_compared(facts, slips))
    if not compared:
        return [LeftOut("revised", subject, f"unpublished:{slips[-1].period}")]
    found = _differing(facts, compared)
    if not found:
        months = tuple(Month(period) for period in sorted({slip.period for slip in slips}))
        return [Claim("revised_none", subject, "counted", {"month": months, "n": len(compared)})]
    # A sentence names a metric; what other tables hold (ledgers, targets) stands in the annex.
    said = [_said(facts, each) for each in found if each.was.table == "metrics"]
    claims = [each for each in said if isinstance(each, Claim)][:MOST]
    made: list[Said] = [*claims, *(each for each in said if isinstance(each, LeftOut))]
    if len(claims) < len(found):
        made.append(Claim("revised_more", subject, "counted", {"n": len(found), "checked": len(compared)}))
    return made


def _differing(facts: Facts, compared: Iterable[Revised]) -> list[Revised]:
    found = (each for each in compared if _printed(each.was) != _printed(each.now) and each.now.figure.reason != "suppressed")
    return sorted(found, key=lambda each: _order(each, facts.basis))


def _printed(quoted: Quoted) -> tuple[str, str]:
    """All of a figure that a briefing prints: the rate, and what it is of."""
    return written(quoted), "" if quoted.unit == "count" else show.n_of_n(quoted.figure)


def _all_compared(facts: Facts, slips: Iterable[Slip]) -> Iterator[Revised]:
    """Each figure once, as the newest of the briefings quoted it."""
    seen: set[tuple] = set()
    for slip in slips:
        for each in _compared(facts, slip):
            cell = (each.was.period, each.was.table, each.was.key, each.was.column)
            if cell not in seen:
                seen.add(cell)
                yield each


def _compared(facts: Facts, slip: Slip) -> Iterator[Revised]:
    """The quoted figures, each once, beside what they are now; of a month that is not published any more there is nothing to compare."""
    moved: dict[tuple[str, str], dict[tuple, tuple[str, ...]] | None] = {}
    seen: set[str] = set()
    for row in slip.quoted:
        was = quoted_then(row)
        if was is None or was.code in seen:
            continue
        seen.add(was.code)
        picture = facts.current(was.period)
        if picture is None:
            continue
        now = quoted_now(picture, was)
        if picture.revision == was.revision:
            # A release never changes: what a slip says otherwise of it, somebody has changed in the slip (`verify` names it).
            yield Revised(now, now, *([written(now)] * 2), (), "anew", row.get("where", ""), slip.period)
            continue
        span = (was.period, was.revision)
        if span not in moved:
            moved[span] = _moved_by(facts, was.period, was.revision, picture.revision)
        by = moved[span]
        files = () if by is None else _changed_files(facts, was, picture) if was.table in TALLIES else by.get((was.table, was.key), ())
        why = "files" if files else "gone" if by is None else "anew"
        yield Revised(was, now, written(was), written(now), files, why, row.get("where", ""), slip.period)


def quoted_then(row: Mapping) -> Quoted | None:
    """A row of a slip as a figure; None where it is of a table or cell that there is no more, or where somebody touched it."""
    if not _is_whole(row):
        return None
    table, column, key = row["table"], row.get("column"), tuple(row["key"])
    unit = unit_of(table, key, column)
    if unit is None:
        return None
    numbers = (row.get(name) for name in ("numerator", "denominator", "value", "reason"))
    if unit != "count":
        return Quoted(row["period"], row["revision"], table, key, column, Figure(*numbers), unit)
    number = next((int(each) for each in (row.get(name) for name in ("count", "value", "numerator")) if each is not None), None)
    return Quoted(row["period"], row["revision"], table, key, column, ABSENT, unit, number)


def _is_whole(row: Mapping) -> bool:
    """Whether it has the form of a quoted figure: each part of the type that ledger.py writes."""
    key, numbers = row.get("key"), [row.get(name) for name in ("numerator", "denominator", "count")]
    value, period, revision = row.get("value"), row.get("period"), row.get("revision")
    return (
        isinstance(row.get("table"), str)
        and isinstance(key, list | tuple)
        and all(isinstance(part, str) for part in key)
        and isinstance(period, str)
        and is_period(period)
        and isinstance(revision, str)
        and re.fullmatch(r"r[0-9]{2,9}", revision) is not None
        and all(each is None or type(each) is int for each in numbers)
        and (value is None or (type(value) in (int, float) and math.isfinite(value)))
        and all(isinstance(row.get(name), str | None) for name in ("column", "reason"))
        and isinstance(row.get("where", ""), str)
    )


def unit_of(table: str | None, key: tuple[str, ...], column: str | None) -> str | None:
    """What a cell is measured in: rate, ratio or count."""
    if table in TALLIES:
        return "count" if len(key) == len(coded(table)) and column in cells(table) else None
    card = tables().get(table or "")
    types = {each.name: each.type for each in card.published} if card else {}
    if card is None or len(key) != len(card.key) - 1 or (column and types.get(column) not in ("bigint", "double")):
        return None
    named = dict(zip(card.key[1:], key, strict=True))
    if column and types[column] == "bigint":
        return "count"
    if table in ("metrics", "targets") and (table == "metrics" or column in (None, "value", "target")):
        metric = metrics().get(named["metric"])
        return metric.unit if metric else None
    if table == "base_numbers":
        return "rate" if column in (None, "measured_ratio") else "ratio"
    return "rate" if column is None else "ratio"


def quoted_now(picture: Picture, was: Quoted) -> Quoted:
    """The same cell of another release."""
    here = replace(was, period=picture.period, revision=picture.revision, figure=ABSENT, count=None)
    if was.table == "metrics":
        basis, kind, code, sector, metric = was.key
        return replace(here, figure=picture.figure(metric, kind, code, sector, basis))
    row = _row(picture, was)
    if row is None:
        return here
    if was.unit == "count":
        return replace(here, count=row[was.column])
    return replace(here, figure=_figure(was.table, row, was.column))


def _row(picture: Picture, was: Quoted) -> dict | None:
    if was.table in TALLIES:
        return tallies.row_of(picture.release, was.table, was.key)
    if was.table == "doubling":
        return picture.legs.get(was.key[1:])
    if was.table == "base_numbers":
        return picture.base_numbers(*was.key)
    if was.table != "targets" or picture.targets is None:
        return None
    names = tables()["targets"].key[1:]
    return next((row for row in picture.targets.to_dicts() if tuple(str(row[name]) for name in names) == was.key), None)


def _figure(table: str, row: dict, column: str | None) -> Figure:
    """A rate or ratio of a row, with both its sides where it has them."""
    if table == "base_numbers" and column in (None, "measured_ratio"):
        return Figure(row["corroborated"], row["registered"], row["measured_ratio"])
    if table == "doubling" and column is None:
        return Figure(row["n1"], row["d1"], row["n1"] / row["d1"] if row["d1"] else None, None if row["d1"] else "no_denominator")
    value = row[column or "value"]
    return Figure(value=None if value is None else float(value))


def written(quoted: Quoted) -> str:
    """As a briefing writes the figure, without its sides."""
    return show.count(quoted.count) if quoted.unit == "count" else show.figure(quoted.figure, quoted.unit)


def _moved_by(facts: Facts, period: str, old: str, new: str) -> dict[tuple, tuple[str, ...]] | None:
    """(table, key) -> the files that moved it between two revisions; None where one of those between can't be opened."""
    found: dict[tuple, set[str]] = {}
    for number in range(int(old[1:]) + 1, int(new[1:]) + 1):
        picture = facts.revision(period, f"r{number:02d}")
        if picture is None:
            return None
        for change in picture.manifest.get("changes", ()):
            key = tuple(str(change.get(name)) for name in tables()[change["table"]].key[1:])
            found.setdefault((change["table"], key), set()).update(change.get("files", ()))
    return {key: tuple(sorted(files)) for key, files in found.items()}


def _changed_files(facts: Facts, was: Quoted, now: Picture) -> tuple[str, ...]:
    """The files that came, went or changed since; of a source's own count those of this source. Which rows a file moved is told of figures
    alone."""
    then = facts.revision(was.period, was.revision)
    if then is None:
        return ()
    changed = paths_moved(*(_files(picture.manifest) for picture in (then, now)))
    source = dict(zip(coded(was.table), was.key, strict=True)).get("source", tallies.ALL)
    return tuple(path for path in changed if source == tallies.ALL or path.startswith("reference/") or path.split("/")[1] == source)


def _files(manifest: Mapping) -> dict[str, str]:
    return manifest.get("inputs", {}) | {f"reference/{name}": digest for name, digest in reference_files(manifest).items()}


def _said(facts: Facts, each: Revised) -> Said:
    subject = _subject(facts, each.was)
    why = judging.published(each.now) or judging.published(each.was)
    if why:
        return LeftOut("revised", subject, why, (each.now,))
    basis, kind, code, sector, metric = each.was.key
    values = {"told": Month(each.told), "month": Month(each.was.period), "place": Place(kind, code), "metric": Named("metric", metric)}
    values |= {"sector": Named("sector", sector), "basis": Named("basis", "none" if basis == "-" else basis)}
    values |= {"old": each.old, "old_sides": show.n_of_n(each.was.figure), "new": each.now}
    if each.why == "files":
        return Claim("revised", subject, "published", values | {"n": len(each.files), "files": _sources(each.files)})
    return Claim(f"revised_{each.why}", subject, "published", values)


def _sources(files: Iterable[str]) -> tuple[Named | str, ...]:
    """Whose files they are: a leader reads no path, which stands in the annex. Of reference files the name."""
    parts = [path.split("/") for path in files]
    return tuple(dict.fromkeys(part[-1] if part[0] == "reference" or len(part) < 3 else Named("source", part[1]) for part in parts))


def _subject(facts: Facts, was: Quoted) -> Subject:
    named = dict(zip(coded(was.table), was.key, strict=True))
    of = lambda name: named.get(name, "")  # noqa: E731
    return Subject(of("metric"), of("sector"), of("basis"), of("unit_kind"), of("unit_code"), was.period, was.revision)


def _order(each: Revised, signed: str) -> tuple:
    """The city first; of places alike, as the cards have the metrics, on the signed basis before the others."""
    named = dict(zip(coded(each.was.table), each.was.key, strict=True))
    kind, metric = named.get("unit_kind", ""), named.get("metric", "")
    place = KINDS.index(kind) if kind in KINDS else len(KINDS)
    rank = list(metrics()).index(metric) if metric in metrics() else len(metrics())
    tried = named.get("basis") not in (None, "-", signed)
    return (
        each.was.table != "metrics",
        tried,
        place,
        rank,
        named.get("sector") != "all",
        each.was.key,
        each.was.column or "",
        each.was.period,
    )
