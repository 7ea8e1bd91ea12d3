from __future__ import annotations

import pytest

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File, Role
from promptguard.wire.documents import open_body
from promptguard.wire.documents.interface import Document
from promptguard.wire.documents.multipart import JOINED, MAX_PARTS, joined_parameters, parameters

BOUNDARY = "----WebKitFormBoundaryx7"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
FIELD = b'Content-Disposition: form-data; name="purpose"\r\n\r\nask jo@example.org'
FILE = (
    b'Content-Disposition: form-data; name="file"; filename="Gehalt M\xc3\xbcller.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\n"
    b"line one\r\n\r\nline two\r\n"
)
JSON = b'Content-Disposition: form-data; name="data"\r\nContent-Type: application/json\r\n\r\n{"inputs": "hello"}'


def body(*parts: bytes) -> bytes:
    return b"".join(f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def read(*parts: bytes) -> Document:
    return open_body(body(*parts), TYPE)


def test_every_text_is_a_leaf() -> None:
    leaves = [(leaf.path, leaf.text, leaf.label, leaf.role) for leaf in read(FIELD, FILE, JSON).leaves()]
    assert leaves == [
        ((0, "header", 0, "name"), "purpose", "", Role.KEY),
        ((0, "content"), "ask jo@example.org", "purpose", None),
        ((1, "header", 0, "filename"), "Gehalt Müller.txt", "filename", Role.FILE),
        ((1, "content"), "line one\r\n\r\nline two\r\n", "file", Role.FILE),
        ((2, "content", "inputs"), "hello", "", None),
    ]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ((0, "content"), b"ask jo@example.org", b"ask [E]"),
        ((1, "content"), b"line one\r\n\r\nline two\r\n", b"[E]"),
        ((1, "header", 0, "filename"), "Gehalt Müller.txt".encode(), b"[E]"),
        ((2, "content", "inputs"), b'{"inputs": "hello"}', b'{"inputs":"[E]"}'),
        ((0, "header", 0, "name"), b'name="purpose"', b'name="[E]"'),
    ],
)
def test_replacing_one_text_leaves_every_other_byte(path: tuple[str | int, ...], before: bytes, after: bytes) -> None:
    new = "ask [E]" if after == b"ask [E]" else "[E]"
    assert read(FIELD, FILE, JSON).replace({path: new}) == body(FIELD, FILE, JSON).replace(before, after)


def test_nothing_replaced_is_byte_for_byte_the_same() -> None:
    assert read(FIELD, FILE, JSON).replace({}) == body(FIELD, FILE, JSON)


def test_a_text_that_would_end_the_part() -> None:
    with pytest.raises(NotRewritable):
        read(FIELD).replace({(0, "content"): f"x\r\n--{BOUNDARY}--"})


@pytest.mark.parametrize("path", [(), (0,), (9, "content"), (0, "header", 0), (0, "content", "x")])
def test_unknown_paths(path: tuple[str | int, ...]) -> None:
    with pytest.raises(NotRewritable):
        read(FIELD).replace({path: "x"})


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (b'Content-Disposition: form-data; name="f"\r\n\r\n\xff\xfe\xfd', "charset.broken"),
        (
            b'Content-Disposition: form-data; name="f"\r\nContent-Transfer-Encoding: base64\r\n\r\nc2VjcmV0',
            "multipart.part_encoded",
        ),
        (b'Content-Disposition: form-data; name="f"\r\nContent-Encoding: gzip\r\n\r\nx', "multipart.part_encoded"),
        (
            b'Content-Disposition: form-data; name="f"\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x--',
            "multipart.nested",
        ),
        (b'Content-Disposition: form-data; name="f"; name="g"\r\n\r\nx', "header.ambiguous"),
        (b'Content-Disposition: form-data; name="f" my secret text\r\n\r\nx', "header.ambiguous"),
        (b"no colon\r\n\r\nx", "multipart.broken"),
        (b'Content-Disposition: form-data; name="f"', "multipart.broken"),
        (b'Content-Disposition: form-data; name="f"\r\ncontent-disposition: x\r\n\r\nx', "multipart.broken"),
    ],
)
def test_parts_that_cannot_be_read(part: bytes, code: str) -> None:
    with pytest.raises(Unreadable, match=f"^{code}$") as caught:
        read(FIELD, part)
    assert "my" not in str(caught.value)


@pytest.mark.parametrize(
    ("head", "data", "name", "media_type"),
    [
        ('name="f"; filename="my name.pdf"', b"%PDF-1.7", "my name.pdf", ""),
        ('name="f"; filename="x"\r\nContent-Type: Image/PNG; q=1', b"\x89PNG\r\n\0", "x", "image/png"),
        ('name="f"; filename="x"; filename*=UTF-8\'\'%C3%BC.docx', b"PK\x03\x04\x14\0", "ü.docx", ""),
        ('name="f"; filename="a.txt"\r\nContent-Type: text/plain', b"Gr\xfc\xdfe", "a.txt", "text/plain"),
        ('name="f"', b"\x89PNG\r\n\0", "", ""),
    ],
)
def test_files_whose_text_has_to_be_taken_out(head: str, data: bytes, name: str, media_type: str) -> None:
    part = f"Content-Disposition: form-data; {head}\r\n\r\n".encode() + data
    document = read(FIELD, part)
    assert document.files() == [File((1, "content"), data, name, media_type)]
    assert [leaf.text for leaf in document.leaves() if leaf.path[:2] == (1, "content")] == []
    changed = document.replace({(0, "content"): "ask [E]"})
    assert changed == body(FIELD.replace(b"jo@example.org", b"[E]"), part)


@pytest.mark.parametrize(
    "source",
    [
        b"preamble" + body(FIELD),
        body(FIELD) + b"epilogue",
        body(FIELD)[:-4],
        body(FIELD)[:-20],
        body(FIELD).replace(b"\r\n", b"\n"),
        body(FIELD, b'Content-Disposition: form-data; name="x"\r\n\r\na\n--' + BOUNDARY.encode() + b"\nb"),
        b"no multipart at all",
        body(*[FIELD] * (MAX_PARTS + 1)),
    ],
)
def test_broken_bodies(source: bytes) -> None:
    with pytest.raises(Unreadable):
        open_body(source, TYPE)


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=other"]
)
def test_wrong_boundaries(content_type: str) -> None:
    with pytest.raises(Unreadable):
        open_body(body(FIELD), content_type)


def test_unknown_headers_are_texts() -> None:
    part = b'Content-Disposition: form-data; name="file"\r\nX-Note: my secret\r\n\r\nx'
    document = read(part)
    assert [leaf.text for leaf in document.leaves()] == ["my secret", "x"]
    assert document.replace({(0, "header", 1, ""): "[X]"}) == body(part.replace(b"my secret", b"[X]"))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('form-data; name="a"; filename="b \\"c\\".txt"', {"name": "a", "filename": 'b "c".txt'}),
        ("form-data; name=a;filename*=UTF-8''b%20c.txt", {"name": "a", "filename*": "b c.txt"}),
        ("text/plain; Charset=utf-8", {"charset": "utf-8"}),
        ("form-data", {}),
    ],
)
def test_parameters(value: str, found: dict[str, str]) -> None:
    assert parameters(value) == found


@pytest.mark.parametrize(
    ("value", "joined"),
    [
        ('form-data; filename*0="jane@orch"; filename*1="ard-lane.com.txt"', {"filename": "jane@orchard-lane.com.txt"}),
        ("form-data; filename*1*=%40b; filename*0*=UTF-8''a%20b; filename*2=.txt", {"filename": "a b@b.txt"}),
        ('text/plain; name*0="4539 14"; name*1="88"; x*0=1', {"name": "4539 1488", "x": "1"}),
        ("form-data; name=a; filename*=UTF-8''b", {}),
    ],
)
def test_parameters_in_pieces_are_read_as_one(value: str, joined: dict[str, str]) -> None:
    assert joined_parameters(parameters(value)) == joined


def test_nothing_can_be_written_to_pieces() -> None:
    document = read(
        b'Content-Disposition: form-data; name="file"; filename*0="jane@orch"; filename*1="ard.com"\r\n\r\nx'
    )
    place = (0, "header", 0, JOINED + "filename")
    assert (place, "jane@orchard.com", "filename") in [leaf[:3] for leaf in document.leaves()]
    with pytest.raises(NotRewritable):
        document.replace({place: "[X]"})
