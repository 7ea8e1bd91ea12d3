"""Which carrier a body is opened with: `promptguard.wire.documents` itself."""

from __future__ import annotations

import base64

import pytest

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File
from promptguard.wire.documents import open_body

JSON = '{"prompt": "Grüße"}'


@pytest.mark.parametrize(
    ("body", "content_type", "read_as", "texts"),
    [
        (JSON.encode(), "application/json", "application/json", ["Grüße"]),
        (JSON.encode(), "", "application/json", ["Grüße"]),
        (JSON.encode(), "text/plain;charset=UTF-8", "application/json", ["Grüße"]),
        (JSON.encode(), "application/x-www-form-urlencoded", "application/json", ["Grüße"]),
        (JSON.encode(), "multipart/form-data; boundary=x", "application/json", ["Grüße"]),
        (JSON.encode(), "image/png", "application/json", ["Grüße"]),
        (b"\xef\xbb\xbf" + JSON.encode(), "application/json", "application/json", ["Grüße"]),
        (JSON.encode("utf-16"), "application/json", "application/json", ["Grüße"]),
        (JSON.encode("latin-1"), "application/json; charset=latin-1", "application/json", ["Grüße"]),
        (b'  ["a", "b"]', "", "application/json", ["a", "b"]),
        (b'"just a string"', "application/json", "application/json", ["just a string"]),
        (b'"quoted", she said', "text/plain", "text/plain", ['"quoted", she said']),
        (b"[note] this is prose", "text/plain", "text/plain", ["[note] this is prose"]),
        (b'{"prompt":"a"}\n{"prompt":"b"}\n', "application/x-ndjson", "application/x-ndjson", ["a", "b"]),
        (
            b"prompt=a+b&text=%41",
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded",
            ["a b", "A"],
        ),
        (
            b"Dear Anna,\nR&D = 100%41 + more\n",
            "application/x-www-form-urlencoded;charset=utf-8",
            "text/plain",
            ["Dear Anna,\nR&D = 100%41 + more\n"],
        ),
        (b"NAME=a\nOTHER=b\n", "application/x-www-form-urlencoded", "text/plain", ["NAME=a\nOTHER=b\n"]),
        (b"anna@corp.example", "application/x-www-form-urlencoded", "text/plain", ["anna@corp.example"]),
        (b'42["message",{"text":"hi"}]', "", "application/x-ndjson", ["message", "hi"]),
        (b'{"text":"b"}\x1e{"text":"c"}\x1e', "", "application/x-ndjson", ["b", "c"]),
        (b'\x1e{"text":"b"}\n\x1e{"text":"c"}\n', "application/json-seq", "application/x-ndjson", ["b", "c"]),
        (b'\xef\xbb\xbf{"text":"b"}\n{"text":"c"}', "", "application/x-ndjson", ["b", "c"]),
        (b'\0\0\0\0\x0c{"text":"b"}', "application/connect+json", "application/connect+json", ["b"]),
        (b'\0\0\0\0\x0c{"text":"b"}', "application/grpc+json", "application/grpc", ["b"]),
        (b"42 is the answer", "", "text/plain", ["42 is the answer"]),
        (base64.b64encode(b"a file of plain text, " * 4), "text/plain", "text/plain", ["a file of plain text, " * 4]),
        (b"a=b&c=%41", "", "text/plain", ["a=b&c=%41", "a=b&c=A"]),
        (b'{"a":1}=&p=my+word', "", "text/plain", ['{"a":1}=&p=my+word', '{"a":1}=&p=my word']),
        (b"plain", "application/json", "text/plain", ["plain"]),
        (b"<svg>text</svg>", "image/svg+xml", "text/plain", ["<svg>text</svg>"]),
        (b"plain", "application/octet-stream", "text/plain", ["plain"]),
        (b"", "application/json", "text/plain", []),
        (b"", "multipart/form-data; boundary=x", "text/plain", []),
        (b"", "", "text/plain", []),
        (b"", "application/grpc", "text/plain", []),
        (b'{"truncated": "te', "text/plain", "text/plain", ['{"truncated": "te']),
    ],
)
def test_opens(body: bytes, content_type: str, read_as: str, texts: list[str]) -> None:
    document = open_body(body, content_type)
    assert document.content_type == read_as
    assert [leaf.text for leaf in document.leaves()] == texts


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b'{"truncated": "te', "application/json", "json.invalid"),
        (b'{"a": 1} trailing', "application/json", "json.invalid"),
        (b'{"a": "\xff"}', "application/json", "charset.not_utf8"),
        (b'{"a":1,"a":2}', "text/plain", "json.duplicate_member"),
        (b"[" * 10_000, "application/json", "json.too_deep"),
        (b"\0\0\0\0\x09hello", "application/grpc-web+proto", "body.binary"),
        (b"\n\x09hello", "application/x-protobuf", "body.binary"),
        (b"\xff\xfe\xfd", "text/plain", "charset.broken"),
        (b"text\0text", "text/plain", "body.not_text"),
        (b"+AGE-", "text/plain; charset=utf-7", "charset.unknown"),
        (b"x", "text/plain; charset=utf-8; charset=utf-7", "header.ambiguous"),
    ],
)
def test_unreadable(body: bytes, content_type: str, code: str) -> None:
    with pytest.raises(Unreadable, match=f"^{code}$"):
        open_body(body, content_type)


@pytest.mark.parametrize(
    ("body", "content_type", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg", "image/jpeg"),
        (b"\xff\xd8\xff\xe0", "", ""),
        (b"PK\x03\x04\x14\0", "text/plain; charset=utf-8", "text/plain"),
        (b"%PDF-1.7", "application/octet-stream", "application/octet-stream"),
        (b"%PDF-1.7", "text/plain", "text/plain"),
        (b"\0\1\2", "application/octet-stream", "application/octet-stream"),
    ],
)
def test_a_body_that_is_a_file(body: bytes, content_type: str, media_type: str) -> None:
    document = open_body(body, content_type)
    assert document.leaves() == ()
    assert document.files() == (File((), body, media_type=media_type),)
    assert document.replace({}) == body
    with pytest.raises(NotRewritable):
        document.replace({(): "x"})


@pytest.mark.parametrize(
    ("content_type", "framing_id", "readable"),
    [("application/octet-stream", "connect", True), ("application/octet-stream", "", False)],
)
def test_a_framing_that_the_format_names(content_type: str, framing_id: str, readable: bool) -> None:
    document = open_body(b'\0\0\0\0\x0c{"text":"b"}', content_type, frozenset(), framing_id)
    assert [leaf.text for leaf in document.leaves()] == (["b"] if readable else [])


@pytest.mark.parametrize(
    "source",
    [
        b"Dear Anna,\r\nR&D = 100%41 + more\n",
        "\ufeffDear Anna,\n+49 170 % \u00fc\n".encode(),
        "\ufeffDear Anna".encode("utf-16-le"),
        base64.encodebytes(b"Dear Anna, " * 30),
        base64.b64encode(b"Dear Anna, " * 30).rstrip(b"="),
    ],
)
def test_a_text_declared_as_a_form_is_the_same_outside_of_what_is_replaced(source: bytes) -> None:
    document = open_body(source, "application/x-www-form-urlencoded")
    (leaf,) = document.leaves()
    assert document.replace({leaf.path: leaf.text}) == source
    again = open_body(document.replace({leaf.path: leaf.text.replace("Anna", "[PERSON_1]")}), "text/plain")
    assert [each.text for each in again.leaves()] == [leaf.text.replace("Anna", "[PERSON_1]")]


@pytest.mark.parametrize(
    "charset", ["utf-7", "hz", "iso-2022-jp", "cp037", "cp500", "ibm037", "unicode_escape", "rot13", "x"]
)
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"a":"b"}', "application/json; charset={}"),
        (b"a", "Text/Plain; CHARSET={}"),
        (b"a=b", "application/x-www-form-urlencoded; charset={}"),
        (b"_charset_=CHARSET&a=b", "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\nCHARSET\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"--x\r\nContent-Type: text/plain; charset=CHARSET\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Type: application/json; charset=CHARSET\r\n\r\n{"a":"b"}\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_a_declared_charset_is_one_that_hides_nothing(body: bytes, content_type: str, charset: str) -> None:
    with pytest.raises(Unreadable):
        open_body(body.replace(b"CHARSET", charset.encode()), content_type.format(charset))


def test_nothing_is_written_into_another_reading() -> None:
    document = open_body(b"a=b&c=%41", "text/plain")
    paths = [leaf.path for leaf in document.leaves()]
    assert document.replace({paths[0]: "x"}) == b"x"
    with pytest.raises(NotRewritable):
        document.replace({paths[1]: "x"})
