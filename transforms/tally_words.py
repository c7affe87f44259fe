"""Tallies in words: what one is called, what its key says, and what its cells count.

What belongs here: words that pages, `liangxin explain` and briefings share. What is counted is settled in transforms/tallies.py.
"""

from collections.abc import Callable, Mapping

from data.contracts import metrics, worklists
from data.figures import Figure
from data.words import Words
from transforms import show
from transforms.tallies import ALL

PLACE = ("unit_kind", "unit_code")


def title(words: Words, name: str, cell: str) -> str:
    """`核查线索 · 在列`."""
    return words(f"tally.{name}") + f" · {cell_name(words, name, cell)}"


def cell_name(words: Words, name: str, cell: str) -> str:
    return words(f"tally_cell.{name}_{cell}")


def sentence(words: Words, name: str, cell: str) -> str:
    """What the cell counts."""
    return words(f"tally_said.{name}_{cell}")


def parts(words: Words, key: Mapping[str, str]) -> list[tuple[str, str]]:
    """(what it is called, in words) of each part of a key but the place that it counts for."""
    return [(words(f"tally_key.{name}"), _said(words, key)[name](value)) for name, value in key.items() if name in _names(key)]


def _names(key: Mapping[str, str]) -> list[str]:
    """A kind of unit without a code is a part like the others: the target is one that units of this kind have."""
    return [name for name in key if name not in PLACE or "unit_code" not in key]


def _said(words: Words, key: Mapping[str, str]) -> dict[str, Callable[[str], str]]:
    return {
        "severity": lambda code: words("tally.all_severities") if code == ALL else words.severity(code),
        "list": lambda name: words.card(worklists()[name]) if name in worklists() else name,
        "source": lambda name: words("tally.all_sources") if name == ALL else words.source(name),
        "state": lambda name: words(f"tally_state.{name}"),
        "metric": words.metric,
        "sector": lambda name: words.of("sector", name),
        "unit_kind": lambda name: words.of("kind", name),
        "due": words.month,
        "target": lambda number: target(key["metric"], number),
    }


def target(metric: str, number: str) -> str:
    """A target as its metric is written."""
    return show.figure(Figure(value=float(number)), metrics()[metric].unit if metric in metrics() else "rate")
