"""What all kinds of briefings have around their sections: the lines above and below the title, the foot, the signs.

What belongs here: the frame of a document, from the release that it names.
"""

from collections.abc import Iterable

from data.words import Words
from pipelines.briefing.document import Document, Section, Table
from transforms import show
from transforms.claims.claim import LeftOut, Said
from transforms.claims.facts import Facts

NOTES = ("sign_marks", "sign_codes", "sign_left")


def framed(
    facts: Facts,
    words: Words,
    kind: str,
    sections: Iterable[Section],
    sheets: Iterable[Table] = (),
    asks: Iterable[dict] = (),
    title: str | None = None,
    units: bool = False,
) -> Document:
    """A document of the facts' release. `title`: where it is not the month's."""
    now = facts.now
    row = now.units.get(("city", now.city))
    city = row["name"] if row else now.city
    basis = words.of("basis", facts.basis)
    return Document(
        kind,
        now.period,
        now.revision,
        words.lang,
        facts.office,
        title or words("briefing.title", city=city),
        words("briefing.under", month=words.month(now.period), day=words.day(now.period), basis=basis),
        words(
            "briefing.foot",
            release=f"{now.period} {now.revision}",
            published=show.beijing(now.manifest.get("created_at", "")),
        ),
        facts.classification,
        tuple(sections),
        tuple(words(f"briefing.{name}") for name in NOTES),
        tuple(sheets),
        tuple(asks),
        units,
    )


def unsaid(claims: Iterable[Said]) -> tuple[LeftOut, ...]:
    return tuple(each for each in claims if isinstance(each, LeftOut))
