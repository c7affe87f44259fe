"""The browser fixtures themselves: they see what leaves and what goes wrong, else the page tests would prove nothing."""

import http.server
import threading

import pytest

from tests.browser import DESK, PHONE

pytestmark = pytest.mark.browser

PAGES = {
    "/quiet": "<title>静</title><link rel=icon href='data:,'><p>组织覆盖率",
    "/leaves": "<link rel=icon href='data:,'><img src='http://example.org/a.png'><script>new WebSocket('ws://example.org/s')</script>",
    "/fails": "<link rel=icon href='data:,'><script>console.error('figure missing'); undefinedFunction()</script>",
}


@pytest.fixture(scope="module")
def address():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = PAGES[self.path].encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Says nothing: pytest's output is for tests."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_quiet_page_passes(visit, address, size):
    seen = visit(address + "/quiet", size)
    assert seen.page.title() == "静"
    assert seen.page.evaluate("[innerWidth, innerHeight]") == [size["width"], size["height"]]
    seen.assert_quiet()


def test_a_request_that_leaves_is_refused_and_seen(visit, address):
    seen = visit(address + "/leaves")
    seen.page.wait_for_load_state("networkidle")
    assert sorted(seen.left) == ["http://example.org/a.png", "ws://example.org/s"]
    with pytest.raises(AssertionError, match="asked of the network"):
        seen.assert_quiet()


def test_console_errors_are_seen(visit, address):
    seen = visit(address + "/fails")
    assert any("figure missing" in error for error in seen.errors)
    assert any("undefinedFunction" in error for error in seen.errors)
    with pytest.raises(AssertionError, match="errors on the console"):
        seen.assert_quiet()
