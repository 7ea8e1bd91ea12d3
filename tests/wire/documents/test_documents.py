"""Which carrier a body is opened with: `promptguard.wire.documents` itself."""

from __future__ import annotations

import pytest

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File
from promptguard.wire.documents import open_body

JSON = '{"prompt": "Grüße"}'


@pytest.mark.parametrize(
    ("body", "content_type", "read_as", "texts"),
    [
        (JSON.encode(), "application/json", "application/json", ["Grüße"]),
        (JSON.encode(), "", "application/json", ["Grüße"]),
        (JSON.encode(), "text/plain;charset=UTF-8", "application/json", ["Grüße"]),
        (JSON.encode(), "application/x-www-form-urlencoded", "application/json", ["Grüße"]),
        (JSON.encode(), "multipart/form-data; boundary=x", "application/json", ["Grüße"]),
        (JSON.encode(), "image/png", "application/json", ["Grüße"]),
        (b"\xef\xbb\xbf" + JSON.encode(), "application/json", "application/json", ["Grüße"]),
        (JSON.encode("utf-16"), "application/json", "application/json", ["Grüße"]),
        (JSON.encode("latin-1"), "application/json; charset=latin-1", "application/json", ["Grüße"]),
        (b'  ["a", "b"]', "", "application/json", ["a", "b"]),
        (b'"just a string"', "application/json", "application/json", ["just a string"]),
        (b'"quoted", she said', "text/plain", "text/plain", ['"quoted", she said']),
        (b"[note] this is prose", "text/plain", "text/plain", ["[note] this is prose"]),
        (b'{"prompt":"a"}\n{"prompt":"b"}\n', "application/x-ndjson", "application/x-ndjson", ["a", "b"]),
        (
            b"prompt=a+b&text=%41",
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded",
            ["a b", "A"],
        ),
        (b"a=b&c=%41", "", "text/plain", ["a=b&c=%41"]),
        (b"plain", "application/json", "text/plain", ["plain"]),
        (b"<svg>text</svg>", "image/svg+xml", "text/plain", ["<svg>text</svg>"]),
        (b"plain", "application/octet-stream", "text/plain", ["plain"]),
        (b"", "application/json", "text/plain", []),
        (b"", "multipart/form-data; boundary=x", "text/plain", []),
        (b"", "", "text/plain", []),
        (b"", "application/grpc", "text/plain", []),
        (b'{"truncated": "te', "text/plain", "text/plain", ['{"truncated": "te']),
    ],
)
def test_opens(body: bytes, content_type: str, read_as: str, texts: list[str]) -> None:
    document = open_body(body, content_type)
    assert document.content_type == read_as
    assert [leaf.text for leaf in document.leaves()] == texts


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b'{"truncated": "te', "application/json", "json.invalid"),
        (b'{"a": 1} trailing', "application/json", "json.invalid"),
        (b'{"a": "\xff"}', "application/json", "charset.not_utf8"),
        (b'{"a":1,"a":2}', "text/plain", "json.duplicate_member"),
        (b"[" * 10_000, "application/json", "json.too_deep"),
        (b"\0\0\0\0\x05hello", "application/grpc-web+proto", "body.binary"),
        (b"\n\x05hello", "application/x-protobuf", "body.binary"),
        (b"\xff\xfe\xfd", "text/plain", "charset.broken"),
        (b"text\0text", "text/plain", "body.not_text"),
        (b"+AGE-", "text/plain; charset=utf-7", "charset.unknown"),
        (b"x", "text/plain; charset=utf-8; charset=utf-7", "header.ambiguous"),
    ],
)
def test_unreadable(body: bytes, content_type: str, code: str) -> None:
    with pytest.raises(Unreadable, match=f"^{code}$"):
        open_body(body, content_type)


@pytest.mark.parametrize(
    ("body", "content_type", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg", "image/jpeg"),
        (b"\xff\xd8\xff\xe0", "", ""),
        (b"PK\x03\x04\x14\0", "text/plain; charset=utf-8", "text/plain"),
        (b"%PDF-1.7", "application/octet-stream", "application/octet-stream"),
        (b"%PDF-1.7", "text/plain", "text/plain"),
        (b"\0\1\2", "application/octet-stream", "application/octet-stream"),
    ],
)
def test_a_body_that_is_a_file(body: bytes, content_type: str, media_type: str) -> None:
    document = open_body(body, content_type)
    assert document.leaves() == ()
    assert document.files() == (File((), body, media_type=media_type),)
    assert document.replace({}) == body
    with pytest.raises(NotRewritable):
        document.replace({(): "x"})
