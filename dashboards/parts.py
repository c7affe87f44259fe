"""Pieces of a page in HTML: headings, tables, cards, empty states, and the style sheet.

What belongs here: markup, and making text from data safe in it. Tables are HTML and not Streamlit's grid: they print, they
read aloud, they fit a phone, and they have no download button beside the one that names what it exports.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from data.contracts import tables
from data.plain_text import in_html, in_markup
from data.words import Words
from transforms import citation

SHEETS = ("style.css", "home.css", "print.css")


@cache
def _sheets(dark: bool) -> str:
    read = lambda name: (Path(__file__).parent / name).read_text(encoding="utf-8")  # noqa: E731
    return f"<style>{''.join(read(name) for name in (*SHEETS, *(('dark.css',) if dark else ())))}</style>"


def style(words: Words) -> None:
    """The style sheets in the colours of the reader's theme, and what language the page is in, for page.js."""
    lang = "zh-CN" if words.lang == "zh" else words.lang
    st.html(f'{_sheets(st.context.theme.type == "dark")}<div class="lx-lang" lang="{lang}" hidden></div>')


def looks(words: Words) -> None:
    """Light, dark, or as the machine is set: page.js does it, for Streamlit's own menu speaks English."""
    made = "".join(
        f'<button type="button" name="{name}">{in_markup(words(f"look.{name}"))}</button>' for name in ("system", "light", "dark")
    )
    st.html(f'<p class="lx-look" role="group" aria-label="{in_markup(words("look.label"))}">{made}</p>')


def text(value: object) -> str:
    """Text from data, safe in a page: no markup, no control characters, and its own direction of writing."""
    return in_html(value)


def lines(value: str) -> str:
    """What people wrote in several lines."""
    return "<br>".join(text(line) for line in value.replace("\t", " ").splitlines())


def heading(title: str) -> None:
    st.html(f'<h2 class="lx-h2">{in_markup(title)}</h2>')


def note(words: str) -> None:
    st.html(f'<p class="lx-note">{in_markup(words)}</p>')


def empty(words: Words, key: str, do: str | None = None, **values) -> None:
    """A page or part with nothing to show: why, and what to do."""
    st.html(
        f'<div class="lx-empty" role="status"><p>{in_markup(words(key, **values))}</p>'
        f'<p class="lx-do">{in_markup(words(do or key + "_do", **values))}</p></div>'
    )


def table(
    name: str,
    heads: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    marks: Sequence[str] | None = None,
    ways: Mapping[int, str] | None = None,
) -> None:
    """A table. `heads` are (words, kind): n number, t text, w short text, l long text, f fields. Cells are HTML that `text` or `show`
    made; `marks` are the rows' classes, `ways` the HTML of heads that are links, by their place."""
    ways = ways or {}
    top = "".join(f'<th scope="col" class="{kind}">{ways.get(at) or in_markup(words)}</th>' for at, (words, kind) in enumerate(heads))
    body = ""
    for place, row in enumerate(rows):
        cells = "".join(f'<td class="{kind}">{cell}</td>' for (_, kind), cell in zip(heads, row, strict=True))
        body += f'<tr class="{marks[place] if marks else ""}">{cells}</tr>'
    st.html(
        f'<div class="lx-scroll" tabindex="0" role="region" aria-label="{in_markup(name)}">'
        f'<table class="lx-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def card(
    title: str,
    value: str,
    beside: str,
    lines: Sequence[tuple[str, str]],
    data: dict[str, object] | None = None,
    small: str = "",
    opens: str = "",
) -> str:
    """A headline figure: its name, itself, n/N beside it, and lines below it as (class, HTML). `opens`: n/N as a link, instead."""
    attributes = "".join(f' data-{key}="{in_markup(str(value))}"' for key, value in (data or {}).items())
    below = "".join(f'<p class="lx-line {kind}">{line}</p>' for kind, line in lines)
    below += f'<p class="lx-basis">{in_markup(small)}</p>' if small else ""
    return (
        f'<section class="lx-card"{attributes}><h3>{in_markup(title)}</h3><p class="lx-value">{in_markup(value)}'
        f'<span class="lx-n">{opens or in_markup(beside)}</span></p>{below}</section>'
    )


def cards(found: Sequence[str]) -> None:
    st.html(f'<div class="lx-cards">{"".join(found)}</div>')


def cite(words: Words, picture, table: str, key: Mapping[str, object], column: str | None = None, shown: str = "") -> str:
    """The code of a published figure, small, as a link to where it opens. `key`: the table's key, without period (more does no harm)."""
    return code_link(words, code_of(picture, table, key, column), shown)


def code_of(picture, table: str, key: Mapping[str, object], column: str | None = None) -> str:
    """The code itself, for a file."""
    values = [key[name] for name in tables()[table].key if name != "period"]
    return citation.code(picture.period, picture.revision, table, values, column)


def cite_figure(words: Words, picture, metric: str, kind: str, code: str, sector: str, basis: str, shown: str = "") -> str:
    """The code of a figure of table metrics, or where there is no room for it what is `shown`, as a link to where it opens.

    Empty, or what is shown alone, where the release has no such figure. A metric that has no basis is found under any.
    """
    found = picture.metric_key(metric, kind, code, sector, basis)
    return cite(words, picture, "metrics", found, shown=shown) if found else in_markup(shown)


def code_link(words: Words, code: str, shown: str = "") -> str:
    """A code as a link that keeps the language; `shown` stands for it where there is no room."""
    address = in_markup(f"figure?{urlencode({'code': code, 'lang': words.lang})}")
    label = in_markup(words("code.open", code=code))
    kind = "lx-opens" if shown else "lx-code"
    # What the screen has no room for, paper has: the code is printed behind what stands for it.
    said = f' data-code="{in_markup(code)}"' if shown else f' aria-label="{label}"'
    return f'<a class="{kind}" href="{address}" target="_self" title="{label}"{said}>{in_markup(shown or code)}</a>'
