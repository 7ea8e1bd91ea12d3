"""Texts of messages that no wire format recognises, told apart by where they stand and what looks like their number."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

from promptguard.model import Path, Piece
from promptguard.wire import json_text

_MARKS: Final = frozenset(
    {"index", "output_index", "content_index", "item_id", "outputIndex", "contentIndex", "itemId"}
    | {"type", "event", "role"}
)
"""Members by which an unknown format may tell texts at the same path apart."""


@dataclass(frozen=True, slots=True)
class Guess(Piece):
    """A string of a message that no format recognises."""

    kind: Hashable = None
    """Clients may show it behind others of its kind."""


def kind_of(message: Any) -> str:
    """What a message says that it is."""
    kind = message.get("type", message.get("event")) if isinstance(message, dict) else None
    return kind if isinstance(kind, str) else ""


def name_of(path: Path) -> str:
    """The name of the member that a string stands in, or whose array it does."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def guessed_pieces(message: Any, family: str) -> list[Piece]:
    """Every string of a message of an unknown format, each its own text by its path and what looks like its index."""
    pieces: list[Piece] = []
    kind = kind_of(message)
    for path, _ in json_text.strings(message):
        marks: list[Hashable] = [family, path]
        value = message
        for step in path:
            if isinstance(value, dict):
                marks += (
                    (name, mark) for name, mark in value.items() if name in _MARKS and isinstance(mark, str | int)
                )
            value = value[step]
        pieces.append(Guess(path, tuple(marks), kind=(family, kind, name_of(path))))
    return pieces
