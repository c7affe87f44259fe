"""The cards of data/contracts/, typed: sources, tables, metrics and work lists.

What belongs here: reading a card from TOML and refusing one that is malformed. What a card *means* (how a form is parsed,
how a metric is computed) lives on the floors above. Every name, heading, label, schema and check is made from these cards.
"""

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent / "contracts"
CODES = Path(__file__).parent / "codes"

Form = Literal["uscc", "taxpayer", "text", "type", "district", "code", "person", "date", "number", "whole", "coded", "yes_no"]


class Card(BaseModel):
    """Anything with a name in two languages. Frozen: a definition never changes while the program runs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    zh: str
    en: str


class FieldCard(Card):
    """One field of a source: its headings in order of preference, its form, and what a missing value means."""

    required: bool
    headings: tuple[str, ...]
    form: Form
    values: dict[str, tuple[str, ...]] = {}
    no_value: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    suffix: str = ""


class SourceCard(Card):
    """One kind of delivery (spec: sources.md). `carry_over_months` is set only where the list is annual."""

    order: int
    office: str
    office_en: str
    each_row_is_a: str
    key: tuple[str, ...]
    total_key: tuple[str, ...] = ()
    carry_over_months: int | None = None
    fields: tuple[FieldCard, ...]

    @property
    def row_key(self) -> tuple[str, ...]:
        """The fields that are blank in a total row: the key, or `total_key` where rows of one subject repeat."""
        return self.key or self.total_key

    def field(self, name: str) -> FieldCard:
        return next(field for field in self.fields if field.name == name)


class Side(BaseModel):
    """One side of a rate: which rows count (`where`, boolean SQL over the family's columns), of which set, and what is summed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    where: str = "true"
    sum: str | None = None
    within: Literal["basis", "registered"] = "basis"


# Family -> the kinds of unit and the sectors that its figures are published for (definitions.md); a card may name fewer.
_PUBLISHED_FOR = {
    "entity": (("city", "district", "park", "zone"), ("all", "enterprise", "social_org", "self_employed")),
    "organisation": (("city", "district", "park"), ("all", "enterprise", "social_org")),
    "park": (("city", "district"), ("all", "national", "provincial", "municipal")),
    "staffing": (("district", "park"), ("all",)),
    "area": (("city", "district"), ("all",)),
}


# Members of the list, by what a side counts: `employed`, those of work objects whose employees are known; the others, persons by their
# relation (regular: in_place or mobile) or the year in which they joined.
Members = Literal["employed", "all", "regular", "irregular", "recruited"]


class MetricCard(Card):
    """One figure (spec: definitions.md): two predicates, their sentences, which way is better, and the document it comes from.

    `unit`: a rate is shown in per cent, a ratio as a number. `members`: the sides that count persons of the member list, and which of them;
    small counts of these are hidden from whoever reads (transforms/small_cells.py).
    """

    order: int
    family: Literal["entity", "organisation", "park", "staffing", "area"]
    direction: Literal["up", "down", "none"]
    unit: Literal["rate", "ratio"]
    exceeds_one: bool = False  # a rate whose numerator is no part of its denominator: money against need, posts against a minimum
    numerator: Side | None = None
    denominator: Side | None = None
    numerator_zh: str
    numerator_en: str
    denominator_zh: str
    denominator_en: str
    source_document: str
    why: str
    members: dict[Literal["numerator", "denominator"], Members] = {}
    members_in_yuan: bool = False  # such a side is the count times settings' funding.per_member_yuan
    unit_kinds: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    change_log: tuple[str, ...]

    @property
    def within_one(self) -> bool:
        """Whether its value lies in 0..1."""
        return self.unit == "rate" and not self.exceeds_one

    def is_published_for(self, unit_kind: str, sector: str) -> bool:
        """Whether there is such a figure at all, whatever the data."""
        kinds, sectors = _PUBLISHED_FOR[self.family]
        return unit_kind in (self.unit_kinds or kinds) and sector in (self.sectors or sectors)


class WorkListCard(Card):
    """One work list (spec: definitions.md): who is on it (`where`, over the census, on the default basis), who acts, what takes a unit off.

    `needs`: the sources that it rests on besides those of the default basis.
    """

    order: int
    where: str
    needs: tuple[str, ...]
    sentence_zh: str
    sentence_en: str
    who_zh: str
    who_en: str
    off_zh: str
    off_en: str
    source_document: str
    change_log: tuple[str, ...]


class Evidence(BaseModel):
    """Rows that a finding shows: those of a source whose columns match parts of its subject, and which of their fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: str
    match: dict[str, str]
    shows: tuple[str, ...]
    before: bool = False  # of the month before


class RuleCard(Card):
    """One rule (spec: findings.md): its sentence, when exactly it speaks, who acts and how; the function of its name lies in
    expectations/rules/<family>.py.

    `needs`: the sources without which it is not run; `looks_back`: those that the month before must have had. `figure`: the metric whose
    published figures of the district are compared, where a rule looks at figures and not at rows.
    """

    order: int
    family: str
    severity: Literal["H", "S", "I"]
    subject_kind: Literal["unit", "org", "link", "member", "park", "district", "return", "delivery"]
    needs: tuple[str, ...]
    looks_back: tuple[str, ...] = ()
    sentence_zh: str
    sentence_en: str
    when_zh: str
    when_en: str
    who_zh: str
    who_en: str
    remedy_zh: str
    remedy_en: str
    evidence: tuple[Evidence, ...] = ()
    figure: str | None = None
    change_log: tuple[str, ...]


class ColumnCard(Card):
    """One column of a table. `needs` names the sources without which the whole column is null; `internal` ones are never published."""

    type: Literal["text", "date", "bigint", "double", "boolean", "list", "json"]
    required: bool = False
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    needs: tuple[str, ...] = ()
    internal: bool = False


class TableCard(Card):
    """One table of a release (spec: outputs.md)."""

    order: int
    each_row_is_a: str
    key: tuple[str, ...]
    columns: tuple[ColumnCard, ...]

    @property
    def published(self) -> tuple[ColumnCard, ...]:
        return tuple(column for column in self.columns if not column.internal)

    def column(self, name: str) -> ColumnCard:
        return next(column for column in self.columns if column.name == name)


def _read(kind: str, model: type) -> dict:
    cards = []
    for path in sorted((HERE / kind).glob("*.toml")):
        card = model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        if card.name != path.stem:
            raise ValueError(f"{path.name}: the card is named {card.name!r}, the file is not")
        cards.append(card)
    return {card.name: card for card in sorted(cards, key=lambda card: card.order)}


@cache
def sources() -> dict[str, SourceCard]:
    """The kinds of delivery, in the order of sources.md."""
    return _read("sources", SourceCard)


@cache
def metrics() -> dict[str, MetricCard]:
    """The figures, in the order of definitions.md."""
    return _read("metrics", MetricCard)


@cache
def worklists() -> dict[str, WorkListCard]:
    """The work lists, in the order of definitions.md."""
    return _read("worklists", WorkListCard)


@cache
def rules() -> dict[str, RuleCard]:
    """The rules, in the order of findings.md."""
    return _read("rules", RuleCard)


@cache
def tables() -> dict[str, TableCard]:
    """The tables of a release, in the order in which they are built."""
    return _read("tables", TableCard)


@cache
def registration_types() -> tuple[tuple[str, str, str], ...]:
    """(code, name, class) of every type of market unit (GB/T 36104 type codes with this project's classes)."""
    lines = (CODES / "registration_types.csv").read_text(encoding="utf-8").splitlines()[1:]
    return tuple((code, name, kind) for code, name, kind in _type_rows(lines))


def _type_rows(lines: list[str]):
    for line in lines:
        # Names hold full-width commas only, so the first and the last comma part the three columns.
        code, rest = line.split(",", 1)
        name, kind = rest.rsplit(",", 1)
        yield code, name, kind


@cache
def definitions_version() -> str:
    """`1.` and a digest of all that computes: two releases with the same one were made by cards that define the same."""
    return f"1.{_digest(definitions_of())}"


@cache
def definitions_of() -> dict[str, str]:
    """`metrics/org_coverage` and the like -> a short digest of what the card says that computes. Its words count for nothing: names,
    sentences, documents, the entries of its change log. How many these are counts: what changes in the program alone is entered there."""
    cards = {"metrics": metrics(), "worklists": worklists(), "rules": rules(), "tables": tables(), "sources": sources()}
    found = {f"{kind}/{name}": _digest(computing(card)) for kind, of in cards.items() for name, card in of.items()}
    return found | {"codes/registration_types": _digest(registration_types())}


_WORDS = {"zh", "en", "office", "each_row_is_a", "source_document", "why"}


def computing(part: object) -> object:
    """A card, or a part of one, without its words, and without what is as it would be if it were not written."""
    if isinstance(part, BaseModel):
        written = {name: value for name, value in part if value != type(part).model_fields[name].default}
        log = written.pop("change_log", ())
        kept = {name: computing(value) for name, value in written.items() if name not in _WORDS and not name.endswith(("_zh", "_en"))}
        return kept | ({"version": len(log)} if log else {})
    return [computing(each) for each in part] if isinstance(part, tuple) else part


def _digest(what: object) -> str:
    return hashlib.sha256(json.dumps(what, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]
