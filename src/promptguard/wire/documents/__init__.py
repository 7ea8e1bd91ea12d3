"""What carries text in a request body, one file a carrier, and which carrier a body is opened with."""

from __future__ import annotations

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
from promptguard.wire.documents.form import FormDocument
from promptguard.wire.documents.interface import NAME, Document, Leaf
from promptguard.wire.documents.json import JsonDocument
from promptguard.wire.documents.json_lines import JsonLinesDocument
from promptguard.wire.documents.json_source import NotJson
from promptguard.wire.documents.multipart import MultipartDocument, OpenPart, parameters
from promptguard.wire.documents.query import QueryDocument
from promptguard.wire.documents.text import TextDocument

__all__ = ["NAME", "Document", "Leaf", "QueryDocument", "open_body"]

BINARY_TYPES: Final = frozenset(
    {"application/cbor", "application/bson", "application/vnd.amazon.eventstream", "application/x-msgpack"}
    | {"application/msgpack", "application/x-protobuf", "application/protobuf", "application/proto"}
)
"""Binary forms whose messages may happen to be valid UTF-8."""

BINARY_FAMILIES: Final = ("application/grpc", "application/connect+proto", "application/vnd.google.protobuf")

JSON_TYPES: Final = ("/json", "+json", "/x-ndjson", "/ndjson", "/jsonl", "/x-jsonlines", "/json-seq")
"""Ends of media types that promise JSON."""


_JSON_START = re.compile(rb"[ \t\r\n\x1e]*[{\[\"]")


class _ContentType(NamedTuple):
    media_type: str
    """Lower case; empty where none is declared."""
    parameters: Mapping[str, str]

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "")


def open_body(body: bytes, content_type: str, embedded: frozenset[str] = frozenset()) -> Document:
    """Parse a body that has no content encoding left; `content_type` is the header's value.

    What looks like JSON is read as JSON, whatever it is declared as: servers do the same.

    Raises:
        Unreadable: the text of the body cannot be read in full.
    """
    if not body:
        return TextDocument(Decoded("", "utf-8"))
    declared = _parse_content_type(content_type)
    if declared.media_type.startswith("multipart/") and not _JSON_START.match(body):
        return MultipartDocument(body, declared.parameters.get("boundary", ""), _part_opener(embedded))
    return _open_text(body, declared, embedded, is_file=False)


def _part_opener(embedded: frozenset[str]) -> OpenPart:
    def open_part(content: bytes, content_type: str, is_file: bool) -> Document:
        declared = _parse_content_type(content_type)
        if declared.media_type.startswith("multipart/"):
            raise Unreadable(Code.MULTIPART_NESTED)
        return _open_text(content, declared, embedded, is_file=is_file)

    return open_part


def _open_text(body: bytes, declared: _ContentType, embedded: frozenset[str], *, is_file: bool) -> Document:
    media_type = declared.media_type
    if media_type in BINARY_TYPES or media_type.startswith(BINARY_FAMILIES):
        raise Unreadable(Code.BODY_BINARY)
    if _JSON_START.match(body):
        with suppress(NotJson):
            return JsonDocument(body, embedded)
    decoded = _decode(body, declared, is_file=is_file)
    if decoded is None:
        return FileDocument(body, media_type)
    source = decoded.text.encode("utf-8")
    if _JSON_START.match(source):
        if source != body:
            with suppress(NotJson):
                return JsonDocument(source, embedded, decoded.charset)
        if decoded.charset == "utf-8":
            with suppress(NotJson):
                return JsonLinesDocument(source, embedded)
        if media_type.endswith(JSON_TYPES):
            raise NotJson
    if media_type == FormDocument.content_type and not is_file:
        return FormDocument(decoded.text, embedded)
    return TextDocument(decoded, Role.FILE if is_file else None)


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
