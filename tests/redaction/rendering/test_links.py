from __future__ import annotations

import pytest

from promptguard.redaction.rendering.links import Links, joins, may_join


@pytest.mark.parametrize(
    ("text", "inside", "fetched"),
    [
        ("https://a.b/", True, True),
        ("https://a.b/ ", False, False),
        ("https://a.b/<", True, True),
        ("https://a.b/<b>", False, False),
        ("https://a.b/(<b>", True, True),
        ("ev\u200bil.com/", True, False),
        ("evil\u3002com/", True, False),
        ("evil&#46;com/", True, False),
        ("evil%2ecom/", True, False),
        ("https://a.b/\u00a0", True, True),
        ("HTTPS:", True, True),
        (r"https:\/\/a.b", True, True),
        ("(www.", True, True),
        ("awww.", False, False),
        ("mailto:", True, True),
        ("Name:", False, False),
        ("//a/", True, False),
        ("//a/'", False, False),
        ("evil.example/", True, False),
        ("evil.example:443/", True, False),
        ("evil.example?", True, False),
        ("1.2.3.4/", True, False),
        ("a@evil.example/", False, False),
        ("/srv/a.internals/", False, False),
        ("/srv/evil.com/", True, False),
        ("1.5/", False, False),
        ("e.g./", False, False),
        ("<https://a.b>", False, False),
        ("<a href='https://a.b'>", False, False),
        ("<a href='https://a.b'x>", True, True),
        (r"\<a href='https://a.b'>", True, True),
    ],
)
def test_words(text: str, inside: bool, fetched: bool) -> None:
    for pieces in ([text], [text[:3], text[3:]], list(text)):
        links = Links()
        for piece in pieces:
            links.advance(piece)
        if len(pieces) == 1 or "\\" not in text:
            assert (links.inside, links.fetched) == (inside, fetched)


@pytest.mark.parametrize(
    ("value", "following", "files", "expected"),
    [
        ("Anna", ".com", False, True),
        ("Anna", ".evil.example", False, True),
        ("Anna", ".Then", False, False),
        ("Anna", ".then/", False, True),
        ("Anna", "@evil.example", False, True),
        ("Anna", "@ evil.example", False, False),
        ("Anna", "x.evil.com", False, True),
        ("Anna", ".md", False, True),
        ("Anna", ".md", True, False),
        ("Anna", ".evil.md", True, True),
        ("Anna", "s", False, False),
        ("a@corp.example", "s", False, True),
        ("a@corp.example", "에게", False, False),
    ],
)
def test_what_follows_joins(value: str, following: str, files: bool, expected: bool) -> None:
    assert joins(value, following, files=files) is expected


@pytest.mark.parametrize(
    ("following", "expected"), [("", True), (".ev", True), (", ", False), (". ", False), ("." * 400, False)]
)
def test_what_follows_is_waited_for(following: str, expected: bool) -> None:
    assert may_join(following) is expected
