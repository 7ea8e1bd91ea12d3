"""Files inside of bodies: telling text from other files, and files in base64 from text.

A file that is text is read here and may be rewritten; every other file is handed on for its text to be taken out.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from promptguard.errors import NotRewritable, Unreadable
from promptguard.reasons import Code
from promptguard.wire.documents import charsets
from promptguard.wire.uploads import NAME_NAMES

SIGNATURES: Final = (
    b"%PDF",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # OLE: binary office documents, Outlook mails
    b"{\\rtf",
    b"%!PS",
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",  # JPEG
    b"GIF8",
    b"RIFF",  # WebP, WAV, AVI
    b"II*\0",  # TIFF
    b"MM\0*",
    b"ID3",  # MP3
    b"OggS",
    b"fLaC",
    b"\x1f\x8b",  # gzip
    b"BZh",
    b"7z\xbc\xaf\x27\x1c",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",  # Zstandard
    b"Rar!\x1a\x07",
    b"SQLite format 3\0",
)
"""First bytes of file formats, as their specifications give them."""

TEXTUAL_SIGNATURES: Final = (b"%PDF-", b"{\\rtf", b"%!PS")
"""First bytes of formats that may consist of printable characters only, and still hide what they say from a reader."""

FILE_NAMES: Final = frozenset(
    {"audio", "b64_json", "base64", "base64Data", "contentBase64", "contentBytes", "content_base64", "FileBase64"}
    | {"fileBase64", "fileContent", "file_content", "fileData", "file_data", "image_base64"}
)
"""Members that hold a file as base64 and nothing else (OpenAI, Microsoft Copilot, Microsoft Graph)."""

TYPED_NAMES: Final = frozenset({"blob", "bytes", "data"})
"""Members that hold a file as base64 where the object says a media type (Anthropic, Gemini, MCP)."""

MEDIA_NAMES: Final = FILE_NAMES | TYPED_NAMES | frozenset({"content", "file", "files", "image", "image_url", "images"})
"""Members in which a file may stand as base64: taken for one if it has a known format's first bytes (Ollama, Grok)."""

TYPE_NAMES: Final = ("media_type", "mimeType", "mime_type", "mediaType", "fileMimeType", "contentType", "content_type")
"""Siblings that give the media type of a file."""

_DATA_URL = re.compile(r"data:(?P<type>[^,;]{0,100})(?P<parameters>(?:;[^,;]{0,100}){0,4});base64,", re.IGNORECASE)
_MAIL = re.compile(
    rb"(?:[A-Za-z0-9-]{1,60}:[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,200}){0,200}?mime-version:", re.IGNORECASE
)
"""An e-mail, whose parts may be in base64 (RFC 2045, section 4: each that is of MIME has this header)."""
_WHITE_SPACE = re.compile(r"\s+")
_BASE64_START = re.compile(r"[A-Za-z0-9+/_-]{60}")
"""Shorter base64 without a declared type is taken for text. Lines of wrapped base64 are 64 or 76 characters long."""
MIN_UNDECLARED: Final = 16
"""Characters of base64 from which a string is taken for a text file where its member's name is all that says so:
ordinary words that decode to text are shorter."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")


class Base64Style(NamedTuple):
    """How base64 is written."""

    url_safe: bool
    padded: bool
    width: int
    """Characters of a line; 0 for one line."""
    separator: str
    """What ends a line."""
    end: str
    """White space behind the last one."""

    def encode(self, data: bytes) -> str:
        """Other data in the same style."""
        encoded = (base64.urlsafe_b64encode(data) if self.url_safe else base64.b64encode(data)).decode()
        if not self.padded:
            encoded = encoded.rstrip("=")
        if self.width:
            lines = range(0, len(encoded), self.width)
            encoded = self.separator.join(encoded[start : start + self.width] for start in lines)
        return encoded + self.end


class EncodedFile(NamedTuple):
    """A text file that stands as base64 in a string."""

    decoded: charsets.Decoded
    prefix: str
    """What stands before the base64: the head of a `data:` URL, or nothing."""
    style: Base64Style

    @property
    def text(self) -> str:
        """What the file says."""
        return self.decoded.text

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.decoded.encode(self.decoded.text))

    def size_of(self, change: str | bytes) -> int:
        """Bytes of the file with another text in it."""
        return len(change if isinstance(change, bytes) else self.decoded.encode(change))

    def encode(self, text: str) -> str:
        """The string again, with another text in the file.

        Raises:
            NotRewritable: the file's character encoding cannot hold it.
        """
        return self.prefix + self.style.encode(self.decoded.encode(text))


class BinaryFile(NamedTuple):
    """Any other file that stands as base64 in a string."""

    data: bytes
    media_type: str
    name: str
    prefix: str
    """What stands before the base64: the head of a `data:` URL, or nothing."""
    style: Base64Style

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.data)

    @staticmethod
    def size_of(change: str | bytes) -> int:
        """Bytes of another file."""
        return len(change)

    def encode(self, data: str | bytes) -> str:
        """The string again, with another file in it.

        Raises:
            NotRewritable: it is to be a text.
        """
        if isinstance(data, str):
            raise NotRewritable(Code.REWRITE_IN_FILE)
        return self.prefix + self.style.encode(data)


def find_encoded_file(name: str, value: str, siblings: Mapping[str, Any] | None) -> EncodedFile | BinaryFile | None:
    """The file in a string member, None if the string is just text.

    `siblings` is the object the member stands in; None for elements of arrays.

    Raises:
        Unreadable: it is said to be a file in base64, and is no base64.
    """
    head = _DATA_URL.match(value)
    if head:
        prefix, encoded, declared = value[: head.end()], value[head.end() :], head["type"] or "text/plain"
    elif name in MEDIA_NAMES:
        prefix, encoded, declared = "", value, _declared_type(siblings) if name in TYPED_NAMES else ""
        if not declared and not _BASE64_START.match(value):
            return _undeclared_text(value) if _is_about_file(name, siblings) else None
    else:
        return None
    data = _decode_base64(encoded)
    if data is None:
        if head:
            raise Unreadable(Code.FILE_BAD_BASE64)
        return None
    if not (head or declared or name in FILE_NAMES or has_signature(data)):
        return _undeclared_text(value) if _is_about_file(name, siblings) else None
    text = text_of_file(data)
    if text is not None:
        return EncodedFile(text, prefix, _style(encoded))
    is_certain = head or has_signature(data) or _MAIL.match(data) or (siblings or {}).get("type") == "base64"
    if declared and _is_textual(declared) and not is_certain:
        return None  # text that only happens to be made of base64's letters
    return BinaryFile(data, declared.partition(";")[0].strip().lower(), file_name(siblings), prefix, _style(encoded))


def find_encoded_body(text: str) -> EncodedFile | BinaryFile | None:
    """The file that a text is base64 of, all of it; None for any other text."""
    if not _BASE64_START.match(text):
        return None
    data = _decode_base64(text)
    if data is not None and has_signature(data):
        return BinaryFile(data, "", "", "", _style(text))
    return _undeclared_text(text)


def _undeclared_text(value: str) -> EncodedFile | None:
    """The text file that a string is base64 of; None where that may be by accident."""
    data = _decode_base64(value) if len(value) >= MIN_UNDECLARED else None
    text = text_of_file(data) if data else None
    if text is None or _UNPRINTABLE.search(text.text):
        return None
    return EncodedFile(text, "", _style(value))


def _style(encoded: str) -> Base64Style:
    body = encoded.rstrip()
    lines = body.split()
    wrapped = _WHITE_SPACE.search(body)
    return Base64Style(
        url_safe="-" in body or "_" in body,
        padded=sum(map(len, lines)) % 4 == 0,
        width=len(lines[0]) if wrapped else 0,
        separator=wrapped[0] if wrapped else "",
        end=encoded[len(body) :],
    )


def data_url_parameters(value: str) -> str:
    """What the head of a `data:` URL says besides the type: the name of the file, at some clients."""
    head = _DATA_URL.match(value)
    return head["parameters"].strip("; ") if head else ""


def text_of_file(data: bytes, charset: str = "") -> charsets.Decoded | None:
    """The text of a file that is plain text in Unicode or in the declared charset; None for any other.

    Raises:
        Unreadable: the charset is not known.
    """
    charsets.python_name(charset)
    if data.startswith(TEXTUAL_SIGNATURES) or _MAIL.match(data):
        return None
    try:
        decoded = charsets.decode(data, charset)
    except Unreadable:
        return None
    return None if "\0" in decoded.text else decoded


def has_signature(data: bytes) -> bool:
    """Whether the first bytes are those of a known file format that is not plain text."""
    return data.startswith(SIGNATURES)


def _is_about_file(name: str, siblings: Mapping[str, Any] | None) -> bool:
    """Whether a member holds a file by its own name, or by what stands beside it."""
    return name in FILE_NAMES or bool(_declared_type(siblings) or file_name(siblings))


def file_name(siblings: Any) -> str:
    """The name of a file that stands in an object with these members."""
    names = (siblings.get(name) for name in NAME_NAMES) if isinstance(siblings, dict) else ()
    return next((name for name in names if isinstance(name, str) and name), "")


def _declared_type(siblings: Mapping[str, Any] | None) -> str:
    if siblings is None or siblings.get("type") == "text":  # Anthropic's document source of plain text
        return ""
    for name in TYPE_NAMES:
        declared = siblings.get(name)
        if isinstance(declared, str) and "/" in declared:
            return declared
    return ""


def _is_textual(media_type: str) -> bool:
    kind = media_type.lower()
    return kind.startswith("text/") or kind.endswith(("json", "xml", "yaml", "csv"))


def _decode_base64(encoded: str) -> bytes | None:
    """Both alphabets, with or without padding and white space, as the services read them."""
    if not encoded.isascii():
        return None
    compact = encoded if _BASE64.fullmatch(encoded) else _WHITE_SPACE.sub("", encoded)
    if not _BASE64.fullmatch(compact):
        return None
    compact = compact.rstrip("=").translate(_STANDARD_ALPHABET)
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


_STANDARD_ALPHABET: Final = str.maketrans("-_", "+/")
