from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.errors import Unreadable
from promptguard.wire.documents.json_source import NotJson, parse, parse_text, write, write_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_what_is_read_is_written_again(value: Any, ascii_only: bool, indent: int | None) -> None:
    source = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    try:
        encoded = source.encode()
    except UnicodeEncodeError:
        return
    assert json.loads(write(parse(encoded))) == json.loads(source)
    assert json.loads(write_text(parse_text(source))) == json.loads(source)


@pytest.mark.parametrize(
    "literal",
    [
        "123456789012345678901234567890",
        "-0",
        "1.000000000000000000001",
        "1e400",
        "1E5",
        "0.10",
        '"\\ud83d"',
        '"a\\udc00b"',
        "18446744073709551616",
        "9223372036854775807",
        "1e400",
        "-1E+999",
        "NaN",
        "-Infinity",
    ],
)
def test_literals_are_kept(literal: str) -> None:
    source = f'{{"kept":{literal},"list":[{literal}]}}'.encode()
    assert write(parse(source)) == source


@pytest.mark.parametrize("source", ["", "{", "[1,]", "{'a':1}", "nan", "[infinity]", '{"a":1} x', '"\t"', "tru"])
def test_other_text_is_not_json(source: str) -> None:
    with pytest.raises(NotJson):
        parse(source.encode())


def test_bytes_that_are_not_utf8_are_not_json() -> None:
    with pytest.raises(NotJson):
        parse(b'{"a":"\xff"}')


@pytest.mark.parametrize(
    "source",
    [
        '{"a":1,"a":2}',
        '{"a": 1, "b": {"c": [{"d": "x", "d": "x"}]}}',
        '{"a":1,"\\u0061":2}',
        '{"content":"","content":"secret"}',
    ],
)
def test_a_name_that_occurs_twice_is_unreadable(source: str) -> None:
    with pytest.raises(Unreadable, match=r"json\.duplicate_member"):
        parse(source.encode())


@pytest.mark.parametrize("source", ["[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000, "[" * 10_000])
def test_deep_nesting_is_unreadable(source: str) -> None:
    with pytest.raises(Unreadable, match=r"json\.too_deep"):
        parse(source.encode())


def test_what_is_deeper_than_orjson_writes_is_read_and_written() -> None:
    source = b"[" * 700 + b'"text"' + b"]" * 700
    assert write(parse(source)) == source


def test_errors_do_not_hold_the_source() -> None:
    with pytest.raises(NotJson) as caught:
        parse(b'{"password":"hunter2')
    assert "hunter2" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
