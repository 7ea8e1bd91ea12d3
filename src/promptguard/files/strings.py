"""Text in binary records whose layout is not known here: what prints, in one byte a character or two."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SHORTEST: Final = 4
"""Characters: shorter runs of what prints come about by chance."""

_WIDE: Final = re.compile(
    rb"(?:[\t\x20-\x7e\xa0-\xff]\0){%d,}|(?:[\x20-\x7e]\0|[\x10-\xff][\x03-\x05]){%d,}" % (_SHORTEST, _SHORTEST + 2)
)
"""UTF-16 of Latin letters, or with Greek, Cyrillic, Armenian and Hebrew ones among them."""
_NARROW: Final = re.compile(rb"[\t\x20-\x7e]{%d,}" % _SHORTEST)
_LETTER: Final = re.compile(r"[^\W_]")


def strings_of(data: bytes, known: Iterable[str] = (), *, narrow: bool = True) -> str:
    """The strings in binary data, each once, a line each; those of `known` are left out.

    Without `narrow`, only those of two bytes a character.
    """
    found: dict[str, None] = {}
    for match in _WIDE.finditer(data):
        found[match[0].decode("utf-16-le", "replace").strip()] = None
    for match in _NARROW.finditer(data) if narrow else ():
        found[match[0].decode("ascii").strip()] = None
    for text in known:
        found.pop(text, None)
    return "\n".join(text for text in found if _reads(text))


def _reads(text: str) -> bool:
    """Whether a run is likely to be text: most of it letters, digits and spaces."""
    letters = len(_LETTER.findall(text)) + text.count(" ")
    return letters >= _SHORTEST and letters * 2 >= len(text)
