"""The frames of one answer, restored in turn: between the framing of the bytes and the texts of the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from promptguard.model import AnswerShape, FramedShape, Restoration
from promptguard.redaction.answers import AnswerRestorer
from promptguard.redaction.issued import joined
from promptguard.redaction.nested import NestedBodies
from promptguard.wire import json_text
from promptguard.wire.framings import Frame
from promptguard.wire.messages import read_message


class _Envelope(NamedTuple):
    """What it takes to send another message like one."""

    frame: Frame
    write: Callable[[Any], bytes]

    def another(self, message: Any, following: Frame | None) -> bytes:
        return self.frame.another(self.write(message), following)


class FrameRestorer:
    """Restores the frames of one answer. Those in which nothing changes pass byte for byte."""

    def __init__(self, shape: AnswerShape | None, restoration: Restoration, announcement: str | None = None) -> None:
        self._answer = AnswerRestorer[_Envelope](shape, restoration, announcement)
        self._shape = shape if isinstance(shape, FramedShape) else None
        self._nested = NestedBodies(lambda: FrameRestorer(shape, self._restoration))
        self._restoration = restoration
        self._missing_end = b""
        """What the last frame lacks before another one can follow."""

    def expect(self, restoration: Restoration) -> None:
        """From now on, restore these placeholders too."""
        self._restoration = joined(self._restoration, restoration)
        self._answer.expect(restoration)
        self._nested.expect(restoration)

    def restore(self, frame: Frame) -> list[bytes]:
        """What to send in place of a frame: mostly one piece, others before it where a text ends that was held back."""
        self._missing_end = frame.missing_end
        before = self._copies(self._answer.finish(), frame) if frame.ends else []
        if frame.payload is None:
            return [*before, frame.source]
        try:
            message, write, kind = read_message(frame)
            if self._shape is not None and not isinstance(message, str):
                nested = self._shape.nested(message)
                if nested:
                    earlier, changed = self._nested.restore(message, nested, frame)
                    return [*before, *earlier, frame.with_payload(json_text.dump(message)) if changed else frame.source]
            envelope = _Envelope(frame, write)
            restored = self._answer.restore(
                message, envelope, frame.payload, family=kind + frame.family, whole=frame.whole
            )
            shown = frame.source
            if restored.changed:
                shown = frame.with_payload(write(restored.message))
            return [*before, *self._copies(restored.before, frame), shown]
        except ValueError:
            return [*before, frame.source]

    def finish(self) -> list[bytes]:
        """What to send at the end: all that is still held back."""
        copies = self._copies(self._answer.finish(), None) + self._nested.finish()
        return [self._missing_end, *copies] if copies and self._missing_end else copies

    def _copies(self, copies: Iterable[tuple[Any, _Envelope]], following: Frame | None) -> list[bytes]:
        return [envelope.another(message, following) for message, envelope in copies]
