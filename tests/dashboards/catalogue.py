"""The gettext catalogues side by side, as the tests of words look at them."""

from dataclasses import dataclass
from functools import cache

from babel.messages.pofile import read_po

from data.words import LANGUAGES, LOCALE


@dataclass(frozen=True)
class Message:
    """A text by its key; of one that goes by a number all forms, and the value that decides."""

    id: str
    forms: tuple[str, ...]
    fuzzy: bool
    decides: str | None = None


def files(lang: str) -> dict[str, list[Message]]:
    """name of the file -> its messages."""
    found = {}
    for path in sorted((LOCALE / lang / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            found[path.name] = [_message(each) for each in read_po(file, locale=lang, abort_invalid=True) if each.id]
    return found


def _message(read) -> Message:
    if read.pluralizable:
        return Message(read.id[0], read.string, read.fuzzy, read.id[1])
    return Message(read.id, (read.string,), read.fuzzy)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """key -> language -> text; of one with forms, all of them one below the other."""
    found: dict[str, dict[str, str]] = {}
    for lang in LANGUAGES:
        for messages in files(lang).values():
            for message in messages:
                found.setdefault(message.id, {})[lang] = "\n".join(message.forms)
    return found
