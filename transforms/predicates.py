"""Predicates of metric cards: boolean SQL over the columns of one frame, read with sqlglot and turned into Narwhals expressions.

Never eval: what the grammar below does not know is refused when the card is read. A row for which a predicate has no answer
(employees >= 50 where nobody knows the employees) is not in the set.
"""

from collections.abc import Callable
from functools import cache

import narwhals as nw
import sqlglot
from sqlglot import exp


class NotAPredicate(ValueError):
    """A card's predicate is no boolean SQL of the kind that is understood, or names a column that is not there."""


_BINARY: dict[type, Callable] = {
    exp.And: lambda left, right: left & right,
    exp.Or: lambda left, right: left | right,
    exp.EQ: lambda left, right: left == right,
    exp.NEQ: lambda left, right: left != right,
    exp.GT: lambda left, right: left > right,
    exp.GTE: lambda left, right: left >= right,
    exp.LT: lambda left, right: left < right,
    exp.LTE: lambda left, right: left <= right,
    exp.Add: lambda left, right: left + right,
    exp.Sub: lambda left, right: left - right,
}


@cache
def _tree(sql: str) -> exp.Expression:
    try:
        return sqlglot.parse_one(sql)
    except sqlglot.errors.SqlglotError as error:
        raise NotAPredicate(f"not readable: {sql} ({str(error).splitlines()[0]})") from None


def columns_of(sql: str) -> frozenset[str]:
    """The columns that a predicate looks at."""
    return frozenset(column.name for column in _tree(sql).find_all(exp.Column))


def predicate(sql: str) -> nw.Expr:
    """True or false for every row, never null."""
    return _expression(_tree(sql), sql).fill_null(False)


def _expression(node: exp.Expression, sql: str) -> nw.Expr:
    if isinstance(node, exp.Column):
        return nw.col(node.name)
    if isinstance(node, exp.Literal):
        return nw.lit(_literal(node, sql))
    if isinstance(node, exp.Boolean):
        return nw.lit(bool(node.this))
    if isinstance(node, exp.Paren):
        return _expression(node.this, sql)
    if isinstance(node, exp.Not):
        return ~_expression(node.this, sql)
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
        return _expression(node.this, sql).is_null()
    if isinstance(node, exp.In) and node.expressions and all(isinstance(value, exp.Literal) for value in node.expressions):
        return _expression(node.this, sql).is_in([_literal(value, sql) for value in node.expressions])
    if type(node) in _BINARY:
        return _BINARY[type(node)](_expression(node.left, sql), _expression(node.right, sql))
    raise NotAPredicate(f"{node.sql()} is not understood in: {sql}")


def _literal(node: exp.Literal, sql: str) -> str | int:
    if not node.is_string and not node.this.isdigit():
        raise NotAPredicate(f"{node.sql()} is no whole number in: {sql}")
    return node.this if node.is_string else int(node.this)
