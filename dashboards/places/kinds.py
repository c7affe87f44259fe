"""Districts or parks: the choice of the pages that compare both.

What belongs here: that choice, and whether there is anything to compare of the kind chosen.
"""

from dashboards import choices
from dashboards.parts import empty
from dashboards.shell import View

KINDS = ("district", "park")


def chosen(view: View) -> str:
    """Only kinds that the reader has any of are offered."""
    there = {kind for kind, _ in view.picture.units}
    offered = [kind for kind in KINDS if kind in there] or [KINDS[0]]
    return choices.choose(view.words("choose.places"), "places", offered, offered[0], lambda kind: view.words.of("kind", kind))


def is_published(view: View, kind: str) -> bool:
    """Whether the metric has figures of this kind and sector; says so where it has none."""
    if view.sector in view.picture.sectors(view.metric, kind):
        return True
    empty(view.words, "compare.no_kind", kind=view.words.of("kind", kind))
    return False
