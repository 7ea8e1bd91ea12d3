from __future__ import annotations

import base64
import gzip

import pytest

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File
from promptguard.wire.documents.framed import MAX_FRAMES, FramedDocument
from promptguard.wire.documents.json_source import NotJson
from promptguard.wire.framings import load_framings
from promptguard.wire.framings.envelope import envelope


def document(source: bytes) -> FramedDocument:
    return FramedDocument(load_framings()["signalr" if b"\x1e" in source else "ndjson"], source)


LINES = b'{"body":{"input":"one"}}\r\n\n{"body": {"input": "two"}}\n'
SIGNALR = b'{"type":4,"arguments":[{"message":{"text":"hello"}}]}\x1e{"type":6}\x1e'


def test_reads_each_line() -> None:
    leaves = document(LINES).leaves()
    assert [(leaf.path, leaf.text) for leaf in leaves] == [((0, "body", "input"), "one"), ((2, "body", "input"), "two")]


def test_rewrites_only_lines_that_change() -> None:
    read = document(LINES)
    assert read.replace({(0, "body", "input"): "X"}) == LINES.replace(b"one", b"X")
    assert read.replace({}) == LINES


def test_record_separators() -> None:
    read = document(SIGNALR)
    path = (0, "arguments", 0, "message", "text")
    assert path in [leaf.path for leaf in read.leaves()]
    assert read.replace({path: "[X]"}) == SIGNALR.replace(b"hello", b"[X]")


@pytest.mark.parametrize("source", [b'{"a":1}\nplain text', b'{"a":1}\n7', b'{"a":1}\n{"b":'])
def test_other_lines_are_not_json(source: bytes) -> None:
    with pytest.raises(NotJson):
        document(source)


@pytest.mark.parametrize("path", [(), (1,), ("a",), (9, "body")])
def test_unknown_paths(path: tuple[str | int, ...]) -> None:
    with pytest.raises(NotRewritable):
        document(LINES).replace({path: "x"})


def test_files_have_the_number_of_their_line() -> None:
    pdf = b"%PDF-1.7" + bytes(90)
    read = document(b'{"a":"b"}\n{"file_data":"' + base64.b64encode(pdf) + b'"}')
    assert read.files() == [File((1, "file_data"), pdf)]


def test_too_many_lines() -> None:
    with pytest.raises(Unreadable, match=r"body\.too_many_texts"):
        document(b"{}\n" * (MAX_FRAMES + 1))


@pytest.mark.parametrize("framing", ["connect", "grpc"])
@pytest.mark.parametrize("compressed", [False, True])
def test_envelopes_of_json(framing: str, compressed: bool) -> None:
    message = b'{"message":{"text":"hello"}}'

    def packed(text: bytes) -> bytes:
        return envelope(gzip.compress(text, 6, mtime=0), 1) if compressed else envelope(text)

    sent = packed(message)
    read = FramedDocument(load_framings()[framing], sent + envelope(b"") + sent)
    path = (2, "message", "text")
    assert [(leaf.path, leaf.text) for leaf in read.leaves()] == [((0, "message", "text"), "hello"), (path, "hello")]
    assert read.replace({path: "[X_1]"}) == sent + envelope(b"") + packed(message.replace(b"hello", b"[X_1]"))
    assert read.replace({}) == sent + envelope(b"") + sent


@pytest.mark.parametrize(
    "source",
    [
        envelope(b"\x0a\x09hello"),
        envelope(b"hello"),
        envelope(b'"hello"'),
        envelope(b'{"a":"b"}')[:-1],
        envelope(b'{"a":"b"}') + b"{}",
        envelope(b"not gzip", 1),
        envelope(gzip.compress(bytes(17 * 1024 * 1024)), 1),
        b"".join(envelope(gzip.compress(b'{"a":"' + bytes(1_000_000) + b'"}'), 1) for _ in range(100)),
    ],
)
def test_envelopes_of_anything_else_are_unreadable(source: bytes) -> None:
    with pytest.raises(Unreadable):
        FramedDocument(load_framings()["connect"], source)


def test_packets_with_digits() -> None:
    source = b'42["message",{"text":"hello"}]'
    read = FramedDocument(load_framings()["socket_io"], source)
    assert [(leaf.path, leaf.text) for leaf in read.leaves()] == [((0, 0), "message"), ((0, 1, "text"), "hello")]
    assert read.replace({(0, 1, "text"): 'a "b"'}) == b'42["message",{"text":"a \\"b\\""}]'
