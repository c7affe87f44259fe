"""What Great Expectations found of one delivery or table, in words: each thing that must hold, and whether it did.

What belongs here: reading checks.json of a release, saying an expectation in plain words, and the report as a page of its own that needs
no network. No value of the data is in a report: only how many rows broke what.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from dashboards.parts import text
from data.contracts import sources, tables
from data.releases import Release
from data.words import Words
from expectations.suites import FORMS
from transforms import show

LONG_PATTERN = 60  # the pattern of all registration types is a page long
ALL_VALUES = 12  # a longer list of values is counted, not listed


@dataclass(frozen=True)
class Line:
    """One expectation: the field it speaks of, what must hold, whether it did, and by how many rows it is broken."""

    field: str
    must: str
    blocks: bool
    passed: bool
    unexpected: int | None


@dataclass(frozen=True)
class CheckReport:
    """What the checks said of one subject, `raw.<source>` or `release.<table>`, of a release."""

    subject: str
    release: Release
    rows: int
    outcomes: tuple[Mapping, ...]

    @property
    def failed(self) -> int:
        return sum(not outcome["passed"] for outcome in self.outcomes)

    def lines(self, words: Words) -> list[Line]:
        """Broken ones first, of these those that stop a publication; else as they were put."""
        found = [
            Line(
                _fields(words, self.subject, outcome["kwargs"]),
                _must(words, self.subject, outcome),
                outcome["severity"] == "critical",
                outcome["passed"],
                outcome["unexpected"],
            )
            for outcome in self.outcomes
        ]
        return sorted(found, key=lambda line: (line.passed, not line.blocks))


def report_of(release: Release, subject: str) -> CheckReport | None:
    """The report of a subject in a release; None where it has none."""
    found = release.reports.get(subject)
    return None if found is None else CheckReport(subject, release, found["rows"], tuple(found["outcomes"]))


def subject_words(words: Words, subject: str) -> str:
    """`收到的市场主体登记`, or `发布的表：指标`."""
    border, _, name = subject.partition(".")
    card = {"raw": sources(), "release": tables()}[border].get(name)
    return words(f"deliveries.check_{border}", name=words.card(card) if card else name)


def cells(words: Words, line: Line) -> list[str]:
    """A line as the cells of a table."""
    result = f"✓ {words('checks.holds')}" if line.passed else f"✗ {words('checks.broken')}"
    broken = show.NOT_APPLICABLE if line.passed or line.unexpected is None else show.count(line.unexpected)
    weight = words("checks.blocks" if line.blocks else "checks.hints")
    return [text(line.field), text(line.must), escape(weight), escape(result), broken]


def heads(words: Words) -> list[tuple[str, str]]:
    kinds = {"field": "t", "must": "l", "weight": "w", "result": "w", "broken_rows": "n"}
    return [(words(f"checks.{name}"), kind) for name, kind in kinds.items()]


def page(words: Words, report: CheckReport) -> str:
    """The report as one HTML file that loads nothing."""
    title = f"{subject_words(words, report.subject)} · {words('checks.title')}"
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{text(value)}</dd>" for name, value in summary(words, report))
    top = "".join(f"<th>{escape(head)}</th>" for head, _ in heads(words))
    body = "".join(
        f'<tr class="{"" if line.passed else "bad"}">{"".join(f"<td>{cell}</td>" for cell in cells(words, line))}</tr>'
        for line in report.lines(words)
    )
    return (
        f'<!DOCTYPE html><html lang="{"zh-CN" if words.lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(title)}</h1><dl>{facts}</dl><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></body></html>\n"
    )


def summary(words: Words, report: CheckReport) -> list[tuple[str, str]]:
    """What is said above the lines."""
    manifest = report.release.manifest
    return [
        (words("export.release"), report.release.name),
        (words("export.published"), f"{show.beijing(manifest.get('created_at', ''))} {words('export.beijing')}"),
        (words("checks.rows"), show.count(report.rows)),
        (words("checks.asked"), show.count(len(report.outcomes))),
        (words("checks.failed"), show.count(report.failed)),
        (words("checks.made_by"), "Great Expectations"),
    ]


def _fields(words: Words, subject: str, kwargs: Mapping) -> str:
    names = [kwargs[name] for name in ("column", "column_B", "column_A") if name in kwargs] or list(kwargs.get("column_list", ()))
    return words("mark.list").join(_field(words, subject, name) for name in names)


def _field(words: Words, subject: str, name: str) -> str:
    border, _, of = subject.partition(".")
    if border == "raw":
        return words.field(of, name)
    column = next((column for column in tables()[of].columns if column.name == name), None) if of in tables() else None
    return words.card(column) if column else name


def _must(words: Words, subject: str, outcome: Mapping) -> str:
    kind, kwargs = outcome["kind"].removeprefix("expect_"), outcome["kwargs"]
    said = {
        "low": kwargs.get("min_value"),
        "high": kwargs.get("max_value"),
        "pattern": _pattern(words, kwargs.get("regex", "")),
        "number": show.count(kwargs["value"]) if "value" in kwargs else "",
        "values": _values(words, subject, kwargs),
    }
    if kind == "column_values_to_be_between":
        kind = "at_least" if said["high"] is None else "at_most" if said["low"] is None else "between"
    if kind == "column_pair_values_a_to_be_greater_than_b":
        small, large = (_field(words, subject, kwargs[name]) for name in ("column_B", "column_A"))
        said |= {"small": small, "large": large}
    entry = f"must.{kind}"
    sentence = words(entry, **said) if words.of("must", kind) != kind else kind
    where = kwargs.get("row_condition")
    return sentence if not where else words("checks.where", must=sentence, where=_where(words, subject, where))


def _where(words: Words, subject: str, condition: str) -> str:
    """Which rows an expectation speaks of; the conditions are those of expectations/suites.py."""
    name = re.match(r"\w*", condition)[0]
    rest = condition.removeprefix(name)
    kind = {".notnull()": "given", ".isnull()": "empty", " == True": "true"}.get(rest, "among")
    return words(f"checks.where_{kind}", field=_field(words, subject, name), n=rest.count("'") // 2)


def _pattern(words: Words, pattern: str) -> str:
    """A form that has a name is called by it."""
    known = next((form for form, written in FORMS.items() if written == pattern), None)
    return words(f"forms.{known}") if known else words("checks.one_of_codes") if len(pattern) > LONG_PATTERN else pattern


def _values(words: Words, subject: str, kwargs: Mapping) -> str:
    if "column_set" in kwargs:
        return words("mark.list").join(_field(words, subject, name) for name in kwargs["column_set"])
    border, _, source = subject.partition(".")
    written = _written(source, kwargs.get("column")) if border == "raw" and words.lang == "zh" else {}
    values = [written.get(value, str(value)) for value in kwargs.get("value_set") or ()]
    return words("checks.many_values", n=len(values)) if len(values) > ALL_VALUES else words("mark.list").join(values)


def _written(source: str, field: str | None) -> Mapping[str, str]:
    """coded value -> as offices write it"""
    card = next((one for one in sources()[source].fields if one.name == field), None) if source in sources() else None
    return {code: forms[0] for code, forms in card.values.items() if forms} if card else {}


_STYLE = (
    "body{font:15px/1.6 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1d2733}"
    "h1{font-size:1.4rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dd{margin:0}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ccd3da;padding:.35rem .6rem;text-align:left;"
    "vertical-align:top}"
    "tr.bad td{background:#fdf0ed;font-weight:600}"
)
