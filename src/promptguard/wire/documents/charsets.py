"""From bytes to text: which character encoding a body is in.

The bytes decide, and a declared charset only helps where they do not: a server that ignores the declaration must not
read another text than we did.
"""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from promptguard.errors import NotRewritable, Unreadable
from promptguard.reasons import Code

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

DECLARABLE: Final = frozenset(
    {"ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
    | {
        "iso8859-1",
        "iso8859-15",
        "cp1250",
        "cp1251",
        "cp1252",
        "gb18030",
        "gbk",
        "shift_jis",
        "euc_jp",
        "euc_kr",
        "big5",
    }
)
"""Python's names of the charsets that are taken at their word. None of them hides ASCII text as other ASCII text
(as UTF-7 and ISO-2022 do), so that reading valid UTF-8 as UTF-8 in spite of them loses nothing."""


class Decoded(NamedTuple):
    """A body as text."""

    text: str
    charset: str
    """Python's name of the codec to write it back with."""
    mark: bytes = b""
    """The byte order mark before it."""

    def encode(self, text: str) -> bytes:
        """Another text in the same encoding, behind the same mark.

        Raises:
            NotRewritable: the encoding cannot hold it.
        """
        try:
            return self.mark + text.encode(self.charset)
        except UnicodeEncodeError:
            raise NotRewritable(Code.REWRITE_CHARSET) from None


_OVER_LONG: Final = re.compile(rb"[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f][\x80-\xbf]|\xf0[\x80-\x8f][\x80-\xbf]{2}")
"""Characters in more bytes than they need, which readers must not take (RFC 3629, 3), and some take all the same."""


def shortest(data: bytes) -> bytes:
    """UTF-8 without over-long forms: what a reader makes of them that takes them."""
    return _OVER_LONG.sub(_short, data)


def _short(found: re.Match[bytes]) -> bytes:
    lead, *rest = found[0]
    code = lead & (0x7F >> (len(rest) + 1))
    for byte in rest:
        code = code << 6 | byte & 0x3F
    return chr(code).encode("utf-8", "surrogatepass")


def percent_decoded(text: str) -> str:
    """Percent-decoded, over-long forms too; bytes that are not UTF-8 are read as Latin-1, so that all ASCII text in
    them is still seen."""
    data = unquote_to_bytes(text)
    try:
        return data.decode()
    except UnicodeDecodeError:
        data = shortest(data)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def decode(data: bytes, declared: str = "") -> Decoded:
    """The text in `data`; `declared` is the `charset` parameter of its content type.

    Raises:
        Unreadable: it is not text, or in an encoding that is not known.
    """
    charset = python_name(declared)
    for mark, marked in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], marked, mark)
    wide = _width_by_zeros(data[:4])
    if wide:
        return _decode(data, wide)
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError:
        if charset in ("", "utf-8", "ascii"):
            raise Unreadable(Code.CHARSET_NOT_UTF8) from None
    return _decode(data, charset)


def _decode(data: bytes, charset: str, mark: bytes = b"") -> Decoded:
    if charset in ("utf-16", "utf-32"):  # without a mark, RFC 2781 says, they are big-endian
        charset += "-be"
    try:
        return Decoded(data.decode(charset), charset, mark)
    except UnicodeDecodeError:
        raise Unreadable(Code.CHARSET_BROKEN) from None


def python_name(declared: str) -> str:
    """Python's name of a declared charset; empty for none.

    Raises:
        Unreadable: it is not one that is taken at its word.
    """
    if not declared:
        return ""
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        name = ""
    if name not in DECLARABLE:
        raise Unreadable(Code.CHARSET_UNKNOWN)
    return name


def _width_by_zeros(start: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, seen by the zeros of its first two ASCII characters (RFC 4627, section 3)."""
    zeros = tuple(byte == 0 for byte in start)
    if zeros == (True, True, True, False):
        return "utf-32-be"
    if zeros == (False, True, True, True):
        return "utf-32-le"
    if zeros == (True, False, True, False):
        return "utf-16-be"
    if zeros == (False, True, False, True):
        return "utf-16-le"
    return ""
