"""E-mails (RFC 5322, MIME) and pages saved in their form (MHTML): headers, every part, attachments, forwarded mails."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from email import message_from_bytes
from email.message import Message
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source, words
from promptguard.files.readers import html, text
from promptguard.files.signed import signed_content
from promptguard.reasons import Code

_SIGNATURES: Final = words(
    """dkim-signature arc-seal arc-message-signature arc-authentication-results x-google-dkim-signature
    x-gm-message-state autocrypt content-type content-transfer-encoding mime-version"""
)
"""Headers that hold signatures, or only hold a mail together. Parameters of the others are read from them."""

_STRUCTURE: Final = ("content-type", "content-disposition")

_SIGNATURE_TYPES: Final = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_SEALED_TYPES: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})
"""What is encrypted, or signed in such a way that it does not stand as it is."""

_FOLD: Final = re.compile(r"\r?\n[ \t]+")

_ENCODED_WORD: Final = re.compile(
    r"=\?(?P<charset>[^?\s*]{1,40})(?:\*[\w-]{0,20})?\?(?P<encoding>[QqBb])\?(?P<encoded>[^?]*)\?="
)
"""Of RFC 2047; with a language, RFC 2231. Some programs leave spaces in them."""
_MAX_STRUCTURE: Final = 50_000
"""Characters of a header that says how a part is to be read: the library reads it in quadratic time."""

_NEXT_OF_MAILBOX: Final = re.compile(rb"\r?\n\r?\n(?=From [^\r\n]+ \d{4}\r?\n)")
"""How an mbox file separates mails (RFC 4155)."""


def read(source: Source, out: Extraction) -> None:
    """Read a mail, or a mailbox file of several."""
    mails = _NEXT_OF_MAILBOX.split(source.data) if source.data.startswith(b"From ") else [source.data]
    for number, data in enumerate(mails, 1):
        with out.labelled(f"mail {number}" if len(mails) > 1 else ""):
            for part in message_from_bytes(data).walk():
                _read_part(part, out)


def _read_part(part: Message, out: Extraction) -> None:
    out.member()
    if max(len(str(part.get(header, ""))) for header in _STRUCTURE) > _MAX_STRUCTURE:
        raise CannotRead(Code.FILE_DAMAGED)
    name = _decoded(part.get_filename() or "")
    out.add("\n".join(filter(None, (_headers(part), name))), "headers")
    media_type = part.get_content_type()
    if media_type in _SEALED_TYPES:
        _read_sealed(part, out)
        return
    if part.is_multipart():  # `walk` comes to its parts
        out.add("\n".join(filter(None, (part.preamble, part.epilogue))), "around the parts")
        return
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload or media_type in _SIGNATURE_TYPES:
        return
    content = Source(payload, name, media_type, part.get_content_charset() or "")
    if media_type == "text/html" and not name:
        html.read(content, out)
    elif media_type.startswith("text/") and not name:
        text.read(content, out)
    elif media_type.startswith("image/") and ("content-id" in part or "content-location" in part):
        out.picture(payload, name or "picture")
    else:
        out.within(content, name)


def _read_sealed(part: Message, out: Extraction) -> None:
    """Read what is only signed.

    Raises:
        CannotRead: it is encrypted.
    """
    payload = part.get_payload(decode=True)
    try:
        content = signed_content(payload) if isinstance(payload, bytes) else None
    except (IndexError, RecursionError):
        content = None
    if content is None:
        raise CannotRead(Code.FILE_ENCRYPTED)
    out.within(Source(content, media_type="message/rfc822"), "signed")


def _headers(part: Message) -> str:
    return "\n".join(
        f"{name}: {_decoded(str(value))}" for name, value in part.raw_items() if name.lower() not in _SIGNATURES
    )


def _decoded(value: str) -> str:
    """A header's value in one line: in UTF-8 or an older encoding (RFC 6532), without encoded words (RFC 2047)."""
    value = _FOLD.sub(" ", text.decode(value.encode("utf-8", "surrogateescape")))
    return _decoded_words(value) if "=?" in value else value


def _decoded_words(value: str) -> str:
    """A text without encoded words: those of one character set in a row are one text (some cut characters in two)."""
    pieces: list[str | tuple[str, bytearray]] = []
    position = 0
    for word in _ENCODED_WORD.finditer(value):
        between = value[position : word.start()]
        position = word.end()
        last = pieces[-1] if pieces else ""
        charset, content = word["charset"].lower(), _content(word["encoding"], word["encoded"])
        if not isinstance(last, str) and (not between or between.isspace()):
            if last[0] == charset:
                last[1].extend(content)
                continue
        else:
            pieces.append(between)
        pieces.append((charset, bytearray(content)))
    pieces.append(value[position:])
    return "".join(each if isinstance(each, str) else text.decode(bytes(each[1]), each[0]) for each in pieces)


def _content(encoding: str, encoded: str) -> bytes:
    if encoding in "Qq":
        return quopri.decodestring(encoded.encode(), header=True)
    try:
        return base64.b64decode(encoded + "==")
    except binascii.Error:
        return encoded.encode()
