"""The texts end where a value would stand."""

from __future__ import annotations

import pytest

from promptguard.redaction.rendering.targets import Definition, ImageText, LinkTarget, Target

CASES: list[tuple[type[Target], str, bool]] = [
    (LinkTarget, "[a](", True),
    (LinkTarget, "[a](b(c) ", True),
    (LinkTarget, "[a](b 'c) ", False),
    (LinkTarget, "[a](<b) ", True),
    (LinkTarget, "[a](<b\n) ", False),
    (LinkTarget, "[a](b) ", False),
    (LinkTarget, r"[a](b\) ", True),
    (Definition, "[a]: ", True),
    (Definition, "  [a\nb]:\n", True),
    (Definition, "[a]: b ", False),
    (Definition, "[a]: <b ", True),
    (Definition, "[a]: b 'c", True),
    (Definition, "[a]: b\n(c", True),
    (Definition, "[a]: b 'c' ", False),
    (Definition, "x [a]: ", False),
    (Definition, "[a]:\n>[a]: ", True),
    (Definition, "[a]:\n>[a]: b c ", True),
    (Definition, "[a]:\n- [b]:\n", True),
    (Definition, "[a]:\n> [a]:\n> ", True),
    (Definition, "[a]:\n> b\n", False),
    (Definition, "[a]:\n1. b ", True),
    (Definition, "[a]:\nb ", False),
    (Definition, "- 1. > [a]: ", True),
    (Definition, r"[a\]: ", False),
    (ImageText, "![a", True),
    (ImageText, "![a [b] ", True),
    (ImageText, "![a]", False),
    (ImageText, "[a", False),
]


@pytest.mark.parametrize(("kind", "text", "expected"), CASES)
def test_inside(kind: type[Target], text: str, expected: bool) -> None:
    target = kind()
    target.advance(text)
    assert target.inside is expected
    other = target.copy()
    other.advance(")]>;\n'\n")
    assert target.inside is expected
