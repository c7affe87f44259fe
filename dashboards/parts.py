"""Pieces of a page in HTML: headings, tables, cards, empty states, and the style sheet.

What belongs here: markup, and making text from data safe in it. Tables are HTML and not Streamlit's grid: they print, they
read aloud, they fit a phone, and they have no download button beside the one that names what it exports.
"""

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from dashboards.words import Words


@cache
def _style() -> str:
    return f"<style>{(Path(__file__).parent / 'style.css').read_text(encoding='utf-8')}</style>"


def style() -> None:
    st.html(_style())


def text(value: object) -> str:
    """Text from data, safe in a page: no markup, no control characters, and its own direction of writing."""
    clean = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(value))
    return f"<bdi>{escape(clean)}</bdi>"


def heading(title: str) -> None:
    st.html(f'<h2 class="lx-h2">{escape(title)}</h2>')


def note(words: str) -> None:
    st.html(f'<p class="lx-note">{escape(words)}</p>')


def empty(words: Words, key: str, do: str | None = None, **values) -> None:
    """A page or part with nothing to show: why, and what to do."""
    st.html(
        f'<div class="lx-empty" role="status"><p>{escape(words(key, **values))}</p>'
        f'<p class="lx-do">{escape(words(do or key + "_do", **values))}</p></div>'
    )


def table(name: str, heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], marks: Sequence[str] | None = None) -> None:
    """A table. `heads` are (words, kind): n number, t text, w short text, l long text, f fields. Cells are HTML that `text` or `show`
    made; `marks` are the rows' classes."""
    top = "".join(f'<th scope="col" class="{kind}">{escape(words)}</th>' for words, kind in heads)
    body = ""
    for place, row in enumerate(rows):
        cells = "".join(f'<td class="{kind}">{cell}</td>' for (_, kind), cell in zip(heads, row, strict=True))
        body += f'<tr class="{marks[place] if marks else ""}">{cells}</tr>'
    st.html(
        f'<div class="lx-scroll" tabindex="0" role="region" aria-label="{escape(name)}">'
        f'<table class="lx-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def card(
    title: str, value: str, beside: str, lines: Sequence[tuple[str, str]], data: dict[str, object] | None = None, small: str = ""
) -> str:
    """A headline figure: its name, itself, n/N beside it, and lines below it as (class, HTML)."""
    attributes = "".join(f' data-{key}="{escape(str(value))}"' for key, value in (data or {}).items())
    below = "".join(f'<p class="lx-line {kind}">{line}</p>' for kind, line in lines)
    return (
        f'<section class="lx-card"{attributes}><h3>{escape(title)}</h3><p class="lx-value">{escape(value)}'
        f'<span class="lx-n">{escape(beside)}</span></p>{below}<p class="lx-basis">{escape(small)}</p></section>'
    )


def cards(found: Sequence[str]) -> None:
    st.html(f'<div class="lx-cards">{"".join(found)}</div>')
