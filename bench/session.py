"""One reader's browser tab without the browser: Streamlit's web socket, spoken as its page in the browser speaks it.

What belongs here: opening a page, running it again with something chosen, taking a file, and what came back. What people do with it is
in people.py. A tab keeps what a browser keeps: the address, every box's value, the cookies, and the large messages that the server may
refer to again by their hash instead of sending them.
"""

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import quote
from uuid import uuid4

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

PATIENCE = 60  # seconds after which an answer is given up
AGENT = "Mozilla/5.0 (X11; Linux x86_64) liangxin-load"
_KEY = re.compile(r"^\$\$ID-[0-9a-f]+-(.+)$")


class Failed(Exception):
    """The server did not answer, or not with a page."""


@dataclass
class Answer:
    """What one run of a page sent: how long it took, how much it was, and what stands on the page after it."""

    seconds: float
    size: int = 0
    messages: int = 0
    html: list[str] = field(default_factory=list)
    boxes: dict[str, object] = field(default_factory=dict)  # key -> the select box
    files: list[object] = field(default_factory=list)  # download buttons
    faults: list[str] = field(default_factory=list)  # exceptions, and runs that did not end well
    body: bytes = b""  # of a file that was taken

    @property
    def text(self) -> str:
        return "\n".join(self.html)


class Tab:
    """A tab at one server. `cookies` are those of a reader who has signed in."""

    def __init__(self, host: str, port: int, cookies: dict[str, str] | None = None):
        self.host, self.port, self.cookies = host, port, cookies or {}
        self.socket = None
        self.page, self.pages, self.query = "", {}, ""
        self.values: dict[str, tuple[str, object]] = {}  # widget -> (kind of value, value)
        self.known: dict[str, tuple[bytes, int]] = {}  # hash -> message, number of the run that last used it
        self.number, self.session = 0, ""

    async def open(self, path: str, query: str = "") -> Answer:
        """The address opened anew, as by a link: the page's HTML, the questions to the server that it begins with, then the socket."""
        begun = time.perf_counter()
        await self.close()
        fetched = await self._get(f"/{path}" + (f"?{query}" if query else ""))
        # A link to another page of this site is a new page to a browser, but its cache of files stands.
        await asyncio.gather(self._get("/_stcore/health"), self._get("/_stcore/host-config"))
        self.values, self.known, self.page, self.query, self.number = {}, {}, "", query, 0
        self.socket = await websockets.connect(
            f"ws://{self.host}:{self.port}/_stcore/stream",
            # A session that is signed in says its token twice, as the browser does.
            subprotocols=["streamlit", *filter(None, [self.cookies.get(XSRF_COOKIE_NAME)])],
            origin=f"http://{self.host}:{self.port}",
            additional_headers={"Cookie": self._cookie()} if self.cookies else None,
            user_agent_header=AGENT,
            compression=None,
            max_size=None,
            proxy=None,
        )
        answer = await self._run(begun, path)
        answer.size += len(fetched)
        return answer

    async def turn(self, page: str) -> Answer:
        """Another page by the side bar. Its address begins without choices; the session still has them."""
        begun = time.perf_counter()
        self.page, self.query = self.pages[page], ""
        return await self._run(begun)

    async def choose(self, box: object, option: str) -> Answer:
        begun = time.perf_counter()
        self.values[box.id] = ("string_value", option)
        return await self._run(begun)

    async def take(self, button: object) -> Answer:
        """A file: made when it is asked for, then fetched."""
        begun = time.perf_counter()
        address, size = button.url, 0
        if button.HasField("deferred_file_id"):
            asked = BackMsg()
            request = asked.backend_operation_request
            request.request_id, request.session_id = str(uuid4()), self.session
            request.deferred_file.file_id = button.deferred_file_id
            await self.socket.send(asked.SerializeToString())
            async with asyncio.timeout(PATIENCE):
                while True:
                    message, _ = await self._next()
                    if message.WhichOneof("type") == "backend_operation_response":
                        break
            if message.backend_operation_response.error_msg:
                raise Failed(message.backend_operation_response.error_msg)
            address = message.backend_operation_response.deferred_file.url
        body = await self._get(address)
        size += len(body)
        answer = Answer(time.perf_counter() - begun, size, body=body)
        if not body:
            answer.faults.append("an empty file")
        return answer

    async def close(self) -> None:
        if self.socket is not None:
            await self.socket.close()
            self.socket = None

    async def _run(self, begun: float, name: str = "") -> Answer:
        """Asks for a run and reads until it has ended."""
        self.number += 1
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_script_hash, state.page_name = self.query, self.page, name
        for widget, (kind, value) in self.values.items():
            one = state.widget_states.widgets.add(id=widget)
            setattr(one, kind, value)
        state.cached_message_hashes.extend(self.known)
        context = state.context_info
        context.timezone, context.timezone_offset, context.locale = "Asia/Shanghai", -480, "zh-CN"
        context.url, context.color_scheme = f"http://{self.host}:{self.port}/{name}", "light"
        await self.socket.send(asked.SerializeToString())
        answer = Answer(0)
        elements: dict[tuple[int, ...], object] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                while not await self._one(answer, elements):
                    pass
        except TimeoutError:
            raise Failed(f"no end within {PATIENCE} s") from None
        except websockets.ConnectionClosed as closed:
            raise Failed(f"connection closed: {closed}") from None
        answer.seconds = time.perf_counter() - begun
        self._settle(answer, elements)
        return answer

    async def _one(self, answer: Answer, elements: dict) -> bool:
        """Takes one message; true at the end of the run."""
        message, size = await self._next()
        answer.size += size
        answer.messages += 1
        kind = message.WhichOneof("type")
        if kind == "delta":
            place = tuple(message.metadata.delta_path)
            if message.delta.WhichOneof("type") == "new_element":
                elements[place] = message.delta.new_element
            else:  # a block takes its place's contents away
                elements.pop(place, None)
        elif kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
            self.page = message.new_session.page_script_hash
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self.page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "session_event" and message.session_event.WhichOneof("type") == "script_compilation_exception":
            answer.faults.append("the script could not be compiled")
        elif kind == "page_not_found":
            answer.faults.append("page not found")
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return False
            if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                answer.faults.append(ForwardMsg.ScriptFinishedStatus.Name(message.script_finished))
            return True
        return False

    async def _next(self) -> tuple[ForwardMsg, int]:
        return await self._next_of(await self.socket.recv())

    async def _next_of(self, data: bytes) -> tuple[ForwardMsg, int]:
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "ref_hash":
            body, _ = self.known[message.ref_hash]
            full = ForwardMsg()
            full.ParseFromString(body)
            full.metadata.CopyFrom(message.metadata)
            self.known[message.ref_hash] = (body, self.number)
            return full, len(data)
        if message.metadata.cacheable and message.hash:
            self.known[message.hash] = (data, self.number)
        return message, len(data)

    def _settle(self, answer: Answer, elements: dict) -> None:
        """What stands on the page, and with it the values that a browser would send along from now on."""
        values: dict[str, tuple[str, object]] = {}
        for _, element in sorted(elements.items()):
            kind = element.WhichOneof("type")
            one = getattr(element, kind) if kind else None
            if kind == "html" or kind == "markdown":
                answer.html.append(one.body)
            elif kind == "exception":
                answer.faults.append(f"{one.type}: {one.message[:200]}")
            elif kind == "selectbox":
                value = one.raw_value if one.set_value else None
                if value is None:
                    value = self.values.get(one.id, ("", None))[1]
                if value is None and one.options:
                    value = one.options[one.default]
                if value is not None:
                    values[one.id] = ("string_value", value)
                named = _KEY.match(one.id)
                answer.boxes[named[1] if named else one.id] = one
            elif kind == "download_button":
                answer.files.append(one)
            elif kind is not None and getattr(one, "id", "") in self.values:
                values[one.id] = self.values[one.id]
        self.values = values
        # A browser keeps a large message for as long as it was used in one of the last runs.
        self.known = {key: (body, used) for key, (body, used) in self.known.items() if self.number - used < 3}

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def _get(self, path: str) -> bytes:
        """The body of an address of this server, over a connection of its own."""
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(self.host, self.port)
            cookie = f"Cookie: {self._cookie()}\r\n" if self.cookies else ""
            head = f"GET {quote(path, safe='/?&=%.-_:+')} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nUser-Agent: {AGENT}\r\n{cookie}"
            writer.write(f"{head}Connection: close\r\n\r\n".encode())
            try:
                data = await reader.read()
            finally:
                writer.close()
        status, _, _ = data.partition(b"\r\n")
        if b" 200 " not in status + b" ":
            raise Failed(f"{path[:80]}: {status.decode('latin-1')}")
        return data.partition(b"\r\n\r\n")[2]
