"""What carries text in a request body, one file a carrier, and which carrier a body is opened with."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from promptguard.errors import Unreadable
from promptguard.model import Role
from promptguard.reasons import Code
from promptguard.wire.documents import charsets, media
from promptguard.wire.documents.charsets import Decoded
from promptguard.wire.documents.file import FileDocument
from promptguard.wire.documents.form import FormDocument, as_form, looks_like_form
from promptguard.wire.documents.framed import FramedDocument
from promptguard.wire.documents.interface import NAME, Document, Leaf
from promptguard.wire.documents.json import JsonDocument
from promptguard.wire.documents.json_source import NotJson
from promptguard.wire.documents.multipart import MultipartDocument, OpenPart, parameters
from promptguard.wire.documents.protobuf import ProtobufDocument
from promptguard.wire.documents.query import QueryDocument
from promptguard.wire.documents.text import EncodedTextDocument, TextDocument
from promptguard.wire.framings import Framing, load_framings
from promptguard.wire.framings.protobuf_document import PROTOBUF_TYPES
from promptguard.wire.framings.signalr import RECORD_END
from promptguard.wire.framings.socket_io import PACKET

__all__ = ["NAME", "Document", "Leaf", "QueryDocument", "open_body"]

BINARY_TYPES: Final = frozenset(
    {"application/cbor", "application/bson", "application/vnd.amazon.eventstream", "application/x-msgpack"}
    | {"application/msgpack"}
)
"""Binary forms whose messages may happen to be valid UTF-8."""

BINARY_FAMILIES: Final = ("application/grpc", "application/connect+proto")

GRPC_WEB_TEXT: Final = "application/grpc-web-text"
"""gRPC-Web in base64, and what follows it: its messages may be padded one by one (PROTOCOL-WEB.md)."""

GATEWAY: Final = "data_gateway"
"""A framing of WebSocket messages whose frames are binary, where the wire format says so."""

ENVELOPED: Final = frozenset({"connect", "grpc"})
"""Framings of requests whose messages may be JSON, in a binary frame."""

JSON_TYPES: Final = ("/json", "+json", "/x-ndjson", "/ndjson", "/jsonl", "/x-jsonl", "/x-jsonlines", "/json-seq")
"""Ends of media types that promise JSON."""


_JSON_START = re.compile(rb"[ \t\r\n\x1e]*[{\[\"]")
_PADDED = re.compile(rb"[^=]+={0,2}|=+")


class _ContentType(NamedTuple):
    media_type: str
    """Lower case; empty where none is declared."""
    parameters: Mapping[str, str]

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "")


class _Known(NamedTuple):
    """What the wire format and the headers say beyond the content type."""

    embedded: frozenset[str]
    framing_id: str
    message_encoding: str


def open_body(
    body: bytes,
    content_type: str,
    embedded: frozenset[str] = frozenset(),
    framing_id: str = "",
    message_encoding: str = "",
) -> Document:
    """Parse a body that has no content encoding left.

    What looks like JSON is read as JSON, whatever it is declared as: servers do the same.

    Args:
        content_type: the value of the header; empty if there is none.
        embedded: names of members whose strings are JSON source.
        framing_id: the framing that the wire format names; empty for none.
        message_encoding: how single messages are compressed: `grpc-encoding` or `connect-content-encoding`.

    Raises:
        Unreadable: the text of the body cannot be read in full.
    """
    if not body:
        return TextDocument(Decoded("", "utf-8"))
    declared = _parse_content_type(content_type)
    charsets.python_name(declared.charset)
    known = _Known(embedded, framing_id, message_encoding)
    if declared.media_type.startswith("multipart/") and not _JSON_START.match(body):
        return MultipartDocument(body, declared.parameters.get("boundary", ""), _part_opener(known))
    return _open_text(body, declared, known, is_file=False)


def _part_opener(known: _Known) -> OpenPart:
    def open_part(content: bytes, content_type: str, is_file: bool) -> Document:
        declared = _parse_content_type(content_type)
        charsets.python_name(declared.charset)
        if declared.media_type.startswith("multipart/"):
            raise Unreadable(Code.MULTIPART_NESTED)
        return _open_text(content, declared, known, is_file=is_file)

    return open_part


def _open_text(body: bytes, declared: _ContentType, known: _Known, *, is_file: bool) -> Document:
    media_type = declared.media_type
    if media_type.startswith(GRPC_WEB_TEXT) and not is_file:
        grpc, source = load_framings()["grpc"], _from_grpc_web_text(body)
        return FramedDocument(grpc, source, known.embedded, known.message_encoding, base64_source=body)
    enveloped = None if _JSON_START.match(body) else _envelope_framing(media_type, known.framing_id)
    if enveloped is None and known.framing_id == GATEWAY and load_framings()[GATEWAY].fits_message(body):
        enveloped = load_framings()[GATEWAY]
    if enveloped is not None and not is_file:
        return FramedDocument(enveloped, body, known.embedded, known.message_encoding)
    if media_type in PROTOBUF_TYPES and not is_file:
        with suppress(NotJson):
            return JsonDocument(body, known.embedded)
        return ProtobufDocument(body)
    if media_type in BINARY_TYPES or media_type.startswith(BINARY_FAMILIES):
        raise Unreadable(Code.BODY_BINARY)
    if _JSON_START.match(body):
        with suppress(NotJson):
            return JsonDocument(body, known.embedded)
    decoded = _decode(body, declared, is_file=is_file)
    if decoded is None:
        return FileDocument(body, media_type)
    source = decoded.text.encode("utf-8")
    if _JSON_START.match(source) and source != body:
        with suppress(NotJson):
            return JsonDocument(source, known.embedded, decoded)
    framing = _text_framing(source) if decoded.charset == "utf-8" else None
    if framing is not None:
        with suppress(NotJson):
            return FramedDocument(framing, source, known.embedded, mark=decoded.mark)
    if _JSON_START.match(source) and media_type.endswith(JSON_TYPES):
        raise NotJson
    is_form = not is_file and looks_like_form(decoded.text)
    if is_form and media_type == FormDocument.content_type:
        return FormDocument(decoded.text, known.embedded)
    role = Role.FILE if is_file else None
    encoded = media.find_encoded_body(decoded.text)
    if isinstance(encoded, media.BinaryFile):
        return FileDocument(encoded.data, media_type, lambda data: decoded.encode(encoded.encode(data)))
    if encoded:
        return EncodedTextDocument(decoded, encoded, role)
    return TextDocument(decoded, role, as_form(decoded.text) if is_form else "")


def _from_grpc_web_text(body: bytes) -> bytes:
    """The envelopes, each of which may have padding of its own.

    Raises:
        Unreadable: it is no base64.
    """
    try:
        return b"".join(base64.b64decode(piece, validate=True) for piece in _PADDED.findall(b"".join(body.split())))
    except ValueError:
        raise Unreadable(Code.BODY_BINARY) from None


def _envelope_framing(media_type: str, framing_id: str) -> Framing | None:
    """The framing of a body whose messages stand in binary envelopes, as declared or as the wire format says."""
    framings = [load_framings()[id] for id in sorted(ENVELOPED)]
    declared = next((framing for framing in framings if media_type in framing.media_types), None)
    if declared is None and framing_id in ENVELOPED and media_type in ("", "application/octet-stream"):
        return load_framings()[framing_id]
    return declared


def _text_framing(source: bytes) -> Framing | None:
    """The framing of several JSON messages that a text may be in; its lines, records or packets have to bear it out."""
    if not _JSON_START.match(source) and not PACKET.match(source):
        return None
    if RECORD_END in source:
        return load_framings()["signalr"]
    return load_framings()["ndjson" if _JSON_START.match(source) else "socket_io"]


def _decode(body: bytes, declared: _ContentType, *, is_file: bool) -> Decoded | None:
    """The text of a body; None where it is a file that is not text, whatever it is declared as."""
    media_type = declared.media_type
    promises_text = media_type.startswith("text/") or media_type.endswith(JSON_TYPES)
    if is_file or media.has_signature(body) or not (promises_text or media_type in ("", FormDocument.content_type)):
        return media.text_of_file(body, declared.charset)
    decoded = charsets.decode(body, declared.charset)
    if "\0" in decoded.text:
        raise Unreadable(Code.BODY_NOT_TEXT)
    return decoded


def _parse_content_type(value: str) -> _ContentType:
    media_type, semicolon, rest = value.partition(";")
    return _ContentType(media_type.strip().lower(), parameters(";" + rest) if semicolon else {})
