from __future__ import annotations

import base64
import struct
from random import Random

import pytest

from promptguard.detectors.opaque import opaque_texts
from promptguard.model import Segment
from promptguard.wire.documents.packed import packed_numbers, text_of
from promptguard.wire.documents.protobuf import ProtobufDocument
from promptguard.wire.protobuf import varint

DRAW = Random(7)


def packed(*values: int) -> bytes:
    return b"".join(map(varint, values))


NUMBERS = {
    "a vector": struct.pack("<64f", *(DRAW.uniform(-1, 1) for _ in range(64))),
    "a vector of eight bytes each": struct.pack("<16d", *(DRAW.gauss(0, 3) for _ in range(16))),
    "scores, most of them none": struct.pack("<40f", *[0.0] * 30, *(DRAW.random() for _ in range(10))),
    "places in a file": packed(*(number for line in range(0, 4000, 60) for number in (line, 17, 300))),
    "tokens": packed(*(DRAW.randrange(200_000) for _ in range(60))),
    "counts": packed(*(DRAW.randrange(9) for _ in range(120))),
    "times": packed(*(1_764_000_000 + DRAW.randrange(86_400) for _ in range(20))),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_no_bytes_that_nobody_can_read(name: str) -> None:
    field = b"\x0a" + varint(len(NUMBERS[name])) + NUMBERS[name]
    assert packed_numbers(NUMBERS[name]) is not None
    leaves = ProtobufDocument(b"\x12\x02hi" + field).leaves()
    assert opaque_texts([Segment(leaf.path, leaf.text, label=leaf.label) for leaf in leaves]) == []


@pytest.mark.parametrize("size", [128, 192, 256, 1023, 4096])
def test_other_bytes_are_no_numbers(size: int) -> None:
    assert not any(packed_numbers(DRAW.randbytes(size)) for _ in range(200))


@pytest.mark.parametrize("data", [b"\x80" * 80, b"\x81\x00" * 40, b"\xff" * 66, packed(*[7] * 70) + b"\x80"])
def test_what_no_encoder_writes(data: bytes) -> None:
    assert packed_numbers(data) is None


@pytest.mark.parametrize("form", ["f", "d"])
def test_characters_as_numbers_are_read(form: str) -> None:
    text = "call me back about the contract of last week, please, and bring all of it"
    values = packed_numbers(struct.pack(f"<{len(text)}{form}", *text.encode()))
    assert values is not None
    assert text_of(values) == text


def test_bytes_that_are_neither_are_listed_as_they_are() -> None:
    data = b"\xff\xfe" + DRAW.randbytes(200)
    leaves = ProtobufDocument(b"\x0a" + varint(len(data)) + data).leaves()
    assert base64.b64encode(data).decode() in [leaf.text for leaf in leaves]
    assert opaque_texts([Segment(leaf.path, leaf.text, label=leaf.label) for leaf in leaves])


@pytest.mark.parametrize("charset", ["ascii", "utf-16-le", "latin-1"])
def test_what_numbers_hide_is_read_as_of_any_bytes(charset: str) -> None:
    data = b"\xff\1\2" + "my words about it, and what else there is to say of that".encode(charset)
    leaves = ProtobufDocument(b"\x0a" + varint(len(data)) + data).leaves()
    assert base64.b64encode(data).decode() in [leaf.text for leaf in leaves]
