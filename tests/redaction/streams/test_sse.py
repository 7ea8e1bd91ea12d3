from __future__ import annotations

import pytest

from promptguard.model import Restoration
from promptguard.redaction.streams import sse
from promptguard.redaction.streams.answer import AnswerRestorer
from promptguard.redaction.streams.sse import ServerSentEvents

EMAIL = b"[EMAIL_ADDRESS_7KQ2M4XB]"
RESTORATION = Restoration({EMAIL.decode(): "anna@corp.example", "[PERSON_3RTW8ZBK]": "two\nlines"})


def restore(*pieces: bytes) -> bytes:
    stream = ServerSentEvents(AnswerRestorer(None, RESTORATION))
    out = [piece for data in pieces for piece in stream.feed(data)]
    return b"".join(out + stream.finish())


CASES = [
    # What needs no change passes byte for byte.
    (b"", b""),
    (b"\n\n\r\n\r", b"\n\n\r\n\r"),
    (b": ping\n\n", b": ping\n\n"),
    (b"event: ping\nid: 1\nretry: 10\n\n", b"event: ping\nid: 1\nretry: 10\n\n"),
    (b'\xef\xbb\xbfdata:  {"a" : 1}\r\rdata\r\r', b'\xef\xbb\xbfdata:  {"a" : 1}\r\rdata\r\r'),
    (b'data: {"a":\r\ndata: "b"}\r\n\r\n', b'data: {"a":\r\ndata: "b"}\r\n\r\n'),
    (b'data: {"a": 1}\n\r\ndata: 2\r\n\n', b'data: {"a": 1}\n\r\ndata: 2\r\n\n'),
    (b"data: {broken " + EMAIL + b"\n\n", b"data: {broken " + EMAIL + b"\n\n"),
    (b"data: \xff" + EMAIL + b"\n\n", b"data: \xff" + EMAIL + b"\n\n"),
    (b": " + EMAIL + b"\n\n", b": " + EMAIL + b"\n\n"),
    (b"data: [DONE]\n\n", b"data: [DONE]\n\n"),
    (b"data: {}", b"data: {}"),
    # Everything but the data stays.
    (
        b': c\nid:1\ndata:{"a":"' + EMAIL + b' "}\nx: y\nevent: e\n\n',
        b': c\nid:1\ndata: {"a":"anna@corp.example "}\nx: y\nevent: e\n\n',
    ),
    (b'data: {"a":\r\ndata: "' + EMAIL + b' "}\r\n\r\n', b'data: {"a":"anna@corp.example "}\r\n\r\n'),
    (b'data: {"a":"\\u005bEMAIL_ADDRESS_7KQ2M4XB] "}\n\n', b'data: {"a":"anna@corp.example "}\n\n'),
    (b'data: "' + EMAIL + b' "\n\n', b'data: "anna@corp.example "\n\n'),
    (b'data: ["' + EMAIL + b' "]\n\n', b'data: ["anna@corp.example "]\n\n'),
    (b'data: {"a":"' + EMAIL + b' "}', b'data: {"a":"anna@corp.example "}'),
    # Plain text.
    (b"data: to " + EMAIL + b"!\n\n", b"data: to anna@corp.example!\n\n"),
    (b"data: " + EMAIL + b"\n\n", b"data: anna@corp.example\n\n"),
    (b"data: [PERSON_3RTW8ZBK]!\n\n", b"data: two\ndata: lines!\n\n"),
    (
        b"".join(b"data: %b\n\n" % token for token in (b"[", b"EMAIL_ADDRESS_", b"7", b"KQ2M4XB", b"]", b"!")),
        b"data: \n\n" * 4 + b"data: anna@corp.example\n\n" + b"data: !\n\n",
    ),
    # What is held back comes before the end.
    (
        b'event: e\nid: 3\ndata: {"a":"x ["}\n\ndata: [DONE]\n\n',
        b'event: e\nid: 3\ndata: {"a":"x "}\n\nevent: e\nid: 3\ndata: {"a":"["}\n\ndata: [DONE]\n\n',
    ),
    (b'data: {"a":"x ["}\r\n\r\n', b'data: {"a":"x "}\r\n\r\ndata: {"a":"["}\r\n\r\n'),
    (b'data: {"a":"x ["}', b'data: {"a":"x "}\n\ndata: {"a":"["}\n\n'),
    (b"data: x [\n\n", b"data: x \n\ndata: [\n\n"),
]


@pytest.mark.parametrize(("body", "expected"), CASES)
def test_restores_events(body: bytes, expected: bytes) -> None:
    assert restore(body) == expected


@pytest.mark.parametrize(("body", "expected"), CASES)
def test_however_they_are_cut(body: bytes, expected: bytes) -> None:
    assert restore(*(bytes([byte]) for byte in body)) == expected
    for place in range(len(body)):
        assert restore(body[:place], body[place:]) == expected
        assert restore(body[:place], body[place : place + 2], body[place + 2 :]) == expected


def test_an_event_goes_out_as_soon_as_it_is_complete() -> None:
    stream = ServerSentEvents(AnswerRestorer(None, RESTORATION))
    assert stream.feed(b'data: {"a":"x"}\r\n') == []
    assert b"".join(stream.feed(b"\r")) == b'data: {"a":"x"}\r\n\r'
    assert b"".join(stream.feed(b"\n: pi")) == b"\n"
    assert b"".join(stream.feed(b"ng\n\n")) == b": ping\n\n"


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_an_event_too_long_to_keep_passes(monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    monkeypatch.setattr(sse, "MAX_MESSAGE", 60)
    long = b'data: {"a":"' + EMAIL + b"x" * 100 + b' "}' + end * 2
    short = b'data: {"a":"' + EMAIL + b' "}' + end * 2
    body = short + long + short
    changed = short.replace(EMAIL, b"anna@corp.example")
    for size in range(1, 50):
        pieces = [body[start : start + size] for start in range(0, len(body), size)]
        assert restore(*pieces) == changed + long + changed


def test_an_event_nested_too_deeply_to_be_written_passes() -> None:
    deep = b"data: " + b"[" * 1000 + b'"' + EMAIL + b' "' + b"]" * 1000 + b"\n\n"
    short = b'data: {"a":"' + EMAIL + b' "}\n\n'
    out = restore(deep, short)
    assert out in (
        deep + short.replace(EMAIL, b"anna@corp.example"),
        (deep + short).replace(EMAIL, b"anna@corp.example"),
    )
