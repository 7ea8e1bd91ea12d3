"""XML of any vocabulary, SVG among them: characters, comments and attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from promptguard.files.data_urls import read_data_url
from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source, words
from promptguard.files.labels import Labelled, is_noise, local, paired
from promptguard.files.markup import parse
from promptguard.files.readers import text

_DRAWING: Final = words(
    "d points transform style class x y x1 x2 y1 y2 cx cy r rx ry width height viewBox fill stroke version"
)
"""Attributes that draw, in pictures, and say nothing there."""

_LOOKS: Final = words("transform style class")
"""Those that do so in any vocabulary."""

_SAYS: Final = re.compile(r"@|(?<![.\d])\d{9}")
"""In what draws nothing: an address, or more digits than a coordinate has."""

_INLINE: Final = frozenset({"tspan", "span", "a", "b", "i", "em", "strong"})
"""Elements within a line, in the vocabularies that prose is written in."""


def read(source: Source, out: Extraction, label: str = "") -> None:
    """Read an XML file; one that is no XML is read as the plain text that it is."""
    content = Labelled(inline=_INLINE)
    attributes: dict[str, None] = {}
    comments: list[str] = []
    is_picture = False

    def start(name: str, found: Mapping[str, str]) -> None:
        nonlocal is_picture
        is_picture |= name == "svg"
        content.start(name, found)
        if pair := paired(found):
            attributes[f"{pair.name}: {pair.value}"] = None
        for key, value in found.items():
            draws = _draws(local(key), value, is_picture=is_picture)
            if not draws and not key.startswith("xmlns") and not read_data_url(value, out):
                attributes[f"{key}: {value}"] = None

    try:
        parse(source.data, start, content.end, content.text, comments.append)
    except expat.ExpatError:
        text.read(source, out)
        return
    with out.labelled(label):
        out.add(content.lines.take())
        out.add("\n".join(attributes), "attributes")
        out.add("\n".join(comments), "comments")


def _draws(name: str, value: str, *, is_picture: bool) -> bool:
    """Whether an attribute says how something looks, or where it is."""
    if name not in _DRAWING:
        return False
    return is_noise(value) or ((is_picture or name in _LOOKS) and not _SAYS.search(value))
