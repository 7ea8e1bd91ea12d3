"""The stand-in provider as an ASGI 3 application (https://asgi.readthedocs.io/en/latest/specs/)."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from promptguard.demo.dialects import anthropic, gemini, openai, web_chats
from promptguard.demo.dialects.interface import Call, Dialect, Json, Reply, encode, json_reply

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]

PIECE_SIZES = (1, 2, 3, 5, 8)
"""How many characters each piece of a streamed text has, in a cycle: no placeholder comes in one piece."""

DIALECTS: dict[str, Dialect] = {
    "api.openai.com": openai.answer,
    "api.anthropic.com": anthropic.answer,
    "generativelanguage.googleapis.com": gemini.answer,
    "chatgpt.com": web_chats.answer_chatgpt,
    "claude.ai": web_chats.answer_claude,
}
"""The hosts that the stand-in provider speaks for. Any other host is answered in every dialect that fits the path."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request, or one WebSocket message, exactly as it arrived."""

    method: str
    """The HTTP method, or `WEBSOCKET` for a message."""
    host: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    http_version: str

    def json(self) -> Json:
        """The body as JSON.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.body)

    def header(self, name: str) -> str:
        """The values of a header, joined by `, `; empty if there is none."""
        return ", ".join(value for key, value in self.headers if key == name.lower())


class Application:
    """Answers like the AI services that it stands in for, repeating what it received, and keeps every request."""

    def __init__(self, piece_sizes: Sequence[int] = PIECE_SIZES, chunk_size: int | None = None) -> None:
        self.piece_sizes = piece_sizes
        """Lengths in characters of the pieces of streamed texts."""
        self.chunk_size = chunk_size
        """Length in bytes of what is sent at once; None: each event of a stream by itself."""
        self.received: list[Received] = []
        """Every request in the order of arrival; only ever appended to, so other threads may read it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request, in ASGI's terms."""
        match scope["type"]:
            case "http":
                await self._serve_request(scope, receive, send)
            case "websocket":
                await self._serve_socket(scope, receive, send)
            case "lifespan":
                await _serve_lifespan(receive, send)

    def answer(self, request: Received) -> Reply:
        """The reply to a request that has arrived in full."""
        call = self._call(request, _parsed(request.body))
        own = DIALECTS.get(request.host.partition(":")[0])
        for dialect in [own] if own else DIALECTS.values():
            if reply := dialect(call):
                return reply
        return _echo(request)

    def _call(self, request: Received, body: Json) -> Call:
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        return Call(request.method, request.host, request.path, query, body, self.piece_sizes)

    async def _serve_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        request = _received(scope, scope["method"], bytes(body))
        self.received.append(request)
        reply = self.answer(request)
        headers = {"content-type": reply.content_type, "x-stand-in": "promptguard", **reply.headers}
        fields = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": fields})
        for chunk in self._cut(reply.chunks):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _cut(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        if self.chunk_size is None:
            yield from chunks
            return
        whole = b"".join(chunks)
        for start in range(0, len(whole), self.chunk_size):
            yield whole[start : start + self.chunk_size]

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            text = message.get("text")
            body = text.encode("utf-8", "surrogatepass") if text is not None else message["bytes"]
            request = _received(scope, "WEBSOCKET", body)
            self.received.append(request)
            for answer in self._socket_answers(request):
                await send({"type": "websocket.send", "text": answer})

    def _socket_answers(self, request: Received) -> Iterator[str]:
        body = _parsed(request.body)
        if isinstance(body, dict) and body.get("type") == "response.create":
            # https://platform.openai.com/docs/guides/websocket-mode: the stream's events, one a frame.
            call = self._call(request, body.get("response", body))
            yield from (encode(item).decode() for item in openai.response_events(call))
        else:
            yield f"You wrote: {request.body.decode('utf-8', 'replace')}"


async def _serve_lifespan(receive: Receive, send: Send) -> None:
    while True:
        phase = (await receive())["type"]
        await send({"type": f"{phase}.complete"})
        if phase == "lifespan.shutdown":
            return


def _received(scope: Scope, method: str, body: bytes) -> Received:
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    host = next((value for name, value in headers if name == "host"), "")
    # The raw path, as sent: ASGI's `path` is percent-decoded.
    path = scope.get("raw_path", scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return Received(method, host, path, query, headers, body, scope["http_version"])


def _parsed(body: bytes) -> Json:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _echo(request: Received) -> Reply:
    """The answer to a path that no dialect knows: what was received, as JSON."""
    try:
        body = {"body": request.body.decode()}
    except UnicodeDecodeError:
        body = {"body_base64": base64.b64encode(request.body).decode()}
    head = {"method": request.method, "host": request.host, "path": request.path, "query": request.query}
    return json_reply(head | {"headers": [list(header) for header in request.headers]} | body)
