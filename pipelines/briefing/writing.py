"""Briefings, written: composed, set, and put into `<home>/outbox/<YYYY-MM>/`.

What belongs here: which briefings a month has, and when a new edition is due. Nothing there is ever overwritten: what is said anew stands
beside the old as a further edition, and what is said again is not written again. How files get there safely: filing.py.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

from data.home import Home, HomeUnfit
from data.language import english
from data.outbox import FORMATS, KINDS, Slip, due, folder, slips
from data.words import Words
from pipelines.briefing import filing, ledger
from pipelines.briefing.document import Document
from pipelines.briefing.quoted_table import quoted_table
from pipelines.briefing.reading import due_on
from pipelines.briefing.reading import facts as gather
from transforms.claims.facts import Facts
from transforms.show import BEIJING


@dataclass(frozen=True)
class Edition:
    """One briefing as it stands now. `added`: the formats that this call wrote. `is_new`: it was not there before."""

    slip: Slip
    folder: Path
    added: tuple[str, ...] = ()
    is_new: bool = False

    def paths(self, formats: Iterable[str]) -> dict[str, str]:
        return {form: str(self.folder / self.slip.files[form][0]) for form in formats}


@dataclass(frozen=True)
class Written:
    """What `write` did."""

    period: str
    revision: str
    lang: str
    editions: tuple[Edition, ...]

    def facts(self) -> dict:
        return {"period": self.period, "revision": self.revision, "briefings": [_facts(each) for each in self.editions]}

    def lines(self) -> list[str]:
        words = Words(self.lang)
        return [line for each in self.editions for line in _lines(words, each)]


def _facts(each: Edition) -> dict:
    slip = each.slip
    return {
        "kind": slip.kind,
        "edition": slip.edition,
        "new": each.is_new,
        "written": list(each.added),
        "files": each.paths(slip.files),
        "sentences": len(slip.sentences),
        "left_out": len(slip.left_out),
        "quoted": len(slip.quoted),
    }


def _lines(words: Words, each: Edition) -> Iterator[str]:
    slip = each.slip
    values = {"kind": words(f"briefing.file_{slip.kind}"), "release": f"{slip.period} {slip.revision}"}
    if each.is_new:
        yield words("outbox.wrote", **values, said=len(slip.sentences), left=len(slip.left_out))
    else:
        yield words("outbox.added" if each.added else "outbox.same", **values)
    yield from (f"  {path}" for path in each.paths(each.added or slip.files).values())


def write(
    home: Home,
    period: str,
    formats: Sequence[str] = FORMATS,
    say: Callable[[str], None] = lambda text: None,
    kinds: Iterable[str] = KINDS,
    today: date | None = None,
    log: Callable[[Slip], None] = lambda slip: None,
) -> Written:
    """Writes those of these kinds that are due in the month, in these formats. `log`: told of what is to be written, before it is.

    Raises NoSuchRelease for a month that is not published, and HomeUnfit where its release or the outbox can't be read or written, or where
    a file asked for is another than was written.
    """
    words = Words("en" if english() else "zh")
    today = today or datetime.now(BEIJING).date()
    known = gather(home, period, today, words.lang)
    gathered, editions, changed = {known.due_on: known}, [], []
    for kind in (kind for kind in kinds if kind in due(known.now.period)):
        day = due_on(home, period, kind, today, words.lang)
        known = gathered[day] = gathered.get(day) or gather(home, period, today, words.lang, day)
        say(words("outbox.composing", kind=words(f"briefing.file_{kind}"), release=f"{known.now.period} {known.now.revision}"))
        document = compose(kind, known, words)
        quoted = ledger.quoted(document, known)
        document = replace(document, sheets=(*document.sheets, quoted_table(known, words, document, quoted)))
        try:
            with filing.alone(home):
                edition = _write(home, document, quoted, known.due_on, formats, words, log)
        except OSError as error:
            why = error.strerror or str(error)
            raise HomeUnfit(words("outbox.disk", folder=folder(home, period), why=why)) from None
        editions.append(edition)
        changed += _changed(edition, formats)
    if changed:  # those that are whole have been written by now
        raise HomeUnfit("\n".join(words("outbox.changed", file=path) for path in changed))
    return Written(known.now.period, known.now.revision, words.lang, tuple(editions))


def compose(kind: str, known: Facts, words: Words) -> Document:
    """A briefing of one of the kinds."""
    return import_module(f"pipelines.briefing.{kind}").compose(known, words)


def set_in(form: str, document: Document) -> bytes:
    """The document in one of the formats."""
    return getattr(import_module(f"pipelines.briefing.{form}"), f"set_{form}")(document)


def _write(
    home: Home,
    document: Document,
    quoted: list[dict],
    day: date,
    formats: Sequence[str],
    words: Words,
    log: Callable[[Slip], None],
) -> Edition:
    filing.sweep(home, document.period)
    place, there = folder(home, document.period), slips(home, document.period)
    like = [slip for slip in there if (slip.kind, slip.lang, slip.revision) == (document.kind, document.lang, document.revision)]
    newest, said = max(like, key=lambda slip: slip.edition, default=None), ledger.digest(document)
    if newest is not None and newest.digest == said:
        lacking = [form for form in formats if form not in newest.files or not (place / newest.files[form][0]).exists()]
        made = {form: set_in(form, document) for form in lacking}
        # A file that somebody took away is put back as it was, or not under its name.
        if all(form not in newest.files or newest.files[form][1] == filing.sha256(data) for form, data in made.items()):
            if made:
                log(newest)
            return Edition(filing.put(home, newest, made, more=True) if made else newest, place, tuple(made))
    edition = newest.edition + 1 if newest else 1
    name, edition = _free_name(place, words(f"briefing.file_{document.kind}"), document, edition)
    slip = Slip(
        kind=document.kind,
        period=document.period,
        revision=document.revision,
        edition=edition,
        lang=document.lang,
        name=name,
        # Never before the briefings that it follows, should the machine's clock have been set back.
        created_at=max([datetime.now(UTC).isoformat(timespec="seconds"), *(slip.created_at for slip in there)]),
        digest=said,
        units=document.units,
        due_on=day.isoformat(),
        sentences=ledger.sentences(document),
        left_out=ledger.left_out(document),
        quoted=quoted,
        asks=list(document.asks),
    )
    made = {form: set_in(form, document) for form in formats}
    log(slip)
    return Edition(filing.put(home, slip, made), place, tuple(made), is_new=True)


def _changed(edition: Edition, formats: Sequence[str]) -> list[Path]:
    """Of the files asked for those that are not what was written: nobody is handed them as if they were."""
    named = [edition.slip.files[form] for form in formats if form not in edition.added]
    return [edition.folder / name for name, sha256 in named if not filing.is_file(edition.folder / name, sha256)]


def _free_name(place: Path, kind: str, document: Document, edition: int) -> tuple[str, int]:
    """The name of the next edition, and its number. A name that something else in the folder has already is passed over."""
    while True:
        name = f"{kind}_{document.period}_{document.revision}" + (f"_{edition}" if edition > 1 else "")
        if not any((place / f"{name}.{ending}").exists() for ending in (*FORMATS, "json")):
            return name, edition
        edition += 1
