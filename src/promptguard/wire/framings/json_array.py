"""A JSON array that is streamed element by element, as Gemini does without `alt=sse`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import regex

from promptguard.wire.framings.interface import (
    MAX_MESSAGE,
    BufferedDecoder,
    EndFrame,
    Frame,
    FrameDecoder,
    Framing,
)

_STRUCTURE: Final = re.compile(rb'["\[\]{},]')
_IN_STRING: Final = re.compile(rb'["\\]')
_BEHIND: Final = re.compile(rb"\s*(\S)")
_ELEMENT: Final = re.compile(rb"(\s*)(.*?)(\s*)", re.DOTALL)


class JsonArray(Framing):
    """The elements of the outermost array, each as soon as it is complete."""

    id = "json_array"
    begins = regex.compile(rb"(?:\xef\xbb\xbf)?\s*\[[^A-Z0-9_]")
    """Not with what a text that begins with a placeholder has behind the bracket."""

    def decoder(self, message_encoding: str = "") -> FrameDecoder:
        return ArrayDecoder()


@dataclass(frozen=True, slots=True)
class _Element(Frame):
    """An element, with the white space around it."""

    before: bytes = b""
    after: bytes = b""

    def with_payload(self, payload: bytes) -> bytes:
        return self.before + payload + self.after

    def another(self, payload: bytes, following: Frame | None) -> bytes:
        """Before another element its comma has gone out already; at the end of the array there is none."""
        return payload + b"," if following is not None and following.payload is not None else b"," + payload


class ArrayDecoder(BufferedDecoder):
    """Cuts arrays into elements, and what stands between them."""

    def __init__(self, levels: int = 1) -> None:
        """`levels` is how many arrays within each other are cut; inner ones only where they hold arrays themselves."""
        super().__init__()
        self._levels = levels
        self._arrays = 0
        """Arrays that are open and cut into elements."""
        self._nesting = 0
        """Arrays and objects that are open within an element."""
        self._in_string = False
        self._over = False
        """Behind the array, or given up."""

    def feed(self, data: bytes) -> list[Frame]:
        if self._over:
            return [Frame(data)] if data else []
        self._buffer += data
        frames: list[Frame] = []
        while not self._over and self._searched < len(self._buffer):
            mark = (_IN_STRING if self._in_string else _STRUCTURE).search(self._buffer, self._searched)
            if mark is None:
                self._searched = len(self._buffer)
                break
            if self._is_undecided(mark.group(), mark.end()):
                self._searched = mark.start()
                break
            if mark.group() == b"\\":
                self._searched = mark.end() + 1
            else:
                self._searched = mark.end()
                frames += self._step(mark.group(), mark.start())
        if len(self._buffer) > MAX_MESSAGE:
            self._over = True
        return frames + self._take_all() if self._over else frames

    def finish(self) -> list[Frame]:
        return self._take_all()

    def _step(self, character: bytes, start: int) -> list[Frame]:
        """The frames that a structural character at `start` completes."""
        if character == b'"':
            self._in_string = not self._in_string
        elif character in b"[{":
            if character == b"[" and not self._nesting and self._is_cut(start + 1):
                self._arrays += 1
                return [Frame(self._take(start + 1))]
            self._nesting += 1
        elif self._nesting:
            if character in b"]}":
                self._nesting -= 1
                if not self._nesting:
                    return self._element(start + 1)
        elif character == b",":
            return [*self._element(start), Frame(self._take(1))]
        else:
            self._arrays -= 1
            self._over = self._arrays <= 0
            return [*self._element(start), EndFrame(self._take(1))]
        return []

    def _is_undecided(self, character: bytes, behind: int) -> bool:
        """Whether what a character does depends on one behind it that has not come yet."""
        if character == b"\\":
            return behind == len(self._buffer)
        is_inner = character == b"[" and not self._nesting and 0 < self._arrays < self._levels
        return is_inner and _BEHIND.match(self._buffer, behind) is None

    def _is_cut(self, behind: int) -> bool:
        """Whether an array, which goes on at `behind`, is cut into its elements."""
        if not self._arrays:
            return True
        found = _BEHIND.match(self._buffer, behind) if self._arrays < self._levels else None
        return found is not None and found[1] == b"["

    def _element(self, size: int) -> list[Frame]:
        """What stands before the next structural character: an element, or white space."""
        source = self._take(size)
        parts = _ELEMENT.fullmatch(source)
        if parts is None or not parts[2]:
            return [Frame(source)] if source else []
        return [_Element(source, parts[2], "", parts[1], parts[3])]
