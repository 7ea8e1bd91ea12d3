from __future__ import annotations

import base64
import gzip
from typing import Any

import orjson
import pytest

from promptguard.errors import NotRewritable
from promptguard.wire.documents.byte_arrays import text_of, text_of_members
from promptguard.wire.documents.json import BYTES, JsonDocument
from promptguard.wire.documents.json_source import Number

WORDS = "hello, my größer friend"
DATA = WORDS.encode()
ZIPPED = gzip.compress(DATA, mtime=0)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        (list(DATA), WORDS),
        ([value if value < 128 else value - 256 for value in DATA], WORDS),
        ([float(value) for value in DATA], WORDS),
        ([Number(str(value)) for value in DATA], WORDS),
        ([str(value) for value in DATA], WORDS),
        ([f"{value:02x}" for value in DATA], WORDS),
        ([f"0x{value:02X}" for value in DATA], WORDS),
        (list(WORDS), WORDS),
        ([list(DATA[start : start + 4]) for start in range(0, len(DATA), 4)], WORDS),
        ([ord(character) for character in "größer und größer, ja ₂"], "größer und größer, ja ₂"),
        (
            [int.from_bytes(b"hello my friend!"[start : start + 4]) for start in (0, 4, 8, 12)],
            "hello my friend!\nllehym oirf !dne",
        ),
        (list(ZIPPED), base64.b64encode(ZIPPED).decode()),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ""),
        ([100, 5000, 70000, 300, 12, 7, 99, 1024], ""),
        ([0.25, 0.5, 101.5, 104.0, 72.0, 9.5, 1.0, 2.0], ""),
        ([True, False] * 8, ""),
        (["red", "green", "blue", "white", "black", "grey", "pink", "cyan"], ""),
        ([{"a": 1}] * 8, ""),
        ([], ""),
        ([104, 105], ""),
    ],
)
def test_text_of(elements: list[Any], expected: str) -> None:
    assert text_of(elements) == expected


def test_numbered_members() -> None:
    assert text_of_members({str(place): value for place, value in enumerate(DATA)}) == WORDS
    assert text_of_members({str(place): value for place, value in enumerate(DATA, 1)}) == ""


@pytest.mark.parametrize(
    "value",
    [
        {"x": list(DATA)},
        {"type": "Buffer", "data": list(DATA)},
        {"x": {str(place): value for place, value in enumerate(DATA)}},
        list(DATA),
    ],
)
def test_is_listed_and_never_rewritten(value: Any) -> None:
    document = JsonDocument(orjson.dumps(value))
    path = next(leaf.path for leaf in document.leaves() if leaf.text == WORDS)
    assert path[-1] == BYTES
    with pytest.raises(NotRewritable):
        document.replace({path: "x"})
