from __future__ import annotations

import struct
from typing import Any

import pytest

HEADER = struct.pack("<II", 1, 108) + bytes(100)


def drawn(text: str) -> bytes:
    """A record that draws a text."""
    content = text.encode("utf-16-le")
    content += bytes(-len(content) % 4)
    head = struct.pack("<II", 84, 76 + len(content)) + bytes(36) + struct.pack("<II", len(text), 76)
    return head + bytes(76 - len(head)) + content


def test_text_that_is_drawn(texts: Any) -> None:
    assert texts(HEADER + drawn("4111") + struct.pack("<II", 70, 8) + drawn("straße")) == [("", "4111\nstraße")]


@pytest.mark.parametrize(
    "rest", [b"", b"\1", struct.pack("<II", 84, 0), struct.pack("<II", 84, 1 << 31), drawn("x")[:60]]
)
def test_broken_records_end_it(texts: Any, rest: bytes) -> None:
    assert texts(HEADER + drawn("before") + rest) == [("", "before")]
