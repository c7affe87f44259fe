"""Every page, on a city whose every name is markup, a formula, or full of marks that nobody sees: they show as text and do nothing."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module

import pytest
import streamlit as st

from dashboards import addresses
from data.access import Reader
from data.audit_log import AuditLog
from data.home import Home
from tests.dashboards.hostile import NAMES, UNSEEN, hostile_home
from tests.dashboards.views import view_of

FORBIDDEN = {"script", "iframe", "object", "embed", "form", "input"}
# What Plotly is given of our own: bold, a new line, and the end of a box.
OWN = re.compile(r"</?(?:b|br|extra)>")
SCHEME = re.compile(r"^(?!data:image/svg)[a-z]+:", re.IGNORECASE)  # the pages draw small lines of their own


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Home:
    made = hostile_home(tmp_path_factory.mktemp("hostile") / "home")
    for name in NAMES:
        AuditLog(made).write(who=Reader(name, name, "analyst"), did="opened", what=name, asked={name: name})
    return made


class Seen(HTMLParser):
    """What a browser would make of a page's markup: its text, and what names have slipped into it."""

    def __init__(self, markup: str):
        super().__init__()
        self.wrong: list[str] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        leads = dict(attrs).get("href") or dict(attrs).get("src") or ""
        if tag in FORBIDDEN or SCHEME.match(leads) or leads == "x" or any(name.startswith("on") for name, _ in attrs):
            self.wrong.append(f"{tag} {attrs}")

    def handle_data(self, data: str) -> None:
        self.text += data


def texts(value: object) -> Iterator[str]:
    """Every text of a picture."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)


@pytest.fixture
def drawn(monkeypatch) -> dict[str, list]:
    """What a page draws where there is no browser: pieces of markup, pictures, and what Streamlit would read as Markdown."""
    found: dict[str, list] = {"html": [], "pictures": [], "labels": []}
    state = {"choices": {}, "choices.stale": {}, "choices.linked": False}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "html", lambda body, **_: found["html"].append(body))
    monkeypatch.setattr(st, "plotly_chart", lambda figure, **_: found["pictures"].append(figure.to_plotly_json()))
    for name in ("warning", "error", "success", "info", "toast", "markdown", "caption", "button"):
        monkeypatch.setattr(st, name, lambda label, *_, **__: found["labels"].append(label))
    return found


@pytest.mark.parametrize("name", addresses.PAGES)
def test_a_page_reads_no_name_as_markup_and_hides_no_mark(hostile, drawn, name):
    page = import_module(f"dashboards.screens.{name}").PAGE
    for period in ("2016-12", "2017-12"):
        st.session_state["choices"].clear()
        view = view_of(hostile, page, period, metric="org_coverage", notices=st.container())
        if page.kind == "city" or view.picture.sectors("org_coverage", page.kind):
            page.render(view)
    assert drawn["html"]
    for body in drawn["html"]:
        seen = Seen(body)
        assert seen.wrong == []
        assert not set(UNSEEN) & set(seen.text)
    for value in texts(drawn["pictures"]):
        assert not set("<>") & set(OWN.sub("", value)), value
        assert not set(UNSEEN) & set(value), value
    for label in map(str, drawn["labels"]):
        assert not any(each in label for each in NAMES)


def test_in_a_browser_names_are_text_in_tables_charts_and_boxes_to_choose_from(hostile, serve, visit):
    server = serve(hostile)
    for address, box in (("worklist", "区县"), ("parks?period=2016-12", None)):
        seen = visit(f"{server.url}/{address}")
        page = seen.page
        page.locator(".lx-foot").wait_for()
        if box:
            page.get_by_role("combobox", name=box).first.click()
            said = page.get_by_role("option").all_inner_texts()
            assert any("**粗** `码` :red[红]" in each for each in said), said
            assert any(each.startswith("[链接](javascript:") for each in said), said
            assert not set(UNSEEN) & set("".join(said))
            page.keyboard.press("Escape")
        assert page.evaluate("window.__ran") is None
        assert page.locator("img[src=x], a[href^=javascript], a[href*=':9/']").count() == 0
        assert not set(UNSEEN) & set(page.locator("body").inner_text())
        seen.assert_quiet()
