"""XML of any vocabulary, SVG among them: characters, comments and attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from promptguard.files.data_urls import read_data_url
from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source, words
from promptguard.files.lines import Lines
from promptguard.files.markup import parse
from promptguard.files.readers import text

_DRAWING: Final = words(
    "d points transform style class x y x1 x2 y1 y2 cx cy r rx ry width height viewBox fill stroke version"
)
"""Attributes that draw and say nothing."""

_INLINE: Final = frozenset({"tspan", "span", "a", "b", "i", "em", "strong"})
"""Elements within a line, in the vocabularies that prose is written in."""

_COMMENT: Final = re.compile(rb"<!--(.*?)-->", re.DOTALL)


def read(source: Source, out: Extraction) -> None:
    """Read an XML file; one that is no XML is read as the plain text that it is."""
    lines = Lines()
    attributes: dict[str, None] = {}

    def start(name: str, found: Mapping[str, str]) -> None:
        if name not in _INLINE:
            lines.end()
        for key, value in found.items():
            if key not in _DRAWING and not key.startswith("xmlns") and not read_data_url(value, out):
                attributes[f"{key}: {value}"] = None

    def end(name: str) -> None:
        if name not in _INLINE:
            lines.end()

    try:
        parse(source.data, start, end, lines.add)
    except expat.ExpatError:
        text.read(source, out)
        return
    out.add(lines.take())
    out.add("\n".join(attributes), "attributes")
    if b"<!--" in source.data:
        comments = b"\n".join(_COMMENT.findall(source.data))
        out.add(comments.decode("utf-8", "replace"), "comments")
