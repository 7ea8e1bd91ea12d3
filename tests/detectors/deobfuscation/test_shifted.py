from __future__ import annotations

from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.shifted import SHIFTED

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("+AHAAYQBzAHM- is", "pass is"),
        ("jane+AEA-corp.example", "jane@corp.example"),
        ("&AHAAYQBzAHM- is", "pass is"),
        ("p+AGEAcw", "pas"),
        ("~{#p#a#s#s~} word", "pass word"),
        ("\x1b$B#p#a!!#s\x1b(B word", "pa s word"),
        ("\x1b$)C\x0e#p#a\x0f word", "pa word"),
        ("1 +ABcd", None),
        ("C+AHEAD is no text", None),
        ("x = a +A; y = ~{x}", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(SHIFTED, text) == reading
