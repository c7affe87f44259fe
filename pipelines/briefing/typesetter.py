"""Typst: data in, a PDF or a picture out, with the fonts of the package and no others, from no network.

What belongs here: calling it. What it draws stands in briefing.typ and chart.typ, which take everything as data.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

FOLDER = Path(__file__).parent
PIXELS_PER_INCH = 250


def fitted(ways: Sequence[Sequence[Callable[[], str]]], pages: int | None, rather: Sequence[Callable[[], str]] = ()) -> bytes:
    """The PDF of the first setting that takes no more than so many pages; of the last where none does. ways: each from wide to tight; a
    later way is taken where no setting of an earlier one does. rather: what is taken in place of a setting of the last way, where
    it takes no more pages either."""
    best = None
    for tries in ways if pages is not None else ():
        first, last = 0, len(tries)
        while first < last:  # halved, for each try sets the whole document
            middle = (first + last) // 2
            compiler = _compiler("briefing.typ", tries[middle]())
            if _pages(compiler) <= pages:
                last, best = middle, compiler
            else:
                first = middle + 1
        if best is not None:
            other = _compiler("briefing.typ", rather[last]()) if rather and tries is ways[-1] else None
            best = other if other and _pages(other) <= pages else best
            break
    return (best or _compiler("briefing.typ", ways[-1][-1]())).compile(format="pdf", timestamp=0)


def shortest(tries: Sequence[Callable[[], str]]) -> bytes:
    """The PDF of the setting with fewest pages, the first of those that have as few: so that no page is left with a line or two."""
    made = [_compiler("briefing.typ", each()) for each in tries]
    return min(made, key=_pages).compile(format="pdf", timestamp=0)


def _pages(compiler: typst.Compiler) -> int:
    return int(compiler.query("<pages>", field="value", one=True))


def picture(given: str) -> bytes:
    """A chart as PNG."""
    return _compiler("picture.typ", given).compile(format="png", ppi=PIXELS_PER_INCH)


def _compiler(name: str, given: str) -> typst.Compiler:
    return typst.Compiler(FOLDER / name, root=FOLDER, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"given": given})


@cache
def _fonts() -> typst.Fonts:
    """Noto Sans CJK, and what Typst itself carries for letters that it lacks."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(files("manimgx_fonts_cjk"))])
