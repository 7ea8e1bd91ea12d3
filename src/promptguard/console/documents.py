"""A company's document as a part of a page: Markdown as HTML in which nothing acts and nothing is fetched.

HTML in the text is shown as text, pictures are left as links, and links lead to web pages and mail alone: what is
written in the file cannot do on a page of the console what its policy (`content-security-policy`) forbids. No cell
of a table is left out: people say that they have read it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath
from typing import Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from markupsafe import Markup

SUFFIXES: Final = frozenset({".md", ".markdown"})
"""Of files that are read as Markdown; all others are shown as they are."""

SCHEMES: Final = frozenset({"http", "https", "mailto"})
"""Of addresses that a link may lead to."""

_BELOW: Final = 2
"""Headings of a document stand below those of the page, which has two levels of its own."""

_LOWEST: Final = 6

_COLUMNS: Final = "columns"
"""In the parser's notes on a document: the columns of the table that was begun last, and how many tokens were seen."""


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


def _cells(line: str) -> list[str]:
    cells = escapedSplit(line.strip())
    return cells[not cells[0] : len(cells) - (not cells[-1])]


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _is_delimiter_row(line: str, columns: int) -> bool:
    cells = [cell.strip() for cell in _cells(line)]
    return len(cells) == columns and all(cell.strip(":-") == "" and "-" in cell for cell in cells)


def _ends_table(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Whether a table ends before a line, beside where GitHub's Markdown has it end.

    There each line up to an empty one is a row, and cells beyond the header's are dropped. In documents that were
    exported without empty lines, the columns of further tables would be lost, so a table ends before a line that has
    no cells, that has too many, or that is the header of another table.
    """
    if not silent or state.parentType != "table":
        return False
    text = _line(state, line)
    if "|" not in text:
        return True
    columns = len(_cells(text))
    if columns > _columns(state):
        return True
    return line + 1 < end and _is_delimiter_row(_line(state, line + 1), columns)


def _columns(state: StateBlock) -> int:
    """How many columns the table has that was begun last.

    Each token is looked at once, and not again with each line of a long table.
    """
    columns, seen = state.env.get(_COLUMNS, (0, 0))
    for token in state.tokens[seen:]:
        columns = 0 if token.type == "table_open" else columns + (token.type == "th_open")
    state.env[_COLUMNS] = columns, len(state.tokens)
    return int(columns)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return _may_lead(url)


_MARKDOWN: Final = (
    _Markdown("commonmark", {"html": False}).enable("table").disable(["html_block", "html_inline", "image"])
)
# Among the rules that end a quotation are those that end a table.
_MARKDOWN.block.ruler.before("table", "table_end", _ends_table, {"alt": ["blockquote"]})
