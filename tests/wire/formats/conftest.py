"""Helpers for the tests of wire formats."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from promptguard.wire.documents import open_body
from promptguard.wire.formats import Format, Formats, load_formats

type Voices = dict[str, tuple[str, str]]


@pytest.fixture(scope="session")
def formats() -> Formats:
    return load_formats()


@pytest.fixture(scope="session")
def voices() -> Callable[[Format, Any], Voices]:
    """Role and position by text: of a body whose texts all differ."""

    def annotate(wire_format: Format, body: Any) -> Voices:
        document = open_body(json.dumps(body).encode(), "application/json", wire_format.embedded)
        leaves = document.leaves()
        annotations = wire_format.annotate(document.body, [leaf.path for leaf in leaves])
        assert len(annotations) == len(leaves)
        return {
            leaf.text: (annotation.role.value, annotation.position.value)
            for leaf, annotation in zip(leaves, annotations, strict=True)
        }

    return annotate


@pytest.fixture(scope="session")
def assembled() -> Callable[[Format, list[Any]], dict[Any, str]]:
    """The texts that the messages of an answer make up, by channel and number of the text.

    Each key's text ends where `closed` says so, and a piece of it in that very message is its last; the same key after
    that is a new text.
    """

    def assemble(wire_format: Format, messages: list[Any]) -> dict[Any, str]:
        texts: dict[Any, str] = {}
        names: dict[Any, Any] = {}
        for message in messages:
            pieces = wire_format.pieces(message)
            here = {piece.key for piece in pieces}
            closed = wire_format.closed(message)
            ended = {*names, *here} if closed is None else set(closed)
            for key in ended - here:
                names.pop(key, None)
            for piece in pieces:
                if piece.key not in names:
                    names[piece.key] = (piece.channel.value, sum(name[0] == piece.channel.value for name in texts))
                text = message
                for step in piece.path:
                    text = text[step]
                name = names[piece.key]
                texts[name] = texts.get(name, "") + text
            for key in ended & here:
                names.pop(key, None)
        return texts

    return assemble
