"""Bodies that are one text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from promptguard.errors import NotRewritable
from promptguard.model import Path, Role
from promptguard.reasons import Code
from promptguard.wire.documents.charsets import Decoded
from promptguard.wire.documents.interface import Document, Leaf
from promptguard.wire.documents.media import EncodedFile


class TextDocument(Document):
    """Plain text, or whatever else is readable as it stands. Its one path is the empty one."""

    content_type = "text/plain"

    def __init__(self, decoded: Decoded, role: Role | None = None) -> None:
        self.body = decoded.text
        self._decoded = decoded
        self._role = role

    def leaves(self) -> Sequence[Leaf]:
        return [Leaf((), self.body, role=self._role)] if self.body else []

    def replace(self, changes: Mapping[Path, str]) -> bytes:
        if any(path != () for path in changes):
            raise NotRewritable(Code.REWRITE_NO_PLACE)
        return self._decoded.encode(changes.get((), self._decoded.text))


class EncodedTextDocument(TextDocument):
    """A text file that stands in a body as base64. Its one path is the empty one, too."""

    def __init__(self, decoded: Decoded, file: EncodedFile, role: Role | None = None) -> None:
        super().__init__(decoded, role)
        self.body = file.text
        self._file = file

    def replace(self, changes: Mapping[Path, str]) -> bytes:
        return super().replace({path: self._file.encode(text) for path, text in changes.items()})
