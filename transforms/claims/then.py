"""What a place was in an earlier month: the districts that have become one since are added up.

What belongs here: earlier figures under the codes of now. Where several districts became one there is a figure, and none to quote.
"""

from data.contracts import metrics
from data.figures import ABSENT, Figure
from data.picture import Picture
from transforms.claims.claim import Quoted
from transforms.claims.facts import Facts
from transforms.compare import earlier_figures


def codes_then(facts: Facts, kind: str, code: str, then: Picture) -> list[str]:
    """The codes that lead to a place of now."""
    if kind != "district":
        return [code] if (kind, code) in then.units else []
    return [old for each, old in then.units if each == kind and facts.followed(old) == code]


def figure_then(facts: Facts, metric: str, kind: str, code: str, then: Picture, sector: str = "all", basis: str | None = None) -> Figure:
    """The earlier figure of all that lies in the place of now; whole units add up, and nothing else does."""
    known = {code: codes_then(facts, kind, code, then)}
    if not known[code]:
        return ABSENT
    find = lambda old: then.figure(metric, kind, old, sector, basis or facts.basis)  # noqa: E731
    return earlier_figures(known, find, metrics()[metric])[code]


def quote_then(facts: Facts, metric: str, kind: str, code: str, then: Picture, sector: str = "all") -> Quoted | None:
    """The earlier figure as one that can be opened; None where several districts have become one."""
    known = codes_then(facts, kind, code, then)
    return facts.quote(metric, kind, known[0], sector, of=then) if len(known) == 1 else None
