"""Answers restored frame by frame, in each framing, cut at every place."""

from __future__ import annotations

import pytest

from promptguard.model import Restoration
from promptguard.redaction.frames import FrameRestorer
from promptguard.redaction.stream_restorer import FramedRestorer
from promptguard.wire.framings import json_array, json_document, lines, load_framings, sse

EMAIL = b"[EMAIL_ADDRESS_7KQ2M4XB]"
RESTORATION = Restoration({EMAIL.decode(): "anna@corp.example", "[PERSON_3RTW8ZBK]": "two\nlines"})


def restorer(framing: str) -> FramedRestorer:
    return FramedRestorer(load_framings()[framing].decoder(), FrameRestorer(None, RESTORATION))


def restore(framing: str, *pieces: bytes) -> bytes:
    stream = restorer(framing)
    out = [piece for data in pieces for piece in stream.feed(data)]
    return b"".join(out + stream.finish())


SSE = [
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
LINES = [
    (b"", b""),
    (b'{"a" : 1}\r\n\n  \n{"b": 2}', b'{"a" : 1}\r\n\n  \n{"b": 2}'),
    (b"no json " + EMAIL + b"\n", b"no json " + EMAIL + b"\n"),
    (b'{"a":"' + EMAIL + b'\n"}\n', b'{"a":"' + EMAIL + b'\n"}\n'),
    (b'{"a": "' + EMAIL + b' "}\r\n', b'{"a":"anna@corp.example "}\r\n'),
    (b'{"a": "' + EMAIL + b' "}', b'{"a":"anna@corp.example "}'),
    (b'{"a":"[EMAIL_"}\n{"a":"' + EMAIL[7:] + b'!"}\n', b'{"a":""}\n{"a":"anna@corp.example!"}\n'),
    (b'0:"[EMAIL_"\n2:[]\n0:"' + EMAIL[7:] + b'!"\n', b'0:""\n2:[]\n0:"anna@corp.example!"\n'),
    (b'{"a":"x ["}\r\n', b'{"a":"x "}\r\n{"a":"["}\r\n'),
    (b'{"a":"x ["}', b'{"a":"x "}\n{"a":"["}\n'),
]
ARRAY = [
    (b"", b""),
    (b" [ ] ", b" [ ] "),
    (
        b'[{"a": [1, {}]}\n,\r\n{"b": "],{\\"\\\\"} , 3, "x", null]\n',
        b'[{"a": [1, {}]}\n,\r\n{"b": "],{\\"\\\\"} , 3, "x", null]\n',
    ),
    (b'[{"a": "' + EMAIL + b' "}\n,\n{"b": 1}]', b'[{"a":"anna@corp.example "}\n,\n{"b": 1}]'),
    (b'["' + EMAIL + b' ", 1]', b'["anna@corp.example ", 1]'),
    (b'[{"a":"[EMAIL_"},{"a":"' + EMAIL[7:] + b'!"}]', b'[{"a":""},{"a":"anna@corp.example!"}]'),
    (b'[{"a":"x ["}\n]\n', b'[{"a":"x "}\n,{"a":"["}]\n'),
    (b'[{"a":"' + EMAIL + b' "}', b'[{"a":"anna@corp.example "}'),
    (b'[{"a":"' + EMAIL + b' "', b'[{"a":"' + EMAIL + b' "'),
    (b"[{" + EMAIL + b"}]" + EMAIL, b"[{" + EMAIL + b"}]" + EMAIL),
    (b"[1]] ]" + EMAIL, b"[1]] ]" + EMAIL),
]
DOCUMENT = [
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
]
CASES = [
    (framing, body, expected)
    for framing, cases in (("sse", SSE), ("ndjson", LINES), ("json_array", ARRAY), ("json_document", DOCUMENT))
    for body, expected in cases
]


@pytest.mark.parametrize(("framing", "body", "expected"), CASES)
def test_restores_however_the_answer_is_cut(framing: str, body: bytes, expected: bytes) -> None:
    assert restore(framing, body) == expected
    assert restore(framing, *(bytes([byte]) for byte in body)) == expected
    for place in range(len(body)):
        assert restore(framing, body[:place], body[place:]) == expected
        assert restore(framing, body[:place], body[place : place + 2], body[place + 2 :]) == expected


@pytest.mark.parametrize(
    ("framing", "steps"),
    [
        (
            "sse",
            [
                (b'data: {"a":"x"}\r\n', b""),
                (b"\r", b'data: {"a":"x"}\r\n\r'),
                (b"\n: pi", b"\n"),
                (b"ng\n", b": ping\n"),
                (b"\n", b"\n"),
                (b":\r", b":\r"),
                (b"\n", b"\n"),
            ],
        ),
        ("ndjson", [(b'{"a":"x"}', b""), (b'\n{"b"', b'{"a":"x"}\n')]),
        ("json_array", [(b'[{"a":"x"', b"["), (b"}", b'{"a":"x"}'), (b"\n", b""), (b",", b"\n,")]),
        (
            "json_document",
            [
                (b'{"a":"x"}\n', b""),
                (b'{"a":"y"}\n', b'{"a":"x"}\n{"a":"y"}\n'),
                (b'{"a":"z"}\n', b'{"a":"z"}\n'),
            ],
        ),
    ],
)
def test_a_frame_goes_out_as_soon_as_it_is_complete(framing: str, steps: list[tuple[bytes, bytes]]) -> None:
    stream = restorer(framing)
    for data, expected in steps:
        assert b"".join(stream.feed(data)) == expected


LONG = b'{"a":"' + EMAIL + b"x" * 100 + b' "}'
SHORT = b'{"a":"' + EMAIL + b' "}'
CHANGED = SHORT.replace(EMAIL, b"anna@corp.example")


@pytest.mark.parametrize(
    ("framing", "bound", "body", "expected"),
    [
        *(
            (
                "sse",
                sse,
                b"data: " + (end * 2 + b"data: ").join((SHORT, LONG, SHORT)) + end * 2,
                b"data: " + (end * 2 + b"data: ").join((CHANGED, LONG, CHANGED)) + end * 2,
            )
            for end in (b"\n", b"\r", b"\r\n")
        ),
        ("ndjson", lines, b"\n".join((LONG, SHORT, LONG)), b"\n".join((LONG, CHANGED, LONG))),
        ("json_array", json_array, b"[" + LONG + b"]", b"[" + LONG + b"]"),
        ("json_document", json_document, LONG, LONG),
    ],
)
def test_a_message_too_long_to_keep_passes(
    monkeypatch: pytest.MonkeyPatch, framing: str, bound: object, body: bytes, expected: bytes
) -> None:
    monkeypatch.setattr(bound, "MAX_MESSAGE", 60)
    for size in range(1, 50):
        assert restore(framing, *(body[start : start + size] for start in range(0, len(body), size))) == expected


def test_a_document_too_long_to_collect_passes_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "MAX_MESSAGE", 50)
    stream = restorer("json_document")
    assert stream.feed(LONG[:40]) == []
    assert stream.feed(LONG[40:60]) == [LONG[:60]]
    assert stream.feed(LONG[60:]) == [LONG[60:]]
    assert stream.finish() == []


def test_an_event_nested_too_deeply_to_be_written_passes() -> None:
    deep = b"data: " + b"[" * 1000 + b'"' + EMAIL + b' "' + b"]" * 1000 + b"\n\n"
    short = b"data: " + SHORT + b"\n\n"
    out = restore("sse", deep, short)
    assert out in (
        deep + short.replace(EMAIL, b"anna@corp.example"),
        (deep + short).replace(EMAIL, b"anna@corp.example"),
    )
