from __future__ import annotations

from typing import Any

import pytest

from promptguard.model import Nested
from promptguard.wire.framings import load_framings
from promptguard.wire.framings.envelope import envelope
from promptguard.wire.messages import messages_of, nested_data, nested_text, read_message


@pytest.mark.parametrize(
    ("framing", "source", "expected"),
    [
        ("sse", b'data: {"a":1}\n\n', ({"a": 1}, "j")),
        ("sse", b"data: hello\n\n", ("hello", "t")),
        ("sse", b"data: 7\n\n", ("7", "t")),
        ("sse", b"data: [EMAIL_ADDRESS_\n\n", ("[EMAIL_ADDRESS_", "t")),
        ("sse", b'data: "hello"\n\n', ("hello", "j")),
        ("ndjson", b"7\n", (7, "j")),
        ("websocket_message", b"hello", ("hello", "t")),
        ("connect", envelope(b"\x0a\x02hi\x10\x01\x1a\x04\x12\x02ho"), ({"1": "hi", "3": {"2": "ho"}}, "p")),
        ("connect", envelope(b'{"a":1}'), ({"a": 1}, "j")),
        ("connect", envelope(b"\x0a\x09hi"), None),
        ("sse", b"data: {broken\n\n", None),
        ("sse", b"data: \xff\n\n", None),
        ("ndjson", b"hello\n", None),
    ],
)
def test_reads_messages(framing: str, source: bytes, expected: tuple[Any, str] | None) -> None:
    (frame,) = load_framings()[framing].frames(source)
    if expected is None:
        with pytest.raises(ValueError, match=r"no JSON|decode|neither JSON"):
            read_message(frame)
    else:
        message = read_message(frame)
        assert (message.value, message.kind) == expected
        if message.kind != "j":
            assert message.write(message.value) == frame.payload


def test_what_cannot_be_read_is_text() -> None:
    assert list(messages_of(load_framings()["ndjson"].frames(b'{"a":1}\n\nhello\xff\n'))) == [{"a": 1}, "hello\ufffd"]


@pytest.mark.parametrize(("text", "base64", "data"), [("ü", False, "ü".encode()), ("w7w=", True, "ü".encode())])
def test_bodies_within_strings(text: str, base64: bool, data: bytes) -> None:
    nested = Nested((), "sse", "k", base64=base64)
    assert nested_data(text, nested) == data
    assert nested_text(data, nested) == text


def test_a_string_that_is_no_base64() -> None:
    assert nested_data("!", Nested((), "sse", "k", base64=True)) is None
