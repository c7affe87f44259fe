"""The dashboards' front door: `streamlit run dashboards/app.py`. Lists the pages, draws the frame, turns trouble into plain words."""

import logging
from collections.abc import Callable
from importlib import import_module
from json import JSONDecodeError
from pathlib import Path

import polars as pl
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import access, addresses, audit, choices, entry, parts, shell, store
from dashboards.shell import Page
from data.access import Reader
from data.home import Home, HomeUnfit
from data.releases import NoSuchRelease
from data.words import Words

LOG = logging.getLogger("liangxin.dashboards")
# A page is a module of screens/ that says what it is in its PAGE.
PAGES: dict[str, Page] = {name: import_module(f"dashboards.screens.{name}").PAGE for name in addresses.PAGES}


def main() -> None:
    home = Home.from_option(None)
    choices.take_from_url()
    words = shell.language()
    try:
        reader = access.reader(home)
        if reader.sign_in:
            audit.signed_in(home, reader)
    except (access.NoEntry, HomeUnfit) as error:
        _configure(words)
        # Every address is there, so that whoever comes by a link is asked to sign in and not told that there is no such page.
        st.navigation([_page(name, words, _refused(words, error, name), hidden=True) for name in PAGES], position="hidden").run()
        return
    _configure(words, icon=str(Path(__file__).parent / "icon.png"))
    _navigate(words, reader).run()


def _configure(words: Words, icon: str | None = None) -> None:
    """The tab's title and icon; the icon is a file of the server's, which is asked for by those inside alone."""
    st.set_page_config(page_title=words("app.title"), page_icon=icon, layout="wide", initial_sidebar_state="auto")


def _page(name: str, words: Words, draw: Callable[[], None], hidden: bool) -> StreamlitPage:
    return st.Page(
        draw,
        title=words(f"{name}.title"),
        icon=PAGES[name].icon,
        url_path=name,
        default=name == addresses.PAGES[0],
        visibility="hidden" if hidden else "visible",
    )


def _refused(words: Words, error: access.NoEntry | HomeUnfit, name: str) -> Callable[[], None]:
    def draw() -> None:
        parts.style(words)
        if isinstance(error, HomeUnfit):
            parts.empty(words, "empty.unfit", message=str(error))
        else:
            if error.sign_in:
                audit.refused(Home.from_option(None), error.sign_in, error.why)
            entry.ask(words, error)

    draw.__name__ = name
    return draw


def _navigate(words: Words, reader: Reader):
    pages = {name: _page(name, words, _opener(page, words), hidden=page.hidden or not page.is_for(reader)) for name, page in PAGES.items()}
    shell.remember(pages)
    listed = {words(f"group.{group}"): [pages[name] for name in names] for group, names in addresses.GROUPS.items()}
    # All of them at sight: what is folded away is announced in English.
    return st.navigation(listed, expanded=True)


def _opener(page: Page, words: Words):
    def draw() -> None:
        parts.style(words)
        try:
            home = Home.from_option(None)
            view = shell.open_view(page, words, home)
            if view is not None:
                if not view.bare:
                    page.render(view)
                shell.close_view(view)
        except HomeUnfit as error:
            parts.empty(words, "empty.unfit", message=str(error))
        except access.NoEntry as error:  # taken out of access.toml since the page was asked for
            entry.ask(words, error)
        except (NoSuchRelease, OSError, JSONDecodeError, pl.exceptions.PolarsError) as error:
            LOG.error("page %s: a release could not be read: %s", page.name, type(error).__name__)
            parts.empty(words, "empty.broken")
        except Exception as error:  # its type alone: what it quotes may be data
            LOG.error("page %s: %s", page.name, type(error).__name__)
            parts.empty(words, "empty.fault")

    draw.__name__ = page.name
    return draw


with store.one_state():
    main()
