"""The words of the pages, in Chinese and English: gettext catalogues in locale/<language>/LC_MESSAGES, a file a page, and common.po. Other
names come from their cards.

What belongs here: looking words up. A message's id is its key (`overview.title`), so that neither language hangs on the other's text.
A text that goes by a number has forms (`msgstr[0]`, `msgstr[1]`, as gettext counts in that language); its `msgid_plural` names the value
whose number decides. The catalogues are read as translators' tools write them, without a step that compiles them. A test holds that every
word used exists in both languages, and that none is left over.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from data.answer_form import DISPOSITION_WORDS
from data.contracts import Card, MetricCard, RuleCard, SourceCard, WorkListCard, metrics, rules, sources
from data.periods import is_period, last_day

LANGUAGES = ("zh", "en")
UNKNOWN = "000000"
LOCALE = Path(__file__).parent / "locale"
SEVERITY = {"H": "must", "S": "explain", "I": "look"}  # as the catalogue names them
MANY = 2  # where no number is given, or none that is whole
_WHOLE = re.compile(r"([0-9][0-9,]*)(?![0-9,.])")


@cache
def translations(lang: str) -> tuple[GNUTranslations, Mapping[str, str]]:
    """All catalogues of a language in one; and of each text with forms the value that decides between them."""
    together, deciding = Catalog(locale=lang), {}
    for path in sorted((LOCALE / lang / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=lang):
                if message.pluralizable:
                    key, deciding[message.id[0]] = message.id
                    together.add((key, key), message.string)
                elif message.id:
                    together.add(message.id, message.string)
    compiled = BytesIO()
    write_mo(compiled, together)
    compiled.seek(0)
    return GNUTranslations(compiled), deciding


def whole(value: object) -> int:
    """The number that a text goes by, of a value as it is written: 1 of `1`, of `1 unit`, of `1` with a code behind it; not of `1.0`."""
    found = _WHOLE.match(str(value))
    return int(found[1].replace(",", "")) if found else MANY


def known(key: str) -> bool:
    """Whether there is a word of this key."""
    return translations(LANGUAGES[0])[0].gettext(key) != key


class Words:
    """One language. `words("overview.title")` is a text; named values are filled into its braces."""

    def __init__(self, lang: str):
        self.lang = lang

    def __call__(self, key: str, **values) -> str:
        text = self._text(key, values)
        if text == key:
            raise KeyError(key)
        return text.format(**values) if values else text

    def _text(self, key: str, values: Mapping[str, object]) -> str:
        found, deciding = translations(self.lang)
        return found.ngettext(key, key, whole(values.get(deciding[key], MANY))) if key in deciding else found.gettext(key)

    def decided_by(self, key: str) -> str | None:
        """The value by whose number this text takes its form in this language; None where it has one form."""
        return translations(self.lang)[1].get(key)

    @property
    def gap(self) -> str:
        """Between two sentences: Chinese needs none."""
        return "" if self.lang == "zh" else " "

    def of(self, section: str, name: str, n: object = MANY) -> str:
        """The word for a coded value; a code that the catalogue does not know is shown as it is. n: how many there are of it."""
        key = f"{section}.{name}"
        text = self._text(key, {"n": n})
        return name if text == key else text

    def card(self, card: Card) -> str:
        return card.zh if self.lang == "zh" else card.en

    def metric(self, name: str) -> str:
        return self.card(metrics()[name]) if name in metrics() else name

    def sides(self, card: MetricCard) -> tuple[str, str]:
        """What is counted above and below the line, in a sentence each."""
        return (card.numerator_zh, card.denominator_zh) if self.lang == "zh" else (card.numerator_en, card.denominator_en)

    def change_log(self, card: MetricCard | WorkListCard | RuleCard) -> list[str]:
        """What was changed of a card, in this language; an entry is written `2: 中文 / English`."""
        entries = (entry.split(": ", 1) for entry in card.change_log)
        return [f"{number}{self('mark.colon')}{said.split(' / ')[LANGUAGES.index(self.lang)]}" for number, said in entries]

    def rule(self, name: str) -> str:
        """A rule by its title; releases outlive rules, so that one may be in no card any more."""
        return self.card(rules()[name]) if name in rules() else name

    def severity(self, code: str) -> str:
        return self(f"severity.{SEVERITY[code]}")

    def conclusion(self, code: str) -> str:
        """As the answer form says it, which people read beside the page."""
        return DISPOSITION_WORDS[code][LANGUAGES.index(self.lang)]

    def source(self, name: str) -> str:
        return self.card(sources()[name]) if name in sources() else name

    def office(self, card: SourceCard) -> str:
        """Who delivers a source."""
        return card.office if self.lang == "zh" else card.office_en

    def field(self, source: str, name: str) -> str:
        card = sources().get(source)
        found = next((field for field in card.fields if field.name == name), None) if card else None
        return self.card(found) if found else name

    def fields(self, source: str, names) -> str:
        return self("mark.list").join(self.field(source, name) for name in names)

    def place(self, code: str, name: str) -> str:
        """A place by its name; that of no known district is the program's own word, and not a name."""
        return self("place_names.unknown") if code == UNKNOWN else name

    def month(self, period: str) -> str:
        return f"{period[:4]}年{int(period[5:])}月" if self.lang == "zh" else period

    def day(self, period: str) -> str:
        """The date that the data describe: the last day of the period."""
        return self.date(last_day(period))

    def date(self, day: date) -> str:
        return f"{day.year}年{day.month}月{day.day}日" if self.lang == "zh" else day.isoformat()

    def reason(self, reason: str) -> str:
        """Why a figure has no value."""
        kind, _, source = reason.partition(":")
        return self("why.source_missing", source=self.source(source)) if kind == "source_missing" else self.of("why", kind)

    def left_out(self, reason: str) -> str:
        """Why a briefing does not say something: `contradicted:registered`, with what it hangs on."""
        kind, _, about = reason.partition(":")
        said = self(f"left_out.{kind}") if known(f"left_out.{kind}") else kind
        if kind == "missing" and about:
            about = self.reason(about)
        elif is_period(about):
            about = self.month(about)
        elif about in sources():
            about = self.source(about)
        elif about:
            about = self.metric(about) if about in metrics() else self.of("basis", about)
        return f"{said}{self('mark.open')}{about}{self('mark.close')}" if about else said

    def rejection(self, source: str, reason: str) -> str:
        """Why a row did not load, in plain words: `date:founded_on` names the field as its office does."""
        kind, _, field = reason.partition(":")
        text = self.of("rejection", kind)
        return text.format(field=self.field(source, field)) if "{field}" in text else text
