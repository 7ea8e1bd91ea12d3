from __future__ import annotations

import base64
import gzip
from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.radixes import BASE85, RADIXES

type Read = Callable[[Obfuscation, str], str | None]

WORDS = b"hello my friend, how do you do today?"
ZIPPED = gzip.compress(WORDS, mtime=0)


def base58(data: bytes) -> str:
    alphabet, number, out = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        out = alphabet[digit] + out
    return out


@pytest.mark.parametrize(
    "run",
    [
        base64.b32encode(WORDS).decode().lower().rstrip("="),
        base64.b32hexencode(WORDS).decode(),
        base58(WORDS),
        base58(ZIPPED),
    ],
)
def test_readings_of_letters_and_digits(read: Read, run: str) -> None:
    assert read(RADIXES, f"see {run} please") == f"see {WORDS.decode()} please"
    assert read(RADIXES, run) == WORDS.decode()


@pytest.mark.parametrize(
    "run",
    [
        base64.b85encode(WORDS).decode(),
        base64.a85encode(WORDS).decode(),
        base64.b85encode(ZIPPED).decode(),
        base64.a85encode(ZIPPED).decode(),
    ],
)
def test_readings_of_signs(read: Read, run: str) -> None:
    assert read(BASE85, f"see {run} please") == f"see {WORDS.decode()} please"
    assert read(BASE85, run) == WORDS.decode()


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/a/rather/long/path?with=values&and=more#there",
        "internationalisation/of/everything/and-more-of-it.html",
        "self.assertEqual(len(nonce1),12);self.assertEqual(f(x),None)",
        "GRAPHEME_REGIONAL_INDICATOR[0]+GRAPHEME_REGIONAL_INDICATOR[1]",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    ],
)
def test_other_words(read: Read, text: str) -> None:
    assert read(RADIXES, text) is None
    assert read(BASE85, text) is None
