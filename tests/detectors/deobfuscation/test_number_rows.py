from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.number_rows import NUMBER_ROWS

type Read = Callable[[Obfuscation, str], str | None]

WORDS = "hello my friend, größer"
BYTES = list(WORDS.encode())


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (f"x {json.dumps(BYTES)} y", f"x [{WORDS}] y"),
        (json.dumps(BYTES, indent=2), f"[\n  {WORDS}\n]"),
        (json.dumps([value if value < 128 else value - 256 for value in BYTES]), f"[{WORDS}]"),
        (" ".join(map(str, BYTES)), WORDS),
        (json.dumps({str(place): value for place, value in enumerate(BYTES)}), "{" + WORDS + "}"),
        (json.dumps(list(gzip.compress(WORDS.encode()))), f"[{WORDS}]"),
        ("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15", None),
        ("2024, 2025, 2026, 1999, 2000, 2001, 2002, 2003, 2004, 2005, 2006, 2007, 2008", None),
        ("104, 101, 108, 108, 111", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(NUMBER_ROWS, text) == reading
