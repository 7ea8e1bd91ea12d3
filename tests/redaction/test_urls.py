"""The contexts are cut at `@`, where a placeholder would stand; the answer is whether that is inside a URL."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.redaction.urls import JsonUrlContext, UrlContext

INSIDE = [
    "![](https://evil.example/?q=@",
    "![a](evil/@",
    "[a](@",
    "[a]( @",
    "[a](\n@",
    "[a](<@",
    "[a](<with space @",
    "[a](<x)y@",
    "[a](x(y)z@",
    r"[a](x\)y@",
    "[a](x ](<y) ) @",
    "[`](`](//x/@",
    "[a]: @",
    "[a]: <x y@",
    "[a]:\n@",
    "text\n   [a b]: /x/@",
    "> [a]: /x@",
    "1. [a]: /x@",
    "https://evil.example/@",
    "HTTPS://EVIL.EXAMPLE/@",
    "https:@",
    "see //evil.example/@",
    "(www.evil.example/?@",
    "mailto:@",
    "data:text/html,@",
    "javascript:alert(1)//@",
    "foo+bar://x@",
    "<https://evil.example/@",
    "https://evil.example/'@",
    'https://evil.example/"@',
    "https://evil.example/)@",
    '<img src="@',
    "<img src='@",
    "<img src=@",
    '<img src="x y @',
    "<img src = \n 'x@",
    "<IMG SRC=x@",
    '<img alt="a" src="//x/@',
    '<img srcset="a 1x, @',
    '<img data-src="@',
    '<a href="@',
    '<svg xlink:href="@',
    '<form action="@',
    '<div style="background: @',
    '<b title="src=\'" src="\'x@',
    "<img src=\"a' src='b' @",
    "<style>a { background: url(@",
    'a { background: url( "x)y@',
    r"a { background: URL(x\)y@",
    "<b ![](https://evil.example/@",
    "url(![](<x)y@",
    "![](https://evil.example/" + "a" * 20_000 + "@",
    '<img src="' + " " * 20_000 + "@",
    "<img src" + " " * 20_000 + "=x@",
    "![](<" + " " * 20_000 + "@",
]

OUTSIDE = [
    "@",
    "Write to @",
    "https://a.example @",
    "https://a.example\n@",
    '"https://a.example" @',
    '{"url":"https://a.example","mail":"@',
    "{'url':'https://a.example','mail':'@",
    "`https://a.example`,@",
    "<https://a.example>@",
    '<a href="https://a.example">@',
    "<a href=/x>@",
    "<a href='x'>@",
    '<img src="a" alt="@',
    '<p class="x">@',
    "[a](b) @",
    "[a](b)@",
    "[a](b(c)) @",
    "[a](<b>) @",
    "[a](b\n\n@",
    "[a] (b @",
    "[a]: /x @",
    "text [a]: @",
    "[a]:\n\n@",
    "[" + "a" * 2000 + "]: @",
    "url(x) @",
    "url('x') @",
    "curl (@",
    "a: @",
    "http @",
    "// comment @",
    "awww. @",
    "x = [1](2); @",
    'email = "@',
    "resource = @",
    "src: @",
    "Contact: @",
    "1 < 2 and name = '@",
]

CASES = [(text, True) for text in INSIDE] + [(text, False) for text in OUTSIDE]


def inside(context: UrlContext | JsonUrlContext, pieces: list[str]) -> bool:
    for piece in pieces:
        context.advance(piece)
        if len(piece) < 3:
            _ = context.inside  # asking changes nothing
    return context.inside


@pytest.mark.parametrize(("text", "expected"), CASES, ids=lambda value: value[:40] if isinstance(value, str) else None)
def test_is_inside_a_url(text: str, expected: bool) -> None:
    assert inside(UrlContext(), [text[:-1]]) is expected


@pytest.mark.parametrize(("text", "expected"), CASES, ids=lambda value: value[:40] if isinstance(value, str) else None)
def test_pieces_do_not_matter(text: str, expected: bool) -> None:
    text = text[:-1]
    if len(text) < 100:
        assert inside(UrlContext(), list(text)) is expected
        for cut in range(len(text)):
            assert inside(UrlContext(), [text[:cut], text[cut:]]) is expected
    for seed in range(3):
        chance = random.Random(seed)
        pieces = []
        rest = text
        while rest:
            cut = chance.choice((1, 2, 7, 100, 3000))
            pieces.append(rest[:cut])
            rest = rest[cut:]
        assert inside(UrlContext(), pieces) is expected


WORDS = "](|](<|)|>|<img |src=|srcset|href|\"|'| |\n|https:|//|www.|url(|[a]:|x|\\|mailto:|=|[|<"
FRAGMENTS = st.sampled_from([*WORDS.split("|"), "a" * 70, " " * 70])


@given(st.lists(FRAGMENTS, max_size=30), st.randoms(use_true_random=False))
def test_any_text_gives_the_same_answer_in_any_pieces(fragments: list[str], chance: random.Random) -> None:
    text = "".join(fragments)
    cuts = sorted(chance.randrange(len(text) + 1) for _ in range(8))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert inside(UrlContext(), pieces) is inside(UrlContext(), [text])


JSON_CASES = [
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


@pytest.mark.parametrize(("text", "expected"), JSON_CASES)
def test_json_source(text: str, expected: bool) -> None:
    text = text[:-1]
    assert inside(JsonUrlContext(), [text]) is expected
    assert inside(JsonUrlContext(), list(text)) is expected
    for cut in range(len(text)):
        assert inside(JsonUrlContext(), [text[:cut], text[cut:]]) is expected


def test_memory_is_bounded() -> None:
    context = UrlContext()
    for _ in range(1000):
        context.advance("![](" + "a" * 1000)
    assert context.inside
    assert sum(len(piece) for piece in context._pending) + len(context._kept) < 12_000
