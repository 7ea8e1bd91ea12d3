"""What every dialect of the stand-in provider is made of: a call comes in, a reply goes out."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

EVENT_STREAM = "text/event-stream; charset=utf-8"

type Json = Any
"""A parsed JSON value."""

type Dialect = Callable[[Call], Reply | None]
"""Answers a call, or returns None where the path is not one of its own."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with its body read as JSON where it is JSON."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    body: Json
    """None where the body is empty or not JSON."""
    piece_sizes: Sequence[int]
    """Lengths in characters of a streamed text's successive pieces; used in a cycle."""

    def pieces(self, text: str) -> Iterator[str]:
        """`text` cut as a model would stream it: small, and through the middle of words and placeholders."""
        sizes = itertools.cycle(self.piece_sizes)
        start = 0
        while start < len(text):
            end = start + next(sizes)
            yield text[start:end]
            start = end


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, in as many pieces as it is to be sent in."""

    chunks: Iterable[bytes]
    content_type: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thought:
    """What the stand-in model makes of a prompt: a text, or the call of a tool."""

    text: str
    tool: str = ""
    """Name of the tool to call; empty for a plain answer."""

    @property
    def arguments(self) -> dict[str, str]:
        """The tool call's arguments."""
        return {"text": self.text}


_COMMAND = re.compile(r"!(?P<verb>say|tool) ?(?P<rest>.*)", re.DOTALL)


def think(prompt: str) -> Thought:
    """The answer to a prompt: it repeats what was received, so that one can see what left the laptop.

    `!say TEXT` answers with TEXT alone; `!tool NAME TEXT` calls the tool NAME with TEXT as its argument. A command
    stands at the beginning of the prompt.
    """
    command = _COMMAND.match(prompt)
    if command is None:
        return Thought(f"You wrote: {prompt}")
    rest = command["rest"]
    if command["verb"] == "say":
        return Thought(rest)
    tool, _, argument = rest.partition(" ")
    return Thought(argument, tool or "note")


def encode(value: Json) -> bytes:
    """JSON as most services write it: UTF-8, no escapes beyond the necessary ones."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def json_reply(value: Json, status: int = 200) -> Reply:
    """A whole JSON answer."""
    return Reply([encode(value)], status=status)


def event(data: Json, name: str = "") -> bytes:
    """One server-sent event (WHATWG HTML, 9.2) with JSON data."""
    prefix = f"event: {name}\n".encode() if name else b""
    return prefix + b"data: " + encode(data) + b"\n\n"


def text_of(content: Json) -> str:
    """The text of a message's content: a string, or a list of parts that may have a `text`."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(text_of(part) for part in content)
    if isinstance(content, dict):
        return text_of(content.get("text", content.get("content", content.get("output", ""))))
    return ""


def last_text(messages: Json) -> str:
    """The text of the last message: the newest thing that the client has said."""
    if isinstance(messages, list):
        return text_of(messages[-1]) if messages else ""
    return text_of(messages)


def words(text: str) -> int:
    """A token count good enough for a usage record."""
    return len(text.split())
