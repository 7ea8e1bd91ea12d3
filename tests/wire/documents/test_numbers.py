from __future__ import annotations

from typing import Any

import pytest

from promptguard.wire.documents.json import JsonDocument
from promptguard.wire.documents.json_source import Number
from promptguard.wire.documents.numbers import MAX_DIGITS, digits, joined


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("4111222233334444", "4111222233334444"),
        ("-4111222233334444", "4111222233334444"),
        ("4111222233334444.0", "4111222233334444"),
        ("4.111222233334444e15", "4111222233334444"),
        ("41112222333344440e-1", "4111222233334444"),
        ("0.4111222233334444E+16", "4111222233334444"),
        ("8e3", "8000"),
        ("0", "0"),
        ("4111222233334444.5", ""),
        ("1e-7", ""),
        ("1e999999", ""),
        (f"1e{MAX_DIGITS}", ""),
        ("NaN", ""),
        ("", ""),
    ],
)
def test_digits_of_whole_numbers(literal: str, expected: str) -> None:
    assert digits(literal) == expected


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (b'{"pin":8374}', ["8374"]),
        (b'{"password":83746251}', ["83746251"]),
        (b'{"password":[83746251]}', ["83746251"]),
        (b'{"code":{"value":8374}}', ["8374"]),
        (b'{"name":"pin","value":8374}', ["pin", "8374"]),
        (b'{"pin":837}', []),
        (b'{"max_tokens":4096,"seed":83746251,"top_p":0.95}', []),
        (b'{"input":[15496,11,995,0]}', []),
        (b"[8374]", []),
        (b'{"card":[4111,2222,333,4444]}', ["4111 2222 0333 4444", "4111", "2222", "4444"]),
        (b'{"card":[4,1,1,1,2,2,2,2,3,3,3,3]}', ["411122223333"]),
        (b"[4,1,1,1,2,2,2,2,3,3,3,3]", []),
    ],
)
def test_numbers_that_are_texts(source: bytes, texts: list[str]) -> None:
    assert [leaf.text for leaf in JsonDocument(source).leaves() if leaf.role is None] == texts


@pytest.mark.parametrize("pieces", [[], [1, 2], [True] * 16, ["4"] * 16, [4.5] * 16, [-4] * 16, [1] * 99, [4111, 2, 3]])
def test_what_is_no_number_in_pieces(pieces: list[Any]) -> None:
    assert joined(pieces, named=True) == ""


def test_a_number_is_written_back_as_it_was_where_its_text_is_the_same() -> None:
    read = JsonDocument(b'{"pin": 8374.0, "a": "x"}')
    assert read.replace({("pin",): "8374", ("a",): "y"}) == b'{"pin":8374.0,"a":"y"}'
    assert read.replace({("pin",): "[PIN]"}) == b'{"pin":"[PIN]","a":"x"}'
    assert (
        joined([Number("4111"), Number("2222"), Number("3333"), Number("4444")], named=False) == "4111 2222 3333 4444"
    )
