"""Who may knock at all: the web server's own check of each request, before a page or a file is asked for.

What belongs here: an ASGI middleware in front of Streamlit. Without sign-in the pages are for this machine alone, whatever the server was
bound to; a server in front of it is found out by what it adds to a request (one that adds nothing can't be told from this machine). With
sign-in they answer to their own name, and files to take away go to people who are let in. Who may see what is not settled here.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from dashboards.access import NoEntry, admitted
from data.access import LOOPBACK
from data.home import Home, HomeUnfit
from data.language import words

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
# What a server that passes requests on adds: the request then comes from elsewhere, though it comes by this machine.
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
# Files that a page has made for its reader.
MADE = "/media/"
# What Streamlit tells of itself, which nobody here asks for.
INWARD = "/_stcore/metrics"
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
)


class Guard:
    """host: the name under which people who sign in to a home reach the pages; None where nobody does."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], host: str | None, home: Home):
        self.app, self.host, self.home = app, host, home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        why = self.refusal(HTTPConnection(scope))
        if why is None:
            return await self.app(scope, receive, _with_headers(send))
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": 4403, "reason": ""})
        return await PlainTextResponse(why, status_code=403)(scope, receive, send)

    def refusal(self, asked: HTTPConnection) -> str | None:
        """Why a request is refused, in a plain line; None where it is not."""
        name = _name(asked.headers.get("host", ""))
        if asked.url.path.startswith(INWARD) or not _from_here(asked):
            return words("不提供。", "Not offered.")
        if self.host is None:
            here = asked.client is None or asked.client.host in LOOPBACK or asked.client.host.startswith("127.")
            if here and name in LOOPBACK and not any(header in asked.headers for header in PASSED_ON):
                return None
            return words(
                "未设置登录时，看板只供本机使用（http://127.0.0.1）。供他人访问请先设置统一登录，写法见 docs/access.md。",
                "Without sign-in the dashboards are for this machine alone (http://127.0.0.1). docs/access.md says how sign-in is set up.",
            )
        if name not in (self.host, *LOOPBACK):
            return words(f"请经 {self.host} 访问。", f"Please come by {self.host}.")
        if asked.url.path.startswith(MADE) and not self._lets_in(asked):
            return words("请先登录。", "Please sign in first.")
        return None

    def _lets_in(self, asked: HTTPConnection) -> bool:
        """Whether it comes from somebody who may read here, as access.toml stands now."""
        try:
            return bool(admitted(self.home, signed_in(asked)))
        except (NoEntry, HomeUnfit):
            return False


def signed_in(asked: HTTPConnection) -> dict:
    """What the cookie says of who has signed in, if this server has signed it; else nothing."""
    said = _get_signed_cookie_with_chunks(asked.cookies, USER_COOKIE_NAME)
    try:
        return json.loads(said) if said else {}
    except ValueError:
        return {}


def _from_here(asked: HTTPConnection) -> bool:
    """Whether a page that asks is one of this server's. Streamlit would look up the machine's own address on the internet to tell."""
    origin = asked.headers.get("origin")
    return origin is None or origin.partition("://")[2] == asked.headers.get("host")


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return sending
