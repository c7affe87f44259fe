"""Who may knock: the server's own check of each request, without a browser."""

import asyncio
from types import SimpleNamespace

import pytest

from dashboards import guard
from dashboards.guard import Guard


def answer(host: str | None, name: str, client: str = "127.0.0.1", path: str = "/", kind: str = "http", **headers: str) -> str:
    """`in`, or the status with which a request is sent away."""
    said: list[dict] = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        said.append(message)

    raw = [(b"host", name.encode()), *((key.replace("_", "-").encode(), value.encode()) for key, value in headers.items())]
    scope = {"type": kind, "method": "GET", "path": path, "query_string": b"", "headers": raw, "client": (client, 1), "server": ("x", 80)}
    asyncio.run(Guard(app, host)(scope, receive, send))
    first = said[0]
    if first["type"] == "websocket.close":
        return "closed"
    return "in" if first["status"] == 200 else str(first["status"])


@pytest.mark.parametrize(
    ("name", "client", "headers", "expected"),
    [
        ("127.0.0.1:8501", "127.0.0.1", {}, "in"),
        ("localhost:8501", "127.0.0.1", {}, "in"),
        ("[::1]:8501", "::1", {}, "in"),
        ("10.1.2.3:8501", "10.9.9.9", {}, "403"),  # bound to every address of the machine
        ("127.0.0.1:8501", "10.9.9.9", {}, "403"),  # a name that the asker only claims
        ("evil.example:8501", "127.0.0.1", {}, "403"),  # a name that was made to lead here
        ("127.0.0.1:8501", "127.0.0.1", {"x_forwarded_for": "10.9.9.9"}, "403"),  # passed on by a server in front
        ("127.0.0.1:8501", "127.0.0.1", {"via": "1.1 proxy"}, "403"),
        ("", "127.0.0.1", {}, "403"),
        ("[", "127.0.0.1", {}, "403"),
    ],
)
def test_without_sign_in_the_pages_are_for_this_machine_alone(name, client, headers, expected):
    assert answer(None, name, client, **headers) == expected
    socket = answer(None, name, client, kind="websocket", **headers)
    assert (socket == "closed") == (expected == "403")


def test_with_sign_in_they_answer_to_their_own_name():
    assert answer("tj.city.example", "tj.city.example", "10.9.9.9", x_forwarded_for="10.8.8.8") == "in"
    assert answer("tj.city.example", "other.example", "10.9.9.9") == "403"
    assert answer("tj.city.example", "127.0.0.1:8501") == "in"


def test_files_to_take_away_are_for_those_who_have_signed_in(monkeypatch):
    monkeypatch.setattr(guard, "get_cookie_secret", lambda: "s" * 32)
    monkeypatch.setattr(guard, "decode_signed_value", lambda secret, name, value: b"{}" if value == b"good" else None)
    assert answer("tj.city.example", "tj.city.example", path="/media/abc.xlsx") == "403"
    assert answer("tj.city.example", "tj.city.example", path="/media/abc.xlsx", cookie="_streamlit_user=forged") == "403"
    assert answer("tj.city.example", "tj.city.example", path="/media/abc.xlsx", cookie="_streamlit_user=good") == "in"
    assert answer(None, "127.0.0.1", path="/media/abc.xlsx") == "in"


def test_no_page_is_drawn_within_another_site():
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"localhost")], "client": None}
    asyncio.run(Guard(app, None)(scope | {"server": ("x", 80)}, SimpleNamespace(), send))
    assert (b"x-frame-options", b"DENY") in sent[0]["headers"] and (b"a", b"b") in sent[0]["headers"]
