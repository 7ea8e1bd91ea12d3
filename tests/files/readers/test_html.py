from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Hello <b>wo</b>rld &amp; all</p><p>next", "Hello world & all\nnext"),
        ("<table><tr><td>a<td>b</td></tr><tr><th>c</table>d", "a\tb\nc\nd"),
        ("a<br>b<!-- x -->c", "a\nbc"),
        ("4111<wbr>1111", "41111111"),
        ("<textarea>typed <b></textarea>", "typed <b>"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a<b c", "a<b c"),
        ('<p title="a>b">x</p\n>y', "x\ny"),
    ],
)
def test_text_as_it_reads(texts: Any, page: str, text: str) -> None:
    assert texts(f"<html><body>{page}".encode())[0] == ("", text)


def test_everything_else(texts: Any) -> None:
    page = (
        b"<!DOCTYPE html><html><head><title>T</title><style>.a{}</style></head><body class='c' style='s'>"
        b"<img alt='the picture' src='https://x.example/?token=1' width=5>"
        b"<a href='mailto:jo@example.org' title='t'>x</a>"
        b"<input type=hidden value='v'><!-- a note --><script>var key = 'k';</script>"
    )
    assert dict(texts(page)) == {
        "": "T\nx",
        "attributes": "alt: the picture\nsrc: https://x.example/?token=1\nhref: mailto:jo@example.org\n"
        "title: t\nvalue: v",
        "comments": " a note ",
        "scripts": ".a{}var key = 'k';",
    }


@pytest.mark.parametrize("declared", ["<meta charset=iso-8859-1>", "<meta content='text/html; charset=latin-1'>"])
def test_encodings(texts: Any, declared: str) -> None:
    assert texts(f"<html>{declared}<p>Grüße".encode("latin-1"))[0][1].endswith("Grüße")


@pytest.mark.parametrize("page", ["<", "<!", "<!--", "<a b='", "<![CDATA[x", "</", "&#xffffffff;", "<script>"])
def test_broken_pages_keep_their_text(texts: Any, page: str) -> None:
    assert "before" in str(texts(f"<html>before{page}".encode()))
