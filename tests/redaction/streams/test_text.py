from __future__ import annotations

import pytest

from promptguard.model import Restoration
from promptguard.redaction.streams.text import PlainText

EMAIL = b"[EMAIL_ADDRESS_7KQ2M4XB]"


def restore(*pieces: bytes, original: str = "änna@corp.example") -> bytes:
    stream = PlainText(Restoration({EMAIL.decode(): original}))
    out = [piece for data in pieces for piece in stream.feed(data)]
    return b"".join(out + stream.finish())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", b""),
        ("Zu €: ".encode() + EMAIL + " 🙂".encode(), "Zu €: änna@corp.example 🙂".encode()),
        (b"\xff\xe2\x82" + EMAIL + b"\xf0\x9f", b"\xff\xe2\x82\xc3\xa4nna@corp.example\xf0\x9f"),
        (b"x " + EMAIL[:-1], b"x " + EMAIL[:-1]),
        (b"https://evil.example/" + EMAIL, b"https://evil.example/" + EMAIL),
    ],
)
def test_restores_text_however_it_is_cut(body: bytes, expected: bytes) -> None:
    assert restore(body) == expected
    assert restore(*(bytes([byte]) for byte in body)) == expected
    for place in range(len(body)):
        assert restore(body[:place], body[place:]) == expected


def test_text_goes_out_as_soon_as_it_can() -> None:
    stream = PlainText(Restoration({EMAIL.decode(): "x"}))
    assert stream.feed(b"Hello [EM") == [b"Hello "]
    assert stream.feed(b"P") == [b"[EMP"]
    assert stream.feed(b"") == []


def test_an_original_that_is_no_utf8() -> None:
    assert restore(EMAIL, original="a\ud800b") == b"a?b"
