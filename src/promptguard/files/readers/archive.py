"""Archives and compressed files: zip, tar, gzip, bzip2, xz, Zstandard. Every member is read, or none counts as read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import posixpath
import re
import tarfile
from typing import IO, Final

import zstandard

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.limits import MAX_UNPACKED
from promptguard.files.packages import Package
from promptguard.reasons import Code

_PIECE: Final = 1024 * 1024
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
    out.add("\n".join(filter(None, names)), "file names")


def _unpack(data: bytes, out: Extraction) -> bytes:
    pieces = []
    size = 0
    with _stream(data) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            out.unpacked(len(piece), size, len(data))
            pieces.append(piece)
    if not size:
        raise CannotRead(Code.FILE_DAMAGED)
    return b"".join(pieces)


def _stream(data: bytes) -> IO[bytes] | gzip.GzipFile:
    """What is compressed in `data`, for reading piece by piece."""
    packed = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=packed)
    if data.startswith(b"BZh"):
        return bz2.BZ2File(packed)
    if data.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(packed)
    return zstandard.ZstdDecompressor(max_window_size=MAX_UNPACKED).stream_reader(packed, read_across_frames=True)
