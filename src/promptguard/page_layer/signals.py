"""How the layer learns of a decision: from a field of the answer, or from the end of a WebSocket frame. Never a value.

`Server-Timing` (W3C) is the one field of an answer that scripts of a page read without standing between the page and
its requests. A frame has no fields: there the same is said in blanks at the end of a JSON text, which mean nothing
in JSON (RFC 8259, 2) and which nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID: Final = re.compile(r"pg((?:-[0-9A-HJKMNP-TV-Z]{4}){4})")
_MAX_COUNT: Final = 1023
"""Values that are counted: ten bits."""

_RECORD_SEPARATOR: Final = b"\x1e"
"""Ends a SignalR message (HubProtocol.md)."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What the layer is told of one decision."""

    id: str
    blocked: bool
    """Nothing was sent; else it was, with values replaced."""
    count: int = 0
    """Different values that were replaced."""

    def server_timing(self) -> str:
        """A metric of the header `Server-Timing`."""
        return f'promptguard;desc="{"blocked" if self.blocked else "redacted"} {self.id} {min(self.count, _MAX_COUNT)}"'

    def mark(self) -> bytes:
        """A line break, a tab, and 91 bits as blanks: whether blocked, the count, the sixteen letters of the id."""
        found = _ID.fullmatch(self.id)
        if found is None:
            return b""
        bits = f"{self.blocked:b}{min(self.count, _MAX_COUNT):010b}"
        bits += "".join(f"{_LETTERS.index(letter):05b}" for letter in found[1].replace("-", ""))
        return b"\n\t" + bits.translate({ord("0"): " ", ord("1"): "\t"}).encode("ascii")


def reminder_timing(id: str) -> str:
    """A metric of `Server-Timing` that has the layer ask for a reminder, by the id of the decision it came with."""
    return f'promptguard;desc="reminder {id}"'


def marked(frame: bytes, signal: Signal) -> bytes:
    """A text frame with the mark at its end; the frame as it is where that is no JSON text."""
    text, separator = (frame[:-1], _RECORD_SEPARATOR) if frame.endswith(_RECORD_SEPARATOR) else (frame, b"")
    return text + signal.mark() + separator if text[-1:] in (b"}", b"]") else frame


def last_marked(frames: Sequence[bytes], signal: Signal) -> list[bytes]:
    """Frames of which the last one that can be is marked."""
    out = list(frames)
    for index in reversed(range(len(out))):
        frame = marked(out[index], signal)
        if frame != out[index]:
            out[index] = frame
            break
    return out
