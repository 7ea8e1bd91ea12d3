"""Bodies, and parts of bodies, that are one file whose text has to be taken out of it first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from promptguard.errors import NotRewritable
from promptguard.model import File, Path
from promptguard.reasons import Code
from promptguard.wire.documents.interface import Change, Document, Leaf


class FileDocument(Document):
    """A PDF, an image, an office document, an archive, text in an encoding that has to be guessed. It has no texts."""

    body = None

    def __init__(self, data: bytes, media_type: str, encode: Callable[[bytes], bytes] = bytes) -> None:
        """`encode` is how the file stands in the body."""
        self.content_type = media_type or "application/octet-stream"
        self._encode = encode
        self._file = File((), data, media_type=media_type)

    def leaves(self) -> Sequence[Leaf]:
        return ()

    def files(self) -> Sequence[File]:
        return (self._file,)

    def replace(self, changes: Mapping[Path, Change]) -> bytes:
        data = changes.get((), self._file.data)
        if not isinstance(data, bytes) or changes.keys() - {()}:
            raise NotRewritable(Code.REWRITE_IN_FILE)
        return self._encode(data)
