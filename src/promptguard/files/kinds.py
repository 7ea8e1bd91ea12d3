"""The kinds of files: how their bytes tell them, and which reader takes out their text.

The bytes decide. The declared media type and the name only tell apart what the bytes leave open: kinds of plain text.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final, NamedTuple

from promptguard.files.interface import Source
from promptguard.files.polyglots import start_of_pdf


class Kind(NamedTuple):
    """One kind of file."""

    id: str
    """As reasons name it; notices have the words."""
    reader: str = ""
    """The module of `files/readers/` that reads it; empty where none does."""
    writer: str = ""
    """The module of `files/writers/` that writes it with other texts in it; empty where none does."""


PDF: Final = Kind("pdf", "pdf")
WORD: Final = Kind("word", "word", "office_open_xml")
SPREADSHEET: Final = Kind("spreadsheet", "spreadsheet", "office_open_xml")
PRESENTATION: Final = Kind("presentation", "presentation", "office_open_xml")
OFFICE: Final = Kind("office", "office_open_xml")
OPEN_DOCUMENT: Final = Kind("open_document", "open_document")
EPUB: Final = Kind("epub", "epub")
COMPOUND: Final = Kind("compound", "compound")
RTF: Final = Kind("rtf", "rtf")
EMAIL: Final = Kind("email", "email")
HTML: Final = Kind("html", "html")
XML: Final = Kind("xml", "xml")
JSON: Final = Kind("json", "json", "text")
TEXT: Final = Kind("text", "text", "text")
IMAGE: Final = Kind("image", "image")
ZIP: Final = Kind("zip", "archive")
TAR: Final = Kind("tar", "archive")
COMPRESSED: Final = Kind("compressed", "archive")
METAFILE: Final = Kind("metafile", "metafile")
SEVEN_ZIP: Final = Kind("seven_zip", "seven_zip")
TNEF: Final = Kind("tnef", "tnef")

POSTSCRIPT: Final = Kind("postscript")
SOUND: Final = Kind("sound")
FILM: Final = Kind("film")
RAR: Final = Kind("rar")
DATABASE: Final = Kind("database")
UNKNOWN: Final = Kind("unknown")

DOCUMENTS: Final = (PDF, WORD, SPREADSHEET, PRESENTATION, OFFICE, OPEN_DOCUMENT, EPUB, COMPOUND, RTF, HTML)
"""What has a text of its own beside the objects and pictures in it."""

CONTAINERS: Final = (COMPOUND, TAR, TNEF)
"""What holds other files as they are, and whose readers look at what stands after the end."""

_SIGNATURES: Final = (
    (b"%PDF-", PDF),
    (b"{\\rtf", RTF),
    (b"%!PS", POSTSCRIPT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", COMPOUND),
    (b"\x89PNG\r\n\x1a\n", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"GIF87a", IMAGE),
    (b"GIF89a", IMAGE),
    (b"II*\0", IMAGE),
    (b"MM\0*", IMAGE),
    (b"\x01\0\0\0", METAFILE),
    (b"\xd7\xcd\xc6\x9a", METAFILE),
    (b"\x01\0\x09\0\0", METAFILE),
    (b"ID3", SOUND),
    (b"OggS", SOUND),
    (b"fLaC", SOUND),
    (b"\x1f\x8b", COMPRESSED),
    (b"BZh", COMPRESSED),
    (b"\xfd7zXZ\0", COMPRESSED),
    (b"\x28\xb5\x2f\xfd", COMPRESSED),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"Rar!\x1a\x07", RAR),
    (b"\x78\x9f\x3e\x22", TNEF),
    (b"SQLite format 3\0", DATABASE),
    (b"\x1a\x45\xdf\xa3", FILM),  # Matroska, WebM
)
"""First bytes, as the formats' specifications give them."""

_PARTS: Final = (
    (b"wordprocessingml", WORD),
    (b"application/vnd.ms-word", WORD),
    (b"spreadsheetml", SPREADSHEET),
    (b"application/vnd.ms-excel.", SPREADSHEET),
    (b"presentationml", PRESENTATION),
    (b"application/vnd.ms-powerpoint", PRESENTATION),
)
"""What the content type of a package's main part tells (ECMA-376, part 1, 11.3.10, 12.3.23, 13.3.6; [MS-OFFMACRO2])."""

_MAIN_PART: Final = re.compile(rb'ContentType\s*=\s*["\']([^"\']*\.main\+xml|[^"\']*binary\.macroEnabled\.main)["\']')

_HEADER: Final = re.compile(rb"(?:From [^\n]*\n)?[A-Za-z][A-Za-z0-9-]{0,60}:[ \t]?[^\n]*\r?\n")
_END_OF_HEADERS: Final = re.compile(rb"\r?\n\r?\n")
_MIME: Final = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_OF_MAILS: Final = re.compile(
    rb"^(?:message-id|received|content-transfer-encoding|return-path|x-mailer|date):[ \t]", re.IGNORECASE | re.MULTILINE
)
_HTML: Final = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body|table|div|p|meta|style|script|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML: Final = re.compile(rb"\s*<(?:\?xml\b|!DOCTYPE\s+(?!html)|[A-Za-z_][\w.-]*(?::[\w.-]+)?[\s/>])", re.IGNORECASE)
_JSON: Final = re.compile(rb"\s*[{\[]")

_HEAD: Final = 8_192
"""Bytes that are looked at to tell kinds of text."""

_PICTURES: Final = frozenset(b"avif avis heic heix heim heis hevc hevx mif1 msf1".split())
"""Brands of still pictures among the films (ISO/IEC 23008-12, AV1 Image File Format)."""

_NETPBM: Final = re.compile(rb"P[1-6]\s(?:\s|#[^\n]*\n)*\d+\s(?:\s|#[^\n]*\n)*\d+\s")
"""Portable bitmaps, graymaps and pixmaps (netpbm.sourceforge.net/doc/ppm)."""

_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def identify(source: Source) -> Kind:
    """The kind of a file."""
    data = source.data
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data.startswith(b"RIFF"):
        return {b"WEBP": IMAGE, b"WAVE": SOUND, b"AVI ": FILM}.get(data[8:12], UNKNOWN)
    if data[4:8] == b"ftyp":  # ISO base media: HEIC and AVIF images among films
        return IMAGE if data[8:12] in _PICTURES else FILM
    if _NETPBM.match(data):
        return IMAGE
    if data.startswith(b"BM") and len(data) >= 26 and data[6:10] == b"\0\0\0\0":
        return IMAGE
    if data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):  # MPEG audio frames
        return SOUND
    if data[257:262] == b"ustar":
        return TAR
    if start_of_pdf(data) >= 0:
        return PDF
    if b"\0" in data[:_HEAD] and not data.startswith(_MARKS[1:]) and not _is_wide(data):
        family = source.media_type.partition("/")[0]
        return {"audio": SOUND, "video": FILM, "image": IMAGE}.get(family, UNKNOWN)
    return _text_kind(source)


def is_mail(data: bytes) -> bool:
    """Whether a text is an e-mail in the form of RFC 5322, whose parts may be encoded."""
    if not _HEADER.match(data):
        return False
    headers = _END_OF_HEADERS.split(data[:_HEAD], maxsplit=1)[0]
    return bool(_MIME.search(headers)) or len(_OF_MAILS.findall(headers)) >= 2


def _is_wide(data: bytes) -> bool:
    """UTF-16 or UTF-32 without a mark: every second byte, or more, of the first characters is zero."""
    head = data[:64]
    return head[::2].count(0) * 2 >= len(head) - 2 or head[1::2].count(0) * 2 >= len(head) - 2


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                return _package_kind(_start(archive, "[Content_Types].xml"))
            if "mimetype" in names:
                mime_type = _start(archive, "mimetype").strip()
                if mime_type.startswith(b"application/vnd.oasis.opendocument"):
                    return OPEN_DOCUMENT
                if mime_type == b"application/epub+zip":
                    return EPUB
    except Exception:  # damaged in one of many ways: its reader will say so
        return ZIP
    return ZIP


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(1024 * 1024)


def _package_kind(content_types: bytes) -> Kind:
    for main in _MAIN_PART.findall(content_types):
        for words, kind in _PARTS:
            if words in main:
                return kind
    return OFFICE


def _text_kind(source: Source) -> Kind:
    head = source.data[:_HEAD]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    head = head.replace(b"\0", b"")
    name = source.name.lower()
    media_type = source.media_type
    if media_type == "message/rfc822" or name.endswith((".eml", ".mht", ".mhtml")) or is_mail(head):
        return EMAIL
    if media_type in ("text/html", "application/xhtml+xml") or name.endswith((".html", ".htm", ".xhtml")):
        return HTML if b"<" in head else TEXT
    if _HTML.match(head):
        return HTML
    if _XML.match(head) and (
        head.lstrip().startswith(b"<?xml")
        or b"<svg" in head
        or media_type.endswith("xml")
        or name.endswith((".svg", ".xml"))
    ):
        return XML
    if _JSON.match(head) and (media_type.endswith("json") or name.endswith((".json", ".ipynb"))):
        return JSON
    return TEXT
