"""E-mails (RFC 5322, MIME) and pages saved in their form (MHTML): headers, every part, attachments, forwarded mails."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
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

_SIGNATURE_TYPES: Final = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_SEALED_TYPES: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})
"""What is encrypted, or signed in such a way that it does not stand as it is."""

_FOLD: Final = re.compile(r"\r?\n[ \t]+")

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
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(piece if isinstance(piece, str) else text.decode(piece, charset or "") for piece, charset in pieces)
