"""A company's document as a part of a page: Markdown as HTML in which nothing acts and nothing is fetched.

HTML in the text is shown as text, pictures are left as links, and links lead to web pages and mail alone: what is
written in the file cannot do on a page of the console what its policy (`content-security-policy`) forbids.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath
from typing import Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

SUFFIXES: Final = frozenset({".md", ".markdown"})
"""Of files that are read as Markdown; all others are shown as they are."""

SCHEMES: Final = frozenset({"http", "https", "mailto"})
"""Of addresses that a link may lead to."""

_BELOW: Final = 2
"""Headings of a document stand below those of the page, which has two levels of its own."""

_LOWEST: Final = 6


def is_markdown(name: str) -> bool:
    """Whether a file is read as Markdown, by its name."""
    return PurePath(name).suffix.lower() in SUFFIXES


@lru_cache(maxsize=4)
def as_html(text: str) -> Markup:
    """CommonMark with tables, as HTML to be put into a page."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        _fit(token)
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704 - all of it is escaped


def _fit(token: Token) -> None:
    """Fit a token, and those in it, into a page whose styles and headings are its own."""
    token.attrs.pop("style", None)  # how a table's columns are aligned: no style stands in a page
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1:]) + _BELOW, _LOWEST)}"
    if token.type == "link_open":
        token.attrs["rel"] = "noreferrer"
    for child in token.children or ():
        _fit(child)


def _may_lead(address: str) -> bool:
    try:
        return urlsplit(address).scheme.lower() in SCHEMES
    except ValueError:
        return False


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return _may_lead(url)


_MARKDOWN: Final = (
    _Markdown("commonmark", {"html": False}).enable("table").disable(["html_block", "html_inline", "image"])
)
