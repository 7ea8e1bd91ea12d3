"""WebSocket messages of one connection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from promptguard.model import AnswerShape, Restoration
from promptguard.redaction.streams import json_text
from promptguard.redaction.streams.answer import AnswerRestorer

_RECORD_END: Final = b"\x1e"
"""Ends each of the JSON records in a message of SignalR (its JSON hub protocol)."""

_PREFIXED: Final = re.compile(rb"(\d{0,4})(?=[\[{\"])")
"""A packet type before the JSON, as in Socket.IO."""


@dataclass(frozen=True, slots=True)
class _Record:
    prefix: bytes
    end: bytes
    plain: bool = False


class MessageRestorer:
    """Restores the messages that a service sends over one WebSocket connection, in their order."""

    def __init__(self, shape: AnswerShape | None, restoration: Restoration, announcement: str | None = None) -> None:
        self._answer = AnswerRestorer[_Record](shape, restoration, announcement)
        self._restoration = restoration

    @property
    def restoration(self) -> Restoration:
        """What may be put back. Assign a larger one when a later request on the connection was redacted."""
        return self._restoration

    @restoration.setter
    def restoration(self, restoration: Restoration) -> None:
        self._restoration = restoration
        self._answer.expect(restoration)

    def restore(self, content: bytes) -> list[bytes]:
        """The messages to send in place of one from the service.

        Mostly one. Others come before it where a text ends of which something was held back: they must be sent first.
        """
        if content.endswith(_RECORD_END):
            records = content.split(_RECORD_END)[:-1]
            return [b"".join(part for record in records for part in self._restored(record, _RECORD_END))]
        return self._restored(content, b"")

    def finish(self) -> list[bytes]:
        """Messages to send before the service closes the connection: what is still held back."""
        return _written(self._answer.finish())

    def _restored(self, source: bytes, end: bytes) -> list[bytes]:
        prefixed = _PREFIXED.match(source)
        prefix = prefixed[1] if prefixed else b""
        body = source[len(prefix) :]
        record = _Record(prefix, end, plain=prefixed is None)
        try:
            message = body.decode() if record.plain else json_text.parse(body)
            restored = self._answer.restore(message, record, body, family=f"{record.plain:d}{prefix.decode('ascii')}")
            changed = _written([(restored.message, record)]) if restored.changed else [source + end]
            return _written(restored.before) + changed
        except ValueError:
            return [source + end]


def _written(messages: Sequence[tuple[Any, _Record]]) -> list[bytes]:
    return [
        record.prefix
        + (str(message).encode("utf-8", "replace") if record.plain else json_text.dump(message))
        + record.end
        for message, record in messages
    ]
