"""Bodies of several JSON values: one a line (NDJSON, JSON Lines), or ended by the ASCII record separator (SignalR)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File, Path
from promptguard.reasons import Code
from promptguard.wire.documents.interface import MOST_LEAVES, Document, Leaf
from promptguard.wire.documents.json import JsonDocument
from promptguard.wire.documents.json_source import NotJson

LINE_FEED = b"\n"
RECORD_SEPARATOR = b"\x1e"

MOST_LINES: Final = 100_000
"""Longer uploads would take seconds to read."""


class JsonLinesDocument(Document):
    """A list of JSON values. A path is the number of the line, from 0, and the path within the line's value."""

    content_type = "application/x-ndjson"

    def __init__(self, source: bytes, embedded: frozenset[str] = frozenset()) -> None:
        """Read UTF-8 source.

        Raises:
            NotJson: a line that is no JSON object or array.
            Unreadable: a line that is, but cannot be read.
        """
        self._separator = RECORD_SEPARATOR if RECORD_SEPARATOR in source else LINE_FEED
        self._lines = source.split(self._separator)
        self._documents: dict[int, JsonDocument] = {}
        self._leaves: list[Leaf] = []
        self._files: list[File] = []
        self.body: list[Any] = []
        for number, line in enumerate(self._lines):
            content = line.strip()
            if not content:
                self.body.append(None)
                continue
            if content[:1] not in b"{[":
                raise NotJson
            if number >= MOST_LINES:
                raise Unreadable(Code.BODY_TOO_MANY_TEXTS)
            document = JsonDocument(content, embedded)
            self._documents[number] = document
            self.body.append(document.body)
            self._leaves += [leaf._replace(path=(number, *leaf.path)) for leaf in document.leaves()]
            self._files += [replace(file, path=(number, *file.path)) for file in document.files()]
            if len(self._leaves) > MOST_LEAVES:
                raise Unreadable(Code.BODY_TOO_MANY_TEXTS)

    def leaves(self) -> Sequence[Leaf]:
        return self._leaves

    def files(self) -> Sequence[File]:
        return self._files

    def replace(self, changes: Mapping[Path, str]) -> bytes:
        by_line: dict[int, dict[Path, str]] = {}
        for path, text in changes.items():
            number = path[0] if path else None
            if not isinstance(number, int) or number not in self._documents:
                raise NotRewritable(Code.REWRITE_NO_PLACE)
            by_line.setdefault(number, {})[path[1:]] = text
        lines = list(self._lines)
        for number, line_changes in by_line.items():
            ending = b"\r" if lines[number].endswith(b"\r") else b""
            lines[number] = self._documents[number].replace(line_changes) + ending
        return self._separator.join(lines)
