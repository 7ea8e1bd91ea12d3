from __future__ import annotations

from html.parser import HTMLParser

from markdown_it import MarkdownIt

from promptguard.transparency.document import Document, Section
from promptguard.transparency.forms import as_html, as_markdown

HOSTILE = "<script>x</script> *a* [b](c) `d` | e"
DOCUMENT = Document(
    "de", "Titel", ("Einleitung.",), (Section("Was <b>", (HOSTILE,), ("eins", HOSTILE), (("a", HOSTILE), ("b", "c"))),)
)


class Texts(HTMLParser):
    """Tags, and the text in them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(page: str) -> Texts:
    parser = Texts()
    parser.feed(page)
    return parser


def test_a_page_holds_words_as_words_and_loads_nothing() -> None:
    page = as_html(DOCUMENT)
    parsed = read(page)
    assert '<html lang="de"' in page
    assert not {"script", "img", "link", "a", "b"} & set(parsed.tags)
    assert parsed.texts.count(HOSTILE) == 3
    assert parsed.tags.count("tr") == 2


def test_markdown_holds_words_as_words() -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(as_markdown(DOCUMENT))
    parsed = read(rendered)
    assert set(parsed.tags) <= {"h1", "h2", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    assert parsed.texts.count(HOSTILE) == 3
