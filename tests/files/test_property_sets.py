from __future__ import annotations

import struct

import pytest

from promptguard.files.property_sets import texts_of

SUMMARY = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
CUSTOM = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")


def narrow(text: str) -> bytes:
    content = text.encode("cp1252") + b"\0"
    return struct.pack("<II", 0x1E, len(content)) + content.ljust(-(-len(content) // 4) * 4, b"\0")


def property_set(format_id: bytes, properties: dict[int, bytes]) -> bytes:
    places, values = b"", b""
    start = 8 + 8 * len(properties)
    for id, value in properties.items():
        places += struct.pack("<II", id, start + len(values))
        values += value
    section = struct.pack("<II", start + len(values), len(properties)) + places + values
    return b"\xfe\xff" + bytes(22) + struct.pack("<I", 1) + format_id + struct.pack("<I", 48) + section


CODE_PAGE = struct.pack("<IHH", 2, 1252, 0)
NAMES = struct.pack("<I", 1) + struct.pack("<II", 2, 7) + b"Client\0" + b"\0"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (
            property_set(SUMMARY, {1: CODE_PAGE, 2: narrow("A title"), 4: narrow("Jo"), 6: narrow("said")}),
            ["A title", "said"],
        ),
        (property_set(CUSTOM, {0: NAMES, 1: CODE_PAGE, 2: narrow("Contoso")}), ["Client: Contoso"]),
        (property_set(SUMMARY, {14: struct.pack("<II", 3, 7)}), []),
        (property_set(SUMMARY, {5: struct.pack("<II", 0x1F, 3) + "ab".encode("utf-16-le") + bytes(4)}), ["ab"]),
        (
            property_set(CUSTOM, {13: struct.pack("<II", 0x101E, 2) + narrow("one")[4:] + narrow("four")[4:]}),
            ["one", "four"],
        ),
    ],
)
def test_properties(data: bytes, found: list[str]) -> None:
    assert list(texts_of(data)) == found


def test_a_damaged_set_says_what_prints() -> None:
    data = property_set(SUMMARY, {2: narrow("A title")})
    assert "A title" in "".join(
        texts_of(data.replace(struct.pack("<II", 0x1E, 8), struct.pack("<II", 0x101E, 99999999)))
    )
