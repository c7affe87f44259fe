"""The gettext catalogues side by side, as the tests of words look at them."""

from functools import cache

from babel.messages.pofile import read_po

from data.words import LANGUAGES, LOCALE


def files(lang: str) -> dict[str, list]:
    """name of the file -> its messages."""
    found = {}
    for path in sorted((LOCALE / lang / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            found[path.name] = [message for message in read_po(file, locale=lang, abort_invalid=True) if message.id]
    return found


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """key -> language -> text."""
    found: dict[str, dict[str, str]] = {}
    for lang in LANGUAGES:
        for messages in files(lang).values():
            for message in messages:
                found.setdefault(message.id, {})[lang] = message.string
    return found
