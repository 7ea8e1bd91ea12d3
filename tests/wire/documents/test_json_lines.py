from __future__ import annotations

import base64

import pytest

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File
from promptguard.wire.documents.json_lines import MOST_LINES, JsonLinesDocument
from promptguard.wire.documents.json_source import NotJson

LINES = b'{"body":{"input":"one"}}\r\n\n{"body": {"input": "two"}}\n'
SIGNALR = b'{"type":4,"arguments":[{"message":{"text":"hello"}}]}\x1e{"type":6}\x1e'


def test_reads_each_line() -> None:
    leaves = JsonLinesDocument(LINES).leaves()
    assert [(leaf.path, leaf.text) for leaf in leaves] == [((0, "body", "input"), "one"), ((2, "body", "input"), "two")]


def test_rewrites_only_lines_that_change() -> None:
    read = JsonLinesDocument(LINES)
    assert read.replace({(0, "body", "input"): "X"}) == LINES.replace(b"one", b"X")
    assert read.replace({}) == LINES


def test_record_separators() -> None:
    read = JsonLinesDocument(SIGNALR)
    path = (0, "arguments", 0, "message", "text")
    assert path in [leaf.path for leaf in read.leaves()]
    assert read.replace({path: "[X]"}) == SIGNALR.replace(b"hello", b"[X]")


@pytest.mark.parametrize("source", [b'{"a":1}\nplain text', b'{"a":1}\n7', b'{"a":1}\n{"b":'])
def test_other_lines_are_not_json(source: bytes) -> None:
    with pytest.raises(NotJson):
        JsonLinesDocument(source)


@pytest.mark.parametrize("path", [(), (1,), ("a",), (9, "body")])
def test_unknown_paths(path: tuple[str | int, ...]) -> None:
    with pytest.raises(NotRewritable):
        JsonLinesDocument(LINES).replace({path: "x"})


def test_files_have_the_number_of_their_line() -> None:
    pdf = b"%PDF-1.7" + bytes(90)
    read = JsonLinesDocument(b'{"a":"b"}\n{"file_data":"' + base64.b64encode(pdf) + b'"}')
    assert read.files() == [File((1, "file_data"), pdf)]


def test_too_many_lines() -> None:
    with pytest.raises(Unreadable, match=r"body\.too_many_texts"):
        JsonLinesDocument(b"{}\n" * (MOST_LINES + 1))
