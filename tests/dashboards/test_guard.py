"""Who may knock: the server's own check of each request, without a browser."""

import json
from types import SimpleNamespace

import pytest

from dashboards import access, guard
from dashboards.guard import Guard
from data.access import People, Reader
from data.home import Home
from tests.data.test_access import SIGN_IN

HOME = Home("nowhere")


def through(asked) -> None:
    """To its end: nothing in it waits, and the tests' thread may have a loop of its own."""
    with pytest.raises(StopIteration):
        asked.send(None)


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
    through(Guard(app, host, HOME)(scope, receive, send))
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


def test_files_to_take_away_are_for_those_who_are_let_in(monkeypatch):
    claims = {
        "good": {"is_logged_in": True, "email": "li@city.example", "email_verified": True},
        "gone": {"is_logged_in": True, "email": "x"},
    }
    read = lambda cookies, name: json.dumps(claims[cookies[name]]) if cookies.get(name) in claims else None  # noqa: E731
    monkeypatch.setattr(guard, "_get_signed_cookie_with_chunks", read)
    monkeypatch.setattr(access, "people", lambda home: People("email", {"li@city.example": Reader("li@city.example", "", "leader")}))
    at = lambda **more: answer("tj.city.example", "tj.city.example", path="/media/abc.xlsx", **more)  # noqa: E731
    assert at() == "403"
    assert at(cookie="_streamlit_user=forged") == "403"
    assert at(cookie="_streamlit_user=gone") == "403"
    assert at(cookie="_streamlit_user=good") == "in"
    assert answer(None, "127.0.0.1", path="/media/abc.xlsx") == "in"


def test_pages_of_others_are_sent_away_and_what_streamlit_tells_of_itself_is_not_offered():
    for host, name in ((None, "127.0.0.1:8501"), ("tj.city.example", "tj.city.example")):
        assert answer(host, name, kind="websocket", origin=f"http://{name}") == "in"
        assert answer(host, name, kind="websocket", origin="https://evil.example") == "closed"
        assert answer(host, name, origin="null") == "403"
        assert answer(host, name, path="/_stcore/metrics") == "403"


@pytest.mark.parametrize(
    ("verified", "expected"), [(True, "in"), ("true", "in"), (False, "out"), ("false", "out"), (0, "out"), (None, "out")]
)
def test_only_an_address_that_the_provider_vouches_for_is_let_in(monkeypatch, verified, expected):
    monkeypatch.setattr(access, "people", lambda home: People("email", {"li@city.example": Reader("li@city.example", "", "leader")}))
    user = {"is_logged_in": True, "email": "LI@city.example"} | ({} if verified is None else {"email_verified": verified})
    try:
        found = access.admitted(HOME, user) and "in"
    except access.NoEntry as error:
        found = "out" if error.why == "unverified" else error.why
    assert found == expected


def test_sign_in_that_goes_away_while_the_server_runs_opens_nothing(tmp_path):
    home = Home(tmp_path)
    home.secrets.mkdir()
    file = home.secrets / "sign_in.toml"
    file.write_text(SIGN_IN)
    assert access.settle(home).host == "tj.city.example"
    file.unlink()
    assert access.needed(home)


def test_no_page_is_drawn_within_another_site():
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"localhost")], "client": None}
    through(Guard(app, None, HOME)(scope | {"server": ("x", 80)}, SimpleNamespace(), send))
    assert (b"x-frame-options", b"DENY") in sent[0]["headers"] and (b"a", b"b") in sent[0]["headers"]
