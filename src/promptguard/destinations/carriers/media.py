"""Files inside of bodies: telling text from other files, and files in base64 from text.

Text is not taken out of PDF, office, image or archive files: a request that carries one is not read in full.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from promptguard.destinations.carriers import charsets
from promptguard.errors import Unreadable

SIGNATURES: Final = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"PK\x05\x06", "a zip archive or office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image, sound or film"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound"),
    (b"fLaC", "a sound"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\0", "a database"),
)
"""First bytes of file formats, as their specifications give them, with what people call them."""

TEXTUAL_SIGNATURES: Final = (b"%PDF", b"{\\rtf", b"%!PS")
"""First bytes of formats that may consist of printable characters only, and still hide what they say from a reader."""

FILE_NAMES: Final = frozenset({"audio", "b64_json", "base64", "FileBase64", "fileBase64", "file_data", "image_base64"})
"""Members that hold a file as base64 and nothing else (OpenAI, Microsoft Copilot)."""

TYPED_NAMES: Final = frozenset({"data", "bytes"})
"""Members that hold a file as base64 where the object says a media type (Anthropic, Gemini)."""

MEDIA_NAMES: Final = FILE_NAMES | TYPED_NAMES | frozenset({"content", "file", "files", "image", "image_url", "images"})
"""Members in which a file may stand as base64: taken for one if it has a known format's first bytes (Ollama, Grok)."""

TYPE_NAMES: Final = ("media_type", "mimeType", "mime_type", "mediaType")
"""Siblings that give the media type of a file."""

_DATA_URL = re.compile(r"data:(?P<type>[^,;]{0,100})(?:;[^,;]{0,100}){0,4};base64,", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"\s+")
_BASE64_START = re.compile(r"[A-Za-z0-9+/_-]{60}")
"""Shorter base64 without a declared type is taken for text. Lines of wrapped base64 are 64 or 76 characters long."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")


class EncodedFile(NamedTuple):
    """A text file that stands as base64 in a string."""

    text: str
    prefix: str
    """What stands before the base64: the head of a `data:` URL, or nothing."""
    charset: str
    url_safe: bool

    def encode(self, text: str) -> str:
        """The string again, with another text in the file."""
        data = text.encode(self.charset, "replace")
        encoded = base64.urlsafe_b64encode(data) if self.url_safe else base64.b64encode(data)
        return self.prefix + encoded.decode()


def find_encoded_file(name: str, value: str, siblings: Mapping[str, Any] | None) -> EncodedFile | None:
    """The text file in a string member, None if the string is just text.

    `siblings` is the object the member stands in; None for elements of arrays.

    Raises:
        Unreadable: it is a file whose text cannot be read.
    """
    head = _DATA_URL.match(value)
    if head:
        prefix, encoded, declared = value[: head.end()], value[head.end() :], head["type"] or "text/plain"
    elif name in MEDIA_NAMES:
        prefix, encoded, declared = "", value, _declared_type(siblings) if name in TYPED_NAMES else ""
        if not declared and not _BASE64_START.match(value):
            return None
    else:
        return None
    data = _decode_base64(encoded)
    if data is None:
        if head:
            raise unreadable_file(b"", declared)
        return None
    if not (head or declared or name in FILE_NAMES or has_signature(data)):
        return None
    try:
        file = read_text_file(data, declared)
    except Unreadable:
        if declared and not head and _is_textual(declared):
            return None  # text that only happens to be made of base64's letters
        raise
    return EncodedFile(file.text, prefix, file.charset, "-" in encoded or "_" in encoded)


def read_text_file(data: bytes, media_type: str = "", charset: str = "") -> charsets.Decoded:
    """The text of a file that is text.

    Raises:
        Unreadable: the file is not text.
    """
    if data.startswith(TEXTUAL_SIGNATURES):
        raise unreadable_file(data, media_type)
    try:
        decoded = charsets.decode(data, charset)
    except Unreadable:
        raise unreadable_file(data, media_type) from None
    if "\0" in decoded.text:
        raise unreadable_file(data, media_type)
    return decoded


def has_signature(data: bytes) -> bool:
    """Whether the first bytes are those of a known file format that is not plain text."""
    return any(data.startswith(signature) for signature, _ in SIGNATURES)


def unreadable_file(data: bytes, media_type: str) -> Unreadable:
    """The error for a file that cannot be read, naming its type in our own words and never its name."""
    called = next((called for signature, called in SIGNATURES if data.startswith(signature)), "")
    if not called:
        family = media_type.strip().lower().partition("/")[0]
        called = {"image": "an image", "audio": "a sound", "video": "a film"}.get(family, "a file of unknown type")
        if media_type.strip().lower().startswith("application/pdf"):
            called = "a PDF document"
    return Unreadable(f"The request contains a file ({called}) whose text PromptGuard cannot read yet.")


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
