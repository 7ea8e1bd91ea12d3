from __future__ import annotations

from typing import Any

import pytest

from samples import images, pdf

HEAD = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fcharset204 Arial;}}"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (rb"Hello \b bold\b0  word\par next", "Hello bold word\nnext"),
        (rb"caf\'e9 \{braces\} a\~b", "café {braces} a b"),
        (rb"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2} done", "Привет done"),
        (rb"\u8364?5 \uc2\u228aex \uc0\u252x", "€5 äx üx"),
        (rb"1\tab 2\cell 3\row 4", "1\t2\t3\n4"),
        (rb"{\v hidden}{\footnote a note}{\*\unknown seen}", "hiddenseen\na note"),
        (rb"{\info{\title A title}{\author Jo Example}}text", "text\nA title"),
        (rb"{\colortbl;\red0;}{\stylesheet{\s0 Normal;}}{\*\generator Word 16;}text", "text"),
        (rb"4111\line}{\rtf1 after the end", "4111\nafter the end"),
        (rb"\bin3 }}}text", "text"),
    ],
)
def test_text(texts: Any, content: bytes, text: str) -> None:
    assert texts(HEAD + content + b"}") == [("", text)]


def test_double_byte_characters(texts: Any) -> None:
    data = rb"{\rtf1\ansi\ansicpg932 \'93\'fa\'96\'7b}"
    assert texts(data) == [("", "日本")]


def test_pictures_and_objects(texts: Any, size_teller: Any) -> None:
    picture = images.encoded(images.written("x")).hex().encode()
    inner = b"\1\5\0\0 header" + pdf.document(pdf.text("inside"))
    data = HEAD + rb"text{\pict\pngblip " + picture + rb"}{\object{\*\objdata " + inner.hex().encode() + b"}}}"
    assert texts(data, recogniser=size_teller) == [
        ("picture", "an image of 900 by 96"),
        ("object / page 1", "inside"),
        ("", "text"),
    ]


@pytest.mark.parametrize("content", [rb"{\object{\*\objdata 0102}}", b"{" * 10_000])
def test_what_cannot_be_read(problem: Any, content: bytes) -> None:
    assert problem(HEAD + content).endswith("kind=rtf")


@pytest.mark.parametrize("note", ["{\\*\\annotation a note}", "{\\footnote a note}", "{\\*\\atnid XY}{\\*\\atnref 12}"])
def test_notes_do_not_split_words(texts: Any, note: str) -> None:
    ((_, text),) = texts(f"{{\\rtf1 super{note}fragile}}".encode())
    assert text.split("\n")[0] == "superfragile"
    assert ("a note" in text) == ("a note" in note)
