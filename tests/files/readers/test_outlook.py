from __future__ import annotations

import struct
from typing import Any

import pytest

from promptguard.files.readers.outlook import decompress
from samples import images, pdf
from samples.compound import compound

PROPERTIES = "__properties_version1.0"


def text(tag: str, value: str) -> tuple[str, bytes]:
    return f"__substg1.0_{tag}001F", value.encode("utf-16-le")


def under(folder: str, *streams: tuple[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}{name}": content for name, content in streams}


MAIL = {
    PROPERTIES: b"x",
    **under(
        "", text("0037", "the subject"), text("1000", "the body"), text("0C1A", "Jo Example"), text("001A", "IPM.Note")
    ),
    **under("__recip_version1.0_#00000000/", text("3003", "bo@example.org"), text("3001", "Bo")),
}


def test_mails(texts: Any) -> None:
    assert texts(compound(MAIL)) == [
        ("headers", "the subject\nJo Example"),
        ("", "the body"),
        ("recipients", "Bo\nbo@example.org"),
    ]


def test_attachments_and_forwarded_mails(texts: Any, size_teller: Any) -> None:
    folder = "__attach_version1.0_#0000000{}/".format
    inner = "__substg1.0_3701000D/"
    picture = images.encoded(images.written("x"))
    streams = {
        **MAIL,
        **under(folder(0), text("3707", "list.pdf"), ("__substg1.0_37010102", pdf.document(pdf.text("in the list")))),
        **under(folder(1), text("3001", "fwd"), (f"{inner}{PROPERTIES}", b"x")),
        **under(folder(1) + inner, text("1000", "the inner body")),
        **under(folder(2), text("370E", "image/png"), text("3712", "logo"), ("__substg1.0_37010102", picture)),
    }
    found = texts(compound(streams), recogniser=size_teller)
    assert ("list.pdf / page 1", "in the list") in found
    assert ("fwd", "the inner body") in found
    assert any(text == "an image of 900 by 96" for _, text in found)


def test_attached_objects(problem: Any) -> None:
    streams = {**MAIL, "__attach_version1.0_#00000000/__substg1.0_3701000D/CONTENTS2": b"x"}
    assert problem(compound(streams)) == "file.embedded_object kind=compound"


# The worked examples of [MS-OXRTFCP] 3.1: a simple body, and one whose copies run into what they write.
SIMPLE = (
    "2d 00 00 00 2b 00 00 00 4c 5a 46 75 f1 c5 c7 a7 03 00 0a 00 72 63 70 67 31 32 35 42 32 0a f3 20 68 65 6c 09 00"
    " 20 62 77 05 b0 6c 64 7d 0a 80 0f a0"
)
CROSSING = "1a 00 00 00 1c 00 00 00 4c 5a 46 75 e2 d4 4b 51 41 00 04 20 57 58 59 5a 0d 6e 7d 01 0e b0"


@pytest.mark.parametrize(
    ("packed", "body"),
    [
        (SIMPLE, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"),
        (CROSSING, b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
    ],
)
def test_compressed_rtf(packed: str, body: bytes) -> None:
    assert decompress(bytes.fromhex(packed)) == body


def test_rtf_that_is_not_compressed() -> None:
    content = b"{\\rtf1 x}"
    packed = struct.pack("<IIII", len(content) + 12, len(content), 0x414C454D, 0) + content
    assert decompress(packed) == content


def properties(**pages: int) -> tuple[str, bytes]:
    """The stream of a mail's properties of fixed length, with its code pages by their tags."""
    entries = [struct.pack("<HHIQ", 3, int(tag[1:], 16), 6, number) for tag, number in pages.items()]
    return PROPERTIES, bytes(32) + b"".join(entries)


@pytest.mark.parametrize(
    ("number", "charset"),
    [(932, "cp932"), (1251, "cp1251"), (65001, "utf-8"), (50220, "iso-2022-jp"), (1250, "cp1250")],
)
@pytest.mark.parametrize("tag", ["_3FFD", "_3FDE"])
def test_texts_in_a_code_page(texts: Any, tag: str, number: int, charset: str) -> None:
    said = {"cp1251": "Привет", "cp1250": "Žluťoučký"}.get(charset, "設計")
    name, stream = properties(**{tag: number})
    found = texts(compound({name: stream, "__substg1.0_1000001E": said.encode(charset)}))
    assert found == [("", said)]


def test_texts_of_several_values(texts: Any) -> None:
    streams = {**MAIL, "__substg1.0_8005101F-00000000": "pelican\0".encode("utf-16-le")}
    assert "pelican" in "\n".join(text for _, text in texts(compound(streams)))
