"""A real browser with the network closed, for the tests that open pages.

A test module (or tests/conftest.py) takes the fixtures by importing them: `from tests.browser import browser, visit`. Then

    def test_city_page(visit, server):
        seen = visit(server.url + "/city", PHONE)
        seen.page.get_by_text("组织覆盖率").wait_for()
        seen.assert_quiet()

Whatever a page asks of any address but 127.0.0.1 is refused and written down, and so are its console errors.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

LOCAL = "127.0.0.1"
OWN_SCHEMES = ("data", "blob", "about")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Beneath the page, so that nothing of the browser's own leaves either: no name but the server's address is ever looked up.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {LOCAL}",
)


@dataclass
class Visit:
    """One page opened in a context of its own, and what it did that a page may not do."""

    page: object
    left: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def assert_quiet(self) -> None:
        """No request left the machine, and nothing went wrong on the console."""
        assert not self.left, f"asked of the network: {self.left}"
        assert not self.errors, f"errors on the console: {self.errors}"


def chromium() -> str:
    """The browser that `make test` found or installed."""
    named = os.environ.get("CHROMIUM")
    found = next((path for path in map(shutil.which, (named,) if named else CHROMIUMS) if path), None)
    if found is None:
        pytest.fail("no Chromium here: `make test` installs one, or CHROMIUM=/path/to/chromium names one", pytrace=False)
    return found


def is_local(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in OWN_SCHEMES or parts.hostname == LOCAL


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium without a window, in a new profile."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Visit]]:
    """Opens an address at a size (DESK or PHONE), in a context of its own; closes them all at the end of the test."""
    contexts = []

    def open_page(url: str, size: dict[str, int] = DESK) -> Visit:
        context = browser.new_context(viewport=size, service_workers="block", accept_downloads=True, locale="zh-CN")
        contexts.append(context)
        seen = Visit(context.new_page())
        watch(context, seen)
        seen.page.goto(url)
        return seen

    yield open_page
    for context in contexts:
        context.close()


def watch(context, seen: Visit) -> None:
    """Refuses and writes down what leaves; writes down what a page complains of."""

    def gate(route) -> None:
        if is_local(route.request.url):
            route.continue_()
        else:
            seen.left.append(route.request.url)
            route.abort()

    def gate_socket(socket) -> None:
        if is_local(socket.url):
            socket.connect_to_server()
        else:
            seen.left.append(socket.url)
            socket.close()

    context.route("**/*", gate)
    context.route_web_socket("**/*", gate_socket)
    context.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))
