"""7z archives (7-zip.org/sdk.html): every member, by py7zr, in memory and within bounds."""

from __future__ import annotations

import io
import posixpath

from py7zr import SevenZipFile
from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError
from py7zr.io import Py7zIO, WriterFactory

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.limits import MAX_UNPACKED
from promptguard.reasons import Code


def read(source: Source, out: Extraction) -> None:
    """Read an archive.

    Raises:
        CannotRead: it is encrypted, packed in a way that is not known, or too large.
    """
    try:
        with SevenZipFile(io.BytesIO(source.data)) as archive:
            if archive.needs_password():
                raise CannotRead(Code.FILE_ENCRYPTED)
            members = archive.list()
            if sum(member.uncompressed or 0 for member in members) > MAX_UNPACKED:
                raise CannotRead(Code.FILE_TOO_MUCH_UNPACKED)
            out.add("\n".join(member.filename for member in members), "file names")
            files = _Files(out, len(source.data))
            archive.extractall(factory=files)
    except PasswordRequired:
        raise CannotRead(Code.FILE_ENCRYPTED) from None
    except UnsupportedCompressionMethodError:
        raise CannotRead(Code.FILE_UNSUPPORTED) from None
    for name, file in files.files.items():
        out.within(Source(file.content, posixpath.basename(name)), name)


class _Files(WriterFactory):
    """Where py7zr puts members."""

    def __init__(self, out: Extraction, packed: int) -> None:
        self._out = out
        self._packed = packed
        self.files: dict[str, _File] = {}

    def create(self, filename: str) -> _File:
        file = self.files[filename] = _File(self._out, self._packed)
        return file


class _File(Py7zIO):
    """One member, in memory."""

    def __init__(self, out: Extraction, packed: int) -> None:
        self._out = out
        self._packed = packed
        self._buffer = io.BytesIO()

    @property
    def content(self) -> bytes:
        return self._buffer.getvalue()

    def write(self, data: bytes | bytearray) -> int:
        written = self._buffer.write(data)
        self._out.unpacked(written, self._buffer.tell(), self._packed)
        return written

    def read(self, size: int | None = None) -> bytes:
        return self._buffer.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._buffer.seek(offset, whence)

    def flush(self) -> None:
        """Nothing is kept back."""

    def size(self) -> int:
        return len(self.content)
