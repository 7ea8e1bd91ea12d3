"""Services behind the proxy that speak more than one answer a request: MCP, gRPC and SignalR."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

from promptguard.demo.application import Receive, Received, Send
from promptguard.demo.dialects.interface import Json, Reply, encode, event, json_reply

MCP_HOST = "mcp.deepwiki.com"
SIGNALR_HOST = "substrate.office.com"
RECORD_END = "\x1e"
"""What ends each record of SignalR's JSON protocol (github.com/dotnet/aspnetcore, HubProtocol.md)."""

_TOOL = {
    "name": "ask_question",
    "description": "Answers a question.",
    "inputSchema": {"type": "object", "properties": {"question": {"type": "string"}}},
}


class McpServer:
    """A server of the Model Context Protocol, over streamable HTTP at `/mcp` and over HTTP with SSE at `/sse`.

    modelcontextprotocol.io/specification/2025-06-18/basic/transports, and 2024-11-05 for the second.
    """

    def __init__(self, echo: str) -> None:
        self._echo = echo
        self._sessions: dict[str, asyncio.Queue[Json]] = {}
        self._ids = itertools.count(1)

    def answer(self, request: Received, body: Json) -> Reply:
        """What a POST is answered with: a tool's result streams, all else is one JSON document."""
        if request.method != "POST":
            return json_reply({}, 405 if request.method == "GET" else 200)
        answer = self._result(body)
        if request.path == "/messages":
            if answer is not None:
                self._sessions[request.query.partition("=")[2]].put_nowait(answer)
            return Reply([b"Accepted"], "text/plain", 202)
        if answer is None:
            return Reply([], "application/json", 202)
        return (
            Reply([event(answer, "message")], "text/event-stream") if "content" in str(answer) else json_reply(answer)
        )

    async def stream(self, receive: Receive, send: Send) -> None:
        """`GET /sse`: names where calls go, and then says the answers."""
        session = str(next(self._ids))
        answers = self._sessions[session] = asyncio.Queue()
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        piece = f"event: endpoint\ndata: /messages?session_id={session}\n\n".encode()
        gone = asyncio.ensure_future(_gone(receive))
        while not gone.done():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            waiting = asyncio.ensure_future(answers.get())
            await asyncio.wait([gone, waiting], return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                piece = event(waiting.result(), "message")
            else:
                waiting.cancel()

    def _result(self, body: Json) -> Json:
        """The answer to a call; None to a notification."""
        if "id" not in body:
            return None
        head = {"jsonrpc": "2.0", "id": body["id"]}
        match body["method"]:
            case "initialize":
                server = {"name": "stand-in", "version": "1"}
                known = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": server}
                return head | {"result": known}
            case "tools/list":
                return head | {"result": {"tools": [_TOOL]}}
            case "tools/call":
                text = f"{self._echo} {body['params']['arguments']['question']}"
                return head | {"result": {"content": [{"type": "text", "text": text}], "isError": False}}
            case "ping":
                return head | {"result": {}}
        return head | {"error": {"code": -32601, "message": "Method not found"}}


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def serve_grpc(request: Received, send: Send, echo: str, sizes: Sequence[int]) -> None:
    """GenerateContent and StreamGenerateContent: `candidates.content.parts.text` is all that is said."""
    text = f"{echo} {prompt_of(request.body[5:])}"
    pieces = [text] if not request.path.endswith("/StreamGenerateContent") else list(_pieces(text, sizes))
    headers = [(b"content-type", b"application/grpc")]
    await send({"type": "http.response.start", "status": 200, "headers": headers, "trailers": True})
    for piece in pieces:
        message = _field(1, _field(1, _field(1, _field(2, piece.encode()))))
        envelope = b"\0" + len(message).to_bytes(4) + message
        await send({"type": "http.response.body", "body": envelope, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
    await send({"type": "http.response.trailers", "headers": [(b"grpc-status", b"0")], "more_trailers": False})


def signalr_answers(request: Received, echo: str, sizes: Sequence[int]) -> Iterator[str]:
    """The messages that answer one of a client's: updates that add to a text, the whole message, the end."""
    for record in filter(None, request.body.decode().split(RECORD_END)):
        said: dict[str, Any] = json.loads(record)
        if "protocol" in said:
            yield "{}" + RECORD_END
        elif said.get("type") == 4:
            text = f"{echo} {said['arguments'][0]['message']['text']}"
            for piece in _pieces(text, sizes):
                yield _record({"type": 1, "target": "update", "arguments": [{"writeAtCursor": piece}]})
            item = {"messages": [{"author": "bot", "text": text}]}
            number = said["invocationId"]
            yield _record({"type": 2, "invocationId": number, "item": {"item": item}})
            yield _record({"type": 3, "invocationId": number})


def _record(record: Json) -> str:
    return encode(record).decode() + RECORD_END


def _pieces(text: str, sizes: Sequence[int]) -> Iterator[str]:
    start = 0
    for size in itertools.cycle(sizes):
        if start >= len(text):
            return
        yield text[start : start + size]
        start += size


def _field(number: int, value: bytes) -> bytes:
    """A field of bytes in protocol buffers' encoding (protobuf.dev/programming-guides/encoding)."""
    length, size = len(value), b""
    while length > 127:
        size, length = size + bytes([length & 127 | 128]), length >> 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + value


def prompt_of(message: bytes) -> str:
    """`contents.parts.text` of a request."""
    for number in (2, 1, 2):
        message = dict(_fields(message))[number]
    return message.decode()


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(message):
        number, at, length, shift = message[at] >> 3, at + 1, 0, 0
        while True:
            length, shift, at = length | (message[at] & 127) << shift, shift + 7, at + 1
            if message[at - 1] < 128:
                break
        yield number, message[at : at + length]
        at += length
