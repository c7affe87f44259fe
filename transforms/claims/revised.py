"""What was revised since the last briefing: each figure that it quoted, as it stands now, and which files moved it.

What belongs here: comparing a slip's quoted figures with the current releases of their months, as they are written: what looks the same is
no news. A figure that is hidden now is not set beside what was shown of it before.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from data.contracts import metrics, tables
from data.outbox import Slip
from data.periods import add_months
from data.picture import Picture
from transforms import show, tallies
from transforms.claims import judging
from transforms.claims.claim import Claim, LeftOut, Month, Named, Place, Quoted, Said, Subject
from transforms.claims.facts import Facts
from transforms.claims.quoted import quoted_now, quoted_then, written
from transforms.differences import paths_moved, reference_files
from transforms.marks import coded
from transforms.sector_words import sector_of
from transforms.tallies import TALLIES

MOST = 3  # sentences; all of them stand in the annex
FEW = 2  # months that a sentence names one by one
MONTHS = 12  # what is older is looked at no more
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
    """The briefings of a kind that are looked at again, the newest first: of the year before, and of earlier revisions of this month."""
    here, since = (facts.now.period, int(facts.now.revision[1:])), add_months(facts.now.period, -MONTHS)
    order = lambda slip: (slip.period, int(slip.revision[1:]), slip.edition, slip.created_at)  # noqa: E731
    mine = [slip for slip in facts.earlier if slip.kind == kind and slip.period >= since and order(slip)[:2] < here]
    return sorted(mine, key=order, reverse=True)


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
        months = [Month(period) for period in sorted({slip.period for slip in slips})]
        if len(months) > FEW:
            return [Claim("revised_none_many", subject, "counted", {"first": months[0], "last": months[-1], "n": len(compared)})]
        return [Claim("revised_none", subject, "counted", {"month": tuple(months), "n": len(compared)})]
    # A sentence names a metric; what other tables hold (ledgers, targets) stands in the annex.
    said = [_said(facts, each) for each in found if each.was.table == "metrics"]
    claims = [each for each in said if isinstance(each, Claim)][:MOST]
    made: list[Said] = [*claims, *(each for each in said if isinstance(each, LeftOut))]
    if len(claims) < len(found):
        made.append(Claim("revised_more", subject, "counted", {"n": len(found), "checked": len(compared)}))
    return made


def _differing(facts: Facts, compared: Iterable[Revised]) -> list[Revised]:
    found = (each for each in compared if _differs(each) and each.now.figure.reason != "suppressed")
    return sorted(found, key=lambda each: _order(each, facts.basis))


def _printed(quoted: Quoted) -> tuple[str, str]:
    """All of a figure that a briefing prints: the rate, and what it is of."""
    return written(quoted), "" if quoted.unit == "count" else show.n_of_n(quoted.figure)


def _all_compared(facts: Facts, slips: list[Slip]) -> Iterator[Revised]:
    """Each figure once, as the newest of the briefings quoted it; but for what a later briefing has told of already."""
    seen: set[tuple] = set()
    for place, slip in enumerate(slips):
        for each in _compared(facts, slip):
            cell = _cell(each.was)
            if cell not in seen and (not _differs(each) or not _was_told(facts, each, slips[:place])):
                yield each
            seen.add(cell)


def _cell(quoted: Quoted) -> tuple:
    return quoted.period, quoted.table, quoted.key, quoted.column


def _differs(each: Revised) -> bool:
    return _printed(each.was) != _printed(each.now)


def _was_told(facts: Facts, each: Revised, later: Iterable[Slip]) -> bool:
    """Whether a later briefing, which looked at this one again, saw the figure as it is now."""
    seen = (_as_of(facts, each.was, slip.created_at) for slip in later)
    return any(_printed(one) == _printed(each.now) for one in seen if one is not None)


def _as_of(facts: Facts, was: Quoted, moment: str) -> Quoted | None:
    """The cell in the release that was current at a moment; None while that was the one that it was quoted from."""
    for number in range(int(facts.current(was.period).revision[1:]), int(was.revision[1:]), -1):
        picture = facts.revision(was.period, f"r{number:02d}")
        published = None if picture is None else _time(picture.manifest.get("created_at"))
        if published is not None and published <= (_time(moment) or published):
            return quoted_now(picture, was)
    return None


def _time(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _compared(facts: Facts, slip: Slip) -> Iterator[Revised]:
    """The quoted figures, each once, beside what they are now; of a month that is not published any more, or lies more than a year back,
    there is nothing to compare."""
    moved: dict[tuple[str, str], dict[tuple, tuple[str, ...]] | None] = {}
    since = add_months(facts.now.period, -MONTHS)
    for row, was in _newest(slip):
        picture = facts.current(was.period) if was.period >= since else None
        if picture is None:
            continue
        if picture.revision == was.revision:
            # A release never changes: what a slip says otherwise of it, somebody has changed in the slip (`verify` names it).
            yield Revised(was, was, *([written(was)] * 2), (), "anew", row.get("where", ""), slip.period)
            continue
        now, span = quoted_now(picture, was), (was.period, was.revision)
        if span not in moved:
            moved[span] = _moved_by(facts, was.period, was.revision, picture.revision)
        by = moved[span]
        files = () if by is None else _changed_files(facts, was, picture) if was.table in TALLIES else by.get((was.table, was.key), ())
        why = "files" if files else "gone" if by is None else "anew"
        yield Revised(was, now, written(was), written(now), files, why, row.get("where", ""), slip.period)


def _newest(slip: Slip) -> Iterable[tuple[Mapping, Quoted]]:
    """The figures of a slip, each cell of a month once: a briefing that told what was and what is quotes both revisions."""
    found: dict[tuple, tuple[Mapping, Quoted]] = {}
    for row in slip.quoted:
        was = quoted_then(row)
        if was is not None and (_cell(was) not in found or int(found[_cell(was)][1].revision[1:]) < int(was.revision[1:])):
            found[_cell(was)] = (row, was)
    return found.values()


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
    subject = _subject(each.now)
    why = judging.published(each.now) or judging.published(each.was)
    if why:
        return LeftOut("revised", subject, why, (each.now,))
    basis, kind, code, sector, metric = each.was.key
    values = {"told": Month(each.told), "month": Month(each.was.period), "place": Place(kind, code), "metric": Named("metric", metric)}
    values |= {"sector": Named("sector", sector_of(metric, sector)), "basis": Named("basis", "none" if basis == "-" else basis)}
    values |= {"old": each.old, "old_sides": show.n_of_n(each.was.figure), "new": each.now}
    if each.why == "files":
        return Claim("revised", subject, "published", values | {"n": len(each.files), "files": _sources(each.files)})
    return Claim(f"revised_{each.why}", subject, "published", values)


def _sources(files: Iterable[str]) -> tuple[Named | str, ...]:
    """Whose files they are: a leader reads no path, which stands in the annex. Of reference files the name."""
    parts = [path.split("/") for path in files]
    return tuple(dict.fromkeys(part[-1] if part[0] == "reference" or len(part) < 3 else Named("source", part[1]) for part in parts))


def _subject(quoted: Quoted) -> Subject:
    named = dict(zip(coded(quoted.table), quoted.key, strict=True))
    of = lambda name: named.get(name, "")  # noqa: E731
    return Subject(of("metric"), of("sector"), of("basis"), of("unit_kind"), of("unit_code"), quoted.period, quoted.revision)


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
