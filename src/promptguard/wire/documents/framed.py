"""Bodies of several messages in a framing: JSON lines, records, packets, envelopes."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File, Path
from promptguard.reasons import Code
from promptguard.wire.documents.interface import MAX_LEAVES, Change, Document, Leaf
from promptguard.wire.documents.json import JsonDocument
from promptguard.wire.documents.json_source import NotJson
from promptguard.wire.documents.protobuf import ProtobufDocument
from promptguard.wire.framings import Frame, Framing

MAX_FRAMES: Final = 100_000
"""Longer uploads would take seconds to read."""

MAX_CONTENT: Final = 64 * 1024 * 1024
"""Bytes of all messages, where they are compressed one by one."""

_STEP: Final = 64 * 1024
"""Bytes that are cut into frames at a time."""


class FramedDocument(Document):
    """A list of JSON values, or in binary framings of protocol buffers. A path is the number of the frame, from 0, and
    the path within the frame's value.

    Frames with nothing to read, blank lines for instance, count too; frames that do not change stay as they came.
    """

    def __init__(
        self,
        framing: Framing,
        source: bytes,
        embedded: frozenset[str] = frozenset(),
        message_encoding: str = "",
        mark: bytes = b"",
        base64_source: bytes = b"",
    ) -> None:
        """Read a source, in UTF-8 unless the framing is binary.

        Args:
            mark: the byte order mark before it.
            base64_source: the body, where that is the source in base64.

        Raises:
            NotJson: of a framing that is text: there is something else than JSON objects and arrays.
            Unreadable: messages that cannot be read.
        """
        binary = min(framing.media_types, default="application/octet-stream")
        self.content_type = binary if framing.binary else "application/x-ndjson"
        self._mark = mark
        self._base64_source = base64_source
        self._frames: list[Frame] = []
        self._documents: dict[int, JsonDocument | ProtobufDocument] = {}
        self._leaves: list[Leaf] = []
        self._files: list[File] = []
        self.body: list[Any] = []
        for number, frame in enumerate(_frames(framing, source, message_encoding)):
            self._frames.append(frame)
            document = _open(frame, framing, embedded)
            self.body.append(document.body if document else None)
            if document is not None:
                self._documents[number] = document
                self._leaves += [leaf._replace(path=(number, *leaf.path)) for leaf in document.leaves()]
                self._files += [replace(file, path=(number, *file.path)) for file in document.files()]
            if len(self._leaves) > MAX_LEAVES:
                raise Unreadable(Code.BODY_TOO_MANY_TEXTS)

    def leaves(self) -> Sequence[Leaf]:
        return self._leaves

    def files(self) -> Sequence[File]:
        return self._files

    def replace(self, changes: Mapping[Path, Change]) -> bytes:
        by_frame: dict[int, dict[Path, Change]] = {}
        for path, text in changes.items():
            number = path[0] if path else None
            if not isinstance(number, int) or number not in self._documents:
                raise NotRewritable(Code.REWRITE_NO_PLACE)
            by_frame.setdefault(number, {})[path[1:]] = text
        if self._base64_source and not by_frame:
            return self._base64_source
        written = self._mark + b"".join(
            frame.with_payload(self._documents[number].replace(by_frame[number]))
            if number in by_frame
            else frame.source
            for number, frame in enumerate(self._frames)
        )
        return base64.b64encode(written) if self._base64_source else written


def _frames(framing: Framing, source: bytes, message_encoding: str) -> Iterator[Frame]:
    """The frames of a source, a bounded number of them at a time."""
    decoder = framing.decoder(message_encoding)
    count = size = 0
    for start in range(0, len(source) + 1, _STEP):
        for frame in decoder.feed(source[start : start + _STEP]):
            count += 1
            size += len(frame.payload or b"")
            yield frame
        if count > MAX_FRAMES:
            raise Unreadable(Code.BODY_TOO_MANY_TEXTS)
        if size > MAX_CONTENT:
            raise Unreadable(Code.BODY_TOO_LARGE, megabytes=MAX_CONTENT / 1_048_576)
    yield from decoder.finish()


def _open(frame: Frame, framing: Framing, embedded: frozenset[str]) -> JsonDocument | ProtobufDocument | None:
    """What a frame says; None where it says nothing."""
    if framing.binary:
        if frame.payload == b"":
            return None
        if frame.payload is None:
            raise Unreadable(Code.BODY_BINARY)
        with suppress(NotJson):
            return JsonDocument(_json(frame.payload), embedded)
        return ProtobufDocument(frame.payload)
    if frame.payload is None:
        if frame.source.strip(b" \t\r\n\x1e"):
            raise NotJson
        return None
    if frame.family.strip() and not frame.family.isdigit():
        raise NotJson
    return JsonDocument(_json(frame.payload), embedded)


def _json(payload: bytes | None) -> bytes:
    content = (payload or b"").strip()
    if content[:1] not in (b"{", b"["):
        raise NotJson
    return content
