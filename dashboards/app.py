"""The dashboards' front door: `streamlit run dashboards/app.py`. Lists the pages, draws the frame, turns trouble into plain words."""

import logging
from importlib import import_module
from json import JSONDecodeError
from pathlib import Path

import polars as pl
import streamlit as st

from dashboards import addresses, choices, parts, shell
from dashboards.shell import Page
from data.home import Home, HomeUnfit
from data.releases import NoSuchRelease

LOG = logging.getLogger("liangxin.dashboards")
# A page is a module of screens/ that says what it is in its PAGE.
PAGES: dict[str, Page] = {name: import_module(f"dashboards.screens.{name}").PAGE for name in addresses.PAGES}


def main() -> None:
    st.set_page_config(
        page_title="良信 Liangxin", page_icon=str(Path(__file__).parent / "icon.png"), layout="wide", initial_sidebar_state="auto"
    )
    choices.take_from_url()
    words = shell.language()
    chosen = _navigate(words)
    chosen.run()


def _navigate(words):
    first = addresses.PAGES[0]
    pages = {
        name: st.Page(
            _opener(page, words),
            title=words(f"{name}.title"),
            icon=page.icon,
            url_path=name,
            default=name == first,
            visibility="hidden" if page.hidden else "visible",
        )
        for name, page in PAGES.items()
    }
    shell.remember(pages)
    listed = {words(f"group.{group}"): [pages[name] for name in names] for group, names in addresses.GROUPS.items()}
    # All of them at sight: what is folded away is announced in English.
    return st.navigation(listed, expanded=True)


def _opener(page: Page, words):
    def draw() -> None:
        parts.style()
        try:
            home = Home.from_option(None)
            view = shell.open_view(page, words, home)
            if view is not None:
                if not view.bare:
                    page.render(view)
                shell.close_view(view)
        except HomeUnfit as error:
            parts.empty(words, "empty.unfit", message=str(error))
        except (NoSuchRelease, OSError, JSONDecodeError, pl.exceptions.PolarsError) as error:
            LOG.error("page %s: a release could not be read: %s", page.name, type(error).__name__)
            parts.empty(words, "empty.broken")
        except Exception as error:  # its type alone: what it quotes may be data
            LOG.error("page %s: %s", page.name, type(error).__name__)
            parts.empty(words, "empty.fault")

    draw.__name__ = page.name
    return draw


main()
