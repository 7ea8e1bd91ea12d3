from __future__ import annotations

from typing import Any

import pytest

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from samples import images, office, pdf
from samples.compound import compound

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


VALUE = "jo.miller@" + "fabrikam-sample.com"
FIRST, LAST = VALUE[:6], VALUE[6:]
PLACES = {
    "hidden": rf"text {{\v {VALUE}}}",
    "hidden by a switch": rf"text \v {VALUE}\v0  more",
    "around what is hidden": rf"text {FIRST}{{\v not seen}}{LAST}",
    "around what is deleted": rf"text {FIRST}{{\deleted not seen}}{LAST}",
    "around what is not known": rf"text {FIRST}{{\*\unknown not seen}}{LAST}",
    "destination that is not known": rf"{{\*\unknown {VALUE}}}",
    "field": rf'{{\field{{\*\fldinst HYPERLINK "mailto:{VALUE}"}}{{\fldrslt x}}}}',
    "bookmark": rf"{{\*\bkmkstart {VALUE}}}x",
    "variable": rf"{{\*\docvar {{a}}{{{VALUE}}}}}x",
    "property": rf"{{\*\userprops {{\propname a}}\proptype30{{\staticval {VALUE}}}}}x",
    "name of a style": rf"{{\stylesheet{{\s1 {VALUE};}}}}x",
    "name of a font": rf"{{\fonttbl{{\f0 {VALUE};}}}}x",
    "colours": rf"{{\colortbl {VALUE};}}x",
    "program": rf"{{\*\generator {VALUE};}}x",
    "kind of an object": rf"{{\object{{\*\objclass {VALUE}}}}}x",
    "alternative text": rf"{{\pict{{\*\picprop{{\sp{{\sn wzDescription}}{{\sv {VALUE}}}}}}}}}x",
    "picture that is none": rf"{{\pict {VALUE}}}x",
    "bytes of nothing": rf"x \bin{len(VALUE)} {VALUE}",
    "repeated characters": rf"\uc{len(VALUE) + 1}\u65?{VALUE} x",
    "theme": rf"{{\*\themedata {office.zipped({'a.txt': VALUE}).hex()}}}x",
    "bound XML": rf"{{\*\datastore {compound({'MsoDataStore/1/Item': f'<a>{VALUE}</a>'.encode()}).hex()}}}x",
    "text box": rf"{{\shp{{\*\shpinst{{\shptxt {VALUE}}}}}}}",
    "default of a form field": rf"{{\*\formfield{{\fftype0{{\*\ffdeftext {VALUE}}}}}}}",
}


@pytest.mark.parametrize("content", PLACES.values(), ids=PLACES)
def test_every_place_is_read(texts: Any, content: str) -> None:
    read = texts(HEAD + content.encode() + b"}")
    assert any(VALUE in text for _, text in read), read


def test_pictures_with_properties(texts: Any, size_teller: Any) -> None:
    picture = images.encoded(images.written("x")).hex()
    data = rf"{{\pict{{\*\picprop{{\sp{{\sn shapeType}}{{\sv 75}}}}}}\pngblip {picture}}}"
    assert ("picture", "an image of 900 by 96") in texts(HEAD + data.encode() + b"}", recogniser=size_teller)


@pytest.mark.parametrize("content", [r"{\object{\*\objdata 0105000002000000}}", r"{\*\objdata 00ff}"])
def test_what_stands_around_an_object_that_cannot_be_read_is_read(content: str) -> None:
    out = Extraction(1_000)
    with pytest.raises(CannotRead, match=r"file\.embedded_object kind=rtf"):
        out.file(Source(HEAD + f"before {content} {VALUE}}}".encode()))
    assert any(VALUE in text for _, text in out.texts)
    assert out.is_partly_read


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["{}", "}", "{}a", "} ", r"{\v a}b", r"\u64 "])
def test_time_is_linear(texts: Any, unit: str) -> None:
    texts(b"{\\rtf1}" + unit.encode() * (150_000 // len(unit)))
