"""The codes of counts: what a tally of a release (transforms/tallies.py) has beside its number on a page and in a file.

What belongs here: a count's code, where the release has that count for this reader. Codes of figures are made in parts.py.
"""

from dashboards.parts import code_link
from dashboards.store import Picture
from data.words import Words
from transforms import citation, tallies


def code_of_count(picture: Picture, name: str, key: tuple[str, ...], cell: str) -> str:
    """Empty where there is none: then what is counted is not all given to the reader, or its sources are missing."""
    if tallies.row_of(picture.release, name, key) is None:
        return ""
    return citation.code(picture.period, picture.revision, name, key, cell)


def cite_count(words: Words, picture: Picture, name: str, key: tuple[str, ...], cell: str, shown: str) -> str:
    """A number and its code below it, small."""
    code = code_of_count(picture, name, key, cell)
    return f"{shown}<br>{code_link(words, code)}" if code else shown
