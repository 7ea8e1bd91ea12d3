from __future__ import annotations

from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.accents import ACCENTS
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("my password i\u0301s x", "my password is x"),
        ("my p\u00e1ssword is x", "my password is x"),
        ("\u0161ecret: x", "secret: x"),
        ("PASSW\u00d6RD: x", "PASSWORD: x"),
        ("\u1e55\u00e1\u015b\u015b\u1e83\u00f3\u0155\u010f: x", "password: x"),
        ("to\u0306k\u00e9n=x", "token=x"),
        ("p\u00e1ssing words, caf\u00e9, \u00fcber, r\u00e9sum\u00e9, contrase\u00f1a", None),
        ("e\u0301te\u0301", None),
        ("\u2500 password, secret - token", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(ACCENTS, text) == reading
