"""The texts are cut at `@`, where a placeholder would stand."""

from __future__ import annotations

import json

import pytest

from promptguard.redaction.rendering.json_source import JsonRendering
from promptguard.redaction.rendering.text import Standing

CASES = [
    ('{"url":"https://evil.example/?q=@', True),
    ('{"url":"https:\\/\\/evil.example\\/@', True),
    ('{"url":"\\u002f\\u002fevil.example/@', True),
    ('{"html":"<img src=\\"@', True),
    ('{"markdown":"[a](x @', True),
    ('{"url":"https://a.example","mail":"@', False),
    ('{"text":"https://a.example\\n@', False),
    ('{"text":"https://a.example\\t@', False),
    ('{"text":"<a href=\\"x\\">@', False),
    ('{"text":"[a](x","mail":"@', False),
    ('{"path":"C:\\\\","mail":"@', False),
]


def inside(*pieces: str) -> bool:
    source = JsonRendering()
    for piece in pieces:
        source.advance(piece)
    return source.inside


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_json_source(text: str, expected: bool) -> None:
    text = text[:-1]
    assert inside(text) is expected
    assert inside(*text) is expected
    for cut in range(len(text)):
        assert inside(text[:cut], text[cut:]) is expected


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("@", 0),
        ('{"a":"@', 1),
        ('{"a":"x","b":@', 0),
        ('{"code":"{\\"k\\":\\"@', 2),
        ('{"code":"{\\"k\\":@', 1),
        ('{"code":" [1, {\\"k\\":\\"@', 2),
        ('{"a":"{\\"b\\":\\"{\\\\\\"c\\\\\\":\\\\\\"@', 3),
        ('{"code":"{print(\\"@', 1),
        ('{"code":"[@', 1),
        ('{"a":1}\nHe said "@', 0),
    ],
)
def test_how_often_a_text_is_escaped(source: str, levels: int) -> None:
    for cut in range(len(source)):
        rendering = JsonRendering()
        rendering.advance(source[:-1][:cut])
        rendering.advance(source[:-1][cut:])
        assert rendering.levels == levels


@pytest.mark.parametrize(
    ("following", "expected"),
    [
        ("", Standing.UNDECIDED),
        ('"', Standing.SHOWN),
        ('.evil.com"', Standing.LINKED),
        (r"\u002eevil.com" + '"', Standing.LINKED),
        (r'\n.evil.com"', Standing.SHOWN),
        ('.md"', Standing.SHOWN),
    ],
)
def test_what_follows_in_the_string_decides(following: str, expected: Standing) -> None:
    rendering = JsonRendering()
    rendering.advance('{"a":"')
    assert rendering.standing("Anna", following, final=False) is expected


def test_what_follows_in_the_inner_string_decides_too() -> None:
    rendering = JsonRendering()
    rendering.advance(json.dumps({"a": json.dumps({"b": '> \\`<a href="a.example#">'})})[:-4])
    assert rendering.standing("Anna", r'</a>\\\"`\"}"', final=False) is Standing.LINKED


def test_waits_for_so_much_source_at_most() -> None:
    rendering = JsonRendering()
    rendering.advance('{"a":"')
    assert rendering.standing("Anna", r"\u0061" * 85, final=False) is Standing.UNDECIDED
    assert rendering.standing("Anna", (r"\u0061" * 90)[:512], final=False) is Standing.SHOWN


def test_a_text_of_nothing_but_strings_is_left_as_it_is() -> None:
    rendering = JsonRendering()
    rendering.advance('"' * 500_000 + " ")
    assert rendering.inside
