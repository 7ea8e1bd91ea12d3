"""Files that stand in base64 or in hexadecimal within texts: in a sentence, in code, in JSON within a string.

A file is known by its first bytes; those with a text of their own that only a reader of files can take out are looked
for. What is text when it is decoded is for the detectors, and pictures, sounds and fonts within a text are no prompt.
"""

from __future__ import annotations

import base64
import functools
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from promptguard.detectors.literal_matcher import LiteralMatcher

MAX_FILES: Final = 64
"""Files that are read of one text."""

MIN_TEXT: Final = 40
"""Characters of a text that can hold a file."""

_PLAIN_GZIP: Final = 4_096
"""Bytes of what is in gzip that tell whether it is a text, which detectors unpack themselves."""


class _Signature(NamedTuple):
    data: bytes
    """First bytes, as the format's specification gives them (see `files.kinds`)."""
    shortest: int
    """Bytes of the smallest file that says something. Shorter ones are but the signature, in programs about files."""


_SIGNATURES: Final = (
    _Signature(b"PK\x03\x04", 75),  # office documents, too
    _Signature(b"%PDF-", 75),
    _Signature(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 75),
    _Signature(b"{\\rtf", 40),
    _Signature(b"%!PS", 75),
    _Signature(b"\x1f\x8b\x08", 30),
    _Signature(b"BZh", 30),
    _Signature(b"\xfd7zXZ\0", 30),
    _Signature(b"\x28\xb5\x2f\xfd", 30),
    _Signature(b"7z\xbc\xaf\x27\x1c", 75),
    _Signature(b"Rar!\x1a\x07", 50),
    _Signature(b"SQLite format 3\0", 75),
)
SIGNATURES: Final = tuple(signature.data for signature in _SIGNATURES)

_BZIP_BLOCKS: Final = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
"""What follows `BZh` and a digit: the first block, or the end."""

_BEFORE: Final = ("0x", "0X", "\\n", "\\r", "\\t")
"""What is no part of a run though it ends in a letter."""

_BREAK: Final = r"(?:(?:\\?\r?\n|(?:\\+r)?\\+n)[ \t>]{0,16})"
"""A line end, or what stands for one in a string."""
_BASE64: Final = re.compile(rf"[A-Za-z0-9+/_-]+(?:{_BREAK}[A-Za-z0-9+/_-]+)*={{0,2}}")
_HEX: Final = re.compile(rf"[0-9A-Fa-f]{{2}}(?:(?:[ :,-]|{_BREAK})?[0-9A-Fa-f]{{2}})*")
MAX_LINE: Final = 128
"""Characters of the longest lines that encoders make; they make 60, 64, 72 and 76."""

_LINE_END: Final = re.compile(rf"{_BREAK}")
_BETWEEN_HEX: Final = re.compile(r"\\+[nr]|[^0-9A-Fa-f]+")


class _Sign(NamedTuple):
    """A signature as it is written in one encoding."""

    text: str
    signature: _Signature
    run: re.Pattern[str]
    decode: Callable[[str], bytes]


def embedded_files(text: str) -> Iterator[bytes]:
    """The files in a text, in no order; no more than `MAX_FILES` and one. Linear in the text."""
    if len(text) < MIN_TEXT:
        return
    count = 0
    for index, _ in _prefilter()(text.encode("ascii", "replace")):
        sign = _SIGNS[index]
        start = text.find(sign.text)
        while start >= 0 and count <= MAX_FILES:
            found = sign.run.match(text, start)
            assert found is not None  # the sign is of the run's own letters
            data = b"" if _goes_on(text, start) else sign.decode(found[0])
            if _is_file(data, sign.signature):
                count += 1
                yield data
            start = text.find(sign.text, found.end())


@functools.cache
def _prefilter() -> LiteralMatcher:
    """Says which signs a text holds."""
    return LiteralMatcher([re.escape(sign.text).encode() for sign in _SIGNS], once=True)


def _goes_on(text: str, start: int) -> bool:
    """Whether a run begins before `start`: then its signature is there by chance."""
    before = text[start - 1 : start]
    return (before.isascii() and before.isalnum()) and not text.endswith(_BEFORE, 0, start)


def _is_file(data: bytes, signature: _Signature) -> bool:
    if len(data) < signature.shortest or not data.startswith(signature.data):
        return False
    if signature.data == b"BZh":
        return data[4:10] in _BZIP_BLOCKS
    return not (signature.data.startswith(b"\x1f\x8b") and _is_text_in_gzip(data))


def _is_text_in_gzip(data: bytes) -> bool:
    try:
        return b"\0" not in zlib.decompressobj(wbits=31).decompress(data, _PLAIN_GZIP)
    except zlib.error:
        return False


def _lines(run: str) -> str:
    """The lines of a run that are of one encoding, joined: all but the last have one length. What follows is a word."""
    first, *others = _LINE_END.split(run)
    lines = [first]
    for line in others:
        if len(line) > len(first) or len(lines[-1]) < len(first) or len(first) > MAX_LINE:
            break
        lines.append(line)
    return "".join(lines)


def _from_base64(run: str) -> bytes:
    letters = _lines(run).rstrip("=").translate(_STANDARD_ALPHABET)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(letters + "=" * (-len(letters) % 4))


def _from_hex(run: str) -> bytes:
    digits = _BETWEEN_HEX.sub("", _lines(run))
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


_STANDARD_ALPHABET: Final = str.maketrans("-_", "+/")


def _written(head: bytes) -> Iterator[tuple[str, re.Pattern[str], Callable[[str], bytes]]]:
    """A signature in each encoding."""
    # Only whole groups of six bits are the same whatever follows.
    letters = base64.b64encode(head).decode().rstrip("=")[: len(head) * 8 // 6]
    for text in {letters, letters.translate(str.maketrans("+/", "-_"))}:
        yield text, _BASE64, _from_base64
    for separator in ("", " ", ":"):
        digits = head.hex(separator) if separator else head.hex()
        for text in {digits, digits.upper()}:
            yield text, _HEX, _from_hex


_SIGNS: Final = tuple(
    _Sign(text, signature, run, decode) for signature in _SIGNATURES for text, run, decode in _written(signature.data)
)
