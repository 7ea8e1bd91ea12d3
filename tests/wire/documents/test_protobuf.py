from __future__ import annotations

import base64
import gzip

import pytest

from promptguard.errors import NotRewritable, Unreadable
from promptguard.wire.documents import open_body
from promptguard.wire.documents.protobuf import MAX_DEPTH, NotProtobuf, ProtobufDocument, fields
from promptguard.wire.framings.envelope import envelope


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def message(*values: int | str | bytes) -> bytes:
    """A message with these values in its fields 1, 2, 3 …"""
    out = b""
    for field, value in enumerate(values, 1):
        if isinstance(value, int):
            out += varint(field << 3) + varint(value)
        else:
            data = value.encode() if isinstance(value, str) else value
            out += varint(field << 3 | 2) + varint(len(data)) + data
    return out


def texts(source: bytes) -> list[str]:
    return [leaf.text for leaf in ProtobufDocument(source).leaves()]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (message("hello", 5, "Größe"), ["hello", "Größe"]),
        (message(message(message("deep")), "top"), ["deep", "top"]),
        (message(4539148803436467, 12345), ["4539148803436467"]),
        (message("", b""), []),
        (b"", []),
        (message(b"\xff\xfe\x00\x01"), [base64.b64encode(b"\xff\xfe\x00\x01").decode()]),
        (message("two\nlines\tof it"), ["two\nlines\tof it"]),
        (b"\x09" + bytes(8) + b"\x15" + bytes(4) + message("behind fixed numbers"), ["behind fixed numbers"]),
        (message("x" * 300), ["x" * 300]),
        (
            message(b"\xffhidden words\x00\x01more of them\x02few"),
            [base64.b64encode(b"\xffhidden words\x00\x01more of them\x02few").decode(), "hidden words\nmore of them"],
        ),
        (b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", []),
    ],
)
def test_reads_every_field(source: bytes, expected: list[str]) -> None:
    assert texts(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        b"\x0a\x05abc",  # longer than there is
        b"\x0a",
        b"\x00\x01",  # field 0
        b"\x0b\x0c",  # groups
        b"\x0e\x01",
        b"\x80" * 11,
        b"\x08\x80",
        message("hello") + b"\xff",
    ],
)
def test_what_is_not_well_formed(source: bytes) -> None:
    with pytest.raises(NotProtobuf):
        list(fields(source))
    with pytest.raises(Unreadable, match=r"body\.binary"):
        ProtobufDocument(source)


def test_messages_within_each_other_are_bounded() -> None:
    source = message("core\x01")
    for _ in range(10 * MAX_DEPTH):
        source = message(source)
    assert len(ProtobufDocument(source).leaves()) == 1


def test_is_never_rewritten() -> None:
    source = message("hello")
    document = ProtobufDocument(source)
    assert document.replace({}) == source
    with pytest.raises(NotRewritable):
        document.replace({document.leaves()[0].path: "x"})


PLAIN = message(message("hello"), 7)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (PLAIN, "application/proto", ""),
        (PLAIN, "application/x-protobuf; messageType=a.B", ""),
        (envelope(PLAIN), "application/grpc", ""),
        (envelope(PLAIN) + envelope(PLAIN), "application/grpc-web+proto", ""),
        (envelope(gzip.compress(PLAIN), 1), "application/connect+proto", "gzip"),
        (base64.b64encode(envelope(PLAIN)), "application/grpc-web-text", ""),
        (base64.b64encode(envelope(PLAIN)) + base64.b64encode(envelope(b"")), "application/grpc-web-text+proto", ""),
    ],
)
def test_in_its_framings(body: bytes, content_type: str, encoding: str) -> None:
    assert "hello" in [leaf.text for leaf in open_body(body, content_type, message_encoding=encoding).leaves()]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (envelope(gzip.compress(PLAIN)), "application/grpc"),  # compressed, and does not say so
        (envelope(PLAIN, 1), "application/grpc"),  # says so, and is not
        (envelope(PLAIN)[:-1], "application/connect+proto"),
        (envelope(PLAIN) + b"\x00", "application/grpc"),
        (b"no envelope!", "application/grpc-web-text"),
    ],
)
def test_what_cannot_be_read(body: bytes, content_type: str) -> None:
    with pytest.raises(Unreadable):
        open_body(body, content_type)
