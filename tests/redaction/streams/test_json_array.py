from __future__ import annotations

import pytest

from promptguard.model import Restoration
from promptguard.redaction.streams import json_array
from promptguard.redaction.streams.answer import AnswerRestorer
from promptguard.redaction.streams.json_array import JsonArray

EMAIL = b"[EMAIL_ADDRESS_7KQ2M4XB]"
RESTORATION = Restoration({EMAIL.decode(): "anna@corp.example"})


def restore(*pieces: bytes) -> bytes:
    stream = JsonArray(AnswerRestorer(None, RESTORATION))
    out = [piece for data in pieces for piece in stream.feed(data)]
    return b"".join(out + stream.finish())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
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
    ],
)
def test_restores_elements_however_they_are_cut(body: bytes, expected: bytes) -> None:
    assert restore(body) == expected
    assert restore(*(bytes([byte]) for byte in body)) == expected
    for place in range(len(body)):
        assert restore(body[:place], body[place:]) == expected


def test_an_element_goes_out_as_soon_as_it_is_complete() -> None:
    stream = JsonArray(AnswerRestorer(None, RESTORATION))
    assert stream.feed(b'[{"a":"x"') == [b"["]
    assert stream.feed(b"}") == [b'{"a":"x"}']
    assert stream.feed(b"\n") == []
    assert stream.feed(b",") == [b"\n", b","]


def test_an_element_too_long_to_keep_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "MAX_MESSAGE", 50)
    body = b'[{"a":"' + EMAIL + b"x" * 100 + b'"}]'
    assert restore(*(body[start : start + 10] for start in range(0, len(body), 10))) == body
