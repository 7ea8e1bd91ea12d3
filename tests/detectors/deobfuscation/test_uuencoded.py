from __future__ import annotations

import binascii
from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.uuencoded import UUENCODED

type Read = Callable[[Obfuscation, str], str | None]

WORDS = b"hello my friend, how do you do today?"


def test_uuencoded_lines(read: Read) -> None:
    text = WORDS * 3
    lines = b"".join(binascii.b2a_uu(text[start : start + 45]) for start in range(0, len(text), 45)).decode()
    assert read(UUENCODED, f"see\n{lines}") == f"see\n{text.decode()}\n"


@pytest.mark.parametrize(
    "text", ["2026-01-12T10:25:07Z INFO [MAIN] DONE IN 12 MS\nmore", "TO WHOM IT MAY CONCERN\n", "#1 ()\n\n"]
)
def test_other_lines(read: Read, text: str) -> None:
    assert read(UUENCODED, f"see\n{text}") is None
