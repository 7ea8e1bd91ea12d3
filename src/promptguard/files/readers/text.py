"""Plain text in any character encoding: also CSV, source code, Markdown, logs."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import Final, NamedTuple

from charset_normalizer import from_bytes

from promptguard.files import content_lines, uuencoded
from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.reasons import Code

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SHIFT: Final = re.compile(rb"\x1b(?:\$[@AB]|\$\([DOPQ]|\([BIJ]|\$\)C)")
"""Where ISO 2022 changes to another set of characters (RFC 1468, RFC 1557)."""
_SHIFTING: Final = re.compile(r"iso-?2022-?\w+(?:-\w+)?|hz(?:-gb-2312)?", re.IGNORECASE)
_SHIFTED: Final = ("iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr")
_UTF_7: Final = re.compile(r"(?:x-)?(?:unicode-1-1-)?utf-?7", re.IGNORECASE)

_GUESSED: Final = """
    cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 iso8859_2 iso8859_5 iso8859_15 koi8_r mac_roman cp850
    gb18030 big5 shift_jis euc_jp euc_kr
"""
"""Encodings before Unicode that are thought of. All of them keep ASCII as it is."""

_SAMPLE: Final = 32 * 1024
"""Bytes from which an encoding is guessed: more makes the guess slow and no better."""

_STRANGE: Final = 0.02
"""Share of characters that do not print from which bytes are no text in the encoding that is thought of."""


def read(source: Source, out: Extraction) -> None:
    """Read a text, and the files that are encoded in it."""
    content = decode(source.data, source.charset)
    if content_lines.is_content_lines(content):
        content_lines.read(content, out)
        return
    out.add(content)
    uuencoded.read(content, out)


class Recognised(NamedTuple):
    """A text, and how it is encoded."""

    mark: bytes
    """The byte order mark before it."""
    charset: str
    """Python's name of the codec; empty where another reader may take another one."""
    text: str


def decode(data: bytes, declared: str = "") -> str:
    """The text in `data`: by its mark, as UTF-8, as declared, or as whatever its letters look like.

    Raises:
        CannotRead: it is no text.
    """
    return recognise(data, declared).text


def recognise(data: bytes, declared: str = "") -> Recognised:
    """As `decode`, with the encoding.

    Raises:
        CannotRead: it is no text.
    """
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return Recognised(mark, charset, data[len(mark) :].decode(charset, "replace"))
    if (stateful := _stateful(data, declared)) is not None:
        return Recognised(b"", "", stateful)
    if b"\0" in data[:64]:
        for charset in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            if _prints(text := data.decode(charset, "replace")):
                return Recognised(b"", charset, text)
        raise CannotRead(Code.FILE_UNRECOGNISED)
    try:
        return Recognised(b"", "utf-8", data.decode())
    except UnicodeDecodeError:
        return _recognise_legacy(data, declared)


def _stateful(data: bytes, declared: str) -> str | None:
    """The text in an encoding that writes other letters with those of ASCII; None where it is in none of them.

    What is declared as UTF-7 is also given as it stands: not everybody decodes it.
    """
    if _UTF_7.fullmatch(declared):
        return data.decode("utf-7", "replace") + "\n" + data.decode("latin-1")
    if _SHIFT.search(data) is None and not _SHIFTING.fullmatch(declared):
        return None
    for charset in filter(None, (declared if _SHIFTING.fullmatch(declared) else "", *_SHIFTED)):
        with suppress(LookupError, ValueError):
            return data.decode(charset)
    return None


def _recognise_legacy(data: bytes, declared: str) -> Recognised:
    if declared:
        try:
            return Recognised(b"", declared, data.decode(declared))
        except (LookupError, ValueError):
            pass
    charset = guessed_charset(data)
    text = data.decode(charset, "replace")
    if not _prints(text):
        raise CannotRead(Code.FILE_UNRECOGNISED)
    return Recognised(b"", charset, text)


def guessed_charset(data: bytes) -> str:
    """The encoding before Unicode that bytes look like."""
    first = next((index for index, byte in enumerate(data) if byte > 127), 0)
    start = max(0, first - _SAMPLE // 4)
    best = from_bytes(data[start : start + _SAMPLE], cp_isolation=_GUESSED.split()).best()
    return best.encoding if best else "cp1252"


def _prints(text: str) -> bool:
    sample = text[:10_000]
    strange = sum(not character.isprintable() and not character.isspace() for character in sample)
    return strange + sample.count("�") <= len(sample) * _STRANGE
