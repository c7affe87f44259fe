"""What was revised since the last briefing: each figure that it quoted, as it stands now, and which files moved it.

What belongs here: comparing a slip's quoted figures with the current releases of their months, as they are written: what looks the same is
no news. A figure that is hidden now is not set beside what was shown of it before.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from data.contracts import metrics, tables
from data.figures import ABSENT, Figure
from data.outbox import Slip
from data.picture import Picture
from transforms import show
from transforms.claims import judging
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place, Quoted, Said, Subject
from transforms.claims.facts import Facts

MOST = 3  # sentences; all of them stand in the annex
FILES = 3  # named in a sentence
KINDS = ("city", "district", "park", "zone")


@dataclass(frozen=True)
class Revised:
    """A figure that was quoted as `old` and is written `new` now. `was`: as it was quoted, of the release of then; `now`: the same cell
    today. `files`: what moved it. `why`: files, anew (no file did: definitions, settings or the program), gone (a release in between can't
    be opened, so nobody can tell). `where`: the section of the briefing that quoted it."""

    was: Quoted
    now: Quoted
    old: str
    new: str
    files: tuple[str, ...]
    why: str
    where: str = ""


def last(facts: Facts, kind: str = "month") -> Slip | None:
    """The last briefing of a kind about another release than this one: what stands in both is compared with what was said before either."""
    here = (facts.now.period, int(facts.now.revision[1:]))
    before = [slip for slip in facts.earlier if slip.kind == kind and (slip.period, int(slip.revision[1:])) < here]
    return max(before, key=lambda slip: (slip.period, int(slip.revision[1:]), slip.created_at), default=None)


def revised(facts: Facts, kind: str = "month") -> list[Revised]:
    """Every figure of the last briefing that is written otherwise now: the city first, then by metric."""
    slip = last(facts, kind)
    return [] if slip is None else _differing(_compared(facts, slip))


def revised_claims(facts: Facts, kind: str = "month") -> list[Said]:
    """At most three in sentences; where there are more, how many there are in all."""
    slip, subject = last(facts, kind), facts.subject()
    if slip is None or not slip.quoted:
        return [LeftOut("revised", subject, "none")]
    compared = list(_compared(facts, slip))
    if not compared:
        return [LeftOut("revised", subject, f"unpublished:{slip.period}")]
    found = _differing(compared)
    if not found:
        return [Claim("revised_none", subject, "counted", {"month": Month(slip.period), "n": len(compared)})]
    # A sentence names a metric; what other tables hold (ledgers, targets) stands in the annex.
    said = [_said(facts, each) for each in found if each.was.table == "metrics"]
    claims = [each for each in said if isinstance(each, Claim)][:MOST]
    made: list[Said] = [*claims, *(each for each in said if isinstance(each, LeftOut))]
    if len(claims) < len(found):
        made.append(Claim("revised_more", subject, "counted", {"n": len(found), "checked": len(compared)}))
    return made


def _differing(compared: Iterable[Revised]) -> list[Revised]:
    found = (each for each in compared if each.old != each.new and each.now.figure.reason != "suppressed")
    return sorted(found, key=_order)


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
            yield Revised(was, now, *([written(now)] * 2), (), "anew", row.get("where", ""))
            continue
        span = (was.period, was.revision)
        if span not in moved:
            moved[span] = _moved_by(facts, was.period, was.revision, picture.revision)
        by = moved[span]
        files = (by or {}).get((was.table, was.key), ())
        why = "files" if files else "gone" if by is None else "anew"
        yield Revised(was, now, written(was), written(now), files, why, row.get("where", ""))


def quoted_then(row: Mapping) -> Quoted | None:
    """A row of a slip as a figure; None where it is of a table or cell that there is no more."""
    table, column, key = row.get("table"), row.get("column"), tuple(str(part) for part in row.get("key") or ())
    unit = unit_of(table, key, column)
    if unit is None or not row.get("period") or not row.get("revision"):
        return None
    numbers = (row.get(name) for name in ("numerator", "denominator", "value", "reason"))
    if unit != "count":
        return Quoted(row["period"], row["revision"], table, key, column, Figure(*numbers), unit)
    number = next((int(each) for each in (row.get(name) for name in ("count", "value", "numerator")) if each is not None), None)
    return Quoted(row["period"], row["revision"], table, key, column, ABSENT, unit, number)


def unit_of(table: str | None, key: tuple[str, ...], column: str | None) -> str | None:
    """What a cell is measured in: rate, ratio or count."""
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


def _said(facts: Facts, each: Revised) -> Said:
    subject = _subject(facts, each.was)
    why = judging.published(each.now) or judging.published(each.was)
    if why:
        return LeftOut("revised", subject, why, (each.now,))
    _, kind, code, sector, metric = each.was.key
    values = {"month": Month(each.was.period), "place": Place(kind, code), "metric": Named("metric", metric)}
    values |= {"sector": Named("sector", sector), "old": each.old, "old_sides": show.n_of_n(each.was.figure), "new": each.now}
    if each.why == "files":
        values |= {"n": len(each.files), "files": each.files[:FILES]}
        return Claim("revised" if len(each.files) <= FILES else "revised_files", subject, "published", values)
    return Claim(f"revised_{each.why}", subject, "published", values)


def _subject(facts: Facts, was: Quoted) -> Subject:
    named = dict(zip(tables()[was.table].key[1:], was.key, strict=True))
    of = lambda name: named.get(name, "")  # noqa: E731
    return Subject(of("metric"), of("sector"), of("basis"), of("unit_kind"), of("unit_code"), was.period, was.revision)


def _order(each: Revised) -> tuple:
    """The city first; of places alike, as the cards have the metrics."""
    named = dict(zip(tables()[each.was.table].key[1:], each.was.key, strict=True))
    kind, metric = named.get("unit_kind", ""), named.get("metric", "")
    place = KINDS.index(kind) if kind in KINDS else len(KINDS)
    rank = list(metrics()).index(metric) if metric in metrics() else len(metrics())
    return (each.was.table != "metrics", place, rank, named.get("sector") != "all", each.was.key, each.was.column or "", each.was.period)
