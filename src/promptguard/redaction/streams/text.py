"""A body that is plain text in UTF-8."""

from __future__ import annotations

import codecs

from promptguard.model import Channel, Restoration
from promptguard.redaction.restore import RunningText
from promptguard.redaction.streams.interface import StreamRestorer


class PlainText(StreamRestorer):
    """Restores a text as it comes. Bytes that are no UTF-8 pass as they are."""

    def __init__(self, restoration: Restoration) -> None:
        # Originals out of JSON may hold lone surrogates, which no UTF-8 text can.
        originals = {
            placeholder: original.encode("utf-8", "replace").decode()
            for placeholder, original in restoration.originals.items()
        }
        self._running = RunningText(originals, Channel.TEXT)
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def feed(self, data: bytes) -> list[bytes]:
        return _encoded(self._running.feed(self._decoder.decode(data)))

    def finish(self) -> list[bytes]:
        return _encoded(self._running.feed(self._decoder.decode(b"", True)) + self._running.finish())


def _encoded(text: str) -> list[bytes]:
    return [text.encode("utf-8", "surrogateescape")] if text else []
