from __future__ import annotations

import pytest

from promptguard.model import Restoration
from promptguard.redaction.streams import ndjson
from promptguard.redaction.streams.answer import AnswerRestorer
from promptguard.redaction.streams.ndjson import NewlineDelimitedJson

EMAIL = b"[EMAIL_ADDRESS_7KQ2M4XB]"
RESTORATION = Restoration({EMAIL.decode(): "anna@corp.example"})


def restore(*pieces: bytes) -> bytes:
    stream = NewlineDelimitedJson(AnswerRestorer(None, RESTORATION))
    out = [piece for data in pieces for piece in stream.feed(data)]
    return b"".join(out + stream.finish())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
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
    ],
)
def test_restores_lines_however_they_are_cut(body: bytes, expected: bytes) -> None:
    assert restore(body) == expected
    assert restore(*(bytes([byte]) for byte in body)) == expected
    for place in range(len(body)):
        assert restore(body[:place], body[place:]) == expected


def test_a_line_goes_out_as_soon_as_it_is_complete() -> None:
    stream = NewlineDelimitedJson(AnswerRestorer(None, RESTORATION))
    assert stream.feed(b'{"a":"x"}') == []
    assert stream.feed(b'\n{"b"') == [b'{"a":"x"}\n']


def test_a_line_too_long_to_keep_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "MAX_MESSAGE", 50)
    long = b'{"a":"' + EMAIL + b"x" * 100 + b' "}\n'
    short = b'{"a":"' + EMAIL + b' "}\n'
    body = long + short + long
    expected = long + short.replace(EMAIL, b"anna@corp.example") + long
    assert restore(*(body[start : start + 10] for start in range(0, len(body), 10))) == expected
