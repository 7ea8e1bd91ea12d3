"""Archives and compressed files: zip, tar, gzip, bzip2, xz, Zstandard. Every member is read, or none counts as read."""

from __future__ import annotations

import bz2
import io
import lzma
import posixpath
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

import zstandard

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source, words
from promptguard.files.limits import MAX_UNPACKED
from promptguard.files.packages import Package
from promptguard.files.readers import text
from promptguard.files.trailing import read_rest
from promptguard.reasons import Code

_PIECE: Final = 1024 * 1024
_GZIP, _BZIP, _XZ, _ZSTANDARD = b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"
_MAGIC: Final = (_GZIP, _BZIP, _XZ, _ZSTANDARD)
_EXTRA, _NAME, _COMMENT = 0x04, 0x08, 0x10
_AUTOMATIC: Final = words(
    "path linkpath size mtime atime ctime uid gid uname gname hdrcharset SCHILY.dev SCHILY.ino SCHILY.nlink"
)
_COMPRESSED_NAME: Final = re.compile(r"(?i)\.(?:gz|bz2|xz|zst|tgz|tbz2?|txz)$")


def read(source: Source, out: Extraction) -> None:
    """Read an archive."""
    data = source.data
    if data.startswith(b"PK"):
        _read_zip(data, out)
    elif data[257:262] == b"ustar":
        _read_tar(data, out)
    else:
        content = _unpack(data, out)
        name = _COMPRESSED_NAME.sub("", source.name)
        if content[257:262] == b"ustar":  # a compressed tar archive is one level for people
            _read_tar(content, out)
        else:
            out.within(Source(content, name, source.media_type if "json" in source.media_type else ""))


def _read_zip(data: bytes, out: Extraction) -> None:
    package = Package(data, out)
    out.add("\n".join(package), "file names")
    for name in package:
        out.within(Source(package.read(name), posixpath.basename(name)), name)


def _read_tar(data: bytes, out: Extraction) -> None:
    names = []
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for member in archive:
            names.append(member.name)
            names += _notes(member.pax_headers)
            if not member.isreg():
                out.member()
                names.append(member.linkname)
                continue
            content = archive.extractfile(member)
            assert content  # it is a regular file
            unpacked = content.read()
            out.unpacked(len(unpacked))
            out.within(Source(unpacked, posixpath.basename(member.name)), member.name)
        if data[archive.offset :].strip(b"\0"):  # where a header is broken, `tarfile` takes it for the end
            raise CannotRead(Code.FILE_DAMAGED)
        names += _notes(archive.pax_headers)
    out.add("\n".join(dict.fromkeys(filter(None, names))), "file names")


def _notes(headers: Mapping[str, str]) -> list[str]:
    """What an archive says of itself or a member in extended headers (POSIX pax)."""
    return [f"{name}: {value}" for name, value in headers.items() if name not in _AUTOMATIC and isinstance(value, str)]


def _unpack(data: bytes, out: Extraction) -> bytes:
    """What is compressed in a file, which may be several streams one after the other.

    Raises:
        CannotRead: it is damaged, or too much, or of too many streams.
    """
    pieces: list[bytes] = []
    size = 0
    rest = data
    while rest.startswith(_MAGIC):
        if rest is not data:
            out.member()  # what follows a stream is copied: many of a few bytes would take quadratic time
        if rest.startswith(_GZIP):
            out.add("\n".join(_gzip_notes(rest)), "file names")
        before = len(rest)
        stream = _Stream(rest)
        for piece in stream:
            size += len(piece)
            out.unpacked(len(piece), size, len(data))
            pieces.append(piece)
        rest = stream.rest
        if len(rest) >= before:
            raise CannotRead(Code.FILE_DAMAGED)
    read_rest(rest, out)
    if not size:
        raise CannotRead(Code.FILE_DAMAGED)
    return b"".join(pieces)


class _Stream:
    """One compressed stream, unpacked piece by piece; then `rest` is what follows it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.rest = b""

    def __iter__(self) -> Iterator[bytes]:
        if self._data.startswith(_GZIP):
            return self._inflate(zlib.decompressobj(wbits=31))
        if self._data.startswith(_BZIP):
            return self._expand(bz2.BZ2Decompressor())
        if self._data.startswith(_XZ):
            return self._expand(lzma.LZMADecompressor())
        return self._zstandard()

    def _inflate(self, packed: zlib._Decompress) -> Iterator[bytes]:
        content = self._data
        while not packed.eof:
            piece = packed.decompress(content, _PIECE)
            content = packed.unconsumed_tail
            if not piece and not content and not packed.eof:
                raise CannotRead(Code.FILE_DAMAGED)
            yield piece
        self.rest = packed.unused_data

    def _expand(self, packed: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> Iterator[bytes]:
        content = self._data
        while not packed.eof:
            piece = packed.decompress(content, _PIECE)
            content = b""
            if not piece and packed.needs_input and not packed.eof:
                raise CannotRead(Code.FILE_DAMAGED)
            yield piece
        self.rest = packed.unused_data

    def _zstandard(self) -> Iterator[bytes]:
        packed = zstandard.ZstdDecompressor(max_window_size=MAX_UNPACKED)
        with packed.stream_reader(io.BytesIO(self._data), read_across_frames=True) as stream:
            while piece := stream.read(_PIECE):
                yield piece


def _gzip_notes(data: bytes) -> list[str]:
    """The name and the comment in the header of a gzip stream (RFC 1952, 2.3)."""
    flags = data[3]
    position = 10
    if flags & _EXTRA:
        position += 2 + int.from_bytes(data[10:12], "little")
    notes = []
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = data.find(b"\0", position)
            notes.append(text.decode(data[position:end]))
            position = end + 1
    return notes
