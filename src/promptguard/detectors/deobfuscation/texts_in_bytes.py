"""The texts within bytes that are no text as a whole: protocol buffers, envelopes, MessagePack, pieces of programs.

Field numbers and lengths stand between such texts, and a byte that is no UTF-8 may stand in them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

import brotli
import zstandard

from promptguard.detectors.deobfuscation.compression import GZIP, decompress

MIN_RUN: Final = 6
"""Bytes of a text within others."""

MIN_TELLING: Final = 12
"""Bytes of a text that comes about by chance in few bytes of any kind."""

MAX_HEAD: Final = 16
"""Bytes before compressed data: flags and lengths of an envelope (gRPC, Connect), the tag of a field."""

RUNS_ON: Final = 0.45
"""How probable it is that a run goes on for a byte among random ones: 98 of 256 are ASCII, the rest begins UTF-8."""

_ZSTD: Final = b"\x28\xb5\x2f\xfd"
"""RFC 8878, 3.1.1."""

MEDIA: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"OggS", b"ID3", b"fLaC", b"wOFF", b"wOF2", b"\0asm")
"""First bytes of pictures, sounds, fonts and programs, which hold short texts by chance."""

_RUN: Final = re.compile(
    rb"(?:[\x20-\x7e\t\r\n]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}){6,}"
)
"""Printable ASCII and whole characters of UTF-8 (RFC 3629)."""

_WORDS: Final = re.compile(rb"[A-Za-z]{3}|\d{6}")
_EBCDIC: Final = re.compile(rb"[\x40-\xf9\x05\x0d\x15\x25]*")
"""Letters, digits and signs of code pages 37 and 500, with their line ends."""


def texts_in(data: bytes, limit: int) -> str | None:
    """The texts that stand in `data`, a line each; None where there are none.

    Args:
        limit: bytes that are made of compressed data at most.
    """
    if len(data) < MIN_RUN or data.startswith(MEDIA):
        return None
    return _runs(_inflated(data, limit)) or _wide(data) or _ebcdic(data) or _runs(data)


def holds_text(data: bytes, limit: int) -> bool:
    """Whether a text stands in `data` that random bytes would not have by chance; `texts_in` takes those, too.

    Args:
        limit: bytes that are made of compressed data at most.
    """
    if _runs(_inflated(data, limit, whole=True)) or _wide(data) or _ebcdic(data):
        return True
    lengths = [len(run) for run in _RUN.findall(data)]
    return sum(lengths) * 3 > len(data) or max(lengths, default=0) > _longest_by_chance(len(data))


def _longest_by_chance(size: int) -> float:
    """Bytes of the longest run that one in about 100,000 strings of random bytes has."""
    return math.log(size * 55_000, 1 / RUNS_ON)


def _inflated(data: bytes, limit: int, *, whole: bool = False) -> bytes:
    """What compressed data hold that stand at the beginning, or behind a few bytes.

    Args:
        whole: that what has no first bytes of its own has its end: brotli makes words of its dictionary of any bytes.
    """
    for magic in (GZIP, _ZSTD):
        start = data.find(magic, 0, MAX_HEAD + len(magic))
        if start >= 0 and (found := _decompressed(data[start:], magic, limit)):
            return found
    decompressor = brotli.Decompressor()
    limit = min(limit, len(data) * 64)
    try:
        inflated = decompressor.process(data, output_buffer_limit=limit) if limit else b""
    except brotli.error:
        return b""
    return inflated if not whole or decompressor.is_finished() or len(inflated) >= limit else b""


def _decompressed(data: bytes, magic: bytes, limit: int) -> bytes:
    if magic == GZIP:
        return decompress(data, limit)
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).stream_reader(data)
        return reader.read(limit)
    except zstandard.ZstdError:
        return b""


def _wide(data: bytes) -> str | None:
    """Text in UTF-32, or in UTF-16 that is mostly of Latin script."""
    for width, codec in ((4, "utf-32"), (2, "utf-16")):
        for order, zeros in (("le", range(1, width)), ("be", range(width - 1))):
            if len(data) >= 4 * width and all(
                data[at::width].count(0) * 10 >= 9 * len(data[at::width]) for at in zeros
            ):
                text = data[: len(data) // width * width].decode(f"{codec}-{order}", "replace")
                return text if _is_written(text) else None
    return None


def _is_written(text: str) -> bool:
    good = sum(character.isprintable() or character.isspace() for character in text[:400])
    return good * 10 >= 9 * min(len(text), 400)


def _ebcdic(data: bytes) -> str | None:
    """Text in EBCDIC: nothing but its letters, digits and signs, most of them letters, digits and spaces."""
    if len(data) < MIN_TELLING or not _EBCDIC.fullmatch(data):
        return None
    text = data.decode("cp037")
    common = sum(character == " " or (character.isascii() and character.isalnum()) for character in text[:400])
    return text if common * 10 >= 8 * min(len(text), 400) and " " in text else None


def _runs(data: bytes) -> str | None:
    runs = [run.group() for run in _RUN.finditer(data)]
    telling = any(len(run) >= MIN_TELLING and _WORDS.search(run) for run in runs)
    if not telling and sum(map(len, runs)) * 2 < len(data):
        return None
    text = "\n".join(run.decode("utf-8", "replace") for run in runs)
    return text if any(unicodedata.category(character)[0] in "LN" for character in text) else None
