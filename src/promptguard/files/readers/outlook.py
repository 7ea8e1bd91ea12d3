"""Outlook mails ([MS-OXMSG]): every text property, the body in whatever form it has, attachments, forwarded mails."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.readers import html, rtf
from promptguard.files.readers.text import decode
from promptguard.reasons import Code

if TYPE_CHECKING:
    from promptguard.files.compound_streams import CompoundStreams

_PROPERTY: Final = re.compile(
    r"(?P<folder>.*/)?__substg1\.0_(?P<tag>[0-9A-F]{4})(?P<type>[01]01[EF]|0102)(?:-[0-9A-F]{8})?"
)
_BODY, _HTML, _RTF = "1000", "1013", "1009"
_DATA: Final = "__substg1.0_37010102"
_OBJECT: Final = "__substg1.0_3701000D/"
_NAMES: Final = ("3707", "3704", "3001")
_CONTENT_ID, _MEDIA_TYPE = "3712", "370E"
AUTOMATIC: Final = frozenset({"001A", "0070", "0E1D", "3A40", "3703", "3002", "0C1E", "0064", "0075", "0077", "003F"})
"""Properties that repeat the subject, or say what kind of item or address it is."""

_CODE_PAGE: Final = re.compile(rb"\x03\0(\xfd\x3f|\xde\x3f).{4}(.{4}).{4}", re.DOTALL)
"""The number of a code page among the properties of fixed length ([MS-OXMSG] 2.4.2.1)."""
_CODE_PAGES: Final = (b"\xfd\x3f", b"\xde\x3f")
"""PidTagMessageCodepage, then PidTagInternetCodepage."""
_ENCODINGS: Final = {
    20127: "ascii", 28591: "iso8859-1", 28592: "iso8859-2", 28595: "iso8859-5", 20866: "koi8-r", 50220: "iso-2022-jp",
    50221: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr", 52936: "hz", 65000: "utf-7", 65001: "utf-8", 936: "gb18030",
}  # fmt: skip
"""Encodings by the numbers of code pages that Python does not call so."""

_LZFU: Final = 0x75465A4C
_PREFIX: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What the dictionary starts with ([MS-OXRTFCP] 2.1.2.1)."""


def read(streams: CompoundStreams, out: Extraction, folder: str = "") -> None:
    """Read the mail whose streams stand under `folder`."""
    own = [path for path in streams if path.startswith(folder)]
    texts = _texts(streams, own, folder)
    charset = _charset(streams, folder)
    out.add("\n".join(text for tag, text in texts.items() if tag not in AUTOMATIC and tag != _BODY), "headers")
    out.add(texts.get(_BODY, ""))
    if page := streams.read(f"{folder}__substg1.0_{_HTML}0102"):
        html.read(Source(page, charset=charset), out)
    elif _BODY not in texts and (packed := streams.read(f"{folder}__substg1.0_{_RTF}0102")):
        rtf.read(Source(decompress(packed)), out)
    parts = sorted({path[len(folder) :].partition("/")[0] for path in own if "/" in path[len(folder) :]})
    for part in parts:
        if part.startswith("__recip_version1.0_"):
            out.add("\n".join(_texts(streams, own, f"{folder}{part}/").values()), "recipients")
        elif part.startswith("__attach_version1.0_"):
            _read_attachment(streams, own, f"{folder}{part}/", out)


def _read_attachment(streams: CompoundStreams, own: list[str], folder: str, out: Extraction) -> None:
    texts = _texts(streams, own, folder)
    name = next((texts[tag] for tag in _NAMES if tag in texts), "")
    out.add("\n".join(texts.values()), "attachments")
    data = streams.read(folder + _DATA)
    if data and texts.get(_MEDIA_TYPE, "").startswith("image/") and _CONTENT_ID in texts:
        out.picture(data, name)
    elif data:
        out.within(Source(data, name), name)
    elif f"{folder}{_OBJECT}__properties_version1.0" in streams:
        out.member()
        with out.labelled(name):
            read(streams, out, folder + _OBJECT)
    elif any(path.startswith(folder + _OBJECT) for path in own):
        raise CannotRead(Code.FILE_EMBEDDED_OBJECT)


def _texts(streams: CompoundStreams, own: list[str], folder: str) -> dict[str, str]:
    """The text properties that stand directly under a folder, by their tags; those of several values a line each."""
    texts: dict[str, str] = {}
    charset = _charset(streams, folder)
    for path in own:
        found = _PROPERTY.fullmatch(path)
        if found and (found["folder"] or "") == folder and found["type"] != "0102":
            content = streams.read(path)
            wide = found["type"].endswith("F")
            text = content.decode("utf-16-le", "replace") if wide else decode(content.rstrip(b"\0"), charset)
            tag = found["tag"]
            texts[tag] = "\n".join(filter(None, (texts.get(tag, ""), text.rstrip("\0"))))
    return {tag: text for tag, text in texts.items() if text}


def _charset(streams: CompoundStreams, folder: str) -> str:
    """The encoding of texts that are not Unicode, as the nearest mail around says; empty where none does."""
    while True:
        properties = streams.read(f"{folder}__properties_version1.0")
        found = dict(_CODE_PAGE.findall(properties))
        page = next((found[tag] for tag in _CODE_PAGES if tag in found), b"")
        if page:
            return encoding_of(int.from_bytes(page, "little"))
        if not folder:
            return ""
        folder = folder.rstrip("/").rpartition("/")[0]
        folder += "/" if folder else ""


def encoding_of(number: int) -> str:
    """What Python calls the encoding of a code page."""
    return _ENCODINGS.get(number, f"cp{number}")


def decompress(packed: bytes) -> bytes:
    """RTF out of its compressed form ([MS-OXRTFCP])."""
    size, raw_size, kind = struct.unpack_from("<III", packed)
    content = packed[16 : size + 4]
    if kind != _LZFU:
        return content[:raw_size]
    window = bytearray(4_096)
    window[: len(_PREFIX)] = _PREFIX
    write = len(_PREFIX)
    out = bytearray()
    position = 0
    while position < len(content):
        flags = content[position]
        position += 1
        for bit in range(8):
            if position >= len(content):
                break
            if flags >> bit & 1:
                token = int.from_bytes(content[position : position + 2], "big")
                position += 2
                read_at, length = token >> 4, (token & 15) + 2
                if read_at == write:
                    return bytes(out)
                copied = range(read_at, read_at + length)
            else:
                window[write], read_at = content[position], write
                position += 1
                copied = range(write, write + 1)
            for at in copied:
                byte = window[at % 4_096]
                out.append(byte)
                window[write] = byte
                write = (write + 1) % 4_096
    return bytes(out)
