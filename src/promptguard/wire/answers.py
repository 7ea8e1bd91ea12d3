"""What a service said in one answer, read from the whole of it: the texts it is made of, and what is sealed in it."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, Final

import orjson

from promptguard.model import AnswerShape, Channel, Piece, Said

MAX_TEXTS: Final = 4_096
"""Texts of one answer that are told apart."""

_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_LINE_PREFIX: Final = re.compile(rb"\s*(?:[0-9a-z]{1,8}:)?(?=[\[{\"])")


def read_answer(body: bytes, content_type: str, shape: AnswerShape | None) -> Said:
    """The texts of an answer that has no content encoding any more, put together from their pieces.

    Nothing is raised: of an answer that cannot be read, nothing was said.
    """
    return read_messages(_messages(body, content_type.partition(";")[0].strip().lower()), shape)


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

    def read(self, message: Any) -> None:
        shape = self._shape
        pieces = list(shape.pieces(message)) if shape and not isinstance(message, str) else []
        for piece in pieces:
            self._add(piece, message)
        own = {piece.path for piece in pieces}
        for path, text in _strings(message):
            if path not in own and len(self._texts) < MAX_TEXTS:
                self._texts[text] = None
        closed = shape.closed(message) if shape and not isinstance(message, str) else ()
        for key in list(self._open) if closed is None else closed:
            self._close(key)

    def said(self) -> Said:
        """All texts, those that have not ended too."""
        for key in list(self._open):
            self._close(key)
        return Said(tuple(self._texts), tuple(self._sealed))

    def _add(self, piece: Piece, message: Any) -> None:
        value = message
        for step in piece.path:
            value = value[step]
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


def _messages(body: bytes, media_type: str) -> Iterator[Any]:
    """The messages of a body: events, a JSON document or the elements of an array, or lines."""
    if media_type == "text/event-stream" or body.startswith((b"data:", b"event:")):
        for event in _BLANK_LINE.split(body):
            lines = (line for line in event.splitlines() if line.startswith(b"data:"))
            yield from _parsed(b"\n".join(line[5:].removeprefix(b" ") for line in lines))
        return
    whole = list(_parsed(body))
    if whole and not isinstance(whole[0], str):
        yield from whole[0] if isinstance(whole[0], list) else whole
        return
    for line in body.splitlines():
        prefix = _LINE_PREFIX.match(line)
        yield from _parsed(line[prefix.end() :] if prefix else line)


def _parsed(source: bytes) -> Iterator[Any]:
    if not source.strip() or source == b"[DONE]":
        return
    try:
        yield orjson.loads(source)
    except orjson.JSONDecodeError:
        yield source.decode("utf-8", "replace")


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
