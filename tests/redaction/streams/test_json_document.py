from __future__ import annotations

import pytest

from promptguard.model import Restoration
from promptguard.redaction.streams import json_document
from promptguard.redaction.streams.answer import AnswerRestorer
from promptguard.redaction.streams.json_document import JsonDocument
from promptguard.redaction.streams.ndjson import NewlineDelimitedJson

EMAIL = b"[EMAIL_ADDRESS_7KQ2M4XB]"
RESTORATION = Restoration({EMAIL.decode(): "anna@corp.example"})


def document() -> JsonDocument:
    lines = NewlineDelimitedJson(AnswerRestorer(None, RESTORATION))
    return JsonDocument(AnswerRestorer(None, RESTORATION), lambda: lines)


def restore(*pieces: bytes) -> bytes:
    stream = document()
    out = [piece for data in pieces for piece in stream.feed(data)]
    return b"".join(out + stream.finish())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", b""),
        (b' {"a" : 1}\n\n', b' {"a" : 1}\n\n'),
        (b'{"a": "' + EMAIL + b'"}\n', b'{"a":"anna@corp.example"}'),
        (
            b'{\n "a": "' + EMAIL + b'",\n "b": 12345678901234567890123\n}',
            b'{"a":"anna@corp.example","b":12345678901234567890123}',
        ),
        (b'\xef\xbb\xbf{"a":"' + EMAIL + b'"}', b'{"a":"anna@corp.example"}'),
        (b'{"a":"x ["}', b'{"a":"x ["}'),
        (b'{"a":"' + EMAIL + b'"', b'{"a":"' + EMAIL + b'"'),
        (b'{"a":"[EMAIL_"}\n{"a":"' + EMAIL[7:] + b'!"}\n', b'{"a":""}\n{"a":"anna@corp.example!"}\n'),
    ],
)
def test_restores_the_whole_however_it_is_cut(body: bytes, expected: bytes) -> None:
    assert restore(body) == expected
    assert restore(*(bytes([byte]) for byte in body)) == expected
    for place in range(len(body)):
        assert restore(body[:place], body[place:]) == expected


def test_lines_stream_from_the_second_on() -> None:
    stream = document()
    assert stream.feed(b'{"a":"x"}\n') == []
    assert stream.feed(b'{"a":"y"}\n') == [b'{"a":"x"}\n', b'{"a":"y"}\n']
    assert stream.feed(b'{"a":"z"}\n') == [b'{"a":"z"}\n']


def test_a_body_too_long_to_collect_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "MAX_MESSAGE", 50)
    stream = document()
    body = b'{"a":"' + EMAIL + b"x" * 100 + b'"}'
    assert stream.feed(body[:40]) == []
    assert stream.feed(body[40:60]) == [body[:60]]
    assert stream.feed(body[60:]) == [body[60:]]
    assert stream.finish() == []
