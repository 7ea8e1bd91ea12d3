"""The provider behind the proxy: what agents ask of one beside an answer, in the shapes of the demonstration's."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from harness.dialects import FURTHER
from harness.servers import MCP_HOST, SIGNALR_HOST, McpServer, serve_grpc, signalr_answers

from promptguard.demo.application import DIALECTS, Application, Message, Receive, Received, Scope, Send
from promptguard.demo.dialects import openai
from promptguard.demo.dialects.interface import Call, Json, Reply, encode, json_reply

ECHO = "The provider received:"
"""What every answer begins with."""
_LONGEST_ECHO = 600
_REMINDER = "<system-reminder>"
"""How Claude Code marks what it adds to a person's turn by itself."""


class AgentProvider(Application):
    """Answers agents with what the person said last, and keeps every request.

    Streams are cut small enough that placeholders are split, and not so small that agents draw every character.
    """

    def __init__(self) -> None:
        super().__init__(piece_sizes=(7, 11, 5))
        self.websockets = True
        """Whether the upgrade to a WebSocket is granted; if not it is answered with status 426."""
        self._mcp = McpServer(ECHO)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request, in ASGI's terms."""
        if scope["type"] == "http" and _is_grpc(scope):
            await self._serve_grpc(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/sse":
            self.received.append(_message(scope, {"text": ""}, "GET"))
            await self._mcp.stream(receive, send)
        elif scope["type"] != "websocket":
            await super().__call__(scope, receive, send)
        elif self.websockets:
            await self._converse(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.http.response.start", "status": 426, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b"", "more_body": False})

    def answer(self, request: Received) -> Reply:
        """The reply to a request that has arrived in full."""
        body = _parsed(request.body)
        if request.host == MCP_HOST:
            return self._mcp.answer(request, body)
        dialect = (DIALECTS | FURTHER).get(request.host.partition(":")[0])
        reply = dialect(self._spoken(request, body)) if dialect else None
        return reply or json_reply({}, 404 if request.method == "GET" else 200)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            request = _message(scope, message)
            self.received.append(request)
            for text in self._socket_answers(request):
                await send({"type": "websocket.send", "text": text})

    def _socket_answers(self, request: Received) -> Iterator[str]:
        if request.host == SIGNALR_HOST:
            return signalr_answers(request, ECHO, self.piece_sizes)
        return (encode(event).decode() for event in self._events(request))

    async def _serve_grpc(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        request = _message(scope, {"text": None, "bytes": body}, "POST")
        self.received.append(request)
        await serve_grpc(request, send, ECHO, self.piece_sizes)

    def _events(self, request: Received) -> Iterator[Json]:
        """OpenAI's WebSocket mode: the stream's events, one a frame. `generate: false` only warms up."""
        body = _parsed(request.body)
        call = self._spoken(request, body)
        events = list(openai.response_events(call))
        ids = {"resp_1": f"resp_{uuid.uuid4().hex}", "msg_1": f"msg_{uuid.uuid4().hex}"}
        if body.get("generate") is False:
            events = [event for event in events if event["type"] in ("response.created", "response.completed")]
            events[-1]["response"]["output"] = []
        for event in events:
            yield _renamed(event, ids)

    def _spoken(self, request: Received, body: Json) -> Call:
        """The call with all its turns replaced by one command: say what the person said last."""
        said = _last_said(body)
        command = f"!say {ECHO} {said[-_LONGEST_ECHO:]}"
        if isinstance(body, dict):
            body = body | {
                "messages": [{"role": "user", "content": command}],
                "input": command,
                "contents": [{"role": "user", "parts": [{"text": command}]}],
            }
        query = dict(part.partition("=")[::2] for part in request.query.split("&"))
        return Call(request.method, request.host, request.path, query, body, self.piece_sizes)


def _last_said(body: Json) -> str:
    """The newest words of the person: agents add turns of their own, and blocks to the person's turn."""
    if not isinstance(body, dict):
        return ""
    turns = body.get("messages") or body.get("input") or body.get("contents") or ""
    if isinstance(turns, str):
        return turns
    for turn in reversed(turns):
        if isinstance(turn, dict) and turn.get("role", "user") == "user":
            texts = [text for text in _texts(turn.get("content") or turn.get("parts")) if _REMINDER not in text]
            if texts:
                return texts[-1]
    return ""


def _texts(content: Json) -> list[str]:
    if isinstance(content, str):
        return [content]
    return [part["text"] for part in content or [] if isinstance(part, dict) and isinstance(part.get("text"), str)]


def _renamed(event: Any, ids: dict[str, str]) -> Any:
    text = json.dumps(event)
    for given, unique in ids.items():
        text = text.replace(f'"{given}"', f'"{unique}"')
    return json.loads(text)


def _parsed(body: bytes) -> Json:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def _is_grpc(scope: Scope) -> bool:
    return (b"content-type", b"application/grpc") in scope["headers"]


def _message(scope: Scope, message: Message, method: str = "WEBSOCKET") -> Received:
    text = message.get("text")
    body = text.encode("utf-8", "surrogatepass") if text is not None else message["bytes"]
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    host = next((value for name, value in headers if name == "host"), "")
    query = scope["query_string"].decode("latin-1")
    return Received(method, host, scope["path"], query, headers, body, scope["http_version"])
