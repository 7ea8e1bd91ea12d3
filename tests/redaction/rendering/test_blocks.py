from __future__ import annotations

import pytest

from promptguard.redaction.rendering.blocks import Blocks, Kind

T, C, P, D, H = Kind.TEXT, Kind.CODE, Kind.PREVIEW, Kind.DRAWN, Kind.HTML
M, B, R = Kind.MARK, Kind.BLANK, Kind.ROW


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a\nb\n\nc", [T, T, B, T]),
        ("```\na\n```\nb", [M, C, M, T]),
        ("~~~ html\na\n```\n~~~~", [M, P, P, M]),
        ("```a`b\nc", [T, T]),
        ("~~~ html`a\nb", [M, P]),
        ("``` js {.html}\nb", [M, C]),
        ("- ``` vega-lite\n  b\n  ```\n  c", [M, D, M, T]),
        ("    a\n\n    b\nc", [C, C, C, T]),
        ("a\n    b", [T, T]),
        ("- ```\n  a\nb", [M, C, T]),
        ("> ```\n> a\nb", [M, C, T]),
        ("1. a\n\n   ```\n   b\n   ```\nc", [T, B, M, C, M, T]),
        ("-\n\n      a", [T, B, T]),
        ("- - a\n\n  ```\n  b", [T, B, T, T]),
        ("-\ta\n\n      b", [T, B, T]),
        ("> \ta\n> ```\nb", [T, T, T]),
        ("[^1]: a\n\n    b", [T, B, T]),
        ("a\n: b\n\n  ```\nc", [T, T, B, T, T]),
        (":::a\n```\nb\n:::\nc", [T, T, T, T, T]),
        (":::a\n\nb\n\n```\nc\n:::\nd", [T, B, T, B, M, C, T, T]),
        ("$$\na\n$$\n\n```\n$$\nb", [T, T, T, B, M, C, C]),
        ("- a\n\n      b", [T, B, C]),
        ("a\n2. ```\nb", [T, T, T]),
        ("a\n1. ```\nb", [T, M, T]),
        ("> a\nb\n```", [T, T, M]),
        ("a\n===\n    b", [T, M, C]),
        ("a\n---\nb", [T, M, T]),
        ("* * *\n- - -", [T, T]),
        ("<div>\n```\n\n```", [H, H, B, M]),
        ("<!--\n\na\n-->\nb", [H, H, H, H, T]),
        ("<b>\na\n\nc", [H, H, B, T]),
        ("a\n<b>\n<div>", [T, T, H]),
        ("a | b\n-|-\n`c | d\n\ne", [T, R, R, B, T]),
        ("a | b\n- | -\n\n```\nc", [T, T, B, T, T]),
    ],
)
def test_kinds_of_lines(text: str, kinds: list[Kind]) -> None:
    blocks = Blocks()
    assert [blocks.line(line).kind for line in text.split("\n")] == kinds


def test_marks_of_containers_are_no_content() -> None:
    blocks = Blocks()
    assert [blocks.line(line).content for line in ("> 1. a", ">    b", "> c")] == ["a", "b", "c"]


def test_to_some_clients_html_is_text() -> None:
    blocks = Blocks().copy(html=False)
    assert [blocks.line(line).kind for line in ("<div>", "- a", "  ```", "b")] == [T, T, M, T]


def test_too_deep_for_code() -> None:
    blocks = Blocks()
    assert blocks.line("> " * 200 + "```").kind is T
    assert blocks.line("```").kind is T
