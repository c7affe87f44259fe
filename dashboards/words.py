"""The words of the pages, in Chinese and English, from wording/: a file a page, and common.toml. Other names come from their cards.

What belongs here: looking words up. A test holds that every word used exists in both languages, and that none is left over.
"""

import tomllib
from functools import cache
from pathlib import Path

from data.answer_form import DISPOSITION_WORDS
from data.contracts import Card, MetricCard, metrics, rules, sources
from data.periods import last_day

LANGUAGES = ("zh", "en")
UNKNOWN = "000000"
SEVERITY = {"H": "must", "S": "explain", "I": "look"}  # as the catalogue names them


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """key -> language -> text."""
    found = {}
    for path in sorted((Path(__file__).parent / "wording").glob("*.toml")):
        for section, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for name, (zh, en) in entries.items():
                found[f"{section}.{name}"] = {"zh": zh, "en": en}
    return found


class Words:
    """One language. `words("overview.title")` is a text; named values are filled into its braces."""

    def __init__(self, lang: str):
        self.lang = lang

    def __call__(self, key: str, **values) -> str:
        text = catalogue()[key][self.lang]
        return text.format(**values) if values else text

    def of(self, section: str, name: str) -> str:
        """The word for a coded value; a code that the catalogue does not know is shown as it is."""
        entry = catalogue().get(f"{section}.{name}")
        return entry[self.lang] if entry else name

    def card(self, card: Card) -> str:
        return card.zh if self.lang == "zh" else card.en

    def metric(self, name: str) -> str:
        return self.card(metrics()[name]) if name in metrics() else name

    def sides(self, card: MetricCard) -> tuple[str, str]:
        """What is counted above and below the line, in a sentence each."""
        return (card.numerator_zh, card.denominator_zh) if self.lang == "zh" else (card.numerator_en, card.denominator_en)

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
        day = last_day(period)
        return f"{day.year}年{day.month}月{day.day}日" if self.lang == "zh" else day.isoformat()

    def reason(self, reason: str) -> str:
        """Why a figure has no value."""
        kind, _, source = reason.partition(":")
        return self("why.source_missing", source=self.source(source)) if kind == "source_missing" else self.of("why", kind)

    def rejection(self, source: str, reason: str) -> str:
        """Why a row did not load, in plain words: `date:founded_on` names the field as its office does."""
        kind, _, field = reason.partition(":")
        text = self.of("rejection", kind)
        return text.format(field=self.field(source, field)) if "{field}" in text else text
