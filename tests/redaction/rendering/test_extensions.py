"""The texts end where a value would stand."""

from __future__ import annotations

import pytest

from promptguard.redaction.rendering.extensions import (
    AttributeList,
    DiagramTarget,
    FootnoteLabel,
    StyleTarget,
    TexTarget,
    WikiLink,
)
from promptguard.redaction.rendering.targets import Target

CASES: list[tuple[type[Target], str, bool]] = [
    (StyleTarget, "url( 'a)", True),
    (StyleTarget, "URL(a)", False),
    (StyleTarget, "image-set('a' 1x, ", True),
    (StyleTarget, "curl(", False),
    (StyleTarget, "@import ", True),
    (StyleTarget, "@import 'a';", False),
    (TexTarget, "$\\href{", True),
    (TexTarget, "$\\href\n {a{b}", True),
    (TexTarget, "$\\href{a}{", False),
    (TexTarget, "\\includegraphics[width=1em]{", True),
    (TexTarget, "\\hrefs{", False),
    (TexTarget, "\\text{", False),
    (FootnoteLabel, "a [^", True),
    (FootnoteLabel, "a [^1]", False),
    (DiagramTarget, "graph TD\n  click A '", True),
    (DiagramTarget, "link A: b @ ", True),
    (DiagramTarget, "A@{ img: '", True),
    (DiagramTarget, "clicks A ", False),
    (DiagramTarget, "click A 'b'\nA[", False),
    (AttributeList, "![a](b){src=", True),
    (AttributeList, "{{< figure src='a b", True),
    (AttributeList, "User{name='", False),
    (AttributeList, "{src='a' name='", False),
    (AttributeList, "{src=a}", False),
]


@pytest.mark.parametrize(("kind", "text", "expected"), CASES)
def test_inside(kind: type[Target], text: str, expected: bool) -> None:
    target = kind()
    target.advance(text)
    assert target.inside is expected
    other = target.copy()
    other.advance(")]}>;\n'\n")
    assert target.inside is expected


@pytest.mark.parametrize(
    ("text", "following", "expected"),
    [
        ("[[", "]]", True),
        ("![[a/", "|b]] c", True),
        ("[[", "", None),
        ("[[", " b]", None),
        ("[[", "] b]]", False),
        ("[[", "\n]]", False),
        ("[['", "']]", False),
        ("[[a]] ", "]]", False),
    ],
)
def test_what_follows_makes_a_link_to_a_page(text: str, following: str, expected: bool | None) -> None:
    link = WikiLink()
    link.advance(text)
    assert link.ends_in(following) is expected
