from __future__ import annotations

import struct

import pytest

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.files.readers.workbook_records import read

NOTE, TEXT_BOX, NAME, HEADER, LINK, SHEET_TEXT = 0x001C, 0x01B6, 0x0018, 0x0014, 0x01B8, 0x00FC
CONTINUE, FORMAT, FONT, AUTHOR, PASSWORD = 0x003C, 0x041E, 0x0031, 0x005C, 0x002F
FORMULA, FORMULA_TEXT, LABEL, END = 0x0006, 0x0207, 0x0204, 0x000A
WORDS = b"the wifi word is pelican"


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


START = record(0x0809, struct.pack("<HHI", 0x0600, 5, 0) + bytes(8))


def text_of(*records: bytes) -> str:
    out = Extraction(10_000)
    read(START + b"".join(records) + record(END, b""), out)
    return "\n".join(text for _, text in out.texts)


@pytest.mark.parametrize("kind", [NOTE, TEXT_BOX, NAME, HEADER, LINK, FORMULA, 0x0867, 0x7777])
@pytest.mark.parametrize("words", [WORDS, WORDS.decode().encode("utf-16-le")], ids=["narrow", "wide"])
def test_strings_beside_the_cells(kind: int, words: bytes) -> None:
    assert "the wifi word is pelican" in text_of(record(kind, bytes(8) + words))


@pytest.mark.parametrize("kind", [SHEET_TEXT, LABEL, FORMULA_TEXT, FONT, AUTHOR, 0x00EB])
def test_what_others_read_and_what_only_says_how_it_looks(kind: int) -> None:
    assert "pelican" not in text_of(record(kind, WORDS))


@pytest.mark.parametrize(("number", "found"), [(0, False), (163, False), (164, True), (200, True)])
def test_formats_that_people_made(number: int, found: bool) -> None:
    assert ("pelican" in text_of(record(FORMAT, struct.pack("<HH", number, len(WORDS)) + WORDS))) is found


def test_a_record_is_read_with_what_continues_it() -> None:
    pieces = [WORDS[at : at + 5] for at in range(0, len(WORDS), 5)]
    found = text_of(record(TEXT_BOX, pieces[0]), *(record(CONTINUE, piece) for piece in pieces[1:]))
    assert WORDS.decode() in found


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (b"", "file.damaged"),
        (b"\xd0\xcf" + bytes(30), "file.damaged"),
        (START + record(PASSWORD, bytes(6)) + record(NOTE, WORDS), "file.encrypted"),
    ],
    ids=["nothing", "no workbook", "encrypted"],
)
def test_what_is_not_read(stream: bytes, said: str) -> None:
    with pytest.raises(CannotRead, match=said):
        read(stream, Extraction(10_000))


def test_a_record_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    out = Extraction(10_000)
    read(START + record(NOTE, WORDS)[:-3], out)
    assert out.texts == [("comments, names and links", WORDS[:-3].decode())]


@pytest.mark.timeout(60)
def test_time_is_linear() -> None:
    read(START + record(TEXT_BOX, b"a") + record(CONTINUE, b"a") * 500_000, Extraction(10_000_000))
