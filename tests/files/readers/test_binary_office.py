from __future__ import annotations

import struct
from typing import Any

from samples import images
from samples.compound import compound


def word(*pieces: str, flags: int = 0x0200) -> bytes:
    """A Word document whose pieces are one byte a character where that is enough."""
    main = bytearray(1_024)
    struct.pack_into("<H", main, 0x0A, flags)
    places, entries = [0], b""
    for piece in pieces:
        places.append(places[-1] + len(piece))
        narrow = piece.isascii()
        at = len(main) * 2 | 0x40000000 if narrow else len(main)
        entries += struct.pack("<HIH", 0, at, 0)
        main += piece.encode("cp1252" if narrow else "utf-16-le")
    plc = struct.pack(f"<{len(places)}I", *places) + entries
    table = b"\1\2\0ab" + b"\2" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<II", main, 0x01A2, 0, len(table))
    return compound({"WordDocument": bytes(main), "1Table": table})


def record(kind: int, content: bytes, version: int = 0) -> bytes:
    return struct.pack("<HHI", version, kind, len(content)) + content


def test_word_documents(texts: Any) -> None:
    assert texts(word("Hello\rnext\x07cell", "grüße ✓\r")) == [("", "Hello\nnext\tcellgrüße ✓\n")]


def test_pictures(texts: Any, size_teller: Any) -> None:
    picture = images.encoded(images.written("x"))
    stream = b"before" + record(0xF01E, bytes(17) + picture, 0x6E00) + record(0xF01D, bytes(33) + picture, 0x46B0)
    data = compound({"PowerPoint Document": record(0x0FA8, b"words"), "Pictures": stream})
    assert texts(data, recogniser=size_teller) == [("", "words"), ("picture", "an image of 900 by 96")]


def test_encrypted_and_broken_word_documents(problem: Any) -> None:
    assert problem(word("x", flags=0x0300)) == "file.encrypted kind=compound"
    assert "damaged" in problem(compound({"WordDocument": bytes(2_000)}))


def test_presentations(texts: Any, problem: Any) -> None:
    inner = (
        record(0x0FA0, "grüße".encode("utf-16-le"))
        + record(0x0FA8, b"bytes\rmore")
        + record(0x0FBA, "x".encode("utf-16-le"))
    )
    slide = record(0x03EE, record(0x0FF0, inner, 0xF), 0xF)
    assert texts(compound({"PowerPoint Document": slide})) == [("", "grüße\nbytes\nmore\nx")]
    assert "encrypted" in problem(compound({"PowerPoint Document": record(0x2F14, b"", 0xF)}))
