"""HTML pages: text as it reads, then attributes, comments and scripts."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from promptguard.files.data_urls import read_data_url
from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source, words
from promptguard.files.lines import Lines
from promptguard.files.readers import text

_BLOCKS: Final = words(
    """address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol option p pre script section select style
    summary table tbody tfoot thead title tr ul"""
)
_CELLS: Final = frozenset({"td", "th"})
_HIDDEN: Final = frozenset({"script", "style", "template", "noscript"})

_PRESENTATION: Final = words(
    """align bgcolor border cellpadding cellspacing charset class color colspan crossorigin dir face height hspace id
    integrity lang media method rel role rowspan scope size sizes span style tabindex target type valign vspace
    width"""
)
"""Attributes that say how a page looks and nothing that a person wrote."""

_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_CHARSET_WITHIN: Final = 4_096
"""Bytes in which a page declares its encoding (WHATWG HTML says 1,024; mail programs say it later)."""

_NAME: Final = re.compile(r"[A-Za-z][^\s/>]*")
_ATTRIBUTE: Final = re.compile(
    r"[\s/]*(?P<name>[^\s/>=][^\s/>=]*)(?:\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s>]*))?|[\s/=]+"
)
"""One attribute (WHATWG HTML, 13.1.2.3). They are matched one after the other up to the tag's end, and a quote without
its partner is looked for in vain only once: a page of broken tags is read in linear time."""


def read(source: Source, out: Extraction) -> None:
    """Read a page."""
    declared = _CHARSET.search(source.data[:_CHARSET_WITHIN])
    charset = source.charset or (declared[1].decode() if declared else "")
    page = _Page(out)
    page.read(text.decode(source.data, charset))
    out.add(page.lines.take())
    out.add("\n".join(page.attributes), "attributes")
    out.add("\n".join(page.comments), "comments")
    out.add(page.scripts.take(), "scripts")


class _Page:
    """One page, read as browsers do (WHATWG HTML, 13.2.5), as far as that decides what is text."""

    def __init__(self, out: Extraction) -> None:
        self._out = out
        self.lines = Lines()
        self.scripts = Lines()
        self.attributes: dict[str, None] = {}
        self.comments: list[str] = []
        self._hidden = 0

    def read(self, source: str) -> None:
        position = 0
        while (start := source.find("<", position)) >= 0:
            self._text(source[position:start])
            position = self._mark_up(source, start)
        self._text(source[position:])

    def _mark_up(self, source: str, start: int) -> int:
        """Read what begins with `<` at `start`; where it ends."""
        following = source[start + 1 : start + 2]
        if source.startswith("<!--", start):
            return self._comment(source, start + 4, "-->")
        if following in ("!", "?"):
            return self._comment(source, start + 2, ">")
        name = _NAME.match(source, start + 2 if following == "/" else start + 1)
        if not name:
            self._text("<")
            return start + 1
        if following == "/":
            end = source.find(">", name.end())
            self._end_tag(name[0].lower())
            return len(source) if end < 0 else end + 1
        end = self._start_tag(name[0].lower(), source, name.end())
        if end == len(source) and not source.endswith(">"):  # no tag, then, but a sentence with a `<` in it
            self._text(source[start:])
        return end

    def _comment(self, source: str, start: int, closing: str) -> int:
        end = source.find(closing, start)
        content = source[start:] if end < 0 else source[start:end]
        if not content.lower().startswith("doctype html"):
            self.comments.append(content)
        return len(source) if end < 0 else end + len(closing)

    def _start_tag(self, tag: str, source: str, position: int) -> int:
        if tag in _CELLS:
            self.lines.cell()
        elif tag in _BLOCKS:
            self.lines.end()
        while match := _ATTRIBUTE.match(source, position):
            position = match.end()
            if match["value"]:
                self._attribute(match["name"].lower(), match["value"])
        position += source.startswith(">", position)
        if tag in _RAW:
            end = _RAW[tag].search(source, position)
            stop = end.start() if end else len(source)
            self.scripts.add(source[position:stop]) if tag in _HIDDEN else self._text(source[position:stop])
            return stop
        self._hidden += tag in _HIDDEN
        return position

    def _attribute(self, name: str, value: str) -> None:
        quote = value[0]
        value = unescape(value[1:-1] if quote in "\"'" and len(value) > 1 and value.endswith(quote) else value)
        if value and name not in _PRESENTATION and not read_data_url(value, self._out):
            self.attributes[f"{name}: {value}"] = None

    def _end_tag(self, tag: str) -> None:
        if tag in _HIDDEN and tag not in _RAW:
            self._hidden = max(0, self._hidden - 1)
        if tag in _BLOCKS:
            self.lines.end()

    def _text(self, content: str) -> None:
        shown = unescape(content)
        if self._hidden:
            self.scripts.add(shown)
        else:
            self.lines.add(" " if shown.isspace() else shown)


_RAW: Final = {
    tag: re.compile(f"</{tag}(?=[\\s/>])", re.IGNORECASE) for tag in ("script", "style", "textarea", "title", "xmp")
}
"""Elements in which nothing is mark-up but their end."""
