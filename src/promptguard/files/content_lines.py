"""Calendars and address cards: content lines, which are folded and may be encoded (RFC 5545, RFC 6350, vCard 2.1)."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source

_BEGIN: Final = re.compile(r"\s*BEGIN:(?:VCALENDAR|VCARD|VEVENT|VTODO|VNOTE)\s*\r?\n", re.IGNORECASE)
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_QUOTED_PRINTABLE: Final = re.compile(
    r"^(?=[^:\r\n]*?;(?:ENCODING=)?QUOTED-PRINTABLE)(?P<head>[^:\r\n]*+:)(?P<value>(?:[^\r\n]*=\r?\n)*[^\r\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_CHARSET: Final = re.compile(r";CHARSET=([\w-]{1,40})", re.IGNORECASE)
_BINARY: Final = re.compile(
    r"^(?=[^:\r\n]*?;ENCODING=(?:B|BASE64)\b)(?P<name>[\w.-]++)[^:\r\n]*+:(?P<value>[A-Za-z0-9+/=\s]+)$",
    re.IGNORECASE | re.MULTILINE,
)
_PICTURES: Final = frozenset({"PHOTO", "LOGO", "IMAGE"})
_ESCAPE: Final = re.compile(r"\\([\\;,nN])")


def is_content_lines(text: str) -> bool:
    """Whether a text is a calendar or an address card."""
    return _BEGIN.match(text) is not None


def read(text: str, out: Extraction) -> None:
    """Add the lines as they are meant, and read the files in them."""
    text = _FOLD.sub("", _QUOTED_PRINTABLE.sub(_decoded, text))
    for found in _BINARY.finditer(text):
        try:
            content = base64.b64decode(found["value"])
        except (binascii.Error, ValueError):
            continue
        if found["name"].rpartition(".")[2].upper() in _PICTURES:
            out.picture(content, "picture")
        else:
            out.within(Source(content), "attachment")
    out.add(_ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], _BINARY.sub(r"\g<name>:", text)))


def _decoded(found: re.Match[str]) -> str:
    charset = _CHARSET.search(found["head"])
    content = quopri.decodestring(found["value"].encode("utf-8", "surrogateescape"))
    try:
        value = content.decode(charset[1] if charset else "utf-8", "replace")
    except LookupError:
        value = content.decode("latin-1")
    return found["head"] + value.replace("\r\n", "\n").replace("\n", " ")
