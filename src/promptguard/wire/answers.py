"""What a service said in one answer, read from the whole of it: the texts it is made of, and what is sealed in it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, Final

from promptguard.model import AnswerShape, Channel, FramedShape, Nested, Piece, Said
from promptguard.wire import json_text
from promptguard.wire.framings import (
    MAX_FIRST_BYTES,
    Frame,
    FrameDecoder,
    framing_for,
    framing_of_message,
    load_framings,
)
from promptguard.wire.messages import messages_of, nested_data

MAX_TEXTS: Final = 4_096
"""Texts of one answer that are told apart."""


def read_answer(body: bytes, content_type: str, shape: AnswerShape | None) -> Said:
    """The texts of an answer that has no content encoding any more, put together from their pieces.

    Nothing is raised: of an answer that cannot be read, nothing was said.
    """
    return read_messages(_messages(body, content_type, shape), shape)


def read_websocket(contents: Iterable[bytes], shape: AnswerShape | None) -> Said:
    """The texts of messages on one WebSocket connection."""
    frames = (frame for content in contents for frame in framing_of_message(content).frames(content))
    return read_messages(messages_of(frames), shape)


def read_messages(messages: Iterable[Any], shape: AnswerShape | None) -> Said:
    """The texts of an answer's messages, each a parsed JSON value or a plain text."""
    reader = _Reader(shape)
    for message in messages:
        reader.read(message)
    return reader.said()


class _Reader:
    """Puts the pieces of each text together; strings that are no pieces are texts by themselves."""

    def __init__(self, shape: AnswerShape | None) -> None:
        self._shape = shape
        self._open: dict[Hashable, tuple[Channel, list[str]]] = {}
        self._texts: dict[str, None] = {}
        self._sealed: dict[str, None] = {}
        self._bodies: dict[Hashable, FrameDecoder] = {}
        """Bodies within the messages, by their keys."""

    def read(self, message: Any) -> None:
        shape = self._shape
        nested = shape.nested(message) if isinstance(shape, FramedShape) and not isinstance(message, str) else ()
        for each in nested:
            self._read_within(each, message)
        if nested:
            return
        pieces = list(shape.pieces(message)) if shape and not isinstance(message, str) else []
        for piece in pieces:
            self._add(piece, message)
        own = {piece.path for piece in pieces}
        for path, text in _strings(message):
            if path not in own and len(self._texts) < MAX_TEXTS:
                self._texts[text] = None
        closed = shape.closed(message) if shape and not isinstance(message, str) else ()
        for key in list(self._open) if closed is None else [key for key in closed if key in self._open]:
            self._close(key)

    def _read_within(self, nested: Nested, message: Any) -> None:
        data = nested_data(json_text.string_at(message, nested.path) or "", nested) or b""
        framing = load_framings()[nested.framing]
        if nested.whole:
            frames: Sequence[Frame] = framing.frames(data)
        elif nested.key in self._bodies or len(self._bodies) < MAX_TEXTS:
            frames = self._bodies.setdefault(nested.key, framing.decoder()).feed(data)
        else:
            return
        for inner in messages_of(frames):
            self.read(inner)

    def said(self) -> Said:
        """All texts, those that have not ended too."""
        for key in list(self._open):
            self._close(key)
        return Said(tuple(self._texts), tuple(self._sealed))

    def _add(self, piece: Piece, message: Any) -> None:
        value = message
        for step in piece.path:
            value = value[step]
        value = value.rstrip("\0")  # some services pad pieces
        if piece.channel is Channel.SEALED and value:
            self._sealed[value] = None  # most come whole, and several times
        if len(self._open) < MAX_TEXTS:
            self._open.setdefault(piece.key, (piece.channel, []))[1].append(value)

    def _close(self, key: Hashable) -> None:
        channel, parts = self._open.pop(key, (Channel.TEXT, []))
        text = "".join(parts)
        if channel is Channel.SEALED:
            self._sealed.update({text: None} if text else {})
        elif channel is Channel.TOOL_CALL:
            self._texts.update(dict.fromkeys(_strings_of_source(text)))
        elif text:
            self._texts[text] = None


def _messages(body: bytes, content_type: str, shape: AnswerShape | None) -> Iterator[Any]:
    """The messages of a body; the lines of one that is plain text, or in no framing."""
    named = shape.framing if isinstance(shape, FramedShape) else ""
    framing = framing_for(content_type, body[:MAX_FIRST_BYTES], named)
    if framing is None or framing.running_text:
        yield from (line for line in body.decode("utf-8", "replace").splitlines() if line.strip())
    else:
        yield from messages_of(framing.frames(body))


def _strings_of_source(source: str) -> Sequence[str]:
    """The strings of a tool call's arguments, and its source where that is no JSON."""
    try:
        value = json.loads(source)
    except (ValueError, RecursionError):
        return (source,) if source else ()
    return [text for _, text in _strings(value)]


def _strings(root: Any) -> Iterator[tuple[tuple[Any, ...], str]]:
    """All strings of a value that hold more than nothing, each with its path."""
    stack: list[tuple[tuple[Any, ...], Any]] = [((), root)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, str):
            if value:
                yield path, value
        elif isinstance(value, dict):
            stack.extend(((*path, name), member) for name, member in value.items())
        elif isinstance(value, list):
            stack.extend(((*path, index), member) for index, member in enumerate(value))
