"""The rows that a tally counts, in words: findings, files, rejected lines, sources, rules.

What belongs here: their columns and cells, for the page, its download and `liangxin explain` alike. Units on a list are opened as the
units of any figure are.
"""

from collections.abc import Iterable, Mapping, Sequence

from dashboards import definition_words, figure_words
from dashboards.opened_parts import Opened
from data.contracts import tables
from data.words import Words
from transforms import show

# Kind of rows -> its columns; `subject` is the row's own code.
COLUMNS = {
    "finding": ("rule", "severity", "subject_kind", "district_code", "park_code", "since", "subject"),
    "file": ("source", "subject", "rows_read", "rows_rejected", "refused"),
    "rejected": ("source", "subject", "line", "reason"),
    "source": ("subject", "month"),
    "rule": ("subject", "lacked"),
}
TABLE = {"finding": "findings", "file": "loads", "rejected": "rejected"}
PLACES = ("district_code", "park_code")
NUMBERS = ("rows_read", "rows_rejected", "line")


def columns(kind: str, rows: Sequence[Mapping]) -> list[str]:
    """The columns in which any row has something."""
    return [name for name in COLUMNS[kind] if name == "subject" or any(row[name] is not None for row in rows)]


def heads(words: Words, kind: str, names: Iterable[str]) -> list[str]:
    """What the columns are called."""
    return [_head(words, kind, name) for name in names]


def _head(words: Words, kind: str, name: str) -> str:
    own = {
        "subject": {"finding": "figure.fingerprint", "source": "choose.source", "rule": "choose.rule"}.get(kind, "figure.file"),
        "month": "figure.month_carried",
        "lacked": "figure.lacked",
        "line": "figure.line",
    }
    if name in own:
        return words(own[name])
    return definition_words.column(words, name) if name in PLACES else words.card(tables()[TABLE[kind]].column(name))


def told(words: Words, figure: Opened, kind: str, names: Iterable[str], row: Mapping) -> list[str]:
    """The cells of a row."""
    return [_told(words, figure, kind, name, row) for name in names]


def _told(words: Words, figure: Opened, kind: str, name: str, row: Mapping) -> str:
    value = row[name]
    if value is None:
        return ""
    match name:
        case "subject" if kind == "source":
            return words.source(value)
        case "subject" if kind == "rule":
            return words.rule(value)
        case "rule":
            return words.rule(value)
        case "severity":
            return words.severity(value)
        case "subject_kind":
            return words.of("about", value)
        case "since" | "month":
            return words.month(value)
        case "source":
            return words.source(value)
        case "reason":
            return words.rejection(row["source"], value)
        case "refused":
            return words("mark.list").join(value)
        case "lacked":
            return words("mark.list").join(map(words.source, value))
        case "line":
            return str(value)
    return show.count(value) if isinstance(value, int) else figure_words.cell(words, figure, name, value)
