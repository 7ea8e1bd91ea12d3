"""How a service answers, and how a notice stands in the place of its answer."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from promptguard.model.request import Path


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is told when a request is blocked or was changed."""

    decision_id: str
    title: str
    text: str = field(repr=False)
    """Plain text, several short paragraphs, never a value."""
    code: str = "promptguard_blocked"
    language: str = "en"
    """The tag of the text's language (BCP 47)."""
    link: str = field(default="", repr=False)
    """The address in the text of a page on the decision; empty for none. Whoever has it may open the page."""
    brief: str = ""
    """The same without the person's own text at its end, and without saying where that is; empty where it has none."""
    redacted: str = field(default="", repr=False)
    """What the person wrote, with placeholders for what was found; the text ends with it, in a block of code."""
    retry_after: int = 0
    """Seconds after which a program may send the same again by itself; 0 where that would change nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP answer to give in place of the provider's."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    trailers: Mapping[str, str] = field(default_factory=dict)
    """Fields after the body, as gRPC ends an answer; empty for none."""


class Channel(StrEnum):
    """What a piece of an answer is for."""

    TEXT = "text"
    REASONING = "reasoning"
    TOOL_CALL = "tool_call"
    """JSON source text: what is put in must be JSON-escaped."""
    SEALED = "sealed"
    """Signed or encrypted, or bound by a signature: passed on as it is, and remembered to be known again."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in one message of an answer that may be a part of a longer text, continued in later messages."""

    path: Path
    """Member names and indexes from the root of the message to the string."""
    key: Hashable
    """Pieces with the same key follow each other and make up one text."""
    channel: Channel = Channel.TEXT


@dataclass(frozen=True, slots=True)
class Nested:
    """A string in one message of an answer that is a body, or a piece of one, in a framing of its own."""

    path: Path
    framing: str
    """Id of the framing of what the string holds."""
    key: Hashable
    """Strings with the same key follow each other and make up one body."""
    id: Hashable = None
    """Tells the strings of a body apart where a service may send one of them again; None where it does not."""
    whole: bool = False
    """The string holds whole messages: only the texts in them go on in later strings."""
    base64: bool = False
    """It does so in base64."""


class AnswerShape(Protocol):
    """What a wire format knows about answers, so that placeholders split over messages can be put back.

    A message is one parsed JSON value: an SSE event's data, an NDJSON line, an element of a JSON array that is
    streamed, a WebSocket frame, or a whole JSON body.
    """

    def pieces(self, message: Any) -> Sequence[Piece]:
        """The strings in `message` that continue, or may be continued by, strings in other messages."""

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        """Keys of the pieces whose text ends before `message`, or with the piece it has in it; None when all end."""


@runtime_checkable
class FramedShape(AnswerShape, Protocol):
    """A shape of answers that also knows how their messages are framed."""

    framing: ClassVar[str]
    """Id of the framing of bodies whose media type and first bytes do not tell; empty for none."""

    def nested(self, message: Any) -> Sequence[Nested]:
        """The strings in `message` that are bodies in a framing of their own, or pieces of one.

        What they hold has the same shape as the answer.
        """
