"""Bodies that are one text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from promptguard.errors import NotRewritable
from promptguard.model import Path, Role
from promptguard.reasons import Code
from promptguard.wire.documents.charsets import Decoded
from promptguard.wire.documents.interface import Change, Document, Leaf, text_of
from promptguard.wire.documents.media import EncodedFile

OTHER: Final[Path] = ("decoded",)
"""The path of the other reading."""


class TextDocument(Document):
    """Plain text, or whatever else is readable as it stands. Its path is the empty one.

    Where another reader would read another text in it, that is listed too, under `OTHER`; nothing can be written there.
    """

    content_type = "text/plain"

    def __init__(self, decoded: Decoded, role: Role | None = None, other: str = "") -> None:
        """`other` is what else the text may be read as; empty for nothing."""
        self.body = decoded.text
        self._decoded = decoded
        self._role = role
        self._other = other

    def leaves(self) -> Sequence[Leaf]:
        texts = {(): self.body, OTHER: self._other}
        return [Leaf(path, text, role=self._role) for path, text in texts.items() if text]

    def replace(self, changes: Mapping[Path, Change]) -> bytes:
        if any(path != () for path in changes):
            raise NotRewritable(Code.REWRITE_NO_PLACE)
        return self._decoded.encode(text_of(changes.get((), self._decoded.text)))


class EncodedTextDocument(TextDocument):
    """A text file that stands in a body as base64. Its one path is the empty one, too."""

    def __init__(self, decoded: Decoded, file: EncodedFile, role: Role | None = None) -> None:
        super().__init__(decoded, role)
        self.body = file.text
        self._file = file

    def replace(self, changes: Mapping[Path, Change]) -> bytes:
        return super().replace({path: self._file.encode(text_of(text)) for path, text in changes.items()})
