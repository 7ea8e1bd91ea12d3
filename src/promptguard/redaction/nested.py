"""Bodies within the messages of an answer, such as the server-sent events that ChatGPT hands over by WebSocket."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from promptguard.model import Nested, Restoration
from promptguard.wire import json_text
from promptguard.wire.framings import Frame, FrameDecoder, load_framings
from promptguard.wire.messages import nested_data, nested_text

_MAX_BODIES: Final = 256
"""Bodies of an answer that are followed at a time."""

_MAX_REMEMBERED: Final = 4 * 1024 * 1024
"""Characters of restored strings that are kept, to give the same again where a service repeats one."""


class Restorer(Protocol):
    """Restores the frames of one body."""

    def restore(self, frame: Frame) -> list[bytes]:
        """What to send in place of a frame."""

    def finish(self) -> list[bytes]:
        """What to send at the end."""

    def expect(self, restoration: Restoration) -> None:
        """Restore these placeholders too."""


@dataclass(slots=True)
class _Body:
    """A body that is under way."""

    decoder: FrameDecoder
    restorer: Restorer
    message: Any
    """The last message that a piece of it stood in, its frame, and where."""
    frame: Frame
    nested: Nested


class NestedBodies:
    """Restores the bodies in the messages of one answer, each across all messages that hold pieces of it."""

    def __init__(self, make: Callable[[], Restorer]) -> None:
        """`make` gives the restorer for a new body."""
        self._make = make
        self._bodies: dict[Hashable, _Body] = {}
        self._remembered: dict[Hashable, str] = {}
        self._remembered_size = 0

    def expect(self, restoration: Restoration) -> None:
        """From now on, restore these placeholders too."""
        for body in self._bodies.values():
            body.restorer.expect(restoration)

    def restore(self, message: Any, nested: Sequence[Nested], frame: Frame) -> tuple[list[bytes], bool]:
        """Restore the bodies in a message, in place; what to send before it, and whether anything in it changed."""
        before: list[bytes] = []
        changed = False
        for each in nested:
            text = json_text.string_at(message, each.path)
            if text is None or not each.path:
                continue
            shown = self._repeated(each, text)
            if shown is None:
                *earlier, shown = self._restored(each, text, message, frame)
                before += (self._copy(message, frame, each, piece, frame) for piece in earlier)
                self._remember(each, text, shown)
            if shown != text:
                json_text.with_string(message, each.path, shown)
                changed = True
        return before, changed

    def finish(self) -> list[bytes]:
        """What to send at the end: copies of the last messages, with what was held back of their bodies."""
        return [piece for key in list(self._bodies) for piece in self._close(key)]

    def _restored(self, nested: Nested, text: str, message: Any, frame: Frame) -> list[str]:
        """What to send in place of a string: itself last, and before it others in messages of their own."""
        data = nested_data(text, nested)
        body = self._body(nested, message, frame)
        if body is None or data is None:
            return [text]
        body.message, body.frame, body.nested = message, frame, nested
        frames = load_framings()[nested.framing].frames(data) if nested.whole else body.decoder.feed(data)
        pieces = [piece for each in frames for piece in body.restorer.restore(each)]
        if not nested.whole:
            pieces = [b"".join(pieces)]
        return [text if piece == data else nested_text(piece, nested) for piece in pieces] or [text]

    def _body(self, nested: Nested, message: Any, frame: Frame) -> _Body | None:
        body = self._bodies.get(nested.key)
        if body is None and len(self._bodies) < _MAX_BODIES:
            decoder = load_framings()[nested.framing].decoder()
            body = self._bodies[nested.key] = _Body(decoder, self._make(), message, frame, nested)
        return body

    def _close(self, key: Hashable) -> list[bytes]:
        body = self._bodies.pop(key)
        pieces = [piece for frame in body.decoder.finish() for piece in body.restorer.restore(frame)]
        pieces += body.restorer.finish()
        if not body.nested.whole:
            pieces = [b"".join(pieces)]
        return [
            self._copy(body.message, body.frame, body.nested, nested_text(piece, body.nested), None)
            for piece in pieces
            if piece
        ]

    def _copy(self, message: Any, frame: Frame, nested: Nested, text: str, following: Frame | None) -> bytes:
        """Another message like one, with another string for the body in it."""
        copy = json_text.with_string(json_text.parse(json_text.dump(message)), nested.path, text)
        return frame.another(json_text.dump(copy), following)

    def _repeated(self, nested: Nested, text: str) -> str | None:
        if nested.id is None:
            return None
        return self._remembered.get((nested.key, nested.id, hash(text)))

    def _remember(self, nested: Nested, text: str, shown: str) -> None:
        if nested.id is None:
            return
        self._remembered[nested.key, nested.id, hash(text)] = shown
        self._remembered_size += len(shown)
        while self._remembered_size > _MAX_REMEMBERED:
            self._remembered_size -= len(self._remembered.pop(next(iter(self._remembered))))
