from __future__ import annotations

import pytest

from promptguard.files.readers.macros import decompress

# The worked examples of [MS-OVBA] 3.2: nothing to compress, and normal compression.
PLAIN = "01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E"
NORMAL = (
    "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70 06 71 02 70"
    " 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"
)


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        (PLAIN, b"abcdefghijklmnopqrstuv."),
        (NORMAL, b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"),
        ("01 03 B0 02 61 45 00", b"a" * 73),
    ],
)
def test_source_code(packed: str, text: bytes) -> None:
    assert decompress(bytes.fromhex(packed)) == text


@pytest.mark.parametrize("packed", ["", "01", "01 FF BF", "01 03 B0 FF 61 45 00", "01 00 30"])
def test_broken_containers(packed: str) -> None:
    assert len(decompress(bytes.fromhex(packed))) <= 4_096
