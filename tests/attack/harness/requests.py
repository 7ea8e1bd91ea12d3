"""The requests that attacks are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

CHAT_PATH = "/v1/chat/completions"


def chat(text: Any, **members: Any) -> bytes:
    """A chat completion's body with one message of the user."""
    return json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": text}], **members}).encode()


def request(
    body: bytes = b"",
    *,
    method: str = "POST",
    path: str = CHAT_PATH,
    host: str = "api.openai.com",
    kind: str = "application/json",
    headers: Mapping[str, str] | None = None,
    length: bool = True,
) -> bytes:
    """A request with a right length, unless it is to have none."""
    fields = {"host": host, **({"content-type": kind} if kind else {})}
    if length and (body or method != "GET"):
        fields["content-length"] = str(len(body))
    fields.update(headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("utf-8", "surrogateescape") + body


def chunked(*pieces: bytes, extension: str = "", trailers: str = "") -> bytes:
    """A chunked body."""
    chunks = b"".join(f"{len(piece):x}{extension}\r\n".encode() + piece + b"\r\n" for piece in pieces)
    return chunks + b"0\r\n" + trailers.encode() + b"\r\n"


def raw(head: str, body: bytes = b"") -> bytes:
    """A request as it is written: lines of `head` are ended by CRLF, and an empty line follows."""
    return head.strip("\n").replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body
