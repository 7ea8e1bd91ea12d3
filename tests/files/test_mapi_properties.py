from __future__ import annotations

import struct

import pytest

from promptguard.files.interface import CannotRead
from promptguard.files.mapi_properties import Property, narrow, properties_of, rows_of
from samples import tnef


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (tnef.number(0x0017, 1), []),
        (tnef.numbers(0x6001, 1, 2, 3), []),
        (tnef.wide(0x1000, "odd"), [Property(0x1000, "", "odd")]),
        (tnef.narrow(0x1000, b"Gr\xfc\xdfe"), [Property(0x1000, "", "Grüße")]),
        (tnef.wide(0x8001, "x", name="Contact"), [Property(0x8001, "Contact", "x")]),
        (tnef.binary(0x3701, b"12345"), [Property(0x3701, "", b"12345")]),
        (tnef.item(0x3701, b"12345"), [Property(0x3701, "", b"12345")]),
    ],
)
def test_properties(content: bytes, found: list[Property]) -> None:
    following = Property(0x0037, "", "then")
    assert list(properties_of(tnef.row(content, tnef.wide(0x0037, "then")), "cp1252")) == [*found, following]


def test_several_values() -> None:
    two = struct.pack("<HHI", 0x101E, 0x6002, 2) + b"".join(
        struct.pack("<I4s", 4, text) for text in (b"one\0", b"two\0")
    )
    assert [each.value for each in properties_of(tnef.row(two), "cp1252")] == ["one", "two"]


def test_rows() -> None:
    table = struct.pack("<I", 2) + tnef.row(tnef.wide(0x3001, "Jo")) + tnef.row(tnef.wide(0x3001, "Bo"))
    assert [each.value for each in rows_of(table, "cp1252")] == ["Jo", "Bo"]


@pytest.mark.parametrize("content", [b"\xff\xff\xff\xff", b"", struct.pack("<IHHI", 1, 0x001F, 0x1000, 2**32 - 1)])
def test_damage(content: bytes) -> None:
    with pytest.raises(CannotRead, match=r"file\.damaged"):
        list(properties_of(content, "cp1252"))


def test_an_unknown_encoding_is_taken_for_the_western_one() -> None:
    assert narrow(b"Gr\xfc\xdfe\0", "cp99999") == "Grüße"
