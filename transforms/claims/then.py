"""What a place was in an earlier month: the districts that have become one since are added up.

What belongs here: earlier figures under the codes of now. Where several districts became one there is a figure, and none to quote.
"""

from data.contracts import metrics
from data.figures import ABSENT, Figure
from data.picture import Picture
from transforms.claims.claim import Quoted
from transforms.claims.facts import Facts
from transforms.compare import earlier_figures


def earlier_codes(facts: Facts, kind: str, then: Picture | None) -> dict[str, list[str]]:
    """code now -> the codes of then that lead to it: where districts merged, several."""
    found: dict[str, list[str]] = {}
    for each, code in then.units if then else ():
        if each == kind:
            found.setdefault(facts.followed(code) if kind == "district" else code, []).append(code)
    return found


def figure_then(facts: Facts, metric: str, kind: str, code: str, then: Picture, sector: str = "all", basis: str | None = None) -> Figure:
    """The earlier figure of all that lies in the place of now; whole units add up, and nothing else does."""
    known = {code: earlier_codes(facts, kind, then).get(code, [])}
    if not known[code]:
        return ABSENT
    find = lambda old: then.figure(metric, kind, old, sector, basis or facts.basis)  # noqa: E731
    return earlier_figures(known, find, metrics()[metric])[code]


def quote_then(facts: Facts, metric: str, kind: str, code: str, then: Picture, sector: str = "all") -> Quoted | None:
    """The earlier figure as one that can be opened; None where several districts have become one."""
    known = earlier_codes(facts, kind, then).get(code, [])
    return facts.quote(metric, kind, known[0], sector, of=then) if len(known) == 1 else None
