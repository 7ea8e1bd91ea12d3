"""What a sample of a wire format is: one realistic request with every string's nature beside it, and one answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from promptguard.model import Request

MAIL = "lena.fischer@nordwind.example"
CARD = "4111 1111 1111 1111"
"""What the samples' texts hold, and nothing else of them."""

SEAL = "EqQBCkYIBxgC" + "Zm9vYmFy" * 12
"""A signature, as long as they are and of no meaning."""

UUID = "0b1e7c5a-3f6d-4a8e-9c2b-7d5f1a3e9b60"
HASH = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
RECORD_END = "\x1e"
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW5"
FIELD = 'Content-Disposition: form-data; name="{}"'
CONTENT_TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "signalr": "application/json",
    "connect": "application/connect+json",
    "multipart": f"multipart/form-data; boundary={BOUNDARY}",
}


def compact(value: Any) -> str:
    """JSON as browsers and SDKs write it; all in ASCII where a lone surrogate could not be written otherwise."""
    source = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    surrogates = any("\ud800" <= character <= "\udfff" for character in source)
    return json.dumps(value, separators=(",", ":")) if surrogates else source


def enveloped(message: bytes, flags: int = 0) -> bytes:
    """A message in Connect's envelope."""
    return bytes([flags]) + len(message).to_bytes(4) + message


@dataclass(frozen=True)
class SampleAnswer:
    """A streamed answer that says one text in two pieces."""

    framing: str
    """Id of the framing that carries it; `websocket_message` and `signalr` come as messages of a WebSocket."""
    content_type: str
    before: Sequence[Any]
    piece: str
    """JSON source of the message that carries a piece, with `TEXT` where that stands."""
    text: tuple[str | int, ...]
    """Where the piece stands in it."""
    after: Sequence[Any]
    cumulative: bool = False
    """Each message says all of the text so far."""
    coded: bool = False
    """Lines have a code before the JSON: 0 for a text, 1 for anything else."""


@dataclass(frozen=True)
class Sample:
    """A request in a wire format."""

    id: str
    body: Any
    """A value for JSON, a list of records for SignalR or Connect, a list of pairs for a form, multipart or a query."""
    table: str
    """A line for each string: nature, voice, position, path."""
    notice: Mapping[str, Any]
    """By style (`body`, `stream`, `message`): what of the answer is JSON, parsed."""
    host: str = "api.example.org"
    path: str = "/v1/x"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "json"
    """One of `CONTENT_TYPES`, or `query` where there is no body."""
    answer: SampleAnswer | None = None

    def source(self, body: Any) -> bytes:
        """A body as this format's clients send it."""
        if self.encoding in ("form", "query"):
            return urlencode(body).encode()
        if self.encoding == "signalr":
            return b"".join(compact(record).encode() + RECORD_END.encode() for record in body)
        if self.encoding == "connect":
            return b"".join(enveloped(compact(record).encode()) for record in body)
        if self.encoding == "multipart":
            parts = (f"--{BOUNDARY}\r\n{FIELD.format(name)}\r\n\r\n{value}\r\n" for name, value in body)
            return "".join((*parts, f"--{BOUNDARY}--\r\n")).encode("utf-8", "surrogatepass")
        return compact(body).encode()

    def request(self, body: Any = None) -> Request:
        """The request, with its own or another body."""
        return self.request_of(self.source(self.body if body is None else body))

    def request_of(self, source: bytes) -> Request:
        """The request around the bytes of a body, or of a query."""
        if self.encoding == "query":
            return Request("GET", self.host, self.path, source.decode(), self.headers, b"")
        headers = {"content-type": CONTENT_TYPES[self.encoding], **self.headers}
        return Request("POST", self.host, self.path, self.query, headers, source)
