"""Who is here: the screen before signing in, the line of the side bar that says who reads what, and the plain word for a page not theirs.

What belongs here: drawing what access.py found out. Whether somebody may read is not settled here.
"""

from html import escape

import streamlit as st

from dashboards import access
from dashboards.parts import empty, text
from data.access import LOCAL, Area, Reader
from data.words import Words


def ask(words: Words, error: access.NoEntry) -> None:
    """Instead of any page: sign in, or why that did not let them in."""
    st.html(f'<header class="lx-head"><p class="lx-city">{escape(words("app.title"))}</p><h1>{escape(words("entry.title"))}</h1></header>')
    if error.why == "sign_in":
        st.html(f'<p class="lx-lead">{escape(words("entry.lead"))}</p>')
        st.button(words("entry.sign_in"), on_click=st.login, type="primary", icon=":material/login:", key="sign_in")
        return
    empty(words, f"entry.{error.why}", who=error.sign_in or words("entry.nobody"))
    _out(words)


def say_who(words: Words, reader: Reader, names: dict[tuple[str, str], str]) -> None:
    """In the side bar: who reads, as what, and how far. names: (kind, code) -> the name of a place."""
    if reader.role == LOCAL:
        st.html(f'<p class="lx-who">{escape(words("entry.local"))}</p>')
        return
    colon = words("mark.colon")
    areas = words("mark.list").join(area_words(words, area, names) for area in reader.areas)
    lines = [text(reader.name), f"{escape(words(f'role.{reader.role}'))} · {escape(words('entry.reads'))}{colon}{text(areas)}"]
    st.html(f'<p class="lx-who">{"<br>".join(lines)}</p>')
    _out(words)


def area_words(words: Words, area: Area, names: dict[tuple[str, str], str]) -> str:
    return words("compare.city") if area.kind == "city" else names.get((area.kind, area.code), area.code)


def not_theirs(words: Words, reader: Reader) -> None:
    """A page that is not offered to a reader of this role, which a link has led to."""
    empty(words, "entry.not_theirs", role=words(f"role.{reader.role}"))


def _out(words: Words) -> None:
    st.button(words("entry.sign_out"), on_click=st.logout, icon=":material/logout:", key="sign_out", width="stretch")
