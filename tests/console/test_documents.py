"""A company's document as a part of a page, and what a hostile one cannot do there."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from promptguard.console.documents import as_html, is_markdown

TAGS = {
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "ul",
    "ol",
    "li",
    "em",
    "strong",
    "a",
    "code",
    "pre",
    "blockquote",
    "hr",
    "br",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}, "code": {"class"}}


class Elements(HTMLParser):
    """The elements and attributes of HTML, as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("name", "expected"), [("ai.md", True), ("policies/AI.Markdown", True), ("ai.txt", False), ("ai.md.txt", False)]
)
def test_what_is_read_as_markdown(name: str, expected: bool) -> None:
    assert is_markdown(name) is expected


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One\n\n## Two\n\n##### Five", "<h3>One</h3>\n<h4>Two</h4>\n<h6>Five</h6>\n"),
        ("Use *care*.", "<p>Use <em>care</em>.</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("[us](https://corp.example/ai)", '<p><a href="https://corp.example/ai" rel="noreferrer">us</a></p>\n'),
        (
            "<security@corp.example>",
            '<p><a href="mailto:security@corp.example" rel="noreferrer">security@corp.example</a></p>\n',
        ),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>\n"),
        (
            "| a | b |\n|:--|--:|\n| 1 | 2 |",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n",
        ),
    ],
)
def test_markdown_is_rendered(text: str, html: str) -> None:
    assert as_html(text) == html


@pytest.mark.parametrize(
    ("rows", "headers"),
    [
        pytest.param("| 1 | 2 | three |", [], id="more cells than the header"),
        pytest.param("three", [], id="no cells"),
        pytest.param("| x | y | three |\n|---|---|---|\n| 1 | 2 | 3 |", [3], id="another table, without an empty line"),
        pytest.param("| x | three |\n|:--|--:|", [2], id="another table with as many columns"),
        pytest.param("three\n| x | y | z |\n|---|---|---|\n| 1 | 2 | 3 |", [3], id="another table, after a paragraph"),
    ],
)
def test_a_table_ends_before_what_it_would_drop_or_mistake_for_a_row(rows: str, headers: list[int]) -> None:
    html = as_html(f"| a | b |\n|---|---|\n| 1 | x\\|y |\n{rows}")
    table, rest = html.split("</table>\n", 1)
    assert table.endswith("<td>1</td>\n<td>x|y</td>\n</tr>\n</tbody>\n")
    assert "three" in rest
    assert rest.count("<table>") == len(headers)
    assert rest.count("<th>") == sum(headers)


HOSTILE = [
    "<script>alert(1)</script>",
    "text <img src=x onerror=alert(1)> text",
    "<style>*{display:none}</style>",
    '<form action="/tools"><button>I have read this</button></form>',
    "<!-- a comment --> <![CDATA[x]]> <?php x ?>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#115;cript:alert(1))",
    "[a](&#1;javascript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](vbscript:x) [a](data:text/html,<script>x</script>) [a](file:///etc/passwd)",
    "[a](//evil.example) [a](/tools) [a](#acknowledge) [a](../x)",
    "<javascript:alert(1)> <data:text/html,x>",
    "[a]\n\n[a]: javascript:alert(1) 'title'",
    "![a](https://evil.example/?x=1) ![a][b]\n\n[b]: https://evil.example/",
    '[a](https://corp.example "x" onmouseover="alert(1)")',
    '[a](https://corp.example/"onmouseover=alert(1))',
    '```" onmouseover="alert(1)\n<b>\n```',
    "| a |\n|--|\n| <b onclick=x> |",
    "# <svg/onload=alert(1)>",
    ">" * 500 + "deep",
    "[" * 2000 + "a",
    "*" * 5000 + "a",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_makes_nothing_that_acts_or_fetches(text: str) -> None:
    for tag, attributes in Elements(as_html(text)).found:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        if tag == "a":
            assert urlsplit(attributes["href"] or "").scheme in ("http", "https", "mailto")


def test_what_is_no_html_stays_readable() -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in as_html("<script>alert(1)</script>")
