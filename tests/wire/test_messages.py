from __future__ import annotations

from typing import Any

import pytest

from promptguard.model import Nested
from promptguard.wire.framings import load_framings
from promptguard.wire.messages import messages_of, nested_data, nested_text, read_message


@pytest.mark.parametrize(
    ("framing", "source", "expected"),
    [
        ("sse", b'data: {"a":1}\n\n', ({"a": 1}, False)),
        ("sse", b"data: hello\n\n", ("hello", True)),
        ("sse", b"data: 7\n\n", ("7", True)),
        ("sse", b"data: [EMAIL_ADDRESS_\n\n", ("[EMAIL_ADDRESS_", True)),
        ("sse", b'data: "hello"\n\n', ("hello", False)),
        ("ndjson", b"7\n", (7, False)),
        ("websocket_message", b"hello", ("hello", True)),
        ("sse", b"data: {broken\n\n", None),
        ("sse", b"data: \xff\n\n", None),
        ("ndjson", b"hello\n", None),
    ],
)
def test_reads_messages(framing: str, source: bytes, expected: tuple[Any, bool] | None) -> None:
    (frame,) = load_framings()[framing].frames(source)
    if expected is None:
        with pytest.raises(ValueError, match=r"no JSON|decode"):
            read_message(frame)
    else:
        assert read_message(frame) == expected


def test_what_cannot_be_read_is_text() -> None:
    assert list(messages_of(load_framings()["ndjson"].frames(b'{"a":1}\n\nhello\xff\n'))) == [{"a": 1}, "hello\ufffd"]


@pytest.mark.parametrize(("text", "base64", "data"), [("ü", False, "ü".encode()), ("w7w=", True, "ü".encode())])
def test_bodies_within_strings(text: str, base64: bool, data: bytes) -> None:
    nested = Nested((), "sse", "k", base64=base64)
    assert nested_data(text, nested) == data
    assert nested_text(data, nested) == text


def test_a_string_that_is_no_base64() -> None:
    assert nested_data("!", Nested((), "sse", "k", base64=True)) is None
