from __future__ import annotations

import base64
import binascii

import pytest

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.files.uuencoded import read

NOTE = b"the wifi word is pelican, and the door opens with a heron"
INSIDE = ("a.txt", NOTE.decode())


def lines(content: bytes = NOTE, *, zero: str = "`") -> str:
    pieces = [content[at : at + 45] for at in range(0, len(content), 45)]
    return "".join(binascii.b2a_uu(piece).decode() for piece in pieces).replace("`", zero) + zero + "\n"


def encoded(content: bytes = NOTE, *, head: str = "begin 644 a.txt", end: str = "end") -> str:
    return f"{head}\n{lines(content)}{end}\n"


def in_base64(content: bytes = NOTE, width: int = 60) -> str:
    text = base64.b64encode(content).decode()
    return "".join(text[at : at + width] + "\n" for at in range(0, len(text), width))


def texts_of(text: str) -> list[tuple[str, str]]:
    out = Extraction(1_000_000)
    read(text, out)
    return [each for each in out.texts if each[0] != "attachments"]


@pytest.mark.parametrize(
    "text",
    [
        encoded(),
        encoded().replace("\n", "\r\n"),
        f"See below.\n\n{encoded()}\nBye\n",
        encoded(head="begin 0755 a.txt"),
        encoded(end="end  "),
        f"begin 644 a.txt\n{lines(zero=' ')}end\n",
        "\n".join(f"{line}#" if line.startswith("M") else line for line in encoded().split("\n")),
        f"begin-base64 644 a.txt\n{in_base64()}====\n",
        f"begin-base64 644 a.txt\n{in_base64(width=75)}====\n",
        f"begin 644 a.txt\n{lines()}",
        f"begin 644 a.txt\n{lines()}-- \nJo\n",
        f"begin-base64 644 a.txt\n{in_base64()}",
        f"begin 644 of the meeting\nat noon\n{encoded()}",
        f"begin 644 a.txt\n{lines()}begin 644 b.txt\n{lines(b'other')}end\n",
    ],
    ids=[
        "as it is", "CRLF", "within a text", "another mode", "spaces after the end", "spaces for zeros",
        "a checksum on each line", "base64", "base64 in odd lines", "no end", "no end, a signature",
        "base64 without end", "behind words that look like a beginning", "cut off by another",
    ],
)  # fmt: skip
def test_files_in_texts(text: str) -> None:
    assert INSIDE in texts_of(text)


def test_the_name_is_read_too() -> None:
    out = Extraction(1_000)
    read(encoded(head="begin 644 for jo.miller.txt"), out)
    assert ("attachments", "for jo.miller.txt") in out.texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "to begin with",
        "begin 644 of words\nand more words\n",
        "beginning 644 a\n#86)C\nend\n",
        "begin 99 a\n#86)C\nend\n",
    ],
)
def test_words_are_no_files(text: str) -> None:
    out = Extraction(1_000)
    read(text, out)
    assert not out.texts


@pytest.mark.parametrize(
    "text", ["begin 644 a\nwords that are none\nend\n", "begin-base64 644 a\nQ\n====\n", encoded(bytes(range(256)))]
)
def test_what_cannot_be_decoded_or_read_is_missed(text: str) -> None:
    out = Extraction(1_000)
    out._kinds.append("text")
    read(text, out)
    assert [reason.code for reason in out._unread] in (["file.damaged"], ["file.unsupported"])


def test_a_bound_on_the_whole_file_is_no_part_missed() -> None:
    with pytest.raises(CannotRead, match="too_many_files"):
        read(encoded(b"x") * 2_100, Extraction(1_000_000))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["begin 644 a\n", "begin 644 a\nM\n", "begin-base64 644 a\n\n"])
def test_time_is_linear(unit: str) -> None:
    texts_of(unit * (500_000 // len(unit)))
