"""What the reader chose, in the URL: period, release, basis, sector, metric, language and the like.

What belongs here: reading choices from the URL once, keeping them over pages, writing them back. Everything chosen stands in the URL,
defaults too, so that a link opens the same figures next month. Streamlit's own `bind="query-params"` is not used: it writes a
widget's label (so a link would break in the other language) and leaves out whatever is at its default (so a link would drift).
"""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.plain_text import in_line
from transforms import citation

KEPT = "choices"
STALE = "choices.stale"
FOLLOWED = "choices.followed"
_LINKED = "choices.linked"


def take_from_url() -> None:
    """Takes the choices of the URL when a link is opened, and at the browser's back and forward."""
    opened = KEPT not in st.session_state
    back = bool(getattr(get_script_run_ctx(), "is_history_navigation", False))
    st.session_state[_LINKED] = opened or back
    if opened:
        st.session_state[KEPT] = {}
        st.session_state[STALE] = {}
    if opened or back:
        st.session_state[KEPT].update(st.query_params.to_dict())
        st.session_state[FOLLOWED] = None
        for key in [key for key in st.session_state if str(key).startswith("choose_")]:
            del st.session_state[key]


def kept(name: str) -> str | None:
    """The choice as it stands, unchecked."""
    return st.session_state.get(f"choose_{name}") or st.session_state[KEPT].get(name)


def settle(name: str, options: Sequence[str], default: str) -> str:
    """The choice if it is among the options, else the default; what a link asked for in vain is remembered."""
    value = kept(name)
    if value in options:
        return value
    if value is not None and st.session_state[_LINKED]:
        st.session_state[STALE][name] = value
    return default


def choose(
    label: str, name: str, options: Sequence[str], default: str, say: Callable[[str], str], help: str | None = None, disabled: bool = False
) -> str:
    """A box to choose from, over whatever stands in the URL. Returns the chosen code, never a label."""
    value = settle(name, options, default)
    key = f"choose_{name}"
    st.session_state[key] = value
    st.selectbox(
        label,
        list(options),
        key=key,
        format_func=lambda code: in_line(say(code)),
        help=help,
        disabled=disabled,
        on_change=_forget,
        args=(name,),
    )
    return keep(name, value)


def keep(name: str, value: str) -> str:
    st.session_state[KEPT][name] = value
    return value


def pick(name: str, value: str) -> None:
    """Chooses for the reader who clicked a bar; to be called from a callback, before the page is drawn anew."""
    st.session_state[f"choose_{name}"] = value
    _forget(name)


def follow_code(code: str | None) -> None:
    """Whoever asks for a figure by its code is shown the release that the code names."""
    try:
        asked = citation.read(code or "")
    except citation.NotACode:
        return
    keep("period", asked.period)
    keep("release", asked.revision)


def by_link() -> bool:
    """Whether this run was started by a link, or by the browser's back and forward."""
    return st.session_state[_LINKED]


def drop(*names: str) -> None:
    """Takes choices back, to their defaults."""
    for name in names:
        st.session_state[KEPT].pop(name, None)
        st.session_state.pop(f"choose_{name}", None)
        st.session_state[STALE].pop(name, None)


def follow(period: str, current: str) -> str | None:
    """Which release a reader goes on to by itself; the name of a new revision where that has just happened.

    Who saw the current revision goes on to the next one, and to the current one of another period; who asked for
    a certain one stays on it.
    """
    seen = st.session_state.get(FOLLOWED)
    if seen is None:
        return None
    if seen[0] != period:
        drop("release")
    elif seen[1] == kept("release") != current:
        drop("release")
        return current
    return None


def saw(period: str, current: str) -> None:
    st.session_state[FOLLOWED] = (period, current)


def stale() -> dict[str, str]:
    """name -> what the link asked for and could not have, until the reader chooses anew."""
    return dict(st.session_state[STALE])


def write_to_url(names: Sequence[str]) -> None:
    """The choices that this page rests on, and no others, into the URL."""
    chosen = {name: st.session_state[KEPT][name] for name in names if st.session_state[KEPT].get(name)}
    if st.query_params.to_dict() != chosen:
        st.query_params.from_dict(chosen)


def _forget(name: str) -> None:
    """The reader chose: what the link once asked for no longer matters."""
    st.session_state[STALE].pop(name, None)
