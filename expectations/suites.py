"""What the data must be at the two borders, as plain data made from the cards: Great Expectations suites without Great Expectations.

What belongs here: which expectation follows from which word of a card, and how grave its breach is. Nothing here runs a check:
pipelines/checks.py hands these lists to a process of its own, for importing Great Expectations takes seconds.
`critical` stands between a delivery, or a draft, and its publication; `warning` is said and published.
"""

from dataclasses import asdict, dataclass
from typing import Literal

from data.contracts import ColumnCard, FieldCard, SourceCard, TableCard, metrics, registration_types

Severity = Literal["critical", "warning"]

# A USCC's own alphabet (GB 32100-2015): without I, O, S, V and Z. The check character is tested at the door, row by row.
USCC = "^[0-9A-HJ-NPQRTUWXY]{18}$"
PSEUDONYM = "^[0-9a-f]{64}$"
FORMS = {"uscc": USCC, "taxpayer": USCC, "person": PSEUDONYM, "district": "^[0-9]{6}$", "code": "^[^ a-z]+$"}

# Pairs that the definitions order: the first never exceeds the second.
ORDERED = {
    "base_numbers": (
        ("verified", "corroborated"), ("corroborated", "registered"), ("taxpayers", "registered"), ("insured", "registered"),
        ("both_lists", "taxpayers"), ("both_lists", "insured"), ("low", "high"),
    ),
    "census": (("formal_members", "members"),),
    "doubling": (
        ("n0", "d0"), ("n1", "d1"), ("gained", "n1"), ("lost", "n0"), ("entered_covered", "entered"), ("exited_covered", "exited"),
    ),
    "loads": (("rows_loaded", "rows_read"), ("rows_rejected", "rows_read"), ("rows_skipped", "rows_read")),
}  # fmt: skip

# Where the first holds, the second holds (null counts as not held, so nothing is asked of it).
IMPLIED = {"census": (("verified", "corroborated"), ("corroborated", "registered"), ("registered", "active"), ("covered", "work_covered"))}


@dataclass(frozen=True)
class Expectation:
    """One thing that must hold. `kind` is Great Expectations' own name for it, `name` ours: short, stable, without a value in it."""

    name: str
    kind: str
    kwargs: dict
    severity: Severity = "critical"

    def as_json(self) -> dict:
        return asdict(self)


def raw(card: SourceCard, rows: int | None = None) -> list[Expectation]:
    """What a source's rows must be once they are read: the border where deliveries come in."""
    found = [
        Expectation(
            "fields", "expect_table_columns_to_match_set", {"column_set": [field.name for field in card.fields], "exact_match": False}
        ),
        Expectation("not_empty", "expect_table_row_count_to_be_between", {"min_value": 1}, "warning"),
    ]
    if rows is not None:
        found.append(Expectation("rows_loaded", "expect_table_row_count_to_equal", {"value": rows}))
    for field in card.fields:
        found += _field(field)
    return found + _unique(card.key)


def release(card: TableCard, period: str | None = None) -> list[Expectation]:
    """What a table of the draft release must be: the border where figures go out."""
    names = [column.name for column in card.published]
    found = [Expectation("columns", "expect_table_columns_to_match_ordered_list", {"column_list": names})]
    for column in card.published:
        found += _column(column)
    if period is not None and "period" in names:
        found.append(Expectation("period.this", "expect_column_values_to_be_in_set", {"column": "period", "value_set": [period]}))
    found += [_ordered(small, large) for small, large in ORDERED.get(card.name, ())]
    found += [_implied(first, second) for first, second in IMPLIED.get(card.name, ())]
    if card.name == "metrics":
        found += _figures()
    return found + _unique(card.key)


def _field(field: FieldCard) -> list[Expectation]:
    # A date needs no form here: its column holds dates. Nor a range: every date that has a date's form is loaded.
    found = []
    # Text that is required at the door may still be withheld behind it: names of self-employed units are not stored.
    if field.required and field.form != "text":
        found.append(_present(field.name))
    if field.form in FORMS:
        found.append(_matches(field.name, FORMS[field.form]))
    elif field.form == "type":
        # One pattern, for a list of four hundred codes costs Great Expectations more than the rows do.
        found.append(_matches(field.name, f"^({'|'.join(sorted(code for code, _, _ in registration_types()))})$"))
    elif field.form == "coded":
        found.append(_one_of(field.name, sorted(field.values)))
    elif field.form in ("number", "whole"):
        found.append(_between(field.name, field.minimum or 0, field.maximum))
    return found


def _column(column: ColumnCard) -> list[Expectation]:
    found = []
    if column.required:
        found.append(_present(column.name))
    if column.values:
        found.append(_one_of(column.name, list(column.values)))
    if column.pattern:
        found.append(_matches(column.name, column.pattern))
    if column.minimum is not None or column.maximum is not None:
        found.append(_between(column.name, column.minimum, column.maximum))
    return found


def _figures() -> list[Expectation]:
    """A figure is one that we know; a rate lies in 0..1 and its numerator in its denominator; a value is there, or a reason why not."""
    rates = [card.name for card in metrics().values() if card.within_one]
    is_rate = f"metric in {rates!r}"
    return [
        _one_of("metric", list(metrics())),
        Expectation("value.rate", "expect_column_values_to_be_between", _where(is_rate, column="value", min_value=0, max_value=1)),
        _ordered("numerator", "denominator", is_rate),
        Expectation("value.reasoned", "expect_column_values_to_be_null", _where("reason.notnull()", column="value")),
        Expectation("value.given", "expect_column_values_to_not_be_null", _where("reason.isnull()", column="value")),
    ]


def _unique(key: tuple[str, ...]) -> list[Expectation]:
    if len(key) == 1:
        return [Expectation("key.unique", "expect_column_values_to_be_unique", {"column": key[0]})]
    if key:
        return [Expectation("key.unique", "expect_compound_columns_to_be_unique", {"column_list": list(key)})]
    return []


def _present(column: str) -> Expectation:
    return Expectation(f"{column}.present", "expect_column_values_to_not_be_null", {"column": column})


def _matches(column: str, pattern: str) -> Expectation:
    return Expectation(f"{column}.form", "expect_column_values_to_match_regex", {"column": column, "regex": pattern})


def _one_of(column: str, values: list) -> Expectation:
    return Expectation(f"{column}.values", "expect_column_values_to_be_in_set", {"column": column, "value_set": values})


def _between(column: str, low, high, severity: Severity = "critical") -> Expectation:
    limits = {name: limit for name, limit in (("min_value", low), ("max_value", high)) if limit is not None}
    return Expectation(f"{column}.range", "expect_column_values_to_be_between", {"column": column} | limits, severity)


def _ordered(small: str, large: str, where: str | None = None) -> Expectation:
    kwargs = {"column_A": large, "column_B": small, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return Expectation(
        f"{small}.within_{large}", "expect_column_pair_values_a_to_be_greater_than_b", _where(where, **kwargs) if where else kwargs
    )


def _implied(first: str, second: str) -> Expectation:
    return Expectation(
        f"{first}.implies_{second}", "expect_column_values_to_be_in_set", _where(f"{first} == True", column=second, value_set=[True])
    )


def _where(condition: str, **kwargs) -> dict:
    return kwargs | {"row_condition": condition, "condition_parser": "pandas"}
