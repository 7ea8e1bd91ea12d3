from __future__ import annotations

from typing import Any

import pytest

from promptguard.wire import json_text


@pytest.mark.parametrize(
    "source",
    [
        b'{"a":[1,2.5,true,null,"x"],"b":{}}',
        b'{"id":12345678901234567890123}',
        b'{"id":-12345678901234567890123}',
        b'{"a":"\\ud800"}',
        b'{"a":1e400,"b":[-2.5E+999,0.5]}',
        b'{"a":NaN,"b":[Infinity,-Infinity]}',
        b'{"a":"\\ud800","b":NaN,"id":12345678901234567890123,"c":[1e999]}',
        b'"text"',
        b"[" * 300 + b"]" * 300,
    ],
)
def test_says_the_same_after_it_was_read_and_written(source: bytes) -> None:
    assert json_text.dump(json_text.parse(source)) == source


@pytest.mark.parametrize("source", [b"", b"{", b"secret", b"\xff", b"[" * 100_000, b'{"a":}'])
def test_no_json(source: bytes) -> None:
    with pytest.raises(ValueError, match="JSON") as caught:
        json_text.parse(source)
    assert "secret" not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_nested_too_deeply_to_be_written() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(ValueError, match="nested"):
        json_text.dump(value)


@pytest.mark.parametrize("surrogate", ["", "\ud800"])
def test_what_is_no_json_cannot_be_written(surrogate: str) -> None:
    with pytest.raises(TypeError):
        json_text.dump({"a": surrogate, "b": object()})


def test_strings_and_their_paths() -> None:
    value = {"a": "x", "b": ["y", 1, {"c": "z"}], "d": None}
    assert list(json_text.strings(value)) == [(("a",), "x"), (("b", 0), "y"), (("b", 2, "c"), "z")]
    assert list(json_text.strings("x")) == [((), "x")]


@pytest.mark.parametrize(
    ("path", "expected"),
    [(("a", 0), "x"), (("a", 1), None), (("a",), None), (("b",), None), (("a", 0, "c"), None), (("a", "b"), None)],
)
def test_string_at(path: tuple[str | int, ...], expected: str | None) -> None:
    assert json_text.string_at({"a": ["x"]}, path) == expected


def test_with_string() -> None:
    assert json_text.with_string({"a": ["x"]}, ("a", 0), "y") == {"a": ["y"]}
    assert json_text.with_string("x", (), "y") == "y"
