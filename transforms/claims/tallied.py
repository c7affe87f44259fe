"""Counts over a release as they are quoted: a cell of a tally, with the code that opens it.

What belongs here: quoting one. What is counted is settled in transforms/tallies.py; what only the casework or several releases together
can tell has no code and is no tally.
"""

from data.figures import ABSENT
from data.picture import Picture
from transforms import tallies
from transforms.claims.claim import Quoted
from transforms.claims.facts import Facts


def tallied(picture: Picture, name: str, cell: str, *key: object) -> Quoted:
    """`key`: the tally's key, in its order."""
    key = tuple(map(str, key))
    row = tallies.row_of(picture.release, name, key)
    return Quoted(picture.period, picture.revision, name, key, cell, ABSENT, "count", None if row is None else row[cell])


def standing_findings(facts: Facts, severity: str = tallies.ALL) -> Quoted:
    """The findings of the city that stand in the month's release, those explained among them."""
    return tallied(facts.now, "findings_count", "listed", "city", facts.now.city, severity)
