"""The texts end where a value would stand."""

from __future__ import annotations

import pytest

from promptguard.redaction.rendering.markup import Markup

INSIDE = (
    "<a href=", "<a href='x' ", '<img alt="', "<p title=x y=z ", "<x-y ", "<q y style=", "<y onclick='", "<x:", "</",
    "<!-- > ", "<!-- a --", "<!x ", "<?x ", "<script>", "<script>a</scripts>", "<script><!--<script></script>",
    "<style>", "<textarea>", "<svg><g>", "<svg><svg></svg>", "<form><b></b>", "<svg/", "<![CDATA[ ]]>", "<plaintext>",
    "<title><b c='</title>", "a <b <img src=", "<a title='<b '>",
)  # fmt: skip
OUTSIDE = (
    "", "<", "a < b", "a <b ", "<5 ", "<y z=", "<EOF\nMAIL='", "<p>", "<p title='>'>", "<a href=x>", "</p>", "<!-->",
    "<!-- a -->", "<!-- a --!>", "<!x>", "<?x?>", "<script>a</script>", "<script>a</SCRIPT >", "<svg/>", "<svg></svg>",
    "<title>", "<pre>", "<form></form>", "< a href='", "<y =\"'><b>",
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [(text, True) for text in INSIDE] + [(text, False) for text in OUTSIDE])
def test_inside(text: str, expected: bool) -> None:
    markup = Markup()
    markup.advance(text, html=False)
    assert markup.inside is expected
    for cut in range(len(text)):
        markup = Markup()
        markup.advance(text[:cut], html=False)
        other = markup.copy()
        other.advance(text[cut:], html=False)
        if "<" not in text[cut - 1 : cut] and "='<" not in text:  # pieces are never cut there
            assert other.inside is expected, cut


@pytest.mark.parametrize(
    ("text", "html", "expected"),
    [
        ("<a b", False, False),
        ("<a href='x", False, True),
        ("<y z='x", False, False),
        ("<div class", True, True),
        ("<y z='x", True, True),
        ("<script>", True, True),
        ("<!-- ", False, True),
        ("<div><!-- ", True, True),
        ("<a b='<p>", False, True),
    ],
)
def test_what_remains_open_behind_a_block(text: str, html: bool, expected: bool) -> None:
    markup = Markup()
    markup.advance(text, html=html)
    markup.end_block(html=html)
    markup.advance("He said ", html=False)
    assert markup.inside is expected
